"""Familias files (`.fam`): persons, pedigrees and database as that program writes them, read and written whole.

A file is a list of lines, one value a line: a preamble; each person with genotypes as positions in the locus's list of
alleles; relations known to all pedigrees, then each pedigree; the database of loci with mutation models for each sex
and silent frequencies; after that, sections in brackets (`[DVI]`, `[Advanced]`). Nothing in it names itself, so a line
that is not what its place demands is refused with its number. Values whose meaning is not known here (three flags of
each person, the options) are kept as they stand, so that reading and writing give the same file again.

What the numbers mean for a likelihood is told in `familias_cases`; the section `[DVI]` in `familias_victims`.

Source: Egeland, Mostad, Mevåg, Stenersen 2000 (the program); Familias 2.6.4 for R, manual page `FamiliasLocus` (mutation
models); the layout from files that Familias 3 wrote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dokaz.errors import NOTHING, BadFile, Sentence, sentence
from dokaz.exchange.reading.encodings import decode

#: What stands behind the number of alleles where nothing is known of a locus.
NOTHING_KNOWN = "\t(DatabaseSize = 1000 , Dropout probability = 0 , Minor allele frequency = 0 )"
#: More unnamed persons than this in one pedigree are taken for a file that is out of step.
MOST_UNNAMED = 1_000
#: Mutation models by the number that stands for them.
MODELS = ("equal", "proportional", "stepwise", "stepwise, stationary", "stepwise, extended")

#: Columns of the file of the same name that PLINK writes.
_PLINK = 6
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,8}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DATABASE = re.compile(r"(#TRUE#|#FALSE#)(.*)", re.DOTALL)
_THETA = re.compile(r"(Theta/Kinship/Fst:\s*)(\S+)")
_INFORMATION = re.compile(r"(0|[1-9][0-9]{0,8})(|[^0-9].*)", re.DOTALL)
_IDENTITY = re.compile(r"\s*([0-9]{1,9})\b.*Direct.*", re.IGNORECASE)
_DROPOUT = re.compile(r"(Dropout probability\s*=\s*)([^\s,)]+)")
_LEAST = re.compile(r"(Minor allele frequency\s*=\s*)([^\s,)]+)")


class Written(float):
    """A number with the text that stood for it, so that writing gives the same bytes."""

    text: str

    def __new__(cls, value: float, text: str = "") -> Written:
        number = super().__new__(cls, value)
        number.text = text or _shown(value)
        return number


def _shown(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


NO_FREQUENCY = Written(0.0)


@dataclass(frozen=True)
class FamiliasPerson:
    """A person with genotypes: (first allele, second allele, locus), all as positions from 0."""

    name: str
    is_male: bool
    genotypes: tuple[tuple[int, int, int], ...] = ()
    # Lines whose meaning is not known here; the middle one also says whether dropout is considered.
    kept: tuple[str, str, str] = ("#FALSE#", "-1", "#FALSE#")
    line: int = field(default=0, compare=False)

    @property
    def considers_dropout(self) -> bool:
        """Whether the dropout probability of each locus holds for this person."""
        return "consider dropouts" in self.kept[1].casefold()


@dataclass(frozen=True)
class FamiliasRelation:
    """A parent and a child, as positions among the persons; with `identity` both are one person (Direct/identity)."""

    parent: int
    child: int
    identity: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class FamiliasPedigree:
    """One pedigree: unnamed women and men (numbered after everybody else) and the relations that it adds."""

    number: int
    name: str
    women: int
    men: int
    relations: tuple[FamiliasRelation, ...]


@dataclass(frozen=True)
class MutationLines:
    """Mutation of one sex: `model` is a position in `MODELS`."""

    model: int
    rate: Written
    range: Written
    rate2: Written


@dataclass(frozen=True)
class FamiliasLocus:
    """One marker of the database. `information` is what stands behind the number of alleles, as written."""

    name: str
    female: MutationLines
    male: MutationLines
    alleles: tuple[str, ...]
    frequencies: tuple[Written, ...]
    has_silent: bool = False
    silent: Written = NO_FREQUENCY
    information: str = NOTHING_KNOWN
    # The number of alleles with the silent one, as the file states it; None: as many as there are.
    stated_alleles: int | None = None
    line: int = field(default=0, compare=False)

    @property
    def dropout(self) -> float:
        """Probability that one copy of an allele is missed, for persons who consider it."""
        return self._said(_DROPOUT)

    @property
    def least_frequency(self) -> float:
        """Minor allele frequency that Familias puts under rare alleles; 0: none."""
        return self._said(_LEAST)

    def _said(self, pattern: re.Pattern[str]) -> float:
        found = pattern.search(self.information)
        return float(found[2]) if found and _NUMBER.fullmatch(found[2]) else 0.0


@dataclass(frozen=True)
class FamiliasFile:
    """A whole file. `preamble` are the lines before the number of persons, `tail` those after the database."""

    file: str
    preamble: tuple[str, ...]
    persons: tuple[FamiliasPerson, ...]
    women: int
    men: int
    relations: tuple[FamiliasRelation, ...]
    pedigrees: tuple[FamiliasPedigree, ...]
    database_line: str
    database: str | None
    loci: tuple[FamiliasLocus, ...]
    # Ends with an empty text where the last line is ended.
    tail: tuple[str, ...] = ("",)
    newline: str = "\n"
    encoding: str = "utf-8"
    # The line of the file on which `tail` begins.
    tail_line: int = field(default=0, compare=False)

    @property
    def theta(self) -> float:
        """Coancestry coefficient (Theta/Kinship/Fst)."""
        found = _THETA.search(self.database_line)
        return float(found[2]) if found else 0.0


class _Lines:
    """A cursor over the lines of a file; every refusal names the line."""

    def __init__(self, lines: list[str], file: str) -> None:
        self.lines, self.file, self.at = lines, file, 0

    def bad(
        self, problem: Sentence, value: str | None = None, *, line: int = 0, next_step: Sentence = NOTHING
    ) -> BadFile:
        shown = None if value is None else value[:80]
        next_step = next_step or sentence("save the file anew in Familias; it is read whole or not at all")
        return BadFile(problem, file=self.file, line=line or self.at, value=shown, next_step=next_step)

    def take(self, what: str) -> str:
        if self.at >= len(self.lines):
            self.at = len(self.lines)
            raise self.bad(sentence("the file ends where {what} should stand", what=what))
        self.at += 1
        return self.lines[self.at - 1]

    def quoted(self, what: str) -> str:
        text = self.take(what)
        if len(text) < 2 or text[0] != '"' or text[-1] != '"' or '"' in text[1:-1]:
            raise self.bad(sentence("not {what} in quotation marks", what=what), text)
        return text[1:-1]

    def whole(self, what: str, low: int, high: int) -> int:
        text = self.take(what)
        if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
            raise self.bad(
                sentence("not {what}: a whole number from {low} to {high}", what=what, low=low, high=high), text
            )
        return int(text)

    def number(self, what: str, low: float, high: float) -> Written:
        text = self.take(what)
        if not _NUMBER.fullmatch(text.strip()) or not low <= float(text) <= high:
            raise self.bad(
                sentence("not {what}: a number from {low:g} to {high:g}", what=what, low=low, high=high), text
            )
        return Written(float(text), text)

    def flag(self, what: str) -> bool:
        text = self.take(what)
        if text not in {"#TRUE#", "#FALSE#"}:
            raise self.bad(sentence("not {what}: #TRUE# or #FALSE#", what=what), text)
        return text == "#TRUE#"


def read_familias(data: bytes, *, file: str) -> FamiliasFile:
    """Read a Familias file.

    Args:
        data: The whole file.
        file: Its name, for errors.

    Raises:
        BadFile: a line is not what its place demands; names line and value.
    """
    text, encoding = decode(data, file=file)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = _Lines(text.split(newline), file)
    first = lines.lines[0].split() if lines.lines else []
    if len(first) == _PLINK and "familias" not in lines.lines[0].casefold():
        raise lines.bad(
            sentence("a .fam file of PLINK, which holds pedigrees only, not one of Familias"),
            lines.lines[0],
            line=1,
            next_step=sentence(
                "convert it: dokaz kinship convert {file} {stem}.json --from ped --frequencies TABLE; status 2 is "
                "missing",
                file=file,
                stem=file.rpartition(".")[0] or file,
            ),
        )
    preamble = [lines.take("the title") for _ in range(3)]
    if "familias" not in preamble[0].casefold():
        raise lines.bad(
            sentence("the first line does not name Familias"),
            preamble[0],
            line=1,
            next_step=sentence("give a .fam file"),
        )
    if lines.at < len(lines.lines) and lines.lines[lines.at].startswith('"'):
        preamble.append(lines.take("a note"))
    persons = tuple(_person(lines) for _ in range(lines.whole("the number of persons", 0, 10**6)))
    names = [person.name for person in persons]
    for person in persons:
        if not person.name or names.count(person.name) > 1:
            raise lines.bad(sentence("a person without a name, or a name given twice"), person.name, line=person.line)
    if lines.quoted("Known relations") != "Known relations":
        raise lines.bad(sentence("not the heading Known relations"), lines.lines[lines.at - 1])
    women, men = _unnamed(lines)
    everybody = len(persons) + women + men
    relations = _relations(lines, everybody)
    pedigrees = _pedigrees(lines, everybody)
    database_line = lines.take("the head of the database")
    head = _DATABASE.fullmatch(database_line)
    if head is None:
        raise lines.bad(sentence("not the head of the database"), database_line)
    if head[1] == "#TRUE#":
        raise lines.bad(
            sentence("the file carries computed probabilities, whose form is not known here"),
            database_line,
            next_step=sentence("save the project in Familias before computing"),
        )
    theta = _THETA.search(database_line)
    if theta and not (_NUMBER.fullmatch(theta[2]) and 0 <= float(theta[2]) <= 1):
        raise lines.bad(sentence("theta is not a number from 0 to 1"), database_line)
    count = lines.whole("the number of loci", 0, 10**5)
    database = lines.quoted("the name of the database") if lines.flag("whether the database has a name") else None
    loci = tuple(_locus(lines) for _ in range(count))
    tail_line = lines.at + 1
    read = FamiliasFile(
        file, tuple(preamble), persons, women, men, relations, pedigrees, database_line, database, loci,
        tuple(lines.lines[lines.at :]), newline, encoding, tail_line,
    )  # fmt: skip
    _check(read, lines)
    return read


def _person(lines: _Lines) -> FamiliasPerson:
    name = lines.quoted("the name of a person")
    line = lines.at
    kept = (lines.take("a flag"), lines.take("a number"), lines.take("a flag"))
    male = lines.flag("whether the person is male")
    count = lines.whole("the number of genotypes", 0, 10**5)
    genotypes = []
    for _ in range(count):
        first, second, locus = (lines.whole(w, 0, 10**6) for w in ("an allele", "an allele", "a locus"))
        genotypes.append((first, second, locus))
    return FamiliasPerson(name, male, tuple(genotypes), (kept[0], kept[1], kept[2]), line)


def _unnamed(lines: _Lines) -> tuple[int, int]:
    women = lines.whole("the number of unnamed women", 0, MOST_UNNAMED)
    return women, lines.whole("the number of unnamed men", 0, MOST_UNNAMED)


def _relations(lines: _Lines, everybody: int) -> tuple[FamiliasRelation, ...]:
    found = []
    for _ in range(lines.whole("the number of relations", 0, 10**6)):
        text = lines.take("a parent")
        line = lines.at
        identity = _IDENTITY.fullmatch(text)
        if not (identity or _WHOLE.fullmatch(text)):
            raise lines.bad(sentence("not a parent"), text)
        parent = int(identity[1] if identity else text)
        if not 0 <= parent < everybody:
            raise lines.bad(sentence("there are persons 0 to {last}", last=everybody - 1), text)
        child = lines.whole("a child", 0, everybody - 1)
        found.append(FamiliasRelation(parent, child, text if identity else "", line))
    return tuple(found)


def _pedigrees(lines: _Lines, everybody: int) -> tuple[FamiliasPedigree, ...]:
    found: list[FamiliasPedigree] = []
    for _ in range(lines.whole("the number of pedigrees", 0, 10**5)):
        number = lines.whole("the number of a pedigree", 0, 10**5)
        name = lines.quoted("the name of a pedigree")
        if any(name == other.name for other in found):
            raise lines.bad(sentence("two pedigrees of one name"), name)
        women, men = _unnamed(lines)
        found.append(FamiliasPedigree(number, name, women, men, _relations(lines, everybody + women + men)))
    return tuple(found)


def _locus(lines: _Lines) -> FamiliasLocus:
    name = lines.quoted("the name of a locus")
    line = lines.at
    rates = [lines.number(f"the mutation rate of {sex}", 0, 1) for sex in ("mothers", "fathers")]
    models = [lines.whole(f"the mutation model of {sex}", 0, len(MODELS) - 1) for sex in ("mothers", "fathers")]
    stated = lines.whole("the number of alleles with the silent one", 0, 10**5)
    ranges = [lines.number(f"the mutation range of {sex}", 0, 1e9) for sex in ("mothers", "fathers")]
    rates2 = [lines.number(f"the second mutation rate of {sex}", 0, 1) for sex in ("mothers", "fathers")]
    has_silent = lines.flag("whether there is a silent allele")
    silent = lines.number("the silent frequency", 0, 1)
    text = lines.take("the number of alleles")
    information = _INFORMATION.fullmatch(text)
    if information is None:
        raise lines.bad(sentence("not the number of alleles"), text)
    alleles, frequencies = [], []
    for _ in range(int(information[1])):
        alleles.append(lines.quoted("an allele"))
        if alleles[-1] in alleles[:-1]:
            raise lines.bad(sentence("{name}: the allele is given twice", name=name), alleles[-1])
        frequencies.append(lines.number(f"the frequency of {name} {alleles[-1]}", 0, 1))
    female, male = (MutationLines(models[i], rates[i], ranges[i], rates2[i]) for i in (0, 1))
    return FamiliasLocus(
        name, female, male, tuple(alleles), tuple(frequencies), has_silent, silent, information[2], stated, line
    )


def _check(read: FamiliasFile, lines: _Lines) -> None:
    """What cannot be told line by line: loci named twice, alleles and loci that do not exist."""
    names = [locus.name for locus in read.loci]
    for locus in read.loci:
        if not locus.name or names.count(locus.name) > 1:
            raise lines.bad(sentence("a locus without a name, or named twice"), locus.name, line=locus.line)
    for person in read.persons:
        seen: set[int] = set()
        for first, second, position in person.genotypes:
            if position >= len(read.loci) or position in seen:
                raise lines.bad(
                    sentence("{name}: no locus {position}, or typed twice", name=person.name, position=position),
                    str(position),
                    line=person.line,
                )
            seen.add(position)
            locus = read.loci[position]
            if max(first, second) >= len(locus.alleles):
                raise lines.bad(
                    sentence(
                        "{person}, {locus}: there are alleles 0 to {last}",
                        person=person.name,
                        locus=locus.name,
                        last=len(locus.alleles) - 1,
                    ),
                    str(max(first, second)),
                    line=person.line,
                    next_step=sentence("a silent allele is never seen; correct the genotype"),
                )


def write_familias(familias: FamiliasFile) -> bytes:
    """The bytes of a Familias file; for one that was read, those that were read.

    Raises:
        BadFile: a name that would break the line it stands on.
    """
    out = [*familias.preamble, str(len(familias.persons))]
    for person in familias.persons:
        out += [_quoted(person.name), *person.kept, _flag(person.is_male), str(len(person.genotypes))]
        out += [str(number) for genotype in person.genotypes for number in genotype]
    out += ['"Known relations"', str(familias.women), str(familias.men), *_written_relations(familias.relations)]
    out.append(str(len(familias.pedigrees)))
    for pedigree in familias.pedigrees:
        out += [str(pedigree.number), _quoted(pedigree.name), str(pedigree.women), str(pedigree.men)]
        out += _written_relations(pedigree.relations)
    out += [familias.database_line, str(len(familias.loci)), _flag(familias.database is not None)]
    if familias.database is not None:
        out.append(_quoted(familias.database))
    for locus in familias.loci:
        pair = (locus.female, locus.male)
        out += [_quoted(locus.name), *(m.rate.text for m in pair), *(str(m.model) for m in pair)]
        counted = len(locus.alleles) + locus.has_silent
        out.append(str(counted if locus.stated_alleles is None else locus.stated_alleles))
        out += [*(m.range.text for m in pair), *(m.rate2.text for m in pair)]
        out += [_flag(locus.has_silent), locus.silent.text, f"{len(locus.alleles)}{locus.information}"]
        for allele, frequency in zip(locus.alleles, locus.frequencies, strict=True):
            out += [_quoted(allele), frequency.text]
    out += familias.tail
    text = familias.newline.join(out)
    return text.encode(familias.encoding)


def _written_relations(relations: tuple[FamiliasRelation, ...]) -> list[str]:
    out = [str(len(relations))]
    for relation in relations:
        out += [relation.identity or str(relation.parent), str(relation.child)]
    return out


def _flag(value: bool) -> str:
    return "#TRUE#" if value else "#FALSE#"


def _quoted(name: str) -> str:
    if any(c in name for c in '"\r\n'):
        raise BadFile(
            sentence("a Familias file cannot hold a name with a quotation mark or a line break"),
            file="fam",
            value=name,
            next_step=sentence("rename it"),
        )
    return f'"{name}"'
