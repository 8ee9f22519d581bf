"""The verbal scale: its rows, its edges, and what it has no words for."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokaz.reports.verbal_scale import GRADES, SCALE_SOURCE, grade_of


@pytest.mark.parametrize(
    ("ratio", "support"),
    [
        (1, "no support for one hypothesis over the other"),
        (1.99, "no support for one hypothesis over the other"),
        (2, "weak support"),
        (9.99, "weak support"),
        (10, "moderate support"),
        (100, "moderately strong support"),
        (1_000, "strong support"),
        (9_999, "strong support"),
        (10_000, "very strong support"),
        (999_999, "very strong support"),
        (1_000_000, "extremely strong support"),
        (1e30, "extremely strong support"),
    ],
)
def test_each_ratio_has_the_words_of_the_guideline_and_its_reciprocal_the_same(ratio: float, support: str) -> None:
    for log10 in (math.log10(ratio), -math.log10(ratio)):
        row = grade_of(log10)
        assert row is not None
        assert GRADES[row].support == support


@pytest.mark.parametrize("log10", [math.inf, -math.inf, math.nan])
def test_the_scale_has_no_words_for_what_is_impossible(log10: float) -> None:
    assert grade_of(log10) is None


def test_the_rows_follow_each_other_without_a_gap() -> None:
    assert [one.below for one in GRADES[:-1]] == [one.at_least for one in GRADES[1:]]
    assert "2015" in SCALE_SOURCE


@given(st.floats(-300, 300), st.floats(-300, 300))
def test_more_support_never_has_a_lower_grade(one: float, other: float) -> None:
    lower, higher = sorted((abs(one), abs(other)))
    first, second = grade_of(lower), grade_of(higher)
    assert first is not None
    assert second is not None
    assert first <= second
