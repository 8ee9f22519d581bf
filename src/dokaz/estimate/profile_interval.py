"""Intervals of a population's size by how much less likely other sizes are, under one log-linear model.

The population has a fixed, unknown size N; the patterns of its members are multinomial. For each N the model is
fitted anew (with N minus the observed as the count of those on no list), and sizes whose likelihood is within 3.84 /
2 of the largest make the 95 % interval. It is not symmetric and never falls below the number of people seen.

Source: Cormack 1992, Interval estimation for mark-recapture studies of closed populations, Biometrics 48, equation 2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, lgamma, log

import numpy as np
from numpy.typing import NDArray

from dokaz.errors import NotEstimable
from dokaz.estimate.poisson_fit import Floats, fit, fit_with_all_patterns, without_negative

#: Half of the 95 % quantile of chi-square with one degree of freedom.
HALF_OF_CHI_SQUARE = 1.920729410347062
#: No larger number on no list is looked at, as a multiple of those seen: an interval that reaches it has no upper end.
_FARTHEST = 1e7


@dataclass(frozen=True)
class ProfileInterval:
    """Sizes of the population that the counts do not speak against, under one model.

    Attributes:
        n: The most likely size.
        low: The smallest; at least the number seen.
        high: The largest; infinite where the likelihood stays within the limit however large the population.
    """

    n: float
    low: float
    high: float


def profile_interval(
    design: Floats, counts: NDArray[np.int64], impossible: NDArray[np.bool_], *, not_negative: int = 0
) -> ProfileInterval:
    """The most likely size and its 95 % profile likelihood interval.

    Args:
        design: Shape (patterns, parameters), row 0 for those on no list.
        counts: People of each pattern; that of pattern 0 is not read.
        impossible: Patterns that cannot occur.
        not_negative: The parameters of so many last columns are not below zero.

    Raises:
        NotEstimable: as ``poisson_fit.fit``; or no size is more likely than ever larger ones.
    """
    at_start = fit(design[:, : design.shape[1] - not_negative], counts, impossible)
    use = at_start.possible.copy()
    use[0] = True
    inside, seen = design[use], counts[use].astype(float)
    observed = float(seen[1:].sum())

    def log_likelihood(log_unseen: float) -> float:
        seen[0] = exp(log_unseen)
        means = fit_with_all_patterns(without_negative(inside, seen, not_negative), seen)
        size = observed + seen[0]
        return lgamma(size + 1) - lgamma(seen[0] + 1) + float(seen @ np.log(means / size))

    farthest = log(_FARTHEST * observed)
    nearest = log(1e-3)
    top = _highest(log_likelihood, nearest, farthest, log(max(at_start.unseen, 1e-3)))
    if top > farthest - 1:
        raise NotEstimable("ever larger populations are ever more likely under this model")
    limit = log_likelihood(top) - HALF_OF_CHI_SQUARE
    low = 0.0 if log_likelihood(nearest) > limit else exp(_crossing(log_likelihood, limit, nearest, top))
    high = inf if log_likelihood(farthest) > limit else exp(_crossing(log_likelihood, limit, farthest, top))
    return ProfileInterval(observed + exp(top), observed + low, observed + high)


def _highest(of: Callable[[float], float], low: float, high: float, near: float) -> float:
    """Where a function with one maximum is highest: by golden sections around a guess."""
    width = 1.0
    left, right = max(low, near - width), min(high, near + width)
    while left > low and of(left) > of(left + 0.01):
        left = max(low, left - (width := 2 * width))
    width = 1.0
    while right < high and of(right) > of(right - 0.01):
        right = min(high, right + (width := 2 * width))
    golden = (5**0.5 - 1) / 2
    a, b = right - golden * (right - left), left + golden * (right - left)
    at_a, at_b = of(a), of(b)
    while right - left > 1e-8:
        if at_a > at_b:
            right, b, at_b = b, a, at_a
            a = right - golden * (right - left)
            at_a = of(a)
        else:
            left, a, at_a = a, b, at_b
            b = left + golden * (right - left)
            at_b = of(b)
    return (left + right) / 2


def _crossing(of: Callable[[float], float], limit: float, below: float, above: float) -> float:
    """Where a function passes a limit, between a place where it is below and one where it is above."""
    while abs(below - above) > 1e-8:
        middle = (below + above) / 2
        if of(middle) > limit:
            above = middle
        else:
            below = middle
    return (below + above) / 2
