"""Pages of custody: where everything is, how it got there, and the acts by which things change hands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import CustodyItem, Discrepancy, DiscrepancyState, Transfer, TransferState
from dokaz.casework.queries import custody_of, on_the_way, people_who_left, under_way
from dokaz.casework.queries import inventory as where_it_is
from dokaz.casework.records import kind_named
from dokaz.casework.rooms import READERS, Page, record_kind
from dokaz.pages.acting import Acting, acting_of
from dokaz.pages.drawn_page import DrawnPage
from dokaz.pages.list_page import Empty, ListPage
from dokaz.pages.lists import once_per_filing
from dokaz.pages.named import column_of, fact_of, filter_of, label_of
from dokaz.pages.parts import Fact, ListColumn, Text
from dokaz.pages.record_page import RecordPage
from dokaz.pages.ways import address_if_open, list_of, way_to_page
from dokaz.site.custody_acts import ACT_PAGES, thing_of, what_differs, with_people, with_transfer

# A hand-over that ended without anything changing hands, for a reason.
_ENDED = (TransferState.TAKEN_BACK, TransferState.REFUSED)


def inventory(request: HttpRequest) -> HttpResponse:
    """Where everything is: each place, who holds what lies there, and how much of it there is."""
    acting = acting_of(request)
    places: dict[str, list[dict[str, Any]]] = {}
    total: dict[str, int] = {}
    for kind, place, holder, name, n in once_per_filing("inventory", where_it_is):
        there = _list_of(acting, kind)
        url = f"{there}?{urlencode({'place': place, 'holder': holder})}" if there else ""
        places.setdefault(place, []).append({"kind": _counted(kind, n), "holder": name, "n": n, "url": url})
        total[kind] = total.get(kind, 0) + n
    waiting = on_the_way()
    return render(
        request,
        "site/inventory.html",
        {
            "path": way_to_page("inventory"),
            "places": places.items(),
            "totals": [(n, _counted(kind, n), _list_of(acting, kind)) for kind, n in total.items()],
            "nowhere": sum(row["n"] for row in places.get("", [])),
            "on_the_way": waiting,
            "mine": [
                one for one in waiting if one.receiver_id == acting.person.pk and acting.may("casework.take_over")
            ],
            "left": people_who_left(),
            "differs": Discrepancy.objects.filter(state=DiscrepancyState.OPEN).count(),
            "may": {act: acting.may(f"casework.{act}") for act in ("hand_over", "hand_over_for")},
        },
    )


def _list_of(acting: Acting, kind: str) -> str:
    """The address of the list of a kind of thing, if it is open to the reader."""
    model = kind_named(kind)
    page = list_of(model) if model is not None else ""
    return reverse(page) if page and acting.opens(page) else ""


def _counted(kind: str, n: int) -> str:
    """What so many things of a kind are called."""
    model = kind_named(kind)
    declared = record_kind(model) if model is not None else None
    return declared.counted(n) if declared is not None and declared.counted is not None else kind


def _facts(transfer: Transfer, _acting: Acting) -> list[Fact]:
    return [
        Fact(_("From"), transfer.giver.name, transfer.from_place),
        *([Fact(label_of(Transfer, "deputy"), transfer.deputy.name, transfer.reason)] if transfer.deputy else []),
        Fact(_("To"), transfer.receiver.name, transfer.to_place),
        *(
            fact_of(transfer, name)
            for name in ("courier", "handed_at", "condition", "taken_at", "condition_at_receipt")
        ),
        *([Fact(_("Reason"), transfer.reason)] if transfer.state in _ENDED else []),
    ]


def waits_for(transfer: Transfer) -> Text:
    """What comes next for a transfer: the receiver confirms it, or what differs is found out about."""
    if transfer.state == TransferState.HANDED_OVER:
        return _("%(name)s confirms having received it.") % {"name": transfer.receiver.name}
    if transfer.state == TransferState.TAKEN_OVER:
        is_open = transfer.discrepancies.filter(state=DiscrepancyState.OPEN).exists()
        return _("Somebody finds out what became of that which differs.") if is_open else ""
    return _("%(name)s still holds the things, and may hand them over anew.") % {"name": transfer.giver.name}


def things_of(transfer: Transfer, acting: Acting) -> dict[str, Any]:
    """The things that change hands, each with its page where that is open to the reader, and whether it arrived."""
    arrived = {one["id"] for one in transfer.taken}
    is_partial = transfer.state == TransferState.TAKEN_OVER and len(arrived) < len(transfer.things)
    things = [(one["number"], address_if_open(acting, thing_of(one)), one["id"] in arrived) for one in transfer.things]
    return {"things": things, "is_partial": is_partial, "differs": transfer.discrepancies.order_by("number")}


def custody_panel(thing: CustodyItem, acting: Acting) -> dict[str, Any]:
    """Every transfer of a thing."""
    return {"custody": custody_of(thing)}


def next_step(thing: CustodyItem) -> Text | None:
    """What comes next for a thing that is on its way."""
    transfer = under_way(thing)
    return waits_for(transfer) if transfer is not None else None


PAGES: Sequence[Page] = (
    DrawnPage(
        name="inventory",
        at="inventory/",
        open_to=READERS,
        draw=inventory,
        label=_("Where everything is"),
    ),
    ListPage(
        name="transfers",
        at="custody/",
        open_to=READERS,
        label=_("Transfers"),
        under="inventory",
        lists=Transfer,
        filters=(filter_of(Transfer, "state"),),
        columns=(
            column_of(Transfer, "number", "number", order=("-number",)),
            column_of(Transfer, "things", is_number=True, value=lambda one: len(one.things)),
            ListColumn(_("From"), value=lambda one: one.giver.name, note=lambda one: one.from_place, under=True),
            ListColumn(_("To"), value=lambda one: one.receiver.name, note=lambda one: one.to_place, under=True),
            column_of(Transfer, "handed_at", value=lambda one: one.handed_at),
            column_of(Transfer, "state"),
        ),
        fetch=with_people,
        unit=_("transfers"),
        empty=Empty(
            _("Nothing has changed hands yet."),
            _("Whoever holds a unit or a sample hands it over; the receiver confirms."),
            "hand_over",
            _("Hand over"),
        ),
    ),
    ListPage(
        name="discrepancies",
        at="custody/discrepancies/",
        open_to=READERS,
        label=_("Discrepancies"),
        lead=_("What arrived otherwise than it was handed over. Each is open until somebody has found out what it was."),
        under="inventory",
        lists=Discrepancy,
        search=("number", "label"),
        filters=(filter_of(Discrepancy, "state"), filter_of(Discrepancy, "sort")),
        columns=(
            column_of(Discrepancy, "number", "number", order=("-number",)),
            column_of(Discrepancy, "sort"),
            column_of(Discrepancy, "label", kind="mono"),
            column_of(Discrepancy, "transfer"),
            column_of(Discrepancy, "note"),
            column_of(Discrepancy, "state", note=lambda one: one.outcome, under=True),
            ListColumn("", acts=("discrepancy_settle",)),
        ),
        fetch=with_transfer,
        unit=_("discrepancies"),
        empty=Empty(
            _("Everything arrived as it was handed over."),
            _("Whoever receives something notes what differs when they take it over."),
        ),
    ),
    RecordPage(
        name="discrepancy",
        at="custody/discrepancies/<str:number>/",
        open_to=READERS,
        shows=Discrepancy,
        parent=lambda discrepancy: discrepancy.transfer,
        fetch=with_transfer,
        facts=lambda discrepancy, acting: [*what_differs(discrepancy), fact_of(discrepancy, "outcome")],
    ),
    # Before the transfers themselves: "take-over" is no number of a transfer.
    *ACT_PAGES,
    RecordPage(
        name="transfer",
        at="custody/<str:number>/",
        open_to=READERS,
        shows=Transfer,
        under="inventory",
        fetch=with_people,
        facts=_facts,
    ),
)  # fmt: skip
