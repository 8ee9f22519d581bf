"""Dates that are put right stay in their order: among records that follow each other, and from hand to hand."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from dokaz.casework.causality import is_certainly_before, must_follow, must_precede
from dokaz.casework.models import CustodyItem, Transfer
from dokaz.casework.queries import custody_of
from dokaz.casework.records import Record
from dokaz.errors import TooEarly


def must_come_in_order(record: Record, changed: Collection[str]) -> None:
    """Whatever a record follows came before it, and what follows from it came after.

    Args:
        changed: Names of its fields that are put right.

    Raises:
        TooEarly: one of two dates is certainly earlier than the one that it follows.
    """
    must_follow(record, changed)
    must_precede(record, changed)
    if isinstance(record, CustodyItem) and record.first_held in changed:
        _must_be_held_before(record)


def _must_be_held_before(thing: CustodyItem) -> None:
    """A thing was lifted or taken before any of its transfers."""
    since = getattr(thing, thing.first_held, None)
    for transfer in custody_of(thing):
        _must_not_precede(transfer.number, transfer.handed_at, thing.first_held, since)


def must_fit_between(transfer: Transfer, thing: CustodyItem) -> None:
    """Refuse the hour of a transfer, where it is before the one that came before it, or after the one that came next.

    Raises:
        TooEarly: as it says.
    """
    _must_not_precede(transfer.number, transfer.handed_at, thing.first_held, getattr(thing, thing.first_held, None))
    chain = custody_of(thing)
    place = next((nth for nth, each in enumerate(chain) if each.pk == transfer.pk), len(chain))
    for earlier in chain[:place]:
        _must_not_precede(transfer.number, transfer.handed_at, "handed_at", earlier.handed_at)
    for later in chain[place + 1 :]:
        _must_not_precede(later.number, later.handed_at, "handed_at", transfer.handed_at)


def _must_not_precede(number: str, later: Any, before: str, earlier: Any) -> None:
    if is_certainly_before(later, earlier):
        raise TooEarly(number, "handed_at", later, before, earlier)
