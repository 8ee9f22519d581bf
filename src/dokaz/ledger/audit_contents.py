"""Checking what the entries say: their form, the chain of versions, the openings, and the database's copy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern

from dokaz.errors import Fault, TrustError
from dokaz.ledger.durable import UNFINISHED
from dokaz.ledger.entry import Entry
from dokaz.ledger.opening import Opening
from dokaz.ledger.openings_store import OpeningsStore, openings_path
from dokaz.ledger.tiles import ENTRIES, TILE_WIDTH, tile_path

RESTORE = "restore it from a copy, and find out who could write here"
#: What is wrong in the database alone is cured from the files that were published.
REBUILD = "find out who wrote here; `dokaz rebuild` makes the tables anew from the ledger (docs/operating.md, Restore)"
CARRY_OUT = "`dokaz erase again` carries out what was ordered; find out who brought it back"


@dataclass
class _Record:
    """What is remembered of a record: its newest version, and the names under which its digests were opened."""

    version: int
    leaf: str
    kind: str
    opened: dict[str, str] = field(default_factory=dict)


class ContentsCheck:
    """Sees every entry once, in order, with its line of openings and the database's copy beside it."""

    def __init__(
        self,
        store: Path,
        *,
        entries: Iterable[tuple[int, bytes]] | None,
        openings: Iterable[tuple[int, Sequence[Opening]]] | None,
        erased: Mapping[str, str],
        due: Collection[str],
    ) -> None:
        self.findings: list[Fault] = []
        self._root = store / "openings"
        self._store = OpeningsStore(self._root)
        self._erased, self._due = erased, due
        self._rows = None if entries is None else iter(entries)
        self._row_openings = None if openings is None else iter(openings)
        self._next_openings = self._take_ahead()
        self._records: dict[str, _Record] = {}
        # Half of each digest, as a number: enough to tell digests apart, and a third of the memory.
        self._opened_anywhere: set[int] = set()
        # Whether the database holds no entry that is not published: then nothing unfinished can be explained by one.
        self._nothing_waits = False
        self._tile: list[bytes] | None = None
        self._tile_number = -1

    def see(self, index: int, data: bytes | None) -> None:
        """Check one entry; None stands for one that could not be read from its bundle."""
        file = f"ledger/{tile_path(ENTRIES, index // TILE_WIDTH)}"
        self._compare_row(index, data)
        line = self._line(index)
        row_openings = self._openings_of_row(index)
        if data is None:
            return
        try:
            entry = Entry.parse(data)
        except TrustError as error:
            self._find(file, f"entry {index}: {error.what}")
            return
        record = self._follow(index, entry, file)
        self._compare_openings(index, entry, record, line, row_openings)

    def _compare_row(self, index: int, data: bytes | None) -> None:
        if self._rows is None:
            return
        try:
            row = next(self._rows, None)
        except TrustError as error:
            self._find("database", f"entry {index} cannot be read: {error.what}")
            self._rows = None
            return
        if row is None:
            self._find("database", f"entry {index} is published, but the database does not hold it")
            self._rows = None
        elif row[0] != index:
            self._find("database", f"holds entry {row[0]} where {index} is due: rows are missing or out of order")
            self._rows = None
        elif data is not None and row[1] != data:
            self._find("database", f"entry {index} differs from the published one")

    def _openings_of_row(self, index: int) -> Sequence[Opening] | None:
        """Give the database's new openings of an entry; None where there is no database, or it cannot be read on."""
        if self._next_openings is not None and self._next_openings[0] == index:
            openings = self._next_openings[1]
            self._next_openings = self._take_ahead()
            return openings
        return None if self._row_openings is None else ()

    def _take_ahead(self) -> tuple[int, Sequence[Opening]] | None:
        if self._row_openings is None:
            return None
        try:
            return next(self._row_openings, None)
        except TrustError as error:
            # What comes after it cannot be reached, so it is not said to be missing.
            self._find("database", f"an opening cannot be read: {error.what}")
            self._row_openings = None
            return None

    def _follow(self, index: int, entry: Entry, file: str) -> _Record:
        """Check that the entry is the next version of its record."""
        known = self._records.get(entry.record)
        if known is None:
            known = self._records[entry.record] = _Record(0, "", entry.kind)
        if entry.version != known.version + 1:
            what = f"entry {index} is version {entry.version} of {entry.record} after version {known.version}"
            self._find(file, what)
        elif entry.previous not in ((), (known.leaf,)):
            what = f"entry {index} says it replaces {entry.previous[0]}, but version {known.version} is {known.leaf}"
            self._find(file, what)
        if entry.kind != known.kind:
            self._find(file, f"entry {index} makes a {entry.kind} of {entry.record}, which was a {known.kind}")
        known.version, known.leaf = entry.version, entry.leaf_hash
        return known

    def _compare_openings(
        self, index: int, entry: Entry, record: _Record, line: list[Opening] | None, rows: Sequence[Opening] | None
    ) -> None:
        file = f"openings/{openings_path(index // TILE_WIDTH)}"
        fields = set(entry.fields.values())
        fresh: dict[str, str] = {}
        for source, openings in ((file, line), ("database", rows)):
            digests = set()
            for opening in openings or ():
                digests.add(opening.digest)
                if opening.digest not in fields:
                    said = f"{opening.name!r} = {_short(opening.value)}"
                    self._find(source, f"entry {index} never said {said}: altered, or not of this entry")
                elif opening.digest in self._erased:
                    self._still_there(source, f"entry {index}: {opening.name!r}", opening.digest)
                elif source == file and opening.digest in record.opened:
                    self._find(source, f"entry {index}: {opening.name!r} was opened before, and is repeated")
                else:
                    fresh[opening.digest] = intern(opening.name)
            if openings is not None:
                for name, digest in sorted(entry.fields.items()):
                    if digest not in digests and digest not in record.opened and digest not in self._erased:
                        self._find(source, f"entry {index}: nothing opens its field {name!r}, and no order erased it")
        for digest in fresh:
            if (half := int(digest[:32], 16)) in self._opened_anywhere:
                self._find(file, f"entry {index}: {fresh[digest]!r} was opened before for another record")
            self._opened_anywhere.add(half)
        record.opened = {d: n for d, n in (record.opened | fresh).items() if d in fields}
        for name, digest in sorted(entry.fields.items()):
            if record.opened.get(digest, name) != name:
                self._find(file, f"entry {index}: its field {name!r} is opened as {record.opened[digest]!r}")

    def _still_there(self, source: str, which: str, digest: str) -> None:
        what = f"{which} is there, though {self._erased[digest]} ordered that it be erased"
        if digest in self._due and source != "database":
            self.findings.append(Fault(source, what, "the next start carries it on", unfinished=True))
        else:
            self.findings.append(Fault(source, what, CARRY_OUT))

    def _line(self, index: int) -> list[Opening] | None:
        """Give the openings on disk of an entry; None, with a finding, where they cannot be read."""
        tile, place = divmod(index, TILE_WIDTH)
        if tile != self._tile_number:
            self._tile_number, self._tile = tile, None
            try:
                self._tile = self._store.lines(tile)
            except TrustError as error:
                self._find(
                    f"openings/{openings_path(tile)}", error.what.removeprefix(f"openings/{openings_path(tile)} is ")
                )
        if self._tile is None:
            return None
        if place >= len(self._tile):
            if place == len(self._tile):
                self._find(f"openings/{openings_path(tile)}", f"has no complete line for entry {index}")
            return None
        try:
            return self._store.read_line(self._tile[place], index)
        except TrustError as error:
            self._find(f"openings/{openings_path(tile)}", error.what.removeprefix(f"openings/{openings_path(tile)}, "))
            return None

    def finish(self, size: int) -> None:
        """Look at what lies beyond the last entry: in the database, and in ``openings/``."""
        if self._rows is not None:
            if (row := next(self._rows, None)) is not None:
                what = f"entry {row[0]} and what follows is not published yet"
                self.findings.append(Fault("database", what, "the next start carries it on", unfinished=True))
            else:
                self._nothing_waits = True
        due = {openings_path(tile): tile for tile in range((size + TILE_WIDTH - 1) // TILE_WIDTH)}
        for path in sorted(self._root.rglob("*")):
            name = path.relative_to(self._root).as_posix()
            if path.is_dir() and not path.is_symlink():
                continue
            is_next = name == openings_path(len(due)) and not self._nothing_waits
            if name.endswith(UNFINISHED) or (name not in due and is_next):
                self._unfinished(name, "left behind by a writing that was cut short")
            elif path.is_symlink() or name not in due:
                self._find(f"openings/{name}", "is not a file of this store")
            else:
                self._look_at_end(path, name, min(TILE_WIDTH, size - due[name] * TILE_WIDTH))

    def _look_at_end(self, path: Path, name: str, lines_due: int) -> None:
        try:
            *lines, torn = path.read_bytes().split(b"\n")
        except OSError:
            return  # named where its lines were due
        if len(lines) > lines_due or (torn and len(lines) >= lines_due):
            what = f"has more than the {lines_due} lines that belong to entries"
            if self._nothing_waits:
                whole = sum(len(line) + 1 for line in lines[:lines_due])
                advice = (
                    f"no filing waits that could have begun it: keep a copy, then truncate -s {whole} openings/{name}"
                )
                self.findings.append(Fault(f"openings/{name}", what, advice))
            else:
                self._unfinished(name, what)
        elif torn:
            self._find(f"openings/{name}", f"line {len(lines) + 1} is cut short")

    def _unfinished(self, name: str, what: str) -> None:
        self.findings.append(Fault(f"openings/{name}", what, "the next start carries it on", unfinished=True))

    def _find(self, file: str, what: str) -> None:
        self.findings.append(Fault(file, what, REBUILD if file == "database" else RESTORE))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + "…"
