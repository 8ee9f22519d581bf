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
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from dokaz.casework.arguments import check_text
from dokaz.casework.behind import must_not_be_behind
from dokaz.casework.causality import must_follow
from dokaz.casework.committed import CommittedField, carried_over, held_by, refuse_void, require_declared
from dokaz.casework.constitution import constitution_hash
from dokaz.casework.errors_of_waiting import limit_waiting, naming_busy_store
from dokaz.casework.journal import not_before_the_newest
from dokaz.casework.models import (
    DeliveredRecord,
    Delivery,
    JournalEntry,
    JournalHead,
    Key,
    Office,
    SessionKey,
)
from dokaz.casework.numbering import highest, is_fit, looks
from dokaz.casework.other_laws import UNDER_ANY_CONSTITUTION, other_constitution
from dokaz.casework.records import Record, record_kinds
from dokaz.casework.roles import Role
from dokaz.casework.rows import insert, insert_openings, read, replace
from dokaz.casework.still_in_office import require_office
from dokaz.casework.store import Store, current_store
from dokaz.casework.trial import assents_needed
from dokaz.casework.values import timestamp
from dokaz.errors import (
    ChangedInMemory,
    ChangedMeanwhile,
    DirectWriteRefused,
    DiskFull,
    FiledNotPublished,
    InputsChanged,
    NotFiledHere,
    NotInOffice,
    NumberTaken,
    OtherConstitution,
    Sentence,
    SignatureNeeded,
    SignaturesMissing,
    TrustError,
    UnfitNumber,
    sentence,
)
from dokaz.ledger import Base, Entry, Frontier, PersonalSignature, UnlockedKey
from dokaz.ledger.entry import UNSIGNED
from dokaz.vault import Readable, StagedFile, StoredFile

if TYPE_CHECKING:
    from dokaz.casework.registry import Act

# Of a large filing, as many numbers as find it again.
_NAMED = 8


@dataclass(frozen=True)
class Actor:
    """A person acting in one of their offices, with their key unlocked or not.

    Args:
        person: The person's record.
        office: The ``casework.Office`` under which they act.
        role: The role of that office.
        key_id: Their signing key, named in every entry they cause.
        key: The private key, where they gave their passphrase.
        session: The key of their session, which signs what need not be signed in person.
    """

    person: uuid.UUID
    office: uuid.UUID
    role: str
    key_id: str
    key: UnlockedKey | None = None
    session: UnlockedKey | None = None


@dataclass(frozen=True)
class Filed:
    """One entry that a filing made; ``row`` is the file and line of a delivery from which it came, if it did."""

    index: int
    leaf: str
    record: uuid.UUID
    kind: str
    number: str
    row: str = ""


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


