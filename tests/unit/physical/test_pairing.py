"""Sorting of left and right bones: the rate of false exclusion is held, by ranks whatever the differences are like."""

from __future__ import annotations

import numpy as np
import pytest

from dokaz.errors import BadScore, NotComputable
from dokaz.physical import ReferencePairs, could_be_pair, fewest_pairs, held_out
from dokaz.physical.pairing import two_sided


def drawn(rng: np.random.Generator, persons: int, *, heavy: bool = False) -> ReferencePairs:
    """Humeri and radii; the differences are normal, or have heavy tails."""
    size = rng.normal([320, 245], [18, 14], (persons, 2))
    differ = rng.standard_t(2, (persons, 2)) if heavy else rng.normal(0, 2, (persons, 2))
    return ReferencePairs(size + 1 + differ / 2, size - differ / 2)


@pytest.mark.parametrize("heavy", [False, True])
def test_no_more_true_pairs_are_excluded_than_stated(heavy: bool) -> None:
    rng = np.random.default_rng(8)
    excluded = tried = 0
    for _ in range(60):
        reference, others = drawn(rng, 39, heavy=heavy), drawn(rng, 40, heavy=heavy)
        for left, right in zip(others.left, others.right, strict=True):
            excluded += could_be_pair(left.tolist(), right.tolist(), reference, rate=0.05).excluded
            tried += 1
    # 2,400 pairs at 5 %: three standard deviations above are 6.5 %, for references are shared by forty.
    assert 0.025 < excluded / tried < 0.065


def test_a_bone_of_somebody_else_is_excluded_where_it_differs_more_than_any_pair() -> None:
    reference = drawn(np.random.default_rng(3), 40)
    found = could_be_pair([320, 245], [350, 265], reference, rate=0.05)
    assert (found.excluded, found.p_ranked, found.difference_mm) == (True, 1 / 41, 50)
    assert found.p_t < 0.001


def test_differences_of_opposite_signs_do_not_cancel() -> None:
    reference = drawn(np.random.default_rng(3), 40)
    found = could_be_pair([320, 245], [335, 230], reference, rate=0.05)
    assert found.excluded
    assert abs(found.t) < 2


def test_t_is_the_summed_difference_in_standard_deviations() -> None:
    reference = ReferencePairs(np.array([[10.0], [12], [11], [13]]), np.array([[9.0], [12], [12], [11]]))
    signed = np.array([1.0, 0, -1, 2])
    expected = (3 - signed.mean()) / (signed.std(ddof=1) * np.sqrt(1 + 1 / 4))
    found = could_be_pair([14.0], [11.0], reference, rate=0.5)
    assert found.t == pytest.approx(expected)
    assert found.p_t == pytest.approx(two_sided(expected, 3))


@pytest.mark.parametrize(
    ("degrees", "point"), [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (9, 2.262), (30, 2.042), (120, 1.980)]
)
def test_students_distribution_has_the_points_of_the_table(degrees: int, point: float) -> None:
    assert two_sided(point, degrees) == pytest.approx(0.05, abs=2e-4)
    assert two_sided(-point, degrees) == two_sided(point, degrees)
    assert two_sided(0, degrees) == pytest.approx(1)


def test_a_difference_equal_to_a_known_one_counts_with_it() -> None:
    reference = ReferencePairs(np.array([[30.3], [30.0], [30.0], [30.0]]), np.array([[30.0], [30.1], [30.0], [30.0]]))
    assert could_be_pair([30.6], [30.3], reference, rate=0.4).p_ranked == 2 / 5


@pytest.mark.parametrize(("rate", "fewest"), [(0.05, 19), (0.1, 9), (0.01, 99), (0.5, 1), (0.3, 3)])
def test_a_rate_asks_for_reference_pairs(rate: float, fewest: int) -> None:
    assert fewest_pairs(rate) == fewest
    enough = drawn(np.random.default_rng(1), max(2, fewest))
    assert could_be_pair([320, 245], [400, 300], enough, rate=rate).excluded
    if fewest > 2:
        few = drawn(np.random.default_rng(1), fewest - 1)
        with pytest.raises(NotComputable, match=f"{fewest} pairs or more|{fewest - 1} reference pairs"):
            could_be_pair([320, 245], [400, 300], few, rate=rate)


def test_pairs_held_out_in_turn_show_the_rate() -> None:
    found = held_out(drawn(np.random.default_rng(2), 200), rate=0.05)
    assert 0.0 < found["ranked"] <= 0.07
    assert 0.0 < found["t"] < 0.1


def test_measurements_that_do_not_go_together_are_refused() -> None:
    reference = drawn(np.random.default_rng(3), 40)
    for left, right in (([320], [245]), ([320, 245], [320]), ([320, 245, 1], [320, 245, 1])):
        with pytest.raises(BadScore, match="the reference has 2"):
            could_be_pair(left, right, reference, rate=0.05)
    for wrong in (0, -3, float("nan"), float("inf")):
        with pytest.raises(BadScore, match="no length"):
            could_be_pair([320, wrong], [320, 245], reference, rate=0.05)
        with pytest.raises(BadScore, match="no length"):
            could_be_pair([320, 245], [320, wrong], reference, rate=0.05)
        with pytest.raises(BadScore, match="no length"):
            ReferencePairs(np.array([[wrong]]), np.array([[3.0]]))
        with pytest.raises(BadScore, match="no length"):
            ReferencePairs(np.array([[3.0]]), np.array([[wrong]]))
    for rate in (0.0, 1.0, float("nan")):
        with pytest.raises(BadScore, match="rate of false exclusion"):
            could_be_pair([320, 245], [320, 245], reference, rate=rate)
    for left, right in (([[1.0]], [[1.0], [2.0]]), ([1.0], [1.0]), ([[]], [[]])):
        with pytest.raises(BadScore, match="same measurements"):
            ReferencePairs(np.array(left), np.array(right))
    same = ReferencePairs(np.full((30, 1), 9.0), np.full((30, 1), 9.0))
    with pytest.raises(NotComputable, match="do not differ at all"):
        could_be_pair([9], [9], same, rate=0.05)
