"""Rules 10, 12, 13 and 15, case by case: who may decide, what a revocation reopens, what stops a release."""

import datetime as dt

import pytest
from casebook import (
    also,
    assert_refused,
    compare,
    contradiction,
    decided,
    doubted,
    identified,
    lay,
    missing,
    newest,
    sign,
    sign_comparison,
    sign_revocation,
    told,
    units,
)

from dokaz.casework.models import Person
from dokaz.errors import EmptyField, HoldsNoOffice, InTheFuture, SatAlone, TooEarly, WrongState
from dokaz.graves.models import RecoveryUnit
from dokaz.identification.acts import close_review, doubt, notify_family, release, withdraw
from dokaz.identification.models import Release, Review
from dokaz.missing.models import MissingPerson

# --- rule 10: nobody sits alone on their own comparison ----------------------------------------


def two_comparisons(house, unit, person):
    """DNA signed by two DNA examiners, teeth by two odontologists; a board member is one of each pair."""
    dna = compare(house, unit, person)
    teeth = compare(house, unit, person, discipline="teeth", signed=False)
    for nth in (1, 2):
        sign_comparison(house, teeth, by=house.acting("mortuary", nth))
    return [dna, teeth]


def on_the_board(house):
    return also(house, "dna_examiner1", "board"), also(house, "mortuary1", "board")


def test_rule_10_two_who_each_made_one_of_the_comparisons_decide_nothing_alone(house, unit, person):
    """They made different comparisons, and both sit on their own."""
    decision = lay(house, *two_comparisons(house, unit, person))
    one, other = on_the_board(house)
    sign(house, decision, by=one)
    assert_refused(SatAlone, lambda: sign(house, decision, by=other))
    assert sign(house, decision, 1) is True
    assert newest(decision).state == "certified"


def test_rule_10_two_examiners_do_not_revoke_alone_what_rests_on_their_comparisons(house, unit, person):
    decision = doubted(house, decided(house, lay(house, *two_comparisons(house, unit, person))))
    one, other = on_the_board(house)
    sign_revocation(house, decision, by=one)
    assert_refused(SatAlone, lambda: sign_revocation(house, decision, by=other))
    assert sign_revocation(house, decision, 1) is True
    assert newest(decision).state == "revoked"


def test_rule_10_one_examiner_and_one_who_made_nothing_decide(house, unit, person):
    decision = lay(house, compare(house, unit, person))
    sign(house, decision, by=also(house, "dna_examiner1", "board"))
    assert sign(house, decision, 1) is True


# --- rules 12 and 15: what a revocation reopens ----------------------------------------


def revoked(house, decision):
    doubted(house, decision)
    sign_revocation(house, decision, 1)
    sign_revocation(house, decision, 2)
    return newest(decision)


def test_rule_15_a_revocation_reopens_the_decisions_about_the_family(house):
    """Of other units, moved in other transfers: the same pedigree alone ties them."""
    (one,), (other,), (apart,) = (
        units(house),
        units(house, grave=grave(house, "02")),
        units(house, grave=grave(house, "03")),
    )
    person, brother = missing(house, "Андрій", "Богдан")
    (stranger,) = missing(house, "Остап")
    decision, of_brother = identified(house, one, person), identified(house, other, brother)
    of_stranger = identified(house, apart, stranger)
    revoked(house, decision)
    assert Review.objects.get(decision=of_brother).link == "same_family"
    assert not Review.objects.filter(decision=of_stranger).exists()


def grave(house, code):
    from casebook import a_grave

    return a_grave(house, code)


def test_rule_15_a_transfer_ties_only_units_of_the_same_grave(house):
    """One lorry brings bodies from many graves; swapped bags are looked for where they were lifted."""
    from dokaz.casework.acts import hand_over, take_over
    from dokaz.casework.models import Person

    (one,), (other,) = units(house), units(house, grave=grave(house, "02"))
    person, stranger = missing(house, "Андрій")[0], missing(house, "Остап")[0]
    with house.filing("mortuary") as f:
        to = Person.objects.get(pk=house.acting("mortuary", 2).person)
        transfer = hand_over([newest(one), newest(other)], f, to=to, from_place="Mortuary 1", to_place="Mortuary 2")
    with house.filing("mortuary", 2) as f:
        take_over(transfer, f)
    decision, elsewhere = identified(house, one, person), identified(house, other, stranger)
    assert newest(one).transfer_id == newest(other).transfer_id
    revoked(house, decision)
    assert not Review.objects.filter(decision=elsewhere).exists()


