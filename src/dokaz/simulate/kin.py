"""Families of the missing: real pedigrees, relatives who gave samples, and the reports that they made."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from dokaz.simulate.figures import STATURE_OVERSTATED_CM
from dokaz.simulate.names import MEN, OFFICERS, SURNAMES, Name, given_name, name
from dokaz.simulate.people import father_of
from dokaz.simulate.population import Genotype, Population
from dokaz.simulate.truth import Relative, Report, TrueFamily, TruePerson

#: Which relatives gave samples, by the age of the missing person, with weights; together they average 2.88 a person.
_YOUNG = ((("FA", "MO"), 4.0), (("FA", "MO", "SI1"), 5.0), (("MO", "SI1"), 2.0), (("MO", "SI1", "SI2"), 2.0))
_ADULT = (
    (("FA", "MO"), 2.0), (("FA", "MO", "SI1"), 2.5), (("MO", "SI1", "SI2"), 2.0), (("MO", "SI1"), 1.5),
    (("SP", "CH1", "CH2"), 2.5), (("MO", "SP", "CH1", "CH2"), 2.0), (("FA", "MO", "SP", "CH1"), 1.2),
    (("FA", "MO", "SI1", "SI2"), 1.0), (("MO",), 0.5), (("MO", "CH1"), 1.0),
)  # fmt: skip
_OLD = (
    (("SP", "CH1", "CH2"), 3.0), (("CH1", "CH2"), 2.0), (("CH1", "CH2", "CH3"), 2.5), (("SI1", "SI2", "CH1"), 1.5),
    (("SI1", "SI2", "SI3"), 1.0), (("SP", "CH1", "CH2", "CH3"), 1.6), (("CH1",), 0.6),
    (("SP", "SI1", "CH1", "CH2"), 1.0),
)  # fmt: skip

RELATIONSHIP = {
    "FA": "father",
    "MO": "mother",
    "SI": "full sibling",
    "SP": "spouse",
    "CH": "child",
    "HS": "half sibling",
}


class Kin:
    """Builds families around people, and the reports of who is missing."""

    def __init__(self, population: Population, rng: np.random.Generator, *, mutation_rate: float = 0.0) -> None:
        self._population, self._rng, self._mutation_rate = population, rng, mutation_rate
        self.families: list[TrueFamily] = []
        self.reports: list[Report] = []

    def give_family(self, person: TruePerson, relatives: tuple[str, ...] = ()) -> TrueFamily:
        """Invent a person's family; the person's own genotype is born anew from their parents'.

        Args:       person: somebody whose genotype nothing depends on yet.
                    relatives: who gave a sample, as ``FA``, ``MO``, ``SI1``, ``SP``, ``CH1``; empty: drawn by age.
        """
        rng = self._rng
        relatives = relatives or self._who(person.age_years)
        father, mother = self._population.draw(2, rng)
        person.genotype = self.child(father, mother)
        members = [self._missing(person, "MP")]
        parents = any(r[:2] in {"FA", "MO", "SI"} for r in relatives)
        if parents:
            members[0].father, members[0].mother = "FA", "MO"
            members += self._parents(person, relatives, father, mother)
        for key in (r for r in relatives if r.startswith("SI")):
            members.append(self.sibling(person, key, self.child(father, mother)))
        if any(r[:2] in {"SP", "CH"} for r in relatives):
            members += self._descendants(person, relatives)
        return self.add(members)

    def add(self, members: list[Relative]) -> TrueFamily:
        """Take a family in and give it an officer."""
        number = len(self.families) + 1
        family = TrueFamily("", members, OFFICERS[number % len(OFFICERS)])
        self.families.append(family)
        return family

    def report(
        self,
        person: TruePerson,
        family: TrueFamily | None = None,
        *,
        member: str = "MP",
        called: Name | None = None,
        note: str = "",
    ) -> Report:
        """Report a person missing, as relatives do: the stature overstated, the name as they say it."""
        overstated = self._rng.normal(*STATURE_OVERSTATED_CM)
        report = Report(
            id="",
            person=person,
            name=called or person.name,
            stature_cm=round(person.stature_cm + float(overstated)),
            family=family,
            member=member if family else "",
            liaison=family.liaison if family else OFFICERS[int(self._rng.integers(len(OFFICERS)))],
            note=note,
        )
        self.reports.append(report)
        person.reports.append(report)
        return report

    def give_second_family(self, person: TruePerson, relatives: tuple[str, ...]) -> TrueFamily:
        """The other side of a person's family, known to another office: spouse and children only."""
        return self.add([self._missing(person, "MP"), *self._descendants(person, relatives)])

    def number_all(self) -> None:
        """Number families and reports in an order that tells nothing of how they were made."""
        for index, at in enumerate(self._rng.permutation(len(self.families))):
            self.families[at].id = f"F{index + 1:04d}"
        for index, at in enumerate(self._rng.permutation(len(self.reports))):
            self.reports[at].id = f"MP-{index + 1:04d}"
        self.families.sort(key=lambda family: family.id)
        self.reports.sort(key=lambda report: report.id)

    def child(self, father: Genotype, mother: Genotype) -> Genotype:
        """A child of two people."""
        return self._population.child(father, mother, self._rng, mutation_rate=self._mutation_rate)

    def founder(self) -> Genotype:
        """Somebody unrelated to everybody."""
        genotype: Genotype = self._population.draw(1, self._rng)[0].copy()
        return genotype

    def sibling(self, person: TruePerson, key: str, genotype: Genotype, *, sampled: bool = True) -> Relative:
        """A brother or sister of a person, by the same stated parents."""
        rng = self._rng
        sex = "male" if rng.random() < 0.5 else "female"
        return Relative(
            id=key, name=name(sex, _family_name(person), father_of(person), rng), sex=sex,
            born=_years(person.born, float(rng.uniform(-5, 5 if person.age_years > 15 else 0))), father="FA", mother="MO",
            relationship="full sibling", genotype=genotype, sampled=sampled,
        )  # fmt: skip

    def _missing(self, person: TruePerson, key: str) -> Relative:
        return Relative(id=key, name=person.name, sex=person.sex, born=person.born, missing=True)

    def _parents(
        self, person: TruePerson, relatives: tuple[str, ...], father: Genotype, mother: Genotype
    ) -> list[Relative]:
        rng, family = self._rng, _family_name(person)
        he = Name(family[0], father_of(person), MEN[given_name("male", rng)][0])
        she = name("female", family, given_name("male", rng), rng)
        # The oldest and the youngest sibling are within five years, so parents are clear of all of them.
        age = float(rng.uniform(21, 34))
        return [
            Relative("FA", he, "male", _years(person.born, -age - 1), relationship="father", genotype=father,
                     sampled="FA" in relatives),
            Relative("MO", she, "female", _years(person.born, -age), relationship="mother", genotype=mother,
                     sampled="MO" in relatives),
        ]  # fmt: skip

    def _descendants(self, person: TruePerson, relatives: tuple[str, ...]) -> list[Relative]:
        rng, family = self._rng, _family_name(person)
        other = "female" if person.sex == "male" else "male"
        spouse = self.founder()
        members = [
            Relative("SP", name(other, family, given_name("male", rng), rng), other,
                     _years(person.born, float(rng.uniform(-3, 3))), relationship="spouse", genotype=spouse,
                     sampled="SP" in relatives)
        ]  # fmt: skip
        father, mother = ("MP", "SP") if person.sex == "male" else ("SP", "MP")
        first = max(18.0, min(26.0, person.age_years - 8))
        for key in (r for r in relatives if r.startswith("CH")):
            sex = "male" if rng.random() < 0.5 else "female"
            called = name(sex, family, (person if person.sex == "male" else members[0]).name.given_name, rng)
            genotype = self.child(*((person.genotype, spouse) if person.sex == "male" else (spouse, person.genotype)))
            born = _years(person.born, first + 2.3 * int(key[2:]))
            members.append(Relative(key, called, sex, born, father, mother, "child", genotype, sampled=True))
        return members

    def _who(self, age: float) -> tuple[str, ...]:
        # Nobody under thirty has children here, so that no child is born after its parent's death.
        choices = _YOUNG if age < 30 else _ADULT if age < 58 else _OLD
        weights = np.array([weight for _, weight in choices])
        return choices[int(self._rng.choice(len(choices), p=weights / weights.sum()))][0]


def _family_name(person: TruePerson) -> tuple[str, str]:
    return next(pair for pair in SURNAMES if person.name.surname in pair)


def _years(day: date, years: float) -> date:
    return day + timedelta(days=round(years * 365.25))
