"""Rules 12, 13 and 15: revocations, what they reopen, and who is given what."""

from casebook import (
    assert_refused,
    compare,
    decided,
    doubted,
    identified,
    lay,
    missing,
    sign_revocation,
    told,
    units,
)

from dokaz.casework.models import Person
from dokaz.errors import (
    BadChoice,
    SignedAlready,
    WrongState,
)
from dokaz.graves.models import RecoveryUnit
from dokaz.identification.acts import close_review, release
from dokaz.identification.models import Decision, Release, Review
from dokaz.missing.models import MissingPerson

# --- rules 12 and 15: revocation ----------------------------------------


def test_rule_15_a_revocation_reopens_the_unit_the_person_and_linked_decisions(house):
    one, other = units(house, 2)
    first, brother = missing(house, "Андрій", "Богдан")
    decision, linked = identified(house, one, first), identified(house, other, brother)
    doubted(house, decision)
    assert sign_revocation(house, decision, 1) is False
    assert sign_revocation(house, decision, 2) is True
    assert Decision.objects.get(pk=decision.pk).state == "revoked"
    assert MissingPerson.objects.get(pk=first.pk).state == "references_sufficient"
    reviews = Review.objects.filter(because_of=decision)
    assert {r.recovery_unit_id for r in reviews} - {None} == {one.id}
    assert {r.missing_person_id for r in reviews} - {None} == {first.id}
    assert [r.decision_id for r in reviews if r.decision_id] == [linked.id]
    assert all(r.closed_on is None for r in reviews)


def test_rule_15_a_unit_moved_in_the_same_transfer_is_reviewed(house):
    """Tubes and bags are swapped on the way: whatever travelled together is looked at again."""
    one, other = units(house, 2)
    stranger = missing(house, "Остап")[0]
    decision = identified(house, one, missing(house, "Андрій")[0])
    linked = identified(house, other, stranger)
    doubted(house, decision)
    sign_revocation(house, decision, 1)
    sign_revocation(house, decision, 2)
    assert Review.objects.get(decision=linked).link == "same_transfer"


def test_rule_12_a_revocation_needs_a_doubt(house, unit, person):
    decision = identified(house, unit, person)
    assert_refused(WrongState, lambda: sign_revocation(house, decision, 1))


def test_rule_12_a_revocation_needs_two_people(house, unit, person):
    decision = doubted(house, identified(house, unit, person))
    sign_revocation(house, decision, 1)
    assert_refused(SignedAlready, lambda: sign_revocation(house, decision, 1))
    assert Decision.objects.get().state == "certified"
    assert not Review.objects.exists()


def test_rule_12_a_revoked_identification_may_be_decided_anew(house, unit, person):
    decision = doubted(house, identified(house, unit, person))
    sign_revocation(house, decision, 1)
    sign_revocation(house, decision, 2)
    again = decided(house, lay(house, compare(house, unit, person)))
    assert (again.state, again.certificate_number) == ("certified", "CRT-000002")


def test_rule_12_what_was_released_comes_back_to_the_file(house, unit, person):
    decision = told(house, identified(house, unit, person))
    given(house, decision)
    doubted(house, decision)
    sign_revocation(house, decision, 1)
    sign_revocation(house, decision, 2)
    assert Decision.objects.get().state == "revoked"
    assert RecoveryUnit.objects.get(pk=unit.pk).state == "released"  # it lies in a grave; the review says what to do


# --- rule 13: release ----------------------------------------


def given(house, decision, *, checked_by="mortuary2", choice="partial_now", released_to="Mother"):
    newest = Decision.objects.get(pk=decision.pk)
    with house.filing("mortuary") as f:
        release(newest, f, released_to=released_to, document_seen="AB 1", to_place="Izium", family_choice=choice,
                identity_checked_by=Person.objects.get(pk=house.people[checked_by].person))  # fmt: skip


def test_rule_13_release_with_certificate_family_told_and_identity_checked(house, unit, person):
    given(house, told(house, identified(house, unit, person)))
    assert Release.objects.get().released_to == "Mother"
    assert Decision.objects.get().state == "released"
    assert RecoveryUnit.objects.get(pk=unit.pk).state == "released"


def test_rule_13_nothing_is_released_without_a_certificate(house, unit, person):
    decision = lay(house, compare(house, unit, person))
    assert_refused(WrongState, lambda: given(house, decision))


def test_rule_13_nothing_is_released_before_the_family_was_told(house, unit, person):
    decision = identified(house, unit, person)
    assert_refused(WrongState, lambda: given(house, decision))


def test_rule_13_the_family_chooses(house, unit, person):
    decision = told(house, identified(house, unit, person))
    assert_refused(BadChoice, lambda: given(house, decision, choice=""))


def test_rule_13_somebody_else_checks_the_identity(house, unit, person):
    decision = told(house, identified(house, unit, person))
    assert_refused(BadChoice, lambda: given(house, decision, checked_by="mortuary1"))


def test_rule_13_an_open_review_stops_a_release(house):
    one, other = units(house, 2)
    first, brother = missing(house, "Андрій", "Богдан")
    doubtful, decision = identified(house, one, first), told(house, identified(house, other, brother))
    doubted(house, doubtful)
    sign_revocation(house, doubtful, 1)
    sign_revocation(house, doubtful, 2)
    assert_refused(WrongState, lambda: given(house, decision))
    for review in Review.objects.filter(decision=decision):
        with house.filing("dna_examiner") as f:
            close_review(review, f, outcome="looked at again; it stands")
    given(house, decision)
    assert Decision.objects.get(pk=decision.pk).state == "released"
