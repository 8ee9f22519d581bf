"""A correction moves no date past what follows from it, nor before what it follows; whoever must move both has a way."""

import datetime as dt

import pytest
from casebook import a_grave, assert_refused, newest

from dokaz.casework.acts import agree_transfer, correct_transfer, hand_over, take_over
from dokaz.casework.corrections import put_right
from dokaz.casework.models import Correction, Person
from dokaz.errors import TooEarly
from dokaz.graves.acts import lift, register_unit
from dokaz.mortuary.acts import examine, receive
from dokaz.mortuary.models import Examination

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def corrected(house, record, role="mortuary", **values):
    kind = type(record)
    with house.filing(role, reason="the watch was wrong") as f:
        put_right(kind).correct(newest(record), f, values=values)


def voided(house, record, role="mortuary"):
    with house.filing(role, reason="of another body") as f:
        put_right(type(record)).void(newest(record), f)


@pytest.fixture
def examined(house):
    """A unit that was lifted, handed over and examined, and its examination."""
    grave = a_grave(house)
    lifted = house.clock()
    with house.filing("scene") as f:
        unit = register_unit(grave, f, type="B", surveyed_at=lifted)
        lift(unit, f, lifted_at=lifted, emergency_reason="shelling")
    to = Person.objects.get(pk=house.acting("mortuary").person)
    with house.filing("scene") as f:
        transfer = hand_over([newest(unit)], f, to=to, from_place="LIS-01", to_place="Mortuary 1")
    with house.filing("mortuary") as f:
        take_over(transfer, f)
    with house.filing("mortuary") as f:
        receive(newest(unit), f)
    with house.filing("mortuary") as f:
        examination = examine(newest(unit), f, examined_at=f.at)
    return newest(unit), newest(examination), newest(transfer)


def iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_unit_is_not_lifted_after_it_was_examined(house, examined):
    unit, examination, _transfer = examined
    late = iso(examination.examined_at + MINUTE)
    refused = assert_refused(TooEarly, lambda: corrected(house, unit, "scene", lifted_at=late))
    assert (refused.record, refused.field, refused.before) == (examination.number, "examined_at", "lifted_at")


def test_a_unit_is_not_lifted_after_it_was_handed_over(house, examined):
    unit, _examination, transfer = examined
    late = iso(transfer.handed_at + MINUTE)
    refused = assert_refused(TooEarly, lambda: corrected(house, unit, "scene", lifted_at=late))
    assert refused.record == transfer.number


def test_an_examination_is_not_before_the_unit_was_lifted(house, examined):
    unit, examination, _transfer = examined
    early = iso(unit.lifted_at - MINUTE)
    assert_refused(TooEarly, lambda: corrected(house, examination, examined_at=early), match="is before surveyed_at")


def test_a_correction_that_keeps_the_order_is_filed(house, examined):
    unit, examination, _transfer = examined
    corrected(house, examination, examined_at=iso(unit.lifted_at))
    assert newest(examination).examined_at == unit.lifted_at.replace(second=newest(examination).examined_at.second)
    corrected(house, unit, "scene", surveyed_at=iso(unit.surveyed_at - DAY), lifted_at=iso(unit.lifted_at - MINUTE))
    assert newest(unit).lifted_at < unit.lifted_at


def test_an_examination_that_counts_again_is_held_against_what_was_corrected_meanwhile(house, examined):
    unit, examination, transfer = examined
    early = iso(unit.lifted_at)
    corrected(house, examination, examined_at=early)
    voided(house, examination)
    corrected(house, unit, "scene", surveyed_at=iso(unit.lifted_at + MINUTE), lifted_at=iso(transfer.handed_at))
    refused = assert_refused(TooEarly, lambda: voided(house, Examination.every.get(pk=examination.pk)))
    assert refused.field == "examined_at"


def test_the_hour_of_a_transfer_stays_between_what_came_before_and_what_came_next(house, examined):
    unit, _examination, first = examined
    to = Person.objects.get(pk=house.acting("mortuary", 2).person)
    with house.filing("mortuary") as f:
        second = hand_over([newest(unit)], f, to=to, from_place="Mortuary 1", to_place="Mortuary 2")
    with house.filing("mortuary", 2) as f:
        take_over(second, f)

    def moved(transfer, role, moment):
        with house.filing(role, reason="the watch was wrong") as f:
            correct_transfer(newest(transfer), f, values={"handed_at": iso(moment)})

    refused = assert_refused(TooEarly, lambda: moved(first, "scene", unit.lifted_at - MINUTE))
    assert (refused.record, refused.before) == (first.number, "lifted_at")
    refused = assert_refused(TooEarly, lambda: moved(second, "mortuary", first.handed_at - MINUTE))
    assert (refused.record, refused.before) == (second.number, "handed_at")
    moved(second, "mortuary", first.handed_at)
    with house.filing("mortuary", 2, reason="compared with my notes") as f:
        agree_transfer(Correction.objects.get(), f)
    assert newest(second).handed_at == first.handed_at.replace(second=newest(second).handed_at.second)
    refused = assert_refused(TooEarly, lambda: moved(first, "scene", first.handed_at + MINUTE))
    assert refused.record == second.number
