"""Searches that were not done, exhibits from nowhere, experts of their own finds, seals that heal."""

from __future__ import annotations

from forgery import CLOCK, SO, Attacked, forgery
from searches import (
    accounted,
    assembled,
    begun,
    checked,
    closed,
    excused,
    found_broken,
    newest_of,
    opined,
    replaced,
    sealed,
    seized,
    taken_up,
)

from dokaz.detention.checklists import items_of

ITEMS = items_of("1")
SCENE = "operator, scene"


def by_the_scene(told: Attacked) -> str:
    """A search under way, before the people at the scene help the operator."""
    search = begun(told)
    told.present("scene_too", "analyst", "investigator", "mortuary")
    told.attack(told.scene)
    return search


# --- closing ----------------------------------------------------------------------------------------------------------


@forgery("detention", by=SCENE, finds="rule-exists", of=[ITEMS[0], ITEMS[6], ITEMS[-1]])
def a_room_is_closed_while_an_item_is_neither_done_nor_excused(told: Attacked, item: str) -> None:
    search = by_the_scene(told)
    checked(told, [each for each in ITEMS if each != item])
    closed(told, search)


@forgery("detention", by=SCENE, finds="rule-unless-pointed-at")
def a_search_is_closed_while_its_room_is_open(told: Attacked) -> None:
    search = by_the_scene(told)
    checked(told)
    closed(told, search, rooms=False)


@forgery("detention", by=SCENE, finds="rule-exists")
def a_search_of_no_room_is_closed(told: Attacked) -> None:
    told.present("scene")
    told.attack(told.scene)
    place = told.log.file("detention.open_place", "detention.PlaceOfDetention", told.scene)
    fields = {"place": place, "checklist": "1", "state": "under_way"}
    search = told.log.file("detention.begin_search", "detention.PlaceSearch", told.scene, fields)
    closed(told, search, rooms=False)


@forgery("detention", by=SCENE, finds="rule-holds")
def an_item_is_excused_without_a_reason(told: Attacked) -> None:
    by_the_scene(told)
    excused(told, ITEMS[0], why_not="")


@forgery("detention", by=SCENE, finds="rule-actor-is")
def an_item_is_excused_in_the_name_of_another(told: Attacked) -> None:
    by_the_scene(told)
    excused(told, ITEMS[0], done_by=told.scene_too.person)


@forgery("detention", by=SCENE, finds="rule-holds")
def an_item_is_done_by_nobody(told: Attacked) -> None:
    by_the_scene(told)
    checked(told, ITEMS[:1], done_by=None)


@forgery("detention", by=SCENE, finds="rule-only-one")
def an_item_is_done_twice_in_one_room(told: Attacked) -> None:
    by_the_scene(told)
    checked(told, ITEMS[:1])
    checked(told, ITEMS[:1])


@forgery("detention", by=SCENE, finds="rule-refers")
def an_item_is_done_after_the_search_was_closed(told: Attacked) -> None:
    search = by_the_scene(told)
    checked(told)
    closed(told, search)
    checked(told, ["again"])


@forgery("detention", by=SCENE, finds="move-not-allowed")
def what_was_done_is_excused_afterwards(told: Attacked) -> None:
    by_the_scene(told)
    checked(told, ITEMS[:1])
    told.change("detention.do_items", newest_of(told, "CheckedItem"), told.scene, {"state": "excused"})


@forgery("detention", by=SCENE, finds="rule-agrees", of=["place", "checklist"])
def a_room_is_searched_by_another(told: Attacked, field: str) -> None:
    search = by_the_scene(told)
    other = told.log.file("detention.open_place", "detention.PlaceOfDetention", told.scene)
    room = told.log.file("detention.open_room", "detention.PlaceRoom", told.scene, {"place": other})
    wrong = {"place": other} if field == "place" else {"checklist": "0"}
    taken_up(told, search, "detention.search_room", room=room, **wrong)


@forgery("detention", by=SCENE, unseen=CLOCK)
def a_search_begins_before_the_day_of_its_warrant(told: Attacked) -> None:
    told.present("scene")
    told.attack(told.scene)
    place = told.log.file("detention.open_place", "detention.PlaceOfDetention", told.scene)
    fields = {"place": place, "started_at": "2024-04-01T09:00:00Z", "warrant_on": "2024-04-30", "state": "under_way"}
    told.log.file("detention.begin_search", "detention.PlaceSearch", told.scene, fields)


# --- exhibits, assemblies, traces ---------------------------------------------------------------------------------------


@forgery("detention", by=SCENE, finds="rule-refers")
def an_exhibit_is_seized_in_a_search_that_is_closed(told: Attacked) -> None:
    search = by_the_scene(told)
    checked(told)
    closed(told, search)
    seized(told)


@forgery("detention", by=SCENE, finds="rule-actor-is")
def an_exhibit_is_put_into_the_hands_of_another(told: Attacked) -> None:
    by_the_scene(told)
    seized(told, holder=told.scene_too.person)


@forgery("detention", by=SCENE, finds="fields-not-of-this-kind")
def the_function_is_written_on_the_exhibit_itself(told: Attacked) -> None:
    by_the_scene(told)
    seized(told, function="a device of torture")


@forgery("detention", by=SCENE, finds="rule-only-one-lists")
def a_part_belongs_to_two_assemblies(told: Attacked) -> None:
    by_the_scene(told)
    one, two, three = (seized(told) for _nth in range(3))
    assembled(told, one, two)
    assembled(told, two, three)


