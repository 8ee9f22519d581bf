"""Who belongs to the investigation: people with their keys, and their offices."""

from __future__ import annotations

import uuid
from base64 import b64decode, b64encode
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts.together import PUT_IN_FORCE, agree
from dokaz.casework.effects import (
    BLANK,
    STATED,
    actor_is,
    actor_is_not,
    another,
    changes,
    held,
    holds,
    makes,
    only_one,
)
from dokaz.casework.filing import Filing
from dokaz.casework.models import Key, Office, Person, ProposalState, SessionKey
from dokaz.casework.registry import act, act_named
from dokaz.casework.roles import ANY_ROLE, APPOINTED_BY_TWO, ONE_SIGNATURE, Role
from dokaz.casework.rules import require_fields
from dokaz.casework.store import Store
from dokaz.casework.trial import assents_needed
from dokaz.errors import (
    BadChoice,
    LastAdministrator,
    NotYours,
    NumberTaken,
    TrustError,
    WrongKind,
    WrongState,
    sentence,
)
from dokaz.ledger import UnlockedKey, possession_message
from dokaz.ledger import key_id as id_of_key
from dokaz.ledger.personal import verify

_APPOINTED_BY_ONE = sorted(set(Role.values) - APPOINTED_BY_TWO)
# Whoever holds one of these is not the defence.
_EXAMINES_OR_DECIDES = (Role.BOARD, Role.DNA_EXAMINER, Role.PRINT_EXAMINER, Role.MORTUARY)
_NOT_WITHDRAWN = (ProposalState.PROPOSED, ProposalState.IN_FORCE)
_RETIRED = (held(retired_at=BLANK, state=ProposalState.IN_FORCE), holds(retired_at=STATED, reason=STATED))


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


