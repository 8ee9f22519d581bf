"""The page on which something is asked about any record, of whatever kind: its form, and the way back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from dokaz.casework.records import Record
from dokaz.pages.parts import Crumb
from dokaz.pages.ways import address_of, history_of, page_of, way_to


def way_of(record: Record) -> list[Crumb]:
    """The way to a record; of a kind that has no page, its history."""
    return way_to(record) if address_of(record) else [Crumb(record.number, history_of(record), is_number=True)]


def asked(
    request: HttpRequest, record: Record, form: Any, *, title: str, lead: str, verb: str, notes: Any = ()
) -> HttpResponseBase:
    """The page with the form."""
    return render(
        request,
        "pages/act.html",
        {
            "path": [*way_of(record), Crumb(title)],
            "number": record.number,
            "title": title,
            "lead": lead,
            "notes": notes,
            "form": form,
            "verb": verb,
            "back": page_of(record),
            "closed": (),
            "record": record,
        },
    )
