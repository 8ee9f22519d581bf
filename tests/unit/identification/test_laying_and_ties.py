"""What is laid before the board, once, and never a tie that nothing resolves."""

import pytest
from casebook import (
    assert_refused,
    compare,
    contradiction,
    decided,
    facing,
    identified,
    lay,
    missing,
    newest,
    sign,
    sign_comparison,
    units,
)

from dokaz.errors import (
    BadChoice,
    EmptyField,
    NotDistinguished,
    NothingExcludes,
    WrongState,
)
from dokaz.identification.lines import Line
from dokaz.identification.models import Decision
from dokaz.missing.models import MissingPerson


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


# --- what breaks a tie ----------------------------------------


def test_a_tie_is_broken_only_by_what_the_decision_rests_on(house, unit):
    """Another comparison tells the brothers apart, and the board was not shown it."""
    one, brother = missing(house, "Андрій", "Богдан")
    line = Line("age", "supports", "an unfused clavicle", distinguishes=(brother.number,))
    by_age = compare(house, unit, one, discipline="secondary", lines=[line])
    by_dna = compare(house, unit, one, other_candidates=the_tie(unit, brother))
    assert_refused(NotDistinguished, lambda: lay(house, by_dna), match=brother.number)
    assert lay(house, by_dna, by_age).state == "before_board"


@pytest.mark.parametrize(("log10_lr", "is_tie"), [("6.26", True), ("9.00", True), ("6.25", False), ("-inf", False)])
def test_a_brother_within_a_factor_of_100_is_a_tie(house, unit, log10_lr, is_tie):
    """The comparison itself is at 8.25."""
    one, brother = missing(house, "Андрій", "Богдан")
    others = [{"missing": brother.number, "unit": unit.number, "log10_lr": log10_lr}]
    made = compare(house, unit, one, other_candidates=others)
    if is_tie:
        assert_refused(NotDistinguished, lambda: lay(house, made), match=brother.number)
    else:
        assert lay(house, made).state == "before_board"


def test_another_unit_of_the_same_person_is_no_tie(house):
    """Body parts of one person fit that person equally well."""
    one, other = units(house, 2)
    person, _brother = missing(house, "Андрій", "Богдан")
    others = [{"missing": person.number, "unit": other.number, "log10_lr": "8.25"}]
    assert lay(house, compare(house, one, person, other_candidates=others)).state == "before_board"


# --- what stands already ----------------------------------------


def excluded(house, unit, person):
    return decided(house, lay(house, compare(house, unit, person, conclusion="discordant"), question="exclude"))


def test_rule_11_an_exclusion_that_stands_stops_an_identification_of_the_same_person(house, unit, person):
    against = compare(house, unit, person, conclusion="discordant")
    exclusion = decided(house, lay(house, against, question="exclude"))
    made = compare(house, unit, person, supersedes=[against])
    assert_refused(WrongState, lambda: lay(house, made), match=exclusion.number)
    from casebook import doubted, sign_revocation

    doubted(house, exclusion)
    sign_revocation(house, exclusion, 1)
    sign_revocation(house, exclusion, 2)
    assert lay(house, made).state == "before_board"


def test_rule_11_an_exclusion_of_somebody_else_does_not_stop_an_identification(house, unit):
    one, other = missing(house, "Андрій")[0], missing(house, "Остап")[0]
    excluded(house, unit, one)
    assert lay(house, compare(house, unit, other)).state == "before_board"


def test_what_is_identified_may_be_excluded_as_somebody_else(house, unit):
    one, other = missing(house, "Андрій")[0], missing(house, "Остап")[0]
    identified(house, unit, one)
    made = compare(house, unit, other, conclusion="discordant")
    assert lay(house, made, question="exclude").state == "before_board"


def test_a_question_about_somebody_else_does_not_hide_an_exclusion(house, unit):
    """Decisions are gone through in the order of their numbers; the first is about another person."""
    one, other = missing(house, "Андрій")[0], missing(house, "Остап")[0]
    lay(house, compare(house, unit, other))
    against = compare(house, unit, one, conclusion="discordant")
    decided(house, lay(house, against, question="exclude"))
    made = compare(house, unit, one, supersedes=[against])
    assert_refused(WrongState, lambda: lay(house, made))


