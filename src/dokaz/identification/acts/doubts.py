"""What speaks against a decision after it was made: doubts and their answers, and reviews that are closed.

Nothing follows a decision that is in doubt or under review: the family is not told, remains are not given back. Nobody who
made a decision says alone that it still holds. Where nobody else is left, two of the board revoke it, and decide anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import (
    BLANK,
    STATED,
    actor_is,
    actor_is_not,
    changes,
    held,
    holds,
    independent,
    makes,
    refers,
    unless_pointed_at,
)
from dokaz.casework.filing import Filing
from dokaz.casework.registry import act
from dokaz.casework.roles import ONE_SIGNATURE, Role
from dokaz.casework.rules import require_fields
from dokaz.errors import NotYours, WrongState, sentence
from dokaz.identification.acts.comparisons import EXAMINERS
from dokaz.identification.models import Decision, DecisionState, Doubt, DoubtState, Review
from dokaz.identification.queries import IN_FORCE, deciders_of

_STANDING = (*IN_FORCE, DecisionState.EXCLUDED)
# Nothing follows a decision while one of these points to it.
NOTHING_OPEN = (
    unless_pointed_at(kind="identification.Doubt", state=DoubtState.OPEN),
    unless_pointed_at(kind="identification.Review", closed_on=BLANK),
)
# Whoever acts did not decide what the record is about.
_DID_NOT_DECIDE = tuple(
    independent("decision", filed_by=by) for by in ("identification.certify", "identification.exclude")
)


@act(
    roles={Role.BOARD, Role.INVESTIGATOR, *EXAMINERS},
    past=_("raised a doubt"),
    files=(
        makes(
            Doubt,
            DoubtState.OPEN,
            blank="answer answered_by answered_at",
            rules=(actor_is("raised_by"), refers("decision", state=_STANDING)),
        ),
    ),
)
def doubt(decision: Decision, filing: Filing, *, grounds: str, evidence: Sequence[str] = ()) -> Doubt:
    """Raise grounds for a second look at a decision: nothing follows it until they are answered, or it is revoked.

    Args:
        evidence: Numbers of the records, or names of the files, that it rests on.
    """
    for each in evidence:
        require_fields(decision.number, sentence("name the record that it rests on"), evidence=each)
    require_fields(decision.number, sentence("say what was found"), grounds=grounds)
    if decision.state not in _STANDING:
        raise WrongState(decision.number, decision.get_state_display(), [sentence("a decision that stands")])
    raised = Doubt(
        number=filing.next_number(Doubt, "DBT"),
        decision=decision,
        grounds=grounds.strip(),
        evidence=list(evidence),
        raised_by_id=filing.by.person,
        raised_at=filing.at,
    )
    filing.add(raised)
    return raised


@act(
    roles={Role.BOARD, *EXAMINERS},
    signed=ONE_SIGNATURE,
    past=_("answered the doubt"),
    files=(
        changes(
            Doubt,
            "answer answered_by answered_at",
            {DoubtState.OPEN: DoubtState.ANSWERED},
            rules=(
                holds(answer=STATED, answered_at=STATED),
                actor_is("answered_by"),
                actor_is_not("raised_by"),
                *_DID_NOT_DECIDE,
            ),
        ),
    ),
)
def answer_doubt(doubt: Doubt, filing: Filing, *, answer: str) -> None:
    """Answer a doubt in writing: why the decision holds in spite of what was found.

    Where it does not, two of the board revoke the decision. Whoever raised the doubt may take it back, by making it void.

    Raises:
        EmptyField: no grounds are given.
        WrongState: it was answered before.
        NotYours: one raised it oneself, or decided what it is about.
    """
    require_fields(doubt.number, sentence("say why the decision still holds"), answer=answer)
    doubt.must_be(DoubtState.OPEN)
    if filing.by.person == doubt.raised_by_id:
        raise NotYours(doubt.number, sentence("you raised it yourself"), sentence("let somebody else answer it"))
    _must_not_have_decided(doubt, doubt.decision, filing)
    doubt.state, doubt.answer = DoubtState.ANSWERED, answer.strip()
    doubt.answered_by_id, doubt.answered_at = filing.by.person, filing.at
    filing.add(doubt)


@act(
    roles={Role.BOARD, *EXAMINERS},
    past=_("closed the review"),
    files=(
        changes(Review, "closed_on outcome", rules=(held(closed_on=BLANK), holds(closed_on=STATED), *_DID_NOT_DECIDE)),
    ),
)
def close_review(review: Review, filing: Filing, *, outcome: str) -> None:
    """Close a review with what it found; a review of a decision, somebody who did not make that decision.

    Raises:
        EmptyField: nothing is said.
        WrongState: it was closed before, or is of a comparison: that is answered (``answer_correction``).
        NotYours: one decided oneself what is looked at again.
    """
    require_fields(review.number, sentence("say what the review found"), outcome=outcome)
    if review.closed_on is not None:
        raise WrongState(review.number, sentence("closed"), [sentence("an open review")])
    if review.decision is not None:
        _must_not_have_decided(review, review.decision, filing)
    review.closed_on, review.outcome = filing.at.date(), outcome.strip()
    filing.add(review)


def _must_not_have_decided(record: Doubt | Review, decision: Decision, filing: Filing) -> None:
    if filing.by.person in deciders_of(decision):
        raise NotYours(
            record.number,
            sentence("you signed {number} yourself", number=decision.number),
            sentence("let somebody who did not say whether it holds, or revoke it"),
        )
