"""Pages by which any record is put right, and on which its versions stand side by side."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dokaz.casework.corrections import may_agree, put_right, resting_on
from dokaz.casework.journal import Version, history
from dokaz.casework.models import Correction, CorrectionState
from dokaz.casework.queries import holders_of
from dokaz.casework.records import Record, is_void, kind_named
from dokaz.casework.registry import done_in_words, name_of
from dokaz.casework.second_person import decline_correction
from dokaz.ledger import canonical
from dokaz.pages.acting import Acting, Done, act_on, acting_of, posted
from dokaz.pages.erased import erased_lines
from dokaz.pages.ledger_strip import signers_of, strip_of
from dokaz.pages.local_time import in_local_time
from dokaz.pages.parts import Crumb, Fact
from dokaz.pages.putting_right import (
    AgreeToCorrectionForm,
    CorrectForm,
    DeclineForm,
    VoidForm,
    as_lines,
    links_to_put_right,
    proposed_for,
)
from dokaz.pages.ways import address_of, history_of, page_of
from dokaz.site.asking import asked, way_of
from dokaz.site.attachment_pages import attached_part, links_to_attach
from dokaz.site.erasure_pages import links_to_erase


def record_correct(request: HttpRequest, kind: str, number: str) -> HttpResponseBase:
    """Correct fields of a record, with a reason."""
    record, acting = _found(request, kind, number), acting_of(request)
    how = put_right(type(record))
    if how is None or how.correct is None or not _may(how.correct, acting) or is_void(record):
        raise Http404
    act, form, needs_two = (
        how.correct,
        CorrectForm(posted(request), acting=acting, record=record),
        how.how.needs_two(record),
    )
    said = (
        gettext_lazy("It is proposed; nothing is changed before a second person agrees.")
        if needs_two
        else gettext_lazy("It is corrected; what was there before stays in its history.")
    )
    done = act_on(request, form, lambda f, values: act(record, f, values=values["values"]), message=said)
    if done:
        _say_reopened(request, record, done)
        return redirect(history_of(record))
    lead = _("Change what is wrong. What is there now stays readable in the record's history, with your reason.")
    if needs_two:
        lead = _("It was signed or decided. Change what is wrong: it is corrected once a second person has agreed.")
        return asked(request, record, form, title=_("Propose a correction"), lead=lead, verb=_("Propose it"))
    return asked(request, record, form, title=_("Correct"), lead=lead, verb=_("File the correction"))


def record_void(request: HttpRequest, kind: str, number: str) -> HttpResponseBase:
    """Make a record void, with a reason, or undo that."""
    record, acting = _found(request, kind, number), acting_of(request)
    how = put_right(type(record))
    if how is None or how.void is None or not _may(how.void, acting):
        raise Http404
    act, was_void = how.void, is_void(record)
    form = VoidForm(posted(request), acting=acting, record=record)
    said = (
        gettext_lazy("It counts again.")
        if was_void
        else gettext_lazy("It is void. It keeps its number and its history.")
    )
    if done := act_on(request, form, lambda f, _values: act(record, f), message=said):
        _say_reopened(request, record, done)
        return redirect(history_of(record))
    if was_void:
        return asked(request, record, form, title=_("It is not void after all"), verb=_("It counts again"),
                      lead=_("It is then shown, counted and searched again."))  # fmt: skip
    rests = [Fact(_("What rests on it"), each.number, str(each._meta.verbose_name), _address(each, acting), "number")
             for each in [*resting_on(record), *how.how.rests(record)][:20]]  # fmt: skip
    lead = _(
        "For what was entered twice, or by mistake. It keeps its number and its history, and is in no list, count, search, "
        "map or picture any more. It can be undone in the same way."
    )
    return asked(request, record, form, title=_("Make void"), lead=lead, verb=_("Make it void"), notes=rests)


def correction_agree(request: HttpRequest, number: str) -> HttpResponseBase:
    """Agree to a correction that another person proposed."""
    proposed, record = _proposed(request, number)
    acting, how = acting_of(request), put_right(type(record))
    if how is None or how.agree is None or not _may(how.agree, acting):
        raise Http404
    act, form = how.agree, AgreeToCorrectionForm(posted(request), acting=acting, record=proposed)
    message = gettext_lazy("It is corrected; what was there before stays in its history.")
    if done := act_on(request, form, lambda f, _values: act(proposed, f), message=message):
        _say_reopened(request, record, done)
        return redirect(history_of(record))
    lead = _("Compare each value with what it was taken from. With your agreement the record is corrected.")
    return asked(request, record, form, title=_("Agree to a correction"), lead=lead, verb=_("I agree"),
                  notes=_facts_of(proposed, record, acting))  # fmt: skip


def correction_decline(request: HttpRequest, number: str) -> HttpResponseBase:
    """Decline a correction, or take back one's own."""
    proposed, record = _proposed(request, number)
    acting = acting_of(request)
    if proposed.proposed_by_id != acting.person.pk and not may_agree(proposed, acting.role):
        raise Http404
    form = DeclineForm(posted(request), acting=acting, record=proposed)
    message = gettext_lazy("It is declined; the record stays as it is.")
    if act_on(request, form, lambda f, _values: decline_correction(proposed, f), message=message):
        return redirect(history_of(record))
    return asked(request, record, form, title=_("Decline a correction"), lead=_("The record stays as it is."),
                  verb=_("Decline it"), notes=_facts_of(proposed, record, acting))  # fmt: skip


