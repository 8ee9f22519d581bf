"""LRs that a family would give, by simulation: how often the missing person reaches a threshold, and unrelated persons."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dokaz.errors import BadQuestion
from dokaz.kinship.arrays import FloatArray, IntArray

#: From unrelated persons to the missing person, near enough that neighbouring laws overlap; see `Drawn`.
FINE = (0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0)
#: Where no rate of false matches is asked for.
ENDS = (0.0, 1.0)


@dataclass(frozen=True, eq=False)
class Drawn:
    """LRs of persons drawn from one law between that of unrelated persons and that of the missing person.

    Args:
        tilt: What is seen has at each marker a probability proportional to P(seen | unrelated) · LR^tilt: 0 draws unrelated
            persons, 1 the missing person.
        ln_normaliser: ln of the mean of LR^tilt over unrelated persons.
        log10_lr: Total log10 LR of each person drawn.
    """

    tilt: float
    ln_normaliser: float
    log10_lr: FloatArray


@dataclass(frozen=True, eq=False)
class LRDistribution:
    """What LRs a family would give, for the missing person and for unrelated persons.

    Args:
        markers: Their names.
        drawn: Simulated persons: unrelated ones first, the missing person last, and between them persons between the two.
        expected_if_true: Exact mean log10 LR of the missing person, one per marker; -inf where it may be excluded.
    """

    markers: tuple[str, ...]
    drawn: tuple[Drawn, ...]
    expected_if_true: FloatArray

    @property
    def log10_lr_if_true(self) -> FloatArray:
        """Simulated total log10 LR of the missing person."""
        return self.drawn[-1].log10_lr

    @property
    def log10_lr_if_unrelated(self) -> FloatArray:
        """Of unrelated persons."""
        return self.drawn[0].log10_lr

    def inclusion_power(self, at_least_log10_lr: float) -> float:
        """Share of true missing persons who reach a threshold."""
        return float((self.log10_lr_if_true >= at_least_log10_lr).mean())

    @cached_property
    def weighed(self) -> tuple[FloatArray, FloatArray]:
        """log10 LR of every person drawn, and what each counts for the share of unrelated persons who reach a threshold.

        Source: multiple importance sampling with the balance heuristic: Veach & Guibas 1995; laws tilted by the LR:
        Siegmund 1976. The ratio of two such laws depends on the total LR alone, so the weight does too.
        """
        values = np.concatenate([one.log10_lr for one in self.drawn])
        ln_lr = values * math.log(10)
        # An LR of 0 is drawn among unrelated persons only, whose law needs no tilt.
        densities = [np.full(values.size, math.log(self.drawn[0].log10_lr.size))]
        densities += [math.log(d.log10_lr.size) + d.tilt * ln_lr - d.ln_normaliser for d in self.drawn[1:]]
        highest = np.max(densities, axis=0)
        with np.errstate(invalid="ignore"):
            total = sum(np.exp(density - highest) for density in densities)
            weights = np.exp(-highest) / total
        # An allele without a frequency is never seen of an unrelated person.
        return values, np.where(np.isposinf(values), 0.0, weights)

    def false_match_rate(self, at_least_log10_lr: float) -> float:
        """Probability that an unrelated person reaches a threshold, as precise at 1e-12 as at 0.1; see `weighed`."""
        values, weights = self.weighed
        return float(weights[values >= at_least_log10_lr].sum())

    def false_match_error(self, at_least_log10_lr: float) -> float:
        """Monte-Carlo standard error of `false_match_rate`, from the spread within each law."""
        values, weights = self.weighed
        counted = np.where(values >= at_least_log10_lr, weights, 0.0)
        laws = np.split(counted, np.cumsum([d.log10_lr.size for d in self.drawn])[:-1])
        return math.sqrt(math.fsum(law.size * float(law.var()) for law in laws))


def simulated_lrs(
    markers: tuple[str, ...],
    laws: Sequence[tuple[FloatArray, FloatArray]],
    simulations: int,
    rng: np.random.Generator,
    tilts: Sequence[float] = FINE,
) -> LRDistribution:
    """Draw persons of the missing person's law, of unrelated persons', and of laws between the two.

    Args:
        markers: Their names.
        laws: For each marker, probabilities of everything that can be seen: of the missing person, and of an unrelated one.
        simulations: How many of each of the two; a quarter of that of each law between them.
        rng: Source of randomness.
        tilts: From 0 to 1; see `Drawn`.
    """
    sizes = [simulations, *[-(-simulations // 4)] * (len(tilts) - 2), simulations]
    totals = [np.zeros(size) for size in sizes]
    powers = np.asarray(tilts)[1:-1, None]
    ln_normalisers = np.zeros(len(tilts))
    expected = []
    for related, unrelated in laws:
        seen = (related > 0) | (unrelated > 0)
        related, unrelated = related[seen], unrelated[seen]
        with np.errstate(divide="ignore", invalid="ignore"):
            log10_lr = np.log10(related) - np.log10(unrelated)
            between = np.where(unrelated > 0, unrelated * (related / unrelated) ** powers, 0.0)
        weights = np.vstack([unrelated, between, related])
        masses = weights.sum(axis=1)
        ln_normalisers += np.log(masses / masses[0])
        counts = rng.multinomial(sizes, weights / masses[:, None])
        for total, times in zip(totals, counts, strict=True):
            total += rng.permutation(np.repeat(log10_lr, times))
        possible = related > 0
        expected.append(float(related[possible] @ log10_lr[possible]))
    drawn = zip(tilts, ln_normalisers.tolist(), totals, strict=True)
    return LRDistribution(markers, tuple(Drawn(*one) for one in drawn), np.array(expected))


def expected_false_matches(distributions: Sequence[LRDistribution], profiles: int, at_least_log10_lr: float) -> float:
    """Mean number of unrelated pairs that reach a threshold in a search of this size.

    Args:
        distributions: One a missing person, from `lr_distribution`; a sample of them may represent all, see `scale`
            of `threshold_for`.
        profiles: How many profiles are searched.
        at_least_log10_lr: The threshold.
    """
    return profiles * math.fsum(d.false_match_rate(at_least_log10_lr) for d in distributions)


def false_matches_error(distributions: Sequence[LRDistribution], profiles: int, at_least_log10_lr: float) -> float:
    """Monte-Carlo standard error of `expected_false_matches`."""
    return profiles * math.hypot(*(d.false_match_error(at_least_log10_lr) for d in distributions))


def threshold_for(
    distributions: Sequence[LRDistribution], profiles: int, *, at_most: float, scale: float = 1.0
) -> float:
    """Lowest log10 LR at which a search makes at most so many false matches on average.

    Args:
        distributions: As in `expected_false_matches`.
        profiles: How many profiles are searched.
        at_most: Mean number of false matches allowed, above 0.
        scale: Missing persons searched divided by those in `distributions`.

    Returns:
        A simulated LR, above 0: the lowest where even all that are not impossible are few enough.

    Example:
        See `threshold_for_posterior` for the bound that holds whatever the families are.
    """
    if not at_most > 0 or not distributions:
        raise BadQuestion(f"{at_most!r} false matches allowed", next_step="give a number above 0, and distributions")
    values, weights = (np.concatenate(parts) for parts in zip(*(d.weighed for d in distributions), strict=True))
    possible = ~np.isneginf(values)
    values, weights = values[possible], weights[possible] * profiles * scale
    order = np.argsort(-values)
    beyond = np.flatnonzero(np.cumsum(weights[order]) > at_most)
    if not beyond.size:
        return float(values.min())
    # The lowest value above the one at which the bound breaks; equal values go together.
    kept = values[values > values[order][beyond[0]]]
    return float(kept.min()) if kept.size else float(values.max()) + 1.0


def threshold_for_posterior(missing: int, posterior: float) -> float:
    """log10 LR that gives a posterior with prior odds of one to the number of missing persons.

    Args:
        missing: How many are missing; the prior odds are 1 to this.
        posterior: Probability, such as 0.9995.

    Source: Bayes; ICMP's practice of 99.95 % with prior 1/N.

    Example:
        >>> round(10 ** threshold_for_posterior(7745, 0.9995))
        15482255
    """
    if missing < 1 or not 0 < posterior < 1:
        raise BadQuestion(
            f"posterior {posterior!r} among {missing!r} missing", next_step="give a probability and a number of persons"
        )
    return math.log10(missing) + math.log10(posterior) - math.log10(1 - posterior)


@dataclass(frozen=True, eq=False)
class Calibration:
    """Whether simulated LRs mean what they say: among equal LRs, true ones are LR times as frequent.

    Args:
        edges: Of bins of log10 LR.
        true, unrelated: Simulated persons in each bin.
        all_true, all_unrelated: Simulated persons in and outside of the bins.
    """

    edges: FloatArray
    true: IntArray
    unrelated: IntArray
    all_true: int
    all_unrelated: int

    @property
    def log10_ratio(self) -> FloatArray:
        """log10 of the ratio of frequencies in each bin, to be compared with the bin; NaN where a side is empty."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.log10(self.true / self.all_true) - np.log10(self.unrelated / self.all_unrelated)
        return np.where((self.true > 0) & (self.unrelated > 0), ratio, np.nan)


def calibration(distributions: Sequence[LRDistribution], edges: Sequence[float]) -> Calibration:
    """Bin the simulated LRs of several families.

    Args:
        distributions: From `lr_distribution`.
        edges: Rising edges of bins of log10 LR.
    """
    true = np.concatenate([d.log10_lr_if_true for d in distributions])
    unrelated = np.concatenate([d.log10_lr_if_unrelated for d in distributions])
    bins = np.asarray(edges, dtype=float)
    counts = np.histogram(true, bins)[0], np.histogram(unrelated, bins)[0]
    return Calibration(bins, *counts, true.size, unrelated.size)
