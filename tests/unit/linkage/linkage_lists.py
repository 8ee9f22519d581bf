"""Invented people on two lists, the second written by another hand."""

from __future__ import annotations

import random

from dokaz.linkage import Listed

_ROOTS = """
Гончаренко Лисенко Савчук Мельник Бойко Ткачук Кравець Поліщук Романюк Захарчук Дорошенко Козак Гуменюк Яременко Білоус
Черненко Остапчук Рибалко Федорук Назаренко Зінченко Пархоменко Кузьменко Литвин Вовк
"""
SURNAMES = _ROOTS.split()
RUSSIAN = {"Микола": "Николай", "Сергій": "Сергей", "Олександр": "Александр", "Дмитро": "Дмитрий", "Петро": "Пётр"}
GIVEN = [*RUSSIAN, "Тарас", "Роман", "Богдан"]
FATHERS = {"Миколайович": "Николаевич", "Сергійович": "Сергеевич", "Петрович": "Петрович", "Іванович": "Иванович"}
PLACES = {"Ізюм": "Изюм", "Харків": "Харьков", "Лиман": "Лиман", "Балаклія": "Балаклея"}


def people(number: int, seed: int = 1) -> list[Listed]:
    """Different people."""
    draw = random.Random(seed)
    found: dict[Listed, None] = {}
    while len(found) < number:
        born = f"{draw.randint(1, 28):02d}.{draw.randint(1, 12):02d}.{draw.randint(1950, 2000)}"
        surname = draw.choice(SURNAMES) + draw.choice(["", "", "", "ко", "ський"])
        found[Listed(surname, draw.choice(GIVEN), draw.choice(list(FATHERS)), born, draw.choice(list(PLACES)))] = None
    return list(found)


def in_another_hand(person: Listed, draw: random.Random) -> Listed:
    """Russian forms, initials, a slip, a year alone."""
    given, patronymic = RUSSIAN.get(person.given, person.given), FATHERS[person.patronymic]
    if draw.random() < 0.2:
        given, patronymic = given[0] + ".", patronymic[0] + "."
    surname = person.surname
    if draw.random() < 0.2:
        at = draw.randrange(1, len(surname) - 1)
        surname = surname[:at] + surname[at + 1 :]
    dob = person.dob if draw.random() < 0.6 else person.dob[-4:]
    return Listed(surname, given, patronymic, dob, PLACES[person.place] if draw.random() < 0.7 else "")


def two_lists(
    left: int, right: int, both: int, seed: int = 1
) -> tuple[list[Listed], list[Listed], set[tuple[int, int]]]:
    """Two lists with so many people on both, and which rows those are."""
    draw = random.Random(seed)
    everybody = people(left + right - both, seed)
    rows = [*range(both), *range(left, left + right - both)]
    draw.shuffle(rows)
    other = [in_another_hand(everybody[row], draw) for row in rows]
    return everybody[:left], other, {(row, at) for at, row in enumerate(rows) if row < left}
