"""Two lists of people as they are written, and each cell as what can be compared: text, key, initial, date.

Each different cell is read once, however often it is there; from then on a person is a row of numbers, one a field.
What stands in the wrong column is put where it belongs first: a whole name in the surname's, a patronymic or two
initials in the given name's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dokaz.errors import BadPeople
from dokaz.linkage.birth_dates import BirthDate, read_birth_date
from dokaz.linkage.daitch_mokotoff import daitch_mokotoff
from dokaz.linkage.given_names import initials, is_patronymic_like, one_father, one_name
from dokaz.linkage.places import place_key, place_text
from dokaz.linkage.spelling import cleaned, is_cyrillic, skeleton
from dokaz.linkage.surnames import surname_key

NAMES = ("surname", "given", "patronymic")
FIELDS = (*NAMES, "dob", "place")
Ids = NDArray[np.int64]
#: Longer cells are no names: what is compared of them ends here.
LONGEST_COMPARED = 80
_INITIALS = re.compile(r"(\w)\s*\.?\s*(\w)\s*\.?")
_INITIAL = re.compile(r"(\w)\.")


@dataclass(frozen=True, slots=True)
class Listed:
    """One person as a list names them; a field that the list lacks is empty."""

    surname: str = ""
    given: str = ""
    patronymic: str = ""
    dob: str = ""
    place: str = ""

    def in_place(self) -> Listed:
        """The same with each part of the name in the field that it belongs to.

        Example:
            >>> Listed("Шевченко Т.Г.").in_place()
            Listed(surname='Шевченко', given='Т', patronymic='Г', dob='', place='')
            >>> Listed("Коваль", "Іван Петрович").in_place().patronymic
            'Петрович'
        """
        surname, given, patronymic = self.surname, self.given, self.patronymic
        if len(cleaned(surname)) == 1 < len(cleaned(given)):
            surname, given = given, surname  # an initial is no surname
        if surname and not given and not patronymic:
            surname, given, patronymic = name_parts(surname)
        elif given and not patronymic:
            given, patronymic = _given_and_patronymic(given)
        return Listed(surname, given, patronymic, self.dob, self.place)


def name_parts(whole: str) -> tuple[str, str, str]:
    """Surname, given name and patronymic of a name in one cell.

    A comma parts a surname from the rest. Otherwise a Cyrillic name begins with its surname unless its patronymic is
    in the middle, and a Latin one ends with it.

    Example:
        >>> name_parts("Тарас Григорович Шевченко"), name_parts("Smith, John"), name_parts("Anna Maria Smith")
        (('Шевченко', 'Тарас', 'Григорович'), ('Smith', 'John', ''), ('Smith', 'Anna Maria', ''))
    """
    first, comma, rest = whole.partition(",")
    if comma and rest.strip():
        return first.strip(), *_given_and_patronymic(rest.strip())
    words = _INITIAL.sub(r"\1 ", whole).replace(",", " ").split()
    if len(words) < 2:
        return whole.strip(), "", ""
    if is_cyrillic(cleaned(whole)):
        if len(words) == 3 and is_patronymic_like(words[1]) and not is_patronymic_like(words[2]):
            return words[2], words[0], words[1]
        if len(words) == 3 and len(words[0]) == len(words[1]) == 1:
            return words[2], words[0], words[1]
        return words[0], words[1], " ".join(words[2:])
    return words[-1], " ".join(words[:-1]), ""


def _given_and_patronymic(given: str) -> tuple[str, str]:
    words = given.split()
    if found := _INITIALS.fullmatch(given):
        return (found[1], found[2]) if is_cyrillic(cleaned(given)) else (given, "")
    if (
        len(words) > 1
        and is_cyrillic(cleaned(given))
        and (is_patronymic_like(words[-1]) or _INITIAL.fullmatch(words[-1]))
    ):
        return " ".join(words[:-1]), words[-1].rstrip(".")
    return given, ""


@dataclass(frozen=True)
class NameCells:
    """The different cells of a field of names or places; number 0 is the empty one.

    Args:
        texts: Cleaned.
        bones: Skeletons, by which spellings are compared letter by letter.
        key_ids: Alike for the forms of one name; 0 for none.
        sounds: Two Daitch–Mokotoff codes a cell, as numbers; alike where there is one.
        initials: Bits of the letters with which the name may begin.
        is_initial: Whether the cell is a single letter.
        lengths: Of the skeletons. ``starts``: alike where these begin with the same three letters; 0 for shorter ones.
        is_double: Whether a skeleton is of several words.
        shares: Which part of all filled cells are this one; and have its key.
    """

    texts: tuple[str, ...]
    bones: tuple[str, ...]
    key_ids: Ids
    sounds: Ids
    initials: Ids
    is_initial: NDArray[np.bool_]
    lengths: Ids
    starts: Ids
    is_double: NDArray[np.bool_]
    text_shares: NDArray[np.float64]
    key_shares: NDArray[np.float64]


@dataclass(frozen=True)
class DateCells:
    """The different cells of dates; number 0 is the empty one. 0 is a part that is not known."""

    dates: tuple[BirthDate, ...]
    text_shares: NDArray[np.float64]
    year: Ids
    month: Ids
    day: Ids
    first_year: Ids
    last_year: Ids
    digits: Ids


@dataclass(frozen=True)
class Lists:
    """Two lists, or one against itself, ready to be compared.

    Args:
        names: Cells of surname, given, patronymic and place.
        left: By field, the number of each person's cell. ``right`` likewise.
        is_one: Both are the same list, and a pair is two of its rows.
    """

    names: Mapping[str, NameCells]
    dates: DateCells
    left: Mapping[str, Ids]
    right: Mapping[str, Ids]
    is_one: bool
    unread_dates: int

    @property
    def sizes(self) -> tuple[int, int]:
        return len(self.left["surname"]), len(self.right["surname"])

    @property
    def pairs(self) -> int:
        """How many pairs there are at all."""
        a, b = self.sizes
        return a * (a - 1) // 2 if self.is_one else a * b


def prepare(left: Sequence[Listed], right: Sequence[Listed] | None = None, *, ages_hold_in: int = 0) -> Lists:
    """Read two lists, or one against itself.

    Args:
        ages_hold_in: The year in which ages were written down, where dates of birth are ages.

    Raises:
        BadPeople: a list without anybody, or lists without a field in common.
    """
    is_one = right is None
    both = [person.in_place() for person in (*left, *(right or ()))]
    if not left or (right is not None and not right):
        raise BadPeople("a list has nobody on it", "give lists of people, one a row")
    texts: dict[str, list[str]] = {field: [getattr(person, field) for person in both] for field in FIELDS}
    cut = len(left)
    if is_one and cut < 2:
        raise BadPeople("a list of one has nobody to be held against", "give another list, or more people")
    start = 0 if is_one else cut
    if not any(
        any(map(str.strip, cells[:cut])) and any(map(str.strip, cells[-len(right or left) :]))
        for cells in texts.values()
    ):
        raise BadPeople("the lists have no field in common", f"both need at least one of: {', '.join(FIELDS)}")
    readers: dict[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
        "surname": (cleaned, surname_key),
        "given": (cleaned, one_name),
        "patronymic": (cleaned, one_father),
        "place": (place_text, place_key),
    }
    names, ids = {}, {}
    for field, (text_of, key_of) in readers.items():
        names[field], ids[field] = _name_cells(texts[field], text_of, key_of, field)
    dates, ids["dob"], unread = _date_cells(texts["dob"], ages_hold_in)
    return Lists(names, dates, {f: ids[f][:cut] for f in FIELDS}, {f: ids[f][start:] for f in FIELDS}, is_one, unread)


def numbered(values: Sequence[str]) -> tuple[list[str], Ids]:
    """The different texts, the empty one first, and for each of the given ones its number."""
    number = {"": 0}
    ids = np.fromiter((number.setdefault(value, len(number)) for value in values), np.int64, len(values))
    return list(number), ids


def _name_cells(
    raw: Sequence[str], text_of: Callable[[str], str], key_of: Callable[[str], str], field: str
) -> tuple[NameCells, Ids]:
    different, of_raw = numbered(raw)
    texts, of_text = numbered([text_of(cell[:LONGEST_COMPARED]) for cell in different])
    ids = of_text[of_raw]
    keys, key_ids = numbered([key_of(text) for text in texts])
    codes = [daitch_mokotoff(text) if field == "surname" else () for text in texts]
    _, sounds = numbered([code[at] if code else "" for code in codes for at in (0, -1)])
    counts = np.bincount(ids, minlength=len(texts)).astype(float)
    counts[0] = 0.0
    by_key = np.bincount(key_ids, counts, minlength=len(keys))
    filled = max(counts.sum(), 1.0)
    bones = tuple(map(surname_key if field == "surname" else skeleton, texts))
    letters = np.array([_letters(text, field) for text in texts], np.int64)
    cells = NameCells(
        texts=tuple(texts),
        bones=bones,
        key_ids=key_ids,
        sounds=sounds.reshape(-1, 2),
        initials=letters,
        is_initial=np.array([len(text) == 1 and text.isalpha() for text in texts]),
        lengths=np.array([len(text) for text in bones], np.int64),
        starts=numbered([text[:3] if len(text) > 2 else "" for text in bones])[1],
        is_double=np.array([" " in text for text in bones]),
        text_shares=counts / filled,
        key_shares=by_key[key_ids] / filled,
    )
    return cells, ids


def _letters(text: str, field: str) -> int:
    if not text or field == "place":
        return 0
    letters = skeleton(text)[:1] if field == "surname" else initials(text, patronymic=field == "patronymic")
    return sum(1 << (ord(letter) - ord("a")) for letter in set(letters) if "a" <= letter <= "z")


def _date_cells(raw: Sequence[str], ages_hold_in: int) -> tuple[DateCells, Ids, int]:
    different, of_raw = numbered([cell.strip() for cell in raw])
    read = [read_birth_date(cell[:LONGEST_COMPARED], ages_hold_in) for cell in different]
    texts, of_date = numbered([f"{date} {date.digits}" if date.is_known else "" for date in read])
    dates = {f"{date} {date.digits}": date for date in read}
    ordered = [BirthDate(), *(dates[text] for text in texts[1:])]
    ids = of_date[of_raw]
    counts = np.bincount(ids, minlength=len(texts)).astype(float)
    counts[0] = 0.0
    parts = [
        np.array([getattr(d, part) for d in ordered], np.int64)
        for part in ("year", "month", "day", "first_year", "last_year", "digits")
    ]
    unread = int(sum(1 for at in of_raw if different[at] and of_date[at] == 0))
    shares = counts / max(counts.sum(), 1.0)
    return DateCells(tuple(ordered), shares, *parts), ids, unread
