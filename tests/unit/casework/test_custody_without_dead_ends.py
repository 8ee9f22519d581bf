"""Hand-overs that do not go as they should: each state has a way on for somebody, and nothing is lost on it."""

import datetime as dt

import pytest
from casebook import a_grave, a_unit, assert_refused, newest

from dokaz.casework.acts import (
    call_back,
    dismiss,
    hand_over,
    hand_over_for,
    note_discrepancy,
    put_away,
    refuse,
    retire_key,
    set_up_storage,
    settle_discrepancy,
    take_back,
    take_over,
)
from dokaz.casework.filing import filing
from dokaz.casework.models import (
    Discrepancy,
    Key,
    Office,
    Person,
    StoragePlace,
    Transfer,
    TransferState,
)
from dokaz.casework.queries import people_who_left, under_way
from dokaz.errors import BadChoice, DokazError, EmptyField, InTheFuture, NotInOffice, NotYours, TooEarly, WrongState
from dokaz.graves.acts import register_unit
from dokaz.graves.models import RecoveryUnit


def person(house, who):
    return Person.objects.get(pk=house.people[who].person)


@pytest.fixture
def things(house):
    """Three units in the hands of the first of the scene."""
    grave = a_grave(house)
    with house.filing("scene") as f:
        return [a_unit(grave, f) for _ in range(3)]


def does(house, who, act, record, *, why="", **values):
    """Somebody performs an act on a record as it is now."""
    with filing(by=house.people[who], at=house.clock(), reason=why, store=house.store) as f:
        return act(newest(record), f, **values)


def handed(house, things, *, by="scene1", to="mortuary1", **fields):
    with filing(by=house.people[by], at=house.clock(), store=house.store) as f:
        return hand_over([newest(t) for t in things], f, to=person(house, to),
                         **{"from_place": "LIS-01", "to_place": "Mortuary 1", **fields})  # fmt: skip


def leaves(house, who):
    with house.filing("administrator", reason="left") as f:
        for office in Office.objects.filter(person=house.people[who].person, until=None):
            dismiss(office, f)


def held_by(house, thing):
    return next((who for who, actor in house.people.items() if actor.person == newest(thing).holder_id), None)


# --- who may receive -----------------------------------


@pytest.mark.parametrize("to", ["board1", "prosecutor1", "administrator1"])
def test_nothing_is_handed_to_somebody_who_could_not_receive_it(house, things, to):
    assert_refused(WrongState, lambda: handed(house, things, to=to), match="no office in which these things are held")
    assert not Transfer.objects.exists()
    assert handed(house, things, to="dna_examiner1").state == "handed_over"


def test_nothing_is_handed_to_somebody_who_cannot_sign_for_it(house, things):
    with house.filing("administrator", reason="lost") as f:
        retire_key(Key.objects.get(person=house.people["mortuary1"].person), f)
    assert_refused(WrongState, lambda: handed(house, things), match="without a signing key")
    handed(house, things, to="mortuary2")


def test_nothing_in_the_ground_changes_hands(house, things):
    with house.filing("scene") as f:
        found = register_unit(newest(things[0]).grave, f, type="A")
    assert found.holder_id is None
    assert_refused(NotYours, lambda: handed(house, [things[0], found]), match="held by nobody")
    assert not Transfer.objects.exists()


# --- before it is confirmed ----------------------------


def test_the_giver_takes_back_what_nobody_confirmed(house, things):
    made = handed(house, things)
    assert_refused(EmptyField, lambda: does(house, "scene1", take_back, made))
    assert_refused(NotYours, lambda: does(house, "scene2", take_back, made, why="shelling"))
    assert_refused(NotYours, lambda: does(house, "mortuary1", take_back, made, why="shelling"))
    does(house, "scene1", take_back, made, why="the road is shelled")
    assert (newest(made).state, newest(made).reason, newest(made).taken) == ("taken_back", "the road is shelled", [])
    assert {held_by(house, thing) for thing in things} == {"scene1"} and under_way(newest(things[0])) is None
    assert_refused(WrongState, lambda: does(house, "mortuary1", take_over, made))
    assert handed(house, things, to="mortuary2").state == "handed_over"


def test_nobody_takes_back_what_was_confirmed_meanwhile(house, things):
    made = handed(house, things)
    stale = newest(made)
    does(house, "mortuary1", take_over, made)

    def back(read):
        with filing(by=house.people["scene1"], at=house.clock(), reason="late", store=house.store) as f:
            take_back(read, f)

    assert_refused(DokazError, lambda: back(stale))
    assert_refused(WrongState, lambda: back(newest(made)))
    assert {held_by(house, thing) for thing in things} == {"mortuary1"}


