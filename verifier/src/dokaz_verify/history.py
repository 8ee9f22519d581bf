"""The history in a bundle: its entries by index, what of them is opened, and the versions of every record.

The log is read from its first entry to its last, as it was written; what a rule may look at is what stands at a lower
index.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dokaz_verify.entries import Base, Entry
from dokaz_verify.faults import Faults


@dataclass
class History:
    """What the bundle shows of the log.

    Args:
        entries: Every entry, by index, ascending.
        first: For each field digest, the index of the first entry that holds it.
        opened: The digests that are opened.
        values: For each opened digest that some rule reads, the value.
        born: For each record, the first index at which it stands in the bundle, and its kind.
        versions: For each record, its versions among the entries that were gone through so far.
        filings: For each base, the entries that were filed together on it, also those that were not gone through yet.
    """

    entries: dict[int, Entry] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    values: dict[str, Any] = field(default_factory=dict)
    born: dict[str, tuple[int, str]] = field(default_factory=dict)
    versions: dict[str, list[Entry]] = field(default_factory=dict)
    filings: dict[Base, list[Entry]] = field(default_factory=dict)

    def take(self, entry: Entry, faults: Faults) -> None:
        """Take in an entry; no digest is held by two records, or under two names."""
        self.entries[entry.index] = entry
        self.filings.setdefault(entry.base, []).append(entry)
        self.born.setdefault(entry.record, (entry.index, entry.kind))
        for name, digest in entry.fields.items():
            first = self.first.setdefault(digest, entry.index)
            if first == entry.index:
                continue
            owner = self.entries[first].record
            if owner != entry.record:
                faults.add("field-of-two-records", entry=entry, digest=digest, other=owner)
            elif self.entries[first].fields.get(name) != digest:
                faults.add("field-under-two-names", entry=entry, name=name)

    def value(self, entry: Entry, name: str) -> Any:
        """What a field that is always shown holds in a version; ``None`` where it is not shown all the same."""
        return self.values.get(entry.fields.get(name, ""))

    def name_of(self, digest: str) -> str:
        """The name of the field under which a digest stands first."""
        fields = self.entries[self.first[digest]].fields
        return next(name for name, held in fields.items() if held == digest)

    def is_open(self, entry: Entry, name: str) -> bool:
        """Whether a field of a version is opened."""
        return entry.fields.get(name, "") in self.opened

    def before(self, entry: Entry) -> Entry | None:
        """The version that this one replaces, if it is in the bundle."""
        earlier = self.versions.get(entry.record, [])
        return earlier[-1] if earlier and [earlier[-1].leaf] == list(entry.previous) else None

    def newest(self, record: str) -> Entry | None:
        """The newest version of a record so far."""
        earlier = self.versions.get(record, [])
        return earlier[-1] if earlier else None
