"""The addresses of what the rooms declare. To a reader to whom a page is not open it does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from dokaz.casework.rooms import Page, Room


def routes(rooms: Iterable[Room]) -> list[URLPattern]:
    """Every address of some rooms, each closed to everybody to whom its page is not open."""
    return [path(page.at, _guarded(page), name=page.name) for room in rooms for page in room.pages]


def _guarded(page: Page) -> Callable[..., HttpResponseBase]:
    to_nobody = getattr(page, "to_nobody", False)

    def view(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        acting = getattr(request, "acting", None)
        if acting is None and not to_nobody:
            raise Http404
        if acting is not None and acting.role not in page.open_to:
            raise Http404
        return page.answer(request, **arguments)

    view.__name__ = page.name
    return view
