"""The rules that an identification commander enforces, each under its number in the list of fifteen."""

import pytest
from casebook import (
    also,
    assert_refused,
    compare,
    contradiction,
    decided,
    doubted,
    facing,
    identified,
    lay,
    missing,
    sign,
    sign_comparison,
    sign_revocation,
    told,
    units,
)

from dokaz.casework.models import JournalEntry, Person
from dokaz.errors import (
    BadChoice,
    ComparisonNotSigned,
    ContradictionUnexplained,
    EmptyField,
    NoPrimaryIdentifier,
    NotDistinguished,
    NothingExcludes,
    NotInOffice,
    SatAlone,
    SignedAlready,
    WrongState,
)
from dokaz.graves.models import RecoveryUnit
from dokaz.identification.acts import close_review, release, supersede
from dokaz.identification.lines import Line
from dokaz.identification.models import Comparison, Decision, Release, Review
from dokaz.missing.models import MissingPerson


@pytest.fixture
def unit(house):
    return units(house)[0]


@pytest.fixture
def person(house):
    return missing(house, "Андрій")[0]


# --- rules 7 and 8: a primary identifier, and no unexplained contradiction ----------------------------------------


def test_a_primary_identifier_without_contradiction_is_certified(house, unit, person):
    decision = identified(house, unit, person)
    assert decision.state == "certified"
    assert decision.certificate_number == "CRT-000001"
    assert MissingPerson.objects.get(pk=person.pk).state == "matched"
    entry = JournalEntry.objects.get(leaf=decision.entry_hash)
    assert entry.act == "identification.certify"


@pytest.mark.parametrize("about", ["recognition", "clothing", "document"])
def test_rule_7_recognition_clothing_and_documents_alone_never_identify(house, unit, person, about):
    line = Line(about, "supports", "the family recognises it")
    made = compare(house, unit, person, discipline="secondary", lines=[line])
    assert_refused(NoPrimaryIdentifier, lambda: lay(house, made))
    assert not Decision.objects.exists()


def test_rule_8_an_unexplained_contradiction_is_refused(house, unit, person):
    made = compare(house, unit, person, lines=[*facing(), contradiction()])
    assert_refused(ContradictionUnexplained, lambda: lay(house, made), match="190 cm")


def test_rule_8_an_explained_contradiction_stands_in_the_decision(house, unit, person):
    line = contradiction("relatives overstate stature; measured against another photograph")
    decision = lay(house, compare(house, unit, person, lines=[*facing(), line]))
    assert [c["statement"] for c in decision.contradictions] == [line.statement]


def test_rule_8_a_contradiction_cannot_be_left_at_home(house, unit, person):
    """The board is shown one comparison; another of the same pair speaks against."""
    compare(house, unit, person, discipline="secondary", conclusion="inconclusive", lines=[contradiction()])
    made = compare(house, unit, person)
    assert_refused(ContradictionUnexplained, lambda: lay(house, made), match="190 cm")


@pytest.mark.parametrize("signed", [True, False])
def test_rule_8_a_discordant_comparison_cannot_be_left_at_home(house, unit, person, signed):
    against = compare(house, unit, person, discipline="teeth", conclusion="discordant", signed=False)
    if signed:
        sign_comparison(house, against, by=house.acting("mortuary", 1))
        sign_comparison(house, against, by=house.acting("mortuary", 2))
    made = compare(house, unit, person)
    assert_refused(ContradictionUnexplained, lambda: lay(house, made), match=against.number)


def test_rule_8_a_contradiction_that_turns_up_later_stops_the_second_signature(house, unit, person):
    decision = lay(house, compare(house, unit, person))
    sign(house, decision, 1)
    compare(house, unit, person, discipline="secondary", conclusion="inconclusive", lines=[contradiction()])
    assert_refused(ContradictionUnexplained, lambda: sign(house, decision, 2))
    assert Decision.objects.get().state == "before_board"


def test_a_dna_comparison_without_a_profile_is_no_dna_comparison(house, unit, person):
    from dokaz.identification import acts

    def without():
        with house.filing("dna_examiner") as f:
            acts.compare(f, missing_person=person, recovery_unit=unit, discipline="dna", conclusion="concordant",
                         statement="I am sure.")  # fmt: skip

    assert_refused(EmptyField, without)
    assert not Comparison.objects.exists()


def test_a_profile_of_another_unit_is_refused(house, person):
    one, other = units(house, 2)
    assert compare(house, one, person).profile.sample.unit_id == one.id
    foreign = Comparison.objects.get().profile
    assert_refused(BadChoice, lambda: compare(house, other, person, profile=foreign, signed=False))


# --- rule 9: a DNA match faces the rest ----------------------------------------


