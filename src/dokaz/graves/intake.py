"""Takes what the field delivers: surveys with their photographs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from django.utils.translation import gettext_lazy as _

from dokaz.casework.apart import tell
from dokaz.casework.delivery_kinds import (
    AskedFile,
    DeliveryKind,
    Offices,
    Progress,
    Read,
    Sent,
    Taken,
    row_of,
    the_table,
)
from dokaz.casework.filing import Filing
from dokaz.casework.roles import Role
from dokaz.errors import sentence
from dokaz.exchange.deliveries.survey import (
    COLUMNS,
    Survey,
    SurveyedGrave,
    SurveyedSite,
    SurveyedUnit,
    SurveyPoint,
    read_survey,
)
from dokaz.exchange.deliveries.survey_contradictions import before_the_war, distances
from dokaz.exchange.reading.photographs import read_photograph
from dokaz.exchange.reading.remarks import Remark
from dokaz.exchange.reading.rows import PlacedRow
from dokaz.exchange.reading.sent_files import SentPhotographs
from dokaz.graves.acts import Upload, lift, open_grave, open_site, photograph, register_unit
from dokaz.graves.models import Grave, RecoveryUnit, Site
from dokaz.graves.places import Point, Position
from dokaz.vault import Readable, StagedFile, Staging

_MEDIA = {"JPEG": "image/jpeg", "PNG": "image/png"}


@dataclass(frozen=True)
class SurveyAndPhotographs:
    """A survey with the photographs that it names, by their names."""

    survey: Survey
    uploads: Mapping[str, Upload]

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What the table says that no record takes, and places that contradict each other."""
        places = {
            name: (float(one.position.latitude_deg), float(one.position.longitude_deg))
            for name, one in self.uploads.items()
            if one.position is not None
        }
        return (*self.survey.remarks, *distances(self.survey, places), *before_the_war(self.survey))


def _read(sent: Sent) -> SurveyAndPhotographs:
    table = sent.one("file")
    survey = read_survey(table.read(), file=table.name)
    uploads: dict[str, Upload] = {}
    with SentPhotographs(sent.files["photographs"]) as photographs:
        rows: list[SurveyedGrave | SurveyedUnit] = [*survey.graves, *survey.units]
        for done, row in enumerate(rows):
            tell(done, len(rows))
            for name in row.photographs:
                if name not in uploads:
                    uploads[name] = _upload(name, row, photographs, sent.staging)
    return SurveyAndPhotographs(survey, uploads)


def _upload(name: str, row: SurveyedUnit | SurveyedGrave, photographs: SentPhotographs, staging: Staging) -> Upload:
    data = photographs.read(name)
    if data is None:
        raise row.refused(
            "photographs",
            name,
            sentence("the photograph is not among the files that were given"),
            sentence("hand in the photographs with the table (on the command line: beside it, or --photographs)"),
        )
    return upload_of(data, name, keep=staging.put)


def upload_of(data: bytes, name: str, *, keep: Callable[[Readable], Readable | StagedFile] = lambda one: one) -> Upload:
    """A photograph with what it says of itself, ready to be filed.

    Args:
        keep: Where the file waits for its filing.

    Raises:
        BadFile: it does not decode whole.
    """
    read = read_photograph(data, file=name)
    here = read.position
    return Upload(
        file_name=name,
        content=keep(BytesIO(data)),
        media_type=_MEDIA[read.format],
        width_px=read.width,
        height_px=read.height,
        taken_at=read.taken_at,
        position=Position(_degrees(here.latitude), _degrees(here.longitude)) if here else None,
        camera=read.camera,
        remarks=read.problems,
    )


def _file(read: Read[SurveyAndPhotographs], filing: Filing, offices: Offices, progress: Progress) -> Taken:
    survey, uploads = read.content.survey, read.content.uploads
    numbers = [f"{dug.site}-{dug.code}" for dug in survey.graves]
    sites: dict[str, Site] = Site.objects.in_bulk([row.code for row in survey.sites], field_name="number")
    graves: dict[str, Grave] = Grave.objects.in_bulk(numbers, field_name="number")
    new_graves = [dug for dug, number in zip(survey.graves, numbers, strict=True) if number not in graves]
    pictured: list[SurveyedGrave | SurveyedUnit] = [*new_graves, *survey.units]
    taken = {
        "sites": len(survey.sites) - len(sites),
        "graves": len(new_graves),
        "units": len(survey.units),
        "photographs": sum(len(row.photographs) for row in pictured),
    }
    delivery = read.deliver(filing, taken)
    for row in survey.sites:
        _must_be_in(survey.crs, row, sites.get(row.code))
        if row.code not in sites:
            with row_of(delivery, filing, row, column="site", value=row.code):
                sites[row.code] = _open_site(row, survey.crs, filing)
    for dug in new_graves:
        with row_of(delivery, filing, dug, column="grave", value=dug.code):
            grave = graves[f"{dug.site}-{dug.code}"] = _open_grave(dug, sites[dug.site], filing)
            for name in dug.photographs:
                photograph(filing, upload=uploads[name], grave=grave)
    for done, unit in enumerate(survey.units, start=1):
        with row_of(delivery, filing, unit, column="unit", value=unit.number):
            _take_unit(unit, graves[f"{unit.site}-{unit.grave}"], uploads, filing)
        progress(done, len(survey.units))
    return taken


