"""Rules 8 and 9, case by case: what counts as speaking against a match, what answers it, and what does not."""

from dataclasses import replace

import pytest
from casebook import (
    a_profile,
    assert_refused,
    compare,
    contradiction,
    decided,
    evidence,
    facing,
    frequencies,
    lay,
    missing,
    sign_comparison,
    units,
)

from dokaz.errors import BadChoice, ContradictionUnexplained, WrongState
from dokaz.graves.models import RecoveryUnit
from dokaz.identification.circumstances import age_when_last_seen, circumstances
from dokaz.identification.lines import Line
from dokaz.missing.models import MissingPerson

# --- rule 8: what is discordant ----------------------------------------


def secondary(house, unit, person, *, lines):
    """A signed secondary comparison that is discordant."""
    made = compare(house, unit, person, discipline="secondary", conclusion="discordant", lines=lines, signed=False)
    sign_comparison(house, made, 1)
    sign_comparison(house, made, 2)
    return made


def test_rule_8_a_discordant_secondary_comparison_that_nothing_answers_stops_the_board(house, unit, person):
    against = secondary(house, unit, person, lines=[])
    made = compare(house, unit, person)
    assert_refused(ContradictionUnexplained, lambda: lay(house, made), match=against.number)


def test_rule_8_a_discordant_secondary_comparison_whose_contradiction_is_explained_goes_on(house, unit, person):
    secondary(house, unit, person, lines=[contradiction("relatives overstate stature")])
    assert lay(house, compare(house, unit, person), ruling="the jacket says little").state == "before_board"


def test_rule_8_a_primary_identifier_that_does_not_fit_is_answered_by_no_explanation(house, unit, person):
    line = contradiction("the chart was of somebody else")
    against = compare(house, unit, person, discipline="teeth", conclusion="discordant", lines=[line], signed=False)
    made = compare(house, unit, person)
    assert_refused(ContradictionUnexplained, lambda: lay(house, made), match=against.number)


# --- rule 9: what the records say ----------------------------------------


def the_age(low, high, *, born, seen, unit, house):
    """What the records say of age, for remains of that age and a person of those dates."""
    from dokaz.missing.acts import report
    from dokaz.mortuary.acts import examine

    with house.filing("mortuary") as f:
        examine(RecoveryUnit.objects.get(pk=unit.pk), f, age_years=(low, high))
    with house.filing("family_liaison") as f:
        person = report(f, family_name="Вигадана", born=born, last_seen_on=seen)
    (line,) = [line for line in circumstances(unit, person) if line.about == "age"]
    return line.bearing


@pytest.mark.parametrize(
    ("low", "high", "bearing"),
    [(20, 31, "contradicts"), (20, 32, "supports"), (32, 40, "supports"), (33, 40, "contradicts")],
)
def test_rule_9_ages_that_touch_agree_and_ages_that_do_not_contradict(house, unit, low, high, bearing):
    born, seen = "1990-01-01", "2022-03-01"
    assert the_age(low, high, born=born, seen=seen, unit=unit, house=house) == bearing


@pytest.mark.parametrize(
    ("low", "high", "bearing"),
    [(20, 30, "contradicts"), (20, 31, "supports"), (32, 40, "supports"), (33, 40, "contradicts")],
)
def test_rule_9_an_age_known_to_the_year_agrees_with_whatever_it_may_be(house, unit, low, high, bearing):
    assert the_age(low, high, born="1990", seen="2022-03-01", unit=unit, house=house) == bearing


@pytest.mark.parametrize(
    ("born", "seen", "age"),
    [
        ("1990-03-02", "2022-03-01", (31, 31)),
        ("1990-03-01", "2022-03-01", (32, 32)),
        ("1990-02-28", "2022-03-01", (32, 32)),
        ("1990-04-01", "2022-03-15", (31, 31)),
        ("1990", "2022-03-01", (31, 32)),
        ("1990-03-01", "2022", (31, 32)),
        ("1990-03", "2022-03-15", (31, 32)),
        ("", "2022-03-01", None),
        ("1990-03-01", "", None),
    ],
)
def test_a_person_is_a_year_older_on_the_birthday_and_not_before(born, seen, age):
    assert age_when_last_seen(MissingPerson(born=born, last_seen_on=seen)) == age


