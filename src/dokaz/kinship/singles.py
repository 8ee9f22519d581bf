"""One marker, or group of linked markers, at a time: every combination of options, through the network."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokaz.errors import BadProfile, BadQuestion, NotMeaningful
from dokaz.kinship.evidence import Locus, locus_of, observation, seen_alleles
from dokaz.kinship.kernel import Kind, evaluate, scratch
from dokaz.kinship.network import Lineage, Network, Status, founder_sides, lineage, network, order_for
from dokaz.kinship.pedigree import Pedigree, Sex
from dokaz.kinship.profiles import Profiles
from dokaz.kinship.theta import Scenario, absorb, scenarios

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Term:
    """One factor of the product over markers: a marker, or a group of linked ones."""

    name: str
    columns: tuple[int, ...]
    fractions: tuple[float, ...]
    x_linked: bool

    def ln_likelihood(self, pedigree: Pedigree, profiles: Profiles, theta: float) -> float:
        """Natural logarithm of the probability of what was seen at these markers."""
        _, ln_value = member_table(pedigree, profiles, self, theta)
        return ln_value


@dataclass(frozen=True)
class _Evidence:
    """What is known of every genome of a lineage at one locus."""

    locus: Locus
    tables: dict[int, FloatArray]
    statuses: tuple[Status, ...]
    absorbed: tuple[int, ...]
    # Phases of the absorbed founders: each heterozygote stands for two ordered draws.
    drawn: tuple[int, ...]


def _evidence(tree: Lineage, profiles: Profiles, column: int, locus: Locus, theta: float) -> _Evidence:
    tables: dict[int, FloatArray] = {}
    statuses: list[Status] = []
    absorbed: list[int] = []
    drawn: list[int] = []
    rows = profiles.rows
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
        table = observation(profiles, typed[0], column, locus, one_allele=one_allele)
        for row in typed[1:]:
            table = table * observation(profiles, row, column, locus, one_allele=one_allele)
        tables[number] = table
        status = Status.EXACT if exact else Status.UNCERTAIN
        sides = founder_sides(genome, tree.x_linked)
        if theta > 0 and sides:
            possible = np.argwhere(np.triu(table) > 0)
            if len(sides) == (1 if one_allele else 2) and exact and len(possible) == 1:
                absorbed.append(number)
                drawn += [int(a) for a in possible[0][: len(sides)]]
            else:
                status = Status.UNCERTAIN
        statuses.append(status)
    return _Evidence(locus, tables, tuple(statuses), tuple(absorbed), tuple(drawn))


def member_table(
    pedigree: Pedigree,
    profiles: Profiles,
    term: Term,
    theta: float = 0.0,
    member: str | None = None,
    seen: npt.NDArray[np.bool_] | None = None,
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
    tree = lineage(pedigree, reached, term.x_linked)
    if theta > 0 and any(genome.inbreeding for genome in tree.genomes):
        raise NotMeaningful(
            "theta cannot be combined with inbred founders", next_step="draw the loop, or leave theta at 0"
        )
    if len(term.columns) > 1 and any(genome.inbreeding for genome in tree.genomes):
        raise NotMeaningful(
            "linked markers cannot be combined with inbred founders: how long their shared segments are is not stated",
            next_step="draw the loop that makes them inbred",
        )
    if not 0 <= theta <= 1:
        raise BadQuestion(f"theta {theta!r} lies outside 0 to 1", next_step="give a value such as 0.01")
    sample_rows = [rows[p] for p in typed]
    evidence = []
    for column in term.columns:
        shown = seen_alleles(profiles, sample_rows, column)
        if seen is not None:
            shown = shown | seen
        locus = locus_of(profiles.markers.markers[column], shown)
        evidence.append(_evidence(tree, profiles, column, locus, theta))
    kept = None
    if member is not None:
        kept = next(i for i, genome in enumerate(tree.genomes) if member in genome.people)
    if any(not table.any() for e in evidence for table in e.tables.values()):
        size = evidence[0].locus.size
        return np.zeros((size, size)), -math.inf
    return _sum(tree, evidence, term.fractions, theta, kept)


def _sum(
    tree: Lineage, evidence: list[_Evidence], fractions: tuple[float, ...], theta: float, kept: int | None
) -> tuple[FloatArray, float]:
    statuses = tuple(e.statuses for e in evidence)
    absorbed = frozenset((genome, i) for i, e in enumerate(evidence) for genome in e.absorbed)
    plain = network(tree, statuses, fractions, kept, absorbed)
    if theta == 0:
        return _evaluate(plain, tree, evidence, [e.locus.frequencies for e in evidence], fractions, kept)
    ln_drawn = 0.0
    choices: list[list[Scenario]] = []
    for i, e in enumerate(evidence):
        probability, frequencies, further = absorb(e.locus.frequencies, theta, list(e.drawn))
        if probability == 0:
            return np.zeros((e.locus.size, e.locus.size)), -math.inf
        ln_drawn += math.log(probability)
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
        table, ln = _evaluate(net, tree, evidence, q, fractions, kept)
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
    net: Network,
    tree: Lineage,
    evidence: list[_Evidence],
    frequencies: list[FloatArray],
    fractions: tuple[float, ...],
    kept: int | None,
) -> tuple[FloatArray, float]:
    """Fill in one network's states and sum it."""
    states: list[npt.NDArray[np.int64]] = []
    weights: list[FloatArray] = []
    for variable in net.variables:
        e = evidence[variable.locus]
        table = e.tables.get(variable.genome)
        if variable.selector:
            pairs = np.array([(0, 0), (1, 1)])
            weight = np.ones(2)
        elif variable.side is None:
            assert table is not None
            if variable.phase_fixed:
                pairs = np.argwhere(np.triu(table) > 0)
                weight = table[pairs[:, 0], pairs[:, 1]] * np.where(pairs[:, 0] == pairs[:, 1], 1.0, 2.0)
            else:
                pairs = np.argwhere(table > 0)
                weight = table[pairs[:, 0], pairs[:, 1]]
        else:
            domain = np.arange(e.locus.size)
            pairs = np.stack([domain, domain], axis=1)
            weight = np.ones(domain.size)
        states.append(pairs)
        weights.append(weight)
    _restrict(net, evidence, states, weights)
    if any(len(pairs) == 0 for pairs in states):
        return np.zeros((evidence[0].locus.size,) * 2), -math.inf
    widest = max((len(pairs) for pairs in states), default=1)
    all_states = np.zeros((len(states), widest, 2), dtype=np.int64)
    all_weights = np.zeros((len(states), widest))
    for i, (pairs, weight) in enumerate(zip(states, weights, strict=True)):
        all_states[i, : len(pairs)] = pairs
        all_weights[i, : len(pairs)] = weight
    states_of = np.array([len(pairs) for pairs in states], dtype=np.int64)
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
    order = order_for(net, [int(n) for n in states_of])
    shape = tuple(int(states_of[v]) for v in net.kept)
    table = np.zeros(math.prod(shape))
    ln = evaluate(
        net.base,
        order.factor_start,
        order.factor_variables,
        order.step_variable,
        order.step_start,
        order.step_factors,
        states_of,
        all_states,
        all_weights,
        q,
        matrices,
        seen,
        np.array(net.fractions, dtype=float),
        table,
        scratch(order.factor_start, order.step_start),
    )
    if kept is None:
        value = float(table[0])
        return np.empty((0, 0)), (math.log(value) + ln + net.ln_constant) if value > 0 else -math.inf
    # Under theta a kept allele may be one with a seen one, and so be left with fewer states.
    full = np.zeros((evidence[0].locus.size,) * 2)
    rows, columns = states[net.kept[0]][:, 0], states[net.kept[-1]][:, 0]
    if len(shape) == 1:
        full[rows, rows] = table
    else:
        full[np.ix_(rows, columns)] = table.reshape(shape)
    return full, ln + net.ln_constant


