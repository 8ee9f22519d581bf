"""What a room declares of itself, and the rooms that are installed: what iterates over rooms asks here.

A room is a package with a ``room.py`` that holds one ``ROOM``. Nothing registers itself by being imported: what a room
shows, files, counts and opens can be read in that one value. Access has no default: each page, kind of record and panel
names who may see it, and what is not declared is closed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule

from dokaz.casework.records import Record
from dokaz.casework.roles import Role

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from dokaz.casework.delivery_kinds import DeliveryKind
    from dokaz.casework.filing import Filing
    from dokaz.casework.store import Store

Text = str | Promise

#: Who reads evidence. The administrator keeps the doors and sees nothing behind them; the defence sees what is disclosed.
READERS: frozenset[str] = frozenset(Role.values) - {Role.ADMINISTRATOR, Role.DEFENCE}
EVERYBODY: frozenset[str] = frozenset(Role.values)


class Page(Protocol):
    """A page as the rooms' registry knows it; ``dokaz.pages`` has the kinds of pages there are."""

    @property
    def name(self) -> str:
        """Of its address, as ``reverse`` takes it."""

    @property
    def at(self) -> str:
        """The route, as ``path`` takes it."""

    @property
    def open_to(self) -> frozenset[str]:
        """The offices to which the page exists."""

    @property
    def stop(self) -> str:
        """The stop on the rail that it lights; empty: the first of its room."""

    def answer(self, *request: Any, **route: Any) -> HttpResponseBase:
        """The page, for a reader to whom it is open: handed the request and what the route names."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop on the rail.

    Args:
        page: Name of the page that it opens; the stop is shown to those to whom that page is open.
        label: In words.
        place: Its place on the rail; each hundred is a group, divided from the next by a line.
    """

    page: str
    label: Text
    place: int


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of record.

    Args:
        model: What is written down.
        open_to: Who may read its content, wherever it is shown (its entries in the ledger, too).
        goes_with: Foreign keys by which it is evidence about another record: a bundle that holds that one holds this one.
        counted: What so many of them are called, for things that are counted where they lie.
    """

    model: type[Record]
    open_to: frozenset[str]
    goes_with: tuple[str, ...] = ()
    counted: Callable[[int], str] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the work at which things wait until a person acts.

    Args:
        name: As addresses spell it.
        label: What waits, in words that follow a number.
        roles: Who may do the next thing; none: whoever is named in the record.
        waiting: What waits.
        page, query: The list behind the number.
        as_filter: What the things wait to be ("lifted"), where a list of their kind can be filtered by this step.
    """

    name: str
    label: Text
    roles: tuple[str, ...]
    waiting: Callable[[], QuerySet[Any]]
    page: str
    query: str = ""
    as_filter: Text = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage that the work has reached. A case is not a person: each stage names its own unit.

    Args:
        name: As addresses spell it.
        label: What was done.
        unit: What is counted.
        method: How it is counted, in one sentence.
        count: The number.
        page, query: The list behind the number.
        records: What lists of their kinds show when they are filtered by this stage, one query a kind.
        as_filter: What such a filter is called, where the label would not do.
    """

    name: str
    label: Text
    unit: Text
    method: Text
    count: Callable[[], int]
    page: str
    query: str = ""
    records: tuple[Callable[[], QuerySet[Any]], ...] = ()
    as_filter: Text = ""

    def of(self, model: type[Record]) -> QuerySet[Any] | None:
        """The records of a kind that have reached the stage; None where it is no stage of that kind."""
        return next((query for ask in self.records if (query := ask()).model is model), None)


@dataclass(frozen=True, slots=True)
class RecordPanel:
    """What a room shows on the page of a record, its own or an earlier room's.

    Args:
        name: Unique; the section's id on the page.
        on: The kind of record on whose page it is shown, or a kind from which others are derived.
        open_to: Who sees it.
        template: Draws it; handed what ``context`` returns, and ``record`` and ``acting``.
        context: What the template needs; None: the panel is not shown for this record.
        place: Its place on the page, smaller ones first; below 0: in the head, beside the state.
    """

    name: str
    on: type[Record]
    open_to: frozenset[str]
    template: str
    context: Callable[[Any, Any], Mapping[str, Any] | None]
    place: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One room of the house.

    Args:
        name: As the package is called.
        label: In words.
        rail: Its stops on the rail, the first being the room's own.
        open_to: Who works or reads here; a page of the room is open to some of them, or says whom else it lets in.
        records: The kinds of records that are written down here.
        pages: Every address of the room.
        steps: Where work waits.
        stages: How far the work has come.
        deliveries: What teams deliver here as files.
        panels: What it shows on pages of records.
        links: Buttons that it puts on pages of a kind of record, and of kinds derived from it, besides those of its acts;
            handed the record and the reader.
        first_pages: For offices that see no overview, the name of the page where they begin; empty while there is nothing.
        map_layers: What it shows on the map; each returns places to a reader.
        next_steps: What comes next for a record of a kind, in one sentence, or None; the latest room that knows speaks.
        corrected: What is done when a record of any room was corrected, made void, or is so no longer; handed the record as
            it was filed, and the filing.
        erased: Destroys what the room keeps in the store of openings that were erased by order; handed the store and their
            digests, each with the index of its entry. Tells whether nothing is left of them; else it is asked again.
        joined: Which records of a kind belong together, as pairs of numbers, the part before the whole; handed the records.
            Plans draw a line between them.
    """

    name: str
    label: Text
    rail: tuple[Stop, ...]
    open_to: frozenset[str]
    records: tuple[RecordKind, ...]
    pages: tuple[Page, ...]
    steps: tuple[Step, ...] = ()
    stages: tuple[Stage, ...] = ()
    deliveries: tuple[DeliveryKind[Any], ...] = ()
    panels: tuple[RecordPanel, ...] = ()
    links: tuple[tuple[type[Record], Callable[[Any, Any], Sequence[Any]]], ...] = ()
    first_pages: tuple[tuple[str, Callable[[Any], str]], ...] = ()
    map_layers: tuple[Callable[[Any], Sequence[Any]], ...] = ()
    next_steps: tuple[tuple[type[Record], Callable[[Any], Text | None]], ...] = ()
    corrected: Callable[[Any, Filing], object] | None = None
    erased: Callable[[Store, Mapping[str, int]], bool] | None = None
    joined: tuple[tuple[type[Record], Callable[[Sequence[Any]], Sequence[tuple[str, str]]]], ...] = ()