def amelogenin(house, unit, sex, alleles):
    """What the amelogenin of the remains says of a person reported so."""
    from dokaz.missing.acts import report
    from dokaz.mortuary.acts import profile

    with house.filing("dna_examiner") as f:
        profile(unit.samples.first(), f, laboratory="L", kit="K", genotypes={"AMEL": alleles})
    with house.filing("family_liaison") as f:
        person = report(f, family_name="Вигадана", sex=sex)
    found = [line for line in circumstances(unit, person) if line.finding["code"] == "amelogenin"]
    return [line.bearing for line in found]


@pytest.mark.parametrize(
    ("sex", "alleles", "bearing"),
    [
        ("male", ["X", "X"], "neutral"),
        ("male", ["X", "Y"], "supports"),
        ("female", ["X", "X"], "supports"),
        ("female", ["X", "Y"], "contradicts"),
        ("unknown", ["X", "Y"], "neutral"),
        ("unknown", ["X", "X"], "neutral"),
    ],
)
def test_rule_9_a_lone_x_does_not_speak_against_a_man(house, unit, sex, alleles, bearing):
    """His Y may have dropped out; a Y speaks against a woman."""
    assert amelogenin(house, unit, sex, alleles) == [bearing]


def test_rule_9_the_amelogenin_of_a_withdrawn_profile_says_nothing(house, unit, person):
    from dokaz.mortuary.acts import profile, withdraw_profile

    with house.filing("dna_examiner") as f:
        typed = profile(unit.samples.first(), f, laboratory="L", kit="K", genotypes={"AMEL": ["X", "Y"]})
    assert any(line.source == typed.number for line in circumstances(unit, person))
    with house.filing("dna_examiner", reason="tubes were swapped") as f:
        withdraw_profile(typed, f)
    assert not any(line.source == typed.number for line in circumstances(unit, person))


@pytest.mark.parametrize(
    ("sex", "reported", "bearings"),
    [
        (None, "male", []),
        (0, "male", []),
        (3, "male", ["neutral"]),
        (1, "male", ["contradicts"]),
        (2, "male", ["contradicts"]),
        (4, "male", ["supports"]),
        (5, "female", ["contradicts"]),
        (5, "unknown", ["neutral"]),
    ],
)
def test_rule_9_what_the_skeleton_says_of_sex(house, unit, sex, reported, bearings):
    from dokaz.missing.acts import report
    from dokaz.mortuary.acts import examine

    with house.filing("mortuary") as f:
        examine(RecoveryUnit.objects.get(pk=unit.pk), f, sex=sex)
    with house.filing("family_liaison") as f:
        person = report(f, family_name="Вигадана", sex=reported)
    found = [line for line in circumstances(unit, person) if line.about == "sex"]
    assert [line.bearing for line in found] == bearings


@pytest.mark.parametrize(
    ("reported", "bearing"), [(165, "supports"), (171, "supports"), (164, "neutral"), (172, "neutral")]
)
def test_rule_9_a_stature_outside_the_interval_says_nothing(house, unit, reported, bearing):
    """Relatives overstate it, and intervals from bones miss the true one in seven cases of ten."""
    from dokaz.missing.acts import report
    from dokaz.mortuary.acts import examine

    with house.filing("mortuary") as f:
        examine(RecoveryUnit.objects.get(pk=unit.pk), f, stature_cm=(165, 171))
    with house.filing("family_liaison") as f:
        person = report(f, family_name="Вигаданий", stature_cm=reported)
    (line,) = [line for line in circumstances(unit, person) if line.about == "stature"]
    assert line.bearing == bearing


def examined(house, unit, *elements):
    from dokaz.mortuary.acts import examine

    with house.filing("mortuary") as f:
        examine(RecoveryUnit.objects.get(pk=unit.pk), f, elements=list(elements))


def certified(house, unit, person):
    """The unit identified as the person, whatever elements it holds."""
    return decided(house, lay(house, compare(house, unit, person)))


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("femur:left", "femur:left", ["femur:left"]),
        ("femur:left", "femur:right", None),
        ("femur:unsided", "femur:unsided", None),
        ("ribs*3", "ribs*2", ["ribs"]),
    ],
)
def test_rule_9_an_element_counts_twice_only_if_it_is_the_same_one(house, person, one, other, both):
    """Two femora whose sides nobody could tell may be a left and a right one."""
    first, second = units(house, 2)
    examined(house, first, one)
    examined(house, second, other)
    certified(house, first, person)
    found = [line.finding["elements"] for line in circumstances(second, person) if line.about == "elements"]
    assert found == ([both] if both else [])


