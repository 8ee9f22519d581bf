"""A small invented case for tests, made through the real acts: one grave, units, families, comparisons, decisions."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from typing import Any

import pytest

PASSPHRASE = "a sentence only she knows"
DAY = dt.date(2026, 5, 1)
GENOTYPES = {"D3S1358": ["15", "17"], "TH01": ["6", "9.3"], "FGA": ["21", "24"]}


_PEMS: dict[str, bytes] = {}


def lay_keys(house: Any) -> None:
    """Put everybody's signing key into the store, as `dokaz user add` does."""
    for actor in house.people.values():
        if actor.key_id not in _PEMS:  # wrapping is dear on purpose
            _PEMS[actor.key_id] = actor.key.wrap(PASSPHRASE).pem
        (house.store.path / "keys" / "people" / f"{actor.key_id}.pem").write_bytes(_PEMS[actor.key_id])


def a_grave(house: Any, code: str = "01") -> Any:
    from dokaz.graves.acts import open_grave, open_site
    from dokaz.graves.models import Site

    with house.filing("scene") as f:
        site = Site.objects.filter(number="LIS").first() or open_site(
            f, code="LIS", name="Invented forest", crs="EPSG:32637"
        )
        return open_grave(site, f, code=code)


def a_unit(grave: Any, f: Any) -> Any:
    """A body that was lifted in an emergency; whoever files holds it."""
    from dokaz.graves.acts import lift, register_unit
    from dokaz.graves.places import Point

    unit = register_unit(grave, f, type="B", points=[Point("385201.00", "5450002.00")])
    lift(unit, f, emergency_reason="shelling")
    return unit


def units(house: Any, count: int = 1, *, grave: Any = None) -> list[Any]:
    """Units that were surveyed, lifted, moved in one transfer, received, examined and sampled."""
    from dokaz.casework.acts import hand_over, take_over
    from dokaz.casework.models import Person
    from dokaz.graves.acts import lift, register_unit
    from dokaz.graves.models import RecoveryUnit
    from dokaz.graves.places import Point
    from dokaz.mortuary.acts import examine, receive, sample

    grave = grave or a_grave(house)
    made = []
    with house.filing("scene") as f:
        for nth in range(count):
            unit = register_unit(grave, f, type="B", points=[Point(f"{385201 + nth}.00", "5450002.00")])
            lift(unit, f, emergency_reason="shelling")
            made.append(unit)
        mortuary = Person.objects.get(pk=house.acting("mortuary").person)
        transfer = hand_over(made, f, to=mortuary, from_place="LIS-01", to_place="Mortuary 1")
    with house.filing("mortuary") as f:
        take_over(transfer, f)
    fresh = [RecoveryUnit.objects.get(pk=unit.pk) for unit in made]
    with house.filing("mortuary") as f:
        for unit in fresh:
            receive(unit, f)
            examine(unit, f, sex=5, sex_method="pelvis", age_years=(25, 35), elements=["femur:left"])
            sample(unit, f, element="femur:left")
    return fresh


def a_profile(house: Any, unit: Any) -> Any:
    from dokaz.mortuary.acts import profile

    with house.filing("dna_examiner") as f:
        return profile(
            unit.samples.first(), f, laboratory="Invented laboratory", kit="Invented kit", genotypes=GENOTYPES
        )


def missing(house: Any, *names: str) -> list[Any]:
    """Missing persons of one family: siblings, whose father gave a sample."""
    from dokaz.missing.acts import draw_pedigree, enrol_donor, report, type_reference

    with house.filing("family_liaison") as f:
        people = [report(f, family_name="Вигаданий", given_name=name, sex="male", born="1990") for name in names]
        father = {"id": "F", "father": None, "mother": None, "sex": "male", "born": "1960", "missing": None}
        mother = {"id": "M", "father": None, "mother": None, "sex": "female", "born": "1962", "missing": None}
        children = [
            {"id": f"C{i}", "father": "F", "mother": "M", "sex": "male", "born": "1990", "missing": person.number}
            for i, person in enumerate(people)
        ]
        family = draw_pedigree(f, members=[father, mother, *children], name="Вигадані")
        donor = enrol_donor(
            family,
            f,
            member="F",
            consent="identification",
            consented_on=DAY,
            name="Donor's name",
            relationship="father",
        )
    with house.filing("dna_examiner") as f:
        type_reference(donor, f, genotypes=GENOTYPES, laboratory="Invented laboratory", kit="Invented kit")
    return people


