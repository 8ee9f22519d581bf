"""What the records say for or against a match besides DNA: sex, age, stature, elements that two units both hold.

Everything here is looked up. Whether a line of evidence holds, and what it means, the examiner decides who takes it into a
comparison.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from dokaz.exchange.reading.genotypes import AMELOGENIN
from dokaz.graves.models import RecoveryUnit
from dokaz.identification.lines import Line
from dokaz.identification.models import Bearing, Subject
from dokaz.identification.queries import IN_FORCE
from dokaz.missing.models import MissingPerson
from dokaz.mortuary.models import Examination, Profile, SkeletalSex


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


_SHOWN_SEX = {
    SkeletalSex.FEMALE: "female",
    SkeletalSex.PROBABLY_FEMALE: "female",
    SkeletalSex.PROBABLY_MALE: "male",
    SkeletalSex.MALE: "male",
}


def _sex(examination: Examination, person: MissingPerson) -> list[Line]:
    if examination.sex is None or examination.sex == SkeletalSex.UNDETERMINED:
        return []
    shown = _SHOWN_SEX.get(SkeletalSex(examination.sex))
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
    in_force = person.decisions.filter(question="identify", state__in=IN_FORCE).exclude(recovery_unit=unit)
    for decision in in_force.select_related("recovery_unit"):
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
