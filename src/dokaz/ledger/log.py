"""A log on disk: publishes what was filed, in the order that a crash cannot break, and answers with proofs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

from dokaz.errors import BadProof, LedgerBroken, LedgerForked
from dokaz.ledger.checkpoint import Checkpoint, LogKey, open_by_any
from dokaz.ledger.durable import alone_in, make_directory, sync_directory, write_whole
from dokaz.ledger.entry import Entry, log_id
from dokaz.ledger.merkle import Frontier, consistency_proof, inclusion_proof, verify_consistency
from dokaz.ledger.note import VerifierKey
from dokaz.ledger.opening import Opening
from dokaz.ledger.openings_store import OpeningsStore
from dokaz.ledger.proof import Receipt
from dokaz.ledger.tiles import TileStore

PORTION = 16_384


class Log:
    """The directories ``ledger/`` and ``openings/`` of a store.

    Order of writing: openings, entry tiles, hash tiles, checkpoint; each durable before the next begins. The checkpoint
    never speaks of an entry that is not durable. Whatever is killed in between is carried on by the next ``publish``
    with the same entries.

    Args:     store: the directory that holds ``ledger/`` and ``openings/``.
              verifier_key: the log's public key, from where the reader trusts it; by default that in ``ledger/key``.
    """

    def __init__(self, store: Path, verifier_key: VerifierKey | None = None) -> None:
        self.ledger = store / "ledger"
        self.tiles = TileStore(self.ledger)
        self.openings = OpeningsStore(store / "openings")
        self._trusted = verifier_key

    @classmethod
    def found(cls, store: Path, key: LogKey) -> Log:
        """Begin a log: write its public key and the checkpoint of the empty tree.

        Raises:   LedgerForked: there is a log already.
        """
        log = cls(store, key.verifier_key)
        make_directory(log.ledger)
        make_directory(store / "openings", mode=0o700)
        if (log.ledger / "key").exists() and log.verifier_key_on_disk() != key.verifier_key:
            raise LedgerForked(f"{store.name}: a log with another key is here already")
        if not (log.ledger / "checkpoint").exists():
            write_whole(log.ledger / "key", f"{key.verifier_key}\n".encode())
            log._put_checkpoint(key.sign(Checkpoint(key.verifier_key.name, 0, Frontier().root)))
        return log

    @property
    def verifier_key(self) -> VerifierKey:
        """The log's public key."""
        if self._trusted is None:
            self._trusted = self.verifier_key_on_disk()
        return self._trusted

    @cached_property
    def id(self) -> str:
        """The id of the log, which every entry and every signature names."""
        return log_id(str(self.verifier_key))

    def verifier_key_on_disk(self) -> VerifierKey:
        """The public key in ``ledger/key``."""
        return VerifierKey.parse(_read_text(self.ledger / "key"))

    @property
    def signers(self) -> list[VerifierKey]:
        """The keys that signed checkpoints of this log, the newest last: the first one, and those in ``ledger/signers``.

        Which of them may sign is what the log itself says; dokaz-verify holds the one against the other.
        """
        later = _read_text(self.ledger / "signers") if (self.ledger / "signers").exists() else ""
        return [self.verifier_key, *map(VerifierKey.parse, later.splitlines())]

    def open(self, note: str | bytes) -> Checkpoint:
        """What a checkpoint says that one of the log's keys signed.

        Raises:   BadNote, NotSigned, WrongSignature, BadCheckpoint: it is not this log's.
        """
        return open_by_any(note, self.signers)

    @property
    def note(self) -> str:
        """The newest checkpoint as the signed note it is."""
        return _read_text(self.ledger / "checkpoint")

    @property
    def head(self) -> Checkpoint:
        """The newest checkpoint.

        Raises:   BadNote, NotSigned, WrongSignature, BadCheckpoint: it is not this log's.
        """
        return self.open(self.note)

    @property
    def size(self) -> int:
        """How many entries are published."""
        return self.head.size

    def publish(
        self,
        entries: Iterable[bytes],
        openings: Iterable[tuple[int, Sequence[Opening]]],
        *,
        first: int,
        key: LogKey,
    ) -> Checkpoint:
        """Publish entries that the database already holds.

        Args:     entries: in the order of the log; a generator will do.
                  openings: (index, openings that are new with this entry), ascending; an entry that brings none may be
                  left out.
                  first: index of the first entry, at most the published size. What is published is compared.
                  key: signs the checkpoint.
        Returns:  the checkpoint now on disk.
        Raises:   LedgerForked: what is published already differs from what is to be published.
                  LedgerBroken: entries between the published size and ``first`` are not handed in, or the files no
                  longer lead to the root of the checkpoint.
                  DiskFull: no room; the former checkpoint stands and holds.
        """
        with alone_in(self.ledger):
            head = self.head
            if first > head.size:
                raise LedgerBroken(
                    f"entries {head.size} to {first - 1} are not published yet", next_step="publish from there on"
                )
            frontier = Frontier.read(head.size, self.tiles.read_hash)
            if frontier.root != head.root:
                raise LedgerBroken(
                    "the hash tiles do not lead to the root of the checkpoint", next_step="run: dokaz check"
                )
            rest = _with_their_openings(entries, openings, first)
            for index, entry, _ in islice(rest, head.size - first):
                if entry != self.tiles.read_entry(index):
                    raise LedgerForked(f"entry {index} was published with other content", next_step="run: dokaz check")
            # In portions, so that a long import is not held in memory.
            while portion := list(islice(rest, PORTION)):
                self.openings.append((index, opened) for index, _, opened in portion)
                frontier = self.tiles.append((entry for _, entry, _ in portion), size=frontier.size)
            if frontier.size == head.size:
                return head
            checkpoint = Checkpoint(head.origin, frontier.size, frontier.root)
            self._note_signer(key.verifier_key)
            self._put_checkpoint(key.sign(checkpoint))
            return checkpoint

    def erase(self, digests: Mapping[str, int]) -> int:
        """Destroy openings that were published, while nobody else publishes (``OpeningsStore.erase``).

        Args:     digests: each with the index of the entry with which it was filed.
        Returns:  how many of them there were.
        """
        with alone_in(self.ledger):
            return self.openings.erase(digests)

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
        size = self.open(note).size
        return Receipt(index, tuple(self.inclusion(index, size=size)), note)

    def must_extend(self, older: str) -> None:
        """Check that this log still begins with everything that an older checkpoint spoke of.

        Args:     older: a signed note kept elsewhere: from a receipt, a bundle, a witness.
        Raises:   LedgerForked: the log is shorter than it was, or has another history.
                  BadNote, NotSigned, WrongSignature, BadCheckpoint: one of the two is not this log's.
        """
        before, now = self.open(older), self.head
        if before.size > now.size:
            raise LedgerForked(
                f"the log has {now.size} entries; it signed for {before.size} before",
                next_step="the store was rolled back; restore a newer copy, and find out who did it",
            )
        if before.size:
            try:
                proof = self.consistency(before.size, size=now.size)
                verify_consistency(before.size, now.size, proof, before.root, now.root)
            except BadProof as error:
                raise LedgerForked(
                    f"the log does not begin with the {before.size} entries that it signed for before",
                    next_step="keep both checkpoints: together they prove that the history was rewritten",
                ) from error

    def _note_signer(self, key: VerifierKey) -> None:
        """Keep the public half of a key that signs from now on, before it does."""
        signers = self.signers
        if key not in signers:
            write_whole(self.ledger / "signers", "".join(f"{each}\n" for each in [*signers[1:], key]).encode())

    def _put_checkpoint(self, note: str) -> None:
        write_whole(self.ledger / "checkpoint", note.encode())
        sync_directory(self.ledger)


def _with_their_openings(
    entries: Iterable[bytes], openings: Iterable[tuple[int, Sequence[Opening]]], first: int
) -> Iterator[tuple[int, bytes, Sequence[Opening]]]:
    pending = iter(openings)
    waiting = next(pending, None)
    for index, entry in enumerate(entries, start=first):
        opened: Sequence[Opening] = ()
        if waiting is not None and waiting[0] == index:
            opened, waiting = waiting[1], next(pending, None)
        yield index, entry, opened
    if waiting is not None:
        raise LedgerBroken(f"openings of entry {waiting[0]} have no entry to stand with, or are out of order")


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise LedgerBroken(f"ledger/{path.name} is missing", next_step="restore it from a copy") from error
    except OSError as error:
        raise LedgerBroken(
            f"ledger/{path.name} cannot be read: {error.strerror}", next_step="restore it from a copy"
        ) from error
    except UnicodeDecodeError as error:
        raise LedgerBroken(f"ledger/{path.name}: byte {error.start} is not UTF-8") from error
