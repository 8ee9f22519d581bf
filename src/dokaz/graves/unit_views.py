"""The page of one recovery unit: everything that is known of it, and what comes next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.casework.queries import custody_of
from dokaz.graves.acts import TO_LIFT, TO_SPLIT
from dokaz.graves.models import RecoveryUnit, State, UnitType
from dokaz.graves.views import plan_unit, unit_path
from dokaz.identification.lr_display import shown_lr
from dokaz.identification.models import Comparison, ComparisonState, Decision, Search
from dokaz.mortuary.acts import TO_EXAMINE, TO_RECEIVE, TO_SAMPLE, TO_STORE
from dokaz.mortuary.models import Sample
from dokaz.pages.act_links import ActLink, open_act_links
from dokaz.pages.acting import Acting, acting_of
from dokaz.pages.ledger_strip import address, strip_of
from dokaz.pages.lists import once_per_filing
from dokaz.pages.parts import Fact
from dokaz.pages.pictures.grave_plan import grave_plan

SHOWN_CANDIDATES = 10
_NEIGHBOURS_M = 3.0
_SHOWN_NEIGHBOURS = 60


def unit(request: HttpRequest, number: str) -> HttpResponse:
    """One recovery unit."""
    found = get_object_or_404(
        RecoveryUnit.objects.select_related("grave__site", "holder", "transfer", "split_from"), number=number
    )
    acting = acting_of(request)
    custody = custody_of(found)
    under_way = custody[-1] if custody and custody[-1].taken_at is None else None
    samples = list(found.samples.order_by("number").select_related("holder").prefetch_related("profiles"))
    sees_mortuary = acting.opens("mortuary")
    comparisons = list(found.comparisons.order_by("number").select_related("missing_person", "examiner"))
    decisions = list(found.decisions.order_by("number").select_related("missing_person"))
    return render(
        request,
        "graves/unit.html",
        {
            "path": unit_path(found),
            "unit": found,
            "next": _next(found, under_way, samples, comparisons, decisions),
            "act_links": open_act_links(acting, _act_links(found, under_way, acting)),
            "facts": _facts(found),
            "plan": _neighbourhood(found),
            "photographs": found.photographs.order_by("number"),
            "custody": custody,
            "samples": samples,
            "sees_mortuary": sees_mortuary,
            "examinations": found.examinations.order_by("-number")
            .select_related("examiner")
            .prefetch_related("findings")
            if sees_mortuary
            else [],
            "sees_persons": acting.opens("missing"),
            "comparisons": [(one, address("comparison", one.number), shown_lr(one.log10_lr)) for one in comparisons],
            "decisions": [(one, address("decision", one.number)) for one in decisions],
            "candidates": _candidates(samples) if acting.opens("missing") else [],
            "reviews": found.reviews.filter(closed_on=None).select_related("because_of"),
            "strip": strip_of(found),
        },
    )


def _facts(unit: RecoveryUnit) -> list[Fact]:
    place = f"{unit.latitude_deg}° N, {unit.longitude_deg}° E" if unit.latitude_deg is not None else ""
    points = "; ".join(_point_in_words(p) for p in unit.points[:4])
    parts = list(unit.splits.order_by("number").values_list("number", flat=True))
    facts = [
        Fact(_("What it is"), unit.get_type_display()),
        Fact(_("Grave"), unit.grave.number, kind="number", url=reverse("grave", args=[unit.grave.number])),
        Fact(_("Where it is"), unit.place, _("held by %(name)s") % {"name": unit.holder.name} if unit.holder else ""),
        Fact(_("Surveyed"), unit.surveyed_at, unit.surveyed_by, kind="when"),
        Fact(_("Survey points"), points, unit.grave.site.crs + (" …" if len(unit.points) > 4 else "")),
        Fact(_("Place"), place, _("WGS 84, from the survey") if place else ""),
        Fact(_("Lifted"), unit.lifted_at, unit.lifted_by, kind="when"),
    ]
    if unit.split_from:
        url = reverse("unit", args=[unit.split_from.number])
        facts.append(Fact(_("Split from"), unit.split_from.number, kind="number", url=url))
    facts += [Fact(_("Split off"), one, kind="number", url=reverse("unit", args=[one])) for one in parts]
    return facts


def _point_in_words(point: dict[str, str]) -> str:
    """A survey point: east, north and, if it was measured, height."""
    said = _("E %(east)s m, N %(north)s m") % {"east": point["e"], "north": point["n"]}
    return said + (_(", height %(metres)s m") % {"metres": point["z"]} if point["z"] else "")


def _neighbourhood(unit: RecoveryUnit) -> str:
    """The unit and what lay beside it: proximity is evidence, not identity."""
    if not unit.points:
        return ""
    here = plan_unit(unit)
    around = (
        RecoveryUnit.objects.filter(grave=unit.grave_id).exclude(points=[]).only("number", "type", "state", "points")
    )
    beside = [plan_unit(one) for one in around.exclude(pk=unit.pk)[:1000]]
    near = sorted(
        (one for one in beside if max(abs(one.east - here.east), abs(one.north - here.north)) <= _NEIGHBOURS_M),
        key=lambda one: abs(one.east - here.east) + abs(one.north - here.north),
    )
    return grave_plan(
        [here, *near[:_SHOWN_NEIGHBOURS]], title=_("Where %(number)s lay") % {"number": unit.number}, here=unit.number
    )


def _candidates(samples: list[Sample]) -> list[dict[str, Any]]:
    """Whom the newest search ranks for the profiles of a unit; a rank by a machine, never an identification."""
    by_profile: dict[str, list[dict[str, Any]]] = once_per_filing("candidates of the newest search", _by_profile)
    rows = [
        row for sample in samples for profile in sample.profiles.all() for row in by_profile.get(profile.number, [])
    ]
    return rows[:SHOWN_CANDIDATES]


def _by_profile() -> dict[str, list[dict[str, Any]]]:
    newest = Search.objects.order_by("-number").first()
    found: dict[str, list[dict[str, Any]]] = {}
    if newest is None:
        return found
    for row in newest.candidates:
        kept = found.setdefault(row["profile"], [])
        if len(kept) < SHOWN_CANDIDATES:
            kept.append({**row, "log10_lr": shown_lr(row["log10_lr"]), "search": newest.number})
    return found


# --- what comes next -----------------------------------------------------------------------------------------------------


def _next(
    unit: RecoveryUnit, under_way: Any, samples: list[Sample], comparisons: list[Comparison], decisions: list[Decision]
) -> str:
    """What comes next, in one sentence; nothing where the work on the unit is done."""
    if unit.state == State.QUARANTINED:
        return _("It is set aside. Somebody must decide whether the work on it may go on.")
    if under_way is not None:
        return _("%(name)s confirms having received it.") % {"name": under_way.receiver.name}
    if unit.state in (State.IN_SITU, State.SURVEYED):
        lacks = [
            *([] if unit.points else [_("survey points")]),
            *([] if unit.photographs.exists() else [_("a photograph")]),
        ]
        if lacks:
            return _("It can be lifted once there is: %(lacks)s.") % {"lacks": ", ".join(lacks)}
        return _("It can be lifted.")
    if unit.state == State.LIFTED:
        return _("It is handed over to the mortuary, which receives it.")
    if unit.type == UnitType.ARTEFACT:
        return ""
    if unit.state == State.RECEIVED:
        return _("It is examined.")
    if unit.state == State.EXAMINED:
        return _("A sample is taken for DNA.")
    is_decided = any(d.state in ("certified", "family_notified") for d in decisions)
    if is_decided or unit.state in (State.RELEASED, State.REBURIED):
        return ""
    if any(d.state == "before_board" for d in decisions):
        return _("The board decides.")
    if any(c.state == ComparisonState.PROPOSED for c in comparisons):
        return _("Two examiners sign the comparison.")
    if not any(profile.markers_typed and not profile.withdrawn for s in samples for profile in s.profiles.all()):
        return _("The laboratory types the sample.")
    return _("An examiner compares it with a missing person.") if not comparisons else ""


def _act_links(unit: RecoveryUnit, under_way: Any, acting: Acting) -> list[ActLink]:
    here = [unit.number]
    is_mine = unit.holder_id == acting.person.pk
    in_ground = unit.state in TO_LIFT
    act_links = []
    if in_ground:
        act_links.append(ActLink("graves.lift", _("Lift"), reverse("unit_lift", args=here), is_due=True))
    if under_way is not None and under_way.receiver_id == acting.person.pk:
        act_links.append(
            ActLink("casework.take_over", _("Take over"), reverse("take_over", args=[under_way.number]), True)
        )
    if unit.state in TO_RECEIVE and is_mine and under_way is None:
        act_links.append(ActLink("mortuary.receive", _("Receive"), address("unit_receive", *here), is_due=True))
    if unit.state in TO_EXAMINE:
        is_due = unit.state == State.RECEIVED
        act_links.append(ActLink("mortuary.examine", _("Examine"), address("unit_examine", *here), is_due))
    if unit.state in TO_SAMPLE:
        is_due = unit.state == State.EXAMINED
        act_links.append(ActLink("mortuary.sample", _("Take a sample"), address("unit_sample", *here), is_due))
    if unit.state in TO_STORE:
        act_links.append(ActLink("mortuary.store", _("Put into store"), address("unit_store", *here)))
    if is_mine and under_way is None and not in_ground:
        due = unit.state == State.LIFTED and acting.role == "scene"
        act_links.append(
            ActLink("casework.hand_over", _("Hand over"), f"{reverse('hand_over')}?thing={unit.number}", due)
        )
    act_links.append(ActLink("graves.photograph", _("Add photographs"), reverse("unit_photograph", args=here)))
    if unit.state in TO_SPLIT:
        act_links.append(ActLink("graves.split", _("Split off a part"), reverse("unit_split", args=here)))
    aside = unit.state == State.QUARANTINED
    act, verb = ("graves.end_quarantine", _("End the quarantine")) if aside else ("graves.quarantine", _("Set aside"))
    act_links.append(ActLink(act, verb, reverse("unit_quarantine", args=here)))
    return act_links
