"""Pages of what teams deliver: files go in whole or not at all, through the importers of the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from dokaz.casework.delivery_kinds import DeliveryKind, Taken
from dokaz.casework.filing import Actor, FiledReceipt, Filing
from dokaz.casework.models import Delivery
from dokaz.casework.records import is_void, kind_named
from dokaz.casework.roles import Role
from dokaz.casework.rooms import delivery_kinds
from dokaz.casework.store import current_store
from dokaz.casework.tried_deliveries import TriedOnly, TriedRow
from dokaz.errors import BadFile, BadRows, DokazError
from dokaz.exchange.reading import remarks
from dokaz.pages.act_page import links_of
from dokaz.pages.acting import Acting, act_on, acting_of, posted
from dokaz.pages.ledger_strip import strip_of
from dokaz.pages.lists import page_of
from dokaz.pages.parts import Choice, Crumb, Fact, ListColumn
from dokaz.pages.refusals import in_words
from dokaz.site.delivery_forms import DeliveryForm, is_open_to, is_read_by, offices_in
from dokaz.site.delivery_progress import new_token, noting

#: Of what was only tried, as many rows as a page shows.
MOST_TRIED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingInPage:
    """A page for whoever may bring some kind of delivery, as the rooms declare them.

    Args:
        name, at, draw, stop: As of a ``DrawnPage``.
    """

    name: str
    at: str
    draw: Callable[..., HttpResponseBase]
    stop: str = "deliveries"

    @property
    def open_to(self) -> frozenset[str]:
        """The offices that bring something."""
        return frozenset(role for kind in delivery_kinds().values() for role in kind.offices)

    def answer(self, request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        """The page."""
        return self.draw(request, **arguments)


def _path(*steps: Crumb) -> list[Crumb]:
    return [Crumb(_("Deliveries"), reverse("deliveries")), *steps]


def _readable(acting: Acting) -> list[DeliveryKind[Any]]:
    return [kind for kind in delivery_kinds().values() if is_read_by(kind, acting)]


def _read_by(acting: Acting) -> Any:
    return Delivery.every.filter(form__in=[kind.name for kind in _readable(acting)])


def counted(form: str, taken: Taken) -> str:
    """``graves: 3, recovery units: 12``, in the reader's language."""
    return ", ".join(
        f"{_counted(form, what)}: {number_format(n, force_grouping=True)}" for what, n in taken.items() if n
    )


def _counted(form: str, what: str) -> str:
    return str(delivery_kinds()[form].counted.get(what, what) if form in delivery_kinds() else what)


def _label(form: str) -> Any:
    return delivery_kinds()[form].label if form in delivery_kinds() else form


def deliveries(request: HttpRequest) -> HttpResponse:
    """What was delivered, by the rooms that are open to the office."""
    acting = acting_of(request)
    query, wanted = _read_by(acting).filter(voided=False), request.GET.get("form", "")
    if wanted in delivery_kinds():
        query = query.filter(form=wanted)
    page = page_of(request, query, orders={"number": ("-number",), "form": ("form", "-number")})
    rows = [
        {
            "delivery": one,
            "label": _label(one.form),
            "names": ", ".join(file["name"] for file in one.files),
            "taken": counted(one.form, one.taken),
        }
        for one in page
    ]
    return render(
        request,
        "site/deliveries.html",
        {
            "path": [Crumb(_("Deliveries"))],
            "page": page,
            "rows": rows,
            "columns": [
                ListColumn(_("Delivery"), "number"), ListColumn(_("What"), "form"), ListColumn(_("Files")),
                ListColumn(_("Taken from them")),
                ListColumn(_("Remarks"), is_number=True),
            ],
            "choices": [
                Choice("form", _("What"), [(k.name, k.label) for k in _readable(acting)], wanted)
            ],
            "may_bring": any(is_open_to(kind, acting) for kind in delivery_kinds().values()),
            "is_filtered": bool(wanted),
        },
    )  # fmt: skip


def delivery(request: HttpRequest, number: str) -> HttpResponse:
    """One delivery: its files and their hashes, what was taken from them, what the reader found odd."""
    acting = acting_of(request)
    found = get_object_or_404(_read_by(acting), number=number)
    facts = [Fact(_counted(found.form, what).capitalize(), n) for what, n in found.taken.items()]
    return render(
        request,
        "site/delivery.html",
        {
            "path": _path(Crumb(number, is_number=True)),
            "delivery": found,
            "label": _label(found.form),
            "facts": facts,
            "remarks": [in_words(remarks.in_words(remark)) for remark in found.remarks],
            "act_links": links_of(found, acting),
            "is_void": is_void(found),
            "strip": strip_of(found) if acting.opens("ledger") else None,
        },
    )


