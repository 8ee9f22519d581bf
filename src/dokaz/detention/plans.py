"""Points and corners on floor plans, as decimal text: metres where a floor was measured, dots where it is a picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from dokaz.errors import WrongKind, sentence

_FIGURE = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,4})?")
MOST_CORNERS = 200

Dot = tuple[float, float]


def point_of(field: str, point: object) -> list[str]:
    """One point as records hold it; an empty one is not known.

    Raises:
        WrongKind: not two decimal figures.
    """
    if not isinstance(point, list | tuple) or (point and len(point) != 2):
        raise WrongKind(field, point, sentence("two figures, as 3.20 1.75"))
    if not all(isinstance(figure, str) and _FIGURE.fullmatch(figure) for figure in point):
        raise WrongKind(field, point, sentence("two figures, as 3.20 1.75"))
    return list(point)


def corners_of(field: str, corners: object) -> list[list[str]]:
    """The corners of a floor or a room; none where it is not drawn.

    Raises:
        WrongKind: a corner is no point; fewer than three; or sides that cross each other.
    """
    if not isinstance(corners, list | tuple):
        raise WrongKind(field, corners, sentence("a list"))
    found = [point_of(field, corner) for corner in corners]
    if not found:
        return []
    if not 3 <= len(found) <= MOST_CORNERS or not all(found):
        raise WrongKind(field, corners, sentence("three to {most} corners", most=MOST_CORNERS))
    if crosses_itself(dots(found)) or area_of(dots(found)) == 0:
        raise WrongKind(field, corners, sentence("corners in their order round the room, so that no sides cross"))
    return found


def dots(corners: Sequence[Sequence[str]]) -> list[Dot]:
    """Corners as numbers, for drawing and measuring."""
    return [(float(x), float(y)) for x, y in corners]


def area_of(corners: Sequence[Dot]) -> float:
    """The area inside, in squares of the plan's unit.

    Source:   the shoelace formula.
    Example:
        >>> area_of([(0, 0), (3, 0), (3, 2), (0, 2)])
        6.0
    """
    doubled = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in _sides(corners))
    return abs(doubled) / 2


def crosses_itself(corners: Sequence[Dot]) -> bool:
    """Whether two sides of a polygon cross that do not meet in a corner.

    Example:
        >>> crosses_itself([(0, 0), (2, 2), (2, 0), (0, 2)])
        True
    """
    sides = _sides(corners)
    return any(_cross(one, other) for one, other in combinations(sides, 2) if not set(one) & set(other))


def _sides(corners: Sequence[Dot]) -> list[tuple[Dot, Dot]]:
    return list(zip(corners, [*corners[1:], *corners[:1]], strict=True))


def _cross(one: tuple[Dot, Dot], other: tuple[Dot, Dot]) -> bool:
    (a, b), (c, d) = one, other
    return _turn(a, b, c) * _turn(a, b, d) <= 0 and _turn(c, d, a) * _turn(c, d, b) <= 0 and _near(one, other)


def _turn(a: Dot, b: Dot, c: Dot) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _near(one: tuple[Dot, Dot], other: tuple[Dot, Dot]) -> bool:
    """Whether the boxes around two sides meet: sides on one line cross only then."""
    return all(
        min(p[axis] for p in one) <= max(p[axis] for p in other)
        and min(p[axis] for p in other) <= max(p[axis] for p in one)
        for axis in (0, 1)
    )
