"""The least number of people that fragments come from, given which of them are of one person and which are not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import combinations, pairwise

from dokaz.errors import BadScore, ContradictingLinks


class BodySide(StrEnum):
    """Which side of the body; ``none`` of an element that a body has once, ``unsided`` of one that it has twice."""

    LEFT = "left"
    RIGHT = "right"
    NONE = "none"
    UNSIDED = "unsided"


#: Arrangements that are tried before the least number is given as proven from below only.
TRIES = 20_000
#: Fragments that are named in a reason, and from how many a set is looked for of which no two are of one person.
SHOWN, STARTS = 8, 50
#: A body has a zone on the left and on the right.
PLACES = 2


@dataclass(frozen=True)
class Fragment:
    """A bone or a piece of one.

    Args:
        name: Number of the unit, or whatever names it.
        element: Which bone, ``femur``.
        side: Left or right; ``none`` for a skull; ``unsided`` where it could not be told.
        zones: Which parts of the bone are there, each at least half (Knüsel & Outram 2004); ``whole`` if not zoned.
    """

    name: str
    element: str
    side: BodySide
    zones: frozenset[str] = frozenset({"whole"})

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.element.strip() or not self.zones:
            raise BadScore(f"fragment {self.name!r} of {self.element!r} lacks a name, an element or a zone")


@dataclass(frozen=True)
class LeastNumber:
    """How many people at least, and why.

    Args:
        people: So many people at least: fewer are impossible.
        enough: So many were found to suffice; if more than ``people``, the least number lies between.
        because: The bone, or fragments known to differ, that ask for so many.
        by_element: Fragments of each element and side, and how many people each zone asks for at most.
        groups: Fragments known to be of one person, by name.
    """

    people: int
    enough: int
    because: str
    by_element: dict[str, int]
    groups: tuple[tuple[str, ...], ...]

    @property
    def proven(self) -> bool:
        """Whether it is known that so many suffice."""
        return self.people == self.enough


Zone = tuple[str, str]


@dataclass
class _OnePerson:
    """Fragments of one person, and how often each zone is there on each side."""

    names: tuple[str, ...]
    has: Counter[tuple[Zone, BodySide]]

    @cached_property
    def in_all(self) -> Counter[Zone]:
        """Places of each zone that are taken; an element that a body has once takes both."""
        found: Counter[Zone] = Counter()
        for (zone, side), count in self.has.items():
            found[zone] += PLACES * count if side is BodySide.NONE else count
        return found


def least_number(
    fragments: Sequence[Fragment],
    *,
    same: Iterable[tuple[str, str]] = (),
    different: Iterable[tuple[str, str]] = (),
    tries: int = TRIES,
) -> LeastNumber:
    """The least number of people from whom all fragments can come.

    A body has each zone once on either side. Fragments of one person (articulated, refitted, paired, of one DNA profile)
    are taken together; those known to differ (by age, size, or an exclusion) are kept apart. The answer is the fewest
    bodies on which all groups can be laid out: looked for from the best bound upwards, by backtracking.

    Args:
        same: Pairs of names that are of one person. A wrong one makes the number too small.
        different: Pairs of names that are of two persons. A wrong one makes it too large.
        tries: Arrangements that are tried at most.

    Raises:
        BadScore: no fragments, a name given twice or unknown.
        ContradictingLinks: fragments of one person that hold a zone twice, or that are said to differ.

    Source: White 1953 for the count by zones; Konigsberg & Adams 2014 for the place of pairs.
    Example: two left femora and a right one that is of neither ask for three people
        >>> sides = {"a": BodySide.LEFT, "b": BodySide.LEFT, "c": BodySide.RIGHT}
        >>> bones = [Fragment(name, "femur", side) for name, side in sides.items()]
        >>> least_number(bones, different=[("a", "c"), ("b", "c")]).people
        3
    """
    groups, apart = _grouped(fragments, list(same), list(different))
    people, because = _bound_of_zones(groups)
    enough = people
    for part in _parts(groups, apart):
        # Parts that have nothing to do with each other lie on the same bodies: the largest one decides.
        clique = _clique(groups, apart, part)
        if len(clique) > people:
            people = len(clique)
            shown = [" with ".join(groups[g].names) for g in clique[:SHOWN]] + ["…"] * (len(clique) > SHOWN)
            because = f"no two of these {len(clique)} are of one person: {', '.join(shown)}"
        bodies = _laid_out_greedily(groups, apart, part)
        while people < bodies:
            fits = _lay_out(groups, apart, part, people, tries)
            if fits:
                bodies = people
            elif fits is None:
                break
            else:
                because = f"they cannot be laid out on {people}, whichever way is tried"
                people += 1
        enough = max(enough, bodies)
    return LeastNumber(
        people=people,
        enough=max(people, enough),
        because=because,
        by_element=_by_element(fragments),
        groups=tuple(group.names for group in groups if len(group.names) > 1),
    )


def _grouped(
    fragments: Sequence[Fragment], same: Sequence[tuple[str, str]], different: Sequence[tuple[str, str]]
) -> tuple[list[_OnePerson], list[set[int]]]:
    """Fragments of one person taken together, and which groups may not be."""
    by_name = {fragment.name: fragment for fragment in fragments}
    if not fragments:
        raise BadScore("no fragments were given")
    if len(by_name) < len(fragments):
        twice = next(name for name, count in Counter(f.name for f in fragments).items() if count > 1)
        raise BadScore(f"fragment {twice!r} is given twice", "give each fragment a name of its own")
    for pair in (*same, *different):
        unknown = [name for name in pair if name not in by_name]
        if unknown or len(set(pair)) < 2:
            raise BadScore(f"link of {' and '.join(map(repr, pair))}: not two fragments that were given")
    root = {name: name for name in by_name}

    def found(name: str) -> str:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for one, other in same:
        root[found(one)] = found(other)
    members: dict[str, list[str]] = defaultdict(list)
    for name in by_name:
        members[found(name)].append(name)
    at = {top: k for k, top in enumerate(members)}
    groups = []
    for names in members.values():
        has: Counter[tuple[Zone, BodySide]] = Counter()
        for name in names:
            has.update(((by_name[name].element, each), by_name[name].side) for each in by_name[name].zones)
        group = _OnePerson(tuple(names), has)
        if not _fits([group]):
            element, zone = _too_often(group)
            raise ContradictingLinks(
                f"{', '.join(names)} are linked as one person, and hold {element} ({zone}) more often than a body does",
                "look at the links: one of them is wrong, or a fragment was counted twice",
            )
        groups.append(group)
    apart: list[set[int]] = [set() for _ in groups]
    for one, other in different:
        a, b = at[found(one)], at[found(other)]
        if a == b:
            raise ContradictingLinks(
                f"{one} and {other} are said to differ, and linked as one person",
                "look at the links between them: one of them is wrong",
            )
        apart[a].add(b)
        apart[b].add(a)
    return groups, apart


def _too_often(group: _OnePerson) -> Zone:
    return next(zone for zone, _ in group.has if not _fits([_OnePerson(group.names, _only(group, zone))]))


def _only(group: _OnePerson, zone: Zone) -> Counter[tuple[Zone, BodySide]]:
    return Counter({key: count for key, count in group.has.items() if key[0] == zone})


def _fits(groups: Sequence[_OnePerson]) -> bool:
    """Whether one body can hold all of these: each side once, and no more than two in all where sides are unknown."""
    sides: Counter[tuple[Zone, BodySide]] = Counter()
    in_all: Counter[Zone] = Counter()
    for group in groups:
        sides.update(group.has)
        in_all.update(group.in_all)
    return all(count <= PLACES for count in in_all.values()) and all(
        count == 1 or side is BodySide.UNSIDED for (_, side), count in sides.items()
    )


def _bound_of_zones(groups: Sequence[_OnePerson]) -> tuple[int, str]:
    """The most people that a single zone asks for."""
    total: Counter[tuple[Zone, BodySide]] = Counter()
    for group in groups:
        total.update(group.has)
    best, because = 1, "one fragment"
    for (zone, side), count in sorted(total.items()):
        if side is not BodySide.UNSIDED and count > best:
            best, because = count, f"{count} × {_named(zone, side)}"
        pieces = sum(total[zone, each] for each in (BodySide.LEFT, BodySide.RIGHT, BodySide.UNSIDED))
        if -(-pieces // 2) > best:
            best, because = -(-pieces // 2), f"{pieces} × {_named(zone, None)}, of which a body has two"
    return best, because


def _named(zone: Zone, side: BodySide | None) -> str:
    words = [side.value] if side in (BodySide.LEFT, BodySide.RIGHT) else []
    return " ".join([*words, zone[0]]) + ("" if zone[1] == "whole" else f", zone {zone[1]}")


def _by_element(fragments: Sequence[Fragment]) -> dict[str, int]:
    """Of each element and side, how often its most frequent zone is there."""
    found: Counter[tuple[str, str]] = Counter()
    zones: Counter[tuple[str, str, str]] = Counter()
    for fragment in fragments:
        key = (fragment.element, fragment.side.value)
        for zone in fragment.zones:
            zones[(*key, zone)] += 1
            found[key] = max(found[key], zones[(*key, zone)])
    return {f"{element}:{side}": count for (element, side), count in sorted(found.items())}


def _parts(groups: Sequence[_OnePerson], apart: Sequence[set[int]]) -> list[list[int]]:
    """Groups that keep each other off bodies, directly or by way of others; parts are independent of each other."""
    both_sides = {zone for group in groups for zone, side in group.has if side in (BodySide.UNSIDED, BodySide.NONE)}
    holders: dict[object, list[int]] = defaultdict(list)
    for at, group in enumerate(groups):
        for zone, side in group.has:
            holders[zone if zone in both_sides else (zone, side)].append(at)
    beside: list[set[int]] = [set(others) for others in apart]
    for at_one_place in holders.values():
        for one, other in pairwise(at_one_place):
            beside[one].add(other)
            beside[other].add(one)
    parts, seen = [], set[int]()
    for first in range(len(groups)):
        part, coming = [], [first]
        while coming:
            at = coming.pop()
            if at not in seen:
                seen.add(at)
                part.append(at)
                coming += beside[at]
        if part:
            parts.append(part)
    return parts


def _clique(groups: Sequence[_OnePerson], apart: Sequence[set[int]], part: Sequence[int]) -> list[int]:
    """Groups no two of which can be of one person, found greedily: a bound from below."""
    conflicts: dict[int, set[int]] = {at: set() for at in part}
    for one, other in combinations(part, 2):
        if other in apart[one] or not _fits([groups[one], groups[other]]):
            conflicts[one].add(other)
            conflicts[other].add(one)
    best: list[int] = []
    for first in sorted(part, key=lambda g: -len(conflicts[g]))[:STARTS]:
        chosen, left = [first], set(conflicts[first])
        while left:
            following = max(sorted(left), key=lambda g: len(conflicts[g] & left))
            chosen.append(following)
            left &= conflicts[following]
        best = max(best, chosen, key=len)
    return best


class _Body:
    """One body: which groups lie on it, and which places of zones they take."""

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.taken: Counter[tuple[Zone, BodySide]] = Counter()
        self.in_all: Counter[Zone] = Counter()

    def has_room(self, at: int, group: _OnePerson, apart: Sequence[set[int]]) -> bool:
        if not apart[at].isdisjoint(self.groups):
            return False
        return all(
            (side is BodySide.UNSIDED or not self.taken[zone, side])
            and self.in_all[zone] + group.in_all[zone] <= PLACES
            for zone, side in group.has
        )

    def put(self, at: int, group: _OnePerson) -> None:
        self.groups.append(at)
        self.taken.update(group.has)
        self.in_all.update(group.in_all)

    def take_off(self, at: int, group: _OnePerson) -> None:
        self.groups.remove(at)
        self.taken.subtract(group.has)
        self.in_all.subtract(group.in_all)


def _by_size(groups: Sequence[_OnePerson], apart: Sequence[set[int]], part: Sequence[int]) -> list[int]:
    return sorted(part, key=lambda g: (-len(apart[g]), -sum(groups[g].has.values()), g))


def _laid_out_greedily(groups: Sequence[_OnePerson], apart: Sequence[set[int]], part: Sequence[int]) -> int:
    """So many bodies suffice: the largest groups first, each on the first body that has room."""
    bodies: list[_Body] = []
    for at in _by_size(groups, apart, part):
        body = next((each for each in bodies if each.has_room(at, groups[at], apart)), None)
        if body is None:
            bodies.append(body := _Body())
        body.put(at, groups[at])
    return len(bodies)


def _lay_out(
    groups: Sequence[_OnePerson], apart: Sequence[set[int]], part: Sequence[int], people: int, tries: int
) -> bool | None:
    """Whether a part fits on so many bodies; None if that was not found out in so many tries."""
    order = _by_size(groups, apart, part)
    bodies = [_Body() for _ in range(people)]
    # For each group that was placed, the body that it lies on; the last one is being placed.
    on: list[int] = [-1]
    while on:
        at = order[len(on) - 1]
        if on[-1] >= 0:
            bodies[on[-1]].take_off(at, groups[at])
        tries -= 1
        if tries < 0:
            return None
        # An empty body is as good as another: only the first of them is tried.
        used = 1 + next((k for k, body in enumerate(bodies) if not body.groups), people - 1)
        body = next((k for k in range(on[-1] + 1, used) if bodies[k].has_room(at, groups[at], apart)), None)
        if body is None:
            on.pop()
            continue
        bodies[body].put(at, groups[at])
        on[-1] = body
        if len(on) == len(order):
            return True
        on.append(-1)
    return False
