"""Naive twins of the estimates: slow, and by other ways."""

from __future__ import annotations

from itertools import combinations, permutations, product
from math import exp, lgamma, log

import numpy as np

from dokaz.estimate import OverlapTable


def unseen_by_scaling(table: OverlapTable, terms: tuple[int, ...], rounds: int = 20_000) -> float:
    """People on no list under a hierarchical model: iterative proportional fitting, then the model carried on to pattern 0.

    Margins of every largest interaction are fitted in turn over the patterns that were possible to see.
    """
    lists = len(table.lists)
    patterns = [p for p in range(1, 2**lists) if not table.impossible[p]]
    groups = [*terms, *(1 << bit for bit in range(lists))]
    means = dict.fromkeys(patterns, 1.0)
    for _ in range(rounds):
        worst = 0.0
        for group in groups:
            for inside in range(2**lists):
                if inside & ~group:
                    continue
                cells = [p for p in patterns if p & group == inside]
                have, want = sum(means[p] for p in cells), sum(int(table.counts[p]) for p in cells)
                if have > 0:
                    worst = max(worst, abs(want - have))
                    for p in cells:
                        means[p] *= want / have
        if worst < 1e-10:
            break
    # log mean is a sum over interactions and their parts; solve it from the patterns that are not zero.
    held = [p for p in patterns if means[p] > 1e-12]
    parts = {inside for group in groups for inside in range(1, 2**lists) if not inside & ~group}
    columns = [[1.0, *(float(p & part == part) for part in sorted(parts))] for p in held]
    solved = np.linalg.lstsq(np.array(columns), np.log([means[p] for p in held]), rcond=None)[0]
    return exp(solved[0])


def is_chordal(joined: set[tuple[int, int]], lists: int) -> bool:
    """Whether every circle of four or more lists has a shortcut, by looking at every circle."""

    def near(a: int, b: int) -> bool:
        return (min(a, b), max(a, b)) in joined

    for size in range(4, lists + 1):
        for circle in permutations(range(lists), size):
            if all(near(circle[k], circle[(k + 1) % size]) for k in range(size)) and not any(
                near(circle[a], circle[b])
                for a, b in combinations(range(size), 2)
                if (b - a) % size not in (1, size - 1)
            ):
                return False
    return True


def log_marginal_of_independence(table: OverlapTable, unseen: int) -> float:
    """Multinomial likelihood averaged over independent lists whose rates have symmetric beta priors, by its closed form."""
    lists = len(table.lists)
    size = table.observed + unseen
    found = lgamma(size + 1) - lgamma(unseen + 1) - sum(lgamma(int(n) + 1) for n in table.counts)
    half = 0.5
    for bit in range(lists):
        on = int(sum(n for p, n in enumerate(table.counts) if p >> bit & 1))
        found += lgamma(on + half) + lgamma(size - on + half) - lgamma(size + 1) - 2 * lgamma(half)
    return found


def profile_log_likelihood_of_independence(table: OverlapTable, size: float) -> float:
    """Of a size, if lists do not depend on each other: every list's rate is its share of the population."""
    lists = len(table.lists)
    rates = [table.sizes[name] / size for name in table.lists]
    found = lgamma(size + 1) - lgamma(size - table.observed + 1)
    for on in product((0, 1), repeat=lists):
        index = sum(bit << k for k, bit in enumerate(on))
        people = size - table.observed if index == 0 else float(table.counts[index])
        chance = sum(log(rate if bit else 1 - rate) for rate, bit in zip(rates, on, strict=True))
        found += people * chance
    return found
