"""Sexes that are not known, in files of Familias, which knows male and female only.

Read: who is named as of unknown sex is so, whatever the file had to say. Written: who is of unknown sex is a man, as the
format demands one of two, unless they are somebody's mother; whom that concerns is told as a loss.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from dokaz.errors import BadFile, sentence
from dokaz.exchange.programs.case_reader import Question, VictimCase
from dokaz.kinship.model.pedigree import Member, Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles

_Told = Callable[[str, Sex], Sex]


def with_unknown(pedigree: Pedigree, names: Collection[str], file: str) -> Pedigree:
    """A pedigree in which the sex of these persons is not known.

    Raises:
        BadFile: one of them is a parent, whose sex the pedigree says.
    """
    for name in names:
        if name in pedigree and pedigree.children_of(name):
            raise BadFile(
                sentence("the sex of a parent is known: father or mother"),
                file=file,
                value=name,
                next_step=sentence("leave them out of --unknown-sex"),
            )
    return _changed(pedigree, lambda name, sex: Sex.UNKNOWN if name in names else sex)


def question_with_unknown(question: Question, names: Collection[str], file: str) -> Question:
    """A question in which the sex of these persons is not known."""
    h1, h2 = (with_unknown(pedigree, names, file) for pedigree in (question.h1, question.h2))
    return replace(question, h1=h1, h2=h2, profiles=_profiles(question.profiles, names))


def case_with_unknown(case: VictimCase, names: Collection[str], file: str) -> VictimCase:
    """A victim case in which the sex of these persons is not known."""
    families = tuple(
        replace(family, pedigree=with_unknown(family.pedigree, names, file), profiles=_profiles(family.profiles, names))
        for family in case.families
    )
    return replace(case, victims=_profiles(case.victims, names), families=families)


def must_be_there(names: Collection[str], people: Collection[str], file: str) -> None:
    """Refuse a name that nobody has."""
    for name in names:
        if name not in people:
            raise BadFile(
                sentence("nobody of this name"),
                file=file,
                value=name,
                next_step=sentence("persons: {names}", names=", ".join(list(people)[:20])),
            )


def question_as_familias_has_it(question: Question) -> tuple[Question, tuple[str, ...]]:
    """A question without unknown sexes, and whose sex was not known."""
    told = _Filled(question.h1, question.h2)
    h1, h2 = (_changed(pedigree, told) for pedigree in (question.h1, question.h2))
    return replace(question, h1=h1, h2=h2), told.losses


def case_as_familias_has_it(case: VictimCase) -> tuple[VictimCase, tuple[str, ...]]:
    """A victim case without unknown sexes but those of the missing, and whose sex was not known."""
    told = _Filled(*(family.pedigree for family in case.families))
    sexes = tuple(map(told, case.victims.ids, case.victims.sexes))
    missing = frozenset(case.missing)

    def told_of_others(name: str, sex: Sex) -> Sex:
        return sex if name in missing else told(name, sex)

    families = tuple(replace(f, pedigree=_changed(f.pedigree, told_of_others)) for f in case.families)
    return replace(case, victims=replace(case.victims, sexes=sexes), families=families), told.losses


class _Filled:
    """Male or female for everybody, and for whom it was not known."""

    def __init__(self, *pedigrees: Pedigree) -> None:
        self.mothers = {member.mother for pedigree in pedigrees for member in pedigree if member.mother}
        self.fathers = {member.father for pedigree in pedigrees for member in pedigree if member.father}
        self.guessed: dict[str, None] = {}

    def __call__(self, name: str, sex: Sex) -> Sex:
        if sex is not Sex.UNKNOWN:
            return sex
        if name in self.mothers:
            return Sex.FEMALE
        if name not in self.fathers:
            self.guessed[name] = None
        return Sex.MALE

    @property
    def losses(self) -> tuple[str, ...]:
        return tuple(f"that the sex of {name} is not known (written as male)" for name in self.guessed)


def _changed(pedigree: Pedigree, told: _Told) -> Pedigree:
    members: tuple[Member, ...] = tuple(replace(member, sex=told(member.id, member.sex)) for member in pedigree)
    return replace(pedigree, members=members)


def _profiles(profiles: Profiles, names: Collection[str]) -> Profiles:
    pairs = zip(profiles.ids, profiles.sexes, strict=True)
    return replace(profiles, sexes=tuple(Sex.UNKNOWN if name in names else sex for name, sex in pairs))
