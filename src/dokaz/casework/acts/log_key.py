"""The log's key: proposed by one administrator, put in force by two (``agree``); the one before it is revoked then."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts.together import agree
from dokaz.casework.effects import STATED, holds, makes
from dokaz.casework.filing import Filing
from dokaz.casework.models import CheckpointKey, ProposalState
from dokaz.casework.registry import act
from dokaz.casework.roles import ONE_SIGNATURE, Role
from dokaz.casework.rules import require_fields
from dokaz.errors import NumberTaken, WrongKind, sentence
from dokaz.ledger import VerifierKey


@act(
    roles={Role.ADMINISTRATOR},
    signed=ONE_SIGNATURE,
    past=_("proposed another key of the log"),
    files=(makes(CheckpointKey, ProposalState.PROPOSED, rules=(holds(reason=STATED),)),),
)
def propose_log_key(filing: Filing, *, key: str) -> CheckpointKey:
    """Propose another key for the log, whose private half lies in the store, and agree to it.

    Args:
        key: The public key, as ``name+hash+base64``.

    Raises:
        EmptyField: no reason was given: routine, lost, stolen.
        WrongKind: it is of another log.
        NumberTaken: it is, or was, the log's key.
    """
    require_fields("key", sentence("say why the log gets another key"), reason=filing.reason)
    if VerifierKey.parse(key).name != filing.store.origin:
        raise WrongKind("key", key, sentence("a key of this log"))
    former = CheckpointKey.objects.filter(key=key, state=ProposalState.IN_FORCE)
    if key == str(filing.store.log.verifier_key) or former.exists():
        raise NumberTaken(key)
    proposed = CheckpointKey(number=filing.next_number(CheckpointKey, "LOG"), key=key, state=ProposalState.PROPOSED)
    filing.add(proposed)
    agree(proposed, filing)
    return proposed
