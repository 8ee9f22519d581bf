"""Families of any format in `assemble`, references beside them, and what every command says of files of Familias."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_gedcom import END, FAMILY, HEAD, PEOPLE
from typer.testing import CliRunner, Result
from workbooks import row, workbook

from dokaz.cli.kinship import app

CASES = Path(__file__).parent / "marker_cases"
FREQUENCIES = "marker,allele,frequency\nTH01,6,0.25\nTH01,9.3,0.75\nvWA,14,0.5\nvWA,15,0.5\n"
REMAINS = "Case,Sex,TH01,vWA\nR1,M,6/9.3,14/14\n"
REFERENCES = "Sample,Sex,TH01,vWA\nІван Бойко,M,6/6,14/15\nОльга Бойко,F,9.3/9.3,\n"
MISSING = ("--missing", "Петро Бойко")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def assembled(folder: Path, families: str | bytes, name: str, *more: object, references: str = REFERENCES) -> Result:
    """`assemble` of one bone, these families, and references beside them."""
    for file, text in ((name, families), ("r.csv", REMAINS), ("a.csv", references), ("f.csv", FREQUENCIES)):
        (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    files = ("--remains", folder / "r.csv", "--families", folder / name, "--frequencies", folder / "f.csv")
    return run("assemble", folder / "c.json", *files, *more)


def test_a_genealogy_and_a_table_of_references_are_a_family(tmp_path: Path) -> None:
    made = assembled(tmp_path, HEAD + PEOPLE + FAMILY + END, "x.ged", "--references", tmp_path / "a.csv", *MISSING)
    assert made.exit_code == 0, made.output
    case = json.loads((tmp_path / "c.json").read_text())
    assert case["missing"] == ["Петро Бойко"]
    assert case["am"][0]["genotypes"] == {
        "Іван Бойко": {"TH01": ["6", "6"], "vWA": ["14", "15"]},
        "Ольга Бойко": {"TH01": ["9.3", "9.3"]},
    }
    found = json.loads(run("search", tmp_path / "c.json", "--json").output)
    # TH01: 1 / (2 · 0.25 · 0.75); vWA: the father gives 14 with 1/2: 0.5 · 0.5 / 0.25.
    assert found["values"] == [[pytest.approx(1 / (2 * 0.25 * 0.75))]]


@pytest.mark.parametrize(
    ("references", "words"),
    [
        ("Sample,TH01\nХтось,6/6\n", "0 persons of the families have this name .found 'Хтось'"),
        ("Sample,TH01\nПетро Бойко,6/6\n", "a missing person has no reference"),
        ("Sample,Sex,TH01\nІван Бойко,F,6/6\n", "Іван Бойко is female by this table, male by the family"),
        ("Sample,Family,TH01\nІван Бойко,G,6/6\n", "0 persons of the families have this name"),
    ],
)
def test_a_reference_that_is_nobodys_is_refused(tmp_path: Path, references: str, words: str) -> None:
    made = assembled(
        tmp_path, HEAD + PEOPLE + FAMILY + END, "x.ged", "--references", tmp_path / "a.csv", *MISSING,
        references=references,
    )  # fmt: skip
    assert made.exit_code == 1
    assert words.split(" .found")[0] in made.output
    assert not (tmp_path / "c.json").exists()


def test_a_list_of_relatives_with_their_parents_in_excel_is_a_family(tmp_path: Path) -> None:
    rows = (
        row(1, "famid", "id", "fid", "mid", "sex", "TH01_1", "TH01_2", "vWA")
        + row(2, "F", "FA", "0", "0", "1", "6", "6", "14/15")
        + row(3, "F", "MP", "FA", "0", "1", "0", "0", "0/0")
    )
    made = assembled(tmp_path, workbook({"AM": rows}), "am.xlsx", "--missing", "MP")
    assert made.exit_code == 0, made.output
    case = json.loads((tmp_path / "c.json").read_text())
    assert case["am"][0]["genotypes"] == {"FA": {"TH01": ["6", "6"], "vWA": ["14", "15"]}}
    twice = assembled(
        tmp_path, workbook({"AM": rows}), "am.xlsx", "--missing", "MP", "--references", tmp_path / "a.csv",
        references="Sample,TH01\nFA,6/6\n",
    )  # fmt: skip
    assert "FA has TH01 already" in twice.output


def test_a_family_of_familias_is_one_too(tmp_path: Path) -> None:
    fam = (CASES / "one_pedigree.fam").read_bytes()
    made = assembled(tmp_path, fam, "one.fam", "--missing", "missing brother")
    assert made.exit_code == 1
    assert "no marker in common" in made.output
    nobody = assembled(tmp_path, fam, "one.fam")
    assert "dokaz kinship convert one.fam one.json --missing NAME" in nobody.output


def test_a_table_without_pedigrees_is_no_family(tmp_path: Path) -> None:
    assert "no families, but wide" in assembled(tmp_path, REMAINS, "x.csv").output


@pytest.mark.parametrize("command", ["lr", "search", "joint", "candidates", "match", "power", "check", "lineage"])
def test_every_command_says_how_a_file_of_familias_becomes_its_case(command: str) -> None:
    told = run(command, CASES / "one_pedigree.fam")
    assert told.exit_code == 1
    assert "dokaz kinship convert one_pedigree.fam one_pedigree.json --missing NAME" in told.output


@pytest.mark.parametrize("command", ["lr", "search", "joint", "candidates", "match", "power", "check", "lineage"])
def test_every_command_tells_the_file_of_plink_apart(tmp_path: Path, command: str) -> None:
    (tmp_path / "p.fam").write_text("F1 FA 0 0 1 1\nF1 MP FA 0 1 2\n")
    (tmp_path / "f.csv").write_text(FREQUENCIES)
    told = run(command, tmp_path / "p.fam")
    assert told.exit_code == 1
    assert "dokaz kinship convert p.fam p.json --from ped --frequencies TABLE" in told.output
    as_told = ("--from", "ped", "--frequencies", tmp_path / "f.csv")
    made = run("convert", tmp_path / "p.fam", tmp_path / "p.json", *as_told)
    assert made.exit_code == 0, made.output
    assert json.loads((tmp_path / "p.json").read_text())["missing"] == ["MP"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("x.ged", HEAD + PEOPLE + FAMILY + END, "dokaz kinship assemble x.json --remains TABLE --families x.ged"),
        ("a b.csv", REMAINS, "dokaz kinship convert 'a b.csv' 'a b.json' --frequencies TABLE"),
        ("f.csv", FREQUENCIES, "--frequencies f.csv"),
        ("m.hsd", "S1\t1-576\t?\t263G\n", "dokaz kinship lineage CASE.json --haplotypes m.hsd"),
    ],
)
def test_a_file_of_another_format_is_told_its_command(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / name).write_text(text)
    assert words in run("search", tmp_path / name).output


def test_the_sex_of_a_person_of_familias_may_be_unknown(tmp_path: Path) -> None:
    fam = CASES / "one_pedigree.fam"
    asked = ("--missing", "missing brother", "--unknown-sex", "missing brother")
    made = run("convert", fam, tmp_path / "o.json", *asked)
    assert made.exit_code == 0, made.output
    members = json.loads((tmp_path / "o.json").read_text())["am"][0]["components"][0]["members"]
    assert {m["id"]: m["sex"] for m in members} == {"father": 1, "mother": 2, "missing brother": 0, "sister": 2}
    assert run("power", fam, *asked, "--simulations", "10").exit_code == 0
    parent = run("convert", fam, tmp_path / "p.json", "--missing", "missing brother", "--unknown-sex", "father")
    assert "the sex of a parent is known: father or mother" in parent.output
    nobody = run("convert", fam, tmp_path / "p.json", "--missing", "missing brother", "--unknown-sex", "x")
    assert "nobody of this name (found 'x')" in nobody.output


def test_an_unknown_sex_is_written_to_familias_as_a_loss_that_is_named(tmp_path: Path) -> None:
    case = {
        "markers": [{"name": "TH01", "alleles": ["6", "9.3"], "freqs": [0.5, 0.5]}],
        "pm": [{"id": "R1", "sex": 0, "genotypes": {"TH01": ["6", "6"]}}],
        "am": [
            {
                "family": "F",
                "components": [{"members": [{"id": "FA"}, {"id": "MP", "father": "FA", "sex": 1}]}],
                "genotypes": {"FA": {"TH01": ["6", "6"]}},
            }
        ],
        "missing": ["MP"],
    }
    (tmp_path / "c.json").write_text(json.dumps(case))
    refused = run("convert", tmp_path / "c.json", tmp_path / "c.fam")
    assert "; that the sex of R1 is not known (written as male); next:" in refused.output
    # A father is a man, whether or not the case says so.
    assert "the sex of FA" not in refused.output
    assert not (tmp_path / "c.fam").exists()
    made = run("convert", tmp_path / "c.json", tmp_path / "c.fam", "--lossy")
    assert made.exit_code == 0, made.output
    again = run("convert", tmp_path / "c.fam", tmp_path / "d.json", "--unknown-sex", "R1")
    assert again.exit_code == 0, again.output
    assert json.loads((tmp_path / "d.json").read_text())["pm"][0]["sex"] == 0
