"""Invented lists of Ukrainians for `bench/linkage.py`: the missing, and the entries of a prisoner log in another hand.

Names come from `names-translator` (MIT): 118,127 surnames, 11,001 given names and 16,901 patronymics, each with its
Russian form. Dokaz ships none of its surnames and patronymics, and of its given names only those that it had in a
table of its own, so the matcher meets nearly all names here for the first time. All people are invented.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from dokaz.linkage import Listed

#: Men's names as common as they are in towns of the east, the commonest first; their Russian forms come from the package.
_GIVEN_NAMES = """
олександр сергій володимир андрій микола юрій віктор олексій дмитро ігор іван михайло василь анатолій євген роман
віталій петро максим олег вадим валерій руслан денис павло геннадій григорій артем станіслав ярослав богдан
костянтин антон едуард вячеслав леонід кирило данило ілля федір степан тарас валентин борис георгій микита
владислав назар семен яків пилип юхим прокіп гліб лев матвій захар савва орест остап трохим
"""
_PLACE_NAMES = """
Ізюм|Изюм Балаклія|Балаклея Харків|Харьков Куп'янськ|Купянск Вовчанськ|Волчанск Херсон|Херсон Бердянськ|Бердянск
Маріуполь|Мариуполь Лиман|Лиман Слов'янськ|Славянск Чугуїв|Чугуев Барвінкове|Барвенково Борова|Боровая
Савинці|Савинцы Шевченкове|Шевченково Оскіл|Оскол Донець|Донец Андріївка|Андреевка Зміїв|Змиев Пісочин|Песочин
"""
_GIVEN, _PLACES = _GIVEN_NAMES.split(), _PLACE_NAMES.split()
_DIMINUTIVES = {
    "олександр": "Саша",
    "сергій": "Серёжа",
    "володимир": "Вова",
    "микола": "Коля",
    "дмитро": "Дима",
    "іван": "Ваня",
}
_HEARD = [("б", "п"), ("д", "т"), ("г", "х"), ("о", "а"), ("е", "и"), ("з", "с"), ("ж", "ш"), ("в", "ф"), ("и", "і")]
_LATIN = dict(zip("аеіорсух", "aeiopcyx", strict=True))
_KMU = dict(zip("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", [
    "a", "b", "v", "h", "g", "d", "e", "ie", "zh", "z", "y", "i", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t",
    "u", "f", "kh", "ts", "ch", "sh", "shch", "", "iu", "ia"], strict=True))  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """A name in Ukrainian and in Russian."""

    uk: str
    ru: str


@dataclass(frozen=True)
class Person:
    surname: Pair
    given: Pair
    patronymic: Pair
    born: tuple[int, int, int]
    place: Pair


def tables() -> tuple[list[Pair], list[Pair], dict[str, Pair]]:
    """Surnames of men, given names the commonest first, and patronymics by the father's name."""
    from names_translator.dicts import NameDicts

    names = NameDicts()
    last, first, fathers = (names.as_dict(pool) for pool in ("last", "first", "patronymic"))
    women = ("ова", "єва", "ева", "іна", "ська", "цька", "зька", "їна", "ина", "ая", "на")
    men = (uk for uk in last if not uk.endswith(women) and len(uk) > 2 and "-" not in uk)
    surnames = [Pair(uk.title(), last[uk][0].title()) for uk in men]
    given = [Pair(uk.title(), first[uk][0]) for uk in _GIVEN if uk in first]
    of = {}
    for name in given:
        uk = next((form for form in _patronymics(name.uk.lower()) if form in fathers), "")
        if uk:
            of[name.uk] = Pair(uk.title(), fathers[uk][0])
    return surnames, given, of


def _patronymics(name: str) -> list[str]:
    """How a son of a man of this name may be called."""
    bare = name.rstrip("оаья")
    special = {"микола": "миколайович", "ілля": "ілліч", "яків": "якович", "григорій": "григорович", "лев": "львович"}
    return [special.get(name, ""), f"{name}ович", f"{bare}ьович", f"{bare}ович", f"{bare}ич", f"{name}вич"]


