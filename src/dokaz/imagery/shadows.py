"""At what hours a shadow could have fallen as it was measured: bands of times, never a point.

From a picture one measures how long a shadow is for the height of what casts it, or in which direction it lies, each
with an error. The place is known to some distance, the date to the day. A time is possible if some sun within all
errors fits: the sun at the place, give or take what the place's error and the sun's own width (its shadow has no
sharp edge) can make. What fits nowhere on the day is said to fit nowhere.

It is assumed that the ground is level where the shadow lies and that what casts it is upright; a slope of 5° changes
a length by a tenth at a sun of 45°, and belongs into the error. A band does not say that the picture was taken then:
only that nothing in the shadow speaks against it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from dokaz.errors import BadShadow, NoSuchShadow
from dokaz.imagery.sun import FIRST_YEAR, LAST_YEAR, SunPosition, sun_position

#: Below this the air bends light by too unsteady an amount, and shadows run out of every picture.
LEAST_ELEVATION_DEG = 2.0
#: Half of what the sun is wide: a shadow's edge is as unsharp.
_SUN_HALF_WIDTH_DEG = 0.27
_METRES_PER_DEGREE = 111_320.0
#: Nearer to a pole than this, or with the sun overhead, directions say little.
_MOST_LATITUDE_DEG = 89.0
_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MeasuredShadow:
    """What was measured in a picture.

    Args:
        length_ratio: Length of the shadow by the height of what casts it; None if not measured.
        length_ratio_error: How far off it may be.
        azimuth_deg: Where the shadow points, from north over east; None if not measured.
        azimuth_error_deg: How far off it may be.

    Raises:
        BadShadow: nothing was measured, an error is missing or is none, a value cannot be.
    """

    length_ratio: float | None = None
    length_ratio_error: float | None = None
    azimuth_deg: float | None = None
    azimuth_error_deg: float | None = None

    def __post_init__(self) -> None:
        for what, value, error in (
            ("length ratio", self.length_ratio, self.length_ratio_error),
            ("direction", self.azimuth_deg, self.azimuth_error_deg),
        ):
            if value is None and error is None:
                continue
            if value is None or error is None:
                raise BadShadow(
                    f"the {what} and its error go together", "measure twice, and give how far apart you were"
                )
            if not (math.isfinite(value) and math.isfinite(error) and error > 0):
                raise BadShadow(f"{what} {value} ± {error} is no measurement", "an error is more than nothing")
        if self.length_ratio is None and self.azimuth_deg is None:
            raise BadShadow("nothing was measured", "give the shadow's length ratio, its direction, or both")
        if self.length_ratio is not None and self.length_ratio <= 0:
            raise BadShadow(f"a shadow of {self.length_ratio} heights", "divide the shadow's length by the height")
        if self.azimuth_deg is not None and not 0 <= self.azimuth_deg < 360:
            raise BadShadow(f"a direction of {self.azimuth_deg}°", "directions are 0 to 360, from north over east")
        if self.azimuth_error_deg is not None and self.azimuth_error_deg >= 90:
            raise BadShadow(f"a direction to ± {self.azimuth_error_deg}° says nothing", "measure it to less than 90°")


@dataclass(frozen=True, slots=True)
class TimeBand:
    """From and to, both possible to the minute; in the zone that was asked for."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Chronolocation:
    """The hours of one day at which a shadow fits.

    Args:
        bands: In the order of the day; at least one.
        stated_fits: Whether a stated time is within a band; None if none was stated.
        margin: From the stated time, give or take its error, to the nearest band; nothing if it fits.
        sun_at_stated: Where the sun stood at the stated time.
    """

    bands: tuple[TimeBand, ...]
    stated_fits: bool | None
    margin: timedelta
    sun_at_stated: SunPosition | None


def chronolocate(
    shadow: MeasuredShadow,
    *,
    latitude_deg: float,
    longitude_deg: float,
    place_error_m: float,
    day: date,
    zone: tzinfo,
    stated: time | None = None,
    clock_error: timedelta = timedelta(0),
) -> Chronolocation:
    """The bands of times of a day at which a shadow could have fallen as measured.

    Args:       place_error_m: How far off the place may be, more than 0.
                day: By the calendar of the zone.
                stated: What somebody said the time was, in the zone.
                clock_error: How far off the stated time may be.
    Raises:     BadShadow: a place or an error that cannot be; a pole; a year that is not computed.
                NoSuchShadow: on no minute of the day does the sun cast such a shadow.
    """
    _must_be_a_place(latitude_deg, longitude_deg, place_error_m, day, clock_error)
    place_error_deg = place_error_m / _METRES_PER_DEGREE
    minutes = list(_minutes(day, zone))
    suns = [sun_position(latitude_deg, longitude_deg, at.astimezone(UTC)) for at in minutes]
    if max(sun.seen_elevation_deg for sun in suns) < LEAST_ELEVATION_DEG:
        raise NoSuchShadow(
            f"on {day} the sun does not rise above {LEAST_ELEVATION_DEG:g}° there",
            "check the place and the date; another lamp casts this shadow",
        )
    fits = [_fits(shadow, sun, place_error_deg, latitude_deg) for sun in suns]
    bands = tuple(_bands(minutes, fits))
    if not bands:
        raise NoSuchShadow(
            f"at no minute of {day} does the sun cast such a shadow there: {_nearest(shadow, suns)}",
            "check the measurement, the place and the date; one of them is not as stated, or the ground is not level",
        )
    if stated is None:
        return Chronolocation(bands, None, timedelta(0), None)
    at = datetime.combine(day, stated, zone)
    margin = max(
        timedelta(0), min(max(band.start - at, at - band.end, timedelta(0)) for band in bands) - abs(clock_error)
    )
    sun = sun_position(latitude_deg, longitude_deg, at.astimezone(UTC))
    return Chronolocation(bands, margin == timedelta(0), margin, sun)


