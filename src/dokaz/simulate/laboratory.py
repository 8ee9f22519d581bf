"""The laboratory: which element is sampled, which samples give a profile, and what a degraded bone loses."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from dokaz.numbers import number, parse_number
from dokaz.simulate.figures import DNA_SUCCESS, DNA_SUCCESS_ASSUMED
from dokaz.simulate.population import Population
from dokaz.simulate.truth import TrueSample, Unit

_PREFERRED = ("femur", "teeth", "humerus", "tibia", "os coxae", "radius", "ulna")


class Laboratory:
    """Takes samples and types them."""

    def __init__(self, population: Population, rng: np.random.Generator) -> None:
        self._population, self._rng = population, rng
        self.samples: list[TrueSample] = []
        self._taken: dict[str, int] = {}

    def sample(self, unit: Unit, *, reason: str = "", later: bool = False, sure: bool = False) -> TrueSample:
        """Cut one sample from a unit and type it.

        Args:       unit: somebody's remains.
                    reason: why a further sample was taken.
                    later: delivered after the first files.
                    sure: gives a full profile whatever the element.
        """
        assert unit.person is not None and unit.lifted_at is not None
        parsed, rng = parse_number(unit.number), self._rng
        count = self._taken[unit.number] = self._taken.get(unit.number, 0) + 1
        element = self._element(unit)
        sample = TrueSample(
            number=number(parsed.site, parsed.grave, parsed.n, "S", (*parsed.derivation, count)),
            unit=unit.number, element=element, genotype=unit.person.genotype, reason=reason, later=later,
            taken_at=unit.lifted_at + timedelta(days=160 if later else 2 + count, minutes=int(rng.integers(20, 300))),
        )  # fmt: skip
        chance = (DNA_SUCCESS | DNA_SUCCESS_ASSUMED)[element.split(":")[0]]
        sample.success = sure or bool(rng.random() < chance)
        # A laboratory tries a weak extract again before it gives up, and sometimes that helps.
        sample.attempts = 2 if not sure and rng.random() < (0.06 if sample.success else 0.6) else 1
        self.samples.append(sample)
        self._type(sample, unit, sure=sure)
        return sample

    def drop_alleles(self, sample: TrueSample, share: float) -> None:
        """Let a share of the heterozygous markers lose one allele, and a few lose both: a fragment of old bone."""
        rng = self._rng
        for marker, alleles in list(sample.shown.items()):
            if alleles and alleles[0] != alleles[-1] and rng.random() < share:
                kept = int(rng.integers(2))
                sample.shown[marker] = (alleles[kept],)
                sample.dropped[marker] = alleles[1 - kept]
            elif rng.random() < share / 3:
                sample.shown[marker] = ()

    def _element(self, unit: Unit) -> str:
        present = {element.split(":")[0]: element for element in unit.elements}
        choices = [present[name] for name in _PREFERRED if name in present]
        # Mortuaries prefer the femur, and take a tooth where the jaw is sound.
        if unit.kind == "B" and "teeth" in present and self._rng.random() < 0.25:
            return "teeth"
        return choices[0]

    def _type(self, sample: TrueSample, unit: Unit, *, sure: bool) -> None:
        assert unit.person is not None
        rng = self._rng
        sample.male = unit.person.sex == "male"
        partial = not sure and rng.random() < 0.25
        lost = float(rng.uniform(0.05, 0.3)) if partial else 0.0
        for marker, alleles in self._population.alleles(sample.genotype).items():
            gone = not sample.success or rng.random() < lost
            sample.shown[marker] = () if gone else alleles
