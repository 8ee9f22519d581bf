"""The average over decomposable graphs: recorded figures, all graphs, closed forms, and refusals."""

from __future__ import annotations

from itertools import combinations
from math import lgamma

import numpy as np
import pytest
from estimate_tables import NO_OVERLAP_WITH_C, kosovo, table_of
from slow_fit import is_chordal, log_marginal_of_independence

from dokaz.errors import NotEstimable
from dokaz.estimate import OverlapTable, average_over_graphs
from dokaz.estimate.decomposable import Graph, _log_marginals, _log_weights, decomposable_graphs
from dokaz.estimate.log_gamma import log_gamma


def test_the_average_in_kosovo_is_the_recorded_one() -> None:
    found = average_over_graphs(kosovo())  # dga 2.0.2, up to 25 times the observed
    assert (found.n, found.low, found.high) == (12595, 9827, 16544)
    assert found.graphs[0][0] == (0b0111, 0b1101)
    assert found.graphs[0][1] == pytest.approx(0.98551, abs=1e-4)
    assert found.upper_half < 1e-6


def test_a_tail_that_is_cut_off_is_told() -> None:
    found = average_over_graphs(table_of("ABC", NO_OVERLAP_WITH_C))
    assert (found.n, found.low, found.high) == (280, 96, 1619)  # dga 2.0.2, up to 25 times the observed
    assert found.largest == 96 + 25 * 96
    assert found.upper_half > 0.02


@pytest.mark.parametrize(("lists", "graphs"), [(3, 8), (4, 61), (5, 822)])
def test_there_are_as_many_decomposable_graphs_as_are_known(lists: int, graphs: int) -> None:
    assert len(set(decomposable_graphs(lists))) == graphs  # OEIS A058862: 1, 2, 8, 61, 822, 18154


def test_graphs_without_a_long_circle_are_those_taken_apart() -> None:
    pairs = list(combinations(range(4), 2))
    chordal = sum(is_chordal({pair for k, pair in enumerate(pairs) if n >> k & 1}, 4) for n in range(64))
    assert chordal == len(decomposable_graphs(4))


def test_each_list_is_in_one_more_clique_than_separator() -> None:
    for graph in decomposable_graphs(5):
        for bit in range(5):
            assert (
                sum(whole >> bit & 1 for whole, _ in graph.steps) - sum(rest >> bit & 1 for _, rest in graph.steps) == 1
            )


def test_the_order_of_lists_does_not_matter() -> None:
    table = kosovo()
    patterns = np.arange(16)
    turned = sum((patterns >> bit & 1) << (3 - bit) for bit in range(4))
    counts = np.zeros(16, np.int64)
    counts[turned] = table.counts
    other = OverlapTable(table.lists[::-1], counts, table.impossible)
    assert average_over_graphs(other).n == average_over_graphs(table).n


def test_independent_lists_have_the_product_of_their_beta_binomials() -> None:
    table = kosovo()
    unseen = np.array([0, 100, 3000, 12000])
    common, of_group = _log_marginals(table, unseen)
    apart = next(graph for graph in decomposable_graphs(4) if graph.cliques == (1, 2, 4, 8))
    found = _log_weights(apart, common, of_group) + np.log(table.observed + unseen)
    expected = [log_marginal_of_independence(table, int(n)) for n in unseen]
    np.testing.assert_allclose(found - found[0], np.array(expected) - expected[0], atol=1e-6)


def test_all_lists_joined_have_one_dirichlet_multinomial() -> None:
    table = kosovo()
    unseen = np.array([0, 100, 3000])
    common, of_group = _log_marginals(table, unseen)
    joined = next(graph for graph in decomposable_graphs(4) if graph.cliques == (15,))
    found = _log_weights(joined, common, of_group) + np.log(table.observed + unseen)
    expected = [lgamma(n + 1 / 16) - lgamma(n + 1) for n in unseen.tolist()]
    np.testing.assert_allclose(found - found[0], np.array(expected) - expected[0], atol=1e-6)


def test_cliques_are_the_largest_groups_of_joined_lists() -> None:
    assert Graph(((0b011, 0b010), (0b110, 0b100), (0b100, 0))).cliques == (0b011, 0b110)


def test_more_lists_than_have_been_counted_out_are_refused() -> None:
    counts = {
        "1000000": 9,
        "0100000": 9,
        "0010000": 9,
        "0001000": 9,
        "0000100": 9,
        "0000010": 9,
        "0000001": 9,
        "1111111": 9,
    }
    with pytest.raises(NotEstimable, match="at most 6 lists"):
        average_over_graphs(table_of("ABCDEFG", counts))


def test_declared_exclusions_are_refused() -> None:
    table = OverlapTable.of("ABC", [("A", 5), ("B", 5), ("AC", 5), ("BC", 4)], disjoint=["AB"])
    with pytest.raises(NotEstimable, match="declared impossible"):
        average_over_graphs(table)


def test_the_logarithm_of_gamma_is_that_of_the_library() -> None:
    x = np.concatenate([np.linspace(0.01, 30, 500), np.geomspace(30, 1e12, 200)])
    np.testing.assert_allclose(log_gamma(x), [lgamma(each) for each in x], rtol=1e-13, atol=1e-13)
