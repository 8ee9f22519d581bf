"""How an investigation begins, and by which constitution its log is kept."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts.people import id_of_new_key, offer
from dokaz.casework.acts.signing import assent
from dokaz.casework.constitution import constitution, constitution_hash
from dokaz.casework.effects import holds, makes
from dokaz.casework.filing import Actor, Filing
from dokaz.casework.models import Constitution, Investigation, Key, Office, Person, ProposalState
from dokaz.casework.queries import constitution_in_force, investigation
from dokaz.casework.registry import act
from dokaz.casework.roles import ONE_SIGNATURE, Role
from dokaz.casework.rules import refuse_future, require_fields, require_zone
from dokaz.errors import SignatureNeeded, WrongState, sentence
from dokaz.ledger import UnlockedKey


def founder(key: UnlockedKey) -> Actor:
    """An actor of a store's first filing: ids are made here, and ``found`` files the records that bear them."""
    return Actor(person=uuid.uuid4(), office=uuid.uuid4(), role=Role.ADMINISTRATOR, key_id=key.key_id, key=key)


@dataclass(frozen=True)
class Founder:
    """An administrator who founds an investigation together with the one who files it."""

    by: Actor
    name: str
    organisation: str = ""


@act(
    roles={Role.ADMINISTRATOR},
    signed=ONE_SIGNATURE,
    past=_("opened the investigation"),
    files=(
        makes(Investigation),
        makes(Constitution, ProposalState.IN_FORCE),
        makes(Person),
        makes(Key, ProposalState.IN_FORCE, blank="retired_at"),
        makes(Office, ProposalState.IN_FORCE, blank="until", rules=(holds(role=Role.ADMINISTRATOR),)),
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
    time_zone: str = "Europe/Kyiv",
    administrator: str,
    organisation: str = "",
    others: Sequence[Founder] = (),
) -> Investigation:
    """Open an investigation: its mandate, and its administrators, each with a key and an office.

    Each of the others signs what was founded (``sign_founding``), directly afterwards and in this order. Where there are
    none, the store is a trial for good (``dokaz.casework.trial``).

    Args:
        time_zone: By whose clock times are typed and shown, as ``Europe/Kyiv`` or ``+03:00``.
        others: The administrators beside the one who files this.

    Raises:
        EmptyField: an investigation without a mandate is not opened.
        BadChoice: the time zone is not known.
        InTheFuture: it is said to be opened later than now.
    """
    require_fields(name or "investigation", sentence("an investigation states who ordered it and what it may do"),
           name=name, mandate=mandate, mandate_authority=mandate_authority, administrator=administrator)  # fmt: skip
    if filing.by.key is None:
        raise SignatureNeeded("casework.found")
    require_zone(name, time_zone)
    refuse_future(name, filing, opened_on=opened_on)
    opened = Investigation(
        number="INV-000001",
        name=name,
        mandate=mandate,
        mandate_authority=mandate_authority,
        mandate_reference=mandate_reference,
        opened_on=opened_on,
        time_zone=time_zone,
    )
    laws = Constitution(
        number="CON-000001", rules=constitution(), sha256=constitution_hash(), state=ProposalState.IN_FORCE
    )
    filing.add(opened)
    filing.add(laws)
    for nth, one in enumerate((Founder(filing.by, administrator, organisation), *others), start=1):
        _enter(one, nth, filing)
    return opened


def _enter(founder: Founder, nth: int, filing: Filing) -> None:
    """File an administrator of the founding: person, key, office."""
    require_fields("administrator", sentence("an administrator is named"), name=founder.name)
    if founder.by.key is None:
        raise SignatureNeeded("casework.found")
    person = Person(
        id=founder.by.person, number=f"PERS-{nth:06d}", name=founder.name, organisation=founder.organisation
    )
    filing.add(person)
    filing.add(
        Key(
            number=id_of_new_key(founder.by.key.public_key),
            person=person,
            public_key=founder.by.key.public_key,
            possession=offer(founder.by.key, filing.store, person.id).possession,
            state=ProposalState.IN_FORCE,
        )
    )
    filing.add(
        Office(
            id=founder.by.office,
            number=f"OFF-{nth:06d}",
            person=person,
            role=Role.ADMINISTRATOR,
            since=filing.at,
            state=ProposalState.IN_FORCE,
        )
    )


@act(roles={Role.ADMINISTRATOR}, past=_("signed the founding"))
def sign_founding(filing: Filing) -> None:
    """Sign what was founded, as a further administrator of the founding; before that, nothing else is filed.

    Raises:
        SignedAlready: the same person signed it before.
    """
    assent(investigation(), filing, to="casework.found")


@act(
    roles={Role.ADMINISTRATOR},
    signed=ONE_SIGNATURE,
    past=_("proposed another constitution"),
    files=(makes(Constitution, ProposalState.PROPOSED),),
)
def propose_constitution(filing: Filing) -> Constitution:
    """Propose the constitution of this version of Dokaz, where the log is kept by another: rooms were added, or rules.

    Raises:
        WrongState: it is in force, or proposed.
    """
    for known in Constitution.objects.filter(sha256=constitution_hash()):
        if known.state == ProposalState.PROPOSED or known == constitution_in_force():
            raise WrongState(known.number, known.get_state_display(), [sentence("another constitution")])
    laws = Constitution(
        number=filing.next_number(Constitution, "CON"),
        rules=constitution(),
        sha256=constitution_hash(),
        state=ProposalState.PROPOSED,
    )
    filing.add(laws)
    return laws
