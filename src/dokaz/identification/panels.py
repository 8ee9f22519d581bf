"""What this room shows on pages of earlier rooms: decisions, comparisons, reviews of units and persons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.casework.models import JournalEntry
from dokaz.graves.models import RecoveryUnit, State, UnitType
from dokaz.identification.lr_display import shown_lr
from dokaz.identification.models import ComparisonState, DecisionState, Review, Search
from dokaz.identification.queries import IN_FORCE, identifications_in_force
from dokaz.missing.models import MissingPerson
from dokaz.mortuary.models import Profile
from dokaz.mortuary.queries import is_typed
from dokaz.pages.acting import Acting
from dokaz.pages.lists import once_per_filing
from dokaz.pages.parts import Text
from dokaz.pages.ways import address_if_open

SHOWN_CANDIDATES = 10


def reviews_of(record: Any, acting: Acting) -> dict[str, Any]:
    """The reviews that a revocation opened about a record and nobody has closed."""
    return {"reviews": record.reviews.filter(closed_on=None).select_related("because_of")}


def where_corrected(review: Review) -> str:
    """The history of the record because of which a review was opened."""
    kind = JournalEntry.objects.filter(leaf=review.correction).values_list("kind", flat=True).first()
    return reverse("record_history", args=[kind, review.corrected]) if kind else ""


def decisions_about(person: MissingPerson, acting: Acting) -> dict[str, Any]:
    """The board's decisions about a missing person."""
    decisions = person.decisions.order_by("number").select_related("recovery_unit")
    return {"decisions": [(one, address_if_open(acting, one)) for one in decisions]}


def comparisons_with(person: MissingPerson, acting: Acting) -> dict[str, Any]:
    """Everything that was compared with a missing person."""
    comparisons = person.comparisons.order_by("number").select_related("recovery_unit", "examiner")
    return {"comparisons": [(one, address_if_open(acting, one), shown_lr(one.log10_lr)) for one in comparisons]}


def releases_of(unit: RecoveryUnit, acting: Acting) -> dict[str, Any]:
    """To whom a unit was given back, and whether it returned."""
    return {"releases": [(one, address_if_open(acting, one)) for one in unit.releases.order_by("number")]}


# --- on the page of a unit ---------------------------------------------------------------------------------------------


def next_step(unit: RecoveryUnit) -> Text | None:
    """What comes next for a unit that was sampled; a unit without a profile is still the laboratory's."""
    if unit.state not in (State.SAMPLED, State.STORED) or unit.type == UnitType.ARTEFACT:
        return None
    decisions = set(unit.decisions.values_list("state", flat=True))
    if decisions & set(IN_FORCE):
        return ""
    if DecisionState.BEFORE_BOARD in decisions:
        return _("The board decides.")
    if unit.comparisons.filter(state=ComparisonState.PROPOSED).exists():
        return _("Two examiners sign the comparison.")
    if not is_typed(unit):
        return None
    return "" if unit.comparisons.exists() else _("An examiner compares it with a missing person.")


def decisions_on(unit: RecoveryUnit, acting: Acting) -> dict[str, Any]:
    """The board's decisions about a unit; whom they name is shown to who may read of the missing."""
    decisions = unit.decisions.order_by("number").select_related("missing_person")
    return {
        "decisions": [(one, address_if_open(acting, one)) for one in decisions],
        "names_persons": acting.opens("missing"),
    }


def comparisons_of_unit(unit: RecoveryUnit, acting: Acting) -> dict[str, Any]:
    """Everything that a unit was compared with, and whom the newest search ranks for it."""
    comparisons = unit.comparisons.order_by("number").select_related("missing_person", "examiner")
    return {
        "comparisons": [(one, address_if_open(acting, one), shown_lr(one.log10_lr)) for one in comparisons],
        "candidates": _candidates(unit),
    }


def _candidates(unit: RecoveryUnit) -> list[dict[str, Any]]:
    """Whom the newest search ranks for the profiles of a unit; a rank by a machine, never an identification."""
    ranked: dict[str, list[dict[str, Any]]] = once_per_filing("candidates of the newest search", _by_profile)
    profiles = Profile.objects.filter(sample__unit=unit).order_by("sample__number", "number")
    rows = [row for number in profiles.values_list("number", flat=True) for row in ranked.get(number, [])]
    return rows[:SHOWN_CANDIDATES]


def _by_profile() -> dict[str, list[dict[str, Any]]]:
    newest = Search.objects.order_by("-number").first()
    found: dict[str, list[dict[str, Any]]] = {}
    if newest is None:
        return found
    for row in newest.candidates:
        kept = found.setdefault(row["profile"], [])
        if len(kept) < SHOWN_CANDIDATES:
            kept.append({**row, "log10_lr": shown_lr(row["log10_lr"]), "search": newest.number})
    return found


def comparisons_of_profile(profile: Profile, acting: Acting) -> dict[str, Any]:
    """The comparisons that rest on a profile."""
    comparisons = profile.comparisons.order_by("number").select_related("missing_person")
    return {"comparisons": [(one, address_if_open(acting, one), shown_lr(one.log10_lr)) for one in comparisons]}


def parts_of_one_person(units: Sequence[RecoveryUnit]) -> list[tuple[str, str]]:
    """Units that a board has identified as one person: each part with the body, or with what comes first."""
    numbers = {one.pk: one for one in units}
    together: dict[Any, list[RecoveryUnit]] = {}
    decided = identifications_in_force().filter(recovery_unit__in=numbers)
    for unit, person in decided.values_list("recovery_unit", "missing_person"):
        together.setdefault(person, []).append(numbers[unit])
    kinds, found = list(UnitType.values), []
    for group in together.values():
        whole, *parts = sorted(group, key=lambda one: (kinds.index(one.type), one.number))
        found += [(part.number, whole.number) for part in parts]
    return found
