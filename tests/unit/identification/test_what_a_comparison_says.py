"""What a comparison, a search and a line of evidence must say, and that they are kept as they were said."""

import datetime as dt
from dataclasses import replace

import pytest
from casebook import (
    a_profile,
    assert_refused,
    chart_of,
    compare,
    contradiction,
    evidence,
    facing,
    frequencies,
    lay,
    missing,
    newest,
    sign_comparison,
    units,
)

from dokaz.casework import journal
from dokaz.casework.acts import void_attachment
from dokaz.casework.models import Attachment
from dokaz.errors import (
    BadChoice,
    EmptyField,
    InputsChanged,
    NotInOffice,
    RestedOn,
    WrongKind,
    WrongState,
)
from dokaz.identification import acts
from dokaz.identification.evidence import SearchResult, require_log10
from dokaz.identification.lines import Line, words_of
from dokaz.identification.models import Comparison, Search

# --- comparing ----------------------------------------


def compared(house, unit, person, **other):
    said = {"discipline": "secondary", "conclusion": "inconclusive", "statement": "As seen.", "lines": facing()}
    with house.filing("dna_examiner") as f:
        return acts.compare(f, missing_person=newest(person), recovery_unit=newest(unit), **{**said, **other})


def test_a_comparison_is_kept_as_the_examiner_said_it(house, unit, person):
    lines = [*facing(), contradiction("relatives overstate stature")]
    made = newest(compared(house, unit, person, statement=" As seen. ", lines=lines))
    assert (made.number, made.state, made.statement) == ("CMP-000001", "proposed", "As seen.")
    assert (made.discipline, made.conclusion) == ("secondary", "inconclusive")
    assert (made.recovery_unit_id, made.missing_person_id) == (unit.id, person.id)
    assert made.examiner_id == house.acting("dna_examiner").person
    assert made.compared_at is not None and made.signed_on is None and made.superseded_by is None
    assert made.lines == [line.as_json() for line in lines]
    assert (made.profile, made.family, made.log10_lr, made.per_marker) == (None, None, "", [])


def test_a_dna_comparison_keeps_its_evidence(house, unit, person):
    dna = evidence(house, unit, person)
    made = newest(compared(house, unit, person, discipline="dna", conclusion="concordant", evidence=dna))
    assert {name: getattr(made, name) for name in vars(dna)} == vars(dna)


def test_a_comparison_says_something(house, unit, person):
    assert_refused(EmptyField, lambda: compared(house, unit, person, statement=" "))
    assert_refused(BadChoice, lambda: compared(house, unit, person, discipline="dowsing"))
    assert_refused(BadChoice, lambda: compared(house, unit, person, conclusion="certain"))
    assert compared(house, unit, person, lines=[]).lines == []


def test_dna_without_a_profile_concludes_nothing(house, unit, person):
    """An attempt that gave no profile is inconclusive, and may be written down."""
    for conclusion in ("concordant", "discordant"):
        refused = lambda conclusion=conclusion: compared(house, unit, person, discipline="dna", conclusion=conclusion)  # noqa: E731
        assert_refused(EmptyField, refused)
    assert compared(house, unit, person, discipline="dna", conclusion="inconclusive").log10_lr == ""


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (Line("luck", "supports", "a guess"), BadChoice),
        (Line("age", "proves", "a guess"), BadChoice),
        (Line("age", "supports", " "), EmptyField),
        (Line("age", "supports", finding={"code": "palmistry"}), BadChoice),
        (Line("age", "supports", finding={"code": "age", "low": "20"}), WrongKind),
        (Line("age", "supports", finding={"code": "skeleton", "skeleton": 9, "reported": "male"}), WrongKind),
    ],
)
def test_a_line_of_evidence_that_says_nothing_is_refused(house, unit, person, line, error):
    assert_refused(error, lambda: compared(house, unit, person, lines=[*facing(), line]))


def test_a_finding_of_the_program_needs_no_words_of_the_examiner(house, unit, person):
    line = Line("age", "supports", finding={"code": "age", "low": "20", "high": "30", "age": 25})
    made = compared(house, unit, person, lines=[line, replace(line, statement="seen twice")])
    found = "the remains show 20 to 30 years; the person was 25"
    assert [str(words_of(one)) for one in made.lines] == [found, f"{found}; seen twice"]
    assert str(words_of(facing()[0].as_json())) == "male, and a man is missed"