def _must_be_a_place(
    latitude_deg: float, longitude_deg: float, place_error_m: float, day: date, clock_error: timedelta
) -> None:
    if not (-90 <= latitude_deg <= 90 and -180 <= longitude_deg <= 180):
        raise BadShadow(
            f"{latitude_deg}, {longitude_deg} is no place", "latitudes are −90 to 90, longitudes −180 to 180"
        )
    if abs(latitude_deg) > _MOST_LATITUDE_DEG:
        raise BadShadow(f"{latitude_deg} is at a pole, where every direction is one", "no hour is found there")
    if not 0 < place_error_m <= 100_000:
        raise BadShadow(f"a place to ± {place_error_m} m", "give how far off it may be, from a metre to 100 km")
    if not FIRST_YEAR < day.year < LAST_YEAR:
        raise BadShadow(
            f"the year {day.year}", f"the sun is computed for the years {FIRST_YEAR + 1} to {LAST_YEAR - 1}"
        )
    if clock_error < timedelta(0):
        raise BadShadow(f"a clock to ± {clock_error}", "an error is not negative")


def _minutes(day: date, zone: tzinfo) -> Iterator[datetime]:
    """Every minute of a day, which has 23 or 25 hours where clocks are changed."""
    at = datetime.combine(day, time(), zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    while at < end:
        yield at.astimezone(zone)
        at += _STEP


def _fits(shadow: MeasuredShadow, sun: SunPosition, place_error_deg: float, latitude_deg: float) -> bool:
    elevation = sun.seen_elevation_deg
    if elevation < LEAST_ELEVATION_DEG:
        return False
    loose = place_error_deg + _SUN_HALF_WIDTH_DEG
    if shadow.length_ratio is not None and shadow.length_ratio_error is not None:
        low, high = elevation - loose, elevation + loose
        longest = math.inf if low <= 0 else 1 / math.tan(math.radians(low))
        shortest = 0.0 if high >= 90 else 1 / math.tan(math.radians(high))
        if not shortest <= shadow.length_ratio + shadow.length_ratio_error:
            return False
        if not longest >= shadow.length_ratio - shadow.length_ratio_error:
            return False
    if shadow.azimuth_deg is not None and shadow.azimuth_error_deg is not None:
        # The higher the sun, the more its direction changes with the place; meridians lean together towards the pole.
        turned = (loose / max(math.cos(math.radians(elevation)), 1e-9)) + place_error_deg * math.tan(
            math.radians(min(abs(latitude_deg), _MOST_LATITUDE_DEG))
        )
        return _degrees_apart(shadow.azimuth_deg + 180, sun.azimuth_deg) <= shadow.azimuth_error_deg + turned
    return True


def _bands(minutes: list[datetime], fits: list[bool]) -> Iterator[TimeBand]:
    start: int | None = None
    for at, fit in enumerate([*fits, False]):
        if fit and start is None:
            start = at
        elif not fit and start is not None:
            # Between two minutes nothing was asked: the band ends where it surely does not hold.
            yield TimeBand(minutes[max(start - 1, 0)], minutes[min(at, len(minutes) - 1)])
            start = None


def _nearest(shadow: MeasuredShadow, suns: list[SunPosition]) -> str:
    """In words, what the sun casts on the day at most and least."""
    up = [sun for sun in suns if sun.seen_elevation_deg >= LEAST_ELEVATION_DEG]
    shortest = 1 / math.tan(math.radians(max(sun.seen_elevation_deg for sun in up)))
    parts = [f"the shortest shadow is {shortest:.2f} heights"]
    if shadow.azimuth_deg is not None:
        nearest = min(_degrees_apart(shadow.azimuth_deg + 180, sun.azimuth_deg) for sun in up)
        parts.append(f"the nearest direction is {nearest:.1f}° away")
    return ", ".join(parts)


def _degrees_apart(a: float, b: float) -> float:
    return abs((a - b + 180) % 360 - 180)
