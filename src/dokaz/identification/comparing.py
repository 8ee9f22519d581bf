"""Prepares a comparison: the DNA evidence with every marker, beside the other candidates."""

from __future__ import annotations

import math
from importlib.metadata import version
from typing import Any

from dokaz.errors import NothingToCompare, sentence
from dokaz.graves.models import RecoveryUnit
from dokaz.identification.evidence import DnaEvidence, MarkerEvidence, OtherCandidate
from dokaz.identification.left_out import mutation_models
from dokaz.identification.models import MarkerState
from dokaz.identification.queries import RIVAL_WITHIN_LOG10
from dokaz.identification.searching import Found, compute, decimal_text
from dokaz.kinship import UnseenAllelePolicy
from dokaz.kinship.blind.pairs import what_pairs_rest_on
from dokaz.missing.models import Family, Frequencies, MissingPerson
from dokaz.mortuary.models import Profile

# How many who fit less well are shown beside a pair, on either side; those who fit about as well are shown all.
_OTHERS_SHOWN = 8


def family_of(person: MissingPerson) -> Family:
    """The pedigree in which a missing person stands.

    Raises:
        NothingToCompare: no pedigree names them.
    """
    named: Family | None = Family.objects.filter(number=person.family_of_pedigree or None).first()
    if named is not None:
        return named
    family: Family
    for family in Family.objects.order_by("number"):
        if any(m.get("missing") == person.number for m in family.members):
            return family
    raise NothingToCompare(
        sentence("no pedigree names {number}", number=person.number), sentence("draw the family's pedigree first")
    )


def dna_evidence(
    profile: Profile,
    person: MissingPerson,
    frequencies: Frequencies,
    *,
    policy: UnseenAllelePolicy | None = None,
    found: Found | None = None,
) -> DnaEvidence:
    """The likelihood ratio of one profile and one missing person, marker by marker, beside the other candidates.

    Args:
        found: A search of everything, where many pairs are compared at once; computed if not given.

    Raises:
        NothingToCompare: the profile does not stand, or the family cannot be compared.
    """
    family = family_of(person)
    found = found or compute(frequencies, policy=policy)
    asked = found.asked
    if profile.number not in asked.records:
        raise NothingToCompare(
            sentence("{number} does not stand", number=profile.number),
            sentence("choose the profile that the laboratory stands by"),
        )
    if person.number not in found.candidates.missing:
        raise NothingToCompare(
            sentence("{number} cannot be compared", number=family.number),
            sentence("see the search for why it was left out"),
        )
    pair = found.pair(profile.number, person.number)
    named = (profile.number, person.number)
    rests = what_pairs_rest_on(asked.profiles, asked.families, [named])[named]
    typed = set(profile.genotypes)
    relatives = {m for r in asked.references.get(family.number, []) for m in r.genotypes}
    values = zip(pair.markers, pair.log10_lr_per_marker[0, 0], strict=True)
    return DnaEvidence(
        profile=profile,
        family=family,
        frequencies=frequencies,
        log10_lr=decimal_text(float(pair.log10_lr[0, 0])),
        per_marker=[_marker(name, float(value), typed, relatives) for name, value in values],
        other_candidates=_others(found, profile, person, float(pair.log10_lr[0, 0])),
        inputs={
            "engine": f"dokaz {version('dokaz')}",
            "ledger_size": asked.read,
            "theta": "0",
            "profile": _pin(profile),
            "family": _pin(family),
            "frequencies": _pin(frequencies),
            "references": [_pin(r) for r in asked.references.get(family.number, [])],
            "mutation": mutation_models(asked.profiles.markers),
            "impossible_without_mutation": list(rests.impossible),
            "alleles_given_a_frequency": [f"{a.marker} {a.allele}" for a in pair.assumptions.added],
        },
    )


def _pin(record: Any) -> dict[str, Any]:
    """Which version of a record a number rests on."""
    return {"number": record.number, "version": record.version, "entry": record.entry_hash}


def _marker(name: str, value: float, typed: set[str], relatives: set[str]) -> MarkerEvidence:
    if name not in typed:
        return {"marker": name, "log10_lr": None, "state": MarkerState.NOT_IN_REMAINS.value}
    if name not in relatives:
        return {"marker": name, "log10_lr": None, "state": MarkerState.NOT_IN_FAMILY.value}
    if value == -math.inf:
        return {"marker": name, "log10_lr": "-inf", "state": MarkerState.INCONSISTENT.value}
    if math.isnan(value):
        return {"marker": name, "log10_lr": None, "state": MarkerState.PEDIGREE_CONTRADICTED.value}
    return {"marker": name, "log10_lr": decimal_text(value), "state": MarkerState.TYPED.value}


def _others(found: Found, profile: Profile, person: MissingPerson, own: float) -> list[OtherCandidate]:
    """The other persons for this profile, and the other units for this person, each by the best of its profiles.

    Whoever fits about as well is there, however many they are; of the rest, the best on either side.

    Args:
        own: log10 LR of the pair itself.
    """
    unit = profile.sample.unit.number
    persons = [row for row in _persons(found, profile, own) if row[0] != person.number]
    rivals = sum(value > own - RIVAL_WITHIN_LOG10 for _missing, value in persons)
    units: dict[str, float] = {}
    for other, value in found.candidates.of_missing(person.number):
        units.setdefault(found.asked.records[other].sample.unit.number, value)
    units.pop(unit, None)
    rows = [(value, number, unit) for number, value in persons[: max(rivals, _OTHERS_SHOWN)]]
    rows += [(value, person.number, number) for number, value in list(units.items())[:_OTHERS_SHOWN]]
    rows.sort(key=lambda row: (-row[0], row[1], row[2]))
    return [{"missing": m, "unit": u, "log10_lr": decimal_text(v)} for v, m, u in rows]


def _persons(found: Found, profile: Profile, own: float) -> list[tuple[str, float]]:
    """Missing persons for a profile with log10 LR, strongest first: at least all who fit about as well as one at ``own``.

    A search keeps the strongest of each profile; where more may fit as well, all are compared once more.
    """
    kept, needed = found.candidates.of_profile(profile.number), own - RIVAL_WITHIN_LOG10
    is_cut = len(kept) >= found.candidates.keep and kept[-1][1] > needed
    if math.isfinite(own) and (is_cut or found.candidates.at_least_log10_lr > needed):
        return found.everybody(profile.number)
    return kept


def best_profile(unit: RecoveryUnit) -> Profile:
    """The profile of a unit with most markers that was not withdrawn, the newest among equals.

    Raises:
        NothingToCompare: the unit has none.
    """
    in_use: list[Profile] = [
        p for p in Profile.objects.filter(sample__unit=unit, withdrawn=False).order_by("number") if p.genotypes
    ]
    if not in_use:
        raise NothingToCompare(
            sentence("{number} has no DNA profile", number=unit.number), sentence("import the laboratory's profiles")
        )
    return max(in_use, key=lambda p: (p.markers_typed, p.number))
