"""What of a record was erased, in words: which fields, by which order, on whose authority; and what is ordered to be."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import capfirst

from dokaz.casework.erasure import orders_about
from dokaz.casework.models import ErasureOrder, ProposalState
from dokaz.casework.records import Record


@dataclass(frozen=True, slots=True)
class ErasedLine:
    """One order about a record.

    Args:
        fields: The names of its fields, in words.
        is_done: Whether it is in force, hence carried out.
    """

    order: ErasureOrder
    fields: str
    is_done: bool


def erased_lines(record: Record) -> list[ErasedLine]:
    """The orders about a record, the oldest first."""
    labels = {each.name: capfirst(str(each.verbose_name)) for each in record.content_fields()}
    found = []
    for order in orders_about(record):
        names = dict.fromkeys(row["field"] for row in order.erases if row["record"] == str(record.pk))
        said = ", ".join(labels.get(name, name) for name in names)
        found.append(ErasedLine(order, said, order.state == ProposalState.IN_FORCE))
    return found
