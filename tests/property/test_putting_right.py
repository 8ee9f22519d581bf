"""Every kind of record: each field that is open is corrected, each record that may be void is made so and back again.

The kinds, their fields and the offices come from the registry, so a new kind is tried too. Tables say what the ledger says,
histories show both values, and the verifier accepts the log at every stage.
"""

from __future__ import annotations

from typing import Any

import pytest
from casebook import (
    GENOTYPES,
    answered,
    assert_refused,
    newest,
    sign_comparison,
    sign_revocation,
    told,
)
from django.db import models
from put_right_cases import (
    agree,
    assert_tables_are_what_the_ledger_says,
    assert_verifies,
    correct,
    every_kind,
    open_records,
    propose,
    two_who_may,
    void,
)

from dokaz.casework.acts import decline_correction, make_correction
from dokaz.casework.corrections import put_right
from dokaz.casework.journal import history
from dokaz.casework.models import Person, Transfer
from dokaz.casework.records import VoidableRecord, record_kinds
from dokaz.errors import (
    BadChoice,
    BadInterval,
    ChangedMeanwhile,
    ClosedField,
    DokazError,
    EmptyField,
    InTheFuture,
    LiftedBlind,
    NoSuchRecord,
    NothingCorrected,
    NotInOffice,
    NotYours,
    OutOfRange,
    PartOfAnAct,
    RecordIsVoid,
    RestedOn,
    TooManyAlleles,
    WrongKind,
    WrongState,
)
from dokaz.graves.acts import register_unit
from dokaz.graves.models import Grave, RecoveryUnit
from dokaz.identification.acts import close_review, release
from dokaz.identification.models import Comparison, Doubt, Review
from dokaz.missing.models import Donor, MissingPerson
from dokaz.missing.queries import open_reports
from dokaz.mortuary.acts import profile as profile_of
from dokaz.mortuary.models import Examination, Finding, Profile
from dokaz.mortuary.queries import profiles_in_use

TEXTS = ["corrected", "1991", "171", "30", "EPSG:32636", "F", "M", "45", "Europe/Kyiv"]
LISTS = [[["0", "0"], ["8", "0"], ["8", "5"]], ["1.50", "2"],
         ["femur:right"], ["D3S1358"], ["DNA-000001", "DNA-000002"], [],
         [{"e": "385300.00", "n": "5450100.00", "z": None, "role": "", "accuracy": None}],
         [{"about": "sex", "bearing": "supports", "finding": {}, "statement": "corrected", "source": "", "explanation": "",
           "distinguishes": []}]]  # fmt: skip
OBJECTS = [{"TH01": ["6", "6"]}, {"DYS391": ["10"]}, {"TH01": 100}, {"TH01": {"6": "0.4", "9.3": "0.6"}}, {}]


def candidates(record: Any, declared: Any) -> list[Any]:
    """Other values that a field of this type may hold; what it must be besides, its own act decides."""
    now = record.content()[declared.name]
    if declared.choices:
        found = [value for value, _label in declared.flatchoices]
    elif isinstance(declared, models.ForeignKey):
        found = [*map(str, declared.related_model.objects.values_list("pk", flat=True)), None]
    elif isinstance(declared, models.BooleanField):
        found = [not now]
    elif isinstance(declared, models.DecimalField):
        found = ["49.5000000", "36.2500000"]
    elif isinstance(declared, models.IntegerField):
        found = [2, 3, 60_000]
    elif isinstance(declared, models.DateTimeField):
        found = ["2026-05-01T08:00:00Z"]
    elif isinstance(declared, models.DateField):
        found = ["2026-04-30"]
    elif isinstance(declared, models.JSONField):
        found = [*LISTS, *OBJECTS]
    else:
        found = TEXTS
    return [value for value in found if value != now]


def together(record: Any, name: str, value: Any) -> dict[str, Any]:
    """What is corrected at once: latitude with longitude, both ends of an interval, the unit or the grave."""
    ends = ("latitude_deg longitude_deg", "age_low_years age_high_years", "stature_low_cm stature_high_cm")
    pair = {one: other for both in ends for one, other in (both.split(), both.split()[::-1])}
    values = {name: value}
    other = pair.get(name)
    if other and not getattr(record, other):
        values[other] = value
    if name in ("unit", "grave"):
        values["grave" if name == "unit" else "unit"] = None
    return values