@pytest.fixture
def woman(house):
    """Reported as a woman; the skeleton of ``unit`` is a man's."""
    from dokaz.missing.acts import draw_pedigree, report

    with house.filing("family_liaison") as f:
        person = report(f, family_name="Вигадана", sex="female", born="1990-01-01", last_seen_on="2022-03-01")
        draw_pedigree(f, members=[{"id": "C", "father": None, "mother": None, "sex": "female", "born": 1990,
                                   "missing": person.number}])  # fmt: skip
        return person


def test_rule_9_a_dna_match_that_sex_contradicts_is_refused(house, unit, woman):
    made = compare(house, unit, woman)
    assert_refused(ContradictionUnexplained, lambda: lay(house, made), match="the report says female")


def test_rule_9_a_contradiction_that_was_taken_in_and_explained_goes_before_the_board(house, unit, woman):
    from dataclasses import replace

    from dokaz.identification.comparing import circumstances

    lines = [
        replace(line, explanation="the report was mistyped; the family confirms")
        if line.bearing == "contradicts"
        else line
        for line in circumstances(unit, woman)
    ]
    decision = lay(house, compare(house, unit, woman, lines=lines))
    assert [c["explanation"] for c in decision.contradictions] == ["the report was mistyped; the family confirms"]


def test_rule_9_a_contradiction_that_was_taken_in_and_not_explained_is_refused(house, unit, woman):
    from dokaz.identification.comparing import circumstances

    made = compare(house, unit, woman, lines=circumstances(unit, woman))
    assert_refused(ContradictionUnexplained, lambda: lay(house, made))


@pytest.mark.parametrize(
    ("born", "seen", "said"),
    [("1970-05-04", "2022-06-01", "the person was 52"), ("1970", "2022-06-01", "the person was 51 to 52")],
)
def test_an_age_that_is_known_to_the_year_is_said_once(house, unit, born, seen, said):
    from dokaz.identification.comparing import circumstances
    from dokaz.missing.acts import report

    with house.filing("family_liaison") as f:
        person = report(f, family_name="Вигадана", given_name="Марія", sex="female", born=born, last_seen_on=seen)
    (age,) = [line for line in circumstances(unit, person) if line.about == "age"]
    assert age.words.endswith("years; " + said)


def test_rule_9_a_dna_match_that_age_contradicts_is_refused(house, unit):
    from dokaz.missing.acts import draw_pedigree, report

    with house.filing("family_liaison") as f:
        boy = report(f, family_name="Вигаданий", sex="male", born="2010-01-01", last_seen_on="2022-03-01")
        draw_pedigree(f, members=[{"id": "C", "father": None, "mother": None, "sex": "male", "born": 2010,
                                   "missing": boy.number}])  # fmt: skip
    made = compare(house, unit, boy)
    assert_refused(ContradictionUnexplained, lambda: lay(house, made), match="25 to 35 years")


def test_rule_9_a_duplicated_element_is_refused(house, person):
    """Two left femora are not one person's, whatever DNA says."""
    one, other = units(house, 2)
    identified(house, one, person)
    made = compare(house, other, person)
    assert_refused(ContradictionUnexplained, lambda: lay(house, made), match="femur:left")


def test_rule_9_examinations_made_after_the_comparison_count(house, unit, person):
    from dokaz.mortuary.acts import examine

    decision = lay(house, compare(house, unit, person))
    with house.filing("mortuary") as f:
        examine(RecoveryUnit.objects.get(pk=unit.pk), f, sex=1, sex_method="pelvis")
    assert_refused(ContradictionUnexplained, lambda: sign(house, decision, 1))


# --- a tie ----------------------------------------


def the_tie(unit, brother):
    return [{"missing": brother.number, "unit": unit.number, "log10_lr": "8.25"}]


def test_a_tie_between_two_brothers_is_not_forced(house, unit):
    one, brother = missing(house, "Андрій", "Богдан")
    made = compare(house, unit, one, other_candidates=the_tie(unit, brother))
    assert_refused(NotDistinguished, lambda: lay(house, made), match=brother.number)


def test_a_line_that_tells_the_brothers_apart_resolves_the_tie(house, unit):
    one, brother = missing(house, "Андрій", "Богдан")
    line = Line("age", "supports", "an unfused clavicle", distinguishes=(brother.number,))
    made = compare(house, unit, one, lines=[*facing(), line], other_candidates=the_tie(unit, brother))
    assert lay(house, made).state == "before_board"


def test_a_line_that_says_nothing_does_not_tell_the_brothers_apart(house, unit):
    one, brother = missing(house, "Андрій", "Богдан")
    line = Line("age", "neutral", "both would fit", distinguishes=(brother.number,))
    made = compare(house, unit, one, lines=[*facing(), line], other_candidates=the_tie(unit, brother))
    assert_refused(NotDistinguished, lambda: lay(house, made))


