"""Which founder alleles are copies of each other, two classes at a time: what `programs` asks with theta.

A table over the alleles of two classes gives what a stranger would show, and what a couple passes on to a child.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dokaz.kinship.exact.reduced_pedigree import ReducedPedigree
from dokaz.kinship.exact.theta import Partition


class ClassWeights(NamedTuple):
    """How much of a program's table goes where; a plain program inside the family has a first weight only."""

    #: Of the table itself, or of pairs of one allele of each class.
    pair: float
    #: Of the sum over all alleles, and of the first and the second class by itself: once a partition.
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
        """Both together."""
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
    parts = blocks(partition.classes)
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
        # Each class by itself is had from its pair with the first class, and that one's from the first pair.
        is_first, gives_second = k == 0 and other == 1, k == 0
        passed = (
            ways.get((k, other), 0.0),
            ways.get((other, k), 0.0),
            ways.get((k, k), 0.0) if is_first else 0.0,
            ways.get((other, other), 0.0) if gives_second else 0.0,
        )
        once = weight if is_first else 0.0
        yield (parts[k], parts[other]), ClassWeights(weight, once, once, weight if gives_second else 0.0, passed)


def blocks(classes: Sequence[int]) -> Classes:
    """A partition that is given by the number of the class of each slot."""
    return tuple(
        tuple(slot for slot, c in enumerate(classes) if c == number) for number in range(max(classes, default=-1) + 1)
    )


def moves(
    tree: ReducedPedigree, slots: Sequence[tuple[int, int]], couple: tuple[int, int] | None
) -> list[tuple[int, ...]]:
    """Where founder alleles may go without changing what is seen: nowhere, and to the other of a couple.

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


def canonical(classes: Classes, kept: Kept, moves: Sequence[tuple[int, ...]]) -> tuple[Classes, Kept, bool]:
    """The first of all partitions, with classes of it, that moves turn one into; and whether the classes change places."""
    found = []
    for move in moves:
        turned = tuple(sorted(tuple(sorted(move[slot] for slot in block)) for block in classes))
        moved = tuple(tuple(sorted(move[slot] for slot in block)) for block in kept)
        ordered = tuple(sorted(moved))
        found.append((turned, ordered, ordered != moved))
    return min(found)
