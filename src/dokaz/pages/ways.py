"""Where a record's page is, and the way to it: crumbs from the list of its room down to the record."""

from __future__ import annotations

import functools
from typing import Any

from django.urls import reverse

from dokaz.casework.records import Record
from dokaz.casework.rooms import page_named, rooms
from dokaz.pages.parts import Crumb


@functools.cache
def _page_of_kind() -> dict[type[Record], Any]:
    """The page on which each kind of record is shown."""
    pages: list[Any] = [page for room in rooms() for page in room.pages]
    return {page.shows: page for page in pages if getattr(page, "shows", None) is not None}


def address_of(record: Record | None) -> str:
    """The address of a record's page; empty where its kind has none."""
    page = _page_of_kind().get(type(record)) if record is not None else None
    return reverse(page.name, args=[record.number]) if page is not None and record is not None else ""


def history_of(record: Record) -> str:
    """The address at which every version of a record is read, and from which it is put right."""
    return reverse("record_history", args=[record.kind(), record.number])


def page_of(record: Record) -> str:
    """The address of a record's page; of a kind that has none, of its history."""
    return address_of(record) or history_of(record)


def address_if_open(acting: Any, record: Record | None) -> str:
    """The address of a record's page, if it is open to the reader's office; else empty."""
    page = _page_of_kind().get(type(record)) if record is not None else None
    return address_of(record) if page is not None and acting.opens(page.name) else ""


@functools.cache
def list_of(kind: type[Record]) -> str:
    """The name of the page that lists a kind of record; empty where there is none."""
    pages: list[Any] = [page for room in rooms() for page in room.pages]
    return next((page.name for page in pages if getattr(page, "lists", None) is kind), "")


def way_to_page(name: str) -> list[Crumb]:
    """The way to a page that is no record's, itself included."""
    page: Any = page_named(name)
    above = getattr(page, "under", "")
    label = getattr(page, "label", "") or _stop_label(name)
    return [*(way_to_page(above) if above else []), Crumb(label, reverse(name))]


def way_to(record: Record) -> list[Crumb]:
    """The way to a record, itself included: through what it belongs to, or through the list of its kind."""
    own = Crumb(record.number, address_of(record), is_number=True)
    page = _page_of_kind().get(type(record))
    parent = page.parent(record) if page is not None and page.parent is not None else None
    if parent is not None:
        return [*way_to(parent), own]
    return [*(way_to_page(page.under) if page is not None and page.under else []), own]


@functools.cache
def _stop_label(name: str) -> Any:
    return next((stop.label for room in rooms() for stop in room.rail if stop.page == name), name)
