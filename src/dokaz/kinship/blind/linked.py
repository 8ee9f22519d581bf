"""Linked markers in a search: each given who inherited which chromosome, then summed over those inheritances.

Given the selectors (which of a parent's two chromosomes a child received, at each marker), linked markers are
independent of each other, with mutation, silent alleles, dropout and theta too. So each marker gives a table over the
missing person's genotype and the selectors that it shares with its neighbours; a profile picks its genotypes; and from
marker to marker the selectors recombine. SNPs, of which there may be hundreds on a chromosome, go through
`linked_snps`, where the family is small enough for it.

Source: Lander & Green 1987 (inheritance vectors along a chromosome).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dokaz.errors import TooComplex
from dokaz.kinship.arrays import FloatArray
from dokaz.kinship.blind.founder_alleles import founder_alleles
from dokaz.kinship.blind.linked_snps import ln_given_relatives
from dokaz.kinship.blind.observations import LinkedObservations, Observations
from dokaz.kinship.blind.tables import GenotypeTables, Panel, Target, informative_at
from dokaz.kinship.exact.evidence import whole_locus
from dokaz.kinship.exact.family_shapes import FamilyShape, shape_of
from dokaz.kinship.exact.network import Network, Status, Variable, network
from dokaz.kinship.exact.one_marker import FilledNetwork, LocusEvidence, evidence_at, fill_network, over_alleles
from dokaz.kinship.exact.programs import untyped_couple
from dokaz.kinship.exact.reduced_pedigree import ReducedPedigree, reduced_pedigree, refuse_inbred_founders
from dokaz.kinship.exact.theta import Partition, absorb, check_theta, scenarios
from dokaz.kinship.kernels.network_sum import FactorKind
from dokaz.kinship.model.pedigree import Member, Pedigree, Sex

#: Tables over genotypes and selectors larger than this are not built: one exact likelihood per observation instead.
LARGEST = 2**24

#: The same where they need more multiplications per observation than this, which is about what a likelihood takes.
LONGEST = 1_000_000

#: Numbers of a product of two tables that should fit the second-level cache.
_CHUNK = 2**16


def log10_lr_rows(seen: Observations, tables: GenotypeTables, targets: Sequence[Target], theta: float) -> FloatArray:
    """log10 LR of every observation, of single markers and of linked ones, for every missing person.

    Args:
        seen: What the profiles show.
        tables: Of the missing persons, for single markers.
        targets: The missing persons.
        theta: Coancestry coefficient.

    Returns:
        FamilyShape (rows, missing); as `Observations.log10_lr_rows`.

    Raises:
        NotMeaningful: linked markers, or theta, with inbred founders; unknown sex on X.
        TooComplex: no elimination order fits in memory.
    """
    single = seen.log10_lr_rows(tables, theta)
    if not seen.groups:
        return single
    rows = []
    for group in seen.groups:
        # Without theta an unrelated person is the same to every family.
        by_sex = [_unrelated(group, is_male=is_male) for is_male in (False, True)]
        rows.append(np.stack([_log10_lr(group, target, theta, by_sex) for target in targets], axis=1))
    return np.concatenate([single, *rows])


def _log10_lr(together: LinkedObservations, target: Target, theta: float, by_sex: Sequence[FloatArray]) -> FloatArray:
    """log10 LR of every row for one missing person."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if theta > 0:
            related, unrelated = np.log(_with_theta(together, target, theta))
        else:
            unrelated = by_sex[int(target.pedigree.sex_of(target.person) is Sex.MALE)]
            if not informative_at(target, together.group.panel).any():
                return np.where(unrelated > -math.inf, 0.0, np.nan)
            related = ln_given_relatives(together, target)
            if related is None:
                related = np.log(_probabilities(together, target, theta))
        return np.where(unrelated > -math.inf, (related - unrelated) / math.log(10), np.nan)


def _unrelated(together: LinkedObservations, *, is_male: bool) -> FloatArray:
    """Natural logarithm of the probability of every row of an unrelated person, without theta."""
    panel, seen = together.group.panel, together.seen
    has_one_allele = together.group.term.x_linked and is_male
    genotypes = panel.hardy_weinberg()[int(has_one_allele)]
    total = np.zeros(len(together.observed))
    for m in range(len(panel.columns)):
        part = genotypes[panel.genotype_start[m] : panel.genotype_start[m + 1]]
        shown = seen.probabilities(m, part[:, None], one_allele=has_one_allele)[together.observed[:, m], 0]
        with np.errstate(divide="ignore"):
            total += np.log(shown)
    return total


