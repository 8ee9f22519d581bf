"""A list of moves: everybody files the hand-overs that they gave, each once, when it is their turn."""

import pytest
from casebook import a_grave, a_unit, assert_refused, newest, take_in

from dokaz.casework.acts import take_over
from dokaz.casework.models import Delivery, Transfer
from dokaz.errors import BadFile
from dokaz.graves.models import RecoveryUnit
from dokaz.mortuary.custody import CUSTODY, LEFT

HEAD = "number,from_place,to_place,giver,receiver,handed_at,purpose,seal,note\n"


@pytest.fixture
def things(house):
    """Two units in the hands of the first of the scene."""
    grave = a_grave(house)
    with house.filing("scene") as f:
        return [a_unit(grave, f) for _ in range(2)]


def move(
    thing,
    giver="scene 1",
    receiver="mortuary 1",
    at="2026-05-01T09:00:00Z",
    *,
    to="Mortuary 1",
    seal="S-7",
    of="LIS-01",
):
    return f"{thing.number},{of},{to},{giver},{receiver},{at},examination,{seal},two bags\n"


def filed(house, role, *moves):
    return take_in(house, CUSTODY, role, ("moves.csv", (HEAD + "".join(moves)).encode()))


def test_moves_that_are_alike_are_one_transfer(house, things):
    one, other = things
    assert filed(house, "scene", move(one), move(other)) == {"transfers": 1, "moves": 2, LEFT: 0}
    made = Transfer.objects.get()
    assert [thing["number"] for thing in made.things] == [one.number, other.number]
    assert (made.from_place, made.to_place, made.purpose) == ("LIS-01", "Mortuary 1", "examination")
    assert (made.seal, made.condition) == ("S-7", "two bags")
    assert made.handed_at.isoformat() == "2026-05-01T09:00:00+00:00"
    assert made.receiver_id == house.acting("mortuary").person
    assert (made.delivery.form, made.delivered_row) == ("custody", "moves.csv:2")
    assert made.delivery.taken == {"transfers": 1, "moves": 2, LEFT: 0}


@pytest.mark.parametrize(
    "different", [{"seal": "S-8"}, {"receiver": "mortuary 2"}, {"at": "2026-05-01T09:00:01Z"}, {"to": "Mortuary 2"}]
)
def test_moves_that_differ_in_anything_are_two(house, things, different):
    one, other = things
    assert filed(house, "scene", move(one), move(other, **different)) == {"transfers": 2, "moves": 2, LEFT: 0}


def test_everybody_files_their_own_moves_each_once_and_in_turn(house, things):
    one, other = things
    onward = move(one, "mortuary 1", "mortuary 2", "2026-05-01T10:00:00Z", of="Mortuary 1", to="Mortuary 2")
    moves = (move(one), onward, move(other, "scene 2"))
    assert filed(house, "mortuary", *moves) == {"transfers": 0, "moves": 0, LEFT: 3}
    assert not Delivery.objects.exists(), "a list of which nothing was taken is not kept"
    assert filed(house, "scene", *moves) == {"transfers": 1, "moves": 1, LEFT: 2}
    assert filed(house, "scene", *moves) == {"transfers": 0, "moves": 0, LEFT: 2}
    with house.filing("mortuary") as f:
        take_over(Transfer.objects.get(), f)
    assert filed(house, "mortuary", *moves) == {"transfers": 1, "moves": 1, LEFT: 2}
    assert newest(one).holder_id == house.acting("mortuary").person
    assert Transfer.objects.count() == 2 and Delivery.objects.count() == 2


def test_a_thing_that_came_back_is_given_again(house, things):
    """The same thing by the same person, at another time: another move."""
    one = things[0]
    back = move(one, "mortuary 1", "scene 1", "2026-05-01T10:00:00Z", of="Mortuary 1", to="LIS-01")
    again = move(one, at="2026-05-01T11:00:00Z")
    filed(house, "scene", move(one))
    with house.filing("mortuary") as f:
        take_over(Transfer.objects.get(), f)
    filed(house, "mortuary", back)
    with house.filing("scene") as f:
        take_over(Transfer.objects.order_by("number").last(), f)
    assert filed(house, "scene", move(one), back, again) == {"transfers": 1, "moves": 1, LEFT: 1}
    assert Transfer.objects.count() == 3


def test_a_person_may_be_named_by_number(house, things):
    from dokaz.casework.models import Person

    giver = Person.objects.get(pk=house.acting("scene").person)
    assert filed(house, "scene", move(things[0], giver.number))["moves"] == 1


def test_a_thing_that_nobody_knows_or_a_receiver_who_is_nobody_refuses_the_whole_list(house, things):
    one, other = things
    unknown = move(other).replace(other.number, "LIS-01-0009-B-8")
    assert_refused(BadFile, lambda: filed(house, "scene", move(one), unknown))
    assert_refused(BadFile, lambda: filed(house, "scene", move(one), move(other, receiver="Nobody")))
    assert RecoveryUnit.objects.count() == 2 and not Transfer.objects.exists()