def test_two_questions_about_one_pair_do_not_lie_before_the_board_at_once(house, unit, person):
    """Nor does the one that lies there stand in its own way."""
    decision = lay(house, compare(house, unit, person, conclusion="discordant"), question="exclude")
    made = compare(house, unit, person, discipline="secondary", conclusion="discordant", lines=[])
    assert_refused(WrongState, lambda: lay(house, made, question="exclude", ruling="as well"), match=decision.number)
    assert decided(house, decision).state == "excluded"


@pytest.mark.parametrize("question", ["identify", "exclude"])
def test_a_decision_waiting_is_decided_though_another_of_the_unit_waits(house, unit, question):
    one, other = missing(house, "Андрій")[0], missing(house, "Остап")[0]
    lay(house, compare(house, unit, other))
    conclusion = "concordant" if question == "identify" else "discordant"
    decision = lay(house, compare(house, unit, one, conclusion=conclusion), question=question)
    assert decided(house, decision).state in ("certified", "excluded")


# --- whose report it is ----------------------------------------


def test_a_report_closed_as_a_duplicate_is_not_identified(house, unit):
    from dokaz.missing.acts import mark_duplicate

    one, same = missing(house, "Андрій")[0], missing(house, "Андрій")[0]
    made, of_same = compare(house, unit, one), compare(house, unit, same)
    with house.filing("family_liaison", reason="the same passport") as f:
        mark_duplicate(newest(one), f, same_as=newest(same))
    assert_refused(WrongState, lambda: lay(house, made), match=one.number)
    assert lay(house, of_same).state == "before_board"


def test_a_report_whose_person_is_identified_is_not_closed_as_a_duplicate(house, unit):
    """The other of the two is; or the decision is revoked first."""
    from dokaz.missing.acts import mark_duplicate

    one, same = missing(house, "Андрій")[0], missing(house, "Андрій")[0]
    identified(house, unit, one)

    def close(report, other):
        with house.filing("family_liaison", reason="the same passport") as f:
            mark_duplicate(newest(report), f, same_as=newest(other))

    assert_refused(WrongState, lambda: close(one, same), match=one.number)
    close(same, one)
    assert newest(same).state == "duplicate"


def test_a_report_closed_as_a_duplicate_meanwhile_is_not_certified(house, unit):
    from dokaz.missing.acts import mark_duplicate

    one, same = missing(house, "Андрій")[0], missing(house, "Андрій")[0]
    decision = lay(house, compare(house, unit, one))
    with house.filing("family_liaison", reason="the same passport") as f:
        mark_duplicate(newest(one), f, same_as=newest(same))
    assert_refused(WrongState, lambda: sign(house, decision, 1), match=one.number)


# --- what was replaced ----------------------------------------


def test_a_contradiction_in_a_superseded_comparison_no_longer_stands_against(house, unit, person):
    """The board is told of it all the same, and of the reason."""
    from dokaz.errors import ContradictionUnexplained

    against = compare(house, unit, person, discipline="secondary", conclusion="discordant", lines=[])
    made = compare(house, unit, person)
    assert_refused(ContradictionUnexplained, lambda: lay(house, made), match=against.number)
    why = {"supersedes": [against], "why_better": "the jacket was another's"}
    better = compare(house, unit, person, discipline="secondary", **why)
    decision = lay(house, made)
    assert decision.state == "before_board"
    (told,) = decision.contradictions
    assert told["finding"] == {"code": "discordant", "number": against.number, "discipline": "secondary"}
    assert told["explanation"] == "the jacket was another's"
    assert newest(against).superseded_by_id == better.id  # the older one stays readable, and says by what


def test_a_comparison_is_superseded_by_another_of_the_same_pair(house):
    one, other = units(house, 2)
    person, brother = missing(house, "Андрій", "Богдан")
    made = compare(house, one, person)
    for pair in ((other, person), (one, brother)):
        assert_refused(BadChoice, lambda pair=pair: compare(house, *pair, discipline="secondary", supersedes=[made]))
    better = compare(house, one, person, supersedes=[made])
    assert newest(made).state == "superseded" and newest(better).state == "signed"
    assert_refused(WrongState, lambda: compare(house, one, person, supersedes=[made]))


