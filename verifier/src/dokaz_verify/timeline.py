"""The order of a log: what was signed was signed on the log as it then was, and time never ran backwards.

A signature that names a head of the log cannot be carried into another log, nor to a later place, nor before an entry that
stood already when it was given: between that head and what was signed nothing else may stand.
"""

from __future__ import annotations

from collections.abc import Iterable
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


def check_times(
    history: History, manifest: Manifest | None, receipt: Entry | None, latest: str, faults: Faults
) -> None:
    """Time never runs backwards in a log, and nothing in it is still to come."""
    last = ""
    for entry in history.entries.values():
        last = _time(entry, last, latest, faults)
    if receipt is not None:
        if manifest is not None and not last <= manifest.made_at <= receipt.at:
            faults.add("made-at-another-time", file=MANIFEST, found=manifest.made_at, first=last, due=receipt.at)
        _time(receipt, last, latest, faults)


def _time(entry: Entry, last: str, latest: str, faults: Faults) -> str:
    if entry.at < last:
        faults.add("time-runs-backwards", entry=entry, found=entry.at, due=last)
    if entry.at > latest:
        faults.add("time-to-come", entry=entry, found=entry.at)
    return max(last, entry.at)
