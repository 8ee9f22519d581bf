"""Prepares a comparison: the DNA evidence with every marker, and what else speaks for or against.

Everything here is arithmetic and looking up. Whether a line of evidence holds, and what it means, the examiner decides
who takes it into a comparison.
"""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from dokaz.errors import NothingToCompare, sentence
from dokaz.graves.models import RecoveryUnit
from dokaz.identification.evidence import DnaEvidence, MarkerEvidence, OtherCandidate
from dokaz.identification.kinship_input import AMELOGENIN
from dokaz.identification.lines import Line
from dokaz.identification.models import Bearing, MarkerState, Subject
from dokaz.identification.queries import IN_FORCE
from dokaz.identification.searching import Found, compute, decimal_text
from dokaz.kinship import UnseenAllelePolicy
from dokaz.missing.models import Family, Frequencies, MissingPerson
from dokaz.mortuary.models import Examination, Profile, Sex

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
    typed = set(profile.genotypes)
    relatives = {m for r in asked.references.get(family.number, []) for m in r.genotypes}
    values = zip(pair.markers, pair.log10_lr_per_marker[0, 0], strict=True)
    return DnaEvidence(
        profile=profile,
        family=family,
        frequencies=frequencies,
        log10_lr=decimal_text(float(pair.log10_lr[0, 0])),
        per_marker=[_marker(name, float(value), typed, relatives) for name, value in values],
        other_candidates=_others(found, profile, person),
        inputs={
            "engine": f"dokaz {version('dokaz')}",
            "ledger_size": asked.read,
            "theta": "0",
            "profile": _pin(profile),
            "family": _pin(family),
            "frequencies": _pin(frequencies),
            "references": [_pin(r) for r in asked.references.get(family.number, [])],
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


def _others(found: Found, profile: Profile, person: MissingPerson) -> list[OtherCandidate]:
    """The best other persons for this profile, and the best other profiles for this person."""
    candidates, records = found.candidates, found.asked.records
    unit = profile.sample.unit.number
    rows = [(value, other, unit) for other, value in candidates.of_profile(profile.number) if other != person.number]
    rows += [
        (value, person.number, records[other].sample.unit.number)
        for other, value in candidates.of_missing(person.number)
        if other != profile.number
    ]
    rows.sort(key=lambda row: (-row[0], row[1], row[2]))
    return [{"missing": m, "unit": u, "log10_lr": decimal_text(v)} for v, m, u in rows[:_OTHERS_SHOWN]]


def circumstances(unit: RecoveryUnit, person: MissingPerson) -> list[Line]:
    """What the records say of sex, age, stature and duplication: lines that an examiner may take into a comparison."""
    lines: list[Line] = []
    examination = Examination.objects.filter(unit=unit).order_by("-number").first()
    profile = Profile.objects.filter(sample__unit=unit, withdrawn=False).order_by("-number").first()
    if profile is not None and AMELOGENIN in profile.genotypes:
        lines += _amelogenin(profile, person)
    if examination is not None:
        lines += [*_sex(examination, person), *_age(examination, person), *_stature(examination, person)]
    lines += _duplicated(unit, person)
    return lines


def _line(about: Subject, agrees: bool | None, source: str, code: str, **values: object) -> Line:
    bearing = Bearing.NEUTRAL if agrees is None else Bearing.SUPPORTS if agrees else Bearing.CONTRADICTS
    return Line(about=about.value, bearing=bearing.value, source=source, finding={"code": code, **values})


def _amelogenin(profile: Profile, person: MissingPerson) -> list[Line]:
    shown = "male" if "Y" in profile.genotypes[AMELOGENIN] else "female"
    agrees = None if person.sex == "unknown" else shown == person.sex
    # A lone X may be a man whose Y dropped out: it does not speak against a man.
    if shown == "female" and person.sex == "male":
        agrees = None
    alleles = "-".join(profile.genotypes[AMELOGENIN])
    return [_line(Subject.SEX, agrees, profile.number, "amelogenin", alleles=alleles, reported=person.sex)]


def _sex(examination: Examination, person: MissingPerson) -> list[Line]:
    if examination.sex is None or examination.sex == Sex.UNDETERMINED:
        return []
    shown = {Sex.FEMALE: "female", Sex.PROBABLY_FEMALE: "female", Sex.PROBABLY_MALE: "male", Sex.MALE: "male"}.get(
        Sex(examination.sex)
    )
    agrees = None if shown is None or person.sex == "unknown" else shown == person.sex
    values = {"skeleton": examination.sex, "reported": person.sex}
    return [_line(Subject.SEX, agrees, examination.number, "skeleton", **values)]


def age_when_last_seen(person: MissingPerson) -> tuple[int, int] | None:
    """Youngest and oldest age, in years, that the reported dates allow; None where they do not say."""
    born, seen = person.born[:4], person.last_seen_on[:4]
    if not (born.isdigit() and seen.isdigit()):
        return None
    whole = len(person.born) >= 10 and len(person.last_seen_on) >= 10
    if whole:
        years = int(seen) - int(born) - (person.last_seen_on[5:10] < person.born[5:10])
        return years, years
    return int(seen) - int(born) - 1, int(seen) - int(born)


def _age(examination: Examination, person: MissingPerson) -> list[Line]:
    reported = age_when_last_seen(person)
    low, high = examination.age_low_years, examination.age_high_years
    if reported is None or not low or not high:
        return []
    agrees = Decimal(low) <= reported[1] and reported[0] <= Decimal(high)
    youngest, oldest = reported
    if youngest == oldest:
        return [_line(Subject.AGE, agrees, examination.number, "age", low=low, high=high, age=youngest)]
    ages = {"low": low, "high": high, "youngest": youngest, "oldest": oldest}
    return [_line(Subject.AGE, agrees, examination.number, "age_range", **ages)]


def _stature(examination: Examination, person: MissingPerson) -> list[Line]:
    # Relatives overstate stature, and intervals from bones miss the true one in seven cases of ten (Komar 2003): a
    # stature outside the interval says nothing.
    low, high, reported = examination.stature_low_cm, examination.stature_high_cm, person.stature_cm
    if not (low and high and reported):
        return []
    agrees = True if Decimal(low) <= Decimal(reported) <= Decimal(high) else None
    values = {"low": low, "high": high, "reported_cm": reported}
    return [_line(Subject.STATURE, agrees, examination.number, "stature", **values)]


def _duplicated(unit: RecoveryUnit, person: MissingPerson) -> list[Line]:
    """Skeletal elements that this unit and another one, identified as the same person, both hold."""
    own = _elements(unit)
    lines = []
    standing = person.decisions.filter(question="identify", state__in=IN_FORCE).exclude(recovery_unit=unit)
    for decision in standing.select_related("recovery_unit"):
        both = sorted(own & _elements(decision.recovery_unit))
        if both:
            values = {"unit": decision.recovery_unit.number, "elements": both}
            lines.append(_line(Subject.ELEMENTS, False, decision.number, "duplicated", **values))
    return lines


def _elements(unit: RecoveryUnit) -> set[str]:
    examination = Examination.objects.filter(unit=unit).order_by("-number").first()
    if examination is None:
        return set()
    return {e.split("*")[0] for e in examination.elements if not e.endswith("unsided")}


def best_profile(unit: RecoveryUnit) -> Profile:
    """The profile of a unit with most markers that stands, the newest among equals.

    Raises:
        NothingToCompare: the unit has none.
    """
    standing: list[Profile] = [
        p for p in Profile.objects.filter(sample__unit=unit, withdrawn=False).order_by("number") if p.genotypes
    ]
    if not standing:
        raise NothingToCompare(
            sentence("{number} has no DNA profile", number=unit.number), sentence("import the laboratory's profiles")
        )
    return max(standing, key=lambda p: (p.markers_typed, p.number))


def with_words(lines: list[Line], explanations: dict[str, str], distinguishes: dict[str, str]) -> list[Line]:
    """Lines with an examiner's explanations, and the persons that they tell apart, by what they are about."""
    return [
        replace(
            line,
            explanation=explanations.get(line.about, line.explanation),
            distinguishes=(distinguishes[line.about],) if line.about in distinguishes else line.distinguishes,
        )
        for line in lines
    ]
