"""What follows from something does not come before it: lifted before examined, examined before sampled.

Which date of a record follows which is declared by its model (``Record.follows``). It is held against every version that
is filed, by whatever act, where one of the two dates is new. A date that is corrected is held against whatever follows it
in other records as well, so that neither end moves past the other: whoever must move both corrects the later one first.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection
from typing import Any

from dokaz.casework.records import Record, record_kinds
from dokaz.errors import TooEarly, UnreadDate
from dokaz.exchange.reading.dates import read_partial_date

# A day has no zone: somewhere it begins 14 hours before it does in UTC, and ends 12 hours after.
_FIRST, _LAST = dt.timedelta(hours=-14), dt.timedelta(days=1, hours=12)
# Beyond these a calendar ends, and a few hours more or less would be no moment.
_DAYS = dt.date.min + dt.timedelta(days=2), dt.date.max - dt.timedelta(days=2)


def must_follow(record: Record, changed: Collection[str]) -> None:
    """Refuse a record that says that something happened before that from which it follows.

    Days are compared as far as they can be told apart whatever the zone, moments to the minute, dates that are known in
    part by their bounds; an approximate date bounds nothing.

    Args:
        changed: Names of its fields that this version changes; all, where it is new.

    Raises:
        TooEarly: one of its dates is certainly earlier than one that it follows.
    """
    for name, before in type(record).follows.items():
        for path in before:
            later, earlier = getattr(record, name), _at(record, path)
            if {name, path.partition(".")[0]} & set(changed) and is_certainly_before(later, earlier):
                raise TooEarly(record.number, name, later, path.rpartition(".")[2], earlier)


def must_precede(record: Record, changed: Collection[str]) -> None:
    """Refuse a correction by which a date of a record would come after what follows from it in others.

    Args:
        changed: Names of its fields that the correction changes.

    Raises:
        TooEarly: a date of another record, which is not void, is certainly earlier than the corrected one.
    """
    for kind, name, way, field in _followed(type(record)):
        if field not in changed or getattr(record, field) in (None, ""):
            continue
        for other in kind.objects.filter(**{way: record.pk}).order_by("number"):
            later, earlier = getattr(other, name), getattr(record, field)
            if is_certainly_before(later, earlier):
                raise TooEarly(other.number, name, later, field, earlier)


@functools.cache
def _followed(kind: type[Record]) -> tuple[tuple[type[Record], str, str, str], ...]:
    """What follows a date of a kind: a later date of another kind, the way from there, and the name of the earlier date."""
    found = []
    for other in record_kinds():
        for name, before in other.follows.items():
            for path in before:
                *way, field = path.split(".")
                of: Any = other
                for step in way:
                    of = of._meta.get_field(step).related_model
                if way and of is kind:
                    found.append((other, name, "__".join(way), field))
    return tuple(found)


def _at(record: Any, path: str) -> Any:
    """A field of the record, or of one to which it points; None where nothing stands there."""
    for name in path.split("."):
        record = getattr(record, name, None)
    return record


def is_certainly_before(one: Any, other: Any) -> bool:
    """Whether one moment, day or partial date is earlier than another, whatever they may mean."""
    ours, theirs = _days(one), _days(other)
    if ours is not None and theirs is not None:
        return ours[1] < theirs[0]
    ends, begins = _moments(one), _moments(other)
    return ends is not None and begins is not None and ends[1] < begins[0]


def _days(when: Any) -> tuple[dt.date, dt.date] | None:
    """The first and the last day that it may mean; None where it is a moment, or bounds nothing."""
    if isinstance(when, dt.datetime):
        return None
    if isinstance(when, dt.date):
        return when, when
    if not isinstance(when, str) or not when:
        return None
    try:
        known = read_partial_date(when)
    except UnreadDate:
        return None
    return None if known.approximate else (known.earliest, known.latest)


def _moments(when: Any) -> tuple[dt.datetime, dt.datetime] | None:
    """The first and the last moment that it may mean."""
    if isinstance(when, dt.datetime):
        minute = when.replace(second=0, microsecond=0)
        return minute, minute
    days = _days(when)
    if days is None:
        return None
    first, last = (dt.datetime.combine(min(max(day, _DAYS[0]), _DAYS[1]), dt.time(), dt.UTC) for day in days)
    return first + _FIRST, last + _LAST