def _probabilities(
    together: LinkedObservations, target: Target, theta: float, *, unrelated: bool = False
) -> FloatArray:
    """Probability of every row given the relatives, of the missing person, or of somebody unrelated.

    Returns:
        All NaN where the relatives' profiles are impossible.
    """
    question = _Question.of(together, target, theta, unrelated=unrelated)
    if question is None:
        return _one_by_one(together, target, theta, unrelated=unrelated)
    return _summed([question.genotypes(m) for m in range(len(question.filled))], question.plan, question, together)


def _with_theta(together: LinkedObservations, target: Target, theta: float) -> tuple[FloatArray, FloatArray]:
    """Probability of every row if it is the missing person, and if it is somebody unrelated."""
    question = _Question.of(together, target, theta, unrelated=True)
    if question is None or question.couple is None:
        related = _probabilities(together, target, theta)
        return related, _probabilities(together, target, theta, unrelated=True)
    # Both follow from the same alleles of the founders, which is far cheaper than to keep a child's own.
    plan, term = question.plan, together.group.term
    both = [question.stranger_and_child(m) for m in range(len(question.filled))]
    own = (plan.selectors, plan.selectors + 1)
    links = [((own[0], r), (own[1], r)) for r in term.fractions]
    wider = replace(plan, links=((), *(at + more for at, more in zip(plan.links[1:], links, strict=True))))
    return (
        _summed([child for _, child in both], wider, question, together),
        _summed([stranger for stranger, _ in both], plan, question, together),
    )


def _summed(
    tables: Sequence[FloatArray], plan: _SelectorPlan, question: _Question, together: LinkedObservations
) -> FloatArray:
    """Probability of every row, from tables over genotypes and selectors, given the relatives."""
    shown = []
    for m, table in enumerate(tables):
        cases = table.reshape(table.shape[0], -1)
        rows = together.seen.probabilities(m, cases, one_allele=question.has_one_allele)
        shown.append(rows.reshape(-1, *table.shape[1:]))
    values = _along(shown, plan, together)
    return values / values[0] if values[0] > 0 else np.full(values.size, np.nan)


