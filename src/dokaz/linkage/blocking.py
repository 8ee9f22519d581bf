"""Which pairs are compared at all: those that share a key, under several rules.

Each rule has looser and tighter forms. Of each the loosest is taken whose pairs fit the budget, so that small lists
are compared widely and a million by a million narrowly. What no rule reaches is estimated by `linking.missed`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dokaz.linkage.people import Ids, Lists, numbered

Keys = NDArray[np.uint64]
#: Pairs a rule may give: at least so many, and more for each person of longer lists.
LEAST_BUDGET, BUDGET_PER_PERSON = 1_000_000, 10
_PRIME = np.uint64(0x9E3779B97F4A7C15)
#: The parts of keys, and of which field each is.
PARTS = {
    **dict.fromkeys(("surname", "sound", "beginning", "letter", "both names"), "surname"),
    **dict.fromkeys(("given", "given letter"), "given"),
    **dict.fromkeys(("year", "month", "day"), "dob"),
    "patronymic": "patronymic",
    "place": "place",
}
#: Each line a rule: its forms from loose to tight.
RULES: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("surname",), ("surname", "given letter"), ("surname", "given"), ("surname", "given", "year")),
    (("sound",), ("sound", "given letter"), ("sound", "given"), ("sound", "given", "year")),
    (("year", "month", "day"), ("year", "month", "day", "letter"), ("year", "month", "day", "surname")),
    (("given",), ("given", "year"), ("given", "year", "letter"), ("given", "year", "month", "letter")),
    (("month", "day"), ("given", "month", "day"), ("given", "month", "day", "letter")),
    (("year",), ("year", "month"), ("year", "month", "letter"), ("year", "month", "letter", "given letter")),
    (("given", "patronymic"), ("given", "patronymic", "year"), ("given", "patronymic", "year", "letter")),
    (("beginning",), ("beginning", "year"), ("beginning", "year", "given letter"), ("beginning", "year", "given")),
    (("place",), ("place", "given"), ("place", "given", "year"), ("place", "given", "year", "letter")),
    (("place", "year"), ("place", "year", "letter"), ("place", "year", "month")),
    (("place", "beginning"), ("place", "beginning", "given letter")),
    (("beginning", "given letter"), ("beginning", "given", "patronymic")),
    (("both names",),),
)


@dataclass(frozen=True)
class Rule:
    """A rule that was chosen: its parts, and how many pairs share its key."""

    parts: tuple[str, ...]
    pairs: int

    @property
    def fields(self) -> frozenset[str]:
        """Which fields agree by the rule, and so cannot be learnt about from its pairs."""
        agree = {PARTS[part] for part in self.parts}
        return frozenset(agree | {"given"}) if "both names" in self.parts else frozenset(agree)

    def __str__(self) -> str:
        return " + ".join(self.parts)


class Blocks:
    """The keys of both lists under each chosen rule, and the pairs that share one."""

    def __init__(self, lists: Lists, budget: int | None = None) -> None:
        self.lists = lists
        self.budget = budget or max(LEAST_BUDGET, BUDGET_PER_PERSON * sum(lists.sizes))
        self._parts = {side: _parts(lists, side) for side in ("left", "right")}
        self.rules: list[Rule] = []
        #: Pairs of spans of left rows that were compared already: left, right, rules, patterns.
        self.remembered: dict[tuple[int, int], tuple[Ids, Ids, Ids, Ids]] = {}
        self._left: list[tuple[Keys, NDArray[np.bool_]]] = []
        self._right: list[tuple[Keys, Ids]] = []
        for forms in RULES:
            self._choose(forms)

    def _choose(self, forms: tuple[tuple[str, ...], ...]) -> None:
        for parts in forms:
            left, of_left = self._keys("left", parts)
            right, of_right = self._keys("right", parts)
            if not of_left.any() or not of_right.any():
                continue
            rows = np.flatnonzero(of_right)
            order = rows[np.argsort(right[rows], kind="stable")]
            ordered = right[order]
            first, last = np.searchsorted(ordered, left, "left"), np.searchsorted(ordered, left, "right")
            pairs = int((last - first)[of_left].sum())
            if pairs <= self.budget * (2 if self.lists.is_one else 1):
                self.rules.append(Rule(parts, pairs))
                self._left.append((left, of_left))
                self._right.append((ordered, order))
                return

    def _keys(self, side: str, parts: tuple[str, ...]) -> tuple[Keys, NDArray[np.bool_]]:
        """One key a row, and which rows have one."""
        columns = [self._parts[side][part] for part in parts]
        key = np.zeros(len(columns[0]), np.uint64)
        for column in columns:
            key = (key ^ column.astype(np.uint64)) * _PRIME
            key ^= key >> np.uint64(29)
        return key, np.logical_and.reduce([column > 0 for column in columns])

    def share_a_key(self, left: Ids, right: Ids) -> NDArray[np.bool_]:
        """Whether some rule gives each of the pairs."""
        found = np.zeros(len(left), bool)
        for rule in self.rules:
            (keys, there), (others, there_too) = self._keys("left", rule.parts), self._keys("right", rule.parts)
            found |= there[left] & there_too[right] & (keys[left] == others[right])
        return found

    def pairs(self, first: int, last: int) -> tuple[Ids, Ids, NDArray[np.int64]]:
        """Pairs of some rows of the left list, each once: left rows, right rows, bits of the rules that give them."""
        size = self.lists.sizes[1]
        found, by = [], []
        for at, ((keys, there), (ordered, order)) in enumerate(zip(self._left, self._right, strict=True)):
            rows = np.flatnonzero(there[first:last]) + first
            start, end = np.searchsorted(ordered, keys[rows], "left"), np.searchsorted(ordered, keys[rows], "right")
            count = end - start
            left = np.repeat(rows, count)
            offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
            right = order[np.repeat(start, count) + offset]
            if self.lists.is_one:
                left, right = left[keep := left < right], right[keep]
            found.append(left * size + right)
            by.append(np.full(len(left), 1 << at, np.int64))
        if not found:
            return (np.zeros(0, np.int64),) * 3
        together, where = np.unique(np.concatenate(found), return_inverse=True)
        rules = np.zeros(len(together), np.int64)
        np.bitwise_or.at(rules, where, np.concatenate(by))
        return together // size, together % size, rules

    def chunks(self, most: int = 4_000_000) -> Iterator[tuple[int, int]]:
        """Spans of left rows that give at most about so many pairs each."""
        count = np.zeros(self.lists.sizes[0], np.int64)
        for (keys, there), (ordered, _) in zip(self._left, self._right, strict=True):
            n = np.searchsorted(ordered, keys, "right") - np.searchsorted(ordered, keys, "left")
            count += np.where(there, n, 0)
        ends = np.cumsum(count)
        first = 0
        while first < len(count):
            before = ends[first - 1] if first else 0
            last = max(first + 1, int(np.searchsorted(ends, before + most, "right")))
            yield first, last
            first = last


def _parts(lists: Lists, side: str) -> dict[str, Ids]:
    """Each part of keys for each row; 0 where the row has none."""
    rows = lists.left if side == "left" else lists.right
    surname, given = lists.names["surname"], lists.names["given"]
    initial = ~given.is_initial
    found = {
        "surname": surname.key_ids[rows["surname"]],
        "sound": surname.sounds[:, 0][rows["surname"]],
        "beginning": _first_letters(surname.bones, 4)[rows["surname"]],
        "letter": _first_letters(surname.bones, 1)[rows["surname"]],
        "given": (given.key_ids * initial)[rows["given"]],
        "given letter": _one_letter(given.key_ids, given.bones)[rows["given"]],
        "patronymic": (lists.names["patronymic"].key_ids * ~lists.names["patronymic"].is_initial)[rows["patronymic"]],
        "place": lists.names["place"].key_ids[rows["place"]],
        "year": lists.dates.year[rows["dob"]],
        "month": lists.dates.month[rows["dob"]],
        "day": lists.dates.day[rows["dob"]],
    }
    found["both names"] = _both_names(lists, rows["surname"], rows["given"])
    return found


def _first_letters(bones: tuple[str, ...], count: int) -> Ids:
    return numbered([text[:count] for text in bones])[1]


def _one_letter(key_ids: Ids, bones: tuple[str, ...]) -> Ids:
    """A letter for each given name: the first of its skeleton; names with several forms take the smallest of them."""
    letters = np.array([ord(text[0]) if text else 0 for text in bones], np.int64)
    least = np.full(int(key_ids.max()) + 1, 1 << 20)
    np.minimum.at(least, key_ids, np.where(letters > 0, letters, 1 << 20))
    return np.where(letters > 0, least[key_ids], 0)


def _both_names(lists: Lists, surname: Ids, given: Ids) -> Ids:
    """A number for the skeletons of surname and given name in either order."""
    _, ids = numbered((*lists.names["surname"].bones, *lists.names["given"].bones))
    s, g = ids[: len(lists.names["surname"].bones)][surname], ids[len(lists.names["surname"].bones) :][given]
    return np.where((s > 0) & (g > 0), np.minimum(s, g) * len(ids) + np.maximum(s, g), 0)
