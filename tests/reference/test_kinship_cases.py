"""Cases that other programs computed; they lie outside the repository, for their licences are other ones."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from figures import OUTSIDE, families_of, needs_outside, outside

from dokaz.exchange.programs.case_reader import read_question, read_victims
from dokaz.kinship import MutationKind, MutationModel, likelihood_ratio, search

TOLERANCE = 1e-8

pytestmark = needs_outside


def assert_same(ours: float, theirs: float | str, what: str) -> None:
    """Relative 1e-8; zero and the not-a-numbers exactly."""
    theirs = float(theirs)
    if math.isnan(theirs) or theirs == 0 or ours == 0 or math.isinf(theirs):
        assert str(float(ours)) == str(theirs), what
    else:
        assert abs(ours - theirs) <= TOLERANCE * abs(theirs), f"{what}: {ours} against {theirs}"


def questions() -> Iterator[Path]:
    for pattern in ("kin_*", "linked_*", "familias_*"):
        yield from sorted((OUTSIDE / "dna").glob(f"{pattern}.json"))


@pytest.mark.parametrize("kind", ["kin", "linked", "familias"])
def test_every_likelihood_and_lr_is_the_recorded_one(kind: str) -> None:
    files = [path for path in questions() if path.name.startswith(f"{kind}_")]
    assert files
    for path in files:
        recorded = json.loads(path.read_text())["results"]
        question = read_question(path)
        result = likelihood_ratio(
            question.h1, question.h2, question.profiles, theta=question.theta, linked=question.linked
        )
        for key, ours in (
            ("likelihood_H1", result.likelihood_h1),
            ("likelihood_H2", result.likelihood_h2),
            ("LR", result.lr_per_marker),
        ):
            theirs = recorded[key] if isinstance(recorded[key], list) else [recorded[key]]
            assert len(ours) == len(theirs), path.name
            for name, mine, given in zip(result.markers, ours, theirs, strict=True):
                assert_same(float(mine), given, f"{path.name} {key} {name}")
        if "log10LR_total" in recorded:
            product = math.prod(float(value) for value in recorded["LR"])
            assert_same(result.lr, product, path.name)


@pytest.mark.parametrize("path", outside("dvi_*.json"))
def test_every_pairwise_matrix_is_the_recorded_one(path: Path) -> None:
    recorded = json.loads(path.read_text())["results"]["pairwiseLR"]
    case = read_victims(path)
    found = search(case.victims, families_of(case), pairings=case.pairings)
    with np.errstate(over="ignore"):
        values = 10.0**found.log10_lr
    for row, given in zip(recorded["rows"], recorded["values"], strict=True):
        for column, theirs in zip(recorded["cols"], given, strict=True):
            i, j = found.profiles.index(row), found.missing.index(column)
            if theirs is None:
                assert not found.compared[i, j], f"{row} {column}"
            else:
                assert_same(float(values[i, j]), theirs, f"{path.name} {row} {column}")


def test_every_mutation_model_gives_the_recorded_matrix() -> None:
    checked = set()
    for path in questions():
        for marker in json.loads(path.read_text()).get("markers", []):
            for model in ((marker.get("mutation") or {}).get(sex) for sex in ("female", "male")):
                if not model:
                    continue
                kind = MutationKind(model["model"])
                key = (kind, marker["name"], model["rate"], model.get("rate2"), model.get("range"))
                if key in checked:
                    continue
                checked.add(key)
                numbers = {k: model[k] for k in ("rate", "rate2", "range") if model.get(k) is not None}
                ours = MutationModel(kind, **numbers).matrix(marker["alleles"], marker["freqs"])
                np.testing.assert_allclose(ours, np.array(model["matrix"]), rtol=1e-8, atol=1e-15, err_msg=str(key))
    assert {kind for kind, *_ in checked} == set(MutationKind) - {MutationKind.CUSTOM}
