"""Pages of what teams deliver: files go in whole or not at all, through the importers of the command line."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from dokaz.casework.filing import Filing
from dokaz.casework.models import Delivery
from dokaz.casework.roles import Role
from dokaz.errors import BadFile, DokazError
from dokaz.exchange.reading import remarks
from dokaz.pages.acting import Acting, act_on, acting_of, posted
from dokaz.pages.ledger_strip import strip_of
from dokaz.pages.lists import page_of
from dokaz.pages.parts import Choice, Column, Crumb, Fact
from dokaz.pages.refusals import in_words
from dokaz.site.delivery_forms import BY_NAME, COUNTED, KINDS, Kind, Taken, columns_of, offices_in

BRINGERS = frozenset(str(role) for kind in KINDS for role in kind.offices)


def _path(*steps: Crumb) -> list[Crumb]:
    return [Crumb(_("Deliveries"), reverse("deliveries")), *steps]


def _read_by(acting: Acting) -> Any:
    return Delivery.objects.filter(form__in=[kind.name for kind in KINDS if kind.is_read_by(acting)])


def counted(taken: Taken) -> str:
    """``graves: 3, recovery units: 12``, in the reader's language."""
    parts = [f"{COUNTED.get(what, what)}: {number_format(n, force_grouping=True)}" for what, n in taken.items() if n]
    return ", ".join(parts)


def _label(form: str) -> Any:
    return BY_NAME[form].label if form in BY_NAME else form


def deliveries(request: HttpRequest) -> HttpResponse:
    """What was delivered, by the rooms that are open to the office."""
    acting = acting_of(request)
    query, wanted = _read_by(acting), request.GET.get("form", "")
    if wanted in BY_NAME:
        query = query.filter(form=wanted)
    page = page_of(request, query, orders={"number": ("-number",), "form": ("form", "-number")})
    rows = [
        {
            "delivery": one,
            "label": _label(one.form),
            "names": ", ".join(file["name"] for file in one.files),
            "taken": counted(one.taken),
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
                Column(_("Delivery"), "number"), Column(_("What"), "form"), Column(_("Files")),
                Column(_("Taken from them")),
                Column(_("Remarks"), is_number=True),
            ],
            "choices": [
                Choice("form", _("What"), [(k.name, k.label) for k in KINDS if k.is_read_by(acting)], wanted)
            ],
            "may_bring": any(kind.is_open_to(acting) for kind in KINDS),
            "is_filtered": bool(wanted),
        },
    )  # fmt: skip


def delivery(request: HttpRequest, number: str) -> HttpResponse:
    """One delivery: its files and their hashes, what was taken from them, what the reader found odd."""
    acting = acting_of(request)
    found = get_object_or_404(_read_by(acting), number=number)
    facts = [Fact(str(COUNTED.get(what, what)).capitalize(), n) for what, n in found.taken.items()]
    return render(
        request,
        "site/delivery.html",
        {
            "path": _path(Crumb(number, is_number=True)),
            "delivery": found,
            "label": _label(found.form),
            "facts": facts,
            "remarks": [in_words(remarks.in_words(remark)) for remark in found.remarks],
            "strip": strip_of(found) if acting.opens("ledger") else None,
        },
    )


def delivery_choose(request: HttpRequest) -> HttpResponse:
    """What is delivered? The forms that are open to the office, and who may bring the others."""
    acting = acting_of(request)
    names = dict(Role.choices)
    kinds = [
        {
            "kind": kind,
            "is_open": kind.is_open_to(acting),
            "offices": [names[role] for role in kind.offices],
        }
        for kind in KINDS
    ]
    kinds.sort(key=lambda one: not one["is_open"])
    return render(request, "site/delivery_choose.html", {"path": _path(Crumb(_("Take in files"))), "kinds": kinds})


def delivery_new(request: HttpRequest, what: str) -> HttpResponse:
    """Take in the files of one delivery, in one filing."""
    kind = BY_NAME.get(what)
    if kind is None or not kind.is_open_to(acting_of(request)):
        raise Http404
    form = kind.form(posted(request), request.FILES or None)
    refused: list[DokazError] = []

    def perform(filing: Filing, values: dict[str, Any]) -> Taken:
        try:
            return kind.take(filing, values, offices_in(request, filing))
        except DokazError as refusal:
            refused.append(refusal)
            raise

    done = act_on(request, form, perform, message=lambda taken: _said(kind, taken))
    if done:
        filed = [each.index for each in done.receipt.entries]
        return redirect("delivery", _number(filed[-1])) if filed else redirect("deliveries")
    return render(
        request,
        "site/delivery_new.html",
        {
            "path": _path(Crumb(_("Take in files"), reverse("delivery_new")), Crumb(kind.label)),
            "title": kind.label,
            "lead": kind.help,
            "form": form,
            "columns": columns_of(kind),
            "verb": _("Take in"),
            "back": reverse("delivery_new"),
            "refusal": _place_of(refused[0]) if refused else [],
        },
    )


def _said(kind: Kind, taken: Taken) -> str:
    words = counted(taken)
    if kind.name == "custody" and not taken.get("transfers"):
        return _("Nothing was filed: no move of this list is yours and due. %(words)s.") % {"words": words}
    return _("Taken in: %(words)s.") % {"words": words}


def _number(index: int) -> str:
    """The number of the delivery that an entry files; it is the last of its filing."""
    from dokaz.casework.models import JournalEntry

    number: str = Delivery.objects.get(pk=JournalEntry.objects.get(index=index).record).number
    return number


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
