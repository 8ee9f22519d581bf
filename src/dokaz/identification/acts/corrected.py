"""What rested on a value that was corrected since: signed comparisons and decisions are reopened until somebody answers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import BLANK, STATED, changes, held, holds, makes
from dokaz.casework.filing import Filing
from dokaz.casework.models import JournalEntry
from dokaz.casework.queries import holders_of
from dokaz.casework.records import Record
from dokaz.casework.registry import act
from dokaz.casework.roles import ANY_ROLE
from dokaz.casework.rooms import record_kind
from dokaz.casework.rules import require_fields
from dokaz.errors import NotYours, WrongState, sentence
from dokaz.identification.acts.comparisons import EXAMINERS
from dokaz.identification.models import Comparison, ComparisonState, Decision, DecisionState, Review, ReviewLink
from dokaz.identification.queries import IN_FORCE
from dokaz.ledger import Entry

_DECIDED = (*IN_FORCE, DecisionState.EXCLUDED)
# What a comparison points to, and may have read.
_READ = ("recovery_unit", "missing_person", "profile", "family", "frequencies")


def about(record: Record) -> Iterator[Record]:
    """A record, and what it is evidence about: a finding is about its examination, and that about its unit."""
    yield record
    kind = record_kind(type(record))
    for name in kind.goes_with if kind is not None else ():
        target = getattr(record, name)
        if isinstance(target, Record):
            yield from about(target)


def comparisons_on(record: Record) -> Iterable[Comparison]:
    """The comparisons that rest on a record: they point to it, or to what it is evidence about."""
    rests = Q()
    for each in about(record):
        for name in _READ:
            if Comparison._meta.get_field(name).related_model is type(each):
                rests |= Q(**{name: each})
    return Comparison.objects.filter(rests).order_by("number") if rests else ()


def reopen_what_rests_on(record: Record, filing: Filing) -> list[Review]:
    """Reopen every signed comparison, and what was decided on one, that rests on a record which was corrected or voided.

    What is still before the board needs no review of its own: it is not decided while a comparison of it is under review.
    """
    found = list(comparisons_on(record))
    signed = [one for one in found if one.state == ComparisonState.SIGNED]
    cited = {str(one.pk) for one in found}
    decisions = [
        one for one in Decision.objects.filter(state__in=_DECIDED).order_by("number") if cited & set(one.comparisons)
    ]
    made = []
    for comparison in signed:
        if not _is_open(record, comparison=comparison):
            made.append(reopen_corrected(record, filing, comparison=comparison))
    for decision in decisions:
        if not _is_open(record, decision=decision):
            made.append(reopen_corrected(record, filing, decision=decision))
    return made


def _is_open(record: Record, **of: Record) -> bool:
    return Review.objects.filter(link=ReviewLink.CORRECTED, corrected=record.number, closed_on=None, **of).exists()


@act(
    roles=ANY_ROLE,
    past=_("reopened what rests on a corrected value"),
    part_of="*",
    files=(
        makes(
            Review,
            blank="because_of closed_on outcome recovery_unit missing_person",
            rules=(holds(link=ReviewLink.CORRECTED, corrected=STATED, correction=STATED),),
        ),
    ),
)
def reopen_corrected(
    record: Record, filing: Filing, *, comparison: Comparison | None = None, decision: Decision | None = None
) -> Review:
    """Open a review of a comparison or a decision, because a record on which it rests was corrected."""
    review = Review(
        number=filing.next_number(Review, "REV"),
        corrected=record.number,
        correction=record.entry_hash,
        comparison=comparison,
        decision=decision,
        link=ReviewLink.CORRECTED,
    )
    filing.add(review)
    return review


@act(
    roles=EXAMINERS,
    past=_("answered the correction"),
    files=(
        changes(
            Review,
            "closed_on outcome",
            rules=(held(closed_on=BLANK), holds(closed_on=STATED, link=ReviewLink.CORRECTED, comparison=STATED)),
        ),
    ),
)
def answer_correction(review: Review, filing: Filing, *, outcome: str) -> None:
    """Say in writing whether a signed comparison still holds, now that a value on which it rests was corrected.

    Raises:
        EmptyField: nothing is said.
        WrongState: the review is closed, or is not of a comparison; then the board closes it.
        NotYours: one made the correction oneself.
    """
    require_fields(review.number, sentence("say what the review found"), outcome=outcome)
    if review.closed_on is not None or review.comparison is None:
        state = sentence("closed") if review.closed_on is not None else sentence("a review of a decision")
        raise WrongState(review.number, state, [sentence("an open review of a comparison")])
    if filing.by.person in _who_corrected(review):
        raise NotYours(
            review.number,
            sentence("you made the correction that it asks about"),
            sentence("let another examiner say what follows from it"),
        )
    review.closed_on, review.outcome = filing.at.date(), outcome.strip()
    filing.add(review)


def _who_corrected(review: Review) -> set[uuid.UUID]:
    bodies = JournalEntry.objects.filter(leaf=review.correction).values_list("body", flat=True)
    return {holder.person.id for holder in holders_of(Entry.parse(bytes(body)).actor for body in bodies).values()}
