"""The frame around every page: the rail of rooms in the order of the work, the role one acts in, the language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop on the rail: a page that opens a room."""

    name: str
    label: Text
    #: URL names or namespaces that light this stop
    covers: tuple[str, ...] = ()


# In the order of an investigation; the groups are divided by a rule, never by another word.
RAIL: tuple[tuple[Stop, ...], ...] = (
    (
        Stop("overview", _("Overview")),
        Stop("map", _("Map")),
        Stop("deliveries", _("Deliveries"), ("delivery",)),
    ),
    (
        Stop("sites", _("Graves"), ("site", "grave", "graves")),
        Stop("units", _("Recovery units"), ("unit", "units")),
        Stop("mortuary", _("Mortuary"), ("mortuary", "sample", "session")),
        Stop("missing", _("Missing persons"), ("missing", "person", "donor")),
        Stop("identification", _("Identification"), ("identification", "comparison", "decision", "board")),
    ),
    (
        Stop("bundles", _("Bundles"), ("bundle", "court")),
        Stop("ledger", _("Ledger"), ("ledger", "entry")),
    ),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template its frame.

    ``request.acting`` is what the person acts as (``dokaz.pages.acting``); rooms that are not open to the office have no
    stop on the rail.
    """
    acting = getattr(request, "acting", None)
    match = request.resolver_match
    here = {match.url_name or "", *match.namespaces} if match else set()
    prefix = (match.url_name or "").split("_")[0] if match else ""
    rail = [
        [
            {"label": stop.label, "url": url, "here": bool({stop.name, *stop.covers} & (here | {prefix}))}
            for stop in group
            if (url := _address(stop.name)) and (acting is None or acting.opens(stop.name))
        ]
        for group in RAIL
    ]
    return {"rail": [group for group in rail if group], "acting": acting}


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