@functools.cache
def rooms() -> tuple[Room, ...]:
    """The rooms that are installed, in the order of the settings, which is the order of the work."""
    found = _declared()
    _must_fit(found)
    return found


@functools.cache
def _declared() -> tuple[Room, ...]:
    """What the rooms declare, not yet checked: whom a page is open to may itself be asked of all of them."""
    found = []
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "room"):
            room: Room = import_module(f"{config.name}.room").ROOM
            found.append(room)
    return tuple(found)


@functools.cache
def delivery_kinds() -> dict[str, DeliveryKind[Any]]:
    """What can be delivered, by name, in the order of the rooms."""
    return {kind.name: kind for room in _declared() for kind in room.deliveries}


def room_named(name: str) -> Room:
    """The room of that name.

    Raises:
        KeyError: no room of that name is installed.
    """
    return {room.name: room for room in rooms()}[name]


def first_page(name: str) -> str:
    """The page at which a room begins, by the name of the room; another name is that of a page."""
    return next((room.rail[0].page for room in rooms() if room.name == name and room.rail), name)


@functools.cache
def _pages() -> dict[str, Page]:
    return {page.name: page for room in rooms() for page in room.pages}


def page_named(name: str) -> Page | None:
    """The page of that name; None where no room declares one."""
    return _pages().get(name)


@functools.cache
def _kinds() -> dict[type[Record], RecordKind]:
    return {kind.model: kind for room in rooms() for kind in room.records}


def record_kind(model: type[Record]) -> RecordKind | None:
    """What its room declares of a kind of record; None where no room does: then nobody may read it."""
    return _kinds().get(model)


def record_declarations() -> list[RecordKind]:
    """What the rooms declare of every kind of record, in the order of the rooms."""
    return list(_kinds().values())


def may_read(role: str, model: type[Record]) -> bool:
    """Whether the content of a kind of record is open to an office."""
    kind = record_kind(model)
    return kind is not None and role in kind.open_to


def may_read_this(role: str, record: Record) -> bool:
    """Whether the content of a record is open to an office: an attachment's is where that of its record is."""
    return all(may_read(role, kind) for kind in record.kinds_to_read())


def steps() -> list[Step]:
    """Every step at which work waits, in the order of the work."""
    return [step for room in rooms() for step in room.steps]


def stages() -> list[Stage]:
    """Every stage of the work, in its order."""
    return [stage for room in rooms() for stage in room.stages]


