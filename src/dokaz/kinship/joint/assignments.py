"""Sums and maxima over disjoint choices: each family takes some of the remains, none is taken twice."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dokaz.errors import TooComplex
from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.joint.placement_likelihood import Placement
from dokaz.kinship.kernels.disjoint_choices import (
    backward_best,
    backward_sum,
    best_through,
    forward_best,
    forward_sum,
    sum_through,
)

#: Memory for the recursion of one group, in bytes; more is refused.
MOST_BYTES = 600_000_000

#: Groups with no more assignments than this are listed in full.
LISTED_IN_FULL = 60_000


@dataclass(frozen=True, eq=False)
class WeightedPlacements:
    """What one family can make of the remains, with weights.

    Args:
        placements: Each as pairs (profile, place), the empty one first.
        log_lr, ln_prior: Natural logarithm of LR and of prior weight of each.
        first: Number of its first missing person among all.
        places: How many missing persons it has.
    """

    placements: tuple[Placement, ...]
    log_lr: FloatArray
    ln_prior: FloatArray
    first: int
    places: int

    @property
    def ln_weights(self) -> FloatArray:
        """LR times prior, natural logarithm."""
        return np.asarray(self.log_lr + self.ln_prior)


@dataclass(frozen=True, eq=False)
class Summary:
    """All assignments in sum.

    Args:
        count: How many are possible.
        posterior, best_with: As in `identify.JointIdentification`.
        best: The best ones, each as pairs (family, number of its placement), empty placements left out.
        neglected: Bound on the posterior probability left out.
    """

    count: float
    posterior: FloatArray
    best_with: FloatArray
    best: tuple[tuple[tuple[int, int], ...], ...]
    neglected: float


#: An assignment of one group: its ln weight, and (family, placement) pairs.
_Listed = tuple[float, tuple[tuple[int, int], ...]]


def summarise(
    families: Sequence[WeightedPlacements], profiles: int, missing: int, best: int, negligible: float
) -> Summary:
    """Posterior, maxima and the best assignments.

    Args:
        families: Their choices.
        profiles, missing: How many of each.
        best: How many of the best to list.
        negligible: As in `identify.identify_jointly`.

    Raises:
        TooComplex: a group of families that compete for the same remains is too large.
    """
    posterior = np.zeros((profiles, missing + 1))
    best_with = np.full((profiles, missing + 1), -math.inf)
    families, neglected = _without_negligible(families, negligible)
    groups = _groups(families, profiles)
    count, ln_best = 1.0, 0.0
    parts: list[_Group] = []
    for rows, members in groups:
        part = _Group(families, rows, members)
        part.fill(posterior, best_with)
        count *= part.count
        ln_best += part.ln_best
        parts.append(part)
    for part in parts:
        # The best of the other groups comes on top of the best within this one.
        best_with[part.rows] += ln_best - part.ln_best
    lonely = sorted(set(range(profiles)) - {row for part in parts for row in part.rows})
    posterior[lonely, -1] = 1.0
    best_with[lonely, -1] = ln_best
    listed: list[_Listed] = [(0.0, ())]
    for part in parts:
        listed = _combined(listed, part.best(best), best)
    return Summary(count, posterior, best_with, tuple(chosen for _, chosen in listed), neglected)


def _without_negligible(
    families: Sequence[WeightedPlacements], negligible: float
) -> tuple[list[WeightedPlacements], float]:
    """Leave out weak pairings of families with one missing person.

    The posterior of such a pairing is at most its weight: without it, everything else stays possible.
    """
    if negligible <= 0:
        return list(families), 0.0
    kept, left_out = [], 0.0
    for family in families:
        if family.places != 1:
            kept.append(family)
            continue
        weights = np.exp(family.ln_weights)
        strong = (weights >= negligible) | np.array([not p for p in family.placements])
        left_out += float(weights[~strong].sum())
        chosen = np.flatnonzero(strong)
        kept.append(
            WeightedPlacements(
                tuple(family.placements[k] if strong[k] else () for k in range(len(strong))),
                np.where(strong, family.log_lr, -math.inf),
                family.ln_prior,
                family.first,
                family.places,
            )
            if len(chosen) < len(strong)
            else family
        )
    return kept, left_out


def _groups(families: Sequence[WeightedPlacements], profiles: int) -> list[tuple[list[int], list[int]]]:
    """Profiles and families that are connected by a possible pairing."""
    root = list(range(profiles + len(families)))

    def find(x: int) -> int:
        while root[x] != x:
            root[x] = root[root[x]]
            x = root[x]
        return x

    for f, family in enumerate(families):
        for placement, weight in zip(family.placements, family.ln_weights, strict=True):
            if weight > -math.inf:
                for row, _ in placement:
                    root[find(row)] = find(profiles + f)
    found: dict[int, tuple[list[int], list[int]]] = {}
    for row in range(profiles):
        found.setdefault(find(row), ([], []))[0].append(row)
    for f in range(len(families)):
        found.setdefault(find(profiles + f), ([], []))[1].append(f)
    return [(rows, members) for rows, members in found.values() if rows and members]


class _Group:
    """Families that compete for the same remains: recursions over sets of remains already used."""

    def __init__(self, families: Sequence[WeightedPlacements], rows: list[int], members: list[int]) -> None:
        self.rows, self.members = rows, members
        states = 1 << len(rows)
        if (len(members) + 3) * states * 8 > MOST_BYTES:
            raise TooComplex(
                f"{len(rows)} remains and {len(members)} families compete with each other",
                next_step="leave out negligible pairings (negligible=1e-12), exclude pairings with reason, or ask in parts",
            )
        bit = {row: 1 << k for k, row in enumerate(rows)}
        self.placements: list[list[tuple[int, Placement, float, int]]] = []
        self.sets: list[IntArray] = []
        self.ln_sums: list[FloatArray] = []
        self.ln_maxima: list[FloatArray] = []
        self.firsts = [families[f].first for f in members]
        for f in members:
            entries = [
                (k, placement, float(weight), sum(bit[row] for row, _ in placement))
                for k, (placement, weight) in enumerate(
                    zip(families[f].placements, families[f].ln_weights, strict=True)
                )
                if weight > -math.inf
            ]
            entries.sort(key=lambda entry: -entry[2])
            by_set: dict[int, list[float]] = {}
            for _, _, weight, used in entries:
                by_set.setdefault(used, []).append(weight)
            self.placements.append(entries)
            self.sets.append(np.array(list(by_set), dtype=np.int64))
            self.ln_maxima.append(np.array([max(ws) for ws in by_set.values()]))
            self.ln_sums.append(
                np.array([max(ws) + math.log(math.fsum(math.exp(w - max(ws)) for w in ws)) for ws in by_set.values()])
            )
        self.states = states
        self.back_best = self._backwards_best()
        self.ln_best = float(self.back_best[0][0])
        self.count = self._count()

    def _backwards_best(self) -> list[FloatArray]:
        tables = [np.zeros(self.states)]
        for sets, ln in zip(reversed(self.sets), reversed(self.ln_maxima), strict=True):
            before = np.empty(self.states)
            backward_best(tables[0], sets, ln, before)
            tables.insert(0, before)
        return tables

    def _count(self) -> float:
        now, after = np.zeros(self.states), np.zeros(self.states)
        now[0] = 1.0
        for entries, sets in zip(self.placements, self.sets, strict=True):
            copies: dict[int, float] = {}
            for _, _, _, used in entries:
                copies[used] = copies.get(used, 0.0) + 1.0
            forward_sum(now, sets, np.array([copies[int(s)] for s in sets]), after)
            now, after = after, now
        return float(now.sum())

    def fill(self, posterior: FloatArray, best_with: FloatArray) -> None:
        """Add this group's posteriors, and the best weight with each pairing."""
        ahead = [np.ones(self.states)]
        for sets, ln in zip(reversed(self.sets), reversed(self.ln_sums), strict=True):
            before = np.empty(self.states)
            backward_sum(ahead[0], sets, np.exp(ln - ln.max()), before)
            before /= before.max()
            ahead.insert(0, before)
        so_far, best_so_far = np.zeros(self.states), np.full(self.states, -math.inf)
        so_far[0], best_so_far[0] = 1.0, 0.0
        after, after_best = np.empty(self.states), np.empty(self.states)
        for f, (entries, sets) in enumerate(zip(self.placements, self.sets, strict=True)):
            ln_sum, ln_max = self.ln_sums[f], self.ln_maxima[f]
            weights = np.exp(ln_sum - ln_sum.max())
            share, best = np.empty(sets.size), np.empty(sets.size)
            sum_through(so_far, ahead[f + 1], sets, weights, share)
            share /= share.sum()
            best_through(best_so_far, self.back_best[f + 1], sets, ln_max, best)
            at = {int(s): k for k, s in enumerate(sets)}
            for _, placement, weight, used in entries:
                k = at[used]
                part = float(share[k]) * math.exp(weight - float(ln_sum[k]))
                top = float(best[k]) + weight - float(ln_max[k])
                for row, place in placement:
                    column = self.firsts[f] + place
                    posterior[row, column] += part
                    best_with[row, column] = max(best_with[row, column], top)
            forward_sum(so_far, sets, weights, after)
            after /= after.max()
            forward_best(best_so_far, sets, ln_max, after_best)
            so_far, after = after, so_far
            best_so_far, after_best = after_best, best_so_far
        used_sets = np.arange(self.states)
        total = float(so_far.sum())
        for k, row in enumerate(self.rows):
            unused = used_sets & (1 << k) == 0
            posterior[row, -1] = float(so_far[unused].sum()) / total
            best_with[row, -1] = float(best_so_far[unused].max())

    def best(self, count: int) -> list[_Listed]:
        """The best assignments of the group, best first."""
        if self.count <= LISTED_IN_FULL:
            return self._all()[:count]
        # Best first, bounded by the best that the later families can still add: every list taken from the heap whole
        # is the best that is left.
        heap: list[tuple[float, int, int, int, float, tuple[tuple[int, int], ...]]] = []
        tie = itertools.count()
        heapq.heappush(heap, (-self.ln_best, next(tie), 0, 0, 0.0, ()))
        found: list[_Listed] = []
        while heap and len(found) < count:
            _, _, stage, used, so_far, chosen = heapq.heappop(heap)
            if stage == len(self.members):
                found.append((so_far, chosen))
                continue
            for k, placement, weight, taken in self.placements[stage]:
                if used & taken:
                    continue
                ahead = float(self.back_best[stage + 1][used | taken])
                if ahead > -math.inf:
                    more = (*chosen, (self.members[stage], k)) if placement else chosen
                    total = so_far + weight
                    heapq.heappush(heap, (-(total + ahead), next(tie), stage + 1, used | taken, total, more))
        return found

    def _all(self) -> list[_Listed]:
        level: list[tuple[float, int, tuple[tuple[int, int], ...]]] = [(0.0, 0, ())]
        for f, entries in zip(self.members, self.placements, strict=True):
            level = [
                (so_far + weight, used | taken, (*chosen, (f, k)) if placement else chosen)
                for so_far, used, chosen in level
                for k, placement, weight, taken in entries
                if not used & taken
            ]
        level.sort(key=lambda entry: -entry[0])
        return [(weight, chosen) for weight, _, chosen in level]


def _combined(first: list[_Listed], second: list[_Listed], count: int) -> list[_Listed]:
    """The best sums of one of each."""
    heap = [(-(first[0][0] + second[0][0]), 0, 0)]
    seen = {(0, 0)}
    found: list[_Listed] = []
    while heap and len(found) < count:
        weight, i, j = heapq.heappop(heap)
        found.append((-weight, (*first[i][1], *second[j][1])))
        for a, b in ((i + 1, j), (i, j + 1)):
            if a < len(first) and b < len(second) and (a, b) not in seen:
                seen.add((a, b))
                heapq.heappush(heap, (-(first[a][0] + second[b][0]), a, b))
    return found
