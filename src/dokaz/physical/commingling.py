"""The least number of people that fragments come from, given which of them are of one person and which are not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dokaz.errors import BadScore, ContradictingLinks


class BodySide(StrEnum):
    """Which side of the body; ``none`` of an element that a body has once, ``unsided`` of one that it has twice."""

    LEFT = "left"
    RIGHT = "right"
    NONE = "none"
    UNSIDED = "unsided"


#: Arrangements that are tried before the least number is given as proven from below only.
TRIES = 200_000
#: Fragments that are named in a reason.
SHOWN = 8


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
        people: So many people at least.
        because: The bone, or fragments known to differ, that ask for so many.
        proven: Whether fewer are impossible and so many suffice; else more may be needed.
        by_element: Fragments of each element and side, and how many people each zone asks for at most.
        groups: Fragments known to be of one person, by name.
    """

    people: int
    because: str
    proven: bool
    by_element: dict[str, int]
    groups: tuple[tuple[str, ...], ...]


Zone = tuple[str, str]


@dataclass
class _OnePerson:
    """Fragments of one person, and how often each zone is there on each side."""

    names: tuple[str, ...]
    has: Counter[tuple[Zone, BodySide]]


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
    zone_bound, because = _bound_of_zones(groups)
    clique = _clique(groups, apart)
    bound = max(zone_bound, len(clique))
    if len(clique) > zone_bound:
        shown = [" with ".join(groups[g].names) for g in clique[:SHOWN]] + ["…"] * (len(clique) > SHOWN)
        because = f"no two of these {len(clique)} are of one person: {', '.join(shown)}"
    people, proven = bound, False
    for people in range(bound, len(groups) + 1):
        fits = _lay_out(groups, apart, people, tries)
        if fits:
            proven = True
            break
        if fits is None:
            break
        because = f"they cannot be laid out on {people}, whichever way is tried"
    return LeastNumber(
        people=people,
        because=because,
        proven=proven,
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
    total: Counter[tuple[Zone, BodySide]] = Counter()
    for group in groups:
        total.update(group.has)
    in_all: Counter[Zone] = Counter()
    for (zone, side), count in total.items():
        if side is not BodySide.UNSIDED and count > 1:
            return False
        # An element that a body has once fills both places.
        in_all[zone] += 2 * count if side is BodySide.NONE else count
    return all(count <= 2 for count in in_all.values())


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


def _clique(groups: Sequence[_OnePerson], apart: Sequence[set[int]]) -> list[int]:
    """Groups no two of which can be of one person, found greedily: another bound from below."""
    conflicts = [
        {b for b in range(len(groups)) if b != a and (b in apart[a] or not _fits([groups[a], groups[b]]))}
        for a in range(len(groups))
    ]
    best: list[int] = []
    for first in sorted(range(len(groups)), key=lambda g: -len(conflicts[g]))[:50]:
        chosen, left = [first], set(conflicts[first])
        while left:
            following = max(sorted(left), key=lambda g: len(conflicts[g] & left))
            chosen.append(following)
            left &= conflicts[following]
        best = max(best, chosen, key=len)
    return best


def _lay_out(groups: Sequence[_OnePerson], apart: Sequence[set[int]], people: int, tries: int) -> bool | None:
    """Whether all groups fit on so many bodies; None if that was not found out in so many tries."""
    order = sorted(range(len(groups)), key=lambda g: (-len(apart[g]), -sum(groups[g].has.values())))
    bodies: list[list[int]] = []
    left = tries
    # Depth-first without recursion: for each group placed, the body that is tried next.
    following = [0]
    while following:
        depth = len(following) - 1
        if depth == len(order):
            return True
        group, body = order[depth], following[-1]
        # An empty body is as good as another: only one of them is tried.
        if body > len(bodies) or body >= people:
            following.pop()
            if following:
                _take_off(bodies, order[len(following) - 1])
            continue
        following[-1] += 1
        left -= 1
        if left < 0:
            return None
        on_it = bodies[body] if body < len(bodies) else []
        if apart[group].isdisjoint(on_it) and _fits([groups[g] for g in (*on_it, group)]):
            if body == len(bodies):
                bodies.append([])
            bodies[body].append(group)
            following.append(0)
    return False


def _take_off(bodies: list[list[int]], group: int) -> None:
    for at, on_it in enumerate(bodies):
        if group in on_it:
            on_it.remove(group)
            if not on_it:
                bodies.pop(at)
            return
