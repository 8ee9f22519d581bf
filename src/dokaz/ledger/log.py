"""A log on disk: publishes what was filed, in the order that a crash cannot break, and answers with proofs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from dokaz.errors import LedgerBroken, LedgerForked
from dokaz.ledger.checkpoint import Checkpoint, LogKey, open_checkpoint
from dokaz.ledger.durable import alone_in, make_directory, sync_directory, write_whole
from dokaz.ledger.entry import Entry
from dokaz.ledger.merkle import Frontier, consistency_proof, inclusion_proof
from dokaz.ledger.note import VerifierKey
from dokaz.ledger.opening import Opening
from dokaz.ledger.openings_store import OpeningsStore
from dokaz.ledger.proof import Receipt
from dokaz.ledger.tiles import TileStore

Filed = tuple[bytes, Sequence[Opening]]
"""An entry's bytes and the openings that are new with it."""


class Log:
    """The directories ``ledger/`` and ``openings/`` of a store.

    Order of writing: openings, entry tiles, hash tiles, checkpoint; each durable before the next begins. The checkpoint
    never speaks of an entry that is not durable. Whatever is killed in between is carried on by the next ``publish``
    with the same entries.

    Args:     store: the directory that holds ``ledger/`` and ``openings/``.
              verifier: the log's public key, taken from where the reader trusts it; by default that in ``ledger/key``.
    """

    def __init__(self, store: Path, verifier: VerifierKey | None = None) -> None:
        self.ledger = store / "ledger"
        self.tiles = TileStore(self.ledger)
        self.openings = OpeningsStore(store / "openings")
        self._verifier = verifier

    @classmethod
    def found(cls, store: Path, key: LogKey) -> Log:
        """Begin a log: write its public key and the checkpoint of the empty tree.

        Raises:   LedgerForked: there is a log already.
        """
        log = cls(store, key.verifier)
        make_directory(log.ledger)
        make_directory(store / "openings", mode=0o700)
        if (log.ledger / "key").exists() and log.verifier_on_disk() != key.verifier:
            raise LedgerForked(f"{store.name}: a log with another key is here already")
        if not (log.ledger / "checkpoint").exists():
            write_whole(log.ledger / "key", f"{key.verifier}\n".encode())
            log._put_checkpoint(key.sign(Checkpoint(key.verifier.name, 0, Frontier().root)))
        return log

    @property
    def verifier(self) -> VerifierKey:
        """The log's public key."""
        if self._verifier is None:
            self._verifier = self.verifier_on_disk()
        return self._verifier

    def verifier_on_disk(self) -> VerifierKey:
        """The public key in ``ledger/key``."""
        return VerifierKey.parse(_read_text(self.ledger / "key"))

    @property
    def note(self) -> str:
        """The newest checkpoint as the signed note it is."""
        return _read_text(self.ledger / "checkpoint")

    @property
    def head(self) -> Checkpoint:
        """The newest checkpoint.

        Raises:   BadNote, NotSigned, WrongSignature, BadCheckpoint: it is not this log's.
        """
        return open_checkpoint(self.note, self.verifier)

    @property
    def size(self) -> int:
        """How many entries are published."""
        return self.head.size

    def publish(self, filed: Iterable[Filed], *, first: int, key: LogKey) -> Checkpoint:
        """Publish entries that the database already holds.

        Args:     filed: each entry with its new openings, in the order of the log; a generator will do.
                  first: index of the first of them, at most the published size. What is published is compared.
                  key: signs the checkpoint.
        Returns:  the checkpoint now on disk.
        Raises:   LedgerForked: what is published already differs from what is to be published.
                  LedgerBroken: entries between the published size and ``first`` are not handed in.
                  DiskFull: no room; the former checkpoint stands and holds.
        """
        with alone_in(self.ledger):
            head = self.head
            if first > head.size:
                raise LedgerBroken(
                    f"entries {head.size} to {first - 1} are not published yet", next_step="publish from there on"
                )
            before = Frontier.read(head.size, self.tiles.read_hash)
            if before.root != head.root:
                raise LedgerBroken(
                    "the hash tiles do not lead to the root of the checkpoint", next_step="run: dokaz check"
                )
            rest = iter(filed)
            for index in range(first, head.size):
                again = next(rest, None)
                if again is None:
                    return head
                if again[0] != self.tiles.read_entry(index):
                    raise LedgerForked(f"entry {index} was published with other content", next_step="run: dokaz check")
            after = self._append(rest, head.size)
            if after.size == head.size:
                return head
            checkpoint = Checkpoint(head.origin, after.size, after.root)
            self._put_checkpoint(key.sign(checkpoint))
            return checkpoint

    def _append(self, filed: Iterable[Filed], size: int) -> Frontier:
        """Write openings and entries in portions, so that a long import is not held in memory."""
        frontier, portion = Frontier.read(size, self.tiles.read_hash), []
        for each in chain(filed, [None]):
            if each is not None:
                portion.append(each)
            if portion and (each is None or len(portion) == 16_384):
                start = frontier.size
                self.openings.append((start + i, openings) for i, (_, openings) in enumerate(portion))
                frontier = self.tiles.append((entry for entry, _ in portion), size=start)
                portion = []
        return frontier

    def read_entry(self, index: int) -> Entry:
        """Give an entry, as read from its tile; its proof is another question."""
        return Entry.parse(self.tiles.read_entry(index))

    def inclusion(self, index: int, *, size: int | None = None) -> list[bytes]:
        """Give the inclusion proof of an entry, under the newest checkpoint or an older size."""
        return inclusion_proof(index, self.size if size is None else size, self.tiles.read_hash)

    def consistency(self, old_size: int, *, size: int | None = None) -> list[bytes]:
        """Give the proof that the log only grew since it had ``old_size`` entries."""
        return consistency_proof(old_size, self.size if size is None else size, self.tiles.read_hash)

    def receipt(self, index: int) -> Receipt:
        """Give the receipt of an entry under the newest checkpoint."""
        note = self.note
        size = open_checkpoint(note, self.verifier).size
        return Receipt(index, tuple(self.inclusion(index, size=size)), note)

    def _put_checkpoint(self, note: str) -> None:
        write_whole(self.ledger / "checkpoint", note.encode())
        sync_directory(self.ledger)


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise LedgerBroken(f"ledger/{path.name} is missing", next_step="restore it from a copy") from error
    except UnicodeDecodeError as error:
        raise LedgerBroken(f"ledger/{path.name}: byte {error.start} is not UTF-8") from error
