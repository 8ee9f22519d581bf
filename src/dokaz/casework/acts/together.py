"""What two administrators do together: they put in force what gives people power over others."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts.erasing import NAMES_WHAT_MAY_BE_ERASED, destroy
from dokaz.casework.acts.signing import assent, assents_given
from dokaz.casework.effects import BLANK, STATED, actor_is_not, changes, holds, only_one
from dokaz.casework.filing import Filing
from dokaz.casework.models import CheckpointKey, Constitution, ErasureOrder, Key, Office, Proposal, ProposalState
from dokaz.casework.queries import assents_for
from dokaz.casework.registry import act, act_named
from dokaz.casework.roles import ONE_SIGNATURE, Role, assents
from dokaz.casework.rules import require_fields
from dokaz.casework.trial import assents_needed
from dokaz.errors import BadChoice, sentence

PUT_IN_FORCE = "casework.put_in_force"
_MOVE: Mapping[str, str] = {ProposalState.PROPOSED: ProposalState.IN_FORCE}
_BACK: Mapping[str, str] = {ProposalState.PROPOSED: ProposalState.WITHDRAWN}


@act(roles={Role.ADMINISTRATOR}, past=_("agreed to a proposal"))
def agree(proposal: Proposal, filing: Filing) -> bool:
    """Agree to a constitution, an appointment, a key or an erasure. The second administrator puts it in force.

    Returns: Whether it is in force now.

    Raises:
        WrongState: it is not proposed.
        SignedAlready: the same person agreed before.
        BadChoice: one would agree to one's own appointment.
    """
    proposal.must_be(ProposalState.PROPOSED)
    if isinstance(proposal, Office) and proposal.person_id == filing.by.person:
        raise BadChoice(
            "person", proposal.person.name, [sentence("somebody other than the administrators who appoint")]
        )
    assent(proposal, filing, to=PUT_IN_FORCE)
    if len(assents_for(proposal, PUT_IN_FORCE)) < assents_needed(act_named(PUT_IN_FORCE), filing.store):
        return False
    put_in_force(proposal, filing)
    return True


@act(
    roles={Role.ADMINISTRATOR},
    signed=assents(2),
    past=_("put in force"),
    part_of="casework.agree",
    files=(
        changes(Constitution, "", _MOVE),
        changes(CheckpointKey, "", _MOVE),
        changes(ErasureOrder, "", _MOVE, rules=(NAMES_WHAT_MAY_BE_ERASED,)),
        changes(Office, "since", _MOVE, rules=(actor_is_not("person"),)),
        changes(Key, "", _MOVE, rules=(only_one("person", None, state=ProposalState.IN_FORCE, retired_at=BLANK),)),
    ),
)
def put_in_force(proposal: Proposal, filing: Filing) -> None:
    """Put a proposal in force, under the signatures of two administrators to the very version that they read."""
    given = assents_given(proposal, PUT_IN_FORCE)
    proposal.state = ProposalState.IN_FORCE
    if isinstance(proposal, Office):
        proposal.since = filing.at
    filing.add(proposal, assents=given)
    if isinstance(proposal, ErasureOrder):
        destroy(proposal, filing)


@act(
    roles={Role.ADMINISTRATOR},
    signed=ONE_SIGNATURE,
    past=_("withdrew the proposal"),
    files=tuple(
        changes(kind, "", _BACK, rules=(holds(reason=STATED),))
        for kind in (Constitution, CheckpointKey, ErasureOrder, Office, Key)
    ),
)
def withdraw_proposal(proposal: Proposal, filing: Filing) -> None:
    """Withdraw a proposal that is not in force; any administrator may, with a reason.

    Raises:
        WrongState: it is in force, or withdrawn.
        EmptyField: no reason was given.
    """
    require_fields(proposal.number, sentence("say why it is withdrawn"), reason=filing.reason)
    proposal.must_be(ProposalState.PROPOSED)
    proposal.state = ProposalState.WITHDRAWN
    filing.add(proposal)
