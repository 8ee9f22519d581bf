"""Field surveys: sites, graves and recovery units with their surveyed points, in a stated reference system.

One row is one point. A row without a unit belongs to its grave, one without a grave to its site. What is said of a
thing (who lifted it, when, which photographs) is written on its first row; further rows repeat it or leave it blank.

A survey without a stated system is refused: metres east of an unknown meridian are no place. Every point is converted
to WGS84 beside the figures as surveyed, and a point outside the system's own area of use is refused: it is a slip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.faults import Faults
from dokaz.exchange.reading.places import STATED_AS, CoordinateSystem, stated_reference
from dokaz.exchange.reading.remarks import Remark, remark
from dokaz.exchange.reading.rows import PlacedRow, Row
from dokaz.exchange.reading.tables import ZONE, Column, Table, read_table
from dokaz.numbers import parse_number

KINDS = {"B": "body", "BP": "body part", "GB": "general bone", "A": "artefact"}
_KIND_TERMS = {
    "b": "B",
    "body": "B",
    "тіло": "B",
    "bp": "BP",
    "body part": "BP",
    "частина тіла": "BP",
    "gb": "GB",
    "general bone": "GB",
    "bone": "GB",
    "кістка": "GB",
    "кістки": "GB",
    "a": "A",
    "artefact": "A",
    "artifact": "A",
    "предмет": "A",
    "річ": "A",
}
POINT_ROLES = ("centroid", "outline", "head", "pelvis", "feet", "datum")
_POINT_TERMS = {role: role for role in POINT_ROLES} | {
    "center": "centroid",
    "centre": "centroid",
    "corner": "outline",
    "центр": "centroid",
    "контур": "outline",
    "кут": "outline",
    "голова": "head",
    "таз": "pelvis",
    "стопи": "feet",
    "репер": "datum",
}
_POINTS = "graves.RecoveryUnit.points graves.Grave.outline graves.Grave.points graves.Site.points"
COLUMNS = (
    Column("site", ("site code", "місце", "код місця"), required=True, field="graves.Site.number"),
    Column("site_name", ("site name", "назва місця"), field="graves.Site.name"),
    Column("grave", ("feature", "grave code", "могила", "код могили"), required=True, field="graves.Grave.number"),
    Column("grave_name", ("grave name", "назва могили"), field="graves.Grave.name"),
    Column(
        "unit",
        ("number", "unit number", "recovery unit", "номер", "номер одиниці"),
        required=True,
        field="graves.RecoveryUnit.number",
    ),
    Column("kind", ("type", "вид", "тип"), field="graves.RecoveryUnit.type"),
    Column("point", ("point role", "code", "точка"), field=_POINTS),
    Column(
        "easting",
        ("east", "e", "x east", "longitude", "lon", "довгота", "східне", "схід"),
        required=True,
        field=_POINTS,
    ),
    Column(
        "northing",
        ("north", "n", "y north", "latitude", "lat", "широта", "північне", "північ"),
        required=True,
        field=_POINTS,
    ),
    Column("elevation_m", ("elevation", "z", "height m", "висота", "висота м"), field=_POINTS),
    Column("accuracy_m", ("accuracy", "точність", "точність м"), field=_POINTS),
    Column("crs", ("coordinate system", "epsg", "система координат"), field="graves.Site.crs"),
    Column(
        "surveyed_at",
        ("survey time", "час зйомки"),
        field="graves.RecoveryUnit.surveyed_at graves.Grave.surveyed_at graves.Site.surveyed_at",
    ),
    Column(
        "surveyed_by",
        ("surveyor", "геодезист", "зняв"),
        field="graves.RecoveryUnit.surveyed_by graves.Grave.surveyed_by graves.Site.surveyed_by",
    ),
    Column("lifted_at", ("lift time", "час вилучення"), field="graves.RecoveryUnit.lifted_at"),
    Column("lifted_by", ("вилучив", "хто вилучив"), field="graves.RecoveryUnit.lifted_by"),
    Column(
        "emergency_reason",
        ("emergency", "reason", "причина", "надзвичайна причина"),
        field="graves.RecoveryUnit.emergency_reason",
    ),
    Column("photographs", ("photos", "photograph", "фото", "світлини"), field="graves.Photograph.file_name"),
    Column(
        "note",
        ("remark", "примітка"),
        field="graves.RecoveryUnit.description graves.Grave.description graves.Site.description",
    ),
)
_OF_UNITS = ("kind", "lifted_at", "lifted_by", "emergency_reason")


@dataclass(frozen=True, slots=True)
class SurveyPoint(PlacedRow):
    """A point with the digits that were delivered, in the survey's system (empty where not measured), and in WGS84."""

    role: str
    easting: str
    northing: str
    elevation_m: str
    accuracy_m: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class SurveyedSite(PlacedRow):
    """A place with one or more graves."""

    code: str
    name: str
    points: tuple[SurveyPoint, ...]
    surveyed_at: datetime | None
    surveyed_by: str
    note: str


