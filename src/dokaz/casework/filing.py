"""The unit of work: who acts, when, why, and what changed. Leaving it writes everything in one transaction, or nothing.

An act never asks for the time or the user; the filing that it is handed carries them. An act hands every record that it
made or changed to ``filing.add``, which commits to all of its fields in one ledger entry and saves the row. Rows,
openings and entries are one database transaction; once that is durable, the entries are published (openings files, tiles,
checkpoint). Whatever dies in between is carried on by the next publication, so a killed process leaves all of a filing or
none of it.
"""

from __future__ import annotations

import datetime as dt
import functools
import inspect
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar, cast

from django.db import transaction

from dokaz.casework.models import JournalEntry, JournalHead, JournalOpening, Key, Office
from dokaz.casework.records import Record, timestamp, writing
from dokaz.casework.roles import ANY_ROLE, SIGNATURE_RULES, Over, SignatureRule
from dokaz.casework.store import Store, current_store
from dokaz.errors import (
    ChangedMeanwhile,
    NotInOffice,
    NumberTaken,
    SignatureNeeded,
    SignaturesMissing,
    UnknownAct,
)
from dokaz.ledger import Entry, Frontier, Opening, PersonalSignature, UnlockedKey, canonical, carry_over, parse

P = ParamSpec("P")
R = TypeVar("R")

