"""The page of one act: what is known before, its form, the way back. The act itself checks everything."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from dokaz.casework.filing import Filing
from dokaz.casework.records import Record, is_void
from dokaz.casework.registry import act_named, name_of
from dokaz.casework.rooms import rooms
from dokaz.errors import WrongState
from dokaz.pages.act_links import ActLink
from dokaz.pages.acting import ActForm, Acting, Prepare, act_on, acting_of, posted
from dokaz.pages.parts import Crumb, Fact, Text
from dokaz.pages.putting_right import links_to_put_right
from dokaz.pages.refusals import what_and_next
from dokaz.pages.ways import address_of, way_to, way_to_page

Message = Text | Callable[[Any], Text]


def _nothing(*_given: Any) -> dict[str, Any]:
    return {}


def _never(_record: Any, _acting: Acting) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPage:
    """One act, on a page of its own, and the button that leads to it from the record on which it is performed.

    The page is open to the offices to which the act is open.

    Args:
        name: Of its address.
        at: The route; with ``<str:number>`` where it is performed on a record.
        act: The function. It is called with the record, the filing and the form's values (without the record where there
            is none), unless ``perform`` calls it.
        title: Of the page, and of the button that leads here unless ``label`` names it.
        verb: What the button that files it says.
        message: What to say once it is done; ``%(n)s`` is the number of what it made, or of the record. A function is
            handed what the act gave back.
        record: The kind of record on which it is performed.
        form: What is filled in.
        lead: One or two sentences under the title.
        under: The page above this one, where it is performed on no record, or on one that has no page.
        on: The record whose page the act starts from and returns to, if it is not ``record`` itself.
        fetch: Adds to the query what the page shows of other records.
        starts_from: The states from which the act starts: in others its button is not shown, and its page says why.
        offered: Whether the button is shown, besides; handed the record and the reader.
        is_due: Whether it is what comes next for this record.
        is_shown: False for an act that only another page leads to.
        arguments: More arguments of the form; handed the record.
        initial: What is filled in before; handed the request and the record.
        notes: Facts to read before; handed the record.
        perform: Calls the act where its arguments are not the form's values; handed record, filing and values.
        prepare: Computes, before the filing is opened, what the act is handed besides; see ``act_on``.
        then: Where to go once it is done, if neither to what it made nor back; handed the record and the result.
        stop: The stop on the rail that it lights.
        template, more: Draw the page where more than a form is on it; ``more`` is handed reader, record and form.
    """

    name: str
    at: str
    act: Callable[..., Any]
    title: Text
    verb: Text
    message: Message
    label: Text = ""
    record: type[Record] | None = None
    form: type[ActForm] = ActForm
    lead: Text = ""
    under: str = ""
    on: Callable[[Any], Record] | None = None
    fetch: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    starts_from: Sequence[str] = ()
    offered: Callable[[Any, Acting], bool] | None = None
    is_due: Callable[[Any, Acting], bool] = _never
    is_shown: bool = True
    arguments: Callable[[Any], Mapping[str, Any]] = _nothing
    initial: Callable[[HttpRequest, Any], Mapping[str, Any]] = _nothing
    notes: Callable[[Any], Sequence[Fact]] | None = None
    perform: Callable[[Any, Filing, dict[str, Any]], Any] | None = None
    prepare: Prepare | None = None
    then: Callable[[Any, Any], str] | None = None
    stop: str = ""
    template: str = "pages/act.html"
    more: Callable[[Acting, Any, ActForm], dict[str, Any]] | None = None

    @property
    def open_to(self) -> frozenset[str]:
        """The offices to which the act is open."""
        return act_named(name_of(self.act)).roles

    def answer(self, request: HttpRequest, number: str = "") -> HttpResponseBase:
        """The form, or what became of it."""
        record = self.found(number)
        form = self.form(
            posted(request),
            request.FILES or None,
            initial=self.initial(request, record),
            record=record,
            acting=acting_of(request),
            **self.arguments(record),
        )
        done = act_on(request, form, lambda f, values: self._performed(record, f, values),
                      message=lambda result: self._said(result, record), prepare=self.prepare)  # fmt: skip
        start = self._start(record)
        back = address_of(start) or reverse(self.under)
        if done:
            made = address_of(done.result) if isinstance(done.result, Record) else ""
            return redirect((self.then(record, done.result) if self.then is not None else made) or back)
        return render(request, self.template, self.context(request, record, form, start, back))

    def context(
        self, request: HttpRequest, record: Any, form: ActForm, start: Record | None, back: str
    ) -> dict[str, Any]:
        """What the template draws."""
        way = way_to(start) if start is not None else []
        if self.under:
            way = [*way_to_page(self.under), *way]
        return {
            "path": [*way, Crumb(self.title)],
            "number": start.number if start is not None else "",
            "title": self.title,
            "lead": self.lead,
            "notes": self.notes(record) if self.notes is not None else (),
            "form": form,
            "verb": self.verb,
            "back": back,
            # Who sends a form is told so at the form, which keeps what was typed.
            "closed": self._why_closed(record) if request.method != "POST" else (),
            "record": record,
            **(self.more(acting_of(request), record, form) if self.more is not None else {}),
        }

    def found(self, number: str) -> Any:
        """The record on which the act is performed; None where it is performed on none."""
        if self.record is None:
            return None
        query = self.record.objects.all()
        return get_object_or_404(self.fetch(query) if self.fetch is not None else query, number=number)

    def link(self, record: Any, acting: Acting) -> ActLink | None:
        """The button on the record's page; None where the act is not to be performed on it now."""
        if not self.is_shown or acting.role not in self.open_to:
            return None
        if self.starts_from and record.state not in self.starts_from:
            return None
        if self.offered is not None and not self.offered(record, acting):
            return None
        address = reverse(self.name, args=[record.number] if "<str:number>" in self.at else [])
        return ActLink(name_of(self.act), self.label or self.title, address, self.is_due(record, acting))

    def _performed(self, record: Any, filing: Filing, values: dict[str, Any]) -> Any:
        if self.perform is not None:
            return self.perform(record, filing, values)
        return self.act(filing, **values) if record is None else self.act(record, filing, **values)

    def _said(self, result: Any, record: Any) -> Text:
        if callable(self.message):
            return self.message(result)
        about = result if isinstance(result, Record) else record
        return str(self.message) % {"n": about.number} if about is not None else self.message

    def _start(self, record: Any) -> Record | None:
        found: Record | None = self.on(record) if self.on is not None else record
        return found

    def _why_closed(self, record: Any) -> tuple[str, ...]:
        if self.starts_from:
            try:
                record.must_be(*self.starts_from)
            except WrongState as refused:
                return what_and_next(refused)
        return ()


