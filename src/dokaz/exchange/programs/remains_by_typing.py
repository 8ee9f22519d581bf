"""Remains in groups that are sequenced at the same markers, so that two of them are compared by sequence where both are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations_with_replacement
from typing import Any

from dokaz.exchange.programs.case_reader import VictimCase, victims_from
from dokaz.kinship.model.markers import UnseenAllelePolicy
from dokaz.kinship.model.profiles import Profiles
from dokaz.kinship.model.sequence_alleles import SequenceAllele

#: With more groups than this, each compared with each, everybody is compared by length.
MOST_GROUPS = 8


def pairs_of_groups(
    data: Mapping[str, Any], name: str, case: VictimCase, policy: UnseenAllelePolicy | None = None
) -> Iterator[tuple[Profiles, Profiles | None]]:
    """Remains to compare with each other (None), or with others, each read with those that it is compared with.

    Two remains are together, or opposite, once. At a marker at which one of them is typed by length both are compared by
    length; `MarkerSet.by_length` of the profiles names it.

    Args:
        data: A victim file.
        case: What is read of the whole of it.
        policy: As in `victims_from`.
    """
    groups: dict[frozenset[str], list[str]] = {}
    for row in data["pm"]:
        typed = row.get("genotypes") or {}
        by_length = frozenset(m for m in case.victims.markers.by_length if not _is_sequenced(typed.get(m) or ()))
        groups.setdefault(by_length, []).append(str(row["id"]))
    if len(groups) < 2 or len(groups) > MOST_GROUPS:
        yield (case.victims if len(groups) > 1 else _only(data, name, case.victims.ids, policy)), None
        return
    for one, other in combinations_with_replacement(groups.values(), 2):
        victims = _only(data, name, one if one is other else [*one, *other], policy)
        yield (victims, None) if one is other else (victims.only(one), victims.only(other))


def _is_sequenced(alleles: Collection[object]) -> bool:
    """Whether a genotype has no allele that is a length; somebody untyped stands in nobody's way."""
    return all(SequenceAllele.of(str(allele)) is not None for allele in alleles)


def _only(data: Mapping[str, Any], name: str, ids: Collection[str], policy: UnseenAllelePolicy | None) -> Profiles:
    """Some of the remains, without families: what these are typed by does not bear on them."""
    kept = {key: value for key, value in data.items() if key not in {"pairings", "prior"}}
    for key in ("dropout", "dropin"):
        if isinstance(kept.get(key), dict):
            kept[key] = {person: rate for person, rate in kept[key].items() if person in ids}
    pm = [row for row in data["pm"] if str(row["id"]) in ids]
    return victims_from({**kept, "pm": pm, "am": [], "missing": []}, name, policy=policy).victims