def _must_be_in(crs: str, row: SurveyedSite, site: Site | None) -> None:
    if site is not None and site.crs != crs:
        raise row.refused(
            "crs",
            crs,
            sentence("the site was surveyed in {of_site}, this file is in {of_file}", of_site=site.crs, of_file=crs),
            sentence("convert the file, or ask the surveyor"),
        )


def _open_site(row: SurveyedSite, crs: str, filing: Filing) -> Site:
    return open_site(
        filing,
        code=row.code,
        name=row.name or row.code,
        crs=crs,
        position=_position(row.points),
        points=[_point(p) for p in row.points],
        surveyed_at=row.surveyed_at,
        surveyed_by=row.surveyed_by,
        description=row.note,
    )


def _open_grave(row: SurveyedGrave, site: Site, filing: Filing) -> Grave:
    return open_grave(
        site,
        filing,
        code=row.code,
        name=row.name,
        outline=[_point(p) for p in row.points if p.role == "outline"],
        points=[_point(p) for p in row.points if p.role != "outline"],
        surveyed_at=row.surveyed_at,
        surveyed_by=row.surveyed_by,
        description=row.note,
    )


def _take_unit(unit: SurveyedUnit, grave: Grave, uploads: Mapping[str, Upload], filing: Filing) -> None:
    filed = register_unit(
        grave,
        filing,
        type=unit.kind,
        number=unit.number,
        points=[_point(p) for p in unit.points],
        position=_position(unit.points),
        surveyed_at=unit.surveyed_at,
        surveyed_by=unit.surveyed_by,
        description=unit.note,
    )
    own = [uploads[name] for name in unit.photographs]
    if unit.was_lifted:
        lift(filed, filing, photographs=own, lifted_at=unit.lifted_at, lifted_by=unit.lifted_by,
             emergency_reason=unit.emergency_reason)  # fmt: skip
    else:
        for upload in own:
            photograph(filing, upload=upload, unit=filed)


def _point(point: SurveyPoint) -> Point:
    return Point(
        e=point.easting,
        n=point.northing,
        z=point.elevation_m or None,
        role=point.role,
        accuracy=point.accuracy_m or None,
    )


def _position(points: tuple[SurveyPoint, ...]) -> Position | None:
    if not points:
        return None
    middle = next((p for p in points if p.role == "centroid"), None)
    if middle is not None:
        return Position(_degrees(middle.latitude), _degrees(middle.longitude))
    return Position(
        _degrees(sum(p.latitude for p in points) / len(points)),
        _degrees(sum(p.longitude for p in points) / len(points)),
    )


def _degrees(value: float) -> Decimal:
    return Decimal(f"{value:.7f}")


def unit_of(row: PlacedRow, number: str, units: Mapping[str, RecoveryUnit]) -> RecoveryUnit:
    """The unit that a row names, among those of all rows.

    Raises:
        BadFile: there is none.
    """
    if number not in units:
        raise row.refused(
            "unit",
            number,
            sentence("no unit of this number was recovered"),
            sentence("import the field survey first, or compare with the label"),
        )
    return units[number]


SURVEY = DeliveryKind(
    name="survey",
    label=_("Field survey"),
    help=_("sites, graves, units with their points, what was lifted, the photographs"),
    offices=(Role.SCENE,),
    rooms=("sites",),
    files=(
        the_table(COLUMNS),
        AskedFile(
            "photographs",
            _("Photographs"),
            _("all that the table names, chosen together, or one zip archive of them"),
            is_many=True,
            accept="image/jpeg,image/png,.zip",
        ),
    ),
    reader=_read,
    filer=_file,
    counted={
        "sites": _("sites"),
        "graves": _("graves"),
        "units": _("recovery units"),
        "photographs": _("photographs"),
    },
)