def lists(
    missing: int, entries: int, shared: int, seed: int = 1
) -> tuple[list[Listed], list[Listed], set[tuple[int, int]]]:
    """A list of the missing, a log, and which rows are of one person; nobody is twice on a list."""
    draw = random.Random(seed)
    surnames, given, fathers = tables()
    draw.shuffle(surnames)
    rank = [1 / (k + 30) ** 0.9 for k in range(len(surnames))]
    common = [1 / (k + 3) for k in range(len(given))]
    known = [(fathers[name.uk], weight) for name, weight in zip(given, common, strict=True) if name.uk in fathers]
    of_fathers = [pair for pair, _ in known], [weight for _, weight in known]
    people: list[Person] = []
    chosen = iter(draw.choices(surnames, rank, k=2 * (missing + entries)))
    places = [Pair(*each.split("|")) for each in _PLACES]
    while len(people) < missing + entries - shared:
        if people and draw.random() < 0.06:  # a brother
            other = draw.choice(people[-2000:])
            surname, patronymic, place = other.surname, other.patronymic, other.place
            year = other.born[0] + draw.randint(-8, 8)
        else:
            surname, patronymic, place = next(chosen), draw.choices(*of_fathers)[0], draw.choice(places)
            year = int(draw.triangular(1940, 2005, 1980))
        born = (year, draw.randint(1, 12), draw.randint(1, 28))
        people.append(Person(surname, draw.choices(given, common)[0], patronymic, born, place))
    left = people[:missing]
    both = draw.sample(range(missing), shared)
    log = [(left[k], k) for k in both] + [(person, -1) for person in people[missing:]]
    draw.shuffle(log)
    truth = {(k, row) for row, (_, k) in enumerate(log) if k >= 0}
    return [_as_missed(each, draw) for each in left], [_as_logged(each, draw) for each, _ in log], truth


def _as_missed(person: Person, draw: random.Random) -> Listed:
    """As a family says it: Ukrainian, nearly whole."""
    y, m, d = person.born
    born = f"{d:02d}.{m:02d}.{y}" if draw.random() < 0.9 else str(y)
    return Listed(
        person.surname.uk,
        person.given.uk,
        person.patronymic.uk if draw.random() < 0.93 else "",
        born,
        person.place.uk if draw.random() < 0.9 else "",
    )


def _as_logged(person: Person, draw: random.Random) -> Listed:
    """As a guard writes it down by ear: Russian or Ukrainian, initials, slips, whatever date he was told."""
    russian = draw.random() < 0.6
    surname, given, patronymic = (
        (pair.ru if russian else pair.uk) for pair in (person.surname, person.given, person.patronymic)
    )
    if draw.random() < 0.25:
        given, patronymic = given[0] + ".", patronymic[0] + "."
    elif draw.random() < 0.2:
        patronymic = ""
    elif draw.random() < 0.05:
        given = _DIMINUTIVES.get(person.given.uk.lower(), given)
    if draw.random() < 0.18:
        surname = _slip(surname, draw)
    if draw.random() < 0.05 and len(given) > 2:
        given = _slip(given, draw)
    if draw.random() < 0.03:
        surname = "".join(_LATIN.get(letter, letter) if draw.random() < 0.4 else letter for letter in surname)
    if draw.random() < 0.03 and not russian:
        surname, given, patronymic = (
            "".join(_KMU.get(letter, letter) for letter in part.lower()).title()
            for part in (surname, given, patronymic)
        )
    if draw.random() < 0.02:
        surname, given = given, surname
    if draw.random() < 0.05 and surname.endswith(("енко", "ук", "юк")):
        surname = surname.removesuffix("о") + "а"
    return Listed(surname, given, patronymic, _logged_date(person.born, draw), _logged_place(person, russian, draw))


def _logged_date(born: tuple[int, int, int], draw: random.Random) -> str:
    y, m, d = born
    chance = draw.random()
    if chance < 0.08:
        y += draw.choice((-10, -2, -1, 1, 2, 10))
    elif chance < 0.11:
        m, d = d, m
    elif chance < 0.14:
        d = draw.randint(1, 28)
    form = draw.random()
    if form < 0.45:
        return f"{d:02d}.{m:02d}.{y}"
    if form < 0.78:
        return str(y)
    if form < 0.84:
        return f"{m:02d}.{y}" if m <= 12 else str(y)
    if form < 0.88:
        return f"{d:02d}.{m:02d}.{y % 100:02d}"
    return f"00.00.{y}" if form < 0.90 else ""


def _logged_place(person: Person, russian: bool, draw: random.Random) -> str:
    chance = draw.random()
    if chance < 0.35:
        return ""
    if chance < 0.45:
        return draw.choice(_PLACES).split("|")[russian]
    return person.place.ru if russian else person.place.uk


def _slip(name: str, draw: random.Random) -> str:
    """One letter left out, doubled, exchanged with its neighbour, or another that sounds alike."""
    at = draw.randrange(1, len(name))
    kind = draw.random()
    if kind < 0.4:
        heard = [(a, b) for a, b in (*_HEARD, *((b, a) for a, b in _HEARD)) if a in name[1:]]
        if heard:
            a, b = draw.choice(heard)
            return name[0] + name[1:].replace(a, b, 1)
    if kind < 0.6:
        return name[:at] + name[at + 1 :]
    if kind < 0.8 and at + 1 < len(name):
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + name[at] + name[at:]
