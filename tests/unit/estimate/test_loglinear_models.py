"""Log-linear models: closed forms, a naive twin, recorded figures, and estimates that do not exist."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from estimate_tables import NO_OVERLAP_WITH_C, kosovo, table_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from slow_fit import unseen_by_scaling

from dokaz.errors import NotEstimable
from dokaz.estimate import OverlapTable, loglinear_models
from dokaz.estimate.hierarchical_models import (
    Model,
    design,
    models_of,
    neighbours,
    number_of_models,
    orders,
    parts_of,
)
from dokaz.estimate.loglinear import fit_models
from dokaz.estimate.poisson_fit import PoissonFit, fit, fit_many

A, B, C = 1, 2, 4
COUNTS = st.lists(st.integers(0, 60), min_size=7, max_size=7)


def of(counts: list[int]) -> OverlapTable:
    return OverlapTable(("A", "B", "C"), np.array([0, *counts]), np.zeros(8, np.bool_))


def unseen(table: OverlapTable, *terms: int) -> float:
    return fit(design(terms, len(table.lists)), table.counts, table.impossible).unseen


@given(COUNTS.filter(all))
def test_all_pairs_of_three_lists_have_their_closed_form(counts: list[int]) -> None:
    n = dict(enumerate([0, *counts]))
    expected = n[A] * n[B] * n[C] * n[A | B | C] / (n[A | B] * n[A | C] * n[B | C])
    assert unseen(of(counts), A | B, A | C, B | C) == pytest.approx(expected, rel=1e-6)


@given(COUNTS.filter(all))
def test_two_lists_that_depend_on_each_other_are_one_list_against_the_third(counts: list[int]) -> None:
    n = dict(enumerate([0, *counts]))
    one, other, both = n[A] + n[B] + n[A | B], n[C], n[A | C] + n[B | C] + n[A | B | C]
    assert unseen(of(counts), A | B) == pytest.approx(one * other / both, rel=1e-6)


@given(COUNTS.filter(all))
def test_two_lists_that_depend_on_each_other_through_a_third_alone(counts: list[int]) -> None:
    n = dict(enumerate([0, *counts]))
    assert unseen(of(counts), A | B, A | C) == pytest.approx(n[B] * n[C] / n[B | C], rel=1e-6)


@settings(max_examples=40)
@given(st.lists(st.integers(1, 40), min_size=15, max_size=15), st.sampled_from(models_of(4)))
def test_every_model_is_fitted_as_scaling_margins_does(counts: list[int], model: Model) -> None:
    table = OverlapTable(tuple("ABCD"), np.array([0, *counts]), np.zeros(16, np.bool_))
    largest = [t for t in model.terms if not any(t != other and t & other == t for other in model.terms)]
    assert unseen(table, *model.terms) == pytest.approx(unseen_by_scaling(table, tuple(largest)), rel=1e-4)


def test_models_are_all_sets_of_interactions_that_hold_their_parts() -> None:
    assert [len(models_of(lists)) for lists in (3, 4, 5)] == [8, 113, 1024]
    assert [number_of_models(lists) for lists in (3, 4, 5, 6)] == [8, 113, 1024, 32768]
    assert [orders(lists) for lists in (3, 4, 5)] == [2, 3, 2]
    every = models_of(4)
    assert len({model.terms for model in every}) == 113
    assert all(set(parts_of(model.terms)) == set(model.terms) for model in every)


def test_models_are_written_as_the_field_writes_them() -> None:
    assert Model((0b0011, 0b0101, 0b0110, 0b0111, 0b1001, 0b1100)).written(4) == "[123,14,34]"
    assert Model(()).written(3) == "[1,2,3]"
    assert Model((0b1000000001,)).written(10) == "[1+10,2,3,4,5,6,7,8,9]"


def test_the_best_model_of_kosovo_is_the_published_one() -> None:
    # Rcapture 1.4.4, closedpMS.t over 113 models.
    found = loglinear_models(kosovo())
    assert found.best.model.written(4) == "[123,14,34]"
    assert found.best.n == pytest.approx(10356.51895725, abs=1e-4)
    assert found.best.standard_error == pytest.approx(785.902224, abs=1e-3)
    assert found.best.bic == pytest.approx(203.02963275, abs=1e-6)
    second, third = found.ranked[1:3]
    assert (second.model.written(4), round(second.n, 3)) == ("[123,134]", 12740.968)
    assert (third.model.written(4), round(third.n, 3)) == ("[134,12,23]", 18393.306)
    assert sum(one.weight for one in found.ranked) == pytest.approx(1)
    assert second.weight / found.best.weight == pytest.approx(np.exp(-(second.bic - found.best.bic) / 2))
    assert found.all_models
    assert not found.refused


def test_an_estimate_that_does_not_exist_is_not_given() -> None:
    found = loglinear_models(table_of("ABC", NO_OVERLAP_WITH_C))
    assert found.best.model.written(3) == "[1,2,3]"
    assert found.best.n == pytest.approx(539.09393, abs=1e-3)  # Rcapture, and MultipleSystemsEstimation
    assert {one.model.written(3): round(one.n, 2) for one in found.ranked[1:]} == {
        "[13,23]": 296.0, "[13,2]": 396.0, "[23,1]": 429.33,
    }  # fmt: skip
    assert sum(found.refused.values()) == 4
    assert all("do not determine" in why for why in found.refused)


def test_parameters_that_are_infinite_count_as_parameters() -> None:
    table = table_of("ABC", NO_OVERLAP_WITH_C)
    found = fit_models(table, models_of(3))
    expected = {model: 4 + len(model.terms) for model in found}
    assert {m: f.parameters for m, f in found.items() if isinstance(f, PoissonFit)} == {
        m: expected[m] for m, f in found.items() if isinstance(f, PoissonFit)
    }


@settings(max_examples=25)
@given(st.lists(st.sampled_from([0, 0, 0, 1, 2, 7, 30]), min_size=15, max_size=15))
def test_what_is_given_for_sparse_counts_is_a_maximum_that_no_step_improves(counts: list[int]) -> None:
    assume(any(counts))
    table = OverlapTable(tuple("ABCD"), np.array([0, *counts]), np.zeros(16, np.bool_))
    assume(all(table.sizes.values()))
    assume(table.counts[table.on_list.sum(axis=1) >= 2].any())
    for model, found in fit_models(table, models_of(4)[:60]).items():
        if isinstance(found, NotEstimable):
            continue
        columns = design(model.terms, 4)
        seen, means = table.counts[found.possible], found.means[found.possible]
        # The score is zero where the mean is above zero, and no count lies where it is zero.
        np.testing.assert_allclose(columns[found.possible].T @ (seen - means), 0, atol=1e-4 * max(1, table.observed))
        assert not table.counts[1:][~found.possible[1:]].any()
        assert found.unseen < 1e6 * table.observed


@settings(max_examples=40)
@given(st.lists(st.sampled_from([0, 0, 1, 3, 20]), min_size=7, max_size=7))
def test_models_fitted_together_are_those_fitted_alone(counts: list[int]) -> None:
    assume(any(counts))
    table = of(counts)
    assume(all(table.sizes.values()))
    for size in range(4):
        group = [model for model in models_of(3) if len(model.terms) == size]
        together = fit_many(np.stack([design(m.terms, 3) for m in group]), table.counts, table.impossible)
        for model, found in zip(group, together, strict=True):
            try:
                alone: PoissonFit | NotEstimable = fit(design(model.terms, 3), table.counts, table.impossible)
            except NotEstimable as error:
                alone = error
            assert isinstance(found, NotEstimable) == isinstance(alone, NotEstimable)
            if isinstance(found, PoissonFit) and isinstance(alone, PoissonFit):
                assert found.unseen == pytest.approx(alone.unseen, rel=1e-5, abs=1e-9)
                assert found.bic(table.observed) == pytest.approx(alone.bic(table.observed), rel=1e-7)


def test_lists_that_exclude_each_other_have_no_pattern_together() -> None:
    # 600 people: half can come onto A, half onto B, all onto C, each with chance one half: expected counts, by hand.
    rows = [("A", 75), ("B", 75), ("AC", 75), ("BC", 75), ("C", 150)]
    apart = OverlapTable.of("ABC", rows, disjoint=["AB"])
    found = fit(design([], 3), apart.counts, apart.impossible)
    assert found.unseen == pytest.approx(150)
    assert found.means[0b011] == 0
    naive = fit(design([], 3), apart.counts, np.zeros(8, np.bool_))
    assert naive.unseen > 1.5 * 150


def test_what_the_analyst_knows_to_depend_is_in_every_model() -> None:
    found = loglinear_models(kosovo(), always=[0b0011])
    assert all(0b0011 in one.model.terms for one in found.ranked)
    assert len(found.ranked) == sum(0b0011 in model.terms for model in models_of(4))


def test_neighbours_differ_by_one_pair_and_keep_what_is_known() -> None:
    near = neighbours(Model((0b0011,)), 4, always=[0b0011])
    assert len(near) == 5
    assert all(len(model.terms) == 2 and 0b0011 in model.terms for model in near)


def test_with_many_lists_the_best_model_is_sought_in_steps() -> None:
    rng = np.random.default_rng(3)
    listed = rng.random((3000, 7)) < 0.25
    listed[:, 1] |= listed[:, 0] & (rng.random(3000) < 0.8)
    patterns = listed @ (1 << np.arange(7))
    counts = np.bincount(patterns, minlength=128)
    counts[0] = 0
    found = loglinear_models(OverlapTable(tuple("ABCDEFG"), counts, np.zeros(128, np.bool_)))
    assert not found.all_models
    assert 0b11 in found.best.model.terms
    assert found.best.n == pytest.approx(3000, rel=0.03)
    better = [m for m in neighbours(found.best.model, 7) if m.terms not in {one.model.terms for one in found.ranked}]
    assert not better  # each neighbour of the best was looked at


def test_no_model_with_an_estimate_is_a_refusal() -> None:
    table = table_of("ABC", {"100": 5, "010": 0, "110": 3, "001": 0, "011": 0, "101": 0, "111": 4})
    with pytest.raises(NotEstimable, match="none of 1 log-linear models has a finite estimate"):
        loglinear_models(table, always=[A | B, A | C, B | C])


def test_pairs_are_all_pairs() -> None:
    pairs = {a | b for a, b in combinations((A, B, C), 2)}
    assert {term for model in models_of(3) for term in model.terms} == pairs