def test_rule_9_an_explanation_answers_the_record_that_it_names_and_no_other(house, unit):
    """Sex was explained for what the family said; the skeleton says it again, and nobody answered the skeleton."""
    from dokaz.missing.acts import draw_pedigree, report

    with house.filing("family_liaison") as f:
        woman = report(f, family_name="Вигадана", sex="female", born="1990-01-01", last_seen_on="2022-03-01")
        draw_pedigree(f, members=[{"id": "C", "father": None, "mother": None, "sex": "female", "born": "1990",
                                   "missing": woman.number}])  # fmt: skip
    (said,) = [line for line in circumstances(unit, woman) if line.bearing == "contradicts"]
    elsewhere = replace(said, source="the family", explanation="the report was mistyped")
    made = compare(house, unit, woman, lines=[elsewhere])
    assert_refused(ContradictionUnexplained, lambda: lay(house, made), match="the report says female")
    answered = compare(house, unit, woman, lines=[replace(said, explanation="the report was mistyped")])
    assert lay(house, answered).state == "before_board"


def test_rule_9_a_line_in_favour_answers_no_contradiction_of_its_record(house, unit):
    from dokaz.missing.acts import draw_pedigree, report

    with house.filing("family_liaison") as f:
        woman = report(f, family_name="Вигадана", sex="female", born="1990-01-01", last_seen_on="2022-03-01")
        draw_pedigree(f, members=[{"id": "C", "father": None, "mother": None, "sex": "female", "born": "1990",
                                   "missing": woman.number}])  # fmt: skip
    (said,) = [line for line in circumstances(unit, woman) if line.bearing == "contradicts"]
    made = compare(house, unit, woman, lines=[replace(said, bearing="supports")])
    assert_refused(ContradictionUnexplained, lambda: lay(house, made), match="the report says female")


# --- the evidence of a DNA comparison ----------------------------------------


def test_evidence_of_another_family_is_refused(house, unit, person):
    """A likelihood ratio with somebody else's relatives says nothing of this person."""
    (stranger,) = missing(house, "Остап")
    foreign = evidence(house, unit, stranger).family
    assert_refused(BadChoice, lambda: compare(house, unit, person, family=foreign), match=foreign.number)
    assert compare(house, unit, person).family.number != foreign.number


def test_a_withdrawn_profile_is_evidence_of_nothing(house, unit, person):
    from dokaz.mortuary.acts import withdraw_profile

    frequencies(house)
    typed = a_profile(house, unit)
    with house.filing("dna_examiner", reason="tubes were swapped") as f:
        withdraw_profile(typed, f)
    assert_refused(WrongState, lambda: compare(house, unit, person, profile=typed), match=typed.number)
    again = a_profile(house, unit)
    assert compare(house, unit, person, profile=again).profile_id == again.id


def test_evidence_belongs_to_a_dna_comparison_alone(house, unit, person):
    from dokaz.identification import acts

    dna = evidence(house, unit, person)

    def with_it(discipline):
        with house.filing("dna_examiner") as f:
            return acts.compare(f, missing_person=person, recovery_unit=unit, discipline=discipline,
                                conclusion="concordant", statement="As seen.", lines=facing(), evidence=dna)  # fmt: skip

    assert_refused(BadChoice, lambda: with_it("teeth"))
    assert with_it("dna").log10_lr == "8.25"


def test_a_line_tells_apart_only_from_somebody_who_is_reported(house, unit, person):
    from dokaz.errors import NoSuchRecord

    frequencies(house)
    a_profile(house, unit)
    line = Line("age", "supports", "an unfused clavicle", distinguishes=("MP-999999",))
    assert_refused(NoSuchRecord, lambda: compare(house, unit, person, lines=[line]), match="MP-999999")
    known = replace(line, distinguishes=(person.number,))
    assert compare(house, unit, person, lines=[known], signed=False).lines[0]["distinguishes"] == [person.number]
