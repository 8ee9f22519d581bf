"""Assembling and searching say which mutation model is used, and which pairs one marker or none decides."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from dokaz.cli.kinship import app

CASES = Path(__file__).parents[1] / "exchange" / "programs" / "marker_cases"
EXCLUDED = "bone-01 × son: 1 of 20 markers impossible (FGA)"


def assembled(folder: Path, *options: str) -> tuple[str, str]:
    """The case, and the first line that assembling it printed."""
    target = str(folder / "m.json")
    remains, families = (str(CASES / f"one_mutation_{name}") for name in ("remains.txt", "families.ped"))
    arguments = ["assemble", target, "--remains", remains, "--families", families, "--frequencies"]
    run = CliRunner().invoke(app, [*arguments, "NIST 1036 Caucasian", *options])
    assert run.exit_code == 0, run.output
    return target, run.stdout.splitlines()[0]


def test_without_a_model_the_pair_that_one_marker_excludes_is_named(tmp_path: Path) -> None:
    case, said = assembled(tmp_path)
    assert said.endswith(f"mutation model: none; 1 otherwise excellent pair is excluded by one marker only: {EXCLUDED}")
    found = CliRunner().invoke(app, ["search", case])
    assert "bone-01 " not in found.stdout
    assert EXCLUDED in found.stderr
    answer = json.loads(CliRunner().invoke(app, ["search", case, "--json"]).stdout)
    assert answer["mutation"] == "none"
    assert answer["excluded_by_one_marker"] == [EXCLUDED]


def test_with_a_model_it_is_named_and_the_pair_is_a_candidate(tmp_path: Path) -> None:
    case, said = assembled(tmp_path, "--mutation", "stepwise")
    assert said.endswith("20 markers; mutation model: stepwise with rate 0.002")
    found = CliRunner().invoke(app, ["search", case])
    assert found.stdout.splitlines()[0].split() == ["bone-01", "son", "F1", "log10", "LR", "15.057"]
    assert found.stderr.strip() == "mutation model: stepwise with rate 0.002"


def test_a_case_without_a_marker_is_refused_and_a_pair_without_a_common_one_is_named(tmp_path: Path) -> None:
    file = Path(assembled(tmp_path)[0])
    case = json.loads(file.read_text(encoding="utf-8"))
    case["pm"][0]["genotypes"] = {"FGA": ["21", "22"]}
    for genotypes in case["am"][0]["genotypes"].values():
        genotypes.pop("FGA")
    file.write_text(json.dumps(case), encoding="utf-8")
    said = CliRunner().invoke(app, ["search", str(file)]).stderr
    assert "NO MARKER IN COMMON, nothing was compared: bone-01 × family F1\n" in said
    assert said.count("NO MARKER") == 1
    empty = {"case": "z", "markers": [], "pm": [{"id": "b", "sex": 1, "genotypes": {}}], "am": [], "missing": []}
    file.write_text(json.dumps(empty), encoding="utf-8")
    for command in ("search", "joint", "candidates"):
        refused = CliRunner().invoke(app, [command, str(file)])
        assert refused.exit_code == 1
        assert "no autosomal or X marker" in refused.output
