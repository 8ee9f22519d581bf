"""Where survey points lie on the globe: by the coordinate reference system of their site, and only where it may be used."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from dokaz.errors import BadFile, OutOfRange, OutsideArea, UnknownReferenceSystem, WrongKind, sentence
from dokaz.graves.models import CRS_NOT_STATED

if TYPE_CHECKING:
    from dokaz.exchange.reading.places import CoordinateSystem

_METRES = re.compile(r"-?[0-9]{1,8}(\.[0-9]{1,9})?")
_DECIMALS = 7


@dataclass(frozen=True)
class Point:
    """A survey point in the site's reference system as decimal text; height and accuracy are metres, or unknown.

    ``role`` says what the point marks: ``centroid``, ``outline``, ``head``, ``pelvis``, ``feet``, ``datum``, or nothing.
    """

    e: str
    n: str
    z: str | None = None
    role: str = ""
    accuracy: str | None = None


@dataclass(frozen=True)
class Position:
    """Where something lies on the globe, WGS 84, degrees."""

    latitude_deg: Decimal
    longitude_deg: Decimal

    def must_be_on_the_globe(self, record: str) -> None:
        """Refuse degrees that are none, and digits that would be lost.

        Raises:
            OutOfRange: a latitude beyond the poles, or a longitude beyond 180.
            WrongKind: more than seven decimals.
        """
        for name, most in (("latitude_deg", 90), ("longitude_deg", 180)):
            value: Decimal = getattr(self, name)
            if not -most <= value <= most:
                raise OutOfRange(record, name, value, -most, most)
            if -int(value.as_tuple().exponent) > _DECIMALS:
                raise WrongKind(name, str(value), sentence("a number of at most {places} decimals", places=_DECIMALS))


def reference_system(record: str, crs: str) -> CoordinateSystem:
    """A coordinate reference system by its code, as EPSG:32637.

    Raises:
        UnknownReferenceSystem: there is none, or the code is written otherwise.
    """
    found = _known(crs)
    if found is None or found.code != crs:
        raise UnknownReferenceSystem(record, crs)
    return found


@functools.lru_cache(maxsize=64)
def _known(crs: str) -> CoordinateSystem | None:
    from dokaz.exchange.reading.places import reference_of

    try:
        return reference_of(crs, file=crs)
    except BadFile:
        return None


def position_of(record: str, crs: str, points: Sequence[Point], *, field: str) -> Position | None:
    """The middle of survey points, on the globe; None of no points.

    Args:
        record: What is surveyed, for errors.
        field: What an act calls the points.

    Raises:
        WrongKind: a coordinate is not metres, written as a decimal number.
        UnknownReferenceSystem: the site's system is not stated.
        OutsideArea: a point lies where the system may not be used.
    """
    for point in points:
        for metres in (point.e, point.n, point.z, point.accuracy):
            if metres is not None and not _METRES.fullmatch(metres):
                raise WrongKind(field, metres, sentence("metres, as 385210.42"))
    if not points:
        return None
    if crs == CRS_NOT_STATED:
        raise UnknownReferenceSystem(record, crs)
    reference = reference_system(record, crs)
    places = []
    for point in points:
        place = reference.position(float(point.e), float(point.n))
        if place is None:
            raise OutsideArea(point.e, point.n, crs, field)
        places.append(place)
    latitude, longitude = (sum(axis) / len(points) for axis in zip(*places, strict=True))
    return Position(_degrees(latitude), _degrees(longitude))


def _degrees(value: float) -> Decimal:
    return Decimal(f"{value:.{_DECIMALS}f}")
