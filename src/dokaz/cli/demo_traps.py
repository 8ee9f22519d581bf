"""What trips real teams, sprung in the demo: each trap runs through the same acts, and its outcome is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dokaz.cli import demo_people as cast

if TYPE_CHECKING:
    from dokaz.cli.demo_steps import Demo

Trap = dict[str, Any]

# Age intervals from bones held the true age in four cases of ten (Komar 2003): an examiner may explain one that misses.
EXPLAINED = {"age": "інтервал віку за кістками часто не містить справжнього віку (Komar 2003); ДНК переконлива"}


def spring(demo: Demo, traps: dict[str, Trap], table: Any, found: Any) -> None:
    """Spring every trap that the invented truth holds, and note what the records show of it."""
    told: dict[str, str] = {}
    for name, handle in HANDLED.items():
        if name in traps:
            told[name] = handle(demo, traps[name], table, found)
            demo.say(told[name])
    demo.told["traps"] = told


def _lr(found: Any, unit: str, person: str) -> tuple[float, list[str]]:
    """log10 LR and inconsistent markers of a unit's profile and a missing person."""
    names = [name for name, record in found.asked.records.items() if record.sample.unit.number == unit]
    pairs = [found.pair(name, person) for name in names]
    best = max(pairs, key=lambda pair: float(pair.log10_lr[0, 0]))
    return float(best.log10_lr[0, 0]), list(best.inconsistent_markers(best.profiles[0], person))


def severed_part(demo: Demo, trap: Trap, table: Any, found: Any) -> str:
    """The part and the body are compared apart, and both lead to one person."""
    from dokaz.cli.demo_steps import identify
    from dokaz.graves.models import RecoveryUnit

    body, part = trap["units"]
    person = trap["missing"][0]
    decisions = identify(demo, [(body, person)], table, found, words=EXPLAINED)
    decisions += identify(demo, [(part, person)], table, found, words=EXPLAINED)
    a, b = (RecoveryUnit.objects.get(number=n).points[0] for n in (body, part))
    metres = ((float(a["e"]) - float(b["e"])) ** 2 + (float(a["n"]) - float(b["n"])) ** 2) ** 0.5
    numbers = " and ".join(d.number for d in decisions)
    return (
        f"A severed part: {part} lay {metres:.0f} m from the body {body}; it has a number of its own, and DNA leads "
        f"both to {person} ({numbers})."
    )


def chance_match(demo: Demo, trap: Trap, table: Any, found: Any) -> str:
    """The match by chance is compared, contradicted, and excluded with the same signatures as an identification."""
    from dokaz.cli.demo_steps import compare, signed_by_two
    from dokaz.identification import acts

    unit, person = trap["units"][0], trap["missing"][0]
    log10_lr, _ = _lr(found, unit, person)
    comparison = compare(
        demo, unit, person, table, found, conclusion="discordant",
        statement="Збіг за ДНК випадковий: стать і вік не відповідають зниклому.",
    )  # fmt: skip
    signed_by_two(demo, [comparison])
    with demo.filing(cast.INVESTIGATOR) as work:
        laid = acts.lay_before_board(work, comparisons=[comparison], question="exclude")
    for member in cast.BOARD:
        laid.refresh_from_db()
        with demo.filing(member) as work:
            acts.sign_decision(laid, work)
    against = ", ".join(sorted({line["about"] for line in comparison.lines if line["bearing"] == "contradicts"}))
    return (
        f"A chance match: {unit} and {person} share alleles (log10 LR {log10_lr:.1f}), but {against} contradict it: "
        f"{laid.number} excludes, under four signatures like any identification."
    )


def half_brother(demo: Demo, trap: Trap, table: Any, found: Any) -> str:
    """The family contradicts its own pedigree; the reference check names whose parentage."""
    return _wrong_pedigree(trap, found, "A half sibling stated as a full one")


def _wrong_pedigree(trap: Trap, found: Any, title: str) -> str:
    from dokaz.kinship.reference_check import check_references

    family = next(f for f in found.asked.families if f.name == trap["families"][0])
    check = check_references(family.pedigree, family.profiles, family=family.name)
    because = f"; {check.full_explanations[0].what} would explain all of it" if check.full_explanations else ""
    return (
        f"{title}: the typed relatives of {family.name} contradict their own pedigree at "
        f"{len(check.inconsistent_markers)} markers{because}."
    )


def not_the_father(demo: Demo, trap: Trap, table: Any, found: Any) -> str:
    """The remains are excluded by the stated father although they are hers."""
    unit, person = trap["units"][0], trap["missing"][0]
    _, inconsistent = _lr(found, unit, person)
    return (
        f"A stated father who is not: {unit} is excluded from {trap['families'][0]} at {len(inconsistent)} markers, "
        "although the truth says it is theirs; the file stays open."
    )


