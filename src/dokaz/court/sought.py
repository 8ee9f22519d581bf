"""Whom and what a bundle must not name, and where a text names it: names, numbers, contacts, DNA profiles.

Names are compared by the skeletons of their words (``spelling``). A person is named by any part of the name, and where a
part is also somebody else's, by parts that nobody else bears together: *Петренко* may be the son, *Марія Петренко* is not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from dokaz.court.spelling import SHORTEST, forms, plain, skeleton
from dokaz.court.texts_in_files import TextIn, readings

# Further apart than this many words, two parts of a name are not one name.
_APART = 3
_WORD = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-zа-яіїєґ'])(?=[A-ZА-ЯІЇЄҐ])")
_SPACED = re.compile(r"(?<![^\W\d_])[^\W\d_](?:[\W_]{1,2}[^\W\d_]){2,}(?![^\W\d_])")
_BROKEN = re.compile(r"(?<=\w)[-‐\u00ad]\s*\r?\n\s*(?=\w)")
_DIGITS = re.compile(r"\d(?:[\s().\-–/]{0,2}\d){5,}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w.])@\w{4,}")
_NUMBER = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2,5})[\W_]{0,3}0*(\d{1,9})(?!\d)")
_CODE = re.compile(r"\w+(?:[-‐–/._]\w+)*")
# A number of a record that is shorter is looked for only where nothing else stands.
_SHORTEST_CODE = 4
_SIGNED_DIGITS = 9
# Fewer markers than this are many people's.
LEAST_MARKERS = 6
_SAME_MARKERS = 0.8
# Hashes, signatures and ids: letters by chance, no name.
_OPAQUE = re.compile(
    r"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==|[A-Za-z0-9+/]{91}=|[0-9a-f]{64})(?![A-Za-z0-9+/=])"
    r"|(?<![0-9A-Za-z-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z-])"
)
# A member of an object that the program writes; markers and alleles are written otherwise.
_OWN_KEY = re.compile(r"[a-z_]+")
_ALLELE = re.compile(r"(?<![\w.])\d{1,2}(?:\.\d)?(?![\w.]*\w)")
_BETWEEN = re.compile(r"[\s,;|\"':={}\[\]]+")


@dataclass(frozen=True)
class Withheld:
    """One person, or one profile, that a bundle withholds.

    Args:
        label: How whoever makes the bundle is told of it: a record's number, never a name.
        code, authority: Of the rule that withholds it.
        names: The names under which it is on file, each as its words.
        numbers: Of its records.
        texts: What else is written about it, where contacts may stand.
        profiles: Markers with their alleles.
    """

    label: str
    code: str
    authority: str
    names: tuple[tuple[str, ...], ...] = ()
    numbers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    profiles: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, order=True)
class Mention:
    """That a text names somebody: whom, by what sort of thing, and from which letter on."""

    at: int
    who: Withheld = field(compare=False)
    by: str


@dataclass(frozen=True)
class Shared:
    """A name, or a part of one, that is also that of somebody who is not withheld."""

    who: Withheld
    also: str


class Sought:
    """Everybody who is withheld, ready to be looked for.

    Args:
        withheld: Whom a bundle withholds.
        others: Names of people whom it shows: their labels, with the words of their names.
        may_stay: Whether what is also another's may stay where nothing else tells the two apart.
    """

    def __init__(
        self, withheld: Sequence[Withheld], others: Iterable[tuple[str, Sequence[str]]] = (), *, may_stay: bool = False
    ) -> None:
        self.withheld = withheld
        # Skeleton of a form → (person, name, part).
        self._parts: dict[str, set[tuple[int, int, int]]] = defaultdict(set)
        self._joined: dict[str, set[tuple[int, int]]] = defaultdict(set)
        self._short: dict[str, set[tuple[int, int, int]]] = defaultdict(set)
        self._initials: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
        self._numbers: dict[tuple[str, int], int] = {}
        self._codes: dict[str, int] = {}
        self._exact: dict[str, int] = {}
        self._contacts: dict[str, int] = {}
        self._digits: dict[str, int] = {}
        self._profiles = _Profiles()
        for person, each in enumerate(withheld):
            for nth, name in enumerate(each.names):
                self._learn_name(person, nth, name)
            for number in each.numbers:
                self._learn_number(person, number)
            for text in each.texts:
                self._learn_contacts(person, text)
            for profile in each.profiles:
                self._profiles.learn(person, profile)
        self.shared: list[Shared] = []
        self._shared: dict[tuple[int, int], set[frozenset[int]]] = defaultdict(set)
        for label, borne in others:
            self._learn_other(label, borne, may_stay=may_stay)

    def __bool__(self) -> bool:
        return bool(self.withheld)

    # --- what is looked for ------------------------------------------------------------------------------------------

    def _learn_name(self, person: int, nth: int, name: Sequence[str]) -> None:
        for part, word in enumerate(name):
            if len(skeleton(word)) < SHORTEST:
                self._short[word].add((person, nth, part))
            for form in forms(word):
                self._parts[form].add((person, nth, part))
            self._initials[person, nth].setdefault(_initial(word), part)
        for first in name:
            for second in name:
                if first != second:
                    self._joined[skeleton(first + second)].add((person, nth))

    def _learn_number(self, person: int, number: str) -> None:
        self._exact[number] = person
        if read := _NUMBER.fullmatch(number):
            self._numbers[read[1].casefold(), int(read[2])] = person
        elif len(_bare(number)) >= _SHORTEST_CODE:
            self._codes[_bare(number)] = person

    def _learn_contacts(self, person: int, text: str) -> None:
        text = plain(text)
        for found in (*_MAIL.findall(text), *_HANDLE.findall(text)):
            self._contacts[found.casefold()] = person
        for found in _DIGITS.findall(text):
            digits = re.sub(r"\D", "", found)
            if len(digits) >= _SIGNED_DIGITS:
                self._digits[digits[-_SIGNED_DIGITS:]] = person

    def _learn_other(self, label: str, name: Sequence[str], *, may_stay: bool) -> None:
        borne: dict[tuple[int, int], set[int]] = defaultdict(set)
        for word in name:
            for person, nth, part in self._parts.get(skeleton(word), set()) | self._short.get(word, set()):
                borne[person, nth].add(part)
        for (person, nth), parts in borne.items():
            if may_stay:
                self._shared[person, nth].add(frozenset(parts))
            else:
                self.shared.append(Shared(self.withheld[person], label))

    # --- where it is found -------------------------------------------------------------------------------------------

    def in_value(self, value: Any) -> Mention | None:
        """The first thing by which a JSON value names somebody."""
        if isinstance(value, str):
            return self.in_readings(readings(value))
        if isinstance(value, dict):
            if (profile := self.profile_in(value)) is not None:
                return profile
            # A case numbered "7" cannot be looked for in texts; where a record is named by its number, it stands alone.
            for each in value.values():
                if isinstance(each, str) and each in self._exact:
                    return Mention(0, self.withheld[self._exact[each]], "number")
            parts = (*(key for key in value if not _OWN_KEY.fullmatch(key)), *value.values())
            return next((found for part in parts if (found := self.in_value(part))), None)
        if isinstance(value, list):
            return next((found for part in value if (found := self.in_value(part))), None)
        return None

    def profile_in(self, value: Mapping[str, Any]) -> Mention | None:
        """Whose DNA profile an object is."""
        person = self._profiles.same_as(value)
        return Mention(0, self.withheld[person], "profile") if person is not None else None

    def in_readings(self, texts: Iterable[TextIn]) -> Mention | None:
        """The first thing by which a text or a file names somebody, in any reading of it."""
        for each in texts:
            found = self.in_value(each.value) if each.value is not None else self._first(each)
            if found is not None:
                return found
        return None

    def _first(self, read: TextIn) -> Mention | None:
        return next(iter(self.in_text(read.text, least=read.least)), None)

    def in_text(self, text: str, *, least: int = 0) -> list[Mention]:
        """Everything by which a text names somebody.

        Args:
            least: Letters that a name must have; for bytes that may be no text at all.
        """
        read = _OPAQUE.sub(lambda hidden: "0" * len(hidden[0]), plain(text))
        found = list(self._names(read, least))
        if _BROKEN.search(read):
            found += self._names(_BROKEN.sub("", read), least)
        for spaced in _SPACED.finditer(read):
            joined = re.sub(r"[\W_]", "", spaced[0])
            found += (Mention(spaced.start(), each.who, each.by) for each in self._names(joined, least))
        found += self._others(read)
        if self._profiles:
            found += (Mention(at, self.withheld[who], "profile") for at, who in self._profiles.in_text(read))
        return sorted(set(found))

    def _names(self, text: str, least: int) -> Iterator[Mention]:
        near: dict[tuple[int, int], list[tuple[int, int, int]]] = defaultdict(list)
        for nth, (at, word) in enumerate(_split(text)):
            key = skeleton(word)
            if len(key) < least:
                continue
            hits = self._parts.get(key, set()) | self._short.get(word, set())
            for person, name, part in hits:
                near[person, name].append((nth, at, part))
            for person, name in self._joined.get(key, ()):
                near[person, name] += [(nth, at, -1)]
            if len(word) == 1 and text[at + 1 : at + 2] == ".":
                letter = _initial(word)
                for (person, name), initials in self._initials_after(near, nth):
                    if letter in initials:
                        near[person, name].append((nth, at, initials[letter]))
        for (person, name), places in near.items():
            told = self._told(person, name, places)
            if told is not None:
                yield Mention(told, self.withheld[person], "name")

    def _initials_after(
        self, near: Mapping[tuple[int, int], list[tuple[int, int, int]]], nth: int
    ) -> Iterator[tuple[tuple[int, int], dict[str, int]]]:
        for key, places in list(near.items()):
            if places and nth - places[-1][0] <= _APART:
                yield key, self._initials[key]

    def _told(self, person: int, name: int, places: Sequence[tuple[int, int, int]]) -> int | None:
        """Where the parts of a name that stand together are no other's, if anywhere."""
        shared = self._shared.get((person, name), ())
        for first, (nth, at, _part) in enumerate(places):
            parts = {part for near, _at, part in places[first:] if near - nth <= _APART}
            if -1 in parts or not any(parts <= others for others in shared):
                return at
        return None

    def _others(self, text: str) -> Iterator[Mention]:
        if self._contacts:
            for written in (*_MAIL.finditer(text), *_HANDLE.finditer(text)):
                who = self._contacts.get(written[0].casefold())
                if who is not None:
                    yield Mention(written.start(), self.withheld[who], "contact")
        if self._codes:
            for code in _CODE.finditer(text):
                who = self._codes.get(_bare(code[0]))
                if who is not None:
                    yield Mention(code.start(), self.withheld[who], "number")
        if self._numbers:
            for number in _NUMBER.finditer(text):
                who = self._numbers.get((number[1].casefold(), int(number[2])))
                if who is not None:
                    yield Mention(number.start(), self.withheld[who], "number")
        if self._digits:
            for run in _DIGITS.finditer(text):
                digits = re.sub(r"\D", "", run[0])
                for at in range(len(digits) - _SIGNED_DIGITS + 1):
                    who = self._digits.get(digits[at : at + _SIGNED_DIGITS])
                    if who is not None:
                        yield Mention(run.start(), self.withheld[who], "contact")


