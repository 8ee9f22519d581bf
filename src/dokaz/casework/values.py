"""Values of columns: as databases keep them, and as the ledger writes them: exact, without floats, one spelling each."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from dokaz.errors import Sentence, UnreadableCharacter, WrongKind, sentence
from dokaz.exchange.reading.encodings import UNREADABLE


def as_kept(value: Any, field: models.Field[Any, Any]) -> Any:
    """A value as its column gives it back once it was written, in either database.

    An entry commits to this, so that a row that is read later says letter for letter what was committed to: ``50`` in a
    column of seven decimals is ``50.0000000``, a moment is UTC to the second, a tuple is a list. Texts stay as they are:
    no space and no accent is touched.

    Raises:
        WrongKind: the column does not hold values of this kind, or not all of its digits.
        UnreadableCharacter: a text that does not look like what it holds, or that not every database keeps.
    """
    if value is None:
        return None
    if isinstance(field, models.JSONField):
        return _as_kept_in_json(value, field.name)
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, models.CharField | models.TextField):
        return _text(value, field.name)
    if isinstance(field, models.DecimalField):
        return _decimal(value, field)
    if isinstance(field, models.DateTimeField):
        return _moment(value, field)
    if isinstance(field, models.DateField):
        # A moment is a day only where one says in which zone.
        kinds: tuple[type, ...] = (str,) if isinstance(value, dt.datetime) else (str, dt.date)
        return _read(value, field, kinds, sentence("a day, as 2026-05-04"))
    if isinstance(field, models.BooleanField):
        return _read(value, field, (bool,), sentence("yes or no"))
    if isinstance(field, models.IntegerField):
        return _read(value, field, () if isinstance(value, bool) else (int, str), sentence("a whole number"))
    if isinstance(field, models.UUIDField):
        return _read(value, field, (uuid.UUID, str), sentence("the id of a record"))
    raise TypeError(f"{field.name}: no record holds a {type(field).__name__}")


def _read(value: Any, field: models.Field[Any, Any], kinds: tuple[type, ...], wanted: Sentence) -> Any:
    try:
        if isinstance(value, kinds):
            return field.to_python(value)
    except (ValidationError, ValueError, OverflowError):
        pass
    raise WrongKind(field.name, value, wanted)


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise WrongKind(name, value, sentence("text"))
    # Of a subclass, an enumeration for instance, the plain text.
    text = str.__str__(value)
    if (found := UNREADABLE.search(text)) is not None:
        raise UnreadableCharacter(name, f"U+{ord(found[0]):04X}")
    return text


def _decimal(value: Any, field: models.DecimalField[Any, Any]) -> decimal.Decimal:
    wanted = sentence("a number of at most {places} decimals", places=field.decimal_places)
    given = _read(value, field, () if isinstance(value, bool) else (decimal.Decimal, int, str), wanted)
    try:
        kept: decimal.Decimal = given.quantize(decimal.Decimal(1).scaleb(-int(field.decimal_places or 0)))
    except decimal.InvalidOperation as error:
        raise WrongKind(field.name, str(value), wanted) from error
    if kept != given:
        raise WrongKind(field.name, str(value), wanted)
    # SQLite knows one zero.
    return abs(kept) if kept.is_zero() else kept


def _moment(value: Any, field: models.Field[Any, Any]) -> dt.datetime:
    wanted = sentence("a moment with its time zone, as 2026-05-04T09:12:03Z")
    read = _read(value, field, (dt.datetime, str), wanted)
    try:
        if read.tzinfo is not None:
            moment: dt.datetime = read.astimezone(dt.UTC).replace(microsecond=0)
            return moment
    except OverflowError:
        pass
    raise WrongKind(field.name, value, wanted)


def _as_kept_in_json(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {_text(key, name): _as_kept_in_json(each, name) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_as_kept_in_json(each, name) for each in value]
    if isinstance(value, str):
        return _text(value, name)
    if value is None or isinstance(value, bool | int):
        return value
    raise WrongKind(name, value, sentence("text, a whole number or a list"))


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
    # strftime writes the year 987 with three digits.
    return moment.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
