"""Elimination programs that families of one shape share: planned once per shape, run once per family and marker."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dokaz.errors import TooComplex
from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.exact.elimination import Order, cheapest_order
from dokaz.kinship.exact.family_shapes import FamilyShape
from dokaz.kinship.exact.founder_classes import Classes, ClassWeights, Kept, canonical, classes_of, pairs, symmetries
from dokaz.kinship.exact.network import Network, Status, network
from dokaz.kinship.exact.reduced_pedigree import (
    ReducedPedigree,
    founder_sides,
    reduced_pedigree,
    refuse_inbred_founders,
    whole_founder,
)
from dokaz.kinship.exact.theta import Partition, bell, further_theta, partitions
from dokaz.kinship.kernels.genotype_tables import (
    KEEPS_ALLELE,
    KEEPS_CLASS,
    KEEPS_GENOTYPE,
    KEEPS_PAIR,
    KEEPS_TWO_CLASSES,
)
from dokaz.kinship.kernels.program_sum import ALLELE, GENOTYPE, PHASED_GENOTYPE, PIECES, SELECTOR, FlatPrograms
from dokaz.kinship.model.pedigree import Pedigree, Sex

#: What is known of a genome at a marker: nothing; one genotype; a table of several, as under a dropout model; a lone
#: allele beside which a silent one may be hidden.
UNTYPED, KNOWN, UNCERTAIN, MAY_HIDE = 0, 1, 2, 3

#: More partitions of founder alleles than this are left to the likelihood of one marker at a time.
MOST_PARTITIONS = 203

#: States that orders are planned with; which order is best hardly depends on the exact number of alleles.
_PLANNED_STATES = {SELECTOR: 2, GENOTYPE: 2, PHASED_GENOTYPE: 1, ALLELE: 10}


@dataclass(frozen=True, eq=False)
class Program:
    """A network with the order of its sums, as arrays for compiled code; it does not depend on who the people are.

    Args:
        integers: Its pieces one after another; see `kernels.program_sum.PIECES`.
        lengths: Of the pieces.
        numbers: Recombination fractions and founder inbreeding, then a logarithmic constant.
    """

    integers: IntArray
    lengths: tuple[int, ...]
    numbers: FloatArray


def program_of(net: Network, slot_of: Callable[[int], int], order_of: Callable[..., Order] = cheapest_order) -> Program:
    """The program of a network.

    Args:
        net: At a single marker.
        slot_of: The slot of each typed genome.
        order_of: Chooses the order from scopes, numbers of states and kept variables.

    Raises:
        TooComplex: no elimination order fits in memory.
    """
    order = order_of(net.scopes, [_PLANNED_STATES[kind] for kind in net.kinds.tolist()], net.kept)
    seen_slots = np.array([slot_of(genome) for genome, _ in net.seen], dtype=np.int64)
    owners = net.owners(lambda variable: slot_of(variable.genome))
    pieces = (*order.arrays, net.kinds, owners, seen_slots, net.base.reshape(-1))
    numbers = np.array([*net.fractions, net.ln_constant], dtype=float)
    return Program(np.concatenate(pieces), tuple(len(piece) for piece in pieces), numbers)


def flattened(programs: Sequence[Program]) -> FlatPrograms:
    """Programs one after another, as `kernels.program_sum.sum_program` takes them."""
    lengths = np.array([program.lengths for program in programs], dtype=np.int64).reshape(-1, PIECES)
    ends = np.cumsum(lengths).reshape(-1, PIECES)
    return (
        # One entry too many, so that a slice of nothing still has an address.
        np.concatenate([*(program.integers for program in programs), np.zeros(1, dtype=np.int64)]),
        np.concatenate([ends[:, :1] - lengths[:, :1], ends], axis=1),
        np.concatenate([*(program.numbers for program in programs), np.zeros(1)]),
        np.cumsum([0, *(program.numbers.size for program in programs)]).astype(np.int64),
    )


@dataclass(frozen=True)
class FamilyPrograms:
    """What to run for one shape and pattern.

    Args:
        number: Its number in the cache.
        slots: For each slot of evidence the members (positions) whose profiles it takes.
        one_allele: For each slot, whether it is a man's X.
    """

    number: int
    slots: tuple[tuple[int, ...], ...]
    one_allele: tuple[bool, ...]


class ProgramCache:
    """All programs planned so far for one theta; safe to use from several threads.

    Args:
        theta: Coancestry coefficient.
    """

    def __init__(self, theta: float) -> None:
        self.theta = theta
        self._lock = threading.RLock()
        self._programs: list[Program] = []
        #: Of each program: what it keeps, first and last kept variable, founder alleles in either class; and its weights.
        self._keeps: list[tuple[int, ...]] = []
        self._weights: list[tuple[float, ...]] = []
        #: Of each group: first and number of its programs for relatives, then for unrelated persons; first and number
        #: of its absorbed slots; open founders; whether the missing person has one allele; whether the programs for
        #: unrelated persons give the missing person too, as a child of two untyped founders.
        self._plans: list[tuple[int, ...]] = []
        self._absorbed: list[int] = []
        self._groups: dict[tuple[FamilyShape, bytes, bool, bool], FamilyPrograms | None] = {}
        self._pedigrees: dict[FamilyShape, Pedigree] = {}
        self._arrays: tuple[FlatPrograms, tuple[IntArray, FloatArray, IntArray, IntArray]] | None = None

    def group(self, shape: FamilyShape, pattern: bytes, x_linked: bool, alike: bool) -> FamilyPrograms | None:
        """The programs of one shape, for markers at which these members are typed.

        Args:
            pattern: One code a member, as UNTYPED or KNOWN.
            alike: Whether fathers and mothers mutate alike at these markers.

        Returns:
            None where the engine for single likelihoods must answer (theta over many unknown founders).

        Raises:
            NotMeaningful: theta with inbred founders; unknown sex on X.
        """
        # Without theta nothing depends on it.
        key = (shape, pattern, x_linked, alike and self.theta > 0)
        with self._lock:
            if key not in self._groups:
                # With theta 1 all founder alleles are one, and what is impossible must be exactly 0: no difference is.
                self._groups[key] = None if self.theta == 1 else self._plan(*key)
            return self._groups[key]

    def _plan(self, shape: FamilyShape, pattern: bytes, x_linked: bool, alike: bool) -> FamilyPrograms | None:
        pedigree = self._pedigrees.setdefault(shape, shape.pedigree())
        typed = frozenset(str(i) for i, code in enumerate(pattern) if code != UNTYPED)
        target = str(shape.target)
        with_target = reduced_pedigree(pedigree, typed | {target}, x_linked)
        refuse_inbred_founders(with_target, self.theta)
        people = self._people(with_target, pattern)
        slots = [slot for slot in dict.fromkeys(people) if slot]
        numbers = {slot: i for i, slot in enumerate(slots)}
        kept = next(i for i, genome in enumerate(with_target.genomes) if target in genome.people)
        tree = reduced_pedigree(pedigree, typed, x_linked)
        couple = None if self.theta == 0 else untyped_couple(with_target, kept, tree, pattern)
        if couple is not None:
            # A parent with a single typed child has an allele that nobody shows; then the general way is as quick.
            open_ = network(tree, (self._statuses(tree, pattern)[0],)).open_founders[0]
            if not all((parent, side) in open_ for parent in couple for side in (0, 1)):
                couple = None
        first = len(self._programs)
        absorbed_slots: list[int] = []
        founders = 0
        try:
            if couple is None:
                self._plan_related(with_target, pattern, kept, numbers)
            unrelated_first = len(self._programs)
            if self.theta > 0:
                founders, absorbed_slots = self._plan_unrelated(tree, pattern, numbers, couple, alike)
        except TooComplex:
            del self._programs[first:], self._keeps[first:], self._weights[first:]
            return None
        one_allele = [x_linked and genome.sex is Sex.MALE for genome in with_target.genomes]
        unrelated = unrelated_first, len(self._programs) - unrelated_first
        absorbed = len(self._absorbed), len(absorbed_slots)
        flags = int(one_allele[kept]), int(couple is not None)
        self._plans.append((first, unrelated_first - first, *unrelated, *absorbed, founders, *flags))
        self._absorbed += absorbed_slots
        self._arrays = None
        holds_one = dict(zip(people, one_allele, strict=True))
        return FamilyPrograms(len(self._plans) - 1, tuple(slots), tuple(holds_one[slot] for slot in slots))

    @staticmethod
    def _people(tree: ReducedPedigree, pattern: bytes) -> list[tuple[int, ...]]:
        return [tuple(int(p) for p in genome.people if pattern[int(p)] != UNTYPED) for genome in tree.genomes]

    def _statuses(self, tree: ReducedPedigree, pattern: bytes) -> tuple[tuple[Status, ...], frozenset[tuple[int, int]]]:
        """What is known of each genome, and the founders whose alleles count as drawn."""
        statuses: list[Status] = []
        absorbed: list[tuple[int, int]] = []
        for number, (genome, people) in enumerate(zip(tree.genomes, self._people(tree, pattern), strict=True)):
            codes = {pattern[p] for p in people}
            if not codes:
                statuses.append(Status.UNTYPED)
                continue
            status = Status.EXACT if codes & {KNOWN, MAY_HIDE} else Status.UNCERTAIN
            if self.theta > 0 and founder_sides(genome, tree.x_linked):
                if whole_founder(genome, tree.x_linked) and KNOWN in codes:
                    absorbed.append((number, 0))
                else:
                    status = Status.UNCERTAIN
            statuses.append(status)
        return tuple(statuses), frozenset(absorbed)

    def _partitions(
        self, plain: Network, tree: ReducedPedigree, absorbed: frozenset[tuple[int, int]]
    ) -> list[Partition]:
        """How the founder alleles still open may be copies of each other.

        Raises:
            TooComplex: in more than `MOST_PARTITIONS` ways.
        """
        founders = len(plain.open_founders[0])
        if bell(founders) > MOST_PARTITIONS:
            raise TooComplex(f"{bell(founders)} partitions of {founders} founder alleles")
        drawn = sum(len(founder_sides(tree.genomes[genome], tree.x_linked)) for genome, _ in absorbed)
        return list(partitions(founders, further_theta(self.theta, drawn)))

    def _plan_related(self, tree: ReducedPedigree, pattern: bytes, kept: int, numbers: _Slots) -> None:
        """Programs for the missing person's alleles."""
        statuses, absorbed = self._statuses(tree, pattern)
        plain = network(tree, (statuses,), (), kept, absorbed)
        if self.theta == 0:
            self._add(plain, tree, pattern, numbers, ClassWeights(1.0))
            return
        for partition in self._partitions(plain, tree, absorbed):
            net = _merged(tree, statuses, plain, classes_of(partition.classes), kept, absorbed)
            self._add(net, tree, pattern, numbers, ClassWeights(partition.weight))

    def _plan_unrelated(
        self, tree: ReducedPedigree, pattern: bytes, numbers: _Slots, couple: tuple[int, int] | None, alike: bool
    ) -> tuple[int, list[int]]:
        """Programs for the alleles that founders hold, from which a stranger's genotype follows; see the methods.

        Where the missing person is a child of two untyped founders (`couple`), theirs follows from the same pairs of
        alleles, which is far cheaper than to keep the child's own alleles.

        Returns:
            How many founder alleles are open; the slots of those that count as drawn.
        """
        statuses, absorbed = self._statuses(tree, pattern)
        people = self._people(tree, pattern)
        absorbed_slots = [numbers[people[genome]] for genome in sorted(genome for genome, _ in absorbed)]
        plain = network(tree, (statuses,), (), None, absorbed)
        slots = plain.open_founders[0]
        if not slots:
            return 0, absorbed_slots
        ways = symmetries(tree, slots, couple if alike else None)
        merged: dict[tuple[Classes, Kept], ClassWeights] = {}
        for partition in self._partitions(plain, tree, absorbed):
            for kept_classes, weights in pairs(partition, slots, couple):
                classes, kept_classes, is_flipped = canonical(classes_of(partition.classes), kept_classes, ways)
                more = weights.flipped() if is_flipped else weights
                known = merged.get((classes, kept_classes))
                merged[classes, kept_classes] = more if known is None else known.plus(more)
        for (classes, kept_classes), weights in merged.items():
            net = _merged(tree, statuses, plain, classes, None, absorbed)
            class_of = {slots[slot]: block for block in classes for slot in block}
            variable_of = {
                class_of[v.genome, v.side]: i
                for i, v in enumerate(net.variables)
                if not v.selector and v.side is not None and (v.genome, v.side) in class_of
            }
            net = replace(net, kept=tuple(variable_of[block] for block in kept_classes))
            self._add(net, tree, pattern, numbers, weights, kept_classes)
        return len(slots), absorbed_slots

    def _add(
        self,
        net: Network,
        tree: ReducedPedigree,
        pattern: bytes,
        numbers: _Slots,
        weights: ClassWeights,
        classes: Kept = (),
    ) -> None:
        """Add a program; `classes` are the classes of founder alleles that it keeps, if it keeps any."""
        people = self._people(tree, pattern)
        self._programs.append(program_of(net, lambda genome: numbers.get(people[genome], -1)))
        first, last = net.kept[0], net.kept[-1]
        if classes:
            mode = KEEPS_CLASS if len(classes) == 1 else KEEPS_TWO_CLASSES
        elif len(net.kept) == 2:
            mode = KEEPS_PAIR
        else:
            mode = KEEPS_ALLELE if net.kinds[first] == ALLELE else KEEPS_GENOTYPE
        copies = (len(classes[0]), len(classes[-1])) if classes else (1, 1)
        self._keeps.append((mode, first, last, *copies))
        self._weights.append((*weights[:4], *weights.passed))

    def arrays(self) -> tuple[FlatPrograms, tuple[IntArray, FloatArray, IntArray, IntArray]]:
        """All programs, and what is done with them, as `kernels.genotype_tables.run_jobs` takes them."""
        with self._lock:
            if self._arrays is None:
                plans = (
                    np.array(self._keeps, dtype=np.int64).reshape(-1, 5),
                    np.array(self._weights, dtype=float).reshape(-1, 8),
                    np.array(self._plans, dtype=np.int64).reshape(-1, 9),
                    np.array([*self._absorbed, 0], dtype=np.int64),
                )
                self._arrays = flattened(self._programs), plans
            return self._arrays


