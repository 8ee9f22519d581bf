"""How good links are, where somebody knows who is who: precision, recall, F1, and whether probabilities hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

#: Bins of the table of reliability.
BINS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Links whose probability lies between two bounds, the upper one left out but for 1.

    Args:
        said: Mean probability. ``right``: the part of the links that are of one person.
    """

    low: float
    high: float
    links: int
    said: float
    right: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Links against the truth.

    Precision is 1 where nothing is linked, recall 1 where nobody is on both lists.
    """

    linked: int
    true: int
    right: int
    reliability: tuple[ReliabilityBin, ...]

    @property
    def precision(self) -> float:
        """The part of the links that are right."""
        return self.right / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        """The part of the true pairs that are linked, those that were never compared included."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def evaluate(
    links: Mapping[tuple[int, int], float], truth: Collection[tuple[int, int]], *, at_least: float = 0.5
) -> Evaluation:
    """Hold links to the truth.

    Args:
        links: Probability of each pair of rows.
        truth: All pairs of rows that are of one person.
        at_least: Links below this are not links; they count in the table of reliability.

    Example: two of three links are right, and one of three true pairs is missed:
        >>> found = evaluate({(0, 0): 0.9, (1, 1): 0.8, (2, 3): 0.7}, [(0, 0), (1, 1), (4, 4)])
        >>> found.right, round(found.precision, 3), round(found.recall, 3), round(found.f1, 3)
        (2, 0.667, 0.667, 0.667)
    """
    true = set(truth)
    chosen = {pair for pair, chance in links.items() if chance >= at_least}
    bins = []
    for low, high in pairwise(BINS):
        inside = {pair: chance for pair, chance in links.items() if low <= chance and (chance < high or high == 1.0)}
        if inside:
            right = sum(pair in true for pair in inside)
            bins.append(ReliabilityBin(low, high, len(inside), sum(inside.values()) / len(inside), right / len(inside)))
    return Evaluation(len(chosen), len(true), len(chosen & true), tuple(bins))
