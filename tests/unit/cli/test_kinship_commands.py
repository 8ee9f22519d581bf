"""`dokaz kinship search`, `joint`, `power` and `match` print what their readers rely on."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from figures import own_case
from typer.testing import CliRunner

from dokaz.cli.kinship import app

ALLELES, FREQUENCIES = ["8", "9", "10", "11"], [0.1, 0.2, 0.3, 0.4]
MARKERS = [{"name": f"L{n}", "alleles": ALLELES, "freqs": FREQUENCIES, "mutation": None} for n in range(6)]
FATHER = {
    f"L{n}": pair
    for n, pair in enumerate([["8", "10"], ["8", "9"], ["10", "10"], ["9", "11"], ["11", "11"], ["8", "11"]])
}
FAMILY_ALONE = {
    "markers": MARKERS,
    "H1": [
        {
            "members": [
                {"id": "father", "father": None, "mother": None, "sex": 1},
                {"id": "mother", "father": None, "mother": None, "sex": 2},
                {"id": "child", "father": "father", "mother": "mother", "sex": 1},
                {"id": "sister", "father": "father", "mother": "mother", "sex": 2},
            ]
        }
    ],
    "genotypes": {"father": FATHER},
    "missing": ["child"],
}


def case_file(folder: Path, case: dict[str, object]) -> str:
    file = folder / "case.json"
    file.write_text(json.dumps(case), encoding="utf-8")
    return str(file)


def printed(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def test_search_prints_the_matrix_in_the_order_of_the_case(tmp_path: Path) -> None:
    case = own_case("three victims, three generations")
    path = case_file(tmp_path, case["victims"])
    found = json.loads(printed("search", path, "--json"))
    assert found["rows"] == [row["id"] for row in case["victims"]["pm"]]
    assert found["cols"] == case["victims"]["missing"]
    for ours, theirs in zip(found["values"], case["expect"]["pairwise_lr"]["rows"], strict=True):
        assert ours == pytest.approx(theirs, rel=1e-8, abs=0)
    assert "log10 LR" in printed("search", path, "--keep", "1")


def test_joint_prints_every_assignment_best_first_and_the_posterior(tmp_path: Path) -> None:
    case = own_case("joint-03")
    found = json.loads(printed("joint", case_file(tmp_path, case["victims"]), "--json"))
    ours = [float(row["loglik"]) for row in found["assignments"]]
    assert ours == sorted(ours, reverse=True)
    assert sum(ln > -math.inf for ln in ours) == case["expect"]["assignments"]
    remains = [row["id"] for row in case["victims"]["pm"]]
    by_pairing = {tuple(row["pairing"][v] for v in remains): float(row["loglik"]) for row in found["assignments"]}
    for assignment, theirs in case["expect"]["ln_likelihood"]:
        assert by_pairing[tuple(assignment)] == pytest.approx(theirs, rel=1e-10)
    assert found["posterior"]["cols"] == [*case["victims"]["missing"], "*"]


def test_joint_says_whom_dna_cannot_tell_apart_and_draws_the_posterior(tmp_path: Path) -> None:
    picture = tmp_path / "posterior.svg"
    path = case_file(tmp_path, own_case("seven victims, three brothers")["victims"])
    assert "DNA cannot tell apart: MP1, MP2, MP3" in printed("joint", path, "--plot", str(picture))
    assert picture.read_text().startswith("<svg")


def test_power_names_thresholds_and_repeats_itself(tmp_path: Path) -> None:
    picture = tmp_path / "power.svg"
    path = case_file(tmp_path, own_case("joint-00")["victims"])
    arguments = ("power", path, "--json", "--simulations", "500")
    first = json.loads(printed(*arguments, "--plot", str(picture)))
    assert first == json.loads(printed(*arguments))
    assert [row["missing"] for row in first["rows"]] == ["F1M1", "F2M1", "F2M2"]
    assert first["threshold_log10_lr_for_posterior"] == pytest.approx(math.log10(3 * 0.9995 / 0.0005))
    assert picture.read_text().startswith("<svg")
    assert "exclusion power" in printed("power", path, "--simulations", "500")
    planned = json.loads(printed(*arguments, "--next"))
    assert {step["relative"] for step in planned["rows"][0]["next"]} == {"F1F"}


def test_power_of_a_family_alone_is_what_a_pencil_says(tmp_path: Path) -> None:
    (row,) = json.loads(printed("power", case_file(tmp_path, FAMILY_ALONE), "--json", "--simulations", "200"))["rows"]
    # Excluded at a marker is who has neither allele of the father.
    frequency = dict(zip(ALLELES, FREQUENCIES, strict=True))
    expected = {m: (1 - sum(frequency[a] for a in set(pair))) ** 2 for m, pair in FATHER.items()}
    assert row["exclusion_power_per_marker"] == pytest.approx(expected, rel=1e-8)
    assert row["exclusion_power"] == pytest.approx(1 - math.prod(1 - e for e in expected.values()), rel=1e-8)
    assert row["expected_mismatches"] == pytest.approx(sum(expected.values()), rel=1e-8)


def test_power_compares_sets_of_markers(tmp_path: Path) -> None:
    asked = ["power", case_file(tmp_path, FAMILY_ALONE), "--json", "--simulations", "500", "--set", "half=L0,L1,L2"]
    (row,) = json.loads(printed(*asked, "--set", f"all={','.join(FATHER)}"))["rows"]
    whole, part = row["sets"]
    assert (whole["set"], part["set"]) == ("all", "half")
    assert whole["mean_log10_lr"] == pytest.approx(row["mean_log10_lr"])
    assert part["mean_log10_lr"] < whole["mean_log10_lr"]
    refused = CliRunner().invoke(app, [*asked[:2], "--set", "L0,L1,L2"])
    assert refused.exit_code == 1
    assert "names no set of its own" in refused.output


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
