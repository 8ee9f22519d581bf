"""Estimates from published tables as other packages computed them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from figures import needs_outside, outside

from dokaz.estimate import (
    OverlapTable,
    average_over_graphs,
    chao_lower_bound,
    independence,
    loglinear_models,
    profile_interval,
)
from dokaz.estimate.hierarchical_models import design
from dokaz.exchange.programs.overlap_tables import read_overlap_table

pytestmark = needs_outside


def recorded(path: Path, method: str) -> dict[str, Any]:
    found = [
        each for each in json.loads(path.read_text())["estimates"] if method in each["method"] and "error" not in each
    ]
    if not found:
        pytest.skip(f"{path.stem}: nothing is recorded of {method}")
    return dict(found[0])


def table_in(path: Path) -> OverlapTable:
    return read_overlap_table(path.read_bytes(), file=path.name)[1]


@pytest.mark.parametrize("path", outside("*.json", "mse"))
def test_independence_and_chaos_bound_are_the_recorded_ones(path: Path) -> None:
    table = table_in(path)
    for found, method in ((independence(table), "closedpCI.t Mt"), (chao_lower_bound(table), "Mth Chao (lower")):
        expected = recorded(path, method)
        assert (found.n, found.low, found.high) == pytest.approx(
            (expected["N"], expected["lo"], expected["hi"]), abs=0.1, rel=1e-6
        )


@pytest.mark.parametrize("path", outside("*.json", "mse"))
def test_every_model_is_the_recorded_one(path: Path) -> None:
    expected = recorded(path, "closedpMS.t")
    table = table_in(path)
    found = {one.model.written(len(table.lists)): one for one in loglinear_models(table).ranked}
    # An estimate of millions of millions is one that does not exist.
    finite = [one for one in expected["top10_BIC"] if one["N"] < 1e9]
    assert next(iter(found)) == finite[0]["model"]
    for one in finite:
        assert found[one["model"]].n == pytest.approx(one["N"], abs=0.1)
        assert found[one["model"]].bic == pytest.approx(one["BIC"], abs=1e-5)
    assert not [one["model"] for one in expected["top10_BIC"] if one["N"] >= 1e9 and one["model"] in found]


@pytest.mark.parametrize("path", outside("*.json", "mse"))
def test_the_interval_of_the_best_model_is_the_recorded_one(path: Path) -> None:
    expected = recorded(path, "best-BIC")
    if expected["N"] > 1e9:
        pytest.skip(f"{path.stem}: the recorded best model has no estimate")
    table = table_in(path)
    best = loglinear_models(table).best
    found = profile_interval(design(best.model.terms, len(table.lists)), table.counts, table.impossible)
    assert (found.low, found.high) == pytest.approx((expected["lo"], expected["hi"]), abs=0.1)


@pytest.mark.parametrize("path", outside("*.json", "mse"))
def test_the_average_over_graphs_is_the_recorded_one(path: Path) -> None:
    expected = recorded(path, "Nmissing 0..25n")
    found = average_over_graphs(table_in(path))
    assert (found.n, found.low, found.high) == (expected["N"], expected["lo"], expected["hi"])
