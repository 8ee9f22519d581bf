"""The order of a log: what was signed was signed on the log as it then was, and time never ran backwards.

A signature that names a head of the log cannot be carried into another log, nor to a later place, nor before an entry that
stood already when it was given: between that head and what was signed nothing else may stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from dokaz_verify.bundle_files import BASES, ENTRIES, MANIFEST
from dokaz_verify.canonical import Malformed
from dokaz_verify.entries import Entry
from dokaz_verify.faults import Faults
from dokaz_verify.history import History
from dokaz_verify.manifest import Manifest, is_count, is_hash, is_list_of_text, members
from dokaz_verify.notes import Checkpoint, decode_hash
from dokaz_verify.tree import is_consistent

# Clocks of two machines differ; more than this ahead of the reader's, and what is said to have happened has not yet.
_AHEAD = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The times that a reader accepts: no entry is later, and the newest is not older."""

    latest: str
    oldest: str = ""

    @classmethod
    def of(cls, now: datetime, not_older_than: timedelta | None) -> Span:
        """By a reader's clock, and by the oldest head that they accept; any, if they do not say."""
        return cls(_written(now + _AHEAD), _written(now - not_older_than) if not_older_than is not None else "")


def _written(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def check_bases(
    history: History, lines: Iterable[tuple[int, Any]], checkpoint: Checkpoint | None, faults: Faults
) -> None:
    """Everything was signed on the log as it was: each base is a head that this log had, and no entry came between."""
    shown: dict[int, str] = {0: sha256(b"").hexdigest()}
    last = 0
    for number, value in lines:
        try:
            row = members(value, proof=is_list_of_text, root=is_hash, size=is_count)
            if row["size"] <= last:
                raise Malformed("not-ascending", "bases")
            last = row["size"]
            path = [decode_hash(text) for text in row["proof"]]
            held = checkpoint is None or is_consistent(
                last, checkpoint.size, bytes.fromhex(row["root"]), checkpoint.root, path
            )
        except Malformed as error:
            faults.malformed("line-malformed", error, file=BASES, line=number)
            continue
        shown[last] = row["root"]
        if not held:
            faults.add("base-not-of-this-log", file=BASES, index=last, size=last)
    used = {0}
    before: Entry | None = None
    for entry in history.entries.values():
        used.add(entry.base.size)
        check_base(entry, before, shown, faults)
        before = entry
    for size in sorted(shown.keys() - used):
        faults.add("base-of-no-entry", file=BASES, size=size)


def check_base(entry: Entry, before: Entry | None, heads: dict[int, str], faults: Faults) -> None:
    """An entry was signed on a head of this log, and nothing was filed between the two by anybody else.

    Args:
        before: The entry before it that is shown.
        heads: Root, hex, by size.
    """
    base = entry.base
    if base.size > entry.index:
        faults.add("base-is-later", file=ENTRIES, entry=entry, size=base.size)
    elif heads.get(base.size) != base.root:
        faults.add("base-not-of-this-log", file=ENTRIES, entry=entry, size=base.size)
    if before is None:
        return
    if base != before.base and base.size <= before.index:
        faults.add("filed-in-between", file=ENTRIES, entry=entry, size=base.size, other=before.index)
    elif base == before.base and (entry.at, entry.actor) != (before.at, before.actor):
        faults.add("not-of-one-filing", file=ENTRIES, entry=entry, size=base.size, other=before.index)


def check_times(history: History, manifest: Manifest | None, receipt: Entry | None, span: Span, faults: Faults) -> str:
    """Time never runs backwards in a log, nothing in it is still to come, and its head is as new as its reader demands.

    Returns:
        The time of the newest entry, empty if there is none.
    """
    last = ""
    for entry in history.entries.values():
        last = _time(entry, last, span.latest, faults)
    if receipt is not None:
        if manifest is not None and not last <= manifest.made_at <= receipt.at:
            faults.add("made-at-another-time", file=MANIFEST, found=manifest.made_at, first=last, due=receipt.at)
        last = _time(receipt, last, span.latest, faults)
    if span.oldest and last < span.oldest:
        faults.add("head-too-old", found=last or "–", due=span.oldest)
    return last


def _time(entry: Entry, last: str, latest: str, faults: Faults) -> str:
    if entry.at < last:
        faults.add("time-runs-backwards", entry=entry, found=entry.at, due=last)
    if entry.at > latest:
        faults.add("time-to-come", entry=entry, found=entry.at)
    return max(last, entry.at)
