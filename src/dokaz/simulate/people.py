"""The dead: who they were, in the proportions of Izyum."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from dokaz.simulate.figures import DEMOGRAPHY, TORTURE_SHARE
from dokaz.simulate.names import MEN, given_name, name, surname
from dokaz.simulate.population import Genotype, Population
from dokaz.simulate.truth import TruePerson

_FIRST_DEATH, _DAYS_OF_DEATHS = date(2022, 3, 5), 170


class People:
    """Makes people, one after the other, so that nobody gets another's key."""

    def __init__(self, population: Population, rng: np.random.Generator) -> None:
        self.population, self._rng = population, rng
        self.all: list[TruePerson] = []

    def make(
        self,
        *,
        group: str = "",
        sex: str = "",
        ages: tuple[int, int] | None = None,
        genotype: Genotype | None = None,
        family: tuple[str, str] | None = None,
        father: str = "",
    ) -> TruePerson:
        """One person; what is not stated follows the demography.

        Args:       group: woman, man, child, serviceman or undetermined.
                    sex: male or female, if it must be one.
                    ages: lowest and highest age at death, years.
                    genotype: if it was inherited; else a founder's.
                    family: surname as men and as women bear it.
                    father: his given name.
        """
        rng = self._rng
        if not group:
            shares = np.array(list(DEMOGRAPHY.values()), dtype=np.float64)
            group = list(DEMOGRAPHY)[int(rng.choice(len(shares), p=shares / shares.sum()))]
        sex = sex or {"woman": "female", "man": "male", "serviceman": "male"}.get(group, "")
        sex = sex or ("male" if rng.random() < 0.5 else "female")
        died = _FIRST_DEATH + timedelta(days=int(rng.integers(_DAYS_OF_DEATHS)))
        low, high = ages or {"child": (3, 17), "serviceman": (20, 52)}.get(group, (18, 93))
        # Those who stayed behind were mostly old; the soldiers were not.
        mean, spread = (34.0, 9.0) if group == "serviceman" else (61.0, 17.0)
        if high - low < 30:
            age = float(rng.uniform(low, high))
        else:
            age = float(np.clip(rng.normal(mean, spread), low + 0.1, high - 0.1))
        person = TruePerson(
            key=f"P{len(self.all) + 1:05d}",
            group=group,
            sex=sex,
            name=name(sex, family or surname(rng), father or given_name("male", rng), rng),
            born=died - timedelta(days=round(age * 365.25)),
            died=died,
            stature_cm=_stature(sex, age, rng),
            genotype=self.population.draw(1, rng)[0].copy() if genotype is None else genotype,
            tortured=bool(rng.random() < TORTURE_SHARE) and group != "child",
        )
        self.all.append(person)
        return person

    def another_name(self, sex: str) -> str:
        """One more given name."""
        return given_name(sex, self._rng)


def father_of(person: TruePerson) -> str:
    """The given name of a person's father, which the patronymic tells."""
    return next(father for father, forms in MEN.items() if person.name.patronymic in forms)


def _stature(sex: str, age: float, rng: np.random.Generator) -> float:
    adult = rng.normal(175.5, 6.5) if sex == "male" else rng.normal(163.0, 6.0)
    grown = min(1.0, 0.40 + 0.60 * min(age, 18.0) / 18.0)
    # People lose about a centimetre a decade after sixty.
    return round(float(adult * grown) - max(0.0, age - 60) * 0.08, 1)
