"""What a marker is, in files of laboratories: its name, its chromosome, and what becomes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dokaz.errors import BadFile, BadMarker
from dokaz.exchange.programs.assembly import assemble
from dokaz.exchange.programs.case_reader import question_from, victims_from
from dokaz.exchange.programs.codis import codis_of, write_codis
from dokaz.exchange.programs.conversion import convert
from dokaz.exchange.programs.frequency_tables import frequencies_named
from dokaz.exchange.programs.loading import Options, form_of, load
from dokaz.kinship import search
from dokaz.kinship.model.markers import Chromosome

CASES = Path(__file__).parent / "marker_cases"


def delivered(name: str) -> tuple[str, bytes]:
    return name, (CASES / name).read_bytes()


def assembled(remains: str, family: str, frequencies: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    return assemble([delivered(remains)], [delivered(family)], frequencies_named(*delivered(frequencies)), "case")


def log10_lr(data: dict[str, Any]) -> float:
    case = victims_from(data, "case")
    return float(search(case.victims, case.families).log10_lr[0, 0])


def test_a_father_gives_his_son_no_x_marker() -> None:
    data, notes = assembled("x_remains.txt", "x_family.ped", "x_frequencies.csv")
    # TH01 6/7 of the father, 6/9.3 of the son: 1 / (4 × 0.3); the X marker says nothing of a father and a son.
    assert log10_lr(data) == pytest.approx(-0.0791812460476248)
    assert {m["name"]: m["chrom"] for m in data["markers"]} == {"DXS10074": "X", "TH01": None, "AMEL": "AMEL"}
    assert notes == ("X markers, computed as such: DXS10074", "sex only, in no likelihood ratio: AMEL")


@pytest.mark.parametrize("frequencies", ["names_frequencies.csv", "names_frequencies.fam"])
def test_three_spellings_of_one_marker_are_one_marker(frequencies: str) -> None:
    data, notes = assembled("names_remains.txt", "names_family.ped", frequencies)
    # Penta E 1 / (4 × 0.2), vWA 1 / (2 × 0.25), TH01 1 / (2 × 0.25).
    assert log10_lr(data) == pytest.approx(0.6989700043360189)
    assert notes == (
        "names_family.ped: markers renamed: Penta_E → Penta E, VWA → vWA, THO1 → TH01",
        f"{frequencies}: markers renamed: PENTA_E → Penta E, VWA → vWA, THO1 → TH01",
    )


def test_remains_and_a_family_without_a_common_marker_are_refused() -> None:
    with pytest.raises(BadFile, match="bone and family F1 have no marker in common") as refused:
        assembled("x_remains.txt", "x_family.ped", "no_marker_frequencies.csv")
    assert refused.value.value == "no frequencies: DXS10074, TH01"
    remains = ("r.txt", b"Sample Name\tMarker\tAllele 1\tAllele 2\nbone\tvWA\t16\t17\n")
    with pytest.raises(BadFile, match="no marker in common"):
        assemble([remains], [delivered("x_family.ped")], frequencies_named("NIST 1036 Asian", None), "case")


Y_FAMILY = b"""#family\tid\tfather\tmother\tsex\tstatus\tTH01\tDYS385a\tDYS385b\tDYS389.1\tYGATA_H4.1
F1\tR\t0\t0\t1\t1\t6/6\t11/11\t14/14\t13/13\t12/12
F1\tM\tR\t0\t1\t2\t0/0\t0/0\t0/0\t0/0\t0/0
"""
Y_REMAINS = b"""Sample Name\tMarker\tAllele 1\tAllele 2
b1\tTH01\t6\t9.3
b1\tDYS385a/b\t11\t14
b1\tDYS389-1\t13\t
b1\tGATA H4\t12\t
b1\tYindel\t2\t
"""


def test_y_markers_go_to_lineage_under_one_name_and_are_not_multiplied_in() -> None:
    table = frequencies_named("NIST 1036 Asian", None)
    data, notes = assemble([("r.txt", Y_REMAINS)], [("f.ped", Y_FAMILY)], table, "case")
    alone, _ = assemble(
        [("r.txt", b"\n".join(Y_REMAINS.split(b"\n")[:2]) + b"\n")], [("f.ped", Y_FAMILY)], table, "case"
    )
    assert log10_lr(data) == log10_lr(alone)
    assert "lineage markers, in no likelihood ratio here; dokaz kinship lineage compares them: " in notes[2]
    assert notes[2].endswith("DYS385, DYS389I, YGATAH4")
    assert notes[3] == "sex only, in no likelihood ratio: Yindel"
    seen = {"DYS385": ["11", "14"], "DYS389I": ["13"], "YGATAH4": ["12"]}
    assert {m: a for m, a in data["am"][0]["genotypes"]["R"].items() if m != "TH01"} == seen
    assert {m: a for m, a in data["pm"][0]["genotypes"].items() if m not in {"TH01", "Yindel"}} == seen


def test_a_marker_outside_the_table_is_asked_for_and_taken_as_stated() -> None:
    frequencies = frequencies_named("f.csv", b"marker,allele,frequency\nNEW1,1,0.5\nNEW1,2,0.5\nTH01,6,1\n")
    remains = ("r.csv", b"group,person,sex,marker,alleles\n,b1,1,NEW1,1/1\n,b1,1,TH01,6/6\n")
    family = (
        "f.ped",
        b"#family id father mother sex status NEW1 TH01\nF R 0 0 1 1 1/1 6/6\nF M R 0 1 2 0/0 0/0\n",
    )
    with pytest.raises(BadMarker, match="not in the table of markers, so the chromosome is not known: NEW1") as asked:
        assemble([remains], [family], frequencies, "case")
    assert "--chromosome 'NEW1=…'" in str(asked.value)
    for stated, chromosome in (({"NEW*": "7"}, Chromosome.AUTOSOMAL), ({"NEW1": "X"}, Chromosome.X)):
        data, _ = assemble([remains], [family], frequencies, "case", chromosomes=stated)
        assert victims_from(data, "case").victims.markers["NEW1"].chromosome is chromosome
    with pytest.raises(BadMarker, match="TH01 is said to be X; the table of markers says autosomal"):
        assemble([remains], [family], frequencies, "case", chromosomes={"NEW1": "X", "TH01": "X"})


def test_a_table_and_a_pedigree_are_converted_with_their_chromosomes() -> None:
    options = Options(frequencies_named(*delivered("x_frequencies.csv")))
    for name in ("x_remains.txt", "x_family.ped"):
        data = (CASES / name).read_bytes()
        written, _, notes = convert(load(name, data, form_of(name, data), options), "json", options)
        markers = {m["name"]: m["chrom"] for m in json.loads(written)["markers"]}
        assert markers["DXS10074"] == "X"
        assert markers["TH01"] is None
        assert notes[0] == "X markers, computed as such: DXS10074"


def test_one_marker_in_two_columns_is_refused() -> None:
    twice = b"#family id father mother sex status TH01 THO1\nF R 0 0 1 1 6/6 6/6\n"
    with pytest.raises(BadFile, match="TH01 has two columns"):
        load("f.ped", twice, "ped", Options())
    long = b"group,person,sex,marker,alleles\n,b1,1,THO1,6/6\n,b1,1,TH01,6/6\n"
    with pytest.raises(BadFile, match="TH01 under another name already"):
        load("r.csv", long, "long", Options())


def test_every_reader_lists_what_it_renames() -> None:
    specimen = ("s1", "Unidentified Person", {"THO1": ("6", "9.3")}, False)
    codis = write_codis(codis_of([specimen], destination="D", laboratory="L", user="U", at="2026-05-04T09:12:03"))
    strider = b"THO1\nAllele,Austria\n,10\n6,0.4\n9.3,0.6\n"
    long = b"group,person,sex,marker,alleles\n,b1,1,THO1,6/6\n"
    for name, data, form in (
        ("c.xml", codis.encode(), "codis"),
        ("s.csv", strider, "strider"),
        ("l.csv", long, "long"),
    ):
        assert load(name, data, form, Options()).notes == (f"{name}: markers renamed: THO1 → TH01",)


def test_a_case_that_does_not_say_where_an_x_marker_lies_has_it_on_x() -> None:
    person = {"id": "a", "father": None, "mother": None, "sex": 1}
    data = {
        "H1": {"members": [person]}, "H2": {"members": [person]}, "genotypes": {"a": {"DXS10074": ["15"]}},
        "markers": [{"name": "DXS10074", "chrom": None, "alleles": ["15"], "freqs": [1.0]}],
    }  # fmt: skip
    assert question_from(data, "q").profiles.markers["DXS10074"].chromosome is Chromosome.X
