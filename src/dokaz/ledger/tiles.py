"""Entries and hashes as files of 256, in the form that any tlog reader understands (C2SP tlog-tiles)."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from dokaz.errors import LedgerBroken, LedgerForked
from dokaz.ledger.durable import UNFINISHED, make_directory, sync_directory, write_whole
from dokaz.ledger.merkle import HASH_SIZE, Frontier, leaf_hash, node_hash

TILE_WIDTH = 256
TILE_HEIGHT = 8
ENTRIES = "entries"


def tile_path(level: int | str, index: int, width: int = TILE_WIDTH) -> str:
    """Name a tile below the ledger's directory.

    Args:     level: 0 for leaf hashes and so on upwards, or ``"entries"``.
              index: number of the tile at its level.
              width: how many of its 256 places are filled.
    Example:
        >>> tile_path(0, 1234067)
        'tile/0/x001/x234/067'
        >>> tile_path("entries", 273, 112)
        'tile/entries/273.p/112'
    """
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    return f"tile/{level}/{'/'.join(groups)}" + ("" if width == TILE_WIDTH else f".p/{width}")


def pack_entries(entries: Iterable[bytes]) -> bytes:
    """Write entries as an entry bundle: each after its length as a big-endian 16-bit number."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unpack_entries(data: bytes, *, file: str) -> list[bytes]:
    """Read an entry bundle back.

    Raises:   LedgerBroken: the bundle ends in the middle of an entry.
    """
    entries: list[bytes] = []
    place = 0
    while place < len(data):
        if place + 2 > len(data):
            raise LedgerBroken(f"{file}: ends within the length of its entry {len(entries)}")
        (length,) = struct.unpack_from(">H", data, place)
        place += 2
        if place + length > len(data):
            raise LedgerBroken(
                f"{file}: ends within its entry {len(entries)}, {place + length - len(data)} bytes short"
            )
        entries.append(data[place : place + length])
        place += length
    return entries


