"""A search over markers that are there by sequence and by length: each pair rests on one form of a marker alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dokaz.kinship.arrays import BoolArray
from dokaz.kinship.model.families import KinshipFamily
from dokaz.kinship.model.profiles import Profiles, aligned
from dokaz.kinship.model.results import BlindSearch
from dokaz.kinship.model.sequenced_markers import base_of


def in_one_form(found: BlindSearch, profiles: Profiles, families: Sequence[KinshipFamily]) -> BlindSearch:
    """The same search with an LR of 1 at every form of a marker but the one at which a pair is compared.

    Under a mutation model that changes the frequencies from parents to children, a profile against a family in which nobody
    is typed has an LR that is not quite 1; of several forms that would count several times.

    Args:
        found: From `search`, over the markers of `split_by_pairs` and without linked groups.
        profiles, families: What was searched.
    """
    names = profiles.markers.names
    forms: dict[str, list[int]] = {}
    for column, name in enumerate(names):
        forms.setdefault(base_of(name), []).append(column)
    forms = {base: columns for base, columns in forms.items() if len(columns) > 1}
    if not forms:
        return found
    term_of = {name: k for k, name in enumerate(found.markers)}
    typed_of: dict[str, BoolArray] = {
        person: np.asarray(aligned(family.profiles, profiles.markers, family.name).typed.any(axis=0))
        for family in families
        for person in family.missing
    }
    values = found.log10_lr_per_marker.copy()
    for i, profile in enumerate(found.profiles):
        ours = profiles.typed[profiles.row_of(profile)]
        for j, person in enumerate(found.missing):
            theirs = typed_of[person]
            for columns in forms.values():
                both = [c for c in columns if ours[c] and theirs[c]]
                kept = (both or [c for c in columns if ours[c]])[:1]
                for column in columns:
                    if column not in kept and found.compared[i, j]:
                        values[i, j, term_of[names[column]]] = 0.0
    return replace(found, log10_lr_per_marker=values)


def change_nothing(profiles: Profiles) -> bool:
    """Whether no form of a marker has a mutation model that changes frequencies, so that `in_one_form` would do nothing."""
    of_forms = [m for m in profiles.markers if base_of(m.name) != m.name and m.mutation is not None]
    return all(model.stationary for m in of_forms if m.mutation for model in (m.mutation.female, m.mutation.male))
