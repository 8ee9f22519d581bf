"""What the LR of each pair rests on: markers compared, impossible without mutation, and left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dokaz.kinship.blind.search import search
from dokaz.kinship.model.families import KinshipFamily
from dokaz.kinship.model.markers import Linked
from dokaz.kinship.model.profiles import Profiles, aligned
from dokaz.kinship.model.sequenced_markers import base_of

#: Values of a search that are in memory at once.
_MOST_VALUES = 10_000_000


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
    """What the LR of each pair rests on, by a search without mutation among the families of all pairs.

    Args:
        profiles, families, theta, linked: As in `search`.
        pairs: (profile, missing person).

    Raises:
        As `search`.
    """
    wanted: dict[str, list[str]] = {}
    for profile, person in pairs:
        wanted.setdefault(profile, []).append(person)
    sought = {person for people in wanted.values() for person in people}
    involved = [family for family in families if sought & set(family.missing)]
    named = profiles.only(list(wanted))
    stable = named.without_mutation()
    names = np.array([marker.name for marker in profiles.markers], dtype=object)
    found = {}
    at_once = max(1, _MOST_VALUES // max(1, len(named) * len(names)))
    for start in range(0, len(involved), at_once):
        relatives = [(f, aligned(f.profiles, profiles.markers, f.name)) for f in involved[start : start + at_once]]
        without = search(
            stable,
            [replace(f, profiles=replace(theirs, markers=stable.markers)) for f, theirs in relatives],
            theta=theta,
            linked=linked,
            pairings=wanted,
        )
        column = {person: j for j, person in enumerate(without.missing)}
        typed_of = {person: theirs.typed.any(axis=0) for f, theirs in relatives for person in f.missing}
        is_impossible = ~(without.log10_lr_per_marker > -np.inf)
        terms = np.array(without.markers, dtype=object)
        for row, (profile, people) in enumerate(wanted.items()):
            ours = named.typed[row]
            for person in people:
                if person in column:
                    typed = typed_of[person]
                    compared = tuple(names[ours & typed])
                    # A marker that is compared by length beside itself is left out only where it is in none of its forms.
                    there = {base_of(name) for name in compared}
                    only = (
                        tuple(dict.fromkeys(b for name in names[some] if (b := base_of(name)) not in there))
                        for some in (ours & ~typed, typed & ~ours)
                    )
                    impossible = tuple(terms[is_impossible[row, column[person]]])
                    found[profile, person] = Rests(compared, impossible, *only)
    return found
