"""`dokaz kinship power --may-type`: which relatives to find, told in lines and JSON, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from small_cases import run, written

from dokaz.kinship import power

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"


def planned(tmp_path: Path) -> Path:
    case = tmp_path / "plan.json"
    made = run(
        "convert", EXAMPLES / "before_typing.ped", case, "--frequencies", "NIST 1036 Caucasian",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    return case


def family_alone(**others: Any) -> dict[str, Any]:
    """A family that nobody of is typed, as a file without `missing`."""
    members = [
        {"id": "father", "father": None, "mother": None, "sex": 1},
        {"id": "mother", "father": None, "mother": None, "sex": 2},
        {"id": "son", "father": "father", "mother": "mother", "sex": 1},
        {"id": "brother", "father": "father", "mother": "mother", "sex": 1},
    ]
    markers = [{"name": f"L{k}", "alleles": ["1", "2", "3"], "freqs": [0.2, 0.3, 0.5]} for k in range(5)]
    return {"case": "plan", "H1": [{"members": members}], "genotypes": {}, "markers": markers, **others}


def test_each_set_is_told_with_its_monte_carlo_errors(tmp_path: Path) -> None:
    case = planned(tmp_path)
    words = ["power", case, "--may-type", "sister, daughter", "--simulations", "400"]
    lines = [line for line in run(*words).stdout.splitlines() if line.startswith("  with ")]
    assert [line.split(":")[0] for line in lines] == ["  with daughter", "  with sister", "  with sister, daughter"]
    answer = json.loads(run(*words, "--json").stdout)
    [row] = answer["rows"]
    assert [one["relatives"] for one in row["to_find"]] == [["daughter"], ["sister"], ["sister", "daughter"]]
    daughter = row["to_find"][0]
    assert f"mean log10 LR {daughter['mean_log10_lr']:.2f} ± {daughter['mean_log10_lr_error']:.2f}, " in lines[0]
    assert 6.2 < daughter["mean_log10_lr"] < 7.4
    assert all(one["mean_log10_lr_error"] > 0 and one["false_match_error"] > 0 for one in row["to_find"])
    assert answer["seed"] == 1
    assert json.loads(run(*words, "--json").stdout) == answer


def test_sets_are_as_large_as_is_asked(tmp_path: Path) -> None:
    case = planned(tmp_path)
    words = ["power", case, "--may-type", "sister,daughter,wife", "--simulations", "100", "--json"]
    sizes = {
        most: [len(one["relatives"]) for one in json.loads(run(*words, "--at-most", most).stdout)["rows"][0]["to_find"]]
        for most in (1, 3)
    }
    assert sizes == {1: [1, 1, 1], 3: [1, 1, 1, 2, 2, 2, 3]}


def test_persons_are_shared_among_the_families_that_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, Any]] = []

    def recorded(*_: object, **options: Any) -> list[power.RelativesFound]:
        given.append(options)
        return []

    monkeypatch.setattr(power, "relatives_to_find", recorded)
    words = ["power", planned(tmp_path), "--may-type", "sister", "--theta", "0.02"]
    for simulations in (1000, 10):
        assert run(*words, "--simulations", simulations).exit_code == 0
    assert [(one["families"], one["simulations"], one["theta"]) for one in given] == [(100, 10, 0.02), (100, 1, 0.02)]


def test_a_family_alone_is_told_who_is_missing(tmp_path: Path) -> None:
    file = written(tmp_path, family_alone())
    words = ["power", file, "--may-type", "father,brother", "--simulations", "100", "--json"]
    [row] = json.loads(run(*words, "--missing", "son").stdout)["rows"]
    assert row["missing"] == "son"
    assert [one["relatives"] for one in row["to_find"]] == [["father"], ["brother"], ["father", "brother"]]
    nobody = run(*words)
    assert nobody.exit_code == 1
    assert "nobody is missing" in nobody.output


def test_of_several_missing_persons_only_those_that_are_named_are_planned(tmp_path: Path) -> None:
    file = written(tmp_path, family_alone(missing=["son", "brother"]))
    words = ["power", file, "--may-type", "father", "--simulations", "100", "--json"]
    both = json.loads(run(*words).stdout)["rows"]
    assert ["to_find" in row for row in both] == [True, True]
    one = json.loads(run(*words, "--missing", "brother").stdout)["rows"]
    assert {row["missing"]: "to_find" in row for row in one} == {"son": False, "brother": True}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--may-type", "father,cousin"), "no family has all of them"),
        (("--may-type", "son"), "son cannot be typed"),
        (("--may-type", "father", "--missing", "mother"), "the file says itself who is missing"),
        (("--may-type", "father", "--at-most", "0"), "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_planned_is_refused(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    refused = run("power", written(tmp_path, family_alone(missing="son")), *words)
    assert refused.exit_code != 0
    assert said in refused.output
