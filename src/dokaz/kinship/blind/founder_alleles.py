"""With theta: what relatives' profiles say about founder alleles, and so about a stranger's or a child's alleles.

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
from dokaz.kinship.exact.one_marker import FilledNetwork, over_alleles
from dokaz.kinship.exact.theta import Partition, partitions
from dokaz.kinship.kernels.urn import stranger

#: A founder allele: genome and side.
Allele = tuple[int, int]


@dataclass(frozen=True, eq=False)
class FounderAlleles:
    """Expected numbers of unknown founder alleles, times the probability of the relatives' profiles, up to one factor.

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

    def stranger(
        self, theta: float, frequencies: FloatArray, drawn: Sequence[int], open_founders: int, *, one_allele: bool
    ) -> FloatArray:
        """Probability of a stranger's ordered alleles, shape (alleles, alleles, …), up to one factor.

        Args:
            theta: Coancestry coefficient.
            frequencies: Of the population.
            drawn: Founder alleles that are known.
            open_founders: How many are not.
            one_allele: A man's X, on the diagonal.
        """
        size = frequencies.size
        counts = np.bincount(np.array(drawn, dtype=np.int64), minlength=size).astype(float)
        nothing, each = self.nothing.reshape(-1), self.each.reshape(size, -1)
        pairs, out = self.pairs.reshape(size, size, -1), np.empty((nothing.size, size, size))
        draws = len(drawn) + open_founders
        for k, p in enumerate(nothing.tolist()):
            stranger(frequencies, counts, draws, theta, one_allele, p, each[:, k], pairs[:, :, k], out[k])
        return np.moveaxis(out, 0, -1).reshape(self.pairs.shape)

    def child(self, mothers: FloatArray, fathers: FloatArray) -> FloatArray:
        """Probability of the alleles of the couple's child; shape (alleles, alleles, …, 2, 2), the last two which allele
        of the father and of the mother was passed.

        Args:
            mothers, fathers: Mutation matrices.
        """
        return np.asarray(np.einsum("xp,abxy...,yq->pq...ab", fathers, self.passed, mothers, optimize=True))


def founder_alleles(
    open_founders: Sequence[Allele],
    frequencies: FloatArray,
    theta: float,
    axes: Sequence[int],
    network_of: Callable[[Partition, tuple[Allele, ...]], FilledNetwork],
    couple: tuple[int, int] | None = None,
) -> FounderAlleles:
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
    for partition in partitions(len(open_founders), theta):
        classes = partition.classes
        count = len(set(classes))
        holders = [open_founders[classes.index(c)] for c in range(count)]
        copies = [classes.count(c) for c in range(count)]
        ways = []
        if couple is not None:
            class_of = dict(zip(open_founders, classes, strict=True))
            ways = [(a, b, class_of[couple[0], a], class_of[couple[1], b]) for a in (0, 1) for b in (0, 1)]
        classes_kept: list[tuple[int, ...]] = [*itertools.combinations(range(count), 2)] or [tuple(range(count))]
        for kept in classes_kept:
            network = network_of(partition, tuple(holders[c] for c in kept))
            table, ln = network.sum([frequencies])
            if ln == -math.inf:
                continue
            if ln > highest:
                for total in totals:
                    total *= math.exp(highest - ln)
                highest = ln
            table = partition.weight * math.exp(ln - highest) * table
            is_first = kept in ((), (0,), (0, 1))
            if is_first:
                nothing += table.sum(axis=tuple(range(len(kept))))
            if not kept:
                continue
            full = over_alleles(table, network.left[: len(kept)], size)
            # Each class counts once: the first two from their pair, the others from their pairs with the first.
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
    return FounderAlleles(nothing, each, pairs, passed)
