"""What this room shows on pages of records: tables of what belongs to them, the checklist by rooms, plans."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from dokaz.casework.models import Attachment
from dokaz.casework.records import Record
from dokaz.casework.rooms import READERS, RecordPanel
from dokaz.casework.states import Tone
from dokaz.detention import checklists
from dokaz.detention.drawing import floor_plan
from dokaz.detention.models import (
    Assembly,
    CheckedItem,
    Control,
    Exhibit,
    FloorPlan,
    FunctionOpinion,
    ItemState,
    PictureNote,
    PlaceOfDetention,
    PlaceRoom,
    PlaceSearch,
    Seal,
    SearchedRoom,
    SearchWitness,
    Trace,
)
from dokaz.detention.queries import assembly_of, open_items, parts_of, rooms_left_out, searched_rooms
from dokaz.pages.acting import Acting
from dokaz.pages.list_page import table_of
from dokaz.pages.named import column_of, label_of
from dokaz.pages.parts import ListColumn, Text
from dokaz.pages.ways import address_of

OPEN_TO = READERS
_TABLE = "pages/parts/table.html"


def columns(kind: type[Record], *names: str) -> list[ListColumn]:
    """Columns of a table on a page: the fields of a kind, by name."""
    return [column_of(kind, name) for name in names]


def item_in_words(item: CheckedItem) -> str:
    """An item of a checklist in the language of the page."""
    return checklists.in_words(item.searched_room.checklist, item.item)


def panel_with_table(
    name: str,
    on: type[Record],
    title: Text,
    shown: Iterable[ListColumn],
    ask: Callable[[Any], Iterable[Record]],
    empty: Text,
    place: int,
    next: Text = "",
) -> RecordPanel:
    """A table on the page of a record; one that says nothing of what comes next is not shown while it is empty."""

    def context(record: Any, acting: Acting) -> Mapping[str, Any] | None:
        found = list(ask(record))
        return table_of(acting, title, list(shown), found, empty=empty, next=next) if found or next else None

    return RecordPanel(name, on, OPEN_TO, _TABLE, context, place)


def _beside(kind: type[Record], *names: str) -> list[ListColumn]:
    return columns(kind, "number", *names)


_FINDS = ("seen", "taken_at", "place")


# Short, so that a row of nine fits: the words of an excuse stand above the table.
_SHORT: dict[str, Text] = {
    "": gettext_lazy("open"),
    ItemState.DONE: gettext_lazy("done"),
    ItemState.EXCUSED: pgettext_lazy("item", "excused"),
}


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What became of one item in one room."""

    label: Text
    tone: str


def _matrix(search: PlaceSearch, acting: Acting) -> dict[str, Any]:
    codes = checklists.items_of(search.checklist)
    rows, excused = [], []
    for searched in searched_rooms(search):
        found = {one.item: one for one in searched.items.all()}
        known = {"number": searched.room.number, "url": address_of(searched)}
        states = [found[code].state if code in found else "" for code in codes]
        cells = [MatrixCell(_SHORT[state], ItemState.tone_of(state) if state else Tone.OPEN) for state in states]
        rows.append({**known, "cells": cells})
        excused += [
            {**known, "item": checklists.in_words(search.checklist, code), "why": found[code].why_not}
            for code in codes
            if code in found and found[code].state == ItemState.EXCUSED
        ]
    return {
        "items": [checklists.in_words(search.checklist, code) for code in codes],
        "rows": rows,
        "excused": excused,
        "left": len(open_items(search)),
        "not_searched": [{"number": room.number, "url": address_of(room)} for room in rooms_left_out(search)],
    }


def _plan_with(plan: FloorPlan | None, here: Record) -> dict[str, Any] | None:
    drawn = floor_plan(plan, here=here.number) if plan is not None else ""
    if plan is None or not drawn:
        return None
    return {"plan": drawn, "url": address_of(plan), "name": f"{plan.number} {plan.name}"}


def _plan_of_place(place: PlaceOfDetention, acting: Acting) -> dict[str, Any] | None:
    return _plan_with(place.plans.order_by("number").first(), place)


def _room_on_plan(room: PlaceRoom, acting: Acting) -> dict[str, Any] | None:
    return _plan_with(room.plan if room.corners else None, room)


def _find_on_plan(find: Exhibit | Trace, acting: Acting) -> dict[str, Any] | None:
    return _plan_with(find.searched_room.room.plan if find.position else None, find)


def _nothing_more(_record: Any, acting: Acting) -> dict[str, Any]:
    return {}


def _assembled(exhibit: Exhibit) -> list[Assembly]:
    found = assembly_of(exhibit)
    return [found] if found is not None else []


def _opinions(exhibit: Exhibit) -> list[FunctionOpinion]:
    whole = assembly_of(exhibit)
    about = FunctionOpinion.objects.filter(exhibit=exhibit)
    return list(
        (about | FunctionOpinion.objects.filter(assembly=whole) if whole is not None else about).order_by("number")
    )


