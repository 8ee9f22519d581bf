"""What arrived otherwise than it was handed over, and what was found out about it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import actor_is, agrees, changes, makes, refers
from dokaz.casework.filing import Filing
from dokaz.casework.models import Discrepancy, DiscrepancySort, DiscrepancyState, Transfer, TransferState
from dokaz.casework.registry import act
from dokaz.casework.roles import MAY_HOLD
from dokaz.casework.rules import require_fields
from dokaz.errors import BadChoice, NotYours, sentence


@act(
    roles=MAY_HOLD,
    past=_("noted a discrepancy"),
    files=(
        makes(
            Discrepancy,
            DiscrepancyState.OPEN,
            blank="outcome",
            rules=(
                actor_is("noted_by"),
                refers("transfer", state=TransferState.TAKEN_OVER),
                agrees("transfer", noted_by="receiver"),
            ),
        ),
    ),
)
def note_discrepancy(transfer: Transfer, filing: Filing, *, sort: str, label: str, note: str = "") -> Discrepancy:
    """Write down how one thing that one received differs from what was handed over, at receipt or when it is seen later.

    Args:
        label: The number of the thing: as it is listed, or, of what is not on the list, as it was read.

    Raises:
        BadChoice: there is no such sort of discrepancy.
        EmptyField: no thing is named.
        WrongState: it was not taken over.
        NotYours: somebody else received it.
    """
    if sort not in DiscrepancySort.values:
        raise BadChoice("sort", sort, list(DiscrepancySort.values))
    require_fields(transfer.number, sentence("name the thing that differs"), label=label)
    transfer.must_be(TransferState.TAKEN_OVER)
    if transfer.receiver_id != filing.by.person:
        raise NotYours(
            transfer.number,
            sentence("received by {name}", name=transfer.receiver.name),
            sentence("let the receiver say what differs"),
        )
    found = Discrepancy(
        number=filing.next_number(Discrepancy, "DSC"),
        transfer=transfer,
        sort=sort,
        label=label.strip(),
        note=note,
        noted_by_id=filing.by.person,
        state=DiscrepancyState.OPEN,
    )
    filing.add(found)
    return found


@act(
    roles=MAY_HOLD,
    past=_("settled the discrepancy"),
    files=(
        changes(
            Discrepancy,
            "outcome",
            {DiscrepancyState.OPEN: DiscrepancyState.SETTLED},
        ),
    ),
)
def settle_discrepancy(discrepancy: Discrepancy, filing: Filing, *, outcome: str) -> None:
    """Say what a discrepancy turned out to be, and what was done about it.

    Raises:
        WrongState: it was settled before.
        EmptyField: nothing is said.
    """
    discrepancy.must_be(DiscrepancyState.OPEN)
    require_fields(discrepancy.number, sentence("say what it was, and what was done"), outcome=outcome)
    discrepancy.state, discrepancy.outcome = DiscrepancyState.SETTLED, outcome.strip()
    filing.add(discrepancy)
