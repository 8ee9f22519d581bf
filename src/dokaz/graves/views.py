"""Pages of this room: sites, a grave with its plan, units, photographs. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dokaz.casework.alphabet import InAlphabet
from dokaz.casework.rooms import at_stage, stages_of, steps_of, waiting_at
from dokaz.casework.store import current_store
from dokaz.errors import TrustError, WrongState
from dokaz.exchange.reading import remarks
from dokaz.graves.forms import units_of_numbers
from dokaz.graves.models import Grave, Photograph, RecoveryUnit, Site, State, UnitType
from dokaz.graves.queries import sites as all_sites
from dokaz.graves.queries import tally, tally_by_grave, tally_by_site
from dokaz.graves.thumbnails import thumbnail
from dokaz.pages.act_links import ActLink, open_act_links
from dokaz.pages.acting import acting_of
from dokaz.pages.ledger_strip import strip_of
from dokaz.pages.lists import matching, once_per_filing, page_of, searched
from dokaz.pages.parts import Choice, Column, Crumb, Fact
from dokaz.pages.pictures.grave_plan import PlanLink, PlanUnit, grave_plan
from dokaz.pages.pictures.qr import Label
from dokaz.pages.pictures.qr import sheets as in_sheets
from dokaz.pages.refusals import in_words, what_and_next
from dokaz.pages.templatetags.dokaz import count

# More marks than this on one drawing can no longer be told apart; the list below it holds them all.
MOST_ON_A_PLAN = 600
MOST_LABELS = 480
SHOWN_PHOTOGRAPHS = 24


def _sites_crumb() -> Crumb:
    return Crumb(_("Graves"), reverse("sites"))


def site_path(site: Site) -> list[Crumb]:
    """The way to a site."""
    return [_sites_crumb(), Crumb(site.number, reverse("site", args=[site.number]), is_number=True)]


def grave_path(grave: Grave) -> list[Crumb]:
    """The way to a grave."""
    return [*site_path(grave.site), Crumb(grave.number, reverse("grave", args=[grave.number]), is_number=True)]


def unit_path(unit: RecoveryUnit) -> list[Crumb]:
    """The way to a unit."""
    return [*grave_path(unit.grave), Crumb(unit.number, reverse("unit", args=[unit.number]), is_number=True)]


def why_closed(request: HttpRequest, unit: RecoveryUnit, states: Sequence[str]) -> tuple[str, ...]:
    """Why the form of an act is not shown: the unit is in none of the states that it starts from.

    Who sends a form is told so at the form, which keeps what was typed.
    """
    if request.method != "POST":
        try:
            unit.must_be(*states)
        except WrongState as refused:
            return what_and_next(refused)
    return ()


# --- sites and graves --------------------------------------------------------------------------------------------------


def sites(request: HttpRequest) -> HttpResponse:
    """Every site, how many graves it has, and how far the work has come."""
    counted = once_per_filing("tally by site", tally_by_site)
    rows = [{"site": site, "tally": counted.get(site.number)} for site in all_sites().prefetch_related("graves")]
    act_links = open_act_links(
        acting_of(request), [ActLink("graves.open_site", _("Take up a site"), reverse("site_new"), not rows)]
    )
    return render(request, "graves/sites.html", {"path": [_sites_crumb()], "rows": rows, "act_links": act_links})


def site(request: HttpRequest, number: str) -> HttpResponse:
    """One site: where it is, and its graves."""
    found = get_object_or_404(Site, number=number)
    counted = once_per_filing("tally by grave", tally_by_grave)
    graves = [{"grave": grave, "tally": counted.get(grave.number)} for grave in found.graves.order_by("number")]
    perform = ActLink("graves.open_grave", _("Take up a grave"), reverse("site_open_grave", args=[number]), not graves)
    place = f"{found.latitude_deg}° N, {found.longitude_deg}° E" if found.latitude_deg is not None else ""
    facts = [
        Fact(_("Name"), found.name),
        Fact(_("Place"), place, _("WGS 84"), reverse("map") if place else ""),
        Fact(_("Survey in"), found.crs, _("coordinate reference system")),
        Fact(_("Description"), found.description),
    ]
    return render(
        request,
        "graves/site.html",
        {
            "path": site_path(found),
            "site": found,
            "facts": facts,
            "graves": graves,
            "act_links": open_act_links(acting_of(request), [perform]),
            "strip": strip_of(found),
        },
    )


def grave(request: HttpRequest, number: str) -> HttpResponse:
    """One grave: its plan from the survey, its units, its photographs."""
    found = get_object_or_404(Grave.objects.select_related("site"), number=number)
    units = found.units.order_by("number")
    counted = tally(found.units.all())
    on_plan = list(units.exclude(points=[])[:MOST_ON_A_PLAN])
    act_links = [
        ActLink("graves.register_unit", _("Survey a unit"), reverse("grave_survey", args=[number]), is_due=True),
        ActLink("graves.photograph", _("Add photographs"), reverse("grave_photograph", args=[number])),
    ]
    facts = [
        Fact(_("Site"), f"{found.site.number} {found.site.name}", url=reverse("site", args=[found.site.number])),
        Fact(_("Opened"), found.opened_at, kind="when"),
        Fact(_("Description"), found.description),
    ]
    return render(
        request,
        "graves/grave.html",
        {
            "path": grave_path(found),
            "grave": found,
            "facts": facts,
            "tally": counted,
            "plan": _plan(found, on_plan) if on_plan or found.outline else "",
            "not_on_plan": counted.units - len(on_plan),
            "page": page_of(request, units, orders=_ORDERS, fetch=_with_places),
            "columns": _columns(with_grave=False),
            "photographs": found.photographs.order_by("number")[:SHOWN_PHOTOGRAPHS],
            "act_links": open_act_links(acting_of(request), act_links),
            "labels": f"{reverse('labels')}?grave={number}",
            "strip": strip_of(found),
        },
    )


def _plan(grave: Grave, units: list[RecoveryUnit], here: str = "") -> str:
    corners = [(float(p["e"]), float(p["n"])) for p in grave.outline]
    return grave_plan(
        [plan_unit(one) for one in units],
        outline=corners if len(corners) > 2 else (),
        links=_belonging(units),
        title=_("Plan of grave %(number)s") % {"number": grave.number},
        here=here,
    )


def plan_unit(unit: RecoveryUnit) -> PlanUnit:
    """A unit where the middle of its survey points lies."""
    east = sum(float(p["e"]) for p in unit.points) / len(unit.points)
    north = sum(float(p["n"]) for p in unit.points) / len(unit.points)
    return PlanUnit(
        number=unit.number,
        kind=unit.type,
        east=east,
        north=north,
        url=reverse("unit", args=[unit.number]),
        label=unit.number.split("-")[2] if unit.number.count("-") > 2 else unit.number,
        spoken=str(unit.get_state_display()),
    )


def _belonging(units: Iterable[RecoveryUnit]) -> list[PlanLink]:
    """Units that a board has identified as one person, part by part."""
    from dokaz.identification.models import Decision
    from dokaz.identification.queries import IN_FORCE

    numbers = {one.pk: one for one in units}
    together: dict[Any, list[RecoveryUnit]] = {}
    standing = Decision.objects.filter(recovery_unit__in=numbers, question="identify", state__in=IN_FORCE)
    for unit, person in standing.values_list("recovery_unit", "missing_person"):
        together.setdefault(person, []).append(numbers[unit])
    links = []
    for group in together.values():
        # The body, if there is one, is what the parts belong to.
        whole, *parts = sorted(group, key=lambda one: (list(UnitType.values).index(one.type), one.number))
        links += [PlanLink(part.number, whole.number) for part in parts]
    return links


# --- units ---------------------------------------------------------------------------------------------------------------

_FILTERS = ("q", "state", "type", "stage", "waits", "site", "place", "holder")
_ORDERS = {
    "number": ("number",),
    "state": ("state", "number"),
    "place": (InAlphabet("place"), "number"),
    "lifted": ("lifted_at", "number"),
}


def _with_places(units: Any) -> Any:
    return units.select_related("grave", "holder").defer("points", "emergency_reason", "reason")


def _columns(*, with_grave: bool = True) -> list[Column]:
    return [
        Column(_("Number"), "number"),
        Column(_("What it is")),
        *([Column(_("Grave"))] if with_grave else []),
        Column(_("State"), "state"),
        Column(_("Where it is"), "place"),
        Column(_("Lifted"), "lifted"),
    ]


def units(request: HttpRequest) -> HttpResponse:
    """Every recovery unit, searched and filtered."""
    asked = request.GET
    found: Any = RecoveryUnit.objects.all()
    q = searched(request)
    if q:
        found = found.filter(matching(q, "number", "description"))
    if asked.get("state") in State.values:
        found = found.filter(state=asked["state"])
    if asked.get("type") in UnitType.values:
        found = found.filter(type=asked["type"])
    if asked.get("site"):
        found = found.filter(grave__in=Grave.objects.filter(site__number=asked["site"]))
    found = waiting_at(at_stage(found, asked.get("stage", "")), asked.get("waits", ""))
    if "place" in asked:
        found = found.filter(place=asked["place"])
    if "holder" in asked:
        found = found.filter(holder__number=asked["holder"] or None)
    choices = [
        Choice("state", _("State"), list(State.choices), asked.get("state", "")),
        Choice("type", _("What it is"), list(UnitType.choices), asked.get("type", "")),
        Choice("stage", _("Stage"), stages_of(RecoveryUnit), asked.get("stage", "")),
        Choice(
            "waits",
            _("Waits to be"),
            steps_of(RecoveryUnit),
            asked.get("waits", ""),
        ),
        Choice("site", _("Site"), [(s.number, f"{s.number} {s.name}") for s in all_sites()], asked.get("site", "")),
    ]
    return render(
        request,
        "graves/units.html",
        {
            "path": [Crumb(_("Recovery units"), reverse("units"))],
            "choices": choices,
            "columns": _columns(),
            "page": page_of(request, found, orders=_ORDERS, fetch=_with_places),
            "is_filtered": any(
                asked.get(name) for name in ("q", "state", "type", "stage", "waits", "site", "place", "holder")
            ),
            "place": asked.get("place", ""),
        },
    )


def labels(request: HttpRequest) -> HttpResponse:
    """Labels with QR codes for A4 sheets: of chosen units (``unit``), or of a whole grave (``grave``)."""
    numbers = request.GET.getlist("unit")
    if request.GET.get("grave"):
        of_grave = RecoveryUnit.objects.filter(grave__number=request.GET["grave"]).order_by("number")
        numbers = list(of_grave.values_list("number", flat=True)[:MOST_LABELS])
    chosen = units_of_numbers(numbers[:MOST_LABELS])
    if not chosen:
        raise Http404
    skip = request.GET.get("skip", "0")
    made = [
        Label(one.number, str(one.pk), (str(one.get_type_display()), f"{one.grave.site.name}", one.grave.number))
        for one in chosen
    ]
    return render(
        request,
        "pages/labels.html",
        {
            "sheets": in_sheets(made, skip=int(skip) if skip.isdigit() and int(skip) < 24 else 0),
            "count": len(made),
            "back": reverse("units"),
        },
    )


# --- photographs ---------------------------------------------------------------------------------------------------------


def photograph(request: HttpRequest, number: str) -> HttpResponse:
    """One photograph to look into, and what the file says of itself."""
    found = get_object_or_404(Photograph.objects.select_related("unit__grave__site", "grave__site"), number=number)
    subject = found.unit or found.grave
    path = unit_path(found.unit) if found.unit else grave_path(found.grave) if found.grave else []
    place = f"{found.latitude_deg}° N, {found.longitude_deg}° E" if found.latitude_deg is not None else ""
    said = _("as the file says; a claim of whoever held the camera")
    siblings = list(subject.photographs.order_by("number").values_list("number", flat=True)) if subject else []
    at = siblings.index(found.number) if found.number in siblings else 0
    facts = [
        Fact(_("File"), found.file_name),
        Fact(_("Taken"), found.taken_at, said, kind="when"),
        Fact(_("Place"), place, said if place else ""),
        Fact(_("Camera"), found.camera, said if found.camera else ""),
        Fact(_("Size"), _("%(width)s × %(height)s pixels") % {"width": found.width_px, "height": found.height_px},
             ngettext("%(n)s byte", "%(n)s bytes", found.bytes) % {"n": count(found.bytes)}),
        Fact("SHA-256", found.sha256, kind="hash"),
        *(Fact(_("Remark"), in_words(remarks.in_words(remark))) for remark in found.remarks),
    ]  # fmt: skip
    return render(
        request,
        "graves/photograph.html",
        {
            "path": [*path, Crumb(found.number, is_number=True)],
            "photograph": found,
            "subject": subject,
            "facts": facts,
            "before": siblings[at - 1] if at else "",
            "after": siblings[at + 1] if at + 1 < len(siblings) else "",
            "strip": strip_of(found),
        },
    )


def photograph_image(request: HttpRequest, number: str) -> HttpResponseBase:
    """The photograph itself, out of the vault, byte for byte."""
    found = get_object_or_404(Photograph, number=number)
    try:
        stream = current_store().vault.open(found.sha256)
    except TrustError as missing:
        raise Http404 from missing
    answer = FileResponse(stream, content_type=found.media_type)
    answer["Content-Disposition"] = f'inline; filename="{found.number}{_ENDINGS.get(found.media_type, "")}"'
    return answer


_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png"}


def photograph_thumbnail(request: HttpRequest, number: str) -> HttpResponseBase:
    """A small copy for lists, without anything that the camera wrote beside the picture."""
    found = get_object_or_404(Photograph, number=number)
    try:
        path = thumbnail(found, current_store())
    except (TrustError, OSError) as missing:
        raise Http404 from missing
    return FileResponse(path.open("rb"), content_type="image/jpeg")
