"""Exclusion power as other software computed them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from dokaz.cli.kinship import app
from dokaz.exchange.programs.case_reader import read_victims
from dokaz.kinship import Family
from dokaz.kinship.power import exclusion_power

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(os.environ.get("DOKAZ_CASES", ROOT.parent / "shared" / "cases")) / "dna"

pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason="no reference cases: set DOKAZ_CASES to the folder that holds dna/"
)


def family_of(path: Path) -> Family:
    family = read_victims(path).families[0]
    return Family(family.name, family.pedigree, family.missing, family.profiles)


@pytest.mark.parametrize("path", sorted(CASES.glob("ep_*.json")), ids=lambda path: path.stem)
def test_exclusion_power_is_the_recorded_one(path: Path) -> None:
    case = json.loads(path.read_text())
    found = exclusion_power(family_of(path), case["missing"])
    np.testing.assert_allclose(found.per_marker, case["results"]["EPperMarker"], rtol=1e-8, atol=1e-12)
    assert found.total == pytest.approx(case["results"]["EPtotal"], rel=1e-8)
    assert found.expected_mismatches == pytest.approx(case["results"]["expectedMismatch"], rel=1e-8)


def test_the_command_tells_the_recorded_power_of_a_family_alone() -> None:
    path = CASES / "ep_mo_2.json"
    said = CliRunner().invoke(app, ["power", str(path), "--json", "--simulations", "200"])
    assert said.exit_code == 0, said.output
    (row,) = json.loads(said.stdout)["rows"]
    recorded = json.loads(path.read_text())["results"]
    np.testing.assert_allclose(list(row["exclusion_power_per_marker"].values()), recorded["EPperMarker"], rtol=1e-8)
    assert row["exclusion_power"] == pytest.approx(recorded["EPtotal"], rel=1e-8)
    assert row["expected_mismatches"] == pytest.approx(recorded["expectedMismatch"], rel=1e-8)


def test_the_command_compares_sets_of_markers_and_draws_the_rest() -> None:
    path = CASES / "ep_mo_2.json"
    markers = [marker["name"] for marker in json.loads(path.read_text())["markers"]]
    half = ",".join(markers[: len(markers) // 2])
    asked = ["power", str(path), "--json", "--simulations", "500", "--set", f"half={half}"]
    said = CliRunner().invoke(app, [*asked, "--set", f"all={','.join(markers)}"])
    assert said.exit_code == 0, said.output
    (row,) = json.loads(said.stdout)["rows"]
    whole, part = row["sets"]
    assert (whole["set"], part["set"]) == ("all", "half")
    assert whole["mean_log10_lr"] == pytest.approx(row["mean_log10_lr"])
    assert part["mean_log10_lr"] < whole["mean_log10_lr"]
    refused = CliRunner().invoke(app, [*asked[:2], "--set", f"{half}"])
    assert refused.exit_code == 1
    assert "names no set of its own" in refused.output
