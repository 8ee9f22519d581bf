"""Y haplotypes and mtDNA of a case, from the case itself or from tables beside it, and databases to count them in.

In a case a marker says where it lies (``"chrom": "Y"``, ``"MT"``); in a table its name does (DYS19, mtDNA). An mtDNA cell
holds what was read and what differs from the reference sequence: ``16024-16365/73-340/263G/309.1C``. A Y cell holds
alleles, ``0`` or ``null`` for a null allele; an empty one was not typed. DYS385a and DYS385b are the two copies of DYS385.

A database is a table: ``# database: name and release`` above the header, a column a Y locus or one column ``mtDNA``, a row
a haplotype, and ``count`` where a row stands for several people. Where a database only answers (YHRD, EMPOP), the table
holds its answers: ``remains, searched, count, size``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from dokaz.errors import BadFile, BadProfile, sentence
from dokaz.exchange.programs import loading
from dokaz.exchange.programs.case_files import with_victims
from dokaz.exchange.programs.case_reader import VictimCase
from dokaz.exchange.programs.genotype_tables import TypedSample
from dokaz.exchange.programs.mtdna_files import is_sequence_file, read_sequences
from dokaz.exchange.reading.genotypes import LINEAGE
from dokaz.exchange.reading.tables import Column, Table, read_table
from dokaz.kinship.haplotypes import (
    AnyHaplotype,
    DatabaseSearch,
    LineageDatabase,
    LineageKind,
)
from dokaz.kinship.lineage.mtdna import MtSequence
from dokaz.kinship.lineage.y_str import COPIES, Haplotype, checked_y
from dokaz.kinship.lineage_match import LineFamily
from dokaz.kinship.model.marker_table import marker_named
from dokaz.kinship.model.markers import Chromosome, UnseenAllelePolicy
from dokaz.kinship.model.pedigree import Sex
from dokaz.kinship.model.sequence_alleles import length_of

#: What a table calls a mitochondrial sequence.
MT = "mtDNA"
#: Tells the sex of a sample, not its line.
_NO_LOCUS = "Yindel"
_Y_NAME = re.compile(r"DY[SF]S?[0-9]+\S*", re.IGNORECASE)
#: One of the copies of a locus that has several, written apart.
_COPY_NAME = re.compile(rf"({'|'.join(COPIES)})[\s_.-]*(?:([a-d])|[\s_.-]([1-4]))", re.IGNORECASE)
#: Numbers of repeats that a comma divides.
_TWO_DIGITS = re.compile(r"[0-9]{2}(\.[0-9])?(,[0-9]{2}(\.[0-9])?)+")
_ANSWER = tuple(Column(name, required=True) for name in ("remains", "searched", "count", "size"))
_COLUMNS = (
    Column(
        "haplotype",
        ("id", "sample", "sample name", "sampleid", "sample id", "haplotype id", "haplotype number", "зразок"),
    ),
    Column("count", ("n", "frequency", "кількість")),
    # What YHRD and EMPOP tell beside a haplotype.
    *(
        Column(name)
        for name in (
            *("population", "metapopulation", "continent", "country", "locality", "ethnicity", "haplogroup"),
            *("accession", "accession number", "kit", "institute", "contributor", "note", "comment"),
        )
    ),
)
Delivered = tuple[str, bytes]
Texts = TypeVar("Texts")
Read = TypeVar("Read")


@dataclass(frozen=True)
class LineageCase:
    """A case with the haplotypes of its remains and families, by kind.

    Args:
        aside: Markers of the tables beside it that are not known here, and so not taken for lineage markers.
    """

    case: VictimCase
    remains: Mapping[LineageKind, Mapping[str, AnyHaplotype]]
    families: Mapping[LineageKind, tuple[LineFamily, ...]]
    aside: tuple[str, ...] = ()

    def is_paired(self, one: str, missing: str) -> bool:
        """Whether remains are compared with a missing person: as the case lists it, else where the sexes do not differ."""
        if self.case.pairings is not None:
            return missing in self.case.pairings.get(one, ())
        sex = self.case.victims.sexes[self.case.victims.row_of(one)]
        theirs = next(f.pedigree.sex_of(missing) for f in self.case.families if missing in f.missing)
        return Sex.UNKNOWN in (sex, theirs) or sex is theirs


@dataclass
class _Found:
    """Texts by locus of everybody, as they come: remains under the family None."""

    file: str
    y: dict[tuple[str | None, str], dict[str, tuple[str, ...]]] = field(default_factory=dict)
    mt: dict[tuple[str | None, str], tuple[str, ...]] = field(default_factory=dict)
    #: Copies that are written apart, by person and locus.
    copies: dict[tuple[tuple[str | None, str], str], dict[str, str]] = field(default_factory=dict)

    def take(self, who: tuple[str | None, str], marker: str, chromosome: Chromosome, alleles: tuple[str, ...]) -> None:
        seen = _distinct(alleles)
        if chromosome is Chromosome.MITOCHONDRIAL:
            if who in self.mt:
                raise BadFile(
                    sentence("mtDNA is given twice"),
                    file=self.file,
                    value=who[1],
                    next_step=sentence("keep one of them"),
                )
            self.mt[who] = seen
        elif seen:
            # Lines are compared by length, whatever the sequence.
            seen = _distinct(tuple(length_of(allele) or allele for allele in alleles))
            loci = self.y.setdefault(who, {})
            locus, copy = locus_and_copy(marker)
            others = self.copies.setdefault((who, locus), {}) if copy else {}
            if copy and len(seen) == 1 and copy not in others and (others or locus not in loci):
                others[copy] = seen[0]
                loci[locus] = _distinct(tuple(others.values()))
                return
            if locus in loci or copy:
                raise BadFile(
                    sentence("{marker} is given twice", marker=marker),
                    file=self.file,
                    value=who[1],
                    next_step=sentence("keep one of them"),
                )
            loci[locus] = seen

    def checked(self) -> _Found:
        """Itself.

        Raises:
            BadFile: a copy of a locus is there without the others, of which nothing is known then.
        """
        for (who, locus), copies in self.copies.items():
            if len(copies) < COPIES[locus]:
                raise BadFile(
                    sentence(
                        "{locus}: {given} of its {count} copies given",
                        locus=locus,
                        given=len(copies),
                        count=COPIES[locus],
                    ),
                    file=self.file,
                    value=who[1],
                    next_step=sentence("give all, or leave the locus out"),
                )
        return self


def read_lineages(
    name: str, data: bytes, tables: Sequence[Delivered] = (), *, missing: Sequence[str] = ()
) -> LineageCase:
    """A case with its families, and everybody's Y haplotypes and mtDNA.

    Args:
        name, data: A victim file (JSON), or a Familias file with a section `[DVI]`.
        tables: Further genotypes: long tables, whose group is a family, or any other form of `convert`, where a name
            must be that of one person of the case.
        missing: Who is missing in a Familias file that does not call them so.

    Raises:
        BadFile: no victim file, somebody whom the case does not know, a locus given twice or under dropout.
        BadProfile: an allele that is no number of repeats, a sequence without what was read.
    """
    # No frequency of an allele bears on a lineage.
    anything = loading.Options(policy=UnseenAllelePolicy(0.001), missing=tuple(missing))
    loaded = with_victims(loading.load_any(name, data, anything))
    case = loaded.victims
    assert case is not None
    found = _Found(name)
    aside: set[str] = set()
    chromosomes = {marker.name: marker.chromosome for marker in case.victims.markers}
    for i, sample in enumerate(loaded.samples or ()):
        who = (None if i < len(case.victims) else sample.group, sample.id)
        for marker in loaded.aside:
            if marker in sample.genotypes and chromosomes[marker] is not Chromosome.AMELOGENIN:
                found.take(who, _name_of(marker), chromosomes[marker], sample.genotypes[marker])
    for table, content in tables:
        found.file = table
        read = loading.load_any(table, content, loading.Options())
        for sample in read.samples or ():
            _take_sample(found, case, sample, table)
            typed = (*sample.genotypes, *sample.no_result)
            aside.update(m for m in typed if not marker_named(m) and chromosome_of(m) is None)
    return replace(_lineage_case(case, found.checked()), aside=tuple(sorted(aside)))


def _take_sample(found: _Found, case: VictimCase, sample: TypedSample, table: str) -> None:
    who: tuple[str | None, str] | None = None
    for marker, alleles in sample.genotypes.items():
        chromosome = chromosome_of(marker)
        if chromosome is None:
            continue
        if marker in sample.dropout:
            raise BadFile(
                sentence("{id}, {marker}: a lineage under dropout is not compared", id=sample.id, marker=marker),
                file=table,
                next_step=sentence("leave out what is not certain"),
            )
        who = who or _who(case, sample, table)
        found.take(who, _name_of(marker), chromosome, alleles)


def locus_and_copy(marker: str) -> tuple[str, str]:
    """The locus of a Y marker, and which of its copies; empty for a whole locus.

    Example:
        >>> locus_and_copy("DYS385a"), locus_and_copy("DYF387S1_b"), locus_and_copy("DYS385"), locus_and_copy("DYS19")
        (('DYS385', 'a'), ('DYF387S1', 'b'), ('DYS385', ''), ('DYS19', ''))
    """
    if found := _COPY_NAME.fullmatch(marker):
        return marker_named(found[1]), found[2].casefold() if found[2] else "abcd"[int(found[3]) - 1]
    return marker_named(marker) or marker, ""


def _name_of(marker: str) -> str:
    """The name used here, one that tells a copy as it is."""
    return marker if locus_and_copy(marker)[1] else marker_named(marker) or marker


def chromosome_of(marker: str) -> Chromosome | None:
    """Y or mitochondrial, by the name of a marker; None for any other, and for the Y indel, which tells the sex only."""
    name = marker_named(marker) or marker
    if name.casefold() == MT.casefold():
        return Chromosome.MITOCHONDRIAL
    is_y = (name in LINEAGE and name != _NO_LOCUS) or _Y_NAME.fullmatch(name)
    return Chromosome.Y if is_y else None


def _who(case: VictimCase, sample: TypedSample, table: str) -> tuple[str | None, str]:
    known: list[tuple[str | None, str]] = [(None, sample.id)] if sample.id in case.victims else []
    known += [(family.name, sample.id) for family in case.families if sample.id in family.pedigree]
    known = [who for who in known if not sample.group or who[0] == sample.group]
    if len(known) != 1:
        raise BadFile(
            sentence("{count} persons of the case have this name", count=len(known)), file=table, value=sample.id,
            next_step=sentence("name remains and relatives as the case does, with the family as group in a long table"),
        )  # fmt: skip
    return known[0]


def _lineage_case(case: VictimCase, found: _Found) -> LineageCase:
    everybody: dict[LineageKind, dict[tuple[str | None, str], AnyHaplotype]] = {
        LineageKind.PATERNAL: {who: _named(checked_y, loci, who[1]) for who, loci in found.y.items()},
        LineageKind.MATERNAL: {who: _named(MtSequence.of, texts, who[1]) for who, texts in found.mt.items()},
    }
    return LineageCase(
        case,
        {kind: {who[1]: h for who, h in of_kind.items() if who[0] is None} for kind, of_kind in everybody.items()},
        {
            kind: tuple(
                LineFamily(
                    family.name,
                    family.pedigree,
                    family.missing,
                    {who[1]: h for who, h in of_kind.items() if who[0] == family.name},
                )
                for family in case.families
            )
            for kind, of_kind in everybody.items()
        },
    )


def _named(read: Callable[[Texts], Read], texts: Texts, who: str) -> Read:
    """What a reader says, its refusal with the person's name before it."""
    try:
        return read(texts)
    except BadProfile as error:
        raise BadProfile(sentence("{who}: {what}", who=who, what=error.what), next_step=error.next_step) from error


