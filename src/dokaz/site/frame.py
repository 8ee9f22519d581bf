"""The frame around every page: the rail of rooms in the order of the work, the role one acts in, the language."""

from __future__ import annotations

from base64 import b64encode
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac

from dokaz.casework.rooms import Room, Stop, rooms
from dokaz.casework.trial import is_trial


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template its frame.

    ``request.acting`` is what the person acts as (``dokaz.pages.acting``); a stop whose page is not open to the office is
    not on the rail.
    """
    acting = getattr(request, "acting", None)
    here = _stop_of(request.resolver_match.url_name or "") if request.resolver_match else ""
    stops = sorted((stop for room in rooms() for stop in room.rail), key=lambda stop: stop.place)
    shown = [stop for stop in stops if acting is None or acting.opens(stop.page)]
    rail = [
        [{"label": stop.label, "url": reverse(stop.page), "here": stop.page == here} for stop in group]
        for _hundred, group in groupby(shown, key=lambda stop: stop.place // 100)
    ]
    return {"rail": rail, "acting": acting, "is_trial": is_trial(), "drafts": _drafts(acting)}


def _drafts(acting: Any) -> dict[str, str] | None:
    """Whose drafts the browser may show, and the key that encrypts them: of no use to whoever has the disk alone."""
    if acting is None:
        return None
    key = salted_hmac("dokaz.drafts", str(acting.person.id), algorithm="sha256").digest()
    return {"person": acting.person.number, "key": b64encode(key).decode()}


def _stop_of(page: str) -> str:
    """The stop on the rail that a page lights."""
    for room in rooms():
        for each in room.pages:
            if each.name == page:
                return each.stop or _first(room)
    return ""


def _first(room: Room) -> str:
    first: Stop | None = next(iter(room.rail), None)
    return first.page if first else ""