def a_body_and_a_part(house):
    """Two units of one person, who holds no element twice."""
    from dokaz.mortuary.acts import examine

    body, part = units(house, 2)
    with house.filing("mortuary") as f:
        examine(RecoveryUnit.objects.get(pk=part.pk), f, elements=["humerus:right"])
    return body, part


def test_rule_12_a_person_still_identified_by_another_part_stays_matched(house):
    body, part = a_body_and_a_part(house)
    (person,) = missing(house, "Андрій")
    by_body, by_part = identified(house, body, person), identified(house, part, person)
    revoked(house, by_part)
    assert MissingPerson.objects.get(pk=person.pk).state == "matched"
    assert newest(by_body).state == "certified"
    revoked(house, by_body)
    assert MissingPerson.objects.get(pk=person.pk).state == "references_sufficient"


def test_rule_12_an_exclusion_in_force_keeps_nobody_matched(house):
    body, part = a_body_and_a_part(house)
    (person,) = missing(house, "Андрій")
    decision = identified(house, body, person)
    decided(house, lay(house, compare(house, part, person, conclusion="discordant"), question="exclude"))
    revoked(house, decision)
    assert MissingPerson.objects.get(pk=person.pk).state == "references_sufficient"


def test_rule_12_a_revoked_exclusion_leaves_the_person_as_they_stood(house, unit, person):
    decision = decided(house, lay(house, compare(house, unit, person, conclusion="discordant"), question="exclude"))
    revoked(house, decision)
    assert MissingPerson.objects.get(pk=person.pk).state == "reported"


def test_rule_15_what_was_taken_back_or_revoked_is_not_reopened(house, unit):
    one, other = missing(house, "Андрій")[0], missing(house, "Остап")[0]
    taken_back = lay(house, compare(house, unit, other))
    with house.filing("investigator", reason="not now") as f:
        withdraw(newest(taken_back), f)
    first = revoked(house, identified(house, unit, one))
    second = identified(house, unit, one)
    revoked(house, second)
    assert not Review.objects.filter(decision__in=[taken_back, first]).exists()
    assert {r.link for r in Review.objects.filter(because_of=second)} == {"unit", "person"}


def test_rule_15_a_decision_that_waits_about_the_same_unit_is_reopened(house, unit):
    one, other = missing(house, "Андрій")[0], missing(house, "Остап")[0]
    waiting = lay(house, compare(house, unit, other, conclusion="discordant"), question="exclude")
    revoked(house, identified(house, unit, one))
    assert Review.objects.get(decision=waiting).link == "same_unit"


def test_rule_12_a_revocation_says_why(house, unit, person):
    from dokaz.identification.acts import sign_revocation as act

    decision = doubted(house, identified(house, unit, person))

    def silently():
        with house.filing("board") as f:
            act(newest(decision), f)

    assert_refused(EmptyField, silently)
    assert sign_revocation(house, decision, 1) is False
    sign_revocation(house, decision, 2)
    assert newest(decision).reason == "swapped tubes" and newest(decision).revoked_on is not None


@pytest.mark.parametrize("state", ["before the board", "revoked", "withdrawn"])
def test_only_a_decision_that_stands_is_doubted_and_revoked(house, unit, person, state):
    decision = lay(house, compare(house, unit, person))
    if state == "revoked":
        revoked(house, decided(house, decision))
    elif state == "withdrawn":
        with house.filing("investigator", reason="not now") as f:
            withdraw(newest(decision), f)
    assert_refused(WrongState, lambda: doubted(house, decision))
    assert_refused(WrongState, lambda: sign_revocation(house, decision, 1))


