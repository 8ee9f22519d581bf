"""The common questions, rows of markers in one compiled call: exact typing, unlinked markers, with or without theta.

It computes what `one_marker.member_table` computes marker by marker; the tests hold the two to the same answers.
Markers at which the same people are typed share a network and an order; what depends on the profiles alone (which
alleles may be merged, frequencies and mutation over them) is prepared once for both hypotheses and kept with them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from dokaz.errors import TooComplex
from dokaz.kinship.arrays import AlleleArray, BoolArray, FloatArray, IntArray
from dokaz.kinship.exact.network import Network, Status, network, order_for
from dokaz.kinship.exact.reduced_pedigree import (
    ReducedPedigree,
    founder_sides,
    reduced_pedigree,
    refuse_inbred_founders,
    whole_founder,
)
from dokaz.kinship.exact.theta import Partition, bell, further_theta, partitions
from dokaz.kinship.kernels.compiled import run, runs_plainly
from dokaz.kinship.kernels.marker_rows import fill_row, is_parent_blind, lump
from dokaz.kinship.kernels.network_sum_rows import sum_network_rows
from dokaz.kinship.kernels.plain_rows import sum_network_plainly
from dokaz.kinship.kernels.program_sum import ALLELE
from dokaz.kinship.kernels.urn import draw
from dokaz.kinship.model.markers import MarkerSet
from dokaz.kinship.model.pedigree import Pedigree, Sex

#: Rows hold markers with similar numbers of alleles: up to the first of these, up to the second, and so on.
_WIDTHS = np.array([10, 27, 60, 128])
#: A row is split if its tables would hold more numbers than this.
_MOST_NUMBERS = 2**21
#: Above this many multiplications a row of markers is not summed in plain numpy (a nanosecond or two each).
_MOST_PLAIN = 5e7
#: More partitions of founder alleles than this are left to `theta.scenarios`, which knows a second way.
_MOST_PARTITIONS = 203


@dataclass(frozen=True, eq=False)
class Packed:
    """A marker set as arrays over the widest marker.

    Args:
        sizes: Alleles of each marker, the silent one included.
        frequencies: Shape (markers, alleles).
        matrices: Shape (markers, 2 sexes, alleles, alleles); unused where nothing mutates.
        mutates: Whether alleles of this marker mutate.
        parent_blind: Whether a mutation's outcome does not depend on what mutates: unseen alleles can always be made one.
        silent: Position of the silent allele; -1: none.
        alike: Whether fathers and mothers mutate alike.
    """

    sizes: IntArray
    frequencies: FloatArray
    matrices: FloatArray
    mutates: BoolArray
    parent_blind: BoolArray
    silent: IntArray
    alike: BoolArray

    @cached_property
    def has_silent(self) -> bool:
        """Whether any marker has a silent allele."""
        return bool((self.silent >= 0).any())


_packed: dict[int, tuple[MarkerSet, Packed]] = {}


def packed(markers: MarkerSet) -> Packed:
    """The arrays of a marker set, remembered."""
    known = _packed.get(id(markers))
    if known is not None and known[0] is markers:
        return known[1]
    sizes = np.array([len(marker.all_frequencies) for marker in markers], dtype=np.int64)
    widest = int(sizes.max(initial=1))
    frequencies = np.zeros((len(markers), widest))
    matrices = np.zeros((len(markers), 2, widest, widest))
    mutates = np.zeros(len(markers), dtype=bool)
    blind = np.zeros(len(markers), dtype=bool)
    silent = np.full(len(markers), -1, dtype=np.int64)
    for i, marker in enumerate(markers):
        n = int(sizes[i])
        frequencies[i, :n] = marker.all_frequencies
        if marker.matrices is not None:
            mutates[i] = True
            matrices[i, 0, :n, :n], matrices[i, 1, :n, :n] = marker.matrices
            blind[i] = all(is_parent_blind(matrix) for matrix in marker.matrices)
        if marker.has_silent:
            silent[i] = n - 1
    if len(_packed) > 100:
        _packed.clear()
    alike = np.array([m.mutation is None or m.mutation.female == m.mutation.male for m in markers], dtype=bool)
    result = Packed(sizes, frequencies, matrices, mutates, blind, silent, alike)
    _packed[id(markers)] = (markers, result)
    return result


@dataclass(frozen=True, eq=False)
class _Row:
    """Some markers of a group over their lumped alleles; see `marker_rows.fill_row`."""

    places: IntArray
    q: FloatArray
    matrix: FloatArray
    shown: IntArray
    hidden: IntArray


@dataclass(frozen=True, eq=False)
class MarkerGroup:
    """Markers at which the same people are typed, prepared for any pedigree of theirs.

    Args:
        x_linked: Whether they lie on X.
        alike: Whether fathers and mothers mutate alike.
        people: Who is typed.
        ambiguous: For each of them whether a silent allele may hide; used with theta.
        columns: Which columns of the profiles.
        rows: The markers by the number of their alleles, most markers in the first row.
    """

    x_linked: bool
    alike: bool
    people: tuple[str, ...]
    ambiguous: tuple[bool, ...]
    columns: IntArray
    rows: tuple[_Row, ...]
    # Plans made so far, by the identity of the pedigree (which is kept, so that no other can take its place) and theta.
    plans: dict[tuple[int, float], tuple[Pedigree, list[tuple[_Row, list[_Plan]]] | None]] = field(default_factory=dict)


def group(
    x_linked: bool,
    alike: bool,
    people: tuple[str, ...],
    ambiguous: tuple[bool, ...],
    alleles: AlleleArray,
    columns: IntArray,
    pack: Packed,
) -> MarkerGroup:
    """Prepare markers at which the same people are typed.

    Args:
        alleles: Positions of the two alleles seen, shape (people, columns, 2).
    """
    alleles = np.ascontiguousarray(alleles)
    number = np.zeros((columns.size, pack.frequencies.shape[1]), dtype=np.int64)
    counts = lump(
        alleles, columns, pack.sizes, pack.matrices, pack.mutates, pack.parent_blind, pack.silent, number
    )  # fmt: skip
    rows = []
    which = _WIDTHS.searchsorted(counts)
    for w in sorted(set(which.tolist())):
        places = (which == w).nonzero()[0]
        n = max(counts[places].tolist())
        row = _Row(
            places,
            np.empty((n, places.size)),
            np.empty((2, n, n, places.size)),
            np.empty((len(people), 2, places.size), dtype=np.int64),
            np.empty(places.size, dtype=np.int64),
        )
        fill_row(
            alleles, places, columns, number, pack.sizes, pack.frequencies, pack.matrices, pack.mutates, pack.silent,
            row.q, row.matrix, row.shown, row.hidden,
        )  # fmt: skip
        rows.append(row)
    return MarkerGroup(x_linked, alike, people, ambiguous, columns, tuple(rows))


@dataclass(frozen=True, eq=False)
class _Plan:
    """One network with its order, as `network_sum_rows.sum_network_rows` takes it; and what its tables need in memory."""

    net: tuple[IntArray | FloatArray, ...]
    variables: tuple[IntArray, IntArray, BoolArray]
    total_table: float
    cost: float
    seen_people: IntArray
    ln_constant: float
    # With theta: the probability of this partition of founder alleles, and who is drawn first (person, side).
    weight: float
    drawn: IntArray


def ln_likelihoods(pedigree: Pedigree, group: MarkerGroup, theta: float) -> FloatArray | None:
    """Natural logarithm of the likelihood at each marker of a group.

    Args:
        pedigree: Everybody typed is a member.
        theta: Coancestry coefficient, 0 to 1.

    Returns:
        One a column of the group; None where marker by marker is the only way (typed twins, large tables, theta over
        many unknown founders).

    Raises:
        NotMeaningful: theta with inbred founders; unknown sex on X.
    """
    key = (id(pedigree), theta)
    known = group.plans.get(key)
    if known is None or known[0] is not pedigree:
        if len(group.plans) > 32:
            group.plans.clear()
        known = (pedigree, _planned(pedigree, group, theta))
        group.plans[key] = known
    if known[1] is None:
        return None
    result = np.empty(group.columns.size)
    for row, plans in known[1]:
        result[row.places] = _summed(row, plans, theta)
    return result


def _summed(row: _Row, plans: Sequence[_Plan], theta: float) -> FloatArray:
    count = row.hidden.size
    ln = np.empty(count)
    if theta == 0:
        _run(plans[0], row.q, row, ln)
        return ln
    drawn = np.empty(count)
    people, sides = plans[0].drawn.T
    q = draw(row.q, row.shown[people, sides], theta, drawn)
    every = np.empty((len(plans), count))
    for i, plan in enumerate(plans):
        _run(plan, q, row, ln)
        every[i] = ln + math.log(plan.weight)
    highest = every.max(axis=0)
    finite = np.where(np.isneginf(highest), 0.0, highest)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.exp(every - finite).sum(axis=0)) + finite + drawn)


def _run(plan: _Plan, q: FloatArray, row: _Row, ln: FloatArray) -> None:
    arrays = (q, row.matrix, row.shown, row.hidden)
    if runs_plainly() and plan.cost * row.hidden.size <= _MOST_PLAIN:
        sum_network_plainly(plan.net, plan.variables, plan.seen_people, arrays, ln)
    else:
        with run(plainly=False):
            sum_network_rows(plan.net, plan.variables, plan.seen_people, arrays, ln)
    ln += plan.ln_constant


_PlansOfRows = list[list["_Plan"]]

#: Plans by pedigree (its identity; it is kept, so that no other can take its place), who is typed, and sizes of rows.
_known_plans: dict[tuple[object, ...], tuple[Pedigree, _PlansOfRows | None]] = {}


def _planned(pedigree: Pedigree, group: MarkerGroup, theta: float) -> list[tuple[_Row, list[_Plan]]] | None:
    sizes = tuple(row.q.shape[0] for row in group.rows)
    ambiguous = group.ambiguous if theta else ()
    key = (id(pedigree), group.people, ambiguous, group.x_linked, group.alike, theta, sizes)
    known = _known_plans.get(key)
    if known is None or known[0] is not pedigree:
        if len(_known_plans) > 2000:
            _known_plans.clear()
        known = (pedigree, _new_plans(pedigree, group, theta, sizes))
        _known_plans[key] = known
    if known[1] is None:
        return None
    try:
        return [
            (part, plans)
            for row, plans in zip(group.rows, known[1], strict=True)
            for part in _parts(row, max(plan.total_table for plan in plans))
        ]
    except TooComplex:
        return None


def _new_plans(pedigree: Pedigree, group: MarkerGroup, theta: float, sizes: tuple[int, ...]) -> _PlansOfRows | None:
    tree = reduced_pedigree(pedigree, frozenset(group.people), group.x_linked)
    refuse_inbred_founders(tree, theta)
    place = {person: i for i, person in enumerate(group.people)}
    people: list[int] = []
    for genome in tree.genomes:
        typed = [place[person] for person in genome.people if person in place]
        if len(typed) > 1:
            return None
        people.append(typed[0] if typed else -1)
    found: _PlansOfRows = []
    try:
        for size in sizes:
            plans = _plans(tree, tuple(people), group, theta, size)
            if plans is None:
                return None
            found.append(plans)
    except TooComplex:
        return None
    return found


def _parts(row: _Row, numbers: float) -> list[_Row]:
    """A row, or pieces of it whose tables fit in memory.

    Raises:
        TooComplex: those of a few markers are not, so that nothing would be gained.
    """
    most = int(_MOST_NUMBERS // max(1.0, numbers))
    if most < min(4, row.hidden.size):
        raise TooComplex("tables too large for a row of markers")
    if row.hidden.size <= most:
        return [row]
    cuts = [slice(i, i + most) for i in range(0, row.hidden.size, most)]
    return [
        _Row(
            row.places[c],
            np.ascontiguousarray(row.q[:, c]),
            np.ascontiguousarray(row.matrix[..., c]),
            np.ascontiguousarray(row.shown[..., c]),
            row.hidden[c],
        )
        for c in cuts
    ]


@lru_cache(maxsize=4096)
def _network(
    tree: ReducedPedigree,
    statuses: tuple[Status, ...],
    alike: bool,
    absorbed: frozenset[tuple[int, int]] = frozenset(),
    merged: tuple[tuple[tuple[int, int, int], int], ...] | None = None,
) -> Network:
    return network(tree, (statuses,), (), None, absorbed, merged, alike)


def _plans(
    tree: ReducedPedigree, people: tuple[int, ...], group: MarkerGroup, theta: float, size: int
) -> list[_Plan] | None:
    if theta == 0:
        statuses = tuple(Status.EXACT if person >= 0 else Status.UNTYPED for person in people)
        net = _network(tree, statuses, group.alike)
        return [_plan(net, tree, people, size, 1.0, np.zeros((0, 2), dtype=np.int64))]
    with_theta: list[Status] = []
    absorbed: list[tuple[int, int]] = []
    drawn: list[tuple[int, int]] = []
    for number, (genome, person) in enumerate(zip(tree.genomes, people, strict=True)):
        if person < 0:
            with_theta.append(Status.UNTYPED)
            continue
        sides = whole_founder(genome, tree.x_linked)
        is_drawn = bool(sides) and (len(sides) == 1 or not group.ambiguous[person])
        is_founder = bool(founder_sides(genome, tree.x_linked))
        with_theta.append(Status.EXACT if is_drawn or not is_founder else Status.UNCERTAIN)
        if is_drawn:
            absorbed.append((number, 0))
            drawn += [(person, i) for i in range(len(sides))]
    kept = frozenset(absorbed)
    plain = _network(tree, tuple(with_theta), group.alike, kept)
    founders = plain.open_founders[0]
    if bell(len(founders)) > _MOST_PARTITIONS:
        return None
    order_of_drawing = np.array(drawn, dtype=np.int64).reshape(-1, 2)
    plans = []
    for partition in _partitions(len(founders), further_theta(theta, len(drawn))):
        merged = tuple(((genome, side, 0), partition.classes[j]) for j, (genome, side) in enumerate(founders))
        # Symmetries that fix a phase hold for the sum over all partitions, which they map onto each other.
        net = _network(tree, tuple(with_theta), group.alike, kept, merged)
        plans.append(_plan(net, tree, people, size, partition.weight, order_of_drawing))
    return plans


@lru_cache(maxsize=256)
def _partitions(count: int, theta: float) -> tuple[Partition, ...]:
    return tuple(partitions(count, theta))


def _plan(
    net: Network, tree: ReducedPedigree, people: tuple[int, ...], size: int, weight: float, drawn: IntArray
) -> _Plan:
    sizes = [size if kind == ALLELE else 2 for kind in net.kinds.tolist()]
    one_allele = [tree.x_linked and tree.genomes[variable.genome].sex is Sex.MALE for variable in net.variables]
    order = order_for(net, sizes)
    return _Plan(
        (net.base, *order.arrays, np.array(net.fractions, dtype=np.float64)),
        (net.kinds, net.owners(lambda variable: people[variable.genome]), np.array(one_allele, dtype=np.bool_)),
        order.total_table,
        order.cost,
        np.array([people[genome] for genome, _ in net.seen], dtype=np.int64),
        net.ln_constant,
        weight,
        drawn,
    )
