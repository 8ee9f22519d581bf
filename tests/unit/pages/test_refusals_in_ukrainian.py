"""What is refused is refused in the reader's language, with its values."""

from __future__ import annotations

import dataclasses
import inspect
import string

import pytest
from casebook import a_grave, compare, contradiction, facing, lay, missing, units
from django.utils import translation

from dokaz import errors
from dokaz.casework.roles import Role
from dokaz.errors import BadFile, DiskFull, DokazError, EngineError, NotInOffice, NotYours, WrongState, sentence
from dokaz.exchange.deliveries.profiles import read_profiles
from dokaz.graves.acts import register_unit
from dokaz.graves.models import State
from dokaz.pages.refusals import in_words, what_and_next

TEMPLATED = sorted(
    (one for one in vars(errors).values() if inspect.isclass(one) and dataclasses.is_dataclass(one)
     if issubclass(one, DokazError)),
    key=lambda one: one.__name__,
)  # fmt: skip


def example(of: type[DokazError]) -> tuple[DokazError, set[str]]:
    """An error of a class, and the values that its text must show."""
    given: dict[str, object] = {}
    for field in dataclasses.fields(of):
        kind = str(field.type)
        given[field.name] = [f"X-{field.name}"] if "Sequence" in kind else 4 if kind == "int" else f"X-{field.name}"
    refused = of(**given)
    return refused, {f"X-{name}" for name in given if f"X-{name}" in f"{refused.what} {refused.next_step}"}


def has_words(template: str) -> bool:
    return any(character.isalpha() for text, *_ in string.Formatter().parse(template) for character in text)


@pytest.mark.parametrize("of", TEMPLATED, ids=lambda one: one.__name__)
def test_every_error_is_said_in_ukrainian_with_its_values(of):
    refused, values = example(of)
    with translation.override("uk"):
        what, next_step = what_and_next(refused)
    assert what != refused.what or not has_words(of.template)
    assert next_step != refused.next_step or not has_words(of.next_template)
    assert all(value in f"{what} {next_step}" for value in values)


def test_every_error_has_a_class_that_says_how_it_speaks():
    silent = [one.__name__ for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, DokazError)
              if not hasattr(one, "template") and not one.__subclasses__()]  # fmt: skip
    assert silent == []


def test_in_english_the_words_stay_as_they_are():
    refused = WrongState("ZB1-A-0003-B-7", State.LIFTED.label, [State.RECEIVED.label])
    with translation.override("en"):
        assert what_and_next(refused) == (refused.what, refused.next_step)
    assert str(refused) == "ZB1-A-0003-B-7 is lifted\n  next: this act needs: received"


def test_a_sentence_within_a_sentence_is_translated_too():
    refused = NotYours(
        "ZB1-A-0003-B-7",
        sentence("held by {holder}", holder="Ольга"),
        sentence("only the person who holds a thing can hand it over"),
    )
    with translation.override("uk"):
        assert what_and_next(refused) == (
            "ZB1-A-0003-B-7: зберігає Ольга",
            "передати річ може лише той, хто її зберігає",
        )
        needed = WrongState("R-1", sentence("withdrawn"), [sentence("a closed review"), sentence("any other state")])
        assert what_and_next(needed) == (
            "R-1: відкликано",
            "для цієї дії потрібно: закритий перегляд або будь-який інший стан",
        )


def test_an_office_is_its_code_to_a_command_and_its_name_to_a_reader():
    refused = NotInOffice("graves.lift", Role.DEFENCE, [Role.MORTUARY, Role.SCENE])
    assert refused.next_step == "act as one of: mortuary, scene"
    with translation.override("uk"):
        assert what_and_next(refused)[1].endswith(": морг, місце виявлення")


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
    problem = sentence("not between {low} and {high}", low=0, high=90)
    refused = BadFile(problem, file="survey.csv", line=7, column="e", value="900")
    assert str(refused) == "survey.csv, line 7, column e: not between 0 and 90 (found '900')"
    with translation.override("uk"):
        assert what_and_next(refused) == (
            "survey.csv, рядок 7, стовпець e: не в межах від 0 до 90 (знайдено '900')",
            "",
        )


def test_what_an_act_refused_of_a_row_is_translated_within_the_file():
    inner = errors.NumberTaken("X-9")
    with translation.override("uk"):
        what, next_step = what_and_next(BadFile(inner.what, file="a.csv", next_step=inner.next_step))
    assert what == "a.csv: X-9: цей номер уже надано; номери ніколи не вживають удруге"
    assert next_step.startswith("перевірте етикетку")


def test_braces_in_a_value_are_a_value():
    with translation.override("uk"):
        assert "{name} {0}" in in_words(sentence("held by {holder}", holder="{name} {0}"))


def test_what_only_commands_say_stays_in_english():
    refused = EngineError("a {brace} of the engine", "ask somebody")
    with translation.override("uk"):
        assert what_and_next(refused) == ("a {brace} of the engine", "ask somebody")


def test_a_full_disk_is_said_to_whoever_fills_a_form():
    with translation.override("uk"):
        assert what_and_next(DiskFull(sentence("the disk is full")))[0] == "на диску немає місця"


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
    assert "стан «на місці виявлення» або стан «знято на план»" in page


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
