"""Rules 1 to 4: a number is given once, parts have their own, nothing is lifted blind, every move has two parties."""

import datetime as dt
from io import BytesIO

import pytest
from casebook import a_grave, a_unit, lay_keys, units

from dokaz.casework import journal
from dokaz.casework.acts import change_hands, hand_over, take_over
from dokaz.casework.models import Person, Transfer
from dokaz.casework.queries import custody_of, inventory
from dokaz.errors import BadNumber, EmptyField, LiftedBlind, NotYours, NumberTaken, PartOfAnAct, WrongState
from dokaz.graves.acts import Upload, end_quarantine, lift, quarantine, register_unit, split
from dokaz.graves.models import RecoveryUnit, State
from dokaz.graves.places import Point
from dokaz.numbers import number, parse_number


def a_picture():
    return Upload("one.jpg", BytesIO(b"not really a picture"), "image/jpeg", 10, 10)


def person(house, role, nth=1):
    return Person.objects.get(pk=house.acting(role, nth).person)


def test_rule_1_a_number_is_given_once_and_never_again(house):
    grave = a_grave(house)
    with house.filing("scene") as f:
        first = register_unit(grave, f, type="B")
        second = register_unit(grave, f, type="GB", number=number("LIS", "01", 9, "GB"))
        third = register_unit(grave, f, type="B")
    assert [parse_number(u.number).n for u in (first, second, third)] == [1, 9, 10]
    before = journal.size()
    with pytest.raises(NumberTaken), house.filing("scene") as f:
        register_unit(grave, f, type="A", number=number("LIS", "01", 9, "A"))
    assert journal.size() == before


def test_rule_1_a_mistyped_label_is_refused(house):
    grave = a_grave(house)
    good = number("LIS", "01", 9, "B")
    wrong = good.replace("0009", "0006")
    with pytest.raises(BadNumber), house.filing("scene") as f:
        register_unit(grave, f, type="B", number=wrong)
    with pytest.raises(BadNumber), house.filing("scene") as f:
        register_unit(grave, f, type="BP", number=good)
    assert not RecoveryUnit.objects.exists()


def test_rule_2_a_detached_part_has_its_own_number_and_its_derivation(house):
    body = units(house)[0]
    with house.filing("mortuary") as f:
        part = split(body, f, type="BP", description="left forearm, detached")
    assert part.number != body.number
    assert part.split_from_id == body.id
    assert parse_number(part.number).derivation == (1,)
    assert part.holder_id == body.holder_id


def test_rule_3_nothing_is_lifted_blind(house):
    grave = a_grave(house)
    with house.filing("scene") as f:
        placed = register_unit(grave, f, type="B", points=[Point("385201.00", "5450002.00")])
        unplaced = register_unit(grave, f, type="B")
    before = journal.size()
    for unit, pictures in ((placed, []), (unplaced, [a_picture()])):
        with pytest.raises(LiftedBlind), house.filing("scene") as f:
            lift(unit, f, photographs=pictures)
    with pytest.raises(LiftedBlind), house.filing("scene") as f:
        lift(placed, f, emergency_reason="   ")
    assert journal.size() == before
    with house.filing("scene") as f:
        lift(placed, f, photographs=[a_picture()])
        lift(unplaced, f, emergency_reason="shelling")
    assert set(RecoveryUnit.objects.values_list("state", flat=True)) == {State.LIFTED}
    assert RecoveryUnit.objects.get(pk=unplaced.pk).emergency_reason == "shelling"


def test_rule_3_a_unit_is_lifted_once(house):
    grave = a_grave(house)
    with house.filing("scene") as f:
        unit = register_unit(grave, f, type="B", points=[Point("385201.00", "5450002.00")])
        lift(unit, f, photographs=[a_picture()])
    with pytest.raises(WrongState), house.filing("scene") as f:
        lift(unit, f, photographs=[a_picture()])
    assert RecoveryUnit.objects.get().version == 2


