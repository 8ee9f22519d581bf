"""Why a search left something out: codes with values in its record, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dokaz.errors import Sentence, template

REASONS = {
    "withdrawn": template("withdrawn"),
    "no_marker": template("no marker was typed"),
    "shows_less": template("{other} of the same sample shows more"),
    "consent_withdrawn": template("the donor withdrew consent"),
    "marker_without_frequencies": template("the frequency table does not have this marker"),
    "nobody_missing": template("nobody of it is missing"),
    "no_relative": template("no relative is typed, or none consents"),
    "frequency_given": template("had no frequency; was given {frequency}"),
    "weaker": template("weaker candidates: the best {kept} of each profile and person are kept"),
}


def left_out(what: str, why: str, **values: object) -> dict[str, Any]:
    """One thing that a search left out, as its record holds it.

    Args:
        what: A record's number, a marker, an allele; empty where nothing single is meant.
        why: One of ``REASONS``.
    """
    return {"what": what, "why": why, **values}


def why(each: Mapping[str, Any]) -> Sentence:
    """Why something was left out, in words."""
    return Sentence(REASONS[each["why"]], {name: value for name, value in each.items() if name not in ("what", "why")})
