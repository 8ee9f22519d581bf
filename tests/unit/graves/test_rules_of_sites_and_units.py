"""What holds of sites, graves, units and photographs, whoever calls the act; and that they are kept as they were stated."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from casebook import a_grave, assert_refused, newest, units

from dokaz.errors import (
    BadChoice,
    BadNumber,
    EmptyField,
    InTheFuture,
    LiftedBlind,
    NotYours,
    NumberTaken,
    OutOfRange,
    OutsideArea,
    UnknownReferenceSystem,
    WrongKind,
    WrongState,
)
from dokaz.graves.acts import (
    Upload,
    end_quarantine,
    lift,
    open_grave,
    open_site,
    photograph,
    quarantine,
    register_unit,
    split,
)
from dokaz.graves.models import CRS_NOT_STATED, Grave, Photograph, RecoveryUnit, Site
from dokaz.graves.places import Point, Position
from dokaz.numbers import derived_number, number

LATER = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
MORNING = dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)
HERE = Point("385201.00", "5450002.00")
THERE = Point("385203.00", "5450004.00", z="101.5", role="head", accuracy="0.02")
AFAR = Point("9385201.00", "5450002.00")
PLACE = Position(Decimal("49.1"), Decimal("37.2"))


def as_kept(*points):
    return [{"e": p.e, "n": p.n, "z": p.z, "role": p.role, "accuracy": p.accuracy} for p in points]


# --- sites ----------------------------------------


def opened(house, **fields):
    with house.filing("scene") as f:
        return open_site(f, **{"code": "LIS", "name": "Invented forest", "crs": "EPSG:32637", **fields})


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"code": ""}, EmptyField),
        ({"name": " "}, EmptyField),
        ({"crs": ""}, EmptyField),
        ({"code": "lis"}, BadNumber),
        ({"code": "L"}, BadNumber),
        ({"code": "LISLISLIS"}, BadNumber),
        ({"crs": "EPSG:1"}, UnknownReferenceSystem),
        ({"crs": "32637"}, UnknownReferenceSystem),
        ({"crs": CRS_NOT_STATED, "points": [HERE]}, UnknownReferenceSystem),
        ({"points": [AFAR]}, OutsideArea),
        ({"points": [Point("385201,00", "5450002.00")]}, WrongKind),
        ({"points": [Point("385201.00", "5450002.00", z="high")]}, WrongKind),
        ({"points": [Point("385201.00", "5450002.00", accuracy="good")]}, WrongKind),
        ({"position": Position(Decimal("90.1"), Decimal("0"))}, OutOfRange),
        ({"position": Position(Decimal("0"), Decimal("-180.1"))}, OutOfRange),
        ({"position": Position(Decimal("0.12345678"), Decimal("0"))}, WrongKind),
    ],
)
def test_a_site_that_cannot_be_is_refused(house, fields, error):
    assert_refused(error, lambda: opened(house, **fields))
    assert not Site.objects.exists()


def test_a_site_is_kept_as_stated(house):
    said = {"surveyed_at": MORNING, "surveyed_by": "surveyor 1", "description": "a forest", "name": "Invented forest"}
    made = Site.objects.get(pk=opened(house, **said, points=[HERE, THERE], position=PLACE).pk)
    assert {name: getattr(made, name) for name in said} == said
    assert (made.number, made.crs, made.points) == ("LIS", "EPSG:32637", as_kept(HERE, THERE))
    assert (made.latitude_deg, made.longitude_deg) == (PLACE.latitude_deg, PLACE.longitude_deg)
    assert_refused(NumberTaken, lambda: opened(house))


@pytest.mark.parametrize("degrees", [("90", "180"), ("-90", "-180"), ("0.1234567", "0.7654321")])
def test_the_poles_and_the_date_line_are_on_the_globe(house, degrees):
    place = Position(*map(Decimal, degrees))
    made = opened(house, position=place)
    assert (made.latitude_deg, made.longitude_deg) == (place.latitude_deg, place.longitude_deg)


def test_points_lie_on_the_globe_in_the_middle_of_them(house):
    """UTM zone 37N: 500 km east is the meridian of 39 degrees."""
    west, east = Point("499000.00", "5450002.00"), Point("501000.00", "5450002.00")
    made = opened(house, points=[west, east])
    assert made.longitude_deg == Decimal("39.0000000")
    assert Decimal("49.19") < made.latitude_deg < Decimal("49.22")
    alone = opened(house, code="STV", points=[west])
    assert alone.longitude_deg < Decimal("39")


def test_a_site_whose_reference_system_nobody_stated_has_no_points(house):
    made = opened(house, crs=CRS_NOT_STATED)
    assert (made.points, made.latitude_deg) == ([], None)


# --- graves ----------------------------------------


def opened_grave(house, site, **fields):
    with house.filing("scene") as f:
        return open_grave(newest(site), f, **{"code": "01", **fields})


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"code": ""}, EmptyField),
        ({"code": "a"}, BadNumber),
        ({"opened_at": LATER}, InTheFuture),
        ({"outline": [AFAR]}, OutsideArea),
        ({"points": [AFAR]}, OutsideArea),
    ],
)
def test_a_grave_that_cannot_be_is_refused(house, fields, error):
    site = opened(house)
    assert_refused(error, lambda: opened_grave(house, site, **fields))
    assert not Grave.objects.exists()


def test_a_grave_is_kept_as_stated(house):
    site = opened(house)
    said = {"name": "Grave one", "opened_at": MORNING, "surveyed_at": MORNING, "surveyed_by": "surveyor 1",
            "description": "a trench"}  # fmt: skip
    made = Grave.objects.get(pk=opened_grave(house, site, **said, outline=[HERE, THERE], points=[THERE]).pk)
    assert {name: getattr(made, name) for name in said} == said
    assert (made.number, made.site_id) == ("LIS-01", site.id)
    assert (made.outline, made.points) == (as_kept(HERE, THERE), as_kept(THERE))
    assert_refused(NumberTaken, lambda: opened_grave(house, site))


# --- units ----------------------------------------


def registered(house, grave, **fields):
    with house.filing("scene") as f:
        return register_unit(newest(grave), f, **{"type": "B", **fields})


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"type": "X"}, BadChoice),
        ({"surveyed_at": LATER}, InTheFuture),
        ({"points": [AFAR]}, OutsideArea),
        ({"number": number("STV", "01", 1, "B")}, BadNumber),
        ({"number": number("LIS", "02", 1, "B")}, BadNumber),
        ({"number": number("LIS", "01", 1, "BP")}, BadNumber),
        ({"position": Position(Decimal("91"), Decimal("0"))}, OutOfRange),
    ],
)
def test_a_unit_that_cannot_be_is_refused(house, fields, error):
    grave = a_grave(house)
    assert_refused(error, lambda: registered(house, grave, **fields))
    assert not RecoveryUnit.objects.exists()


def test_a_unit_is_kept_as_stated(house):
    grave = a_grave(house)
    said = {"type": "BP", "surveyed_at": MORNING, "surveyed_by": "surveyor 1", "description": "a forearm"}
    made = RecoveryUnit.objects.get(pk=registered(house, grave, **said, points=[HERE, THERE], position=PLACE).pk)
    assert {name: getattr(made, name) for name in said} == said
    assert (made.number, made.grave_id, made.state) == (number("LIS", "01", 1, "BP"), grave.id, "surveyed")
    assert made.points == as_kept(HERE, THERE)
    assert (made.latitude_deg, made.longitude_deg) == (PLACE.latitude_deg, PLACE.longitude_deg)
    assert (made.holder_id, made.place) == (None, "LIS-01")


def test_a_unit_without_points_is_in_situ(house):
    made = registered(house, a_grave(house))
    assert (made.state, made.points, made.latitude_deg) == ("in_situ", [], None)


def test_rule_1_a_running_number_is_given_once_whatever_the_type_and_the_grave_counts_on(house):
    grave, other = a_grave(house), a_grave(house, "02")
    with house.filing("scene") as f:
        grave, other = newest(grave), newest(other)
        first = register_unit(grave, f, type="B")
        register_unit(grave, f, type="B", number=number("LIS", "01", 5, "B"))
        after = register_unit(grave, f, type="A")
        elsewhere = register_unit(other, f, type="B")
    shown = [unit.number for unit in (first, after, elsewhere)]
    assert shown == [number("LIS", "01", 1, "B"), number("LIS", "01", 6, "A"), number("LIS", "02", 1, "B")]
    assert_refused(NumberTaken, lambda: registered(house, grave, type="GB", number=number("LIS", "01", 6, "GB")))
    assert registered(house, grave).number == number("LIS", "01", 7, "B")


def test_a_label_with_a_derivation_takes_no_running_number(house):
    grave = a_grave(house)
    whole = registered(house, grave)
    part = derived_number(whole.number, 1, "BP")
    assert registered(house, grave, type="BP", number=part).number == part
    assert registered(house, grave).number == number("LIS", "01", 2, "B")


# --- lifting ----------------------------------------


def a_picture(name="one.jpg", **fields):
    content = fields.pop("content", name.encode())
    return Upload(**{"file_name": name, "content": BytesIO(content), "media_type": "image/jpeg", "width_px": 10,
                     "height_px": 20, **fields})  # fmt: skip


def lifted(house, unit, **fields):
    with house.filing("scene") as f:
        lift(newest(unit), f, **fields)
    return newest(unit)


def test_rule_3_points_and_pictures_that_were_filed_before_count(house):
    grave = a_grave(house)
    unit = registered(house, grave, points=[HERE])
    with house.filing("scene") as f:
        photograph(f, upload=a_picture(), unit=newest(unit))
    assert lifted(house, unit).state == "lifted"


def test_rule_3_what_is_lifted_is_kept_as_stated(house):
    unit = registered(house, a_grave(house))
    pictures = [a_picture("one.jpg"), a_picture("two.jpg")]
    made = lifted(house, unit, survey_points=[HERE, THERE], position=PLACE, photographs=pictures, lifted_at=MORNING,
                  lifted_by="lifter 1", emergency_reason=" shelling ")  # fmt: skip
    assert (made.state, made.lifted_at, made.lifted_by) == ("lifted", MORNING, "lifter 1")
    assert (made.emergency_reason, made.is_before_record) == ("shelling", False)
    assert made.points == as_kept(HERE, THERE)
    assert (made.latitude_deg, made.longitude_deg) == (PLACE.latitude_deg, PLACE.longitude_deg)
    assert made.holder_id == house.acting("scene").person
    assert [p.file_name for p in made.photographs.order_by("number")] == ["one.jpg", "two.jpg"]


def test_rule_3_lifting_without_new_points_keeps_the_old_ones_and_their_place(house):
    before = registered(house, a_grave(house), points=[HERE])
    made = lifted(house, before, photographs=[a_picture()], position=PLACE)
    assert made.points == as_kept(HERE)
    assert (made.latitude_deg, made.longitude_deg) == (newest(before).latitude_deg, before.longitude_deg)
    assert made.latitude_deg != PLACE.latitude_deg


def test_rule_3_what_was_recovered_before_the_record_began_says_so(house):
    unit = registered(house, a_grave(house))
    assert_refused(LiftedBlind, lambda: lifted(house, unit))
    made = lifted(house, unit, is_before_record=True)
    assert (made.state, made.is_before_record, made.emergency_reason) == ("lifted", True, "")


@pytest.mark.parametrize(
    ("fields", "error"), [({"lifted_at": LATER}, InTheFuture), ({"survey_points": [AFAR]}, OutsideArea)]
)
def test_rule_3_what_cannot_be_is_not_lifted(house, fields, error):
    unit = registered(house, a_grave(house))
    assert_refused(error, lambda: lifted(house, unit, emergency_reason="shelling", **fields))


def test_whoever_lifts_holds(house):
    unit = registered(house, a_grave(house))
    with house.filing("scene", 2) as f:
        lift(newest(unit), f, emergency_reason="shelling")
    assert newest(unit).holder_id == house.acting("scene", 2).person


# --- photographs ----------------------------------------


def photographed(house, **fields):
    with house.filing("scene") as f:
        return photograph(f, **fields)


def test_a_photograph_is_of_one_unit_or_one_grave(house):
    grave = a_grave(house)
    unit = registered(house, grave)
    assert_refused(EmptyField, lambda: photographed(house, upload=a_picture()))
    both = {"unit": newest(unit), "grave": newest(grave)}
    assert_refused(WrongKind, lambda: photographed(house, upload=a_picture(), **both))
    of_unit = photographed(house, upload=a_picture(), unit=newest(unit))
    of_grave = photographed(house, upload=a_picture(), grave=newest(grave))
    assert (of_unit.unit_id, of_unit.grave_id, of_unit.number) == (unit.id, None, "PHO-000001")
    assert (of_grave.unit_id, of_grave.grave_id, of_grave.number) == (None, grave.id, "PHO-000002")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"file_name": " "}, EmptyField),
        ({"width_px": 0}, OutOfRange),
        ({"height_px": 100_001}, OutOfRange),
        ({"position": Position(Decimal("91"), Decimal("0"))}, OutOfRange),
        ({"remarks": ({},)}, BadChoice),
    ],
)
def test_a_photograph_that_cannot_be_is_refused(house, fields, error):
    grave = a_grave(house)
    assert_refused(error, lambda: photographed(house, upload=a_picture(**fields), grave=newest(grave)))


def test_a_photograph_is_kept_byte_for_byte_with_what_the_camera_said(house):
    from hashlib import sha256

    grave = a_grave(house)
    upload = a_picture(content=b"bytes", width_px=1, height_px=100_000, taken_at=MORNING.replace(microsecond=7),
                       position=PLACE, camera="Invented camera", remarks=({"code": "bad_place"},))  # fmt: skip
    made = Photograph.objects.get(pk=photographed(house, upload=upload, grave=newest(grave)).pk)
    assert (made.file_name, made.media_type, made.width_px, made.height_px) == ("one.jpg", "image/jpeg", 1, 100_000)
    assert (made.sha256, made.bytes) == (sha256(b"bytes").hexdigest(), 5)
    assert (made.taken_at, made.camera, made.remarks) == (MORNING, "Invented camera", [{"code": "bad_place"}])
    assert (made.latitude_deg, made.longitude_deg) == (PLACE.latitude_deg, PLACE.longitude_deg)
    with house.store.vault.open(made.sha256) as file:
        assert file.read() == b"bytes"
    assert photographed(house, upload=a_picture(), grave=newest(grave)).taken_at is None


def test_the_entry_of_a_photograph_names_its_file(house):
    from dokaz.casework.journal import history

    grave = a_grave(house)
    made = photographed(house, upload=a_picture(), grave=newest(grave))
    (version,) = history(made.id)
    assert version.entry.files == (f"sha256:{made.sha256}",)


# --- splitting and setting aside ----------------------------------------


def parted(house, unit, *, by="mortuary", **fields):
    with house.filing(by) as f:
        return split(newest(unit), f, **{"type": "BP", "description": "left forearm", **fields})


@pytest.mark.parametrize("state", ["in_situ", "surveyed", "quarantined", "released"])
def test_rule_1_what_lies_in_the_ground_or_is_set_aside_or_gone_is_not_split(house, state):
    if state == "released":
        from casebook import identified, missing, told

        from dokaz.casework.models import Person
        from dokaz.identification.acts import release

        (unit,) = units(house)
        decision = told(house, identified(house, unit, missing(house, "Андрій")[0]))
        with house.filing("mortuary") as f:
            release(newest(decision), f, released_to="Mother", document_seen="AB 1", to_place="Izium", family_choice="wait",
                    identity_checked_by=Person.objects.get(pk=house.people["mortuary2"].person))  # fmt: skip
    else:
        unit = registered(house, a_grave(house), points=[HERE] if state == "surveyed" else [])
        if state == "quarantined":
            with house.filing("scene", reason="a grenade") as f:
                quarantine(newest(unit), f)
    assert newest(unit).state == state
    assert_refused(WrongState, lambda: parted(house, unit))


def test_rule_2_a_part_takes_over_where_and_when_its_unit_was_found(house):
    unit = registered(house, a_grave(house), points=[HERE, THERE], surveyed_at=MORNING, surveyed_by="surveyor 1")
    whole = lifted(house, unit, emergency_reason="shelling", lifted_at=MORNING, lifted_by="lifter 1")
    assert_refused(EmptyField, lambda: parted(house, whole, by="scene", description=" "))
    assert_refused(NotYours, lambda: parted(house, whole), match="held by scene 1")
    part = newest(parted(house, whole, by="scene"))
    same = ("grave_id", "state", "points", "latitude_deg", "longitude_deg", "surveyed_at", "lifted_at", "surveyed_by",
            "lifted_by", "emergency_reason", "holder_id", "place")  # fmt: skip
    assert {name: getattr(part, name) for name in same} == {name: getattr(whole, name) for name in same}
    assert (part.split_from_id, part.type, part.description) == (whole.id, "BP", "left forearm")
    assert part.number == derived_number(whole.number, 1, "BP")
    assert parted(house, whole, by="scene", type="GB").number == derived_number(whole.number, 2, "GB")


def test_a_unit_is_set_aside_once_and_goes_on_from_where_it_stood(house):
    unit = registered(house, a_grave(house), points=[HERE])

    def aside(reason="a grenade"):
        with house.filing("scene", reason=reason) as f:
            quarantine(newest(unit), f)

    def back(reason="cleared"):
        with house.filing("scene", reason=reason) as f:
            end_quarantine(newest(unit), f)

    assert_refused(WrongState, back)
    assert_refused(EmptyField, lambda: aside(""))
    aside()
    assert_refused(WrongState, aside)
    assert_refused(EmptyField, lambda: back(""))
    back()
    assert newest(unit).state == "surveyed"
    lifted(house, unit, emergency_reason="shelling")
    aside()
    back()
    assert newest(unit).state == "lifted"
