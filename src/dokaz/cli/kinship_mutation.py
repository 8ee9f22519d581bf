"""What `dokaz kinship` says of how a case was compared: the mutation model, and pairs that one marker or none decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dokaz.exchange.programs.case_reader import VictimCase
    from dokaz.kinship.blind.pairs import Rests
    from dokaz.kinship.model.markers import Linked, MarkerSet
    from dokaz.kinship.model.results import BlindSearch

#: log10 LR of the other markers from which a pair that one marker excludes is named.
EXCELLENT_LOG10_LR = 4.0
#: So many pairs are named, and the others counted.
MOST_NAMED = 10
#: `assemble` looks for such pairs among this many; in larger cases `search` names them.
MOST_SEARCHED = 100_000


def told(of: MarkerSet, linked: Sequence[Linked] | None = None) -> list[str]:
    """What every answer says of its markers: the mutation model, linked groups, and what enters no likelihood ratio.

    Args:
        linked: Groups that are computed as linked; None where linkage is never computed.
    """
    aside = [f"in no likelihood ratio: {', '.join(of.set_aside)}"] if of.set_aside else []
    return [
        f"mutation model: {of.mutation_in_words}",
        *([] if linked is None else linkage(of, linked)),
        *of.by_length_in_words,
        *aside,
    ]


def linkage(of: MarkerSet, linked: Sequence[Linked]) -> list[str]:
    """Which markers are computed as linked, and which lie near each other and are not."""
    from dokaz.kinship.model.marker_table import of_one_haplotype, taken_as_unlinked

    said = [
        f"linked: {', '.join(names)}, recombination {', '.join(f'{r:.3g}' for r in fractions)}"
        for names, fractions in linked
    ]
    near, on_x = taken_as_unlinked(of, linked)
    if near:
        groups = "; ".join(" and ".join(names) for names in near)
        said.append(f"near each other and taken as unlinked: {groups} (--linked auto)")
    if on_x:
        said.append(f"X markers taken as unlinked: {', '.join(on_x)} (state `linked` in the file)")
    if haplotypes := of_one_haplotype(of):
        groups = "; ".join(", ".join(names) for names in haplotypes)
        said.append(f"within 1 cM, by allele frequencies although haplotype frequencies would be right: {groups}")
    return said


def resting_on(case: VictimCase, pairs: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Rests]:
    """What the LR of each pair of profile and missing person rests on."""
    from dokaz.kinship.blind.pairs import what_pairs_rest_on

    return what_pairs_rest_on(case.victims, case.families, pairs, theta=case.theta, linked=case.linked)


def in_words(rests: Rests) -> str:
    """``20 markers compared; 1 impossible without mutation (FGA); left out: 1 typed in the family only (SE33)``."""
    said = [f"{len(rests.compared)} marker{'s' if len(rests.compared) != 1 else ''} compared"]
    if rests.impossible:
        said.append(f"{len(rests.impossible)} impossible without mutation ({_some(rests.impossible)})")
    only = (("the remains", rests.profile_only), ("the family", rests.family_only))
    left_out = [f"{len(names)} typed in {where} only ({_some(names)})" for where, names in only if names]
    return "; ".join([*said, *([f"left out: {', '.join(left_out)}"] if left_out else [])])


def in_json(rests: Rests) -> dict[str, list[str]]:
    """The same as JSON."""
    return {
        "markers_compared": list(rests.compared),
        "impossible_without_mutation": list(rests.impossible),
        "typed_in_remains_only": list(rests.profile_only),
        "typed_in_family_only": list(rests.family_only),
    }


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


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
        return f"mutation model: {case.victims.markers.mutation_in_words}"
    more = f"; and {len(excluded) - MOST_NAMED} more" if len(excluded) > MOST_NAMED else ""
    pairs = "1 otherwise excellent pair is" if len(excluded) == 1 else f"{len(excluded)} otherwise excellent pairs are"
    named = "; ".join(excluded[:MOST_NAMED])
    return (
        f"mutation model: {case.victims.markers.mutation_in_words}; {pairs} excluded by one marker only: {named}{more}"
    )


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
