"""The naive twin of the least number of people: every way to lay fragments out on bodies, one after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dokaz.physical import BodySide, Fragment


def least_number_slowly(
    fragments: Sequence[Fragment], same: Sequence[tuple[str, str]], different: Sequence[tuple[str, str]]
) -> int | None:
    """The fewest bodies of all layouts that are possible; None if none is."""
    return min((len(bodies) for bodies in layouts(list(fragments)) if possible(bodies, same, different)), default=None)


def layouts(fragments: list[Fragment]) -> Iterator[list[list[Fragment]]]:
    """Every partition of the fragments."""
    if not fragments:
        yield []
        return
    first, *others = fragments
    for bodies in layouts(others):
        for k in range(len(bodies)):
            yield [*bodies[:k], [first, *bodies[k]], *bodies[k + 1 :]]
        yield [[first], *bodies]


def possible(
    bodies: list[list[Fragment]], same: Sequence[tuple[str, str]], different: Sequence[tuple[str, str]]
) -> bool:
    """No zone twice on a side, and links kept."""
    for body in bodies:
        sides: dict[tuple[str, str], list[BodySide]] = {}
        for fragment in body:
            for zone in fragment.zones:
                sides.setdefault((fragment.element, zone), []).append(fragment.side)
        for there in sides.values():
            if there.count(BodySide.LEFT) > 1 or there.count(BodySide.RIGHT) > 1:
                return False
            if len(there) > (1 if BodySide.NONE in there else 2):
                return False
    where = {fragment.name: k for k, body in enumerate(bodies) for fragment in body}
    return all(where[a] == where[b] for a, b in same) and all(where[a] != where[b] for a, b in different)
