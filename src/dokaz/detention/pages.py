"""Pages of places of detention: the place, its plans and rooms, its searches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dokaz.detention import acts
from dokaz.detention.drawing import floor_plan
from dokaz.detention.forms import (
    BeginSearchForm,
    CloseSearchForm,
    ControlForm,
    DoItemsForm,
    DrawRoomForm,
    ExcuseItemsForm,
    PlaceForm,
    PlanForm,
    RoomForm,
    SearchRoomForm,
)
from dokaz.detention.models import (
    CheckedItem,
    Control,
    FloorPlan,
    PlaceOfDetention,
    PlaceRoom,
    PlaceSearch,
    SearchedRoom,
    SearchState,
    SearchWitness,
)
from dokaz.detention.pages_of_books import PAGES_OF_BOOKS
from dokaz.detention.pages_of_finds import PAGES_OF_FINDS
from dokaz.detention.panels import OPEN_TO, item_in_words
from dokaz.detention.queries import open_items, rooms_left_out
from dokaz.pages.act_page import ActPage
from dokaz.pages.acting import ActForm, Acting
from dokaz.pages.list_page import Empty, ListPage
from dokaz.pages.named import column_of, fact_of, filter_of, label_of
from dokaz.pages.parts import Fact, ListColumn
from dokaz.pages.record_page import RecordPage

UNDER_WAY = SearchState.UNDER_WAY


def facts(*names: str) -> Callable[[Any, Acting], list[Fact]]:
    """The facts of a record: its fields, by name."""
    return lambda record, acting: [fact_of(record, name) for name in names]


def _place_facts(place: PlaceOfDetention, acting: Acting) -> list[Fact]:
    where = f"{place.latitude_deg}° N, {place.longitude_deg}° E" if place.latitude_deg is not None else ""
    accuracy = _("WGS 84, ± %(metres)s m") % {"metres": place.accuracy_m} if place.accuracy_m else _("WGS 84")
    return [
        *facts("kind_of_place", "address")(place, acting),
        Fact(_("Place"), where, accuracy if where else ""),
        fact_of(place, "description"),
    ]


def next_step_of_place(place: PlaceOfDetention) -> Any:
    """What comes next for a place."""
    if not place.rooms.exists():
        return _("Take up its rooms; then it can be searched.")
    return None if place.searches.exists() else _("It can be searched, once there is a warrant.")


def next_step_of_search(search: PlaceSearch) -> Any:
    """What comes next for a search."""
    if search.state != UNDER_WAY:
        return None
    left, rooms = len(open_items(search)), rooms_left_out(search)
    if not left and not rooms:
        return _("Everything is done or excused: it can be closed.")
    return _("It can be closed once nothing is open: %(items)s items, %(rooms)s rooms.") % {
        "items": left,
        "rooms": len(rooms),
    }


def _plan_to_draw_on(acting: Acting, room: PlaceRoom, form: ActForm) -> dict[str, Any]:
    """The plan that was chosen; the room's own, or the first of its place, while none is."""
    chosen = form.data.get("plan") if form.is_bound else None
    plans = FloorPlan.objects.filter(place=room.place).order_by("number")
    plan = plans.filter(pk=chosen).first() if chosen else room.plan or plans.first()
    return {"plan": floor_plan(plan, here=room.number, has_links=False) if plan is not None else ""}


def _as_drawn(_request: Any, room: PlaceRoom) -> dict[str, Any]:
    plan = room.plan or room.place.plans.order_by("number").first()
    return {"plan": plan, "corners": "\n".join(f"{x} {y}" for x, y in room.corners)}


_OF_A_ROOM = (
    "used_as",
    "name",
    "area_m2",
    "height_m",
    "windows",
    "door_side",
    "capacity_people",
    "capacity_basis",
    "description",
)