def delivery_choose(request: HttpRequest) -> HttpResponse:
    """What is delivered? The forms that are open to the office, and who may bring the others."""
    acting = acting_of(request)
    names = dict(Role.choices)
    listed = [
        {
            "kind": kind,
            "is_open": is_open_to(kind, acting),
            "offices": [names[role] for role in kind.offices],
        }
        for kind in delivery_kinds().values()
    ]
    listed.sort(key=lambda one: not one["is_open"])
    return render(request, "site/delivery_choose.html", {"path": _path(Crumb(_("Take in files"))), "kinds": listed})


def delivery_new(request: HttpRequest, what: str) -> HttpResponse:
    """Take in the files of one delivery, in one filing."""
    kind = delivery_kinds().get(what)
    if kind is None or not is_open_to(kind, acting_of(request)):
        raise Http404
    form = DeliveryForm(posted(request), request.FILES or None, acting=acting_of(request), kind=kind)
    refused: list[DokazError] = []

    @contextmanager
    def prepare(_actor: Actor, _values: dict[str, Any]) -> Iterator[dict[str, Any]]:
        try:
            with current_store().vault.staging() as staging, noting(request) as phase:
                yield {"read": kind.read(form.sent(staging), phase("reading")), "progress": phase("filing")}
        except DokazError as refusal:
            refused.append(refusal)
            raise

    def perform(filing: Filing, values: dict[str, Any]) -> Taken:
        offices = offices_in(request, filing)
        return kind.file(values["read"], filing, offices, values["progress"], only_try=form.is_only_tried)

    done = act_on(request, form, perform, message=lambda taken: _said(kind, taken), prepare=prepare)
    if done is not None:
        return _to_delivery(done.receipt)
    return render(
        request,
        "site/delivery_new.html",
        {
            "path": _path(Crumb(_("Take in files"), reverse("delivery_new")), Crumb(kind.label)),
            "title": kind.label,
            "lead": kind.help,
            "form": form,
            "tables": [one for one in kind.files if one.columns],
            "verb": _("Take in"),
            "back": reverse("delivery_new"),
            "watch": new_token(),
            **(_told_of(kind, refused[0]) if refused else {}),
        },
    )


def _to_delivery(receipt: FiledReceipt) -> HttpResponse:
    filed = [each for each in receipt.entries if each.kind == Delivery.kind()]
    return redirect("delivery", Delivery.objects.get(pk=filed[0].record).number) if filed else redirect("deliveries")


def _said(kind: DeliveryKind[Any], taken: Taken) -> str:
    words = counted(kind.name, taken)
    if kind.name == "custody" and not taken.get("transfers"):
        return _("Nothing was filed: no move of this list is yours and due. %(words)s.") % {"words": words}
    return _("Taken in: %(words)s.") % {"words": words}


def _told_of(kind: DeliveryKind[Any], refusal: DokazError) -> dict[str, Any]:
    """What the page says of what was not filed: its faults, their places, or what would have been filed."""
    if isinstance(refusal, BadRows):
        shown = refusal.faults[: refusal.shown]
        rows = [(one.line, one.column, one.value, in_words(one.problem), in_words(one.next_step)) for one in shown]
        return {"faults": rows, "more": len(refusal.faults) - len(shown)}
    if isinstance(refusal, TriedOnly):
        # What changes first: a list of thousands says mostly what nobody looks for.
        ordered = sorted(refusal.rows, key=lambda row: row.is_new)
        return {
            "tried": [_tried_row(row) for row in ordered[:MOST_TRIED]],
            "more": max(0, len(ordered) - MOST_TRIED),
            "would_be": counted(kind.name, dict(refusal.taken)),
            "remarks": [in_words(remarks.in_words(one)) for one in refusal.remarks],
        }
    return {"refusal": _place_of(refusal)}


def _tried_row(row: TriedRow) -> dict[str, Any]:
    kind = kind_named(row.kind)
    assert kind is not None
    changed = [
        (kind._meta.get_field(name).verbose_name, before, now)  # type: ignore[union-attr]
        for name, (before, now) in row.changed.items()
    ]
    return {"row": row.row, "number": row.number, "kind": kind._meta.verbose_name, "changed": changed}


def _place_of(refusal: DokazError) -> list[Fact]:
    """File, line, column and value of what was refused, those that are known."""
    if not isinstance(refusal, BadFile):
        return []
    facts = [
        Fact(_("File"), refusal.file),
        Fact(_("Line"), refusal.line),
        Fact(_("Column"), refusal.column),
        Fact(_("Found there"), refusal.value),
    ]
    return [fact for fact in facts if fact.value not in (None, "")]
