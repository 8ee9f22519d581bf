"""What follows a certificate: the family is told in person, and the remains are given back."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import (
    STATED,
    actor_is_not,
    agrees,
    changes,
    exists,
    holds,
    makes,
    only_one,
    refers,
)
from dokaz.casework.filing import Filing
from dokaz.casework.models import Person
from dokaz.casework.queries import offices_of
from dokaz.casework.registry import act
from dokaz.casework.roles import ONE_SIGNATURE, Role
from dokaz.casework.rules import refuse_future, require_fields
from dokaz.errors import (
    BadChoice,
    HoldsNoOffice,
    TooEarly,
    WrongState,
    sentence,
)
from dokaz.graves.acts import mark_released
from dokaz.graves.models import State
from dokaz.identification.models import (
    Decision,
    DecisionState,
    Release,
)
from dokaz.identification.queries import open_reviews

# In which offices the label and the remains are checked before a release.
CHECK_LABELS = {Role.MORTUARY.value, Role.FAMILY_LIAISON.value, Role.BOARD.value}


@act(
    roles={Role.FAMILY_LIAISON},
    past=_("told the family"),
    files=(
        changes(
            Decision,
            "family_notified_on",
            {DecisionState.CERTIFIED: DecisionState.FAMILY_NOTIFIED},
            rules=(holds(family_notified_on=STATED),),
        ),
    ),
)
def notify_family(decision: Decision, filing: Filing, *, notified_on: dt.date | None = None) -> None:
    """Take note that the family was told, in person, of a certified identification.

    Raises:
        WrongState: it is not certified, or the family was told before.
        InTheFuture: the family is said to have been told later than now.
        TooEarly: the family is said to have been told before it was certified.
    """
    decision.must_be(DecisionState.CERTIFIED)
    refuse_future(decision.number, filing, notified_on=notified_on)
    if notified_on is not None and decision.decided_on is not None and notified_on < decision.decided_on:
        raise TooEarly(decision.number, "notified_on", notified_on, decision.decided_on)
    decision.state, decision.family_notified_on = DecisionState.FAMILY_NOTIFIED, notified_on or filing.at.date()
    filing.add(decision)


@act(
    roles={Role.MORTUARY, Role.FAMILY_LIAISON},
    signed=ONE_SIGNATURE,
    past=_("released"),
    files=(
        makes(
            Release,
            rules=(
                refers("decision", state=DecisionState.FAMILY_NOTIFIED),
                agrees("decision", recovery_unit="recovery_unit"),
                actor_is_not("identity_checked_by"),
                only_one("decision"),
            ),
        ),
        changes(
            Decision,
            "released_on",
            {DecisionState.FAMILY_NOTIFIED: DecisionState.RELEASED},
            rules=(holds(released_on=STATED), exists("identification.Release", "decision")),
        ),
    ),
)
def release(
    decision: Decision, filing: Filing, *, released_to: str, family_choice: str, identity_checked_by: Person
) -> Release:
    """Give remains back: on a certificate, the family's recorded choice, and a final check of the label by another person.

    Raises:
        WrongState: there is no certificate, the family was not told, or a review of the case is open.
        BadChoice: the family's choice is not recorded, or the label was checked by the one who releases.
        HoldsNoOffice: whoever checked the label holds no office in which that is done.
    Source:   identification rule 13.
    """
    decision.must_be(DecisionState.FAMILY_NOTIFIED)
    if open_reviews(decision).exists():
        raise WrongState(decision.number, sentence("under review"), [sentence("a closed review")])
    require_fields(decision.number, sentence("say to whom the remains are given"), released_to=released_to)
    if identity_checked_by.id == filing.by.person:
        raise BadChoice(
            "identity_checked_by", identity_checked_by.name, [sentence("somebody other than the person who releases")]
        )
    if not CHECK_LABELS & {office.role for office in offices_of(identity_checked_by.id)}:
        raise HoldsNoOffice(identity_checked_by.name, [Role(role) for role in sorted(CHECK_LABELS)])
    given = Release(
        number=filing.next_number(Release, "REL"),
        decision=decision,
        recovery_unit=decision.recovery_unit,
        released_to=released_to.strip(),
        family_choice=family_choice,
        identity_checked_by=identity_checked_by,
        released_at=filing.at,
    )
    filing.add(given)
    decision.state, decision.released_on = DecisionState.RELEASED, filing.at.date()
    filing.add(decision)
    mark_released(decision.recovery_unit, filing, state=State.RELEASED)
    return given