def _along(shown: Sequence[FloatArray], plan: _SelectorPlan, together: LinkedObservations) -> FloatArray:
    """Sum over selectors, from marker to marker, for every row."""
    values = shown[0]
    for m, (before, now) in enumerate(together.steps, start=1):
        for axis, fraction in plan.links[m]:
            values = (1 - fraction) * values + fraction * np.flip(values, axis=axis + 1)
        if m < len(shown) - 1:
            values = values[before] * shown[m][now]
            continue
        wide = np.broadcast_shapes(values.shape[1:], shown[m].shape[1:])
        first = np.broadcast_to(values, (len(values), *wide)).reshape(len(values), -1)
        second = np.broadcast_to(shown[m], (len(shown[m]), *wide)).reshape(len(shown[m]), -1)
        out = np.empty(before.size)
        step = max(1, _CHUNK // first.shape[1])
        for start in range(0, before.size, step):
            some = slice(start, start + step)
            np.einsum("ik,ik->i", first[before[some]], second[now[some]], out=out[some])
    return out


def _one_by_one(together: LinkedObservations, target: Target, theta: float, *, unrelated: bool) -> FloatArray:
    """The same by one exact likelihood per row, for families with too many selectors."""
    term, pedigree, person, examples = together.group.term, target.pedigree, target.person, together.examples
    has_one_allele = term.x_linked and pedigree.sex_of(person) is Sex.MALE
    # The rows of women are not compared with a man on X.
    alleles = examples.alleles[:, list(term.columns)]
    certain = np.isnan(examples.dropout[:, list(term.columns)])
    is_woman = has_one_allele & (certain & (alleles[:, :, 0] != alleles[:, :, 1])).any(axis=1)
    if unrelated:
        pedigree, person = _with_stranger(pedigree, person)
    values = np.full(len(together.observed), -math.inf)
    values[0] = term.ln_likelihood(pedigree, target.profiles, theta)
    for row in np.flatnonzero(~is_woman).tolist():
        one = examples.only([examples.ids[row]]).renamed({examples.ids[row]: person})
        values[row + 1] = term.ln_likelihood(pedigree, target.profiles.joined(one), theta)
    return np.exp(values - values[0]) if values[0] > -math.inf else np.full(values.size, np.nan)


def _with_stranger(pedigree: Pedigree, person: str) -> tuple[Pedigree, str]:
    stranger = Member("\0unrelated", sex=pedigree.sex_of(person))
    return replace(pedigree, members=(*pedigree.members, stranger)), stranger.id


@dataclass(frozen=True, eq=False)
class _SelectorPlan:
    """Networks of one pedigree at linked markers, one per marker, that share selectors.

    Args:
        markers: For each marker its own network. What stays of it: the member's alleles, if any, then shared selectors.
        holders: For each marker the variable of each founder allele, or class of founder alleles that are one.
        axes: For each marker the numbers of the selectors that stay.
        links: For each marker the selectors that recombine on the way to it, each with its fraction.
        selectors: How many selectors are shared.
    """

    markers: tuple[Network, ...]
    holders: tuple[dict[tuple[int, int], int], ...]
    axes: tuple[tuple[int, ...], ...]
    links: tuple[tuple[tuple[int, float], ...], ...]
    selectors: int


@lru_cache(maxsize=20_000)
def _plan(
    tree: ReducedPedigree,
    statuses: tuple[tuple[Status, ...], ...],
    fractions: tuple[float, ...],
    member: int | None,
    absorbed: frozenset[tuple[int, int]],
    merged: tuple[tuple[tuple[int, int, int], int], ...] | None,
) -> tuple[_SelectorPlan, tuple[tuple[tuple[int, int], ...], ...]]:
    """The plan, and the founder alleles still to be drawn at each marker."""
    net = network(tree, statuses, fractions, None, absorbed, merged)
    numbers: dict[tuple[int, int | None], int] = {}
    links: list[list[tuple[int, float]]] = [[] for _ in statuses]
    where: list[dict[int, int]] = [{} for _ in statuses]
    for row, scope in zip(net.base.tolist(), net.scopes, strict=True):
        if row[0] == FactorKind.LINK:
            for v in scope:
                variable = net.variables[v]
                number = numbers.setdefault((variable.genome, variable.side), len(numbers))
                where[variable.locus][number] = v
            links[row[5]].append((number, net.fractions[row[3]]))
    alone = [_alone(net, locus, member, tuple(where[locus].values())) for locus in range(len(statuses))]
    plan = _SelectorPlan(
        tuple(each for each, _ in alone),
        tuple(holders for _, holders in alone),
        tuple(tuple(at) for at in where),
        tuple(tuple(at) for at in links),
        len(numbers),
    )
    return plan, net.open_founders


def _alone(
    net: Network, locus: int, member: int | None, selectors: tuple[int, ...]
) -> tuple[Network, dict[tuple[int, int], int]]:
    """The part of a network of linked markers that belongs to one of them, and its variables of alleles."""
    number: dict[int, int] = {}
    variables: list[Variable] = []
    holders: dict[tuple[int, int], int] = {}
    for v, variable in enumerate(net.variables):
        if variable.locus == locus:
            if variable.side is not None and not variable.selector:
                holders[variable.genome, variable.side] = len(variables)
            number[v] = len(variables)
            variables.append(replace(variable, locus=0))
    seen = [at for at in net.seen if at[1] == locus]
    scopes, base = [], []
    kept: tuple[int, ...] = ()
    for row, scope in zip(net.base.tolist(), net.scopes, strict=True):
        if row[5] != locus or row[0] == FactorKind.LINK:
            continue
        here = tuple(number[v] for v in scope)
        if row[0] in (FactorKind.SEEN, FactorKind.SEEN_SAME):
            if net.seen[row[3]][0] == member:
                kept = here
            row[3] = seen.index(net.seen[row[3]])
        scopes.append(here)
        base.append([*row[:5], 0])
    own = Network(
        tuple(variables),
        tuple(scopes),
        np.array(base, dtype=np.int64).reshape(-1, 6),
        0.0,
        tuple((genome, 0) for genome, _ in seen),
        net.fractions,
        (),
        (*kept, *(number[v] for v in selectors)),
    )
    return own, holders


@lru_cache(maxsize=20_000)
def _keeping(plan: _SelectorPlan, m: int, alleles: tuple[tuple[int, int], ...]) -> Network:
    """A marker's network in which these founder alleles (genome, side) are kept as well."""
    net, holders = plan.markers[m], plan.holders[m]
    return replace(net, kept=(*(holders[allele] for allele in alleles), *net.kept))


@lru_cache(maxsize=128)
def _genotypes(size: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    return np.tril_indices(size)


@lru_cache(maxsize=4096)
def _pedigree(shape: FamilyShape) -> Pedigree:
    return shape.pedigree()


@dataclass(frozen=True, eq=False)
class _Question:
    """What the relatives of one missing person show at linked markers, and how it is summed.

    Args:
        panel: The linked markers.
        theta: Coancestry coefficient.
        tree, member: The reduced pedigree; the missing person in it. None: an unrelated person is asked for.
        has_one_allele: Whether the person is a man, and the markers lie on X.
        couple: The missing person's parents, where both are untyped founders and nobody descends from the missing
            person; of an unrelated person's question only.
        evidence: At each marker.
        fractions: Between the markers.
        absorbed: Founders whose alleles count as drawn.
        plan: Without founder alleles that are copies of each other.
        filled: Its networks, filled in.
        open_founders: At each marker, founder alleles still to be drawn.
    """

    panel: Panel
    theta: float
    tree: ReducedPedigree
    member: int | None
    has_one_allele: bool
    couple: tuple[int, int] | None
    evidence: tuple[LocusEvidence, ...]
    fractions: tuple[float, ...]
    absorbed: frozenset[tuple[int, int]]
    plan: _SelectorPlan
    filled: tuple[FilledNetwork, ...]
    open_founders: tuple[tuple[tuple[int, int], ...], ...]

    @classmethod
    def of(cls, together: LinkedObservations, target: Target, theta: float, *, unrelated: bool) -> _Question | None:
        """None where one exact likelihood per observation is quicker, or the only way."""
        check_theta(theta)
        term, profiles = together.group.term, target.profiles
        columns = list(term.columns)
        pedigree, person = target.pedigree, target.person
        typed = [p for p, row in profiles.rows.items() if profiles.typed[row, columns].any()]
        shape, people = shape_of(pedigree, typed, person)
        pedigree, person = _pedigree(shape), str(shape.target)
        rows = {str(i): profiles.rows[p] for i, p in enumerate(people) if p in profiles.rows}
        reached = frozenset(str(i) for i, p in enumerate(people) if p in set(typed))
        tree = reduced_pedigree(pedigree, reached if unrelated else reached | {person}, term.x_linked)
        refuse_inbred_founders(tree, theta, is_linked=True)
        member = None
        if not unrelated:
            member = next(i for i, genome in enumerate(tree.genomes) if person in genome.people)
        evidence = []
        for column in columns:
            marker = profiles.markers.markers[column]
            locus = whole_locus(marker)
            found = evidence_at(tree, rows, profiles, column, locus, theta, member)
            if member is not None:
                # The member's alleles stay apart even where a twin is typed.
                statuses = (*found.statuses[:member], Status.UNCERTAIN, *found.statuses[member + 1 :])
                seen = {member: np.ones((locus.size, locus.size)), **found.tables}
                found = replace(found, statuses=statuses, tables=seen)
            evidence.append(found)
        absorbed = frozenset((genome, i) for i, e in enumerate(evidence) for genome in e.absorbed)
        statuses_at = tuple(e.statuses for e in evidence)
        plan, open_founders = _plan(tree, statuses_at, term.fractions, member, absorbed, None)
        try:
            nets = tuple(fill_network(net, [e]) for net, e in zip(plan.markers, evidence, strict=True))
        except TooComplex:
            return None
        orders = [net.order for net in nets if net.order is not None]
        multiplications = sum(order.cost for order in orders)
        if any(order.total_table > LARGEST for order in orders) or (
            theta == 0 and multiplications > LONGEST * len(together.observed)
        ):
            return None
        couple = None
        if unrelated:
            pattern = bytes(str(i) in reached for i in range(len(people)))
            with_missing = reduced_pedigree(pedigree, reached | {person}, term.x_linked)
            place = next(i for i, genome in enumerate(with_missing.genomes) if person in genome.people)
            couple = untyped_couple(with_missing, place, tree, pattern)
            if couple is not None and any(
                (p, side) not in at for at in open_founders for p in couple for side in (0, 1)
            ):
                couple = None
        one = term.x_linked and pedigree.sex_of(person) is Sex.MALE
        panel = together.group.panel
        return cls(
            panel,
            theta,
            tree,
            member,
            one,
            couple,
            tuple(evidence),
            term.fractions,
            absorbed,
            plan,
            nets,
            open_founders,
        )

    def genotypes(self, m: int) -> FloatArray:
        """Probability, up to a factor, of the relatives' profiles and each genotype at a marker, given the selectors.

        Returns:
            FamilyShape (genotypes, 2 or 1 for each selector that is shared, 1 where this marker does not have it).
        """
        if self.member is None:
            return self.stranger_and_child(m)[0]
        if self.theta > 0:
            return self._over_genotypes(m, self._drawn(m))
        return self._over_genotypes(m, self._ordered(self.filled[m], self.evidence[m].locus.frequencies)[0])

    def _over_genotypes(self, m: int, table: FloatArray) -> FloatArray:
        """Turn a table over ordered alleles and this marker's selectors into one over genotypes and all selectors."""
        axes = self.plan.axes[m]
        shape = [2 if k in axes else 1 for k in range(self.plan.selectors)]
        b, a = _genotypes(table.shape[0])
        values = table[a, b] + np.where((a == b).reshape(-1, *[1] * (table.ndim - 2)), 0.0, table[b, a])
        rest = range(1 + len(axes), values.ndim)
        in_order = values.transpose(0, *(1 + np.argsort(axes)), *rest)
        return in_order.reshape(b.size, *shape, *(values.shape[k] for k in rest))

    def _drawn(self, m: int) -> FloatArray:
        """With theta: over the ways in which founder alleles are copies of each other."""
        e = self.evidence[m]
        n_axes = len(self.plan.axes[m])
        total = np.zeros((e.locus.size, e.locus.size, *[2] * n_axes))
        ln_drawn, frequencies, further = absorb(e.locus.frequencies, self.theta, e.drawn)
        if ln_drawn == -math.inf:
            return total
        highest = -math.inf
        for scenario in scenarios(len(self.open_founders[m]), frequencies, further):
            table, ln = self._ordered(fill_network(self._merged(m, scenario).markers[m], [e]), scenario.frequencies)
            if ln == -math.inf:
                continue
            if ln > highest:
                total *= math.exp(highest - ln)
                highest = ln
            total += scenario.weight * math.exp(ln - highest) * table
        return total

    def _merged(self, m: int, partition: Partition) -> _SelectorPlan:
        """The plan with founder alleles at a marker that are copies of each other."""
        # At the other markers, which do not matter here, every founder allele is its own.
        merged = tuple(
            ((genome, side, k), partition.classes[j] if k == m else j)
            for k, open_ in enumerate(self.open_founders)
            for j, (genome, side) in enumerate(open_)
        )
        statuses = tuple(e.statuses for e in self.evidence)
        return _plan(self.tree, statuses, self.fractions, self.member, self.absorbed, merged)[0]

    def stranger_and_child(self, m: int) -> tuple[FloatArray, FloatArray]:
        """With theta: what `genotypes` says of an unrelated person, and of the couple's child.

        The child's has two further axes: which allele the father passed, and which one the mother.
        """
        e, open_founders, theta = self.evidence[m], self.open_founders[m], self.theta
        ln_drawn, frequencies, further = absorb(e.locus.frequencies, theta, e.drawn)
        axes = [2] * len(self.plan.axes[m])

        def network_of(partition: Partition, alleles: tuple[tuple[int, int], ...]) -> FilledNetwork:
            return fill_network(_keeping(self._merged(m, partition), m, alleles), [e])

        found = founder_alleles(open_founders, frequencies, further, axes, network_of, self.couple)
        stranger = found.stranger(
            theta, e.locus.frequencies, e.drawn, len(open_founders), one_allele=self.has_one_allele
        )
        child = found.child(*e.locus.matrices)
        is_possible = ln_drawn > -math.inf
        return self._over_genotypes(m, stranger * is_possible), self._over_genotypes(m, child * is_possible)

    @staticmethod
    def _ordered(net: FilledNetwork, frequencies: FloatArray) -> tuple[FloatArray, float]:
        """A table over the member's ordered alleles and the selectors, and the logarithm of its scale."""
        table, ln = net.sum([frequencies])
        alleles = [pairs for v, pairs in zip(net.net.kept, net.left, strict=True) if not net.net.variables[v].selector]
        return over_alleles(table, alleles, net.evidence[0].locus.size), ln