def test_a_finding_is_told_in_words(house):
    sex = Line("sex", "contradicts", finding={"code": "skeleton", "skeleton": 5, "reported": "female"})
    assert str(sex.words) == "the skeleton is male; the report says female"
    both = Line("elements", "contradicts", finding={"code": "duplicated", "unit": "U-1", "elements": ["femur:left"]})
    assert str(both.words) == "U-1, identified as the same person, also holds: femur, left side"


@pytest.mark.parametrize("log10_lr", ["", "8,25", "nan", "1e4000", "+8", "8.25 ", "--1", "infinity"])
def test_a_likelihood_ratio_is_a_number(house, unit, person, log10_lr):
    for wrong in (
        {"log10_lr": log10_lr},
        {"per_marker": [{"marker": "TH01", "log10_lr": log10_lr, "state": "typed"}]},
        {"other_candidates": [{"missing": person.number, "unit": unit.number, "log10_lr": log10_lr}]},
    ):
        dna = evidence(house, unit, person, **wrong)
        refused = lambda dna=dna: compared(house, unit, person, discipline="dna", conclusion="concordant", evidence=dna)  # noqa: E731
        assert_refused(WrongKind, refused)


@pytest.mark.parametrize("log10_lr", ["0", "-8.25", "8.25e-3", "inf", "-inf", "123456.5"])
def test_a_likelihood_ratio_may_be_small_or_infinite(log10_lr):
    require_log10(log10_lr=log10_lr)
    with pytest.raises(WrongKind):
        require_log10(log10_lr=f"{log10_lr}x")


# --- what was computed before ----------------------------------------


@pytest.mark.parametrize("size", [None, "7", -1, 10**6])
def test_evidence_says_how_long_the_ledger_was(house, unit, person, size):
    dna = evidence(house, unit, person)
    wrong = replace(dna, inputs={**dna.inputs, "ledger_size": size})
    refused = lambda: compared(house, unit, person, discipline="dna", conclusion="concordant", evidence=wrong)  # noqa: E731
    assert_refused(WrongKind, refused)
    right = replace(dna, inputs={**dna.inputs, "ledger_size": journal.size()})
    assert compared(house, unit, person, discipline="dna", conclusion="concordant", evidence=right).log10_lr == "8.25"


def change_profile(house, unit):
    from dokaz.mortuary.acts import profile

    with house.filing("dna_examiner") as f:
        profile(unit.samples.first(), f, laboratory="L", kit="K", genotypes={}, attempt=2)


def change_family(house, unit):
    from dokaz.missing.acts import draw_pedigree
    from dokaz.missing.models import Family

    family = Family.objects.order_by("number").first()
    uncle = {"id": "U", "father": None, "mother": None, "sex": "male", "born": None, "missing": None}
    with house.filing("family_liaison", reason="an uncle") as f:
        draw_pedigree(f, members=[*family.members, uncle], family=family)


def change_donor(house, unit):
    from dokaz.missing.acts import withdraw_consent
    from dokaz.missing.models import Donor

    with house.filing("family_liaison") as f:
        withdraw_consent(Donor.objects.order_by("number").first(), f)


def change_reference(house, unit):
    from dokaz.missing.acts import type_reference
    from dokaz.missing.models import Donor

    with house.filing("dna_examiner") as f:
        type_reference(Donor.objects.order_by("number").first(), f, genotypes={})


@pytest.mark.parametrize("change", [change_profile, change_family, change_donor, change_reference])
def test_evidence_is_refused_if_what_it_rests_on_changed_since(house, unit, person, change):
    dna = evidence(house, unit, person)
    change(house, unit)
    dna = replace(dna, family=newest(dna.family), profile=newest(dna.profile))  # the numbers are still of before
    refused = lambda: compared(house, unit, person, discipline="dna", conclusion="concordant", evidence=dna)  # noqa: E731
    assert_refused(InputsChanged, refused)


def test_evidence_stands_if_something_else_changed_since(house, person):
    one, other = units(house, 2)
    a_profile(house, other)
    dna = evidence(house, one, person)
    change_profile(house, other)
    missing(house, "Остап")
    assert compared(house, one, person, discipline="dna", conclusion="concordant", evidence=dna).state == "proposed"


# --- signing ----------------------------------------


