"""What holds of places of detention, their rooms and their searches, whoever calls the act."""

from __future__ import annotations

import datetime as dt

import pytest
from casebook import a_grave, assert_refused, newest
from detention_case import a_place, a_search, an_exhibit, closed, everything_done, rooms_of
from put_right_cases import assert_verifies, correct, void

from dokaz.detention import checklists
from dokaz.detention.acts import (
    begin_search,
    claim_control,
    close_search,
    do_items,
    draw_plan,
    draw_room,
    excuse_items,
    open_place,
    open_room,
    search_room,
)
from dokaz.detention.models import CheckedItem, FloorPlan, PlaceOfDetention, PlaceRoom, PlaceSearch, SearchedRoom
from dokaz.detention.queries import open_items, rooms_left_out, rooms_with_open_items
from dokaz.errors import (
    BadChoice,
    BadDate,
    BadNumber,
    ClosedField,
    EmptyField,
    InTheFuture,
    NotInOffice,
    NotYours,
    NumberTaken,
    OutOfRange,
    RestedOn,
    SearchUnfinished,
    TooEarly,
    WrongKind,
    WrongState,
)

LATER = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
BEFORE = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


def filed(house, act, *args, by="scene", nth=1, **values):
    with house.filing(by, nth) as f:
        return act(*(newest(one) for one in args), f, **values)


@pytest.fixture
def place(house):
    return a_place(house)


@pytest.fixture
def search(house, place):
    return a_search(house, place)


# --- places, claims, plans, rooms ------------------------------------------------------------------------------------


def test_a_place_has_a_code_that_no_site_bears(house, place):
    assert place.number == "POL"
    assert [one.held for one in place.controls.all()] == ["2022-03/2022-09-10"]
    a_grave(house)
    new = {"name": "Another", "kind_of_place": "school"}
    assert_refused(NumberTaken, lambda: filed(house, open_place, code="LIS", **new))
    assert_refused(NumberTaken, lambda: filed(house, open_place, code="POL", **new))
    assert_refused(BadNumber, lambda: filed(house, open_place, code="pol", **new))
    assert_refused(BadChoice, lambda: filed(house, open_place, code="SCH", name="x", kind_of_place="palace"))
    assert_refused(OutOfRange, lambda: filed(house, open_place, code="SCH", accuracy_m="-1", **new))
    assert_refused(NotInOffice, lambda: filed(house, open_place, by="mortuary", code="SCH", **new))
    filed(house, open_place, code="SCH", **new)
    assert PlaceOfDetention.objects.count() == 2


def test_who_ran_it_is_a_claim_with_a_source_and_an_interval(house, place):
    assert_refused(EmptyField, lambda: filed(house, claim_control, place, who="Unit", source=" "))
    assert_refused(BadDate, lambda: filed(house, claim_control, place, who="Unit", source="x", held="spring"))
    assert_refused(InTheFuture, lambda: filed(house, claim_control, place, who="Unit", source="x", held="2027/2028"))
    second = filed(house, claim_control, place, who="Another unit", source="A statement", held="2022-08~")
    assert (second.number, place.controls.count()) == ("CTL-000002", 2)
    assert_refused(BadDate, lambda: correct(house, second, {"held": "31.02.2022"}))


@pytest.mark.parametrize("corners", [
    [["0", "0"], ["1", "1"]], [["0", "0"], ["2", "2"], ["2", "0"], ["0", "2"]], [["0", "0"], ["1", "x"], ["2", "2"]],
    [["0", "0"], ["1", "0"], ["2", "0"]], [["0", "0"], ["4", "4"], ["4", "0"], ["0", "3"]], [["0", "0"], ["1"], ["2", "2"]],
])  # fmt: skip
def test_a_room_is_a_polygon_whose_sides_do_not_cross(house, place, corners):
    room, plan = PlaceRoom.objects.first(), FloorPlan.objects.first()
    assert_refused(WrongKind, lambda: filed(house, draw_room, room, plan=plan, corners=corners))


def test_a_room_is_drawn_on_a_plan_of_its_place(house, place):
    room, plan = PlaceRoom.objects.first(), FloorPlan.objects.first()
    corners = [["0", "0"], ["4", "0"], ["4", "3"]]
    filed(house, draw_room, room, plan=plan, corners=corners)
    assert newest(room).corners == corners
    assert_refused(EmptyField, lambda: filed(house, draw_room, room, plan=plan, corners=[]))
    other = a_place(house, "SCH", cells=1)
    assert_refused(WrongKind, lambda: filed(house, draw_room, room, plan=other.plans.first(), corners=corners))
    assert_refused(WrongKind, lambda: filed(house, open_room, place, code="C9", used_as="cell", corners=corners))
    assert_refused(WrongKind, lambda: correct(house, room, {"plan": None}))


