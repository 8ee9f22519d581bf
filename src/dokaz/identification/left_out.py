"""Why a search left something out, and what it assumed: codes with values in its record, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dokaz.errors import Sentence, template
from dokaz.kinship import MarkerSet

REASONS = {
    "withdrawn": template("withdrawn"),
    "no_marker": template("no marker was typed"),
    "shows_less": template("{other} of the same sample shows more"),
    "consent_withdrawn": template("the donor withdrew consent"),
    "marker_without_frequencies": template("the frequency table does not have this marker"),
    "nobody_missing": template("nobody of it is missing"),
    "no_relative": template("no relative is typed, or none consents"),
    "frequency_given": template("had no frequency; was given {frequency}"),
    "mutation": template(
        "mutation model {model}, rate {mothers} in mothers and {fathers} in fathers, at {markers} markers"
    ),
    "no_mutation": template("no mutation model at {markers} markers: one mutation excludes"),
    "weaker": template("weaker candidates: the best {kept} of each profile and person are kept"),
}


def left_out(what: str, why: str, **values: object) -> dict[str, Any]:
    """One thing that a search left out, as its record holds it.

    Args:
        what: A record's number, a marker, an allele; empty where nothing single is meant.
        why: One of ``REASONS``.
    """
    return {"what": what, "why": why, **values}


def mutation_models(markers: MarkerSet) -> list[dict[str, Any]]:
    """The mutation models that act in a search or comparison, each with the number of its markers."""
    counts: dict[tuple[str, ...], int] = {}
    for marker in markers:
        if not marker.alleles:
            continue
        models = (marker.mutation.female, marker.mutation.male) if marker.mutation else ()
        stated = (models[0].kind.value, *(repr(model.rate) for model in models)) if models else ()
        counts[stated] = counts.get(stated, 0) + 1
    return [
        left_out("", "mutation", model=stated[0], mothers=stated[1], fathers=stated[2], markers=count)
        if stated
        else left_out("", "no_mutation", markers=count)
        for stated, count in counts.items()
    ]


def why(each: Mapping[str, Any]) -> Sentence:
    """Why something was left out, in words."""
    return Sentence(REASONS[each["why"]], {name: value for name, value in each.items() if name not in ("what", "why")})