@functools.cache
def _act_pages() -> dict[str, Any]:
    """Every page of an act: ``ActPage`` and what is drawn in their place."""
    pages: list[Any] = [page for room in rooms() for page in room.pages]
    return {page.name: page for page in pages if getattr(page, "act", None) is not None}


@functools.cache
def acts_on(kind: type[Record]) -> tuple[ActPage, ...]:
    """The pages of acts that are performed on a kind of record, of all rooms."""
    return tuple(page for page in _act_pages().values() if isinstance(page, ActPage) and page.record is kind)


def links_of(record: Record, acting: Acting) -> list[ActLink]:
    """What the reader may do with a record now, what is due first."""
    found = [link for page in acts_on(type(record)) if (link := page.link(record, acting)) is not None]
    for room in rooms():
        for kind, more in room.links:
            if isinstance(record, kind):
                found += [link for link in more(record, acting) if acting.may(link.act)]
    if is_void(record):
        found = []
    found += links_to_put_right(record, acting)
    return sorted(found, key=lambda link: not link.is_due)


def links_to(acting: Acting, *names: str, due: bool = False) -> list[ActLink]:
    """Buttons to pages of acts that are performed on no record.

    Args:
        names: Of the pages.
        due: Whether the first is what comes next.
    """
    pages = _act_pages()
    return [
        ActLink(name_of(pages[name].act), pages[name].title, reverse(name), due and nth == 0)
        for nth, name in enumerate(names)
        if acting.role in pages[name].open_to
    ]


def link_on(record: Record, acting: Acting, name: str) -> ActLink | None:
    """The button of one act on a record, in a line of a list; None where it is not to be performed on it now."""
    found: ActLink | None = _act_pages()[name].link(record, acting)
    return found
