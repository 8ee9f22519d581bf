"""How an investigation begins, and by which constitution its log is kept."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts.people import offer
from dokaz.casework.acts.signing import assent, assents_given
from dokaz.casework.constitution import constitution, constitution_hash
from dokaz.casework.effects import changes, makes
from dokaz.casework.filing import Actor, Filing
from dokaz.casework.models import Constitution, ConstitutionState, Investigation, Key, Office, Person
from dokaz.casework.queries import assents_for, constitution_in_force
from dokaz.casework.registry import act, signature_rule
from dokaz.casework.roles import ONE_SIGNATURE, Role, assents
from dokaz.casework.rules import refuse_future, require_fields
from dokaz.errors import SignatureNeeded, WrongState, sentence
from dokaz.ledger import UnlockedKey


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
