"""The page on which somebody orders that fields of a record be erased; administrators agree among the proposals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dokaz.casework.acts import order_erasure
from dokaz.casework.erasure import erasable_fields, says_nothing
from dokaz.casework.models import ErasureAuthority, ErasureOrder
from dokaz.casework.records import Record, kind_in_words, kind_named
from dokaz.casework.registry import name_of
from dokaz.pages.act_links import ActLink
from dokaz.pages.acting import ActForm, Acting, act_on, acting_of, posted
from dokaz.pages.fields import DayField
from dokaz.pages.parts import Fact
from dokaz.pages.ways import history_of
from dokaz.site.asking import asked


class OrderErasureForm(ActForm):
    """What shall be erased of a record, on whose word, by which document, and why."""

    is_signed = True
    asks_why = "required"
    why_label: Any = gettext_lazy("Why; it stays readable, so name nobody")
    fields_to_erase = forms.MultipleChoiceField(
        label=gettext_lazy("What is erased"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    authority = forms.ChoiceField(label=gettext_lazy("On whose authority"), choices=ErasureAuthority.choices)
    document = forms.CharField(
        label=gettext_lazy("Number of the document"), help_text=gettext_lazy("it stays readable, so name nobody")
    )
    ordered_on = DayField(label=gettext_lazy("Date of the document"))

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        choices: Any = self.fields["fields_to_erase"]
        choices.choices = [(each.name, capfirst(str(each.verbose_name))) for each in _held_by(record)]


def _held_by(record: Record) -> list[Any]:
    """The fields of a record that may be erased and say something now."""
    content = record.content()
    return [
        each
        for each in erasable_fields(type(record))
        if each.name not in record.erased and not says_nothing(type(record), each.name, content[each.name])
    ]


def links_to_erase(record: Record, acting: Acting) -> list[ActLink]:
    """The button by which an erasure is ordered, where there is something that may be erased."""
    if not acting.may(name_of(order_erasure)) or not _held_by(record):
        return []
    address = reverse("record_erase", args=[record.kind(), record.number])
    return [ActLink(name_of(order_erasure), gettext_lazy("Order an erasure"), address)]


def record_erase(request: HttpRequest, kind: str, number: str) -> HttpResponseBase:
    """Order that fields of a record be erased; two administrators put it in force, and what it covers is destroyed."""
    model, acting = kind_named(kind), acting_of(request)
    if model is None or not acting.reads(model) or not acting.may(name_of(order_erasure)):
        raise Http404
    record: Record = get_object_or_404(model.every, number=number)
    if not acting.reads(record):
        raise Http404
    form = OrderErasureForm(posted(request), acting=acting, record=record)
    message = gettext_lazy("It is ordered. Nothing is destroyed before two administrators have agreed.")

    def perform(filing: Any, values: dict[str, Any]) -> ErasureOrder:
        return order_erasure(record, filing, fields=values.pop("fields_to_erase"), **values)

    if act_on(request, form, perform, message=message):
        return redirect(history_of(record))
    lead = _(
        "What every version held in these fields is destroyed for good, once two administrators have agreed. That there "
        "was something, and by whose order it was erased, stays readable. Copies outside of this store are not reached: "
        "backups, bundles that were handed out; nor are files as they were delivered."
    )
    title = _("Order an erasure")
    return asked(request, record, form, title=title, lead=lead, verb=_("Sign and order it"))


def facts_of_order(order: ErasureOrder) -> list[Fact]:
    """What an order would destroy, in full: names of fields and versions, never what they hold."""
    kind = kind_named(order.of_kind)
    number = kind.every.filter(pk=order.record).values_list("number", flat=True).first() if kind is not None else None
    names: dict[str, list[str]] = {}
    copies = 0
    for row in order.erases:
        if row["record"] == str(order.record):
            names.setdefault(row["field"], []).append(str(row["version"]))
        else:
            copies += 1
    labels = {each.name: capfirst(str(each.verbose_name)) for each in kind.content_fields()} if kind is not None else {}
    facts = [
        Fact(_("Erasure"), number or str(order.record), kind_in_words(order.of_kind), kind="number"),
        *(
            Fact(labels.get(name, name), _("as versions %(numbers)s state it") % {"numbers": ", ".join(versions)})
            for name, versions in names.items()
        ),
    ]
    if copies:
        facts.append(Fact(_("Copies in corrections"), str(copies)))
    return [
        *facts,
        Fact(_("On whose authority"), order.get_authority_display(), f"{order.document}, {order.ordered_on}"),
        Fact(_("Why"), order.reason, _("It is destroyed for good when this is in force.")),
    ]
