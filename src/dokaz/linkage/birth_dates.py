"""Dates of birth as lists have them: whole, partial, impossible, mistyped; ages; and how far two of them agree.

A part that cannot be (day 31 of February, month 13, 00) is not known; the others are kept. EDTF is read as far as
lists use it: ``1974``, ``1974-05``, ``1974~``, ``197X``, ``1970/1975``. Two-digit years from 20 on are of the 20th
century, others of the 21st. An age gives the two years in which the person may have been born, if the caller says
when it held; without that, it says nothing.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from functools import lru_cache

_NUMBERS = re.compile(r"\d+")
_DECADE = re.compile(r"(1[5-9]\d|20\d)[xuх?]")
_INTERVAL = re.compile(r"(\d{4})[^/]*/(\d{4}).*")
_AGE = re.compile(
    r"(?:вік|возраст|age|aged)?\D{0,3}(\d{1,3})\s*(?:р|р\.|років|роки|рік|лет|год|года|г|y|yo|years?( old)?)?\.?"
)
_YEARS = re.compile(r"[а-яіїєґa-z .,]*(\d{4})[а-яіїєґa-z .,~?]*")
_PIVOT = 20
_MONTH_NAMES = """
січ янв jan лют фев feb бер мар mar кві апр apr тра май may чер июн jun лип июл jul сер авг aug вер сен sep жов окт oct
лис ноя nov гру дек dec
"""
_MONTHS = {name: number // 3 + 1 for number, name in enumerate(_MONTH_NAMES.split())} | {"мая": 5}
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class BirthDate:
    """What is known of a date of birth: 0 for a part that is not; the first and the last year that it may be.

    ``digits`` are those of year, month and day as they were written, though there be no such day: 19740231.
    """

    year: int = 0
    month: int = 0
    day: int = 0
    first_year: int = 0
    last_year: int = 0
    digits: int = 0

    @property
    def is_known(self) -> bool:
        """Whether anything is."""
        return bool(self.last_year or self.month or self.day)

    def __str__(self) -> str:
        if not self.year:
            return f"{self.first_year}/{self.last_year}" if self.last_year else "unknown"
        return "-".join(f"{part:02d}" if part else "XX" for part in (self.year, self.month, self.day)).replace(
            "-XX-XX", ""
        )


@lru_cache(maxsize=1 << 17)
def read_birth_date(text: str, ages_hold_in: int = 0) -> BirthDate:
    """What a cell says of a date of birth.

    Args:
        text: The cell.
        ages_hold_in: The year in which ages were written down; 0 where nobody knows.

    Example:
        >>> [str(read_birth_date(cell)) for cell in ("31.02.1974", "00.00.1974", "12.03.74", "19600102")]
        ['1974-02-XX', '1974', '1974-03-12', '1960-01-02']
        >>> [str(read_birth_date(cell)) for cell in ("197X", "1970/1975", "45 років")]
        ['1970/1979', '1970/1975', 'unknown']
        >>> str(read_birth_date("45 років", 2022))
        '1976/1977'
    """
    plain = text.strip().casefold()
    if found := _INTERVAL.fullmatch(plain):
        return BirthDate(first_year=min(map(int, found.groups())), last_year=max(map(int, found.groups())))
    if found := _DECADE.fullmatch(plain):
        return BirthDate(first_year=int(found[1]) * 10, last_year=int(found[1]) * 10 + 9)
    if found := _YEARS.fullmatch(plain):
        return _of(int(found[1]), 0, 0)
    if found := _AGE.fullmatch(plain):
        age = int(found[1])
        known = ages_hold_in and age < 120
        return BirthDate(first_year=ages_hold_in - age - 1, last_year=ages_hold_in - age) if known else BirthDate()
    return _parts(plain)


def _parts(plain: str) -> BirthDate:
    """A date of several numbers, or of eight digits; a month may be written as a word."""
    numbers = _NUMBERS.findall(plain)
    month = next((_MONTHS[word[:3]] for word in _WORD.findall(plain) if word[:3] in _MONTHS), 0)
    if len(numbers) == 1 and len(numbers[0]) in (8, 14):
        digits = numbers[0]
        if 1500 <= int(digits[:4]) <= 2100:
            return _of(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
        return _of(int(digits[4:8]), int(digits[2:4]), int(digits[:2]))
    if month and numbers:
        year = next((n for n in reversed(numbers) if len(n) == 4), numbers[-1] if len(numbers) > 1 else "")
        day = next((n for n in numbers if n is not year and len(n) <= 2), "0")
        return _of(_century(year), month, int(day))
    if len(numbers) >= 3:
        if len(numbers[0]) == 4:
            return _of(int(numbers[0]), int(numbers[1][:3]), int(numbers[2][:3]))
        return _of(_century(numbers[2]), int(numbers[1][:3]), int(numbers[0][:3]))
    if len(numbers) == 2 and 4 in map(len, numbers):
        year, other = sorted(numbers, key=len, reverse=True)
        return _of(int(year), int(other[:3]), 0)
    return BirthDate()


def _century(year: str) -> int:
    if len(year) != 2:
        return int(year[:5] or 0)
    return int(year) + (1900 if int(year) >= _PIVOT else 2000)


def _of(year: int, month: int, day: int) -> BirthDate:
    """The parts that can be; where only the other order of day and month can be, that one."""
    digits = year * 10000 + month * 100 + day if year > 999 and 0 < month < 100 and 0 < day < 100 else 0
    if not 1500 <= year <= 2100:
        year = 0
    if month > 12 and 1 <= day <= 12 and month <= 31:
        day, month = month, day
    month = month if 1 <= month <= 12 else 0
    longest = calendar.monthrange(year or 2000, month)[1] if month else 31
    return BirthDate(year, month, day if 1 <= day <= longest else 0, year, year, digits)