@pytest.fixture
def house(house_after: Any) -> Any:
    """A case with a record of every kind."""
    return house_after(every_kind)


@pytest.fixture
def case(house: Any) -> Any:
    return house


def corrected_once(house: Any, kind: Any, declared: Any) -> tuple[Any, Any, Any]:
    """A field of some record of the kind, corrected; the record, and what the field held before and holds now."""
    refused: list[str] = []
    for record in open_records(kind):
        for value in candidates(record, declared):
            before = record.content()[declared.name]
            try:
                done = correct(house, record, together(record, declared.name, value))
            except DokazError as error:
                refused.append(f"{record.number} {value!r}: {error}")
            else:
                return done, before, value
    pytest.fail(f"{kind.kind()}.{declared.name} cannot be corrected: {refused[:6]}")


def test_every_kind_says_how_its_records_are_put_right():
    assert [kind.kind() for kind in record_kinds() if put_right(kind) is None] == []
    for kind in record_kinds():
        how = put_right(kind).how
        names = {each.name for each in kind.content_fields()}
        assert names == {each.name for each in how.fields} | (set(how.why_closed) & names)


def test_every_open_field_of_every_kind_is_corrected_and_both_values_stay_readable(case):
    for nth in (1, 2):
        sign_revocation(case, case.decision, nth)
    with case.filing("board") as f:
        close_review(Review.objects.get(link="unit"), f, outcome="it stands")
    for kind in record_kinds():
        for declared in put_right(kind).how.fields if put_right(kind).how.is_corrected_alone else ():
            done, before, value = corrected_once(case, kind, declared)
            *_, then, now = history(done.pk)
            assert then.fields[declared.name] == before
            assert now.fields[declared.name] == value
            assert now.fields["reason"] == "a typing mistake"
            assert type(done).every.get(pk=done.pk).content()[declared.name] == value
    assert_tables_are_what_the_ledger_says()
    assert_verifies(case, "corrected")


def test_every_open_field_of_what_was_signed_is_corrected_by_two(case):
    answered(case, Doubt.objects.get())
    told(case, case.decision)
    with case.filing("mortuary") as f:
        by = Person.objects.get(pk=case.acting("mortuary", 2).person)
        release(newest(case.decision), f, released_to="Mother", document_seen="AB 1", to_place="Izium",
                family_choice="wait", identity_checked_by=by)  # fmt: skip
    kinds = [kind for kind in record_kinds() if put_right(kind).agree is not None]
    assert len(kinds) > 3
    for kind in kinds:
        how = put_right(kind).how
        for declared in how.fields:
            record = next(one for one in kind.objects.order_by("number") if how.needs_two(one))
            value = candidates(record, declared)[0]
            if declared.name == "lines":
                value = [{"about": "sex", "bearing": "supports", "finding": {}, "statement": "corrected", "source": "",
                          "explanation": "", "distinguishes": []}]  # fmt: skip
            if declared.name == "values":
                value = {"surname": "Виправлений", "cell": "3"}
            before = record.content()
            first, second = two_who_may(case, record)
            proposed = propose(case, record, {declared.name: value}, by=first)
            assert kind.objects.get(pk=record.pk).content() == before
            agree(case, proposed, by=second)
            *_, then, now = history(record.pk)
            assert (then.fields[declared.name], now.fields[declared.name]) == (before[declared.name], value)
            assert newest(proposed).state == "made"
            for nth in (1, 2) if kind is Comparison else ():  # it is signed anew
                sign_comparison(case, record, nth)
    assert_tables_are_what_the_ledger_says()
    assert_verifies(case, "by two")


def test_whatever_may_be_void_is_made_so_and_back_again(case):
    contents = {one.pk: one.content() for kind in record_kinds() for one in kind.every.all()}
    done: list[Any] = []
    refused: dict[Any, DokazError] = {}
    for _turn in range(6):  # a thing can be void once what rests on it is
        for kind in [kind for kind in record_kinds() if put_right(kind).void is not None]:
            for record in kind.objects.order_by("number"):
                try:
                    done.append(void(case, record))
                    refused.pop(record.pk, None)
                except DokazError as error:
                    refused[record.pk] = error
    voidable = {
        kind for kind in record_kinds() if issubclass(kind, VoidableRecord) and put_right(kind).void is not None
    }
    assert voidable - {type(one) for one in done} == set()
    for one in done:
        assert not type(one).objects.filter(pk=one.pk).exists()
        assert type(one).every.get(pk=one.pk).number == one.number
    assert all(isinstance(error, RestedOn | WrongState) for error in refused.values()), refused
    assert_tables_are_what_the_ledger_says()
    assert_verifies(case, "void")
    for one in reversed(done):
        void(case, one, reason="it was no mistake")
    for kind in record_kinds():
        for one in kind.every.all():
            if one.pk in contents:
                same = {name for name, value in one.content().items() if value == contents[one.pk][name]}
                assert set(contents[one.pk]) - same <= {"reason"}
    assert_tables_are_what_the_ledger_says()
    assert_verifies(case, "back")


