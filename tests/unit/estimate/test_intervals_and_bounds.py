"""Independence, Chao's bound and profile intervals: recorded figures, a closed form, and where there is no upper end."""

from __future__ import annotations

from math import isinf

import numpy as np
import pytest
from estimate_tables import NO_OVERLAP_WITH_C, kosovo, table_of
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_fit import profile_log_likelihood_of_independence

from dokaz.errors import NotEstimable
from dokaz.estimate import OverlapTable, chao_lower_bound, independence, loglinear_models, profile_interval
from dokaz.estimate.hierarchical_models import design
from dokaz.estimate.profile_interval import HALF_OF_CHI_SQUARE


def test_independence_in_kosovo_is_the_recorded_one() -> None:
    found = independence(kosovo())  # Rcapture 1.4.4, closedpCI.t Mt
    assert found.n == pytest.approx(7392.91726676, abs=0.01)
    assert (found.low, found.high) == pytest.approx((7147.74889204, 7656.19534809), abs=0.01)


def test_chaos_bound_in_kosovo_is_the_recorded_one() -> None:
    found = chao_lower_bound(kosovo())  # Rcapture 1.4.4, closedpCI.t Mth Chao
    assert found.n == pytest.approx(8588.39704253, abs=0.01)
    assert (found.low, found.high) == pytest.approx((8188.71868842, 9026.9177731), abs=0.01)


def test_the_interval_of_the_best_model_in_kosovo_is_the_recorded_one() -> None:
    table = kosovo()
    found = profile_interval(design(loglinear_models(table).best.model.terms, 4), table.counts, table.impossible)
    assert found.n == pytest.approx(10334.49597547, abs=0.01)  # Rcapture 1.4.4, closedpCI.t
    assert (found.low, found.high) == pytest.approx((8994.25670711, 12110.40811247), abs=0.01)


def test_where_few_are_on_many_lists_chaos_bound_is_independence() -> None:
    table = table_of("ABC", NO_OVERLAP_WITH_C)
    assert chao_lower_bound(table).n == pytest.approx(independence(table).n, abs=1e-3)
    assert independence(table).n == pytest.approx(530.9358, abs=0.02)  # Rcapture 1.4.4


@settings(max_examples=15)
@given(st.lists(st.integers(3, 200), min_size=7, max_size=7))
def test_the_profile_of_independence_falls_by_as_much_as_it_should(counts: list[int]) -> None:
    table = OverlapTable(("A", "B", "C"), np.array([0, *counts]), np.zeros(8, np.bool_))
    found = independence(table)

    def height(size: float) -> float:
        return profile_log_likelihood_of_independence(table, size)

    top = height(max(found.n, table.observed + 1e-9))
    for near in (1.001, 0.999):
        assert height(max(table.observed + 1e-9, found.n * near)) <= top + 1e-6
    for end in (found.low, found.high):
        if end > table.observed + 0.01:
            assert top - height(end) == pytest.approx(HALF_OF_CHI_SQUARE, abs=1e-3)


@settings(max_examples=15)
@given(st.lists(st.integers(1, 200), min_size=7, max_size=7))
def test_chaos_bound_is_not_below_independence(counts: list[int]) -> None:
    table = OverlapTable(("A", "B", "C"), np.array([0, *counts]), np.zeros(8, np.bool_))
    assert chao_lower_bound(table).n >= independence(table).n - 0.05


def hardly_overlapping(alone: int) -> OverlapTable:
    return table_of("ABC", {"100": alone, "010": alone, "001": alone, "110": 1, "101": 1, "011": 1, "111": 1})


def test_an_interval_without_an_upper_end_says_so() -> None:
    table = hardly_overlapping(3_000)
    found = profile_interval(design([3, 5, 6], 3), table.counts, table.impossible)
    assert isinf(found.high)
    assert found.low > table.observed


def test_a_number_that_nothing_bounds_is_refused() -> None:
    table = hardly_overlapping(30_000)
    with pytest.raises(NotEstimable, match="ever larger populations are ever more likely"):
        profile_interval(design([3, 5, 6], 3), table.counts, table.impossible)


def test_nobody_is_ever_estimated_away() -> None:
    table = table_of("ABC", {"111": 50, "110": 1, "101": 1, "011": 1})
    found = independence(table)
    assert found.low == 53
    assert found.n >= 53
