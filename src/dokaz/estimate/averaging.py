"""One distribution of a size from several that each hold under an assumption of their own.

Over models: each model says a size and how sure it is of it if it is right; how likely it is to be right is its
weight. The sum of these distributions is wide where models that fit alike differ. Over linkages: records were linked
with errors, so lists are linked anew several times, as likely as each link is, and each linkage gives an estimate;
what the linkage leaves open is added to what the lists leave open.

Source: Buckland, Burnham & Augustin 1997, Model selection: an integral part of inference, Biometrics 53; Rubin 1987,
Multiple imputation for nonresponse in surveys, equation 3.1.7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, exp, isfinite, log, sqrt

from dokaz.errors import NotEstimable
from dokaz.estimate.loglinear import LoglinearModels

#: The 97.5 % quantile of the normal distribution.
_TWO_SIDES = 1.959963984540054


@dataclass(frozen=True)
class AveragedSize:
    """A size over all models or linkages.

    Attributes:
        n: The median.
        low: The 2.5 % quantile.
        high: The 97.5 % quantile.
        of: How many it is averaged over.
    """

    n: float
    low: float
    high: float
    of: int


def average_over_models(models: LoglinearModels, observed: int) -> AveragedSize:
    """The size over all models with a finite estimate, weighed by exp(−BIC / 2).

    Each model's number on no list is taken as log-normal with its own asymptotic error.

    Args:
        observed: People on at least one list.
    """
    parts = []
    for one in models.ranked:
        unseen = max(one.fit.unseen, 1e-9)
        parts.append((one.weight, log(unseen), max(sqrt(log(1 + (one.standard_error / unseen) ** 2)), 1e-9)))

    def quantile(at: float) -> float:
        low = min(mean - 10 * spread for _, mean, spread in parts)
        high = max(mean + 10 * spread for _, mean, spread in parts)
        while high - low > 1e-9:
            middle = (low + high) / 2
            reached = sum(weight * (1 + erf((middle - mean) / spread / sqrt(2))) / 2 for weight, mean, spread in parts)
            low, high = (middle, high) if reached < at else (low, middle)
        return observed + exp((low + high) / 2)

    return AveragedSize(quantile(0.5), quantile(0.025), quantile(0.975), len(parts))


def average_over_linkages(estimates: Sequence[tuple[float, float, float]]) -> AveragedSize:
    """The size over several linkages of the same lists, as likely as the links are: variance within plus between.

    Args:
        estimates: n, low and high of each linkage, by one method; at least two.

    Raises:
        NotEstimable: fewer than two; one of them has no upper end.

    Example: two linkages that agree say no more than one:
        >>> average_over_linkages([(100, 80, 125), (100, 80, 125)])
        AveragedSize(n=100.0, low=80.0, high=125.0, of=2)
    """
    if len(estimates) < 2:
        raise NotEstimable("one linkage shows nothing of what linking leaves open", "draw at least two")
    if not all(isfinite(high) and low > 0 for _, low, high in estimates):
        raise NotEstimable("the estimate of one linkage has no upper end")
    many = len(estimates)
    means = [log(n) for n, _, _ in estimates]
    mean = sum(means) / many
    within = sum((log(high / low) / 2 / _TWO_SIDES) ** 2 for _, low, high in estimates) / many
    between = sum((each - mean) ** 2 for each in means) / (many - 1)
    half = _TWO_SIDES * sqrt(within + (1 + 1 / many) * between)
    return AveragedSize(round(exp(mean), 9), round(exp(mean - half), 9), round(exp(mean + half), 9), many)