# --- attacks -------------------------------------------------------------------------------------------------------------


def test_a_field_that_is_closed_is_corrected_by_nobody(case):
    for kind in record_kinds():
        how, record = put_right(kind).how, next(iter(open_records(kind)), None)
        if record is None or put_right(kind).correct is None:
            continue
        for name in how.why_closed:
            if hasattr(record, name):
                with pytest.raises(ClosedField):
                    correct(case, record, {name: "x"})
    assert_tables_are_what_the_ledger_says()


def test_one_person_corrects_a_comparison_that_two_have_signed(case):
    before = newest(case.signed).content()
    correct(case, case.signed, {"conclusion": "discordant"})
    assert newest(case.signed).content() == before  # it is proposed, and nothing more
    assert_refused(WrongState, lambda: void(case, case.signed))


def test_one_person_proposes_a_correction_and_agrees_to_it(case):
    first, second = two_who_may(case, case.signed)
    before = newest(case.signed).content()
    proposed = propose(case, case.signed, {"conclusion": "discordant"}, by=first)
    assert_refused(NotYours, lambda: agree(case, proposed, by=first))
    assert_refused(NotInOffice, lambda: agree(case, proposed, by=case.acting("scene")))
    assert_refused(EmptyField, lambda: agree(case, proposed, by=second, reason=" "))
    with case.filing("dna_examiner", 2) as f:
        assert_refused(PartOfAnAct, lambda: make_correction(newest(proposed), f))
    assert newest(case.signed).content() == before
    with case.filing("scene", reason="no") as f:
        assert_refused(NotYours, lambda: decline_correction(newest(proposed), f))
    with case.filing("mortuary", reason="It says what was seen.") as f:
        decline_correction(newest(proposed), f)
    assert_refused(WrongState, lambda: agree(case, proposed, by=second))
    assert newest(case.signed).content() == before


def test_a_second_person_agrees_to_a_correction_of_a_version_that_is_gone(case):
    first, second = two_who_may(case, case.signed)
    proposed = propose(case, case.signed, {"conclusion": "discordant"}, by=first)
    agree(case, propose(case, case.signed, {"statement": "other words"}, by=first), by=second)
    assert newest(case.signed).state == "proposed"
    assert_refused(ChangedMeanwhile, lambda: agree(case, proposed, by=second))


def test_another_examiner_corrects_a_comparison(case):
    with pytest.raises(NotYours):
        correct(case, case.proposed, {"conclusion": "discordant"}, by=case.acting("dna_examiner", 2))


def test_a_signature_given_before_a_correction_does_not_count_after_it(case):
    sign_comparison(case, case.proposed, 1)
    correct(case, case.proposed, {"statement": "corrected"})
    assert not sign_comparison(case, case.proposed, 2)
    assert sign_comparison(case, case.proposed, 1)


def test_somebody_corrects_a_transfer_of_other_people(case):
    transfer = Transfer.objects.get(state="handed_over")
    for who in ("mortuary", "board"):
        with pytest.raises(NotYours):
            correct(case, transfer, {"to_place": "Mortuary 2"}, by=case.acting(who))
    taken = Transfer.objects.filter(state="taken_over").first()
    assert_refused(NotYours, lambda: correct(case, taken, {"seal": "B-2"}, by=case.acting("board")))
    proposed = propose(case, taken, {"seal": "B-2"}, by=case.acting("scene"))
    assert_refused(NotYours, lambda: agree(case, proposed, by=case.acting("board")))
    with pytest.raises(ClosedField):
        correct(case, transfer, {"receiver": str(case.acting("mortuary", 2).person)})


