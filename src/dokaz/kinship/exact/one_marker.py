"""One marker, or group of linked markers, at a time: every combination of options, through the network."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dokaz.kinship.arrays import BoolArray, FloatArray, IntArray
from dokaz.kinship.exact.elimination import Order
from dokaz.kinship.exact.evidence import Locus, check_one_x, locus_of, observation, seen_alleles
from dokaz.kinship.exact.inheritance import ln_likelihood_along
from dokaz.kinship.exact.network import Network, Status, network, order_for
from dokaz.kinship.exact.reduced_pedigree import (
    ReducedPedigree,
    founder_sides,
    reduced_pedigree,
    refuse_inbred_founders,
    whole_founder,
)
from dokaz.kinship.exact.theta import Scenario, absorb, check_theta, scenarios
from dokaz.kinship.kernels.network_sum import FactorKind, sum_network
from dokaz.kinship.kernels.program_sum import SLOT_TABLE, states_of_variables
from dokaz.kinship.model.pedigree import Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles

# Plain numbers, because comparing enumerations takes longer than the rest.
_SEEN = (int(FactorKind.SEEN), int(FactorKind.SEEN_SAME))


@dataclass(frozen=True)
class Term:
    """One factor of the product over markers: a marker, or a group of linked ones."""

    name: str
    columns: tuple[int, ...]
    fractions: tuple[float, ...]
    x_linked: bool

    def ln_likelihood(self, pedigree: Pedigree, profiles: Profiles, theta: float) -> float:
        """Natural logarithm of the probability of what was seen at these markers."""
        if theta == 0:
            along = ln_likelihood_along(pedigree, profiles, self.columns, self.fractions, x_linked=self.x_linked)
            if along is not None:
                return along
        _, ln_value = member_table(pedigree, profiles, self, theta)
        return ln_value


@dataclass(frozen=True)
class LocusEvidence:
    """What is known of every genome of a reduced pedigree at one locus."""

    locus: Locus
    tables: dict[int, FloatArray]
    statuses: tuple[Status, ...]
    absorbed: tuple[int, ...]
    # Phases of the absorbed founders: each heterozygote stands for two ordered draws.
    drawn: tuple[int, ...]


def evidence_at(
    tree: ReducedPedigree,
    rows: Mapping[str, int],
    profiles: Profiles,
    column: int,
    locus: Locus,
    theta: float,
    member: int | None = None,
) -> LocusEvidence:
    """What profiles say of a reduced pedigree at one marker.

    Args:
        tree: The reduced pedigree.
        rows: The profile of each typed person.
        profiles, column, locus: The marker.
        theta: As in `likelihood_ratio`.
        member: A genome whose alleles are asked for, and so stay apart although an identical twin may be typed.
    """
    tables: dict[int, FloatArray] = {}
    statuses: list[Status] = []
    absorbed: list[int] = []
    drawn: list[int] = []
    for number, genome in enumerate(tree.genomes):
        one_allele = tree.x_linked and genome.sex is Sex.MALE
        typed = [rows[p] for p in genome.people if p in rows and profiles.typed[rows[p], column]]
        if not typed:
            statuses.append(Status.UNTYPED)
            continue
        exact = [row for row in typed if np.isnan(profiles.dropout[row, column])]
        if one_allele:
            for row in exact:
                check_one_x(profiles, row, [column])
        table = observation([(profiles, row) for row in typed], column, locus, one_allele=one_allele)
        tables[number] = table
        status = Status.EXACT if exact and number != member else Status.UNCERTAIN
        if theta > 0 and founder_sides(genome, tree.x_linked) and number != member:
            possible = np.argwhere(np.triu(table) > 0)
            sides = whole_founder(genome, tree.x_linked)
            if sides and exact and len(possible) == 1:
                absorbed.append(number)
                drawn += [int(a) for a in possible[0][: len(sides)]]
            else:
                status = Status.UNCERTAIN
        statuses.append(status)
    return LocusEvidence(locus, tables, tuple(statuses), tuple(absorbed), tuple(drawn))


def member_table(
    pedigree: Pedigree,
    profiles: Profiles,
    term: Term,
    theta: float = 0.0,
    member: str | None = None,
    seen: BoolArray | None = None,
) -> tuple[FloatArray, float]:
    """Probability of the profiles together with the genotype of one more member.

    Args:
        pedigree, profiles: Profiles of people outside the pedigree are ignored.
        term: The marker, or linked group.
        theta: As in `likelihood_ratio`.
        member: Whose genotype; an untyped member. None: the likelihood alone.
        seen: Visible alleles that must stay apart from others, besides those in the profiles (single marker).

    Returns:
        (table, ln): with a member, the probability of the profiles and of the member's ordered alleles, shape
        (lumped alleles, lumped alleles), on the diagonal for a man's X; add an entry and its mirror image for a
        genotype; times exp(ln). Without one, an empty table and the natural logarithm of the likelihood.
    """
    rows = profiles.rows
    typed = [p for p in pedigree.ids if p in rows and profiles.typed[rows[p], list(term.columns)].any()]
    reached = frozenset(typed) if member is None else frozenset([*typed, member])
    if not reached:
        return np.empty((0, 0)), 0.0
    tree = reduced_pedigree(pedigree, reached, term.x_linked)
    refuse_inbred_founders(tree, theta, is_linked=len(term.columns) > 1)
    check_theta(theta)
    sample_rows = [rows[p] for p in typed]
    evidence = []
    kept = None
    if member is not None:
        kept = next(i for i, genome in enumerate(tree.genomes) if member in genome.people)
    for column in term.columns:
        shown = seen_alleles(profiles, sample_rows, column)
        if seen is not None:
            shown = shown | seen
        locus = locus_of(profiles.markers.markers[column], shown)
        evidence.append(evidence_at(tree, rows, profiles, column, locus, theta, kept))
    if any(not table.any() for e in evidence for table in e.tables.values()):
        size = evidence[0].locus.size
        return np.zeros((size, size)), -math.inf
    return _sum(tree, evidence, term.fractions, theta, kept)


def _sum(
    tree: ReducedPedigree, evidence: list[LocusEvidence], fractions: tuple[float, ...], theta: float, kept: int | None
) -> tuple[FloatArray, float]:
    statuses = tuple(e.statuses for e in evidence)
    absorbed = frozenset((genome, i) for i, e in enumerate(evidence) for genome in e.absorbed)
    plain = network(tree, statuses, fractions, kept, absorbed)
    if theta == 0:
        return _evaluate(plain, evidence, [e.locus.frequencies for e in evidence], kept)
    ln_drawn = 0.0
    choices: list[list[Scenario]] = []
    for i, e in enumerate(evidence):
        ln, frequencies, further = absorb(e.locus.frequencies, theta, e.drawn)
        if ln == -math.inf:
            return np.zeros((e.locus.size, e.locus.size)), -math.inf
        ln_drawn += ln
        choices.append(list(scenarios(len(plain.open_founders[i]), frequencies, further)))
    size = evidence[0].locus.size
    total = np.zeros((size, size))
    parts: list[tuple[float, FloatArray, float]] = []
    for combination in itertools.product(*choices):
        merged = tuple(
            ((genome, side, i), scenario.classes[j])
            for i, scenario in enumerate(combination)
            for j, (genome, side) in enumerate(plain.open_founders[i])
        )
        net = network(tree, statuses, fractions, kept, absorbed, merged)
        q = [scenario.frequencies for scenario in combination]
        table, ln = _evaluate(net, evidence, q, kept)
        if ln > -math.inf:
            parts.append((math.prod(scenario.weight for scenario in combination), table, ln))
    if not parts:
        return total, -math.inf
    highest = max(ln for _, _, ln in parts)
    if kept is None:
        value = math.fsum(weight * math.exp(ln - highest) for weight, _, ln in parts)
        return np.empty((0, 0)), math.log(value) + highest + ln_drawn if value > 0 else -math.inf
    for weight, table, ln in parts:
        total += weight * math.exp(ln - highest) * table
    return total, highest + ln_drawn


def _evaluate(
    net: Network, evidence: list[LocusEvidence], frequencies: list[FloatArray], kept: int | None
) -> tuple[FloatArray, float]:
    """Sum one network; what stays is a table over the ordered alleles of the genome that is kept."""
    network_ = fill_network(net, evidence)
    table, ln = network_.sum(frequencies)
    if kept is None:
        return np.empty((0, 0)), (math.log(float(table)) + ln) if table > 0 else -math.inf
    return over_alleles(table, network_.left, evidence[0].locus.size), ln


def over_alleles(table: FloatArray, states: Sequence[IntArray], size: int) -> FloatArray:
    """Spread a table over a genome's possible alleles (two axes, or one) to all alleles; further axes stay.

    Args:
        table: One or two axes for the alleles, then others.
        states: The alleles that each axis runs over: under theta a kept allele may be one with a seen one, and so be left
            with fewer states.
        size: Number of alleles.
    """
    alleles = [pairs[:, 0] for pairs in states]
    full = np.zeros((size, size, *table.shape[len(alleles) :]))
    full[np.ix_(*alleles) if len(alleles) == 2 else (alleles[0], alleles[0])] = table
    return full


@dataclass(frozen=True)
class FilledNetwork:
    """A network with the states that evidence leaves its variables, and the order in which they are summed out.

    Args:
        net, evidence: The network, and what is known at each of its markers.
        states_of, states, weights: As in `program_sum.states_of_variables`.
        order: None: impossible, somebody has no state.
    """

    net: Network
    evidence: Sequence[LocusEvidence]
    states_of: IntArray
    states: IntArray
    weights: FloatArray
    order: Order | None

    @property
    def left(self) -> list[IntArray]:
        """States of the variables that stay."""
        return [self.states[v, : self.states_of[v]] for v in self.net.kept]

    def sum(self, frequencies: Sequence[FloatArray]) -> tuple[FloatArray, float]:
        """Sum the network.

        Args:
            frequencies: Of founder alleles at each of its markers.

        Returns:
            (table, ln): one axis for each variable that stays; times exp(ln). All zero where impossible.
        """
        net, evidence, order = self.net, self.evidence, self.order
        shape = tuple(int(self.states_of[v]) for v in net.kept)
        if order is None:
            return np.zeros(shape), -math.inf
        size = max(e.locus.size for e in evidence)
        q = np.zeros((len(evidence), size))
        matrices = np.zeros((len(evidence), 2, size, size))
        for i, e in enumerate(evidence):
            n = e.locus.size
            q[i, :n] = frequencies[i]
            matrices[i, :, :n, :n] = e.locus.matrices
        seen = np.zeros((len(net.seen) + 1, size, size))
        for i, (genome, locus) in enumerate(net.seen):
            n = evidence[locus].locus.size
            seen[i, :n, :n] = evidence[locus].tables[genome]
        table = np.zeros(math.prod(shape))
        ln = sum_network(
            (net.base, *order.arrays, np.array(net.fractions, dtype=float)),
            (self.states_of, self.states, self.weights),
            (q, matrices, seen),
            table,
        )
        return table.reshape(shape), ln + net.ln_constant


def fill_network(net: Network, evidence: Sequence[LocusEvidence]) -> FilledNetwork:
    """The network with the states that evidence leaves to its variables.

    Raises:
        TooComplex: no elimination order fits in memory.
    """
    places = [(genome, locus) for locus, e in enumerate(evidence) for genome in e.tables]
    slot_of = {place: slot for slot, place in enumerate(places)}
    tables = [table.reshape(-1) for e in evidence for table in e.tables.values()]
    nothing = np.zeros(len(tables), dtype=np.int64)
    slots = (
        np.full(len(tables), SLOT_TABLE, dtype=np.int64),
        np.arange(len(tables), dtype=np.int64),
        nothing,
        nothing,
        np.concatenate([*tables, np.zeros(1)]),
        np.cumsum([0, *(table.size for table in tables)]).astype(np.int64),
    )
    owners = net.owners(lambda variable: slot_of[variable.genome, variable.locus])
    sizes = np.array([evidence[variable.locus].locus.size for variable in net.variables], dtype=np.int64)
    _, (states_of, states, weights) = states_of_variables(net.kinds, owners, sizes, slots, 0, -1)
    # Only the alleles that what was seen allows: smaller tables, and impossible copies found at once.
    for scope, row in zip(net.scopes, net.base.tolist(), strict=True):
        if row[0] not in _SEEN:
            continue
        genome, locus = net.seen[row[3]]
        table = evidence[locus].tables[genome]
        allowed = [np.diag(table) > 0] if len(scope) == 1 else [table.any(axis=1), table.any(axis=0)]
        for v, flags in zip(scope, allowed, strict=True):
            keep = np.flatnonzero(np.asarray(flags)[states[v, : states_of[v], 0]])
            states[v, : keep.size], weights[v, : keep.size] = states[v, keep], weights[v, keep]
            states_of[v] = keep.size
    order = order_for(net, states_of.tolist()) if states_of.all() else None
    return FilledNetwork(net, evidence, states_of, states, weights, order)
