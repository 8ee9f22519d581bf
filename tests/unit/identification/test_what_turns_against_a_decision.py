"""A certificate is held against what is known now, when the family is told and when remains are given back."""

import pytest
from casebook import (
    assert_refused,
    compare,
    doubted,
    identified,
    lay,
    newest,
    sign_comparison,
    sign_revocation,
    told,
)
from put_right_cases import agree, correct, propose, two_who_may

from dokaz.casework.models import Person
from dokaz.errors import BadChoice, DokazError, EmptyField, NotYours
from dokaz.identification.acts import answer_correction, notify_family, release
from dokaz.identification.models import Review
from dokaz.mortuary.acts import withdraw_profile


@pytest.fixture
def certified(house, unit, person):
    return identified(house, unit, person)


def cited(decision):
    from dokaz.identification.models import Comparison

    return Comparison.objects.get(pk=decision.comparisons[0])


def two_correct(house, decision):
    """Two examiners make the signed comparison a discordant one."""
    comparison = cited(decision)
    first, second = two_who_may(house, comparison)
    agree(house, propose(house, comparison, {"conclusion": "discordant"}, by=first), by=second)


def superseded(house, decision):
    comparison = cited(decision)
    compare(
        house, comparison.recovery_unit, comparison.missing_person, conclusion="inconclusive", supersedes=[comparison]
    )


def teeth_against(house, decision):
    from casebook import also

    made = compare(house, decision.recovery_unit, decision.missing_person, discipline="teeth", conclusion="discordant",
                   signed=False)  # fmt: skip
    for who in ("scene1", "scene2"):
        sign_comparison(house, made, by=also(house, who, "mortuary"))


def profile_withdrawn(house, decision):
    with house.filing("dna_examiner", reason="tubes were swapped") as f:
        withdraw_profile(cited(decision).profile, f)


def under_review(house, decision):
    correct(house, decision.recovery_unit.examinations.first(), {"age_high_years": "41"})


AGAINST = [two_correct, superseded, teeth_against, profile_withdrawn, under_review]


def notify(house, decision):
    with house.filing("family_liaison") as f:
        notify_family(newest(decision), f)


def give_back(house, decision, **other):
    checked = Person.objects.get(pk=house.people["mortuary2"].person)
    named = {"released_to": "Mother", "document_seen": "AB 1", "to_place": "Izium", "family_choice": "wait"}
    with house.filing("mortuary") as f:
        return release(newest(decision), f, **named | {"identity_checked_by": checked} | other)


@pytest.mark.parametrize("happens", AGAINST, ids=lambda one: one.__name__)
def test_no_family_is_told_of_what_does_not_hold_any_more(house, certified, happens):
    happens(house, certified)
    assert_refused(DokazError, lambda: notify(house, certified))
    assert newest(certified).state == "certified"


@pytest.mark.parametrize("happens", AGAINST, ids=lambda one: one.__name__)
def test_nothing_is_given_back_on_what_does_not_hold_any_more(house, certified, happens):
    decision = told(house, certified)
    happens(house, decision)
    assert_refused(DokazError, lambda: give_back(house, decision))
    assert newest(decision).state == "family_notified"


def test_there_is_a_way_on_the_board_revokes_it_and_decides_anew(house, certified):
    two_correct(house, certified)
    assert_refused(DokazError, lambda: notify(house, certified))
    decision = doubted(house, newest(certified))
    for nth in (1, 2):
        sign_revocation(house, decision, nth)
    assert newest(certified).state == "revoked"


def test_the_certificate_says_that_what_it_rests_on_has_changed(house, certified, browser):
    client, decision = browser("board"), f"/identification/decision/{certified.number}/"
    says = "What it rests on has changed since it was certified"
    for address in (decision, f"{decision}certificate/"):
        assert says not in client.get(address).content.decode()
    profile_withdrawn(house, certified)
    for address in (decision, f"{decision}certificate/"):
        assert says in client.get(address).content.decode()


def test_a_discipline_does_not_take_back_what_another_found(house, unit, person):
    teeth = compare(house, unit, person, discipline="teeth", conclusion="discordant", signed=False)
    other = {"discipline": "secondary", "conclusion": "inconclusive", "supersedes": [teeth], "signed": False}
    assert_refused(BadChoice, lambda: compare(house, unit, person, **other), match="same discipline")


def test_whoever_corrected_a_value_does_not_say_what_follows_from_it(house, unit, person):
    made = compare(house, unit, person)
    lay(house, made)
    correct(house, unit.examinations.first(), {"age_high_years": "41"})
    review = Review.objects.get(comparison=made)
    with house.filing("mortuary") as f:
        assert_refused(NotYours, lambda: answer_correction(review, f, outcome="It fits."))
    with house.filing("mortuary", 2) as f:
        assert_refused(EmptyField, lambda: answer_correction(newest(review), f, outcome="."))
        answer_correction(newest(review), f, outcome="It fits.")
    assert newest(review).closed_on is not None


@pytest.mark.parametrize("field", ["released_to", "document_seen", "to_place"])
@pytest.mark.parametrize("says", ["—", "...", "-", " ‑ "])
def test_remains_are_given_back_to_somebody_who_is_named(house, certified, field, says):
    decision = told(house, certified)
    assert_refused(EmptyField, lambda: give_back(house, decision, **{field: says}))


def test_remains_are_not_given_back_to_whoever_gives_them(house, certified):
    decision = told(house, certified)
    assert_refused(BadChoice, lambda: give_back(house, decision, released_to="MORTUARY  1 "))
    assert newest(decision).state == "family_notified"