#: Number of the slot of the people who share a genome.
_Slots = dict[tuple[int, ...], int]


def _merged(
    tree: ReducedPedigree,
    statuses: tuple[Status, ...],
    plain: Network,
    classes: Classes,
    kept: int | None,
    absorbed: frozenset[tuple[int, int]],
) -> Network:
    """The network in which the founder alleles of a class are one."""
    class_of = {slot: number for number, block in enumerate(classes) for slot in block}
    merged = tuple(((genome, side, 0), class_of[j]) for j, (genome, side) in enumerate(plain.open_founders[0]))
    return network(tree, (statuses,), (), kept, absorbed, merged)


def untyped_couple(
    related: ReducedPedigree, target: int, tree: ReducedPedigree, pattern: bytes
) -> tuple[int, int] | None:
    """The target's parents if both are untyped founders and nobody descends from the target: numbers in `tree`.

    Only then the target's alleles add nothing to the network, and may be left out of it.
    """
    genome = related.genomes[target]
    if related.x_linked or genome.father is None or genome.mother is None:
        return None
    if any(pattern[int(p)] != UNTYPED for p in genome.people):
        return None
    if any(target in (other.father, other.mother) for other in related.genomes):
        return None
    found = []
    for parent in (related.genomes[genome.father], related.genomes[genome.mother]):
        place = next((i for i, other in enumerate(tree.genomes) if other.people == parent.people), None)
        untyped = all(pattern[int(p)] == UNTYPED for p in parent.people)
        if place is None or not untyped or parent.father is not None or parent.mother is not None or parent.inbreeding:
            return None
        found.append(place)
    return found[0], found[1]
