"""What the LR of each pair rests on: markers compared, impossible without mutation, and left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dokaz.kinship.blind.search import search
from dokaz.kinship.model.families import KinshipFamily
from dokaz.kinship.model.markers import Linked
from dokaz.kinship.model.profiles import Profiles, aligned


@dataclass(frozen=True)
class Rests:
    """Markers of one profile and the family of one missing person.

    Args:
        compared: Typed in the profile and in the family.
        impossible: Of these, or of the linked groups with them: what is impossible where no allele mutates, in the profile
            together with the family or in the family alone.
        profile_only, family_only: Typed in one of the two; they are left out, with an LR of 1.
    """

    compared: tuple[str, ...]
    impossible: tuple[str, ...]
    profile_only: tuple[str, ...]
    family_only: tuple[str, ...]


def what_pairs_rest_on(
    profiles: Profiles,
    families: Sequence[KinshipFamily],
    pairs: Iterable[tuple[str, str]],
    *,
    theta: float = 0.0,
    linked: Sequence[Linked] = (),
) -> Mapping[tuple[str, str], Rests]:
    """What the LR of each pair rests on, a search without mutation for each family of a pair.

    Args:
        profiles, families, theta, linked: As in `search`.
        pairs: (profile, missing person).

    Raises:
        As `search`.
    """
    family_of = {person: family for family in families for person in family.missing}
    asked: dict[str, list[tuple[str, str]]] = {}
    for profile, person in pairs:
        asked.setdefault(family_of[person].name, []).append((profile, person))
    stable = profiles.without_mutation()
    names = np.array([marker.name for marker in profiles.markers], dtype=object)
    found = {}
    for theirs in asked.values():
        family = family_of[theirs[0][1]]
        relatives = aligned(family.profiles, profiles.markers, family.name)
        wanted: dict[str, list[str]] = {}
        for profile, person in theirs:
            wanted.setdefault(profile, []).append(person)
        without = search(
            stable.only(list(wanted)),
            [replace(family, profiles=relatives.without_mutation())],
            theta=theta,
            linked=linked,
            pairings=wanted,
        )
        typed = relatives.typed.any(axis=0)
        for profile, person in theirs:
            values = without.log10_lr_per_marker[without.profiles.index(profile), without.missing.index(person)]
            ours = profiles.typed[profiles.row_of(profile)]
            impossible = tuple(term for term, value in zip(without.markers, values, strict=True) if not value > -np.inf)
            found[profile, person] = Rests(
                tuple(names[ours & typed]), impossible, tuple(names[ours & ~typed]), tuple(names[typed & ~ours])
            )
    return found
