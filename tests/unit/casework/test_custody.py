"""Rule 4: every move is between two people, of what the giver holds, once; and it is kept as it happened."""

import datetime as dt

import pytest
from casebook import a_grave, a_unit, assert_refused, newest, units

from dokaz.casework.acts import deliver, dismiss, hand_over, take_over
from dokaz.casework.models import Delivery, Office, Person, Transfer
from dokaz.casework.queries import custody_of, inventory, on_the_way, under_way
from dokaz.errors import BadChoice, EmptyField, InTheFuture, NotYours, WrongState

LATER = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
MORNING = dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)


def person(house, who):
    return Person.objects.get(pk=house.people[who].person)


@pytest.fixture
def things(house):
    """Two units in the hands of the first of the scene."""
    grave = a_grave(house)
    with house.filing("scene") as f:
        return [a_unit(grave, f) for _ in range(2)]


def handed(house, things, *, by="scene1", to="mortuary1", **fields):
    from dokaz.casework.filing import filing

    places = {"from_place": "LIS-01", "to_place": "Mortuary 1"}
    with filing(by=house.people[by], at=house.clock(), store=house.store) as f:
        return hand_over([newest(t) for t in things], f, to=person(house, to), **{**places, **fields})


def taken(house, transfer, *, by="mortuary1"):
    from dokaz.casework.filing import filing

    with filing(by=house.people[by], at=house.clock(), store=house.store) as f:
        take_over(newest(transfer), f)


def test_rule_4_a_transfer_is_kept_as_it_happened(house, things):
    said = {"from_place": "LIS-01", "to_place": "Mortuary 1", "purpose": "examination", "seal": "S-7",
            "condition": "two bags", "handed_at": MORNING}  # fmt: skip
    made = Transfer.objects.get(pk=handed(house, things, **said).pk)
    assert {name: getattr(made, name) for name in said} == said
    assert made.things == [{"kind": "graves.RecoveryUnit", "id": str(t.id), "number": t.number} for t in things]
    assert (made.giver_id, made.receiver_id) == (house.people["scene1"].person, house.people["mortuary1"].person)
    assert (made.state, made.taken_at, made.number) == ("handed_over", None, "TRF-000001")
    taken(house, made)
    assert newest(made).state == "taken_over" and newest(made).taken_at is not None
    for thing in things:
        held = newest(thing)
        assert (held.holder_id, held.place) == (house.people["mortuary1"].person, "Mortuary 1")
        assert held.transfer_id == made.id
        assert custody_of(held) == [made]


def test_rule_4_a_hand_over_without_a_time_happened_now(house, things):
    made = newest(handed(house, things))
    assert made.handed_at == MORNING.replace(day=4, hour=9, minute=made.handed_at.minute, second=3)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"from_place": " "}, EmptyField),
        ({"to_place": ""}, EmptyField),
        ({"handed_at": LATER}, InTheFuture),
        ({"to": "scene1"}, NotYours),
        ({"by": "scene2"}, NotYours),
        ({"by": "mortuary1", "to": "scene1"}, NotYours),
    ],
)
def test_rule_4_a_hand_over_that_cannot_be_is_refused(house, things, fields, error):
    assert_refused(error, lambda: handed(house, things, **fields))
    assert not Transfer.objects.exists()


def test_rule_4_nothing_is_no_transfer_and_each_thing_is_named_once(house, things):
    assert_refused(EmptyField, lambda: handed(house, []))
    assert_refused(NotYours, lambda: handed(house, [things[0], things[0]]), match="twice")
    assert handed(house, things).state == "handed_over"


def test_rule_4_one_thing_of_somebody_else_stops_the_whole_transfer(house, things):
    one, other = things
    taken(house, handed(house, [one]))
    assert_refused(NotYours, lambda: handed(house, [other, one]), match=one.number)
    handed(house, [other])
    assert Transfer.objects.count() == 2


def test_rule_4_nothing_is_given_to_somebody_without_an_office(house, things):
    with house.filing("administrator", reason="left") as f:
        dismiss(Office.objects.get(pk=house.people["mortuary1"].office), f)
    assert_refused(WrongState, lambda: handed(house, things), match="mortuary 1")
    handed(house, things, to="mortuary2")
    assert Transfer.objects.get().receiver_id == house.people["mortuary2"].person


