"""`dokaz imagery sun`: where the sun stood, and at which hours a shadow could have fallen as it was measured."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from dokaz.imagery.shadows import Chronolocation
    from dokaz.imagery.sun import SunPosition


def sun(
    latitude: Annotated[float, typer.Option(help="Degrees, north positive (WGS84).")],
    longitude: Annotated[float, typer.Option(help="Degrees, east positive.")],
    at: Annotated[
        str, typer.Option(help="A time with its offset, as 2022-09-16T15:20+03:00: where does the sun stand?")
    ] = "",
    on: Annotated[str, typer.Option(help="A date, as 2022-09-16: at which hours does the shadow fit?")] = "",
    zone: Annotated[str, typer.Option(help="The zone of the date and of the stated hour.")] = "Europe/Kyiv",
    place_error: Annotated[float, typer.Option("--place-error", help="Metres by which the place may be off.")] = 500.0,
    length: Annotated[float | None, typer.Option(help="Length of the shadow by the height of what casts it.")] = None,
    length_error: Annotated[float | None, typer.Option("--length-error", help="By how much that may be off.")] = None,
    azimuth: Annotated[
        float | None, typer.Option(help="Where the shadow points: degrees from north over east.")
    ] = None,
    azimuth_error: Annotated[float | None, typer.Option("--azimuth-error", help="By how much that may be off.")] = None,
    stated: Annotated[str, typer.Option(help="The hour that was said, as 11:00.")] = "",
    clock_error: Annotated[
        float, typer.Option("--clock-error", min=0, help="Minutes by which the stated hour may be off.")
    ] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """The sun's direction and height at a time; or, from a measured shadow, bands of hours at which it could have fallen.

    A band is never a point, and does not say that a picture was taken then. It is assumed that the ground is level and
    that what casts the shadow is upright; what is not belongs into the errors.
    """
    if bool(at) == bool(on):
        raise typer.BadParameter("give --at for a time, or --on for a date and a shadow")
    if at:
        told = _position(latitude, longitude, at)
        typer.echo(json.dumps(told) if as_json else _position_in_words(told))
        return
    from dokaz.imagery.shadows import MeasuredShadow, chronolocate

    day, hour = _day(on), _hour(stated)
    found = chronolocate(
        MeasuredShadow(length, length_error, azimuth, azimuth_error),
        latitude_deg=latitude,
        longitude_deg=longitude,
        place_error_m=place_error,
        day=day,
        zone=_zone(zone),
        stated=hour,
        clock_error=timedelta(minutes=clock_error),
    )
    typer.echo(json.dumps(_as_values(found, stated)) if as_json else _in_words(found, on, zone, stated))


def _position(latitude: float, longitude: float, at: str) -> dict[str, Any]:
    from dokaz.imagery.sun import sun_position

    try:
        moment = datetime.fromisoformat(at)
        return {"at": moment.isoformat(), **_sun_as_values(sun_position(latitude, longitude, moment))}
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _sun_as_values(sun: SunPosition) -> dict[str, float]:
    return {
        "azimuth_deg": round(sun.azimuth_deg, 3),
        "elevation_deg": round(sun.elevation_deg, 3),
        "seen_elevation_deg": round(sun.seen_elevation_deg, 3),
    }


def _position_in_words(told: dict[str, Any]) -> str:
    height = told["seen_elevation_deg"]
    where = f"{height:.2f}° above the horizon" if height >= 0 else f"{-height:.2f}° below the horizon"
    return f"{told['at']}: the sun stands at {told['azimuth_deg']:.2f}° from north over east, {where} as it is seen"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"--on {text}: {error}") from None


def _hour(text: str) -> time | None:
    if not text:
        return None
    try:
        hour = time.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"--stated {text}: {error}") from None
    if hour.tzinfo is not None:
        raise typer.BadParameter("--stated is an hour in the zone that --zone names")
    return hour


def _zone(name: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise typer.BadParameter(f"--zone {name}: no zone of this name; write it as Europe/Kyiv") from None


def _as_values(found: Chronolocation, stated: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "bands": [{"from": band.start.isoformat(), "to": band.end.isoformat()} for band in found.bands]
    }
    if found.sun_at_stated is not None:
        told["stated"] = {
            "at": stated,
            "fits": found.stated_fits,
            "margin_minutes": round(found.margin / timedelta(minutes=1), 1),
            "sun": _sun_as_values(found.sun_at_stated),
        }
    return told


def _in_words(found: Chronolocation, on: str, zone: str, stated: str) -> str:
    lines = [f"{on} ({zone}), hours at which the shadow could have fallen as measured:"]
    lines += [f"  {band.start:%H:%M} to {band.end:%H:%M} (UTC{band.start:%z})" for band in found.bands]
    if found.stated_fits:
        lines.append(f"the stated {stated} fits; so does every other minute of these")
    elif found.stated_fits is False:
        minutes = round(found.margin / timedelta(minutes=1))
        lines.append(
            f"the stated {stated} does not fit: the nearest band is {minutes // 60} h {minutes % 60:02d} min away"
        )
    lines.append("level ground and an upright thing are assumed; a band does not say that a picture was taken then")
    return "\n".join(lines)
