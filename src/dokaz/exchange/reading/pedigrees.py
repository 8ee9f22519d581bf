"""PED files: family, member, father, mother, sex, status; with a header also the birth, and genotypes.

Six columns: family, id, father, mother (``0``: not known), sex (1 male, 2 female, 0 not known), status (2: missing, 1: not
missing, 0: not known). A first line that names the columns may leave out family and status, and may add ``born`` and, as
other kinship programs write them, a column a marker (``12/13``, or ``0/0`` where untyped) or two. Columns are separated
by tabs if the first line has any; else by spaces, commas or semicolons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.dates import PartialDate
from dokaz.exchange.reading.encodings import decode
from dokaz.exchange.reading.genotypes import WIDE, alleles_in_one_cell
from dokaz.exchange.reading.rows import PlacedRow, Row
from dokaz.exchange.reading.sexes import SEXES
from dokaz.exchange.reading.tables import Column
from dokaz.kinship.model.marker_table import marker_named

COLUMNS = (
    Column("family", ("famid",), field="missing.Family.number"),
    Column("id", ("iid", "member", "individual"), required=True, field="missing.Family.members"),
    Column("father", ("pat", "fatherid"), required=True, field="missing.Family.members"),
    Column("mother", ("mat", "motherid", "mid"), required=True, field="missing.Family.members"),
    Column("sex", required=True, field="missing.Family.members"),
    Column("status", ("phenotype", "missing"), field="missing.Family.members"),
    Column("born", ("birth",), field="missing.Family.members"),
)
_NAMES = {name: column.name for column in COLUMNS for name in (column.name, *column.aliases)}
_SIX = tuple(column.name for column in COLUMNS[:6])
_STATUSES = {"2": "missing", "missing": "missing", "1": "not missing", "0": "", "-9": "", "": ""}
#: Nobody becomes a parent younger than this; a smaller gap is a slip in a date or a generation.
YOUNGEST_PARENT_YEARS = 10

_NOBODY = frozenset({"", "0", "NA", "."})
_UNTYPED = frozenset({"0/0", "", "-/-", "./.", "-"})
_NO_ALLELE = frozenset({"", "0", "-", ".", "?", "NA"})


@dataclass(frozen=True, slots=True)
class PedigreeRow(PlacedRow):
    """One person of a pedigree: ``sex`` is ``male``, ``female`` or ``unknown``; the parents are ids or empty.

    ``status`` is ``missing``, ``not missing`` or empty; ``genotypes`` are alleles by marker, where the file has them.
    """

    family: str
    id: str
    father: str
    mother: str
    sex: str
    status: str
    born: PartialDate | None
    genotypes: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def is_missing(self) -> bool:
        """Whether this is a missing person of the family."""
        return self.status == "missing"


def read_pedigrees(
    data: bytes, *, file: str, born: Mapping[tuple[str, str], PartialDate] | None = None
) -> tuple[tuple[PedigreeRow, ...], tuple[str, ...]]:
    """Read the pedigrees of any number of families.

    Args:       data: the whole file.
                file: its name, kept on every member and named in every error; it names the family where no column does.
                born: dates of birth known from elsewhere, by (family, id); the PED's own go before them.
    Returns:    the members in the order of the file, and the markers in that of the header.
    Raises:     BadFile: a column is missing, a member given twice, a parent without a row of their own, a father who is
                    female or a mother who is male, one person as both parents, somebody who is their own ancestor, a
                    child less than ten years younger than its parent, or a genotype that is not two alleles.
    """
    members: dict[tuple[str, str], PedigreeRow] = {}
    markers: Mapping[str, tuple[str, ...]] = {}
    for row, markers in _rows(data, file):
        member = _member(row, markers, born or {})
        key = member.family, member.id
        if key in members:
            raise row.bad(
                "id",
                sentence("the member is given twice: line {line}", line=members[key].line),
                sentence("keep one row a person"),
            )
        members[key] = member
    if not members:
        raise BadFile(
            sentence("there is no member in the file"), file=file, next_step=sentence("export the pedigrees again")
        )
    for member in members.values():
        _check_parents(member, members)
    _check_ancestry(members)
    for member in members.values():
        _check_ages(member, members)
    return tuple(members.values()), tuple(markers)


def _rows(data: bytes, file: str) -> Iterator[tuple[Row, Mapping[str, tuple[str, ...]]]]:
    """Each row, and the columns of each marker."""
    text, _ = decode(data, file=file)
    names: Sequence[str] = ()
    markers: Mapping[str, tuple[str, ...]] = {}
    split: re.Pattern[str] | None = None
    for line, content in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if not content.strip():
            continue
        split = split or re.compile(r"\t" if "\t" in content else r"\s*[,;\t]\s*|\s+")
        parts = [part.strip() for part in split.split(content.strip(" ").lstrip("#").strip(" "))]
        if not names and _is_header(parts):
            names = _header(parts, file, line)
            markers = _columns([name for name in names if name not in _NAMES.values()], file, line)
            continue
        if content.startswith("#"):
            continue
        names = names or _SIX
        if len(parts) != len(names):
            raise BadFile(
                sentence(
                    "{count} columns, expected {expected}: {names}",
                    count=len(parts),
                    expected=len(names),
                    names=", ".join(names),
                ),
                file=file,
                line=line,
                column=names[len(parts)] if len(parts) < len(names) else str(len(names) + 1),
                value=content.strip()[:80],
                next_step=sentence("write 0 for what is not known; ids hold no spaces unless tabs divide the columns"),
            )
        yield Row(file, line, dict(zip(names, parts, strict=True))), markers


def _is_header(parts: Sequence[str]) -> bool:
    """Whether a line names columns: the first of them, and two more."""
    known = {"fid", *_NAMES}
    keys = [part.casefold().replace("_", "") for part in parts]
    return keys[0] in known and len(known.intersection(keys)) > 2


def _header(parts: Sequence[str], file: str, line: int) -> list[str]:
    keys = [part.casefold().replace("_", "") for part in parts]
    # R's pedtools calls the father "fid" and the mother "mid"; PLINK calls the family "fid".
    of_fid = {"fid": "father" if "mid" in keys else "family"}
    names = [(_NAMES | of_fid).get(key, part) for key, part in zip(keys, parts, strict=True)]
    if (twice := next((name for name in names if names.count(name) > 1 or not name), None)) is not None:
        raise BadFile(
            sentence("the column {name} is there twice", name=twice) if twice else sentence("a column has no name"),
            file=file,
            line=line,
            column=twice or str(names.index("") + 1),
            value=twice or None,
            next_step=sentence("name each column once"),
        )
    last = max(names.index(name) for name in names if name in _NAMES.values())
    if unknown := next((name for name in names[:last] if name not in _NAMES.values()), None):
        raise BadFile(
            sentence("an unknown column"),
            file=file,
            line=line,
            column=unknown,
            value=unknown,
            next_step=sentence("use {names}, then a column a marker", names=", ".join((*_SIX, "born"))),
        )
    if absent := [column.name for column in COLUMNS if column.required and column.name not in names]:
        raise BadFile(
            sentence("the column {name} is missing", name=absent[0]),
            file=file,
            line=line,
            column=absent[0],
            next_step=sentence("use {names}, then a column a marker", names=", ".join((*_SIX, "born"))),
        )
    return names


def _columns(names: Sequence[str], file: str, line: int) -> dict[str, tuple[str, ...]]:
    """The columns of each marker: one with both alleles, or one an allele (``TH01_1``, ``TH01_2``)."""
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        match = WIDE.fullmatch(name)
        base = match["marker"].strip() if match else name
        is_half = match is not None and bool(marker_named(base)) and not marker_named(name)
        found[base if is_half else name] = (*found.get(base if is_half else name, ()), name)
    for marker, columns in found.items():
        if columns != (marker,) and [name[-1] for name in columns] != ["1", "2"]:
            raise BadFile(
                sentence("{marker} has the columns {columns} only", marker=marker, columns=", ".join(columns)),
                file=file,
                line=line,
                column=columns[0],
                next_step=sentence("write {marker} 1 and {marker} 2", marker=marker),
            )
    return found


def _member(
    row: Row, markers: Mapping[str, tuple[str, ...]], born: Mapping[tuple[str, str], PartialDate]
) -> PedigreeRow:
    cells, status = row.values, row.text("status")
    for column, value, known in (("sex", cells["sex"], SEXES), ("status", status, _STATUSES)):
        if value.casefold() not in known:
            raise row.bad(
                column,
                sentence("not a {column}", column=column),
                sentence("sex: 1 male, 2 female, 0 not known; status: 2 missing, 1 not missing, 0 not known"),
            )
    family = cells.get("family", PurePath(row.file).stem)
    for column, value in (("id", cells["id"]), ("family", family)):
        if value in _NOBODY and (column == "id" or not value):
            raise row.bad(column, sentence("this id means nobody"), sentence("give another id"))
    own_birth = row.partial_date("born") if row.text("born") not in _NOBODY else None
    father, mother = ("" if cells[c] in _NOBODY else cells[c] for c in ("father", "mother"))
    return PedigreeRow(
        family=family,
        id=cells["id"],
        father=father,
        mother=mother,
        sex=SEXES[cells["sex"].casefold()],
        status=_STATUSES[status.casefold()],
        born=own_birth or born.get((family, cells["id"])),
        file=row.file,
        line=row.line,
        genotypes={m: alleles for m, columns in markers.items() if (alleles := _alleles(columns, row))},
    )


def _alleles(columns: Sequence[str], row: Row) -> tuple[str, str] | None:
    """The two alleles of a marker; None where it is untyped."""
    cells = [row.values[column] for column in columns]
    if all(cell in _UNTYPED or cell in _NO_ALLELE for cell in cells):
        return None
    alleles = [part.strip() for cell in cells for part in cell.split("/")]
    if len(cells) == len(alleles) == 1:
        alleles = alleles_in_one_cell(row, columns[0])
    if len(alleles) != 2 or _NO_ALLELE.intersection(alleles):
        marker = columns[0]
        raise row.bad(marker, sentence("not two alleles"), sentence("write 12/13, or 0/0 where the person is untyped"))
    return alleles[0], alleles[1]


def _check_parents(member: PedigreeRow, members: Mapping[tuple[str, str], PedigreeRow]) -> None:
    if member.father and member.father == member.mother:
        raise member.refused(
            "mother", member.mother, sentence("one person is father and mother"), sentence("correct one of the two")
        )
    for role, parent, wrong in (("father", member.father, "female"), ("mother", member.mother, "male")):
        if not parent:
            continue
        if (member.family, parent) not in members:
            raise member.refused(
                role,
                parent,
                sentence("the {role} has no row in family {family}", role=role, family=member.family),
                sentence("add a row for {parent}, or write 0", parent=parent),
            )
        other = members[member.family, parent]
        if other.sex == wrong:
            raise member.refused(
                role,
                parent,
                sentence(
                    "the {role} of {id} is {sex} (line {line})", role=role, id=member.id, sex=wrong, line=other.line
                ),
                sentence("correct the sex or the parent"),
            )


def _check_ancestry(members: Mapping[tuple[str, str], PedigreeRow]) -> None:
    """Refuse a person who is their own ancestor; walks without recursion, since a file may be as deep as it likes."""
    done: set[tuple[str, str]] = set()
    for start in members:
        path: list[tuple[str, str]] = []
        on_path: set[tuple[str, str]] = set()
        stack: list[tuple[tuple[str, str], bool]] = [(start, False)]
        while stack:
            key, leaving = stack.pop()
            if leaving:
                on_path.discard(path.pop())
                done.add(key)
            elif key in on_path:
                circle = " is a child of ".join([k[1] for k in path[path.index(key) :]][:12] + [key[1]])
                first = members[key]
                raise first.refused(
                    "father" if first.father else "mother",
                    first.father or first.mother,
                    sentence("somebody is their own ancestor: {circle}", circle=circle),
                    sentence("correct a parent in that circle"),
                )
            elif key not in done:
                path.append(key)
                on_path.add(key)
                stack.append((key, True))
                stack += [((key[0], p), False) for p in (members[key].father, members[key].mother) if p]


def _check_ages(member: PedigreeRow, members: Mapping[tuple[str, str], PedigreeRow]) -> None:
    for role, parent in (("father", member.father), ("mother", member.mother)):
        other = members.get((member.family, parent)) if parent else None
        if not (other and other.born and member.born):
            continue
        # The widest gap that both dates allow is compared, so that a bare year is never held against anybody.
        gap_years = (member.born.latest - other.born.earliest).days / 365.25
        if gap_years < YOUNGEST_PARENT_YEARS and not (member.born.approximate or other.born.approximate):
            how = "older than" if gap_years < 0 else f"less than {YOUNGEST_PARENT_YEARS} years younger than"
            raise member.refused(
                "born",
                str(member.born),
                sentence(
                    "{child} (born {born}) is {how} the {role} {parent} (born {parent_born}, line {line})",
                    child=member.id,
                    born=member.born,
                    how=how,
                    role=role,
                    parent=parent,
                    parent_born=other.born,
                    line=other.line,
                ),
                sentence("correct a date of birth, or the parent"),
            )
