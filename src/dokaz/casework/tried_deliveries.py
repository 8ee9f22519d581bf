"""A delivery that is only tried: read, checked and filed like any other, told row by row, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dokaz.casework import journal
from dokaz.casework.filing import Filing
from dokaz.casework.models import Delivery
from dokaz.errors import DokazError


@dataclass(frozen=True, slots=True)
class TriedRow:
    """What would be filed of one row.

    Args:
        row: File and line, as ``missing.csv:7``.
        number, kind: Of the record.
        changed: The fields that a record would change, each with what it says and what it would say; empty for a new one.
    """

    row: str
    number: str
    kind: str
    changed: Mapping[str, tuple[object, object]]

    @property
    def is_new(self) -> bool:
        """Whether the record would be a new one."""
        return not self.changed


@dataclass(eq=False)
class TriedOnly(DokazError):
    """A delivery was tried and nothing of it filed; carries what would have been."""

    template = "nothing was filed: it was only tried"
    taken: Mapping[str, int]
    rows: tuple[TriedRow, ...]
    remarks: tuple[Mapping[str, object], ...]


def tried(filing: Filing, taken: Mapping[str, int]) -> TriedOnly:
    """What a filing would file; raised, it takes all of it back."""
    rows: list[TriedRow] = []
    remarks: tuple[Mapping[str, object], ...] = ()
    for filed in filing.receipt.entries:
        versions = journal.history(filed.record)
        now = versions[-1].fields
        if filed.kind == Delivery.kind():
            remarks = tuple(Delivery.every.get(pk=filed.record).remarks)
            continue
        before = versions[-2].fields if len(versions) > 1 and filed.row else {}
        changed = {
            name: (before[name], value) for name, value in now.items() if name in before and before[name] != value
        }
        changed.pop("reason", None)
        rows.append(TriedRow(filed.row, filed.number, filed.kind, changed))
    return TriedOnly(taken, tuple(rows), remarks)
