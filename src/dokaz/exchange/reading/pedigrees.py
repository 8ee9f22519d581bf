"""PED files: family, member, father, mother, sex, status, and with a header also the year of birth.

Six columns separated by spaces, tabs or commas: family, id, father, mother (``0``: not known), sex (1 male, 2 female,
0 not known), status (2: missing, 1: not missing, 0: not known). A first line that begins with ``#family`` or ``family``
names the columns, and may add ``born``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dokaz.errors import BadFile, UnreadDate, sentence
from dokaz.exchange.reading.dates import PartialDate, read_partial_date
from dokaz.exchange.reading.encodings import decode

_SEXES = {
    "1": "male",
    "m": "male",
    "male": "male",
    "ч": "male",
    "2": "female",
    "f": "female",
    "female": "female",
    "ж": "female",
    "0": "",
    "-9": "",
    "u": "",
    "unknown": "",
}
_STATUSES = {"2": "missing", "missing": "missing", "1": "not missing", "0": "", "-9": ""}
_WORDS = {
    "father": sentence("father"),
    "mother": sentence("mother"),
    "male": sentence("male"),
    "female": sentence("female"),
    "sex": sentence("sex"),
    "status": sentence("status"),
}
_SIX = ("family", "id", "father", "mother", "sex", "status")
_NAMES = {
    "family": "family",
    "fid": "family",
    "famid": "family",
    "id": "id",
    "iid": "id",
    "member": "id",
    "individual": "id",
    "father": "father",
    "pat": "father",
    "fatherid": "father",
    "mother": "mother",
    "mat": "mother",
    "motherid": "mother",
    "sex": "sex",
    "status": "status",
    "phenotype": "status",
    "missing": "status",
    "born": "born",
    "birth": "born",
}
#: Nobody becomes a parent younger than this; a smaller gap is a slip in a date or a generation.
YOUNGEST_PARENT_YEARS = 10

_NOBODY = frozenset({"0", "NA", "."})


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a pedigree: ``sex`` is ``male``, ``female`` or empty; the parents are ids or empty."""

    family: str
    id: str
    father: str
    mother: str
    sex: str
    status: str
    born: PartialDate | None
    file: str
    line: int

    @property
    def is_missing(self) -> bool:
        """Whether this is a missing person of the family."""
        return self.status == "missing"


