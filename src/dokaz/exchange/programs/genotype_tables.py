"""Tables of genotypes for the kinship engine: GeneMapper, GeneMarker, and the long table of this program.

* GeneMapper: a row a sample and marker; ``Sample Name``, ``Marker``, ``Allele 1``, ``Allele 2`` and further columns.
  The same without blanks (``SampleName``, ``Allele1``: LRmix Studio, EuroForMix, relMix) or with points (R) is read too.
* GeneMarker: the allele report of style ``Peak Table``: lines that say what was done, then a row a peak, numbered; and
  ``Sample``, ``Marker``, ``Allele1``.
* long: a row a person and marker; ``group, person, sex, marker, alleles, dropout, dropin``.

Samples have any name here. `profiles` reads the first two for the rooms, where a sample has a number that is checked.
Columns that are not understood stay with the sample and are written again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dokaz.errors import BadFile, Sentence, sentence
from dokaz.exchange.reading.encodings import decode
from dokaz.exchange.reading.formulas import refuse_formulas
from dokaz.exchange.reading.genotypes import CONTROLS, LONG, GenotypeBuilder, allele_columns
from dokaz.exchange.reading.rows import Row
from dokaz.exchange.reading.sexes import SEXES
from dokaz.exchange.reading.tables import Column, Table, read_table
from dokaz.kinship.model.marker_table import chromosome_of, is_one_copy, marker_named, renamed
from dokaz.kinship.model.markers import Chromosome
from dokaz.kinship.model.pedigree import Sex
from dokaz.kinship.model.profiles import Profiles
from dokaz.kinship.model.sequence_alleles import in_one_spelling

_SAMPLE = Column("sample", ("sample name", "samplename", "назва зразка", "зразок"), required=True)
_MARKER = Column("marker", ("locus", "маркер", "локус"), required=True)
_COMMON = (_SAMPLE, _MARKER, Column("sample_type", ("specimen category", "тип зразка")), Column("allele", ("алель",)))
_LONG_COLUMNS = (
    Column("group"),
    Column("person", required=True),
    Column("sex"),
    Column("marker", required=True),
    Column("alleles", required=True),
    Column("dropout"),
    Column("dropin"),
)
_REPORT = "Allele Report"
_REPORT_HEADER = re.compile(r"\s*[\t,;]\"?Sample\"?[\t,;]")
#: Columns before the alleles, in the order in which GeneMapper and GeneMarker write them.
GENEMAPPER, GENEMARKER = ("Sample Name", "Marker", "Allele {}"), ("Sample", "Marker", "Allele{}")


@dataclass(frozen=True)
class TypedSample:
    """What a table says of one sample.

    Args:
        id: As the laboratory calls it.
        genotypes: Alleles seen by marker, as often as the table writes them: a lone one may be a homozygote or not. A
            marker without a result is left out.
        sex: From the table or from amelogenin.
        group: Family, or whatever the table groups by.
        dropout, dropin: By marker, where the table states them.
        is_partial: Whether alleles may be missing, where the table says so.
        no_result: Markers that gave none.
        details: Cells of columns that are not understood, by marker and column.
    """

    id: str
    genotypes: Mapping[str, tuple[str, ...]]
    sex: Sex = Sex.UNKNOWN
    group: str = ""
    dropout: Mapping[str, float] = field(default_factory=dict)
    dropin: Mapping[str, float] = field(default_factory=dict)
    is_partial: bool = False
    no_result: tuple[str, ...] = ()
    details: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class GenotypeTable:
    """A table of genotypes; ``form`` is ``genemapper``, ``genemarker`` or ``long``; controls are not samples."""

    file: str
    form: str
    samples: tuple[TypedSample, ...]
    controls: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    # Markers by their name in the table, where they have another here.
    renamed: Mapping[str, str] = field(default_factory=dict)


def read_genotype_table(data: bytes, *, file: str) -> GenotypeTable:
    """Read a table of genotypes, in whichever of the three forms its header shows.

    Args:
        data: The whole file.
        file: Its name, for errors.

    Raises:
        BadFile: names file, line, column and value: not one of the forms, a marker twice for a sample, three alleles,
            a cell that is not an allele.
    """
    if is_report(decode(data, file=file)[0]):
        return _read_report(data, file)
    any_column = tuple(Column(c.name, c.aliases) for c in (*_COMMON, *_LONG_COLUMNS[:2], *_LONG_COLUMNS[4:]))
    header = read_table(data, file=file, columns=any_column, patterns=(LONG,))
    if not header.rows:
        raise BadFile(sentence("the table has no rows"), file=file, next_step=sentence("export it again"))
    if "alleles" in header.known_columns:
        return _read_long(read_table(data, file=file, columns=_LONG_COLUMNS))
    table = read_table(data, file=file, columns=_COMMON, patterns=(LONG,))
    if "allele" in table.known_columns:
        return _read_peaks(table)
    return _read_rows(table)


def _read_rows(table: Table) -> GenotypeTable:
    alleles = allele_columns(table)
    collected = _Collected(table, [c for c in table.rows[0].extra if c not in alleles])
    for row in table:
        collected.add(row, [(column, row.extra[column]) for column in alleles])
    spaced = any(" " in column or "_" in column for column in alleles)
    return collected.table("genemapper" if spaced else "genemarker")


def is_report(text: str) -> bool:
    """Whether a text begins as an allele report of GeneMarker does."""
    return text.lstrip().startswith(_REPORT)


def _read_report(data: bytes, file: str) -> GenotypeTable:
    """GeneMarker's report. The rows are numbered in a column without a name, so a lost row is noticed."""
    lines = list(io.StringIO(decode(data, file=file)[0], newline=""))
    head = next((i for i, line in enumerate(lines) if _REPORT_HEADER.match(line)), len(lines))
    stated = dict(line.strip(" \t\r\n,;").partition(": ")[::2] for line in lines[:head])
    if stated.get("Report Style") != "Peak Table" or head == len(lines):
        raise BadFile(
            sentence("an allele report of a style that is not read here"), file=file, value=stated.get("Report Style", ""),
            next_step=sentence("export it from GeneMarker as a Peak Table"),
        )  # fmt: skip
    # The lines above stay as empty ones, so that every error names the line of the file.
    text = "\n" * head + "Row" + lines[head].lstrip(" ") + "".join(lines[head + 1 :])
    table = read_table(text.encode(), file=file, columns=_COMMON)
    inside = []
    for number, row in enumerate(table, start=1):
        cells = dict(row.extra)
        if cells.pop("Row") != str(number):
            raise row.bad(
                "Row",
                sentence("row {number} of the report should stand here", number=number),
                sentence("export the whole report again"),
            )
        if row.text("marker") or row.text("allele"):
            inside.append(replace(row, extra=cells))
    if not inside:
        raise BadFile(
            sentence("no peak lies in a marker"),
            file=file,
            next_step=sentence("choose a panel of markers in GeneMarker"),
        )
    without = sum(not row.text("allele") for row in table)
    notes = (f"{without} of {len(table.rows)} peaks have no allele and are not counted",) if without else ()
    return replace(_read_peaks(replace(table, rows=tuple(inside))), notes=notes)