@dataclass(frozen=True, slots=True)
class SurveyedGrave(PlacedRow):
    """A grave or other feature; its outline points in order, and others; ``photographs`` are file names of overviews."""

    site: str
    code: str
    name: str
    points: tuple[SurveyPoint, ...]
    surveyed_at: datetime | None
    surveyed_by: str
    photographs: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class SurveyedUnit(PlacedRow):
    """A recovery unit as the team in the field recorded it; whether it may be lifted like this is for the act to say.

    ``kind`` is B, BP, GB or A; ``photographs`` are file names; a unit lifted in an emergency may have no points.
    """

    number: str
    site: str
    grave: str
    kind: str
    points: tuple[SurveyPoint, ...]
    surveyed_at: datetime | None
    surveyed_by: str
    lifted_at: datetime | None
    lifted_by: str
    emergency_reason: str
    photographs: tuple[str, ...]
    note: str

    @property
    def was_lifted(self) -> bool:
        """Whether anything is said of its lifting; when it was lifted may be unknown."""
        return bool(self.lifted_at or self.lifted_by or self.emergency_reason)


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey file: ``crs`` as an authority code, ``transformation`` what turned it into WGS84."""

    file: str
    crs: str
    transformation: str
    sites: tuple[SurveyedSite, ...]
    graves: tuple[SurveyedGrave, ...]
    units: tuple[SurveyedUnit, ...]
    remarks: tuple[Remark, ...]


def read_survey(data: bytes, *, file: str) -> Survey:
    """Read a field survey.

    Args:       data: the whole file, a table with the columns of ``docs/files.md``.
                file: its name, kept on every row and named in every error.
    Returns:    sites, graves and units in the order of the file, each with its points.
    Raises:     BadFile: no system stated or not a known one; a point outside its area of use; a number given twice,
                    mistyped, or at odds with its site, grave or kind; half a coordinate; a time without a zone.
    """
    table = read_table(data, file=file, columns=COLUMNS, above=(*STATED_AS, *ZONE))
    reference = stated_reference(table)
    groups = _groups(table)
    points = _points(groups, reference)
    sites: dict[str, SurveyedSite] = {}
    graves: dict[tuple[str, str], SurveyedGrave] = {}
    units: list[SurveyedUnit] = []
    faults = Faults()
    for rows, here in zip(groups, points, strict=True):
        with faults.of_rows():
            first = rows[0]
            site, grave, number = (first.text(column) for column in ("site", "grave", "unit"))
            if number:
                units.append(_unit(rows, here, table))
            where = SurveyedSite(file, first.line, site, _same(rows, "site_name"), (), None, "", "")
            at_site = sites.setdefault(site, where)
            if where.name and at_site.name and where.name != at_site.name:
                raise first.bad(
                    "site_name",
                    sentence(
                        "the site is named otherwise on line {line}: {name!r}", line=at_site.line, name=at_site.name
                    ),
                )
            sites[site] = replace(at_site, name=at_site.name or where.name)
            if not grave:
                sites[site] = replace(
                    sites[site],
                    points=at_site.points + here,
                    surveyed_at=_moment(rows, "surveyed_at", table),
                    surveyed_by=_same(rows, "surveyed_by"),
                    note=_same(rows, "note"),
                )
                continue
            feature = SurveyedGrave(file, first.line, site, grave, _same(rows, "grave_name"), (), None, "", (), "")
            at_grave = graves.setdefault((site, grave), feature)
            if feature.name and at_grave.name and feature.name != at_grave.name:
                raise first.bad(
                    "grave_name",
                    sentence(
                        "the grave is named otherwise on line {line}: {name!r}", line=at_grave.line, name=at_grave.name
                    ),
                )
            graves[site, grave] = replace(at_grave, name=at_grave.name or feature.name)
            if not number:
                graves[site, grave] = replace(
                    graves[site, grave],
                    points=at_grave.points + here,
                    surveyed_at=_moment(rows, "surveyed_at", table),
                    surveyed_by=_same(rows, "surveyed_by"),
                    photographs=at_grave.photographs + _row_with(rows, "photographs").items("photographs"),
                    note=_same(rows, "note"),
                )
    faults.refuse()
    _refuse_numbers_given_twice(units)
    return Survey(
        file=file,
        crs=reference.code,
        transformation=reference.transformation,
        sites=tuple(sites.values()),
        graves=tuple(graves.values()),
        units=tuple(units),
        remarks=(*table.remarks, *_without_place(groups)),
    )


def _groups(table: Table) -> list[list[Row]]:
    """The rows of each thing, which stand one below another."""
    groups: list[list[Row]] = []
    last: tuple[str, ...] = ()
    faults = Faults()
    for given in table:
        with faults.of_row(given) as row:
            key = (row.text("site", required=True), row.text("grave"), row.text("unit"))
            if key[2] and not key[1]:
                raise row.bad(
                    "grave",
                    sentence("a unit without a grave"),
                    sentence("name the grave or other feature it was found in"),
                )
            if key == last:
                groups[-1].append(given)
            else:
                groups.append([given])
            last = key
    faults.refuse()
    if not groups:
        raise BadFile(sentence("the survey has no rows"), file=table.file, next_step=sentence("export it again"))
    return groups


def _points(groups: Sequence[Sequence[Row]], reference: CoordinateSystem) -> list[tuple[SurveyPoint, ...]]:
    """The points of each group, all converted in one call."""
    flat: list[tuple[int, Row, str, str]] = []
    faults = Faults()
    for index, given in ((index, given) for index, rows in enumerate(groups) for given in rows):
        with faults.of_row(given) as row:
            east = row.digits("easting", low=-1e8, high=1e8)
            north = row.digits("northing", low=-1e8, high=1e8)
            if bool(east) != bool(north):
                raise row.bad(
                    "northing" if east else "easting",
                    sentence("half a coordinate"),
                    sentence("give both easting and northing, or neither"),
                )
            if east:
                flat.append((index, given, east, north))
    faults.refuse()
    degrees = reference.to_wgs84([(row, float(east), float(north)) for _, row, east, north in flat])
    points: list[list[SurveyPoint]] = [[] for _ in groups]
    for (index, given, east, north), (latitude, longitude) in zip(flat, degrees, strict=True):
        with faults.of_row(given) as row:
            role = row.choice("point", _POINT_TERMS) or "centroid"
            if role != "outline" and any(point.role == role for point in points[index]):
                what = "the number is given twice" if row.text("unit") else "the thing is given twice"
                raise row.bad(
                    "unit",
                    sentence(
                        "{what}: line {line} has its {role} already", what=what, line=points[index][0].line, role=role
                    ),
                    sentence("give each unit its own number; several outline points are marked 'outline'"),
                )
            points[index].append(
                SurveyPoint(
                    role=role,
                    easting=east,
                    northing=north,
                    latitude=latitude,
                    longitude=longitude,
                    elevation_m=row.digits("elevation_m", low=-500, high=9000),
                    accuracy_m=row.digits("accuracy_m", low=0, high=1000),
                    file=row.file,
                    line=row.line,
                )
            )
    faults.refuse()
    return [tuple(group) for group in points]


def _unit(rows: Sequence[Row], points: tuple[SurveyPoint, ...], table: Table) -> SurveyedUnit:
    first = rows[0]
    number = first.number("unit", types=tuple(KINDS))
    parsed = parse_number(number)
    for column, said in (("site", parsed.site), ("grave", parsed.grave)):
        if first.text(column) != said:
            raise first.bad(
                column,
                sentence("the number {number} says {column} {said}", number=number, column=column, said=said),
                sentence("compare with the label"),
            )
    kind = _row_with(rows, "kind").choice("kind", _KIND_TERMS) or parsed.type
    if kind != parsed.type:
        raise first.bad(
            "kind",
            sentence(
                "the number {number} says {type} ({kind})", number=number, type=parsed.type, kind=KINDS[parsed.type]
            ),
            sentence("compare with the label"),
        )
    surveyed_at, lifted_at = _moment(rows, "surveyed_at", table), _moment(rows, "lifted_at", table)
    if surveyed_at and lifted_at and lifted_at < surveyed_at:
        lifting = _row_with(rows, "lifted_at")
        raise lifting.bad(
            "lifted_at",
            sentence("lifted before it was surveyed ({surveyed_at})", surveyed_at=surveyed_at.isoformat()),
            sentence("correct one of the two"),
        )
    return SurveyedUnit(
        number=number,
        site=parsed.site,
        grave=parsed.grave,
        kind=kind,
        points=points,
        surveyed_at=surveyed_at,
        surveyed_by=_same(rows, "surveyed_by"),
        lifted_at=lifted_at,
        lifted_by=_same(rows, "lifted_by"),
        emergency_reason=_same(rows, "emergency_reason"),
        photographs=_row_with(rows, "photographs").items("photographs"),
        note=_same(rows, "note"),
        file=first.file,
        line=first.line,
    )


def _row_with(rows: Sequence[Row], column: str) -> Row:
    """The first row that says something in a column; another row that says something else is refused."""
    saying = [row for row in rows if row.text(column)]
    for row in saying[1:]:
        if row.text(column) != saying[0].text(column):
            raise row.bad(
                column,
                sentence(
                    "line {line} says {value!r} of the same thing", line=saying[0].line, value=saying[0].text(column)
                ),
                sentence("two things need two numbers; one thing needs one value"),
            )
    return saying[0] if saying else rows[0]


def _moment(rows: Sequence[Row], column: str, table: Table) -> datetime | None:
    return _row_with(rows, column).moment(column, zone=table.zone())


def _same(rows: Sequence[Row], column: str) -> str:
    return _row_with(rows, column).text(column)


def _without_place(groups: Sequence[Sequence[Row]]) -> Iterator[Remark]:
    """Cells of a site or grave that only a unit has a place for, and photographs of a whole site."""
    for row in (row for rows in groups if not rows[0].text("unit") for row in rows):
        for column in _OF_UNITS if row.text("grave") else (*_OF_UNITS, "photographs"):
            if row.text(column):
                yield remark("cell_kept", file=row.file, line=row.line, column=column, text=row.text(column))


def _refuse_numbers_given_twice(units: Sequence[SurveyedUnit]) -> None:
    """Rule 1: a number is given once. Two units may share a running number only if one was split from the other."""
    seen: dict[tuple[object, ...], SurveyedUnit] = {}
    for unit in units:
        parsed = parse_number(unit.number)
        key = (*parsed.root, parsed.derivation)
        if key in seen:
            raise BadFile(
                sentence(
                    "the number is given twice: line {line} has {number}", line=seen[key].line, number=seen[key].number
                ),
                file=unit.file,
                line=unit.line,
                column="unit",
                value=unit.number,
                next_step=sentence("compare both with their labels; a running number is used once in a grave"),
            )
        seen[key] = unit