# Buffered rows are written in slices of this many, well under SQLite's limit on variables.
_SLICE = 2_000


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
class Receipt:
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
        self.by, self.reason, self.store = by, reason, store
        self.at = at.astimezone(dt.UTC).replace(microsecond=0)
        self.receipt = Receipt(store)
        # What acts remember for the length of this filing, so that an import of thousands asks the database once.
        self.memory: dict[Any, Any] = {}
        self._acts: list[str] = []
        self._entries: list[JournalEntry] = []
        self._openings: list[JournalOpening] = []
        self._known: dict[uuid.UUID, dict[str, Opening]] = {}
        self._heads: dict[uuid.UUID, tuple[int, str]] = {}
        self._numbers: dict[tuple[type[Record], str], int] = {}
        self._head, _ = JournalHead.objects.select_for_update().get_or_create(pk=1)
        self._frontier = Frontier.from_json(self._head.size, self._head.frontier)
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
            SignatureNeeded: the act must be signed and the actor's key is not unlocked.
        """
        act = self._acts[-1]
        new = record.version == 0
        if new:
            if type(record).objects.filter(number=record.number).exists():
                raise NumberTaken(record.number)
            previous: list[str] = []
        else:
            found = self._head_of(record)
            if found != (record.version, record.entry_hash):
                raise ChangedMeanwhile(record.number, record.version, found[0])
            previous = [record.entry_hash]
        record.reason = self.reason
        hexes = sorted(set(files))
        for sha256 in hexes:
            self.store.vault.size(sha256)
        before = {} if new else self._openings_of(record)
        openings = {o.name: o for o in carry_over(before.values(), record.content())}
        draft = Entry(
            act=act,
            actor=self.by.key_id,
            at=timestamp(self.at),
            fields=tuple(sorted(o.digest for o in openings.values())),
            files=tuple(f"sha256:{sha256}" for sha256 in hexes),
            kind=record.kind(),
            office=str(self.by.office),
            previous=tuple(previous),
            record=str(record.id),
            signatures=(),
            version=record.version + 1,
        )
        entry = self._signed(draft, signatures)
        return self._write(record, entry, openings)

    def next_number(self, kind: type[Record], prefix: str) -> str:
        """The next free number of a series, ``PREFIX-000001``; gapless, never reused.

        Args:
            kind: Which records are numbered.
            prefix: What the number starts with.
        """
        if (kind, prefix) not in self._numbers:
            newest = (
                kind.objects.filter(number__startswith=f"{prefix}-")
                .order_by("-number")
                .values_list("number", flat=True)
            ).first()
            self._numbers[kind, prefix] = int(newest.rsplit("-", 1)[1]) if newest else 0
        self._numbers[kind, prefix] += 1
        return f"{prefix}-{self._numbers[kind, prefix]:06d}"

    @property
    def acting_within(self) -> str:
        """The act that called the one that runs now; empty if a person called it."""
        return self._acts[-2] if len(self._acts) > 1 else ""

    @contextmanager
    def in_office(self, actor: Actor) -> Iterator[None]:
        """Act in another office of the same person for a while: an import may need several.

        Raises:
            NotInOffice: the office is another person's.
        """
        if actor.person != self.by.person:
            raise NotInOffice("changing offices", actor.role, ["an office of the person who files"])
        self._must_hold_office(actor)
        before, self.by = self.by, actor
        try:
            yield
        finally:
            self.by = before

    # --- how ---------------------------------------------------------------------------------------------------------

    def _must_hold_office(self, actor: Actor) -> None:
        """Whoever was dismissed, or whose key was retired, since they signed in files nothing any more."""
        held = Office.objects.filter(pk=actor.office, person=actor.person, role=actor.role, until=None)
        if not held.exists():
            raise NotInOffice("filing", actor.role, ["an office that one holds now"])
        if not Key.objects.filter(number=actor.key_id, person=actor.person, retired_at=None).exists():
            raise NotInOffice("filing with a retired key", actor.role, ["a key in use"])

    def _head_of(self, record: Record) -> tuple[int, str]:
        if record.id not in self._heads:
            row = type(record).objects.filter(pk=record.pk).values_list("version", "entry_hash").get()
            self._heads[record.id] = row
        return self._heads[record.id]

    def _openings_of(self, record: Record) -> dict[str, Opening]:
        """The openings of the record's newest version, by field name."""
        if record.id not in self._known:
            body = bytes(JournalEntry.objects.values_list("body", flat=True).get(leaf=record.entry_hash))
            rows = JournalOpening.objects.filter(digest__in=Entry.parse(body).fields)
            self._known[record.id] = {row.name: Opening(row.salt, row.name, parse(row.value.encode())) for row in rows}
        return self._known[record.id]

    def _signed(self, draft: Entry, assents: Sequence[PersonalSignature] | None) -> Entry:
        rule = SIGNATURE_RULES.get(draft.act)
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

    def _write(self, record: Record, entry: Entry, openings: dict[str, Opening]) -> Filed:
        index, body, leaf = self._head.size, entry.to_bytes(), entry.leaf_hash
        kept = {o.digest for o in self._known.get(record.id, {}).values()}
        self._openings += [
            JournalOpening(digest=o.digest, index=index, salt=o.salt, name=o.name, value=canonical(o.value).decode())
            for o in openings.values()
            if o.digest not in kept
        ]
        self._entries.append(
            JournalEntry(
                index=index,
                record=record.id,
                version=entry.version,
                kind=entry.kind,
                act=entry.act,
                actor=entry.actor,
                at=self.at,
                leaf=leaf,
                body=body,
            )
        )
        # The row is rebuilt from what was committed to, so that table and ledger cannot differ.
        row = type(record).from_content(
            id=record.id,
            version=entry.version,
            entry_hash=leaf,
            content={name: o.value for name, o in openings.items()},
        )
        token = writing.set(True)
        try:
            row.save(force_insert=entry.version == 1, force_update=entry.version > 1)
        finally:
            writing.reset(token)
        for column in type(record)._meta.concrete_fields:
            setattr(record, column.attname, getattr(row, column.attname))
        record._state.adding, record._state.db = False, row._state.db
        self._known[record.id], self._heads[record.id] = openings, (entry.version, leaf)
        self._frontier = self._frontier.append(bytes.fromhex(leaf))
        self._head.size += 1
        if len(self._entries) >= _SLICE:
            self._flush()
        filed = Filed(index, leaf, record.id, entry.kind)
        self.receipt.entries.append(filed)
        return filed

    def _flush(self) -> None:
        JournalEntry.objects.bulk_create(self._entries)
        JournalOpening.objects.bulk_create(self._openings, batch_size=_SLICE)
        self._entries, self._openings = [], []

    def _finish(self) -> None:
        self._flush()
        self._head.frontier = self._frontier.to_json()
        self._head.save()

    @contextmanager
    def _doing(self, name: str) -> Iterator[None]:
        self._acts.append(name)
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
    """
    store = store or current_store()
    with transaction.atomic():
        work = Filing(by, at, reason, store)
        yield work
        work._finish()
        if work.receipt.entries:
            transaction.on_commit(store.publish)


@dataclass(frozen=True)
class Act:
    """What an act is called, who may perform it, and how it is signed."""

    name: str
    roles: frozenset[str]
    signing: SignatureRule | None
    summary: str


_REGISTRY: dict[str, Act] = {}


def acts() -> dict[str, Act]:
    """Every act of the installed rooms, by name."""
    return dict(_REGISTRY)


def act_named(name: str) -> Act:
    """The act of that name.

    Raises:
        UnknownAct: there is none.
    """
    if name not in _REGISTRY:
        raise UnknownAct(name)
    return _REGISTRY[name]


def act(*, roles: Iterable[str] = ANY_ROLE) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an act: registered by ``room.name``, open to some offices, and handed a ``Filing``.

    Args:
        roles: Offices to which the act is open.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        room = function.__module__.split(".")[1]
        name = f"{room}.{function.__name__}"
        allowed = frozenset(str(r) for r in roles)
        summary = (function.__doc__ or "").strip().split("\n")[0]
        _REGISTRY[name] = Act(name, allowed, SIGNATURE_RULES.get(name), summary)
        signature = inspect.signature(function)

        @functools.wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            work = cast("Filing", signature.bind(*args, **kwargs).arguments["filing"])
            if work.by.role not in allowed:
                raise NotInOffice(name, work.by.role, sorted(allowed))
            with work._doing(name):
                return function(*args, **kwargs)

        return wrapper

    return decorate
