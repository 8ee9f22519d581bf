"""One pair marker by marker, and the matrix of impossible markers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_kinship_mutation import assembled
from typer.testing import CliRunner

from dokaz.cli.kinship import app
from dokaz.cli.kinship_refusals import once


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_pair_is_explained_marker_by_marker(tmp_path: Path) -> None:
    case, _ = assembled(tmp_path, "--mutation", "stepwise")
    lines = run("search", case, "--explain", "bone-01", "son").splitlines()
    assert lines[0] == "bone-01 as son of F1: log10 LR 15.057"
    assert lines[1].split() == ["marker", "bone-01", "father", "mother", "log10", "LR"]
    [fga] = [line for line in lines if line.split()[0] == "FGA"]
    assert fga.split()[1:4] == ["18/21.2", "21.2/22", "19/19"]
    assert fga.endswith("0.233  needs a mutation (no allele of mother: 1 step)")
    assert sum("needs a mutation" in line for line in lines) == 1
    told = json.loads(run("search", case, "--explain", "bone-01", "son", "--json"))
    assert sum(row["log10_lr"] for row in told["markers"]) == pytest.approx(told["log10_lr"])
    assert [row["marker"] for row in told["markers"] if row["needs_mutation"]] == ["FGA"]


def test_without_a_model_the_marker_is_impossible_and_the_json_is_valid(tmp_path: Path) -> None:
    case, _ = assembled(tmp_path)
    lines = run("search", case, "--explain", "bone-01", "son").splitlines()
    assert lines[0] == "bone-01 as son of F1: log10 LR impossible"
    told = json.loads(run("search", case, "--explain", "bone-01", "son", "--json"), parse_constant=pytest.fail)
    assert told["log10_lr"] == "-inf"


def test_linked_markers_are_told_one_by_one_and_their_lr_once(tmp_path: Path) -> None:
    case, _ = assembled(tmp_path)
    lines = run("search", case, "--explain", "bone-03", "elder brother", "--linked", "auto").splitlines()
    shown = {line.split()[0]: line.split()[-1] for line in lines[2:]}
    assert shown["D12S391"] == shown["CSF1PO"] == "″" or shown["D5S818"] == "″"
    plain = run("search", case, "--linked", "auto")
    total = next(line for line in plain.splitlines() if line.startswith("bone-03 ") and "elder" in line)
    assert f"log10 LR {lines[0].split()[-1]:>8}" in total


def test_the_matrix_counts_impossible_markers(tmp_path: Path) -> None:
    case, _ = assembled(tmp_path, "--mutation", "stepwise")
    told = json.loads(run("search", case, "--mismatches", "--json"))
    assert told["mismatches"][told["rows"].index("bone-01")][told["cols"].index("son")] == 1
    assert told["mismatches"][told["rows"].index("bone-04")][told["cols"].index("husband")] == 0
    lines = run("search", case, "--mismatches").splitlines()
    assert lines[1].split() == ["son", "elder", "brother", "younger", "brother", "husband"]
    assert lines[2].split() == ["bone-01", *map(str, told["mismatches"][0])]
    # What the other sex keeps out is not compared.
    data = json.loads(Path(case).read_text(encoding="utf-8"))
    data["pm"][0]["sex"] = 2
    Path(case).write_text(json.dumps(data), encoding="utf-8")
    assert run("search", case, "--mismatches").splitlines()[2].split()[1:] == ["·"] * 4


def test_nobody_of_the_name_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    case, _ = assembled(tmp_path)
    for pair in (("bone-99", "son"), ("bone-01", "M3")):
        refused = CliRunner().invoke(app, ["search", case, "--explain", *pair])
        assert refused.exit_code == 1
        assert "remains: bone-01, bone-02" in refused.output


def test_notes_that_repeat_are_told_once_with_a_count() -> None:
    notes = [f"M{k}: the minor allele frequency 0.001 is not applied" for k in range(12)]
    notes += ["x.ped: markers renamed: VWA → vWA", "x.ped: markers renamed: VWA → vWA", "nobody is missing"]
    notes += [f"NO MARKER IN COMMON: bone-{k} × family F" for k in range(4)]
    told = once(notes)
    assert told == [
        "the minor allele frequency 0.001 is not applied (12 times): M0, M1, M2, M3, M4, M5, M6, M7, M8, M9 and 2 more",
        "x.ped: markers renamed: VWA → vWA",
        "nobody is missing",
        "NO MARKER IN COMMON (4 times): bone-0 × family F; bone-1 × family F; bone-2 × family F; bone-3 × family F",
    ]
    assert once(notes[:2]) == notes[:2]