_OPINION = (
    *_beside(FunctionOpinion, "function"),
    ListColumn(label_of(FunctionOpinion, "expert"), value=lambda opinion: opinion.expert.name, kind="name"),
    *columns(FunctionOpinion, "given_on"),
)
_ITEM = (
    ListColumn(gettext_lazy("Item"), value=item_in_words, url=address_of),
    *columns(CheckedItem, "state", "done_at", "why_not", "note"),
)

PANELS = (
    RecordPanel("plan of the place", PlaceOfDetention, OPEN_TO, "detention/panels/plan.html", _plan_of_place, 90),
    RecordPanel("plan of the room", PlaceRoom, OPEN_TO, "detention/panels/plan.html", _room_on_plan, 90),
    RecordPanel("plan of the exhibit", Exhibit, OPEN_TO, "detention/panels/plan.html", _find_on_plan, 300),
    RecordPanel("plan of the trace", Trace, OPEN_TO, "detention/panels/plan.html", _find_on_plan, 300),
    RecordPanel("checklist", PlaceSearch, OPEN_TO, "detention/panels/matrix.html", _matrix, 90),
    RecordPanel("seen, not judged", Exhibit, OPEN_TO, "detention/panels/opinion_apart.html", _nothing_more, -10),
    panel_with_table("rooms of the place", PlaceOfDetention, gettext_lazy("Rooms"),
           _beside(PlaceRoom, "name", "used_as", "area_m2", "capacity_people"),
           lambda place: place.rooms.order_by("number"), gettext_lazy("No room has been taken up yet."), 100,
           gettext_lazy("Take up every room, the yard too: what is found bears the number of its room.")),
    panel_with_table("searches of the place", PlaceOfDetention, gettext_lazy("Searches"),
           _beside(PlaceSearch, "warrant", "started_at", "ended_at", "state"),
           lambda place: place.searches.order_by("number"), gettext_lazy("The place has not been searched yet."), 110,
           gettext_lazy("A search begins with its warrant, once the rooms are taken up.")),
    panel_with_table("who ran the place", PlaceOfDetention, gettext_lazy("Who is said to have run it"),
           _beside(Control, "who", "held", "source"),
           lambda place: place.controls.order_by("number"), gettext_lazy("Nobody has said yet who ran it."), 120,
           gettext_lazy("Each source is a claim of its own.")),
    panel_with_table("floors of the place", PlaceOfDetention, gettext_lazy("Floor plans"), _beside(FloorPlan, "name"),
           lambda place: place.plans.order_by("number"), "", 130),
    panel_with_table("searches of the room", PlaceRoom, gettext_lazy("Searches"),
           _beside(SearchedRoom, "search", "state"), lambda room: room.searched.order_by("number"), "", 100),
    panel_with_table("witnesses", PlaceSearch, gettext_lazy("Witnesses"), _beside(SearchWitness, "name"),
           lambda search: search.witnesses.order_by("number"), gettext_lazy("No witness is named."), 100),
    panel_with_table("assemblies", PlaceSearch, gettext_lazy("Found as one thing"), _beside(Assembly, "connected", "seen"),
           lambda search: search.assemblies.order_by("number"), "", 110),
    panel_with_table("items of the room", SearchedRoom, gettext_lazy("Checklist"), _ITEM,
           lambda searched: searched.items.select_related("searched_room").order_by("number"),
           gettext_lazy("Nothing of the checklist is done or excused yet."), 100,
           gettext_lazy("Check off what is done, and say why something is not.")),
    panel_with_table("exhibits of the room", SearchedRoom, gettext_lazy("Exhibits"), _beside(Exhibit, "look", *_FINDS),
           lambda searched: searched.exhibits.order_by("number"), "", 110),
    panel_with_table("traces of the room", SearchedRoom, gettext_lazy("Traces"), _beside(Trace, "sort", *_FINDS),
           lambda searched: searched.traces.order_by("number"), "", 120),
    panel_with_table("seals", Exhibit, gettext_lazy("Seals"), _beside(Seal, "label", "state", "applied_at", "checked_at"),
           lambda exhibit: exhibit.seals.order_by("number"), gettext_lazy("It bears no seal."), 100,
           gettext_lazy("Whoever holds it seals its packaging, and writes down the number on the seal.")),
    panel_with_table("traces on the exhibit", Exhibit, gettext_lazy("Traces"), _beside(Trace, "sort", *_FINDS),
           lambda exhibit: exhibit.traces.order_by("number"), "", 110),
    panel_with_table("assembly", Exhibit, gettext_lazy("Found as one thing"), _beside(Assembly, "connected", "seen"),
           _assembled, "", 120),
    panel_with_table("opinions", Exhibit, gettext_lazy("Opinions on its function"), _OPINION, _opinions, "", 130),
    panel_with_table("notes on the photograph", Attachment, gettext_lazy("What it shows"),
           _beside(PictureNote, "shows", "scale_cm", "direction"),
           lambda picture: PictureNote.objects.filter(picture=picture).order_by("number"), "", 100),
    panel_with_table("parts", Assembly, gettext_lazy("Parts"), _beside(Exhibit, "look", *_FINDS), parts_of, "", 100),
    panel_with_table("opinions on the whole", Assembly, gettext_lazy("Opinions on its function"), _OPINION,
           lambda assembly: assembly.opinions.order_by("number"), "", 110),
)  # fmt: skip
