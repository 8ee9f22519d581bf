"""How far two people agree, field by field, as one of a few levels: the same, another form, one letter, …, different.

Levels are found once for each different pair of cells. The naive twin in the tests compares pair by pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dokaz.linkage.people import FIELDS, DateCells, Ids, Lists, NameCells, numbered

Levels = NDArray[np.uint8]
#: Levels take three bits a field in a pattern.
BITS = 3


class NameLevel(IntEnum):
    """How far two names, or two places, agree."""

    NOT_KNOWN = 0
    SAME = 1
    FORM = 2
    LETTER = 3
    SIMILAR = 4
    INITIAL = 5
    DIFFERENT = 6
    EXCHANGED = 7


class DateLevel(IntEnum):
    """How far two dates of birth agree."""

    NOT_KNOWN = 0
    SAME = 1
    AS_FAR_AS_KNOWN = 2
    DIGIT = 3
    TWO_PARTS = 4
    YEAR = 5
    NEAR = 6
    DIFFERENT = 7


NAME_WORDS = {
    NameLevel.NOT_KNOWN: "not given on both lists",
    NameLevel.SAME: "the same",
    NameLevel.FORM: "the same name in another form",
    NameLevel.LETTER: "a letter apart",
    NameLevel.SIMILAR: "similar, or one part in common",
    NameLevel.INITIAL: "fits the initial",
    NameLevel.DIFFERENT: "different",
    NameLevel.EXCHANGED: "exchanged with the other name",
}
DATE_WORDS = {
    DateLevel.NOT_KNOWN: "not known on both lists",
    DateLevel.SAME: "the same day",
    DateLevel.AS_FAR_AS_KNOWN: "agree as far as both are known",
    DateLevel.DIGIT: "a digit apart, or day and month exchanged",
    DateLevel.TWO_PARTS: "two of day, month and year agree",
    DateLevel.YEAR: "the same year only",
    DateLevel.NEAR: "a year or two apart, or a digit of the year",
    DateLevel.DIFFERENT: "different",
}


def words(field: str, level: int) -> str:
    """A level as a reader is told of it."""
    return DATE_WORDS[DateLevel(level)] if field == "dob" else NAME_WORDS[NameLevel(level)]


def patterns(lists: Lists, left: Ids, right: Ids) -> NDArray[np.int64]:
    """For each pair of rows the levels of all fields, three bits each, in the order of `FIELDS`."""
    found = np.zeros(len(left), np.int64)
    levels = {field: field_levels(lists, field, left, right) for field in FIELDS}
    _exchanged(lists, left, right, levels)
    for at, field in enumerate(FIELDS):
        found |= levels[field].astype(np.int64) << (BITS * at)
    return found


def level_of(pattern: NDArray[np.int64], field: str) -> NDArray[np.int64]:
    """The level of one field in patterns."""
    return pattern >> (BITS * FIELDS.index(field)) & 7


def field_levels(lists: Lists, field: str, left: Ids, right: Ids) -> Levels:
    """The level of one field for each pair of rows."""
    a, b = lists.left[field][left], lists.right[field][right]
    if field == "dob":
        return _of_different(a, b, len(lists.dates.dates), lambda x, y: date_levels(lists.dates, x, y))
    return _of_different(a, b, len(lists.names[field].texts), lambda x, y: name_levels(lists.names[field], x, y))


def _of_different(a: Ids, b: Ids, cells: int, compare: Callable[[Ids, Ids], Levels]) -> Levels:
    """Compare each different pair of cells once."""
    pairs, where = np.unique(a * cells + b, return_inverse=True)
    return compare(pairs // cells, pairs % cells)[where]


def name_levels(cells: NameCells, a: Ids, b: Ids) -> Levels:
    """The level of each pair of cells."""
    levels = np.full(len(a), NameLevel.DIFFERENT, np.uint8)
    initial = cells.is_initial[a] | cells.is_initial[b]
    levels[initial & (cells.initials[a] & cells.initials[b] > 0)] = NameLevel.INITIAL
    form = ~initial & (cells.key_ids[a] == cells.key_ids[b])
    levels[form] = NameLevel.FORM
    levels[~initial & (a == b)] = NameLevel.SAME
    empty = (a == 0) | (b == 0)
    levels[empty] = NameLevel.NOT_KNOWN
    others = np.flatnonzero(~(initial | form | empty | (a == b)))
    levels[others] = _spelt(cells, a[others], b[others])
    return levels


def _spelt(cells: NameCells, a: Ids, b: Ids) -> Levels:
    """The level of cells of different names, by their letters and sounds."""
    from rapidfuzz.distance import OSA, JaroWinkler
    from rapidfuzz.process import cpdist

    if not len(a):
        return np.zeros(0, np.uint8)
    bones = _picked(cells.bones, a), _picked(cells.bones, b)
    apart = cpdist(*bones, scorer=OSA.distance, dtype=np.uint8, workers=-1)
    alike = cpdist(
        _picked(cells.texts, a), _picked(cells.texts, b), scorer=JaroWinkler.similarity, dtype=np.float32, workers=-1
    )
    length = np.maximum(cells.lengths[a], cells.lengths[b])
    sounds = (cells.sounds[a][:, :, None] == cells.sounds[b][:, None, :]) & (cells.sounds[a] > 0)[:, :, None]
    levels = np.full(len(a), NameLevel.DIFFERENT, np.uint8)
    similar = (alike >= 0.85) | (apart <= 0.3 * length) | sounds.any(axis=(1, 2))
    may_share = cells.is_double[a] | cells.is_double[b] | ((cells.starts[a] == cells.starts[b]) & (cells.starts[a] > 0))
    for at in np.flatnonzero(~similar & may_share).tolist():
        similar[at] = _have_a_part_in_common(bones[0][at], bones[1][at])
    levels[similar] = NameLevel.SIMILAR
    levels[(apart <= 1) & (length >= 3) | (apart <= 2) & (length >= 9)] = NameLevel.LETTER
    return levels


def _have_a_part_in_common(a: str, b: str) -> bool:
    """A word of a double name, or one that begins the other."""
    if " " in a or " " in b:
        return any(len(word) > 2 and word in b.split() for word in a.split())
    return min(len(a), len(b)) > 2 and (a.startswith(b) or b.startswith(a))


def _picked(texts: Sequence[str], ids: Ids) -> list[str]:
    picked: list[str] = np.array(texts, object)[ids].tolist()
    return picked


def date_levels(cells: DateCells, a: Ids, b: Ids) -> Levels:
    """The level of each pair of dates."""
    year, month, day = ((part[a], part[b]) for part in (cells.year, cells.month, cells.day))
    both = [(x > 0) & (y > 0) for x, y in (year, month, day)]
    equal = [known & (x == y) for known, (x, y) in zip(both, (year, month, day), strict=True)]
    differ = [known & (x != y) for known, (x, y) in zip(both, (year, month, day), strict=True)]
    years_apart = np.maximum(cells.first_year[a], cells.first_year[b]) - np.minimum(
        cells.last_year[a], cells.last_year[b]
    )
    years_fit = (cells.last_year[a] > 0) & (cells.last_year[b] > 0) & (years_apart <= 0)

    levels = np.full(len(a), DateLevel.DIFFERENT, np.uint8)
    levels[(years_apart <= 2) | (both[0] & (_differing_digits(*year, 4) == 1))] = DateLevel.NEAR
    levels[years_fit] = DateLevel.YEAR
    levels[sum(e.astype(int) for e in equal) == 2] = DateLevel.TWO_PARTS
    exchanged = equal[0] & (month[0] == day[1]) & (day[0] == month[1]) & (day[0] > 0) & (month[0] > 0)
    digits = cells.digits[a], cells.digits[b]
    digit = (digits[0] > 0) & (digits[1] > 0) & (_differing_digits(*digits, 8) == 1)
    levels[digit | exchanged] = DateLevel.DIGIT
    levels[years_fit & ~(differ[0] | differ[1] | differ[2])] = DateLevel.AS_FAR_AS_KNOWN
    levels[equal[0] & equal[1] & equal[2]] = DateLevel.SAME
    comparable = ((cells.last_year[a] > 0) & (cells.last_year[b] > 0)) | both[1] | both[2]
    levels[~comparable] = DateLevel.NOT_KNOWN
    return levels


def _differing_digits(a: Ids, b: Ids, digits: int) -> Ids:
    """In how many places two numbers differ; two neighbours that changed places count as one."""
    places = [(a // 10**k % 10, b // 10**k % 10) for k in range(digits)]
    found = sum((x != y).astype(np.int64) for x, y in places)
    swapped = np.zeros(len(a), bool)
    for (a0, b0), (a1, b1) in pairwise(places):
        swapped |= (a0 == b1) & (a1 == b0) & (a0 != a1)
    return np.where(swapped & (found == 2), 1, found)


def _exchanged(lists: Lists, left: Ids, right: Ids, levels: dict[str, Levels]) -> None:
    """Mark pairs whose surname and given name changed places, both of them or one; the other then says nothing more."""
    surname, given = lists.names["surname"], lists.names["given"]
    at = np.flatnonzero((levels["surname"] >= NameLevel.SIMILAR) & (levels["given"] >= NameLevel.SIMILAR))
    if not len(at):
        return
    _, ids = numbered((*surname.bones, *given.bones))
    s, g = ids[: len(surname.bones)], ids[len(surname.bones) :]
    sl, gl = lists.left["surname"][left[at]], lists.left["given"][left[at]]
    sr, gr = lists.right["surname"][right[at]], lists.right["given"][right[at]]
    one, other = s[sl] == g[gr], g[gl] == s[sr]
    agrees = (levels["dob"][at] == DateLevel.SAME) | (levels["dob"][at] == DateLevel.DIGIT)
    near_one, near_other = one.copy(), other.copy()
    for near, by, a, b in (
        (near_one, other, (surname, sl), (given, gr)),
        (near_other, one, (given, gl), (surname, sr)),
    ):
        open_ = np.flatnonzero((by | agrees) & ~near)
        near[open_] = _near([a[0].bones[i] for i in a[1][open_]], [b[0].bones[i] for i in b[1][open_]])
    both = near_one & near_other
    levels["surname"][at[both]] = NameLevel.EXCHANGED
    levels["given"][at[both]] = NameLevel.NOT_KNOWN
    half = at[(one | other) & ~both]
    levels["given"][half] = NameLevel.EXCHANGED
    levels["surname"][half] = NameLevel.NOT_KNOWN


def _near(a: list[str], b: list[str]) -> NDArray[np.bool_]:
    from rapidfuzz.distance import JaroWinkler
    from rapidfuzz.process import cpdist

    return np.asarray(cpdist(a, b, scorer=JaroWinkler.similarity, dtype=np.float32) >= 0.8 if a else np.zeros(0, bool))
