"""What is refused is refused in the reader's language, with its values, and nothing of it is lost."""

from __future__ import annotations

import ast
import inspect
import re

import pytest
from casebook import a_grave, a_profile, compare, contradiction, facing, lay, missing, units
from django.utils import translation

from dokaz import errors
from dokaz.errors import BadFile, DiskFull, DokazError, NotYours, WrongState
from dokaz.exchange.deliveries.profiles import read_profiles
from dokaz.graves.acts import register_unit
from dokaz.identification.comparing import circumstances
from dokaz.pages.refusals import sentence, what_and_next
from dokaz.pages.refused_sentences import ERRORS, GIVEN, LEFT_OUT_CLASSES, left_out, sentences

LEFT_OUT = left_out(ast.parse(ERRORS.read_text(encoding="utf-8")))
COMPOSED = sorted(
    (
        one
        for one in vars(errors).values()
        if inspect.isclass(one) and issubclass(one, DokazError) and "__init__" in vars(one)
        if one not in (DokazError, BadFile) and one.__name__ not in LEFT_OUT
    ),
    key=lambda one: one.__name__,
)


def example(of: type[DokazError]) -> tuple[DokazError, list[str]]:
    """An error of a class, and the values that its text must show."""
    values: dict[str, object] = {}
    for name, parameter in list(inspect.signature(of).parameters.items()):
        kind = str(parameter.annotation)
        values[name] = (
            ["X-1", "X-2"] if "list" in kind else (7, 3) if "tuple" in kind else 4 if "int" in kind else f"X-{name}"
        )
    refused = of(**values)
    shown = [f"{refused.what} {refused.next_step}".count(f"X-{name}") and f"X-{name}" for name in values]
    return refused, [one for one in shown if one]


@pytest.mark.parametrize("of", COMPOSED, ids=lambda one: one.__name__)
def test_every_error_is_said_in_ukrainian_with_its_values(of):
    refused, values = example(of)
    with translation.override("uk"):
        said = what_and_next(refused)
    for english, ukrainian in zip((refused.what, refused.next_step), said, strict=True):
        # A frame such as "{what}: {problem}" has no words of its own; what fills it is given by whoever raises it.
        if set(english) - set(" :") and not re.fullmatch(r"(X-\w+(: )?)+", english):
            assert ukrainian != english
    assert all(value in " ".join(said) for value in values)


def test_in_english_the_words_stay_as_they_are():
    refused = WrongState("ZB1-A-0003-B-7", "held by Olha", ["closed"])
    with translation.override("en"):
        assert what_and_next(refused) == (refused.what, refused.next_step)


def test_a_sentence_within_a_sentence_is_translated_too():
    refused = NotYours("ZB1-A-0003-B-7", "held by Ольга", "only the person who holds a thing can hand it over")
    with translation.override("uk"):
        assert what_and_next(refused) == (
            "ZB1-A-0003-B-7: зберігає Ольга",
            "передати річ може лише той, хто її зберігає",
        )
        needed = what_and_next(WrongState("R-1", "withdrawn", ["a closed review", "any other state"]))
    assert needed == ("R-1: відкликано", "для цієї дії потрібно: закритий перегляд або будь-який інший стан")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("x", "це не алель"),
        ("OL", "пік поза алельною драбиною"),
        (">20", "алель поза алельною драбиною"),
        ("9/Mar", "схоже на дату"),
    ],
)
def test_what_is_wrong_with_a_marker_is_said_after_its_name(cell, said):
    table = f"sample_name,TH01 1,TH01 2\nKLN1-G01-0001-B-5,6,{cell}\n"
    with pytest.raises(BadFile) as refused:
        read_profiles(table.encode(), file="p.csv")
    with translation.override("uk"):
        assert f": TH01: {said}" in what_and_next(refused.value)[0]


def test_a_file_is_refused_with_its_place_and_value():
    refused = BadFile("not between 0 and 90", file="survey.csv", line=7, column="e", value="900")
    with translation.override("uk"):
        assert what_and_next(refused)[0] == "survey.csv, рядок 7, стовпець e: не в межах від 0 до 90 (знайдено '900')"


