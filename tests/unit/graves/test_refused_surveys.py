"""A refused survey names file, line, column and value, and changes nothing."""

import pytest
from refused_imports import assert_import_refused, edited, pictures

from dokaz.graves.intake import SURVEY


def test_a_photograph_that_is_not_there(house, delivered):
    data = (delivered / "survey_KLN1.csv").read_bytes()
    assert_import_refused(
        house, "scene", SURVEY, ("survey.csv", data),
        says=["survey.csv, line", "column photographs", "next:"],
    )  # fmt: skip


def test_a_truncated_photograph(house, delivered, tmp_path):
    data = (delivered / "survey_KLN1.csv").read_bytes()
    given = pictures(delivered)
    whole = next(path for path in given if path.name.startswith("KLN1-G01-0001"))
    cut = tmp_path / whole.name
    cut.write_bytes(whole.read_bytes()[:2000])
    given = [cut, *(path for path in given if path != whole)]
    assert_import_refused(house, "scene", SURVEY, ("survey.csv", data), photographs=given, says=[cut.name])


def test_a_coordinate_outside_its_reference_system(house, delivered):
    data = edited((delivered / "survey_KLN1.csv").read_bytes(), "334000.000,5500000.000", "9334000.000,5500000.000")
    assert_import_refused(
        house, "scene", SURVEY, ("survey.csv", data), photographs=pictures(delivered),
        says=["survey.csv, line 4", "column"],
    )  # fmt: skip


def test_the_same_survey_twice(surveyed, delivered):
    data = (delivered / "survey_KLN2.csv").read_bytes()
    assert_import_refused(
        surveyed, "scene", SURVEY, ("survey_KLN2.csv", data), photographs=pictures(delivered),
        says=["survey_KLN2.csv, line", "has been given already"],
    )  # fmt: skip


def test_a_unit_that_will_be_surveyed_some_day(house, delivered):
    text = (delivered / "survey_KLN1.csv").read_text(encoding="utf-8")
    data = text.replace("2023-05-10", "2123-05-10").encode()
    assert_import_refused(
        house, "scene", SURVEY, ("survey.csv", data), photographs=pictures(delivered),
        says=["survey.csv, line 9", "surveyed_at 2123-05-10", "lies in the future"],
    )  # fmt: skip


@pytest.mark.parametrize("above", ["# CRS: EPSG:1\n", "# zone: nowhere\n# CRS: EPSG:32637\n"])
def test_a_statement_above_the_header_is_refused_by_its_line(house, delivered, above):
    table = (delivered / "survey_KLN1.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    data = "".join(["# invented\n", above, *(line for line in table if not line.startswith("#"))]).encode()
    assert_import_refused(
        house, "scene", SURVEY, ("s.csv", data), photographs=pictures(delivered), says=["s.csv, line 2"]
    )
