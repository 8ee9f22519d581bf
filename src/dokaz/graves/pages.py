"""Pages of this room: sites, graves with their plans, recovery units, photographs, labels."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from dokaz.casework.alphabet import InAlphabet
from dokaz.casework.filing import Filing
from dokaz.casework.rooms import READERS, at_stage, stages_of, steps_of, waiting_at
from dokaz.casework.store import current_store
from dokaz.errors import TrustError
from dokaz.exchange.reading import remarks
from dokaz.exchange.reading.places import is_in_degrees
from dokaz.graves import acts
from dokaz.graves.forms import (
    EndQuarantineForm,
    GraveForm,
    LiftForm,
    PhotographForm,
    QuarantineForm,
    SiteForm,
    SplitForm,
    SurveyForm,
    units_of_numbers,
)
from dokaz.graves.models import Grave, Photograph, RecoveryUnit, Site, State, UnitType
from dokaz.graves.panels import SHOWN_PHOTOGRAPHS, on_plan, tally_of
from dokaz.graves.queries import Tally, tally_by_site
from dokaz.graves.queries import sites as all_sites
from dokaz.graves.uploads import staged_photographs
from dokaz.pages.act_page import ActPage
from dokaz.pages.acting import Acting
from dokaz.pages.custody import BY_HOLDER, BY_PLACE, HAND_ON, WHERE, where_it_is
from dokaz.pages.drawn_page import DrawnPage
from dokaz.pages.list_page import Empty, Filter, ListPage, lines_of
from dokaz.pages.lists import once_per_filing
from dokaz.pages.named import column_of, fact_of, label_of
from dokaz.pages.parts import Fact, ListColumn, Pick
from dokaz.pages.pictures.qr import Label, sheets
from dokaz.pages.record_page import RecordPage
from dokaz.pages.refusals import in_words
from dokaz.pages.templatetags.dokaz import count
from dokaz.pages.thumbnails import small_copy

OPEN_TO = READERS
MOST_LABELS = 480


# --- sites and graves --------------------------------------------------------------------------------------------------


def _with_tallies(found: QuerySet[Site]) -> QuerySet[Site]:
    counted = once_per_filing("tally by site", tally_by_site)
    found = found.annotate(graves_taken_up=Count("graves", filter=Q(graves__voided=False)))
    for site in found:
        site.tally = counted.get(site.number, Tally({}))  # type: ignore[attr-defined]
    return found


def _units_of(site: Any, stage: str = "") -> str:
    asked = f"?site={site.number}" + (f"&stage={stage}" if stage else "")
    return reverse("units") + asked if site.tally.units else ""


def _on_the_globe(record: Any) -> str:
    return f"{record.latitude_deg}° N, {record.longitude_deg}° E" if record.latitude_deg is not None else ""


def _site_facts(site: Site, acting: Acting) -> list[Fact]:
    place = _on_the_globe(site)
    return [
        fact_of(site, "name"),
        Fact(_("Place"), place, _("WGS 84"), reverse("map") if place else ""),
        fact_of(site, "crs"),
        fact_of(site, "description"),
    ]


def _grave_facts(grave: Grave, acting: Acting) -> list[Fact]:
    return [fact_of(grave, "site", grave.site.name), fact_of(grave, "opened_at"), fact_of(grave, "description")]


def _on_grave(grave: Grave, acting: Acting, request: HttpRequest) -> dict[str, Any]:
    """The plan of a grave, its units and its photographs."""
    columns = [column for column in UNITS if column is not IN_GRAVE]
    units = lines_of(request, grave.units.all(), columns, unit=_("recovery units"), fetch=_with_places, pick=_CHOSEN)
    photographs = grave.photographs.order_by("number")[:SHOWN_PHOTOGRAPHS]
    return {**units, **on_plan(grave), "tally": tally_of(grave), "photographs": photographs}


# --- recovery units ----------------------------------------------------------------------------------------------------


def _unit_facts(unit: RecoveryUnit, acting: Acting) -> list[Fact]:
    points, place = "; ".join(_point_in_words(p, unit.grave.site.crs) for p in unit.points[:4]), _on_the_globe(unit)
    facts = [
        fact_of(unit, "type"),
        fact_of(unit, "grave"),
        where_it_is(unit),
        fact_of(unit, "surveyed_at", unit.surveyed_by),
        Fact(label_of(RecoveryUnit, "points"), points, unit.grave.site.crs + (" …" if len(unit.points) > 4 else "")),
        Fact(_("Place"), place, _("WGS 84, from the survey") if place else ""),
        fact_of(unit, "lifted_at", unit.lifted_by),
    ]
    if unit.split_from:
        facts.append(fact_of(unit, "split_from"))
    for part in unit.splits.order_by("number"):
        facts.append(Fact(_("Split off"), part.number, kind="number", url=reverse("unit", args=[part.number])))
    return facts


def _point_in_words(point: dict[str, str], crs: str) -> str:
    """A survey point: east, north and, if it was measured, height."""
    template = _("E %(east)s°, N %(north)s°") if is_in_degrees(crs) else _("E %(east)s m, N %(north)s m")
    said = template % {"east": point["e"], "north": point["n"]}
    return said + (_(", height %(metres)s m") % {"metres": point["z"]} if point["z"] else "")


def next_step(unit: RecoveryUnit) -> Any:
    """What comes next for a unit at the grave; later rooms say what follows."""
    if unit.state == State.QUARANTINED:
        return _("It is set aside. Somebody must decide whether the work on it may go on.")
    if unit.state in acts.TO_LIFT:
        lacks = [
            *([] if unit.points else [_("survey points")]),
            *([] if unit.photographs.exists() else [_("a photograph")]),
        ]
        if lacks:
            return _("It can be lifted once there is: %(lacks)s.") % {"lacks": ", ".join(lacks)}
        return _("It can be lifted.")
    return _("It is handed over to the mortuary, which receives it.") if unit.state == State.LIFTED else None


def _with_places(units: QuerySet[RecoveryUnit]) -> QuerySet[RecoveryUnit]:
    return units.select_related("grave", "holder").defer("points", "emergency_reason", "reason")


def _with_way(units: QuerySet[RecoveryUnit]) -> QuerySet[RecoveryUnit]:
    return units.select_related("grave__site", "holder", "kept_in", "split_from")


def _keep_photographs(subject: Any, filing: Filing, values: dict[str, Any]) -> int:
    of = {"unit": subject} if isinstance(subject, RecoveryUnit) else {"grave": subject}
    for upload in values["photographs"]:
        acts.photograph(filing, upload=upload, **of)
    return len(values["photographs"])


def _kept(n: int) -> str:
    return ngettext("%(n)s photograph is kept.", "%(n)s photographs are kept.", n) % {"n": n}


IN_GRAVE = column_of(RecoveryUnit, "grave")
UNITS = (
    column_of(RecoveryUnit, "number", "number"),
    column_of(RecoveryUnit, "type", note=lambda unit: Truncator(unit.description).chars(60), under=True),
    IN_GRAVE,
    column_of(RecoveryUnit, "state", "state"),
    WHERE,
    column_of(RecoveryUnit, "lifted_at", "lifted", order=("lifted_at", "number")),
)
_CHOSEN = Pick(
    gettext_lazy("What to do with the chosen units"), "thing", (("labels", gettext_lazy("Labels")), *HAND_ON)
)


# --- photographs and labels --------------------------------------------------------------------------------------------


def _photograph_facts(photograph: Photograph, acting: Acting) -> list[Fact]:
    place = _on_the_globe(photograph)
    said = _("as the file says; a claim of whoever held the camera")
    size = _("%(width)s × %(height)s pixels") % {"width": photograph.width_px, "height": photograph.height_px}
    return [
        fact_of(photograph, "file_name"),
        fact_of(photograph, "taken_at", said),
        Fact(_("Place"), place, said if place else ""),
        fact_of(photograph, "camera", said if photograph.camera else ""),
        Fact(_("Size"), size, ngettext("%(n)s byte", "%(n)s bytes", photograph.bytes) % {"n": count(photograph.bytes)}),
        fact_of(photograph, "sha256"),
        *(Fact(_("Remark"), in_words(remarks.in_words(remark))) for remark in photograph.remarks),
    ]


def _beside(photograph: Photograph, acting: Acting) -> dict[str, Any]:
    """What a photograph shows, and the photographs of the same before and after it."""
    subject = photograph.unit or photograph.grave
    numbers = list(subject.photographs.order_by("number").values_list("number", flat=True)) if subject else []
    at = numbers.index(photograph.number) if photograph.number in numbers else 0
    return {
        "subject": subject,
        "before": numbers[at - 1] if at else "",
        "after": numbers[at + 1] if at + 1 < len(numbers) else "",
    }


def photograph_image(request: HttpRequest, number: str) -> HttpResponseBase:
    """The photograph itself, out of the vault, byte for byte."""
    found = get_object_or_404(Photograph.every, number=number)
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
    found = get_object_or_404(Photograph.every, number=number)
    return small_copy(found.sha256, found.file_name)


def labels(request: HttpRequest) -> HttpResponse:
    """Labels with QR codes for A4 sheets: of chosen units (``thing``), or of a whole grave (``grave``)."""
    numbers = request.GET.getlist("thing")
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
            "sheets": sheets(made, skip=int(skip) if skip.isdigit() and int(skip) < 24 else 0),
            "count": len(made),
            "back": reverse("units"),
        },
    )


PAGES = (
    ListPage(
        name="sites",
        at="sites/",
        open_to=OPEN_TO,
        label=gettext_lazy("Graves"),
        lead=gettext_lazy("Sites; the numbers count recovery units."),
        lists=Site,
        columns=(
            column_of(Site, "number", "number"),
            column_of(Site, "name", "name", order=(InAlphabet("name"), "number")),
            ListColumn(gettext_lazy("Graves"), is_number=True, value=lambda site: site.graves_taken_up),
            ListColumn(gettext_lazy("Found"), is_number=True, value=lambda site: site.tally.units, url=_units_of),
            ListColumn(gettext_lazy("Recovered"), is_number=True, value=lambda site: site.tally.lifted,
                   url=lambda site: _units_of(site, "recovered")),
        ),
        fetch=_with_tallies,
        unit=pgettext_lazy("after a number", "sites"),
        empty=Empty(
            gettext_lazy("No site has been taken up yet."),
            gettext_lazy("Take up the first site, or take in a field survey under Deliveries."),
        ),
        acts=("site_new",),
    ),
    ActPage(
        name="site_new",
        at="sites/new/",
        act=acts.open_site,
        title=gettext_lazy("Take up a site"),
        verb=gettext_lazy("Take up the site"),
        message=gettext_lazy("Site %(n)s is taken up."),
        form=SiteForm,
        under="sites",
    ),
    RecordPage(
        name="site",
        at="sites/<str:number>/",
        open_to=OPEN_TO,
        shows=Site,
        under="sites",
        title=lambda site: site.name,
        facts=_site_facts,
    ),
    ActPage(
        name="site_open_grave",
        at="sites/<str:number>/open-grave/",
        record=Site,
        act=acts.open_grave,
        title=gettext_lazy("Take up a grave"),
        verb=gettext_lazy("Take up the grave"),
        message=gettext_lazy("Grave %(n)s is taken up."),
        form=GraveForm,
        is_due=lambda site, acting: not site.graves.exists(),
    ),
    RecordPage(
        name="grave",
        at="graves/<str:number>/",
        open_to=OPEN_TO,
        shows=Grave,
        parent=lambda grave: grave.site,
        fetch=lambda query: query.select_related("site"),
        facts=_grave_facts,
        template="graves/grave.html",
        asked=_on_grave,
    ),
    ActPage(
        name="grave_survey",
        at="graves/<str:number>/survey/",
        record=Grave,
        act=acts.register_unit,
        title=gettext_lazy("Survey a unit"),
        lead=gettext_lazy(
            "Every detached part gets a number of its own, even a limb beside a torso: proximity is evidence, not identity."
        ),
        verb=gettext_lazy("Give it its number"),
        message=gettext_lazy("%(n)s has its number."),
        form=SurveyForm,
        fetch=lambda query: query.select_related("site"),
        notes=lambda grave: [fact_of(grave.site, "crs")],
        is_due=lambda grave, acting: True,
    ),
    ActPage(
        name="grave_photograph",
        at="graves/<str:number>/photograph/",
        record=Grave,
        act=acts.photograph,
        title=gettext_lazy("Add photographs"),
        verb=gettext_lazy("Keep them"),
        message=_kept,
        form=PhotographForm,
        fetch=lambda query: query.select_related("site"),
        prepare=staged_photographs,
        perform=_keep_photographs,
    ),
    ListPage(
        name="units",
        at="units/",
        open_to=OPEN_TO,
        label=gettext_lazy("Recovery units"),
        lead=gettext_lazy(
            "A unit is a body, a detached part, a bone or an artefact under its own number. A unit is not a person."
        ),
        lists=RecoveryUnit,
        search=("number", "description"),
        filters=(
            Filter("state", label_of(RecoveryUnit, "state"), State.choices),
            Filter("type", label_of(RecoveryUnit, "type"), UnitType.choices),
            Filter("stage", gettext_lazy("Stage"), lambda: stages_of(RecoveryUnit), at_stage),
            Filter("waits", gettext_lazy("Waits to be"), lambda: steps_of(RecoveryUnit), waiting_at),
            Filter(
                "site",
                gettext_lazy("Site"),
                lambda: [(site.number, f"{site.number} {site.name}") for site in all_sites()],
                lambda found, number: found.filter(grave__in=Grave.objects.filter(site__number=number)),
            ),
            BY_PLACE,
            BY_HOLDER,
        ),
        columns=UNITS,
        fetch=_with_places,
        unit=gettext_lazy("recovery units"),
        pick=_CHOSEN,
        see_also=(("inventory", gettext_lazy("Where is everything?")),),
        empty=Empty(
            gettext_lazy("No unit has been surveyed yet."),
            gettext_lazy("Units are surveyed in a grave: open the grave first."),
            "sites",
            gettext_lazy("To the graves"),
        ),
        none_fits=Empty(
            gettext_lazy("No unit fits."), gettext_lazy("Take a filter off, or search for less of the number.")
        ),
        stop="units",
    ),
    RecordPage(
        name="unit",
        at="units/<str:number>/",
        open_to=OPEN_TO,
        shows=RecoveryUnit,
        parent=lambda unit: unit.grave,
        title=lambda unit: unit.description,
        fetch=_with_way,
        facts=_unit_facts,
        stop="units",
    ),
    ActPage(
        name="unit_lift",
        at="units/<str:number>/lift/",
        record=RecoveryUnit,
        act=acts.lift,
        title=gettext_lazy("Lift"),
        lead=gettext_lazy("Nothing is lifted without coordinates and a photograph; only an emergency takes their place."),
        verb=gettext_lazy("It is lifted"),
        message=gettext_lazy("%(n)s is lifted."),
        form=LiftForm,
        prepare=staged_photographs,
        fetch=_with_way,
        starts_from=acts.TO_LIFT,
        is_due=lambda unit, acting: True,
        notes=lambda unit: [
            Fact(_("Survey points on file"), len(unit.points)),
            Fact(_("Photographs on file"), unit.photographs.count()),
            fact_of(unit.grave.site, "crs"),
        ],
        stop="units",
    ),
    ActPage(
        name="unit_photograph",
        at="units/<str:number>/photograph/",
        record=RecoveryUnit,
        act=acts.photograph,
        title=gettext_lazy("Add photographs"),
        verb=gettext_lazy("Keep them"),
        message=_kept,
        form=PhotographForm,
        fetch=_with_way,
        prepare=staged_photographs,
        perform=_keep_photographs,
        stop="units",
    ),
    ActPage(
        name="unit_split",
        at="units/<str:number>/split/",
        record=RecoveryUnit,
        act=acts.split,
        title=gettext_lazy("Split off a part"),
        lead=gettext_lazy(
            "The part gets a number of its own that derives from this one; the derivation stays on both pages."
        ),
        verb=gettext_lazy("Split off"),
        message=gettext_lazy("%(n)s is split off."),
        form=SplitForm,
        fetch=_with_way,
        starts_from=acts.TO_SPLIT,
        offered=lambda unit, acting: unit.holder_id == acting.person.pk, stop="units",
    ),
    ActPage(
        name="unit_quarantine",
        at="units/<str:number>/quarantine/",
        record=RecoveryUnit,
        act=acts.quarantine,
        title=gettext_lazy("Set aside"),
        verb=gettext_lazy("Set it aside"),
        message=gettext_lazy("%(n)s is set aside."),
        form=QuarantineForm,
        fetch=_with_way,
        starts_from=acts.TO_SET_ASIDE,
        stop="units",
    ),
    ActPage(
        name="unit_end_quarantine",
        at="units/<str:number>/end-quarantine/",
        record=RecoveryUnit,
        act=acts.end_quarantine,
        title=gettext_lazy("End the quarantine"),
        verb=gettext_lazy("Let it go on"),
        message=gettext_lazy("%(n)s goes on from where it stood."),
        form=EndQuarantineForm,
        fetch=_with_way,
        starts_from=(State.QUARANTINED,),
        stop="units",
    ),
    RecordPage(
        name="photograph",
        at="photographs/<str:number>/",
        open_to=OPEN_TO,
        shows=Photograph,
        parent=lambda photograph: photograph.unit or photograph.grave,
        fetch=lambda query: query.select_related("unit__grave__site", "grave__site"),
        facts=_photograph_facts,
        template="graves/photograph.html",
        more=_beside,
    ),
    DrawnPage(name="photograph_image", at="photographs/<str:number>/image/", open_to=OPEN_TO, draw=photograph_image),
    DrawnPage(
        name="photograph_thumbnail",
        at="photographs/<str:number>/thumbnail/",
        open_to=OPEN_TO,
        draw=photograph_thumbnail,
    ),
    DrawnPage(name="labels", at="labels/", open_to=OPEN_TO, draw=labels),
)  # fmt: skip
