"""Elimination programs that families of one shape share: planned once a shape, run once a family and marker."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dokaz.errors import NotMeaningful, TooComplex
from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.exact.elimination import cheapest_order
from dokaz.kinship.exact.family_shapes import FamilyShape
from dokaz.kinship.exact.network import Network, ReducedPedigree, Status, founder_sides, network, reduced_pedigree
from dokaz.kinship.exact.partitions import ClassWeights, Kept, Partition, blocks, canonical, moves, pairs
from dokaz.kinship.exact.theta import Scenario, scenarios
from dokaz.kinship.model.pedigree import Pedigree, Sex

#: What is known of a member at a marker, in a pattern.
UNTYPED, GENOTYPE, UNCERTAIN_GENOTYPE, AMBIGUOUS_GENOTYPE = 0, 1, 2, 3

#: What a program leaves over.
KEEPS_PAIR, KEEPS_ALLELE, KEEPS_GENOTYPE, KEEPS_TWO_CLASSES, KEEPS_CLASS = 0, 1, 2, 3, 4

#: Kinds of variables in a program.
SELECTOR, GENOTYPE_VARIABLE, PHASED_GENOTYPE_VARIABLE, ALLELE_VARIABLE = 0, 1, 2, 3

#: More partitions of founder alleles than this are left to the engine for single likelihoods.
MOST_PARTITIONS = 203

# The order is chosen for alleles of this many kinds; which order is best hardly depends on the exact number.
_TYPICAL_ALLELES = 16


@dataclass(frozen=True)
class FamilyPrograms:
    """What to run for one shape and pattern.

    Args:
        number: Its number in the library.
        slots: For each slot of evidence the members (positions) whose profiles it takes.
        one_allele: For each slot, whether it is a man's X.
        target_one_allele: Whether the missing person has one allele (a man's X).
    """

    number: int
    slots: tuple[tuple[int, ...], ...]
    one_allele: tuple[bool, ...]
    target_one_allele: bool


@dataclass
class _Lists:
    """Programs of a library, flattened one after another."""

    base: list[IntArray] = field(default_factory=list)
    factor_start: list[IntArray] = field(default_factory=list)
    factor_variables: list[IntArray] = field(default_factory=list)
    step_variable: list[IntArray] = field(default_factory=list)
    step_start: list[IntArray] = field(default_factory=list)
    step_factors: list[IntArray] = field(default_factory=list)
    variable_kind: list[IntArray] = field(default_factory=list)
    variable_slot: list[IntArray] = field(default_factory=list)
    seen_slot: list[IntArray] = field(default_factory=list)
    fractions: list[FloatArray] = field(default_factory=list)
    # mode, first kept variable, second kept variable, copies in each class
    keeps: list[tuple[int, ...]] = field(default_factory=list)
    # Natural logarithm of a constant, then `ClassWeights`.
    weights: list[tuple[float, ...]] = field(default_factory=list)
    # first and number of programs inside the family, then beside it; first and number of absorbed slots; open
    # founders; whether the missing person has one allele; whether the programs beside give the target as a child of
    # two untyped founders
    groups: list[tuple[int, ...]] = field(default_factory=list)
    absorbed: list[int] = field(default_factory=list)


class ProgramCache:
    """All programs planned so far for one theta; safe to use from several threads.

    Args:
        theta: Coancestry coefficient.
    """

    def __init__(self, theta: float) -> None:
        self.theta = theta
        self._lock = threading.RLock()
        self._lists = _Lists()
        self._groups: dict[tuple[FamilyShape, bytes, bool, bool], FamilyPrograms | None] = {}
        self._pedigrees: dict[FamilyShape, Pedigree] = {}
        self._arrays: tuple[npt.NDArray[np.generic], ...] | None = None

    def group(self, shape: FamilyShape, pattern: bytes, x_linked: bool, alike: bool) -> FamilyPrograms | None:
        """The programs of one shape, for markers at which these members are typed.

        Args:
            pattern: One code a member, as UNTYPED or GENOTYPE.
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
                # Where all founder alleles are one, impossible must be exactly zero, which a difference is not.
                self._groups[key] = None if self.theta == 1 else self._plan(*key)
            return self._groups[key]

    def _plan(self, shape: FamilyShape, pattern: bytes, x_linked: bool, alike: bool) -> FamilyPrograms | None:
        if shape not in self._pedigrees:
            self._pedigrees[shape] = shape.pedigree()
        pedigree = self._pedigrees[shape]
        typed = [i for i, code in enumerate(pattern) if code != UNTYPED]
        target = str(shape.target)
        related = reduced_pedigree(pedigree, frozenset([target, *(str(i) for i in typed)]), x_linked)
        if self.theta > 0 and any(genome.inbreeding for genome in related.genomes):
            raise NotMeaningful(
                "theta cannot be combined with inbred founders", next_step="draw the loop, or leave theta at 0"
            )
        slots = list(dict.fromkeys(self._people(related, pattern)))
        slots = [slot for slot in slots if slot]
        numbers = {slot: i for i, slot in enumerate(slots)}
        first = len(self._lists.keeps)
        statuses, absorbed = self._statuses(related, pattern)
        kept = next(i for i, genome in enumerate(related.genomes) if target in genome.people)
        tree = reduced_pedigree(pedigree, frozenset(str(i) for i in typed), x_linked)
        couple = None if self.theta == 0 else untyped_couple(related, kept, tree, pattern)
        if couple is not None:
            # A parent with one typed child has an allele that nobody shows: then the general way is as quick.
            open_ = network(tree, (self._statuses(tree, pattern)[0],)).open_founders[0]
            if not all((parent, side) in open_ for parent in couple for side in (0, 1)):
                couple = None
        try:
            if couple is None and not self._plan_related(related, pattern, statuses, absorbed, kept, numbers):
                self._cut(first)
                return None
            unrelated_first = len(self._lists.keeps)
            absorbed_slots: list[int] = []
            founders = 0
            if self.theta > 0:
                statuses, absorbed = self._statuses(tree, pattern)
                people = self._people(tree, pattern)
                absorbed_slots = [numbers[people[g]] for g in sorted(g for g, _ in absorbed)]
                done = self._plan_unrelated(tree, pattern, statuses, absorbed, numbers, couple, alike)
                if done is None:
                    self._cut(first)
                    return None
                founders = done
        except TooComplex:
            self._cut(first)
            return None
        lists = self._lists
        target_one = x_linked and related.genomes[kept].sex is Sex.MALE
        one = {
            self._people(related, pattern)[g]: x_linked and genome.sex is Sex.MALE
            for g, genome in enumerate(related.genomes)
        }
        lists.groups.append(
            (
                first,
                unrelated_first - first,
                unrelated_first,
                len(lists.keeps) - unrelated_first,
                len(lists.absorbed),
                len(absorbed_slots),
                founders,
                int(target_one),
                int(couple is not None),
            )
        )
        lists.absorbed += absorbed_slots
        self._arrays = None
        return FamilyPrograms(len(lists.groups) - 1, tuple(slots), tuple(one[slot] for slot in slots), target_one)

    @staticmethod
    def _people(tree: ReducedPedigree, pattern: bytes) -> list[tuple[int, ...]]:
        return [tuple(int(p) for p in genome.people if pattern[int(p)] != UNTYPED) for genome in tree.genomes]

    def _statuses(self, tree: ReducedPedigree, pattern: bytes) -> tuple[tuple[Status, ...], frozenset[tuple[int, int]]]:
        statuses: list[Status] = []
        absorbed: list[tuple[int, int]] = []
        for number, (genome, people) in enumerate(zip(tree.genomes, self._people(tree, pattern), strict=True)):
            codes = {pattern[p] for p in people}
            if not codes:
                statuses.append(Status.UNTYPED)
                continue
            status = Status.EXACT if codes & {GENOTYPE, AMBIGUOUS_GENOTYPE} else Status.UNCERTAIN
            sides = founder_sides(genome, tree.x_linked)
            if self.theta > 0 and sides:
                one_allele = tree.x_linked and genome.sex is Sex.MALE
                if len(sides) == (1 if one_allele else 2) and GENOTYPE in codes:
                    absorbed.append((number, 0))
                else:
                    status = Status.UNCERTAIN
            statuses.append(status)
        return tuple(statuses), frozenset(absorbed)

    def _drawn(self, tree: ReducedPedigree, absorbed: frozenset[tuple[int, int]]) -> int:
        return sum(len(founder_sides(tree.genomes[genome], tree.x_linked)) for genome, _ in absorbed)

    def _further(self, drawn: int) -> float:
        return self.theta / (1 + drawn * self.theta) if drawn else self.theta

    def _partitions(self, count: int, drawn: int) -> list[Scenario] | None:
        from dokaz.kinship.exact.theta import bell

        if bell(count) > MOST_PARTITIONS:
            return None
        # Many kinds of alleles, so that the partitions are always the cheaper way.
        return list(scenarios(count, np.full(40, 1 / 40), self._further(drawn)))

    def _plan_related(
        self,
        tree: ReducedPedigree,
        pattern: bytes,
        statuses: tuple[Status, ...],
        absorbed: frozenset[tuple[int, int]],
        kept: int,
        numbers: dict[tuple[int, ...], int],
    ) -> bool:
        plain = network(tree, (statuses,), (), kept, absorbed)
        if self.theta == 0:
            self._add(plain, tree, pattern, numbers, plain.kept, None, (1, 1), ClassWeights(1.0))
            return True
        choices = self._partitions(len(plain.open_founders[0]), self._drawn(tree, absorbed))
        if choices is None:
            return False
        for scenario in choices:
            net = self._merged(tree, statuses, plain, blocks(scenario.classes), kept, absorbed)
            self._add(net, tree, pattern, numbers, net.kept, None, (1, 1), ClassWeights(scenario.weight))
        return True

    def _plan_unrelated(
        self,
        tree: ReducedPedigree,
        pattern: bytes,
        statuses: tuple[Status, ...],
        absorbed: frozenset[tuple[int, int]],
        numbers: dict[tuple[int, ...], int],
        couple: tuple[int, int] | None,
        alike: bool,
    ) -> int | None:
        """Programs for the alleles that founders hold, from which a stranger's genotype follows; see the methods.

        Where the missing person is a child of two untyped founders (`couple`), theirs follows from the same pairs of
        alleles, which is far cheaper than to keep the child's own alleles.
        """
        plain = network(tree, (statuses,), (), None, absorbed)
        founders = len(plain.open_founders[0])
        if founders == 0:
            return 0
        choices = self._partitions(founders, self._drawn(tree, absorbed))
        if choices is None:
            return None
        slots = plain.open_founders[0]
        ways = moves(tree, slots, couple if alike else None)
        merged: dict[tuple[Partition, Kept], ClassWeights] = {}
        for scenario in choices:
            for classes, weights in pairs(scenario, slots, couple):
                partition, kept_classes, is_flipped = canonical(blocks(scenario.classes), classes, ways)
                more = weights.flipped() if is_flipped else weights
                known = merged.get((partition, kept_classes))
                merged[partition, kept_classes] = more if known is None else known.plus(more)
        for (partition, kept_classes), weights in merged.items():
            net = self._merged(tree, statuses, plain, partition, None, absorbed)
            class_of = {slots[slot]: block for block in partition for slot in block}
            variable_of = {
                class_of[v.genome, v.side]: i
                for i, v in enumerate(net.variables)
                if not v.selector and v.side is not None and (v.genome, v.side) in class_of
            }
            kept = tuple(variable_of[block] for block in kept_classes)
            mode = KEEPS_CLASS if len(kept) == 1 else KEEPS_TWO_CLASSES
            copies = (len(kept_classes[0]), len(kept_classes[-1]))
            self._add(net, tree, pattern, numbers, kept, mode, copies, weights)
        return founders

    def _merged(
        self,
        tree: ReducedPedigree,
        statuses: tuple[Status, ...],
        plain: Network,
        partition: Partition,
        kept: int | None,
        absorbed: frozenset[tuple[int, int]],
    ) -> Network:
        class_of = {slot: number for number, block in enumerate(partition) for slot in block}
        merged = tuple(((genome, side, 0), class_of[j]) for j, (genome, side) in enumerate(plain.open_founders[0]))
        return network(tree, (statuses,), (), kept, absorbed, merged)

    def _add(
        self,
        net: Network,
        tree: ReducedPedigree,
        pattern: bytes,
        numbers: dict[tuple[int, ...], int],
        kept: tuple[int, ...],
        mode: int | None,
        copies: tuple[int, int],
        weights: ClassWeights,
    ) -> None:
        """Add a program; copies: how many founder alleles are in the first and the second class."""
        kinds: list[int] = []
        slots: list[int] = []
        people = self._people(tree, pattern)
        for variable in net.variables:
            slots.append(numbers.get(people[variable.genome], -1))
            if variable.selector:
                kinds.append(SELECTOR)
            elif variable.side is None:
                kinds.append(PHASED_GENOTYPE_VARIABLE if variable.phase_fixed else GENOTYPE_VARIABLE)
            else:
                kinds.append(ALLELE_VARIABLE)
        sizes = [2 if kind in (SELECTOR, GENOTYPE_VARIABLE) else 1 for kind in kinds]
        sizes = [_TYPICAL_ALLELES if kind == ALLELE_VARIABLE else size for kind, size in zip(kinds, sizes, strict=True)]
        order = cheapest_order(net.scopes, sizes, kept)
        if mode is None:
            mode = KEEPS_PAIR if len(kept) == 2 else KEEPS_ALLELE
            mode = KEEPS_GENOTYPE if len(kept) == 1 and kinds[kept[0]] < ALLELE_VARIABLE else mode
        lists = self._lists
        lists.base.append(net.base)
        lists.factor_start.append(order.factor_start)
        lists.factor_variables.append(order.factor_variables)
        lists.step_variable.append(order.step_variable)
        lists.step_start.append(order.step_start)
        lists.step_factors.append(order.step_factors)
        lists.variable_kind.append(np.array(kinds, dtype=np.int64))
        lists.variable_slot.append(np.array(slots, dtype=np.int64))
        lists.seen_slot.append(np.array([numbers[people[genome]] for genome, _ in net.seen], dtype=np.int64))
        lists.fractions.append(np.array(net.fractions, dtype=float))
        lists.keeps.append((mode, kept[0], kept[-1], *copies))
        lists.weights.append((net.ln_constant, *weights[:4], *weights.passed))

    def _cut(self, length: int) -> None:
        lists = self._lists
        for part in (
            lists.base,
            lists.factor_start,
            lists.factor_variables,
            lists.step_variable,
            lists.step_start,
            lists.step_factors,
            lists.variable_kind,
            lists.variable_slot,
            lists.seen_slot,
            lists.fractions,
            lists.keeps,
            lists.weights,
        ):
            del part[length:]

    def arrays(self) -> tuple[npt.NDArray[np.generic], ...]:
        """All programs flattened, in the form that the kernel takes."""
        with self._lock:
            if self._arrays is None:
                lists = self._lists
                parts: list[npt.NDArray[np.generic]] = []
                for pieces in (
                    lists.factor_start,
                    lists.factor_variables,
                    lists.step_variable,
                    lists.step_start,
                    lists.step_factors,
                    lists.variable_kind,
                    lists.variable_slot,
                    lists.seen_slot,
                ):
                    parts += [_joined(pieces, np.int64), _starts(pieces)]
                base = np.concatenate(lists.base) if lists.base else np.zeros((0, 6), dtype=np.int64)
                parts += [np.ascontiguousarray(base), _starts(lists.base)]
                parts += [_joined(lists.fractions, np.float64), _starts(lists.fractions)]
                parts.append(np.array(lists.keeps, dtype=np.int64).reshape(-1, 5))
                parts.append(np.array(lists.weights, dtype=float).reshape(-1, 9))
                parts.append(np.array(lists.groups, dtype=np.int64).reshape(-1, 9))
                parts.append(np.array([*lists.absorbed, 0], dtype=np.int64))
                self._arrays = tuple(parts)
            return self._arrays


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


def _joined(pieces: Sequence[npt.NDArray[np.generic]], dtype: type) -> npt.NDArray[np.generic]:
    # One entry too many, so that a slice of nothing still has an address.
    return np.concatenate([*pieces, np.zeros(1, dtype=dtype)]).astype(dtype)


def _starts(pieces: Sequence[npt.NDArray[np.generic]]) -> IntArray:
    return np.cumsum([0, *(len(piece) for piece in pieces)]).astype(np.int64)
