"""What a Familias file says, as the kinship engine takes it, and the way back.

Model 2 of the mutation models is stepwise among whole repeats ("probability decreasing with range"), 3 the same made
stationary by method PM, 4 the extended stepwise model with its own rate for microvariants. The format
does not say on which chromosome a marker lies: the table of markers does; outside it, what is stated does. Familias itself
takes DX and DY in a name for X and Y, and any other marker for autosomal. Visible frequencies and the silent one
together sum to 1; where the visible ones alone do, all are divided by 1 + the silent one, and that is told.

Source: Familias 2.6.4 for R, manual page `FamiliasLocus`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dokaz.errors import BadFile, DokazError, Sentence, sentence
from dokaz.exchange.programs.case_reader import Question, VictimCase
from dokaz.exchange.programs.familias import (
    NOTHING_KNOWN,
    FamiliasFile,
    FamiliasLocus,
    FamiliasPedigree,
    FamiliasPerson,
    FamiliasRelation,
    MutationLines,
    Written,
)
from dokaz.kinship.model.families import KinshipFamily
from dokaz.kinship.model.marker_table import chromosome_of, stated_place
from dokaz.kinship.model.markers import SUM_TOLERANCE, Chromosome, Marker, MarkerSet
from dokaz.kinship.model.mutation import Mutation, MutationKind, MutationModel
from dokaz.kinship.model.pedigree import Member, Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles

TITLE = ('"Output from Familias, version 3.3.1"', '"Written by Dokaz"', "3.3.1", '""')
_ON_SEX_CHROMOSOME = re.compile(r"D([XY])[SFPY]?\d.*", re.IGNORECASE)
#: Options of direct matching in the section `[Advanced]`; zero unless somebody set them.
_OPTION = re.compile(r"(?:Dropin|Dropout|Error)=\s*([0-9]{1,9}(?:\.[0-9]{1,20})?(?:[eE]-?[0-9]{1,3})?)")
#: The two flags of a person of whom nothing was said.
_PLAIN = ("#FALSE#", "#FALSE#")
#: Stated matrices are printed with some 15 digits.
_SAME_MATRIX = 1e-9


@dataclass(frozen=True)
class FamiliasCase:
    """The pedigrees, markers and profiles of a Familias file, and what was noted in reading them."""

    pedigrees: tuple[Pedigree, ...]
    profiles: Profiles
    theta: float
    notes: tuple[str, ...]


def markers_of(familias: FamiliasFile, stated: Mapping[str, str] | None = None) -> tuple[MarkerSet, tuple[str, ...]]:
    """The database as markers, and notes.

    Args:
        stated: Chromosomes of markers that the table of markers does not have, by name or pattern.

    Raises:
        BadFile: frequencies that do not sum to 1, or a mutation model that is undefined for these alleles.
    """
    notes: list[str] = []
    return MarkerSet(tuple(_marker(locus, familias.file, notes, stated or {}) for locus in familias.loci)), tuple(notes)


def unplaced(familias: FamiliasFile, stated: Mapping[str, str]) -> tuple[str, ...]:
    """Markers that are neither in the table of markers nor stated: Familias takes them for autosomal."""
    names = [locus.name for locus in familias.loci if chromosome_of(locus.name) is None]
    return tuple(name for name in names if stated_place(name, stated) is None)


def _place(name: str, stated: Mapping[str, str]) -> Chromosome:
    by_name = _ON_SEX_CHROMOSOME.fullmatch(name)
    as_familias = Chromosome(by_name[1].upper()) if by_name else Chromosome.AUTOSOMAL
    return chromosome_of(name) or stated_place(name, stated) or as_familias


def _marker(locus: FamiliasLocus, file: str, notes: list[str], stated: Mapping[str, str]) -> Marker:
    silent = float(locus.silent) if locus.has_silent else None
    frequencies = [float(f) for f in locus.frequencies]
    visible = math.fsum(frequencies)
    if silent and abs(visible - 1) <= SUM_TOLERANCE < abs(visible + silent - 1):
        frequencies = [f / (1 + silent) for f in frequencies]
        notes.append(f"{locus.name}: visible frequencies sum to 1, so all were divided by 1 + silent {silent:g}")
        silent /= 1 + silent
    if locus.least_frequency:
        notes.append(
            f"{locus.name}: the minor allele frequency {locus.least_frequency:g} is not applied; "
            "give --min-frequency for alleles without one"
        )
    try:
        models = [_model(locus, lines, notes) for lines in (locus.female, locus.male)]
        mutation: Mutation | None = Mutation(models[0], models[1])
        if not any(model.rate or model.rate2 for model in models):
            mutation = None
        return Marker(locus.name, locus.alleles, tuple(frequencies), _place(locus.name, stated), mutation, silent)
    except DokazError as error:
        raise BadFile(error.what, file=file, line=locus.line, column=locus.name, next_step=error.next_step) from error


def _model(locus: FamiliasLocus, lines: MutationLines, notes: list[str]) -> MutationModel:
    rate, step_range = float(lines.rate), float(lines.range)
    if lines.model < 2:
        kind = MutationKind.EQUAL if lines.model == 0 else MutationKind.PROPORTIONAL
        return MutationModel(kind, rate=rate)
    rate2 = float(lines.rate2) if lines.model == 4 else 0.0
    groups = {round(float(a) * 10) % 10 for a in locus.alleles if _is_number(a)}
    if lines.model != 4 and len(groups) > 1:
        rate2 = float(lines.rate2)
        note = f"{locus.name}: stepwise model with microvariants; they take the second rate {rate2:g}"
        if note not in notes:
            notes.append(note)
    if rate == rate2 == 0:
        return MutationModel(MutationKind.EQUAL)
    return MutationModel(MutationKind.STEPWISE, rate=rate, rate2=rate2, range=step_range, stationary=lines.model == 3)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text) is not None


def left_behind(familias: FamiliasFile) -> tuple[str, ...]:
    """What bears on an answer and has a place in a Familias file only: options of direct matching, years of birth."""
    options = [line.strip() for line in familias.tail if (m := _OPTION.fullmatch(line.strip())) and float(m[1])]
    born = [
        f"{p.name}: {', '.join(p.kept)}" for p in familias.persons if p.kept[::2] != _PLAIN or p.kept[1][:2] != "-1"
    ]
    return (
        *([f"only a Familias file holds the options {'; '.join(options)}"] if options else []),
        *([f"only a Familias file holds what stands before the sex of {'; '.join(born)}"] if born else []),
    )


def case_of(familias: FamiliasFile, stated: Mapping[str, str] | None = None) -> FamiliasCase:
    """Pedigrees, markers and profiles of the main part of a file.

    Unnamed persons are called ``+woman 1``, ``+man 1`` and so on. Everybody is in every pedigree, as Familias has it.

    Args:
        stated: As in `markers_of`.

    Raises:
        BadFile: names the line and the value.
        KinshipError: a pedigree or a profile that cannot be.
    """
    markers, notes = markers_of(familias, stated)
    names = [person.name for person in familias.persons]
    sexes = [Sex.MALE if person.is_male else Sex.FEMALE for person in familias.persons]
    _add_unnamed(names, sexes, familias.women, familias.men)
    described = familias.pedigrees
    if not described and (familias.relations or familias.persons):
        described = (FamiliasPedigree(0, "Known relations", 0, 0, ()),)
    pedigrees = tuple(_pedigree(familias, one, names, sexes) for one in described)
    genotypes: dict[str, dict[str, list[str]]] = {}
    dropout: dict[str, dict[str, float]] = {}
    for person in familias.persons:
        if not person.genotypes:
            continue
        genotypes[person.name] = {}
        for first, second, position in person.genotypes:
            locus = familias.loci[position]
            pair = [locus.alleles[first], locus.alleles[second]]
            genotypes[person.name][locus.name] = pair
            if person.considers_dropout and locus.dropout > 0:
                dropout.setdefault(person.name, {})[locus.name] = locus.dropout
    profiles = Profiles.of(
        genotypes,
        markers,
        sexes=dict(zip(names, sexes, strict=True)),
        dropout=dict(dropout.items()),
    )
    aside = sorted(
        {m.name for m in markers if m.chromosome not in (Chromosome.AUTOSOMAL, Chromosome.X)}
        & {name for typed in genotypes.values() for name in typed}
    )
    extra = (f"not in the profiles, which take autosomal and X markers: {', '.join(aside)}",) if aside else ()
    return FamiliasCase(pedigrees, profiles, familias.theta, notes + extra)


def _add_unnamed(names: list[str], sexes: list[Sex], women: int, men: int) -> None:
    for word, count, sex in (("woman", women, Sex.FEMALE), ("man", men, Sex.MALE)):
        for _ in range(count):
            number = 1
            while f"+{word} {number}" in names:
                number += 1
            names.append(f"+{word} {number}")
            sexes.append(sex)


def _pedigree(
    familias: FamiliasFile, described: FamiliasPedigree, known: Sequence[str], known_sexes: Sequence[Sex]
) -> Pedigree:
    names, sexes = list(known), list(known_sexes)
    _add_unnamed(names, sexes, described.women, described.men)
    parents: list[list[str | None]] = [[None, None] for _ in names]
    twins: list[set[str]] = []
    for relation in (*familias.relations, *described.relations):
        parent, child = names[relation.parent], names[relation.child]
        if relation.identity:
            joined = {parent, child}.union(*(group for group in twins if group & {parent, child}))
            twins = [group for group in twins if not group & joined] + [joined]
            continue
        side = 0 if sexes[relation.parent] is Sex.MALE else 1
        if parents[relation.child][side] not in (None, parent):
            raise BadFile(
                sentence(
                    "{pedigree}: {child} has two {parents}",
                    pedigree=described.name,
                    child=child,
                    parents="fathers" if side == 0 else "mothers",
                ),
                file=familias.file,
                line=relation.line,
                value=parent,
                next_step=sentence("correct the pedigree"),
            )
        parents[relation.child][side] = parent
    for group in twins:
        # One of a pair may carry the parents of both.
        for side in (0, 1):
            stated = {parents[names.index(person)][side] for person in group} - {None}
            for person in group:
                if len(stated) == 1:
                    parents[names.index(person)][side] = next(iter(stated))
    members = tuple(
        Member(name, father, mother, sex) for name, (father, mother), sex in zip(names, parents, sexes, strict=True)
    )
    return Pedigree(members, tuple(frozenset(group) for group in twins), described.name)


def question_of(
    familias: FamiliasFile, h1: str = "", h2: str = "", stated: Mapping[str, str] | None = None
) -> tuple[Question, tuple[str, ...]]:
    """Two pedigrees of a file as a question, and notes.

    Args:
        h1, h2: Names of the two pedigrees; the first and the second where the file has exactly two.
        stated: As in `markers_of`.

    Raises:
        BadFile: the file has not exactly two pedigrees and they are not named, or has none of that name.
    """
    case = case_of(familias, stated)
    known = {pedigree.name: pedigree for pedigree in case.pedigrees}
    if not (h1 or h2) and len(known) == 2:
        h1, h2 = known
    for name in (h1, h2):
        if name not in known:
            raise BadFile(
                sentence("a question needs two pedigrees; the file has {known}", known=", ".join(known) or "none"),
                file=familias.file,
                value=name or None,
                next_step=sentence("name two of them: --h1 and --h2; or say who is missing from its family: --missing"),
            )
    stem = familias.file.removesuffix(".fam")
    return Question(stem, known[h1], known[h2], case.profiles, case.theta), case.notes


def family_of(familias: FamiliasFile, missing: Sequence[str], stated: Mapping[str, str]) -> VictimCase:
    """The one pedigree of a file as a family alone, and who is missing from it.

    Raises:
        BadFile: the file has several pedigrees, or nobody of that name.
        KinshipError: a missing person has a profile.
    """
    case = case_of(familias, stated)
    if len(case.pedigrees) != 1:
        raise BadFile(
            sentence("a family alone is one pedigree; the file has {count}", count=len(case.pedigrees)),
            file=familias.file,
            next_step=sentence("keep one of them in the file, or name two for a question: --h1 and --h2"),
        )
    [pedigree] = case.pedigrees
    for name in missing:
        if name not in pedigree:
            raise BadFile(
                sentence("nobody of this name"),
                file=familias.file,
                value=name,
                next_step=sentence("persons: {names}", names=", ".join(pedigree.ids)),
            )
    family = KinshipFamily(pedigree.name, pedigree, tuple(missing), case.profiles)
    nobody = Profiles.of({}, case.profiles.markers)
    stem = familias.file.removesuffix(".fam")
    return VictimCase(stem, nobody, (family,), tuple(missing), None, case.theta)


# --- the way back ------------------------------------------------------------------------------------------------------


_KEEP_AS_JSON = sentence("keep this case as JSON")


def unwritable(problem: Sentence, next_step: Sentence = _KEEP_AS_JSON) -> BadFile:
    """What a Familias file cannot hold."""
    return BadFile(problem, file="fam", next_step=next_step)


def loci_of(markers: MarkerSet, dropout: Mapping[str, float] | None = None) -> tuple[FamiliasLocus, ...]:
    """Markers as a database.

    Args:
        dropout: Probability of dropout by marker, for persons who consider it.

    Raises:
        BadFile: a mutation model that Familias does not have.
    """
    return tuple(_locus(marker, (dropout or {}).get(marker.name, 0.0)) for marker in markers)


def _locus(marker: Marker, dropout: float) -> FamiliasLocus:
    if _place(marker.name, {}) is not marker.chromosome:
        raise unwritable(
            sentence(
                "{name}: a Familias file does not say that a marker is {value}",
                name=marker.name,
                value=marker.chromosome.value,
            )
        )
    models = (None, None) if marker.mutation is None else (marker.mutation.female, marker.mutation.male)
    female, male = (_mutation_lines(marker, model) for model in models)
    information = f"\t(DatabaseSize = 1000 , Dropout probability = {dropout!r} , Minor allele frequency = 0 )"
    if not dropout:
        information = NOTHING_KNOWN
    return FamiliasLocus(
        marker.name,
        female,
        male,
        marker.alleles,
        tuple(Written(f) for f in marker.frequencies),
        marker.has_silent,
        Written(marker.silent_frequency or 0.0),
        information,
    )


def _mutation_lines(marker: Marker, model: MutationModel | None) -> MutationLines:
    zero = Written(0.0)
    if model is None or (model.stated is None and model.rate == model.rate2 == 0):
        return MutationLines(0, zero, Written(0.1), zero)
    numbers = {MutationKind.EQUAL: 0, MutationKind.PROPORTIONAL: 1, MutationKind.STEPWISE: 4}
    if model.kind not in numbers:
        raise unwritable(
            sentence("{name}: Familias has no {value} mutation model", name=marker.name, value=model.kind.value)
        )
    number = numbers[model.kind]
    named = MutationModel(model.kind, rate=model.rate, rate2=model.rate2, range=model.range)
    if model.stationary and number == 0:
        raise unwritable(sentence("{name}: Familias has no equal mutation model made stationary", name=marker.name))
    if model.stationary and number == 4:
        if len({a.partition(".")[2] for a in marker.alleles}) > 1:
            raise unwritable(
                sentence(
                    "{name}: Familias makes the stepwise model stationary for whole repeats only", name=marker.name
                )
            )
        number = 3
    if model.stated is not None:
        matrix = named.matrix(marker.alleles, marker.all_frequencies, silent=marker.has_silent)
        if not np.allclose(matrix, np.array(model.stated), rtol=_SAME_MATRIX, atol=1e-14):
            raise unwritable(
                sentence(
                    "{name}: the stated mutation matrix is not that of the {value} model",
                    name=marker.name,
                    value=model.kind.value,
                )
            )
    return MutationLines(number, Written(model.rate), Written(model.range), Written(model.rate2))


def familias_of(question: Question) -> FamiliasFile:
    """A question as a Familias file with two pedigrees.

    Raises:
        BadFile: what the format cannot hold: linked markers, identical twins, inbred founders, an unknown sex, drop-in,
            no allele or more than two under dropout, a dropout that differs between persons.
    """
    if question.linked:
        raise unwritable(sentence("a Familias file cannot hold linked markers"))
    profiles = question.profiles
    hypotheses = (question.h1, question.h2)
    names = tuple(dict.fromkeys(person for pedigree in hypotheses for person in pedigree.ids))
    dropout = _dropout(profiles)
    persons = []
    for name in names:
        sexes = {pedigree.sex_of(name) for pedigree in hypotheses if name in pedigree} - {Sex.UNKNOWN}
        if len(sexes) != 1:
            raise unwritable(
                sentence("{name} has no sex, or two; Familias knows male and female", name=name),
                sentence("state the sex"),
            )
        persons.append(_person(name, sexes.pop(), profiles))
    position = {name: i for i, name in enumerate(names)}
    pedigrees = tuple(
        FamiliasPedigree(i, pedigree.name or f"H{i + 1}", 0, 0, relations_of(pedigree, position))
        for i, pedigree in enumerate(hypotheses)
    )
    if pedigrees[0].name == pedigrees[1].name:
        raise unwritable(
            sentence("both hypotheses are called {name}", name=pedigrees[0].name), sentence("name them apart")
        )
    return FamiliasFile(
        "fam", TITLE, tuple(persons), 0, 0, (), pedigrees, database_line(question.theta), question.case,
        loci_of(profiles.markers, dropout),
    )  # fmt: skip


def database_line(theta: float) -> str:
    """The head of a database with this theta."""
    return f"#FALSE# (#Databases: 1 ;Theta/Kinship/Fst: {Written(theta).text} )"


def relations_of(pedigree: Pedigree, position: Mapping[str, int]) -> tuple[FamiliasRelation, ...]:
    """Parents and children as positions.

    Raises:
        BadFile: identical twins or inbred founders.
    """
    if pedigree.identical_twins or any(member.inbreeding for member in pedigree):
        raise unwritable(
            sentence(
                "{name}: a Familias file is not written for identical twins or inbred founders", name=pedigree.name
            )
        )
    return tuple(
        FamiliasRelation(position[parent], position[member.id])
        for member in pedigree
        for parent in (member.father, member.mother)
        if parent is not None
    )


def _dropout(profiles: Profiles) -> dict[str, float]:
    """Probability of dropout by marker, which a Familias file holds once for all persons."""
    if profiles.dropin[profiles.typed].any():
        raise unwritable(sentence("a Familias file cannot hold drop-in"))
    found: dict[str, float] = {}
    for column, marker in enumerate(profiles.markers.names):
        rates = {float(r) for r in profiles.dropout[profiles.typed[:, column], column] if not np.isnan(r)}
        if len(rates) > 1:
            raise unwritable(
                sentence(
                    "{marker}: dropout differs between persons ({rates})",
                    marker=marker,
                    rates=", ".join(map(repr, sorted(rates))),
                )
            )
        found[marker] = rates.pop() if rates else 0.0
    return found


def _person(name: str, sex: Sex, profiles: Profiles) -> FamiliasPerson:
    if name not in profiles:
        return FamiliasPerson(name, sex is Sex.MALE)
    row = profiles.row_of(name)
    genotypes = []
    considers: set[bool] = set()
    for column, marker in enumerate(profiles.markers):
        seen = profiles.genotype(name, marker.name)
        if seen is None:
            continue
        rate = profiles.dropout[row, column]
        if not np.isnan(rate):
            if len(seen) not in (1, 2):
                raise unwritable(
                    sentence(
                        "{person}, {locus}: {count} alleles under dropout; Familias takes one or two",
                        person=name,
                        locus=marker.name,
                        count=len(seen),
                    )
                )
            seen = (seen[0], seen[-1])
        considers.add(not np.isnan(rate) and rate > 0)
        genotypes.append((marker.index_of(seen[0]), marker.index_of(seen[1]), column))
    if len(considers) > 1:
        raise unwritable(
            sentence("{name}: dropout at some markers only, which Familias sets for a person as a whole", name=name)
        )
    number = "-1 (Consider dropouts)" if True in considers else "-1"
    return FamiliasPerson(name, sex is Sex.MALE, tuple(genotypes), ("#FALSE#", number, "#FALSE#"))
