"""How many characters two texts differ in."""

from __future__ import annotations


def edit_distance(first: str, second: str) -> int:
    """The least number of characters to insert, delete or replace to make one text of the other.

    Args:
        first, second: Compared by code point: give both in one normal form.

    Source:
        Levenshtein 1966; computed a row at a time (Wagner & Fischer 1974).

    Example:
        >>> edit_distance("Петренко", "Петриненк")
        3
    """
    if len(first) < len(second):
        first, second = second, first
    above = list(range(len(second) + 1))
    for down, letter in enumerate(first, 1):
        row = [down]
        for right, other in enumerate(second, 1):
            row.append(min(above[right] + 1, row[-1] + 1, above[right - 1] + (letter != other)))
        above = row
    return above[-1]
