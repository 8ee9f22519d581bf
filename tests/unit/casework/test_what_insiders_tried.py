"""The defence does not decide, numbers that look alike are one, and what was handed over waits for its receiver."""

import pytest
from casebook import also, assert_refused, units

from dokaz.casework.acts import appoint, hand_over
from dokaz.casework.models import Office, Person
from dokaz.casework.numbering import looks
from dokaz.casework.rules import require_held
from dokaz.errors import NotYours, NumberTaken, WrongState
from dokaz.graves.acts import split
from dokaz.missing.acts import report
from dokaz.mortuary.acts import sample, store


def appointed(house, who, role):
    with house.filing("administrator") as f:
        return appoint(Person.objects.get(pk=house.people[who].person), f, role=role)


@pytest.mark.parametrize("who", ["board1", "dna_examiner1", "mortuary1"])
def test_who_examines_or_decides_is_not_appointed_as_the_defence(house, who):
    assert_refused(WrongState, lambda: appointed(house, who, "defence"), match="is not the defence")


@pytest.mark.parametrize("role", ["board", "dna_examiner", "print_examiner", "mortuary"])
def test_the_defence_is_not_appointed_to_examine_or_to_decide(house, role):
    appointed(house, "investigator1", "defence")
    assert_refused(WrongState, lambda: appointed(house, "investigator1", role), match="is not the defence")


def test_other_offices_go_with_each_other(house):
    appointed(house, "scene1", "defence")
    also(house, "board1", "investigator")
    held = Office.held().filter(person=house.people["scene1"].person).values_list("role", flat=True)
    assert set(held) == {"scene", "defence"}


def test_numbers_that_look_alike_are_one():
    assert looks("MP-OO50") == looks("mp-0050") == looks("MР-ОО50")
    assert looks("MP-I1") == looks("MP-11") != looks("MP-12")


def test_a_report_is_not_filed_under_a_number_that_looks_like_another(house):
    def reported(number):
        with house.filing("family_liaison") as f:
            return report(f, family_name="Вигаданий", number=number)

    reported("MP-0050")
    assert_refused(NumberTaken, lambda: reported("MP-OO50"))


def test_what_is_handed_over_is_neither_sampled_nor_split_nor_stored_until_it_is_confirmed(house):
    unit = units(house)[0]
    to = Person.objects.get(pk=house.acting("mortuary", 2).person)
    with house.filing("mortuary") as f:
        hand_over([unit], f, to=to, from_place="Mortuary 1", to_place="Mortuary 2")

    def attempt(act, **what):
        with house.filing("mortuary") as f:
            return act(type(unit).every.get(pk=unit.pk), f, **what)

    for act, what in (
        (sample, {"element": "femur:left"}),
        (split, {"type": "BP", "description": "a hand"}),
        (store, {}),
        (require_held, {}),
    ):
        assert_refused(NotYours, lambda act=act, what=what: attempt(act, **what), match="not yet confirmed")
