"""What is laid before the board, once, and never a tie that nothing resolves."""

from casebook import (
    assert_refused,
    compare,
    decided,
    facing,
    identified,
    lay,
    missing,
    sign,
)

from dokaz.errors import (
    NotDistinguished,
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
