"""How evidence is shown: likelihood ratios as people read them, charts, what speaks for and against, who else fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from dokaz.identification.lines import words_of
from dokaz.identification.models import Bearing, Comparison, MarkerState, Subject
from dokaz.identification.queries import RIVAL_WITHIN_LOG10
from dokaz.pages.ledger_strip import address
from dokaz.pages.pictures.lr_chart import MarkerLR, lr_chart, signed
from dokaz.pages.refusals import in_words


def unit_url(number: str) -> str:
    """Where a unit's page is."""
    return address("unit", number)


def person_url(number: str) -> str:
    """Where a missing person's page is."""
    return address("missing_person", number) or address("person", number)


def shown_lr(text: str, places: int = 2) -> str:
    """A log10 likelihood ratio as people read it; the record holds every digit."""
    if not text:
        return "–"
    return signed(float(text), places)


def chart_of(per_marker: Sequence[Mapping[str, Any]], total: str, *, key: str = "lr") -> str:
    """The likelihood ratio of each marker, drawn."""
    markers = [
        MarkerLR(
            str(each["marker"]),
            None if each["log10_lr"] is None else float(each["log10_lr"]),
            ""
            if each["log10_lr"] is not None and each["state"] in (MarkerState.TYPED, MarkerState.INCONSISTENT)
            else str(MarkerState(each["state"]).label),
        )
        for each in per_marker
    ]
    return lr_chart(
        markers,
        total=float(total),
        hypothesis=_("the missing person of this family"),
        alternative=_("somebody unrelated"),
        key=key,
    )


def for_and_against(made: list[Comparison]) -> dict[str, list[dict[str, Any]]]:
    """The lines of evidence of some comparisons by what they say, each with the comparison that it belongs to."""
    sides: dict[str, list[dict[str, Any]]] = {bearing: [] for bearing in Bearing.values}
    for each in made:
        for line in each.lines:
            about, words = Subject(line["about"]).label, in_words(words_of(line))
            sides[line["bearing"]].append({**line, "about": about, "words": words, "comparison": each})
    return sides


def others_of(found: Comparison) -> list[dict[str, Any]]:
    """The other candidates beside a comparison: others for the unit, and other units for the person."""
    own = float(found.log10_lr) if found.log10_lr else 0.0
    return [
        {
            **other,
            "lr": shown_lr(other["log10_lr"]),
            "is_rival": other["unit"] == found.recovery_unit.number
            and float(other["log10_lr"]) > own - RIVAL_WITHIN_LOG10,
            "unit_url": unit_url(other["unit"]),
            "person_url": person_url(other["missing"]),
            "same_unit": other["unit"] == found.recovery_unit.number,
        }
        for other in found.other_candidates
    ]


def pins(found: Comparison) -> list[dict[str, Any]]:
    """What the number rests on, each with its version and entry, so that anybody can compute it again."""
    labels = {
        "profile": _("DNA profile"),
        "family": _("Family"),
        "frequencies": _("Allele frequencies"),
        "references": _("Reference"),
    }
    pins = []
    for name, label in labels.items():
        stated = found.inputs.get(name)
        for pin in stated if isinstance(stated, list) else [stated]:
            if isinstance(pin, dict):
                pins.append({"label": label, **pin})
    return pins