def test_rule_4_a_move_is_made_by_two_people(house):
    grave = a_grave(house)
    with house.filing("scene") as f:
        unit = a_unit(grave, f)
    mortuary = person(house, "mortuary")
    with house.filing("scene") as f:
        transfer = hand_over([unit], f, to=mortuary, from_place="LIS-01", to_place="Mortuary 1")
    held = RecoveryUnit.objects.get()
    assert held.holder_id == house.acting("scene").person
    before = journal.size()
    with pytest.raises(NotYours), house.filing("mortuary", 2) as f:
        take_over(Transfer.objects.get(), f)
    with pytest.raises(NotYours), house.filing("scene") as f:
        take_over(Transfer.objects.get(), f)
    assert journal.size() == before
    with house.filing("mortuary") as f:
        take_over(transfer, f)
    held = RecoveryUnit.objects.get()
    assert (held.holder_id, held.place) == (mortuary.id, "Mortuary 1")
    assert [t.number for t in custody_of(held)] == [transfer.number]


def test_rule_4_nobody_hands_over_to_themselves_or_what_they_do_not_hold(house):
    grave = a_grave(house)
    with house.filing("scene") as f:
        unit = a_unit(grave, f)
    before = journal.size()
    for nth, to in ((1, person(house, "scene")), (2, person(house, "mortuary"))):
        with pytest.raises(NotYours), house.filing("scene", nth) as f:
            hand_over([unit], f, to=to, from_place="LIS-01", to_place="Mortuary 1")
    with pytest.raises(PartOfAnAct), house.filing("mortuary") as f:
        change_hands(unit, f, transfer=Transfer())
    assert journal.size() == before


def test_rule_4_a_thing_on_its_way_is_not_handed_over_again(house):
    grave = a_grave(house)
    with house.filing("scene") as f:
        unit = a_unit(grave, f)
        hand_over([unit], f, to=person(house, "mortuary"), from_place="LIS-01", to_place="Mortuary 1")
    with pytest.raises(NotYours), house.filing("scene") as f:
        hand_over([unit], f, to=person(house, "mortuary", 2), from_place="LIS-01", to_place="elsewhere")
    assert Transfer.objects.count() == 1


def test_rule_4_where_is_everything_is_one_question(house):
    made = units(house, 3)
    counted = {kind: sum(row[4] for row in inventory() if row[0] == kind) for kind, *_rest in inventory()}
    assert counted == {"graves.RecoveryUnit": len(made), "mortuary.Sample": len(made)}


def test_quarantine_says_why(house):
    unit = units(house)[0]
    with pytest.raises(EmptyField), house.filing("mortuary") as f:
        quarantine(unit, f)
    with house.filing("mortuary", reason="an unexploded round") as f:
        quarantine(unit, f)
    assert RecoveryUnit.objects.get().reason == "an unexploded round"


def test_a_unit_leaves_quarantine_as_it_entered_it(house):
    unit = units(house)[0]
    entered = unit.state
    with house.filing("mortuary", reason="an unexploded round") as f:
        quarantine(unit, f)
    with pytest.raises(EmptyField), house.filing("mortuary") as f:
        end_quarantine(unit, f)
    with house.filing("mortuary", reason="cleared by sappers") as f:
        end_quarantine(unit, f)
    assert RecoveryUnit.objects.get().state == entered
    with pytest.raises(WrongState), house.filing("mortuary", reason="cleared by sappers") as f:
        end_quarantine(unit, f)


@pytest.mark.parametrize("year", [1999, 2099])
def test_a_wrong_clock_changes_nothing_but_the_time_and_never_turns_it_back(house, year):
    from dokaz.casework.checking import check
    from dokaz.casework.filing import filing

    grave = a_grave(house)
    before = journal.history(grave.id)[-1].entry.at
    with filing(by=house.acting("scene"), at=dt.datetime(year, 1, 1, tzinfo=dt.UTC), store=house.store) as f:
        register_unit(grave, f, type="B")
    with house.filing("scene") as f:
        register_unit(grave, f, type="B")
    first, second = (journal.history(unit.id)[0].entry.at for unit in RecoveryUnit.objects.order_by("number"))
    assert first == max(before, f"{year}-01-01T00:00:00Z")
    assert second >= first
    lay_keys(house)
    assert check(house.store) == []
