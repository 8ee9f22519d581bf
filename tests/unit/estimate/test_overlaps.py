"""A table of overlapping lists is valid once built, and says what it cannot answer."""

from __future__ import annotations

import numpy as np
import pytest
from estimate_tables import table_of

from dokaz.errors import BadOverlaps, NotEstimable
from dokaz.estimate import OverlapTable


def test_people_of_one_pattern_are_added_up() -> None:
    table = OverlapTable.of("ABC", [("AB", 2), ("BA", 3), ("C", 1)])
    assert table.counts.tolist() == [0, 0, 0, 5, 1, 0, 0, 0]
    assert table.sizes == {"A": 5, "B": 5, "C": 1}
    assert table.observed == 6


@pytest.mark.parametrize(
    ("lists", "rows", "said"),
    [
        ("AA", [("A", 1)], "name of its own"),
        (("A", " "), [("A", 1)], "name of its own"),
        ("ABC", [("AD", 1)], "no list is called 'D'"),
        ("ABC", [("A", -1)], "negative"),
        ("ABC", [("", 5)], "5 people are on no list"),
        ("ABC", [("A", 0)], "counts nobody"),
        ([f"L{k}" for k in range(13)], [(["L0"], 1)], "13 lists are too many"),
    ],
)
def test_a_table_that_cannot_be_is_refused(lists: object, rows: list[tuple[str, int]], said: str) -> None:
    with pytest.raises(BadOverlaps, match=said):
        OverlapTable.of(lists, rows)  # type: ignore[arg-type]


def test_somebody_on_two_lists_that_exclude_each_other_is_named() -> None:
    with pytest.raises(BadOverlaps, match="2 people are on A and B, which was declared impossible"):
        OverlapTable.of("ABC", [("A", 5), ("AB", 2)], disjoint=["AB"])


@pytest.mark.parametrize("pair", ["AA", "AD", ["A"]])
def test_a_pair_that_is_none_is_refused(pair: str | list[str]) -> None:
    with pytest.raises(BadOverlaps, match="is not a pair of lists"):
        OverlapTable.of("ABC", [("A", 5)], disjoint=[pair])


def test_every_pattern_of_two_lists_that_exclude_each_other_is_impossible() -> None:
    table = OverlapTable.of("ABC", [("A", 5)], disjoint=["AC"])
    assert np.flatnonzero(table.impossible).tolist() == [0b101, 0b111]


def test_a_small_list_is_left_out_and_so_are_the_people_whom_it_alone_names() -> None:
    table = OverlapTable.of(
        "ABCD", [("A", 50), ("AB", 20), ("B", 40), ("ACD", 10), ("C", 30), ("D", 3)], disjoint=["BD"]
    )
    kept = table.only_lists_of(20)
    assert kept.lists == ("A", "B", "C")
    assert kept.observed == 150
    assert kept.counts[0b101] == 10
    assert not kept.impossible.any()
    assert table.only_lists_of(1) is table
    with pytest.raises(NotEstimable, match="no list names 1000"):
        table.only_lists_of(1000)


def test_an_exclusion_stays_when_another_list_goes() -> None:
    table = OverlapTable.of("ABCD", [("A", 50), ("B", 40), ("AC", 30), ("D", 3)], disjoint=["AB"])
    assert np.flatnonzero(table.only_lists_of(10).impossible).tolist() == [0b011, 0b111]


@pytest.mark.parametrize(
    ("lists", "counts", "said"),
    [
        ("AB", {"10": 5, "01": 5, "11": 5}, "2 usable lists: three are needed"),
        ("A", {"1": 5}, "1 usable list: three"),
        ("ABC", {"100": 5, "010": 5, "001": 5}, "nobody is on two lists"),
        ("ABC", {"100": 5, "010": 5, "110": 5}, "list C names nobody"),
    ],
)
def test_what_no_method_can_answer_is_refused_with_its_reason(lists: str, counts: dict[str, int], said: str) -> None:
    with pytest.raises(NotEstimable, match=said):
        table_of(lists, counts).must_be_estimable()