def take_in(
    house: Any, kind: Any, role: str, *tables: tuple[str, bytes], photographs: Any = (), offices: Any = None,
    reason: str = "", only_try: bool = False,
) -> dict[str, int]:  # fmt: skip
    """Take in a delivery as the page and `dokaz import` do: read it, then file what was read."""
    from dokaz.casework.delivery_kinds import Sent
    from dokaz.exchange.reading.sent_files import SentFile

    asked = [one.name for one in kind.files if not one.is_many]
    sent = {name: [SentFile(*table)] for name, table in zip(asked, tables, strict=True)}
    sent |= {one.name: [SentFile(path.name, path) for path in photographs] for one in kind.files if one.is_many}
    with house.store.vault.staging() as staging:
        read = kind.read(Sent(sent, staging, {}))
        with house.filing(role, reason=reason) as f:
            taken: dict[str, int] = kind.file(read, f, offices or {role: f.by}, only_try=only_try)
    return taken


def frequencies(house: Any) -> Any:
    from dokaz.missing.acts import adopt_frequencies
    from dokaz.missing.models import Frequencies

    with house.filing("dna_examiner") as f:
        markers = {m: dict.fromkeys(alleles, "0.1") | {"rest": "0.8"} for m, alleles in GENOTYPES.items()}
        return Frequencies.objects.first() or adopt_frequencies(
            f, name="Invented table", source="invented", markers=markers
        )


def evidence(house: Any, unit: Any, person: Any, **other: Any) -> Any:
    """What a DNA comparison rests on, with numbers that a test can read."""
    from dokaz.casework import journal
    from dokaz.identification.evidence import DnaEvidence
    from dokaz.missing.models import Family
    from dokaz.mortuary.models import Profile

    family = next(one for one in Family.objects.all() if any(m["missing"] == person.number for m in one.members))
    profile = other.pop("profile", None)
    profile = profile or Profile.objects.filter(sample__unit=unit).first() or a_profile(house, unit)
    return DnaEvidence(
        **{
            "profile": profile,
            "family": family,
            "frequencies": frequencies(house),
            "log10_lr": "8.25",
            "per_marker": [
                {"marker": "D3S1358", "log10_lr": "5.00", "state": "typed"},
                {"marker": "TH01", "log10_lr": "3.25", "state": "typed"},
                {"marker": "FGA", "log10_lr": None, "state": "not_in_remains"},
            ],
            "other_candidates": [],
            "inputs": {"engine": "dokaz.kinship 0.1.0", "profile": profile.entry_hash, "ledger_size": journal.size()},
            **other,
        }
    )


def newest(record: Any) -> Any:
    """The newest version of a record."""
    return type(record).every.get(pk=record.pk)


def compare(house: Any, unit: Any, person: Any, *, discipline: str = "dna", conclusion: str = "concordant",
            lines: Any = None, signed: bool = True, supersedes: Any = (), why_better: str = "a better profile",
            **other: Any) -> Any:  # fmt: skip
    """A comparison, signed by two examiners unless told otherwise."""
    from dokaz.identification.acts import compare as act

    dna = evidence(house, unit, person, **other) if discipline == "dna" else None
    by_eye = discipline in ("teeth", "friction_ridge")
    rests_on = [chart_of(house, each) for each in (unit, person)] if by_eye else []
    with house.filing("dna_examiner") as f:
        made = act(
            f,
            missing_person=newest(person),
            recovery_unit=newest(unit),
            discipline=discipline,
            conclusion=conclusion,
            statement="The examiner's words.",
            lines=facing() if lines is None else lines,
            evidence=dna,
            rests_on=rests_on,
            supersedes=[newest(older) for older in supersedes],
            why_better=why_better if supersedes else "",
        )
    if signed:
        sign_comparison(house, made, 1)
        sign_comparison(house, made, 2)
    return made


def chart_of(house: Any, record: Any) -> Any:
    """A chart or an image, attached to a record."""
    from dokaz.casework.acts import AttachedFile, attach

    role = "family_liaison" if record.number.startswith("MP-") else "mortuary"
    with house.filing(role) as f:
        file = AttachedFile("chart.txt", io.BytesIO(b"invented chart"))
        return attach(newest(record), f, file=file, description="Invented chart")


