"""Tables of overlapping lists: how many people are on which lists together, as JSON.

``{"name": …, "lists": ["A", "B", "C"], "table": [{"A": 1, "B": 0, "C": 1, "Freq": 12}, …]}``; a row names every
list, 1 where its people are on it. Patterns without a row have nobody. Other keys of the file are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dokaz.errors import BadFile, BadOverlaps, sentence
from dokaz.estimate import OverlapTable
from dokaz.exchange.programs.case_markers import read_json

_COUNT = "Freq"
_SHAPE = 'write {"lists": ["A", "B", "C"], "table": [{"A": 1, "B": 0, "C": 1, "Freq": 12}]}'


def read_overlap_table(data: bytes, *, file: str, disjoint: Iterable[Sequence[str]] = ()) -> tuple[str, OverlapTable]:
    """The name of a table, empty if it has none, and the table.

    Args:
        disjoint: Pairs of lists that nobody can be on together.

    Raises:
        BadFile: names the row and the column.
        BadOverlaps: a pair of ``disjoint`` that is none, or on which somebody is.
    """
    read = read_json(data, file=file)
    lists, rows = read.get("lists"), read.get("table")
    if not isinstance(lists, list) or not all(isinstance(each, str) for each in lists) or not isinstance(rows, list):
        raise BadFile(sentence("it has no lists or no table"), file=file, next_step=sentence("{shape}", shape=_SHAPE))
    if _COUNT in lists:
        raise BadFile(
            sentence("a list cannot be called like the column of counts"), file=file, value=_COUNT,
            next_step=sentence("give it another name"),
        )  # fmt: skip
    people = []
    seen: dict[tuple[str, ...], int] = {}
    for at, row in enumerate(rows, start=1):
        named, count = _row(row, lists, at, file)
        if named in seen:
            raise BadFile(
                sentence("rows {first} and {second} of the table are of the same lists", first=seen[named], second=at),
                file=file,
                next_step=sentence("add them up if they count different people"),
            )
        seen[named] = at
        people.append((named, count))
    try:
        table = OverlapTable.of(lists, people)
    except BadOverlaps as error:
        raise BadFile(error.problem, file=file, next_step=error.advice) from None
    return str(read.get("name") or ""), OverlapTable.of(lists, people, disjoint=disjoint) if disjoint else table


def _row(row: Any, lists: list[str], at: int, file: str) -> tuple[tuple[str, ...], int]:
    if not isinstance(row, dict):
        raise BadFile(
            sentence("row {row} of the table is no object", row=at),
            file=file,
            next_step=sentence("{shape}", shape=_SHAPE),
        )
    for key in row:
        if key != _COUNT and key not in lists:
            raise BadFile(
                sentence("row {row} of the table has a column that is no list", row=at), file=file, value=str(key),
                next_step=sentence("lists: {names}", names=", ".join(lists)),
            )  # fmt: skip
    named = []
    for name in lists:
        value = row.get(name)
        if value not in (0, 1) or isinstance(value, bool):
            raise BadFile(
                sentence("row {row} of the table does not say whether its people are on this list", row=at),
                file=file, column=name, value=None if value is None else str(value), next_step=sentence("write 0 or 1"),
            )  # fmt: skip
        if value:
            named.append(name)
    count = row.get(_COUNT)
    if isinstance(count, bool) or not isinstance(count, int | float) or count != count // 1 or not 0 <= count < 2**53:
        raise BadFile(
            sentence("row {row} of the table has no number of people", row=at), file=file, column=_COUNT,
            value=None if count is None else str(count), next_step=sentence("write a whole number, 0 or more"),
        )  # fmt: skip
    return tuple(named), int(count)