def read_pedigrees(
    data: bytes, *, file: str, born: Mapping[tuple[str, str], PartialDate] | None = None
) -> tuple[Member, ...]:
    """Read the pedigrees of any number of families.

    Args:       data: the whole file.
                file: its name, kept on every member and named in every error.
                born: dates of birth known from elsewhere, by (family, id); the PED's own go before them.
    Raises:     BadFile: a column is missing, a member given twice, a parent without a row of their own, a father who is
                    female or a mother who is male, one person as both parents, somebody who is their own ancestor, or a
                    child less than ten years younger than its parent.
    """
    members: dict[tuple[str, str], Member] = {}
    for line, cells in _cells(data, file):
        member = _member(cells, file, line, born or {})
        key = member.family, member.id
        if key in members:
            raise BadFile(
                sentence("the member is given twice: line {line}", line=members[key].line),
                file=file,
                line=line,
                column="id",
                value=member.id,
                next_step=sentence("keep one row a person"),
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
    return tuple(members.values())


def _cells(data: bytes, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    text, _ = decode(data, file=file)
    names: Sequence[str] = ()
    for line, content in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        parts = re.split(r"\s*[,;\t]\s*|\s+", content.strip().lstrip("#").strip())
        if not names and parts and parts[0].casefold() in {"family", "fid", "famid"}:
            names = _header(parts, file, line)
            continue
        if not content.strip() or content.startswith("#"):
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
                next_step=sentence("write 0 for what is not known; ids hold no spaces"),
            )
        yield line, dict(zip(names, parts, strict=True))


def _header(parts: Sequence[str], file: str, line: int) -> list[str]:
    names = []
    for part in parts:
        name = _NAMES.get(part.casefold().replace("_", ""))
        if name is None or name in names:
            raise BadFile(
                sentence("an unknown column")
                if name is None
                else sentence("the column {name} is there twice", name=name),
                file=file,
                line=line,
                column=part,
                value=part,
                next_step=sentence("use {columns}", columns=", ".join((*_SIX, "born"))),
            )
        names.append(name)
    if absent := [name for name in _SIX if name not in names]:
        raise BadFile(
            sentence("the column {name} is missing", name=absent[0]),
            file=file,
            line=line,
            column=absent[0],
            next_step=sentence("use {columns}", columns=", ".join((*_SIX, "born"))),
        )
    return names


def _member(cells: Mapping[str, str], file: str, line: int, born: Mapping[tuple[str, str], PartialDate]) -> Member:
    for column, known in (("sex", _SEXES), ("status", _STATUSES)):
        if cells[column].casefold() not in known:
            raise BadFile(
                sentence("not a {column}", column=_WORDS[column]),
                file=file,
                line=line,
                column=column,
                value=cells[column],
                next_step=sentence("sex: 1 male, 2 female, 0 not known; status: 2 missing, 1 not missing, 0 not known"),
            )
    if cells["id"] in _NOBODY:
        raise BadFile(
            sentence("this id means nobody"),
            file=file,
            line=line,
            column="id",
            value=cells["id"],
            next_step=sentence("give the person another id"),
        )
    birth = born.get((cells["family"], cells["id"]))
    if (text := cells.get("born", "0")) not in _NOBODY:
        try:
            birth = read_partial_date(text)
        except UnreadDate as error:
            raise BadFile(
                error.what, file=file, line=line, column="born", value=text, next_step=error.next_step
            ) from error
    father, mother = ("" if cells[c] in _NOBODY else cells[c] for c in ("father", "mother"))
    return Member(
        family=cells["family"],
        id=cells["id"],
        father=father,
        mother=mother,
        sex=_SEXES[cells["sex"].casefold()],
        status=_STATUSES[cells["status"].casefold()],
        born=birth,
        file=file,
        line=line,
    )


def _check_parents(member: Member, members: Mapping[tuple[str, str], Member]) -> None:
    if member.father and member.father == member.mother:
        raise BadFile(
            sentence("one person is father and mother"),
            file=member.file,
            line=member.line,
            column="mother",
            value=member.mother,
            next_step=sentence("correct one of the two"),
        )
    for role, parent, wrong in (("father", member.father, "female"), ("mother", member.mother, "male")):
        if not parent:
            continue
        if (member.family, parent) not in members:
            raise BadFile(
                sentence("the {role} has no row in family {family}", role=_WORDS[role], family=member.family),
                file=member.file,
                line=member.line,
                column=role,
                value=parent,
                next_step=sentence("add a row for {parent}, or write 0", parent=parent),
            )
        other = members[member.family, parent]
        if other.sex == wrong:
            raise BadFile(
                sentence(
                    "the {role} of {id} is {sex} (line {line})",
                    role=_WORDS[role],
                    id=member.id,
                    sex=_WORDS[wrong],
                    line=other.line,
                ),
                file=member.file,
                line=member.line,
                column=role,
                value=parent,
                next_step=sentence("correct the sex or the parent"),
            )


def _check_ancestry(members: Mapping[tuple[str, str], Member]) -> None:
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
                raise BadFile(
                    sentence("somebody is their own ancestor: {circle}", circle=circle),
                    file=first.file,
                    line=first.line,
                    column="father" if first.father else "mother",
                    value=first.father or first.mother,
                    next_step=sentence("correct a parent in that circle"),
                )
            elif key not in done:
                path.append(key)
                on_path.add(key)
                stack.append((key, True))
                stack += [((key[0], p), False) for p in (members[key].father, members[key].mother) if p]


def _check_ages(member: Member, members: Mapping[tuple[str, str], Member]) -> None:
    for role, parent in (("father", member.father), ("mother", member.mother)):
        other = members.get((member.family, parent)) if parent else None
        if not (other and other.born and member.born):
            continue
        # The widest gap that both dates allow is compared, so that a bare year is never held against anybody.
        gap_years = (member.born.latest - other.born.earliest).days / 365.25
        if gap_years < YOUNGEST_PARENT_YEARS and not (member.born.approximate or other.born.approximate):
            how = (
                sentence("older than")
                if gap_years < 0
                else sentence("less than {years} years younger than", years=YOUNGEST_PARENT_YEARS)
            )
            raise BadFile(
                sentence(
                    "{child} (born {born}) is {how} the {role} {parent} (born {parent_born}, line {line})",
                    child=member.id,
                    born=member.born,
                    how=how,
                    role=_WORDS[role],
                    parent=parent,
                    parent_born=other.born,
                    line=other.line,
                ),
                file=member.file,
                line=member.line,
                column="born",
                value=str(member.born),
                next_step=sentence("correct a date of birth, or the parent"),
            )
