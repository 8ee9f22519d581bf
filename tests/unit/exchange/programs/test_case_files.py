"""Commands take a Familias file as they take JSON, or say which command makes JSON of a file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dokaz.cli.kinship import app
from dokaz.exchange.programs.case_files import question_of, victims_of

CASES = Path(__file__).parent / "marker_cases"
EXAMPLES = Path(__file__).parents[4] / "docs" / "examples"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_one_pedigree_of_a_familias_file_is_a_family_alone(tmp_path: Path) -> None:
    file = CASES / "one_pedigree.fam"
    asked = run("power", file)
    assert asked.exit_code == 1
    assert "--missing NAME" in asked.output
    found = run("power", file, "--missing", "missing brother", "--simulations", "200", "--json")
    assert found.exit_code == 0, found.output
    direct = json.loads(found.stdout)
    assert [row["missing"] for row in direct["rows"]] == ["missing brother"]
    # The father is 10/12 at Penta E and not typed elsewhere; the sister is typed there too.
    assert direct["rows"][0]["mean_log10_lr"] > 0
    made = run("convert", file, tmp_path / "one.json", "--missing", "missing brother")
    assert made.exit_code == 0, made.output
    assert "PENTA_E → Penta E, VWA → vWA, THO1 → TH01" in made.output
    again = json.loads(run("power", tmp_path / "one.json", "--simulations", "200", "--json").stdout)
    assert again == direct
    assert run("check", file, "--missing", "missing brother").exit_code == 0
    nobody = run("power", file, "--missing", "uncle")
    assert nobody.exit_code == 1
    assert "persons: father, mother, missing brother, sister" in nobody.output
    typed = run("power", file, "--missing", "father")
    assert typed.exit_code == 1
    assert "father is missing and has a profile" in typed.output


def test_a_question_of_a_familias_file_is_answered_as_it_is() -> None:
    file = EXAMPLES / "paternity.fam"
    assert question_of(file).h1.name == "father"
    assert question_of(file, theta=0.03).theta == 0.03
    found = run("lr", file)
    assert found.exit_code == 0, found.output
    assert " 142837     5.155" in found.output
    refused = run("lr", CASES / "one_pedigree.fam")
    assert "dokaz kinship convert one_pedigree.fam one_pedigree.json --missing NAME" in refused.output


def test_another_theta_goes_before_that_of_the_familias_file() -> None:
    file = CASES / "one_pedigree.fam"
    assert victims_of(file, missing=["missing brother"], theta=0.02).theta == 0.02
    assert victims_of(file, missing=["missing brother"]).theta == 0


@pytest.mark.parametrize("command", ["search", "joint", "candidates", "match", "power", "check", "lr"])
@pytest.mark.parametrize(("name", "form"), [("names_family.ped", "ped"), ("x_remains.txt", "genemapper")])
def test_a_file_of_another_kind_is_refused_with_the_command_that_converts_it(
    tmp_path: Path, command: str, name: str, form: str
) -> None:
    file = shutil.copy(CASES / name, tmp_path)
    refused = run(command, file)
    assert refused.exit_code == 1
    stem = name.partition(".")[0]
    assert f"no question or victim file, but {form}" in refused.output
    assert f"dokaz kinship convert {name} {stem}.json" in refused.output


def test_markers_that_nobody_placed_are_asked_for_where_an_answer_rests_on_them(tmp_path: Path) -> None:
    text = (CASES / "one_pedigree.fam").read_text(encoding="utf-8").replace("PENTA_E", "MyLocus")
    file = tmp_path / "own.fam"
    file.write_text(text, encoding="utf-8")
    for words in (["power", file], ["convert", file, tmp_path / "o.json"]):
        refused = run(*words, "--missing", "missing brother")
        assert refused.exit_code == 1
        assert "so the chromosome is not known: MyLocus" in refused.output
    assert not (tmp_path / "o.json").exists()
    words = ["convert", file, tmp_path / "o.json", "--missing", "missing brother", "--chromosome"]
    assert "father, MyLocus: a man has two alleles on X" in run(*words, "MyLocus=X").output
    stated = run(*words, "MyLoc*=2")
    assert stated.exit_code == 0, stated.output
    written = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    assert {m["name"]: m["chrom"] for m in written["markers"]} == {"MyLocus": None, "vWA": None, "TH01": None}
    copied = run("convert", file, tmp_path / "copy.fam")
    assert copied.exit_code == 0, "a copy needs no chromosomes"


def test_markers_in_json_bear_the_names_of_the_table() -> None:
    case = json.loads((EXAMPLES / "degraded_bone.json").read_text(encoding="utf-8"))
    text = json.dumps(case)
    respelt = text.replace('"vWA"', '"VWA"').replace('"TH01"', '"THO1"')
    assert respelt != text
    from dokaz.exchange.programs.case_markers import under_table_names

    found, names = under_table_names(json.loads(respelt), file="q.json")
    assert found == case
    assert set(names) <= {"VWA", "THO1"}
    assert names


def test_one_marker_under_two_names_is_refused_in_json(tmp_path: Path) -> None:
    alike = {"alleles": ["1", "2"], "freqs": [0.5, 0.5]}
    markers = [{"name": "vWA", **alike}, {"name": "VWA", **alike, "freqs": [0.4, 0.6]}]
    file = tmp_path / "v.json"
    file.write_text(json.dumps({"markers": markers, "pm": [], "am": [], "missing": []}), encoding="utf-8")
    refused = run("search", file)
    assert refused.exit_code == 1
    assert "vWA is there under two names" in refused.output


def test_a_marker_under_two_names_that_is_described_alike_is_one(tmp_path: Path) -> None:
    rows = [{"name": n, "alleles": ["1", "2"], "freqs": [0.2, 0.8], "mutation": None} for n in ("vWA", "VWA", "TH01")]
    case = {
        "markers": rows,
        "pm": [{"id": "V", "sex": 1, "genotypes": {"VWA": ["1", "2"], "TH01": ["1", "1"]}}],
        "am": [
            {
                "family": "F",
                "components": [{"members": [{"id": "M", "father": "R", "sex": 1}, {"id": "R", "sex": 1}]}],
                "genotypes": {"R": {"vWA": ["1", "1"]}},
            }
        ],
        "missing": ["M"],
    }
    file = tmp_path / "v.json"

    def said(data: dict[str, Any]) -> str:
        file.write_text(json.dumps(data), encoding="utf-8")
        return run("search", file, "--at-least", "-9").output

    # 0.8 of the mother against 2 × 0.2 × 0.8.
    assert "log10 LR    0.398  1 marker compared; left out: 1 typed in the remains only (TH01)" in said(case)
    both = {"VWA": ["1", "2"], "vWA": ["1", "1"]}
    assert "vWA is there under two names" in said({**case, "pm": [{"id": "V", "sex": 1, "genotypes": both}]})
    other = [rows[0], {**rows[1], "freqs": [0.3, 0.7]}]
    assert "vWA is there under two names" in said({**case, "markers": other})
    assert "TH01 is listed twice" in said({**case, "markers": [*rows, rows[2]]})
    models = [None, None, None]
    assert "vWA is there under two names" in said({**case, "markers_am_mutation": models})


def test_every_place_of_a_case_that_names_markers_is_renamed(tmp_path: Path) -> None:
    markers = [{"name": n, "alleles": ["1", "2"], "freqs": [0.5, 0.5], "mutation": None} for n in ("VWA", "D12S391")]
    case = {
        "markers": markers,
        "linked": [{"markers": ["VWA", "D12S391"], "rho": [0.1]}],
        "pm": [{"id": "V", "sex": 1, "genotypes": {"VWA": ["1"], "D12S391": ["1", "2"]}}],
        "am": [
            {
                "family": "F",
                "components": [{"members": [{"id": "M", "father": "R", "sex": 1}, {"id": "R", "sex": 1}]}],
                "genotypes": {"R": {"VWA": ["1", "2"]}},
            }
        ],
        "missing": ["M"],
        "dropout": {"V": {"VWA": 0.1}},
        "dropin": {"V": {"VWA": 0.05}},
    }
    file = tmp_path / "v.json"
    file.write_text(json.dumps(case), encoding="utf-8")
    first = run("search", file, "--json")
    assert first.exit_code == 0, first.output
    file.write_text(json.dumps(case).replace("VWA", "vWA"), encoding="utf-8")
    assert run("search", file, "--json").output == first.output


def test_y_names_of_two_laboratories_are_one_locus() -> None:
    said = run("lineage", CASES / "y_names.json", "--all").output
    assert "exclusion, 17 mutations over 4 loci (DYS385: 11/14 against 17/19; DYS389I: 13 against 10; YGATAH4" in said