def test_rule_10_a_comparison_that_is_signed_or_superseded_is_signed_by_nobody_more(house, unit, person):
    made = compare(house, unit, person)
    assert_refused(WrongState, lambda: sign_comparison(house, made, by=house.acting("mortuary")))
    better = compare(house, unit, person, supersedes=[made])
    assert_refused(WrongState, lambda: sign_comparison(house, made, by=house.acting("mortuary")))
    assert newest(better).signed_on is not None


@pytest.mark.parametrize(
    ("discipline", "own"), [("dna", "dna_examiner"), ("teeth", "mortuary"), ("friction_ridge", "print_examiner")]
)
def test_rule_10_both_signatures_are_of_the_discipline_whichever_it_is(house, unit, person, discipline, own):
    from casebook import also

    one, other = also(house, "scene1", own), also(house, "scene2", own)
    others = {"dna": "mortuary", "teeth": "dna_examiner", "friction_ridge": "dna_examiner"}[discipline]
    made = compare(house, unit, person, discipline=discipline, signed=False)
    assert_refused(NotInOffice, lambda: sign_comparison(house, made, by=house.acting(others, 1)))
    sign_comparison(house, made, by=one)
    assert_refused(NotInOffice, lambda: sign_comparison(house, made, by=house.acting(others, 2)))
    assert sign_comparison(house, made, by=other) is True


def test_rule_10_secondary_identifiers_are_signed_by_any_two_examiners(house, unit, person):
    made = compare(house, unit, person, discipline="secondary", signed=False)
    sign_comparison(house, made, by=house.acting("mortuary", 1))
    assert sign_comparison(house, made, by=house.acting("mortuary", 2)) is True


@pytest.mark.parametrize("discipline", ["dna", "teeth", "friction_ridge"])
def test_rule_8_each_primary_identifier_identifies(house, unit, person, discipline):
    from casebook import also, decided

    made = compare(house, unit, person, discipline=discipline, signed=False)
    role = {"dna": "dna_examiner", "teeth": "mortuary", "friction_ridge": "print_examiner"}[discipline]
    for who in ("scene1", "scene2"):
        sign_comparison(house, made, by=also(house, who, role))
    assert decided(house, lay(house, made)).state == "certified"


@pytest.mark.parametrize("conclusion", ["discordant", "inconclusive"])
def test_rule_8_a_primary_identifier_must_be_concordant(house, unit, person, conclusion):
    from dokaz.errors import NoPrimaryIdentifier

    made = compare(house, unit, person, conclusion=conclusion)
    assert_refused(NoPrimaryIdentifier, lambda: lay(house, made))
    assert Comparison.objects.get().conclusion == conclusion


@pytest.mark.parametrize("discipline", ["teeth", "friction_ridge"])
@pytest.mark.parametrize("conclusion", ["concordant", "discordant"])
def test_a_conclusion_by_eye_rests_on_files_of_both(house, unit, person, discipline, conclusion):
    def by(*files):
        return compared(house, unit, person, discipline=discipline, conclusion=conclusion, rests_on=files)

    of_unit, of_person = chart_of(house, unit), chart_of(house, person)
    assert_refused(EmptyField, lambda: by(), match=unit.number)
    assert_refused(EmptyField, lambda: by(of_unit), match=person.number)
    assert_refused(EmptyField, lambda: by(of_person), match=unit.number)
    made = newest(by(of_person, of_unit))
    assert made.rests_on == sorted([str(of_unit.id), str(of_person.id)])


def test_a_chart_of_an_examination_is_of_the_remains(house, unit, person):
    from dokaz.mortuary.acts import examine

    with house.filing("mortuary") as f:
        seen = examine(newest(unit), f, age_years=(25, 35))
    files = [chart_of(house, seen), chart_of(house, person)]
    made = compared(house, unit, person, discipline="teeth", conclusion="concordant", rests_on=files)
    assert len(newest(made).rests_on) == 2


def test_what_concludes_nothing_or_by_dna_rests_on_no_file(house, unit, person):
    for discipline, conclusion in (("teeth", "inconclusive"), ("secondary", "concordant")):
        made = compared(house, unit, person, discipline=discipline, conclusion=conclusion)
        assert newest(made).rests_on == []


def test_a_file_of_something_else_is_not_what_was_compared(house, person):
    unit, another = units(house, 2)
    other = chart_of(house, another)
    files = [chart_of(house, unit), chart_of(house, person), other]
    for discipline in ("teeth", "secondary"):
        assert_refused(
            BadChoice,
            lambda d=discipline: compared(house, unit, person, discipline=d, rests_on=files),
            match=other.number,
        )


