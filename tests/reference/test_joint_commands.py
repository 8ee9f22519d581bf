"""`dokaz kinship search` and `joint` print what their readers rely on."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dokaz.cli.kinship import app

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(os.environ.get("DOKAZ_CASES", ROOT.parent / "shared" / "cases")) / "dna"

pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason="no reference cases: set DOKAZ_CASES to the folder that holds dna/"
)


def printed(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def test_search_prints_the_matrix_in_the_order_of_the_case() -> None:
    path = CASES / "dvi_grave.json"
    case = json.loads(path.read_text())
    found = json.loads(printed("search", str(path), "--json"))
    assert found["rows"] == [row["id"] for row in case["pm"]]
    assert found["cols"] == case["missing"]
    recorded = case["results"]["pairwiseLR"]
    for ours, theirs in zip(found["values"], recorded["values"], strict=True):
        for mine, given in zip(ours, theirs, strict=True):
            assert (mine is None) == (given is None)
            assert given is None or mine == pytest.approx(given, rel=1e-8, abs=0)


def test_joint_prints_every_assignment_best_first_and_the_posterior() -> None:
    path = CASES / "joint_03_none.json"
    case = json.loads(path.read_text())["results"]
    found = json.loads(printed("joint", str(path), "--json"))
    assert len(found["assignments"]) == case["dviJoint"]["n"]
    ours = [float(row["loglik"]) for row in found["assignments"]]
    assert ours == sorted(ours, reverse=True)
    assert found["posterior"]["cols"][-1] == "*"
    by_pairing = {tuple(sorted(row["pairing"].items())): row["loglik"] for row in found["assignments"]}
    for row in case["dviJoint"]["rows"]:
        ln = row.pop("loglik")
        mine = by_pairing[tuple(sorted((v, m) for v, m in row.items() if v.startswith("V")))]
        assert float(mine) == pytest.approx(float(ln), rel=1e-10)


def test_tables_and_pictures_are_for_people(tmp_path: Path) -> None:
    picture = tmp_path / "posterior.svg"
    text = printed("joint", str(CASES / "dvi_fire.json"), "--plot", str(picture))
    assert "DNA cannot tell apart: M2, M3" in text
    assert picture.read_text().startswith("<svg")
    assert "log10 LR" in printed("search", str(CASES / "dvi_grave.json"), "--keep", "1")


def test_power_names_thresholds_and_repeats_itself(tmp_path: Path) -> None:
    picture = tmp_path / "power.svg"
    arguments = ("power", str(CASES / "dvi_fire.json"), "--json", "--simulations", "500")
    first = json.loads(printed(*arguments, "--plot", str(picture)))
    assert first == json.loads(printed(*arguments))
    assert [row["missing"] for row in first["rows"]] == ["M1", "M2", "M3"]
    planned = json.loads(
        printed("power", str(CASES / "dvi_KETPchap481.json"), "--json", "--simulations", "500", "--next")
    )
    assert planned["rows"][0]["next"][0]["relative"]
    assert first["threshold_log10_lr_for_posterior"] == pytest.approx(3.778, abs=1e-3)
    assert picture.read_text().startswith("<svg")
    assert "exclusion power" in printed("power", str(CASES / "dvi_fire.json"), "--simulations", "500")


def test_a_file_that_is_none_is_refused_on_one_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}")
    for command in ("search", "joint", "power"):
        result = CliRunner().invoke(app, [command, str(wrong), "--json"])
        assert result.exit_code == 1
        assert "no list 'pm'" in json.loads(result.output)["error"]


def test_remains_of_one_person_and_a_touch_of_staff_are_told(tmp_path: Path) -> None:
    markers = [
        {"name": f"L{n}", "alleles": ["8", "9", "10", "11"], "freqs": [0.1, 0.2, 0.3, 0.4], "mutation": None}
        for n in range(12)
    ]

    def typed(*pairs: tuple[str, str]) -> dict[str, list[str]]:
        return {f"L{n}": list(pairs[n % len(pairs)]) for n in range(12)}

    whole, lost = typed(("8", "9"), ("8", "10")), typed(("8", "9"), ("8", "8"))
    remains = [
        {"id": "skull", "sex": 1, "genotypes": whole},
        {"id": "femur", "sex": 1, "genotypes": lost},
        {"id": "other", "sex": 2, "genotypes": typed(("10", "11"), ("11", "11"))},
    ]
    file, staff = tmp_path / "remains.json", tmp_path / "staff.json"
    empty = {"markers": markers, "am": [], "missing": []}
    file.write_text(json.dumps({**empty, "pm": remains}))
    staff.write_text(json.dumps({**empty, "pm": [{"id": "technician", "sex": 1, "genotypes": whole}]}))
    (as_typed,) = json.loads(printed("match", str(file), "--json", "--at-least", "2"))["matches"]
    assert as_typed["relation"] != "same person"
    (found,) = json.loads(printed("match", str(file), "--json", "--dropout", "0.2"))["matches"]
    assert {found["first"], found["second"]} == {"skull", "femur"}
    assert found["relation"] == "same person"
    assert len(found["markers_different"]) == 6
    assert "technician" in printed("match", str(file), "--staff", str(staff))
    assert "no pair reaches" in printed("match", str(file), "--at-least", "40")