def _read_peaks(table: Table) -> GenotypeTable:
    """A row a peak: the rows of one sample and marker make one genotype, in their order."""
    peaks: dict[tuple[str, str], list[Row]] = {}
    for row in table:
        peaks.setdefault((row.text("sample", required=True), row.text("marker", required=True)), []).append(row)
    collected = _Collected(table, [])
    for rows in peaks.values():
        cells = [(f"allele, line {row.line}", row.text("allele")) for row in rows]
        collected.add(rows[0], cells)
        for row in rows:
            collected.detail(row, {f"{column} (line {row.line})": cell for column, cell in row.extra.items()})
    return collected.table("genemarker")


class _Collected:
    """Samples as their rows come."""

    def __init__(self, table: Table, details: Sequence[str]) -> None:
        self.read, self.columns = table, tuple(details)
        self.builders: dict[str, GenotypeBuilder] = {}
        self.markers: dict[str, list[str]] = {}
        self.controls: dict[str, None] = {}
        self.written: dict[str, None] = {}
        self.details: dict[str, dict[str, dict[str, str]]] = {}

    def add(self, row: Row, cells: list[tuple[str, str]]) -> None:
        sample = row.text("sample", required=True)
        if row.text("sample_type").casefold() in CONTROLS:
            self.controls[sample] = None
            return
        marker = row.text("marker", required=True)
        self.builders.setdefault(sample, GenotypeBuilder(takes_sequences=True)).add(row, marker, cells)
        name = marker_named(marker) or marker
        if name not in self.markers.setdefault(sample, []):
            self.markers[sample].append(name)
        self.written[marker] = None
        self.detail(row, {column: row.extra[column] for column in self.columns if row.extra[column]})

    def detail(self, row: Row, cells: Mapping[str, str]) -> None:
        if row.text("sample") in self.builders and cells:
            marker = marker_named(row.text("marker")) or row.text("marker")
            self.details.setdefault(row.text("sample"), {}).setdefault(marker, {}).update(cells)

    def table(self, form: str) -> GenotypeTable:
        return GenotypeTable(
            self.read.file,
            form,
            tuple(self._sample(sample, builder) for sample, builder in self.builders.items()),
            tuple(self.controls),
            self.columns,
            renamed=renamed(self.written),
        )

    def _sample(self, sample: str, builder: GenotypeBuilder) -> TypedSample:
        built = builder.build()
        found = built.as_written
        order = self.markers[sample]
        sex = Sex[(built.sex or "unknown").upper()]
        return TypedSample(
            sample,
            {name: found[name] for name in order if name in found},
            sex,
            no_result=built.no_result,
            details=self.details.get(sample, {}),
        )


