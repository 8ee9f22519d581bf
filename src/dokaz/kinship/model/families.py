"""Families that miss some of their members, and with which missing persons a profile is compared."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dokaz.errors import BadQuestion, NotMeaningful
from dokaz.kinship.arrays import BoolArray
from dokaz.kinship.model.markers import Chromosome
from dokaz.kinship.model.pedigree import Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles
from dokaz.kinship.model.python_values import must_all_be, must_be


@dataclass(frozen=True)
class KinshipFamily:
    """A family that misses one or more of its members.

    Args:
        name: The family's number.
        pedigree: Relatives, missing persons and those who link them.
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
        must_be(self.pedigree, Pedigree, f"{self.name}: a pedigree", "write Pedigree.of(…)", BadQuestion)
        must_be(self.profiles, Profiles, f"{self.name}: profiles of relatives", "write Profiles.of(…)", BadQuestion)
        must_all_be(self.missing, str, f"{self.name}: who is missing", 'write ("child",)', BadQuestion)
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


def columns_of(families: Sequence[KinshipFamily]) -> list[tuple[KinshipFamily, str]]:
    """Every missing person with the family, in order.

    Raises:
        BadQuestion: a missing person is in two families.
    """
    must_all_be(families, KinshipFamily, "families", "write [KinshipFamily(…)]", BadQuestion)
    columns = [(family, person) for family in families for person in family.missing]
    if len({person for _, person in columns}) != len(columns):
        raise BadQuestion("a missing person is in two families", next_step="give every missing person one id")
    return columns


def sexes_compared(profiles: Profiles, families: Sequence[KinshipFamily]) -> BoolArray:
    """Which pairs are of the same, or of an unknown, sex; shape (profiles, missing)."""
    ours = np.array([int(sex) for sex in profiles.sexes], dtype=np.int8)
    theirs = np.array([int(f.pedigree.sex_of(p)) for f in families for p in f.missing], dtype=np.int8)
    unknown = int(Sex.UNKNOWN)
    return np.asarray(
        (ours[:, None] == theirs[None, :]) | (ours[:, None] == unknown) | (theirs[None, :] == unknown), dtype=bool
    )


def check_pairings(
    profiles: Profiles, families: Sequence[KinshipFamily], pairings: Mapping[str, Collection[str]] | None
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
