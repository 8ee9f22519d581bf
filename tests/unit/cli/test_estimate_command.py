"""`dokaz estimate` prints what programs and readers rely on, and refuses by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from commands import PROGRAM
from typer.testing import CliRunner

from dokaz.cli.estimate import app
from dokaz.errors import BadFile, BadOverlaps

TABLE: dict[str, Any] = {
    "name": "Kyselivka",
    "lists": ["logs", "released", "reported"],
    "table": [
        {"logs": on[0], "released": on[1], "reported": on[2], "Freq": n}
        for on, n in {
            (1, 0, 0): 40, (0, 1, 0): 30, (0, 0, 1): 60, (1, 1, 0): 12, (1, 0, 1): 14, (0, 1, 1): 9, (1, 1, 1): 6,
        }.items()
    ],
}  # fmt: skip
EXCLUSIVE = {**TABLE, "table": [row for row in TABLE["table"] if not (row["logs"] and row["released"])]}


def written(folder: Path, table: object, name: str = "table.json") -> str:
    file = folder / name
    file.write_text(json.dumps(table), encoding="utf-8")
    return str(file)


def asked(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def changed(row: int, **changes: object) -> dict[str, Any]:
    rows = [dict(each) for each in TABLE["table"]]
    rows[row].update(changes)
    return {**TABLE, "table": rows}


def test_programs_get_every_method_with_a_number_and_an_interval(tmp_path: Path) -> None:
    answer = json.loads(asked(written(tmp_path, TABLE), "--json"))
    assert answer["observed"] == 171
    assert answer["lists"] == {"logs": 72, "released": 57, "reported": 89}
    for method in ("independence", "chao", "best_bic", "averaged", "lcmcr", "dga"):
        low, high = answer[method]["interval"]
        assert 171 <= low < answer[method]["n"] < high
    assert answer["best_bic"]["model"].startswith("[")
    assert len(answer["best_bic"]["ten_best"]) == 8
    assert "resampled" not in answer


@pytest.mark.parametrize(
    ("only", "methods"),
    [
        ("loglinear", {"independence", "chao", "best_bic", "averaged"}),
        ("dga", {"dga"}),
        ("lcmcr", {"lcmcr"}),
    ],
)
def test_one_method_alone_is_computed(tmp_path: Path, only: str, methods: set[str]) -> None:
    answer = json.loads(asked(written(tmp_path, TABLE), "--json", "--only", only))
    assert set(answer) - {"name", "lists", "observed"} == methods


def test_readers_get_every_number_and_are_told_that_none_is_the_answer(tmp_path: Path) -> None:
    told = asked(written(tmp_path, TABLE), "--only", "loglinear", "--bootstrap", "20")
    assert told.startswith("Kyselivka: 171 on at least one list (logs 72, released 57, reported 89)\n")
    assert "chosen anew in each bootstrap" in told
    assert "the ten best give" in told
    assert told.rstrip().endswith("(docs/methods/estimate.md)")


def test_a_method_that_is_refused_says_why_beside_the_others(tmp_path: Path) -> None:
    told = asked(written(tmp_path, EXCLUSIVE), "--disjoint", "logs:released")
    assert "latent classes (LCMCR)                   refused: classes of people are not estimated" in told
    assert "lists independent of each other" in told
    answer = json.loads(
        asked(written(tmp_path, EXCLUSIVE), "--json", "--only", "dga", "--disjoint", "logs:released", code=3)
    )
    assert "declared impossible" in answer["dga"]["refused"]


def test_two_lists_or_lists_apart_are_refused_by_every_method(tmp_path: Path) -> None:
    two = {"lists": ["A", "B"], "table": [{"A": 1, "B": 1, "Freq": 3}, {"A": 1, "B": 0, "Freq": 9}]}
    answer = json.loads(asked(written(tmp_path, two), "--json", code=3))
    for method in ("independence", "chao", "best_bic", "averaged", "lcmcr", "dga"):
        assert answer[method]["refused"].startswith("2 usable lists: three are needed")
    apart = {**TABLE, "table": [row for row in TABLE["table"] if sum(map(int, list(row.values())[:3])) == 1]}
    assert "nobody is on two lists" in asked(written(tmp_path, apart), code=3)


def test_small_lists_are_left_out_when_asked(tmp_path: Path) -> None:
    answer = json.loads(asked(written(tmp_path, TABLE), "--json", "--only", "dga", "--at-least", "60", code=3))
    assert answer["lists"] == {"logs": 72, "reported": 89}
    assert answer["dga"]["refused"].startswith("2 usable lists")


def test_lists_known_to_depend_do_so_in_every_model(tmp_path: Path) -> None:
    file = written(tmp_path, TABLE)
    answer = json.loads(asked(file, "--json", "--only", "loglinear", "--dependent", "logs:reported"))
    assert ["logs", "reported"] in answer["best_bic"]["dependent"]
    assert answer["best_bic"]["models"] == 4
    for pair in ("logs", "logs:logs", "logs:other"):
        with pytest.raises(BadOverlaps, match="names no two lists"):
            asked(file, "--dependent", pair)


def test_several_linkages_give_one_wider_answer(tmp_path: Path) -> None:
    files = [written(tmp_path, table, f"{k}.json") for k, table in enumerate((TABLE, changed(6, Freq=11)))]
    answer = json.loads(asked(*files, "--json", "--only", "loglinear"))
    one, other = (each["independence"] for each in answer["linkages"])
    both = answer["independence"]
    assert other["n"] < both["n"] < one["n"]
    assert both["interval"][1] / both["interval"][0] > one["interval"][1] / one["interval"][0]
    assert both["linkages"] == 2
    assert "over" not in asked(*files, "--only", "dga").partition("\n")[0]


def test_a_linkage_that_is_refused_refuses_the_average(tmp_path: Path) -> None:
    apart = {**TABLE, "table": [row for row in TABLE["table"] if sum(map(int, list(row.values())[:3])) == 1]}
    files = [written(tmp_path, TABLE), written(tmp_path, apart, "other.json")]
    assert "1 of 2 linkages: nobody is on two lists" in asked(*files, "--only", "dga", code=3)


def test_tables_of_other_lists_are_no_linkages(tmp_path: Path) -> None:
    other = {"lists": ["A", "B", "C"], "table": [{"A": 1, "B": 1, "C": 0, "Freq": 3}]}
    result = CliRunner().invoke(app, [written(tmp_path, TABLE), written(tmp_path, other, "other.json")])
    assert result.exit_code == 2
    assert "other lists" in result.output


def test_the_picture_shows_every_method_that_was_asked(tmp_path: Path) -> None:
    picture = tmp_path / "estimates.svg"
    asked(written(tmp_path, EXCLUSIVE), "--disjoint", "logs:released", "--plot", str(picture))
    texts = [each.text or "" for each in ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text")]
    assert "Kyselivka" in texts
    assert any(text.startswith("refused: averaging over graphs takes no patterns") for text in texts)
    assert "best log-linear model (BIC)" in texts
    circles = list(ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}circle"))
    assert len(circles) == 4


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([1], "not a JSON object"),
        ({"lists": ["A"]}, "it has no lists or no table"),
        ({**TABLE, "lists": ["logs", "released", 3]}, "it has no lists or no table"),
        ({"lists": ["A", "Freq"], "table": []}, "cannot be called like the column of counts"),
        ({**TABLE, "table": [5]}, "row 1 of the table is no object"),
        (changed(2, other=1), r"row 3 of the table has a column that is no list \(found 'other'\)"),
        (changed(2, logs=2), "column logs: row 3 of the table does not say whether"),
        (changed(2, logs=True), "row 3 of the table does not say whether"),
        (changed(2, logs=None), "row 3 of the table does not say whether"),
        (changed(2, Freq=-1), r"column Freq: row 3 of the table has no number of people \(found '-1'\)"),
        (changed(2, Freq=1.5), "row 3 of the table has no number of people"),
        (changed(2, Freq="12"), "row 3 of the table has no number of people"),
        (changed(2, Freq=float("nan")), "row 3 of the table has no number of people"),
        (changed(2, Freq=None), "row 3 of the table has no number of people"),
        (changed(1, logs=1, released=0), "rows 1 and 2 of the table are of the same lists"),
        (changed(2, reported=0), "60 people are on no list"),
        ({**TABLE, "table": []}, "counts nobody"),
        ({"lists": [f"L{k}" for k in range(40)], "table": []}, "40 lists are too many"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_its_place(tmp_path: Path, table: object, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        asked(written(tmp_path, table))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be read"):
        asked(str(tmp_path / "nothing.json"))


def test_the_command_is_the_programs(tmp_path: Path) -> None:
    import subprocess

    told = subprocess.run(
        [str(PROGRAM), "estimate", written(tmp_path, changed(2, Freq=-1))], capture_output=True, text=True, check=False
    )
    assert told.returncode == 4
    assert told.stderr.startswith("dokaz: ")
    assert "next: write a whole number, 0 or more" in told.stderr
