"""Openings on disk: what the digests in the log stand for, kept apart so that it can be withheld or erased."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from dokaz.errors import BadOpening, LedgerBroken, LedgerForked, NotCanonical
from dokaz.ledger.canonical import canonical, parse
from dokaz.ledger.durable import make_directory, refusing_full_disk, sync_directory, write_whole
from dokaz.ledger.opening import Opening
from dokaz.ledger.tiles import TILE_WIDTH, tile_path


def openings_path(tile: int) -> str:
    """Name the file that holds the openings of 256 entries.

    Example:
        >>> openings_path(1234)
        'x001/234.jsonl'
    """
    return tile_path("openings", tile).removeprefix("tile/openings/") + ".jsonl"


class OpeningsStore:
    """Openings as lines of JSON, a line an entry, a file for each 256 entries.

    Rules. A line is appended once, in the order of the entries, and holds the openings that are new with its entry.
    What a killed process left of a line is finished by the next append of that line, and by nothing else. Only erasure
    changes a line, and the file with it is put in place whole.

    Args:     path: the directory ``openings/``. Readable by its owner only, for it holds names.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, lines: Iterable[tuple[int, Sequence[Opening]]]) -> None:
        """Write the new openings of entries, in ascending order of their index without gaps.

        Lines that are there already are compared: the writing may have been cut short after them.

        Raises:   LedgerForked: a line that is there already opens something that it should not.
                  LedgerBroken: a line is missing before the first one.
                  DiskFull: no room; complete lines stay.
        """
        tile, first = -1, 0
        texts: list[bytes] = []
        for index, openings in lines:
            if texts and index != first + len(texts):
                raise LedgerBroken(f"openings of entry {index} follow those of entry {first + len(texts) - 1}")
            if index // TILE_WIDTH != tile:
                self._append_to_file(tile, first, texts)
                tile, first, texts = index // TILE_WIDTH, index, []
            texts.append(_write_line(index, openings))
        self._append_to_file(tile, first, texts)

    def _append_to_file(self, tile: int, first: int, lines: list[bytes]) -> None:
        if not lines:
            return
        file = self.path / openings_path(tile)
        make_directory(file.parent, mode=0o700)
        with (
            refusing_full_disk(file),
            open(os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b") as handle,
        ):
            there = handle.read().split(b"\n")
            torn = there.pop()
            skip = first % TILE_WIDTH
            if len(there) < skip:
                raise LedgerBroken(
                    f"{openings_path(tile)}: {len(there)} lines where entry {first} would be line {skip + 1}"
                )
            old, new = there[skip:], lines[len(there) - skip :]
            for number, (before, due) in enumerate(zip(old, lines, strict=False), start=skip):
                # An opening may have been destroyed since the line was written, in the file or in the database.
                if before != due and not (_is_what_erasure_left(before, due) or _is_what_erasure_left(due, before)):
                    raise LedgerForked(
                        f"{openings_path(tile)}, line {number + 1}: opens something else than the entry to be filed"
                    )
            if torn and not (new and new[0].startswith(torn)):
                raise LedgerBroken(
                    f"{openings_path(tile)}: the last line is cut short, and is not how the line that is due begins",
                    next_step="restore the file from a copy",
                )
            keep = sum(len(line) + 1 for line in there)
            if new:
                try:
                    handle.seek(keep)
                    handle.truncate()
                    handle.write(b"".join(line + b"\n" for line in new))
                    handle.flush()
                except OSError:
                    os.ftruncate(handle.fileno(), keep)
                    raise
            os.fsync(handle.fileno())
        sync_directory(file.parent)

    def read(self, index: int) -> list[Opening]:
        """Give the openings that are new with one entry, less those erased.

        Raises:   LedgerBroken: there is no complete line for this entry.
                  BadOpening: the line is not what the format admits.
        """
        tile, place = divmod(index, TILE_WIDTH)
        lines = self.lines(tile)
        if place >= len(lines):
            raise LedgerBroken(f"{openings_path(tile)}: no line for entry {index}")
        return self.read_line(lines[place], index)

    def read_all(self, *, size: int | None = None) -> Iterator[tuple[int, list[Opening]]]:
        """Give the openings of every entry, in order, as (index, openings); up to ``size`` entries if given."""
        tile = 0
        while (self.path / openings_path(tile)).exists() and (size is None or tile * TILE_WIDTH < size):
            for place, line in enumerate(self.lines(tile)):
                index = tile * TILE_WIDTH + place
                if size is None or index < size:
                    yield index, self.read_line(line, index)
            tile += 1

    def erase(self, digests: Mapping[str, int]) -> int:
        """Destroy openings. The entries still verify; what these fields said can no longer be shown by anyone.

        Copies made before (backups, bundles, freed blocks of the disk) are beyond our reach; the caller must say so.

        Args:     digests: each with the index of the entry with which it was filed.
        Returns:  how many of them there were.
        Raises:   LedgerBroken: a file of openings is missing.
                  BadOpening: a line is not what the format admits.
                  DiskFull: no room for the file without them; the former one stands.
        """
        count = 0
        for tile, places in groupby(sorted(set(digests.values())), lambda index: index // TILE_WIDTH):
            lines, before = self.lines(tile), count
            for index in places:
                if index % TILE_WIDTH < len(lines):
                    openings = self.read_line(lines[index % TILE_WIDTH], index)
                    rest = [opening for opening in openings if digests.get(opening.digest) != index]
                    lines[index % TILE_WIDTH] = _write_line(index, rest)
                    count += len(openings) - len(rest)
            if count > before:
                file = self.path / openings_path(tile)
                with refusing_full_disk(file):
                    write_whole(file, b"".join(each + b"\n" for each in lines), mode=0o600)
                sync_directory(file.parent)
        return count

    def read_line(self, line: bytes, index: int) -> list[Opening]:
        """Read the line of one entry.

        Raises:   BadOpening: the line is not what the format admits, or speaks of another entry.
        """
        place = f"openings/{openings_path(index // TILE_WIDTH)}, line {index % TILE_WIDTH + 1}"
        try:
            raw = parse(line)
        except NotCanonical as error:
            raise BadOpening(f"{place}: {error.what}") from error
        if not isinstance(raw, dict) or raw.keys() != {"index", "openings"} or not isinstance(raw["openings"], list):
            raise BadOpening(f"{place}: not an object with index and openings")
        if type(raw["index"]) is not int or raw["index"] != index:
            raise BadOpening(f"{place}: speaks of entry {raw['index']!r}, not of {index}")
        try:
            return [Opening.from_json(each) for each in raw["openings"]]
        except BadOpening as error:
            raise BadOpening(f"{place}: {error.what}") from error

    def lines(self, tile: int) -> list[bytes]:
        """Give the complete lines of a file, as they stand.

        Raises:   LedgerBroken: the file is missing.
        """
        try:
            lines = (self.path / openings_path(tile)).read_bytes().split(b"\n")
        except FileNotFoundError as error:
            raise LedgerBroken(
                f"openings/{openings_path(tile)} is missing", next_step="restore it from a copy"
            ) from error
        except OSError as error:
            raise LedgerBroken(
                f"openings/{openings_path(tile)} cannot be read: {error.strerror}", next_step="restore it from a copy"
            ) from error
        return lines[:-1]


def _write_line(index: int, openings: Sequence[Opening]) -> bytes:
    return canonical({"index": index, "openings": [opening.to_json() for opening in openings]})


def _is_what_erasure_left(line: bytes, due: bytes) -> bool:
    """Tell whether a line is the due one with some openings taken out."""
    try:
        left, whole = parse(line), parse(due)
        rest = iter(whole["openings"])
        return left["index"] == whole["index"] and all(each in rest for each in left["openings"])
    except (NotCanonical, KeyError, TypeError):
        return False