def corrections(request: HttpRequest) -> HttpResponseBase:
    """The corrections that wait for a second person, of what the reader may read."""
    acting = acting_of(request)
    waiting = Correction.objects.filter(state=CorrectionState.PROPOSED).select_related("proposed_by").order_by("number")
    told = [(each, record) for each in waiting if (record := _record_of(each)) is not None and acting.reads(record)]
    return render(
        request,
        "site/corrections.html",
        {
            "path": [Crumb(_("Corrections"))],
            "waiting": [
                {"proposed": each, "record": record, "kind": capfirst(str(record._meta.verbose_name)),
                 "url": history_of(record)}
                for each, record in told
            ],
        },
    )  # fmt: skip


def _record_of(proposed: Correction) -> Record | None:
    kind = kind_named(proposed.of_kind)
    found: Record | None = kind.every.filter(pk=proposed.record).first() if kind is not None else None
    return found


def _proposed(request: HttpRequest, number: str) -> tuple[Correction, Record]:
    """A correction that waits, and its record, where the reader may read it."""
    proposed: Correction = get_object_or_404(Correction, number=number, state=CorrectionState.PROPOSED)
    record = _record_of(proposed)
    if record is None or not acting_of(request).reads(record):
        raise Http404
    return proposed, record


def _facts_of(proposed: Correction, record: Record, acting: Acting) -> list[Fact]:
    """What a correction would change: each field, as it is and as it would be; by whom, and why."""
    declared = {each.name: each for each in record.content_fields()}
    now = record.content()
    fields = [
        Fact(capfirst(str(declared[name].verbose_name)), _shown(declared[name], {name: value}, acting) or "–",
             _("now: %(value)s") % {"value": _shown(declared[name], now, acting) or "–"})
        for name, (_salt, value) in proposed.openings.items()
    ]  # fmt: skip
    return [*fields, Fact(_("Proposed by"), proposed.proposed_by.name, proposed.reason)]