def test_a_doubt_says_what_was_found_and_names_its_records(house, unit, person):
    decision = identified(house, unit, person)

    def raised(**what):
        with house.filing("investigator") as f:
            return doubt(newest(decision), f, **what)

    assert_refused(EmptyField, lambda: raised(grounds=" "))
    assert_refused(EmptyField, lambda: raised(grounds="Swapped tubes.", evidence=["DNA-000001", ""]))
    made = raised(grounds=" Swapped tubes. ", evidence=["DNA-000001"])
    assert (made.number, made.grounds, made.evidence) == ("DBT-000001", "Swapped tubes.", ["DNA-000001"])
    assert made.decision_id == decision.id and made.raised_by_id == house.acting("investigator").person


def test_a_review_is_closed_once_and_says_what_it_found(house, unit, person):
    revoked(house, identified(house, unit, person))
    review = Review.objects.order_by("number").first()

    def closed(outcome):
        with house.filing("board") as f:
            close_review(newest(review), f, outcome=outcome)

    assert_refused(EmptyField, lambda: closed(" "))
    closed(" looked at again ")
    assert newest(review).outcome == "looked at again" and newest(review).closed_on is not None
    assert_refused(WrongState, lambda: closed("once more"))


# --- rule 13: what the family is told, and given ----------------------------------------


def told_on(house, decision, day=None):
    with house.filing("family_liaison") as f:
        notify_family(newest(decision), f, notified_on=day)


def test_a_family_is_told_only_of_what_is_certified(house):
    one, other = units(house, 2)
    person, brother = missing(house, "Андрій", "Богдан")
    waiting = lay(house, compare(house, one, person))
    assert_refused(WrongState, lambda: told_on(house, waiting))
    excluded = decided(house, lay(house, compare(house, other, brother, conclusion="discordant"), question="exclude"))
    assert_refused(WrongState, lambda: told_on(house, excluded))
    decided(house, waiting)
    told_on(house, waiting)
    assert newest(waiting).state == "family_notified"
    assert_refused(WrongState, lambda: told_on(house, waiting))


def test_a_family_is_not_told_of_what_was_revoked(house, unit, person):
    decision = identified(house, unit, person)
    revoked(house, decision)
    assert_refused(WrongState, lambda: told_on(house, decision))


def test_a_family_is_told_no_earlier_than_it_was_certified_and_no_later_than_now(house, unit, person):
    decision = identified(house, unit, person)
    day = decision.decided_on
    assert_refused(TooEarly, lambda: told_on(house, decision, day - dt.timedelta(days=1)))
    assert_refused(InTheFuture, lambda: told_on(house, decision, day + dt.timedelta(days=3)))
    told_on(house, decision, day)
    assert newest(decision).family_notified_on == day


def given(house, decision, *, checked_by="mortuary2", released_to="Mother"):
    with house.filing("mortuary") as f:
        release(newest(decision), f, released_to=released_to, document_seen="AB 1", to_place="Izium", family_choice="wait",
                identity_checked_by=Person.objects.get(pk=house.people[checked_by].person))  # fmt: skip


def closed_all(house, reviews):
    for review in list(reviews):
        with house.filing("dna_examiner") as f:
            close_review(newest(review), f, outcome="looked at again; it stands")


@pytest.mark.parametrize("about", ["missing_person", "decision"])
def test_rule_13_a_review_of_the_person_or_of_the_decision_stops_a_release(house, about):
    body, part = a_body_and_a_part(house)
    (person,) = missing(house, "Андрій")
    of_body, of_part = told(house, identified(house, body, person)), identified(house, part, person)
    revoked(house, of_part)
    closed_all(house, Review.objects.filter(**{f"{about}__isnull": True}))
    assert {getattr(r, f"{about}_id") is not None for r in Review.objects.filter(closed_on=None)} == {True}
    assert_refused(WrongState, lambda: given(house, of_body))
    closed_all(house, Review.objects.filter(closed_on=None))
    given(house, of_body)
    assert newest(of_body).state == "released"


