"""What this room shows on pages of earlier rooms: decisions, comparisons and open reviews of a missing person."""

from __future__ import annotations

from typing import Any

from dokaz.identification.lr_display import shown_lr
from dokaz.missing.models import MissingPerson
from dokaz.pages.acting import Acting
from dokaz.pages.ways import address_if_open


def reviews_of(record: Any, acting: Acting) -> dict[str, Any]:
    """The reviews that a revocation opened about a record and nobody has closed."""
    return {"reviews": record.reviews.filter(closed_on=None).select_related("because_of")}


def decisions_about(person: MissingPerson, acting: Acting) -> dict[str, Any]:
    """The board's decisions about a missing person."""
    decisions = person.decisions.order_by("number").select_related("recovery_unit")
    return {"decisions": [(one, address_if_open(acting, one)) for one in decisions]}


def comparisons_with(person: MissingPerson, acting: Acting) -> dict[str, Any]:
    """Everything that was compared with a missing person."""
    comparisons = person.comparisons.order_by("number").select_related("recovery_unit", "examiner")
    return {"comparisons": [(one, address_if_open(acting, one), shown_lr(one.log10_lr)) for one in comparisons]}