class TileStore:
    """The published log as files under ``tile/`` of one directory.

    Rules. A file is put in place whole and never changed afterwards. Entries come before the hashes that speak of them.
    A full tile never changes; a partial one is followed by a wider one and goes when its tile is full. Appending again
    what was appended before writes nothing; appending something else in its place is refused.

    Args:     path: the ledger's directory (the one that holds ``tile/``).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # Full tiles never change, so what was read once may be kept; a partial one is never asked for twice in a row.
        self._read_tile = lru_cache(maxsize=512)(self._read_hash_tile)

    def append(self, entries: Iterable[bytes], *, size: int) -> Frontier:
        """Write the entries that follow the first ``size`` ones, and all hashes that they complete.

        Args:     entries: as bytes, in order; may be a generator, and is gone through once.
                  size: how many entries are published already, as the newest checkpoint says. Files beyond it are the
                  leavings of a writing that was cut short; they are compared, not trusted.
        Returns:  the frontier of the longer tree, hence its size and root; all its files are durable.
        Raises:   LedgerForked: a file that is there already says something else; none is overwritten.
                  LedgerBroken: the files of the first ``size`` entries are missing or cut short.
                  DiskFull: no room; what was published before is untouched.
        """
        leaves = self._append_entries(entries, size)
        return self._append_hashes(leaves, size)

    def _append_entries(self, entries: Iterable[bytes], size: int) -> list[bytes]:
        index, filled = divmod(size, TILE_WIDTH)
        bundle = self._entries_of_tile(index, filled) if filled else []
        leaves: list[bytes] = []
        touched: set[Path] = set()
        for entry in entries:
            if len(entry) > 0xFFFF:
                raise LedgerBroken(f"entry {size + len(leaves)} has {len(entry):,} bytes where 65,535 are the most")
            bundle.append(entry)
            leaves.append(leaf_hash(entry))
            if len(bundle) == TILE_WIDTH:
                self._put(ENTRIES, index, pack_entries(bundle), TILE_WIDTH, touched)
                index, bundle = index + 1, []
        if bundle and leaves:
            self._put(ENTRIES, index, pack_entries(bundle), len(bundle), touched)
        self._sync(touched)
        return leaves

    def _append_hashes(self, leaves: list[bytes], size: int) -> Frontier:
        touched: set[Path] = set()
        frontier = Frontier.read(size, self.read_hash).extend(leaves)
        new, level, full = leaves, 0, []
        while new:
            index, filled = divmod(size, TILE_WIDTH)
            hashes = self._hashes_of_tile(level, index, filled) if filled else []
            above = []
            for each in new:
                hashes.append(each)
                if len(hashes) == TILE_WIDTH:
                    self._put(level, index, b"".join(hashes), TILE_WIDTH, touched)
                    full.append((level, index))
                    above.append(tile_root(hashes))
                    index, hashes = index + 1, []
            if hashes:
                self._put(level, index, b"".join(hashes), len(hashes), touched)
            new, size, level = above, size // TILE_WIDTH, level + 1
        self._sync(touched)
        for level, index in full:
            self._drop_partial(level, index)
            if level == 0:
                self._drop_partial(ENTRIES, index)
        return frontier

    def read_entry(self, index: int) -> bytes:
        """Give one entry.

        Raises:   LedgerBroken: its bundle is missing or cut short.
        """
        tile, place = divmod(index, TILE_WIDTH)
        return self._entries_of_tile(tile, place + 1)[place]

    def read_entries(self, start: int, end: int) -> Iterator[bytes]:
        """Give entries ``start`` to ``end - 1``, reading each bundle once."""
        while start < end:
            tile, first = divmod(start, TILE_WIDTH)
            last = min(TILE_WIDTH, first + end - start)
            yield from self._entries_of_tile(tile, last)[first:last]
            start += last - first

    def read_hash(self, level: int, index: int) -> bytes:
        """Give the root of the complete subtree over leaves ``index * 2**level`` up to the next such; feeds all proofs.

        Raises:   LedgerBroken: the tile that holds it is missing or cut short.
        """
        tile_level, inner = divmod(level, TILE_HEIGHT)
        first = index << inner
        tile, place = divmod(first, TILE_WIDTH)
        width = place + (1 << inner)
        return tile_root(self._hashes_of_tile(tile_level, tile, width)[place:width])

    def _hashes_of_tile(self, level: int, index: int, width: int) -> list[bytes]:
        """Give the first ``width`` hashes of a tile, from the full file if there is one."""
        data = self._read_tile(level, index, width)
        return [data[at : at + HASH_SIZE] for at in range(0, width * HASH_SIZE, HASH_SIZE)]

    def _read_hash_tile(self, level: int, index: int, width: int) -> bytes:
        file, data, filled = self._find(level, index, width)
        if len(data) != filled * HASH_SIZE:
            raise LedgerBroken(f"{file}: {len(data):,} bytes where {filled} hashes have {filled * HASH_SIZE:,}")
        return data

    def _entries_of_tile(self, index: int, width: int) -> list[bytes]:
        file, data, filled = self._find(ENTRIES, index, width)
        entries = unpack_entries(data, file=file)
        if len(entries) != filled:
            raise LedgerBroken(f"{file}: holds {len(entries)} entries where its name says {filled}")
        return entries[:width]

    def _find(self, level: int | str, index: int, width: int) -> tuple[str, bytes, int]:
        """Read a file of a tile with ``width`` places filled or more: the full one, else the narrowest."""
        # The full one once more at the end: it may have taken the partial ones' place between the looks.
        for filled in (TILE_WIDTH, *self.partial_widths(level, index), TILE_WIDTH):
            if filled >= width:
                name = tile_path(level, index, filled)
                try:
                    return name, (self.path / name).read_bytes(), filled
                except FileNotFoundError:
                    continue
                except OSError as error:
                    raise LedgerBroken(
                        f"{name} cannot be read: {error.strerror}", next_step="restore it from a copy of the ledger"
                    ) from error
        raise LedgerBroken(
            f"{tile_path(level, index, width)} is missing",
            next_step="restore it from a copy of the ledger, or rebuild it from the entries",
        )

    def partial_widths(self, level: int | str, index: int) -> list[int]:
        """List how wide the partial files of a tile are, ascending."""
        directory = self.path / (tile_path(level, index) + ".p")
        try:
            names = os.listdir(directory)
        except OSError:
            return []  # what cannot be listed cannot be used; `dokaz check` names it
        return sorted(int(name) for name in names if name.isascii() and name.isdigit())

    def _put(self, level: int | str, index: int, data: bytes, width: int, touched: set[Path]) -> None:
        file = self.path / tile_path(level, index, width)
        try:
            there = file.read_bytes()
        except FileNotFoundError:
            make_directory(file.parent)
            write_whole(file, data)
        else:
            if there != data:
                raise LedgerForked(
                    f"{tile_path(level, index, width)} was published with other content",
                    next_step="the database is not this ledger's, or the file was altered; run: dokaz check",
                )
        # Also when it was there: the process that put it there may have died before its directory was durable.
        touched.add(file.parent)

    def _sync(self, touched: set[Path]) -> None:
        for directory in touched:
            sync_directory(directory)

    def _drop_partial(self, level: int | str, index: int) -> None:
        directory = self.path / (tile_path(level, index) + ".p")
        if directory.is_dir():
            for file in directory.iterdir():
                if file.name.removesuffix(UNFINISHED).isdigit():
                    file.unlink()
            directory.rmdir()
        self._read_tile.cache_clear()


def tile_root(hashes: list[bytes]) -> bytes:
    """Give the root of a complete subtree from its lowest hashes; requires a power of two of them."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]
