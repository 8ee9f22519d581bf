"""Classes of founder alleles that are copies of each other, two at a time, as `programs` needs them with theta.

A table over the alleles of two classes gives what a stranger would show, and what a couple passes on to a child.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dokaz.kinship.exact.reduced_pedigree import ReducedPedigree
from dokaz.kinship.exact.theta import Partition


class ClassWeights(NamedTuple):
    """How much of a program's table counts towards what; a program for relatives has the first weight only."""

    #: Of the table itself, or of pairs of one allele of each class.
    pair: float
    #: Of the sum over all alleles, and of the first and the second class by itself: once per partition.
    total: float = 0.0
    first: float = 0.0
    second: float = 0.0
    #: Of the ways in which the target's parents pass one allele each: the father's from the first class and the mother's
    #: from the second, the reverse, both from the first, both from the second.
    passed: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    def flipped(self) -> ClassWeights:
        """The same where the two classes have changed places."""
        one, other, both_first, both_second = self.passed
        return ClassWeights(self.pair, self.total, self.second, self.first, (other, one, both_second, both_first))

    def plus(self, more: ClassWeights) -> ClassWeights:
        """The sum of both."""
        pair, total, first, second = (a + b for a, b in zip(self[:4], more[:4], strict=True))
        one, other, both_first, both_second = (a + b for a, b in zip(self.passed, more.passed, strict=True))
        return ClassWeights(pair, total, first, second, (one, other, both_first, both_second))


#: A partition of founder alleles into classes, as numbers of slots; and up to two classes of it.
Classes = tuple[tuple[int, ...], ...]
Kept = tuple[tuple[int, ...], ...]


def pairs(
    partition: Partition, slots: Sequence[tuple[int, int]], couple: tuple[int, int] | None
) -> Iterator[tuple[Kept, ClassWeights]]:
    """Every two classes of a partition, or its only one, and what each pair gives.

    Args:
        slots: Founder alleles: (genome, side).
        couple: The target's parents, if the target's genotype follows from these tables.
    """
    parts = classes_of(partition.classes)
    count = len(parts)
    ways: dict[tuple[int, int], float] = {}
    if couple is not None:
        class_of = dict(zip(slots, partition.classes, strict=True))
        for f, m in itertools.product((0, 1), repeat=2):
            pair = class_of[couple[0], f], class_of[couple[1], m]
            ways[pair] = ways.get(pair, 0.0) + partition.weight
    weight = partition.weight
    if count == 1:
        yield (parts[0],), ClassWeights(weight, weight, weight, 0.0, (0.0, 0.0, ways.get((0, 0), 0.0), 0.0))
    for k, other in itertools.combinations(range(count), 2):
        # A class by itself follows from its pair with the first class, and the first class from the first pair.
        is_first, gives_second = k == 0 and other == 1, k == 0
        passed = (
            ways.get((k, other), 0.0),
            ways.get((other, k), 0.0),
            ways.get((k, k), 0.0) if is_first else 0.0,
            ways.get((other, other), 0.0) if gives_second else 0.0,
        )
        once = weight if is_first else 0.0
        yield (parts[k], parts[other]), ClassWeights(weight, once, once, weight if gives_second else 0.0, passed)


def classes_of(classes: Sequence[int]) -> Classes:
    """A partition that is given by the number of the class of each slot."""
    return tuple(
        tuple(slot for slot, c in enumerate(classes) if c == number) for number in range(max(classes, default=-1) + 1)
    )


def symmetries(
    tree: ReducedPedigree, slots: Sequence[tuple[int, int]], couple: tuple[int, int] | None
) -> list[tuple[int, ...]]:
    """Exchanges of founder alleles that change nothing that is seen: none, and those between the two of a couple.

    Args:
        couple: Untyped founders who mutate alike; they may change places if they have all their children together.
    """
    same = tuple(range(len(slots)))
    if couple is None:
        return [same]
    father, mother = couple
    if any((genome.father == father) != (genome.mother == mother) for genome in tree.genomes):
        return [same]
    place = {slot: j for j, slot in enumerate(slots)}
    partner = {father: mother, mother: father}
    return [same, tuple(place[partner.get(genome, genome), side] for genome, side in slots)]


def canonical(classes: Classes, kept: Kept, symmetries: Sequence[tuple[int, ...]]) -> tuple[Classes, Kept, bool]:
    """The same partition and kept classes for all that symmetries exchange; and whether the two classes were swapped."""
    found = []
    for exchange in symmetries:
        turned = tuple(sorted(tuple(sorted(exchange[slot] for slot in block)) for block in classes))
        moved = tuple(tuple(sorted(exchange[slot] for slot in block)) for block in kept)
        ordered = tuple(sorted(moved))
        found.append((turned, ordered, ordered != moved))
    return min(found)
