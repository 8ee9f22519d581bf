"""What holds of units on the table, of samples and of profiles, whoever calls the act."""

import datetime as dt

import pytest
from casebook import a_profile, assert_refused, newest, units

from dokaz.casework.models import Person
from dokaz.errors import (
    BadChoice,
    BadInterval,
    BadNumber,
    EmptyField,
    InTheFuture,
    NotYours,
    NumberTaken,
    OutOfRange,
    TooManyAlleles,
    WrongKind,
    WrongState,
)
from dokaz.mortuary.acts import SeenFinding, examine, profile, receive, sample, store, withdraw_profile
from dokaz.mortuary.models import Examination, Finding, Profile, Sample
from dokaz.numbers import derived_number

LATER = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
MORNING = dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)


@pytest.fixture
def unit(house):
    """Examined, and sampled once."""
    return units(house)[0]


@pytest.fixture
def lifted(house):
    """Out of the ground, in the hands of the team at the grave."""
    from casebook import a_grave

    from dokaz.graves.acts import lift, register_unit

    grave = a_grave(house, "02")
    with house.filing("scene") as f:
        found = register_unit(grave, f, type="B")
        lift(found, f, emergency_reason="shelling")
    return found


def handed_to(house, thing, role, nth=1):
    from dokaz.casework.acts import hand_over, take_over

    with house.filing("scene") as f:
        to = Person.objects.get(pk=house.acting(role, nth).person)
        transfer = hand_over([newest(thing)], f, to=to, from_place="LIS-01", to_place="Mortuary 1")
    with house.filing(role, nth) as f:
        take_over(transfer, f)


def received(house, thing, nth=1):
    with house.filing("mortuary", nth) as f:
        receive(newest(thing), f)


# --- receiving and storing ----------------------------------------


def test_rule_4_a_unit_is_received_by_whoever_holds_it(house, lifted):
    assert_refused(NotYours, lambda: received(house, lifted))
    handed_to(house, lifted, "mortuary")
    assert_refused(NotYours, lambda: received(house, lifted, 2))
    received(house, lifted)
    assert newest(lifted).state == "received"
    assert_refused(WrongState, lambda: received(house, lifted))


def stored(house, thing):
    with house.filing("mortuary") as f:
        store(newest(thing), f)


def test_a_unit_is_stored_after_it_was_examined(house, lifted, unit):
    assert_refused(WrongState, lambda: stored(house, lifted))
    stored(house, unit)
    assert newest(unit).state == "stored"
    assert_refused(WrongState, lambda: stored(house, unit))


# --- examining ----------------------------------------


def examined(house, thing, **seen):
    with house.filing("mortuary") as f:
        return examine(newest(thing), f, **seen)


def test_a_unit_is_examined_once_it_is_on_the_table(house, lifted):
    assert_refused(WrongState, lambda: examined(house, lifted, sex=5))
    handed_to(house, lifted, "mortuary")
    received(house, lifted)
    examined(house, lifted, sex=5)
    assert newest(lifted).state == "examined"


def test_a_second_look_is_a_second_examination(house, unit):
    stored(house, unit)
    examined(house, unit, sex=1)
    assert Examination.objects.filter(unit=unit).count() == 2
    assert newest(unit).state == "stored"


@pytest.mark.parametrize(
    ("seen", "error"),
    [
        ({"sex": 6}, BadChoice),
        ({"age_years": (35, 25)}, BadInterval),
        ({"age_years": (-1, 25)}, OutOfRange),
        ({"age_years": (25, 121)}, OutOfRange),
        ({"age_years": ("", 25)}, EmptyField),
        ({"age_years": ("old", 25)}, WrongKind),
        ({"stature_cm": (171, 165)}, BadInterval),
        ({"stature_cm": (29, 165)}, OutOfRange),
        ({"stature_cm": (165, 261)}, OutOfRange),
        ({"elements": ["wing"]}, BadChoice),
        ({"elements": ["left femur"]}, BadChoice),
        ({"completeness": "half"}, BadChoice),
        ({"examined_at": LATER}, InTheFuture),
        ({"findings": [SeenFinding("", "blunt")]}, EmptyField),
        ({"findings": [SeenFinding("cranium", "")]}, EmptyField),
        ({"findings": [SeenFinding("cranium", "curse")]}, BadChoice),
        ({"findings": [SeenFinding("cranium", "blunt", timing="once")]}, BadChoice),
    ],
)
def test_an_examination_that_cannot_be_is_refused(house, unit, seen, error):
    assert_refused(error, lambda: examined(house, unit, **seen))
    assert Examination.objects.count() == 1


@pytest.mark.parametrize("interval", [(0, 120), (30, 30)])
def test_the_bounds_of_an_age_are_ages(house, unit, interval):
    made = examined(house, unit, age_years=interval)
    assert (made.age_low_years, made.age_high_years) == tuple(map(str, interval))


def test_an_examination_is_kept_as_seen(house, unit):
    said = {
        "sex": 4,
        "sex_method": "pelvis",
        "completeness": ">=75",
        "elements": ["cranium", "femur:left"],
        "clothing": "a blue coat",
        "marks": "a healed fracture",
        "teeth": "46 missing",
        "description": "a body",
        "examined_at": MORNING,
    }
    other = Person.objects.get(pk=house.acting("mortuary", 2).person)
    seen = [SeenFinding("cranium", "blunt", "perimortem", "a depression"), SeenFinding("behind the ear", "sharp")]
    filed = examined(house, unit, **said, stature_cm=(30, 260), age_years=("20.5", 40), examiner=other, findings=seen)
    made = Examination.objects.get(pk=filed.pk)
    assert {name: getattr(made, name) for name in said} == said
    assert (made.stature_low_cm, made.stature_high_cm) == ("30", "260")
    assert (made.age_low_years, made.age_high_years) == ("20.5", "40")
    assert (made.unit_id, made.examiner_id, made.number) == (unit.id, other.id, "EXA-000002")
    coded, stated = Finding.objects.filter(examination=made).order_by("number")
    assert (coded.region, coded.region_stated, coded.mechanism) == ("cranium", "", "blunt")
    assert (coded.timing, coded.description, coded.number) == ("perimortem", "a depression", "FND-000001")
    assert (stated.region, stated.region_stated, stated.timing) == ("", "behind the ear", "undetermined")
    assert examined(house, unit).examiner_id == house.acting("mortuary").person