def test_one_unit_is_not_certified_as_two_persons(house, unit):
    """Both questions lay before the board when the first was answered."""
    one, other = missing(house, "Андрій")[0], missing(house, "Остап")[0]
    first, second = lay(house, compare(house, unit, one)), lay(house, compare(house, unit, other))
    decided(house, first)
    assert_refused(WrongState, lambda: sign(house, second, 1))
    assert MissingPerson.objects.get(pk=other.pk).state == "reported"


def test_the_same_question_is_laid_once(house, unit, person):
    made = compare(house, unit, person)
    lay(house, made)
    assert_refused(WrongState, lambda: lay(house, made))


def test_what_is_identified_is_not_excluded_before_it_is_revoked(house, unit, person):
    identified(house, unit, person)
    made = compare(house, unit, person, conclusion="discordant")
    assert_refused(WrongState, lambda: lay(house, made, question="exclude"))


def test_a_question_taken_back_may_be_laid_again(house, unit, person):
    from dokaz.identification.acts import withdraw

    made = compare(house, unit, person)
    decision = lay(house, made)
    with house.filing("investigator", reason="a better profile is coming") as f:
        withdraw(Decision.objects.get(pk=decision.pk), f)
    assert lay(house, made).state == "before_board"


def test_a_decision_is_not_taken_back_once_it_is_decided(house, unit, person):
    from dokaz.identification.acts import withdraw

    decision = identified(house, unit, person)

    def back():
        with house.filing("investigator", reason="a doubt") as f:
            withdraw(decision, f)

    assert_refused(WrongState, back)


# --- rule 10: two qualified signatures, and nobody alone ----------------------------------------


def test_rule_10_two_people_sign_a_comparison(house, unit, person):
    made = compare(house, unit, person, signed=False)
    assert sign_comparison(house, made, 1) is False
    assert sign_comparison(house, made, 2) is True
    assert Comparison.objects.get().state == "signed"


def test_rule_10_the_same_person_does_not_sign_a_comparison_twice(house, unit, person):
    made = compare(house, unit, person, signed=False)
    sign_comparison(house, made, 1)
    assert_refused(SignedAlready, lambda: sign_comparison(house, made, 1))
    assert Comparison.objects.get().state == "proposed"


def test_rule_10_a_second_office_is_not_a_second_person(house, unit, person):
    made = compare(house, unit, person, signed=False)
    sign_comparison(house, made, 1)
    elsewhere = also(house, "dna_examiner1", "mortuary")
    assert_refused(SignedAlready, lambda: sign_comparison(house, made, by=elsewhere))


def test_rule_10_a_second_key_is_not_a_second_person(house, unit, person):
    """What was signed with a key that is retired now no longer counts, so that nobody counts twice."""
    decision = lay(house, compare(house, unit, person))
    sign(house, decision, 1)
    again = with_another_key(house, "board1")
    assert sign(house, decision, by=again) is False
    assert_refused(SignedAlready, lambda: sign(house, decision, by=again))
    assert sign(house, decision, 2) is True


def test_rule_10_a_signature_of_somebody_dismissed_since_does_not_count(house, unit, person):
    from dokaz.casework.acts import dismiss
    from dokaz.casework.models import Office

    decision = lay(house, compare(house, unit, person))
    sign(house, decision, 1)
    with house.filing("administrator", reason="left the investigation") as f:
        dismiss(Office.objects.get(pk=house.acting("board", 1).office), f)
    assert sign(house, decision, 2) is False
    assert Decision.objects.get().state == "before_board"
    assert_refused(NotInOffice, lambda: sign(house, decision, 1))


def with_another_key(house, who):
    """The same person after losing their key: the old one is retired, a new one enrolled."""
    import hashlib
    from dataclasses import replace

    from dokaz.casework.acts import enrol, retire_key
    from dokaz.casework.models import Key
    from dokaz.ledger.personal import from_seed

    actor = house.people[who]
    new = from_seed(hashlib.sha256(b"another key").digest())
    with house.filing("administrator", reason="lost") as f:
        retire_key(Key.objects.get(number=actor.key_id), f)
        enrol(f, person=Person.objects.get(pk=actor.person), public_key=new.public_key, key_id=new.key_id)
    return replace(actor, key_id=new.key_id, key=new)


def test_a_person_has_one_key_at_a_time(house):
    import hashlib

    from dokaz.casework.acts import enrol
    from dokaz.ledger.personal import from_seed

    new = from_seed(hashlib.sha256(b"another key").digest())

    def second():
        with house.filing("administrator") as f:
            enrol(f, person=Person.objects.get(pk=house.acting("board").person), public_key=new.public_key,
                  key_id=new.key_id)  # fmt: skip

    assert_refused(WrongState, second)


