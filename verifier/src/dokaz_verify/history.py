"""The history in a bundle: its entries by index, what of them is opened, and the versions of every record.

The log is read from its first entry to its last, as it was written; what a rule may look at is what stands at a lower
index.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dokaz_verify.entries import Entry, Opening

# The only fields whose values any rule reads; of all others the name is enough, and a bundle of a million fields fits
# in memory.
FIELDS_READ = frozenset(
    [
        "person",
        "public_key",
        "role",
        "until",
        "retired_at",
        "act",
        "record",
        "leaf",
        "key",
        "office",
        "sig",
        "state",
        "comparisons",
        "discipline",
        "conclusion",
        "recovery_unit",
        "missing_person",
        "manifest_sha256",
    ]
)


@dataclass
class History:
    """What the bundle shows of the log.

    Args:
        entries: Every entry, by index, ascending.
        first: For each field digest, the index of the first entry that holds it.
        names: For each opened digest, the field's name.
        values: For each opened digest whose name is in ``FIELDS_READ``, the value.
        versions: For each record, its versions among the entries that were gone through so far.
    """

    entries: dict[int, Entry] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, list[Entry]] = field(default_factory=dict)

    def open(self, opening: Opening) -> None:
        """Take in the opening of a field."""
        self.names[opening.digest] = opening.name
        if opening.name in FIELDS_READ:
            self.values[opening.digest] = opening.value

    def opened(self, entry: Entry) -> dict[str, Any]:
        """The opened fields of a version that rules read, by name."""
        return {self.names[d]: self.values[d] for d in entry.fields if d in self.values}

    def before(self, entry: Entry) -> Entry | None:
        """The version that this one replaces, if it is in the bundle."""
        earlier = self.versions.get(entry.record, [])
        return earlier[-1] if earlier and [earlier[-1].leaf] == list(entry.previous) else None
