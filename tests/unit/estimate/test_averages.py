"""Averages over models, over linkages and over tables drawn anew."""

from __future__ import annotations

import numpy as np
import pytest
from estimate_tables import NO_OVERLAP_WITH_C, kosovo, table_of

from dokaz.errors import NotEstimable
from dokaz.estimate import average_over_linkages, average_over_models, loglinear_models, resample


def test_the_average_over_models_spans_those_that_fit_alike() -> None:
    table = kosovo()
    models = loglinear_models(table)
    found = average_over_models(models, table.observed)
    assert found.of == 113
    sizes = np.array([one.n for one in models.ranked])
    weights = np.array([one.weight for one in models.ranked])
    assert found.low < 10_357 < found.n < 18_393 < found.high
    # A twin by simulation: draw a model by weight, then a log-normal number of those on no list.
    rng = np.random.default_rng(1)
    errors = np.array([one.standard_error for one in models.ranked])
    unseen = sizes - table.observed
    drawn = rng.choice(len(sizes), size=200_000, p=weights)
    spread = np.sqrt(np.log1p((errors / unseen) ** 2))
    simulated = table.observed + unseen[drawn] * np.exp(spread[drawn] * rng.normal(size=200_000))
    for at, of in ((0.025, found.low), (0.5, found.n), (0.975, found.high)):
        assert of == pytest.approx(float(np.quantile(simulated, at)), rel=0.01)


def test_linkages_that_differ_widen_the_interval() -> None:
    alike = average_over_linkages([(100, 80, 125)] * 3)
    assert (alike.n, alike.low, alike.high) == pytest.approx((100, 80, 125))
    apart = average_over_linkages([(80, 64, 100), (125, 100, 156.25)])
    assert apart.n == pytest.approx(100)
    # Rubin's total variance of the logarithms, by hand.
    within = (np.log(1.25) / 1.959963984540054) ** 2
    between = np.var(np.log([80, 125]), ddof=1)
    assert np.log(apart.high / 100) == pytest.approx(1.959963984540054 * np.sqrt(within + 1.5 * between), rel=1e-6)
    assert np.log(100 / apart.low) == pytest.approx(np.log(apart.high / 100), rel=1e-6)


@pytest.mark.parametrize("estimates", [[], [(100, 80, 125)], [(100, 80, 125), (100, 80, float("inf"))]])
def test_what_cannot_be_averaged_is_refused(estimates: list[tuple[float, float, float]]) -> None:
    with pytest.raises(NotEstimable):
        average_over_linkages(estimates)


def test_choosing_the_model_anew_is_wider_than_taking_it_as_known() -> None:
    told: list[tuple[int, int]] = []
    found = resample(kosovo(), draws=60, seed=2, progress=lambda done, of: told.append((done, of)))
    assert found.low < 9_300
    assert found.high > 13_500
    assert found.models > 3
    assert found.without_estimate == 0
    assert told[-1] == (60, 60)
    assert resample(kosovo(), draws=20, seed=2) == resample(kosovo(), draws=20, seed=2)


def test_tables_that_mostly_have_no_estimate_have_no_interval() -> None:
    thin = table_of("ABC", {"100": 3, "010": 3, "110": 1, "001": 2})
    with pytest.raises(NotEstimable, match="tables that were drawn anew have no finite estimate"):
        resample(thin, draws=40)


def test_some_draws_without_an_estimate_are_counted() -> None:
    found = resample(table_of("ABC", NO_OVERLAP_WITH_C), draws=40, seed=1)
    assert found.without_estimate <= 2
    assert found.draws == 40
