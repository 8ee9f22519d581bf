"""What people do about the investigation itself: found it, appoint each other, sign, and hand things over.

Every move of a thing is an event between two people: the one who gives signs first, the one who receives signs second,
and they are never the same. Nobody signs the same version of a record twice.
"""

from __future__ import annotations

import datetime as dt
import uuid
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from dokaz.casework.constitution import constitution, constitution_hash
from dokaz.casework.effects import (
    BLANK,
    STATED,
    actor_is,
    actor_is_not,
    agrees,
    another,
    changes,
    each_held_by_actor,
    held,
    holds,
    listed,
    makes,
    refers,
)
from dokaz.casework.filing import Actor, Filing
from dokaz.casework.models import (
    Assent,
    Constitution,
    ConstitutionState,
    CustodyItem,
    Delivery,
    Investigation,
    Key,
    Office,
    Person,
    Record,
    SessionKey,
    Transfer,
    TransferState,
)
from dokaz.casework.queries import assents_for, constitution_in_force, offices_of
from dokaz.casework.registry import act, act_named, signature_rule
from dokaz.casework.roles import ANY_ROLE, ONE_SIGNATURE, Over, Role, assents
from dokaz.casework.rules import refuse_future, require_fields
from dokaz.casework.store import Store
from dokaz.errors import (
    BadChoice,
    LastAdministrator,
    NotInOffice,
    NotYours,
    NumberTaken,
    SignatureNeeded,
    SignedAlready,
    TrustError,
    WrongKind,
    WrongState,
    sentence,
)
from dokaz.exchange.reading.remarks import Remark
from dokaz.ledger import Base, PersonalSignature, UnlockedKey, possession_message
from dokaz.ledger import key_id as id_of_key
from dokaz.ledger.personal import verify
from dokaz.vault import Readable, StagedFile

LONGEST_SESSION = dt.timedelta(hours=24)


@dataclass(frozen=True)
class OfferedKey:
    """The public half of a key, the id of the person for whom it is, and what it signed to show that it is held."""

    public_key: str
    person: uuid.UUID
    possession: str


def offer(key: UnlockedKey, store: Store, person: uuid.UUID | None = None) -> OfferedKey:
    """Offer a key for enrolment, to a person of this id; to somebody new if none is given."""
    owner = person or uuid.uuid4()
    signed = key.sign(possession_message(key.public_key, str(owner), log=store.log.id))
    return OfferedKey(key.public_key, owner, b64encode(signed).decode())


def founder(key: UnlockedKey) -> Actor:
    """The actor of a store's first filing: ids are made here, and ``found`` files the records that bear them."""
    return Actor(person=uuid.uuid4(), office=uuid.uuid4(), role=Role.ADMINISTRATOR, key_id=key.key_id, key=key)


@act(
    roles={Role.ADMINISTRATOR},
    signed=ONE_SIGNATURE,
    past=_("opened the investigation"),
    files=(
        makes(Investigation),
        makes(Constitution, ConstitutionState.IN_FORCE),
        makes(Person),
        makes(Key, blank="retired_at"),
        makes(Office, blank="until"),
    ),
)
def found(
    filing: Filing,
    *,
    name: str,
    mandate: str,
    mandate_authority: str,
    mandate_reference: str = "",
    opened_on: dt.date,
    administrator: str,
    organisation: str = "",
) -> Investigation:
    """Open an investigation: its mandate, and the first administrator with a key and an office.

    Raises:
        EmptyField: an investigation without a mandate is not opened.
        InTheFuture: it is said to be opened later than now.
    """
    require_fields(name or "investigation", sentence("an investigation states who ordered it and what it may do"),
           name=name, mandate=mandate, mandate_authority=mandate_authority, administrator=administrator)  # fmt: skip
    if filing.by.key is None:
        raise SignatureNeeded("casework.found")
    refuse_future(name, filing, opened_on=opened_on)
    investigation = Investigation(
        number="INV-000001",
        name=name,
        mandate=mandate,
        mandate_authority=mandate_authority,
        mandate_reference=mandate_reference,
        opened_on=opened_on,
    )
    person = Person(id=filing.by.person, number="PERS-000001", name=administrator, organisation=organisation)
    laws = Constitution(
        number="CON-000001", rules=constitution(), sha256=constitution_hash(), state=ConstitutionState.IN_FORCE
    )
    key = Key(
        number=filing.by.key_id,
        person=person,
        public_key=filing.by.key.public_key,
        possession=offer(filing.by.key, filing.store, person.id).possession,
    )
    office = Office(id=filing.by.office, number="OFF-000001", person=person, role=Role.ADMINISTRATOR, since=filing.at)
    for record in (investigation, laws, person, key, office):
        filing.add(record)
    return investigation


