"""Whether a left and a right bone differ too much in size to be of one person, with the rate at which that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan, cos, pi, sin, sqrt

import numpy as np

from dokaz.errors import BadScore, NotComputable
from dokaz.physical.distributions import Array


@dataclass(frozen=True, eq=False)
class ReferencePairs:
    """Bones of known persons, from which it is learnt how much left and right differ in one person.

    Args:
        left, right: mm, shape (persons, measurements); the same measurements of the same person in a row.

    Assumes persons of the kind to be sorted: the pairs are exchangeable with the true pairs among them.

    Raises:
        BadScore: shapes that differ, no measurements, values that are no lengths.
    """

    left: Array
    right: Array

    def __post_init__(self) -> None:
        if self.left.shape != self.right.shape or self.left.ndim != 2 or not self.left.size:
            raise BadScore("reference pairs need the same measurements of a left and a right bone of each person")
        for side in (self.left, self.right):
            if not (np.isfinite(side) & (side > 0)).all():
                raise BadScore("a reference pair has a measurement that is no length", "lengths are in mm, above zero")

    @property
    def persons(self) -> int:
        """How many persons."""
        return len(self.left)


@dataclass(frozen=True)
class PairTest:
    """What the sizes of a left and a right bone say.

    Args:
        difference_mm: Sum of the absolute differences of all measurements.
        p_ranked: Share of true pairs that differ as much, from the ranks of the reference pairs.
        t: Byrd & Adams' statistic: the summed signed differences in standard deviations of the reference pairs.
        p_t: Share of true pairs beyond it if differences are normal.
        excluded: Whether ``p_ranked`` is at or below the stated rate of false exclusion.
    """

    difference_mm: float
    p_ranked: float
    t: float
    p_t: float
    excluded: bool


def could_be_pair(left: Sequence[float], right: Sequence[float], reference: ReferencePairs, *, rate: float) -> PairTest:
    """Compare a left and a right bone.

    The exclusion goes by rank: whatever the differences are distributed like, a true pair drawn as the reference was is
    excluded with probability ``rate`` at most. That two bones are not excluded does not make them a pair. The t statistic
    is the published one; it is shown beside, and holds its rate only where differences are normal.

    Args:
        left, right: mm, the measurements of the reference, in its order.
        rate: Share of true pairs that may be excluded, such as 0.05.

    Raises:
        BadScore: other measurements than the reference's, or no lengths; a rate outside 0 to 1.
        NotComputable: too few reference pairs to hold this rate; pairs that do not differ at all.

    Source: Byrd & Adams 2003, Byrd 2008 (t); Lynch, Byrd & LeGarde 2018 (absolute differences); Vovk, Gammerman & Shafer
        2005 (ranks).
    Example: one of four reference pairs differs by 3 mm or more, so the share is (1 + 1) / (4 + 1)
        >>> pairs = ReferencePairs(np.array([[300.], [310.], [320.], [330.]]), np.array([[301.], [308.], [320.], [334.]]))
        >>> could_be_pair([305.0], [308.0], pairs, rate=0.2).p_ranked
        0.4
    """
    if not 0 < rate < 1:
        raise BadScore(f"a rate of false exclusion of {rate}", "state a number between 0 and 1, such as 0.05")
    a, b = np.array(left, float), np.array(right, float)
    if a.shape != b.shape or a.shape != reference.left.shape[1:]:
        raise BadScore(
            f"{a.size} left and {b.size} right measurements; the reference has {reference.left.shape[1]}",
            "give the same measurements, in the same order",
        )
    if not (np.isfinite([a, b]).all() and (np.array([a, b]) > 0).all()):
        raise BadScore("a measurement is no length", "lengths are in mm, above zero; leave out bones that lack one")
    fewest = fewest_pairs(rate)
    if reference.persons < fewest:
        raise NotComputable(
            f"{reference.persons} reference pairs cannot hold a rate of false exclusion of {rate:.1%}",
            f"{fewest} pairs or more can; state a higher rate, or measure more",
        )
    difference = float(np.abs(a - b).sum())
    known = np.abs(reference.left - reference.right).sum(axis=1)
    # A hair's breadth below counts as equal, so that a sum of decimals is not excluded by its last binary digit.
    p_ranked = (1 + int((known >= difference - 1e-9).sum())) / (reference.persons + 1)
    signed = (reference.left - reference.right).sum(axis=1)
    spread = float(signed.std(ddof=1))
    if not spread > 0:
        raise NotComputable("the reference pairs do not differ at all", "look at how they were measured")
    t = (float((a - b).sum()) - float(signed.mean())) / (spread * sqrt(1 + 1 / reference.persons))
    return PairTest(difference, p_ranked, t, two_sided(t, reference.persons - 1), p_ranked <= rate)


def fewest_pairs(rate: float) -> int:
    """So many reference pairs are needed for a rate of false exclusion: with fewer nothing can be excluded.

    Example:
        >>> fewest_pairs(0.05)
        19
    """
    return int(np.ceil(1 / rate - 1e-9)) - 1


def two_sided(t: float, degrees: int) -> float:
    """Share of Student's t distribution beyond −t and t.

    Requires degrees >= 1.
    Source: Abramowitz & Stegun 1964, equations 26.7.3 and 26.7.4.
    Example:
        >>> round(two_sided(2.228, 10), 3)  # the table's 5 % point
        0.05
    """
    angle = atan(abs(t) / sqrt(degrees))
    if degrees == 1:
        return 1 - 2 * angle / pi
    cosine, term = cos(angle), 1.0
    total = term
    for k in range(1 if degrees % 2 == 0 else 2, degrees - 2, 2):
        term *= k / (k + 1) * cosine**2
        total += term
    inside = (
        sin(angle) * total if degrees % 2 == 0 else 2 / pi * (angle + sin(angle) * cosine * total)
    )  # fmt: skip
    return max(0.0, 1 - inside)


def held_out(reference: ReferencePairs, *, rate: float) -> dict[str, float]:
    """Share of reference pairs that are excluded when each in turn is compared with the others, by ranks and by t.

    Raises:
        NotComputable: too few pairs.
    """
    tests = [
        could_be_pair(
            reference.left[k],
            reference.right[k],
            ReferencePairs(np.delete(reference.left, k, axis=0), np.delete(reference.right, k, axis=0)),
            rate=rate,
        )
        for k in range(reference.persons)
    ]
    return {
        "ranked": sum(test.excluded for test in tests) / len(tests),
        "t": sum(test.p_t <= rate for test in tests) / len(tests),
    }