def read_lineage_database(data: bytes, *, file: str) -> tuple[LineageKind, LineageDatabase | DatabaseSearch]:
    """A table of haplotypes of a population, or of what a database answered; one kind a file.

    Args:
        data: The whole file.
        file: Its name, for errors.

    Raises:
        BadFile: names line, column and value: no name of the database, a column that is no lineage marker, a row without
            a haplotype, a cell that is none, more found than searched.
    """
    data = loading.as_text(file, data)
    if is_sequence_file(file):
        return LineageKind.MATERNAL, _sequences(data, file)
    table = read_table(data, file=file, columns=_COLUMNS)
    name = table.says("database", "база")
    if not name:
        raise BadFile(
            sentence("the database has no name"),
            file=file,
            line=table.header_line,
            next_step=sentence("write # database: its name and release, above the header"),
        )
    theta = _theta(table)
    if {"remains", "searched"} <= set(table.unknown_columns):
        return _answers(read_table(data, file=file, columns=_ANSWER), name, theta)
    kinds = {column: chromosome_of(column) for column in table.unknown_columns}
    for column, chromosome in kinds.items():
        if chromosome is None or (chromosome is Chromosome.MITOCHONDRIAL and len(kinds) > 1):
            raise BadFile(
                sentence("not a lineage marker, or two kinds of them"), file=file, line=table.header_line, column=column,
                next_step=sentence("give a column a Y locus (DYS19), or one column mtDNA"),
            )  # fmt: skip
    names = [_name_of(column) for column in kinds]
    loci = [locus_and_copy(column) for column in kinds]
    for column, named in zip(kinds, names, strict=True):
        locus, copy = locus_and_copy(column)
        given = {which for other, which in loci if other == locus}
        if copy and len(given) < COPIES[locus]:
            raise BadFile(
                sentence(
                    "{locus}: {given} of its {count} copies given", locus=locus, given=len(given), count=COPIES[locus]
                ),
                file=file,
                line=table.header_line,
                column=column,
                next_step=sentence("give all, or leave the locus out"),
            )
        if names.count(named) > 1:
            raise BadFile(
                sentence("{named} has two columns", named=named), file=file, line=table.header_line, column=column
            )
    maternal = Chromosome.MITOCHONDRIAL in kinds.values()
    found: list[Haplotype] = []
    sequences: list[MtSequence] = []
    for row in table:
        texts: dict[str, tuple[str, ...]] = {}
        for c, cell in row.extra.items():
            locus, copy = locus_and_copy(c)
            if cell.strip() and not (copy and _is_half(row.extra, locus)):
                texts[locus] = (*texts.get(locus, ()), *_alleles(cell, locus))
        count = row.integer("count", low=1, high=10**6) or 1
        if not texts:
            raise row.bad("haplotype", sentence("a row without a haplotype"), sentence("leave it out"))
        texts = {locus: _distinct(alleles) for locus, alleles in texts.items()}
        try:
            if maternal:
                sequences += [MtSequence.of(next(iter(texts.values())))] * count
            else:
                found += [checked_y(texts)] * count
        except BadProfile as error:
            raise BadFile(error.what, file=file, line=row.line, next_step=error.next_step) from error
    kind = LineageKind.MATERNAL if maternal else LineageKind.PATERNAL
    return kind, LineageDatabase(name, tuple(sequences) if maternal else tuple(found), theta)


