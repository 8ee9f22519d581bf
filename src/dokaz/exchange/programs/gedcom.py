"""Pedigrees of genealogy programs: GEDCOM 5.5.1 and 7.

Read are persons with name and sex, and who is whose child by birth. Adoption, fostering and whatever is not said to be by
birth make no parent, and are named; a family without an entry on it is by birth, as the format has it. A person is called
by their name where nobody else has it, else by name and number (``Ivan Boiko (I5)``). People who are joined by birth are
one family; somebody joined to nobody is left out by name. Everything else in the file is named as not read.

Source: The GEDCOM Standard 5.5.1 (1999/2019); FamilySearch GEDCOM 7.0, chapters 1 and 3.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dokaz.errors import BadFile, Sentence, sentence
from dokaz.exchange.programs.typed_pedigrees import TypedFamily
from dokaz.exchange.reading.encodings import decode
from dokaz.exchange.reading.limits import TABLE_LINES
from dokaz.kinship.model.pedigree import Member, Pedigree, Sex

_LINE = re.compile(r"\s*([0-9]{1,2})\s+(?:@([^@]+)@\s+)?([A-Za-z0-9_]+)(?:\s(.*))?")
_POINTER = re.compile(r"@([^@]+)@")
_SEXES = {"M": Sex.MALE, "F": Sex.FEMALE, "": Sex.UNKNOWN, "U": Sex.UNKNOWN, "X": Sex.UNKNOWN, "N": Sex.UNKNOWN}
_BY_BIRTH = frozenset({"", "BIRTH", "NATURAL", "BIOLOGICAL"})
_READ = {
    "INDI": frozenset({"NAME", "SEX", "FAMC", "FAMS", "ADOP"}),
    "FAM": frozenset({"HUSB", "WIFE", "CHIL"}),
    "HEAD": frozenset(),
    "TRLR": frozenset(),
}
_FATHER, _MOTHER = "HUSB", "WIFE"


@dataclass
class _Entry:
    """One line with those below it."""

    tag: str
    value: str
    line: int
    xref: str = ""
    parts: list[_Entry] = field(default_factory=list)

    def named(self, tag: str) -> list[_Entry]:
        return [part for part in self.parts if part.tag == tag]

    def says(self, tag: str) -> str:
        """The value of the first part of that name."""
        return next((part.value for part in self.named(tag)), "")


def read_gedcom(data: bytes, *, file: str, name: str) -> tuple[tuple[TypedFamily, ...], tuple[str, ...]]:
    """The families of a file, and notes on what makes no parent and what is not read.

    Args:
        data: The whole file.
        file: Its name, for errors.
        name: What to call the family; several get numbers.

    Raises:
        BadFile: names the line: no GEDCOM, a person or family twice or missing, two fathers by birth, a sex that is none.
        BadPedigree: somebody is their own ancestor.
    """
    records = _records(data, file)
    people = {record.xref: record for record in records if record.tag == "INDI"}
    families = {record.xref: record for record in records if record.tag == "FAM"}
    if len(people) + len(families) != sum(record.tag in {"INDI", "FAM"} for record in records):
        twice = next(x for x, n in Counter(r.xref for r in records if r.tag in {"INDI", "FAM"}).items() if n > 1)
        raise BadFile(
            sentence("a person or a family is there twice, or without a number"), file=file, value=twice or None,
            next_step=sentence("export it again"),
        )  # fmt: skip
    if not people:
        raise BadFile(
            sentence("there is nobody in the file"), file=file, next_step=sentence("export it again, with persons")
        )
    reader = _Parentage(file, people, families)
    parents = reader.parents()
    names = _names(people)
    groups = _joined(people, parents)
    alone = [names[group[0]] for group in groups if len(group) == 1]
    of_many = [group for group in groups if len(group) > 1]
    found = []
    for number, group in enumerate(of_many, start=1):
        members = tuple(
            Member(
                names[xref],
                names.get(parents[xref].get(_FATHER, "")),
                names.get(parents[xref].get(_MOTHER, "")),
                reader.sexes[xref],
            )
            for xref in group
        )
        called = name if len(of_many) == 1 else f"{name} {number}"
        found.append(TypedFamily(Pedigree(members, name=called), (), {}))
    if not found:
        raise BadFile(
            sentence("nobody is anybody's child by birth"), file=file, next_step=sentence("export parents and children")
        )
    notes = [f"no parent by birth: {line}" for line in reader.not_by_birth(names)]
    notes += [f"related to nobody by birth, so left out: {', '.join(alone)}"] if alone else []
    return tuple(found), (*notes, *_not_read(records))


def _records(data: bytes, file: str) -> list[_Entry]:
    text, encoding = decode(data, file=file)
    top = _Entry("", "", 0)
    path = [top]
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if not line.strip():
            continue
        if number > TABLE_LINES * 4:
            raise BadFile(sentence("the file is too long"), file=file, line=number, next_step=sentence("cut it"))
        found = _LINE.fullmatch(line)
        if found is None:
            if path[-1].tag and path[1].tag != "HEAD":
                # Programs break long texts without a mark; what is read here is never so long.
                path[-1].value += f" {line.strip()}"
                continue
            raise _bad(file, number, line, sentence("not a line of GEDCOM"))
        level = int(found[1])
        if level > len(path) - 1:
            raise _bad(file, number, line, sentence("the level is more than one above that of the line before"))
        if number == 1 and found[3] != "HEAD":
            raise _bad(file, number, line, sentence("the file does not begin with 0 HEAD"))
        entry = _Entry(found[3].upper(), (found[4] or "").strip(), number, found[2] or "")
        del path[level + 1 :]
        path[-1].parts.append(entry)
        path.append(entry)
    if not top.parts or top.parts[0].tag != "HEAD":
        raise _bad(file, 1, text[:60], sentence("the file does not begin with 0 HEAD"))
    stated = top.parts[0].says("CHAR").upper()
    if stated in {"ANSEL", "ANSI", "IBMPC", "MACINTOSH"} and not text.isascii() and encoding == "cp1251":
        raise BadFile(
            sentence("the letters are of {name}, which is not read", name=stated),
            file=file,
            next_step=sentence("export it as UTF-8"),
        )
    return top.parts


def _bad(file: str, line: int, value: str, problem: Sentence) -> BadFile:
    return BadFile(problem, file=file, line=line, value=value.strip()[:80], next_step=sentence("export it again"))


class _Parentage:
    """Who is whose child, as persons and families of a file say it together."""

    def __init__(self, file: str, people: Mapping[str, _Entry], families: Mapping[str, _Entry]) -> None:
        self.file, self.people, self.families = file, people, families
        self.sexes = {xref: self._sex(person) for xref, person in people.items()}
        # Child, family and parent's place that are not by birth, with the word for it.
        self.aside: dict[tuple[str, str, str], str] = {}

    def _sex(self, person: _Entry) -> Sex:
        stated = person.says("SEX").upper()
        if stated not in _SEXES:
            line = person.named("SEX")[0].line
            raise BadFile(
                sentence("not a sex"), file=self.file, line=line, value=stated, next_step=sentence("write M, F, U or X")
            )
        return _SEXES[stated]

    def parents(self) -> dict[str, dict[str, str]]:
        """Father and mother by birth of everybody."""
        found: dict[str, dict[str, str]] = {xref: {} for xref in self.people}
        for child, family, entries in self._links():
            for place in (_FATHER, _MOTHER):
                word = self._not_by_birth(child, family, place, entries)
                people = self.families[family].named(place)
                if not people:
                    continue
                if word:
                    self.aside[child, family, place] = word
                    continue
                if len(people) > 1:
                    raise _bad(self.file, people[1].line, people[1].value, sentence("a second person in this place"))
                parent = self._pointer(people[0], self.people)
                side = self._side(parent, place, people[0].line)
                if found[child].setdefault(side, parent) != parent:
                    raise BadFile(
                        sentence("{child} has two {parents} by birth", child=child,
                                 parents="fathers" if side == _FATHER else "mothers"),
                        file=self.file,
                        line=people[0].line,
                        value=parent,
                        next_step=sentence("say which parents are not by birth (PEDI), or correct one of them"),
                    )  # fmt: skip
        return found

    def _side(self, parent: str, place: str, line: int) -> str:
        """Father or mother: by sex, else by the place, which then tells the sex."""
        if self.sexes[parent] is Sex.UNKNOWN:
            self.sexes[parent] = Sex.MALE if place == _FATHER else Sex.FEMALE
        side = _FATHER if self.sexes[parent] is Sex.MALE else _MOTHER
        if side != place:
            partners = [
                self._pointer(entry, self.people)
                for family in self.families.values()
                if any(e.line == line for e in family.named(place))
                for entry in family.named(side)
            ]
            if any(self.sexes[partner] is self.sexes[parent] for partner in partners):
                raise BadFile(
                    sentence("both parents by birth have one sex"),
                    file=self.file,
                    line=line,
                    value=parent,
                    next_step=sentence("say which parent is not by birth (PEDI, ADOP), or correct a sex"),
                )
        return side

    def _links(self) -> Iterator[tuple[str, str, list[_Entry]]]:
        """Each child with each family, and the entries that say something of it: the person's, the family's."""
        found: dict[tuple[str, str], list[_Entry]] = {}
        for xref, person in self.people.items():
            for entry in person.named("FAMC"):
                found.setdefault((xref, self._pointer(entry, self.families)), []).append(entry)
        for xref, family in self.families.items():
            for entry in family.named("CHIL"):
                found.setdefault((self._pointer(entry, self.people), xref), []).append(entry)
        for (child, family_of), entries in found.items():
            yield child, family_of, entries

    def _pointer(self, entry: _Entry, known: Mapping[str, _Entry]) -> str:
        found = _POINTER.fullmatch(entry.value)
        if found is None or found[1] not in known:
            raise _bad(self.file, entry.line, entry.value, sentence("this number is not in the file"))
        return found[1]

    def _not_by_birth(self, child: str, family: str, place: str, entries: Sequence[_Entry]) -> str:
        """How a parent is one who is not by birth; empty for a parent by birth."""
        relation = "_FREL" if place == _FATHER else "_MREL"
        for entry in entries:
            for word in (entry.says("PEDI"), entry.says(relation)):
                if word.upper() not in _BY_BIRTH:
                    return word.casefold()
        for event in self.people[child].named("ADOP"):
            for entry in event.named("FAMC"):
                if entry.value == f"@{family}@" and (entry.says("ADOP").upper() or "BOTH") in {place, "BOTH"}:
                    return "adopted"
        return ""

    def not_by_birth(self, names: Mapping[str, str]) -> list[str]:
        """``Ivan of Petro (adopted)``, each child with those who are no parents by birth."""
        said = []
        for (child, family, place), word in self.aside.items():
            parent = self._pointer(self.families[family].named(place)[0], self.people)
            said.append(f"{names[parent]} of {names[child]} ({word})")
        return said


def _names(people: Mapping[str, _Entry]) -> dict[str, str]:
    """What to call everybody: names without the marks of the surname, with the number where two are alike."""
    plain = {xref: " ".join(person.says("NAME").replace("/", " ").split()) for xref, person in people.items()}
    count = Counter(plain.values())
    found = {xref: name if name and count[name] == 1 else f"{name} ({xref})".strip() for xref, name in plain.items()}
    return {xref: name if plain[xref] else xref for xref, name in found.items()}


def _joined(people: Mapping[str, _Entry], parents: Mapping[str, Mapping[str, str]]) -> list[list[str]]:
    """Groups of people who are joined by birth, in the order of the file."""
    near: dict[str, set[str]] = {xref: set() for xref in people}
    for child, of_child in parents.items():
        for parent in of_child.values():
            near[child].add(parent)
            near[parent].add(child)
    group_of: dict[str, str] = {}
    for start in people:
        waiting = [start] if start not in group_of else []
        while waiting:
            xref = waiting.pop()
            if xref not in group_of:
                group_of[xref] = start
                waiting += near[xref]
    groups: dict[str, list[str]] = {}
    for xref in people:
        groups.setdefault(group_of[xref], []).append(xref)
    return list(groups.values())


def _not_read(records: Sequence[_Entry]) -> tuple[str, ...]:
    """A note on everything in the file that is not read, with how often."""
    unread: Counter[str] = Counter()
    for record in records:
        read = _READ.get(record.tag)
        if read is None:
            unread[record.tag] += 1
        elif record.tag != "HEAD":
            unread.update(f"{record.tag}.{part.tag}" for part in record.parts if part.tag not in read)
    listed = ", ".join(f"{tag} ({count})" for tag, count in sorted(unread.items()))
    return (f"not read: {listed}",) if listed else ()
