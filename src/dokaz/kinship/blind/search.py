"""Blind search: every profile against every missing person of every family."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from dokaz.kinship.blind.linked import log10_lr_rows
from dokaz.kinship.blind.observations import observations
from dokaz.kinship.blind.tables import Target, genotype_tables, panel_of
from dokaz.kinship.exact.programs import ProgramCache
from dokaz.kinship.model.families import KinshipFamily, check_pairings, columns_of, sexes_compared
from dokaz.kinship.model.markers import Linked
from dokaz.kinship.model.profiles import Profiles, aligned
from dokaz.kinship.model.results import Assumptions, BlindSearch

#: Missing persons whose tables are in memory at once.
_AT_ONCE = 256


def search(
    profiles: Profiles,
    families: Sequence[KinshipFamily],
    *,
    theta: float = 0.0,
    linked: Sequence[Linked] = (),
    pairings: Mapping[str, Collection[str]] | None = None,
) -> BlindSearch:
    """LR of every profile for every missing person, against being unrelated to that family.

    Assumes one missing person at a time: the others of the family stay unknown. Memory grows with the number of pairs:
    for the best few of each instead, see `candidates.find_candidates`.

    Args:
        profiles: Profiles of remains.
        families: Families; their markers are matched by name.
        theta: Coancestry coefficient across all founders, the unrelated person included.
        linked: Groups of linked markers, each a term of its own, as in `likelihood_ratio`.
        pairings: For each profile the missing persons to compare with; None: all of the same or an unknown sex.

    Returns:
        Per marker and in total. NaN where not compared, and at markers where the family itself is impossible.

    Raises:
        BadQuestion: a marker differs between profiles and families; a missing person is in two families.
        NotMeaningful, TooComplex: as `likelihood_ratio`; a man is listed for a woman where markers lie on X.

    Source: Vigeland & Egeland 2021 (pairwise LR of disaster victims).
    """
    columns = columns_of(families)
    panel = panel_of(profiles.markers, linked)
    seen = observations(profiles, panel)
    compared = sexes_compared(profiles, families)
    check_pairings(profiles, families, pairings)
    if pairings is not None:
        people = [person for _, person in columns]
        for i, sample in enumerate(profiles.ids):
            allowed = pairings.get(sample, ())
            compared[i] = [person in allowed for person in people]
    places = panel.places
    values = np.empty((len(profiles), len(columns), len(places)))
    cache = ProgramCache(theta)
    targets = targets_of(families, profiles)
    for start in range(0, len(targets), _AT_ONCE):
        block = targets[start : start + _AT_ONCE]
        rows = log10_lr_rows(seen, genotype_tables(block, panel, cache), block, theta)
        for m, place in enumerate(places):
            values[:, start : start + len(block), place] = rows[seen.rows[:, m]]
    values[~compared] = np.nan
    return BlindSearch(
        profiles.ids,
        tuple(person for _, person in columns),
        tuple(family.name for family, _ in columns),
        panel.terms,
        values,
        compared,
        Assumptions(theta, panel.linked, profiles.markers.added),
    )


def targets_of(families: Sequence[KinshipFamily], profiles: Profiles) -> list[Target]:
    """Missing persons as targets, with the families' markers in the order of the profiles'."""
    found = []
    for family in families:
        relatives = aligned(family.profiles, profiles.markers, family.name)
        found += [Target(family.pedigree, relatives, person) for person in family.missing]
    return found
