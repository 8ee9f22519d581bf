"""Where the sun stands, for a place and a time, to a hundredth of a degree.

Azimuths are counted from north over east, 0 to 360; elevations from the horizon, without the bending of light by the
air unless it is asked for.

Source: Meeus 1998, *Astronomical Algorithms*, chapters 12, 13, 22, 25 (the lower accuracy, good to 0.01°); bending by
Bennett 1982 in Meeus's form, chapter 16. Terrestrial time is taken 69 s ahead of universal time, as in the years
since 2016; the error in others, a minute in a century, moves the sun by less than 0.001° along the ecliptic. Good for
the years 1900 to 2100.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_AHEAD = timedelta(seconds=69)
FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class SunPosition:
    """Degrees: ``azimuth_deg`` from north over east, ``elevation_deg`` above the horizon without the air's bending."""

    azimuth_deg: float
    elevation_deg: float

    @property
    def seen_elevation_deg(self) -> float:
        """As it is seen from the ground: the air lifts it by half a degree at the horizon, by nothing overhead."""
        if self.elevation_deg < -1:
            return self.elevation_deg
        angle = math.radians(self.elevation_deg + 10.3 / (self.elevation_deg + 5.11))
        return self.elevation_deg + 1.02 / math.tan(angle) / 60


def sun_position(latitude_deg: float, longitude_deg: float, at: datetime) -> SunPosition:
    """The sun's azimuth and elevation.

    Args:       latitude_deg: −90 to 90, north positive.
                longitude_deg: −180 to 180, east positive.
                at: A time with a zone, in the years 1900 to 2100.
    Raises:     ValueError: a place or time beyond these, or a time without a zone.

    Example: noon of the equinox in Greenwich, the sun in the south, 90° less the latitude above the horizon:
        >>> here = sun_position(51.5, 0.0, datetime(2022, 3, 20, 12, 7, 30, tzinfo=UTC))
        >>> round(here.azimuth_deg), round(here.elevation_deg, 1)
        (180, 38.4)
    """
    if not (-90 <= latitude_deg <= 90 and -180 <= longitude_deg <= 180):
        raise ValueError(f"{latitude_deg}, {longitude_deg}: latitudes are −90 to 90, longitudes −180 to 180")
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()}: the time has no zone")
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"{at.year}: the sun is computed for the years {FIRST_YEAR} to {LAST_YEAR}")
    days = (at - _J2000) / timedelta(days=1)
    right_ascension, declination = _right_ascension_and_declination(days + _AHEAD / timedelta(days=1))
    hour_angle = math.radians(_sidereal_deg(days) + longitude_deg) - right_ascension
    latitude = math.radians(latitude_deg)
    up = math.sin(latitude) * math.sin(declination) + math.cos(latitude) * math.cos(declination) * math.cos(hour_angle)
    east = -math.cos(declination) * math.sin(hour_angle)
    north = math.cos(latitude) * math.sin(declination) - math.sin(latitude) * math.cos(declination) * math.cos(
        hour_angle
    )
    # The sun is seen from the surface, 8.794″ at most lower than from the middle of the Earth (Meeus, chapter 40).
    elevation = math.degrees(math.atan2(up, math.hypot(east, north)))
    elevation -= 8.794 / 3600 * math.cos(math.radians(elevation))
    return SunPosition(math.degrees(math.atan2(east, north)) % 360, elevation)


def _right_ascension_and_declination(days: float) -> tuple[float, float]:
    """Apparent, in radians; Meeus (25.2) to (25.8)."""
    century = days / 36525
    mean_longitude = 280.46646 + century * (36000.76983 + century * 0.0003032)
    anomaly = math.radians(357.52911 + century * (35999.05029 - century * 0.0001537))
    centre = (
        (1.914602 - century * (0.004817 + century * 0.000014)) * math.sin(anomaly)
        + (0.019993 - 0.000101 * century) * math.sin(2 * anomaly)
        + 0.000289 * math.sin(3 * anomaly)
    )
    # What Venus, Jupiter and the Moon do to the Earth's way, each to 0.002°.
    pulled = (
        0.00134 * math.cos(math.radians(22518.7541 * century + 351.98))
        + 0.00154 * math.cos(math.radians(45037.5082 * century + 254.08))
        + 0.00200 * math.cos(math.radians(32964.3577 * century + 157.05))
        + 0.00179 * math.sin(math.radians(445267.1142 * century + 297.85))
    )
    node = math.radians(125.04 - 1934.136 * century)
    longitude = math.radians(mean_longitude + centre + pulled - 0.00569 - 0.00478 * math.sin(node))
    tilt = math.radians(23.4392911 - century * (0.0130042 + century * 1.6e-7) + 0.00256 * math.cos(node))
    right_ascension = math.atan2(math.cos(tilt) * math.sin(longitude), math.cos(longitude))
    return right_ascension, math.asin(math.sin(tilt) * math.sin(longitude))


def _sidereal_deg(days: float) -> float:
    """Apparent sidereal time in Greenwich; Meeus (12.4), with the nutation's largest term."""
    century = days / 36525
    node = math.radians(125.04 - 1934.136 * century)
    nutation = -17.20 / 3600 * math.sin(node) * math.cos(math.radians(23.44))
    return (280.46061837 + 360.98564736629 * days + 0.000387933 * century**2 + nutation) % 360
