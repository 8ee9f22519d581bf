"""Remains placed in one family: the likelihood of every possible placement of several at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dokaz.errors import TooComplex
from dokaz.kinship.arrays import FloatArray
from dokaz.kinship.joint.placement_likelihood import Placement, PlacementLikelihoods
from dokaz.kinship.model.families import KinshipFamily
from dokaz.kinship.model.profiles import Profiles

#: More placements in one family are refused.
MOST_PLACEMENTS = 400_000


@dataclass(frozen=True)
class Choices:
    """What one family can make of the remains.

    Args:
        family: Its name.
        missing: Ids of its missing persons.
        placements: Every possible placement, the empty one first.
        log_lr: Natural logarithm of the LR of each placement against all of them being unrelated.
        impossible: Placements of possible pairs that are impossible together; whatever contains one is impossible too.
        interchangeable: Groups of missing persons (numbers) whom no profile can tell apart, such as brothers without
            children.
    """

    family: str
    missing: tuple[str, ...]
    placements: tuple[Placement, ...]
    log_lr: FloatArray
    impossible: tuple[Placement, ...]
    interchangeable: tuple[tuple[int, ...], ...]

    def log_lr_of(self, placement: Placement) -> float:
        """Of one placement; -inf where impossible."""
        return self._index.get(tuple(sorted(placement)), -math.inf)

    @property
    def _index(self) -> dict[Placement, float]:
        found: dict[Placement, float] | None = self.__dict__.get("_by_placement")
        if found is None:
            found = {p: float(v) for p, v in zip(self.placements, self.log_lr, strict=True)}
            self.__dict__["_by_placement"] = found
        return found


def choices_of(
    family: KinshipFamily,
    profiles: Profiles,
    alone: FloatArray,
    allowed: Sequence[Sequence[int]],
    theta: float,
) -> Choices:
    """Every placement of remains in a family that is possible, with its LR.

    A placement that contains an impossible one is impossible, so the search adds one profile at a time.

    Args:
        family: Relatives' profiles over the profiles' markers.
        profiles: Profiles of remains.
        alone: Natural logarithm of the probability of each profile by itself.
        allowed: For each profile the numbers of the family's missing persons it may be.
        theta: Coancestry coefficient, across the founders of this family and of the remains placed in it.

    Raises:
        TooComplex: more than `MOST_PLACEMENTS`.
    """
    groups = interchangeable(family)
    rows = [row for row, places in enumerate(allowed) if places]
    likelihoods = PlacementLikelihoods(family, profiles, rows, groups, theta)
    base = likelihoods.of([()])[0]
    if base == -math.inf:
        return Choices(family.name, family.missing, ((),), np.zeros(1), (), groups)
    singles = [((row, place),) for row, places in enumerate(allowed) for place in places]
    values = likelihoods.of(singles)
    possible = {single[0] for single, value in zip(singles, values, strict=True) if value > -math.inf}
    found: dict[Placement, float] = {(): base}
    impossible: list[Placement] = []
    options = {row: sum(1 for r, _ in possible if r == row) for row, _ in possible}
    for row in sorted(options, key=lambda r: (options[r], r)):
        wider = []
        for placement in found:
            taken = {place for _, place in placement}
            for place in allowed[row]:
                if place not in taken and (row, place) in possible:
                    wider.append(tuple(sorted((*placement, (row, place)))))
        if len(found) + len(wider) > MOST_PLACEMENTS:
            raise TooComplex(
                f"{family.name}: more than {MOST_PLACEMENTS:,} placements of remains are possible",
                next_step="leave out pairings that a blind search excludes or ranks far down",
            )
        for placement, value in zip(wider, likelihoods.of(wider), strict=True):
            if value > -math.inf:
                found[placement] = value
            else:
                impossible.append(placement)
    placements = tuple(found)
    log_lr = np.array([found[p] - base - math.fsum(alone[row] for row, _ in p) for p in placements])
    return Choices(family.name, family.missing, placements, log_lr, tuple(impossible), groups)


def interchangeable(family: KinshipFamily) -> tuple[tuple[int, ...], ...]:
    """Groups of missing siblings of one sex without children: nothing in DNA can tell one from another."""
    parents = {m.father for m in family.pedigree} | {m.mother for m in family.pedigree}
    twins = {person for group in family.pedigree.identical_twins for person in group}
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, person in enumerate(family.missing):
        member = family.pedigree[person]
        if person not in parents and person not in twins and not member.is_founder:
            key = (member.father, member.mother, family.pedigree.sex_of(person))
            groups.setdefault(key, []).append(number)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)
