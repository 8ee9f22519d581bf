"""Coordinate reference systems: which one a file states, where it may be used, and its points in WGS84."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.rows import Row
from dokaz.exchange.reading.tables import Table

#: Under which keys a file states its system above the header.
STATED_AS = ("crs", "epsg", "coordinate system", "система координат")


@dataclass(frozen=True)
class CoordinateSystem:
    """A coordinate reference system, with what turns it into WGS84."""

    code: str
    name: str
    transformation: str
    area: tuple[float, float, float, float]
    transformer: Transformer

    def to_wgs84(self, points: Sequence[tuple[Row, float, float]]) -> list[tuple[float, float]]:
        """Latitude and longitude of each (row, easting, northing), in degrees.

        Raises:     BadFile: a point lies outside the area in which the system may be used.
        """
        if not points:
            return []
        longitudes, latitudes = self.transformer.transform([east for _, east, _ in points], [n for _, _, n in points])
        result = []
        for (row, east, north), longitude, latitude in zip(points, longitudes, latitudes, strict=True):
            if not self._holds(longitude, latitude):
                swapped = self._holds(*self.transformer.transform(north, east))
                next_step = (
                    sentence("easting and northing seem to have changed places")
                    if swapped
                    else sentence("check the figures, and that the file states the system they were surveyed in")
                )
                raise BadFile(
                    sentence("outside the area of use of {code} ({name})", code=self.code, name=self.name),
                    file=row.file,
                    line=row.line,
                    column="easting, northing",
                    value=f"{east:g}, {north:g}",
                    next_step=next_step,
                )
            # Nine decimals are a tenth of a millimetre, well below any survey, and the same on every machine.
            result.append((round(latitude, 9), round(longitude, 9)))
        return result

    def position(self, east: float, north: float) -> tuple[float, float] | None:
        """Latitude and longitude of one point, in degrees; None where the system may not be used."""
        longitude, latitude = self.transformer.transform(east, north)
        return (round(latitude, 9), round(longitude, 9)) if self._holds(longitude, latitude) else None

    def _holds(self, longitude: float, latitude: float) -> bool:
        west, south, east, north = self.area
        if not (math.isfinite(longitude) and math.isfinite(latitude)):
            return False
        across = west <= longitude <= east if west <= east else longitude >= west or longitude <= east
        return across and south <= latitude <= north


def stated_reference(table: Table) -> CoordinateSystem:
    """The one system that a survey states, above its header or in its column ``crs``.

    Raises:     BadFile: none, two, or one that is not known.
    """
    code, line = table.says(*STATED_AS), table.line_that_says(*STATED_AS)
    for row in table:
        text = row.text("crs")
        if text and code and _code(text) != _code(code):
            raise row.bad(
                "crs",
                sentence("two systems in one file: {code!r} was stated before", code=code),
                sentence("deliver one file a system"),
            )
        if not code and text:
            code, line = text, row.line
    if not code:
        raise BadFile(
            sentence("no coordinate reference system is stated"),
            file=table.file,
            line=table.header_line,
            next_step=sentence("state it above the header: # CRS: EPSG:32637"),
        )
    return reference_of(code, file=table.file, line=line)


def reference_of(code: str, *, file: str, line: int | None = None) -> CoordinateSystem:
    """The system of that code.

    Raises:     BadFile: it is not known, or is no system of places on the ground.
    """
    try:
        crs = CRS.from_epsg(int(_code(code).removeprefix("EPSG:")))
    except (CRSError, ValueError) as error:
        raise BadFile(
            sentence("the coordinate reference system is not known"),
            file=file,
            line=line,
            column="crs",
            value=code,
            next_step=sentence("write an EPSG code, such as EPSG:32637 (WGS 84 / UTM zone 37N)"),
        ) from error
    if crs.area_of_use is None or not (crs.is_projected or crs.is_geographic) or len(crs.axis_info) != 2:
        raise BadFile(
            sentence("not a two-dimensional system of places on the ground"),
            file=file,
            line=line,
            column="crs",
            value=code,
            next_step=sentence("write an EPSG code, such as EPSG:32637 (WGS 84 / UTM zone 37N)"),
        )
    # always_xy: east before north, whatever order the registry prefers; the columns are named after what they hold.
    transformer = Transformer.from_crs(crs, CRS.from_epsg(4326), always_xy=True)
    area = crs.area_of_use
    return CoordinateSystem(
        code=_code(code),
        name=crs.name,
        transformation=transformer.description,
        area=(area.west, area.south, area.east, area.north),
        transformer=transformer,
    )


@lru_cache(maxsize=64)
def is_in_degrees(code: str) -> bool:
    """Whether a survey in that system is in degrees, not in metres; False of one that is not known."""
    try:
        return bool(CRS.from_epsg(int(_code(code).removeprefix("EPSG:"))).is_geographic)
    except (CRSError, ValueError):
        return False


def metres(code: str, east: float, north: float) -> tuple[float, float]:
    """East and north on a plan of a few hundred metres, whatever the unit of the system."""
    if not is_in_degrees(code):
        return east, north
    # One parallel for the whole plan: a tenth of a degree is more than any site.
    return east * 111_320 * math.cos(math.radians(round(north, 1))), north * 110_574


def _code(text: str) -> str:
    """``EPSG:32637`` however it was written; nothing but an EPSG code is read, so that a name never decides a place."""
    match = re.fullmatch(r"(?:EPSG\s*:?\s*:?\s*)?([0-9]{4,6})(?:\s*\(.*\))?", text.strip(), re.IGNORECASE)
    return f"EPSG:{match[1]}" if match else text.strip() or "none"
