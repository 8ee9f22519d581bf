"""What rested on a corrected value is reopened; what follows from a correction, and what may not come of it."""

from __future__ import annotations

import io
from typing import Any

import dokaz_verify
import pytest
from casebook import (
    GENOTYPES,
    answered,
    assert_refused,
    lay,
    newest,
    sign,
    told,
)
from put_right_cases import (
    agree,
    assert_tables_are_what_the_ledger_says,
    assert_verifies,
    correct,
    every_kind,
    propose,
    two_who_may,
    void,
)

from dokaz.casework.acts import hand_over
from dokaz.casework.journal import history
from dokaz.casework.models import Person, Transfer
from dokaz.court.assembling import make_bundle
from dokaz.court.redaction import Redaction
from dokaz.errors import (
    EmptyField,
    LiftedBlind,
    NotInOffice,
    NotYours,
    RestedOn,
    WrongState,
)
from dokaz.graves.acts import Upload, lift, register_unit
from dokaz.graves.models import Grave, RecoveryUnit, Site
from dokaz.graves.places import Point
from dokaz.identification.acts import answer_correction, release
from dokaz.identification.models import Comparison, Decision, Doubt, Review
from dokaz.mortuary.acts import profile as profile_of
from dokaz.mortuary.models import Profile


@pytest.fixture
def house(house_after: Any) -> Any:
    """A case with a record of every kind."""
    return house_after(every_kind)


@pytest.fixture
def case(house: Any) -> Any:
    return house


# --- what rested on it ---------------------------------------------------------------------------------------------------


def test_whatever_rests_on_a_corrected_value_is_reopened_until_it_is_answered_in_writing(case):
    """An examination is corrected; the signed comparison of that unit says so, and nothing is decided on it meanwhile."""
    waiting = Decision.objects.get(state="before_board")
    examination = case.signed.recovery_unit.examinations.first()
    corrected = correct(case, examination, {"age_high_years": "41"})
    review = Review.objects.get()
    assert (review.link, review.corrected, review.correction) == (
        "corrected",
        examination.number,
        corrected.entry_hash,
    )
    assert review.comparison == case.signed
    assert_refused(WrongState, lambda: sign(case, waiting), match="was corrected since")
    correct(case, examination, {"age_high_years": "42"})
    assert Review.objects.count() == 1  # it is open already
    with case.filing("mortuary") as f:
        assert_refused(EmptyField, lambda: answer_correction(newest(review), f, outcome=" "))
    with case.filing("scene") as f:
        assert_refused(NotInOffice, lambda: answer_correction(newest(review), f, outcome="It fits."))
    with case.filing("mortuary") as f:  # whoever corrected it does not say what follows
        assert_refused(NotYours, lambda: answer_correction(newest(review), f, outcome="The age still fits."))
    with case.filing("mortuary", 2) as f:
        answer_correction(newest(review), f, outcome="The age still fits.")
    with case.filing("mortuary") as f:
        assert_refused(WrongState, lambda: answer_correction(newest(review), f, outcome="It fits."))
    sign(case, waiting, 1)
    assert_tables_are_what_the_ledger_says()
    assert_verifies(case, "answered")


def test_a_correction_reopens_a_certified_identification_and_nothing_is_released_meanwhile(case):
    answered(case, Doubt.objects.get())
    told(case, case.decision)
    correct(case, case.decision.missing_person, {"born": "1989"})
    assert {one.decision for one in Review.objects.exclude(decision=None)} == {case.decision}
    with case.filing("mortuary") as f:
        by = Person.objects.get(pk=case.acting("mortuary", 2).person)
        given = {"released_to": "Mother", "document_seen": "AB 1", "to_place": "Izium", "family_choice": "wait"}
        assert_refused(WrongState, lambda: release(newest(case.decision), f, **given, identity_checked_by=by))


def test_what_nothing_rests_on_reopens_nothing(case):
    correct(case, case.decision.missing_person, {"note": "calls in the evening"})
    correct(case, Grave.objects.get(number="LIS-02"), {"name": "The second"})
    assert not Review.objects.exists()


def test_a_voided_examination_reopens_what_rests_on_its_unit(case):
    unit = case.signed.recovery_unit
    examination = unit.examinations.first()
    for finding in examination.findings.all():
        void(case, finding)
    void(case, examination)
    assert {one.corrected for one in Review.objects.all()} >= {examination.number}


