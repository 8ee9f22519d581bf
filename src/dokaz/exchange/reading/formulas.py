"""Cells that an office program would run as a formula when a table is opened in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dokaz.errors import BadFile, sentence

_PLAIN = re.compile(r"-([0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?)?")


def is_formula(cell: str) -> bool:
    """Whether a cell begins as a formula does; a negative number or a lone dash is none.

    Example:
        >>> [cell for cell in ("=1", "+A1", "@SUM", "-A1", "-1.5", "-", "a=1", "") if is_formula(cell)]
        ['=1', '+A1', '@SUM', '-A1']
    """
    return cell[:1] in ("=", "+", "@", "\t", "\r") or (cell[:1] == "-" and not _PLAIN.fullmatch(cell))


def harmless(cell: str) -> str:
    """The cell with an apostrophe before it where it would run, for tables that people open."""
    return f"'{cell}" if is_formula(cell) else cell


def refuse_formulas(rows: Iterable[Sequence[object]], *, file: str) -> None:
    """Refuse to write names that would run, into a table that a program reads: there, an apostrophe would change them.

    Raises:
        BadFile: one would.
    """
    for number, row in enumerate(rows, 1):
        for cell in row:
            if is_formula(str(cell)):
                raise BadFile(
                    sentence("an office program would run this cell as a formula"),
                    file=file,
                    line=number,
                    value=str(cell),
                    next_step=sentence("give it a name that begins with a letter or a digit, or write JSON"),
                )
