"""What is drawn on pages of sites, graves and units: tables, plans from the survey, photographs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dokaz.casework.rooms import joined_on_plans
from dokaz.exchange.reading.places import metres
from dokaz.graves.models import Grave, RecoveryUnit, Site
from dokaz.graves.queries import Tally, tally_by_grave
from dokaz.pages.acting import Acting
from dokaz.pages.list_page import table_of
from dokaz.pages.lists import once_per_filing
from dokaz.pages.named import column_of
from dokaz.pages.parts import ListColumn
from dokaz.pages.pictures.grave_plan import PlanLink, PlanUnit, grave_plan
from dokaz.pages.ways import address_of

# More marks than this on one drawing can no longer be told apart; the list below it holds them all.
MOST_ON_A_PLAN = 600
SHOWN_PHOTOGRAPHS = 24
_NEIGHBOURS_M = 3.0
_SHOWN_NEIGHBOURS = 60


def tally_of(grave: Grave) -> Tally:
    """How far the work on a grave has come."""
    counted: dict[str, Tally] = once_per_filing("tally by grave", tally_by_grave)
    return counted.get(grave.number, Tally({}))


_GRAVES = (
    column_of(Grave, "number"),
    column_of(Grave, "description"),
    column_of(Grave, "opened_at"),
    ListColumn(gettext_lazy("Found"), is_number=True, value=lambda grave: tally_of(grave).units),
    ListColumn(gettext_lazy("Recovered"), is_number=True, value=lambda grave: tally_of(grave).lifted),
)


def graves_of(site: Site, acting: Acting) -> dict[str, Any]:
    """The graves of a site, and how far the work on each has come."""
    return table_of(
        acting,
        _("Graves"),
        _GRAVES,
        site.graves.order_by("number"),
        caption=_("The numbers count recovery units."),
        empty=_("No grave of this site has been taken up yet."),
        next=_("Take up a grave by its code; units are then surveyed in it."),
    )


def emergency(unit: RecoveryUnit, acting: Acting) -> dict[str, Any] | None:
    """Why a unit was lifted without coordinates or a photograph; it stays in sight."""
    return {} if unit.emergency_reason or unit.is_before_record else None


def label(unit: RecoveryUnit, acting: Acting) -> dict[str, Any]:
    """The way to a unit's label."""
    return {}


def photographs_of(unit: RecoveryUnit, acting: Acting) -> dict[str, Any]:
    """The photographs of a unit."""
    return {"photographs": unit.photographs.order_by("number")}


def on_plan(grave: Grave) -> dict[str, Any]:
    """The plan of a grave, and how many of its units are not on it."""
    units = list(grave.units.order_by("number").exclude(points=[])[:MOST_ON_A_PLAN])
    corners = [metres(grave.site.crs, float(p["e"]), float(p["n"])) for p in grave.outline]
    drawn = grave_plan(
        [_mark(one, grave) for one in units],
        outline=corners if len(corners) > 2 else (),
        links=[PlanLink(part, whole) for part, whole in joined_on_plans(RecoveryUnit, units)],
        title=_("Plan of grave %(number)s") % {"number": grave.number},
    )
    return {"plan": drawn if units or grave.outline else "", "not_on_plan": grave.units.count() - len(units)}


def neighbourhood(unit: RecoveryUnit, acting: Acting) -> dict[str, Any] | None:
    """The unit and what lay beside it: proximity is evidence, not identity."""
    if not unit.points:
        return None
    here = _mark(unit, unit.grave)
    around = (
        RecoveryUnit.objects.filter(grave=unit.grave_id).exclude(points=[]).only("number", "type", "state", "points")
    )
    beside = [_mark(one, unit.grave) for one in around.exclude(pk=unit.pk)[:1000]]
    near = sorted(
        (one for one in beside if max(abs(one.east - here.east), abs(one.north - here.north)) <= _NEIGHBOURS_M),
        key=lambda one: abs(one.east - here.east) + abs(one.north - here.north),
    )
    title = _("Where %(number)s lay") % {"number": unit.number}
    return {"plan": grave_plan([here, *near[:_SHOWN_NEIGHBOURS]], title=title, here=unit.number)}


def _mark(unit: RecoveryUnit, grave: Grave) -> PlanUnit:
    """A unit where the middle of its survey points lies."""
    east, north = metres(
        grave.site.crs,
        sum(float(p["e"]) for p in unit.points) / len(unit.points),
        sum(float(p["n"]) for p in unit.points) / len(unit.points),
    )
    return PlanUnit(
        number=unit.number,
        kind=unit.type,
        east=east,
        north=north,
        url=address_of(unit),
        label=unit.number.split("-")[2] if unit.number.count("-") > 2 else unit.number,
        spoken=str(unit.get_state_display()),
    )