# --- sampling ----------------------------------------


def sampled(house, thing, **fields):
    with house.filing("mortuary") as f:
        return sample(newest(thing), f, **{"element": "femur:left", **fields})


def test_nothing_is_sampled_before_it_was_examined(house, lifted):
    assert_refused(WrongState, lambda: sampled(house, lifted))
    handed_to(house, lifted, "mortuary")
    received(house, lifted)
    assert_refused(WrongState, lambda: sampled(house, lifted))
    examined(house, lifted, sex=5)
    taken = sampled(house, lifted)
    assert taken.number == derived_number(lifted.number, 1, "S")
    assert newest(lifted).state == "sampled"


def test_the_number_on_a_tube_is_one_of_its_unit(house, unit):
    """A tube of another unit's number would carry another person's DNA."""
    other = units(house, grave=unit.grave)[0]
    for wrong in (
        derived_number(other.number, 2, "S"),
        other.number,
        unit.number,
        derived_number(unit.number, 2, "BP"),
    ):
        assert_refused(BadNumber, lambda wrong=wrong: sampled(house, unit, number=wrong))
    right = derived_number(unit.number, 2, "S")
    assert sampled(house, unit, number=right).number == right


def test_the_number_on_a_tube_is_given_once(house, unit):
    assert_refused(NumberTaken, lambda: sampled(house, unit, number=derived_number(unit.number, 1, "S")))
    assert sampled(house, unit).number == derived_number(unit.number, 2, "S")


def test_a_sample_says_what_was_sampled_and_when(house, unit):
    assert_refused(EmptyField, lambda: sampled(house, unit, element=" "))
    assert_refused(InTheFuture, lambda: sampled(house, unit, taken_at=LATER))
    other = Person.objects.get(pk=house.acting("mortuary", 2).person)
    said = {"taken_at": MORNING, "laboratory": "L", "purpose": "DNA", "note": "a note"}
    made = Sample.objects.get(pk=sampled(house, unit, taken_by=other, **said).pk)
    assert {name: getattr(made, name) for name in said} == said
    assert (made.element, made.element_stated, made.taken_by_id) == ("femur:left", "", other.id)
    assert (made.unit_id, made.holder_id, made.place) == (unit.id, house.acting("mortuary").person, newest(unit).place)
    stated = sampled(house, unit, element="a splinter")
    assert (stated.element, stated.element_stated) == ("", "a splinter")
    assert stated.taken_by_id == house.acting("mortuary").person


# --- profiles ----------------------------------------


def typed(house, unit, **fields):
    given = {"laboratory": "L", "kit": "K", "genotypes": {"TH01": ["9.3", "6"]}}
    with house.filing("dna_examiner") as f:
        return profile(unit.samples.first(), f, **{**given, **fields})


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"laboratory": " "}, EmptyField),
        ({"kit": ""}, EmptyField),
        ({"genotypes": {"TH01": ["6"]}}, TooManyAlleles),
        ({"genotypes": {"TH01": ["6", "7", "8"]}}, TooManyAlleles),
        ({"genotypes": {" ": ["6", "7"]}}, EmptyField),
        ({"genotypes": {"TH01": ["6", "7 8"]}}, WrongKind),
        ({"attempt": 0}, OutOfRange),
        ({"attempt": 100}, OutOfRange),
        ({"typed_on": LATER.date()}, InTheFuture),
    ],
)
def test_a_profile_that_is_no_single_persons_is_refused(house, unit, fields, error):
    assert_refused(error, lambda: typed(house, unit, **fields))
    assert not Profile.objects.exists()


def test_a_profile_is_kept_as_typed_and_a_failed_attempt_too(house, unit):
    said = {
        "attempt": 99,
        "typed_on": dt.date(2026, 5, 2),
        "lone_alleles": ["FGA"],
        "lineage": {"DYS19": ["14"]},
        "no_result": ["SE33"],
        "note": "a note",
    }
    made = Profile.objects.get(pk=typed(house, unit, **said).pk)
    assert {name: getattr(made, name) for name in said} == said
    assert (made.genotypes, made.laboratory, made.kit) == ({"TH01": ["6", "9.3"]}, "L", "K")
    assert (made.sample_id, made.number, made.withdrawn) == (unit.samples.get().id, "DNA-000001", False)
    assert typed(house, unit, genotypes={}).genotypes == {}
    assert typed(house, unit).attempt == 1


def test_a_profile_is_withdrawn_once_and_says_why(house, unit):
    made = a_profile(house, unit)

    def withdrawn(reason):
        with house.filing("dna_examiner", reason=reason) as f:
            withdraw_profile(newest(made), f)

    assert_refused(EmptyField, lambda: withdrawn(" "))
    withdrawn("tubes were swapped")
    assert newest(made).withdrawn and newest(made).reason == "tubes were swapped"
    assert_refused(WrongState, lambda: withdrawn("once more"))