@act(
    roles={Role.ADMINISTRATOR},
    signed=ONE_SIGNATURE,
    past=_("enrolled"),
    files=(
        makes(Person),
        makes(
            Key,
            (ProposalState.PROPOSED, ProposalState.IN_FORCE),
            blank="retired_at",
            rules=(only_one("person", {"state": [ProposalState.IN_FORCE]}),),
        ),
    ),
)
def enrol(
    filing: Filing, *, key: OfferedKey, name: str = "", organisation: str = "", person: Person | None = None
) -> Person:
    """Take a person into the investigation, with the public half of their signing key.

    Whoever was enrolled before gets another key when a second administrator agrees (``agree``): one alone could otherwise
    sign in the name of a member of the board.

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
    own_id = id_of_new_key(key.public_key)
    is_new = person is None
    log = filing.store.log.id
    verify(key.public_key, possession_message(key.public_key, str(key.person), log=log), _signature(key.possession))
    if person is None:
        require_fields("person", sentence("a person is enrolled by name and with a key"), name=name)
        person = Person(id=key.person, number=filing.next_number(Person, "PERS"), name=name, organisation=organisation)
        filing.add(person)
    elif key.person != person.id:
        raise BadChoice("key", own_id[:12], [sentence("a key that is offered for {name}", name=person.name)])
    elif Key.objects.filter(person=person, retired_at=None).exclude(state=ProposalState.WITHDRAWN).exists():
        raise WrongState(
            person.name, sentence("in possession of a key in use"), [sentence("a person whose key was retired")]
        )
    enrolled = Key(
        number=own_id,
        person=person,
        public_key=key.public_key,
        possession=key.possession,
        state=ProposalState.IN_FORCE if is_new else ProposalState.PROPOSED,
    )
    filing.add(enrolled)
    if not is_new:
        agree(enrolled, filing)
    return person


def _signature(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as wrong:
        raise WrongKind("possession", text, sentence("a signature in base64")) from wrong


def id_of_new_key(public_key: str) -> str:
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
    files=(
        makes(
            Office,
            (ProposalState.PROPOSED, ProposalState.IN_FORCE),
            blank="until",
            rules=(
                actor_is_not("person"),
                holds({"state": [ProposalState.IN_FORCE]}, role=_APPOINTED_BY_ONE),
                only_one(
                    "person", {"role": [Role.DEFENCE]}, role=_EXAMINES_OR_DECIDES, until=BLANK, state=_NOT_WITHDRAWN
                ),
                only_one(
                    "person", {"role": _EXAMINES_OR_DECIDES}, role=Role.DEFENCE, until=BLANK, state=_NOT_WITHDRAWN
                ),
            ),
        ),
    ),
)
def appoint(person: Person, filing: Filing, *, role: str) -> Office:
    """Appoint a person to an office from now on; nobody appoints themselves.

    Administrators, examiners and members of the board are proposed, and hold the office once a second administrator agrees
    (``agree``).

    Raises:
        BadChoice: there is no such role, or one would appoint oneself.
        WrongState: the person holds that office already, or examines or decides and would be the defence, or the other way.
    """
    if person.id == filing.by.person:
        raise BadChoice("person", person.name, [sentence("somebody other than the administrator who appoints")])
    if Office.objects.filter(person=person, role=role, until=None).exclude(state=ProposalState.WITHDRAWN).exists():
        raise WrongState(
            person.name, sentence("in that office already"), [sentence("an office that the person does not hold")]
        )
    is_defence, decides = role == Role.DEFENCE, role in _EXAMINES_OR_DECIDES
    against = _EXAMINES_OR_DECIDES if is_defence else (Role.DEFENCE,) if decides else ()
    other = Office.objects.filter(person=person, role__in=against, until=None, state__in=_NOT_WITHDRAWN).first()
    if other is not None:
        raise WrongState(
            person.name,
            sentence("in office as {role}", role=Role(other.role)),
            [sentence("somebody else: whoever examines or decides is not the defence")],
        )
    by_two = role in APPOINTED_BY_TWO
    office = Office(
        number=filing.next_number(Office, "OFF"),
        person=person,
        role=role,
        since=filing.at,
        state=ProposalState.PROPOSED if by_two else ProposalState.IN_FORCE,
    )
    filing.add(office)
    if by_two:
        agree(office, filing)
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
                held(until=BLANK, state=ProposalState.IN_FORCE),
                holds(until=STATED, reason=STATED),
                another(
                    {"role": Role.ADMINISTRATOR}, role=Role.ADMINISTRATOR, state=ProposalState.IN_FORCE, until=BLANK
                ),
            ),
        ),
    ),
)
def dismiss(office: Office, filing: Filing) -> None:
    """End an appointment; what was signed under it stays signed.

    Raises:
        WrongState: it has ended already.
        EmptyField: no reason was given.
        LastAdministrator: too few would be left to appoint anybody after that.
    """
    require_fields(office.number, sentence("say why the appointment ends"), reason=filing.reason)
    if office.until is not None:
        raise WrongState(office.number, sentence("ended"), [sentence("a current appointment")])
    office.must_be(ProposalState.IN_FORCE)
    others = Office.held().filter(role=Role.ADMINISTRATOR).exclude(person=office.person)
    if office.role == Role.ADMINISTRATOR and others.count() < assents_needed(act_named(PUT_IN_FORCE), filing.store):
        raise LastAdministrator(office.person.name)
    office.until = filing.at
    filing.add(office)


@act(
    roles={Role.ADMINISTRATOR},
    signed=ONE_SIGNATURE,
    past=_("retired the key"),
    files=(changes(Key, "retired_at", rules=_RETIRED),),
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
    _retire(key, filing)


@act(
    roles=ANY_ROLE,
    signed=ONE_SIGNATURE,
    past=_("retired their own key"),
    files=(changes(Key, "retired_at", rules=(actor_is("person"), *_RETIRED)),),
)
def retire_own_key(key: Key, filing: Filing) -> None:
    """Stop one's own key at once, with that key: it was stolen, or somebody may have read the passphrase.

    A thief could do so too, and wins nothing by it. Another key takes two administrators.

    Raises:
        NotYours: it is another person's.
        WrongState: it is retired.
        EmptyField: no reason was given.
        LastAdministrator: nobody could appoint anybody after that.
    """
    require_fields(key.number, sentence("say why the key is retired"), reason=filing.reason)
    if key.person_id != filing.by.person:
        raise NotYours(key.number[:12], sentence("the key of another person"), sentence("an administrator retires it"))
    administrators = Office.held().filter(role=Role.ADMINISTRATOR, person__in=Key.in_use().values("person"))
    if set(administrators.values_list("person", flat=True)) == {key.person_id}:
        raise LastAdministrator(key.person.name)
    _retire(key, filing)


def _retire(key: Key, filing: Filing) -> None:
    if key.retired_at is not None:
        raise WrongState(key.number, sentence("retired"), [sentence("a key in use")])
    key.must_be(ProposalState.IN_FORCE)
    key.retired_at = filing.at
    filing.add(key)
