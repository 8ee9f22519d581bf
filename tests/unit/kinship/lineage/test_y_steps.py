"""Mutation steps between Y haplotypes: contained loci, copies, null alleles, parts of a repeat."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokaz.errors import BadProfile
from dokaz.kinship.haplotypes import LineageDatabase, LineageVerdict, compare_y, rarity_of
from dokaz.kinship.lineage.y_str import checked_y, copies_of, steps_between


def slow_steps(one: list[int], other: list[int]) -> int | None:
    """Every way to pair copies, those without a partner costing one mutation each."""
    few, many = sorted((one, other), key=len)
    costs = []
    for order in permutations(many):
        pairs = list(zip(few, order, strict=False))
        if all((a - b) % 10 == 0 for a, b in pairs):
            costs.append(len(many) - len(few) + sum(abs(a - b) // 10 for a, b in pairs))
    return min(costs, default=None)


REPEATS = st.integers(8, 24).map(lambda n: n * 10) | st.sampled_from([142, 152, 183])
COPIES = st.lists(REPEATS, max_size=4)


@given(COPIES, COPIES)
def test_steps_are_the_fewest_of_all_pairings(one: list[int], other: list[int]) -> None:
    assert steps_between(one, other) == steps_between(other, one) == slow_steps(one, other)
    assert steps_between(one, one) == 0


@pytest.mark.parametrize(
    ("ours", "theirs", "steps"),
    [
        ({"DYS389I": ("13",), "DYS389II": ("29",)}, {"DYS389I": ("14",), "DYS389II": ("30",)}, 1),
        ({"DYS389I": ("13",), "DYS389II": ("29",)}, {"DYS389I": ("13",), "DYS389II": ("30",)}, 1),
        ({"DYS389I": ("13",), "DYS389II": ("30",)}, {"DYS389I": ("14",), "DYS389II": ("30",)}, 2),
        ({"DYS389II": ("29",)}, {"DYS389I": ("14",), "DYS389II": ("30",)}, 1),
        ({"DYS385": ("11", "14")}, {"DYS385": ("14", "11")}, 0),
        ({"DYS385": ("11",)}, {"DYS385": ("11", "11")}, 0),
        ({"DYS385": ("11", "14")}, {"DYS385": ("11", "14", "15")}, 1),
        ({"DYS385": ("0", "14")}, {"DYS385": ("11", "14")}, 1),
        ({"DYS448": ("0",)}, {"DYS448": ("null",)}, 0),
        ({"DYS448": ("0",)}, {"DYS448": ("20",)}, 1),
        ({"DYS448": ()}, {"DYS448": ("20",), "DYS19": ("14",)}, 0),
        ({"DYS19": ("14", "15")}, {"DYS19": ("15", "14")}, 0),
        ({"DYS19": ("14", "15")}, {"DYS19": ("14",)}, 1),
        ({"DYS458": ("17.2",)}, {"DYS458": ("18.2",)}, 1),
    ],
)
def test_each_rule_of_the_y_chromosome(ours: dict, theirs: dict, steps: int) -> None:
    found = compare_y(ours, theirs)
    assert (found.mutations, bool(found.differences)) == (steps, bool(steps))
    assert compare_y(theirs, ours).mutations == steps


def test_a_part_of_a_repeat_is_no_step() -> None:
    found = compare_y({"DYS458": ("17.2",)}, {"DYS458": ("17",)}, allowed_mutations=5)
    assert (found.verdict, found.mutations) == (LineageVerdict.EXCLUSION, 6)


def test_the_contained_part_is_told() -> None:
    found = compare_y({"DYS389I": ("13",), "DYS389II": ("29",)}, {"DYS389I": ("13",), "DYS389II": ("31",)})
    assert found.differences == ("DYS389II without DYS389I: 16 against 18",)


def test_a_containing_locus_written_without_what_it_contains_is_refused() -> None:
    with pytest.raises(BadProfile, match="DYS389II 16 does not contain DYS389I 13"):
        checked_y({"DYS389I": ("13",), "DYS389II": ("16",)})
    with pytest.raises(BadProfile, match="allele 'OL'"):
        copies_of(("OL",), "DYS19")


def test_null_alleles_and_copies_are_counted_as_they_are_compared() -> None:
    database = LineageDatabase("four men", ({"DYS448": ("0",)}, {"DYS448": ("null",)}, {"DYS448": ("20",)}, {}))
    rarity = rarity_of({"DYS448": ("0",)}, ("DYS448",), database)
    assert (rarity.count, rarity.size) == (2, 3)
