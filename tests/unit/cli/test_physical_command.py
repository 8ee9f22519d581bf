"""`dokaz physical` answers from files, in words and for programs, explains its files, and refuses by name."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from commands import PROGRAM
from typer.testing import CliRunner

from dokaz.cli.physical import app
from dokaz.errors import BadFile, BadScore, NotComputable
from dokaz.exchange.programs.physical_files import EXAMPLES
from dokaz.physical.methods import published

METHODS_PAGE = Path(__file__).resolve().parents[3] / "docs" / "methods" / "physical.md"


def asked(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def written(folder: Path, data: object, name: str = "asked.json") -> str:
    file = folder / name
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return str(file)


def changed(question: str, **changes: Any) -> dict[str, Any]:
    """The example, with other fields; None takes a field away."""
    data = {**json.loads(EXAMPLES[question]), **changes}
    return {name: value for name, value in data.items() if value is not None}


@pytest.mark.parametrize("question", sorted(EXAMPLES))
def test_the_whole_file_that_explain_shows_is_answered(tmp_path: Path, question: str) -> None:
    explained = asked(question, "--explain")
    assert explained.startswith(EXAMPLES[question])
    answer = json.loads(asked(question, written(tmp_path, EXAMPLES[question]), "--json"))
    assert answer
    assert len(asked(question, written(tmp_path, EXAMPLES[question])).splitlines()) > 2


@pytest.mark.parametrize("question", sorted(EXAMPLES))
def test_the_methods_page_shows_these_files_and_what_the_command_says_of_them(tmp_path: Path, question: str) -> None:
    page = METHODS_PAGE.read_text(encoding="utf-8")
    shown = re.search(rf"```json {question}\.json\n(.*?)```\n\n```\n(.*?)```", page, re.DOTALL)
    assert shown is not None, f"docs/methods/physical.md shows no {question}.json with its answer"
    file, told = shown.groups()
    assert json.loads(file) == json.loads(EXAMPLES[question])
    assert told == asked(question, written(tmp_path, file))


def test_the_methods_page_lists_every_method_as_its_data_do() -> None:
    page = METHODS_PAGE.read_text(encoding="utf-8")
    entries = [entry for kind in ("age", "stature", "sex") for part in published(kind).values() for entry in part
               if isinstance(part, list)]  # fmt: skip
    assert len(entries) == 14
    for entry in [*entries, published("subadult")["method"]]:
        key = entry["key"] + (f" ({entry['sex']})" if entry.get("sex") else "")
        told = (entry[name] for name in ("name", "citation", "population", "validity", "checked"))
        assert f"| `{key}` | {' | '.join(told)} |" in page


def test_programs_get_the_reference_example(tmp_path: Path) -> None:
    answer = json.loads(asked("mni", written(tmp_path, EXAMPLES["mni"]), "--json"))
    assert answer["paired"] == {
        "left": 21, "right": 15, "pairs": 11, "maximum": 21, "at_least": 25, "lincoln": pytest.approx(315 / 11),
        "most_likely": 28, "credible_set": [25, 39], "level": 0.95,
    }  # fmt: skip
    assert answer["fragments"]["people_at_least"] == 3
    assert answer["fragments"]["groups"] == [["a", "d"]]


def test_programs_get_a_distribution_and_its_method(tmp_path: Path) -> None:
    (found,) = json.loads(asked("age", written(tmp_path, EXAMPLES["age"]), "--json", "--level", "0.5"))["estimates"]
    assert len(found["percentiles"]) == 99
    assert found["percentiles"] == sorted(found["percentiles"])
    assert found["interval"] == [found["percentiles"][24], found["percentiles"][74]]
    assert found["median"] == found["percentiles"][49]
    assert set(found["method"]) == {
        "key", "name", "citation", "table", "population", "validity", "figures_checked_against"
    }  # fmt: skip
    assert found["method"]["table"] is None


def test_a_childs_indicators_stand_side_by_side(tmp_path: Path) -> None:
    file = {
        "method": "mcp_s_age",
        "indicators": {"FDL": 250, "man_M1": "R 1/2"},
        "prior": {"from": 0, "to": 18, "mean": 6, "sd": 4},
    }
    told = asked("age", written(tmp_path, file))
    assert told.count("age ") >= 2
    assert "never multiplied" in told
    found = json.loads(asked("age", written(tmp_path, file), "--json"))["estimates"]
    assert [each["method"]["table"] for each in found] == [
        "models/US/univariate/FDL_pow_law_lin_pos_int.rds", "models/US/univariate/man_M1_pow_law_ord_const.rds"
    ]  # fmt: skip


def test_a_composite_score_is_its_stage(tmp_path: Path) -> None:
    told = asked("age", written(tmp_path, {"method": "buckberry_chamberlain", "composite": 12}))
    assert "scored: phase IV" in told
    assert "no prior was stated" in told


def test_a_number_that_is_not_proven_says_how_many_suffice(tmp_path: Path) -> None:
    import random

    rng = random.Random(1)
    many = [
        {"name": str(k), "element": "femur", "side": "left", "zones": rng.sample("12345", 2)} for k in range(40)
    ]  # fmt: skip
    told = asked("mni", written(tmp_path, {"fragments": many}))
    least, enough = map(
        int, re.findall(r"at least (\d+) people \((\d+) suffice; the least number lies between\)", told)[0]
    )
    assert 40 * 2 / 5 <= least < enough <= 40


def test_without_a_pair_the_least_number_is_given_and_the_rest_refused(tmp_path: Path) -> None:
    file = {"paired": {"left": 4, "right": 3, "pairs": 0}}
    assert "refused: without a pair" in asked("mni", written(tmp_path, file))
    answer = json.loads(asked("mni", written(tmp_path, file), "--json"))["paired"]
    assert (answer["at_least"], "most_likely" in answer) == (7, False)


def test_charts_of_a_population_say_how_many_would_agree_as_well(tmp_path: Path) -> None:
    file = changed("teeth", population=[{"16": "C", "26": "V", "36": "X", "46": "C"}, {"16": "V"}])
    assert "66.7% of 2 charts would agree as well" in asked("teeth", written(tmp_path, file))


@pytest.mark.parametrize(
    ("question", "data", "told"),
    [
        ("age", "[]", "not a JSON object"),
        ("age", '{"method"', "not JSON"),
        ("age", b"\xff\xfe{}".decode("latin-1"), "not JSON|UTF-8"),
        ("age", '{"method": "a", "method": "b"}', "method is given twice"),
        ("sex", '{"method": "walker_2005", "scores": {"a": 1, "a": 2}, "prior_male": 0.5}', "a is given twice"),
        ("age", changed("age", method=None), "the file lacks method"),
        ("age", changed("age", method=" "), "method is no text"),
        ("age", changed("age", phase=None), "one of phase, composite and indicators"),
        ("age", changed("age", composite=12), "one of phase, composite and indicators"),
        ("age", changed("age", phase=None, composite=True), "composite is no whole number"),
        ("age", changed("age", stature=170), "a field that is not known .found 'stature'"),
        ("age", changed("age", phase=None, indicators={"FDL": [1]}), "FDL is neither a number nor a stage"),
        ("age", changed("age", prior={"from": 20}), "prior lacks to"),
        ("age", changed("age", prior={"from": 20, "to": 10}), "prior: from 20 to 10 is no range"),
        ("age", changed("age", prior={"from": 20, "to": 60, "mean": 30}), "prior lacks sd"),
        ("age", changed("age", prior={"from": "20", "to": 60}), "from is no number"),
        ("age", changed("age", prior={"starts": [20], "end": 30, "people": [1, 2]}), "1 groups and 2 counts"),
        ("age", changed("age", prior={"from": 20, "to": 60, "median": 30}), "prior has a field that is not known"),
        ("age", changed("age", prior=7), "prior is no object"),
        ("sex", changed("sex", prior_male=None), "the file lacks prior_male"),
        ("sex", changed("sex", scores=[1]), "scores is no object"),
        ("stature", changed("stature", lengths_cm={"femur": "46"}), "femur is no number"),
        ("stature", changed("stature", age_years=True), "age_years is no number"),
        ("stature", changed("stature", reported={"overstated_cm": 1}), "reported lacks spread_cm"),
        ("stature", changed("stature", reported={"overstated_cm": 1, "spread_cm": 1, "x": 1}), "reported has a field"),
        ("pairs", changed("pairs", measurements=["a", "b"]), "reference pair 1 has 1 values for 2 measurements"),
        ("pairs", changed("pairs", left=[{"name": "a", "values": [1, 2]}]), "left bone 1 has 2 values"),
        ("pairs", changed("pairs", left=[{"name": "a", "values": [1]}] * 2), "a is given twice"),
        ("pairs", changed("pairs", reference=[{"left": [0], "right": [1]}]), "no length"),
        ("pairs", changed("pairs", reference=[]), "same measurements of a left"),
        ("mni", changed("mni", paired=None, fragments=None, same=None, different=None), "neither counts"),
        ("mni", changed("mni", paired={"left": 1, "right": 1, "pairs": 2}), "2 pairs of 1 left"),
        ("mni", changed("mni", fragments=[{"name": "a", "element": "femur", "side": "L"}]), "side is none of left, right"),
        ("mni", changed("mni", fragments=[{"name": "a", "element": "f", "side": "left", "zones": [[]]}]), "names of zones"),
        ("mni", changed("mni", same=[["a"]]), "same holds something else than pairs"),
        ("mni", changed("mni", fragments={}), "fragments is no list"),
        ("teeth", changed("teeth", population=[1]), "a chart is no object"),
        ("teeth", changed("teeth", before={"16": 1}), "a chart is no object"),
    ],
)  # fmt: skip
def test_a_file_that_says_something_else_is_refused_by_its_field(
    tmp_path: Path, question: str, data: object, told: str
) -> None:
    with pytest.raises(BadFile, match=told) as refused:
        asked(question, written(tmp_path, data))
    assert "--explain` shows a whole file" in str(refused.value)


def test_a_file_that_is_not_there_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"nowhere\.json: it cannot be read"):
        asked("sex", str(tmp_path / "nowhere.json"))


@pytest.mark.parametrize(
    "data",
    [
        {"method": "suchey_brooks", "sex": "male", "indicators": {"FDL": 250}, "prior": {"from": 0, "to": 20}},
        {"method": "mcp_s_age", "indicators": {"FDL": 250}},
        {"method": "suchey_brooks", "sex": "male", "composite": 12},
        {"method": "mcp_s_age", "phase": "IV"},
    ],
)
def test_a_question_for_another_method_is_wrong_usage(tmp_path: Path, data: object) -> None:
    assert asked("age", written(tmp_path, data), code=2)


def test_what_the_engine_refuses_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadScore, match="ventral_arc is scored 9"):
        asked(
            "sex", written(tmp_path, changed("sex", scores={**json.loads(EXAMPLES["sex"])["scores"], "ventral_arc": 9}))
        )
    with pytest.raises(NotComputable, match="9 reference pairs cannot hold"):
        asked("pairs", written(tmp_path, changed("pairs", rate=0.05)))


def test_enough_reference_pairs_are_held_out_in_turn(tmp_path: Path) -> None:
    told = asked("pairs", written(tmp_path, changed("pairs", rate=0.2)))
    assert "reference pairs excluded when held out" in told
    assert json.loads(asked("pairs", written(tmp_path, EXAMPLES["pairs"]), "--json"))["excluded_when_held_out"] is None


def test_the_program_itself_answers(tmp_path: Path) -> None:
    import subprocess

    result = subprocess.run(
        [str(PROGRAM), "physical", "sex", written(tmp_path, EXAMPLES["sex"])],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.startswith("male 0.967, female 0.033")
