"""Pages of this room: where everything is, and how it got there."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dokaz.casework import acts
from dokaz.casework.filing import Filing
from dokaz.casework.models import Transfer, TransferState
from dokaz.casework.queries import inventory as where_it_is
from dokaz.casework.queries import on_the_way
from dokaz.pages.acting import act_on, acting_of, posted
from dokaz.pages.ledger_strip import strip_of
from dokaz.pages.lists import once_per_filing, page_of
from dokaz.pages.parts import Column, Crumb, Fact
from dokaz.site.custody_forms import HandOverForm, TakeOverForm

_LISTS = {"graves.RecoveryUnit": "units", "mortuary.Sample": "samples"}


def _custody_path() -> list[Crumb]:
    return [Crumb(_("Where everything is"), reverse("inventory"))]


def inventory(request: HttpRequest) -> HttpResponse:
    """Where everything is: each place, who holds what lies there, and how much of it there is."""
    acting = acting_of(request)
    places: dict[str, list[dict[str, Any]]] = {}
    total: dict[str, int] = {}
    for kind, place, holder, name, n in once_per_filing("inventory", where_it_is):
        asked = urlencode({"place": place, "holder": holder})
        url = f"{reverse(_LISTS[kind])}?{asked}" if acting.opens(_LISTS[kind]) else ""
        row = {"kind": kind_in_words(kind, n), "holder": name, "n": n, "url": url}
        places.setdefault(place, []).append(row)
        total[kind] = total.get(kind, 0) + n
    return render(
        request,
        "site/inventory.html",
        {
            "path": _custody_path(),
            "places": places.items(),
            "totals": [
                (n, kind_in_words(kind, n), reverse(_LISTS[kind]) if acting.opens(_LISTS[kind]) else "")
                for kind, n in total.items()
            ],
            "nowhere": sum(row["n"] for row in places.get("", [])),
            "on_the_way": on_the_way(),
            "mine": [one for one in on_the_way() if one.receiver_id == acting.person.pk],
        },
    )


def kind_in_words(kind: str, n: int) -> str:
    """What a kind of thing is called."""
    if kind == "mortuary.Sample":
        return ngettext("sample", "samples", n)
    return ngettext("recovery unit", "recovery units", n)


def transfers(request: HttpRequest) -> HttpResponse:
    """Every transfer, newest first."""
    found = Transfer.objects.all()
    if request.GET.get("state") in TransferState.values:
        found = found.filter(state=request.GET["state"])
    page = page_of(
        request,
        found,
        orders={"": ("-number",), "number": ("number",)},
        fetch=lambda rows: rows.select_related("giver", "receiver"),
    )
    columns = [
        Column(_("Transfer"), "number"),
        Column(_("Things"), is_number=True),
        Column(_("From")),
        Column(_("To")),
        Column(_("Handed over")),
        Column(_("State")),
    ]
    path = [*_custody_path(), Crumb(_("Transfers"))]
    return render(request, "site/transfers.html", {"path": path, "page": page, "columns": columns})


def transfer(request: HttpRequest, number: str) -> HttpResponse:
    """One transfer: what, from whom to whom, and both signatures."""
    found = get_object_or_404(Transfer.objects.select_related("giver", "receiver"), number=number)
    facts = [
        Fact(_("From"), found.giver.name, found.from_place),
        Fact(_("To"), found.receiver.name, found.to_place),
        Fact(_("Handed over"), found.handed_at, kind="when"),
        Fact(_("Taken over"), found.taken_at, kind="when"),
        Fact(_("Condition"), found.condition),
    ]
    waits = found.state == TransferState.HANDED_OVER
    return render(
        request,
        "site/transfer.html",
        {
            "path": [*_custody_path(), Crumb(found.number, is_number=True)],
            "transfer": found,
            "facts": facts,
            "tone": "decide" if waits else "done",
            "next": _("%(name)s confirms having received it.") % {"name": found.receiver.name} if waits else "",
            "take": reverse("take_over", args=[number])
            if waits and found.receiver_id == acting_of(request).person.pk
            else "",
            "things": [(one["number"], _address_of(one) if _is_open(request, one) else "") for one in found.things],
            "strip": strip_of(found),
        },
    )


def _is_open(request: HttpRequest, thing: dict[str, str]) -> bool:
    return acting_of(request).opens(_LISTS[thing["kind"]])


def _address_of(thing: dict[str, str]) -> str:
    return reverse("sample" if thing["kind"] == "mortuary.Sample" else "unit", args=[thing["number"]])


def hand_over(request: HttpRequest) -> HttpResponse:
    """Give things into another person's hands."""
    things = request.GET.getlist("thing")[:500]
    giver = acting_of(request).person
    form = HandOverForm(
        posted(request), giver=giver, initial={"things": "\n".join(things), "from_place": _place_of(things)}
    )
    done = act_on(
        request,
        form,
        lambda f, values: acts.hand_over(values.pop("things"), f, **values),
        message=lambda t: _("%(n)s waits for %(name)s to confirm.") % {"n": t.number, "name": t.receiver.name},
    )
    if done:
        return redirect("transfer", done.result.number)
    title = _("Hand over")
    context = {
        "path": [*_custody_path(), Crumb(title)],
        "title": title,
        "lead": _("You answer for a thing until the other person has confirmed that they received it."),
        "form": form,
        "verb": _("Sign and hand over"),
        "back": reverse("inventory"),
    }
    return render(request, "pages/act.html", context)


def _place_of(numbers: list[str]) -> str:
    from dokaz.casework.queries import custodial_kinds

    for kind in custodial_kinds():
        place = kind.objects.filter(number__in=numbers[:1]).values_list("place", flat=True).first()
        if place:
            return str(place)
    return ""


def take_over(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm that one has received what was handed over."""
    found = get_object_or_404(Transfer.objects.select_related("giver", "receiver"), number=number)
    form = TakeOverForm(posted(request), record=found)
    there = reverse("transfer", args=[number])

    def take(filing: Filing, values: dict[str, Any]) -> None:
        acts.take_over(found, filing)

    if act_on(request, form, take, message=_("You have taken over what %(n)s lists.") % {"n": number}):
        # One thing is looked at at once; of many, the list is.
        if len(found.things) == 1:
            return redirect(_address_of(found.things[0]))
        return redirect(there)
    things = ngettext("%(n)s thing", "%(n)s things", len(found.things)) % {"n": len(found.things)}
    listed = ", ".join(one["number"] for one in found.things[:12]) + (" …" if len(found.things) > 12 else "")
    context = {
        "path": [*_custody_path(), Crumb(number, there, is_number=True), Crumb(_("Take over"))],
        "number": number,
        "title": _("Take over"),
        "lead": _("From now on you answer for what is listed here. Count it before you sign."),
        "notes": [
            Fact(_("What"), things, listed),
            Fact(_("From"), found.giver.name, found.from_place),
            Fact(_("To"), found.receiver.name, found.to_place),
            Fact(_("Condition"), found.condition),
        ],
        "form": form,
        "verb": _("Sign and take over"),
        "back": there,
    }
    return render(request, "pages/act.html", context)
