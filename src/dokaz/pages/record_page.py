"""The page of one record: number, state and what comes next; facts; what every room shows of it; the ledger strip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from dokaz.casework.models import DeliveredRecord, Delivery
from dokaz.casework.records import Record, is_void
from dokaz.casework.registry import act_named, name_of
from dokaz.casework.rooms import next_step_of, panels_on
from dokaz.pages.act_page import links_of
from dokaz.pages.acting import ActForm, Acting, act_on, acting_of, posted, say_refusal
from dokaz.pages.erased import erased_lines
from dokaz.pages.ledger_strip import address, strip_of
from dokaz.pages.parts import Crumb, Fact, Signing, Strip, Text
from dokaz.pages.putting_right import proposed_for
from dokaz.pages.ways import address_of, way_to


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningHere:
    """How a record is signed on its own page, under everything that the signer should read.

    Args:
        act: Signs; called with the record and the filing.
        form: The passphrase, and whatever else is asked.
        waits: Whether the record waits for signatures.
        panel: The place where one signs; handed the record, the reader and the form.
        message: What to say once it is signed; handed what the act gave back.
    """

    act: Callable[..., Any]
    form: type[ActForm]
    waits: Callable[[Any], bool]
    panel: Callable[[Any, Acting, ActForm], Signing]
    message: Callable[[Any], Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """A record, found by its number.

    Args:
        name: Of its address.
        at: The route, with ``<str:number>``.
        open_to: The offices to which it exists.
        shows: The kind of record.
        facts: What is known, line by line; handed the record and the reader.
        under: The list above it.
        parent: The record above it, where it belongs to one.
        title: What stands beside the number; handed the record.
        fetch: Adds to the query what the page shows of other records.
        is_open: Whether this record is open to this reader, where that differs from record to record.
        sees_all: Whether the reader sees what leads on from here: the way to it and what comes next.
        state: Its state in words and its tone, where that is no field of the record; handed the record.
        stop: The stop on the rail that it lights.
        template, more: Draw the page where more than parts are on it; ``more`` is handed the record and the reader.
        asked: What the template needs besides of what the address asks for; handed the record, the reader and the request.
        signing: How it is signed on its page.
    """

    name: str
    at: str
    open_to: frozenset[str]
    shows: type[Record]
    facts: Callable[[Any, Acting], Sequence[Fact]] | None = None
    under: str = ""
    parent: Callable[[Any], Record | None] | None = None
    title: Callable[[Any], Text] | None = None
    fetch: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    is_open: Callable[[Any, Acting], bool] | None = None
    sees_all: Callable[[Acting], bool] | None = None
    state: Callable[[Any], tuple[Text, str]] | None = None
    stop: str = ""
    template: str = "pages/record_page.html"
    more: Callable[[Any, Acting], dict[str, Any]] | None = None
    asked: Callable[[Any, Acting, HttpRequest], dict[str, Any]] | None = None
    signing: SigningHere | None = None

    def answer(self, request: HttpRequest, number: str) -> HttpResponseBase:
        """The record."""
        acting = acting_of(request)
        query = self.shows.every.all()
        record = get_object_or_404(self.fetch(query) if self.fetch is not None else query, number=number)
        if self.is_open is not None and not self.is_open(record, acting):
            raise Http404
        panel = None
        if self.signing is not None:
            form = self.signing.form(posted(request), acting=acting, record=record)
            if request.method == "POST" and acting.role in act_named(name_of(self.signing.act)).roles:
                sign = self.signing.act
                if act_on(request, form, lambda f, _values: sign(record, f), message=self.signing.message):
                    return redirect(address_of(record))
            if self.signing.waits(record):
                panel = self.signing.panel(record, acting, form)
            else:
                say_refusal(request, form)
        return render(request, self.template, {**self.context(request, record, acting), "signing": panel})

    def context(self, request: HttpRequest, record: Any, acting: Acting) -> dict[str, Any]:
        """What the template draws."""
        sees_all = self.sees_all is None or self.sees_all(acting)
        head, body = panels(request, record, acting)
        if is_void(record):
            head.insert(0, render_to_string("pages/parts/void.html", {"record": record}, request))
        if erased := erased_lines(record):
            head.insert(0, render_to_string("pages/parts/erased.html", {"erased": erased}, request))
        if proposed := proposed_for(record):
            head.insert(0, render_to_string("pages/parts/proposed.html", {"proposed": proposed}, request))
        state = self.state(record) if self.state is not None else state_of(record)
        return {
            "path": way_to(record) if sees_all else [Crumb(record.number, is_number=True)],
            "record": record,
            "kind": capfirst(str(self.shows._meta.verbose_name)),
            "title": self.title(record) if self.title is not None else "",
            "state": state[0],
            "tone": state[1],
            "next": next_step_of(record) if sees_all else "",
            "act_links": links_of(record, acting),
            "facts": [*(self.facts(record, acting) if self.facts is not None else ()), *_delivered(record, acting)],
            "head": head,
            "panels": body,
            "strip": _strip(record, acting),
            **(self.more(record, acting) if self.more is not None else {}),
            **(self.asked(record, acting, request) if self.asked is not None else {}),
        }


def _strip(record: Record, acting: Acting) -> Strip | None:
    """The ledger strip; the way to the record's history is for whoever reads records of its kind."""
    found = strip_of(record) if acting.opens("ledger") else None
    return found if found is None or acting.reads(record) else replace(found, changes="")


def _delivered(record: Record, acting: Acting) -> list[Fact]:
    """From which delivery a record comes, and from which row of it; nothing for one that was not delivered."""
    if not isinstance(record, DeliveredRecord) or record.delivery is None:
        return []
    url = address("delivery", record.delivery.number) if acting.opens_delivery(record.delivery.form) else ""
    return [
        Fact(capfirst(str(Delivery._meta.verbose_name)), record.delivery.number, record.delivered_row, url, "number")
    ]


def state_of(record: Any) -> tuple[Text, str]:
    """The state of a record in words, and its tone; empty where its kind has none."""
    return (record.get_state_display(), record.tone) if record.states is not None else ("", "")


def panels(request: HttpRequest, record: Record, acting: Acting) -> tuple[list[SafeString], list[SafeString]]:
    """What the rooms show of a record to this reader: in the head of its page, and below its facts."""
    head: list[SafeString] = []
    body: list[SafeString] = []
    for panel in panels_on(type(record)):
        if acting.role not in panel.open_to:
            continue
        context = panel.context(record, acting)
        if context is None:
            continue
        drawn = render_to_string(panel.template, {**context, "record": record, "acting": acting}, request)
        (head if panel.place < 0 else body).append(drawn)
    return head, body
