"""What waits for whom: every step of the work at which something stands still until a person acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import Transfer, TransferState
from dokaz.casework.roles import Role
from dokaz.graves.models import RecoveryUnit, State
from dokaz.identification.models import Decision, DecisionState, Review
from dokaz.identification.queries import waiting_for_board, waiting_for_examiners
from dokaz.missing.models import MissingPerson, MissingState
from dokaz.mortuary import queries as mortuary
from dokaz.pages.acting import Acting
from dokaz.pages.ledger_strip import address
from dokaz.pages.lists import once_per_filing


@dataclass(frozen=True, slots=True)
class Step:
    """One step at which things wait.

    Args:
        name: For the cache.
        unit: What waits, in words that follow a number.
        roles: Who may do the next thing.
        count: How many wait.
        room, query: The list behind the number.
    """

    name: str
    unit: str | Promise
    roles: tuple[str, ...]
    count: Callable[[], int]
    room: str
    query: str = ""


_EXAMINERS = (Role.DNA_EXAMINER, Role.PRINT_EXAMINER, Role.MORTUARY)

STEPS: tuple[Step, ...] = (
    Step("in ground", _("recovery units surveyed, still in the ground"), (Role.SCENE,),
         lambda: RecoveryUnit.objects.filter(state=State.SURVEYED).count(), "units", "waits=lift"),
    Step("on the way", _("transfers not confirmed by the receiver"), (),
         lambda: Transfer.objects.filter(state=TransferState.HANDED_OVER).count(), "inventory"),
    Step("quarantine", _("recovery units in quarantine"), (Role.SCENE, Role.MORTUARY),
         lambda: RecoveryUnit.objects.filter(state=State.QUARANTINED).count(), "units", f"state={State.QUARANTINED}"),
    Step("receive", _("recovery units lifted, not received"), (Role.MORTUARY,),
         lambda: mortuary.to_receive().count(), "units", "waits=receive"),
    Step("examine", _("recovery units to examine"), (Role.MORTUARY,),
         lambda: mortuary.to_examine().count(), "units", "waits=examine"),
    Step("sample", _("recovery units to sample"), (Role.MORTUARY,),
         lambda: mortuary.to_sample().count(), "units", "waits=sample"),
    Step("type", _("samples to type"), (Role.DNA_EXAMINER,),
         lambda: mortuary.to_type().count(), "samples", "typed=no"),
    Step("verify", _("reports to verify with the family"), (Role.FAMILY_LIAISON, Role.INVESTIGATOR),
         lambda: MissingPerson.objects.filter(state=MissingState.REPORTED).count(), "missing",
         f"state={MissingState.REPORTED}"),
    Step("sign comparisons", _("comparisons to sign"), _EXAMINERS,
         lambda: waiting_for_examiners().count(), "comparisons", "state=proposed"),
    Step("board", _("decisions before the board"), (Role.BOARD,),
         lambda: waiting_for_board().count(), "decisions", f"state={DecisionState.BEFORE_BOARD}"),
    Step("families", _("certified identifications of which the family is not told"), (Role.FAMILY_LIAISON,),
         lambda: Decision.objects.filter(state=DecisionState.CERTIFIED).count(), "decisions",
         f"state={DecisionState.CERTIFIED}"),
    Step("reviews", _("cases under review after a revocation"), (Role.BOARD,),
         lambda: Review.objects.filter(closed_on=None).count(), "board_reviews"),
)  # fmt: skip


def counted() -> dict[str, int]:
    """How many wait at each step."""
    return {step.name: step.count() for step in STEPS}


def waiting_for(acting: Acting) -> list[dict[str, Any]]:
    """The steps at which something waits; first those that wait for the reader's own office."""
    counts = once_per_filing("what waits", counted)
    rows = []
    for step in STEPS:
        if not counts[step.name]:
            continue
        there = address(step.room) if acting.opens(step.room) else ""
        rows.append(
            {
                "n": counts[step.name],
                "unit": step.unit,
                "who": [str(Role(role).label) for role in step.roles] or [str(_("whoever receives"))],
                "url": f"{there}?{step.query}" if there and step.query else there,
                "is_mine": acting.is_one_of(step.roles),
            }
        )
    return sorted(rows, key=lambda row: not row["is_mine"])