def test_what_two_people_signed_is_superseded_by_two(house, unit, person):
    """One examiner alone takes the place of nothing."""
    against = compare(house, unit, person, conclusion="discordant")
    better = compare(house, unit, person, supersedes=[against], signed=False)
    assert newest(against).state == "signed"
    sign_comparison(house, better, 1)
    assert newest(against).state == "signed"
    sign_comparison(house, better, 2)
    assert newest(against).state == "superseded"


def test_two_newer_ones_take_the_place_of_one(house, unit, person):
    """The first that is signed does; the other is signed all the same."""
    made = compare(house, unit, person)
    one, two = (compare(house, unit, person, supersedes=[made], signed=False) for _ in range(2))
    for newer in (one, two):
        sign_comparison(house, newer, 1)
        sign_comparison(house, newer, 2)
    assert newest(made).superseded_by_id == one.id and newest(two).state == "signed"


def test_superseding_says_what_changed(house, unit, person):
    made = compare(house, unit, person)
    for nothing in ("", "  "):
        assert_refused(EmptyField, lambda nothing=nothing: compare(house, unit, person, supersedes=[made],
                                                                   why_better=nothing))  # fmt: skip
    better = compare(house, unit, person, supersedes=[made])
    assert newest(better).why_better == "a better profile" and newest(better).supersedes == [str(made.id)]


@pytest.mark.parametrize("ruling", ["", "the reported stature was a neighbour's"])
def test_what_two_people_signed_against_it_is_answered_by_the_board(house, unit, person, ruling):
    from dokaz.errors import ContradictionUnexplained

    line = contradiction("relatives overstate stature")
    compare(house, unit, person, discipline="secondary", conclusion="discordant", lines=[line])
    made = compare(house, unit, person)
    if ruling:
        assert decided(house, lay(house, made, ruling=ruling)).state == "certified"
    else:
        assert_refused(ContradictionUnexplained, lambda: lay(house, made), match="CMP-000001")


def test_a_profile_that_is_withdrawn_since_carries_no_certificate(house, unit, person):
    from dokaz.mortuary.acts import withdraw_profile

    decision = lay(house, compare(house, unit, person))
    with house.filing("dna_examiner", reason="tubes were swapped") as f:
        withdraw_profile(newest(newest(decision).recovery_unit.comparisons.get().profile), f)
    assert_refused(WrongState, lambda: sign(house, decision, 1), match="withdrawn")


def test_only_comparisons_of_one_pair_carry_a_decision(house):
    one, other = units(house, 2)
    person, brother = missing(house, "Андрій", "Богдан")
    made = compare(house, one, person)
    for foreign in (compare(house, other, person), compare(house, one, brother)):
        assert_refused(BadChoice, lambda foreign=foreign: lay(house, made, foreign), match=foreign.number)
    again = compare(house, one, person, discipline="secondary")
    assert sorted(lay(house, made, again).comparisons) == sorted([str(made.id), str(again.id)])


def test_rule_11_a_ruling_alone_excludes_nobody(house, unit, person):
    made = compare(house, unit, person, discipline="secondary", conclusion="inconclusive")
    assert_refused(NothingExcludes, lambda: lay(house, made, question="exclude", ruling="I am sure"))
    against = compare(house, unit, person, discipline="secondary", conclusion="discordant", lines=[])
    assert lay(house, against, question="exclude", ruling="a tattoo that the remains lack").state == "before_board"


def test_the_board_is_asked_to_identify_or_to_exclude(house, unit, person):
    made = compare(house, unit, person)
    assert_refused(BadChoice, lambda: lay(house, made, question="certify"))
    assert_refused(EmptyField, lambda: lay_nothing(house))
    assert lay(house, made).question == "identify"


def lay_nothing(house):
    from dokaz.identification.acts import lay_before_board

    with house.filing("investigator") as f:
        lay_before_board(f, comparisons=[])