def _theta(table: Table) -> float:
    """Coancestry of lineages, as ``# theta:`` above the header says it."""
    said = table.says("theta", "θ", "fst")
    try:
        theta = float(said or 0)
    except ValueError:
        theta = -1.0
    if not 0 <= theta < 1:
        raise BadFile(
            sentence("theta is no number from 0 to below 1"),
            file=table.file,
            line=table.line_that_says("theta", "θ", "fst"),
            value=said,
            next_step=sentence("write # theta: 0.003"),
        )
    return theta


def _is_half(cells: Mapping[str, str], locus: str) -> bool:
    """Whether one of two copies of a locus is empty, so that nothing is known of it."""
    return any(not cell.strip() for column, cell in cells.items() if locus_and_copy(column)[0] == locus)


def _sequences(data: bytes, file: str) -> LineageDatabase:
    """A database in the format of EMPOP or HaploGrep."""
    title, rows = read_sequences(data, file=file)
    if not title:
        raise BadFile(
            sentence("the database has no name"),
            file=file,
            line=1,
            next_step=sentence("write # database: its name and release, in the first line"),
        )
    found: list[MtSequence] = []
    for row in rows:
        try:
            found += [MtSequence.of(row.texts)] * row.count
        except BadProfile as error:
            raise BadFile(error.what, file=file, line=row.line, next_step=error.next_step) from error
    return LineageDatabase(title, tuple(found))


