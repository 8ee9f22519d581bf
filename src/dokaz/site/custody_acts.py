"""Pages on which things change hands: handed over, taken over whole or in part, refused, taken back; what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dokaz.casework import acts
from dokaz.casework.filing import Filing
from dokaz.casework.models import CustodyItem, Discrepancy, DiscrepancyState, Person, Transfer, TransferState
from dokaz.casework.queries import custodial_kinds, held_by, offices_of, under_way
from dokaz.casework.records import Record, kind_named
from dokaz.casework.roles import Role
from dokaz.pages.act_links import ActLink
from dokaz.pages.act_page import ActPage
from dokaz.pages.acting import Acting
from dokaz.pages.named import fact_of
from dokaz.pages.parts import Fact
from dokaz.pages.ways import address_of
from dokaz.site.custody_forms import (
    DiscrepancyForm,
    HandOverForForm,
    HandOverForm,
    SettleForm,
    TakeAllForm,
    TakeBackForm,
    TakeInPartForm,
    TakeOverForm,
)

# As many things as an address names; a longer list is pasted.
MOST_NAMED = 500
_OPEN = (TransferState.HANDED_OVER,)


def thing_of(listed: dict[str, str]) -> Record | None:
    """The record of a thing as a transfer lists it."""
    kind = kind_named(listed["kind"])
    return kind.every.filter(pk=listed["id"]).first() if kind is not None else None


def links_of(thing: CustodyItem, acting: Acting) -> list[ActLink]:
    """Whoever holds a thing may hand it over; to whom it was handed over may confirm. What the scene holds goes on."""
    transfer = under_way(thing)
    if transfer is not None and transfer.receiver_id == acting.person.pk and acting.may("casework.take_over"):
        return [ActLink("casework.take_over", _("Take over"), reverse("take_over", args=[transfer.number]), True)]
    if transfer is not None and transfer.giver_id == acting.person.pk and acting.may("casework.take_back"):
        return [ActLink("casework.take_back", _("Take back"), reverse("take_back", args=[transfer.number]))]
    if transfer is None and thing.holder_id == acting.person.pk and acting.may("casework.hand_over"):
        named = f"?thing={thing.number}"
        return [
            ActLink("casework.hand_over", _("Hand over"), reverse("hand_over") + named, acting.role == Role.SCENE),
            ActLink("casework.put_away", _("Put away"), reverse("put_away") + named),
        ]
    return []


def _is_mine(transfer: Transfer, acting: Acting) -> bool:
    return transfer.receiver_id == acting.person.pk and transfer.state == TransferState.HANDED_OVER


def _i_gave(transfer: Transfer, acting: Acting) -> bool:
    return transfer.giver_id == acting.person.pk


def _giver_left(transfer: Transfer, _acting: Acting) -> bool:
    return not offices_of(transfer.giver_id)


def named_things(request: HttpRequest, _record: Any = None) -> dict[str, Any]:
    """The things that the address names, and where the first of them lies."""
    things = request.GET.getlist("thing")[:MOST_NAMED]
    return {"things": "\n".join(things), "from_place": _place_of(things)}


def _place_of(numbers: list[str]) -> str:
    for kind in custodial_kinds():
        place = kind.objects.filter(number__in=numbers[:1]).values_list("place", flat=True).first()
        if place:
            return str(place)
    return ""


def _left_behind(request: HttpRequest, _record: None) -> dict[str, Any]:
    """Who left, as the address names them, and everything that they hold."""
    giver = Person.objects.filter(number=request.GET.get("giver", "")).first()
    things = held_by(giver)[:MOST_NAMED] if giver is not None else []
    return {
        "giver": giver.number if giver is not None else None,
        "things": "\n".join(thing.number for thing in things),
        "from_place": things[0].place if things else "",
    }


def _hand_over(_record: None, filing: Filing, values: dict[str, Any]) -> Transfer:
    return acts.hand_over(values.pop("things"), filing, **values)


def _hand_over_for(_record: None, filing: Filing, values: dict[str, Any]) -> Transfer:
    return acts.hand_over_for(values.pop("things"), filing, **values)


def _take_all(_record: None, filing: Filing, values: dict[str, Any]) -> int:
    transfers = list(values.pop("transfers"))
    for transfer in transfers:
        acts.take_over(transfer, filing, **values)
    return len(transfers)


def _all_taken(n: int) -> str:
    return ngettext("You have taken over %(n)s transfer.", "You have taken over %(n)s transfers.", n) % {"n": n}


def _after_taking(transfer: Transfer, _result: None) -> str:
    """One thing is looked at at once; of many, the list is."""
    return address_of(thing_of(transfer.things[0])) if len(transfer.things) == 1 else ""


def _what_is_taken(transfer: Transfer) -> list[Fact]:
    n = len(transfer.things)
    listed = ", ".join(one["number"] for one in transfer.things[:12]) + (" …" if n > 12 else "")
    return [
        Fact(_("What"), ngettext("%(n)s thing", "%(n)s things", n) % {"n": n}, listed),
        Fact(_("From"), transfer.giver.name, transfer.from_place),
        Fact(_("To"), transfer.receiver.name, transfer.to_place),
        *(fact_of(transfer, name) for name in ("courier", "condition")),
    ]


def what_differs(discrepancy: Discrepancy) -> list[Fact]:
    """What was noted of one thing."""
    return [
        fact_of(discrepancy, "sort"),
        Fact(_("Number on the label or list"), discrepancy.label, kind="mono"),
        fact_of(discrepancy, "note"),
        fact_of(discrepancy, "transfer"),
        Fact(_("Noted by"), discrepancy.noted_by.name),
    ]


def with_people(query: Any) -> Any:
    """Transfers with giver, receiver and who stood in for the giver."""
    return query.select_related("giver", "receiver", "deputy")


def with_transfer(query: Any) -> Any:
    """Discrepancies with their transfer and its people."""
    return query.select_related("transfer__giver", "transfer__receiver", "noted_by")


ACT_PAGES: Sequence[ActPage] = (
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
        initial=named_things,
        perform=_hand_over,
    ),
    ActPage(
        name="hand_over_for",
        at="custody/hand-over-for/",
        act=acts.hand_over_for,
        title=_("Hand over for somebody who has left"),
        lead=_(
            "Their things stay with them until somebody else has confirmed having received them. You sign in their place."
        ),
        verb=_("Sign and hand over"),
        message=lambda made: _("%(n)s waits for %(name)s to confirm.") % {"n": made.number, "name": made.receiver.name},
        form=HandOverForForm,
        under="inventory",
        initial=_left_behind,
        perform=_hand_over_for,
    ),
    ActPage(
        name="take_over_all",
        at="custody/take-over/",
        act=acts.take_over,
        title=_("Take over several transfers"),
        lead=_(
            "Everything that is listed in them has arrived, and nothing differs. Otherwise open the transfer itself."
        ),
        verb=_("Sign and take over"),
        message=_all_taken,
        form=TakeAllForm,
        under="inventory",
        perform=_take_all,
        is_shown=False,
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
        fetch=with_people,
        starts_from=_OPEN,
        notes=_what_is_taken,
        offered=_is_mine,
        is_due=_is_mine,
        then=_after_taking,
    ),
    ActPage(
        name="take_over_in_part",
        at="custody/<str:number>/take-over-in-part/",
        record=Transfer,
        act=acts.take_over,
        title=_("Take over in part"),
        label=_("Something differs"),
        lead=_(
            "You answer for what has arrived; the rest stays with its giver. Each difference is noted, until it is clear."
        ),
        verb=_("Sign and take over in part"),
        message=_("You have taken over what has arrived of %(n)s."),
        form=TakeInPartForm,
        fetch=with_people,
        starts_from=_OPEN,
        notes=_what_is_taken,
        offered=_is_mine,
    ),
    ActPage(
        name="refuse_transfer",
        at="custody/<str:number>/refuse/",
        record=Transfer,
        act=acts.refuse,
        title=_("Refuse"),
        lead=_("Nothing of it comes into your hands: the giver goes on answering for everything that is listed."),
        verb=_("Sign and refuse"),
        message=_("%(n)s is refused."),
        form=TakeBackForm,
        fetch=with_people,
        starts_from=_OPEN,
        notes=_what_is_taken,
        offered=_is_mine,
    ),
    ActPage(
        name="take_back",
        at="custody/<str:number>/take-back/",
        record=Transfer,
        act=acts.take_back,
        title=_("Take back"),
        lead=_("The hand-over ends. You have answered for the things all the time, and may hand them over anew."),
        verb=_("Sign and take back"),
        message=_("%(n)s is taken back."),
        form=TakeBackForm,
        fetch=with_people,
        starts_from=_OPEN,
        notes=_what_is_taken,
        offered=_i_gave,
    ),
    ActPage(
        name="call_back",
        at="custody/<str:number>/call-back/",
        record=Transfer,
        act=acts.call_back,
        title=_("Call back"),
        lead=_("The giver has left. The hand-over ends, and you can hand the things over in their place."),
        verb=_("Sign and call back"),
        message=_("%(n)s is called back."),
        form=TakeBackForm,
        fetch=with_people,
        starts_from=_OPEN,
        notes=_what_is_taken,
        offered=_giver_left,
    ),
    ActPage(
        name="note_discrepancy",
        at="custody/<str:number>/discrepancy/",
        record=Transfer,
        act=acts.note_discrepancy,
        title=_("Note a discrepancy"),
        lead=_("One thing that you received is not as it was handed over, and you see it only now."),
        verb=_("Note it"),
        message=_("%(n)s is noted."),
        form=DiscrepancyForm,
        fetch=with_people,
        starts_from=(TransferState.TAKEN_OVER,),
        offered=lambda transfer, acting: transfer.receiver_id == acting.person.pk,
    ),
    ActPage(
        name="discrepancy_settle",
        at="custody/discrepancies/<str:number>/settle/",
        record=Discrepancy,
        act=acts.settle_discrepancy,
        title=_("Settle the discrepancy"),
        label=_("Settle it"),
        verb=_("It is settled"),
        message=_("%(n)s is settled."),
        form=SettleForm,
        fetch=with_transfer,
        starts_from=(DiscrepancyState.OPEN,),
        notes=what_differs,
        is_due=lambda discrepancy, acting: True,
    ),
)
