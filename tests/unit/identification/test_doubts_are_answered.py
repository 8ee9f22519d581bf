"""A doubt stops what comes next until somebody else answers it in writing; nobody closes a review of their own decision."""

import pytest
from casebook import also, answered, assert_refused, doubted, identified, missing, newest, sign_revocation, told, units
from test_revocation_and_release import given

from dokaz.errors import EmptyField, NotInOffice, NotYours, WrongState
from dokaz.identification.acts import close_review, void_doubt
from dokaz.identification.models import Decision, Doubt, Review


def test_the_family_is_not_told_while_a_doubt_waits(house, unit, person):
    decision = doubted(house, identified(house, unit, person))
    assert_refused(WrongState, lambda: told(house, decision), match="DBT-000001")
    answered(house, Doubt.objects.get(), by=house.acting("dna_examiner", 1))
    assert told(house, decision).state == "family_notified"


def test_nothing_is_released_while_a_doubt_waits(house, unit, person):
    decision = doubted(house, told(house, identified(house, unit, person)))
    assert_refused(WrongState, lambda: given(house, decision), match="DBT-000001")
    answered(house, Doubt.objects.get(), by=house.acting("mortuary", 2))
    given(house, decision)
    assert Decision.objects.get().state == "released"


def test_every_doubt_is_answered_not_the_newest(house, unit, person):
    decision = doubted(house, doubted(house, identified(house, unit, person)))
    answered(house, Doubt.objects.order_by("number").last(), by=house.acting("dna_examiner", 1))
    assert_refused(WrongState, lambda: told(house, decision), match="DBT-000001")


def test_an_answer_stands_with_its_grounds_and_its_author(house, unit, person):
    doubted(house, identified(house, unit, person))
    doubt = Doubt.objects.get()
    assert_refused(EmptyField, lambda: answered(house, doubt, by=house.acting("dna_examiner", 1), answer=" "))
    answered(house, doubt, by=house.acting("dna_examiner", 1))
    found = newest(doubt)
    assert (found.state, found.answered_by.id) == ("answered", house.people["dna_examiner1"].person)
    assert found.answer == "the tubes were opened by two, and photographed"
    assert_refused(WrongState, lambda: answered(house, doubt, by=house.acting("mortuary", 1)))


@pytest.mark.parametrize("member", [1, 2])
def test_nobody_answers_a_doubt_about_what_they_certified(house, unit, person, member):
    doubted(house, identified(house, unit, person))
    assert_refused(NotYours, lambda: answered(house, Doubt.objects.get(), by=house.acting("board", member)))


def test_nobody_answers_a_doubt_about_what_they_certified_in_another_office(house, unit, person):
    """The third way round: a certifier who is an examiner as well."""
    examiner = also(house, "board1", "mortuary")
    doubted(house, identified(house, unit, person))
    assert_refused(NotYours, lambda: answered(house, Doubt.objects.get(), by=examiner))


def test_nobody_answers_their_own_doubt(house, unit, person):
    examiner = also(house, "investigator1", "mortuary")
    doubted(house, identified(house, unit, person))
    assert_refused(NotYours, lambda: answered(house, Doubt.objects.get(), by=examiner), match="raised it yourself")


def test_who_may_not_examine_answers_no_doubt(house, unit, person):
    doubted(house, identified(house, unit, person))
    assert_refused(NotInOffice, lambda: answered(house, Doubt.objects.get(), by=house.acting("family_liaison")))


def test_whoever_raised_a_doubt_may_take_it_back_before_it_is_answered(house, unit, person):
    decision = doubted(house, identified(house, unit, person))
    doubt = Doubt.objects.get()
    with house.filing("investigator", reason="another decision was meant") as f:
        void_doubt(doubt, f)
    assert told(house, decision).state == "family_notified"


def test_a_doubt_that_was_answered_stays(house, unit, person):
    doubted(house, identified(house, unit, person))
    answered(house, Doubt.objects.get(), by=house.acting("dna_examiner", 1))

    def taken_back():
        with house.filing("investigator", reason="never mind") as f:
            void_doubt(Doubt.objects.get(), f)

    assert_refused(WrongState, taken_back)


def test_an_answered_doubt_still_lets_two_revoke(house, unit, person):
    decision = doubted(house, identified(house, unit, person))
    answered(house, Doubt.objects.get(), by=house.acting("dna_examiner", 1))
    sign_revocation(house, decision, 1)
    sign_revocation(house, decision, 2)
    assert newest(decision).state == "revoked"


def test_a_review_of_a_decision_is_closed_by_somebody_who_did_not_certify_it(house):
    one, other = units(house, 2)
    first, brother = missing(house, "Андрій", "Богдан")
    doubtful, decision = doubted(house, identified(house, one, first)), identified(house, other, brother)
    sign_revocation(house, doubtful, 1)
    sign_revocation(house, doubtful, 2)

    def closed(role, nth=1):
        with house.filing(role, nth) as f:
            close_review(Review.objects.get(decision=decision), f, outcome="looked at again; it stands")

    assert_refused(NotYours, lambda: closed("board", 1), match="you signed")
    assert_refused(NotYours, lambda: closed("board", 2), match="you signed")
    closed("dna_examiner")
    assert told(house, decision).state == "family_notified"
