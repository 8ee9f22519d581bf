"""`dokaz kinship candidates`: the strongest pairs of `search`, without its matrix; resumable, and on a cluster."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_cases import VICTIMS, changed, written
from typer.testing import CliRunner

from dokaz.cli.kinship import app
from dokaz.kinship.blind import cluster


def asked(*arguments: str | Path, refused: bool = False) -> dict:
    result = CliRunner().invoke(app, [str(each) for each in arguments] + ["--json"])
    assert result.exit_code == int(refused), result.output
    found: dict = json.loads(result.stdout.strip().splitlines()[-1])
    return found


def pairs_of(found: dict) -> dict[tuple[str, str], float]:
    return {(row["profile"], row["missing"]): row["log10_lr"] for row in found["pairs"]}


def test_it_finds_what_the_matrix_holds(tmp_path: Path) -> None:
    file = written(tmp_path, VICTIMS)
    matrix = asked("search", file)
    found = pairs_of(asked("candidates", file, "--at-least", "-5"))
    expected = {
        (profile, person): value
        for profile, row in zip(matrix["rows"], matrix["values"], strict=True)
        for person, value in zip(matrix["cols"], row, strict=True)
        if value not in (None, 0.0)
    }
    assert found.keys() == expected.keys()
    for pair, value in expected.items():
        assert 10 ** found[pair] == pytest.approx(value, rel=1e-9)


def test_the_threshold_and_the_number_kept_bound_what_is_printed(tmp_path: Path) -> None:
    file = written(tmp_path, VICTIMS)
    every = pairs_of(asked("candidates", file, "--at-least", "-5"))
    strongest = max(every.values())
    assert all(
        value >= strongest for value in pairs_of(asked("candidates", file, "--at-least", str(strongest))).values()
    )
    one_each = asked("candidates", file, "--keep", "1", "--at-least", "-5")
    assert one_each["keep"] == 1
    assert len(one_each["pairs"]) <= len(VICTIMS["pm"]) + len(VICTIMS["missing"])


def test_a_second_run_takes_the_finished_parts_of_the_first(tmp_path: Path) -> None:
    file, folder = written(tmp_path, VICTIMS), tmp_path / "parts"
    first = asked("candidates", file, "--folder", folder)
    parts = {path: path.stat().st_mtime_ns for path in folder.rglob("*.np?")}
    assert parts
    assert asked("candidates", file, "--folder", folder) == first
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.np?")} == parts


def test_pairings_of_the_files_own_are_refused(tmp_path: Path) -> None:
    usual = changed(VICTIMS, "pairings", {"V1": ["M1", "M2"], "V2": ["M2"]})
    assert asked("candidates", written(tmp_path, usual, "usual.json"))["pairs"]
    own = changed(VICTIMS, "pairings", {"V1": ["M1"], "V2": ["M2"]})
    said = asked("candidates", written(tmp_path, own, "own.json"), refused=True)
    assert "pairings of its own for 1 of 2 profiles, V1 first" in said["error"]


def test_nobody_at_the_schedulers_address_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="needs the extra dokaz[cluster]")
    monkeypatch.setattr(cluster, "CONNECT_S", 1)
    said = asked("candidates", written(tmp_path, VICTIMS), "--scheduler", "tcp://127.0.0.1:9", refused=True)
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in said["error"]