def test_the_receiver_refuses_what_they_do_not_want(house, things):
    made = handed(house, things)
    assert_refused(EmptyField, lambda: does(house, "mortuary1", refuse, made))
    assert_refused(NotYours, lambda: does(house, "mortuary2", refuse, made, why="full"))
    assert_refused(NotYours, lambda: does(house, "scene1", refuse, made, why="full"))
    does(house, "mortuary1", refuse, made, why="the cold room is full")
    assert newest(made).state == "refused" and {held_by(house, thing) for thing in things} == {"scene1"}
    assert_refused(WrongState, lambda: does(house, "mortuary1", take_over, made))
    assert_refused(WrongState, lambda: does(house, "scene1", take_back, made, why="late"))
    handed(house, things)


# --- receipt in part -----------------------------------


def test_what_did_not_arrive_stays_with_the_giver_and_is_noted(house, things):
    one, other, third = things
    made = handed(house, things, courier="Nova, 2041", condition="three bags")
    at = newest(made).handed_at + dt.timedelta(minutes=1)
    does(house, "mortuary1", take_over, made, arrived=[one.number, other.number, "LIS-99-0001-B-X"], damaged=[other.number],
         condition="wet", note="the bag is torn", taken_at=at)  # fmt: skip
    found = newest(made)
    assert (found.state, found.condition_at_receipt, found.taken_at, found.courier) == (
        "taken_over",
        "wet",
        at,
        "Nova, 2041",
    )
    assert [thing["number"] for thing in found.taken] == [one.number, other.number]
    assert [held_by(house, thing) for thing in things] == ["mortuary1", "mortuary1", "scene1"]
    noted = {(each.sort, each.label): each for each in Discrepancy.objects.all()}
    assert set(noted) == {("missing", third.number), ("extra", "LIS-99-0001-B-X"), ("damaged", other.number)}
    assert {(each.state, each.note, each.noted_by_id) for each in noted.values()} == {
        ("open", "the bag is torn", house.people["mortuary1"].person)
    }
    handed(house, [third], to="mortuary2")


def test_what_comes_under_a_wrong_label_is_not_taken_over(house, things):
    one, other, third = things
    made = handed(house, things)
    numbers = [thing.number for thing in things]
    does(house, "mortuary1", take_over, made, arrived=numbers[:2], wrong_label=[numbers[1]], seal_broken=[numbers[0]])
    assert [held_by(house, thing) for thing in things] == ["mortuary1", "scene1", "scene1"]
    noted = {(each.sort, each.label) for each in Discrepancy.objects.all()}
    assert noted == {("wrong_label", other.number), ("missing", third.number), ("seal_broken", one.number)}


def test_a_whole_receipt_notes_nothing(house, things):
    made = handed(house, things)
    does(house, "mortuary1", take_over, made)
    assert newest(made).taken == newest(made).things and not Discrepancy.objects.exists()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"arrived": []}, EmptyField),
        ({"arrived": ["LIS-99-0001-B-X"]}, EmptyField),
        ({"seal_broken": ["LIS-99-0001-B-X"]}, BadChoice),
        ({"wrong_label": ["LIS-99-0001-B-X"]}, BadChoice),
        ({"arrived": "first", "damaged": "second"}, BadChoice),
        ({"taken_at": dt.datetime(2030, 1, 1, tzinfo=dt.UTC)}, InTheFuture),
        ({"taken_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, TooEarly),
    ],
)
def test_a_receipt_that_cannot_be_is_refused(house, things, values, error):
    made = handed(house, things)
    named = {"first": [things[0].number], "second": [things[1].number]}
    values = {name: named.get(value, value) if isinstance(value, str) else value for name, value in values.items()}
    assert_refused(error, lambda: does(house, "mortuary1", take_over, made, **values))
    assert newest(made).state == "handed_over" and not Discrepancy.objects.exists()
    does(house, "mortuary1", take_over, made)


def test_a_discrepancy_is_open_until_somebody_says_what_it_was(house, things):
    made = handed(house, things)
    assert_refused(WrongState, lambda: does(house, "mortuary1", note_discrepancy, made, sort="damaged", label="x"))
    does(house, "mortuary1", take_over, made)
    said = {"sort": "damaged", "label": things[0].number}
    assert_refused(NotYours, lambda: does(house, "scene1", note_discrepancy, made, **said))
    assert_refused(BadChoice, lambda: does(house, "mortuary1", note_discrepancy, made, **{**said, "sort": "odd"}))
    assert_refused(EmptyField, lambda: does(house, "mortuary1", note_discrepancy, made, **{**said, "label": " "}))
    noted = does(house, "mortuary1", note_discrepancy, made, note="a tear", **said)
    assert_refused(EmptyField, lambda: does(house, "scene1", settle_discrepancy, noted, outcome=" "))
    does(house, "scene1", settle_discrepancy, noted, outcome=" torn at loading ")
    assert (newest(noted).state, newest(noted).outcome) == ("settled", "torn at loading")
    assert_refused(WrongState, lambda: does(house, "scene1", settle_discrepancy, noted, outcome="again"))


# --- people who leave ----------------------------------