def test_a_file_on_which_a_comparison_rests_is_not_made_void(house, unit, person):
    compare(house, unit, person, discipline="teeth", signed=False)
    with pytest.raises(RestedOn, match="CMP-000001"), house.filing("mortuary", reason="entered twice") as f:
        void_attachment(Attachment.objects.order_by("number").first(), f)


@pytest.mark.parametrize("discipline", ["dna", "teeth", "friction_ridge"])
def test_what_was_inconclusive_is_not_corrected_into_a_conclusion_on_nothing(house, unit, person, discipline):
    made = newest(compared(house, unit, person, discipline=discipline))
    with pytest.raises(EmptyField), house.filing("dna_examiner", reason="typed wrong") as f:
        acts.correct_comparison(made, f, values={"conclusion": "concordant"})
    assert newest(made).conclusion == "inconclusive"
    with house.filing("dna_examiner", reason="typed wrong") as f:
        acts.correct_comparison(newest(made), f, values={"statement": "As seen again."})
    assert newest(made).statement == "As seen again."


# --- searching ----------------------------------------


def the_search(house, unit, person, **other):
    from dokaz.missing.models import Family

    found = {
        "frequencies": frequencies(house),
        "ledger_size": journal.size(),
        "engine": "dokaz 0",
        "threshold_log10_lr": "4.0",
        "profiles": 1,
        "families": 1,
        "missing": 1,
        "left_out": [],
        "candidates": [
            {"profile": "DNA-000001", "unit": unit.number, "family": Family.objects.get().number,
             "missing": person.number, "log10_lr": "8.25"}
        ],
    }  # fmt: skip
    return SearchResult(**{**found, **other})


def searched(house, result):
    with house.filing("dna_examiner") as f:
        return acts.search(f, result=result)


def test_a_search_is_kept_with_its_inputs(house, unit, person):
    result = the_search(house, unit, person)
    made = Search.objects.get(pk=searched(house, result).pk)
    assert made.number == "SRC-000001" and made.run_at is not None
    assert {name: getattr(made, name) for name in vars(result)} == vars(result)


def test_a_search_keeps_only_numbers(house, unit, person):
    good = the_search(house, unit, person)
    assert_refused(WrongKind, lambda: searched(house, replace(good, threshold_log10_lr="high")))
    wrong = [{**good.candidates[0], "log10_lr": "high"}]
    assert_refused(WrongKind, lambda: searched(house, replace(good, candidates=[*good.candidates, *wrong])))
    searched(house, good)
    assert Search.objects.count() == 1


@pytest.mark.parametrize("change", [change_profile, change_family, change_donor, change_reference, "report", "table"])
def test_a_search_is_refused_if_anything_that_it_compared_changed_since(house, unit, person, change):
    from dokaz.missing.acts import report

    result = the_search(house, unit, person)
    if change == "report":
        with house.filing("family_liaison") as f:
            report(f, family_name="Вигадана")
    elif change == "table":
        result = replace(result, frequencies=frequencies(house), ledger_size=0)
    else:
        change(house, unit)
    assert_refused(InputsChanged, lambda: searched(house, result))
    searched(house, replace(result, ledger_size=journal.size()))
    assert Search.objects.get().ledger_size <= journal.size()


def test_a_search_stands_if_somebody_worked_at_a_grave_meanwhile(house, unit, person):
    from casebook import a_grave

    result = the_search(house, unit, person)
    a_grave(house, "99")
    searched(house, result)
    assert Search.objects.count() == 1


def test_laying_keeps_what_spoke_against_and_who_laid_it(house, unit, person):
    line = contradiction("relatives overstate stature")
    made = compare(house, unit, person, lines=[*facing(), line])
    decision = newest(lay(house, made, ruling=" As seen. "))
    assert (decision.number, decision.state, decision.question) == ("DEC-000001", "before_board", "identify")
    assert (decision.recovery_unit_id, decision.missing_person_id) == (unit.id, person.id)
    assert (decision.ruling, decision.comparisons) == ("As seen.", [str(made.id)])
    assert decision.contradictions == [{"finding": {}, "statement": line.statement, "explanation": line.explanation}]
    assert decision.laid_by_id == house.acting("investigator").person
    assert decision.laid_at.tzinfo is dt.UTC or decision.laid_at.utcoffset() == dt.timedelta(0)
