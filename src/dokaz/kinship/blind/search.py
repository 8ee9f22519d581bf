"""Blind search: every profile against every missing person of every family."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokaz.errors import BadQuestion, NotMeaningful
from dokaz.kinship.blind.linked import log10_lr_rows
from dokaz.kinship.blind.observations import aligned, observations
from dokaz.kinship.blind.tables import Target, genotype_tables, panel_of
from dokaz.kinship.exact.likelihood import Linked
from dokaz.kinship.exact.programs import Library
from dokaz.kinship.model.markers import Chromosome
from dokaz.kinship.model.pedigree import Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles
from dokaz.kinship.model.results import Assumptions, Search

FloatArray = npt.NDArray[np.float64]

#: Missing persons whose tables are in memory at once.
_AT_ONCE = 256


@dataclass(frozen=True)
class Family:
    """A family that misses one or more of its members.

    Args:
        name: The family's number.
        pedigree: Relatives, missing persons and whoever links them.
        missing: Ids of the missing persons, none of whom has a profile here.
        profiles: Profiles of relatives.

    Raises:
        BadQuestion: a missing person is no member or has a profile; a relative with a profile is no member.
    """

    name: str
    pedigree: Pedigree
    missing: tuple[str, ...]
    profiles: Profiles

    def __post_init__(self) -> None:
        for person in self.missing:
            _ = self.pedigree[person]
            if person in self.profiles:
                raise BadQuestion(
                    f"{self.name}: {person} is missing and has a profile",
                    next_step="leave the profile out, or the person off the missing",
                )
        for person in self.profiles.ids:
            if person not in self.pedigree:
                raise BadQuestion(
                    f"{self.name}: {person} has a profile but is no member", next_step="add the person to the pedigree"
                )


def search(
    profiles: Profiles,
    families: Sequence[Family],
    *,
    theta: float = 0.0,
    linked: Sequence[Linked] = (),
    pairings: Mapping[str, Collection[str]] | None = None,
) -> Search:
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
    library = Library(theta)
    targets = targets_of(families, profiles)
    for start in range(0, len(targets), _AT_ONCE):
        block = targets[start : start + _AT_ONCE]
        rows = log10_lr_rows(seen, genotype_tables(block, panel, library), block, theta)
        for m, place in enumerate(places):
            values[:, start : start + len(block), place] = rows[seen.rows[:, m]]
    values[~compared] = np.nan
    return Search(
        profiles.ids,
        tuple(person for _, person in columns),
        tuple(family.name for family, _ in columns),
        panel.terms,
        values,
        compared,
        Assumptions(theta, panel.linked, profiles.markers.added),
    )


def columns_of(families: Sequence[Family]) -> list[tuple[Family, str]]:
    """Every missing person with the family, in order.

    Raises:
        BadQuestion: a missing person is in two families.
    """
    columns = [(family, person) for family in families for person in family.missing]
    if len({person for _, person in columns}) != len(columns):
        raise BadQuestion("a missing person is in two families", next_step="give every missing person one id")
    return columns


def targets_of(families: Sequence[Family], profiles: Profiles) -> list[Target]:
    """Missing persons as targets, with the families' markers in the order of the profiles'."""
    found = []
    for family in families:
        relatives = aligned(family.profiles, profiles.markers, family.name)
        found += [Target(family.pedigree, relatives, person) for person in family.missing]
    return found


def sexes_compared(profiles: Profiles, families: Sequence[Family]) -> npt.NDArray[np.bool_]:
    """Which pairs are of the same, or of an unknown, sex; shape (profiles, missing)."""
    ours = np.array([int(sex) for sex in profiles.sexes], dtype=np.int8)
    theirs = np.array([int(f.pedigree.sex_of(p)) for f in families for p in f.missing], dtype=np.int8)
    unknown = int(Sex.UNKNOWN)
    return np.asarray(
        (ours[:, None] == theirs[None, :]) | (ours[:, None] == unknown) | (theirs[None, :] == unknown), dtype=bool
    )


def check_pairings(
    profiles: Profiles, families: Sequence[Family], pairings: Mapping[str, Collection[str]] | None
) -> None:
    """Refuse to put a man in a woman's place where markers lie on X, of which he has one and she two.

    Raises:
        NotMeaningful: a listed pair of known, different sexes.
    """
    if pairings is None or all(marker.chromosome is not Chromosome.X for marker in profiles.markers):
        return
    different = ~sexes_compared(profiles, families)
    people = [person for _, person in columns_of(families)]
    for i, j in np.argwhere(different):
        if people[j] in pairings.get(profiles.ids[i], ()):
            raise NotMeaningful(
                f"{profiles.ids[i]} and {people[j]} are of different sexes, which markers on X cannot compare",
                next_step="correct a sex, take the pair off the pairings, or leave the markers on X out",
            )
