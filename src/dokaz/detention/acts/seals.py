"""Seals on the packaging of exhibits: applied, found intact, found broken, accounted for, replaced."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import STATED, actor_is, actor_is_not, changes, holds, makes, only_one, part_of, refers
from dokaz.casework.filing import Filing
from dokaz.casework.registry import act
from dokaz.casework.roles import MAY_HOLD, ONE_SIGNATURE, Role
from dokaz.casework.rules import refuse_future, require_fields, require_held
from dokaz.detention.models import Exhibit, Seal, SealState
from dokaz.errors import NotYours, NumberTaken, sentence

ON, BROKEN, ACCOUNTED, REPLACED = SealState.ON, SealState.BROKEN, SealState.ACCOUNTED, SealState.REPLACED
_LATER = "checked_at checked_by seen account accounted_by"


@act(
    roles=MAY_HOLD,
    past=_("sealed"),
    files=(makes(Seal, ON, blank=f"{_LATER} replaces", rules=(actor_is("applied_by"), only_one("label"))),),
)
def apply_seal(exhibit: Exhibit, filing: Filing, *, label: str, applied_at: dt.datetime | None = None) -> Seal:
    """Seal the packaging of an exhibit that one holds.

    Args:
        label: The number that is printed on the seal.

    Raises:
        NotYours: somebody else holds the exhibit.
        EmptyField: the seal has no number.
        NumberTaken: a seal of that number is on file: no two are alike.
        InTheFuture, TooEarly: later than now, or before it was seized.
    """
    return _new_seal(exhibit, label, filing, applied_at)


def _new_seal(
    exhibit: Exhibit, label: str, filing: Filing, applied_at: dt.datetime | None, replaces: Seal | None = None
) -> Seal:
    require_held(exhibit, filing)
    label = label.strip()
    require_fields(exhibit.number, sentence("write the number that is printed on the seal"), label=label)
    refuse_future(exhibit.number, filing, applied_at=applied_at)
    if Seal.every.filter(label__iexact=label).exists():
        raise NumberTaken(label)
    seal = Seal(
        number=filing.next_number(Seal, "SEA"),
        exhibit=exhibit,
        label=label,
        replaces=replaces,
        applied_at=applied_at or filing.at,
        applied_by_id=filing.by.person,
        state=ON,
    )
    filing.add(seal)
    return seal


@act(
    roles=MAY_HOLD,
    past=_("found the seal intact"),
    files=(
        changes(
            Seal, "checked_at checked_by seen", rules=(holds(state=[ON], checked_at=STATED), actor_is("checked_by"))
        ),
    ),
)
def find_intact(seal: Seal, filing: Filing, *, label: str, seen: str = "") -> None:
    """Write down that one has looked at a seal, and that it is whole. Its number is read from the seal, not from the page.

    Args:
        label: The number as it is read.

    Raises:
        WrongState: it was found broken, or replaced.
        NotYours: the number that was read is another: this is not the seal that was applied.
    """
    seal.must_be(ON)
    require_fields(seal.number, sentence("read the number from the seal"), label=label)
    if label.strip() != seal.label:
        raise NotYours(
            label.strip()[:40],
            sentence("not the number of the seal that was applied, {label}", label=seal.label),
            sentence("read it again; if it is another seal, say that the one that was applied is found broken"),
        )
    _looked_at(seal, filing, seen)


@act(
    roles=MAY_HOLD,
    past=_("found the seal broken"),
    files=(
        changes(Seal, "checked_at checked_by seen", {ON: BROKEN}, rules=(holds(seen=STATED), actor_is("checked_by"))),
    ),
)
def find_broken(seal: Seal, filing: Filing, *, seen: str) -> None:
    """Write down that a seal is broken, missing, or another one; it waits until somebody accounts for it.

    Raises:
        WrongState: it was found broken before, or replaced.
        EmptyField: it is not said what is seen.
    """
    seal.must_be(ON)
    require_fields(seal.number, sentence("say what is seen"), seen=seen)
    seal.state = BROKEN
    _looked_at(seal, filing, seen)


def _looked_at(seal: Seal, filing: Filing, seen: str) -> None:
    seal.checked_at, seal.checked_by_id, seal.seen = filing.at, filing.by.person, seen.strip()
    filing.add(seal)


@act(
    roles={Role.INVESTIGATOR},
    past=_("accounted for the broken seal"),
    signed=ONE_SIGNATURE,
    files=(
        changes(
            Seal,
            "account accounted_by",
            {BROKEN: ACCOUNTED},
            rules=(actor_is("accounted_by"), actor_is_not("applied_by", "checked_by"), holds(account=STATED)),
        ),
    ),
)
def account_for_seal(seal: Seal, filing: Filing, *, account: str) -> None:
    """Sign how a seal came to be broken. Neither who applied it nor who found it so accounts for it.

    Raises:
        WrongState: it was not found broken, or was accounted for.
        EmptyField: it is not said how.
        NotYours: one applied it, or found it broken.
    """
    seal.must_be(BROKEN)
    require_fields(seal.number, sentence("say how it came to be broken, and how that is known"), account=account)
    if filing.by.person in (seal.applied_by_id, seal.checked_by_id):
        raise NotYours(
            seal.number,
            sentence("applied or found broken by the one who would account for it"),
            sentence("let another investigator account for it"),
        )
    seal.state, seal.account, seal.accounted_by_id = ACCOUNTED, account.strip(), filing.by.person
    filing.add(seal)


@act(
    roles=MAY_HOLD,
    past=_("replaced the seal"),
    files=(
        changes(
            Seal,
            "checked_at checked_by seen",
            {ON: REPLACED},
            rules=(
                actor_is("checked_by"),
                holds(seen=STATED),
                part_of("detention.replace_seal", kind="detention.Seal", field="replaces"),
            ),
        ),
        makes(
            Seal,
            ON,
            blank=_LATER,
            rules=(
                holds(replaces=STATED),
                actor_is("applied_by"),
                only_one("label"),
                refers("replaces", state=[REPLACED]),
            ),
        ),
    ),
)
def replace_seal(seal: Seal, filing: Filing, *, label: str, seen: str, applied_at: dt.datetime | None = None) -> Seal:
    """Open a packaging whose seal holds, and put a new seal on it; says why it was opened.

    Args:
        label: The number of the new seal.
        seen: Why it was opened, and how the old seal was.

    Raises:
        WrongState: the old seal does not hold: then it is accounted for, and another one applied.
        NotYours: somebody else holds the exhibit.
        EmptyField, NumberTaken, InTheFuture: as for a seal that is applied.
    """
    seal.must_be(ON)
    require_fields(seal.number, sentence("say why it was opened, and how the old seal was"), seen=seen)
    seal.state = REPLACED
    _looked_at(seal, filing, seen)
    return _new_seal(seal.exhibit, label, filing, applied_at, replaces=seal)
