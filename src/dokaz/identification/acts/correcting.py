"""How what was compared, laid before the board, doubted and reviewed is put right before it is signed or decided."""

from __future__ import annotations

from dokaz.casework.corrections import ByTwo, Correcting, Why, putting_right
from dokaz.casework.filing import Filing
from dokaz.casework.models import Attachment
from dokaz.casework.roles import ONE_SIGNATURE, Role
from dokaz.casework.rules import require_fields
from dokaz.errors import WrongKind, WrongState, sentence
from dokaz.identification.acts.comparisons import EXAMINERS, lines_hold, must_rest_on
from dokaz.identification.lines import Line
from dokaz.identification.models import (
    Comparison,
    ComparisonState,
    Conclusion,
    Decision,
    DecisionState,
    Discipline,
    Doubt,
    DoubtState,
    Release,
    Review,
    Search,
)
from dokaz.identification.queries import IN_FORCE


def _comparison(comparison: Comparison, filing: Filing, changed: frozenset[str]) -> None:
    words = sentence("state the conclusion in your own words")
    require_fields(comparison.number, words, statement=comparison.statement)
    try:
        lines_hold([Line(**row) for row in comparison.lines])
    except (TypeError, AttributeError) as error:
        raise WrongKind("lines", comparison.lines, sentence("lines of evidence with their bearing")) from error
    # What was inconclusive does not come to conclude without that on which a new comparison would have to rest.
    if comparison.discipline == Discipline.DNA and comparison.conclusion != Conclusion.INCONCLUSIVE:
        why = sentence("a DNA conclusion rests on a profile, a family and a likelihood ratio")
        require_fields(comparison.number, why, profile=comparison.profile, family=comparison.family,
                       log10_lr=comparison.log10_lr)  # fmt: skip
    files = list(Attachment.every.filter(pk__in=comparison.rests_on))
    must_rest_on(
        files, comparison.recovery_unit, comparison.missing_person, comparison.discipline, comparison.conclusion
    )


def _question(decision: Decision, filing: Filing, changed: frozenset[str]) -> None:
    """One question about the two lies before the board, not two: one that was void may have been laid anew."""
    pair = {"recovery_unit": decision.recovery_unit, "missing_person": decision.missing_person}
    others = Decision.objects.filter(**pair, state=DecisionState.BEFORE_BOARD).exclude(pk=decision.pk)
    other = others.order_by("number").first() if decision.state == DecisionState.BEFORE_BOARD else None
    if other is not None:
        wanted = [sentence("a decision on it first, or its withdrawal")]
        raise WrongState(other.number, other.get_state_display(), wanted)


def _doubt(doubt: Doubt, filing: Filing, changed: frozenset[str]) -> None:
    require_fields(doubt.number, sentence("say what was found"), grounds=doubt.grounds)
    if not all(isinstance(number, str) and number.strip() for number in doubt.evidence):
        raise WrongKind("evidence", doubt.evidence, sentence("numbers of records"))


def _review(review: Review, filing: Filing, changed: frozenset[str]) -> None:
    if review.closed_on is None:
        raise WrongState(review.number, sentence("open"), [sentence("a review that was closed")])
    require_fields(review.number, sentence("say what the review found"), outcome=review.outcome)


correct_comparison, void_comparison, agree_comparison = putting_right(
    "dokaz.identification.acts",
    "comparison",
    Correcting(
        kind=Comparison,
        closed={
            Why.BELONGS: "missing_person recovery_unit discipline supersedes rests_on",
            Why.PROGRAM: "profile family frequencies log10_lr per_marker other_candidates inputs",
            Why.ACT: "examiner compared_at signed_on superseded_by",
        },
        by="examiner",
        states=(ComparisonState.PROPOSED,),
        # It is signed anew, as it is then.
        by_two=ByTwo(
            states=(ComparisonState.SIGNED,),
            moves={ComparisonState.SIGNED: ComparisonState.PROPOSED},
            clears="signed_on",
        ),
        check=_comparison,
    ),
    roles=EXAMINERS,
    signed=ONE_SIGNATURE,
)
correct_question, void_question, agree_question = putting_right(
    "dokaz.identification.acts",
    "question",
    Correcting(
        kind=Decision,
        closed={
            Why.BELONGS: "recovery_unit missing_person question comparisons",
            Why.PROGRAM: "contradictions",
            Why.ACT: "laid_by laid_at decided_on certificate_number family_notified_on released_on revoked_on",
        },
        by="laid_by",
        states=(DecisionState.BEFORE_BOARD,),
        check=_question,
        by_two=ByTwo(states=(*IN_FORCE, DecisionState.EXCLUDED), roles=frozenset({Role.BOARD})),
    ),
    roles={Role.BOARD, Role.INVESTIGATOR},
    signed=ONE_SIGNATURE,
)
correct_doubt, void_doubt, _ = putting_right(
    "dokaz.identification.acts",
    "doubt",
    Correcting(
        kind=Doubt,
        closed={Why.BELONGS: "decision", Why.ACT: "raised_by raised_at answer answered_by answered_at"},
        by="raised_by",
        states=(DoubtState.OPEN,),
        check=_doubt,
    ),
    roles={Role.BOARD, Role.INVESTIGATOR, *EXAMINERS},
)
correct_review, _, _ = putting_right(
    "dokaz.identification.acts",
    "review",
    Correcting(
        kind=Review,
        closed={
            Why.ACT: "because_of corrected correction comparison decision recovery_unit missing_person link closed_on"
        },
        check=_review,
    ),
    roles={Role.BOARD},
)
_, void_search, _ = putting_right(
    "dokaz.identification.acts",
    "search",
    Correcting(
        kind=Search,
        closed={
            Why.PROGRAM: "frequencies run_at ledger_size engine threshold_log10_lr profiles families missing left_out"
            " candidates"
        },
    ),
    roles={Role.DNA_EXAMINER, Role.ANALYST},
)
correct_release, _, agree_release = putting_right(
    "dokaz.identification.acts",
    "release",
    Correcting(
        kind=Release,
        closed={
            Why.SIGNED: "decision recovery_unit released_by identity_checked_by",
            Why.ACT: "released_at returned_by return_document returned_at returned_to",
        },
        by_two=ByTwo(),
    ),
    roles={Role.FAMILY_LIAISON, Role.MORTUARY},
    signed=ONE_SIGNATURE,
)
