"""Questions about places of detention: what is open in a search, which seals are broken, what was found where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet

from dokaz.detention import checklists
from dokaz.detention.models import (
    Assembly,
    CheckedItem,
    Exhibit,
    FunctionOpinion,
    PlaceRoom,
    PlaceSearch,
    Seal,
    SealState,
    SearchedRoom,
    SearchState,
    Trace,
)


def rooms_with_open_items() -> QuerySet[SearchedRoom]:
    """Rooms in searches under way in which an item is neither done nor excused."""
    going_on = SearchedRoom.objects.filter(state=SearchState.UNDER_WAY).annotate(checked=Count("items"))
    found: QuerySet[SearchedRoom] = going_on.filter(
        reduce(
            or_,
            (Q(checklist=version, checked__lt=len(checklists.items_of(version))) for version in checklists.versions()),
        )
    )
    return found


def broken_seals() -> QuerySet[Seal]:
    """Seals that were found broken, and nobody has accounted for."""
    found: QuerySet[Seal] = Seal.objects.filter(state=SealState.BROKEN)
    return found


def searched_rooms(search: PlaceSearch) -> list[SearchedRoom]:
    """The rooms of a search, each with its items, in the order of their numbers."""
    found = search.searched.select_related("room").prefetch_related("items").order_by("room__number")
    return list(found)


def open_items(search: PlaceSearch) -> list[tuple[SearchedRoom, str]]:
    """What is neither done nor excused: room by room, in the order of the checklist."""
    return [
        (searched, item)
        for searched in searched_rooms(search)
        for item in checklists.items_of(search.checklist)
        if item not in {one.item for one in searched.items.all()}
    ]


def rooms_left_out(search: PlaceSearch) -> list[PlaceRoom]:
    """The rooms of the place that the search does not have."""
    return list(search.place.rooms.exclude(pk__in=search.searched.values("room")).order_by("number"))


def last_work_in(search: PlaceSearch) -> tuple[str, str, dt.datetime | None]:
    """The last thing that was done, seized or secured in a search: its number, the name of the field, and when."""
    latest: tuple[str, str, dt.datetime | None] = ("", "", None)
    for kind, name in ((CheckedItem, "done_at"), (Exhibit, "taken_at"), (Trace, "taken_at")):
        found = kind.objects.filter(searched_room__search=search).exclude(**{name: None})
        last = found.order_by(f"-{name}", "number").values_list("number", name).first()
        if last is not None and (latest[2] is None or last[1] > latest[2]):
            latest = (last[0], name, last[1])
    return latest


def assembly_of(exhibit: Exhibit) -> Assembly | None:
    """The assembly of which an exhibit is a part."""
    found = Assembly.objects.filter(search=exhibit.searched_room.search_id).order_by("number")
    return next((one for one in found if str(exhibit.pk) in one.parts), None)


def parts_of(assembly: Assembly) -> list[Exhibit]:
    """The exhibits of an assembly, by their numbers."""
    return list(Exhibit.every.filter(pk__in=assembly.parts).order_by("number"))


def without_opinion() -> QuerySet[Exhibit]:
    """Exhibits of whose function no expert has spoken, alone or as parts of an assembly."""
    spoken_of = {
        part for one in Assembly.objects.filter(pk__in=FunctionOpinion.objects.values("assembly")) for part in one.parts
    }
    asked = Exhibit.objects.exclude(pk__in=FunctionOpinion.objects.exclude(exhibit=None).values("exhibit"))
    found: QuerySet[Exhibit] = asked.exclude(pk__in=spoken_of)
    return found


def numbers_given_in(room: PlaceRoom) -> Iterable[str]:
    """The numbers of everything that was ever found in a room, what is void included."""
    for kind in (Exhibit, Trace):
        yield from kind.every.filter(searched_room__room=room).values_list("number", flat=True)