def test_what_an_act_refused_of_a_row_is_translated_within_the_file():
    try:
        try:
            raise errors.NumberTaken("X-9")
        except errors.ActRefused as inner:
            raise BadFile(inner.what, file="a.csv", next_step=inner.next_step) from inner
    except BadFile as refused:
        with translation.override("uk"):
            what, next_step = what_and_next(refused)
    assert what == "a.csv: X-9: цей номер уже надано; номери ніколи не вживають удруге"
    assert next_step.startswith("перевірте етикетку")


def test_nothing_is_lost_of_a_text_that_no_sentence_matches():
    refused = BadFile("wholly unforeseen", file="a.csv", value="b", next_step="ask somebody")
    with translation.override("uk"):
        what, next_step = what_and_next(refused)
        assert sentence("Кістки {чисті}.\nІ сухі.") == "Кістки {чисті}.\nІ сухі."
    assert "wholly unforeseen" in what and "b" in what
    assert next_step == "ask somebody"


def test_a_full_disk_is_said_though_the_engines_are_left_out():
    with translation.override("uk"):
        assert what_and_next(DiskFull("the disk is full"))[0] == "на диску немає місця"


def test_each_class_that_is_left_out_says_why_and_exists():
    assert all(hasattr(errors, name) and why for name, why in LEFT_OUT_CLASSES.items())


def test_sentences_that_are_handed_to_an_error_are_found():
    found = {text for context, text, _ in sentences() if context == GIVEN}
    assert "the photograph is not among the files that were given" in found
    assert "amelogenin shows {amelogenin}; the report says {sex}" in found
    assert not any(text.startswith("file") and "." in text for text in found)


@pytest.fixture
def in_ukrainian():
    """Pages are asked for in Ukrainian; the language of the other tests comes back."""
    with translation.override("uk"):
        yield {"django_language": "uk"}


def test_an_act_is_refused_in_ukrainian_at_its_form(house, browser, in_ukrainian):
    grave = a_grave(house)
    with house.filing("scene") as f:
        unit = register_unit(grave, f, type="B", points=[])
    client = browser("scene")
    client.cookies.load(in_ukrainian)
    page = client.post(f"/units/{unit.number}/lift/", {}).content.decode()
    assert f"{unit.number}: точок знімання — 0, світлин — 0; щоб вилучити" in page
    assert "зніміть її на план" in page
    assert "lifting needs" not in page


def test_the_states_that_an_act_needs_are_said_in_ukrainian(house, browser, in_ukrainian):
    (unit,) = units(house)
    client = browser("scene")
    client.cookies.load(in_ukrainian)
    page = client.get(f"/units/{unit.number}/lift/").content.decode()
    assert f"{unit.number}: зразок відібрано" in page
    assert "на місці виявлення або знято на план" in page


def test_the_rules_of_a_decision_say_in_ukrainian_why_they_do_not_hold(house, browser, in_ukrainian):
    unit, person = units(house)[0], missing(house, "Андрій")[0]
    decision = lay(house, compare(house, unit, person, lines=facing()))
    compare(house, unit, person, discipline="secondary", conclusion="inconclusive",
            lines=[contradiction()], signed=False)  # fmt: skip
    client = browser("board")
    client.cookies.load(in_ukrainian)
    page = client.get(f"/identification/decision/{decision.number}/").content.decode()
    assert f"{unit.number} і {person.number}: непояснена суперечність:" in page
    assert "поясніть це в новому порівнянні" in page


def test_a_line_of_evidence_is_shown_in_ukrainian_with_the_words_that_were_filed(house, browser, in_ukrainian):
    unit, person = units(house)[0], missing(house, "Андрій")[0]
    a_profile(house, unit)
    lines = circumstances(unit, person)
    assert lines
    comparison = compare(house, unit, person, lines=lines)
    assert [one["statement"] for one in comparison.lines] == [one.statement for one in lines]
    client = browser("dna_examiner")
    client.cookies.load(in_ukrainian)
    page = client.get(f"/identification/comparison/{comparison.number}/").content.decode()
    for one in lines:
        assert sentence(one.statement) != one.statement
        assert f'<span title="{one.statement}">{sentence(one.statement)}</span>' in page