def test_a_plan_is_an_outline_or_a_picture_of_this_place(house, place):
    assert_refused(WrongKind, lambda: filed(house, draw_plan, place, name="first floor"))
    assert_refused(
        EmptyField, lambda: filed(house, draw_plan, place, name=" ", outline=[["0", "0"], ["1", "0"], ["1", "1"]])
    )
    here, elsewhere = a_picture(house, place), a_picture(house, a_place(house, "SCH"))
    text = a_picture(house, place, media_type="text/plain")
    for wrong in (elsewhere, text):
        assert_refused(WrongKind, lambda wrong=wrong: filed(house, draw_plan, place, name="first floor", picture=wrong))
    plan = filed(house, draw_plan, place, name="first floor", picture=here)
    assert plan.picture == here


def a_picture(house, place, media_type="image/png"):
    import io

    from dokaz.casework.acts import AttachedFile, attach

    said = {"width_px": "400", "height_px": "300"}
    file = AttachedFile("plan.png", io.BytesIO(b"invented"), media_type, said)
    return filed(house, attach, place, file=file, description="a plan")


def test_figures_of_a_room_can_be(house, place):
    new = {"code": "C9", "used_as": "cell"}
    assert_refused(OutOfRange, lambda: filed(house, open_room, place, area_m2="-4", **new))
    assert_refused(WrongKind, lambda: filed(house, open_room, place, height_m="two", **new))
    assert_refused(EmptyField, lambda: filed(house, open_room, place, capacity_people=6, **new))
    assert_refused(
        OutOfRange, lambda: filed(house, open_room, place, capacity_people=20_000, capacity_basis="x", **new)
    )
    room = filed(
        house, open_room, place, capacity_people=6, capacity_basis="bunks", area_m2="12.50", door_side="N", **new
    )
    assert (room.number, room.area_m2, room.capacity_people) == ("POL-C9", "12.50", 6)
    assert_refused(NumberTaken, lambda: filed(house, open_room, place, **new))
    assert_refused(OutOfRange, lambda: correct(house, room, {"area_m2": "200000"}))
    void(house, room)
    assert place.rooms.count() == 2


# --- a search --------------------------------------------------------------------------------------------------------


def test_a_search_takes_every_room_and_names_warrant_team_and_witnesses(house, search):
    assert search.state == "under_way"
    assert [one.room.number for one in rooms_of(search)] == ["POL-C1", "POL-C2"]
    assert [one.name for one in search.witnesses.order_by("number")] == ["Вигадана Ольга", "Вигаданий Іван"]
    assert len(open_items(search)) == 2 * len(checklists.items_of("1")) == 18
    assert rooms_with_open_items().count() == 2
    assert_refused(WrongState, lambda: a_search(house, search.place))


def test_no_search_begins_before_the_day_of_its_warrant(house, place):
    assert_refused(TooEarly, lambda: a_search(house, place, started_at=BEFORE))
    assert_refused(EmptyField, lambda: a_search(house, place, warrant=" "))
    assert_refused(EmptyField, lambda: a_search(house, place, witnesses=[" "]))
    assert_refused(InTheFuture, lambda: a_search(house, place, started_at=LATER))
    assert_refused(InTheFuture, lambda: a_search(house, place, warrant_on=LATER.date()))
    assert_refused(BadChoice, lambda: a_search(house, place, checklist="99"))
    search = a_search(house, place)
    assert_refused(TooEarly, lambda: correct(house, search, {"started_at": "2026-04-28T09:00:00Z"}))


def test_a_place_without_rooms_is_not_searched(house):
    place = filed(house, open_place, code="SCH", name="School", kind_of_place="school")
    assert_refused(EmptyField, lambda: a_search(house, place))


def test_a_search_is_not_closed_while_an_item_is_open(house, search):
    assert_refused(SearchUnfinished, lambda: closed(house, search), match="18 neither done nor excused")
    everything_done(house, search)
    ended = closed(house, search)
    assert ended.state == "closed"
    assert {one.state for one in rooms_of(ended)} == {"closed"}
    assert rooms_with_open_items().count() == 0
    assert_refused(WrongState, lambda: closed(house, search))
    assert_verifies(house, "searched")


def test_a_search_is_not_closed_while_one_item_of_one_room_is_open(house, search):
    first, second = rooms_of(search)
    items = list(checklists.items_of("1"))
    filed(house, do_items, first, items=items)
    filed(house, do_items, second, items=items[1:])
    refused = assert_refused(SearchUnfinished, lambda: closed(house, search))
    assert refused.lacks == ["POL-C2: photographed"]


