"""Parts of a case, each read with those that it is compared with: by sequence where all of these are sequenced."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations_with_replacement
from typing import Any

from dokaz.errors import BadFile, sentence
from dokaz.exchange.programs.case_reader import VictimCase, victims_from
from dokaz.kinship.model.families import KinshipFamily
from dokaz.kinship.model.markers import UnseenAllelePolicy
from dokaz.kinship.model.profiles import Profiles
from dokaz.kinship.model.sequence_alleles import SequenceAllele

#: With more groups than this, each compared with each, everybody is compared by length.
MOST_GROUPS = 8


def pairs_of_groups(
    data: Mapping[str, Any], name: str, by_length: Collection[str], policy: UnseenAllelePolicy | None = None
) -> Iterator[tuple[Profiles, Profiles | None]]:
    """Remains to compare with each other (None), or with others, each read with those that it is compared with.

    Two remains are together, or opposite, once. At a marker at which one of them is typed by length both are compared by
    length; `MarkerSet.by_length` of the profiles names it.

    Args:
        data: A victim file.
        by_length: Markers at which somebody is sequenced and somebody is not.
        policy: As in `victims_from`.
    """
    groups = _groups(data, by_length)
    for one, other in combinations_with_replacement(groups, 2):
        victims = _only(data, name, one if one is other else [*one, *other], policy)
        yield (victims, None) if one is other else (victims.only(one), victims.only(other))


def pairs_with_others(
    data: Mapping[str, Any],
    others: Mapping[str, Any],
    name: str,
    by_length: Collection[str],
    policy: UnseenAllelePolicy | None = None,
) -> Iterator[tuple[Profiles, Profiles]]:
    """The same of remains with the profiles of another victim file, such as staff.

    Raises:
        BadFile: the two files have other markers, or one name in common.
    """
    if data["markers"] != others["markers"]:
        raise BadFile(
            sentence("the two files have other markers, frequencies or mutation models"),
            file=name,
            next_step=sentence("make both with the same frequencies"),
        )
    twice = {str(row["id"]) for row in data["pm"]} & {str(row["id"]) for row in others["pm"]}
    if twice:
        raise BadFile(
            sentence("both files have somebody of this name"), file=name, value=min(twice),
            next_step=sentence("name them apart"),
        )  # fmt: skip
    both = {**data, "pm": [*data["pm"], *others["pm"]]}
    for key in ("dropout", "dropin"):
        stated = [each[key] for each in (data, others) if each.get(key) is not None]
        by_person = [rates for rates in stated if isinstance(rates, dict)]
        if len(by_person) == len(stated):
            both[key] = {person: value for rates in by_person for person, value in rates.items()}
        elif any(rates != stated[0] for rates in stated):
            raise BadFile(
                sentence("the two files state {key} for different persons", key=key),
                file=name,
                column=key,
                next_step=sentence("state it by person in both"),
            )
    for one in _groups(data, by_length):
        for other in _groups(others, by_length):
            profiles = _only(both, name, [*one, *other], policy)
            yield profiles.only(one), profiles.only(other)


def families_apart(
    data: Mapping[str, Any], name: str, case: VictimCase, policy: UnseenAllelePolicy | None = None
) -> tuple[KinshipFamily, ...]:
    """The families of a case, each by sequence where all of its own are sequenced, whatever others are typed by.

    Args:
        data: The victim file.
        case: What is read of the whole of it.
        policy: As in `victims_from`.
    """
    if not case.victims.markers.by_length or "am" not in data:
        return case.families
    found: list[KinshipFamily] = []
    for row, family in zip(data["am"], case.families, strict=True):
        kept = _rates_of(data, family.profiles.ids)
        part = {**kept, "pm": [], "am": [row], "missing": list(family.missing)}
        found += victims_from(part, name, policy=policy).families
    return tuple(found)


def _rates_of(data: Mapping[str, Any], ids: Collection[str]) -> dict[str, Any]:
    """A case without what it says of pairs, its dropout and drop-in stated for these persons only."""
    kept = {key: value for key, value in data.items() if key not in {"pairings", "prior"}}
    for key in ("dropout", "dropin"):
        if isinstance(kept.get(key), dict):
            kept[key] = {person: rate for person, rate in kept[key].items() if person in ids}
    return kept


def _groups(data: Mapping[str, Any], by_length: Collection[str]) -> list[list[str]]:
    """People who are typed by length at the same markers; all in one group where there are too many groups."""
    groups: dict[frozenset[str], list[str]] = {}
    for row in data["pm"]:
        typed = row.get("genotypes") or {}
        lengths = frozenset(m for m in by_length if not _is_sequenced(typed.get(m) or ()))
        groups.setdefault(lengths, []).append(str(row["id"]))
    found = list(groups.values())
    return found if len(found) <= MOST_GROUPS else [[person for group in found for person in group]]


def _is_sequenced(alleles: Collection[object]) -> bool:
    """Whether a genotype has no allele that is a length; somebody untyped stands in nobody's way."""
    return all(SequenceAllele.of(str(allele)) is not None for allele in alleles)


def _only(data: Mapping[str, Any], name: str, ids: Collection[str], policy: UnseenAllelePolicy | None) -> Profiles:
    """Some of the remains, without families: what these are typed by does not bear on them."""
    pm = [row for row in data["pm"] if str(row["id"]) in ids]
    return victims_from({**_rates_of(data, ids), "pm": pm, "am": [], "missing": []}, name, policy=policy).victims
