"""A release is signed by whoever holds the remains, for a named recipient; what was released may come back."""

import pytest
from casebook import assert_refused, doubted, identified, missing, newest, sign_revocation, told, units

from dokaz.casework.acts import hand_over
from dokaz.casework.models import Person
from dokaz.errors import DokazError, EmptyField, NotYours, WrongState
from dokaz.identification.acts import release, take_return
from dokaz.identification.models import Release
from dokaz.identification.queries import to_take_back


@pytest.fixture
def case(house):
    (unit,) = units(house)
    return unit, told(house, identified(house, unit, missing(house, "Андрій")[0]))


def person(house, who):
    return Person.objects.get(pk=house.people[who].person)


def released(house, decision, *, nth=1, **fields):
    with house.filing("mortuary", nth) as f:
        return release(newest(decision), f, **{
            "released_to": " Mother ", "document_seen": "AB 1", "to_place": "Izium", "family_choice": "wait",
            "identity_checked_by": person(house, "board2"), **fields})  # fmt: skip


def returned(house, given, *, nth=2, **fields):
    with house.filing("mortuary", nth) as f:
        take_return(newest(given), f, **{
            "returned_by": "Mother", "return_document": "AB 1", "place": "Mortuary 1", **fields})  # fmt: skip


def test_remains_go_from_their_holder_to_a_named_recipient(house, case):
    unit, decision = case
    for name in ("released_to", "document_seen", "to_place"):
        assert_refused(EmptyField, lambda name=name: released(house, decision, **{name: " "}))
    assert_refused(NotYours, lambda: released(house, decision, nth=2), match="held by mortuary 1")
    given = released(house, decision)
    assert (given.released_to, given.document_seen, given.to_place) == ("Mother", "AB 1", "Izium")
    assert given.released_by_id == house.people["mortuary1"].person
    gone = newest(unit)
    assert (gone.state, gone.holder_id, gone.place, gone.kept_in_id) == ("released", None, "Izium", None)
    assert_refused(DokazError, lambda: released(house, decision))


def test_remains_that_are_on_their_way_are_not_released(house, case):
    unit, decision = case
    with house.filing("mortuary") as f:
        hand_over([newest(unit)], f, to=person(house, "mortuary2"), from_place="Mortuary 1", to_place="Mortuary 2")
    assert_refused(NotYours, lambda: released(house, decision), match="not yet confirmed")


def test_remains_come_back_after_a_revocation_and_are_examined_again(house, case):
    unit, decision = case
    given = released(house, decision)
    assert_refused(WrongState, lambda: returned(house, given))
    revoked = doubted(house, newest(decision))
    sign_revocation(house, revoked, 1)
    sign_revocation(house, newest(revoked), 2)
    assert list(to_take_back()) == [newest(given)]
    for name in ("returned_by", "return_document", "place"):
        assert_refused(EmptyField, lambda name=name: returned(house, given, **{name: " "}))
    returned(house, given)
    back, record = newest(unit), Release.objects.get()
    assert (back.state, back.place, back.holder_id) == ("received", "Mortuary 1", house.people["mortuary2"].person)
    assert (record.returned_by, record.return_document) == ("Mother", "AB 1")
    assert record.returned_at is not None and record.returned_to_id == house.people["mortuary2"].person
    assert not to_take_back().exists()
    assert_refused(WrongState, lambda: returned(house, given))
