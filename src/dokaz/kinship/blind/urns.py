"""With theta: what relatives say of the founders' alleles, from which those of a stranger or of a child follow.

Founder alleles are drawn from an urn (see `theta`). A stranger's are the next two draws, so that they need no more than how
often each allele, and each pair of alleles, is expected among the founders'. A child of two founders needs the pairs of
alleles that its parents can pass.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dokaz.kinship.arrays import FloatArray
from dokaz.kinship.exact.one_marker import FilledNetwork, over_alleles, summed
from dokaz.kinship.exact.theta import Scenario, scenarios

#: A founder allele: genome and side.
Allele = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Moments:
    """What relatives' profiles say of founder alleles still in the urn, times their probability, up to one factor.

    Args:
        nothing: Their probability alone; one axis for each further variable that stays.
        each: Expected number of each allele; shape (alleles, …).
        pairs: Expected product of the numbers of two alleles; shape (alleles, alleles, …).
        passed: Probability of an allele of a father and one of a mother, for either allele of both; shape (2, 2,
            alleles, alleles, …). Empty where no couple was asked for.
    """

    nothing: FloatArray
    each: FloatArray
    pairs: FloatArray
    passed: FloatArray

    def stranger(self, theta: float, frequencies: FloatArray, drawn: Sequence[int], open_founders: int) -> FloatArray:
        """Probability of a stranger's ordered alleles, shape (alleles, alleles, …), up to one factor.

        Args:
            theta: Coancestry coefficient.
            frequencies: Of the population.
            drawn: Founder alleles that are known.
            open_founders: How many are not.

        Source: Balding & Nichols 1994.
        """
        base, begin, same = self._next(theta, frequencies, drawn, open_founders)
        return np.asarray(
            (self.nothing * begin + theta * self.each)[:, None] * (base[None] + theta * same)
            + theta * begin[:, None] * self.each[None]
            + theta**2 * self.pairs
        )

    def one_allele(self, theta: float, frequencies: FloatArray, drawn: Sequence[int], open_founders: int) -> FloatArray:
        """The same of somebody with one allele, on the diagonal."""
        _, begin, same = self._next(theta, frequencies, drawn, open_founders)
        return np.asarray(same * (self.nothing * begin + theta * self.each))

    def _next(
        self, theta: float, frequencies: FloatArray, drawn: Sequence[int], open_founders: int
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        size, axes = frequencies.size, [1] * self.nothing.ndim
        counts = np.bincount(np.array(drawn, dtype=np.int64), minlength=size)
        base = (theta * counts + (1 - theta) * frequencies).reshape(size, *axes)
        # From an urn out of which nothing was drawn, the first is drawn from the population.
        begin = base if drawn or open_founders else frequencies.reshape(size, *axes)
        return base, begin, np.eye(size).reshape(size, size, *axes)

    def child(self, mothers: FloatArray, fathers: FloatArray) -> FloatArray:
        """Probability of the alleles of the couple's child; shape (alleles, alleles, …, 2, 2), the last two which allele
        of the father and of the mother was passed.

        Args:
            mothers, fathers: Mutation matrices.
        """
        return np.asarray(np.einsum("xp,abxy...,yq->pq...ab", fathers, self.passed, mothers, optimize=True))


def moments(
    open_founders: Sequence[Allele],
    frequencies: FloatArray,
    theta: float,
    axes: Sequence[int],
    network_of: Callable[[Scenario, tuple[Allele, ...]], FilledNetwork],
    couple: tuple[int, int] | None = None,
) -> Moments:
    """Sum over the ways in which founder alleles are copies of each other.

    Args:
        open_founders: Founder alleles still to be drawn.
        frequencies, theta: How they are drawn, see `theta.absorb`.
        axes: States of the further variables that stay.
        network_of: The network in which founder alleles are so merged; these alleles stay, then the further variables.
        couple: Two founders, father and mother, whose four alleles are open, and whose child is asked for.

    Raises:
        TooComplex: too many founder alleles are open.
    """
    size, sides = frequencies.size, 0 if couple is None else 2
    shapes = (tuple(axes), (size, *axes), (size, size, *axes), (sides, sides, size, size, *axes))
    nothing, each, pairs, passed = totals = tuple(np.zeros(shape) for shape in shapes)
    same = np.arange(size)
    highest = -math.inf
    # Many kinds of alleles, so that partitions are always the cheaper way.
    for scenario in scenarios(len(open_founders), np.full(40, 1 / 40), theta):
        classes = scenario.classes
        count = len(set(classes))
        holders = [open_founders[classes.index(c)] for c in range(count)]
        copies = [classes.count(c) for c in range(count)]
        ways = []
        if couple is not None:
            class_of = dict(zip(open_founders, classes, strict=True))
            ways = [(a, b, class_of[couple[0], a], class_of[couple[1], b]) for a in (0, 1) for b in (0, 1)]
        classes_kept: list[tuple[int, ...]] = [*itertools.combinations(range(count), 2)] or [tuple(range(count))]
        for kept in classes_kept:
            network = network_of(scenario, tuple(holders[c] for c in kept))
            table, ln = summed(network, [frequencies])
            if ln == -math.inf:
                continue
            if ln > highest:
                for total in totals:
                    total *= math.exp(highest - ln)
                highest = ln
            table = scenario.weight * math.exp(ln - highest) * table
            is_first = kept in ((), (0,), (0, 1))
            if is_first:
                nothing += table.sum(axis=tuple(range(len(kept))))
            if not kept:
                continue
            full = over_alleles(table, network.left[: len(kept)], size)
            # Each class is told once: the first two beside each other, the others beside the first.
            for axis, c in enumerate(kept):
                if is_first or (kept[0] == 0 and c > 0):
                    of_class = full.sum(axis=1 - axis)
                    each += copies[c] * of_class
                    pairs[same, same] += copies[c] ** 2 * of_class
                    for a, b, father, mother in ways:
                        if father == mother == c:
                            passed[a, b, same, same] += of_class
            if len(kept) == 2:
                turned = full.swapaxes(0, 1)
                pairs += copies[kept[0]] * copies[kept[1]] * (full + turned)
                for a, b, father, mother in ways:
                    if (father, mother) == kept:
                        passed[a, b] += full
                    elif (mother, father) == kept:
                        passed[a, b] += turned
    return Moments(nothing, each, pairs, passed)
