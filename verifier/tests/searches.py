"""A search of a place of detention as it is told: one cell, its checklist, what was found there, its seals."""

from __future__ import annotations

from typing import Any

from builder import STANDARD, Who

AT = "2024-05-01T09:00:00Z"
CLOSING = STANDARD["acts"]["detention.close_search"]["files"]["detention.SearchedRoom"]["change"]["rules"]
ITEMS = [item for rule in CLOSING for item in rule["where"]["item"]]


def begun(told: Any, place: str = "") -> str:
    """A search under way; the room of it is the newest ``detention.SearchedRoom``."""
    place = place or told.log.file("detention.open_place", "detention.PlaceOfDetention", told.scene)
    told.log.file("detention.open_room", "detention.PlaceRoom", told.scene, {"place": place})
    with told.log.filing():
        search = told.log.file("detention.begin_search", "detention.PlaceSearch", told.scene,
                               {"place": place, "checklist": "1", "state": "under_way"})  # fmt: skip
        told.log.file("detention.begin_search", "detention.SearchWitness", told.scene, {"search": search})
        taken_up(told, search)
    return search


def taken_up(told: Any, search: str, act: str = "detention.begin_search", **other: Any) -> str:
    place = told.log.records[search].fields["place"]
    fields = {"search": search, "place": place, "checklist": "1", "state": "under_way", **other}
    return told.log.file(act, "detention.SearchedRoom", told.scene, fields)


def newest_of(told: Any, kind: str) -> str:
    return [record for record, held in told.log.records.items() if held.kind == f"detention.{kind}"][-1]


def checked(told: Any, items: Any = (), **other: Any) -> None:
    room = newest_of(told, "SearchedRoom")
    for item in items or ITEMS:
        fields = {
            "searched_room": room,
            "item": item,
            "state": "done",
            "done_at": AT,
            "done_by": told.scene.person,
            **other,
        }
        told.log.file("detention.do_items", "detention.CheckedItem", told.scene, fields)


def excused(told: Any, item: str, **other: Any) -> str:
    fields = {"searched_room": newest_of(told, "SearchedRoom"), "item": item, "state": "excused", "why_not": "concrete",
              "done_by": told.scene.person, **other}  # fmt: skip
    return told.log.file("detention.excuse_items", "detention.CheckedItem", told.scene, fields)


def closed(told: Any, search: str, *, rooms: bool = True) -> None:
    with told.log.filing():
        if rooms:
            told.change("detention.close_search", newest_of(told, "SearchedRoom"), told.scene, {"state": "closed"})
        told.change("detention.close_search", search, told.scene, {"state": "closed", "ended_at": AT})


def seized(told: Any, **other: Any) -> str:
    fields = {"searched_room": newest_of(told, "SearchedRoom"), "taken_at": AT, "taken_by": told.scene.person,
              "holder": told.scene.person, **other}  # fmt: skip
    return told.log.file("detention.seize", "detention.Exhibit", told.scene, fields)


def assembled(told: Any, *parts: str) -> str:
    fields = {"search": newest_of(told, "PlaceSearch"), "parts": list(parts), "seen_by": told.scene.person}
    return told.log.file("detention.assemble", "detention.Assembly", told.scene, fields)


def opined(told: Any, exhibit: str, by: Who | None = None, **other: Any) -> str:
    expert = by or told.analyst
    about = {"exhibit": exhibit or None, "assembly": None}
    fields = {**about, "expert": expert.person, "seized_by": told.scene.person, **other}
    return told.log.file("detention.opine", "detention.FunctionOpinion", expert, fields)


def sealed(told: Any, exhibit: str, label: str = "AA 1", **other: Any) -> str:
    fields = {
        "exhibit": exhibit,
        "label": label,
        "state": "on",
        "applied_at": AT,
        "applied_by": told.scene.person,
        **other,
    }
    return told.log.file("detention.apply_seal", "detention.Seal", told.scene, fields)


def found_broken(told: Any, seal: str) -> None:
    told.change("detention.find_broken", seal, told.mortuary,
                {"state": "broken", "seen": "cut", "checked_at": AT, "checked_by": told.mortuary.person})  # fmt: skip


def accounted(told: Any, seal: str, by: Who | None = None) -> None:
    who = by or told.investigator
    told.change("detention.account_for_seal", seal, who,
                {"state": "accounted", "account": "opened at the border", "accounted_by": who.person})  # fmt: skip


def replaced(told: Any, seal: str, *, anew: bool = True) -> None:
    by = told.scene
    with told.log.filing():
        told.change("detention.replace_seal", seal, by,
                    {"state": "replaced", "seen": "opened", "checked_at": AT, "checked_by": by.person})  # fmt: skip
        if anew:
            exhibit = told.log.records[seal].fields["exhibit"]
            fields = {"exhibit": exhibit, "label": "AA 9", "state": "on", "applied_by": by.person, "replaces": seal}
            told.log.file("detention.replace_seal", "detention.Seal", by, fields)


def told_of_a_place(told: Any) -> None:
    """Every act of the room: a place as it was described and searched, what was taken, sealed, opened and opined."""
    log, by = told.log, told.scene
    place = log.file("detention.open_place", "detention.PlaceOfDetention", by)
    log.file("detention.claim_control", "detention.Control", by, {"place": place})
    plan = log.file("detention.draw_plan", "detention.FloorPlan", by, {"place": place})
    search = begun(told, place)
    told.change("detention.draw_room", newest_of(told, "PlaceRoom"), by, {"plan": plan, "corners": [["0", "0"]]})
    first = newest_of(told, "SearchedRoom")
    late = excused(told, ITEMS[0])
    told.change("detention.do_items", late, by, {"state": "done", "done_at": AT, "done_by": by.person})
    checked(told, ITEMS[1:])
    cable, clamp, swab = seized(told), seized(told), secured(told)
    log.file("detention.note_picture", "detention.PictureNote", by, {"picture": told.chart_of(cable)})
    opined(told, "", told.dna, assembly=assembled(told, cable, clamp))
    _told_of_seals(told, cable, clamp)
    told.change("casework.put_away", cable, by, {"kept_in": told.shelf, "place": "A3"})
    told.change("casework.put_away", swab, by, {"kept_in": told.shelf, "place": "A3"})
    told.pass_on(cable, swab)
    another = log.file("detention.open_room", "detention.PlaceRoom", by, {"place": place})
    taken_up(told, search, "detention.search_room", room=another)
    checked(told)
    told.change("detention.close_search", first, by, {"state": "closed"})
    closed(told, search)


def secured(told: Any, **other: Any) -> str:
    fields = {"searched_room": newest_of(told, "SearchedRoom"), "sort": "swab", "taken_at": AT,
              "taken_by": told.scene.person, "holder": told.scene.person, **other}  # fmt: skip
    return told.log.file("detention.secure_trace", "detention.Trace", told.scene, fields)


def _told_of_seals(told: Any, cable: str, clamp: str) -> None:
    broken, whole = sealed(told, cable), sealed(told, clamp, "AA 2")
    told.change("detention.find_intact", whole, told.mortuary, {"checked_at": AT, "checked_by": told.mortuary.person})
    replaced(told, whole)
    found_broken(told, broken)
    accounted(told, broken, told.enrol("investigator"))
