"""The section `[DVI]` of a Familias file: unidentified persons, and reference families with who is missing in them.

The section is a tree of headings, as deep as their brackets, with lines ``Key= value`` below each. Alleles stand here by
name. The person sought is called ``Missing person`` in the relations of a family and stands in no list of persons; here
they are called ``<family>: missing person``. Familias 3.3 lists them all the same, as ``Missing female 1`` or ``Missing
male 1``, in no relation; the sex stated there is not theirs in every file, so it is taken from the relations alone.
Further missing persons of a family are listed and untyped, under such a name, or under one that only a person can know
to be missing.

Source: files that Familias 3.2.9, 3.3 and 3.3.1 wrote.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from dokaz.errors import NOTHING, BadFile, Sentence, sentence
from dokaz.exchange.programs.case_reader import VictimCase
from dokaz.exchange.programs.familias import FamiliasFile
from dokaz.exchange.programs.familias_cases import database_line, loci_of, markers_of, unwritable
from dokaz.kinship.model.families import KinshipFamily
from dokaz.kinship.model.markers import Chromosome, MarkerSet
from dokaz.kinship.model.pedigree import Member, Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles

MISSING = "Missing person"
TITLE = ('"Output from Familias, version 3.3.1"', '"Written by Dokaz"', "3.3.1 (DVI)", '""')
_HEADING = re.compile(r"(\[+)([^\[\]]*)(\]+)\s*")
_LISTED = re.compile(r"Missing (?:male|female|person) [0-9]{1,4}")
_SEXES = {"male": Sex.MALE, "female": Sex.FEMALE, "unknown": Sex.UNKNOWN}
_Genotypes = dict[str, tuple[str, ...]]


@dataclass
class _Section:
    title: str
    depth: int
    line: int
    entries: list[tuple[str, str, int]] = field(default_factory=list)
    parts: list[_Section] = field(default_factory=list)


class _Tree:
    """The sections after the database."""

    def __init__(self, familias: FamiliasFile) -> None:
        self.file = familias.file
        self.notes: list[str] = []
        self.root = _Section("", 0, familias.tail_line)
        open_sections = [self.root]
        for line, text in enumerate(familias.tail, start=familias.tail_line):
            heading = _HEADING.fullmatch(text)
            if heading is None:
                key, mark, value = text.partition("=")
                if text.strip():
                    open_sections[-1].entries.append((key.strip() if mark else "", value.strip() or text, line))
                continue
            depth = len(heading[1])
            if len(heading[3]) != depth or depth > len(open_sections):
                raise self.bad(sentence("a heading at a depth that its place does not allow"), line, text)
            section = _Section(heading[2].strip(), depth, line)
            del open_sections[depth:]
            open_sections[-1].parts.append(section)
            open_sections.append(section)

    def bad(self, problem: Sentence, line: int, value: str | None = None, *, next_step: Sentence = NOTHING) -> BadFile:
        next_step = next_step or sentence("save the file anew in Familias; it is read whole or not at all")
        return BadFile(problem, file=self.file, line=line, value=value, next_step=next_step)

    def part(self, section: _Section, title: str) -> _Section:
        found = [part for part in section.parts if part.title.casefold() == title.casefold()]
        if len(found) != 1:
            raise self.bad(
                sentence(
                    "{part} has {count} sections {title}, not one",
                    part=section.title or "the file",
                    count=len(found),
                    title=title,
                ),
                section.line,
            )
        return found[0]

    def value(self, section: _Section, key: str, place: int) -> tuple[str, int]:
        """The value of one key, which must stand at its place."""
        if place >= len(section.entries) or section.entries[place][0] != key:
            line = section.entries[place][2] if place < len(section.entries) else section.line
            raise self.bad(sentence("{title}: no {key}=", title=section.title, key=key), line)
        return section.entries[place][1], section.entries[place][2]

    def counted(self, section: _Section, key: str, found: int) -> None:
        value, line = self.value(section, key, 0)
        if value != str(found):
            raise self.bad(
                sentence("{title}: {found} are listed", title=section.title, found=found), line, f"{key}= {value}"
            )

    def ignored(self, section: _Section, expected: Sequence[str] = ()) -> None:
        """Note what is there beyond what is understood: it stays in the file, and in no other form of it."""
        for key, value, line in section.entries:
            if key not in expected:
                self.notes.append(f"line {line}: {key}= {value} is not understood here")
        for part in section.parts:
            if part.title.casefold() not in {e.casefold() for e in expected}:
                self.notes.append(f"line {part.line}: section {part.title} is not understood here")


def has_victims(familias: FamiliasFile) -> bool:
    """Whether the file has a section `[DVI]`."""
    return any(line.strip() == "[DVI]" for line in familias.tail)


def victims_of(
    familias: FamiliasFile, missing: Collection[str] = (), stated: Mapping[str, str] | None = None
) -> tuple[VictimCase, tuple[str, ...]]:
    """The section `[DVI]` as a victim case, and notes.

    Args:
        missing: Listed persons who are missing, beside those whom the file itself calls so. A name that two families
            have is given the family's name before it.
        stated: Chromosomes of markers that the table of markers does not have, by name or pattern.

    Raises:
        BadFile: names the line and the value: a family in which nobody is missing, or whose pedigrees contradict each
            other; a name in `missing` that nobody has.
        KinshipError: a pedigree or a profile that cannot be.
    """
    tree = _Tree(familias)
    markers, notes = markers_of(familias, stated)
    dvi = tree.part(tree.root, "DVI")
    found = tree.part(dvi, "Unidentified persons")
    tree.counted(found, "nPersons", len(found.parts))
    people = [_person(tree, part, markers) for part in found.parts]
    victims = Profiles.of(
        {name: genotypes for name, _, genotypes in people}, markers, sexes={name: sex for name, sex, _ in people}
    )
    if len(victims) != len(people):
        raise tree.bad(sentence("an unidentified person is listed twice"), found.line)
    listed = tree.part(dvi, "Reference Families")
    tree.counted(listed, "nFamilies", len(listed.parts))
    families = tuple(_family(tree, part, markers, missing) for part in listed.parts)
    names = [family.name for family in families]
    for family, part in zip(families, listed.parts, strict=True):
        if names.count(family.name) > 1:
            raise tree.bad(sentence("two families of one name"), part.line, family.name)
    for name in missing:
        if not any(name in family.missing for family in families):
            raise tree.bad(
                sentence("nobody in a family has this name"),
                listed.line,
                name,
                next_step=sentence("write it as the file does"),
            )
    families = _told_apart(families)
    tree.ignored(dvi, ("Unidentified persons", "Reference Families", "Notes"))
    for part in dvi.parts:
        if part.title == "Notes":
            told = [f"{key}= {value}" if key else value for key, value, _ in part.entries if key != "nFamilies"]
            tree.notes += [f"note of a family: {text}" for text in told]
    case = VictimCase(
        familias.file.removesuffix(".fam"),
        victims,
        families,
        tuple(person for family in families for person in family.missing),
        None,
        familias.theta,
    )
    return case, (*notes, *tree.notes)


def _person(tree: _Tree, section: _Section, markers: MarkerSet) -> tuple[str, Sex, _Genotypes]:
    name, line = tree.value(section, "Name", 0)
    gender, at = tree.value(section, "Gender", 1)
    if gender.casefold() not in _SEXES:
        raise tree.bad(sentence("Gender is not Male, Female or Unknown"), at, gender)
    if not name:
        raise tree.bad(sentence("a person without a name"), line)
    tree.ignored(section, ("Name", "Gender", "DNA data"))
    data = tree.part(section, "DNA data")
    rows = data.entries
    systems = [i for i, (key, _, _) in enumerate(rows) if key == "SystemName"]
    tree.counted(data, "nSystems", len(systems))
    genotypes: _Genotypes = {}
    for i, start in enumerate(systems):
        marker, line = rows[start][1:]
        if marker not in markers or marker in genotypes:
            raise tree.bad(
                sentence("{name}: the marker is not in the database, or given twice", name=name), line, marker
            )
        first, second = (tree.value(data, key, start + k)[0] for k, key in ((1, "Allele1"), (2, "Allele2")))
        end = systems[i + 1] if i + 1 < len(systems) else len(rows)
        tree.notes += [f"line {n}: {key}= {value} is not understood here" for key, value, n in rows[start + 3 : end]]
        known = markers[marker]
        for allele in (first, second):
            if known.chromosome in (Chromosome.AUTOSOMAL, Chromosome.X) and allele not in known.alleles:
                raise tree.bad(
                    sentence("{name}, {marker}: the allele has no frequency", name=name, marker=marker), line, allele
                )
        genotypes[marker] = (first, second)
    return name, _SEXES[gender.casefold()], genotypes


def _family(tree: _Tree, section: _Section, markers: MarkerSet, also_missing: Collection[str]) -> KinshipFamily:
    family, _ = tree.value(section, "Name", 0)
    tree.ignored(section, ("Name", "Persons", "Pedigrees"))
    listed = tree.part(section, "Persons")
    tree.counted(listed, "nPersons", len(listed.parts))
    people = [_person(tree, part, markers) for part in listed.parts]
    sexes = {name: sex for name, sex, _ in people}
    if len(sexes) != len(people):
        raise tree.bad(sentence("{family}: a person is listed twice", family=family), listed.line)
    described = tree.part(section, "Pedigrees")
    tree.counted(described, "nPedigrees", len(described.parts))
    relations = _fullest(tree, family, described)
    related = {name for parent, child, _ in relations for name in (parent, child)}
    typed = {name for name, _, genotypes in people if genotypes}
    called = [name for name in sexes if _LISTED.fullmatch(name) and name not in typed]
    twice = [name for name in called if name not in related] if MISSING in related else []
    if len(twice) == 1:
        listed_sex = sexes.pop(twice[0])
    missing = [MISSING] if MISSING in related else []
    missing += [n for n in sexes if n not in missing and ((n in called and n in related) or n in also_missing)]
    if not missing:
        raise tree.bad(
            sentence("{family}: nobody is called {missing}", family=family, missing=MISSING),
            section.line,
            ", ".join(sexes),
            next_step=sentence("name who: --missing NAME"),
        )
    for name in missing:
        if name in typed or name not in related:
            why = "has a profile" if name in typed else "is nobody's child or parent"
            raise tree.bad(sentence("{family}: a missing person {why}", family=family, why=why), section.line, name)
    pedigree = _pedigree(tree, family, relations, sexes)
    if len(twice) == 1 and pedigree.sex_of(MISSING) is not listed_sex:
        tree.notes.append(
            f"{family}: {twice[0]} is taken for the {MISSING}; the sex stated there does not follow from the relations "
            "and is left aside"
        )
    profiles = Profiles.of({name: genotypes for name, _, genotypes in people if genotypes}, markers, sexes=sexes)
    return KinshipFamily(family, pedigree, tuple(missing), profiles)


def _fullest(tree: _Tree, family: str, described: _Section) -> list[tuple[str, str, int]]:
    """The relations of the pedigree that says all that the others of this family say."""
    found = [_relations(tree, part) for part in described.parts]
    pairs = [{(parent, child) for parent, child, _ in relations} for relations in found]
    full = next((i for i, own in enumerate(pairs) if all(own >= other for other in pairs)), None)
    if full is None:
        raise tree.bad(
            sentence(
                "{family}: {count} pedigrees, and none says all that the others say", family=family, count=len(found)
            ),
            described.line,
            next_step=sentence("keep one pedigree a family: a victim file holds no alternatives"),
        )
    if any(other != pairs[full] and any(MISSING in pair for pair in other) for other in pairs):
        name = described.parts[full].entries[0][1]
        tree.notes.append(f"{family}: its pedigrees differ; {name}, which holds all relations, is taken")
    return found[full]


def _told_apart(families: Sequence[KinshipFamily]) -> tuple[KinshipFamily, ...]:
    """Families whose missing persons have names that nobody else has."""
    everybody = [person for family in families for person in family.pedigree.ids]
    found = []
    for family in families:
        named = {person: person for person in family.pedigree.ids}
        for name in family.missing:
            if name == MISSING or everybody.count(name) > 1:
                named[name] = f"{family.name}: {name.lower() if name == MISSING else name}"
        members = tuple(
            Member(named[m.id], m.father and named[m.father], m.mother and named[m.mother], m.sex)
            for m in family.pedigree
        )
        missing = tuple(named[name] for name in family.missing)
        found.append(KinshipFamily(family.name, Pedigree(members, name=family.name), missing, family.profiles))
    return tuple(found)


def _relations(tree: _Tree, section: _Section) -> list[tuple[str, str, int]]:
    rows = section.entries
    tree.value(section, "Name", 0)
    stated, line = tree.value(section, "nRelations", 1)
    found = []
    for place in range(2, len(rows), 2):
        parent, at = tree.value(section, "Parent", place)
        found.append((parent, tree.value(section, "Child", place + 1)[0], at))
    if stated != str(len(found)):
        raise tree.bad(
            sentence("{title}: {count} relations are listed", title=section.title, count=len(found)),
            line,
            f"nRelations= {stated}",
        )
    return found


def _pedigree(tree: _Tree, family: str, relations: Sequence[tuple[str, str, int]], sexes: dict[str, Sex]) -> Pedigree:
    """The pedigree; somebody without a stated sex who is a parent has the sex that the other parent leaves."""
    sexes = {**sexes}
    for parent, child, _ in relations:
        sexes.setdefault(parent, Sex.UNKNOWN)
        sexes.setdefault(child, Sex.UNKNOWN)
    parents: dict[str, list[str]] = {}
    for parent, child, line in relations:
        parents.setdefault(child, []).append(parent)
        if len(parents[child]) > 2 or parents[child].count(parent) > 1:
            raise tree.bad(
                sentence("{family}: {child} has three parents, or one twice", family=family, child=child), line, parent
            )
    changed = True
    while changed:
        changed = False
        for pair in parents.values():
            known = [p for p in pair if sexes[p] is not Sex.UNKNOWN]
            if len(pair) == 2 and len(known) == 1:
                other = next(p for p in pair if p not in known)
                sexes[other] = Sex.FEMALE if sexes[known[0]] is Sex.MALE else Sex.MALE
                changed = True
    members = []
    for person, sex in sexes.items():
        sides: dict[Sex, str] = {}
        for parent in parents.get(person, ()):
            if sexes[parent] is Sex.UNKNOWN or sexes[parent] in sides:
                at = next(n for p, c, n in relations if (p, c) == (parent, person))
                raise tree.bad(
                    sentence(
                        "{family}: is {parent} the father or the mother of {person}?",
                        family=family,
                        parent=parent,
                        person=person,
                    ),
                    at,
                    parent,
                    next_step=sentence("add the other parent to the pedigree in Familias, untyped if need be"),
                )
            sides[sexes[parent]] = parent
        members.append(Member(person, sides.get(Sex.MALE), sides.get(Sex.FEMALE), sex))
    return Pedigree(tuple(members), name=family)


def familias_of_victims(case: VictimCase) -> tuple[FamiliasFile, tuple[str, ...]]:
    """A victim case as a Familias file with a section `[DVI]`, and what it does not carry.

    Raises:
        BadFile: what the format cannot hold: a family without or with several missing persons, identical twins, inbred
            founders, an unknown sex, dropout, linked markers, pairings other than by sex.
    """
    if case.linked:
        raise unwritable(sentence("a Familias file cannot hold linked markers"))
    losses: list[str] = []
    lines = ["[DVI]", "[[Unidentified persons]]", f"nPersons= {len(case.victims)}"]
    for number, victim in enumerate(case.victims.ids, start=1):
        sex = case.victims.sexes[case.victims.row_of(victim)]
        lines += _written(victim, sex, case.victims, f"Person {number}", 3)
    lines += ["[[Notes]]", f"nFamilies= {len(case.families)}", *("" for _ in case.families)]
    lines += ["[[Reference Families]]", f"nFamilies= {len(case.families)}"]
    for number, family in enumerate(case.families, start=1):
        lines += _written_family(family, number, losses)
    if case.pairings is not None and not _by_sex_alone(case):
        raise unwritable(
            sentence("a Familias file cannot hold which remains are compared with whom, other than by sex")
        )
    familias = FamiliasFile(
        "fam", TITLE, (), 0, 0, (), (), database_line(case.theta), case.case, loci_of(case.victims.markers),
        (*lines, ""),
    )  # fmt: skip
    return familias, tuple(losses)


def _by_sex_alone(case: VictimCase) -> bool:
    assert case.pairings is not None
    sexes = {person: f.pedigree.sex_of(person) for f in case.families for person in f.missing}
    for victim in case.victims.ids:
        own = case.victims.sexes[case.victims.row_of(victim)]
        allowed = {m for m, sex in sexes.items() if Sex.UNKNOWN in (own, sex) or own is sex}
        if set(case.pairings.get(victim, ())) != allowed:
            return False
    return True


def _written(name: str, sex: Sex, profiles: Profiles, title: str, depth: int) -> list[str]:
    if sex is Sex.UNKNOWN:
        raise unwritable(
            sentence("{name} has no sex; Familias knows male and female", name=name), sentence("state the sex")
        )
    if any(c in name for c in "\r\n") or name != name.strip() or name == MISSING:
        raise unwritable(
            sentence("{name!r} cannot be a name in a Familias file", name=name), sentence("rename the person")
        )
    rows: list[str] = []
    count = 0
    for marker in profiles.markers.names if name in profiles else ():
        seen = profiles.genotype(name, marker)
        if seen is None:
            continue
        if len(seen) != 2 or profiles.dropout[profiles.row_of(name), profiles.markers.names.index(marker)] >= 0:
            raise unwritable(
                sentence(
                    "{name}, {marker}: the section [DVI] holds two alleles without dropout", name=name, marker=marker
                )
            )
        rows += [f"SystemName= {marker}", f"Allele1= {seen[0]}", f"Allele2= {seen[1]}"]
        count += 1
    return [
        f"{'[' * depth}{title}{']' * depth}", f"Name= {name}", f"Gender= {sex.name.capitalize()}",
        f"{'[' * (depth + 1)}DNA data{']' * (depth + 1)}", f"nSystems= {count}", *rows,
    ]  # fmt: skip


def _written_family(family: KinshipFamily, number: int, losses: list[str]) -> list[str]:
    pedigree = family.pedigree
    if len(family.missing) != 1:
        raise unwritable(
            sentence(
                "{name}: {count} missing persons; Familias holds one a family",
                name=family.name,
                count=len(family.missing),
            )
        )
    if pedigree.identical_twins or any(member.inbreeding for member in pedigree):
        raise unwritable(
            sentence("{name}: a Familias file is not written for identical twins or inbred founders", name=family.name)
        )
    missing = family.missing[0]
    if missing in family.profiles:
        raise unwritable(
            sentence("{name}: the missing person {missing} has a profile", name=family.name, missing=missing)
        )
    others = [person for person in pedigree.ids if person != missing]
    lines = [f"[[[Family {number} ]]]", f"Name= {family.name}", "[[[[Persons]]]]", f"nPersons= {len(others)}"]
    for place, person in enumerate(others, start=1):
        if _LISTED.fullmatch(person) and person not in family.profiles:
            raise unwritable(
                sentence("{name}: {person} would be read as a missing person", name=family.name, person=person),
                sentence("rename the person"),
            )
        lines += _written(person, pedigree.sex_of(person), family.profiles, f"Person {place}", 5)
    relations: list[str] = []
    for member in pedigree:
        for parent in (member.father, member.mother):
            if parent is not None:
                pair = [MISSING if p == missing else p for p in (parent, member.id)]
                relations += [f"Parent= {pair[0]}", f"Child= {pair[1]}"]
    if not any(MISSING in line for line in relations):
        raise unwritable(sentence("{name}: {missing} is nobody's child or parent", name=family.name, missing=missing))
    for child in pedigree.children_of(missing):
        if None in (child.father, child.mother):
            raise unwritable(
                sentence(
                    "{name}: the file would not say whether {missing} is the father or the mother of {id}",
                    name=family.name,
                    missing=missing,
                    id=child.id,
                ),
                sentence("add the other parent, untyped"),
            )
    if pedigree.sex_of(missing) is not Sex.UNKNOWN and not pedigree.children_of(missing):
        losses.append(f"{family.name}: the sex of {missing}")
    if missing != f"{family.name}: missing person":
        losses.append(f"{family.name}: the name {missing}")
    lines += ["[[[[Pedigrees]]]]", "nPedigrees= 2"]
    for place, name in enumerate(("Reference pedigree", family.name), start=1):
        lines += [f"[[[[[Pedigree {place}]]]]]", f"Name= {name}", f"nRelations= {len(relations) // 2}", *relations]
    return lines
