"""Dates as teams write them: whole, partial, approximate; and moments, which have a zone or are refused."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from dokaz.errors import UnreadDate, sentence

Zone = tzinfo

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_POINTS = re.compile(r"(?:(?:([0-9]{1,2})\.)?([0-9]{1,2})\.)?([0-9]{4})")
_TIME = re.compile(r"(.{8,10})[T ]\s*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?\s*(.*)")
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])([0-9]{1,2})(?::?([0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the day, the month, the year, or between two of these.

    ``edtf`` is its text in Extended Date/Time Format (ISO 8601-2): ``1984``, ``1984-05``, ``1984~`` (about),
    ``1980/1985``. ``earliest`` and ``latest`` bound it; for an approximate date they bound what is written, not what
    may be true.
    """

    edtf: str
    earliest: date
    latest: date
    approximate: bool = False

    def __str__(self) -> str:
        return self.edtf


def read_date(text: str) -> date:
    """A whole date: ``2026-05-04`` or ``04.05.2026``.

    Raises:     UnreadDate: anything else; a date with slashes, whose day and month cannot be told apart.
    """
    found = read_partial_date(text)
    if found.earliest != found.latest or found.approximate:
        raise UnreadDate(sentence("not a whole date"), sentence("write year, month and day: 2026-05-04"))
    return found.earliest


def read_partial_date(text: str) -> PartialDate:
    """A date as far as it is known.

    Example:
        >>> read_partial_date("05.1984").edtf, read_partial_date("1984~").approximate
        ('1984-05', True)
        >>> read_partial_date("1980/1985").latest
        datetime.date(1985, 12, 31)
    """
    text = text.strip()
    if text.count("/") == 1:
        first, second = (read_partial_date(part) for part in text.split("/"))
        if first.earliest > second.latest:
            raise UnreadDate(sentence("the interval ends before it begins"), sentence("write the earlier date first"))
        return PartialDate(
            f"{first.edtf}/{second.edtf}", first.earliest, second.latest, first.approximate or second.approximate
        )
    if "/" in text:
        raise UnreadDate(sentence("day and month cannot be told apart"), sentence("write 2026-05-04 or 04.05.2026"))
    approximate = text.endswith(("~", "?"))
    plain = text.rstrip("~?")
    if match := _ISO.fullmatch(plain):
        year, month, day = match.groups()
    elif match := _POINTS.fullmatch(plain):
        day, month, year = match.groups()
    else:
        raise UnreadDate(
            sentence("not a date"), sentence("write 2026-05-04, 04.05.2026, 2026-05, 2026, 2026~ or 2020/2026")
        )
    y, m, d = int(year), int(month or 0), int(day or 0)
    try:
        earliest = date(y, m or 1, d or 1) if (month is None or m) and (day is None or d) else None
    except ValueError:
        earliest = None
    if earliest is None or not 1850 <= y <= 2200:
        raise UnreadDate(sentence("there is no such date"), sentence("check day, month and year"))
    last_month = m or 12
    latest = date(y, last_month, d or calendar.monthrange(y, last_month)[1])
    edtf = f"{y:04d}" + (f"-{m:02d}" if m else "") + (f"-{d:02d}" if d else "") + ("~" if approximate else "")
    return PartialDate(edtf, earliest, latest, approximate)


def read_zone(text: str) -> Zone:
    """A zone: ``+03:00``, ``UTC``, or a name such as ``Europe/Kyiv``.

    Raises:     UnreadDate: an unknown name or an offset beyond 14 hours.
    """
    text = text.strip()
    if text.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    if match := _OFFSET.fullmatch(text):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes > 14 * 60 or int(match[3] or 0) > 59:
            raise UnreadDate(sentence("there is no such zone"), sentence("write an offset such as +03:00"))
        return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes))
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, LookupError) as error:
        raise UnreadDate(
            sentence("the zone {text!r} is not known on this machine", text=text),
            sentence("write an offset such as +03:00"),
        ) from error


def read_moment(text: str, zone: Zone | None = None) -> datetime:
    """A date and time with a zone.

    Args:       text: ``2026-05-04T09:12+03:00`` or ``04.05.2026 09:12``; the latter needs ``zone``.
                zone: the zone of times that do not state one.
    Raises:     UnreadDate: no time, no zone, or a time that a clock change skipped or showed twice.
    """
    match = _TIME.fullmatch(text.strip())
    if not match:
        raise UnreadDate(sentence("not a date with a time"), sentence("write 2026-05-04T09:12+03:00"))
    day = read_date(match[1])
    if match[5]:
        zone = read_zone(match[5])
    if zone is None:
        raise UnreadDate(
            sentence("the time has no zone"),
            sentence(
                "write it with an offset (2026-05-04T09:12+03:00), or state the zone of the file above its "
                "header: # zone: +03:00"
            ),
        )
    try:
        moment = datetime(day.year, day.month, day.day, int(match[2]), int(match[3]), int(match[4] or 0), tzinfo=zone)
    except ValueError as error:
        raise UnreadDate(sentence("there is no such time"), sentence("hours are 0 to 23, minutes 0 to 59")) from error
    if moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset():
        raise UnreadDate(
            sentence("a clock change skipped this time or showed it twice"), sentence("write it with an offset: +03:00")
        )
    return moment
