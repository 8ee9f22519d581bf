"""The room of places of detention: rooms, searches, exhibits, seals, traces."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dokaz.casework.roles import Role
from dokaz.casework.rooms import RecordKind, Room, Stage, Step, Stop
from dokaz.detention.acts import MAY_TRANSCRIBE
from dokaz.detention.intake import DETENTION
from dokaz.detention.log_books import BookEntry, BookFields, BookPage, LogBook, PageReading, PageSettlement
from dokaz.detention.models import (
    Assembly,
    CheckedItem,
    Control,
    Exhibit,
    FloorPlan,
    FunctionOpinion,
    PictureNote,
    PlaceOfDetention,
    PlaceRoom,
    PlaceSearch,
    Seal,
    SealState,
    SearchedRoom,
    SearchWitness,
    Trace,
)
from dokaz.detention.on_the_map import places
from dokaz.detention.pages import PAGES, next_step_of_place, next_step_of_search
from dokaz.detention.panels import OPEN_TO, PANELS
from dokaz.detention.panels_of_books import PANELS_OF_BOOKS
from dokaz.detention.queries import broken_seals, rooms_with_open_items
from dokaz.detention.queries_of_books import pages_to_read, pages_to_settle

ROOM = Room(
    name="detention",
    label=_("Places of detention"),
    rail=(Stop("places_of_detention", _("Places of detention"), 222), Stop("exhibits", _("Exhibits"), 224),
          Stop("log_books", _("Log books"), 226)),
    open_to=OPEN_TO,
    records=(
        RecordKind(PlaceOfDetention, OPEN_TO),
        RecordKind(Control, OPEN_TO, goes_with=("place",)),
        RecordKind(FloorPlan, OPEN_TO, goes_with=("place",)),
        RecordKind(PlaceRoom, OPEN_TO, goes_with=("place",)),
        RecordKind(PlaceSearch, OPEN_TO, goes_with=("place",)),
        RecordKind(SearchWitness, OPEN_TO, goes_with=("search",)),
        RecordKind(SearchedRoom, OPEN_TO, goes_with=("search",)),
        RecordKind(CheckedItem, OPEN_TO, goes_with=("searched_room",)),
        RecordKind(Exhibit, OPEN_TO, goes_with=("searched_room",), counted=lambda n: ngettext("exhibit", "exhibits", n)),
        RecordKind(Assembly, OPEN_TO, goes_with=("search",)),
        RecordKind(FunctionOpinion, OPEN_TO, goes_with=("exhibit", "assembly")),
        RecordKind(PictureNote, OPEN_TO, goes_with=("picture",)),
        RecordKind(Seal, OPEN_TO, goes_with=("exhibit",)),
        RecordKind(Trace, OPEN_TO, goes_with=("searched_room",), counted=lambda n: ngettext("trace", "traces", n)),
        RecordKind(LogBook, OPEN_TO, goes_with=("exhibit",)),
        RecordKind(BookFields, OPEN_TO, goes_with=("book",)),
        RecordKind(BookPage, OPEN_TO, goes_with=("book",)),
        RecordKind(PageReading, OPEN_TO, goes_with=("page",)),
        RecordKind(PageSettlement, OPEN_TO, goes_with=("page",)),
        RecordKind(BookEntry, OPEN_TO, goes_with=("page",)),
    ),
    pages=PAGES,
    steps=(
        Step("search", _("rooms with open items of a search"), (Role.SCENE,), rooms_with_open_items, "places_of_detention"),
        Step("broken seals", _("broken seals to account for"), (Role.INVESTIGATOR,), broken_seals, "seals",
             f"state={SealState.BROKEN}"),
        Step("pages to read", _("pages of log books to be read"), tuple(sorted(MAY_TRANSCRIBE)), pages_to_read,
             "book_pages"),
        Step("pages to settle", _("pages of log books to be settled"), tuple(sorted(MAY_TRANSCRIBE)), pages_to_settle,
             "book_pages", "progress=twice"),
    ),
    stages=(
        Stage(
            "seized",
            _("Seized"),
            _("exhibits"),
            _("seized in searches of places of detention, each under its own number"),
            lambda: Exhibit.objects.count(),
            "exhibits",
        ),
    ),
    deliveries=(DETENTION,),
    map_layers=(places,),
    panels=(*PANELS, *PANELS_OF_BOOKS),
    next_steps=((PlaceOfDetention, next_step_of_place), (PlaceSearch, next_step_of_search)),
)  # fmt: skip