@forgery("detention", by=SCENE, finds="rule-only-one-lists")
def a_void_assembly_comes_back_beside_the_one_that_took_its_part(told: Attacked) -> None:
    by_the_scene(told)
    one, two, three = (seized(told) for _nth in range(3))
    first = assembled(told, one, two)
    told.change("detention.void_find_of_search", first, told.scene, {"voided": True, "reason": "apart"})
    assembled(told, two, three)
    told.change("detention.void_find_of_search", first, told.scene, {"voided": False, "reason": "one after all"})


@forgery("detention", by=SCENE, finds="rule-holds")
def writing_on_a_wall_is_carried_away(told: Attacked) -> None:
    by_the_scene(told)
    fields = {"searched_room": newest_of(told, "SearchedRoom"), "sort": "writing", "holder": told.scene.person}
    told.log.file("detention.secure_trace", "detention.Trace", told.scene, fields)


@forgery("detention", by=SCENE, finds="rule-actor-is")
def a_swab_is_in_nobodys_hands(told: Attacked) -> None:
    by_the_scene(told)
    fields = {"searched_room": newest_of(told, "SearchedRoom"), "sort": "swab", "holder": None}
    told.log.file("detention.secure_trace", "detention.Trace", told.scene, fields)


# --- opinions -----------------------------------------------------------------------------------------------------------


def to_be_judged(told: Attacked) -> str:
    begun(told)
    exhibit = seized(told)
    told.present("analyst")
    return exhibit


@forgery("detention", by="operator, mortuary", finds="rule-actor-is-not")
def whoever_seized_it_is_its_expert(told: Attacked) -> None:
    begun(told)
    told.scene = told.in_office(told.scene, "scene")
    seizer = told.in_office(told.scene, "mortuary")
    exhibit = seized(told)
    told.attack(seizer)
    opined(told, exhibit, by=seizer)


@forgery("detention", by="operator, analyst", finds="rule-agrees")
def an_opinion_names_another_as_the_one_who_seized_it(told: Attacked) -> None:
    exhibit = to_be_judged(told)
    told.present("scene_too")
    told.attack(told.analyst)
    opined(told, exhibit, seized_by=told.scene_too.person)


@forgery("detention", by="operator, analyst", finds="rule-actor-is")
def an_opinion_is_signed_for_another_expert(told: Attacked) -> None:
    exhibit = to_be_judged(told)
    told.present("mortuary")
    told.attack(told.analyst)
    opined(told, exhibit, expert=told.mortuary.person)


@forgery("detention", by="operator, analyst", finds="rule-holds")
def an_opinion_is_about_nothing(told: Attacked) -> None:
    to_be_judged(told)
    told.attack(told.analyst)
    opined(told, "")


@forgery("detention", by="operator, analyst", finds="rule-holds")
def an_opinion_is_about_an_exhibit_and_an_assembly(told: Attacked) -> None:
    exhibit = to_be_judged(told)
    whole = assembled(told, exhibit, seized(told))
    told.attack(told.analyst)
    opined(told, exhibit, assembly=whole)


# --- seals --------------------------------------------------------------------------------------------------------------


def a_seal(told: Attacked) -> str:
    begun(told)
    told.present("mortuary", "investigator")
    return sealed(told, seized(told))


@forgery("detention", by=SCENE, finds="rule-only-one")
def two_seals_bear_one_number(told: Attacked) -> None:
    a_seal(told)
    told.attack(told.scene)
    sealed(told, newest_of(told, "Exhibit"), label="АА 1")


@forgery("detention", by=SCENE, finds="rule-holds")
def a_broken_seal_is_made_void(told: Attacked) -> None:
    seal = a_seal(told)
    found_broken(told, seal)
    told.attack(told.scene)
    told.change("detention.void_find_of_search", seal, told.scene, {"voided": True, "reason": "typed twice"})


@forgery("detention", by="operator, mortuary", finds="move-not-allowed")
def a_broken_seal_heals(told: Attacked) -> None:
    seal = a_seal(told)
    found_broken(told, seal)
    told.attack(told.mortuary)
    fields = {"state": "on", "checked_by": told.mortuary.person, "checked_at": "2024-05-01T10:00:00Z"}
    told.change("detention.find_broken", seal, told.mortuary, fields)


@forgery("detention", by="operator, investigator", finds="rule-actor-is-not")
def whoever_applied_a_seal_accounts_for_its_breaking(told: Attacked) -> None:
    begun(told)
    sealer = told.in_office(told.scene, "investigator")
    seal = sealed(told, seized(told))
    told.present("mortuary")
    found_broken(told, seal)
    told.attack(sealer)
    accounted(told, seal, by=sealer)


@forgery("detention", by=SCENE, finds="rule-part-of")
def a_seal_is_replaced_by_none(told: Attacked) -> None:
    seal = a_seal(told)
    told.attack(told.scene)
    replaced(told, seal, anew=False)


@forgery("detention", by=SCENE, unseen=SO)
def a_seal_that_bears_another_number_is_found_intact(told: Attacked) -> None:
    seal = a_seal(told)
    told.attack(told.scene)
    fields = {"checked_by": told.scene.person, "checked_at": "2024-05-01T10:00:00Z", "seen": "whole"}
    told.change("detention.find_intact", seal, told.scene, fields)