def _answers(table: Table, name: str, theta: float) -> tuple[LineageKind, DatabaseSearch]:
    """What a database answered: a row a search."""
    found: dict[str, list[tuple[tuple[str, ...], int, int]]] = {}
    kinds = set()
    if table.unknown_columns:
        raise BadFile(sentence("a column that is not understood"), file=table.file, column=table.unknown_columns[0])
    for row in table:
        searched = tuple(marker_named(text) or text for text in _alleles(row.text("searched", required=True)))
        chromosomes = {chromosome_of(text) for text in searched}
        kinds.add(LineageKind.PATERNAL if chromosomes == {Chromosome.Y} else LineageKind.MATERNAL)
        if chromosomes != {Chromosome.Y}:
            try:
                if MtSequence.of(searched).variants:
                    raise row.bad("searched", sentence("variants, where only ranges belong"))
            except BadProfile as error:
                raise row.bad(
                    "searched", sentence("neither Y loci nor ranges of mtDNA: {what}", what=error.what)
                ) from error
        count = row.integer("count", required=True, low=0, high=10**9)
        size = row.integer("size", required=True, low=1, high=10**9)
        assert count is not None
        assert size is not None
        if count > size or len(kinds) > 1:
            raise row.bad(
                "count",
                sentence("more found than searched, or Y and mtDNA in one file"),
                sentence("give a file a kind"),
            )
        found.setdefault(row.text("remains", required=True), []).append((searched, count, size))
    if not found:
        raise BadFile(sentence("the table has no rows"), file=table.file, next_step=sentence("give a row a search"))
    return kinds.pop(), DatabaseSearch(name, {remains: tuple(rows) for remains, rows in found.items()}, theta)


def _alleles(cell: str, locus: str = "") -> tuple[str, ...]:
    """The alleles of a cell: ``11/14``, and as YHRD writes them ``11,14``.

    A comma divides copies where the locus has several, or numbers of two digits: ``17,2`` at another locus may be 17.2.
    """
    divided = locus in COPIES or _TWO_DIGITS.fullmatch(cell.strip())
    return tuple(part.strip() for part in re.split("[/,]" if divided else "/", cell))


def _distinct(alleles: tuple[str, ...]) -> tuple[str, ...]:
    """One allele of two that are alike, as tables with two places write a single one; more are copies, each counted."""
    return tuple(dict.fromkeys(alleles)) if len(alleles) == 2 else alleles
