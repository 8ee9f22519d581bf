"""How sites, graves, recovery units and photographs are put right."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from dokaz.casework.corrections import Correcting, Why, putting_right
from dokaz.casework.effects import changes
from dokaz.casework.filing import Filing
from dokaz.casework.journal import history
from dokaz.casework.records import Record
from dokaz.casework.registry import act
from dokaz.casework.roles import Role
from dokaz.errors import LiftedBlind, WrongKind, sentence
from dokaz.graves.models import CRS_NOT_STATED, Grave, Photograph, RecoveryUnit, Site, State
from dokaz.graves.places import Point, Position, position_of, reference_system

_IN_THE_GROUND = (State.IN_SITU, State.SURVEYED)
_FINDERS = {Role.SCENE, Role.INVESTIGATOR}


def _points(record: str, field: str, rows: list[object], crs: str) -> Position | None:
    """The middle of the points that a record holds.

    Raises:
        WrongKind: a row is no point, or a figure no metres.
        OutsideArea, UnknownReferenceSystem: as ``position_of`` says.
    """
    try:
        points = [Point(**row) for row in rows]  # type: ignore[arg-type]
        return position_of(record, crs, points, field=field)
    except TypeError as error:
        raise WrongKind(field, rows, sentence("points with east and north, in metres")) from error


def _on_the_globe(record: Site | RecoveryUnit | Photograph) -> None:
    if (record.latitude_deg is None) != (record.longitude_deg is None):
        raise WrongKind("longitude_deg", record.longitude_deg, sentence("given with the latitude, or neither"))
    if record.latitude_deg is not None and record.longitude_deg is not None:
        Position(record.latitude_deg, record.longitude_deg).must_be_on_the_globe(record.number)


def _follow_points(record: Site | RecoveryUnit, crs: str, changed: frozenset[str]) -> None:
    """Where something lies on the globe follows from its points, unless it is corrected too."""
    middle = _points(record.number, "points", record.points, crs)
    if "points" in changed and not changed & {"latitude_deg", "longitude_deg"}:
        record.latitude_deg = middle.latitude_deg if middle is not None else None
        record.longitude_deg = middle.longitude_deg if middle is not None else None
    _on_the_globe(record)


def _site(site: Site, filing: Filing, changed: frozenset[str]) -> None:
    if site.crs != CRS_NOT_STATED:
        reference_system(site.number, site.crs)
    _follow_points(site, site.crs, changed)


def _grave(grave: Grave, filing: Filing, changed: frozenset[str]) -> None:
    for name in ("outline", "points"):
        _points(grave.number, name, getattr(grave, name), grave.site.crs)


def _unit(unit: RecoveryUnit, filing: Filing, changed: frozenset[str]) -> None:
    """Points can be; and what is out of the ground keeps what it was lifted on (identification rule 3)."""
    _follow_points(unit, unit.grave.site.crs, changed)
    pictures = unit.photographs.count()
    is_accounted_for = bool(unit.points and pictures) or bool(unit.emergency_reason.strip()) or unit.is_before_record
    is_asked = bool(changed & {"points", "emergency_reason", "is_before_record"}) and unit.state not in _IN_THE_GROUND
    if is_asked and not is_accounted_for:
        raise LiftedBlind(unit.number, points=len(unit.points), photographs=pictures)


def _lifted_on(photograph: Photograph) -> Iterable[RecoveryUnit]:
    """The unit that would have been lifted without a photograph, and without a reason, if this one were not there."""
    unit = photograph.unit
    if unit is None or unit.state in _IN_THE_GROUND or unit.emergency_reason.strip() or unit.is_before_record:
        return ()
    return () if unit.photographs.exclude(pk=photograph.pk).exists() else (unit,)


def _photograph(photograph: Photograph, filing: Filing, changed: frozenset[str]) -> None:
    before: Photograph = Photograph.every.get(pk=photograph.pk)
    for unit in _lifted_on(before) if "unit" in changed else ():
        raise LiftedBlind(unit.number, points=len(unit.points), photographs=0)
    if (photograph.unit_id is None) == (photograph.grave_id is None):
        raise WrongKind("unit", photograph.number, sentence("of one unit, or of one grave"))
    _on_the_globe(photograph)


correct_find, void_find, _none = putting_right(
    "dokaz.graves.acts",
    "find",
    Correcting(kind=Site, check=_site),
    Correcting(kind=Grave, closed={Why.BELONGS: "site"}, check=_grave),
    Correcting(kind=RecoveryUnit, closed={Why.NUMBER: "grave type", Why.ACT: "split_from"}, check=_unit),
    roles=_FINDERS,
)
correct_photograph, void_photograph, _none = putting_right(
    "dokaz.graves.acts",
    "photograph",
    Correcting(
        kind=Photograph,
        closed={Why.FILE: "file_name sha256 bytes media_type width_px height_px remarks"},
        check=_photograph,
        rests=_lifted_on,
    ),
    roles={Role.SCENE, Role.MORTUARY},
)


def place_units_anew(record: Record, filing: Filing) -> None:
    """Where units lie on the globe follows from their points and the reference system of their site, if that was corrected.

    A place that a survey stated beside its points stays as it is.
    """
    if not isinstance(record, Site):
        return
    before = str(history(record.id)[-2].fields.get("crs", record.crs))
    if before == record.crs:
        return
    for unit in RecoveryUnit.objects.filter(grave__site=record).order_by("number"):
        was = _points(unit.number, "points", unit.points, before) if before != CRS_NOT_STATED else None
        is_middle = was is not None and (unit.latitude_deg, unit.longitude_deg) == (was.latitude_deg, was.longitude_deg)
        now = _points(unit.number, "points", unit.points, record.crs) if is_middle else None
        if now is not None:
            place_anew(unit, filing, position=now)


@act(
    roles=_FINDERS,
    past=_("placed anew, as the site's reference system was corrected"),
    part_of="*",
    files=(changes(RecoveryUnit, "latitude_deg longitude_deg"),),
)
def place_anew(unit: RecoveryUnit, filing: Filing, *, position: Position) -> None:
    """Write on a unit where it lies on the globe, as its site's reference system was corrected."""
    position.must_be_on_the_globe(unit.number)
    unit.latitude_deg, unit.longitude_deg = position.latitude_deg, position.longitude_deg
    filing.add(unit)
