"""Pages of this room: the work that waits, examinations, samples, profiles. Nothing is written here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.casework.alphabet import InAlphabet
from dokaz.casework.queries import custody_of
from dokaz.graves.models import RecoveryUnit, State
from dokaz.graves.views import unit_path
from dokaz.identification.lr_display import shown_lr
from dokaz.mortuary import queries
from dokaz.mortuary.elements import in_words, on_scheme
from dokaz.mortuary.models import Examination, Profile, Sample
from dokaz.pages.act_links import ActLink, open_act_links
from dokaz.pages.acting import acting_of
from dokaz.pages.ledger_strip import address, strip_of
from dokaz.pages.lists import matching, once_per_filing, page_of, searched
from dokaz.pages.parts import Choice, Column, Crumb, Fact
from dokaz.pages.pictures.homunculus import homunculus
from dokaz.pages.words_of_records import in_words as said

_STATES = (State.LIFTED, State.RECEIVED, State.EXAMINED, State.SAMPLED, State.STORED)


def _mortuary() -> Crumb:
    return Crumb(_("Mortuary"), reverse("mortuary"))


def waiting() -> dict[str, int]:
    """How much waits at each step."""
    return {
        "to_receive": queries.to_receive().count(),
        "to_examine": queries.to_examine().count(),
        "to_sample": queries.to_sample().count(),
        "to_type": queries.to_type().count(),
    }


def mortuary(request: HttpRequest) -> HttpResponse:
    """What waits, and the units between the ground and the store."""
    state, q = request.GET.get("state", ""), searched(request)
    found = RecoveryUnit.objects.filter(state__in=[state] if state in _STATES else _STATES)
    if q:
        found = found.filter(matching(q, "number", "description"))
    page = page_of(
        request,
        found,
        orders={"number": ("number",), "state": ("state", "number"), "place": (InAlphabet("place"), "number")},
        fetch=lambda rows: (
            rows.select_related("grave", "holder")
            .defer("points", "reason")
            .prefetch_related("examinations__findings", "samples")
        ),
    )
    units = reverse("units")
    n = once_per_filing("waiting in the mortuary", waiting)
    return render(
        request,
        "mortuary/mortuary.html",
        {
            "path": [_mortuary()],
            "figures": [
                (n["to_receive"], _("recovery units lifted, not received"), f"{units}?waits=receive"),
                (n["to_examine"], _("recovery units to examine"), f"{units}?waits=examine"),
                (n["to_sample"], _("recovery units to sample"), f"{units}?waits=sample"),
                (n["to_type"], _("samples to type"), f"{reverse('samples')}?typed=no"),
            ],
            "choices": [Choice("state", _("State"), [(s, State(s).label) for s in _STATES], state)],
            "columns": [
                Column(_("Number"), "number"),
                Column(_("State"), "state"),
                Column(_("Sex")),
                Column(_("Age, years"), is_number=True),
                Column(_("Stature, cm"), is_number=True),
                Column(_("Findings"), is_number=True),
                Column(_("Samples"), is_number=True),
                Column(_("Where it is"), "place"),
            ],
            "rows": [_row(unit) for unit in page],
            "page": page,
            "is_filtered": bool(q or state),
        },
    )


def _row(unit: RecoveryUnit) -> dict[str, Any]:
    examinations = sorted(unit.examinations.all(), key=lambda one: one.number)
    return {
        "unit": unit,
        "examination": examinations[-1] if examinations else None,
        "findings": sum(len(one.findings.all()) for one in examinations),
        "samples": len(unit.samples.all()),
    }


def examination(request: HttpRequest, number: str) -> HttpResponse:
    """One examination: what was seen, and on which elements."""
    found = get_object_or_404(
        Examination.objects.select_related("unit__grave__site", "examiner").prefetch_related("findings"), number=number
    )
    shown = on_scheme(found.elements, found.completeness)
    return render(
        request,
        "mortuary/examination.html",
        {
            "path": [*unit_path(found.unit), Crumb(number, is_number=True)],
            "examination": found,
            "elements": [in_words(one) for one in found.elements],
            "scheme": homunculus(shown, title=_("Elements of %(number)s") % {"number": found.unit.number})
            if shown
            else "",
            "strip": strip_of(found),
        },
    )


def samples(request: HttpRequest) -> HttpResponse:
    """Every sample, with what the laboratory made of it."""
    asked = request.GET
    found = Sample.objects.all()
    q = searched(request)
    if q:
        found = found.filter(matching(q, "number", "element"))
    if asked.get("typed") == "no":
        found = found.exclude(pk__in=Profile.objects.values("sample"))
    elif asked.get("typed") == "yes":
        found = found.filter(pk__in=queries.profiles_in_use().values("sample"))
    if "place" in asked:
        found = found.filter(place=asked["place"])
    if "holder" in asked:
        found = found.filter(holder__number=asked["holder"] or None)
    page = page_of(
        request,
        found,
        orders={"number": ("number",), "taken": ("taken_at", "number"), "place": (InAlphabet("place"), "number")},
        fetch=lambda rows: rows.select_related("unit", "holder").prefetch_related("profiles"),
    )
    return render(
        request,
        "mortuary/samples.html",
        {
            "path": [_mortuary(), Crumb(_("Samples"))],
            "choices": [
                Choice(
                    "typed",
                    _("Typed"),
                    [("yes", _("with a profile")), ("no", _("no attempt yet"))],
                    asked.get("typed", ""),
                )
            ],
            "columns": [
                Column(_("Sample"), "number"),
                Column(_("Element")),
                Column(_("Recovery unit")),
                Column(_("Taken"), "taken"),
                Column(_("Where it is"), "place"),
                Column(_("Profiles")),
            ],
            "page": page,
            "is_filtered": any(asked.get(name) for name in ("q", "typed", "place", "holder")),
        },
    )


def sample(request: HttpRequest, number: str) -> HttpResponse:
    """One sample: from where, every attempt at its profile side by side, its custody."""
    found = get_object_or_404(Sample.objects.select_related("unit__grave__site", "holder", "taken_by"), number=number)
    attempts = queries.attempts(found)
    acting = acting_of(request)
    act_links = [
        ActLink("mortuary.profile", _("Type in a profile"), reverse("sample_profile", args=[number]), not attempts)
    ]
    if found.holder_id == acting.person.pk:
        act_links.append(ActLink("casework.hand_over", _("Hand over"), f"{reverse('hand_over')}?thing={number}"))
    facts = [
        Fact(_("Element"), said(found.element)),
        Fact(_("Recovery unit"), found.unit.number, kind="number", url=reverse("unit", args=[found.unit.number])),
        Fact(_("Taken"), found.taken_at, found.taken_by.name, kind="when"),
        Fact(
            _("Where it is"), found.place, _("held by %(name)s") % {"name": found.holder.name} if found.holder else ""
        ),
    ]
    return render(
        request,
        "mortuary/sample.html",
        {
            "path": [*unit_path(found.unit), Crumb(number, is_number=True)],
            "sample": found,
            "facts": facts,
            "act_links": open_act_links(acting, act_links),
            "attempts": attempts,
            "rows": queries.side_by_side(attempts),
            "custody": custody_of(found),
            "strip": strip_of(found),
        },
    )


def profiles(request: HttpRequest) -> HttpResponse:
    """Every profile of remains, failed attempts and withdrawn ones included if asked for."""
    asked, q = request.GET, searched(request)
    found = Profile.objects.all() if asked.get("which") == "all" else queries.profiles_in_use()
    if q:
        found = found.filter(matching(q, "number", "sample__number", "laboratory"))
    page = page_of(
        request,
        found,
        orders={"number": ("number",), "typed": ("typed_on", "number")},
        fetch=lambda rows: rows.select_related("sample__unit"),
    )
    return render(
        request,
        "mortuary/profiles.html",
        {
            "path": [_mortuary(), Crumb(_("DNA profiles"))],
            "choices": [Choice("which", _("Which"), [("all", _("failed and withdrawn too"))], asked.get("which", ""))],
            "columns": [
                Column(_("Profile"), "number"),
                Column(_("Sample")),
                Column(_("Recovery unit")),
                Column(_("Laboratory")),
                Column(_("Kit")),
                Column(_("Attempt"), is_number=True),
                Column(_("Markers"), is_number=True),
                Column(_("Typed"), "typed"),
                Column(_("State")),
            ],
            "page": page,
            "is_filtered": bool(q),
        },
    )


def profile(request: HttpRequest, number: str) -> HttpResponse:
    """One profile: every marker, beside the other attempts at the same sample."""
    found = get_object_or_404(Profile.objects.select_related("sample__unit__grave__site"), number=number)
    unit = found.sample.unit
    others = [one for one in queries.attempts(found.sample) if one.pk != found.pk]
    acting = acting_of(request)
    withdraw = ActLink("mortuary.withdraw_profile", _("Withdraw it"), reverse("profile_withdraw", args=[number]))
    act_links = [] if found.withdrawn else [withdraw]
    comparisons = []
    if acting.opens("missing"):
        comparisons = [
            (one, address("comparison", one.number), shown_lr(one.log10_lr))
            for one in found.comparisons.order_by("number").select_related("missing_person")
        ]
    facts = [
        Fact(_("Sample"), found.sample.number, kind="number", url=reverse("sample", args=[found.sample.number])),
        Fact(_("Recovery unit"), unit.number, kind="number", url=reverse("unit", args=[unit.number])),
        Fact(_("Laboratory"), found.laboratory),
        Fact(_("Kit"), found.kit),
        Fact(_("Attempt"), found.attempt),
        Fact(_("Typed"), found.typed_on, kind="when"),
        Fact(_("Read from the file"), found.file_sha256, kind="hash"),
    ]
    return render(
        request,
        "mortuary/profile.html",
        {
            "path": [
                *unit_path(unit),
                Crumb(found.sample.number, reverse("sample", args=[found.sample.number]), is_number=True),
                Crumb(number, is_number=True),
            ],
            "profile": found,
            "facts": facts,
            "act_links": open_act_links(acting, act_links),
            "attempts": [found, *others],
            "rows": queries.side_by_side([found, *others]),
            "comparisons": comparisons,
            "strip": strip_of(found),
        },
    )