def two_brothers(demo: Demo, trap: Trap, table: Any, found: Any) -> str:
    """Nobody forces a tie: the board is not even asked."""
    from dokaz.cli.demo_steps import compare, signed_by_two
    from dokaz.errors import NotDistinguished
    from dokaz.identification import acts

    unit, person = trap["units"][0], trap["missing"][0]
    comparison = compare(demo, unit, person, table, found, explanations=EXPLAINED)
    signed_by_two(demo, [comparison])
    try:
        with demo.filing(cast.INVESTIGATOR) as work:
            acts.lay_before_board(work, comparisons=[comparison])
    except NotDistinguished as refusal:
        return f"Two brothers: {refusal.what}; a tie is never forced, both stay open."
    return f"Two brothers: {unit} was laid before the board as {person}."


def reported_twice(demo: Demo, trap: Trap, table: Any, found: Any) -> str:
    """One body, two reports: the second is closed as a duplicate, and stays readable."""
    from dokaz.missing.acts import mark_duplicate
    from dokaz.missing.models import MissingPerson

    first, second = sorted(trap["missing"])
    reason = "мати і дружина зверталися до різних відділів; одне тіло узгоджується з обома родинами"
    with demo.filing(cast.LIAISON, "family_liaison", reason) as work:
        mark_duplicate(MissingPerson.objects.get(number=second), work, same_as=MissingPerson.objects.get(number=first))
    return f"Reported missing twice: {second} is {first}; one person, two reports, one body ({trap['units'][0]})."


def swapped_samples(demo: Demo, trap: Trap, table: Any, found: Any) -> str:
    """Certified on swapped samples, contradicted by re-samples, revoked by two, and everything touched reopened."""
    from dokaz.cli.demo_steps import identify, take_in
    from dokaz.identification import acts
    from dokaz.identification.models import Decision, Review
    from dokaz.mortuary.acts import withdraw_profile
    from dokaz.mortuary.intake import PROFILES, SAMPLES
    from dokaz.mortuary.models import Profile

    pairs = [(unit, person) for unit in trap["units"] for person in trap["missing"] if _lr(found, unit, person)[0] > 4]
    decisions = identify(demo, pairs, table, found, words=EXPLAINED)
    numbers = [d.number for d in decisions]
    take_in(demo, SAMPLES, ["samples_later.csv"], cast.MORTUARY, says=False)
    take_in(demo, PROFILES, ["profiles_north_later.csv"], cast.EXAMINERS[0], says=False)
    grounds = "Повторні зразки показують інші профілі: перші зразки двох тіл помінялися місцями на столі."
    with demo.filing(cast.EXAMINERS[0], reason=grounds) as work:
        for decision in decisions:
            for profile in Profile.objects.filter(
                sample__unit=decision.recovery_unit, withdrawn=False, sample__number__contains="-S.1-"
            ):
                withdraw_profile(profile, work)
            acts.doubt(decision, work, grounds=grounds, evidence=["profiles_north_later.csv"])
    for member in cast.BOARD:
        with demo.filing(member, reason="повторна перевірка") as work:
            for decision in Decision.objects.filter(number__in=numbers).order_by("number"):
                acts.sign_revocation(decision, work)
    reviews = Review.objects.filter(because_of__number__in=numbers).count()
    return (
        f"A second look: {' and '.join(numbers)} were certified on swapped samples; re-samples contradicted them, two "
        f"members revoked both, and {reviews} linked files were reopened."
    )


def emergency_lift(demo: Demo, trap: Trap, table: Any, found: Any) -> str:
    """Lifted under shelling: the reason takes the photograph's place, and stays visible."""
    from dokaz.graves.models import RecoveryUnit

    unit = RecoveryUnit.objects.get(number=trap["units"][0])
    return (
        f"An emergency: {unit.number} was lifted without a photograph; the reason stays on its page: "
        f"«{unit.emergency_reason}»."
    )


def dropout(demo: Demo, trap: Trap, table: Any, found: Any) -> str:
    """A fragment that lost alleles is excluded as if it were a homozygote; it is left open, not excluded by a board."""
    unit, person = trap["units"][0], trap["missing"][0]
    _, inconsistent = _lr(found, unit, person)
    seems = f"seems to exclude {person} at {len(inconsistent)} markers that show" if inconsistent else "shows"
    return (
        f"Lost alleles: {unit} {seems} a single allele{'' if inconsistent else ' at many markers'}; "
        "degraded bone may have lost the other, so nothing is decided."
    )


HANDLED = {
    "severed-part": severed_part,
    "chance-match": chance_match,
    "half-brother": half_brother,
    "not-the-father": not_the_father,
    "two-brothers": two_brothers,
    "reported-twice": reported_twice,
    "swapped-samples": swapped_samples,
    "emergency-lift": emergency_lift,
    "dropout": dropout,
}