def stages_of(model: type[Record]) -> list[tuple[str, Text]]:
    """The stages by which a list of a kind of record is filtered: name and label."""
    return [(stage.name, stage.as_filter or stage.label) for stage in stages() if stage.of(model) is not None]


def at_stage(query: QuerySet[Any], name: str) -> QuerySet[Any]:
    """The records of a query that have reached a stage; all of them where there is no stage of that name."""
    found = next(
        (reached for stage in stages() if stage.name == name and (reached := stage.of(query.model)) is not None), None
    )
    return query if found is None else query & found


def steps_of(model: type[Record]) -> list[tuple[str, Text]]:
    """What records of a kind may wait to be: name of the step and words."""
    return [(step.name, step.as_filter) for step in steps() if step.as_filter and step.waiting().model is model]


def waiting_at(query: QuerySet[Any], name: str) -> QuerySet[Any]:
    """The records of a query that wait at a step; all of them where there is no step of that name."""
    found = next(
        (step.waiting() for step in steps() if step.name == name and step.waiting().model is query.model), None
    )
    return query if found is None else query & found


def panels_on(model: type[Record]) -> Sequence[RecordPanel]:
    """What all rooms show on the page of a kind of record, in the order of the page."""
    found = [panel for room in rooms() for panel in room.panels if issubclass(model, panel.on)]
    return sorted(found, key=lambda panel: panel.place)


def next_step_of(record: Record) -> Text:
    """What comes next for a record; empty where its work is done, or no room knows."""
    for room in reversed(rooms()):
        for kind, ask in room.next_steps:
            if isinstance(record, kind) and (said := ask(record)) is not None:
                return said
    return ""


def joined_on_plans(model: type[Record], records: Sequence[Any]) -> list[tuple[str, str]]:
    """Which of some records of a kind belong together, as any room knows: pairs of numbers, the part before the whole."""
    return [pair for room in rooms() for kind, ask in room.joined if kind is model for pair in ask(records)]


# --- what a declaration must hold -----------------------------------------------------------------------------------------


def _must_fit(found: Sequence[Room]) -> None:
    """Refuse declarations that would open something by mistake, or hide something of another room.

    Raises:
        ImproperlyConfigured: two of one name, a reader who is no role, a page open to whom its records are closed.
    """
    pages = [(room, page) for room in found for page in room.pages]
    _once("page", [page.name for _room, page in pages])
    _once("address", [page.at for _room, page in pages])
    _once("room", [room.name for room in found])
    _once("kind of record", [each.model.kind() for room in found for each in room.records])
    _once("panel", [f"{each.name} on {each.on.kind()}" for room in found for each in room.panels])
    _once("step", [step.name for room in found for step in room.steps])
    _once("stage", [stage.name for room in found for stage in room.stages])
    _once("delivery", [kind.name for room in found for kind in room.deliveries])
    for room in found:
        _readers(room.name, room.open_to)
        for page in room.pages:
            _readers(page.name, page.open_to)
        for panel in room.panels:
            _readers(panel.name, panel.open_to)
        for kind in room.records:
            _readers(kind.model.kind(), kind.open_to)
            fields = {field.name for field in kind.model._meta.get_fields()}
            unknown = set(kind.goes_with) - fields
            if unknown:
                raise ImproperlyConfigured(f"{kind.model.kind()} has no field {', '.join(sorted(unknown))}")
        for name in (*(stop.page for stop in room.rail), *(step.page for step in room.steps)):
            if name not in {page.name for _room, page in pages}:
                raise ImproperlyConfigured(f"{room.name}: no room has a page {name}")
    open_to = {each.model: each.open_to for room in found for each in room.records}
    for room, page in pages:
        # A page that decides record by record says itself whom it lets in besides.
        if getattr(page, "is_open", None) is not None:
            continue
        if page.open_to - room.open_to:
            raise ImproperlyConfigured(f"{page.name} is open to offices that its room, {room.name}, is closed to")
        shown = getattr(page, "shows", None) or getattr(page, "lists", None)
        if shown is not None and page.open_to - open_to.get(shown, frozenset()):
            raise ImproperlyConfigured(f"{page.name} is open to offices that may not read {shown.kind()}")


def _once(what: str, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ImproperlyConfigured(f"the rooms declare the {what} {', '.join(twice)} twice")


def _readers(what: str, roles: object) -> None:
    if not isinstance(roles, frozenset | set) or {str(role) for role in roles} - set(Role.values):
        raise ImproperlyConfigured(f"{what} is open to {roles!r}, which is no set of roles")