def _read_long(table: Table) -> GenotypeTable:
    people: dict[tuple[str, str], dict[str, Row]] = {}
    for row in table:
        key = (row.text("group"), row.text("person", required=True))
        rows = people.setdefault(key, {})
        marker = row.text("marker", required=True)
        if marker in rows:
            raise row.bad(
                "marker",
                sentence("the person has this marker on line {line} already", line=rows[marker].line),
                sentence("keep one row"),
            )
        rows[marker] = row
    samples = []
    written = dict.fromkeys(marker for rows in people.values() for marker in rows)
    for (group, person), rows in people.items():
        genotypes: dict[str, tuple[str, ...]] = {}
        rates: dict[str, dict[str, float]] = {"dropout": {}, "dropin": {}}
        stated: dict[str, Row] = {}
        for spelling, row in rows.items():
            marker = marker_named(spelling) or spelling
            sex = row.choice("sex", SEXES) or "unknown"
            stated.setdefault(sex, row)
            for column, found in rates.items():
                rate = row.decimal(column, low=0, high=1)
                if rate is not None:
                    found[marker] = rate
            cell = row.text("alleles")
            alleles = tuple(_spelled(marker, part.strip()) for part in cell.split("/")) if cell else ()
            if not all(alleles) or (not alleles and marker not in rates["dropout"]):
                raise row.bad(
                    "alleles",
                    sentence("no allele where no dropout is stated"),
                    sentence("leave the row out if it is untyped"),
                )
            if marker in genotypes and not is_one_copy(spelling):
                raise row.bad(
                    "marker",
                    sentence("the person has {marker} under another name already", marker=marker),
                    sentence("keep one row"),
                )
            genotypes[marker] = (*genotypes.get(marker, ()), *alleles)
        apart = [(marker_named(spelling), row) for spelling, row in rows.items() if is_one_copy(spelling)]
        for marker, row in apart:
            if sum(marker == other for other, _ in apart) == 1:
                raise row.bad(
                    "marker",
                    sentence("{locus}: one of its two copies is given", locus=marker),
                    sentence("give both, or leave the locus out"),
                )
        if len(stated) > 1:
            raise list(stated.values())[1].bad(
                "sex", sentence("{person} has two sexes", person=person), sentence("correct one of them")
            )
        samples.append(
            TypedSample(person, genotypes, Sex[next(iter(stated)).upper()], group, rates["dropout"], rates["dropin"])
        )
    return GenotypeTable(table.file, "long", tuple(samples), columns=table.unknown_columns, renamed=renamed(written))


def _spelled(marker: str, allele: str) -> str:
    """An allele in its one spelling; variants of mtDNA are not alleles."""
    return allele if chromosome_of(marker) is Chromosome.MITOCHONDRIAL else in_one_spelling(allele)


