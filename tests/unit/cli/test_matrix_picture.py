"""The pictures of `search` and `joint`: title, scale, legend, and nothing that is not there."""

from __future__ import annotations

import math
from pathlib import Path
from xml.etree import ElementTree

import pytest
from small_cases import VICTIMS, run, written

from dokaz.cli.kinship_matrix_picture import matrix_picture

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title")
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def test_a_matrix_has_its_title_its_scale_with_the_quantity_and_what_was_assumed() -> None:
    svg = matrix_picture(["V1"], ["M1"], [[3.5]], case="Lisova <1>", what="log10 LR", full=10.0, assumed=["a model"])
    said = texts(svg)
    assert said[0] == "Lisova <1>: log10 LR of remains (rows) and missing persons (columns)"
    at = said.index("log10 LR")
    assert said[at + 1 : at + 7] == ["≤ 0", "2", "4", "6", "8", "≥ 10"]
    assert said[-1] == "a model"
    assert "V1 M1: log10 LR 3.5" in svg
    assert 'fill-opacity="0.350"' in svg


def test_a_probability_has_ends_and_nothing_beyond_them() -> None:
    said = texts(matrix_picture(["V"], ["M"], [[0.5]], case="c", what="posterior", full=1.0, is_probability=True))
    assert said[said.index("posterior") + 1 : said.index("posterior") + 7] == ["0", "0.2", "0.4", "0.6", "0.8", "1"]


@pytest.mark.parametrize(
    ("columns", "values", "legend"),
    [
        (["M"], [[1.0]], None),
        (["M"], [[-math.inf]], "✕ impossible"),
        (["M"], [[None]], "· not compared"),
        (["M"], [[math.nan]], "· not compared"),
        (["*"], [[1.0]], "* nobody of the list"),
        (["M", "N", "*"], [[None, -math.inf, 1.0]], "✕ impossible; · not compared; * nobody of the list"),
    ],
)
def test_the_legend_names_the_signs_that_are_there(
    columns: list[str], values: list[list[float | None]], legend: str | None
) -> None:
    said = texts(matrix_picture(["V"], columns, values, case="c", what="w", full=1.0))
    found = [one for one in said if "impossible" in one or "not compared" in one or "nobody" in one]
    assert found == ([] if legend is None else [legend])


def test_search_and_joint_draw_what_they_found(tmp_path: Path) -> None:
    case = written(tmp_path, VICTIMS)
    for command, what in (("search", "log10 LR"), ("joint", "posterior probability")):
        picture = tmp_path / f"{command}.svg"
        assert run(command, case, "--plot", picture).exit_code == 0
        said = texts(picture.read_text(encoding="utf-8"))
        assert said[0].startswith(f"two: {what} of remains")
        assert any(line.startswith("mutation model: ") for line in said)
        # V2 is a woman, M1 a man: kept out by sex.
        assert any("· not compared" in line for line in said)
        assert any("nobody of the list" in line for line in said) is (command == "joint")
        assert any(line.startswith("prior: flat") for line in said) is (command == "joint")
