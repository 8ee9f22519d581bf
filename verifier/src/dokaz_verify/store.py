"""Checks a store by the same rules as a bundle: the whole log as it lies on disk, read and never written.

The tiles are read, not the database; whoever runs the system can hold the one against the other (`dokaz check`). As it may
come from anybody, it is read as a bundle is: no link is followed, and what is read whole has a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dokaz_verify import canonical
from dokaz_verify.canonical import Malformed
from dokaz_verify.check import LARGEST_NOTE, LONGEST_OPENINGS
from dokaz_verify.chronicle import go_through
from dokaz_verify.entries import LONGEST_ENTRY, Entry, Opening
from dokaz_verify.erasure import check_missing
from dokaz_verify.faults import Faults
from dokaz_verify.fields import Values, differences_of, read_constitutions
from dokaz_verify.folder import Folder, Unreadable
from dokaz_verify.founding import check_founding
from dokaz_verify.history import History
from dokaz_verify.logkeys import check_signed, keys_of
from dokaz_verify.manifest import is_count, members
from dokaz_verify.notes import Checkpoint, LogKey, decode_text
from dokaz_verify.timeline import Span, check_base, check_times
from dokaz_verify.tree import Edge
from dokaz_verify.verdict import Verdict

_TILE = 256
_LARGEST_TILE = _TILE * (2 + LONGEST_ENTRY)


def is_store(folder: Path) -> bool:
    """Whether a folder is a store, and not a bundle."""
    return (folder / "ledger" / "checkpoint").is_file() and not (folder / "bundle.json").exists()


def verify_store(
    store: str | Path,
    *,
    key: LogKey | str | None = None,
    constitution: str = "",
    now: datetime | None = None,
    not_older_than: timedelta | None = None,
) -> Verdict:
    """Check the log of a store.

    Args:
        store: Its folder.
        key, constitution, now, not_older_than: As for a bundle.

    Returns:
        The verdict; ``manifest`` is ``None``.

    Raises:
        Unreadable: its checkpoint, its key or its files cannot be read.
        Malformed: ``key`` is not a key.
    """
    faults, history = Faults(), History()
    ledger, openings = (_look(Path(store) / name) for name in ("ledger", "openings"))
    outside = LogKey.parse(key) if isinstance(key, str) else key
    try:
        inside = LogKey.parse(decode_text(ledger.read("key", limit=LARGEST_NOTE)).removesuffix("\n"))
        head = Checkpoint.parse(ledger.read("checkpoint", limit=LARGEST_NOTE))
    except Malformed as error:
        raise Unreadable(f"{store}: {error.reason} {error.value}") from error
    _read_entries(ledger, head, history, faults)
    laws = read_constitutions(history, _openings(openings, head.size, Faults()), constitution, faults)
    values = Values(history, laws, faults)
    for index, value in _openings(openings, head.size, faults):
        _open(index, value, values)
    erased = check_missing(history, set(), faults)
    first, keys = inside, keys_of(history, inside, faults)
    if outside and outside not in keys:
        faults.add("key-is-another", file="ledger/key", given=outside.text, found=inside.text)
        first, keys = outside, [outside]
    check_signed(head, keys, "ledger/checkpoint", faults)
    founders = check_founding(history, head.size, faults)
    head_at = check_times(history, None, None, Span.of(now or datetime.now(UTC), not_older_than), faults)
    if laws is not None:
        go_through(history, list(history.entries.values()), laws, faults, log=first.log, whole=True)
    return Verdict(
        faults=tuple(faults.kept),
        counts=faults.counts,
        manifest=None,
        key=keys[-1],
        earlier_keys=tuple(keys[:-1]),
        key_from_outside=outside is not None,
        entries=len(history.entries),
        erased=erased,
        shown_size=head.size,
        filed_at=head.size,
        constitution=laws.newest.digest if laws else "",
        differences=differences_of(laws.newest if laws else None),
        founders=founders,
        head_at=head_at,
        of_a_store=True,
    )


def _look(folder: Path) -> Folder:
    """A part of a store; one that is not there, or somewhere else, has nothing in it."""
    return Folder.look(folder) if folder.is_dir() and not folder.is_symlink() else Folder(folder)


def _read_entries(ledger: Folder, head: Checkpoint, history: History, faults: Faults) -> None:
    """Every entry up to the checkpoint; their tree is the one that the log signed, and so was it at every base."""
    edge = Edge()
    heads = {0: edge.root().hex()}
    before: Entry | None = None
    for index, data in _entry_bytes(ledger, head.size, faults):
        try:
            entry = Entry.of(index, canonical.read(data))
        except Malformed as error:
            faults.malformed("entry-malformed", error, file="ledger", index=index, line=index)
            continue
        history.take(entry, faults)
        if before is None or entry.base != before.base:
            heads[index] = edge.root().hex()
        check_base(entry, before, heads, faults)
        edge.append(bytes.fromhex(entry.leaf))
        before = entry
    if edge.size != head.size or edge.root() != head.root:
        faults.add("entries-not-of-this-head", file="ledger/checkpoint", size=head.size, found=edge.size)


def _entry_bytes(ledger: Folder, size: int, faults: Faults) -> Iterator[tuple[int, bytes]]:
    for tile in range((size + _TILE - 1) // _TILE):
        width = min(_TILE, size - tile * _TILE)
        path = _tile(ledger, tile, width)
        if path is None:
            faults.add("file-missing", file=f"ledger, entries from {tile * _TILE} on")
            return
        try:
            data = ledger.read(path, limit=_LARGEST_TILE)
        except Malformed as error:
            faults.malformed("file-malformed", error, file=f"ledger/{path}")
            return
        place = count = 0
        while place < len(data):
            length = int.from_bytes(data[place : place + 2], "big")
            entry = data[place + 2 : place + 2 + length]
            if len(entry) < length or not entry:
                faults.add("file-size-differs", file=f"ledger/{path}", listed=length, found=len(entry))
                return
            if count < width:
                yield tile * _TILE + count, entry
            place, count = place + 2 + length, count + 1
        due = int(path.rpartition(".p/")[2]) if ".p/" in path else _TILE
        if count != due:
            faults.add("tile-of-another-width", file=f"ledger/{path}", listed=due, found=count)
            return


def _tile(ledger: Folder, tile: int, width: int) -> str | None:
    """The file of a tile with at least so many entries: the full one, or the narrowest part that suffices."""
    whole = "/".join(("tile", "entries", *_groups(tile)))
    if whole in ledger.files:
        return whole
    parts = (re.fullmatch(re.escape(whole) + r"\.p/([1-9][0-9]{0,2})", path) for path in ledger.files)
    wide = sorted((int(part[1]), part[0]) for part in parts if part is not None and int(part[1]) >= width)
    return wide[0][1] if wide else None


def _groups(tile: int) -> list[str]:
    groups = [f"{tile % 1000:03}"]
    while tile := tile // 1000:
        groups.insert(0, f"x{tile % 1000:03}")
    return groups


def _openings(folder: Folder, size: int, faults: Faults) -> Iterator[tuple[int, Any]]:
    """The line of openings of each entry; what cannot be read is noted, and opens nothing."""
    for tile in range((size + _TILE - 1) // _TILE):
        width = min(_TILE, size - tile * _TILE)
        path = "/".join(_groups(tile)) + ".jsonl"
        try:
            for line in folder.lines(path, longest=LONGEST_OPENINGS):
                # What is being filed now is there before the checkpoint speaks of it.
                if line.number > width:
                    break
                try:
                    if line.data is None:
                        raise Malformed("line-too-long-or-cut")
                    yield tile * _TILE + line.number - 1, canonical.read(line.data)
                except Malformed as error:
                    faults.malformed("line-malformed", error, file=f"openings/{path}", line=line.number)
        except Malformed as error:
            faults.malformed("file-malformed", error, file=f"openings/{path}")


def _open(index: int, value: Any, values: Values) -> None:
    try:
        row = members(value, index=is_count, openings=lambda found: isinstance(found, list))
        openings = [Opening.of(each) for each in row["openings"]]
    except Malformed as error:
        values.faults.malformed("opening-malformed", error, file="openings", index=index, line=index % _TILE + 1)
        return
    entry = values.history.entries.get(index)
    if row["index"] != index:
        values.faults.add("openings-out-of-order", file="openings", index=index, line=index % _TILE + 1)
    elif entry is not None:
        for opening in openings:
            values.open(entry, opening)
