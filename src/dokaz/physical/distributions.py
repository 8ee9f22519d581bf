"""What is not known exactly, as a distribution: probabilities of cells of age or stature, and what follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, inf, isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from dokaz.errors import BadScore, NotComputable

Array = NDArray[np.float64]

#: Cells of a grid, unless its maker says otherwise.
CELLS = 1_000
#: Beyond so many standard deviations a normal distribution is not drawn; 6e-16 of it lies there.
SPAN = 8.0


def normal_cdf(z: Array) -> Array:
    """Share of the standard normal distribution below each number."""
    return np.array([(1 + erf(each / sqrt(2))) / 2 for each in z.tolist()])


@dataclass(frozen=True, eq=False)
class Distribution:
    """Probabilities of cells that lie side by side; within a cell every value is as likely as another.

    Args:
        edges: Ends of the cells, rising, one more than there are cells, in ``unit``.
        masses: Probability of each cell; made to add up to 1.
        unit: ``years`` or ``cm``.

    Raises:
        BadScore: edges that do not rise, masses that are negative, not finite, or all zero.
    """

    edges: Array
    masses: Array
    unit: str

    def __post_init__(self) -> None:
        if len(self.edges) != len(self.masses) + 1 or not np.isfinite(self.edges).all():
            raise BadScore(f"{len(self.masses)} probabilities need {len(self.masses) + 1} finite ends of cells")
        if not (np.diff(self.edges) > 0).all():
            raise BadScore("ends of cells must rise")
        total = float(self.masses.sum())
        if not isfinite(total) or (self.masses < 0).any() or total <= 0:
            raise BadScore("probabilities must be finite, not negative, and not all zero")
        object.__setattr__(self, "masses", self.masses / total)

    @classmethod
    def normal(cls, mean: float, sd: float, *, unit: str, low: float = -inf, high: float = inf) -> Distribution:
        """A normal distribution, cut off below ``low`` and above ``high``.

        Raises:
            BadScore: a spread that is not above zero; nothing between low and high.

        Example:
            >>> half = Distribution.normal(0, 1, unit="cm", low=0)
            >>> round(half.mean, 4), round(half.median, 4)  # sqrt(2/pi), and the 75 % point of the normal distribution
            (0.7979, 0.6745)
        """
        if not (isfinite(mean) and isfinite(sd) and sd > 0):
            raise BadScore(f"a normal distribution needs a mean and a spread above zero, not {mean} and {sd}")
        low, high = max(low, mean - SPAN * sd), min(high, mean + SPAN * sd)
        if not low < high:
            raise BadScore(f"nothing of a distribution around {mean:g} (spread {sd:g}) is left")
        edges = np.linspace(low, high, CELLS + 1)
        return cls(edges, np.diff(normal_cdf((edges - mean) / sd)), unit)

    @classmethod
    def uniform(cls, low: float, high: float, *, unit: str, cells: int = CELLS) -> Distribution:
        """Every value from low to high as likely as another."""
        if not (isfinite(low) and isfinite(high) and low < high):
            raise BadScore(f"from {low:g} to {high:g} is no range", "give the lower end first")
        return cls(np.linspace(low, high, cells + 1), np.ones(cells), unit)

    @classmethod
    def of_groups(cls, starts: Sequence[float], end: float, people: Sequence[float], *, unit: str) -> Distribution:
        """From counts of people by groups of age or stature that begin at ``starts``; the last ends at ``end``."""
        if len(starts) != len(people) or not starts:
            raise BadScore(f"{len(starts)} groups and {len(people)} counts of people do not go together")
        return cls(np.array([*starts, end], float), np.array(people, float), unit).on(
            np.linspace(starts[0], end, CELLS + 1)
        )

    @property
    def middles(self) -> Array:
        """Middle of each cell."""
        return (self.edges[1:] + self.edges[:-1]) / 2

    @property
    def mean(self) -> float:
        """The mean."""
        return float(self.masses @ self.middles)

    @property
    def sd(self) -> float:
        """The standard deviation, that within cells included."""
        spread = (self.middles - self.mean) ** 2 + np.diff(self.edges) ** 2 / 12
        return float(sqrt(self.masses @ spread))

    @property
    def median(self) -> float:
        """The value that half of the probability lies below."""
        return self.quantile(0.5)

    def quantile(self, share: float) -> float:
        """The value that this share of the probability lies below.

        Requires 0 <= share <= 1.
        """
        if not 0 <= share <= 1:
            raise BadScore(f"{share} is no share of a probability", "give a number from 0 to 1")
        return float(np.interp(share, self._below_edges, self.edges))

    def interval(self, level: float) -> tuple[float, float]:
        """The middle part that holds this share of the probability, as much left out below as above."""
        if not 0 < level < 1:
            raise BadScore(f"{level} is no level of an interval", "give a number between 0 and 1, such as 0.95")
        return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)

    def below(self, value: float) -> float:
        """Probability below a value."""
        return float(np.interp(value, self.edges, self._below_edges))

    def on(self, edges: Array) -> Distribution:
        """The same on other cells; what lies outside them is cut off.

        Raises:
            NotComputable: nothing lies inside them.
        """
        masses = np.diff(np.interp(edges, self.edges, self._below_edges))
        if not masses.sum() > 0:
            raise NotComputable(
                f"nothing between {edges[0]:g} and {edges[-1]:g} {self.unit}: it lies at {self.edges[0]:g} to "
                f"{self.edges[-1]:g}"
            )
        return Distribution(edges, masses, self.unit)

    def weighed(self, likelihood: Array) -> Distribution:
        """By Bayes: this as what was held before, and how likely each cell makes what was seen.

        Raises:
            NotComputable: no cell makes it possible.
        """
        product = self.masses * likelihood
        if not product.sum() > 0:
            raise NotComputable("what was observed is impossible at every value that the prior allows")
        return Distribution(self.edges, product, self.unit)

    @property
    def _below_edges(self) -> Array:
        below = np.concatenate([[0.0], np.cumsum(self.masses)])
        below[-1] = 1.0
        return below
