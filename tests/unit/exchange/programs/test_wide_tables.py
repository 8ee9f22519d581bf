"""Lists with one row a person: two columns a marker or one, from CSV and from Excel, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbooks import row, workbook

from dokaz.errors import BadFile
from dokaz.exchange.programs.genotype_tables import TypedSample
from dokaz.exchange.programs.loading import Options, form_of, load_any
from dokaz.exchange.programs.wide_tables import read_wide, write_wide
from dokaz.kinship.model.pedigree import Sex

TWO = """# list: remains of site 3
Case Number;Family;Sex;Found;THO1_1;THO1_2;D3S1358 1;D3S1358 2;DYS391;AMEL_1;AMEL_2
R1;;M;2024-05-06;6;9,3;15;16;10;X;Y
R2;F1;;;6;;INC;INC;;;
"""
ONE = 'Sample,Sex,TH01,vWA,rs1490413,AMEL\nR1,F,"6, 9.3",14/15,A/G,XX\nR2,M,6-7,14 15,"A,A",X/Y\nR3,,6/6,-,,\n'


def test_two_columns_a_marker_are_a_genotype() -> None:
    found = read_wide(TWO.encode(), file="w.csv")
    first, second = found.samples
    assert first == TypedSample(
        "R1",
        {"TH01": ("6", "9.3"), "D3S1358": ("15", "16"), "DYS391": ("10",), "AMEL": ("X", "Y")},
        Sex.MALE,
    )
    assert (second.group, second.sex, dict(second.genotypes)) == ("F1", Sex.UNKNOWN, {"TH01": ("6",)})
    assert second.no_result == ("D3S1358", "DYS391", "AMEL")
    assert found.renamed == {"THO1": "TH01"}
    assert found.notes == (
        "line 1 of w.csv is kept in the file only: list: remains of site 3",
        "w.csv: columns kept in the file only: Found",
    )


def test_one_column_a_marker_holds_both_alleles_however_they_are_divided() -> None:
    assert form_of("w.csv", ONE.encode()) == "wide"
    typed = {s.id: dict(s.genotypes) for s in read_wide(ONE.encode(), file="w.csv").samples}
    assert typed == {
        "R1": {"TH01": ("6", "9.3"), "vWA": ("14", "15"), "rs1490413": ("A", "G"), "AMEL": ("X", "X")},
        "R2": {"TH01": ("6", "7"), "vWA": ("14", "15"), "rs1490413": ("A", "A"), "AMEL": ("X", "Y")},
        "R3": {"TH01": ("6", "6")},
    }


def test_a_sheet_of_a_workbook_is_read_as_its_text() -> None:
    rows = row(1, "UMP Number", "TH01", "D3S1358_1", "D3S1358_2") + row(2, "R1", "6/9.3", "15", "16")
    loaded = load_any("pm.xlsx", workbook({"PM": rows, "AM": row(1, "x")}), Options(sheet="PM"))
    assert loaded.form == "wide"
    assert loaded.samples == (TypedSample("R1", {"TH01": ("6", "9.3"), "D3S1358": ("15", "16")}),)


def test_a_list_with_parents_is_a_pedigree_with_genotypes() -> None:
    text = "famid,id,fid,mid,sex,TH01_1,TH01_2,D3S1358\nF,FA,0,0,1,6,7,15/16\nF,MP,FA,0,1,0,0,\n"
    loaded = load_any("am.csv", text.encode(), Options())
    assert loaded.form == "ped"
    assert loaded.families[0].genotypes == {"FA": {"TH01": ("6", "7"), "D3S1358": ("15", "16")}}
    assert loaded.markers == ("TH01", "D3S1358")


def test_of_several_columns_that_may_name_the_person_one_does_and_the_others_are_kept() -> None:
    text = "Name,Case,Sample,TH01.1,TH01.2,DYS389.1\nX,C1,R1,6,7,13\n"
    found = read_wide(text.encode(), file="w.csv")
    assert found.samples == (TypedSample("R1", {"TH01": ("6", "7"), "DYS389I": ("13",)}),)
    assert found.notes == ("w.csv: columns kept in the file only: Name, Case",)
    only = read_wide(b"Name;TH01\nX;6/7\n", file="w.csv")
    assert [sample.id for sample in only.samples] == ["X"]


def test_snps_and_microhaplotypes_are_markers_too() -> None:
    text = "Sample,rs1490413_1,rs1490413_2,rs876724,mh01KK-001,mh02KK-002\nR1,A,G,C/T,A|C|G/A|T|G,ACG;GTG\n"
    assert form_of("w.csv", text.encode()) == "wide"
    assert read_wide(text.encode(), file="w.csv").samples[0].genotypes == {
        "rs1490413": ("A", "G"),
        "rs876724": ("C", "T"),
        "mh01KK-001": ("ACG", "ATG"),
        "mh02KK-002": ("ACG", "GTG"),
    }


def test_a_list_of_an_office_in_cp1251_is_read() -> None:
    text = "Зразок;Стать;TH01;vWA\nКістка-1;ч;6/9.3;14/15\n".encode("cp1251")
    assert read_wide(text, file="w.csv").samples[0] == TypedSample(
        "Кістка-1", {"TH01": ("6", "9.3"), "vWA": ("14", "15")}, Sex.MALE
    )


@pytest.mark.parametrize("columns", ["TH01_1", "TH01_2\tTH01_3", "TH01_1\tTH01_2\tTH01_3", "TH01\tTH01_1"])
def test_a_pedigree_with_other_columns_of_a_marker_is_refused(columns: str) -> None:
    cells = "\t".join("6" for _ in columns.split())
    with pytest.raises(BadFile, match=r"line 1, column TH01.*: TH01 has the columns"):
        load_any("am.ped", f"id\tfid\tmid\tsex\t{columns}\nFA\t0\t0\t1\t{cells}\n".encode(), Options())


def test_a_pedigree_with_a_column_without_a_name_is_refused() -> None:
    with pytest.raises(BadFile, match="line 1, column 6: a column has no name"):
        load_any("am.ped", b"id\tfid\tmid\tsex\tTH01\t\nFA\t0\t0\t1\t6/7\t\n", Options())


def test_amelogenin_tells_the_sex_where_no_column_does() -> None:
    text = "Sample,Sex,TH01,AMEL\nR1,,6/6,XY\nR2,0,6/6,XX\nR3,,6/6,\n"
    assert [s.sex for s in read_wide(text.encode(), file="w.csv").samples] == [Sex.MALE, Sex.FEMALE, Sex.UNKNOWN]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('Sample,TH01\nR1,"9,3"\n', "line 2, column TH01: two alleles or one with a part of a repeat"),
        ("Sample,TH01_1,TH01_2\nR1,15-Mar,6\n", "line 2, column TH01_1: TH01: looks like a date"),
        ("Sample,TH01\nR1,2024-03-09\n", "line 2, column TH01: TH01: looks like a date"),
        ("Sample,TH01\nR1,6/7/8\n", "TH01 has 3 alleles .*possibly a mixture"),
        ("Sample,TH01\nR1,6/OL\n", "an off-ladder peak"),
        ("Sample,TH01\nR1,6/7\nR1,6/7\n", "line 3, column person: the person is there twice: line 2"),
        ("Sample,TH01\n,6/7\n", "line 2, column person: the cell is empty"),
        ("Sample,TH01_1\nR1,6\n", "TH01 has the columns TH01_1 only"),
        ("Sample,TH01,THO1\nR1,6/7,6/7\n", "TH01 is there twice"),
        ("Sample,Sex,TH01\nR1,3,6/7\n", "line 2, column sex: not one of the known terms"),
        ("Sample,Colour\nR1,red\n", "no column is a known marker"),
        ("Sample,mh01KK-001\nR1,A|C|G\n", "line 2, column mh01KK-001: 3 alleles in one cell"),
        ("Colour,TH01\nred,6/7\n", "the column person is missing"),
        ("Sample,TH01,TH01_1\nR1,6/7,6\n", "TH01 has the columns TH01, TH01_1 only"),
        ("Sample,TH01,TH01\nR1,6,7\n", "the column th01 is there twice"),
    ],
)
def test_what_is_no_genotype_is_refused_at_its_place(text: str, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        read_wide(text.encode(), file="w.csv")


_PAIR = st.tuples(st.sampled_from(["6", "7", "9.3", "CE16_TCTA[16]"]), st.sampled_from(["6", "9.3", "16a"]))
_SAMPLES = st.lists(
    st.tuples(
        st.text("abcXYZ123", min_size=1, max_size=6),
        st.sampled_from(Sex),
        st.dictionaries(st.sampled_from(["TH01", "D3S1358", "Penta E"]), _PAIR, min_size=1),
    ),
    min_size=1,
    unique_by=lambda one: one[0],
)


@given(_SAMPLES)
def test_what_is_written_is_read_again(people: list[tuple[str, Sex, dict[str, tuple[str, str]]]]) -> None:
    samples = [TypedSample(name, typed, sex, "F") for name, sex, typed in people]
    again = read_wide(write_wide(samples).encode(), file="w.csv").samples
    assert [(s.id, s.sex, s.group, {m: sorted(a) for m, a in s.genotypes.items()}) for s in again] == [
        (s.id, s.sex, s.group, {m: sorted(a) for m, a in s.genotypes.items()}) for s in samples
    ]
