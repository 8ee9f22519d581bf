"""Numbers of people from pairs: the published example, closed forms, and the hypergeometric distribution added up."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest

from dokaz.errors import BadScore, NotComputable
from dokaz.physical import PairedElement


def posterior(element: PairedElement, people: int) -> Fraction:
    """By its definition: likelihood times 1 / (N + 1), over their sum 1 / P."""
    n, (left, right, pairs) = people, (element.left, element.right, element.pairs)
    return pairs * Fraction(comb(left, pairs) * comb(n - left, right - pairs), comb(n, right) * (n + 1))


def test_the_published_example() -> None:
    element = PairedElement(left=21, right=15, pairs=11)
    assert (element.maximum, element.at_least, element.most_likely) == (21, 25, 28)
    assert element.lincoln == pytest.approx(21 * 15 / 11)
    assert element.credible_set(0.95) == (25, 39)


@pytest.mark.parametrize("counts", [(21, 15, 11), (5, 5, 5), (9, 4, 2), (30, 40, 8), (3, 3, 1)])
def test_probabilities_are_the_hypergeometric_ones_and_add_up_to_one(counts: tuple[int, int, int]) -> None:
    element = PairedElement(*counts)
    found = element.probabilities(3_000)
    for k in (0, 1, 2, 7, 40):
        assert found[k] == pytest.approx(float(posterior(element, element.at_least + k)), rel=1e-9)
    assert found.sum() <= 1 + 1e-9
    assert found[element.most_likely - element.at_least] == pytest.approx(found.max(), rel=1e-12)
    if element.pairs > 2:
        # Mean of the negative hypergeometric distribution.
        mean = element.left * element.right / (element.pairs - 1) - 1
        assert sum((element.at_least + k) * each for k, each in enumerate(found)) == pytest.approx(mean, rel=0.01)


@pytest.mark.parametrize("counts", [(21, 15, 11), (12, 10, 4), (5, 5, 5)])
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_the_credible_set_holds_its_level_and_no_smaller_one_does(counts: tuple[int, int, int], level: float) -> None:
    element = PairedElement(*counts)
    low, high = element.credible_set(level)
    masses = {n: posterior(element, n) for n in range(element.at_least, high + 60)}
    inside = [masses[n] for n in range(low, high + 1)]
    assert sum(inside) >= level
    assert sum(inside) - min(inside) < level
    assert min(inside) >= max(mass for n, mass in masses.items() if not low <= n <= high)


def test_without_a_pair_there_is_a_least_number_and_no_other() -> None:
    element = PairedElement(left=4, right=3, pairs=0)
    assert (element.maximum, element.at_least) == (4, 7)
    with pytest.raises(NotComputable, match="without a pair"):
        element.credible_set()
    with pytest.raises(NotComputable, match="Lincoln index has no end"):
        _ = element.lincoln


def test_a_set_that_goes_into_the_millions_is_refused() -> None:
    with pytest.raises(NotComputable, match="beyond 4,194,304 people"):
        PairedElement(left=1_000, right=1_000, pairs=1).credible_set()


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((3, 2, 3), "3 pairs of 3 left and 2 right"),
        ((-1, 2, 0), "left is -1"),
        ((1, 2, True), "pairs is True"),
        ((1.0, 2, 1), "left is 1.0"),
        ((0, 0, 0), "no bones"),
    ],
)
def test_counts_that_cannot_be_are_refused(counts: tuple[int, int, int], told: str) -> None:
    with pytest.raises(BadScore, match=told):
        PairedElement(*counts)


@pytest.mark.parametrize("level", [0.0, 1.0, 1.5, float("nan")])
def test_a_level_that_is_none_is_refused(level: float) -> None:
    with pytest.raises(BadScore, match="no level"):
        PairedElement(5, 5, 5).credible_set(level)
