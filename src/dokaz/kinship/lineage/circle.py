"""Stretches of the mitochondrial circle: ranges of positions, also across the place where it is cut to be counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from dokaz.kinship.lineage.rcrs import MT_LENGTH

#: First and last position, both included.
Range = tuple[int, int]

#: Differences so far apart cannot be part of one event: no repeat of the reference is as long.
APART = 50


def joined(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Ranges in order, those that touch or overlap as one."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def unrolled(ranges: Sequence[Range], altered: Iterable[int]) -> list[Range]:
    """Ranges of which none ends where the circle is cut: positions after the cut go on counting.

    Args:
        altered: Positions near which a whole circle is not cut.
    """
    found = list(joined(ranges))
    if not found or found[0][0] != 1 or found[-1][1] != MT_LENGTH:
        return found
    if len(found) > 1:
        return [*found[1:-1], (found[-1][0], found[0][1] + MT_LENGTH)]
    busy = sorted(altered)
    cut = next((a + APART for a, b in pairwise([1, *busy, MT_LENGTH]) if b - a > 2 * APART), 1)
    return [(cut, cut + MT_LENGTH - 1)]


def counted_twice(positions: Iterable[int]) -> list[int]:
    """Positions as counted before and after the cut of the circle."""
    return [p for position in positions for p in (position, position + MT_LENGTH)]


def place_of(position: int) -> int:
    """The position as it is written, 1 to 16,569, of one that is counted on behind the cut."""
    return position if position <= MT_LENGTH else position - MT_LENGTH


def is_in(position: int, window: Range) -> bool:
    """Whether a position lies in a range, which may reach over the cut."""
    return window[0] <= position <= window[1] or window[0] <= position + MT_LENGTH <= window[1]


def windows(positions: Iterable[int], span: Range, apart: int = APART) -> Iterator[Range]:
    """Stretches of a range that hold all of these positions, each with a margin in which nothing differs."""
    within = sorted(p for p in positions if span[0] <= p <= span[1])
    if not within:
        return
    first = within[0]
    for one, following in pairwise([*within, MT_LENGTH * 4]):
        if following - one > 2 * apart:
            yield max(span[0], first - apart), min(span[1], one + apart)
            first = following
