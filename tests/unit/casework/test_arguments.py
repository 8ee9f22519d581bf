"""What an act is handed is of the kinds that its signature states, at whatever depth, and can be read."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NotRequired, TypedDict

import pytest

from dokaz.casework.arguments import MOST_CHARACTERS, check_arguments, check_text, hints_of
from dokaz.casework.models import Key, Person
from dokaz.casework.records import Record
from dokaz.errors import TextTooLong, UnreadableCharacter, WrongKind
from dokaz.vault import Readable


class Named(TypedDict):
    id: str
    born: NotRequired[int]


@dataclass(frozen=True)
class Pair:
    left: str
    right: int | None = None


def act_of(kind):
    """A function of one argument of that kind."""

    def act(filing: Any, *, it) -> None:
        """Nothing."""

    act.__annotations__["it"] = kind
    return act


def checked(kind, value, filed=lambda record: None):
    check_arguments(act_of(kind), {"it": value}, filed)


NOW = dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (str, "Вигаданий\n\t"),
        (str, ""),
        (int, 7),
        (bool, True),
        (bytes, b"x"),
        (Decimal, Decimal("1.5")),
        (dt.date, dt.date(1850, 1, 1)),
        (dt.date, dt.date(2200, 12, 31)),
        (dt.datetime, NOW),
        (str | None, None),
        (str | None, "x"),
        (int | str | Decimal, "7"),
        (int | str | Decimal, Decimal(7)),
        (Sequence[str], ["a", "b"]),
        (Sequence[str], ("a",)),
        (Sequence[str], []),
        (list[int], [1]),
        (tuple[str, int], ("a", 1)),
        (tuple[str, ...], ("a", "b", "c")),
        (Mapping[str, Sequence[str]], {"TH01": ["6", "9.3"]}),
        (dict[str, int], {}),
        (Named, {"id": "F"}),
        (Named, {"id": "F", "born": 1990}),
        (Pair, Pair("a", 1)),
        (Pair, Pair("a")),
        (Readable, io.BytesIO(b"x")),
        (object, {"a": [1, None, True, "x", {"b": []}]}),
        (Any, "x"),
        (Sequence[Any], [[[[[[["x"]]]]]]]),
    ],
)
def test_a_value_of_its_kind_passes(kind, value):
    assert checked(kind, value) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (str, 7),
        (str, None),
        (str, b"x"),
        (int, "7"),
        (int, True),
        (int, 7.0),
        (bool, 1),
        (bool, None),
        (bytes, "x"),
        (Decimal, 1.5),
        (Decimal, Decimal("NaN")),
        (Decimal, Decimal("Infinity")),
        (dt.date, NOW),
        (dt.date, "2026-05-01"),
        (dt.date, dt.date(1849, 12, 31)),
        (dt.date, dt.date(2201, 1, 1)),
        (dt.datetime, dt.date(2026, 5, 1)),
        (dt.datetime, NOW.replace(tzinfo=None)),
        (dt.datetime, NOW.replace(year=1849)),
        (dt.datetime, NOW.replace(year=2201)),
        (str | None, 7),
        (int | str | Decimal, 7.5),
        (Sequence[str], "ab"),
        (Sequence[str], ["a", 7]),
        (Sequence[str], {"a"}),
        (tuple[str, int], ("a",)),
        (tuple[str, int], ("a", 1, 2)),
        (tuple[str, int], ("a", "b")),
        (tuple[str, int], "ab"),
        (tuple[str, ...], ("a", 7)),
        (Mapping[str, int], [("a", 1)]),
        (Mapping[str, int], {1: 1}),
        (Mapping[str, int], {"a": "b"}),
        (Named, {"born": 1990}),
        (Named, {"id": "F", "died": 2022}),
        (Named, {"id": 7}),
        (Named, [("id", "F")]),
        (Pair, {"left": "a"}),
        (Pair, Pair(7)),
        (Pair, Pair("a", "b")),
        (Readable, b"x"),
        (object, 1.5),
        (object, {"a": {1}}),
        (object, {1: "a"}),
        (Any, object()),
    ],
)
def test_a_value_of_another_kind_is_refused(kind, value):
    with pytest.raises(WrongKind):
        checked(kind, value)


@pytest.mark.parametrize("kind", [object, Sequence[Any], Mapping[str, Any]])
def test_lists_lie_eight_deep_in_each_other_and_no_deeper(kind):
    def nested(depth):
        value = "x"
        for _ in range(depth):
            value = {"a": value} if kind == Mapping[str, Any] else [value]
        return value

    assert checked(kind, nested(8)) is None
    with pytest.raises(WrongKind):
        checked(kind, nested(9))


class Holds(TypedDict):
    it: object


@dataclass(frozen=True)
class Holder:
    it: object


@pytest.mark.parametrize(
    ("kind", "wrapped"),
    [
        (tuple[object, int], lambda value: (value, 1)),
        (tuple[object, ...], lambda value: (value,)),
        (Holds, lambda value: {"it": value}),
        (Holder, Holder),
        (Mapping[str, object], lambda value: {"it": value}),
        (Sequence[object] | None, lambda value: [value]),
    ],
)
def test_whatever_holds_a_list_counts_as_a_level(kind, wrapped):
    value = "x"
    for _ in range(7):
        value = [value]
    assert checked(kind, wrapped(value)) is None
    with pytest.raises(WrongKind):
        checked(kind, wrapped([value]))


@pytest.mark.parametrize(
    "value",
    ["\0", "a\x1bb", "\u202eabc", "\u2066", "\x7f", "\x9f", "\ud800", "\uffff"],
)
@pytest.mark.parametrize("wrapped", [lambda x: x, lambda x: [x], lambda x: {x: "a"}, lambda x: {"a": [x]}])
def test_what_looks_like_another_text_is_refused_wherever_it_lies(value, wrapped):
    with pytest.raises(UnreadableCharacter):
        checked(object, wrapped(value))


@pytest.mark.parametrize("value", ["a\tb\r\nc", "\x20", "\u200d", "\xa0", "Ґ", "\U0001f9b4"])
def test_what_people_type_is_read(value):
    assert check_text("name", value) is None


def test_a_text_has_a_length():
    assert check_text("name", "x" * MOST_CHARACTERS) is None
    with pytest.raises(TextTooLong):
        check_text("name", "x" * (MOST_CHARACTERS + 1))


def test_a_record_is_one_of_its_kind_and_is_asked_for_its_newest_version():
    asked = []
    person, key = Person(number="P"), Key(number="K")
    for kind in (Person, Record, Person | None, Sequence[Record]):
        checked(kind, [person] if kind == Sequence[Record] else person, asked.append)
    assert asked == [person] * 4
    for kind in (Key, str, Key | None):
        with pytest.raises(WrongKind):
            checked(kind, person, asked.append)
    with pytest.raises(WrongKind):
        checked(object, key, asked.append)
    assert asked == [person] * 4


def test_arguments_that_are_left_out_are_not_checked_and_neither_is_the_filing():
    function = act_of(str)
    assert hints_of(function) == {"it": str}
    assert check_arguments(function, {"filing": 7}, lambda record: None) is None