@act(
    roles={Role.ADMINISTRATOR},
    signed=ONE_SIGNATURE,
    past=_("enrolled"),
    files=(makes(Person), makes(Key, blank="retired_at")),
)
def enrol(
    filing: Filing, *, key: OfferedKey, name: str = "", organisation: str = "", person: Person | None = None
) -> Person:
    """Take a person into the investigation, with the public half of their signing key.

    Args:
        key: What ``offer`` gives: whoever offers it has shown that they hold it.
        person: Somebody enrolled before, whose key was retired and who gets another one.

    Raises:
        WrongState: the person has a key in use; nobody has two, so that nobody signs twice.
        WrongKind: what is offered is no key.
        BadChoice: it is offered for another person.
        NumberTaken: somebody has that key, or it was that of a session.
        WrongSignature: whoever offers the key does not hold it.
    """
    own_id = _id_of(key.public_key)
    log = filing.store.log.id
    verify(key.public_key, possession_message(key.public_key, str(key.person), log=log), _signature(key.possession))
    if person is None:
        require_fields("person", sentence("a person is enrolled by name and with a key"), name=name)
        person = Person(id=key.person, number=filing.next_number(Person, "PERS"), name=name, organisation=organisation)
        filing.add(person)
    elif key.person != person.id:
        raise BadChoice("key", own_id[:12], [sentence("a key that is offered for {name}", name=person.name)])
    elif Key.objects.filter(person=person, retired_at=None).exists():
        raise WrongState(
            person.name, sentence("in possession of a key in use"), [sentence("a person whose key was retired")]
        )
    filing.add(Key(number=own_id, person=person, public_key=key.public_key, possession=key.possession))
    return person