def _restrict(
    net: Network,
    evidence: list[_Evidence],
    states: list[npt.NDArray[np.int64]],
    weights: list[FloatArray],
) -> None:
    """Keep only the alleles that what was seen allows: smaller tables, and impossible copies found at once."""
    if not net.seen:
        return
    for scope, row in zip(net.scopes, net.base, strict=True):
        if row[0] not in (Kind.SEEN, Kind.SEEN_SAME):
            continue
        genome, locus = net.seen[int(row[3])]
        table = evidence[locus].tables[genome]
        allowed = [np.diag(table) > 0] if row[0] == Kind.SEEN_SAME else [table.any(axis=1), table.any(axis=0)]
        for variable, flags in zip(scope, allowed, strict=True):
            keep = np.asarray(flags)[states[variable][:, 0]]
            states[variable] = states[variable][keep]
            weights[variable] = weights[variable][keep]


def check_one_x(profiles: Profiles, row: int, columns: Iterable[int]) -> None:
    """Refuse two alleles on the X of a man.

    Raises:
        BadProfile: names the person and the marker.
    """
    for column in columns:
        if profiles.alleles[row, column, 0] != profiles.alleles[row, column, 1]:
            raise BadProfile(
                f"{profiles.ids[row]}, {profiles.markers.names[column]}: a man has two alleles on X",
                next_step="check the sex in the pedigree, or retype",
            )
