"""What follows from something does not come before it, as far as dates can tell the two apart."""

import datetime as dt
from types import SimpleNamespace

import pytest
from casebook import a_grave, assert_refused, newest

from dokaz.casework.acts import hand_over, take_over
from dokaz.casework.causality import must_follow
from dokaz.casework.models import Person
from dokaz.casework.records import record_kinds
from dokaz.errors import TooEarly
from dokaz.graves.acts import lift, register_unit
from dokaz.mortuary.acts import examine, receive, sample

DAY = dt.date(2026, 5, 4)
NOON = dt.datetime(2026, 5, 4, 12, 0, 30, tzinfo=dt.UTC)
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


class Dug(SimpleNamespace):
    """Something that was lifted after it was surveyed, and whose site was opened before."""

    follows = {"lifted": ("surveyed", "site.opened")}


def refused(lifted, surveyed=None, opened=None, changed=("lifted", "surveyed")):
    dug = Dug(number="U-1", lifted=lifted, surveyed=surveyed, site=SimpleNamespace(opened=opened))
    try:
        must_follow(dug, set(changed))
    except TooEarly as error:
        return error.before
    return None


@pytest.mark.parametrize(
    ("later", "earlier", "is_refused"),
    [
        (NOON, NOON, False),
        # A form gives minutes, a clock seconds.
        (NOON.replace(second=0), NOON, False),
        (NOON - MINUTE, NOON, True),
        (NOON, NOON - MINUTE, False),
        (DAY, DAY, False),
        (DAY - dt.timedelta(1), DAY, True),
        # A day and a moment: somewhere it is that day already, or still.
        (DAY, NOON + 23 * HOUR, False),
        (DAY, NOON + 25 * HOUR, True),
        (NOON - 26 * HOUR, DAY, False),
        (NOON - 27 * HOUR, DAY, True),
        ("2026", DAY, False),
        ("2025", DAY, True),
        (DAY, "2026-05", False),
        (DAY, "2026-06", True),
        ("1980/1985", "1984", False),
        ("1980/1985", "1986", True),
        # What is approximate or cannot be read bounds nothing.
        ("2025~", DAY, False),
        ("yesterday", DAY, False),
        ("", DAY, False),
        (dt.date.min, NOON, True),
        (dt.date.max, NOON, False),
        (NOON, dt.date.max, True),
        (None, DAY, False),
        (DAY, None, False),
        (DAY, "", False),
    ],
    ids=str,
)
def test_what_is_certainly_earlier_is_refused(later, earlier, is_refused):
    assert (refused(later, earlier) == "surveyed") == is_refused


def test_it_is_held_against_what_another_record_says():
    assert refused(NOON, opened=NOON + HOUR) == "opened"
    assert refused(NOON, opened=NOON) is None


def test_only_what_a_version_changes_is_held_against_it():
    """A date that was corrected elsewhere since does not stop another act on the record."""
    assert refused(NOON, NOON + HOUR, changed=("surveyed",)) == "surveyed"
    assert refused(NOON, NOON + HOUR, changed=("lifted",)) == "surveyed"
    assert refused(NOON, NOON + HOUR, changed=("state",)) is None


def test_every_date_that_follows_and_what_it_follows_is_a_field():
    declared = 0
    for kind in record_kinds():
        for name, before in kind.follows.items():
            kind._meta.get_field(name)
            for path in before:
                of, *rest = kind, *path.split(".")
                for step in rest[:-1]:
                    of = of._meta.get_field(step).related_model
                of._meta.get_field(rest[-1])
                declared += 1
    assert declared > 20


def test_nothing_is_lifted_before_it_was_surveyed_nor_sampled_before_it_was_lifted(house):
    grave, surveyed = a_grave(house), house.clock()
    lifted = house.clock()
    with house.filing("scene") as f:
        found = register_unit(grave, f, type="B", surveyed_at=surveyed)
    with house.filing("scene") as f:
        early = {"lifted_at": surveyed - HOUR, "emergency_reason": "shelling"}
        assert_refused(TooEarly, lambda: lift(newest(found), f, **early), match="lifted_at .* is before surveyed_at")
    assert newest(found).lifted_at is None
    with house.filing("scene") as f:
        lift(newest(found), f, lifted_at=lifted, emergency_reason="shelling")
        to = Person.objects.get(pk=house.acting("mortuary").person)
        transfer = hand_over([newest(found)], f, to=to, from_place="LIS-01", to_place="Mortuary 1")
    with house.filing("mortuary") as f:
        take_over(transfer, f)
    with house.filing("mortuary") as f:
        receive(newest(found), f)
    with house.filing("mortuary") as f:
        examine(newest(found), f)
        assert_refused(
            TooEarly,
            lambda: sample(newest(found), f, element="femur:left", taken_at=lifted - MINUTE),
            match="before lifted_at",
        )
    with house.filing("mortuary") as f:
        assert sample(newest(found), f, element="femur:left", taken_at=lifted).taken_at == lifted


def test_nothing_is_handed_over_before_it_was_held(house):
    """Neither before it was lifted, nor before it was handed to its giver."""
    grave, surveyed = a_grave(house), house.clock()
    lifted = house.clock()
    to, further = (Person.objects.get(pk=house.acting("mortuary", nth).person) for nth in (1, 2))
    with house.filing("scene") as f:
        found = register_unit(grave, f, type="B", surveyed_at=surveyed)
        lift(found, f, lifted_at=lifted, emergency_reason="shelling")

    def hand(by, to, handed_at):
        with house.filing(by) as f:
            places = {"from_place": "LIS-01", "to_place": "Mortuary 1"}
            return hand_over([newest(found)], f, to=to, handed_at=handed_at, **places)

    assert_refused(TooEarly, lambda: hand("scene", to, lifted - MINUTE), match="handed_at .* is before lifted_at")
    transfer = hand("scene", to, lifted + 2 * MINUTE)
    with house.filing("mortuary") as f:
        take_over(transfer, f)
    handed = newest(transfer).handed_at
    assert_refused(TooEarly, lambda: hand("mortuary", further, handed - MINUTE), match="is before handed_at")
    assert hand("mortuary", further, handed).handed_at == handed
