"""What contradicts a survey: a unit far from its grave, site or photographs, at 0, 0 or on swapped axes; an early day.

Whoever surveyed may be right all the same, so these are remarks and no refusals.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from dokaz.exchange.deliveries.survey import Survey, SurveyPoint
from dokaz.exchange.reading.remarks import Remark, remark

#: Latitude and longitude, WGS 84, degrees.
Degrees = tuple[float, float]

FAR_FROM_GRAVE_M = 500
FAR_FROM_SITE_M = 20_000
#: A telephone may be wrong by some hundred metres.
FAR_FROM_PHOTOGRAPH_M = 2_000
_EARTH_RADIUS_M = 6_371_000
#: South, north, west and east of Ukraine, in degrees.
_UKRAINE = 44.0, 52.5, 22.0, 40.3
WAR_BEGAN = date(2014, 2, 20)


def distances(survey: Survey, photographs: Mapping[str, Degrees]) -> Iterator[Remark]:
    """A remark on each unit that lies where it can hardly be.

    Args:
        photographs: Where photographs say that they were taken, by the names in the table.
    """
    graves = {(grave.site, grave.code): grave.points for grave in survey.graves}
    sites = {site.code: site.points for site in survey.sites}
    for unit in survey.units:
        if not unit.points:
            continue
        here = _middle(unit.points)
        place = {"file": unit.file, "line": unit.line, "number": unit.number}
        if abs(here[0]) < 0.01 and abs(here[1]) < 0.01:
            yield remark("unit_at_zero", **place)
            continue
        if not _is_in_ukraine(*here) and _is_in_ukraine(here[1], here[0]):
            yield remark("axes_swapped", **place, latitude=f"{here[0]:.4f}", longitude=f"{here[1]:.4f}")
        for code, points, most in (
            ("far_from_grave", graves[unit.site, unit.grave], FAR_FROM_GRAVE_M),
            ("far_from_site", sites[unit.site], FAR_FROM_SITE_M),
        ):
            if points and (far := _metres(here, _middle(points))) > most:
                yield remark(code, **place, metres=far)
        for name in unit.photographs:
            if name in photographs and (far := _metres(here, photographs[name])) > FAR_FROM_PHOTOGRAPH_M:
                yield remark("far_from_photograph", **place, photograph=name, metres=far)


def before_the_war(survey: Survey) -> Iterator[Remark]:
    """A remark on each day on which nobody surveyed or lifted anything of this war."""
    moments = [
        *((one.file, one.line, "surveyed_at", one.surveyed_at) for one in survey.sites),
        *((one.file, one.line, "surveyed_at", one.surveyed_at) for one in survey.graves),
        *((one.file, one.line, "surveyed_at", one.surveyed_at) for one in survey.units),
        *((one.file, one.line, "lifted_at", one.lifted_at) for one in survey.units),
    ]
    for file, line, column, moment in moments:
        if moment is not None and moment.date() < WAR_BEGAN:
            yield remark("before_the_war", file=file, line=line, column=column, moment=moment.date().isoformat())


def _is_in_ukraine(latitude: float, longitude: float) -> bool:
    south, north, west, east = _UKRAINE
    return south <= latitude <= north and west <= longitude <= east


def _middle(points: Sequence[SurveyPoint]) -> Degrees:
    return sum(p.latitude for p in points) / len(points), sum(p.longitude for p in points) / len(points)


def _metres(one: Degrees, other: Degrees) -> int:
    """The distance of two places along the earth (haversine).

    Example:
        >>> _metres((50.0, 36.0), (51.0, 36.0))
        111195
    """
    (a, b), (c, d) = (tuple(map(math.radians, place)) for place in (one, other))
    chord = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return round(2 * _EARTH_RADIUS_M * math.asin(math.sqrt(chord)))