def test_rule_4_what_is_on_its_way_waits_for_its_receiver(house, things):
    one, other = things
    made = handed(house, [one])
    assert_refused(NotYours, lambda: handed(house, [one, other]), match=one.number)
    assert (under_way(newest(one)), under_way(newest(other))) == (made, None)
    assert on_the_way() == [made]
    assert custody_of(newest(one)) == [made]
    assert_refused(NotYours, lambda: taken(house, made, by="mortuary2"), match="mortuary 1")
    assert_refused(NotYours, lambda: taken(house, made, by="scene1"))
    taken(house, made)
    assert on_the_way() == [] and under_way(newest(one)) is None
    assert_refused(WrongState, lambda: taken(house, made))
    assert_refused(NotYours, lambda: handed(house, [one]))
    again = handed(house, [one], by="mortuary1", to="scene2")
    assert custody_of(newest(one)) == [made, again]


def test_rule_4_within_one_filing_too_a_thing_is_handed_over_once(house, things):
    """A list of moves is one filing."""

    def twice():
        with house.filing("scene") as f:
            fresh = [newest(t) for t in things]
            for to in ("mortuary1", "mortuary2"):
                hand_over(fresh, f, to=person(house, to), from_place="LIS-01", to_place="Mortuary 1")

    assert_refused(NotYours, twice, match="not yet confirmed")


def test_rule_4_within_one_filing_what_was_taken_over_may_be_given_on(house, things):
    made = handed(house, things)
    with house.filing("mortuary") as f:
        take_over(newest(made), f)
        hand_over([newest(t) for t in things], f, to=person(house, "mortuary2"), from_place="Mortuary 1", to_place="2")
    assert on_the_way() == list(Transfer.objects.filter(number="TRF-000002"))


def test_rule_4_the_inventory_says_where_and_in_whose_hands(house, things):
    (unit,) = units(house, grave=a_grave(house, "02"))
    scene, mortuary = person(house, "scene1"), person(house, "mortuary1")
    assert inventory() == [
        ("graves.RecoveryUnit", "LIS-01", scene.number, scene.name, 2),
        ("graves.RecoveryUnit", "Mortuary 1", mortuary.number, mortuary.name, 1),
        ("mortuary.Sample", "Mortuary 1", mortuary.number, mortuary.name, 1),
    ]
    assert newest(unit).place == "Mortuary 1"


# --- deliveries ----------------------------------------


def delivered(house, **fields):
    from io import BytesIO

    files = [("a.csv", BytesIO(b"a")), ("b.csv", BytesIO(b"bb"))]
    with house.filing("scene") as f:
        return deliver(f, **{"form": "survey", "files": files, "taken": {"units": 7}, **fields})


def test_a_delivery_keeps_its_files_and_what_was_taken_from_them(house):
    from hashlib import sha256
    from io import BytesIO

    made = Delivery.objects.get(pk=delivered(house, remarks=[{"code": "column_unknown", "column": "hair"}]).pk)
    hashes = [sha256(content).hexdigest() for content in (b"a", b"bb")]
    assert made.files == [
        {"name": "a.csv", "sha256": hashes[0], "bytes": 1},
        {"name": "b.csv", "sha256": hashes[1], "bytes": 2},
    ]
    assert (made.form, made.taken, made.remarks) == (
        "survey",
        {"units": 7},
        [{"code": "column_unknown", "column": "hair"}],
    )
    assert made.number == "DEL-000001"
    from dokaz.casework.journal import history

    assert history(made.id)[0].entry.files == tuple(sorted(f"sha256:{each}" for each in hashes))
    assert_refused(EmptyField, lambda: delivered(house, files=[]))
    assert_refused(BadChoice, lambda: delivered(house, remarks=[{"code": "blank"}]))
    assert_refused(EmptyField, lambda: delivered(house, files=[(" ", BytesIO(b"a"))]))
    assert_refused(EmptyField, lambda: delivered(house, form=" "))
