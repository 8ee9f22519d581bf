"""Field surveys: points, numbers and coordinate systems, and what is refused."""

from __future__ import annotations

import pytest

from dokaz.errors import BadFile
from dokaz.exchange.deliveries.survey import Survey, read_survey
from dokaz.numbers import number

FIRST, SECOND, PART = number("KLN1", "G01", 1, "B"), number("KLN1", "G01", 2, "B"), number("KLN1", "G01", 3, "BP")
HEADER = "site,grave,unit,kind,point,easting,northing,elevation_m,lifted_at,emergency_reason,photographs"
OUTLINE = [f"KLN1,G01,,,outline,{x},5500000,,,," for x in (334000, 334005)]


def survey(*rows: str, above: str = "# CRS: EPSG:32637\n# zone: +03:00\n") -> Survey:
    return read_survey((above + HEADER + "\n" + "\n".join(rows) + "\n").encode(), file="survey.csv")


def assert_refused(*rows: str, match: str, line: int, column: str, value: str = "",
                   above: str = "# CRS: EPSG:32637\n# zone: +03:00\n") -> None:  # fmt: skip
    with pytest.raises(BadFile, match=match) as caught:
        survey(*rows, above=above)
    assert (caught.value.file, caught.value.line, caught.value.column) == ("survey.csv", line, column)
    assert value in (caught.value.value or "")
    assert caught.value.next_step


def test_a_survey_gives_graves_with_outlines_and_units_with_points_in_degrees() -> None:
    read = survey(
        *OUTLINE,
        f"KLN1,G01,{FIRST},B,centroid,334001.5,5500001,118.2,2026-05-04 09:12,,a.jpg|b.jpg",
        f"KLN1,G01,{FIRST},,head,334001.5,5500001.8,118.2,,,",
        f"KLN1,G01,{PART},BP,,334003,5500001,118.2,,,",
    )
    assert [len(grave.points) for grave in read.graves] == [2]
    unit, part = read.units
    assert [point.role for point in unit.points] == ["centroid", "head"]
    assert unit.photographs == ("a.jpg", "b.jpg")
    assert part.kind == "BP"
    # WGS 84 / UTM zone 37N has its central meridian at 39 E; checked against an independent calculator.
    assert unit.points[0].latitude == pytest.approx(49.629727, abs=1e-6)
    assert unit.points[0].longitude == pytest.approx(36.701262, abs=1e-6)


def test_a_unit_lifted_in_an_emergency_may_have_no_point() -> None:
    read = survey(f"KLN1,G01,{FIRST},B,,,,,2026-05-04 09:12,shelling,")
    assert read.units[0].points == ()
    assert read.units[0].emergency_reason == "shelling"


def test_degrees_are_read_where_the_file_states_a_geographic_system() -> None:
    read = survey(f"KLN1,G01,{FIRST},B,,36.70,49.62,,,,", above="# CRS: EPSG:4326\n")
    assert (read.units[0].points[0].latitude, read.units[0].points[0].longitude) == (49.62, 36.70)


def test_a_survey_without_a_stated_system_is_refused() -> None:
    with pytest.raises(BadFile, match="no coordinate reference system") as caught:
        survey(*OUTLINE, above="")
    assert "EPSG:32637" in caught.value.next_step


@pytest.mark.parametrize("code", ["EPSG:999999", "UTM 37", "WGS84", "EPSG:5773"])
def test_an_unknown_system_is_refused_with_its_name(code: str) -> None:
    with pytest.raises(BadFile) as caught:
        survey(*OUTLINE, above=f"# CRS: {code}\n")
    assert caught.value.value == code


def test_a_coordinate_outside_the_declared_system_is_refused() -> None:
    assert_refused(f"KLN1,G01,{FIRST},B,,33400,5500000,,,,", match="outside the area of use of EPSG:32637", line=4,
                   column="easting, northing", value="33400, 5.5e+06")  # fmt: skip


def test_easting_and_northing_that_changed_places_are_recognised() -> None:
    with pytest.raises(BadFile) as caught:
        survey(f"KLN1,G01,{FIRST},B,,5500000,334000,,,,")
    assert "changed places" in caught.value.next_step


def test_half_a_coordinate_is_refused() -> None:
    assert_refused(f"KLN1,G01,{FIRST},B,,334000,,,,,", match="half a coordinate", line=4, column="northing")


def test_a_number_given_twice_is_refused_with_both_lines() -> None:
    row = f"KLN1,G01,{FIRST},B,,334001,5500001,,,,"
    assert_refused(
        row, row.replace("334001", "334002"), match="given twice: line 4", line=5, column="unit", value=FIRST
    )
    between = f"KLN1,G01,{SECOND},B,,334001,5500001,,,,"
    assert_refused(row, between, row, match="given twice: line 4", line=6, column="unit", value=FIRST)


def test_a_running_number_used_for_two_kinds_is_refused() -> None:
    other = number("KLN1", "G01", 1, "BP")
    assert_refused(f"KLN1,G01,{FIRST},B,,334001,5500001,,,,", f"KLN1,G01,{other},BP,,334001,5500001,,,,",
                   match="given twice", line=5, column="unit", value=other)  # fmt: skip


def test_a_mistyped_number_is_refused_by_its_check_character() -> None:
    wrong = FIRST.replace("0001", "0007")
    assert_refused(
        f"KLN1,G01,{wrong},B,,334001,5500001,,,,", match="check character", line=4, column="unit", value=wrong
    )


def test_a_number_of_another_grave_or_kind_is_refused() -> None:
    assert_refused(
        f"KLN1,G02,{FIRST},B,,334001,5500001,,,,", match="says grave G01", line=4, column="grave", value="G02"
    )
    assert_refused(f"KLN1,G01,{FIRST},BP,,334001,5500001,,,,", match="says B", line=4, column="kind", value="BP")


def test_two_rows_that_say_different_things_of_one_unit_are_refused() -> None:
    assert_refused(
        f"KLN1,G01,{FIRST},B,centroid,334001,5500001,,2026-05-04 09:12,,",
        f"KLN1,G01,{FIRST},B,head,334001,5500002,,2026-05-04 10:12,,",
        match="line 4 says", line=5, column="lifted_at", value="10:12",
    )  # fmt: skip


def test_two_systems_in_one_file_are_refused() -> None:
    row = "KLN1,G01,,334000,5500000,EPSG:{}\n"
    data = "site,grave,unit,easting,northing,crs\n" + row.format(32637) + row.format(32636)
    with pytest.raises(BadFile, match="two systems") as caught:
        read_survey(data.encode(), file="survey.csv")
    assert (caught.value.line, caught.value.value) == (3, "EPSG:32636")