def test_rule_13_a_review_of_the_unit_stops_word_to_the_family(house, unit):
    one, other = missing(house, "Андрій")[0], missing(house, "Остап")[0]
    revoked(house, identified(house, unit, one))
    decision = identified(house, unit, other)
    closed_all(house, Review.objects.filter(recovery_unit=None))
    assert_refused(WrongState, lambda: told(house, decision))
    closed_all(house, Review.objects.filter(closed_on=None))
    given(house, told(house, newest(decision)))
    assert newest(decision).state == "released"


def test_rule_13_a_review_of_somebody_else_does_not_stop_a_release(house):
    (one,), (other,) = units(house), units(house, grave=grave(house, "02"))
    first, second = missing(house, "Андрій")[0], missing(house, "Остап")[0]
    decision = told(house, identified(house, one, first))
    revoked(house, identified(house, other, second))
    given(house, decision)
    assert newest(decision).state == "released"


def test_rule_13_the_label_is_checked_by_somebody_in_an_office_where_that_is_done(house, unit, person):
    decision = told(house, identified(house, unit, person))
    assert_refused(HoldsNoOffice, lambda: given(house, decision, checked_by="scene2"))
    assert_refused(EmptyField, lambda: given(house, decision, released_to=" "))
    given(house, decision, checked_by="board2", released_to=" Mother ")
    made = Release.objects.get()
    assert (made.number, made.released_to, made.family_choice) == ("REL-000001", "Mother", "wait")
    assert made.identity_checked_by_id == house.people["board2"].person
    assert (made.decision_id, made.recovery_unit_id) == (decision.id, unit.id)
    assert newest(decision).released_on == made.released_at.date()


def test_a_question_is_taken_back_with_a_reason(house, unit, person):
    decision = lay(house, compare(house, unit, person, lines=[contradiction("relatives overstate stature")]))

    def back(reason):
        with house.filing("investigator", reason=reason) as f:
            withdraw(newest(decision), f)

    assert_refused(EmptyField, lambda: back(""))
    back("a better profile is coming")
    assert (newest(decision).state, newest(decision).reason) == ("withdrawn", "a better profile is coming")
    assert_refused(WrongState, lambda: back("again"))


def test_certificates_are_numbered_one_after_the_other(house):
    """By the highest that was ever given, whatever became of it since."""
    three = units(house, 3)
    people = missing(house, "Андрій", "Богдан", "Василь")
    made = [identified(house, unit, person) for unit, person in zip(three, people, strict=True)]
    assert [decision.certificate_number for decision in made] == ["CRT-000001", "CRT-000002", "CRT-000003"]
    assert {decision.decided_on for decision in made} == {newest(made[0]).decided_on} != {None}
    revoked(house, made[2])
    assert identified(house, three[2], people[2]).certificate_number == "CRT-000004"


@pytest.mark.parametrize("state", ["certified", "excluded", "withdrawn", "revoked"])
def test_rule_10_a_decision_that_is_decided_is_signed_by_nobody_more(house, unit, person, state):
    """A third signature under a decided question would look like one more judge who was there."""
    conclusion, question = ("discordant", "exclude") if state == "excluded" else ("concordant", "identify")
    decision = lay(house, compare(house, unit, person, conclusion=conclusion), question=question)
    if state == "withdrawn":
        with house.filing("investigator", reason="not now") as f:
            withdraw(newest(decision), f)
    else:
        decided(house, decision)
    if state == "revoked":
        revoked(house, decision)
    third = also(house, "scene1", "board")
    assert newest(decision).state == state
    assert_refused(WrongState, lambda: sign(house, decision, by=third))


def test_certifying_another_part_of_a_person_writes_nothing_new_about_the_person(house):
    body, part = a_body_and_a_part(house)
    (person,) = missing(house, "Андрій")
    identified(house, body, person)
    version = newest(person).version
    identified(house, part, person)
    assert (newest(person).version, newest(person).state) == (version, "matched")


def test_rule_12_whoever_is_identified_anew_is_matched_again(house, unit, person):
    revoked(house, identified(house, unit, person))
    assert newest(person).state == "references_sufficient"
    identified(house, unit, person)
    assert newest(person).state == "matched"
