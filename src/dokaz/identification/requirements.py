"""What must hold before a board may decide: each rule as a sentence, with whether it holds and why not.

The acts refuse by these, and the board's page shows them, so that nobody is surprised by a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dokaz.errors import (
    ComparisonNotSigned,
    ContradictionUnexplained,
    DokazError,
    NoPrimaryIdentifier,
    NotDistinguished,
    NothingExcludes,
    WrongState,
    sentence,
)
from dokaz.graves.models import FOUND, RecoveryUnit
from dokaz.identification.circumstances import circumstances
from dokaz.identification.lines import words_of
from dokaz.identification.models import (
    PRIMARY,
    Bearing,
    Comparison,
    ComparisonState,
    Conclusion,
    Decision,
    DecisionState,
    Review,
    ReviewLink,
)
from dokaz.identification.queries import IN_FORCE, rivals
from dokaz.missing.models import MissingPerson
from dokaz.missing.queries import OF_NOBODY


@dataclass(frozen=True)
class Requirement:
    """One rule, and whether it holds.

    Args:
        rule: Its number among the identification rules, as "7, 8".
        sentence: What it asks for.
        unmet: What an act would raise; None where it holds.
    """

    rule: str
    sentence: str | Promise
    unmet: DokazError | None

    @property
    def holds(self) -> bool:
        """Nothing stands against it."""
        return self.unmet is None


def must_hold(requirements: Iterable[Requirement]) -> None:
    """Refuse with the first rule that does not hold."""
    for requirement in requirements:
        if requirement.unmet is not None:
            raise requirement.unmet


def of_decision(decision: Decision) -> list[Requirement]:
    """The requirements of a decision that lies before the board, as things stand now."""
    comparisons = list(Comparison.objects.filter(pk__in=decision.comparisons).order_by("number"))
    return requirements(
        decision.recovery_unit,
        decision.missing_person,
        comparisons,
        decision.question,
        ruling=decision.ruling,
        laid=decision,
    )


def requirements(
    unit: RecoveryUnit,
    person: MissingPerson,
    comparisons: Sequence[Comparison],
    question: str,
    *,
    ruling: str = "",
    laid: Decision | None = None,
) -> list[Requirement]:
    """Every rule that a decision on these comparisons must meet.

    Args:
        comparisons: What the decision rests on; all of this unit and this person.
        question: ``identify`` or ``exclude``.
        ruling: The board's reasons in writing, where the rule alone does not carry it.
        laid: The decision itself, where it lies before the board already.
    """
    signed = Requirement(
        "10, 11",
        _("Every comparison that it rests on bears the signatures of two examiners."),
        _not_signed(comparisons),
    )
    open_question = Requirement(
        "12",
        _("No other decision stands that answers the question otherwise, or waits to."),
        _taken(unit, person, question, laid),
    )
    settled = Requirement(
        "15",
        _("Nothing that it rests on was corrected since, or somebody answered that in writing."),
        _corrected(comparisons, laid),
    )
    if question == "exclude":
        excludes = _("A signed comparison is discordant; without a primary identifier the board rules in writing.")
        return [
            signed,
            Requirement("11", excludes, _nothing_excludes(unit, person, comparisons, ruling)),
            open_question,
            settled,
        ]
    primary = [c for c in comparisons if c.discipline in PRIMARY and c.conclusion == Conclusion.CONCORDANT]
    pair = of_pair(unit, person)
    return [
        signed,
        Requirement(
            "7, 8",
            _("A primary identifier is concordant: DNA, friction ridge or teeth. Recognition, clothing and documents "
              "alone never identify."),
            None if primary else NoPrimaryIdentifier(unit.number, person.number),
        ),
        Requirement("8", _("Whatever speaks against it is explained."), _unexplained(unit, person, pair, ruling)),
        Requirement(
            "9",
            _("Sex, age and duplicated elements were held against the match; what contradicts it stands in a comparison."),
            _not_faced(unit, person, pair),
        ),
        Requirement("8", _("Nobody else fits as well, or a line of evidence tells the two apart."),
                    _tie(unit, person, primary, comparisons)),
        Requirement("9", _("Each DNA profile that it rests on stands, and the remains are out of the ground."),
                    _gone(unit, comparisons)),
        open_question,
        settled,
    ]  # fmt: skip


def standing(unit: RecoveryUnit, person: MissingPerson) -> QuerySet[Comparison]:
    """Every comparison of a unit with a person that was not superseded, whoever made it and whatever it says."""
    found = Comparison.objects.filter(recovery_unit=unit, missing_person=person)
    return found.exclude(state=ComparisonState.SUPERSEDED).order_by("number")


def of_pair(unit: RecoveryUnit, person: MissingPerson) -> list[Comparison]:
    """The same as a list."""
    return list(standing(unit, person))


def spoke_against(unit: RecoveryUnit, person: MissingPerson) -> list[dict[str, Any]]:
    """What speaks against the two being one, with its explanation; what was superseded since is told as well."""
    lines = against(of_pair(unit, person))
    answered = Comparison.objects.filter(recovery_unit=unit, missing_person=person, conclusion=Conclusion.DISCORDANT)
    for comparison in answered.filter(superseded_by__isnull=False).order_by("number").select_related("superseded_by"):
        finding = {"code": "discordant", "number": comparison.number, "discipline": comparison.discipline}
        why = comparison.superseded_by.why_better
        lines.append({"finding": finding, "statement": comparison.statement, "explanation": why})
    return [{name: line[name] for name in ("finding", "statement", "explanation")} for line in lines]


def against(comparisons: Iterable[Comparison]) -> list[dict[str, Any]]:
    """The lines of evidence that speak against."""
    return [line for c in comparisons for line in c.lines if line["bearing"] == Bearing.CONTRADICTS]


def _not_signed(comparisons: Sequence[Comparison]) -> DokazError | None:
    for comparison in comparisons:
        if comparison.state != ComparisonState.SIGNED:
            return ComparisonNotSigned(comparison.number, comparison.get_state_display())
    return None


def _unexplained(
    unit: RecoveryUnit, person: MissingPerson, pair: Sequence[Comparison], ruling: str
) -> DokazError | None:
    for comparison in pair:
        if comparison.conclusion == Conclusion.DISCORDANT and comparison.state == ComparisonState.SIGNED and not ruling:
            return ContradictionUnexplained(
                unit.number,
                person.number,
                sentence("two people signed {number}, which is discordant, and the board does not say why it may still be",
                         number=comparison.number),
            )  # fmt: skip
        contradicting = against([comparison])
        for line in contradicting:
            if not line["explanation"].strip():
                return ContradictionUnexplained(unit.number, person.number, words_of(line))
        # A primary identifier that does not fit is answered by a better comparison, never by an explanation.
        if comparison.conclusion == Conclusion.DISCORDANT and (comparison.discipline in PRIMARY or not contradicting):
            return ContradictionUnexplained(
                unit.number, person.number, sentence("{number} is discordant", number=comparison.number)
            )
    return None


def _gone(unit: RecoveryUnit, comparisons: Sequence[Comparison]) -> DokazError | None:
    for comparison in comparisons:
        if comparison.profile is not None and comparison.profile.withdrawn:
            wanted = [sentence("a profile that the laboratory stands by")]
            return WrongState(comparison.profile.number, sentence("withdrawn"), wanted)
    if unit.state not in FOUND:
        return WrongState(unit.number, unit.get_state_display(), [sentence("remains that were lifted")])
    return None


def _not_faced(unit: RecoveryUnit, person: MissingPerson, pair: Sequence[Comparison]) -> DokazError | None:
    faced = {(line["about"], line["source"]) for line in against(pair)}
    for line in circumstances(unit, person):
        if line.bearing == Bearing.CONTRADICTS and (line.about, line.source) not in faced:
            return ContradictionUnexplained(unit.number, person.number, line.words)
    return None


def _tie(
    unit: RecoveryUnit, person: MissingPerson, primary: Sequence[Comparison], cited: Sequence[Comparison]
) -> DokazError | None:
    # Only what the decision itself rests on, and two people signed, may tell rivals apart.
    told_apart = {
        name
        for comparison in cited
        for line in comparison.lines
        if line["bearing"] == Bearing.SUPPORTS
        for name in line.get("distinguishes", ())
    }
    for rival, log10_lr in rivals(primary):
        if rival not in told_apart:
            return NotDistinguished(unit.number, person.number, rival, f"{float(log10_lr):.2f}")
    return None


def _corrected(comparisons: Sequence[Comparison], laid: Decision | None) -> DokazError | None:
    about = Q(comparison__in=[one.pk for one in comparisons])
    if laid is not None and laid.pk is not None:
        about |= Q(decision=laid)
    review = Review.objects.filter(about, link=ReviewLink.CORRECTED, closed_on=None).order_by("number").first()
    if review is None:
        return None
    subject = review.decision or review.comparison
    found = sentence(
        "under review {review}: {corrected} was corrected since", review=review.number, corrected=review.corrected
    )
    return WrongState(str(subject), found, [sentence("an answer in writing to that review")])


def _nothing_excludes(
    unit: RecoveryUnit, person: MissingPerson, comparisons: Sequence[Comparison], ruling: str
) -> DokazError | None:
    discordant = [c for c in comparisons if c.conclusion == Conclusion.DISCORDANT]
    if any(c.discipline in PRIMARY for c in discordant) or (discordant and ruling):
        return None
    return NothingExcludes(unit.number, person.number)


def _taken(unit: RecoveryUnit, person: MissingPerson, question: str, laid: Decision | None) -> DokazError | None:
    if question == "identify" and person.state in OF_NOBODY:
        return WrongState(person.number, person.get_state_display(), [sentence("an open report")])
    others = Decision.objects.filter(recovery_unit=unit).order_by("number")
    if laid is not None:
        others = others.exclude(pk=laid.pk)
    for other in others:
        if other.question == "identify" and other.state in IN_FORCE:
            if question == "identify" or other.missing_person_id == person.id:
                wanted = [sentence("a unit not identified yet, or a revocation")]
                return WrongState(unit.number, sentence("identified by {number}", number=other.number), wanted)
        elif other.missing_person_id != person.id:
            continue
        elif other.state == DecisionState.EXCLUDED:
            return WrongState(
                unit.number,
                sentence("excluded by {number}", number=other.number),
                [sentence("a revocation of the exclusion first")],
            )
        elif other.state == DecisionState.BEFORE_BOARD and laid is None:
            wanted = [sentence("a decision on it first, or its withdrawal")]
            return WrongState(other.number, other.get_state_display(), wanted)
    return None
