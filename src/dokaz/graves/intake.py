"""Takes what the field delivers, whole files at a time: surveys with their photographs.

One file, one filing: a row that is refused leaves nothing of the file behind. The file itself is kept in the vault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from dokaz.casework.acts import deliver
from dokaz.casework.filing import Filing
from dokaz.errors import ActRefused, BadFile, sentence
from dokaz.exchange.deliveries.survey import SurveyedGrave, SurveyedUnit, SurveyPoint, read_survey
from dokaz.exchange.reading.photographs import read_photograph
from dokaz.exchange.reading.remarks import unknown_columns
from dokaz.graves.acts import Point, Position, Upload, lift, open_grave, open_site, photograph, register_unit
from dokaz.graves.models import Grave, RecoveryUnit, Site
from dokaz.vault import Readable, StagedFile

Progress = Callable[[int, int], None]

_MEDIA = {"JPEG": "image/jpeg", "PNG": "image/png"}


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def take_survey(
    data: bytes, *, file: str, photographs: Mapping[str, Path], filing: Filing, progress: Progress = silent
) -> dict[str, int]:
    """File a field survey: its sites, graves and units, and the lifting of every unit that the survey says was lifted.

    Args:
        data: The table, as ``docs/files.md`` describes it.
        file: Its name.
        photographs: Where each photograph that the table names lies.

    Returns: How many records of what were made.

    Raises:
        BadFile: a row that cannot be read, or that an act refuses; names file, line, column and value.
    """
    read = read_survey(data, file=file)
    taken = {"sites": 0, "graves": 0, "units": 0, "photographs": 0}
    sites: dict[str, Site] = {}
    for row in read.sites:
        site = Site.objects.filter(number=row.code).first()
        if site is None:
            here = _position(row.points)
            site = open_site(filing, code=row.code, name=row.name or row.code, crs=read.crs, position=here,
                             description=row.note)  # fmt: skip
            taken["sites"] += 1
        elif site.crs != read.crs:
            raise BadFile(
                sentence(
                    "the site was surveyed in {of_site}, this file is in {of_file}", of_site=site.crs, of_file=read.crs
                ),
                file=file,
                line=row.line,
                column="crs",
                value=read.crs,
                next_step=sentence("convert the file, or ask the surveyor"),
            )
        sites[row.code] = site
    graves: dict[tuple[str, str], Grave] = {}
    for dug in read.graves:
        grave = Grave.objects.filter(number=f"{dug.site}-{dug.code}").first()
        if grave is None:
            outline = [_point(p) for p in dug.points if p.role == "outline"]
            grave = open_grave(sites[dug.site], filing, code=dug.code, outline=outline or [_point(p) for p in dug.points],
                               description=" ".join(t for t in (dug.name, dug.note) if t))  # fmt: skip
            taken["graves"] += 1
            for name in dug.photographs:
                photograph(filing, upload=_upload(name, dug, photographs), grave=grave)
                taken["photographs"] += 1
        graves[dug.site, dug.code] = grave
    for done, unit in enumerate(read.units):
        try:
            taken["photographs"] += _take_unit(unit, graves[unit.site, unit.grave], photographs, filing)
        except ActRefused as refused:
            raise BadFile(
                refused.what, file=file, line=unit.line, column="unit", value=unit.number, next_step=refused.next_step
            ) from refused
        taken["units"] += 1
        progress(done + 1, len(read.units))
    deliver(filing, form="survey", files=[(file, data)], taken=taken,
            remarks=unknown_columns(read.unknown_columns))  # fmt: skip
    return taken


def _point(point: SurveyPoint) -> Point:
    return Point(
        e=f"{point.easting:.3f}",
        n=f"{point.northing:.3f}",
        z=None if point.elevation_m is None else f"{point.elevation_m:.3f}",
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


def _take_unit(unit: SurveyedUnit, grave: Grave, photographs: Mapping[str, Path], filing: Filing) -> int:
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
    uploads = [_upload(name, unit, photographs) for name in unit.photographs]
    if unit.lifted_at is not None:
        lift(filed, filing, photographs=uploads, lifted_at=unit.lifted_at, lifted_by=unit.lifted_by,
             emergency_reason=unit.emergency_reason)  # fmt: skip
    else:
        for upload in uploads:
            photograph(filing, upload=upload, unit=filed)
    return len(uploads)


def _upload(name: str, row: SurveyedUnit | SurveyedGrave, photographs: Mapping[str, Path]) -> Upload:
    path = photographs.get(name)
    if path is None:
        raise BadFile(
            sentence("the photograph is not among the files that were given"),
            file=row.file, line=row.line, column="photographs", value=name,
            next_step=sentence("hand in the photographs with the table (on the command line: beside it, or --photographs)"),
        )  # fmt: skip
    return upload_of(path.read_bytes(), name)


def upload_of(data: bytes, name: str, *, keep: Callable[[Readable], Readable | StagedFile] = lambda one: one) -> Upload:
    """A photograph with what it says of itself, ready to be filed.

    Args:
        keep: Where the file waits for its filing.

    Raises:
        BadFile: it does not decode whole.
    """
    read = read_photograph(data, file=name)
    return Upload(
        file_name=name,
        content=keep(BytesIO(data)),
        media_type=_MEDIA[read.format],
        width_px=read.width,
        height_px=read.height,
        taken_at=read.taken_at,
        position=Position(_degrees(read.position.latitude), _degrees(read.position.longitude))
        if read.position
        else None,
        camera=read.camera,
        remarks=read.problems,
    )


def unit_of_number(number: str, *, file: str, line: int, column: str = "unit") -> RecoveryUnit:
    """The unit that a row names.

    Raises:
        BadFile: there is none.
    """
    unit: RecoveryUnit | None = RecoveryUnit.objects.filter(number=number).first()
    if unit is None:
        raise BadFile(
            sentence("no unit of this number was recovered"), file=file, line=line, column=column, value=number,
            next_step=sentence("import the field survey first, or compare with the label"),
        )  # fmt: skip
    return unit