def handed_for(house, things, *, by="investigator1", giver="scene1", to="mortuary1", why="they left"):
    with filing(by=house.people[by], at=house.clock(), reason=why, store=house.store) as f:
        return hand_over_for([newest(t) for t in things], f, giver=person(house, giver), to=person(house, to),
                             from_place="LIS-01", to_place="Mortuary 1")  # fmt: skip


def test_what_somebody_holds_who_left_is_handed_over_in_their_place(house, things):
    assert_refused(WrongState, lambda: handed_for(house, things), match="in office")
    leaves(house, "scene1")
    assert list(people_who_left()) == [person(house, "scene1")]
    assert_refused(EmptyField, lambda: handed_for(house, things, why=" "))
    assert_refused(NotInOffice, lambda: handed_for(house, things, by="scene2"))
    assert_refused(NotYours, lambda: handed_for(house, things, to="investigator1"))
    made = handed_for(house, things)
    assert (made.giver_id, made.deputy_id) == (house.people["scene1"].person, house.people["investigator1"].person)
    does(house, "mortuary1", take_over, made)
    assert {held_by(house, thing) for thing in things} == {"mortuary1"} and not people_who_left().exists()


def test_a_hand_over_is_called_back_where_giver_and_receiver_left(house, things):
    made = handed(house, things)
    leaves(house, "mortuary1")
    assert_refused(WrongState, lambda: does(house, "investigator1", call_back, made, why="both left"))
    leaves(house, "scene1")
    assert_refused(EmptyField, lambda: does(house, "investigator1", call_back, made))
    assert_refused(NotYours, lambda: handed_for(house, things, to="mortuary2"), match="not yet confirmed")
    does(house, "investigator1", call_back, made, why="both left")
    again = handed_for(house, things, to="mortuary2")
    does(house, "mortuary2", take_over, again)
    assert {held_by(house, thing) for thing in things} == {"mortuary2"}


@pytest.mark.parametrize("gone", [(), ("scene1",), ("mortuary1",), ("scene1", "mortuary1")], ids=str)
@pytest.mark.parametrize("state", list(TransferState))
def test_nobody_is_stuck_in_whatever_state_a_transfer_is(house, things, state, gone):
    """From every state, whoever left since, the things come into the hands of somebody who is there."""
    made = handed(house, things)
    match state:
        case TransferState.TAKEN_OVER:
            does(house, "mortuary1", take_over, made, arrived=[things[0].number])
        case TransferState.TAKEN_BACK:
            does(house, "scene1", take_back, made, why="shelling")
        case TransferState.REFUSED:
            does(house, "mortuary1", refuse, made, why="full")
    assert newest(made).state == state
    for who in gone:
        leaves(house, who)
    if newest(made).state == TransferState.HANDED_OVER:
        if "mortuary1" not in gone:
            does(house, "mortuary1", take_over, made)
        elif "scene1" not in gone:
            does(house, "scene1", take_back, made, why="nobody receives it")
        else:
            does(house, "investigator1", call_back, made, why="both left")
    for thing in things:
        holder = held_by(house, thing)
        on = handed_for(house, [thing], giver=holder, to="mortuary2") if holder in gone else handed(
            house, [thing], by=holder, to="mortuary2")  # fmt: skip
        does(house, "mortuary2", take_over, on)
    assert {held_by(house, thing) for thing in things} == {"mortuary2"}
    for noted in Discrepancy.objects.filter(state="open"):
        does(house, "mortuary2", settle_discrepancy, noted, outcome="found")


# --- shelves -------------------------------------------


def test_a_thing_lies_on_a_shelf_until_it_changes_hands(house, things):
    with house.filing("scene") as f:
        room = set_up_storage(f, name="Cold room")
        shelf = set_up_storage(f, name=" A3 ", inside=room, note="left")
    assert (shelf.number, shelf.path) == ("STO-000002", "Cold room › A3")

    def put(who="scene1", units=things):
        with filing(by=house.people[who], at=house.clock(), store=house.store) as f:
            put_away([newest(unit) for unit in units], f, kept_in=newest(shelf))

    assert_refused(NotYours, lambda: put("mortuary1"), match="held by")
    assert_refused(EmptyField, lambda: put(units=[]))
    put()
    assert {(u.kept_in_id, u.place) for u in RecoveryUnit.objects.all()} == {(shelf.pk, "Cold room › A3")}
    does(house, "mortuary1", take_over, handed(house, things))
    assert {(u.kept_in_id, u.place) for u in RecoveryUnit.objects.all()} == {(None, "Mortuary 1")}


def test_two_shelves_in_one_place_have_two_names(house):
    with house.filing("scene") as f:
        room = set_up_storage(f, name="Cold room")
        set_up_storage(f, name="A3", inside=room)

    def again(**fields):
        with house.filing("mortuary") as f:
            set_up_storage(f, **fields)

    assert_refused(NotYours, lambda: again(name="A3 ", inside=newest(room)), match="that name")
    assert_refused(EmptyField, lambda: again(name=" "))
    again(name="A3")
    assert StoragePlace.objects.count() == 3
