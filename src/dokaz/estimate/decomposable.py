"""The size of a population averaged over all decomposable graphs of dependence between its lists.

A graph joins the lists that depend on each other. Where it is decomposable (no circle of four or more lists without
a shortcut), the likelihood of the counts, averaged over all probabilities of patterns under a hyper-Dirichlet prior,
is a product over its largest groups of joined lists. So sizes and graphs get exact posterior probabilities, without
simulation; what remains is one distribution over sizes, which says how much the graphs differ.

Source: Madigan & York 1997, Bayesian methods for estimation of the size of a closed population, Biometrika 84,
sections 2 and 3; the prior as in Johndrow, Lum & Ball's package dga: every cell 2 to the power of minus the lists,
sizes by 1 / N, all graphs alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import lgamma
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dokaz.errors import NotEstimable
from dokaz.estimate.log_gamma import log_gamma
from dokaz.estimate.overlaps import OverlapTable

Floats = NDArray[np.float64]

#: There are 18,154 decomposable graphs of six lists, and 617,675 of seven.
MOST_LISTS_OF_GRAPHS = 6
#: Sizes looked at: up to so many times the observed on no list, made longer while the end is not negligible.
_TIMES_OBSERVED, _NEGLIGIBLE, _FARTHEST = 25, 1e-4, 1600
#: Pairs of a graph and a size that are computed, at most; with more, only every so manieth size is.
_PAIRS = 60_000_000

Clique = int  #: A group of lists that are all joined, as bits.


@dataclass(frozen=True, eq=False)
class GraphAverage:
    """The posterior of the size over all graphs.

    Attributes:
        n: Its median.
        low: Its 2.5 % quantile.
        high: Its 97.5 % quantile.
        graphs: The graphs of most weight: their cliques as bits of lists, and the weight.
        largest: The largest size that was looked at; larger ones are left out.
        upper_half: Probability of sizes above half of it. Where it is not small, the upper end hangs on where
            looking ended.
    """

    n: float
    low: float
    high: float
    graphs: tuple[tuple[tuple[Clique, ...], float], ...]
    largest: int
    upper_half: float


def average_over_graphs(table: OverlapTable) -> GraphAverage:
    """The posterior median and 95 % interval of the size.

    Raises:
        NotEstimable: the table allows no estimate; more than six lists; patterns are declared impossible; the
            posterior has no end that could be found.
    """
    table.must_be_estimable()
    lists = len(table.lists)
    if lists > MOST_LISTS_OF_GRAPHS:
        raise NotEstimable(
            f"averaging over graphs is done for at most {MOST_LISTS_OF_GRAPHS} lists: {lists} have too many graphs",
            "join lists of one origin",
        )
    if table.impossible.any():
        raise NotEstimable("averaging over graphs takes no patterns that are declared impossible")
    graphs = decomposable_graphs(lists)
    times = _TIMES_OBSERVED
    while True:
        last = times * table.observed
        unseen = np.arange(0, last + 1, max(1, -(-last * len(graphs) // _PAIRS)))
        of_sizes, of_graphs = _posterior(table, unseen, graphs)
        if of_sizes[-1] < _NEGLIGIBLE:
            break
        if times >= _FARTHEST:
            raise NotEstimable(
                f"populations {times} times as large as what was seen are not ruled out by the average over graphs"
            )
        times *= 4
    reached = np.cumsum(of_sizes)
    low, n, high = (float(table.observed + unseen[np.searchsorted(reached, at)]) for at in (0.025, 0.5, 0.975))
    best = tuple((graphs[k].cliques, float(of_graphs[k])) for k in np.argsort(-of_graphs)[:5])
    upper_half = float(of_sizes[2 * (table.observed + unseen) > table.observed + unseen[-1]].sum())
    return GraphAverage(n, low, high, best, int(table.observed + unseen[-1]), upper_half)


class Graph(NamedTuple):
    """A decomposable graph of dependence.

    Attributes:
        steps: For each list, in an order in which they can be taken away: it with the lists it is then joined to,
            and these alone.
    """

    steps: tuple[tuple[Clique, Clique], ...]

    @property
    def cliques(self) -> tuple[Clique, ...]:
        """Its largest groups of joined lists."""
        groups = [group for group, _ in self.steps]
        return tuple(sorted(one for one in groups if not any(one != other and one & other == one for other in groups)))


@cache
def decomposable_graphs(lists: int) -> tuple[Graph, ...]:
    """Every decomposable graph: 8 of three lists, 61 of four, 822 of five, 18,154 of six."""
    pairs = list(combinations(range(lists), 2))
    found = []
    for chosen in range(2 ** len(pairs)):
        near = [0] * lists
        for k, (a, b) in enumerate(pairs):
            if chosen >> k & 1:
                near[a] |= 1 << b
                near[b] |= 1 << a
        steps = _taken_apart(near)
        if steps is not None:
            found.append(Graph(steps))
    return tuple(found)


def _taken_apart(near: list[int]) -> tuple[tuple[Clique, Clique], ...] | None:
    """Lists taken away one by one, each joined only to lists that are all joined to each other; None if that ends early."""
    left = (1 << len(near)) - 1
    steps = []
    while left:
        for one in range(len(near)):
            around = near[one] & left
            if left >> one & 1 and all(
                around & ~(near[other] | 1 << other) == 0 for other in range(len(near)) if around >> other & 1
            ):
                break
        else:
            return None
        steps.append((around | 1 << one, around))
        left &= ~(1 << one)
    return tuple(steps)


def _posterior(table: OverlapTable, unseen: NDArray[np.int64], graphs: Sequence[Graph]) -> tuple[Floats, Floats]:
    """Posterior probabilities of the sizes, and of the graphs."""
    common, of_group = _log_marginals(table, unseen)
    every = slice(None, None, max(1, len(unseen) // 500))
    top = max(float(_log_weights(graph, common[every], of_group[:, every]).max()) for graph in graphs)
    of_sizes, of_graphs = np.zeros(len(unseen)), np.zeros(len(graphs))
    for k, graph in enumerate(graphs):
        weights = np.exp(_log_weights(graph, common, of_group) - top)
        of_sizes += weights
        of_graphs[k] = weights.sum()
    return of_sizes / of_sizes.sum(), of_graphs / of_graphs.sum()


def _log_weights(graph: Graph, common: Floats, of_group: Floats) -> Floats:
    """Logarithms of prior × likelihood of one graph for each size, up to a constant of all graphs."""
    weights = common.copy()
    for group, rest in graph.steps:
        weights += of_group[group] - of_group[rest]
    return weights


def _log_marginals(table: OverlapTable, unseen: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """What all graphs share, and the logarithm of each group's averaged likelihood.

    Returns: Shapes (sizes,) and (groups, sizes); group 0, no list, is 0.
    """
    lists = len(table.lists)
    cell = 2.0**-lists
    on_none = unseen.astype(np.float64)
    sizes = table.observed + on_none
    # The number of ways to draw the patterns, and the prior 1 / N; what depends on neither graph nor size is left out.
    common = log_gamma(sizes + 1) - log_gamma(on_none + 1) - np.log(sizes)
    all_cells = log_gamma(sizes + 1)  # the cells' prior counts add up to 1
    patterns = np.arange(len(table.counts))
    of_group = np.zeros((2**lists, len(unseen)))
    for group in range(1, 2**lists):
        counts = np.bincount(patterns & group, weights=table.counts, minlength=len(patterns))
        prior = cell * 2.0 ** (lists - bin(group).count("1"))
        inside = [int(p) for p in patterns if p & ~group == 0]
        seen = sum(lgamma(counts[p] + prior) - lgamma(prior) for p in inside if p)
        of_group[group] = seen + log_gamma(counts[0] + on_none + prior) - lgamma(prior) - all_cells
    return common, of_group
