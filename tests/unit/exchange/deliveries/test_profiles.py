"""DNA profiles in both layouts, and every cell that is no genotype."""

from __future__ import annotations

import pytest

from dokaz.errors import BadFile
from dokaz.exchange.deliveries.profiles import ProfileTable, read_profiles
from dokaz.exchange.reading.remarks import remark
from dokaz.numbers import number

S1, S2 = number("KLN1", "G01", 1, "S", (1,)), number("KLN1", "G01", 2, "S", (1,))
WIDE = "Sample Name,Attempt,AMEL 1,AMEL 2,D3S1358 1,D3S1358 2,vWA_1,vWA_2\n"
LONG = "Sample File\tSample Name\tPanel\tMarker\tAllele 1\tAllele 2\tAllele 3\tHeight 1\n"


def read(text: str) -> ProfileTable:
    return read_profiles(text.encode(), file="profiles.csv")


def assert_refused(text: str, match: str, *, line: int, column: str, value: str | None = None) -> None:
    with pytest.raises(BadFile, match=match) as caught:
        read(text)
    assert (caught.value.file, caught.value.line, caught.value.column) == ("profiles.csv", line, column)
    assert value is None or caught.value.value == value
    assert caught.value.next_step


def test_a_wide_table_and_a_genemapper_export_give_the_same_genotypes() -> None:
    wide = read(f"# kit: K\n# laboratory: L\n# date: 2023-08-21\n{WIDE}{S1},1,X,Y,16,15,17,17\n").profiles[0]
    long = read(
        f"# laboratory: L\n# date: 2023-08-21\n{LONG}a\t{S1}\tK\tAMEL\tX\tY\t\t900\na\t{S1}\tK\tD3S1358\t15\t16\t\t800\n"
        f"a\t{S1}\tK\tVWA\t17\t\t\t700\n"
    ).profiles[0]
    assert wide.genotypes.pairs == long.genotypes.pairs
    assert wide.genotypes.autosomal == {"D3S1358": ("15", "16"), "vWA": ("17", "17")}
    assert (wide.genotypes.lone, long.genotypes.lone) == ((), ("vWA",))
    assert wide.genotypes.sex == "male"
    assert (wide.laboratory, wide.kit, wide.typed_on) == (long.laboratory, long.kit, long.typed_on)


def test_a_decimal_comma_and_a_microvariant_are_read() -> None:
    text = f"Sample Name;TH01 1;TH01 2\n{S1};9,3;6\n"
    assert read(text).profiles[0].genotypes.autosomal == {"TH01": ("6", "9.3")}


def test_a_marker_without_a_result_is_kept_as_such() -> None:
    genotypes = read(f"{WIDE}{S1},1,X,X,INC,INC,,\n").profiles[0].genotypes
    assert genotypes.no_result == ("D3S1358", "vWA")
    assert genotypes.autosomal == {}


def test_attempts_of_one_sample_stand_side_by_side() -> None:
    profiles = read(f"{WIDE}{S1},1,INC,INC,INC,INC,,\n{S1},2,X,X,15,16,17,18\n").profiles
    assert [profile.attempt for profile in profiles] == [1, 2]


def test_controls_are_counted_and_not_profiles() -> None:
    text = f"Sample Name,Sample Type,TH01 1,TH01 2\nLadder,Allelic Ladder,OL,OL\n{S1},Sample,6,7\n"
    table = read(text)
    assert remark("control", sample="Ladder") in table.remarks
    assert len(table.profiles) == 1


def test_unknown_markers_are_named_and_kept() -> None:
    table = read(f"Sample Name,TH01 1,TH01 2,D99S99 1,D99S99 2\n{S1},6,7,11,12\n")
    assert remark("marker_unknown", marker="D99S99") in table.remarks
    assert table.profiles[0].genotypes.other == {"D99S99": ("11", "12")}


def test_three_alleles_at_a_marker_are_refused_as_a_possible_mixture() -> None:
    assert_refused(f"{LONG}a\t{S1}\tK\tTH01\t6\t7\t9.3\t\n", "mixture", line=2, column="Allele 3", value="9.3")
    text = f"Sample Name,TH01 1,TH01 2,TH01 3\n{S1},6,7,9.3\n"
    assert_refused(text, "TH01 has 3 alleles", line=2, column="TH01 3", value="9.3")


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("OL", "off-ladder"),
        ("<11", "outside the ladder"),
        ("9.Mar", "spreadsheet"),
        ("09.03.2026", "spreadsheet"),
        ("X", "not an allele"),
        ("-3", "not an allele"),
        ("0", "not an allele"),
        ("9.33", "not an allele"),
        ("15/16", "spreadsheet"),
    ],
)
def test_a_cell_that_is_no_allele_is_refused_with_line_column_and_value(cell: str, says: str) -> None:
    assert_refused(f"{WIDE}{S1},1,X,X,{cell},16,17,18\n", says, line=2, column="D3S1358 1", value=cell)


def test_one_allele_beside_a_failed_one_is_refused() -> None:
    assert_refused(f"{WIDE}{S1},1,X,X,15,INC,17,18\n", "one allele and one", line=2, column="D3S1358 2", value="INC")


def test_amelogenin_with_y_alone_is_refused() -> None:
    assert_refused(f"{WIDE}{S1},1,Y,Y,15,16,17,18\n", "AMEL", line=2, column="AMEL 1", value="Y")


def test_a_sample_and_attempt_given_twice_are_refused() -> None:
    row = f"{S1},1,X,X,15,16,17,18\n"
    assert_refused(WIDE + row + row, "given twice: line 2", line=3, column="sample_name", value=S1)
    long = f"a\t{S1}\tK\tTH01\t6\t7\t\t\n"
    assert_refused(LONG + long + long, "given twice", line=3, column="marker", value="TH01")


def test_a_mistyped_sample_number_is_refused() -> None:
    wrong = S1[:-1] + ("A" if S1[-1] != "A" else "B")
    assert_refused(f"{WIDE}{wrong},1,X,X,15,16,17,18\n", "check character", line=2, column="sample_name", value=wrong)


def test_one_column_for_a_known_marker_is_refused() -> None:
    assert_refused(f"Sample Name,TH01\n{S1},6\n", "one column", line=1, column="TH01")
    assert_refused(f"Sample Name,TH01 1\n{S1},6\n", "only", line=1, column="TH01 1")


def test_a_marker_under_two_spellings_is_refused() -> None:
    assert_refused(f"Sample Name,VWA 1,VWA 2,vWA31 1,vWA31 2\n{S1},16,17,16,17\n", "twice", line=1, column="vWA31 1")


def test_a_table_without_markers_is_refused() -> None:
    with pytest.raises(BadFile, match="no column is a known marker"):
        read(f"Sample Name,Lab\n{S1},L\n")


def test_two_samples_keep_their_order_and_their_lines() -> None:
    profiles = read(f"{WIDE}{S2},1,X,X,15,16,17,18\n{S1},1,X,X,15,16,17,18\n").profiles
    assert [(profile.sample, profile.line) for profile in profiles] == [(S2, 2), (S1, 3)]