def test_a_key_is_enrolled_under_its_own_id(house):
    import hashlib

    from dokaz.casework.acts import enrol
    from dokaz.ledger.personal import from_seed

    one, other = (from_seed(hashlib.sha256(seed).digest()) for seed in (b"one", b"other"))

    def foreign():
        with house.filing("administrator") as f:
            enrol(f, name="Somebody", public_key=one.public_key, key_id=other.key_id)

    assert_refused(BadChoice, foreign)


def test_rule_10_only_an_examiner_signs_a_comparison(house, unit, person):
    made = compare(house, unit, person, signed=False)
    assert_refused(NotInOffice, lambda: sign_comparison(house, made, by=house.acting("board")))


def test_rule_10_one_signature_is_of_the_own_discipline(house, unit, person):
    made = compare(house, unit, person, signed=False)
    sign_comparison(house, made, by=house.acting("mortuary", 1))
    assert_refused(NotInOffice, lambda: sign_comparison(house, made, by=house.acting("mortuary", 2)))
    assert sign_comparison(house, made, 1) is True


def test_rule_10_an_unsigned_comparison_carries_no_decision(house, unit, person):
    made = compare(house, unit, person, signed=False)
    sign_comparison(house, made, 1)
    assert_refused(ComparisonNotSigned, lambda: lay(house, made))


def test_rule_10_the_same_person_does_not_sign_a_decision_twice(house, unit, person):
    decision = lay(house, compare(house, unit, person))
    sign(house, decision, 1)
    assert_refused(SignedAlready, lambda: sign(house, decision, 1))
    assert Decision.objects.get().state == "before_board"


def test_rule_10_nobody_sits_alone_on_their_own_comparison(house, unit, person):
    decision = lay(house, compare(house, unit, person))
    examiners = [also(house, f"dna_examiner{nth}", "board") for nth in (1, 2)]
    sign(house, decision, by=examiners[0])
    assert_refused(SatAlone, lambda: sign(house, decision, by=examiners[1]))
    assert sign(house, decision, 1) is True


def test_rule_10_a_comparison_superseded_meanwhile_carries_no_certificate(house, unit, person):
    made = compare(house, unit, person)
    decision = lay(house, made)
    newer = compare(house, unit, person)
    with house.filing("dna_examiner", reason="a better profile") as f:
        supersede(Comparison.objects.get(pk=made.pk), f, by=Comparison.objects.get(pk=newer.pk))
    assert_refused(ComparisonNotSigned, lambda: sign(house, decision, 1))


# --- rule 11: exclusions ----------------------------------------


def excluding(house, unit, person):
    return lay(house, compare(house, unit, person, conclusion="discordant"), question="exclude")


def test_rule_11_an_exclusion_carries_two_signatures(house, unit, person):
    decision = decided(house, excluding(house, unit, person))
    assert (decision.state, decision.certificate_number) == ("excluded", "")
    from dokaz.ledger import Entry

    entry = Entry.parse(bytes(JournalEntry.objects.get(leaf=decision.entry_hash).body))
    assert entry.act == "identification.exclude"
    assert len(entry.signatures) == 2


def test_rule_11_an_exclusion_is_not_signed_twice_by_one_person(house, unit, person):
    decision = excluding(house, unit, person)
    sign(house, decision, 1)
    assert_refused(SignedAlready, lambda: sign(house, decision, 1))


def test_rule_11_nobody_excludes_alone_on_their_own_comparison(house, unit, person):
    decision = excluding(house, unit, person)
    examiners = [also(house, f"dna_examiner{nth}", "board") for nth in (1, 2)]
    sign(house, decision, by=examiners[0])
    assert_refused(SatAlone, lambda: sign(house, decision, by=examiners[1]))


def test_rule_11_what_fits_excludes_nobody(house, unit, person):
    made = compare(house, unit, person)
    assert_refused(NothingExcludes, lambda: lay(house, made, question="exclude"))


def test_rule_11_secondary_identifiers_exclude_only_by_a_written_ruling(house, unit, person):
    made = compare(house, unit, person, discipline="secondary", conclusion="discordant", lines=[])
    assert_refused(NothingExcludes, lambda: lay(house, made, question="exclude"))
    assert lay(house, made, question="exclude", ruling="a tattoo that the remains lack").state == "before_board"


def test_rule_11_an_unsigned_comparison_excludes_nobody(house, unit, person):
    made = compare(house, unit, person, conclusion="discordant", signed=False)
    assert_refused(ComparisonNotSigned, lambda: lay(house, made, question="exclude"))


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
        release(newest, f, released_to=released_to, family_choice=choice,
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
        with house.filing("board") as f:
            close_review(review, f, outcome="looked at again; it stands")
    given(house, decision)
    assert Decision.objects.get(pk=decision.pk).state == "released"
