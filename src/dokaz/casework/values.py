"""Values of columns as the ledger writes them: exact, without floats, one spelling each."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from typing import Any

from django.db import models


def to_json(value: Any, field: models.Field[Any, Any]) -> Any:
    """A column's value as canonical JSON can carry it: exact, and without floats.

    Raises:
        TypeError: the value is of a type that the ledger does not carry (floats among them).
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dt.datetime):
        return timestamp(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(field, models.JSONField) and isinstance(value, list | dict | tuple):
        return _no_floats(value, field.name)
    raise TypeError(f"{field.name}: the ledger does not carry {type(value).__name__} ({value!r})")


def _no_floats(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {str(k): _no_floats(v, name) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_no_floats(v, name) for v in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    raise TypeError(f"{name}: the ledger does not carry {type(value).__name__} ({value!r}); write it as a string")


def from_json(value: Any, field: models.Field[Any, Any]) -> Any:
    """The inverse of ``to_json`` for one column."""
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.DateTimeField):
        return dt.datetime.fromisoformat(value)
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return target.to_python(value)


def timestamp(moment: dt.datetime) -> str:
    """UTC, to the second, as the ledger writes it.

    Raises:
        ValueError: the moment has no time zone.

    Example:
        >>> timestamp(dt.datetime(2026, 5, 4, 12, 12, 3, tzinfo=dt.timezone(dt.timedelta(hours=3))))
        '2026-05-04T09:12:03Z'
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