def samples_of(groups: Sequence[tuple[str, Profiles]]) -> tuple[TypedSample, ...]:
    """The profiles of an engine question or search as samples: (group, profiles)."""
    found = []
    for group, profiles in groups:
        for row, person in enumerate(profiles.ids):
            genotypes, dropout, dropin = {}, {}, {}
            for column, marker in enumerate(profiles.markers.names):
                alleles = profiles.genotype(person, marker)
                if alleles is None:
                    continue
                genotypes[marker] = alleles
                rate = float(profiles.dropout[row, column])
                if rate == rate:
                    dropout[marker], dropin[marker] = rate, float(profiles.dropin[row, column])
            found.append(TypedSample(person, genotypes, profiles.sexes[row], group, dropout, dropin))
    return tuple(found)


def write_long(samples: Sequence[TypedSample]) -> str:
    """A long table, one row a typed marker; an empty set of alleles under dropout is a row whose alleles are empty.

    Raises:
        BadFile: an allele whose name holds a slash.
    """
    rows: list[Sequence[object]] = [("group", "person", "sex", "marker", "alleles", "dropout", "dropin")]
    for sample in samples:
        for marker, alleles in sample.genotypes.items():
            if any("/" in allele or allele != allele.strip() or not allele for allele in alleles):
                raise _unwritable(
                    "a long table",
                    sentence("{id}, {marker}: an allele is empty or holds a slash", id=sample.id, marker=marker),
                )
            rates = [repr(r[marker]) if marker in r else "" for r in (sample.dropout, sample.dropin)]
            rows.append((sample.group, sample.id, int(sample.sex), marker, "/".join(alleles), *rates))
    return _delimited(rows, ",", "a long table")


def write_genemapper(samples: Sequence[TypedSample], form: tuple[str, str, str] = GENEMAPPER) -> str:
    """A tab-delimited table as GeneMapper (or GeneMarker: `GENEMARKER`) exports it.

    A homozygote's allele is written twice, a lone allele once; columns that were kept with the samples follow.

    Raises:
        BadFile: what the form cannot hold: dropout, no allele, more than two, two samples of one name.
    """
    name = "a GeneMapper table" if form is GENEMAPPER else "a GeneMarker table"
    kept = tuple(dict.fromkeys(c for sample in samples for cells in sample.details.values() for c in cells))
    rows: list[Sequence[object]] = [(form[0], form[1], form[2].format(1), form[2].format(2), *kept)]
    ids = [sample.id for sample in samples]
    for sample in samples:
        if ids.count(sample.id) > 1:
            raise _unwritable(name, sentence("two samples are called {id}", id=sample.id))
        if sample.dropout:
            raise _unwritable(name, sentence("{id}: a probability of dropout has no column", id=sample.id))
        for marker in (*sample.genotypes, *sample.no_result):
            alleles = sample.genotypes.get(marker, ())
            if len(alleles) > 2 or (not alleles and marker not in sample.no_result):
                raise _unwritable(
                    name,
                    sentence(
                        "{id}, {marker}: {alleles} alleles, not one or two",
                        id=sample.id,
                        marker=marker,
                        alleles=len(alleles),
                    ),
                )
            cells = [*alleles, "", ""][:2] if alleles else ["INC", "INC"]
            details = sample.details.get(marker, {})
            rows.append((sample.id, marker, *cells, *(details.get(column, "") for column in kept)))
    return _delimited(rows, "\t", name)


def _delimited(rows: Sequence[Sequence[object]], delimiter: str, what: str) -> str:
    refuse_formulas(rows, file=what)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _unwritable(what: str, problem: Sentence) -> BadFile:
    return BadFile(problem, file=what, next_step=sentence("write a long table (.csv) or JSON"))


def details_of(samples: Sequence[TypedSample] | None) -> tuple[str, ...]:
    """What a table holds of samples beside their genotypes, by name: further columns, and markers without a result."""
    columns = dict.fromkeys(c for s in samples or () for cells in s.details.values() for c in cells)
    none = [f"{s.id}: no result at {', '.join(s.no_result)}" for s in samples or () if s.no_result]
    return (*(f"the column {column}" for column in columns), *none)


def partial_of(samples: Sequence[TypedSample] | None) -> tuple[str, ...]:
    """Of which samples a file says that their profiles are partial."""
    return tuple(f"{s.id}: that its profile is partial" for s in samples or () if s.is_partial)