PAGES = (
    ListPage(
        name="places_of_detention",
        at="places-of-detention/",
        open_to=OPEN_TO,
        label=gettext_lazy("Places of detention"),
        lists=PlaceOfDetention,
        search=("number", "name", "address"),
        filters=(filter_of(PlaceOfDetention, "kind_of_place"),),
        columns=(
            column_of(PlaceOfDetention, "number", "number"),
            column_of(PlaceOfDetention, "name", "name"),
            column_of(PlaceOfDetention, "kind_of_place"),
            ListColumn(gettext_lazy("Rooms"), is_number=True, value=lambda place: place.rooms.count()),
            ListColumn(gettext_lazy("Searches"), is_number=True, value=lambda place: place.searches.count()),
        ),
        unit=gettext_lazy("places of detention"),
        empty=Empty(
            gettext_lazy("No place of detention has been taken up yet."),
            gettext_lazy("Take up the first, or take in a list under Deliveries."),
        ),
        acts=("place_of_detention_new",),
    ),
    ActPage(
        name="place_of_detention_new",
        at="places-of-detention/new/",
        act=acts.open_place,
        title=gettext_lazy("Take up a place of detention"),
        verb=gettext_lazy("Take it up"),
        message=gettext_lazy("Place %(n)s is taken up."),
        form=PlaceForm,
        under="places_of_detention",
    ),
    RecordPage(
        name="place_of_detention",
        at="places-of-detention/<str:number>/",
        open_to=OPEN_TO,
        shows=PlaceOfDetention,
        under="places_of_detention",
        title=lambda place: place.name,
        facts=_place_facts,
    ),
    ActPage(
        name="place_open_room",
        at="places-of-detention/<str:number>/open-room/",
        record=PlaceOfDetention,
        act=acts.open_room,
        title=gettext_lazy("Take up a room"),
        lead=gettext_lazy(
            "Every cell, and whatever else there is: offices, corridors, the yard. Figures as they were measured."
        ),
        verb=gettext_lazy("Take it up"),
        message=gettext_lazy("Room %(n)s is taken up."),
        form=RoomForm,
        is_due=lambda place, acting: not place.rooms.exists(),
    ),
    ActPage(
        name="place_draw_plan",
        at="places-of-detention/<str:number>/draw-plan/",
        record=PlaceOfDetention,
        act=acts.draw_plan,
        title=gettext_lazy("Take up a floor plan"),
        verb=gettext_lazy("Take it up"),
        message=gettext_lazy("Floor plan %(n)s is taken up; rooms are drawn on it from their pages."),
        form=PlanForm,
    ),
    ActPage(
        name="place_claim_control",
        at="places-of-detention/<str:number>/claim-control/",
        record=PlaceOfDetention,
        act=acts.claim_control,
        title=gettext_lazy("Say who ran it"),
        lead=gettext_lazy("As one source says it. Where sources differ, each is a claim of its own."),
        verb=gettext_lazy("File the claim"),
        message=gettext_lazy("Claim %(n)s is filed."),
        form=ControlForm,
    ),
    ActPage(
        name="place_begin_search",
        at="places-of-detention/<str:number>/begin-search/",
        record=PlaceOfDetention,
        act=acts.begin_search,
        title=gettext_lazy("Begin a search"),
        lead=gettext_lazy("Every room of the place is searched by the checklist; what is not done is excused."),
        verb=gettext_lazy("Sign: the search has begun"),
        message=gettext_lazy("Search %(n)s is under way."),
        form=BeginSearchForm,
        offered=lambda place, acting: place.rooms.exists() and not place.searches.filter(state=UNDER_WAY).exists(),
        is_due=lambda place, acting: not place.searches.exists(),
    ),
    RecordPage(
        name="claim_of_control",
        at="claims-of-control/<str:number>/",
        open_to=OPEN_TO,
        shows=Control,
        parent=lambda claim: claim.place,
        facts=facts("who", "held", "source"),
    ),
    RecordPage(
        name="floor_plan",
        at="floor-plans/<str:number>/",
        open_to=OPEN_TO,
        shows=FloorPlan,
        parent=lambda plan: plan.place,
        title=lambda plan: plan.name,
        facts=facts("place", "picture"),
        template="detention/plan.html",
        more=lambda plan, acting: {"plan": floor_plan(plan)},
    ),
    RecordPage(
        name="place_room",
        at="rooms-of-places/<str:number>/",
        open_to=OPEN_TO,
        shows=PlaceRoom,
        parent=lambda room: room.place,
        title=lambda room: room.name,
        facts=facts(*_OF_A_ROOM),
    ),
    ActPage(
        name="place_room_draw",
        at="rooms-of-places/<str:number>/draw/",
        record=PlaceRoom,
        act=acts.draw_room,
        title=gettext_lazy("Draw it on a plan"),
        verb=gettext_lazy("It lies there"),
        message=gettext_lazy("Room %(n)s is drawn."),
        form=DrawRoomForm,
        offered=lambda room, acting: room.place.plans.exists(),
        initial=_as_drawn,
        template="detention/draw_room.html",
        more=_plan_to_draw_on,
    ),
    RecordPage(
        name="place_search",
        at="searches-of-places/<str:number>/",
        open_to=OPEN_TO,
        shows=PlaceSearch,
        parent=lambda search: search.place,
        facts=facts("place", "authority", "warrant", "warrant_on", "team", "started_at", "ended_at", "checklist"),
    ),
    ActPage(
        name="place_search_room",
        at="searches-of-places/<str:number>/search-room/",
        record=PlaceSearch,
        act=acts.search_room,
        title=gettext_lazy("Search one more room"),
        verb=gettext_lazy("Search it"),
        message=gettext_lazy("%(n)s is searched."),
        form=SearchRoomForm,
        starts_from=(UNDER_WAY,),
        offered=lambda search, acting: bool(rooms_left_out(search)),
        is_due=lambda search, acting: True,
    ),
    ActPage(
        name="place_search_close",
        at="searches-of-places/<str:number>/close/",
        record=PlaceSearch,
        act=acts.close_search,
        title=gettext_lazy("Close the search"),
        lead=gettext_lazy(
            "It is closed once every item is done or excused in every room; nothing is seized in it any more."
        ),
        verb=gettext_lazy("Sign: the search is closed"),
        message=gettext_lazy("Search %(n)s is closed."),
        form=CloseSearchForm,
        starts_from=(UNDER_WAY,),
        is_due=lambda search, acting: not open_items(search),
    ),
    RecordPage(
        name="search_witness",
        at="search-witnesses/<str:number>/",
        open_to=OPEN_TO,
        shows=SearchWitness,
        parent=lambda witness: witness.search,
        facts=facts("name"),
    ),
    RecordPage(
        name="searched_room",
        at="searched-rooms/<str:number>/",
        open_to=OPEN_TO,
        shows=SearchedRoom,
        parent=lambda searched: searched.search,
        title=lambda searched: searched.room.number,
        facts=facts("room", "search"),
    ),
    ActPage(
        name="searched_room_do",
        at="searched-rooms/<str:number>/do/",
        record=SearchedRoom,
        act=acts.do_items,
        title=gettext_lazy("Check off what is done"),
        verb=gettext_lazy("It is done"),
        message=gettext_lazy("It is checked off."),
        form=DoItemsForm,
        starts_from=(UNDER_WAY,),
        is_due=lambda searched, acting: True,
    ),
    ActPage(
        name="searched_room_excuse",
        at="searched-rooms/<str:number>/excuse/",
        record=SearchedRoom,
        act=acts.excuse_items,
        title=gettext_lazy("Say what is not done, and why"),
        verb=gettext_lazy("It is excused"),
        message=gettext_lazy("It is written down why it is not done."),
        form=ExcuseItemsForm,
        starts_from=(UNDER_WAY,),
    ),
    RecordPage(
        name="checked_item",
        at="checked-items/<str:number>/",
        open_to=OPEN_TO,
        shows=CheckedItem,
        parent=lambda item: item.searched_room,
        title=item_in_words,
        facts=lambda item, acting: [
            Fact(label_of(CheckedItem, "item"), item_in_words(item)),
            fact_of(item, "done_at", item.done_by.name if item.done_by else ""),
            *facts("why_not", "note")(item, acting),
        ],
    ),
    *PAGES_OF_FINDS,
    *PAGES_OF_BOOKS,
)
