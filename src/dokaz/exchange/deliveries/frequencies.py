"""Allele frequencies of a population: a row an allele (long), or a column a marker (wide, as NIST prints them)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.formulas import refuse_formulas
from dokaz.exchange.reading.remarks import Remark, unknown_markers
from dokaz.exchange.reading.rows import Row
from dokaz.exchange.reading.tables import Column, Table, read_table
from dokaz.kinship.model.marker_table import chromosome_of, marker_named, renamed
from dokaz.kinship.model.markers import Chromosome, Marker, MarkerSet

#: Printed tables are rounded to three or four places; a sum further than this from 1 lacks a row or has one too many.
SUM_TOLERANCE = 0.01

_LONG = (
    Column("marker", ("locus", "маркер", "локус"), required=True, field="missing.Frequencies.markers"),
    Column("allele", ("алель",), required=True, field="missing.Frequencies.markers"),
    Column("frequency", ("freq", "частота"), required=True, field="missing.Frequencies.markers"),
)
_POPULATION = Column("population", ("популяція",), field="missing.Frequencies.population")
_ALLELES = (_LONG[1],)
_ANY = (*(replace(column, required=False) for column in _LONG), _POPULATION)
_POPULATED = ("population", "популяція")
_SOURCE = ("source", "citation", "джерело")
COLUMNS = (*_LONG, _POPULATION)
#: A number of repeats; of SNPs and microhaplotypes the bases.
_ALLELE = re.compile(r"[1-9][0-9]{0,2}(?:[.,][1-9])?|[ACGT]{1,100}")
#: What a table prints where a marker does not have an allele.
_NOT_SEEN = frozenset({"", "-", "NA"})
_COUNT_ROW = frozenset({"n", "2n", "к-сть"})


@dataclass(frozen=True, slots=True)
class FrequencyTable:
    """Frequencies by marker and allele, as printed: not divided by their sum, no floor put under rare alleles.

    ``digits`` are the same as they were delivered; empty where the table was not read from a delivery.
    """

    file: str
    population: str
    source: str
    frequencies: Mapping[str, Mapping[str, float]]
    sample_sizes: Mapping[str, int]
    digits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    # Markers by their name in the file, where they have another here.
    renamed: Mapping[str, str] = field(default_factory=dict)

    @property
    def sums(self) -> dict[str, float]:
        """The sum of each marker's frequencies."""
        return {marker: sum(alleles.values()) for marker, alleles in self.frequencies.items()}

    @property
    def cited(self) -> str:
        """Population and source in words, for whoever reads a number that rests on them."""
        return "; ".join(text for text in (self.population, self.source) if text)

    def marker_set(self, *, normalise: bool = False) -> MarkerSet:
        """The markers as the kinship engine takes them.

        Args:       normalise: divide each marker's frequencies by their sum; the engine refuses sums other than 1.
        Raises:     BadMarker: a sum is not 1 to the engine's own tolerance, and ``normalise`` is not set.
        """
        chromosomes = {name: chromosome_of(name) or Chromosome.AUTOSOMAL for name in self.frequencies}
        if normalise:
            return MarkerSet(
                tuple(Marker.normalised(n, f, chromosome=chromosomes[n]) for n, f in self.frequencies.items())
            )
        return MarkerSet(
            tuple(Marker(n, tuple(f), tuple(f.values()), chromosomes[n]) for n, f in self.frequencies.items())
        )


def read_frequencies(data: bytes, *, file: str) -> FrequencyTable:
    """Read a table of allele frequencies.

    Args:       data: the whole file; population and source stand above the header (``# population: ...``).
                file: its name, named in every error.
    Raises:     BadFile: a frequency that is no number, negative or above 1; an allele given twice; a sum further than
                    0.01 from 1; two populations in one file.
    """
    long = "marker" in read_table(data, file=file, columns=_ANY).known_columns
    table = read_table(data, file=file, columns=COLUMNS if long else _ALLELES, above=(*_SOURCE, *_POPULATED))
    found, sizes, unknown = _long(table) if long else _wide(table)
    if not found:
        raise BadFile(sentence("the table has no frequencies"), file=file, next_step=sentence("export it again"))
    written = {row.text("marker"): None for row in table} if long else dict.fromkeys(table.rows[0].extra)
    for marker, alleles in found.items():
        total = sum(float(digits) for digits, _ in alleles.values())
        if abs(total - 1) > SUM_TOLERANCE:
            raise BadFile(
                sentence("{marker}: the frequencies sum to {total:.6g}, not 1", marker=marker, total=total),
                file=file,
                line=max(line for _, line in alleles.values()),
                column="frequency" if long else marker,
                value=f"{total:.6g}",
                next_step=sentence("look for a row that is missing, or there twice"),
            )
    digits = {
        marker: {a: f for a, (f, _) in sorted(alleles.items(), key=lambda item: _order(item[0]))}
        for marker, alleles in found.items()
    }
    return FrequencyTable(
        file=file,
        population=_population(table),
        source=table.says(*_SOURCE),
        frequencies={marker: {a: float(f) for a, f in alleles.items()} for marker, alleles in digits.items()},
        sample_sizes=sizes,
        digits=digits,
        remarks=(
            # In a wide table every marker is a column that only its name explains.
            *(found for found in table.remarks if long or found["code"] != "column_unknown"),
            *unknown_markers(unknown),
        ),
        renamed=renamed(written),
    )