def test_a_bundle_counts_void_records_apart(case, tmp_path):
    profiles = Profile.objects.count()
    with case.filing("dna_examiner") as f:
        typed = profile_of(Profile.objects.first().sample, f, laboratory="x", kit="x", genotypes=GENOTYPES)
    void(case, typed)
    make_bundle(case.store, tmp_path / "b", by=case.acting("prosecutor"), clock=case.clock, purpose="all")
    page = (tmp_path / "b" / "index.html").read_text(encoding="utf-8")
    assert f"mortuary.Profile: {profiles} records, and 1 void<" in page
    assert typed.number in page


# --- what follows from a correction, and what may not come of it ------------------------------------------------------


def test_units_are_placed_anew_when_the_reference_system_of_their_site_is_corrected(case):
    unit = RecoveryUnit.objects.exclude(points=[]).order_by("number").first()
    before = unit.longitude_deg
    done = correct(case, Site.objects.get(number="LIS"), {"crs": "EPSG:32636"})
    unit = newest(unit)
    assert unit.longitude_deg == before - 6  # one zone to the west
    assert history(unit.pk)[-1].entry.act == "graves.place_anew"
    assert newest(done).crs == "EPSG:32636"
    assert_tables_are_what_the_ledger_says()
    assert_verifies(case, "placed")


def test_a_transfer_counts_again_though_its_things_were_handed_over_otherwise(case):
    transfer = void(case, Transfer.objects.get(state="handed_over"))
    thing = RecoveryUnit.objects.get(pk=transfer.things[0]["id"])
    to = Person.objects.get(pk=case.acting("mortuary", 2).person)
    with case.filing("scene") as f:
        hand_over([thing], f, to=to, from_place="LIS-01", to_place="Mortuary 2")
    assert_refused(NotYours, lambda: void(case, transfer))


def test_a_question_counts_again_though_it_was_laid_before_the_board_anew(case):
    waiting = void(case, Decision.objects.get(state="before_board"))
    again = lay(case, case.signed)
    assert again.number in str(assert_refused(WrongState, lambda: void(case, waiting)))


def test_the_only_photograph_on_which_a_unit_was_lifted_is_not_taken_from_it(case):
    with case.filing("scene") as f:
        unit = register_unit(Grave.objects.get(number="LIS-01"), f, type="A", points=[Point("385210.00", "5450002.00")])
        lift(unit, f, photographs=[Upload("b.jpg", io.BytesIO(b"y"), "image/jpeg", 4, 3)])
    picture = unit.photographs.get()
    assert unit.number in str(assert_refused(RestedOn, lambda: void(case, picture)))
    grave = str(Grave.objects.get(number="LIS-01").pk)
    assert_refused(LiftedBlind, lambda: correct(case, picture, {"unit": None, "grave": grave}))


def test_what_is_withheld_of_a_record_does_not_leave_in_a_correction_of_it(case, tmp_path):
    first, second = two_who_may(case, case.signed)
    agree(case, propose(case, case.signed, {"statement": "a name that is withheld"}, by=first), by=second)
    rule = Redaction("identification.Comparison", frozenset({"statement"}), "B.2", "Order 7 of 1 May 2026")
    by = case.acting("prosecutor")
    make_bundle(case.store, tmp_path / "b", by=by, clock=case.clock, purpose="all", redactions=[rule])
    written = [path for path in (tmp_path / "b").rglob("*") if path.is_file()]
    assert [path for path in written if b"a name that is withheld" in path.read_bytes()] == []
    assert dict(dokaz_verify.verify(tmp_path / "b").counts) == {}


def test_a_bundle_of_one_decision_holds_what_was_corrected_of_what_it_rests_on(case, tmp_path):
    compared = Comparison.objects.get(pk=case.decision.comparisons[0])
    first, second = two_who_may(case, compared)
    agree(case, propose(case, compared, {"statement": "other words"}, by=first), by=second)
    correct(case, case.decision.missing_person, {"born": "1989"})
    void(case, case.decision.doubts.first())
    by, decision = case.acting("prosecutor"), newest(case.decision)
    make_bundle(case.store, tmp_path / "b", by=by, clock=case.clock, purpose="one", decision=decision)
    assert dict(dokaz_verify.verify(tmp_path / "b").counts) == {}
    shown = (tmp_path / "b" / "index.html").read_text(encoding="utf-8")
    assert "casework.Correction: 1 records" in shown and "identification.Review" in shown
