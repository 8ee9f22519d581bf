"""What the engine answers, with the inputs that the answer rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dokaz.kinship.arrays import BoolArray, FloatArray
from dokaz.kinship.model.markers import FrequencyAdded


@dataclass(frozen=True)
class Assumptions:
    """What was assumed beyond the pedigrees; part of every result.

    Args:
        theta: Coancestry coefficient, 0 to 1; 0 means Hardy–Weinberg.
        linked: Groups of linked markers with the recombination fraction between neighbours.
        added: Alleles that a policy gave a frequency, and what that divided the others by.
    """

    theta: float = 0.0
    linked: tuple[tuple[tuple[str, ...], tuple[float, ...]], ...] = ()
    added: tuple[FrequencyAdded, ...] = ()


@dataclass(frozen=True)
class LikelihoodRatio:
    """How much better one hypothesis explains the profiles than another.

    Assumes that the markers (groups of linked markers) are independent given the pedigrees. It is a strength of
    evidence, never a probability that a hypothesis is true.

    Args:
        h1, h2: Names of the two hypotheses.
        people: Ids whose profiles entered.
        markers: One name a term; linked markers are one term, their names joined by "+".
        ln_likelihood_h1, ln_likelihood_h2: Natural logarithm, one per term; -inf where impossible; 0 where nobody is
            typed.
        missing_markers: Terms at which nobody is typed; they count as LR 1.
        set_aside: Markers that never enter a product (amelogenin, Y, mitochondrial).
        assumptions: What else the numbers rest on.
    """

    h1: str
    h2: str
    people: tuple[str, ...]
    markers: tuple[str, ...]
    ln_likelihood_h1: FloatArray
    ln_likelihood_h2: FloatArray
    missing_markers: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    assumptions: Assumptions = Assumptions()

    @property
    def log10_lr_per_marker(self) -> FloatArray:
        """log10 LR, one per term; -inf where H1 is impossible, +inf where H2 is, NaN where both are."""
        with np.errstate(invalid="ignore"):
            difference: FloatArray = (self.ln_likelihood_h1 - self.ln_likelihood_h2) / math.log(10)
        return difference

    @property
    def log10_lr(self) -> float:
        """log10 of the LR over all terms; NaN where both hypotheses are impossible at a marker."""
        with np.errstate(invalid="ignore"):
            return float(self.log10_lr_per_marker.sum())

    @property
    def lr_per_marker(self) -> FloatArray:
        """LR, one per term; exactly 0 where H1 is impossible."""
        with np.errstate(invalid="ignore", over="ignore"):
            ratio: FloatArray = np.exp(self.ln_likelihood_h1 - self.ln_likelihood_h2)
        return ratio

    @property
    def lr(self) -> float:
        """LR over all terms."""
        with np.errstate(invalid="ignore", over="ignore"):
            return float(np.exp((self.ln_likelihood_h1 - self.ln_likelihood_h2).sum()))

    @property
    def likelihood_h1(self) -> FloatArray:
        """Likelihood of H1, one per term."""
        return np.asarray(np.exp(self.ln_likelihood_h1))

    @property
    def likelihood_h2(self) -> FloatArray:
        """Likelihood of H2, one per term."""
        return np.asarray(np.exp(self.ln_likelihood_h2))

    @property
    def inconsistent_markers(self) -> tuple[str, ...]:
        """Terms at which the profiles are impossible under H1."""
        return self.impossible_markers[0]

    @property
    def impossible_markers(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Terms at which the profiles are impossible under H1, and under H2."""
        names = np.array(self.markers, dtype=object)
        h1, h2 = (tuple(names[np.isneginf(ln)]) for ln in (self.ln_likelihood_h1, self.ln_likelihood_h2))
        return h1, h2

    @property
    def undefined_markers(self) -> tuple[str, ...]:
        """Terms at which the profiles are impossible under both hypotheses."""
        h1, h2 = self.impossible_markers
        return tuple(name for name in h1 if name in h2)


@dataclass(frozen=True)
class BlindSearch:
    """Every profile against every missing person: LR of "is this person" against "is unrelated to this family".

    Args:
        profiles: Ids of the profiles, axis 0.
        missing: Ids of the missing persons, axis 1.
        families: The family of each missing person.
        markers: Names of the markers, axis 2.
        log10_lr_per_marker: Shape (profiles, missing, markers); -inf where inconsistent; NaN where not compared.
        compared: bool, shape (profiles, missing): False where a stated rule (as: sex) kept the pair out.
        assumptions: What else the numbers rest on.
    """

    profiles: tuple[str, ...]
    missing: tuple[str, ...]
    families: tuple[str, ...]
    markers: tuple[str, ...]
    log10_lr_per_marker: FloatArray
    compared: BoolArray
    assumptions: Assumptions = Assumptions()

    @property
    def log10_lr(self) -> FloatArray:
        """Total log10 LR, shape (profiles, missing)."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.log10_lr_per_marker.sum(axis=2))

    def inconsistent_markers(self, profile: str, missing: str) -> tuple[str, ...]:
        """Markers at which this profile cannot be this missing person."""
        values = self.log10_lr_per_marker[self.profiles.index(profile), self.missing.index(missing)]
        return tuple(name for name, value in zip(self.markers, values, strict=True) if value == -math.inf)

    def excluded_by_one_marker(self, at_least_log10_lr: float) -> list[tuple[str, str, str]]:
        """Pairs that one marker alone makes impossible: a mutation there, if a model allowed it, would make them likely.

        Args:
            at_least_log10_lr: Total of the other markers from which a pair is named.

        Returns:
            Profile, missing person and the marker; the pair whose other markers say most first.
        """
        impossible = np.isneginf(self.log10_lr_per_marker)
        others = np.where(impossible, 0.0, self.log10_lr_per_marker).sum(axis=2)
        found = np.argwhere(self.compared & (impossible.sum(axis=2) == 1) & (others >= at_least_log10_lr))
        return [
            (self.profiles[i], self.missing[j], self.markers[int(np.argmax(impossible[i, j]))])
            for i, j in sorted(found.tolist(), key=lambda pair: -float(others[pair[0], pair[1]]))
        ]

    def candidates(self, at_least_log10_lr: float = 0.0) -> list[Mapping[str, object]]:
        """Pairs at or above a threshold, strongest first; ties in order of id. A rank, not an identification."""
        total = self.log10_lr
        found = [
            (float(total[i, j]), profile, missing, self.families[j])
            for i, profile in enumerate(self.profiles)
            for j, missing in enumerate(self.missing)
            if self.compared[i, j] and total[i, j] >= at_least_log10_lr
        ]
        found.sort(key=lambda row: (-row[0], row[1], row[2]))
        return [
            {
                "profile": p,
                "missing": m,
                "family": f,
                "log10_lr": value,
                "inconsistent": self.inconsistent_markers(p, m),
            }
            for value, p, m, f in found
        ]