def _signature(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as wrong:
        raise WrongKind("possession", text, sentence("a signature in base64")) from wrong


def _id_of(public_key: str) -> str:
    """The id of a public key that is new to the log.

    Raises:
        WrongKind: it is none.
        NumberTaken: it is a person's, or was that of a session.
    """
    try:
        raw = bytes.fromhex(public_key)
        own_id = id_of_key(raw)
        if raw.hex() != public_key:
            raise ValueError(public_key)
    except (ValueError, TrustError) as wrong:
        raise WrongKind("public_key", public_key, sentence("32 bytes, written as 64 hexadecimal digits")) from wrong
    if any(kind.objects.filter(number=own_id).exists() for kind in (Key, SessionKey)):
        raise NumberTaken(own_id)
    return own_id


@act(
    roles={Role.ADMINISTRATOR},
    signed=ONE_SIGNATURE,
    past=_("appointed"),
    files=(makes(Office, blank="until", rules=(actor_is_not("person"),)),),
)
def appoint(person: Person, filing: Filing, *, role: str) -> Office:
    """Appoint a person to an office from now on; nobody appoints themselves.

    Raises:
        BadChoice: there is no such role, or one would appoint oneself.
        WrongState: the person holds that office already.
    """
    if person.id == filing.by.person:
        raise BadChoice("person", person.name, [sentence("somebody other than the administrator who appoints")])
    if Office.objects.filter(person=person, role=role, until=None).exists():
        raise WrongState(
            person.name, sentence("in that office already"), [sentence("an office that the person does not hold")]
        )
    office = Office(number=filing.next_number(Office, "OFF"), person=person, role=role, since=filing.at)
    filing.add(office)
    return office


@act(
    roles={Role.ADMINISTRATOR},
    signed=ONE_SIGNATURE,
    past=_("ended the appointment"),
    files=(
        changes(
            Office,
            "until",
            rules=(
                held(until=BLANK),
                holds(until=STATED, reason=STATED),
                another({"role": Role.ADMINISTRATOR}, role=Role.ADMINISTRATOR, until=BLANK),
            ),
        ),
    ),
)
def dismiss(office: Office, filing: Filing) -> None:
    """End an appointment; what was signed under it stays signed.

    Raises:
        WrongState: it has ended already.
        EmptyField: no reason was given.
        LastAdministrator: nobody could appoint anybody after that.
    """
    require_fields(office.number, sentence("say why the appointment ends"), reason=filing.reason)
    if office.until is not None:
        raise WrongState(office.number, sentence("ended"), [sentence("a current appointment")])
    others = Office.objects.filter(role=Role.ADMINISTRATOR, until=None).exclude(person=office.person)
    if office.role == Role.ADMINISTRATOR and not others.exists():
        raise LastAdministrator(office.person.name)
    office.until = filing.at
    filing.add(office)


@act(
    roles={Role.ADMINISTRATOR},
    signed=ONE_SIGNATURE,
    past=_("retired the key"),
    files=(changes(Key, "retired_at", rules=(held(retired_at=BLANK), holds(retired_at=STATED, reason=STATED))),),
)
def retire_key(key: Key, filing: Filing) -> None:
    """Retire a lost or compromised key; nothing that is filed from now on may name it.

    Raises:
        WrongState: it is retired, or is the key that this act is signed with.
        EmptyField: no reason was given.
    """
    require_fields(key.number, sentence("say why the key is retired"), reason=filing.reason)
    if key.number == filing.by.key_id:
        raise WrongState(key.number, sentence("the key that signs this"), [sentence("another administrator")])
    if key.retired_at is not None:
        raise WrongState(key.number, sentence("retired"), [sentence("a key in use")])
    key.retired_at = filing.at
    filing.add(key)


@act(
    roles={Role.ADMINISTRATOR},
    signed=ONE_SIGNATURE,
    past=_("proposed another constitution"),
    files=(makes(Constitution, ConstitutionState.PROPOSED),),
)
def propose_constitution(filing: Filing) -> Constitution:
    """Propose the constitution of this version of Dokaz, where the log is kept by another: rooms were added, or rules.

    Raises:
        WrongState: it is in force, or proposed.
    """
    for known in Constitution.objects.filter(sha256=constitution_hash()):
        if known.state == ConstitutionState.PROPOSED or known == constitution_in_force():
            raise WrongState(known.number, known.get_state_display(), [sentence("another constitution")])
    laws = Constitution(
        number=filing.next_number(Constitution, "CON"),
        rules=constitution(),
        sha256=constitution_hash(),
        state=ConstitutionState.PROPOSED,
    )
    filing.add(laws)
    return laws


@act(roles={Role.ADMINISTRATOR}, past=_("signed the constitution"))
def sign_constitution(laws: Constitution, filing: Filing) -> bool:
    """Agree to a proposed constitution. The second administrator's signature puts it in force.

    Returns: Whether it is in force now.

    Raises:
        WrongState: it is not proposed.
        SignedAlready: the same person signed it before.
    """
    laws.must_be(ConstitutionState.PROPOSED)
    assent(laws, filing, to="casework.adopt_constitution")
    if len(assents_for(laws, "casework.adopt_constitution")) < signature_rule("casework.adopt_constitution").count:
        return False
    adopt_constitution(laws, filing)
    return True


@act(
    roles={Role.ADMINISTRATOR},
    signed=assents(2),
    past=_("put the constitution in force"),
    part_of="casework.sign_constitution",
    files=(changes(Constitution, "", {ConstitutionState.PROPOSED: ConstitutionState.IN_FORCE}),),
)
def adopt_constitution(laws: Constitution, filing: Filing) -> None:
    """Put a constitution in force under two administrators' signatures; what was filed before stays under the old one."""
    given = assents_given(laws, "casework.adopt_constitution")
    laws.state = ConstitutionState.IN_FORCE
    filing.add(laws, assents=given)


@act(
    roles=ANY_ROLE,
    signed=ONE_SIGNATURE,
    past=_("began to work"),
    files=(makes(SessionKey, blank="ended_at", rules=(actor_is("person"),)),),
)
def begin_work(filing: Filing, *, public_key: str, until: dt.datetime) -> SessionKey:
    """Delegate routine acts to the key of a session, in all offices that one holds, until it ends.

    Raises:
        SignatureNeeded: the key is not unlocked.
        WrongKind: not a public key.
        NumberTaken: the key is a person's, or was that of a session.
        BadChoice: the session lasts longer than a day, or has ended already.
    """
    if filing.by.key is None:
        raise SignatureNeeded("casework.begin_work")
    until = until.replace(microsecond=0)
    if not filing.at < until <= filing.at + LONGEST_SESSION:
        raise BadChoice("until", until.isoformat(), [sentence("a time within {hours} hours", hours=24)])
    session = SessionKey(
        number=_id_of(public_key),
        person_id=filing.by.person,
        delegated_by=Key.objects.get(number=filing.by.key.key_id),
        offices=sorted(str(office.id) for office in offices_of(filing.by.person)),
        public_key=public_key,
        until=until,
    )
    filing.add(session)
    return session


@act(
    roles=ANY_ROLE,
    past=_("ended the session"),
    files=(changes(SessionKey, "ended_at", rules=(actor_is("person"), held(ended_at=BLANK), holds(ended_at=STATED))),),
)
def end_work(session: SessionKey, filing: Filing) -> None:
    """End a session; nothing that is filed from now on may be signed with its key.

    Raises:
        NotYours: it is another person's.
        WrongState: it has ended.
    """
    if session.person_id != filing.by.person:
        raise NotYours(
            session.number[:12], sentence("the session of another person"), sentence("everybody ends their own")
        )
    if session.ended_at is not None:
        raise WrongState(session.number[:12], sentence("ended"), [sentence("a session that goes on")])
    session.ended_at = filing.at
    filing.add(session)


@act(roles=ANY_ROLE, past=_("took the delivery"), files=(makes(Delivery),))
def deliver(
    filing: Filing,
    *,
    form: str,
    files: Sequence[tuple[str, StagedFile | Readable]],
    taken: dict[str, int],
    remarks: Sequence[Remark] = (),
) -> Delivery:
    """Keep delivered files byte for byte, with what was taken from them; the first act of every import.

    Args:
        form: survey, profiles, families, …
        files: Name and content of each.
        taken: How many records of what were made from them.
        remarks: What the reader found odd or left aside, as ``exchange.reading.remarks`` writes it.
    """
    require_fields(sentence("delivery"), sentence("an import names its files"), files=list(files))
    for name, _content in files:
        require_fields(sentence("delivery"), sentence("an import names its files"), file=name)
    kept = []
    for name, content in files:
        stored = filing.keep(content)
        kept.append({"name": name, "sha256": stored.sha256, "bytes": stored.size})
    delivery = Delivery(
        number=filing.next_number(Delivery, "DEL"), form=form, files=kept, taken=taken, remarks=list(remarks)
    )
    filing.add(delivery, files=[str(each["sha256"]) for each in kept])
    return delivery


@act(roles=ANY_ROLE, signed=ONE_SIGNATURE, past=_("signed"), part_of="*", files=(makes(Assent),))
def assent(record: Record, filing: Filing, *, to: str) -> Assent:
    """Sign the version of a record that one has read, towards an act that several people must sign; part of that act.

    Args:
        to: Name of that act, as ``identification.certify``.

    Raises:
        SignatureNeeded: the key is not unlocked.
        NotInOffice: the act is signed in other offices.
        SignedAlready: this person signed this version for this act before.
    """
    towards = act_named(to)
    if towards.signing is None or towards.signing.over is not Over.ASSENT:
        raise BadChoice("act", to, [sentence("an act that several people sign")])
    if filing.by.role not in towards.roles:
        raise NotInOffice(to, Role(filing.by.role), [Role(role) for role in sorted(towards.roles)])
    if filing.by.key is None:
        raise SignatureNeeded(to)
    keys = set(Key.objects.filter(person=filing.by.person).values_list("number", flat=True))
    if any(a.key in keys for a in assents_for(record, to)):
        raise SignedAlready(record.number, Person.objects.get(pk=filing.by.person).name)
    office = str(filing.by.office)
    signed = filing.by.key.assent(
        to, record.entry_hash, str(record.id), log=filing.store.log.id, office=office, base=filing.base
    )
    given = Assent(
        number=filing.next_number(Assent, "ASS"),
        act=to,
        record=record.id,
        leaf=record.entry_hash,
        key=filing.by.key_id,
        office=filing.by.office,
        base_size=signed.base.size,
        base_root=signed.base.root,
        sig=b64encode(signed.sig).decode(),
    )
    filing.add(given)
    return given


def assents_given(record: Record, act_name: str) -> list[PersonalSignature]:
    """The assents given under a record's newest version towards an act, as its entry carries them."""
    return [
        PersonalSignature(a.key, str(a.office), Base(a.base_size, a.base_root), b64decode(a.sig))
        for a in assents_for(record, act_name)
    ]


@act(
    roles=ANY_ROLE,
    signed=ONE_SIGNATURE,
    past=_("handed over"),
    files=(
        makes(
            Transfer,
            TransferState.HANDED_OVER,
            blank="taken_at",
            rules=(actor_is("giver"), actor_is_not("receiver"), each_held_by_actor("things")),
        ),
    ),
)
def hand_over(
    things: Sequence[CustodyItem],
    filing: Filing,
    *,
    to: Person,
    from_place: str,
    to_place: str,
    purpose: str = "",
    seal: str = "",
    condition: str = "",
    handed_at: dt.datetime | None = None,
) -> Transfer:
    """Give things into another person's hands; they are theirs once that person confirms.

    Raises:
        EmptyField: nothing is handed over, or from nowhere or to nowhere.
        WrongState: the receiver holds no office any more.
        InTheFuture: it is said to have happened later than now.
        NotYours: somebody else answers for one of the things, or it is already on its way.
    """
    require_fields(sentence("transfer"), sentence("say what is handed over, from where and to where"),
           things=list(things), from_place=from_place, to_place=to_place)  # fmt: skip
    refuse_future("transfer", filing, handed_at=handed_at)
    if to.id == filing.by.person:
        raise NotYours(to.name, sentence("a transfer is between two people"), sentence("name the person who receives"))
    if not offices_of(to.id):
        raise WrongState(to.name, sentence("without an office"), [sentence("somebody who holds an office now")])
    if len({thing.id for thing in things}) != len(things):
        raise NotYours(sentence("transfer"), sentence("a thing is named twice"), sentence("name each thing once"))
    on_the_way = _on_the_way(filing)
    for thing in things:
        if thing.holder_id != filing.by.person:
            raise NotYours(
                thing.number,
                sentence("held by {holder}", holder=thing.holder.name) if thing.holder else sentence("held by nobody"),
                sentence("only the person who holds a thing can hand it over"),
            )
        if str(thing.id) in on_the_way:
            raise NotYours(
                thing.number, sentence("handed over and not yet confirmed"), sentence("let the receiver confirm first")
            )
    transfer = Transfer(
        number=filing.next_number(Transfer, "TRF"),
        things=[{"kind": t.kind(), "id": str(t.id), "number": t.number} for t in things],
        from_place=from_place,
        to_place=to_place,
        giver_id=filing.by.person,
        receiver=to,
        handed_at=handed_at or filing.at,
        purpose=purpose,
        seal=seal,
        condition=condition,
        state=TransferState.HANDED_OVER,
    )
    filing.add(transfer)
    on_the_way.update(str(thing.id) for thing in things)
    return transfer


def _on_the_way(filing: Filing) -> set[str]:
    """Ids of what was handed over and not yet confirmed; kept while the filing lasts, so that lists stay linear."""
    if "on the way" not in filing.memory:
        listed = Transfer.objects.filter(state=TransferState.HANDED_OVER).values_list("things", flat=True)
        filing.memory["on the way"] = {thing["id"] for things in listed for thing in things}
    found: set[str] = filing.memory["on the way"]
    return found


@act(
    roles=ANY_ROLE,
    signed=ONE_SIGNATURE,
    past=_("took over"),
    files=(
        changes(
            Transfer,
            "taken_at",
            {TransferState.HANDED_OVER: TransferState.TAKEN_OVER},
            rules=(actor_is("receiver"), holds(taken_at=STATED)),
        ),
    ),
)
def take_over(transfer: Transfer, filing: Filing) -> None:
    """Confirm that one has received what was handed over; from now on one answers for it.

    Raises:
        WrongState: it was confirmed already.
        NotYours: somebody else was named as the receiver.
    """
    if transfer.state != TransferState.HANDED_OVER:
        raise WrongState(transfer.number, transfer.get_state_display(), [sentence("handed over")])
    if transfer.receiver_id != filing.by.person:
        raise NotYours(
            transfer.number,
            sentence("meant for {name}", name=transfer.receiver.name),
            sentence("let the named receiver confirm"),
        )
    transfer.state, transfer.taken_at = TransferState.TAKEN_OVER, filing.at
    filing.add(transfer)
    _on_the_way(filing).difference_update(named["id"] for named in transfer.things)
    for named in transfer.things:
        thing = apps.get_model(named["kind"])._base_manager.get(pk=named["id"])
        change_hands(thing, filing, transfer=transfer)


@act(
    roles=ANY_ROLE,
    past=_("changed hands"),
    part_of="casework.take_over",
    files=(
        changes(
            CustodyItem,
            "holder place transfer",
            rules=(
                actor_is("holder"),
                holds(transfer=STATED),
                refers("transfer", state=TransferState.TAKEN_OVER),
                agrees("transfer", holder="receiver"),
                listed("transfer", within="things"),
            ),
        ),
    ),
)
def change_hands(thing: CustodyItem, filing: Filing, *, transfer: Transfer) -> None:
    """Write on a thing who holds it now and where it lies."""
    thing.holder_id, thing.place, thing.transfer = filing.by.person, transfer.to_place, transfer
    filing.add(thing)
