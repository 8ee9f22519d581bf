"""Rules 7 to 9: a primary identifier, no unexplained contradiction, and DNA that faces the rest."""

import pytest
from casebook import (
    assert_refused,
    compare,
    contradiction,
    facing,
    identified,
    lay,
    sign,
    sign_comparison,
    units,
)

from dokaz.casework.models import JournalEntry
from dokaz.errors import (
    BadChoice,
    ContradictionUnexplained,
    EmptyField,
    NoPrimaryIdentifier,
)
from dokaz.graves.models import RecoveryUnit
from dokaz.identification.lines import Line
from dokaz.identification.models import Comparison, Decision
from dokaz.missing.models import MissingPerson

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
        draw_pedigree(f, members=[{"id": "C", "father": None, "mother": None, "sex": "female", "born": "1990",
                                   "missing": person.number}])  # fmt: skip
        return person


def test_rule_9_a_dna_match_that_sex_contradicts_is_refused(house, unit, woman):
    made = compare(house, unit, woman)
    assert_refused(ContradictionUnexplained, lambda: lay(house, made), match="the report says female")


def test_rule_9_a_contradiction_that_was_taken_in_and_explained_goes_before_the_board(house, unit, woman):
    from dataclasses import replace

    from dokaz.identification.circumstances import circumstances

    lines = [
        replace(line, explanation="the report was mistyped; the family confirms")
        if line.bearing == "contradicts"
        else line
        for line in circumstances(unit, woman)
    ]
    decision = lay(house, compare(house, unit, woman, lines=lines))
    assert [c["explanation"] for c in decision.contradictions] == ["the report was mistyped; the family confirms"]


def test_rule_9_a_contradiction_that_was_taken_in_and_not_explained_is_refused(house, unit, woman):
    from dokaz.identification.circumstances import circumstances

    made = compare(house, unit, woman, lines=circumstances(unit, woman))
    assert_refused(ContradictionUnexplained, lambda: lay(house, made))


@pytest.mark.parametrize(
    ("born", "seen", "said"),
    [("1970-05-04", "2022-06-01", "the person was 52"), ("1970", "2022-06-01", "the person was 51 to 52")],
)
def test_an_age_that_is_known_to_the_year_is_said_once(house, unit, born, seen, said):
    from dokaz.identification.circumstances import circumstances
    from dokaz.missing.acts import report

    with house.filing("family_liaison") as f:
        person = report(f, family_name="Вигадана", given_name="Марія", sex="female", born=born, last_seen_on=seen)
    (age,) = [line for line in circumstances(unit, person) if line.about == "age"]
    assert age.words.endswith("years; " + said)


def test_rule_9_a_dna_match_that_age_contradicts_is_refused(house, unit):
    from dokaz.missing.acts import draw_pedigree, report

    with house.filing("family_liaison") as f:
        boy = report(f, family_name="Вигаданий", sex="male", born="2010-01-01", last_seen_on="2022-03-01")
        draw_pedigree(f, members=[{"id": "C", "father": None, "mother": None, "sex": "male", "born": "2010",
                                   "missing": boy.number}])  # fmt: skip
    made = compare(house, unit, boy)
    assert_refused(ContradictionUnexplained, lambda: lay(house, made), match="25 to 35 years")


def test_rule_9_a_duplicated_element_is_refused(house, person):
    """Two left femora are not one person's, whatever DNA says."""
    one, other = units(house, 2)
    identified(house, one, person)
    made = compare(house, other, person)
    assert_refused(ContradictionUnexplained, lambda: lay(house, made), match="femur, left side")


def test_rule_9_examinations_made_after_the_comparison_count(house, unit, person):
    from dokaz.mortuary.acts import examine

    decision = lay(house, compare(house, unit, person))
    with house.filing("mortuary") as f:
        examine(RecoveryUnit.objects.get(pk=unit.pk), f, sex=1, sex_method="pelvis")
    assert_refused(ContradictionUnexplained, lambda: sign(house, decision, 1))
