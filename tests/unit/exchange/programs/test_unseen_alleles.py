"""Alleles without a frequency: refused with the sample that shows them, or given one wherever profiles meet frequencies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dokaz.cli.kinship import app
from dokaz.exchange.programs.case_reader import victims_from

FREQUENCIES = "marker,allele,frequency\nTH01,6,0.4\nTH01,9.3,0.6\n"
FAMILY = """#family\tid\tfather\tmother\tsex\tstatus\tTH01
F\tdad\t0\t0\t1\t1\t6/8
F\tson\tdad\tmum\t1\t2\t0/0
F\tmum\t0\t0\t2\t1\t6/6
"""
REMAINS = "Sample Name\tMarker\tAllele 1\tAllele 2\nbone\tTH01\t6\t8\n"
CASE = {
    "markers": [
        {"name": "TH01", "alleles": ["6", "9.3", "silent"], "freqs": [0.4, 0.5, 0.1], "mutation": None},
        {"name": "FGA", "alleles": ["silent", "20"], "freqs": [0.1, 0.9], "mutation": None},
    ],
    "pm": [{"id": "bone", "sex": 1, "genotypes": {"TH01": ["6", "8"]}}],
    "am": [
        {
            "family": "F",
            "components": [{"members": [{"id": "dad", "sex": 1}, {"id": "son", "father": "dad", "sex": 1}]}],
            "genotypes": {"dad": {"TH01": ["6", "6"]}},
        }
    ],
    "missing": ["son"],
    "note": "kept as it is",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "f.csv": FREQUENCIES, "family.ped": FAMILY, "remains.txt": REMAINS, "case.json": json.dumps(CASE)
    }.items():  # fmt: skip
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("command", "who"),
    [
        ("assemble out.json --remains remains.txt --families family.ped --frequencies f.csv", "bone"),
        ("convert family.ped out.json --frequencies f.csv", "dad"),
        ("convert family.ped out.fam --lossy --frequencies f.csv", "dad"),
        ("convert remains.txt out.json --frequencies f.csv", "bone"),
        ("convert case.json out.json", "bone"),
        ("convert case.json out.fam --lossy", "bone"),
        ("search case.json", "bone"),
        ("candidates case.json", "bone"),
        ("joint case.json", "bone"),
        ("match case.json", "bone"),
        ("power case.json --simulations 5", "bone"),
        ("check case.json", "bone"),
    ],
)
def test_every_command_refuses_naming_the_sample_and_has_the_option_that_it_names(
    folder: Path, command: str, who: str
) -> None:
    refused = CliRunner().invoke(app, command.split())
    assert refused.exit_code == 1
    assert f"{who}, TH01: allele '8' has no frequency" in refused.output
    assert "(--min-frequency)" in refused.output
    assert not Path("out.json").exists()
    assert not Path("out.fam").exists()
    given = CliRunner().invoke(app, [*command.split(), "--min-frequency", "0.01"])
    assert given.exit_code == 0, given.output
    for out in ("out.json", "out.fam"):
        if out in command:
            assert (
                "TH01: allele 8 had no frequency and was given 0.00990099; the others were divided by 1.01"
                in given.output
            )
            assert "8" in Path(out).read_text(encoding="utf-8")


def test_what_is_written_holds_the_allele_and_everything_else(folder: Path) -> None:
    CliRunner().invoke(app, ["convert", "case.json", "out.json", "--min-frequency", "0.01"])
    written = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert written["note"] == "kept as it is"
    assert written["markers"][1] == CASE["markers"][1]
    assert written["markers"][0]["alleles"] == ["6", "8", "9.3", "silent"]
    assert sum(written["markers"][0]["freqs"]) == pytest.approx(1)
    assert victims_from(written, "out.json").victims.genotype("bone", "TH01") == ("6", "8")
    fine = {**CASE, "pm": [{"id": "bone", "sex": 1, "genotypes": {"TH01": ["6", "6"]}}]}
    Path("case.json").write_text(json.dumps(fine), encoding="utf-8")
    same = CliRunner().invoke(app, ["convert", "case.json", "out.json", "--min-frequency", "0.01"])
    assert json.loads(Path("out.json").read_text(encoding="utf-8")) == fine
    assert "was given" not in same.output


def test_a_line_is_compared_whatever_autosomal_alleles_have_no_frequency(folder: Path) -> None:
    y = {"name": "DYS19", "chrom": "Y", "alleles": [], "freqs": []}
    case = {**CASE, "markers": [*CASE["markers"], y]}  # type: ignore[misc]
    case["pm"] = [{"id": "bone", "sex": 1, "genotypes": {"TH01": ["6", "8"], "DYS19": ["14"]}}]
    case["am"] = [{**CASE["am"][0], "genotypes": {"dad": {"DYS19": ["14"]}}}]  # type: ignore[index]
    Path("case.json").write_text(json.dumps(case), encoding="utf-8")
    found = CliRunner().invoke(app, ["lineage", "case.json"])
    assert "bone         Y     son of F by dad, 1 meiosis: match over 1 locus" in found.output
