"""Which entries go into a bundle: all of them, or one identification with everything that it rests on."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator

from django.db import models

from dokaz.casework.filing import Actor
from dokaz.casework.models import Assent, Investigation, JournalEntry, Key, Office, Person, Record
from dokaz.casework.queries import custody_of
from dokaz.casework.records import record_kinds
from dokaz.identification.models import Comparison, Decision, Doubt, Release, Review
from dokaz.ledger import Entry


def everything(size: int) -> list[int]:
    """Indices of all entries."""
    return list(range(size))


def of_decision(decision: Decision, size: int, *, filed_by: Actor) -> list[int]:
    """Indices of every version of every record that a decision rests on, and of whoever signed or acted in them.

    A chain of records is followed from the decision outwards through what each one points to (a comparison points to its
    profile, that to its sample, that to its unit, …), to every comparison of the same unit with the same person, whatever
    it says, and to what points back at the decision (doubts, reviews, releases). Other people's decisions stay outside.

    Args:
        filed_by: Who files the bundle; their key and office must stand in it.
    """
    records: dict[uuid.UUID, Record] = {decision.id: decision}
    _follow_from(decision, records)
    for kind in (Doubt, Review, Release):
        for record in kind.objects.filter(models.Q(decision=decision) | _because_of(kind, decision)):
            _follow(record, records)
    unit, person = decision.recovery_unit, decision.missing_person
    for comparison in Comparison.objects.filter(recovery_unit=unit, missing_person=person):
        _follow(comparison, records)
        for line in comparison.lines:
            for record in _numbered(line.get("source", "")):
                _follow(record, records)
        family = comparison.family
        if family is not None:
            for donor in family.donors.all():
                _follow(donor, records)
                for reference in donor.references.all():
                    _follow(reference, records)
    for related in (unit.photographs, unit.examinations, unit.samples):
        for record in related.all():
            _follow(record, records)
    for examination in unit.examinations.all():
        for finding in examination.findings.all():
            _follow(finding, records)
    for thing in (unit, *unit.samples.all()):
        for transfer in custody_of(thing):
            _follow(transfer, records)
    for assent in Assent.objects.filter(record__in=list(records)):
        _follow(assent, records)
    return _with_people(records, size, filed_by)


def _because_of(kind: type[Record], decision: Decision) -> models.Q:
    return models.Q(because_of=decision) if kind is Review else models.Q(pk__in=[])


def _numbered(number: str) -> Iterator[Record]:
    if number:
        for kind in record_kinds():
            yield from kind.objects.filter(number=number)


def _follow(record: Record, into: dict[uuid.UUID, Record]) -> None:
    # Another decision is about somebody else's remains, or another question: it has a bundle of its own.
    if record.id in into or isinstance(record, Decision):
        return
    into[record.id] = record
    _follow_from(record, into)


def _follow_from(record: Record, into: dict[uuid.UUID, Record]) -> None:
    for field in type(record).content_fields():
        if isinstance(field, models.ForeignKey):
            target = getattr(record, field.name)
            if target is not None:
                _follow(target, into)


def _with_people(records: Iterable[uuid.UUID], size: int, filed_by: Actor) -> list[int]:
    """Add the keys, offices and persons of everybody who acted or signed, and the founding."""
    wanted = set(records) | set(Investigation.objects.values_list("id", flat=True))
    founding = JournalEntry.objects.filter(index__lt=4).values_list("record", flat=True)
    wanted |= set(founding)
    entries = JournalEntry.objects.filter(index__lt=size)
    while True:
        keys, offices = {filed_by.key_id}, {str(filed_by.office)}
        for body in entries.filter(record__in=list(wanted)).values_list("body", flat=True):
            entry = Entry.parse(bytes(body))
            keys |= {entry.actor, *(s.key for s in entry.signatures)}
            offices |= {entry.office, *(s.office for s in entry.signatures)}
        people = set(Key.objects.filter(number__in=list(keys)).values_list("person", flat=True))
        more = (
            set(Key.objects.filter(number__in=list(keys)).values_list("id", flat=True))
            | set(Office.objects.filter(pk__in=list(offices)).values_list("id", flat=True))
            | set(Person.objects.filter(pk__in=list(people)).values_list("id", flat=True))
        )
        if more <= wanted:
            break
        wanted |= more
    return list(entries.filter(record__in=list(wanted)).order_by("index").values_list("index", flat=True))
