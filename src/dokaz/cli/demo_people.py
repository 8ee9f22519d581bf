"""The invented people of the demo: those whom the delivered files name, and one for every office."""

from __future__ import annotations

from dataclasses import dataclass

PASSPHRASE = "invented case 2026"


@dataclass(frozen=True)
class Invented:
    """A person of the demo; ``login`` where they sign in."""

    name: str
    roles: tuple[str, ...]
    login: str = ""
    organisation: str = ""


ADMINISTRATOR = "Вербова Ганна"
LIAISON = "Степняк Орест"
EXAMINERS = ("Зоря Марта", "Гайовий Петро")
BOARD = ("Тополя Надія", "Ясенко Роман")
INVESTIGATOR = "Лозовий Тарас"
MORTUARY = "Білик Оксана"
PROSECUTOR = "Калинова Віра"

PEOPLE: tuple[Invented, ...] = (
    Invented("Гончаренко Павло", ("scene",), "scene", "Пошукова група 1"),
    Invented("Левада Ірина", ("scene",), "", "Пошукова група 2"),
    Invented("Кременчук Остап", ("scene",), "", "Пошукова група 3"),
    Invented("Сорока Данило", ("scene",), "", "Холодильний вагон"),
    Invented(MORTUARY, ("mortuary",), "mortuary", "Морг, Липовий Брід"),
    Invented("Яворенко Ніна", ("mortuary",), "", "Морг, Липовий Брід"),
    Invented("Крук Мар'яна", ("mortuary",), "", "Морг, Липовий Брід"),
    Invented("Степаненко Лев", ("mortuary",), "", "Морг, Липовий Брід"),
    Invented(LIAISON, ("family_liaison", "dna_examiner"), "liaison", "Робота з родинами"),
    Invented(EXAMINERS[0], ("dna_examiner",), "dna", "Лабораторія «Північ»"),
    Invented(EXAMINERS[1], ("dna_examiner",), "dna2", "Лабораторія «Південь»"),
    Invented("Пальчик Юрій", ("print_examiner",), "prints"),
    Invented(INVESTIGATOR, ("investigator",), "investigator"),
    Invented("Числова Олена", ("analyst",), "analyst"),
    Invented(BOARD[0], ("board",), "board"),
    Invented(BOARD[1], ("board",), "board2"),
    Invented(PROSECUTOR, ("prosecutor",), "prosecutor"),
    Invented("Захисний Ілля", ("defence",), "defence"),
    Invented("Рахункова Дарина", ("auditor",), "auditor"),
)
