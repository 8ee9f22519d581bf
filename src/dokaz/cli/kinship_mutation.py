"""What `dokaz kinship` says of how a case was compared: the mutation model, and pairs that one marker or none decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dokaz.exchange.programs.case_reader import VictimCase
    from dokaz.kinship.model.markers import Marker, MarkerSet
    from dokaz.kinship.model.results import BlindSearch

#: log10 LR of the other markers from which a pair that one marker excludes is named.
EXCELLENT_LOG10_LR = 4.0
#: So many pairs are named, and the others counted.
MOST_NAMED = 10
#: `assemble` looks for such pairs among this many; in larger cases `search` names them.
MOST_SEARCHED = 100_000


def models_named(of: MarkerSet) -> str:
    """The mutation models of the markers that enter the likelihood ratio, in words."""
    markers: dict[str, list[str]] = {}
    for marker in of:
        if marker.alleles:
            markers.setdefault(_model(marker), []).append(marker.name)
    if len(markers) == 1:
        return next(iter(markers))
    return "; ".join(f"{model} at {', '.join(names)}" for model, names in markers.items()) or "none"


def set_aside(of: MarkerSet) -> list[str]:
    """Markers that enter no likelihood ratio: Y, mtDNA, amelogenin."""
    return [marker.name for marker in of if not marker.alleles]


def _model(marker: Marker) -> str:
    if marker.mutation is None:
        return "none"
    female, male = marker.mutation.female, marker.mutation.male
    shown = [
        model.kind.value if model.stated is not None else f"{model.kind.value} with rate {model.rate:g}"
        for model in (female, male)
    ]
    return shown[0] if shown[0] == shown[1] else f"{shown[0]} (mothers), {shown[1]} (fathers)"


def excluded_by_one_marker(case: VictimCase, found: BlindSearch) -> list[str]:
    """Pairs that one marker alone excludes: ``bone-01 × M3: 1 of 20 markers impossible (FGA)``."""
    family_of = {person: family for family in case.families for person in family.missing}
    said = []
    for profile, missing, marker in found.excluded_by_one_marker(EXCELLENT_LOG10_LR):
        theirs = family_of[missing].profiles.typed.any(axis=0)
        compared = int((case.victims.typed[case.victims.row_of(profile)] & theirs).sum())
        said.append(f"{profile} × {missing}: 1 of {compared} markers impossible ({marker})")
    return said


def in_one_line(case: VictimCase, found: BlindSearch) -> str:
    """The model, and which otherwise excellent pairs one marker alone excludes."""
    excluded = excluded_by_one_marker(case, found)
    if not excluded:
        return f"mutation model: {models_named(case.victims.markers)}"
    more = f"; and {len(excluded) - MOST_NAMED} more" if len(excluded) > MOST_NAMED else ""
    pairs = "1 otherwise excellent pair is" if len(excluded) == 1 else f"{len(excluded)} otherwise excellent pairs are"
    named = "; ".join(excluded[:MOST_NAMED])
    return f"mutation model: {models_named(case.victims.markers)}; {pairs} excluded by one marker only: {named}{more}"


def without_common_marker(case: VictimCase) -> list[str]:
    """Remains and families, both typed, that share no autosomal or X marker: their log10 LR of 0 says nothing."""
    said = []
    for row, profile in enumerate(case.victims.ids):
        for family in case.families:
            theirs = family.profiles.typed.any(axis=0)
            mine = case.victims.typed[row]
            if mine.any() and theirs.any() and not (mine & theirs).any():
                said.append(f"NO MARKER IN COMMON, nothing was compared: {profile} × family {family.name}")
    return said
