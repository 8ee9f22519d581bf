"""Questions about identity: who else fits, what waits for a signature, what is under review."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from dokaz.casework.models import Attachment, JournalEntry
from dokaz.casework.queries import attached_to, people_who_signed
from dokaz.graves.models import RecoveryUnit
from dokaz.identification.models import (
    Comparison,
    ComparisonState,
    Decision,
    DecisionState,
    Doubt,
    DoubtState,
    Release,
    Review,
    ReviewLink,
)
from dokaz.mortuary.models import Examination

# Two candidates are "as good" as each other when their LRs differ by less than this factor (log10).
RIVAL_WITHIN_LOG10 = 2.0

IN_FORCE = (DecisionState.CERTIFIED, DecisionState.FAMILY_NOTIFIED, DecisionState.RELEASED)


def identifications_in_force() -> QuerySet[Decision]:
    """Identifications that are certified and not revoked."""
    found: QuerySet[Decision] = Decision.objects.filter(question="identify", state__in=IN_FORCE)
    return found


def attached_to_remains(unit: RecoveryUnit) -> QuerySet[Attachment]:
    """What is attached to a recovery unit and to the examinations of it."""
    return attached_to(unit, *Examination.objects.filter(unit=unit))


def rivals(comparisons: Iterable[Comparison]) -> list[tuple[str, str]]:
    """Other missing persons who fit the unit of a DNA comparison about as well: number and log10 LR.

    As good means within a factor of 100; a higher LR is as good, of course.
    """
    found = []
    for comparison in comparisons:
        if not comparison.log10_lr or comparison.log10_lr == "-inf":
            continue
        own = float(comparison.log10_lr)
        for other in comparison.other_candidates:
            same_unit = other["unit"] == comparison.recovery_unit.number
            if same_unit and other["log10_lr"] != "-inf" and float(other["log10_lr"]) > own - RIVAL_WITHIN_LOG10:
                found.append((str(other["missing"]), str(other["log10_lr"])))
    return found


def to_take_back() -> QuerySet[Release]:
    """Releases of revoked decisions whose remains are still away."""
    found: QuerySet[Release] = Release.objects.filter(decision__state=DecisionState.REVOKED, returned_at=None)
    return found


def open_reviews(decision: Decision) -> QuerySet[Review]:
    """Reviews that stand in the way of acting on a decision."""
    about = Q(decision=decision) | Q(recovery_unit=decision.recovery_unit) | Q(missing_person=decision.missing_person)
    about |= Q(comparison__in=decision.comparisons)
    reviews: QuerySet[Review] = Review.objects.filter(about, closed_on=None).order_by("number")
    return reviews


def signed_towards(decision: Decision) -> str:
    """The act that the board's signatures under a decision are given towards."""
    return "identification.certify" if decision.question == "identify" else "identification.exclude"


def examiners_of(decision: Decision) -> set[uuid.UUID]:
    """The persons who signed any version of the comparisons that a decision rests on."""
    leaves = JournalEntry.objects.filter(record__in=decision.comparisons).values_list("leaf", flat=True)
    return people_who_signed(leaves, "identification.sign_comparison")


def deciders_of(decision: Decision) -> set[uuid.UUID]:
    """The persons who signed that a decision be made, in any of its versions."""
    leaves = JournalEntry.objects.filter(record=decision.id).values_list("leaf", flat=True)
    return people_who_signed(leaves, signed_towards(decision))


def open_doubts(decision: Decision) -> QuerySet[Doubt]:
    """Doubts about a decision that nobody has answered."""
    return decision.doubts.filter(state=DoubtState.OPEN).order_by("number")


def to_answer() -> QuerySet[Doubt]:
    """Doubts about decisions that stand, which nobody has answered."""
    found: QuerySet[Doubt] = Doubt.objects.filter(
        state=DoubtState.OPEN, decision__state__in=(*IN_FORCE, DecisionState.EXCLUDED)
    )
    return found


def waiting_for_examiners() -> QuerySet[Comparison]:
    """Comparisons that lack signatures."""
    waiting: QuerySet[Comparison] = Comparison.objects.filter(state=ComparisonState.PROPOSED).order_by("number")
    return waiting


def waiting_for_board() -> QuerySet[Decision]:
    """Decisions that lie before the board."""
    waiting: QuerySet[Decision] = Decision.objects.filter(state=DecisionState.BEFORE_BOARD).order_by("number")
    return waiting


def touched_by(decision: Decision) -> list[tuple[Decision, str]]:
    """Other decisions that a revocation of this one reopens, each with what ties the two."""
    families = list(
        Comparison.objects.filter(pk__in=decision.comparisons).exclude(family=None).values_list("family", flat=True)
    )
    in_family = Comparison.objects.filter(family__in=families).values_list("missing_person", flat=True)
    unit = decision.recovery_unit
    others = Decision.objects.exclude(pk=decision.pk).exclude(
        state__in=[DecisionState.REVOKED, DecisionState.WITHDRAWN]
    )
    together = Q(recovery_unit__transfer=unit.transfer_id) if unit.transfer_id else Q(pk__in=[])
    found: dict[uuid.UUID, tuple[Decision, str]] = {}
    for query, link in (
        (Q(recovery_unit=unit), ReviewLink.SAME_UNIT),
        (Q(missing_person=decision.missing_person), ReviewLink.SAME_PERSON),
        (Q(missing_person__in=list(in_family)), ReviewLink.SAME_FAMILY),
        (
            together & Q(recovery_unit__grave=unit.grave_id),
            ReviewLink.SAME_TRANSFER,
        ),
    ):
        for other in others.filter(query).order_by("number"):
            found.setdefault(other.id, (other, link))
    return list(found.values())
