"""Where everybody of a pedigree stands: rows are generations, partners side by side, children under their parents.

Three steps: a row for each person (below both parents, level with every partner), an order within each row (a walk from
the founders down), and a place along the row (each drawn to where parents and children are, never closer than a step).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dokaz.errors import Explained, sentence


class NoPedigree(Explained):
    """What was given cannot be drawn as a pedigree: a name twice, a parent who is not there, an own ancestor."""


@dataclass(slots=True)
class Union:
    """Partners who have children together, or one parent whose partner is not named.

    ``level`` and ``track`` keep lines apart that would otherwise run on top of each other.
    """

    parents: tuple[str, ...]
    children: list[str] = field(default_factory=list)
    is_consanguineous: bool = False
    is_adjacent: bool = True
    level: int = 0
    track: int = 0


@dataclass(slots=True)
class Layout:
    """Places in columns and rows; multiply by a step to draw."""

    x: dict[str, float]
    row: dict[str, int]
    unions: list[Union]


def arrange(trios: Sequence[tuple[str, str, str]]) -> Layout:
    """Give everybody a row and a place.

    Args:   trios: (name, father, mother); an empty name stands for a parent who is not known
    Raises: NoPedigree: a name occurs twice, a parent is no member, or somebody is their own ancestor
    """
    parents = _checked(trios)
    unions = _unions(trios)
    row = _rows(parents, unions)
    order = _order(parents, unions, row)
    x = _places(order, unions)
    ancestors = {name: _ancestors(name, parents) for name in parents}
    for union in unions:
        if len(union.parents) == 2:
            one, other = union.parents
            shared = (ancestors[one] | {one}) & (ancestors[other] | {other})
            union.is_consanguineous = bool(shared)
            line = order[row[one]]
            union.is_adjacent = row[one] == row[other] and abs(line.index(one) - line.index(other)) == 1
    _keep_apart(unions, x, row)
    return Layout(x, row, unions)


def _checked(trios: Sequence[tuple[str, str, str]]) -> dict[str, tuple[str, ...]]:
    parents: dict[str, tuple[str, ...]] = {}
    for name, father, mother in trios:
        if name in parents:
            raise NoPedigree(
                sentence("{name!r} stands twice in the pedigree", name=name),
                next_step=sentence("give every member a name of their own"),
            )
        parents[name] = tuple(one for one in (father, mother) if one)
    for name, theirs in parents.items():
        for one in theirs:
            if one not in parents:
                raise NoPedigree(
                    sentence("{one!r}, a parent of {name!r}, is not in the pedigree", one=one, name=name),
                    next_step=sentence("add the parent, or leave the parent empty"),
                )
    for name in parents:
        if name in _ancestors(name, parents):
            raise NoPedigree(
                sentence("{name!r} is their own ancestor", name=name), next_step=sentence("correct the parents")
            )
    return parents


def _ancestors(name: str, parents: dict[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    waiting = list(parents[name])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += parents[one]
    return found


def _unions(trios: Sequence[tuple[str, str, str]]) -> list[Union]:
    unions: dict[tuple[str, ...], Union] = {}
    for name, father, mother in trios:
        pair = tuple(one for one in (father, mother) if one)
        if pair:
            unions.setdefault(pair, Union(pair)).children.append(name)
    return list(unions.values())


def _rows(parents: dict[str, tuple[str, ...]], unions: list[Union]) -> dict[str, int]:
    """Below both parents always; level with every partner where the other partnerships allow it."""
    level: list[Union] = []
    row = _settled(parents, level)
    for union in unions:
        if len(union.parents) == 2:
            together = _settled(parents, [*level, union])
            if together:
                level, row = [*level, union], together
    return row


def _settled(parents: dict[str, tuple[str, ...]], level: list[Union]) -> dict[str, int]:
    """The highest rows that hold; empty if somebody would have to stand level with an own ancestor or descendant."""
    row = dict.fromkeys(parents, 0)
    moved = True
    while moved:
        moved = False
        for name, theirs in parents.items():
            lowest = max((row[one] + 1 for one in theirs), default=0)
            for union in level:
                if name in union.parents:
                    lowest = max(lowest, *(row[one] for one in union.parents))
            if row[name] < lowest:
                row[name], moved = lowest, True
                # Nobody has more generations above than there are people: these partners pull each other down for ever.
                if lowest >= len(parents):
                    return {}
    return row


def _order(parents: dict[str, tuple[str, ...]], unions: list[Union], row: dict[str, int]) -> dict[int, list[str]]:
    of: dict[str, list[Union]] = defaultdict(list)
    for union in unions:
        for one in union.parents:
            of[one].append(union)
    placed: set[str] = set()
    order: dict[int, list[str]] = defaultdict(list)

    def place(name: str) -> None:
        if name not in placed:
            placed.add(name)
            order[row[name]].append(name)

    def visit(name: str) -> None:
        if name in placed:
            return
        theirs = of[name]
        # With two partners, the first stands to the left, so that both are neighbours.
        before = [one for union in theirs[:1] for one in union.parents if one != name] if len(theirs) > 1 else []
        for partner in before:
            if not parents[partner]:
                place(partner)
        place(name)
        for union in theirs:
            for partner in union.parents:
                place(partner)
        for union in theirs:
            for child in union.children:
                visit(child)
        # Partners may have had children with others.
        for union in theirs:
            for partner in union.parents:
                for further in of[partner]:
                    for one in (*further.parents, *further.children):
                        visit(one)

    founders = [name for name, theirs in parents.items() if not theirs]
    depth = {name: _depth(name, of) for name in parents}
    for name in sorted(founders, key=lambda one: (row[one], -depth[one])):
        visit(name)
    for name in parents:
        visit(name)
    return dict(order)


def _depth(name: str, of: dict[str, list[Union]]) -> int:
    return max((1 + _depth(child, of) for union in of[name] for child in union.children), default=0)


def _places(order: dict[int, list[str]], unions: list[Union]) -> dict[str, float]:
    x = {name: float(i) for line in order.values() for i, name in enumerate(line)}
    for sweep in range(24):
        downwards = sweep % 2 == 0
        for level in sorted(order, reverse=not downwards):
            wish: dict[str, list[float]] = defaultdict(list)
            for union in unions:
                middle = sum(x[one] for one in union.parents) / len(union.parents)
                under = sum(x[one] for one in union.children) / len(union.children)
                if downwards:
                    for child in union.children:
                        wish[child].append(x[child] + middle - under)
                else:
                    for one in union.parents:
                        wish[one].append(x[one] + under - middle)
            line = order[level]
            wanted = [sum(wish[one]) / len(wish[one]) if wish[one] else x[one] for one in line]
            x.update(zip(line, _spaced(wanted), strict=True))
    return x


def _spaced(wanted: Sequence[float]) -> list[float]:
    """The nearest places to those wanted that keep the order and are 1 apart at least (pooled adjacent violators)."""
    blocks: list[tuple[float, int]] = []
    for i, place in enumerate(wanted):
        mean, size = place - i, 1
        while blocks and blocks[-1][0] > mean:
            before, count = blocks.pop()
            mean, size = (before * count + mean * size) / (count + size), count + size
        blocks.append((mean, size))
    flat = [mean for mean, size in blocks for _ in range(size)]
    return [mean + i for i, mean in enumerate(flat)]


def _keep_apart(unions: list[Union], x: dict[str, float], row: dict[str, int]) -> None:
    """Lines that run in the same gap between two rows, and would overlap, get tracks of their own."""
    taken: dict[tuple[str, int], list[tuple[float, float, int]]] = defaultdict(list)

    def track(kind: str, gap: int, reach: Iterable[float]) -> int:
        places = list(reach)
        low, high = min(places) - 0.2, max(places) + 0.2
        used = {one for start, end, one in taken[(kind, gap)] if start < high and low < end}
        free = next(i for i in range(len(used) + 1) if i not in used)
        taken[(kind, gap)].append((low, high, free))
        return free

    for union in unions:
        middle = sum(x[one] for one in union.parents) / len(union.parents)
        if union.children:
            first = min(row[one] for one in union.children)
            union.track = track("children", first, [middle, *(x[one] for one in union.children)])
        if not union.is_adjacent:
            union.level = track("partners", row[union.parents[0]], [x[one] for one in union.parents])