def facing() -> list[Any]:
    """Lines of evidence beside DNA, all in favour or neutral."""
    from dokaz.identification.lines import Line

    return [
        Line("sex", "supports", "male, and a man is missed"),
        Line("age", "supports", "25 to 35; 32 when last seen"),
        Line("elements", "neutral", "no element occurs twice"),
        Line("place", "supports", "found where the person was last seen"),
    ]


def contradiction(explanation: str = "") -> Any:
    from dokaz.identification.lines import Line

    return Line("stature", "contradicts", "reported 190 cm, remains 165 to 171 cm", explanation=explanation)


def sign_comparison(house: Any, comparison: Any, nth: int = 1, *, by: Any = None) -> bool:
    from dokaz.casework.filing import filing
    from dokaz.identification.acts import sign_comparison as act

    actor = by or house.acting("dna_examiner", nth)
    with filing(by=actor, at=house.clock(), store=house.store) as f:
        return act(newest(comparison), f)


def lay(house: Any, *comparisons: Any, question: str = "identify", ruling: str = "") -> Any:
    from dokaz.identification.acts import lay_before_board

    with house.filing("investigator") as f:
        return lay_before_board(f, comparisons=[newest(c) for c in comparisons], question=question, ruling=ruling)


def sign(house: Any, decision: Any, nth: int = 1, *, by: Any = None) -> bool:
    from dokaz.casework.filing import filing
    from dokaz.identification.acts import sign_decision

    with filing(by=by or house.acting("board", nth), at=house.clock(), store=house.store) as f:
        return sign_decision(newest(decision), f)


def decided(house: Any, decision: Any) -> Any:
    """The decision, signed by both members of the board."""
    sign(house, decision, 1)
    sign(house, decision, 2)
    return newest(decision)


def identified(house: Any, unit: Any, person: Any) -> Any:
    return decided(house, lay(house, compare(house, unit, person)))


def told(house: Any, decision: Any) -> Any:
    """The family was told of the identification."""
    from dokaz.identification.acts import notify_family

    decision = newest(decision)
    with house.filing("family_liaison") as f:
        notify_family(decision, f)
    return decision


def doubted(house: Any, decision: Any) -> Any:
    from dokaz.identification.acts import doubt

    decision = newest(decision)
    with house.filing("investigator") as f:
        doubt(decision, f, grounds="Tubes were swapped in the laboratory.", evidence=["DNA-000001"])
    return decision


def answered(
    house: Any, doubt: Any, *, by: Any = None, answer: str = "the tubes were opened by two, and photographed"
) -> None:
    """A doubt is answered in writing, by somebody who neither raised it nor decided."""
    from dokaz.casework.filing import filing
    from dokaz.identification.acts import answer_doubt

    with filing(by=by or house.acting("dna_examiner"), at=house.clock(), store=house.store) as f:
        answer_doubt(newest(doubt), f, answer=answer)


def sign_revocation(house: Any, decision: Any, nth: int = 1, *, by: Any = None) -> bool:
    from dokaz.casework.filing import filing
    from dokaz.identification.acts import sign_revocation as act

    decision = newest(decision)
    with filing(by=by or house.acting("board", nth), at=house.clock(), reason="swapped tubes", store=house.store) as f:
        return act(decision, f)


def also(house: Any, who: str, role: str) -> Any:
    """The same person in one more office."""
    from dokaz.casework.acts import appoint
    from dokaz.casework.models import Person

    actor = house.people[who]
    with house.filing("administrator") as f:
        office = appoint(Person.objects.get(pk=actor.person), f, role=role)
    return replace(actor, office=office.id, role=role)


def assert_refused(error: type[Exception], attempt: Any, *, match: str = "") -> Any:
    """The attempt is refused, and nothing whatever is written: no entry, no opening, no row, nothing published."""
    from dokaz.casework import journal
    from dokaz.casework.models import JournalOpening
    from dokaz.casework.records import record_kinds
    from dokaz.casework.store import current_store

    def everything() -> Any:
        rows = {kind: sorted(kind.every.values_list("pk", "entry_hash")) for kind in record_kinds()}
        return journal.size(), JournalOpening.objects.count(), rows, current_store().log.note

    before = everything()
    with pytest.raises(error, match=match or None) as caught:
        attempt()
    assert everything() == before
    return caught.value


def assert_refused_page(client: Any, url: str, form: dict[str, Any]) -> str:
    """The form is shown again with an error, and nothing was filed. Returns the page."""
    from dokaz.casework import journal

    before = journal.size()
    answer = client.post(url, form)
    page: str = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="wrong' in page or 'class="refused' in page
    assert journal.size() == before
    return page