def record_history(request: HttpRequest, kind: str, number: str) -> HttpResponseBase:
    """Every version of a record, newest first: what each changed, who filed it, when, and why."""
    record, acting = _found(request, kind, number), acting_of(request)
    versions = history(record.pk)
    holders = holders_of(
        [*(v.entry.actor for v in versions), *(given.key for v in versions for given in v.entry.assents)]
    )
    agreed = {one.leaf: one for one in Correction.objects.filter(record=record.pk, state=CorrectionState.MADE)}
    told = [
        {
            "proposed": _proposal(agreed.get(now.entry.previous[0] if now.entry.previous else "")),
            "number": now.entry.version,
            "act": done_in_words(now.entry.act),
            "signers": signers_of(now.entry, holders),
            "at": dt.datetime.fromisoformat(now.entry.at),
            "url": reverse("entry", args=[now.index]) if acting.opens("entry") else "",
            "reason": now.fields.get("reason") or "",
            "changes": _changes(type(record), before, now, acting),
        }
        for before, now in zip([None, *versions[:-1]], versions, strict=True)
    ]
    return render(
        request,
        "site/history.html",
        {
            "path": [*way_of(record), Crumb(_("History"))],
            "record": record,
            "kind": capfirst(str(record._meta.verbose_name)),
            "is_void": is_void(record),
            "act_links": [
                *links_to_attach(record, acting),
                *links_to_put_right(record, acting),
                *links_to_erase(record, acting),
            ],
            # Where it has a page of its own, they are listed there.
            "attached": None if address_of(record) else attached_part(record, acting),
            "erased": erased_lines(record),
            "versions": list(reversed(told)),
            "proposed": [{"of": each, "facts": _facts_of(each, record, acting)} for each in proposed_for(record)],
            "strip": strip_of(record) if acting.opens("ledger") else None,
            "own_page": address_of(record),
        },
    )


def _say_reopened(request: HttpRequest, record: Record, done: Done) -> None:
    """Say what rooms filed besides: reviews of what rested on the value that was corrected."""
    reopened = ", ".join(
        each.number for each in done.receipt.entries if each.record != record.pk and each.kind != Correction.kind()
    )
    if reopened:
        messages.warning(
            request, _("What rests on it is reopened until somebody answers: %(numbers)s.") % {"numbers": reopened}
        )


def _proposal(made: Correction | None) -> dict[str, str] | None:
    """Who proposed what a version says, and why; the reason of the version itself is of whoever agreed."""
    if made is None:
        return None
    return {"by": made.proposed_by.name, "reason": str(history(made.pk)[0].fields.get("reason") or "")}


def _found(request: HttpRequest, kind: str, number: str) -> Record:
    model, acting = kind_named(kind), acting_of(request)
    if model is None or not acting.reads(model):
        raise Http404
    found: Record = get_object_or_404(model.every, number=number)
    if not acting.reads(found):
        raise Http404
    return found


def _may(act: Any, acting: Acting) -> bool:
    return acting.may(name_of(act))


def _address(record: Record, acting: Acting) -> str:
    return page_of(record) if acting.reads(record) else ""


def _changes(kind: type[Record], before: Version | None, now: Version, acting: Acting) -> list[dict[str, Any]]:
    """Each field that a version changed, with what it held before and holds since; of a first version, what it stated."""
    declared = {each.name: each for each in kind.content_fields() if each.name != "reason"}
    found = []
    for name, each in declared.items():
        old = before.entry.fields.get(name) if before is not None else None
        if now.entry.fields.get(name) == old:
            continue
        if before is None and now.fields.get(name) in (None, "", [], {}, False) and name not in now.erased:
            continue
        found.append(
            {
                "label": capfirst(str(each.verbose_name)),
                "before": _held(each, before, acting) if before is not None else "",
                "now": _held(each, now, acting),
            }
        )
    return found


def _held(declared: models.Field[Any, Any], version: Version, acting: Acting) -> str:
    """What a field held in a version, in words; or by which order that was erased."""
    order = version.erased.get(declared.name)
    return _("erased by order %(order)s") % {"order": order} if order else _shown(declared, version.fields, acting)


def _shown(declared: models.Field[Any, Any], fields: dict[str, object], acting: Acting) -> str:
    """What a field holds, in words: choices as their labels, records by their numbers, moments by the local clock."""
    if declared.name not in fields:
        return _("not there, and no order erased it")
    value = fields[declared.name]
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(declared, models.DateTimeField):
        return in_local_time(dt.datetime.fromisoformat(str(value)))
    if declared.choices:
        return str(dict(declared.flatchoices).get(value, value))
    if isinstance(declared, models.ForeignKey):
        of: Any = declared.related_model
        found = of.every.filter(pk=value).first()
        return str(getattr(found, "name", "") or found.number) if found is not None else str(value)
    text = value if isinstance(value, str) else "; ".join(as_lines(value)) or canonical(value).decode()
    return text if len(text) <= 2_000 else f"{text[:2_000]} …"