def test_a_room_that_was_found_meanwhile_is_searched_too(house, search):
    everything_done(house, search)
    found = filed(house, open_room, search.place, code="C3", used_as="cell")
    assert [room.number for room in rooms_left_out(search)] == ["POL-C3"]
    assert_refused(SearchUnfinished, lambda: closed(house, search), match="POL-C3")
    filed(house, search_room, search, room=found)
    assert_refused(WrongState, lambda: filed(house, search_room, search, room=found))
    elsewhere = a_place(house, "SCH").rooms.first()
    assert_refused(WrongKind, lambda: filed(house, search_room, search, room=elsewhere))
    third = SearchedRoom.objects.get(room=found)
    filed(house, excuse_items, third, items=list(checklists.items_of("1")), why_not="bricked up; mined")
    assert closed(house, search).state == "closed"
    assert_refused(RestedOn, lambda: void(house, found))


def test_an_item_is_done_by_somebody_or_excused_with_a_reason(house, search):
    room = rooms_of(search)[0]
    assert_refused(EmptyField, lambda: filed(house, excuse_items, room, items=["floor_lifted"], why_not=" "))
    assert_refused(EmptyField, lambda: filed(house, do_items, room, items=[]))
    assert_refused(BadChoice, lambda: filed(house, do_items, room, items=["ceiling"]))
    assert_refused(InTheFuture, lambda: filed(house, do_items, room, items=["sketched"], done_at=LATER))
    assert_refused(TooEarly, lambda: filed(house, do_items, room, items=["sketched"], done_at=BEFORE))
    (excused,) = filed(house, excuse_items, room, items=["floor_lifted"], why_not="concrete")
    assert (excused.state, excused.why_not, excused.done_at) == ("excused", "concrete", None)
    assert_refused(WrongState, lambda: filed(house, excuse_items, room, items=["floor_lifted"], why_not="again"))
    filed(house, do_items, room, items=["floor_lifted"], note="a saw came")
    done = newest(excused)
    assert (done.state, done.why_not, done.note) == ("done", "concrete", "a saw came")
    assert_refused(WrongState, lambda: filed(house, do_items, room, items=["floor_lifted"]))
    assert CheckedItem.objects.count() == 1
    assert_refused(ClosedField, lambda: correct(house, done, {"why_not": "another"}))


def test_a_search_ends_after_the_last_of_its_work(house, search):
    everything_done(house, search)
    last = house.clock()
    filed(house, seize_late, rooms_of(search)[0])
    assert_refused(TooEarly, lambda: closed(house, search, ended_at=search.started_at))
    assert_refused(InTheFuture, lambda: closed(house, search, ended_at=LATER))
    ended = closed(house, search)
    assert ended.ended_at > last
    assert_refused(TooEarly, lambda: correct(house, ended, {"ended_at": f"{search.started_at:%Y-%m-%dT%H:%M:%SZ}"}))


def seize_late(searched, f):
    from dokaz.detention.acts import seize

    return seize(searched, f, look="baton", seen="wood, 60 cm")


def test_nothing_is_done_in_a_search_that_is_closed(house, search):
    exhibit = an_exhibit(house, rooms_of(search)[0])
    everything_done(house, search)
    ended = closed(house, search)
    room = rooms_of(ended)[0]
    assert_refused(WrongState, lambda: an_exhibit(house, room))
    assert_refused(WrongState, lambda: filed(house, do_items, room, items=["electronics"]))
    late = f"{house.clock():%Y-%m-%dT%H:%M:%SZ}"
    assert_refused(NotYours, lambda: correct(house, exhibit, {"taken_at": late}), match="had ended")
    assert_refused(NotYours, lambda: correct(house, CheckedItem.objects.first(), {"done_at": late}))


def test_checklists_are_data_in_both_languages():
    from django.utils.translation import override

    assert checklists.versions() == ("1",)
    with override("uk"):
        words = [checklists.in_words("1", code) for code in checklists.items_of("1")]
    assert words[0] == "сфотографовано"
    assert len(set(words)) == 9
    with override("en"):
        assert checklists.in_words("1", "floor_lifted") == "floor lifted"
    with pytest.raises(BadChoice):
        checklists.items_of("0")


def test_only_the_scene_searches(house, place):
    with pytest.raises(NotInOffice), house.filing("investigator") as f:
        begin_search(place, f, authority="x", warrant="1", warrant_on=BEFORE.date(), team="x")
    search = a_search(house, place)
    with pytest.raises(NotInOffice), house.filing("investigator") as f:
        close_search(search, f)
    assert PlaceSearch.objects.get().state == "under_way"
