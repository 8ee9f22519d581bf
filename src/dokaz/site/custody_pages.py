"""Pages of custody: where everything is, how it got there, and the acts by which things change hands."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dokaz.casework import acts
from dokaz.casework.filing import Filing
from dokaz.casework.models import CustodyItem, Transfer, TransferState
from dokaz.casework.queries import custodial_kinds, custody_of, on_the_way, under_way
from dokaz.casework.queries import inventory as where_it_is
from dokaz.casework.records import Record, kind_named
from dokaz.casework.roles import Role
from dokaz.casework.rooms import READERS, record_kind
from dokaz.pages.act_links import ActLink
from dokaz.pages.act_page import ActPage
from dokaz.pages.acting import Acting, acting_of
from dokaz.pages.drawn_page import DrawnPage
from dokaz.pages.list_page import Empty, ListPage
from dokaz.pages.lists import once_per_filing
from dokaz.pages.named import column_of, fact_of, filter_of
from dokaz.pages.parts import Fact, ListColumn, Text
from dokaz.pages.record_page import RecordPage
from dokaz.pages.ways import address_if_open, address_of, list_of, way_to_page
from dokaz.site.custody_forms import HandOverForm, TakeOverForm


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
            "mine": [one for one in waiting if one.receiver_id == acting.person.pk],
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
        Fact(_("To"), transfer.receiver.name, transfer.to_place),
        *(fact_of(transfer, name) for name in ("handed_at", "taken_at", "condition")),
    ]


def waits_for(transfer: Transfer) -> Text:
    """What comes next for a transfer: the receiver confirms it."""
    if transfer.state != TransferState.HANDED_OVER:
        return ""
    return _("%(name)s confirms having received it.") % {"name": transfer.receiver.name}


def things_of(transfer: Transfer, acting: Acting) -> dict[str, Any]:
    """The things that change hands, each with its page where that is open to the reader."""
    return {"things": [(one["number"], address_if_open(acting, _thing(one))) for one in transfer.things]}


def _thing(listed: dict[str, str]) -> Record | None:
    kind = kind_named(listed["kind"])
    return kind.objects.filter(pk=listed["id"]).first() if kind is not None else None


def custody_panel(thing: CustodyItem, acting: Acting) -> dict[str, Any]:
    """Every transfer of a thing."""
    return {"custody": custody_of(thing)}


def next_step(thing: CustodyItem) -> Text | None:
    """What comes next for a thing that is on its way."""
    transfer = under_way(thing)
    return waits_for(transfer) if transfer is not None else None


def links_of(thing: CustodyItem, acting: Acting) -> list[ActLink]:
    """Whoever holds a thing may hand it over; to whom it was handed over may confirm. What the scene holds goes on."""
    transfer = under_way(thing)
    if transfer is not None and transfer.receiver_id == acting.person.pk:
        return [ActLink("casework.take_over", _("Take over"), reverse("take_over", args=[transfer.number]), True)]
    if transfer is None and thing.holder_id == acting.person.pk and thing.may_change_hands:
        there = f"{reverse('hand_over')}?thing={thing.number}"
        return [ActLink("casework.hand_over", _("Hand over"), there, acting.role == Role.SCENE)]
    return []


def _is_mine(transfer: Transfer, acting: Acting) -> bool:
    return transfer.receiver_id == acting.person.pk and transfer.state == TransferState.HANDED_OVER


def _handed(request: HttpRequest, _record: None) -> dict[str, Any]:
    """The things that the address names, and where they lie."""
    things = request.GET.getlist("thing")[:500]
    return {"things": "\n".join(things), "from_place": _place_of(things)}


def _place_of(numbers: list[str]) -> str:
    for kind in custodial_kinds():
        place = kind.objects.filter(number__in=numbers[:1]).values_list("place", flat=True).first()
        if place:
            return str(place)
    return ""


def _hand_over(_record: None, filing: Filing, values: dict[str, Any]) -> Transfer:
    return acts.hand_over(values.pop("things"), filing, **values)


def _after_taking(transfer: Transfer, _result: None) -> str:
    """One thing is looked at at once; of many, the list is."""
    return address_of(_thing(transfer.things[0])) if len(transfer.things) == 1 else ""


def _what_is_taken(transfer: Transfer) -> list[Fact]:
    n = len(transfer.things)
    listed = ", ".join(one["number"] for one in transfer.things[:12]) + (" …" if n > 12 else "")
    return [
        Fact(_("What"), ngettext("%(n)s thing", "%(n)s things", n) % {"n": n}, listed),
        Fact(_("From"), transfer.giver.name, transfer.from_place),
        Fact(_("To"), transfer.receiver.name, transfer.to_place),
        fact_of(transfer, "condition"),
    ]


def _people(query: Any) -> Any:
    return query.select_related("giver", "receiver")


PAGES = (
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
        fetch=_people,
        unit=_("transfers"),
        empty=Empty(
            _("Nothing has changed hands yet."),
            _("Whoever holds a unit or a sample hands it over; the receiver confirms."),
            "hand_over",
            _("Hand over"),
        ),
    ),
    ActPage(
        name="hand_over",
        at="custody/hand-over/",
        act=acts.hand_over,
        title=_("Hand over"),
        lead=_("You answer for a thing until the other person has confirmed that they received it."),
        verb=_("Sign and hand over"),
        message=lambda made: _("%(n)s waits for %(name)s to confirm.") % {"n": made.number, "name": made.receiver.name},
        form=HandOverForm,
        under="inventory",
        initial=_handed,
        perform=_hand_over,
    ),
    RecordPage(
        name="transfer",
        at="custody/<str:number>/",
        open_to=READERS,
        shows=Transfer,
        under="inventory",
        fetch=_people,
        facts=_facts,
    ),
    ActPage(
        name="take_over",
        at="custody/<str:number>/take-over/",
        record=Transfer,
        act=acts.take_over,
        title=_("Take over"),
        lead=_("From now on you answer for what is listed here. Count it before you sign."),
        verb=_("Sign and take over"),
        message=_("You have taken over what %(n)s lists."),
        form=TakeOverForm,
        fetch=_people,
        notes=_what_is_taken,
        offered=_is_mine,
        is_due=_is_mine,
        then=_after_taking,
    ),
)  # fmt: skip
