"""The sun stands where ephemerides have it, and a shadow gives bands of hours, never a point."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from dokaz.errors import BadShadow, NoSuchShadow
from dokaz.imagery.shadows import Chronolocation, MeasuredShadow, chronolocate
from dokaz.imagery.sun import sun_position

# Printed by PyEphem 4 (VSOP87), without refraction: latitude, longitude, time, azimuth, elevation.
EPHEM = [
    (49.19, 37.26, datetime(2022, 9, 16, 9, 30, tzinfo=UTC), 181.4243, 43.3783),
    (49.19, 37.26, datetime(2022, 3, 5, 14, 5, 10, tzinfo=UTC), 247.3994, 10.9252),
    (50.45, 30.52, datetime(2014, 2, 20, 7, tzinfo=UTC), 130.7617, 15.8412),
    (-33.9, 18.4, datetime(1999, 12, 21, 12, tzinfo=UTC), 297.3549, 70.4221),
    (70.0, -150.0, datetime(2030, 6, 21, 10, tzinfo=UTC), 359.5818, 3.4329),
    (0.0, 100.0, datetime(2015, 3, 20, 5, 20, tzinfo=UTC), 98.5548, 88.0707),
    (44.6, 33.5, datetime(2050, 11, 1, 12, tzinfo=UTC), 219.4613, 21.6644),
]
KYIV = ZoneInfo("Europe/Kyiv")
IZIUM = {"latitude_deg": 49.19, "longitude_deg": 37.26, "place_error_m": 200.0}


@pytest.mark.parametrize(("latitude", "longitude", "at", "azimuth", "elevation"), EPHEM)
def test_the_sun_stands_where_an_ephemeris_has_it(
    latitude: float, longitude: float, at: datetime, azimuth: float, elevation: float
) -> None:
    found = sun_position(latitude, longitude, at)
    assert found.elevation_deg == pytest.approx(elevation, abs=0.01)
    # Near the zenith a degree of azimuth is hardly any way.
    assert (found.azimuth_deg - azimuth) * math.cos(math.radians(elevation)) == pytest.approx(0, abs=0.01)


def test_the_same_moment_in_another_zone_is_the_same_sun() -> None:
    at = datetime(2022, 9, 16, 9, 30, tzinfo=UTC)
    assert sun_position(49, 37, at) == sun_position(49, 37, at.astimezone(timezone(timedelta(hours=-7))))


def test_the_air_lifts_the_sun_by_half_a_degree_at_the_horizon() -> None:
    rising = sun_position(0, 0, datetime(2022, 3, 20, 6, 8, tzinfo=UTC))
    assert rising.seen_elevation_deg - rising.elevation_deg == pytest.approx(0.48, abs=0.1)
    high = sun_position(0, 0, datetime(2022, 3, 20, 12, 8, tzinfo=UTC))
    assert high.seen_elevation_deg - high.elevation_deg == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(
    ("latitude", "longitude", "at", "why"),
    [
        (90.1, 0, datetime(2022, 1, 1, tzinfo=UTC), "latitudes"),
        (0, -180.5, datetime(2022, 1, 1, tzinfo=UTC), "longitudes"),
        (math.nan, 0, datetime(2022, 1, 1, tzinfo=UTC), "latitudes"),
        (0, 0, datetime(2022, 1, 1), "no zone"),
        (0, 0, datetime(2101, 1, 1, tzinfo=UTC), "2101"),
        (0, 0, datetime(1899, 12, 31, tzinfo=UTC), "1899"),
    ],
)
def test_what_the_sun_is_not_computed_for_is_refused(latitude: float, longitude: float, at: datetime, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        sun_position(latitude, longitude, at)


def seen(shadow: MeasuredShadow, **other: object) -> Chronolocation:
    return chronolocate(shadow, **{**IZIUM, "day": date(2022, 9, 16), "zone": KYIV, **other})  # type: ignore[arg-type]


def cast_at(hour: int, minute: int) -> tuple[float, float]:
    """Length ratio and direction of the shadow in Izium at an hour of 16 September 2022."""
    sun = sun_position(49.19, 37.26, datetime(2022, 9, 16, hour, minute, tzinfo=KYIV))
    return 1 / math.tan(math.radians(sun.seen_elevation_deg)), (sun.azimuth_deg + 180) % 360


def holds(found: Chronolocation, hour: int, minute: int) -> list[bool]:
    at = datetime(2022, 9, 16, hour, minute, tzinfo=KYIV)
    return [band.start <= at <= band.end for band in found.bands]


def test_a_length_gives_a_band_before_noon_and_one_after() -> None:
    ratio, _ = cast_at(15, 20)
    found = seen(MeasuredShadow(ratio, 0.05))
    assert len(found.bands) == 2
    assert holds(found, 15, 20) == [False, True]
    assert all(timedelta(minutes=10) < band.end - band.start < timedelta(hours=1) for band in found.bands)


def test_a_direction_tells_morning_from_afternoon() -> None:
    ratio, direction = cast_at(15, 20)
    found = seen(MeasuredShadow(ratio, 0.05, direction, 3))
    assert holds(found, 15, 20) == [True]


def test_larger_errors_give_wider_bands() -> None:
    ratio, direction = cast_at(10, 5)
    widths = []
    for error in (0.02, 0.1, 0.3):
        (band,) = seen(MeasuredShadow(ratio, error, direction, 40)).bands
        widths.append(band.end - band.start)
    assert widths == sorted(widths) and widths[0] < widths[2]
    near, far = (
        seen(MeasuredShadow(azimuth_deg=direction, azimuth_error_deg=1), place_error_m=error).bands[0]
        for error in (10.0, 50_000.0)
    )
    assert near.end - near.start < far.end - far.start


def test_even_without_any_error_worth_the_name_a_band_is_no_point() -> None:
    ratio, direction = cast_at(10, 5)
    (band,) = seen(MeasuredShadow(ratio, 1e-9, direction, 1e-9), place_error_m=0.01).bands
    assert band.end - band.start >= timedelta(minutes=2)


def test_a_band_is_what_counting_minute_by_minute_gives_and_a_minute_on_both_sides() -> None:
    ratio, _ = cast_at(10, 5)
    elevation = math.degrees(math.atan(1 / ratio))
    # 11.132 km are a tenth of a degree; half of the sun is 0.27°.
    for place_error, loose in ((1.0, 0.27), (11_132.0, 0.37)):
        fits = []
        for minute in range(24 * 60):
            at = datetime(2022, 9, 16, minute // 60, minute % 60, tzinfo=KYIV)
            if abs(sun_position(49.19, 37.26, at.astimezone(UTC)).seen_elevation_deg - elevation) <= loose:
                fits.append(at)
        morning = [at for at in fits if at.hour < 12]
        band = seen(MeasuredShadow(ratio, 1e-9), place_error_m=place_error).bands[0]
        assert band.start == morning[0] - timedelta(minutes=1)
        assert band.end == morning[-1] + timedelta(minutes=1)


def test_a_stated_hour_that_the_shadow_contradicts_is_said_with_its_margin() -> None:
    ratio, direction = cast_at(15, 20)
    shadow = MeasuredShadow(ratio, 0.05, direction, 3)
    found = seen(shadow, stated=time(11, 0))
    assert found.stated_fits is False
    assert found.margin == found.bands[0].start - datetime(2022, 9, 16, 11, tzinfo=KYIV) > timedelta(hours=3)
    assert seen(shadow, stated=time(15, 20)).stated_fits is True
    late = found.bands[0].end + timedelta(minutes=20)
    assert seen(shadow, stated=late.timetz().replace(tzinfo=None)).margin == timedelta(minutes=20)
    assert seen(shadow, stated=late.timetz().replace(tzinfo=None), clock_error=timedelta(minutes=25)).stated_fits


def test_a_shadow_that_no_sun_of_the_day_casts_is_refused() -> None:
    with pytest.raises(NoSuchShadow, match="shortest shadow is 1"):
        seen(MeasuredShadow(0.3, 0.05))
    with pytest.raises(NoSuchShadow, match="direction is"):
        seen(MeasuredShadow(azimuth_deg=180, azimuth_error_deg=2))
    # Each alone is possible, both together are not.
    ratio, direction = cast_at(15, 20)
    with pytest.raises(NoSuchShadow):
        seen(MeasuredShadow(ratio, 0.03, (direction + 150) % 360, 3))
    with pytest.raises(NoSuchShadow, match="does not rise"):
        seen(MeasuredShadow(2.0, 0.1), latitude_deg=75.0, day=date(2022, 12, 20))


def test_the_day_on_which_clocks_are_put_back_has_an_hour_more() -> None:
    found = seen(MeasuredShadow(3.0, 2.9), day=date(2022, 10, 30), zone=KYIV)
    assert {band.start.utcoffset() for band in found.bands} == {timedelta(hours=2)}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "nothing was measured"),
        ({"length_ratio": 1.0}, "its error"),
        ({"azimuth_error_deg": 1.0}, "its error"),
        ({"length_ratio": 1.0, "length_ratio_error": 0.0}, "no measurement"),
        ({"length_ratio": math.nan, "length_ratio_error": 0.1}, "no measurement"),
        ({"length_ratio": math.inf, "length_ratio_error": 0.1}, "no measurement"),
        ({"length_ratio": 0.0, "length_ratio_error": 0.1}, "heights"),
        ({"azimuth_deg": 360.0, "azimuth_error_deg": 1.0}, "direction of 360"),
        ({"azimuth_deg": 10.0, "azimuth_error_deg": 90.0}, "says nothing"),
    ],
)
def test_what_is_no_measurement_is_refused(given: dict[str, float], why: str) -> None:
    with pytest.raises(BadShadow, match=why):
        MeasuredShadow(**given)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"latitude_deg": 89.5}, "pole"),
        ({"latitude_deg": -89.5}, "pole"),
        ({"latitude_deg": 91.0}, "no place"),
        ({"place_error_m": 0.0}, "how far off"),
        ({"place_error_m": math.nan}, "how far off"),
        ({"place_error_m": 200_000.0}, "100 km"),
        ({"day": date(1900, 5, 1)}, "1900"),
        ({"day": date(2100, 5, 1)}, "2100"),
        ({"clock_error": timedelta(minutes=-1)}, "negative"),
    ],
)
def test_a_place_or_day_that_cannot_be_is_refused(given: dict[str, object], why: str) -> None:
    with pytest.raises(BadShadow, match=why):
        seen(MeasuredShadow(1.5, 0.1), **given)