def _bare(code: str) -> str:
    return re.sub(r"[\W_]", "", code).casefold()


def _initial(word: str) -> str:
    return skeleton(word)[:1].casefold()


def _split(text: str) -> Iterator[tuple[int, str]]:
    """Words with their places; ПетренкоМарія is taken for one word and for two."""
    for word in _WORD.finditer(text):
        yield word.start(), word[0]
        humps = [0, *(hump.start() for hump in _HUMP.finditer(word[0])), len(word[0])]
        if len(humps) > 2:
            yield from ((word.start() + a, word[0][a:b]) for a, b in pairwise(humps))


class _Profiles:
    """DNA profiles, found where most of their markers show the same alleles together."""

    def __init__(self) -> None:
        self._of: list[tuple[int, dict[str, tuple[str, ...]]]] = []
        self._markers: set[str] = set()
        self._by_marker: dict[tuple[str, tuple[str, ...]], set[int]] = defaultdict(set)
        self._by_pair: dict[tuple[str, ...], set[tuple[int, str]]] = defaultdict(set)

    def __bool__(self) -> bool:
        return bool(self._of)

    def learn(self, person: int, profile: Mapping[str, Any]) -> None:
        typed = _typed(profile)
        if len(typed) < LEAST_MARKERS:
            return
        nth = len(self._of)
        self._of.append((person, typed))
        self._markers |= set(typed)
        for marker, pair in typed.items():
            self._by_marker[marker, pair].add(nth)
            self._by_pair[pair].add((nth, marker))

    def same_as(self, value: Mapping[str, Any]) -> int | None:
        """Whose profile a mapping of markers to alleles is."""
        if not self._of:
            return None
        typed = _typed(value)
        counted: dict[int, int] = defaultdict(int)
        for marker, pair in typed.items():
            for nth in self._by_marker.get((marker, pair), ()):
                counted[nth] += 1
        return next((self._of[nth][0] for nth, count in counted.items() if self._is_most(nth, count)), None)

    def _is_most(self, nth: int, count: int) -> bool:
        return count >= max(LEAST_MARKERS, _SAME_MARKERS * len(self._of[nth][1]))

    def in_text(self, text: str) -> Iterator[tuple[int, int]]:
        """Profiles in a table: one in a line, or one whose markers follow each other."""
        at = 0
        recent: list[tuple[int, int, str]] = []
        for line, row in enumerate(text.splitlines(keepends=True)):
            alleles = _ALLELE.findall(row)
            if len(alleles) >= LEAST_MARKERS:
                yield from ((at, self._of[nth][0]) for nth in self._in_row(alleles))
            if len(alleles) >= 2:
                for marker, pair in self._stated(row):
                    recent += [(line, nth, marker) for nth in self._by_marker.get((marker, pair), ())]
                recent = [each for each in recent if line - each[0] <= 3 * len(self._of[each[1]][1])]
                for nth in {each[1] for each in recent if each[0] == line}:
                    if self._is_most(nth, len({marker for _line, of, marker in recent if of == nth})):
                        yield at, self._of[nth][0]
            at += len(row)

    def _stated(self, row: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The markers that a row names, each with the two alleles after it."""
        parts = _BETWEEN.split(row)
        for nth, part in enumerate(parts):
            for marker in {_marker(part), _marker("".join(parts[nth : nth + 2]))} & self._markers:
                after = [each for each in parts[nth + 1 : nth + 5] if _ALLELE.fullmatch(each)]
                if len(after) >= 2:
                    yield marker, _pair(after[:2])

    def _in_row(self, alleles: Sequence[str]) -> Iterator[int]:
        counted: dict[int, set[str]] = defaultdict(set)
        for first, second in pairwise(alleles):
            for nth, marker in self._by_pair.get(_pair((first, second)), ()):
                counted[nth].add(marker)
        for nth, markers in counted.items():
            # In a row nothing says which marker a pair is of: nearly all must be there, and little else.
            size = len(self._of[nth][1])
            if len(markers) >= max(LEAST_MARKERS, 0.9 * size) and len(alleles) <= 4 * size + 10:
                yield nth


def _typed(profile: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    found = {}
    for marker, alleles in profile.items():
        if isinstance(alleles, list) and alleles and all(isinstance(each, str) for each in alleles):
            found[_marker(marker)] = _pair(alleles)
    return found


def _pair(alleles: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(alleles)))


def _marker(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()
