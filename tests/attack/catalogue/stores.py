"""Writes a log of the verifier's builder as a store on disk, as docs/ledger-format.md, "A store on disk", has it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from builder import Log, canonical
from merkle import Tree, leaf

TILE = 256

# Whether an opening of the entry at an index is kept; an erased one is not.
Kept = Callable[[int, str], bool]


def write_store(log: Log, folder: Path, *, keeps: Kept = lambda index, name: True) -> Path:
    """The published part of a store: key, checkpoint, tiles and openings."""
    ledger = folder / "ledger"
    put(ledger / "key", log.vkey.encode() + b"\n")
    put(ledger / "checkpoint", log.checkpoint(log.tree))
    packed = [len(data).to_bytes(2, "big") + data for data in map(canonical, log.entries)]
    for tile in range(0, log.size, TILE):
        put(_tile(ledger / "tile" / "entries", tile // TILE, log.size), b"".join(packed[tile : tile + TILE]))
    _write_hashes(ledger / "tile", log)
    lines = _opening_lines(log, keeps)
    for tile in range(0, log.size, TILE):
        put(folder / "openings" / f"{tile // TILE:03}.jsonl", b"".join(lines[tile : tile + TILE]))
    for digest, data in log.files.items():
        put(folder / "vault" / "sha256" / digest[:2] / digest, data)
    return folder


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _tile(folder: Path, number: int, size: int) -> Path:
    width = min(TILE, size - number * TILE)
    return folder / f"{number:03}" if width == TILE else folder / f"{number:03}.p" / str(width)


def _write_hashes(folder: Path, log: Log) -> None:
    hashes, level = [leaf(canonical(entry)) for entry in log.entries], 0
    while hashes:
        for tile in range(0, len(hashes), TILE):
            data = b"".join(hashes[tile : tile + TILE])
            put(_tile(folder / str(level), tile // TILE, len(hashes)), data)
        whole = [hashes[tile : tile + TILE] for tile in range(0, len(hashes) - TILE + 1, TILE)]
        hashes, level = [Tree(part).root() for part in whole], level + 1


def _opening_lines(log: Log, keeps: Kept) -> list[bytes]:
    """A line an entry: the openings that its record's version before did not have."""
    lines = []
    before: dict[str, set[str]] = {}
    for index, (entry, openings) in enumerate(zip(log.entries, log.openings, strict=True)):
        carried = before.get(entry["record"], set())
        digests = entry["fields"]
        fresh = [
            list(each)
            for each in openings
            if digests.get(each[1]) not in carried | log.erased and keeps(index, each[1])
        ]
        lines.append(canonical({"index": index, "openings": fresh}) + b"\n")
        before[entry["record"]] = set(digests.values())
    return lines
