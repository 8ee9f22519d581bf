"""Every cell that a delivery holds is filed with its digits, or named in a remark; nothing is invented."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from casebook import take_in

from dokaz.casework.models import Delivery
from dokaz.errors import BadFile
from dokaz.exchange.reading.remarks import in_words

CASES = Path(__file__).parent / "cases"
KYIV = dt.timezone(dt.timedelta(hours=3))


def taken(house: Any, kind: Any, role: str, *files: str, photographs: Any = None) -> list[str]:
    """Take in files of one delivery; gives back the remarks on it. The people whom they name work in this house."""
    tables = []
    for name in files:
        data = (CASES / name).read_bytes()
        for person, here in ((b"Mortuary Person", b"mortuary 1"), (b"Survey Person", b"scene 1")):
            data = data.replace(person, here)
        tables.append((Path(name).name, data))
    folder = (CASES / files[0]).parent
    found = sorted(folder.glob("*.jpg")) if photographs is None else photographs
    offices = {each.role: each for each in house.people.values() if each.person == house.acting(role).person}
    take_in(house, kind, role, *tables, photographs=found, offices=offices)
    return [in_words(remark) for remark in Delivery.objects.order_by("-number").first().remarks]


def assert_filed(record: Any, **fields: Any) -> None:
    assert {name: getattr(record, name) for name in fields} == fields


def survey(house: Any, *files: str, **more: Any) -> list[str]:
    from dokaz.graves.intake import SURVEY

    return taken(house, SURVEY, "scene", *files, **more)


def point(e: str, n: str, z: str | None, role: str, accuracy: str | None) -> dict[str, str | None]:
    return {"e": e, "n": n, "z": z, "role": role, "accuracy": accuracy}


def test_degrees_keep_every_digit_and_are_shown_as_degrees(house, browser):
    from dokaz.graves.models import RecoveryUnit, Site

    assert survey(house, "01_survey_degrees_wgs84.csv") == []
    assert_filed(
        Site.objects.get(),
        crs="EPSG:4326",
        points=[point("36.812345678", "49.612345678", "118.4012", "datum", "0.014")],
    )
    unit = RecoveryUnit.objects.get(number="GEO1-G01-0001-B-Q")
    assert unit.points == [
        point("36.812512345", "49.612498765", "117.2034", "centroid", "0.012"),
        point("36.812512999", "49.612499111", "117.21", "head", "0.012"),
    ]
    page = browser("scene").get(f"/units/{unit.number}/").content.decode()
    assert "E 36.812512345°, N 49.612498765°" in page
    assert "36.812512345 m" not in page


def test_a_survey_keeps_roles_accuracy_and_surveyors_and_names_what_it_leaves_in_the_file(house):
    from dokaz.graves.models import Grave, Photograph, RecoveryUnit, Site

    remarks = survey(house, "03_columns/survey.csv")
    assert remarks == [
        "line 3 of survey.csv is kept in the file only: datum: Baltic 1977",
        "line 4 of survey.csv is kept in the file only: instrument: Leica TS16 serial 000",
        *(f"column not known: {name}"
          for name in ("orientation_deg", "position_of_body", "context", "depth_cm", "bag no")),
    ]  # fmt: skip
    assert_filed(
        Site.objects.get(), number="PRJ1", name="Forest", crs="EPSG:32637", surveyed_by="Kovalenko",
        description="benchmark 7", points=[point("334000.1234", "5500000.5678", "118.4005", "datum", "0.010")],
        delivered_row="survey.csv:6",
    )  # fmt: skip
    assert_filed(
        Grave.objects.get(), number="PRJ1-G01", name="Trench 1", description="collapsed side", points=[],
        outline=[point("334012.0004", "5500010.0006", "118.1", "outline", "0.02"),
                 point("334036", "5500012.5", "118.1", "outline", "0.02")],
    )  # fmt: skip
    unit = RecoveryUnit.objects.get()
    assert_filed(
        unit, number="PRJ1-G01-0001-B-W", type="B", surveyed_by="Kovalenko", lifted_by="Levada", description="prone",
        surveyed_at=dt.datetime(2023, 5, 10, 8, 30, tzinfo=KYIV), lifted_at=dt.datetime(2023, 5, 10, 8, 46, tzinfo=KYIV),
        delivered_row="survey.csv:9",
    )  # fmt: skip
    assert [p["role"] for p in unit.points] == ["head", "pelvis", "feet"]
    assert unit.points[0] == point("334013.2404", "5500011.7705", "116.7205", "head", "0.008")
    assert sorted(Photograph.objects.values_list("file_name", flat=True)) == ["a.jpg", "b.jpg", "ov1.jpg"]


def test_places_that_contradict_each_other_are_remarked_on(house):
    assert survey(house, "10_places/unit_90km_from_grave.csv") == [
        "unit_90km_from_grave.csv, line 5: NAM1-G01-0001-B-I lies 89,977 m from the points of its grave"
    ]


def test_a_unit_at_zero_is_remarked_on(house):
    assert survey(house, "10_places/zero_zero.csv") == [
        "zero_zero.csv, line 4: NAM1-G01-0001-B-I lies at 0, 0, where devices put what they did not measure"
    ]


def test_swapped_axes_are_remarked_on_where_the_place_would_then_lie_in_ukraine(house):
    assert survey(house, "10_places/swapped_wgs84.csv") == [
        "swapped_wgs84.csv, line 4: NAM1-G01-0001-B-I lies at 36.7014, 49.6298; with its axes swapped, in Ukraine"
    ]


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        (44.0, 40.3, False),
        (49.6, 36.7, False),
        (36.7, 49.6, True),
        (22.0, 44.0, True),
        (36.7, 53.0, False),
        (10.0, 20.0, False),
    ],
)
def test_places_in_ukraine_and_far_from_it_are_not_remarked_on(latitude, longitude, expected):
    from dokaz.exchange.deliveries.survey import read_survey
    from dokaz.exchange.deliveries.survey_contradictions import distances

    table = (
        (CASES / "10_places/swapped_wgs84.csv").read_text("utf-8").replace("49.6298,36.7014", f"{longitude},{latitude}")
    )
    found = [each["code"] for each in distances(read_survey(table.encode(), file="a.csv"), {})]
    assert found == ["axes_swapped"] * expected


def test_days_before_the_war_are_remarked_on():
    from dokaz.exchange.deliveries.survey import read_survey
    from dokaz.exchange.deliveries.survey_contradictions import before_the_war

    table = (CASES / "10_places/zero_zero.csv").read_text("utf-8")
    read = lambda day: [*before_the_war(read_survey(table.replace("2023-05-10", day).encode(), file="a.csv"))]  # noqa: E731
    assert [(each["line"], each["column"], each["moment"]) for each in read("2013-05-10")] == [
        (4, "surveyed_at", "2013-05-10")
    ]
    assert len(read("2014-02-19")) == 1 and read("2014-02-20") == []


def test_a_lifting_without_a_survey_time_invents_none(house):
    from dokaz.graves.models import RecoveryUnit

    survey(house, "04_lift_without_survey_time/lift_nosurveytime.csv")
    assert_filed(
        RecoveryUnit.objects.get(), surveyed_at=None, lifted_at=dt.datetime(2023, 5, 12, 9, tzinfo=KYIV), state="lifted"
    )


def test_two_photographs_of_one_name_in_an_archive_are_refused(house):
    with pytest.raises(BadFile, match="two photographs bear this name"):
        survey(house, "05_zip_two_tablets/survey.csv", photographs=[CASES / "05_zip_two_tablets" / "photos.zip"])
    assert not Delivery.objects.exists()


def test_the_mortuary_keeps_what_teams_and_laboratories_deliver(house):
    from dokaz.casework.acts import take_over
    from dokaz.casework.models import Transfer
    from dokaz.graves.models import RecoveryUnit
    from dokaz.mortuary.acts import receive
    from dokaz.mortuary.custody import CUSTODY
    from dokaz.mortuary.intake import EXAMINATIONS, PROFILES, SAMPLES
    from dokaz.mortuary.models import Examination, Finding, Profile, Sample

    survey(house, "06_mortuary/survey.csv")
    remarks = taken(house, CUSTODY, "scene", "06_mortuary/custody.csv")
    assert remarks == ["column not known: temperature", "column not known: vehicle plate"]
    transfer = Transfer.objects.get(seal="SEAL-1")
    assert_filed(
        transfer, from_place="MOR1-G01", to_place="Mortuary", purpose="storage", condition="bag torn",
        handed_at=dt.datetime(2023, 5, 12, 19, tzinfo=KYIV),
    )  # fmt: skip
    with house.filing("mortuary") as f:
        for each in Transfer.objects.order_by("number"):
            take_over(each, f)
    with house.filing("mortuary") as f:
        for unit in RecoveryUnit.objects.order_by("number"):
            receive(unit, f)

    remarks = taken(house, EXAMINATIONS, "mortuary", "06_mortuary/exam2.csv")
    assert remarks == [f"column not known: {name}" for name in ("weight_kg", "Fem_01_mm", "taphonomy")]
    first, second = Examination.objects.order_by("number")
    assert_filed(
        first, sex=None, age_low_years="30.5", age_high_years="44.5", stature_low_cm="169.6", stature_high_cm="178.4",
        elements=["cranium", "femur:left*2", "tibia:right"], completeness="25-75", clothing="jacket", marks="scar",
        teeth="crown 26", description="saw it twice", examined_at=dt.datetime(2023, 5, 12, 16, 25, tzinfo=KYIV),
        delivered_row="exam2.csv:2",
    )  # fmt: skip
    assert_filed(second, examined_at=None, sex=4, age_low_years="18", age_high_years="25", stature_low_cm="")
    found = Finding.objects.order_by("number").values_list("mechanism", "timing", "region", "description")
    assert list(found) == [
        ("projectile", "perimortem", "cranium", "round hole"),
        ("blunt", "antemortem", "ribs", "healed"),
    ]

    assert taken(house, SAMPLES, "mortuary", "06_mortuary/samples.csv") == ["column not known: weight_g"]
    assert_filed(
        Sample.objects.order_by("number").first(), number="MOR1-G01-0001-S.1-5", element="femur:left",
        laboratory="Lab North", purpose="second attempt after failure", note="frozen",
        taken_at=dt.datetime(2023, 5, 13, 10, 20, 33, tzinfo=KYIV),
    )  # fmt: skip

    remarks = taken(house, PROFILES, "dna_examiner", "06_mortuary/profiles.csv")
    assert remarks == ["marker not known, kept in the file only: XYZ9", "column not known: RFU"]
    one, other = Profile.objects.order_by("number")
    assert_filed(
        one, laboratory="Lab North", kit="PowerPlex Fusion 6C", typed_on=dt.date(2023, 8, 21), attempt=1,
        note="low template", lone_alleles=[], lineage={"DYS391": ["10"], "DYS570": ["17"]}, no_result=[],
        genotypes={"AMEL": ["X", "Y"], "D3S1358": ["15", "16"], "TH01": ["9.3", "9.3"]},
    )  # fmt: skip
    assert_filed(other, lone_alleles=["D3S1358"], lineage={"DYS391": ["11"], "DYS570": ["18"]})


def test_a_family_keeps_dates_samples_and_a_withdrawn_consent(house):
    from casebook import also

    from dokaz.missing.intake import FAMILIES
    from dokaz.missing.models import Donor, Family, Reference

    house.people["both"] = also(house, "family_liaison1", "dna_examiner")
    names = ("07_family/f.ped", "07_family/gen.csv", "07_family/rel.csv")
    assert taken(house, FAMILIES, "family_liaison", *names) == ["column not known: phone"]
    members = {m["id"]: (m["born"], m["status"]) for m in Family.objects.get().members}
    assert members == {
        "FA": ("1950-02-11", "not missing"), "MO": ("1952", "not missing"), "MP": ("1985-07-14", "missing")
    }  # fmt: skip
    father, mother = Donor.objects.order_by("number")
    assert_filed(
        father, name="Vyhadanyi Ivan", born="1950-02-11", relationship="father", consent="identification",
        consented_on=None, sample="AM-1", sampled_on=dt.date(2023, 7, 3), liaison="Hai Lesia", note="hard of hearing",
        withdrawn=False,
    )  # fmt: skip
    assert_filed(mother, consent="", consented_on=dt.date(2023, 7, 1), withdrawn=True, withdrawn_on=None, sample="AM-2")
    assert_filed(
        Reference.objects.get(), sample="AM-1", laboratory="Lab North", kit="PowerPlex Fusion 6C",
        typed_on=dt.date(2023, 7, 20), lineage={"DYS391": ["10"]}, delivered_row="gen.csv:2",
        genotypes={"AMEL": ["X", "Y"], "D3S1358": ["15", "17"], "TH01": ["6", "9.3"]},
    )  # fmt: skip


def test_a_list_of_the_missing_keeps_every_column_and_verifies_nobody(house):
    from dokaz.missing.intake import MISSING
    from dokaz.missing.models import MissingPerson

    remarks = taken(house, MISSING, "family_liaison", "08_missing/missing_full.csv")
    assert remarks == [f"column not known: {name}" for name in ("вік", "телефон", "РНОКПП")]
    assert_filed(
        MissingPerson.objects.get(number="X-1"), family_name="Вигаданенко", given_name="Тарас", patronymic="Петрович",
        sex="male", born="1974-05-12", last_seen_on="2022-03-02", last_seen_place="Село", stature_cm="178.5",
        marks="шрам; на лівій руці", teeth="коронка 26", clothing="куртка чорна", occupation="водій",
        reported_on=dt.date(2022, 4, 1), reported_by="сестра Олена", liaison="Гай Леся",
        note="бачили востаннє біля мосту", state="reported", delivered_row="missing_full.csv:2",
    )  # fmt: skip
    second = MissingPerson.objects.get(number="X-2")
    assert_filed(second, born="1980~", last_seen_on="2022-03", stature_cm="", reported_on=None)


def test_frequencies_keep_their_digits_and_the_people_counted(house):
    from dokaz.missing.intake import FREQUENCIES
    from dokaz.missing.models import Frequencies

    table = (
        b"# source: invented\n# population: P\nallele,TH01\n6,0.4000\n9.3,.6\n".replace(b",.6", b",0.60") + b"n,361\n"
    )
    take_in(house, FREQUENCIES, "dna_examiner", ("f.csv", table))
    assert_filed(
        Frequencies.objects.get(), name="P", population="P", source="invented", sample_sizes={"TH01": 361},
        markers={"TH01": {"6": "0.4000", "9.3": "0.60"}}, delivered_row="f.csv",
    )  # fmt: skip
