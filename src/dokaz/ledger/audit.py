"""Checking a ledger from the ground up: every file is recomputed from the entries, and nothing but the key trusted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from dokaz.errors import BadVerifierKey, Fault, LedgerBroken, TrustError
from dokaz.ledger.audit_contents import ContentsCheck
from dokaz.ledger.checkpoint import Checkpoint, open_by_any
from dokaz.ledger.durable import UNFINISHED
from dokaz.ledger.merkle import HASH_SIZE, Frontier, leaf_hash
from dokaz.ledger.note import VerifierKey
from dokaz.ledger.opening import Opening
from dokaz.ledger.tiles import ENTRIES, TILE_WIDTH, TileStore, tile_path, tile_root, unpack_entries

RESTORE = "restore it from a copy, and find out who could write here"
CARRIED_ON = "the next start carries it on"


def check_ledger(
    store: Path,
    key: VerifierKey | str,
    *,
    entries: Iterable[tuple[int, bytes]] | None = None,
    openings: Iterable[tuple[int, Sequence[Opening]]] | None = None,
    erased: Mapping[str, str] | None = None,
    due: Collection[str] = (),
    progress: Callable[[int], None] | None = None,
) -> list[Fault]:
    """Recompute everything under ``ledger/`` and ``openings/``, and compare it with the database if that is handed in.

    Trusts nothing but the key. Every file is read; each that is altered, missing, cut short or not of the ledger is
    found. What was cut short by a crash, and loses nothing, is a finding marked ``unfinished``.

    Args:     store: the directory that holds ``ledger/`` and ``openings/``.
              key: the log's public key, from where it was published; that in ``ledger/key`` proves nothing by itself.
              entries: what the database holds, as (index, bytes), ascending from 0.
              openings: what the database holds, as (index, openings new with this entry), ascending; an entry that
              brought none may be left out.
              erased: digests whose openings an order in force destroyed, each with the number of the order.
              due: those of them that the next start destroys on the disk.
              progress: told the number of entries done so far.
    Returns:  findings, the ledger's files first; none if everything holds.
    """
    trusted = VerifierKey.parse(key) if isinstance(key, str) else key
    check = _TilesCheck(store, trusted)
    contents = ContentsCheck(store, entries=entries, openings=openings, erased=erased or {}, due=due)
    for index, entry in check.run():
        contents.see(index, entry)
        if progress is not None:
            progress(index + 1)
    contents.finish(check.size)
    return check.findings + contents.findings


@dataclass
class _Level:
    """The right edge of one level while its tiles are recomputed."""

    index: int = 0
    hashes: list[bytes] = field(default_factory=list)


class _TilesCheck:
    """Goes through the entry bundles once, recomputes the tree, and compares each file as soon as it can be known."""

    def __init__(self, store: Path, key: VerifierKey) -> None:
        self.ledger = store / "ledger"
        self.tiles = TileStore(self.ledger)
        self.key = key
        self.findings: list[Fault] = []
        self.size = 0
        self.head = self._read_head()
        self._levels: list[_Level] = []
        self._frontier = Frontier()
        self._not_seen = {
            path.relative_to(self.ledger).as_posix()
            for path in self.ledger.rglob("*")
            if path.is_symlink() or not path.is_dir()
        }

    def run(self) -> Iterator[tuple[int, bytes | None]]:
        """Give each entry with its index as it stands on disk, or None where it cannot be read; collect findings."""
        self._not_seen -= {"key", "checkpoint", "signers"}
        tile = 0
        while found := self._read_tile(tile):
            bundle, leaves = found
            yield from enumerate(bundle, start=tile * TILE_WIDTH)
            self._grow(leaves)
            if len(leaves) < TILE_WIDTH:
                break
            tile += 1
        self._finish()

    def _read_head(self) -> Checkpoint | None:
        keys = [self.key]
        try:
            later = self._read("signers") if (self.ledger / "signers").exists() else b""
            on_disk = self._read("key") + later
            lines = on_disk.decode("utf-8", "replace").splitlines(keepends=True)
            if f"{self.key}\n" in lines:
                keys = [VerifierKey.parse(line) for line in lines]
            else:
                what = f"is not the log's published key: {on_disk.decode('utf-8', 'replace').strip()}"
                self._find("key", what, "compare it with the published one")
        except (LedgerBroken, BadVerifierKey) as error:
            self._find("key", error.what, RESTORE)
        try:
            return open_by_any(self._read("checkpoint"), keys)
        except TrustError as error:
            self._find("checkpoint", error.what, error.next_step or RESTORE)
            return None

    def _read(self, name: str) -> bytes:
        path = self.ledger / name
        try:
            if path.is_symlink():
                raise LedgerBroken("is a link to elsewhere")
            return path.read_bytes()
        except FileNotFoundError as error:
            raise LedgerBroken("missing") from error
        except OSError as error:
            raise LedgerBroken(f"cannot be read: {error.strerror}") from error

    def _read_tile(self, tile: int) -> tuple[list[bytes | None], list[bytes]] | None:
        """Read 256 entries and their leaf hashes, and settle which of the two is wrong where they differ.

        Entries and leaf hashes stand in different files, so one of them can be checked by the other; the level above
        (or the checkpoint, at the right edge) says which one belongs to the tree.
        """
        hashes, hash_file = self._widest_hashes(tile)
        bundle, file = self._widest_bundle(tile)
        if bundle is None and hashes is None:
            return None
        if bundle is None:
            bundle = []
        if hashes is None:
            hashes = []
        computed = [leaf_hash(each) for each in bundle]
        if computed[: len(hashes)] == hashes[: len(computed)]:
            if len(bundle) < len(hashes):
                self._find_gap(tile, len(bundle), len(hashes))
            return [*bundle, *[None] * (len(hashes) - len(bundle))], computed + hashes[len(computed) :]
        entries_hold = self._belongs(computed, tile) or not self._belongs(hashes, tile)
        for place, (ours, theirs) in enumerate(zip(computed, hashes, strict=False)):
            if ours != theirs:
                index = tile * TILE_WIDTH + place
                if entries_hold:
                    self._find(hash_file, f"place {place} is not the hash of entry {index}", RESTORE)
                else:
                    self._find(file, f"entry {index} was altered: the tree holds another hash for it", RESTORE)
        return list(bundle), computed if entries_hold else hashes

    def _find_gap(self, tile: int, read: int, due: int) -> None:
        # A crash leaves entries without hashes, never hashes without entries.
        name = tile_path(ENTRIES, tile, due)
        if not any(found.file == f"ledger/{name}" for found in self.findings):
            self._find(name, f"missing, so entries {tile * TILE_WIDTH + read} and following cannot be read", RESTORE)

    def _belongs(self, leaves: list[bytes], tile: int) -> bool:
        """Tell whether these leaf hashes lead to the hash above them."""
        try:
            if len(leaves) == TILE_WIDTH and (self.head is None or (tile + 1) * TILE_WIDTH <= self.head.size):
                return tile_root(leaves) == self.tiles.read_hash(8, tile)
        except TrustError:
            return False
        if self.head is None:
            return False
        return self._frontier.extend(leaves[: self.head.size - self._frontier.size]).root == self.head.root

    def _widest_hashes(self, tile: int) -> tuple[list[bytes] | None, str]:
        for width in (TILE_WIDTH, *reversed(self.tiles.partial_widths(0, tile))):
            name = tile_path(0, tile, width)
            try:
                data = self._read(name)
            except LedgerBroken:
                continue
            if len(data) == width * HASH_SIZE:
                return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)], name
        return None, ""

    def _widest_bundle(self, tile: int) -> tuple[list[bytes] | None, str]:
        for width in (TILE_WIDTH, *reversed(self.tiles.partial_widths(ENTRIES, tile))):
            name = tile_path(ENTRIES, tile, width)
            if name not in self._not_seen:
                continue
            self._not_seen.discard(name)
            try:
                bundle = unpack_entries(self._read(name), file="ledger/" + name)
                if len(bundle) != width:
                    raise LedgerBroken(f"holds {len(bundle)} entries where its name says {width}")
            except TrustError as error:
                self._find(name, error.what.removeprefix(f"ledger/{name}: "), RESTORE)
                continue
            self._compare_narrower(tile, bundle, width)
            return bundle, name
        return None, ""

    def _compare_narrower(self, tile: int, bundle: list[bytes], width: int) -> None:
        """A partial bundle of an earlier checkpoint must be how the later one begins."""
        for narrower in self.tiles.partial_widths(ENTRIES, tile):
            name = tile_path(ENTRIES, tile, narrower)
            if narrower < width:
                self._not_seen.discard(name)
                try:
                    same = unpack_entries(self._read(name), file=name) == bundle[:narrower]
                except TrustError:
                    same = False
                if not same:
                    self._find(name, f"is not how {tile_path(ENTRIES, tile, width)} begins", RESTORE)

    def _grow(self, leaves: list[bytes]) -> None:
        """Take leaf hashes into the tree, and compare each tile of hashes that is full."""
        before = self._frontier
        self._frontier = before.extend(leaves)
        if self.head is not None and before.size < self.head.size <= self._frontier.size:
            root = before.extend(leaves[: self.head.size - before.size]).root
            if root != self.head.root:
                self._find(
                    "checkpoint",
                    f"the log signed another root for {self.head.size} entries than the one these entries have",
                    "entries were altered after they were published, or the checkpoint is of another copy",
                )
        self.size = self._frontier.size
        new, level = leaves, 0
        while new:
            if level == len(self._levels):
                self._levels.append(_Level())
            edge, above = self._levels[level], []
            for each in new:
                edge.hashes.append(each)
                if len(edge.hashes) == TILE_WIDTH:
                    self._compare_hashes(level, edge)
                    above.append(tile_root(edge.hashes))
                    edge.index, edge.hashes = edge.index + 1, []
            new, level = above, level + 1

    def _finish(self) -> None:
        published = self.head.size if self.head is not None else self.size
        for level, edge in enumerate(self._levels):
            if edge.hashes:
                self._compare_hashes(level, edge)
        if published > self.size:
            self._find(
                "checkpoint",
                f"speaks of {published} entries, but only {self.size} can be read",
                "entries were removed, or their files are damaged; restore them from a copy",
            )
        elif published < self.size:
            self._find(
                "checkpoint",
                f"speaks of {published} entries, but {self.size} are written",
                f"if a writing was cut short, {CARRIED_ON}; else it was rolled back: compare it with a receipt",
                unfinished=True,
            )
        for name in sorted(self._not_seen):
            if name.endswith(UNFINISHED):
                self._find(name, "left behind by a writing that was cut short", CARRIED_ON, unfinished=True)
            elif published > self.size and name.startswith("tile/"):
                self._find(name, "cannot be checked, because what comes before it is missing", RESTORE)
            else:
                self._find(name, "is not a file of this ledger", "find out who put it there, and remove it")

    def _compare_hashes(self, level: int, edge: _Level) -> None:
        """Compare the files of one hash tile with what was recomputed; what the checkpoint needs must be there."""
        widths = [*self.tiles.partial_widths(level, edge.index)]
        if tile_path(level, edge.index) in self._not_seen:
            widths.append(TILE_WIDTH)
        for width in widths:
            name = tile_path(level, edge.index, width)
            self._not_seen.discard(name)
            if width > len(edge.hashes):
                self._find(name, f"holds hashes of entries that are not there ({len(edge.hashes)} are)", RESTORE)
                continue
            due = b"".join(islice(edge.hashes, width))
            try:
                data = self._read(name)
            except LedgerBroken as error:
                self._find(name, error.what, RESTORE)
                continue
            if len(data) != len(due):
                self._find(name, f"{len(data):,} bytes where {width} hashes have {len(due):,}", RESTORE)
            elif data != due and not any(found.file == f"ledger/{name}" for found in self.findings):
                place = next(at for at in range(len(due)) if data[at] != due[at]) // HASH_SIZE
                self._find(name, f"place {place} does not follow from the entries", RESTORE)
        needed = self._width_needed(level, edge.index)
        if needed and not any(width >= needed for width in widths):
            self._find(tile_path(level, edge.index, needed), "missing", RESTORE)

    def _width_needed(self, level: int, index: int) -> int:
        published = self.head.size if self.head is not None else self.size
        return max(0, min(TILE_WIDTH, (published >> 8 * level) - index * TILE_WIDTH))

    def _find(self, name: str, what: str, next_step: str, *, unfinished: bool = False) -> None:
        self.findings.append(Fault(f"ledger/{name}", what, next_step, unfinished))
