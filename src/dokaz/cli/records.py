"""Finds records by the numbers that people write."""

from __future__ import annotations

from typing import TypeVar

from dokaz.casework.records import Record, record_kinds
from dokaz.errors import NoSuchRecord

R = TypeVar("R", bound=Record)


def of_any_kind(number: str) -> Record:
    """The record of whatever kind that bears a number.

    Raises:
        NoSuchRecord: there is none.
    """
    for kind in record_kinds():
        found: Record | None = kind.every.filter(number=number).first()
        if found is not None:
            return found
    raise NoSuchRecord("record", number)


def numbered(kind: type[R], number: str) -> R:
    """The record of a kind that bears a number.

    Raises:
        NoSuchRecord: there is none.
    """
    found: R | None = kind.objects.filter(number=number).first()
    if found is None:
        raise NoSuchRecord(str(kind._meta.verbose_name), number)
    return found