class Filing:
    """What an act is handed. Made by ``filing(...)``, never directly."""

    def __init__(self, by: Actor, at: dt.datetime, reason: str, store: Store) -> None:
        check_text("reason", reason)
        self.by, self.reason, self.store = by, reason, store
        self.receipt = FiledReceipt(store)
        # What acts remember for the length of this filing, so that an import of thousands asks the database once.
        self.memory: dict[Any, Any] = {}
        # The acts that run now, the inner one last.
        self._acts: list[Act] = []
        self._known: dict[uuid.UUID, dict[str, CommittedField]] = {}
        self._newest: dict[uuid.UUID, tuple[str, list[Any]]] = {}
        self._given: set[str] = set()
        self._seen: dict[type[Record], set[str]] = {}
        self._kept: list[StoredFile] = []
        self._in_office: set[Actor] = set()
        self._delivered: tuple[Delivery, str] | None = None
        self._numbers: dict[tuple[type[Record], str], int] = {}
        self._head, _ = JournalHead.objects.select_for_update().get_or_create(pk=1)
        self._frontier = Frontier.from_json(self._head.size, self._head.frontier)
        self._size_before = self._head.size
        must_not_be_behind(store, self._size_before, self._frontier.root)
        self.at = not_before_the_newest(at)
        #: How far the log went when this filing began; every signature in it names this.
        self.base = Base(self._size_before, self._frontier.root.hex())
        if self._head.size:
            self._must_hold_office(by)
        # Which constitution the log is kept by, where it is not that of this program.
        self._other_laws = other_constitution() if self._head.size else ""

    # --- what acts use ---------------------------------------------------------------------------------------------

    def add(
        self,
        record: Record,
        *,
        files: Iterable[str] = (),
        assents: Sequence[PersonalSignature] = (),
        agreed: Mapping[str, CommittedField] | None = None,
    ) -> Filed:
        """File one new version of a record.

        Args:
            record: As it shall be from now on.
            files: SHA-256 (hex) of files in the vault that are filed with this version.
            assents: For an act that several people decide.
            agreed: Openings of values to which somebody agreed before they were filed.

        Raises:
            ChangedMeanwhile: a newer version was filed after this one was read.
            NumberTaken: a new record bears a number that was given already.
            EmptyField, BadChoice, OutOfRange, WrongKind: a field does not hold what its model declares.
            BeyondTheAct: the act did not declare that it files this.
            OtherConstitution: the log is kept by other rules than this program files by.
            UnfitNumber: a new record bears a number that no page or label can show.
            TooEarly: a date is earlier than one that it follows.
            SignatureNeeded: the actor's key is not unlocked, and no session goes on whose key would do.
            SessionOver: this filing ended the session whose key would sign.
            NotInOffice: this filing ended the office in which one acts, or retired the key.
        """
        new = record.version == 0
        if not self._acts:
            raise DirectWriteRefused(record.kind(), "add")
        if self._other_laws and self._acts[-1].name not in UNDER_ANY_CONSTITUTION:
            raise OtherConstitution(self._other_laws[:16], constitution_hash()[:16])
        signer = self._signer
        # Whoever founds a log has no office before; what this filing itself ended signs nothing more either.
        if self._size_before:
            self._must_hold_office(self.by)
        if new and not is_fit(record.number):
            raise UnfitNumber(record.number)
        # A number that this filing took from a series is free; any other may have been given before.
        if new and record.number not in self._given:
            self._must_be_free(record)
        record.reason = self.reason
        if new and self._delivered is not None and isinstance(record, DeliveredRecord):
            record.delivery, record.delivered_row = self._delivered
        record.settle()
        record.must_fit()
        hexes = sorted(set(files))
        for sha256 in hexes:
            self.store.vault.size(sha256)
        before = {} if new else self.held_before(record)
        refuse_void(record, before)
        held = carried_over(before, record.content(), agreed)
        require_declared(self._acts[-1], record, before, held)
        must_follow(record, {name for name, each in held.items() if new or each is not before.get(name)})
        draft = Entry(
            act=self._acts[-1].name,
            actor=signer.key_id,
            assents=tuple(sorted(assents, key=lambda each: each.key)),
            at=timestamp(self.at),
            base=self.base,
            fields={name: each.digest for name, each in held.items()},
            files=tuple(f"sha256:{sha256}" for sha256 in hexes),
            kind=record.kind(),
            log=self.store.log.id,
            office=str(self.by.office),
            previous=() if new else (record.entry_hash,),
            record=str(record.id),
            signature=UNSIGNED,
            version=record.version + 1,
        )
        self._must_be_agreed(assents)
        fresh = {name: each for name, each in held.items() if each is not before.get(name)}
        return self._write(record, draft.signed_by(signer), held, fresh)

    def _must_be_free(self, record: Record) -> None:
        """No other record of its kind bears a number that looks like this one's."""
        kind = type(record)
        if kind not in self._seen:
            self._seen[kind] = {looks(number) for number in kind.every.values_list("number", flat=True)}
        seen = looks(record.number)
        if seen in self._seen[kind]:
            raise NumberTaken(record.number)
        self._seen[kind].add(seen)

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
            raise InputsChanged(kind.every.get(pk=record).number, read, index)

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

    def forget(self, record: uuid.UUID) -> None:
        """Read a record anew before it is filed again: what was known of it was erased."""
        self._known.pop(record, None)
        self._newest.pop(record, None)

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
        # Nobody else files while this filing is open; what it files itself of offices and keys makes it ask again.
        if actor not in self._in_office:
            require_office(actor, self.at)
            self._in_office.add(actor)

    def held_before(self, record: Record) -> dict[str, CommittedField]:
        """The openings of the version that was read, by field name."""
        if record.id not in self._known:
            filed = JournalEntry.objects.filter(leaf=record.entry_hash).values_list("index", "body").first()
            if filed is None:
                raise ChangedMeanwhile(record.number, record.version, record.version)
            self._known[record.id] = held_by(type(record), filed[0], Entry.parse(bytes(filed[1])))
        return self._known[record.id]

    @property
    def _signer(self) -> UnlockedKey:
        """The key that signs what the act files: the person's own; for routine acts that of their session will do."""
        act = self._acts[-1]
        signer = self.by.key if act.signing is not None else self.by.key or self.by.session
        if signer is None:
            raise SignatureNeeded(act.name)
        return signer

    def _must_be_agreed(self, assents: Sequence[PersonalSignature]) -> None:
        act = self._acts[-1]
        needed = assents_needed(act, self.store)
        if len(assents) != needed:
            raise SignaturesMissing(act.name, len(assents), needed)

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
            erased=[name for name, each in held.items() if each.erased],
        )
        if entry.version == 1:
            insert([row])
        elif not replace(row, entry_hash=record.entry_hash):
            found = type(record).every.filter(pk=record.pk).values_list("version", flat=True).first()
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
        if isinstance(record, Key | Office | SessionKey):
            self._in_office.clear()
        self._frontier = self._frontier.append(bytes.fromhex(leaf))
        self._head.size += 1
        row_of = self._delivered[1] if self._delivered is not None else ""
        filed = Filed(index, leaf, record.id, entry.kind, record.number, row_of)
        self.receipt.entries.append(filed)
        return filed

    def _finish(self) -> None:
        self._head.frontier = self._frontier.to_json()
        self._head.save()

    def _not_published(self, problem: Sentence, advice: Sentence) -> FiledNotPublished:
        filed = self.receipt.entries
        numbers = list(dict.fromkeys(each.number for each in filed))
        shown = ", ".join(numbers[:_NAMED]) + (" …" if len(numbers) > _NAMED else "")
        return FiledNotPublished(filed[0].index, filed[-1].index, shown, problem, advice)

    def _take_back(self) -> None:
        for stored in self._kept:
            self.store.vault.take_back(stored)

    @contextmanager
    def _doing(self, act: Act) -> Iterator[None]:
        self._acts.append(act)
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
        SessionOver: the session whose key would sign was ended, is past its hours, or does not cover the office.
        DatabaseBehind: the published ledger holds what this database does not.
        StoreBusy: somebody else's filing is not over yet, and one waited long enough.
        FiledNotPublished: it is filed, and could not be published: it must not be filed again.
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
            transaction.on_commit(partial(_publish, work))


def _publish(work: Filing) -> None:
    """Publish what is committed. Whatever fails here, it is filed, and whoever filed it must be told so.

    Raises:
        FiledNotPublished: says what is filed.
    """
    try:
        work.store.publish()
    except DiskFull as full:
        raise work._not_published(full.what, sentence("make room on the disk")) from full
    except TrustError as broken:
        raise work._not_published(broken.what, broken.next_step or sentence("run `dokaz check`")) from broken
    except OSError as error:
        problem = sentence("{name}: {problem}", name=error.filename or "", problem=error.strerror or str(error))
        raise work._not_published(problem, sentence("see whether the store can be written")) from error
    except KeyboardInterrupt as stopped:
        raise work._not_published(sentence("it was interrupted"), sentence("nothing needs mending")) from stopped
