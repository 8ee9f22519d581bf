"""What may be erased of a record, and what was: orders in force, and the digests that they cover.

An order names fields of versions by their digests; the openings behind these are destroyed, and nothing else. What a rule
reads is never erased, nor what links records or numbers them: without it nobody could check what rests on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.db import models

from dokaz.casework.constitution import always_open, constitution
from dokaz.casework.journal import digests_in
from dokaz.casework.models import Correction, ErasureOrder, JournalEntry, JournalOpening, ProposalState
from dokaz.casework.records import Record, erased_value, field_of
from dokaz.errors import Sentence, TrustError, sentence
from dokaz.ledger import Entry, parse

_LINKS = ("record", "records", "things")


def why_never_erased(kind: type[Record], name: str) -> Sentence | None:
    """Why a field of a kind is never erased; None where it may be."""
    if name in always_open().get(kind.kind(), ()):
        return sentence("rules read it")
    if name == "number":
        return sentence("a number is given once and never changed")
    if constitution()["kinds"][kind.kind()]["fields"][name]["type"] in _LINKS:
        return sentence("it says what the record belongs to")
    try:
        erased_value(kind, field_of(kind, name))
    except ValueError:
        return sentence("its table cannot do without it")
    return None


def erasable_fields(kind: type[Record]) -> list[models.Field[Any, Any]]:
    """The fields of a kind that an order may erase."""
    return [each for each in kind.content_fields() if why_never_erased(kind, each.name) is None]


def says_nothing(kind: type[Record], name: str, value: object) -> bool:
    """Whether there is nothing to be erased: a field that was left empty, or holds what it holds unless stated."""
    default = constitution()["kinds"][kind.kind()]["fields"][name].get("default")
    return value in (None, "", [], {}) or value == default


def ordered_by_the_journal(size: int | None = None) -> dict[str, str]:
    """The same by the entries of the journal, for a database whose rows are not made yet, or for the log of a size.

    Args:
        size: Only orders that were in force when the log held so many entries.
    """
    filed = JournalEntry.objects.filter(kind=ErasureOrder.kind()).order_by("index")
    if size is not None:
        filed = filed.filter(index__lt=size)
    found: dict[str, str] = {}
    for body in filed.values_list("body", flat=True):
        # What cannot be read covers nothing; whoever checks the journal names it.
        with suppress(TrustError, AttributeError, TypeError, ValueError):
            digests = list(Entry.parse(bytes(body)).fields.values())
            said = {row.name: parse(row.value.encode()) for row in JournalOpening.objects.filter(digest__in=digests)}
            if said.get("state") == ProposalState.IN_FORCE:
                for digest in digests_in(said.get("erases")):
                    found.setdefault(digest, str(said.get("number")))
    return found


def orders_about(record: Record) -> list[ErasureOrder]:
    """The orders by which something of a record was erased, or shall be."""
    states = (ProposalState.IN_FORCE, ProposalState.PROPOSED)
    found = ErasureOrder.objects.filter(state__in=states).order_by("number")
    return [order for order in found if any(row["record"] == str(record.pk) for row in order.erases)]


def corrections_of(record: Record) -> Iterator[Correction]:
    """The corrections for two of a record: each holds the values that were proposed, a second time."""
    yield from Correction.objects.filter(record=record.pk).order_by("number")
