"""The order of the alphabet: as a Ukrainian register has it, on either database and in Python."""

from __future__ import annotations

import random

import pytest

IN_ORDER = [
    "12-та", "Адам", "Єва", "Євген", "Жанна", "Зоя", "Іван", "Ївга", "Йосип", "Мар'яна", "Марія",
    "Ярина", "Adam", "Zoe",
]  # fmt: skip
WITH_ITS_LIKES = [
    "гай",
    "Гнат",
    "ґазда",
    "Ґалаґан",
    "дім",
    "Дуб",
    "Еней",
    "Є",
    "и",
    "і",
    "ї",
    "й",
    "Щур",
    "ьу",
    "юр",
    "Яр",
]


def shuffled(names: list[str]) -> list[str]:
    mixed = names.copy()
    random.Random(7).shuffle(mixed)
    assert mixed != names
    return mixed


@pytest.mark.parametrize("names", [IN_ORDER, WITH_ITS_LIKES])
def test_python_sorts_as_the_alphabet_goes(names):
    from dokaz.casework.alphabet import place_in_alphabet

    assert sorted(shuffled(names), key=place_in_alphabet) == names


@pytest.mark.parametrize("names", [IN_ORDER, WITH_ITS_LIKES])
def test_the_database_sorts_as_the_alphabet_goes_and_back(house, names):
    from dokaz.casework.acts import enrol, offer
    from dokaz.casework.alphabet import InAlphabet
    from dokaz.casework.models import Person
    from dokaz.ledger.personal import from_seed

    with house.filing("administrator") as f:
        for nth, name in enumerate(shuffled(names)):
            key = from_seed(bytes([nth]) * 32)
            enrol(f, name=name, key=offer(key, house.store))
    found = Person.objects.filter(name__in=names).values_list("name", flat=True)
    assert list(found.order_by(InAlphabet("name"))) == names
    assert list(found.order_by(InAlphabet("name").desc())) == names[::-1]
    assert list(found.distinct().order_by(InAlphabet("name"))[3:6]) == names[3:6]


def test_what_was_not_recorded_has_no_place(house):
    from django.db.models import TextField, Value

    from dokaz.casework.alphabet import InAlphabet
    from dokaz.casework.models import Person

    nothing = InAlphabet(Value(None, output_field=TextField()))
    assert Person.objects.values_list(nothing, flat=True).first() is None
