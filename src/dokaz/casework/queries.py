"""Questions about the investigation itself: who is who, what has been signed, where everything is."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from dokaz.casework.alphabet import place_in_alphabet
from dokaz.casework.filing import Actor
from dokaz.casework.journal import history
from dokaz.casework.models import (
    Account,
    Assent,
    Attachment,
    CheckpointKey,
    Constitution,
    CustodyItem,
    ErasureOrder,
    Investigation,
    JournalEntry,
    Key,
    Office,
    Person,
    Proposal,
    ProposalState,
    Record,
    SessionKey,
    Transfer,
    TransferState,
)
from dokaz.casework.records import record_kinds
from dokaz.errors import HoldsNoOffice, NobodyOfThatName, NoInvestigation
from dokaz.exchange.reading.dates import Zone, read_zone
from dokaz.ledger import UnlockedKey


def investigation() -> Investigation:
    """The investigation of this store.

    Raises:
        NoInvestigation: the store has none yet.
    """
    found: Investigation | None = Investigation.objects.order_by("number").first()
    if found is None:
        raise NoInvestigation()
    return found


def attached_to(*records: Record) -> QuerySet[Attachment]:
    """What is attached to records, and not void."""
    of_any: QuerySet[Attachment] = Attachment.objects.filter(of__0__id__in=[str(one.pk) for one in records])
    return of_any.order_by("number")


def local_zone() -> Zone:
    """By whose clock the people of this store type and read times; what is kept is UTC."""
    stated = Investigation.objects.order_by("number").values_list("time_zone", flat=True).first()
    return read_zone(stated or Investigation._meta.get_field("time_zone").default)


def constitution_in_force() -> Constitution | None:
    """The constitution by which the log is kept: the one that was put in force last."""
    adopted = {one.entry_hash: one for one in Constitution.objects.filter(state=ProposalState.IN_FORCE)}
    newest = JournalEntry.objects.filter(leaf__in=list(adopted)).order_by("-index").values_list("leaf", flat=True)
    return adopted[newest[0]] if newest else None


def person_named(name: str) -> Person:
    """A person by name or number.

    Raises:
        NobodyOfThatName: there is none, or more than one.
    """
    people: list[Person] = list(Person.objects.filter(number=name)) or list(Person.objects.filter(name=name))
    if len(people) != 1:
        raise NobodyOfThatName(name, len(people))
    return people[0]


def offices_of(person: uuid.UUID) -> list[Office]:
    """The offices that a person holds now, oldest first."""
    return list(Office.held().filter(person=person).order_by("number"))


def people_who_left() -> QuerySet[Person]:
    """Persons who hold things, and no office any more."""
    holding = Q(pk__in=[])
    for kind in custodial_kinds():
        holding |= Q(pk__in=kind.objects.exclude(holder=None).values("holder"))
    in_office = Office.objects.filter(until=None).values("person")
    return Person.objects.filter(holding).exclude(pk__in=in_office).order_by("number")


def key_of(person: uuid.UUID) -> Key | None:
    """The person's key in use."""
    return Key.in_use().filter(person=person).first()


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose key it is that signed something.

    Args:
        public_key: 64 hex digits.
        in_session: Whether it is the key of a session, delegated by the person's own.
    """

    person: Person
    public_key: str
    in_session: bool


def holders_of(key_ids: Iterable[str]) -> dict[str, Holder]:
    """Whose keys these are, by the id that entries and signatures name: personal keys, and keys of sessions."""
    wanted = list(set(key_ids))
    found: dict[str, Holder] = {}
    for kind in (Key, SessionKey):
        for key in kind.objects.select_related("person").filter(number__in=wanted):
            found[key.number] = Holder(key.person, key.public_key, kind is SessionKey)
    return found


def actor(person: Person, role: str, key: UnlockedKey | None = None) -> Actor:
    """A person acting in one of their offices.

    Raises:
        HoldsNoOffice: the person does not hold that office, or has no key in use.
    """
    office = Office.held().filter(person=person, role=role).order_by("number").first()
    in_use = key_of(person.id)
    if office is None or in_use is None:
        raise HoldsNoOffice(person.name, [role])
    return Actor(person=person.id, office=office.id, role=office.role, key_id=in_use.number, key=key)


def account_of(user_id: int) -> Account | None:
    """Which person a sign-in stands for."""
    return Account.objects.filter(user_id=user_id).first()


def assents_for(record: Record, act: str) -> list[Assent]:
    """Signatures given under the record's newest version towards an act, in the order of their keys.

    Only those count whose key is in use and whose office is still held: an act filed now may name no other.
    """
    given = Assent.objects.filter(record=record.id, leaf=record.entry_hash, act=act)
    in_use = Key.in_use().values("number")
    held = Office.held().values("id")
    return list(given.filter(key__in=in_use, office__in=held).order_by("key"))


def waiting_proposals() -> list[Proposal]:
    """What two administrators must put in force and have not yet: constitutions, keys of the log, erasures, appointments,
    keys."""
    found: list[Proposal] = []
    for alone in (Constitution, CheckpointKey, ErasureOrder):
        found += alone.objects.filter(state=ProposalState.PROPOSED).order_by("number")
    for kind in (Office, Key):
        found += kind.objects.filter(state=ProposalState.PROPOSED).select_related("person").order_by("number")
    return found


def people_who_signed(leaves: Iterable[str], act: str) -> set[uuid.UUID]:
    """The persons whose assents towards an act stand under any of these versions."""
    keys = Assent.objects.filter(leaf__in=list(leaves), act=act).values_list("key", flat=True)
    return set(Key.objects.filter(number__in=list(keys)).values_list("person_id", flat=True))


def custody_of(thing: CustodyItem) -> list[Transfer]:
    """Every transfer of a thing, oldest first; one that was not confirmed yet comes last."""
    done = [str(v.fields["transfer"]) for v in history(thing.id) if v.fields.get("transfer")]
    transfers = Transfer.every.select_related("giver", "receiver")
    found = {str(t.id): t for t in transfers.filter(pk__in=set(done))}
    last = under_way(thing)
    return [found[key] for key in dict.fromkeys(done)] + ([last] if last is not None else [])


def under_way(thing: CustodyItem) -> Transfer | None:
    """The transfer by which a thing was handed over and that its receiver has not confirmed yet."""
    waiting = Transfer.objects.filter(state=TransferState.HANDED_OVER).select_related("giver", "receiver")
    found = (one for one in waiting.order_by("number") if any(listed["id"] == str(thing.id) for listed in one.things))
    return next(found, None)


def custodial_kinds() -> list[type[CustodyItem]]:
    """Every kind of thing that lies somewhere."""
    return [kind for kind in record_kinds() if issubclass(kind, CustodyItem)]


def inventory() -> list[tuple[str, str, str, str, int]]:
    """How many things of which kind lie where, in whose hands: kind, place, holder's number, holder's name, how many.

    Every thing is counted exactly once, what has no place or holder included (identification rule 4).
    """
    rows = []
    for kind in custodial_kinds():
        groups = kind.objects.order_by().values("place", "holder__number", "holder__name").annotate(n=Count("pk"))
        rows += [
            (kind.kind(), g["place"], g["holder__number"] or "", g["holder__name"] or "", int(g["n"])) for g in groups
        ]
    return sorted(rows, key=lambda row: (place_in_alphabet(row[1]), place_in_alphabet(row[3]), row[0]))


def held_by(person: Person) -> list[CustodyItem]:
    """Everything that a person holds, by number."""
    return [thing for kind in custodial_kinds() for thing in kind.objects.filter(holder=person).order_by("number")]


def on_the_way() -> list[Transfer]:
    """Transfers that the receiver has not confirmed yet, oldest first."""
    found = Transfer.objects.filter(state=TransferState.HANDED_OVER)
    return list(found.select_related("giver", "receiver").order_by("number"))
