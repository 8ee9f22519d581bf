"""The journal: entries and openings as the database committed them, read in the ledger's order."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from dokaz.casework.models import (
    CheckpointKey,
    ErasureOrder,
    JournalEntry,
    JournalHead,
    JournalOpening,
    ProposalState,
)
from dokaz.ledger import Entry, Opening, parse

_CHUNK = 1_000


def size() -> int:
    """Number of committed entries."""
    return JournalHead.objects.values_list("size", flat=True).filter(pk=1).first() or 0


def entry_bodies(start: int, end: int) -> Iterator[bytes]:
    """The bytes of entries start, start + 1, …, end - 1."""
    rows = JournalEntry.objects.filter(index__gte=start, index__lt=end).order_by("index")
    for body in rows.values_list("body", flat=True).iterator(_CHUNK):
        yield bytes(body)


def new_openings(start: int, end: int) -> Iterator[tuple[int, list[Opening]]]:
    """For each entry that brought any: its index, and the openings that are new with it."""
    rows = JournalOpening.objects.filter(index__gte=start, index__lt=end).order_by("index", "digest")
    index, group = -1, list[Opening]()
    for row in rows.iterator(_CHUNK):
        if row.index != index and group:
            yield index, group
            group = []
        index = row.index
        group.append(Opening(row.salt, row.name, parse(row.value.encode())))
    if group:
        yield index, group


@dataclass(frozen=True)
class Version:
    """One version of a record, as the ledger holds it.

    Args:
        index: Its place in the log.
        entry: The entry.
        fields: What was opened, by name; an erased field is absent.
        erased: By which order a field was erased, by name.
    """

    index: int
    entry: Entry
    fields: dict[str, object]
    erased: dict[str, str] = field(default_factory=dict)


def history(record: uuid.UUID) -> list[Version]:
    """Every version of a record, oldest first."""
    rows = list(JournalEntry.objects.filter(record=record).order_by("version"))
    entries = [Entry.parse(bytes(row.body)) for row in rows]
    digests = {digest for entry in entries for digest in entry.fields.values()}
    openings = JournalOpening.objects.in_bulk(list(digests))
    orders = orders_of_digests() if len(openings) < len(digests) else {}
    return [
        Version(
            row.index,
            entry,
            {openings[d].name: parse(openings[d].value.encode()) for d in entry.fields.values() if d in openings},
            {name: orders[d] for name, d in entry.fields.items() if d not in openings and d in orders},
        )
        for row, entry in zip(rows, entries, strict=True)
    ]


def orders_of_digests() -> dict[str, str]:
    """The digests that orders in force cover, each with the number of its order, the earliest first."""
    found: dict[str, str] = {}
    for order in ErasureOrder.objects.filter(state=ProposalState.IN_FORCE).order_by("number"):
        for digest in digests_in(order.erases):
            found.setdefault(digest, order.number)
    return found


def digests_in(erases: object) -> list[str]:
    """The digests that an order names; of what somebody else wrote into its row, as far as it names any."""
    rows = erases if isinstance(erases, list) else []
    return [str(row["digest"]) for row in rows if isinstance(row, dict) and "digest" in row]


def checkpoint_key(size: int) -> str:
    """The public key that signs the log of so many entries; empty where it is the first one."""
    keys = {one.entry_hash: one.key for one in CheckpointKey.objects.filter(state=ProposalState.IN_FORCE)}
    rows = JournalEntry.objects.filter(leaf__in=list(keys), act="casework.put_in_force", index__lt=size).order_by(
        "-index"
    )
    newest = rows.values_list("leaf", flat=True).first() if keys else None
    return keys[newest] if newest is not None else ""


def not_before_the_newest(at: dt.datetime) -> dt.datetime:
    """A time to the second, as entries are dated; that of the newest entry where the clock is behind it.

    Time never runs backwards in a log: whoever reads it could not tell a wrong clock from a forged date.
    """
    now = at.astimezone(dt.UTC).replace(microsecond=0)
    newest = JournalEntry.objects.order_by("-index").values_list("at", flat=True).first()
    return now if newest is None else max(now, newest)
