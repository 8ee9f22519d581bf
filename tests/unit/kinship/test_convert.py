"""Converting cases: nothing is lost in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_case_files import QUESTION, VICTIMS, changed, run, written

from dokaz.errors import BadFile, DokazError
from dokaz.exchange.cases import read_victims
from dokaz.exchange.typed_pedigrees import read_typed_pedigrees

FREQUENCIES = "marker,allele,frequency\nTH01,6,0.1\nTH01,7,0.2\nTH01,9.3,0.7\n"
PED = "#family\tid\tfather\tmother\tsex\tstatus\tTH01\nF1\tR1\t0\t0\t1\t1\t6/9.3\nF1\tM1\tR1\t0\t2\t2\t0/0\n"


def test_a_ped_file_becomes_a_case(tmp_path: Path) -> None:
    ped, table = written(tmp_path, PED, "f.ped"), written(tmp_path, FREQUENCIES, "f.csv")
    result = run("convert", ped, tmp_path / "case.json", "--frequencies", table)
    assert result.exit_code == 0, result.output
    case = read_victims(tmp_path / "case.json")
    assert case.missing == ("M1",)
    assert case.families[0].profiles.genotype("R1", "TH01") == ("6", "9.3")
    run("convert", tmp_path / "case.json", tmp_path / "again.ped")
    assert (tmp_path / "again.ped").read_text() == PED


def test_a_case_becomes_a_long_table(tmp_path: Path) -> None:
    assert run("convert", written(tmp_path, VICTIMS), tmp_path / "g.csv").exit_code == 0
    rows = (tmp_path / "g.csv").read_text().splitlines()
    assert rows[0] == "group,person,sex,marker,alleles,dropout,dropin"
    assert "F1,R1,1,L1,1/1,," in rows
    assert len(rows) == 4
    assert run("convert", written(tmp_path, QUESTION), tmp_path / "q.csv").exit_code == 0


@pytest.mark.parametrize("target", ["case.fam", "case.json", "case"])
def test_a_conversion_that_does_not_exist_is_refused_and_writes_nothing(tmp_path: Path, target: str) -> None:
    source = written(tmp_path, VICTIMS, "source.json")
    result = run("convert", source, tmp_path / target)
    assert result.exit_code == 1
    assert "no conversion" in result.output
    assert not (tmp_path / target).exists()


def test_a_profile_under_dropout_does_not_fit_a_ped_file(tmp_path: Path) -> None:
    data = {**changed(QUESTION, "genotypes.child.L1", ["1"]), "dropout": {"child": 0.2}}
    result = run("convert", written(tmp_path, data), tmp_path / "q.ped")
    assert result.exit_code == 1
    assert "holds two alleles" in result.output


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("#family", "family", "line 1"),
        ("R1\t0\t0\t1", "R1\t0\t0\t7", "column sex"),
        ("6/9.3", "6", "not two alleles"),
        ("6/9.3", "6/7/8", "column TH01"),
        ("\t6/9.3", "", "6 columns, not 7"),
        ("M1\tR1", "M1\tR9", "R9"),
        ("TH01\n", "TH01\tTH01\n", "twice"),
    ],
)
def test_a_malformed_ped_file_names_the_place(old: str, new: str, words: str) -> None:
    with pytest.raises(DokazError) as refused:
        read_typed_pedigrees(PED.replace(old, new, 1).encode(), file="f.ped")
    assert words in str(refused.value)


@given(st.binary(max_size=200) | st.text(alphabet="#family\t\nid0126/.", max_size=200).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused_by_name(data: bytes) -> None:
    for prefix in (b"", PED.splitlines()[0].encode() + b"\n"):
        try:
            read = read_typed_pedigrees(prefix + data, file="f.ped")
        except DokazError as refused:
            said = str(refused)
        else:
            said = json.dumps(read[1])
        assert said


def test_bytes_that_are_no_text_are_a_bad_file() -> None:
    with pytest.raises(BadFile, match="UTF-8"):
        read_typed_pedigrees(b"\xff\xfe\xff", file="f.ped")
