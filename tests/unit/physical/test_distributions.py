"""Distributions: closed forms of the normal and the uniform one, Bayes by hand, and what cannot be one."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from dokaz.errors import BadScore, NotComputable
from dokaz.physical import Distribution


def test_a_normal_distribution_has_the_quantiles_of_the_table() -> None:
    found, exact = Distribution.normal(168.5, 3.27, unit="cm"), NormalDist(168.5, 3.27)
    assert (found.mean, found.sd) == (pytest.approx(168.5), pytest.approx(3.27, rel=1e-4))
    for share in (0.01, 0.025, 0.5, 0.9, 0.999):
        assert found.quantile(share) == pytest.approx(exact.inv_cdf(share), abs=0.01)
    assert found.interval(0.95) == pytest.approx((168.5 - 1.96 * 3.27, 168.5 + 1.96 * 3.27), abs=0.01)
    assert (found.quantile(0), found.quantile(1)) == (found.edges[0], found.edges[-1])
    assert found.below(170.0) == pytest.approx(exact.cdf(170.0), abs=1e-4)


def test_what_is_cut_off_is_shared_out_among_the_rest() -> None:
    found = Distribution.normal(18.5, 2.1, unit="years", low=15)
    exact = NormalDist(18.5, 2.1)
    inside = 1 - exact.cdf(15)
    assert found.edges[0] == 15
    assert found.below(18.5) == pytest.approx((0.5 - exact.cdf(15)) / inside, abs=1e-5)


def test_a_uniform_distribution_and_groups_of_people() -> None:
    flat = Distribution.uniform(20, 60, unit="years")
    assert (flat.mean, flat.median) == (pytest.approx(40), pytest.approx(40))
    assert flat.sd == pytest.approx(40 / 12**0.5)
    groups = Distribution.of_groups([20, 30], 60, [3, 1], unit="years")
    assert groups.below(30) == pytest.approx(0.75)
    assert groups.below(45) == pytest.approx(0.875)


def test_bayes_weighs_each_cell_by_its_likelihood() -> None:
    prior = Distribution(np.array([0.0, 1.0, 2.0, 4.0]), np.array([0.25, 0.25, 0.5]), "years")
    held = prior.weighed(np.array([0.4, 0.2, 0.1]))
    assert held.masses.tolist() == pytest.approx([0.5, 0.25, 0.25])
    with pytest.raises(NotComputable, match="impossible at every value"):
        prior.weighed(np.zeros(3))


def test_other_cells_keep_the_probabilities_and_cut_what_is_outside() -> None:
    flat = Distribution.uniform(0, 10, unit="years", cells=10)
    assert flat.on(np.array([0.0, 2.5, 10.0])).masses.tolist() == pytest.approx([0.25, 0.75])
    assert flat.on(np.array([5.0, 7.5, 20.0])).masses.tolist() == pytest.approx([0.5, 0.5])
    with pytest.raises(NotComputable, match="nothing between 20 and 30 years"):
        flat.on(np.array([20.0, 30.0]))


@pytest.mark.parametrize(
    ("edges", "masses", "told"),
    [
        ([0, 1], [1, 1], "2 probabilities need 3"),
        ([0, 1, np.inf], [1, 1], "finite ends"),
        ([0, 1, 1], [1, 1], "must rise"),
        ([0, 1, 2], [1, -0.1], "not negative"),
        ([0, 1, 2], [0, 0], "not all zero"),
        ([0, 1, 2], [1, np.nan], "finite"),
    ],
)
def test_what_is_no_distribution_is_refused(edges: list[float], masses: list[float], told: str) -> None:
    with pytest.raises(BadScore, match=told):
        Distribution(np.array(edges, float), np.array(masses, float), "years")


def test_ends_levels_and_spreads_that_are_none_are_refused() -> None:
    flat = Distribution.uniform(0, 10, unit="years")
    for level in (0.0, 1.0, -0.5, float("nan")):
        with pytest.raises(BadScore, match="no level"):
            flat.interval(level)
    with pytest.raises(BadScore, match="no share"):
        flat.quantile(1.1)
    with pytest.raises(BadScore, match="no range"):
        Distribution.uniform(5, 5, unit="years")
    for sd in (0.0, -1.0, float("inf")):
        with pytest.raises(BadScore, match="a spread above zero"):
            Distribution.normal(10, sd, unit="cm")
    with pytest.raises(BadScore, match="is left"):
        Distribution.normal(10, 1, unit="cm", low=19)
    with pytest.raises(BadScore, match="2 groups and 1 counts"):
        Distribution.of_groups([1, 2], 3, [1], unit="years")
