"""Marker names and alleles as laboratories write them, in long (GeneMapper) and wide tables.

Nothing is repaired: an off-ladder peak, a third allele, a date that a spreadsheet made of ``9.3`` are refused at
their place. What the laboratory itself gave up (``INC``, ``NR``, an empty cell) is no result, and is kept as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dokaz.errors import BadFile, Sentence, sentence
from dokaz.exchange.reading.remarks import Remark, remark, unknown_markers
from dokaz.exchange.reading.rows import Row
from dokaz.exchange.reading.tables import Table
from dokaz.kinship.model.marker_table import chromosome_of, is_one_copy, known_markers, marker_named
from dokaz.kinship.model.markers import Chromosome
from dokaz.kinship.model.sequence_alleles import allele_order, in_one_spelling, is_sequence

#: Markers of the Y chromosome.
LINEAGE = tuple(m.name for m in known_markers().values() if m.chromosome is Chromosome.Y)
AMELOGENIN = "AMEL"
MT_DNA = "mtDNA"
#: A decimal comma, or a comma between two alleles.
_ONE_OR_TWO = re.compile(r"[0-9]{1,2},[1-5]")

#: Where a marker lies that is filed with a typing; others are kept in the file only.
_FILED = (Chromosome.AUTOSOMAL, Chromosome.AMELOGENIN, Chromosome.Y)

#: What laboratories call samples that are controls, and what they are.
CONTROLS = {
    "allelic ladder": "ladder",
    "ladder": "ladder",
    "positive control": "positive control",
    "negative control": "negative control",
    "reagent blank": "negative control",
}

#: What laboratories write where a marker gave no result.
NO_RESULT = frozenset({"", "-", "INC", "NR", "N/A", "NA", "NULL", "NEG", "н/р", "Н/Р"})

_ALLELE = re.compile(r"(?:[1-9][0-9]{0,2})(?:[.,][1-9])?")
_DATE_LIKE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: .*)?|[0-9]{1,2}[/-][0-9]{1,2}|"
    r"[0-9]{1,2}[./-](?:[0-9]{1,2}[./-][0-9]{2,4}|[^\W\d_]{3,9}\.?)|[^\W\d_]{3,9}[. -][0-9]{1,2}"
)

#: Columns of the wide form: ``D3S1358 1``, ``D3S1358_2``, ``D3S1358 Allele 1``.
WIDE = re.compile(r"(?P<marker>\S.*?)[\s_\-]+(?:(?:allele|алель)[\s_]*)?(?P<which>[1-9])", re.IGNORECASE)
#: The same with a point, as R writes them: ``D3S1358.1``.
WIDE_OR_DOTTED = re.compile(WIDE.pattern.replace(r"[\s_\-]+", r"[\s_\-.]+"), re.IGNORECASE)
#: Names of SNPs and microhaplotypes, of which the table of markers has none.
OTHER_MARKER = re.compile(r"rs[0-9]+|mh[0-9XY]{1,2}[A-Za-z]+-\S+", re.IGNORECASE)
#: Columns of the long form that repeat: alleles, and what the instrument measured of each.
LONG = re.compile(
    r"(?P<what>allele|size|height|peak area|area|data point|mutation|ae|алель|висота)[\s_.]*(?P<which>[1-9][0-9]?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Genotypes:
    """What was seen of one person or bone, by marker.

    ``autosomal`` always holds two alleles. Of a marker named in ``lone`` the table writes one allele only: a homozygote,
    or a heterozygote whose other allele dropped out; the table cannot tell. ``no_result`` are markers in the table that
    gave none. ``lineage`` are Y markers, ``x_linked`` those on X, of which a man may show one allele; ``other`` are unknown
    markers and mtDNA, their cells as written.
    """

    autosomal: Mapping[str, tuple[str, str]]
    lone: tuple[str, ...]
    amelogenin: tuple[str, str] | None
    lineage: Mapping[str, tuple[str, ...]]
    other: Mapping[str, tuple[str, ...]]
    no_result: tuple[str, ...]
    x_linked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def pairs(self) -> dict[str, tuple[str, str]]:
        """Two alleles by marker, amelogenin included."""
        return {**self.autosomal, **({AMELOGENIN: self.amelogenin} if self.amelogenin else {})}

    @property
    def as_written(self) -> dict[str, tuple[str, ...]]:
        """Alleles by marker, as often as the table writes them: a lone one may be a homozygote or not."""
        pairs = {name: pair[:1] if name in self.lone else pair for name, pair in self.pairs.items()}
        return {**pairs, **self.x_linked, **self.lineage, **self.other}

    def as_record(self) -> dict[str, Any]:
        """The fields in which a record of a typing holds this."""
        return {
            "genotypes": {marker: list(pair) for marker, pair in self.pairs.items()},
            "lone_alleles": list(self.lone),
            "lineage": {marker: list(alleles) for marker, alleles in self.lineage.items()},
            "no_result": [m for m in self.no_result if chromosome_of(m) in _FILED],
        }

    @property
    def sex(self) -> str:
        """What amelogenin says: ``male``, ``female``, or empty; a lone X may be a man whose Y dropped out."""
        if self.amelogenin is None:
            return ""
        return "male" if "Y" in self.amelogenin else "female"


class GenotypeBuilder:
    """Collects the markers of one sample, refusing what is not a genotype.

    Args:
        takes_sequences: Whether an allele may be a sequence, as the kinship commands read it; records hold lengths.
    """

    def __init__(self, *, takes_sequences: bool = False) -> None:
        self._takes_sequences = takes_sequences
        self._autosomal: dict[str, tuple[str, str]] = {}
        self._lone: list[str] = []
        self._amelogenin: tuple[str, str] | None = None
        self._lineage: dict[str, tuple[str, ...]] = {}
        self._x_linked: dict[str, tuple[str, ...]] = {}
        self._other: dict[str, tuple[str, ...]] = {}
        self._no_result: list[str] = []
        self._lines: dict[str, int] = {}
        # Copies of a marker that the table writes apart (DYS385a, DYS385b), by its name.
        self._copies: dict[str, list[str]] = {}

    def add(self, row: Row, written: str, cells: Sequence[tuple[str, str]]) -> None:
        """Take one marker of one sample.

        Args:       row: where it stands.
                    written: the marker's name in the file.
                    cells: (column, cell) of each allele, in order.
        Raises:     BadFile: the marker is there twice, has three alleles, or a cell is not an allele.
        """
        name = marker_named(written)
        copies = self._copies.setdefault(name, []) if is_one_copy(written) else None
        is_next_copy = copies is not None and bool(copies) and written not in copies
        if (name or written) in self._lines and not is_next_copy:
            line = self._lines[name or written]
            raise row.bad(
                "marker" if "marker" in row.values else written,
                sentence(
                    "{written} is given twice for this sample: line {line} has it already",
                    written=name or written,
                    line=line,
                ),
                sentence("keep the result that stands; give another attempt its own number"),
            )
        self._lines[name or written] = row.line
        if copies is not None:
            copies.append(written)
        seen = [(column, cell) for column, cell in cells if cell.upper() not in NO_RESULT]
        if not seen:
            if not is_next_copy:
                self._no_result.append(name or written)
            return
        if (
            name
            and len(seen) < 2
            and (stray := [column for column, cell in cells if cell.strip() and cell.upper() in NO_RESULT])
        ):
            raise row.bad(
                stray[0],
                sentence("{name}: one allele and one {cell!r}", name=name, cell=dict(cells)[stray[0]]),
                sentence("leave the second cell empty for a single allele, or mark the whole marker INC"),
            )
        where = chromosome_of(name) if name else None
        if where in (None, Chromosome.MITOCHONDRIAL):
            is_spelled = where is None and self._takes_sequences
            self._other[name or written] = tuple(in_one_spelling(cell) if is_spelled else cell for _, cell in seen)
            return
        alleles = tuple(self._allele(row, name, column, cell) for column, cell in seen)
        if where is Chromosome.Y:
            self._lineage[name] = (*self._lineage.get(name, ()), *alleles)
            self._no_result = [marker for marker in self._no_result if marker != name]
        else:
            self._add_pair(row, name, seen, alleles)

    def _allele(self, row: Row, marker: str, column: str, cell: str) -> str:
        if self._takes_sequences and marker != AMELOGENIN and is_sequence(cell):
            return in_one_spelling(cell)
        return _allele(row, marker, column, cell)

    def _add_pair(self, row: Row, name: str, seen: Sequence[tuple[str, str]], alleles: tuple[str, ...]) -> None:
        if len(alleles) > 2:
            shown = ", ".join(alleles)
            raise BadFile(
                sentence(
                    "{name} has {alleles} alleles ({shown}): possibly a mixture of two people",
                    name=name,
                    alleles=len(alleles),
                    shown=shown,
                ),
                file=row.file,
                line=row.line,
                column=seen[2][0],
                value=seen[2][1],
                next_step=sentence(
                    "interpret the mixture or repeat the typing; a kinship search takes single profiles"
                ),
            )
        pair = (alleles[0], alleles[-1])
        if chromosome_of(name) is Chromosome.X:
            self._x_linked[name] = alleles
            return
        if len(alleles) == 1:
            self._lone.append(name)
        if name == AMELOGENIN:
            if pair == ("Y", "Y") or pair[0] == "Y":
                raise row.bad(
                    seen[0][0],
                    sentence("{name}: {alleles} is neither X nor X/Y", name=name, alleles="/".join(alleles)),
                    sentence("mark it INC if the X dropped out"),
                )
            self._amelogenin = pair
            return
        self._autosomal[name] = pair if allele_order(pair[0]) <= allele_order(pair[1]) else (pair[1], pair[0])

    def build(self) -> Genotypes:
        """What was collected."""
        return Genotypes(
            autosomal=dict(self._autosomal),
            lone=tuple(self._lone),
            amelogenin=self._amelogenin,
            lineage=dict(self._lineage),
            other=dict(self._other),
            no_result=tuple(self._no_result),
            x_linked=dict(self._x_linked),
        )


def _allele(row: Row, marker: str, column: str, cell: str) -> str:
    """One allele in its usual spelling."""
    sex_marker = marker == AMELOGENIN
    if sex_marker and cell.upper() in {"X", "Y"}:
        return cell.upper()
    if not sex_marker and _ALLELE.fullmatch(cell):
        return cell.replace(",", ".")
    if (marker == "Yindel" and cell in {"1", "2"}) or (marker in LINEAGE and cell == "0"):
        # Of a Y locus, 0 is a null allele: typed, without a product.
        return cell
    problem = sentence("not an allele")
    next_step = sentence("write repeats, with a point for a partial one: 9.3")
    if cell.upper() == "OL":
        problem = sentence("an off-ladder peak")
        next_step = sentence("name the allele after re-reading the peak, or mark the marker INC")
    elif cell[:1] in "<>≥≤":
        problem = sentence("an allele outside the ladder has no single size")
        next_step = sentence("name the allele by its size, or mark it INC")
    elif _DATE_LIKE.fullmatch(cell):
        problem = sentence("looks like a date that a spreadsheet made of an allele")
        next_step = sentence("export again with text cells")
    elif sex_marker:
        next_step = sentence("amelogenin shows X or Y")
    raise _no_allele(problem, next_step, marker=marker, row=row, column=column, cell=cell)


def _no_allele(problem: Sentence, next_step: Sentence, *, marker: str, row: Row, column: str, cell: str) -> BadFile:
    return BadFile(
        sentence("{marker}: {problem}", marker=marker, problem=problem),
        file=row.file,
        line=row.line,
        column=column,
        value=cell,
        next_step=next_step,
    )


def allele_columns(table: Table) -> list[str]:
    """``Allele 1``, ``Allele 2`` and any further column of a table with a row a marker, in the order of their figures.

    Raises:     BadFile: the table has no rows, or no two such columns.
    """
    if not table.rows:
        raise BadFile(sentence("the table has no rows"), file=table.file, next_step=sentence("export it again"))
    columns = {int(m["which"]): column for column in table.rows[0].extra if (m := _measured(column, "allele"))}
    if sorted(columns) != list(range(1, len(columns) + 1)) or len(columns) < 2:
        raise BadFile(
            sentence("the columns Allele 1 and Allele 2 are missing"),
            file=table.file,
            line=table.header_line,
            next_step=sentence("export the table of genotypes from GeneMapper, with a row a marker"),
        )
    return [columns[i] for i in sorted(columns)]


def _measured(column: str, what: str) -> re.Match[str] | None:
    match = LONG.fullmatch(column)
    is_allele = match is not None and match["what"].casefold() in {"allele", "алель"}
    return match if match and is_allele == (what == "allele") else None


def measurements(table: Table) -> tuple[Remark, ...]:
    """A remark on each column of a table that holds what the instrument measured of each allele: size, height, …"""
    columns = [c for c in (table.rows[0].extra if table.rows else ()) if _measured(c, "size")]
    counts = {column: sum(bool(row.extra[column]) for row in table) for column in columns}
    return tuple(remark("column_kept", column=c, cells=n) for c, n in counts.items() if n)


def remarks_on(genotypes: Iterable[Genotypes]) -> tuple[Remark, ...]:
    """A remark on each marker that is not known here or lies on X, and so is kept in the file only."""
    genotypes = tuple(genotypes)
    unknown = {m for one in genotypes for m in (*one.other, *(m for m in one.no_result if not marker_named(m)))}
    on_x = {m for one in genotypes for m in one.x_linked}
    return (*unknown_markers(sorted(unknown)), *(remark("marker_on_x", marker=marker) for marker in sorted(on_x)))


def wide_markers(table: Table, *, takes_pairs: bool = False) -> dict[str, list[str]]:
    """The columns of each marker of a wide table, in order: ``{"D3S1358": ["D3S1358 1", "D3S1358 2"]}``.

    Args:       takes_pairs: whether one column may hold both alleles, as the kinship commands read it (``15/16``).
    Raises:     BadFile: there is no known marker, one has one column only, or its columns do not count from 1.
    """
    if not table.rows:
        raise BadFile(sentence("the table has no rows"), file=table.file, next_step=sentence("export it again"))
    found: dict[str, dict[int, str]] = {}
    for column in table.rows[0].extra:
        match = (WIDE_OR_DOTTED if takes_pairs else WIDE).fullmatch(column)
        whole = takes_pairs and bool(marker_named(column) or OTHER_MARKER.fullmatch(column))
        if match and (marker_named(match["marker"]) or OTHER_MARKER.fullmatch(match["marker"]) or not whole):
            found.setdefault(match["marker"].strip(), {})[int(match["which"])] = column
        elif whole:
            found.setdefault(column, {})[0] = column
        elif marker_named(column):
            raise BadFile(
                sentence("one column for a marker, where each allele needs its own"),
                file=table.file,
                line=table.header_line,
                column=column,
                value=column,
                next_step=sentence("write two columns: {column} 1 and {column} 2", column=column),
            )
    for marker, columns in found.items():
        if list(columns) != [0] and (
            sorted(columns) != list(range(1, len(columns) + 1))
            or (chromosome_of(marker) in (Chromosome.AUTOSOMAL, Chromosome.AMELOGENIN) and len(columns) < 2)
        ):
            raise BadFile(
                sentence("{marker} has the columns {columns} only", marker=marker, columns=", ".join(columns.values())),
                file=table.file,
                line=table.header_line,
                column=next(iter(columns.values())),
                next_step=sentence("write {marker} 1 and {marker} 2", marker=marker),
            )
    spellings: dict[str, str] = {}
    for marker in found:
        name = marker_named(marker) or marker
        if name in spellings and not (
            is_one_copy(marker) and is_one_copy(spellings[name]) and spellings[name] != marker
        ):
            raise BadFile(
                sentence(
                    "{name} is there twice, as {first!r} and as {second!r}",
                    name=name,
                    first=spellings[name],
                    second=marker,
                ),
                file=table.file,
                line=table.header_line,
                column=next(iter(found[marker].values())),
                next_step=sentence("keep one of them"),
            )
        spellings[name] = marker
    if not any(marker_named(m) or (takes_pairs and OTHER_MARKER.fullmatch(m)) for m in found):
        raise BadFile(
            sentence("no column is a known marker"),
            file=table.file,
            line=table.header_line,
            next_step=sentence("write two columns a marker, D3S1358 1 and D3S1358 2; or Marker, a row a marker"),
        )
    return {marker: [columns[i] for i in sorted(columns)] for marker, columns in found.items()}


def wide_genotypes(row: Row, markers: Mapping[str, Sequence[str]], *, takes_sequences: bool = False) -> Genotypes:
    """The genotypes of one row of a wide table; a column that is called as its marker holds all alleles."""
    builder = GenotypeBuilder(takes_sequences=takes_sequences)
    for marker, columns in markers.items():
        cells = [(column, row.extra[column]) for column in columns]
        if list(columns) == [marker]:
            cells = [(marker, part) for part in alleles_in_one_cell(row, marker)]
        builder.add(row, marker, cells)
    return builder.build()


def alleles_in_one_cell(row: Row, column: str) -> list[str]:
    """The alleles of a cell that holds a whole genotype: ``15/16``, ``15, 16``, ``15 16``, ``X/Y`` or ``XY``.

    Raises:     BadFile: a comma that may divide two alleles, or a repeat from its part (``9,3``).
    """
    cell = row.extra.get(column) or row.values.get(column, "")
    if cell.upper() in NO_RESULT:
        return [cell]
    if marker_named(column) == MT_DNA:
        return re.split(r"[/\s;]+", cell)
    if _ONE_OR_TWO.fullmatch(cell):
        raise row.bad(
            column,
            sentence("two alleles or one with a part of a repeat"),
            sentence("write 9/3 for two alleles, 9.3 for one"),
        )
    if marker_named(column) == AMELOGENIN and cell.upper() in {"XX", "XY"}:
        return list(cell)
    # The widest divider is that between the alleles: A|C|G/A|T|G are two of a microhaplotype.
    divider = next((sign for sign in "/;,|" if sign in cell), None)
    parts = cell.split(divider) if divider else [cell]
    if len(parts) > 2 and not marker_named(column):
        raise row.bad(
            column,
            sentence("{count} alleles in one cell", count=len(parts)),
            sentence("write two, divided by / from each other"),
        )
    if len(parts) == 1 and not is_sequence(cell):
        dashed = re.fullmatch(r"([^\s-]+)\s*-\s*([^\s-]+)", cell)
        parts = list(dashed.groups()) if dashed else cell.split()
    return [part.strip() for part in parts]
