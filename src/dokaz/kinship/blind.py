"""Blind search: every profile against every missing person of every family."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dokaz.errors import BadQuestion
from dokaz.kinship.evidence import Locus, locus_of, observation, seen_alleles
from dokaz.kinship.likelihood import Term, _terms, member_table
from dokaz.kinship.pedigree import Member, Pedigree, Sex
from dokaz.kinship.profiles import Profiles
from dokaz.kinship.results import Assumptions, Search

FloatArray = npt.NDArray[np.float64]


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
    pairings: Mapping[str, Collection[str]] | None = None,
) -> Search:
    """LR of every profile for every missing person, against being unrelated to that family.

    Assumes one missing person at a time: the others of the family stay unknown.

    Args:
        profiles: Profiles of remains.
        families: Families over the same markers.
        theta: Coancestry coefficient across all founders, the unrelated person included.
        pairings: For each profile the missing persons to compare with; None: all of the same or an unknown sex.

    Returns:
        Per marker and in total. NaN where not compared, and at markers where the family itself is impossible.

    Raises:
        BadQuestion: markers differ between profiles and families; a missing person is in two families.

    Source: Vigeland & Egeland 2021 (pairwise LR of disaster victims).
    """
    columns = [(family, person) for family in families for person in family.missing]
    if len({person for _, person in columns}) != len(columns):
        raise BadQuestion("a missing person is in two families", next_step="give every missing person one id")
    terms = _terms(profiles, ())
    compared = np.zeros((len(profiles), len(columns)), dtype=bool)
    values = np.full((len(profiles), len(columns), len(terms)), np.nan)
    for j, (family, person) in enumerate(columns):
        if family.profiles.markers != profiles.markers:
            raise BadQuestion(
                f"{family.name} and the profiles use different markers", next_step="read both with one MarkerSet"
            )
        sex = family.pedigree.sex_of(person)
        for i, sample in enumerate(profiles.ids):
            other = profiles.sexes[i]
            same = Sex.UNKNOWN in (sex, other) or sex is other
            compared[i, j] = same if pairings is None else person in pairings.get(sample, ())
        rows = np.flatnonzero(compared[:, j])
        for k, term in enumerate(terms):
            values[rows, j, k] = _log10_lrs(profiles, rows, family, person, term, theta)
    return Search(
        profiles.ids,
        tuple(person for _, person in columns),
        tuple(family.name for family, _ in columns),
        tuple(term.name for term in terms),
        values,
        compared,
        Assumptions(theta, added=profiles.markers.added),
    )


def _log10_lrs(
    profiles: Profiles, rows: npt.NDArray[np.intp], family: Family, person: str, term: Term, theta: float
) -> FloatArray:
    """log10 LR of each row's profile at one marker, from two tables over genotypes."""
    column = term.columns[0]
    result = np.zeros(rows.size)
    typed = [int(row) for row in rows if profiles.typed[row, column]]
    if not typed:
        return result
    # Also with no relative typed: a mutation model that is not stationary shifts frequencies from parent to child.
    relatives = np.flatnonzero(family.profiles.typed[:, column])
    shown = seen_alleles(profiles, typed, column)
    relatives_show = seen_alleles(family.profiles, [int(r) for r in relatives], column)
    locus = locus_of(profiles.markers.markers[column], shown | relatives_show)
    one_allele = term.x_linked and family.pedigree.sex_of(person) is Sex.MALE
    inside, ln_inside = member_table(family.pedigree, family.profiles, term, theta, person, shown)
    stranger = Member("\0unrelated", sex=family.pedigree.sex_of(person))
    beside = replace(family.pedigree, members=(*family.pedigree.members, stranger))
    outside, ln_outside = member_table(beside, family.profiles, term, theta, stranger.id, shown)
    for place, row in enumerate(rows):
        if not profiles.typed[row, column]:
            continue
        h1, h2 = (_weigh(profiles, int(row), column, locus, table, one_allele) for table in (inside, outside))
        if h2 == 0 or ln_outside == -math.inf:
            result[place] = math.nan
        elif h1 == 0 or ln_inside == -math.inf:
            result[place] = -math.inf
        else:
            result[place] = (math.log(h1 / h2) + ln_inside - ln_outside) / math.log(10)
    return result


def _weigh(profiles: Profiles, row: int, column: int, locus: Locus, table: FloatArray, one_allele: bool) -> float:
    seen = observation(profiles, row, column, locus, one_allele=one_allele)
    return float((np.diag(seen) * np.diag(table)).sum() if one_allele else (seen * table).sum())