def write_frequencies(table: FrequencyTable) -> str:
    """A table that `read_frequencies` reads: a column a marker where the numbers of people are known, else a row an allele.

    Raises:
        BadFile: an allele that is neither a number of repeats nor bases; a text above the header that breaks its line.
    """
    out = io.StringIO()
    for key, text in (("population", table.population), ("source", table.source)):
        if any(c in text for c in "\r\n"):
            raise BadFile(
                sentence("the {key} has a line break", key=key),
                file="frequencies",
                value=text,
                next_step=sentence("shorten it"),
            )
        if text:
            out.write(f"# {key}: {text}\n")
    for marker, alleles in table.frequencies.items():
        for allele in alleles:
            if not _ALLELE.fullmatch(allele):
                raise BadFile(
                    sentence("{marker}: neither a number of repeats nor bases", marker=marker),
                    file="frequencies",
                    value=allele,
                )
    refuse_formulas([list(table.frequencies)], file="frequencies")
    rows = csv.writer(out, lineterminator="\n")
    if set(table.sample_sizes) != set(table.frequencies):
        rows.writerow(("marker", "allele", "frequency"))
        rows.writerows((m, a, repr(f)) for m, alleles in table.frequencies.items() for a, f in alleles.items())
        return out.getvalue()
    markers = list(table.frequencies)
    rows.writerow(("allele", *markers))
    for allele in sorted({a for alleles in table.frequencies.values() for a in alleles}, key=_order):
        cells = [table.frequencies[m].get(allele) for m in markers]
        rows.writerow((allele, *("" if cell is None else repr(cell) for cell in cells)))
    rows.writerow(("n", *(table.sample_sizes[m] for m in markers)))
    return out.getvalue()


def _order(allele: str) -> tuple[float, str]:
    """Repeats by number, then bases by letter."""
    return (0.0, allele) if allele[0] in "ACGT" else (float(allele), "")


_Found = dict[str, dict[str, tuple[str, int]]]


def _long(table: Table) -> tuple[_Found, dict[str, int], dict[str, None]]:
    found: _Found = {}
    unknown: dict[str, None] = {}
    for row in table:
        written = row.text("marker", required=True)
        marker = marker_named(written) or written
        if not marker_named(written):
            unknown[written] = None
        _take(found, row, marker, _allele(row), row.digits("frequency", required=True, low=0, high=1))
    return found, {}, unknown


def _wide(table: Table) -> tuple[_Found, dict[str, int], dict[str, None]]:
    found: _Found = {}
    sizes: dict[str, int] = {}
    names = {column: marker_named(column) or column for column in (table.rows[0].extra if table.rows else ())}
    if len(set(names.values())) != len(names):
        twice = next(n for n in names.values() if list(names.values()).count(n) > 1)
        raise BadFile(
            sentence("{twice} has two columns", twice=twice),
            file=table.file,
            line=table.header_line,
            column=twice,
            next_step=sentence("keep one of them"),
        )
    for row in table:
        is_count = row.text("allele", required=True).casefold() in _COUNT_ROW
        for column, cell in row.extra.items():
            if cell in _NOT_SEEN:
                continue
            one = Row(row.file, row.line, {column: cell, "allele": row.text("allele")})
            if is_count:
                sizes[names[column]] = one.integer(column, required=True, low=1, high=10**8) or 0
                continue
            digits = one.digits(column, required=True, low=0, high=1)
            _take(found, row, names[column], _allele(row), digits)
    # In the order of the columns, not of the first allele that each shows.
    found = {name: found[name] for name in names.values() if name in found}
    return found, sizes, {c: None for c in names if not marker_named(c)}


def _take(found: _Found, row: Row, marker: str, allele: str, digits: str) -> None:
    alleles = found.setdefault(marker, {})
    if allele in alleles:
        raise row.bad(
            "allele",
            sentence("{marker}: the allele is given twice: line {line}", marker=marker, line=alleles[allele][1]),
            sentence("keep one of them"),
        )
    alleles[allele] = digits, row.line


def _allele(row: Row) -> str:
    allele = row.text("allele", required=True)
    if not _ALLELE.fullmatch(allele):
        raise row.bad(
            "allele",
            sentence("not an allele"),
            sentence("write repeats, with a point for a partial one: 9.3; of a SNP its base"),
        )
    return allele.replace(",", ".")


def _population(table: Table) -> str:
    stated = {row.text("population"): row for row in table if row.text("population")}
    if len(stated) > 1:
        second = list(stated.values())[1]
        raise second.bad(
            "population", sentence("two populations in one file"), sentence("deliver one file a population")
        )
    return next(iter(stated), "") or table.says(*_POPULATED)
