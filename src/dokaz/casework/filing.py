"""The unit of work: who acts, when, why, and what changed. Leaving it writes everything in one transaction, or nothing.

An act never asks for the time or the user; the filing that it is handed carries them. An act hands every record that it
made or changed to ``filing.add``, which commits to all of its fields in one ledger entry and saves the row. Rows,
openings and entries are one database transaction; once that is durable, the entries are published (openings files, tiles,
checkpoint). Whatever dies in between is carried on by the next publication, so a killed process leaves all of a filing or
none of it.

Nobody else can file while a filing is open. Whatever takes long (a search, a bundle, decoding photographs) is therefore
done before: note ``journal.size()``, read, compute, open the filing, and let the act call ``filing.require_unchanged``
with what was read (docs/decisions/0023-computed-before-the-filing.md).
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from dokaz.casework.arguments import check_text
from dokaz.casework.errors_of_waiting import limit_waiting, naming_busy_store
from dokaz.casework.models import DeliveredRecord, Delivery, JournalEntry, JournalHead, Key, Office
from dokaz.casework.numbering import highest, is_fit
from dokaz.casework.records import Record, record_kinds, timestamp
from dokaz.casework.roles import Over, Role, SignatureRule
from dokaz.casework.rows import insert, insert_openings, read, replace, texts_of
from dokaz.casework.store import Store, current_store
from dokaz.errors import (
    ChangedInMemory,
    ChangedMeanwhile,
    DirectWriteRefused,
    InputsChanged,
    NotFiledHere,
    NotInOffice,
    NumberTaken,
    SignatureNeeded,
    SignaturesMissing,
    UnfitNumber,
    sentence,
)
from dokaz.ledger import Entry, Frontier, PersonalSignature, UnlockedKey, canonical
from dokaz.ledger.opening import digest_of
from dokaz.vault import Readable, StagedFile, StoredFile


@dataclass(frozen=True)
class Actor:
    """A person acting in one of their offices, with their key unlocked or not.

    Args:
        person: The person's record.
        office: The ``casework.Office`` under which they act.
        role: The role of that office.
        key_id: Their signing key, named in every entry they cause.
        key: The private key, where they gave their passphrase.
    """

    person: uuid.UUID
    office: uuid.UUID
    role: str
    key_id: str
    key: UnlockedKey | None = None


@dataclass(frozen=True)
class Filed:
    """One entry that a filing made."""

    index: int
    leaf: str
    record: uuid.UUID
    kind: str


@dataclass
class FiledReceipt:
    """What was filed; after publication it can prove that the log holds it."""

    store: Store
    entries: list[Filed] = field(default_factory=list)

    def proof(self, position: int = 0) -> str:
        """C2SP ``tlog-proof`` of one of the entries, against the latest checkpoint.

        Args:
            position: Which of ``entries``.
        """
        return str(self.store.log.receipt(self.entries[position].index))


@dataclass(frozen=True, slots=True)
class CommittedField:
    """An opening of a version: its digest, its salt, its value as canonical JSON."""

    digest: str
    salt: str
    text: str


def _carried_over(before: dict[str, CommittedField], now: dict[str, Any]) -> dict[str, CommittedField]:
    """Openings of all fields; one that did not change keeps its salt (docs/ledger-format.md, "Openings")."""
    held = {}
    for name, value in now.items():
        text = canonical(value).decode()
        old = before.get(name)
        if old is not None and old.text == text:
            held[name] = old
        else:
            salt = secrets.token_hex(32)
            held[name] = CommittedField(digest_of(salt, name, text), salt, text)
    return held


class Filing:
    """What an act is handed. Made by ``filing(...)``, never directly."""

    def __init__(self, by: Actor, at: dt.datetime, reason: str, store: Store) -> None:
        check_text("reason", reason)
        self.by, self.reason, self.store = by, reason, store
        self.at = at.astimezone(dt.UTC).replace(microsecond=0)
        self.receipt = FiledReceipt(store)
        # What acts remember for the length of this filing, so that an import of thousands asks the database once.
        self.memory: dict[Any, Any] = {}
        # The acts that run now, the inner one last, each with how it is signed.
        self._acts: list[tuple[str, SignatureRule | None]] = []
        self._known: dict[uuid.UUID, dict[str, CommittedField]] = {}
        self._newest: dict[uuid.UUID, tuple[str, list[Any]]] = {}
        self._given: set[str] = set()
        self._kept: list[StoredFile] = []
        self._in_office: set[tuple[uuid.UUID, str]] = set()
        self._delivered: tuple[Delivery, str] | None = None
        self._numbers: dict[tuple[type[Record], str], int] = {}
        self._head, _ = JournalHead.objects.select_for_update().get_or_create(pk=1)
        self._frontier = Frontier.from_json(self._head.size, self._head.frontier)
        self._size_before = self._head.size
        if self._head.size:
            self._must_hold_office(by)

    # --- what acts use ---------------------------------------------------------------------------------------------

    def add(
        self, record: Record, *, files: Iterable[str] = (), signatures: Sequence[PersonalSignature] | None = None
    ) -> Filed:
        """File one new version of a record.

        Args:
            record: As it shall be from now on.
            files: SHA-256 (hex) of files in the vault that are filed with this version.
            signatures: The assents, for an act that several people sign; other signed acts are signed here, by the actor.

        Raises:
            ChangedMeanwhile: a newer version was filed after this one was read.
            NumberTaken: a new record bears a number that was given already.
            EmptyField, BadChoice, OutOfRange: a field does not hold what its model declares.
            UnfitNumber: a new record bears a number that no page or label can show.
            SignatureNeeded: the act must be signed and the actor's key is not unlocked.
        """
        new = record.version == 0
        if not self._acts:
            raise DirectWriteRefused(record.kind(), "add")
        if new and not is_fit(record.number):
            raise UnfitNumber(record.number)
        # A number that this filing took from a series is free; any other may have been given before.
        if new and record.number not in self._given and type(record).objects.filter(number=record.number).exists():
            raise NumberTaken(record.number)
        record.reason = self.reason
        if new and self._delivered is not None and isinstance(record, DeliveredRecord):
            record.delivery, record.delivered_row = self._delivered
        record.must_fit()
        hexes = sorted(set(files))
        for sha256 in hexes:
            self.store.vault.size(sha256)
        before = {} if new else self._held(record)
        held = _carried_over(before, record.content())
        draft = Entry(
            act=self._acts[-1][0],
            actor=self.by.key_id,
            at=timestamp(self.at),
            fields=tuple(sorted(each.digest for each in held.values())),
            files=tuple(f"sha256:{sha256}" for sha256 in hexes),
            kind=record.kind(),
            office=str(self.by.office),
            previous=() if new else (record.entry_hash,),
            record=str(record.id),
            signatures=(),
            version=record.version + 1,
        )
        fresh = {name: each for name, each in held.items() if each is not before.get(name)}
        return self._write(record, self._signed(draft, signatures), held, fresh)

    def require_unchanged(
        self, read: int, *, kinds: Iterable[type[Record]] = (), records: Iterable[uuid.UUID] = ()
    ) -> None:
        """Refuse what was computed before this filing if what it was computed from has changed since.

        Args:
            read: How many entries the ledger held (``journal.size()``) before the first record was read.
            kinds: Of these kinds, nothing may have been filed since, neither a new record nor a new version.
            records: Ids of records of which no new version may have been filed since.

        Raises:
            InputsChanged: something was; names the first of it.
        """
        # Entries are numbered in the order in which they were committed: whatever was not yet there to be read when
        # ``read`` was noted has a higher index. What this filing itself made is no change.
        since = JournalEntry.objects.filter(index__gte=read, index__lt=self._size_before)
        changed = since.filter(Q(kind__in=[kind.kind() for kind in kinds]) | Q(record__in=list(records)))
        first = changed.order_by("index").values_list("index", "kind", "record").first()
        if first is not None:
            index, name, record = first
            kind = next(kind for kind in record_kinds() if kind.kind() == name)
            raise InputsChanged(kind.objects.get(pk=record).number, read, index)

    def keep(self, content: Readable | StagedFile) -> StoredFile:
        """Put a file into the vault; it is gone again if the filing is refused."""
        self._kept.append(self.store.vault.put(content))
        return self._kept[-1]

    def next_number(self, kind: type[Record], prefix: str) -> str:
        """The next free number of a series, ``PREFIX-000001``; gapless, never reused.

        Args:
            kind: Which records are numbered.
            prefix: What the number starts with.
        """
        if (kind, prefix) not in self._numbers:
            self._numbers[kind, prefix] = highest(kind, prefix)
        self._numbers[kind, prefix] += 1
        number = f"{prefix}-{self._numbers[kind, prefix]:06d}"
        self._given.add(number)
        return number

    def must_be_newest(self, record: Record) -> None:
        """Refuse a record that an act was handed, unless it is what the store holds now.

        Raises:
            NotFiledHere: it was never filed, or in another store.
            ChangedMeanwhile: there is a newer version of it.
            ChangedInMemory: it was changed after it was read, which the act would file as if it had done so itself.
        """
        newest, values = self._newest.get(record.id, ("", []))
        if not record.entry_hash or newest != record.entry_hash:
            found = read(type(record), record.pk)
            if found is None:
                raise NotFiledHere(record.number)
            if found.entry_hash != record.entry_hash:
                raise ChangedMeanwhile(record.number, record.version, found.version)
            values = found.values_to_compare()
            self._newest[record.id] = found.entry_hash, values
        if record.values_to_compare() != values:
            raise ChangedInMemory(record.number, record.differing_from(values))

    @contextmanager
    def in_office(self, actor: Actor) -> Iterator[None]:
        """Act in another office of the same person for a while: an import may need several.

        Raises:
            NotInOffice: the office is another person's.
        """
        if actor.person != self.by.person:
            raise NotInOffice(sentence("changing offices"), Role(actor.role), [sentence("an office of whoever files")])
        self._must_hold_office(actor)
        before, self.by = self.by, actor
        try:
            yield
        finally:
            self.by = before

    @contextmanager
    def from_delivery(self, delivery: Delivery, row: str = "") -> Iterator[None]:
        """Let the records that are made meanwhile point to a delivery, and to the row of it that they come from.

        Args:
            row: File and line, as ``survey.csv:7``.
        """
        before, self._delivered = self._delivered, (delivery, row)
        try:
            yield
        finally:
            self._delivered = before

    # --- how ---------------------------------------------------------------------------------------------------------

    def _must_hold_office(self, actor: Actor) -> None:
        """Whoever was dismissed, or whose key was retired, since they signed in files nothing any more."""
        # Nobody else files while this filing is open; what it dismisses itself, it may still finish.
        if (actor.office, actor.key_id) in self._in_office:
            return
        held = Office.objects.filter(pk=actor.office, person=actor.person, role=actor.role, until=None)
        if not held.exists():
            raise NotInOffice(sentence("filing"), Role(actor.role), [sentence("an office that one holds now")])
        if not Key.objects.filter(number=actor.key_id, person=actor.person, retired_at=None).exists():
            raise NotInOffice(sentence("filing with a retired key"), Role(actor.role), [sentence("a key in use")])
        self._in_office.add((actor.office, actor.key_id))

    def _held(self, record: Record) -> dict[str, CommittedField]:
        """The openings of the version that was read, by field name."""
        if record.id not in self._known:
            body = JournalEntry.objects.filter(leaf=record.entry_hash).values_list("body", flat=True).first()
            if body is None:
                raise ChangedMeanwhile(record.number, record.version, record.version)
            found = texts_of(Entry.parse(bytes(body)).fields)
            self._known[record.id] = {name: CommittedField(digest, salt, text) for digest, salt, name, text in found}
        return self._known[record.id]

    def _signed(self, draft: Entry, assents: Sequence[PersonalSignature] | None) -> Entry:
        rule = self._acts[-1][1]
        if rule is None:
            return draft
        if rule.over is Over.ASSENT:
            have = assents or ()
            if len(have) != rule.count:
                raise SignaturesMissing(draft.act, len(have), rule.count)
            return draft.with_signatures(have)
        if self.by.key is None:
            raise SignatureNeeded(draft.act)
        return draft.with_signatures([self.by.key.sign_as(str(self.by.office), draft.body_for_signing())])

    def _write(
        self, record: Record, entry: Entry, held: dict[str, CommittedField], fresh: dict[str, CommittedField]
    ) -> Filed:
        index, leaf = self._head.size, entry.leaf_hash
        # The row is made from what was committed to, so that table and ledger cannot differ.
        row = type(record).from_content(
            id=record.id,
            version=entry.version,
            entry_hash=leaf,
            content={name: json.loads(each.text) for name, each in held.items()},
        )
        if entry.version == 1:
            insert([row])
        elif not replace(row, entry_hash=record.entry_hash):
            found = type(record).objects.filter(pk=record.pk).values_list("version", flat=True).first()
            raise ChangedMeanwhile(record.number, record.version, found or 0)
        insert_openings([(each.digest, index, each.salt, name, each.text) for name, each in fresh.items()])
        insert(
            [
                JournalEntry(
                    index=index,
                    record=record.id,
                    version=entry.version,
                    kind=entry.kind,
                    act=entry.act,
                    actor=entry.actor,
                    at=self.at,
                    leaf=leaf,
                    body=entry.to_bytes(),
                )
            ]
        )
        for column in type(record)._meta.concrete_fields:
            setattr(record, column.attname, getattr(row, column.attname))
        record._state.adding, record._state.db = False, "default"
        self._known[record.id] = held
        self._newest[record.id] = leaf, record.values_to_compare()
        self._frontier = self._frontier.append(bytes.fromhex(leaf))
        self._head.size += 1
        filed = Filed(index, leaf, record.id, entry.kind)
        self.receipt.entries.append(filed)
        return filed

    def _finish(self) -> None:
        self._head.frontier = self._frontier.to_json()
        self._head.save()

    def _take_back(self) -> None:
        for stored in self._kept:
            self.store.vault.take_back(stored)

    @contextmanager
    def _doing(self, name: str, signing: SignatureRule | None) -> Iterator[None]:
        self._acts.append((name, signing))
        try:
            yield
        finally:
            self._acts.pop()


@contextmanager
def filing(*, by: Actor, at: dt.datetime, reason: str = "", store: Store | None = None) -> Iterator[Filing]:
    """Open a unit of work; leaving it files everything, and an error inside it files nothing.

    Args:
        by: Who acts, in which office.
        at: The time now, with its zone.
        reason: Why; needed where something is corrected.
        store: Where the ledger and the files lie; the current store if not given.

    Raises:
        NotInOffice: whoever acts was dismissed meanwhile, or their key retired.
        StoreBusy: somebody else's filing is not over yet, and one waited long enough.
    """
    store = store or current_store()
    with naming_busy_store(), transaction.atomic():
        limit_waiting()
        work = Filing(by, at, reason, store)
        try:
            yield work
            work._finish()
        except BaseException:
            # Before the rollback, so that nobody else files meanwhile.
            work._take_back()
            raise
        if work.receipt.entries:
            transaction.on_commit(store.publish)
