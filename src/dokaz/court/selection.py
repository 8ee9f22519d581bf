"""Which entries go into a bundle: all of them, or one identification with everything that it rests on."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence

from django.db import models

from dokaz.casework.filing import Actor
from dokaz.casework.models import (
    Assent,
    Attachment,
    CheckpointKey,
    Correction,
    CustodyItem,
    Delivery,
    ErasureOrder,
    Investigation,
    JournalEntry,
    Key,
    Office,
    Person,
    ProposalState,
    Record,
    SessionKey,
)
from dokaz.casework.queries import custody_of
from dokaz.casework.records import record_kinds
from dokaz.casework.rooms import delivery_kinds, record_declarations
from dokaz.casework.trial import founders
from dokaz.identification.models import Comparison, Decision
from dokaz.ledger import Entry

# Well under the number of variables that SQLite takes in a statement.
_AT_ONCE = 5_000


def everything(size: int) -> list[int]:
    """Indices of all entries."""
    return list(range(size))


def kinds_of(indices: Sequence[int]) -> set[str]:
    """The kinds of records that entries are about."""
    found: set[str] = set()
    for at in range(0, len(indices), _AT_ONCE):
        entries = JournalEntry.objects.filter(index__in=indices[at : at + _AT_ONCE])
        found |= set(entries.values_list("kind", flat=True).distinct())
    return found


def of_decision(decision: Decision, size: int, *, filed_by: Actor, addressee: Person | None = None) -> list[int]:
    """Indices of every version of every record that a decision rests on, and of whoever signed or acted in them.

    A chain of records is followed from the decision outwards through what each one points to (a comparison points to its
    profile, that to its sample, that to its unit, …), to what is evidence about each of them by its room's declaration
    (photographs of a unit, findings of an examination, doubts about the decision), to the custody of each thing, to what
    is attached to each, to the raw tables of laboratories, and to every comparison of the same unit with the same person,
    whatever it says. Other people's decisions stay outside.

    Args:
        filed_by: Who files the bundle; their key and office must stand in it.
        addressee: To whom it is addressed; so must their record.
    """
    records: dict[uuid.UUID, Record] = {}
    _follow(decision, records, decision)
    if addressee is not None:
        _follow(addressee, records, decision)
    pair = {"recovery_unit": decision.recovery_unit, "missing_person": decision.missing_person}
    for comparison in Comparison.every.filter(**pair):
        _follow(comparison, records, decision)
        for line in comparison.lines:
            for record in _numbered(line.get("source", "")):
                _follow(record, records, decision)
    for attachment in Attachment.every.all():
        if uuid.UUID(attachment.of[0]["id"]) in records:
            _follow(attachment, records, decision)
    for proposed in Correction.objects.filter(record__in=list(records)):
        _follow(proposed, records, decision)
    for order in ErasureOrder.objects.filter(state=ProposalState.IN_FORCE):
        if any(uuid.UUID(row["record"]) in records for row in order.erases):
            _follow(order, records, decision)
    for assent in Assent.objects.filter(record__in=list(records)):
        _follow(assent, records, decision)
    return _with_people(records, size, filed_by)


def _end_of_founding() -> int:
    """The index behind the founding and the signatures of those who founded it; behind one more entry, at least.

    By the entry behind the founding a reader sees how many administrators founded the log.
    """
    return JournalEntry.objects.filter(act="casework.found").count() + max(1, founders() - 1)


def _numbered(number: str) -> Iterator[Record]:
    if number:
        for kind in record_kinds():
            yield from kind.every.filter(number=number)


def _follow(record: Record, into: dict[uuid.UUID, Record], decision: Decision) -> None:
    """Take in a record, what it points to, and what its room declares to be evidence about it (``goes_with``)."""
    # Another decision is about somebody else's remains, or another question: it has a bundle of its own.
    if record.id in into or (isinstance(record, Decision) and record.id != decision.id):
        return
    # A laboratory's raw table is evidence; a list of all the missing, or a whole survey, is other people's business.
    if isinstance(record, Delivery) and not delivery_kinds()[record.form].is_evidence:
        return
    into[record.id] = record
    for field in type(record).content_fields():
        if isinstance(field, models.ForeignKey):
            target = getattr(record, field.name)
            if target is not None:
                _follow(target, into, decision)
    for kind in record_declarations():
        for name in kind.goes_with:
            if kind.model._meta.get_field(name).related_model is type(record):
                for evidence in kind.model.every.filter(**{name: record}):
                    _follow(evidence, into, decision)
    if isinstance(record, CustodyItem):
        for transfer in custody_of(record):
            _follow(transfer, into, decision)


def _with_people(records: Iterable[uuid.UUID], size: int, filed_by: Actor) -> list[int]:
    """Add the keys, offices and persons of everybody who acted or signed, and the founding."""
    wanted = set(records) | set(Investigation.objects.values_list("id", flat=True))
    wanted |= set(CheckpointKey.objects.values_list("id", flat=True))
    wanted |= set(JournalEntry.objects.filter(index__lt=_end_of_founding()).values_list("record", flat=True))
    entries = JournalEntry.objects.filter(index__lt=size)
    while True:
        keys, offices = {filed_by.key_id}, {str(filed_by.office)}
        for body in entries.filter(record__in=list(wanted)).values_list("body", flat=True):
            entry = Entry.parse(bytes(body))
            keys |= {entry.actor, *(s.key for s in entry.assents)}
            offices |= {entry.office, *(s.office for s in entry.assents)}
        sessions = SessionKey.objects.filter(number__in=list(keys))
        keys |= set(sessions.values_list("delegated_by__number", flat=True))
        people = set(Key.objects.filter(number__in=list(keys)).values_list("person", flat=True))
        more = (
            set(Key.objects.filter(number__in=list(keys)).values_list("id", flat=True))
            | set(sessions.values_list("id", flat=True))
            | set(Office.objects.filter(pk__in=list(offices)).values_list("id", flat=True))
            | set(Person.objects.filter(pk__in=list(people)).values_list("id", flat=True))
            # By which administrators an office or a key was put in force.
            | set(Assent.objects.filter(record__in=list(wanted)).values_list("id", flat=True))
        )
        if more <= wanted:
            break
        wanted |= more
    return list(entries.filter(record__in=list(wanted)).order_by("index").values_list("index", flat=True))
