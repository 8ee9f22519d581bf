"""Dates of birth as lists have them, and how far two agree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokaz.linkage.birth_dates import BirthDate, read_birth_date
from dokaz.linkage.comparing import DateLevel, date_levels
from dokaz.linkage.people import Listed, prepare


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("1960-01-02", "1960-01-02"), ("19600102", "1960-01-02"), ("02.01.1960", "1960-01-02"), ("2/1/1960", "1960-01-02"),
        ("02011960", "1960-01-02"), ("1960-01-02 00:00:00", "1960-01-02"), ("12.03.74", "1974-03-12"),
        ("12.03.04", "2004-03-12"),
        ("31.02.1974", "1974-02-XX"), ("00.00.1974", "1974"), ("00.05.1974", "1974-05-XX"), ("32.13.1974", "1974"),
        ("1974", "1974"), ("1974-05", "1974-05-XX"), ("05.1974", "1974-05-XX"), ("1974~", "1974"), ("бл. 1974", "1974"),
        ("1974 р.н.", "1974"), ("197X", "1970/1979"), ("1970/1975", "1970/1975"), ("12 травня 1980", "1980-05-12"),
        ("3 марта 1980 г.", "1980-03-03"), ("5 мая 1981", "1981-05-05"), ("12 May 1980", "1980-05-12"),
        ("", "unknown"), ("?", "unknown"), ("невідомо", "unknown"), ("45 років", "unknown"), ("99999999", "unknown"),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_far_as_it_can_be(cell, read):
    assert str(read_birth_date(cell)).removesuffix("-XX") == read.removesuffix("-XX")


def test_an_age_says_something_only_with_the_year_in_which_it_held():
    assert not read_birth_date("45").is_known
    assert (read_birth_date("вік 45 р.", 2022).first_year, read_birth_date("45", 2022).last_year) == (1976, 1977)


@given(st.text("0123456789.-/xX~? рокивAge", max_size=20))
def test_no_cell_fails(cell):
    found = read_birth_date(cell, 2022)
    assert 0 <= found.month <= 12 and 0 <= found.day <= 31 and found.first_year <= found.last_year


def level(one: str, other: str, ages: int = 0) -> DateLevel:
    lists = prepare([Listed("А", dob=one)], [Listed("А", dob=other)], ages_hold_in=ages)
    return DateLevel(int(date_levels(lists.dates, lists.left["dob"], lists.right["dob"])[0]))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("02.01.1960", "1960-01-02", DateLevel.SAME),
        ("02.01.1960", "1960", DateLevel.AS_FAR_AS_KNOWN),
        ("02.01.1960", "01.1960", DateLevel.AS_FAR_AS_KNOWN),
        ("1960", "1960", DateLevel.AS_FAR_AS_KNOWN),
        ("1961", "1960/1965", DateLevel.AS_FAR_AS_KNOWN),
        ("02.01.1960", "03.01.1960", DateLevel.DIGIT),
        ("02.01.1960", "01.02.1960", DateLevel.DIGIT),
        ("14.06.1974", "19740164", DateLevel.DIGIT),
        ("02.01.1960", "02.01.1906", DateLevel.DIGIT),
        ("14.06.1974", "25.06.1974", DateLevel.TWO_PARTS),
        ("14.06.1974", "14.06.1988", DateLevel.TWO_PARTS),
        ("14.06.1974", "25.11.1974", DateLevel.YEAR),
        ("06.1974", "11.1974", DateLevel.YEAR),
        ("1974", "1975", DateLevel.NEAR),
        ("1974", "1984", DateLevel.NEAR),
        ("1974", "1989", DateLevel.DIFFERENT),
        ("14.06.1974", "25.11.1989", DateLevel.DIFFERENT),
        ("14.06.1974", "", DateLevel.NOT_KNOWN),
        ("", "", DateLevel.NOT_KNOWN),
        ("14.06.1974", "48", DateLevel.NOT_KNOWN),
    ],
)
def test_two_dates_agree_as_far_as_they_do(one, other, expected):
    assert level(one, other) == level(other, one) == expected


def test_an_age_agrees_with_the_years_it_allows():
    assert level("14.06.1974", "48", ages=2022) == DateLevel.AS_FAR_AS_KNOWN
    assert level("14.06.1979", "48", ages=2022) == DateLevel.DIFFERENT


def naive(one: BirthDate, other: BirthDate) -> DateLevel:
    """Level by level, the closest first."""
    parts = [(getattr(one, p), getattr(other, p)) for p in ("year", "month", "day")]
    known = [bool(x and y) for x, y in parts]
    equal, differ = ([k and (x == y) is same for k, (x, y) in zip(known, parts, strict=True)] for same in (True, False))
    years = one.last_year and other.last_year
    gap = max(one.first_year, other.first_year) - min(one.last_year, other.last_year)
    if not (years or known[1] or known[2]):
        return DateLevel.NOT_KNOWN
    if all(equal):
        return DateLevel.SAME
    if years and gap <= 0 and not any(differ):
        return DateLevel.AS_FAR_AS_KNOWN
    swapped = equal[0] and one.month == other.day > 0 and one.day == other.month > 0
    if swapped or (one.digits and other.digits and one_slip(f"{one.digits:08d}", f"{other.digits:08d}")):
        return DateLevel.DIGIT
    if sum(equal) == 2:
        return DateLevel.TWO_PARTS
    if years and gap <= 0:
        return DateLevel.YEAR
    near_year = known[0] and one_slip(f"{one.year:04d}", f"{other.year:04d}")
    return DateLevel.NEAR if gap <= 2 or near_year else DateLevel.DIFFERENT


def one_slip(a: str, b: str) -> bool:
    places = [k for k in range(len(a)) if a[k] != b[k]]
    neighbours = (
        len(places) == 2
        and places[1] == places[0] + 1
        and a[places[0]] == b[places[1]]
        and a[places[1]] == b[places[0]]
    )
    return len(places) == 1 or neighbours


_CELLS = """
02.01.1960 01.02.1960 02.01.1961 03.01.1960 02.01.1906 31.02.1960 00.00.1960 1960 1961 1970 01.1960 196X 1955/1962 45 ?
12.1998
"""
CELLS = st.sampled_from(_CELLS.split())


@given(CELLS, CELLS)
def test_levels_of_dates_are_those_of_the_naive_twin(one, other):
    a, b = read_birth_date(one, 2005), read_birth_date(other, 2005)
    lists = prepare([Listed("А", dob=one)], [Listed("А", dob=other)], ages_hold_in=2005)
    assert date_levels(lists.dates, lists.left["dob"], lists.right["dob"])[0] == naive(a, b)


def test_levels_are_found_for_many_pairs_at_once():
    lists = prepare([Listed("А", dob="1960")], [Listed("А", dob="1960"), Listed("А", dob="1999")])
    found = date_levels(lists.dates, np.array([1, 1]), lists.right["dob"])
    assert found.tolist() == [DateLevel.AS_FAR_AS_KNOWN, DateLevel.DIFFERENT]


def test_day_and_month_are_read_in_the_only_order_that_can_be():
    assert str(read_birth_date("05.23.1974")) == "1974-05-23"