def test_somebody_writes_himself_down_as_the_holder_of_a_thing(case):
    unit = RecoveryUnit.objects.exclude(holder=case.acting("scene").person).first()
    with pytest.raises(ClosedField):
        correct(case, unit, {"holder": str(case.acting("scene").person)})


def test_a_correction_says_what_cannot_be(case):
    examination = Examination.objects.exclude(age_low_years="").first()
    for values, error in (
        ({"age_high_years": "300"}, OutOfRange),
        ({"age_high_years": "1"}, BadInterval),
        ({"age_high_years": ""}, EmptyField),
        ({"sex": 9}, BadChoice),
        ({"elements": ["wing:left"]}, BadChoice),
        ({"elements": {"femur": "left"}}, WrongKind),
        ({"examined_at": "2099-01-01T00:00:00Z"}, InTheFuture),
        ({"examined_at": "0007-01-01T00:00:00Z"}, WrongKind),
        ({"examiner": "00000000-0000-4000-8000-000000000000"}, NoSuchRecord),
        ({"nothing": "x"}, WrongKind),
        ({"age_high_years": examination.age_high_years}, NothingCorrected),
        ({}, NothingCorrected),
    ):
        assert_refused(error, lambda v=values: correct(case, examination, v))
    profile = Profile.objects.first()
    assert_refused(TooManyAlleles, lambda: correct(case, profile, {"genotypes": {"TH01": ["6", "7", "8"]}}))
    donor = Donor.objects.first()
    assert_refused(BadChoice, lambda: correct(case, donor, {"member": "C0"}))
    lifted = RecoveryUnit.objects.filter(emergency_reason="shelling", state="lifted").first()
    assert_refused(LiftedBlind, lambda: correct(case, lifted, {"emergency_reason": "", "points": []}))


def test_a_correction_or_a_voiding_gives_no_reason(case):
    finding = Finding.objects.first()
    assert_refused(EmptyField, lambda: correct(case, finding, {"description": "x"}, reason=" "))
    assert_refused(EmptyField, lambda: void(case, finding, reason=""))


def test_an_office_of_another_room_corrects_a_record(case):
    assert_refused(NotInOffice, lambda: correct(case, Profile.objects.first(), {"kit": "x"}, by=case.acting("scene")))
    assert_refused(NotInOffice, lambda: void(case, Profile.objects.first(), by=case.acting("scene")))


def test_what_others_rest_on_is_not_voided_and_the_refusal_names_them(case):
    unit = case.decision.recovery_unit
    assert case.decision.number in str(assert_refused(RestedOn, lambda: void(case, unit)))
    profile = Profile.objects.first()
    assert profile.number in str(assert_refused(RestedOn, lambda: void(case, profile.sample)))
    person = MissingPerson.objects.get(given_name="Василь")
    assert "FAM-000001" in str(assert_refused(RestedOn, lambda: void(case, person)))
    waiting = Transfer.objects.get(state="handed_over")
    thing = RecoveryUnit.objects.get(pk=waiting.things[0]["id"])
    assert waiting.number in str(assert_refused(RestedOn, lambda: void(case, thing)))


def test_what_is_decided_is_not_voided(case):
    assert_refused(WrongState, lambda: void(case, case.decision))


def test_nothing_is_done_with_a_void_record_and_nothing_comes_to_point_to_one(case):
    grave = void(case, Grave.objects.get(number="LIS-02"))
    with case.filing("scene") as f:
        assert_refused(RecordIsVoid, lambda: register_unit(Grave.every.get(pk=grave.pk), f, type="B"))
    assert_refused(RecordIsVoid, lambda: correct(case, grave, {"name": "x"}))
    case.spare = RecoveryUnit.objects.filter(state="in_situ").get()
    number = void(case, case.spare).number
    with case.filing("scene") as f:
        again = register_unit(Grave.objects.get(number="LIS-01"), f, type="A")
    assert again.number != number


def test_a_void_profile_and_a_void_report_are_searched_for_no_more(case):
    before = profiles_in_use().count(), open_reports().count()
    spare = MissingPerson.objects.get(family_name="Зайвий")
    void(case, spare)
    with case.filing("dna_examiner") as f:
        typed = profile_of(Profile.objects.first().sample, f, laboratory="x", kit="x", genotypes=GENOTYPES)
    assert profiles_in_use().count() == before[0] + 1
    void(case, typed)
    assert (profiles_in_use().count(), open_reports().count()) == (before[0], before[1] - 1)
