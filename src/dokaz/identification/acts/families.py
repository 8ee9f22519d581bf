"""What follows a certificate: the family is told in person, and the remains are given back."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import (
    BLANK,
    STATED,
    actor_is,
    actor_is_not,
    agrees,
    carried_out,
    changes,
    each_held_by,
    held,
    holds,
    makes,
    only_one,
    part_of,
    refers,
)
from dokaz.casework.filing import Filing
from dokaz.casework.models import Person
from dokaz.casework.numbering import looks
from dokaz.casework.queries import offices_of
from dokaz.casework.registry import act
from dokaz.casework.roles import ONE_SIGNATURE, Role
from dokaz.casework.rules import refuse_future, require_fields, require_held
from dokaz.errors import (
    BadChoice,
    HoldsNoOffice,
    WrongState,
    sentence,
)
from dokaz.graves.acts import TO_RELEASE, mark_released, mark_returned
from dokaz.identification.acts.board import STILL_HOLDS
from dokaz.identification.acts.doubts import NOTHING_OPEN
from dokaz.identification.models import (
    Decision,
    DecisionState,
    Release,
)
from dokaz.identification.queries import open_doubts, open_reviews
from dokaz.identification.requirements import must_hold, of_decision

# In which offices the label and the remains are checked before a release.
CHECK_LABELS = {Role.MORTUARY.value, Role.FAMILY_LIAISON.value, Role.BOARD.value}


def _must_still_hold(decision: Decision) -> None:
    """What was certified is held once more against all that is known now: corrections, withdrawals, contradictions.

    Where it does not hold, the board revokes it, and decides anew on what there is.
    """
    doubt = open_doubts(decision).first()
    if doubt is not None:
        raise WrongState(
            decision.number, sentence("in doubt: {number}", number=doubt.number), [sentence("an answer to that doubt")]
        )
    if open_reviews(decision).exists():
        raise WrongState(decision.number, sentence("under review"), [sentence("a closed review")])
    must_hold(of_decision(decision))


@act(
    roles={Role.FAMILY_LIAISON},
    past=_("told the family"),
    files=(
        changes(
            Decision,
            "family_notified_on",
            {DecisionState.CERTIFIED: DecisionState.FAMILY_NOTIFIED},
            rules=(holds(family_notified_on=STATED), *STILL_HOLDS, *NOTHING_OPEN),
        ),
    ),
)
def notify_family(decision: Decision, filing: Filing, *, notified_on: dt.date | None = None) -> None:
    """Take note that the family was told, in person, of a certified identification.

    Raises:
        WrongState: it is not certified, or the family was told before.
        DokazError: what it rests on does not hold any more; as ``requirements.of_decision``.
        InTheFuture: the family is said to have been told later than now.
        TooEarly: the family is said to have been told before it was certified.
    """
    decision.must_be(DecisionState.CERTIFIED)
    _must_still_hold(decision)
    refuse_future(decision.number, filing, notified_on=notified_on)
    decision.state, decision.family_notified_on = DecisionState.FAMILY_NOTIFIED, notified_on or filing.at.date()
    filing.add(decision)


@act(
    roles={Role.MORTUARY, Role.FAMILY_LIAISON},
    signed=ONE_SIGNATURE,
    past=_("released"),
    files=(
        makes(
            Release,
            blank="returned_by return_document returned_at returned_to",
            rules=(
                refers("decision", state=DecisionState.FAMILY_NOTIFIED),
                agrees("decision", recovery_unit="recovery_unit"),
                actor_is("released_by"),
                actor_is_not("identity_checked_by"),
                each_held_by("recovery_unit", by="released_by"),
                carried_out("recovery_unit", by="graves.mark_released"),
                only_one("decision"),
            ),
        ),
        changes(
            Decision,
            "released_on",
            {DecisionState.FAMILY_NOTIFIED: DecisionState.RELEASED},
            rules=(
                holds(released_on=STATED),
                *STILL_HOLDS,
                *NOTHING_OPEN,
                part_of("identification.release", kind="identification.Release", field="decision"),
            ),
        ),
    ),
)
def release(
    decision: Decision,
    filing: Filing,
    *,
    released_to: str,
    document_seen: str,
    to_place: str,
    family_choice: str,
    identity_checked_by: Person,
) -> Release:
    """Give remains that one holds back: on a certificate, the family's choice, and a check of the label by another person.

    Args:
        released_to: Name of the person who receives them.
        document_seen: By which that person showed who they are: kind and number.
        to_place: Where they are taken.

    Raises:
        WrongState: there is no certificate, the family was not told, a review of the case is open, or the remains are not
            there to be given.
        DokazError: what it rests on does not hold any more; as ``requirements.of_decision``.
        NotYours: somebody else holds the remains, or they are on their way.
        EmptyField: recipient, document or destination is not named.
        BadChoice: the family's choice is not recorded, or the label was checked by the one who releases.
        HoldsNoOffice: whoever checked the label holds no office in which that is done.
    Source:   identification rule 13.
    """
    decision.must_be(DecisionState.FAMILY_NOTIFIED)
    _must_still_hold(decision)
    require_fields(
        decision.number,
        sentence("say to whom the remains are given, on what document, and where they are taken"),
        released_to=released_to,
        document_seen=document_seen,
        to_place=to_place,
    )
    giver = Person.objects.get(pk=filing.by.person)
    if looks(released_to) == looks(giver.name):
        raise BadChoice("released_to", released_to, [sentence("somebody other than the person who releases")])
    unit = decision.recovery_unit
    unit.must_be(*TO_RELEASE)
    require_held(unit, filing)
    if identity_checked_by.id == filing.by.person:
        raise BadChoice(
            "identity_checked_by", identity_checked_by.name, [sentence("somebody other than the person who releases")]
        )
    if not CHECK_LABELS & {office.role for office in offices_of(identity_checked_by.id)}:
        raise HoldsNoOffice(identity_checked_by.name, [Role(role) for role in sorted(CHECK_LABELS)])
    given = Release(
        number=filing.next_number(Release, "REL"),
        decision=decision,
        recovery_unit=unit,
        released_by_id=filing.by.person,
        released_to=released_to.strip(),
        document_seen=document_seen.strip(),
        to_place=to_place.strip(),
        family_choice=family_choice,
        identity_checked_by=identity_checked_by,
        released_at=filing.at,
    )
    filing.add(given)
    decision.state, decision.released_on = DecisionState.RELEASED, filing.at.date()
    filing.add(decision)
    mark_released(unit, filing, place=given.to_place)
    return given


@act(
    roles={Role.MORTUARY},
    signed=ONE_SIGNATURE,
    past=_("took the remains back"),
    files=(
        changes(
            Release,
            "returned_by return_document returned_at returned_to",
            rules=(
                held(returned_at=BLANK),
                holds(returned_at=STATED),
                actor_is("returned_to"),
                refers("decision", state=DecisionState.REVOKED),
                carried_out("recovery_unit", by="graves.mark_returned"),
            ),
        ),
    ),
)
def take_return(given: Release, filing: Filing, *, returned_by: str, return_document: str, place: str) -> None:
    """Take remains into one's hands that were released on a decision which was revoked; they are examined again.

    Args:
        returned_by: Name of the person who brings them.
        return_document: By which that person showed who they are: kind and number.
        place: Where they lie from now on.

    Raises:
        WrongState: the decision stands, they came back before, or the unit is not away.
        EmptyField: it is not said who brings them, on what document, or where they lie.
    """
    given.decision.must_be(DecisionState.REVOKED)
    if given.returned_at is not None:
        raise WrongState(given.number, sentence("returned"), [sentence("remains that are still away")])
    require_fields(
        given.number,
        sentence("say who brings the remains, on what document, and where they lie now"),
        returned_by=returned_by,
        return_document=return_document,
        place=place,
    )
    given.returned_by, given.return_document = returned_by.strip(), return_document.strip()
    given.returned_at, given.returned_to_id = filing.at, filing.by.person
    filing.add(given)
    mark_returned(given.recovery_unit, filing, place=place.strip())
