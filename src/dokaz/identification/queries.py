"""Questions about identity: who else fits, what waits for a signature, what is under review."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from dokaz.casework.models import JournalEntry
from dokaz.casework.queries import people_who_signed
from dokaz.graves.models import RecoveryUnit
from dokaz.identification.models import Comparison, ComparisonState, Decision, DecisionState, Review

# Two candidates are "as good" as each other when their LRs differ by less than this factor (log10).
RIVAL_WITHIN_LOG10 = 2.0

IN_FORCE = (DecisionState.CERTIFIED, DecisionState.FAMILY_NOTIFIED, DecisionState.RELEASED)


def identifications_in_force() -> QuerySet[Decision]:
    """Identifications that are certified and not revoked."""
    found: QuerySet[Decision] = Decision.objects.filter(question="identify", state__in=IN_FORCE)
    return found


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


def open_reviews(decision: Decision) -> QuerySet[Review]:
    """Reviews that stand in the way of acting on a decision."""
    about = Q(decision=decision) | Q(recovery_unit=decision.recovery_unit) | Q(missing_person=decision.missing_person)
    reviews: QuerySet[Review] = Review.objects.filter(about, closed_on=None).order_by("number")
    return reviews


def identity_of(unit: RecoveryUnit) -> Decision | None:
    """The identification of a unit that stands, if there is one."""
    found: Decision | None = Decision.objects.filter(
        recovery_unit=unit, question="identify", state__in=IN_FORCE
    ).first()
    return found


def signed_towards(decision: Decision) -> str:
    """The act that the board's signatures under a decision are given towards."""
    return "identification.certify" if decision.question == "identify" else "identification.exclude"


def examiners_of(decision: Decision) -> set[uuid.UUID]:
    """The persons who signed any version of the comparisons that a decision rests on."""
    leaves = JournalEntry.objects.filter(record__in=decision.comparisons).values_list("leaf", flat=True)
    return people_who_signed(leaves, "identification.sign_comparison")


def waiting_for_examiners() -> QuerySet[Comparison]:
    """Comparisons that lack signatures."""
    waiting: QuerySet[Comparison] = Comparison.objects.filter(state=ComparisonState.PROPOSED).order_by("number")
    return waiting


def waiting_for_board() -> QuerySet[Decision]:
    """Decisions that lie before the board."""
    waiting: QuerySet[Decision] = Decision.objects.filter(state=DecisionState.BEFORE_BOARD).order_by("number")
    return waiting
