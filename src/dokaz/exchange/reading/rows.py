"""One row of a table, and what its cells can be read as; every refusal names file, line, column and value."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from dokaz.errors import NOTHING, BadFile, BadNumber, Sentence, UnreadDate, any_of, sentence
from dokaz.exchange.reading.dates import PartialDate, Zone, read_date, read_moment, read_partial_date
from dokaz.numbers import parse_number

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """What was read of one row of a file, and where the row is."""

    file: str
    line: int

    def refused(self, column: str, value: str | None, problem: Sentence, next_step: Sentence = NOTHING) -> BadFile:
        """The error that says what is wrong with a cell of the row, once other rows were read."""
        return BadFile(problem, file=self.file, line=self.line, column=column, value=value, next_step=next_step)


@dataclass(frozen=True, slots=True)
class Row(PlacedRow):
    """One row: ``values`` by column name, and ``extra``: the cells of columns that the table does not know.

    The readers below return ``None`` (or ``""``) for an empty or absent cell, unless ``required`` is set. What cannot be
    read is raised; a row that is read by ``Faults.of_row`` notes it in ``noted``, and reads on as if the cell were empty.
    """

    values: Mapping[str, str]
    extra: Mapping[str, str] = field(default_factory=dict)
    noted: list[BadFile] | None = field(default=None, compare=False, repr=False)

    def bad(self, column: str, problem: Sentence, next_step: Sentence = NOTHING) -> BadFile:
        """The error that says what is wrong with one cell."""
        value = self.values.get(column, self.extra.get(column))
        next_step = next_step or sentence("correct the cell, and import the file again")
        return self.refused(column, value, problem, next_step)

    @property
    def is_faulty(self) -> bool:
        """Whether something was noted of the row."""
        return self.noted is not None and any(fault.line == self.line for fault in self.noted)

    def fault(self, column: str, problem: Sentence, next_step: Sentence = NOTHING) -> None:
        """Note what is wrong with a cell, where faults are noted; raise it elsewhere."""
        fault = self.bad(column, problem, next_step)
        if self.noted is None:
            raise fault
        if (fault.line, column) not in [(noted.line, noted.column) for noted in self.noted]:
            self.noted.append(fault)

    def text(self, column: str, *, required: bool = False) -> str:
        value = self.values.get(column, "")
        if required and not value:
            self.fault(column, sentence("the cell is empty"), sentence("fill it in; nothing is assumed in its place"))
        return value

    def choice(self, column: str, choices: Mapping[str, str], *, required: bool = False) -> str:
        """One of a closed set; ``choices`` maps what teams write, in lower case, to the term used here."""
        value = self.text(column, required=required)
        if not value:
            return ""
        if value.casefold() not in choices:
            self.fault(
                column,
                sentence("not one of the known terms"),
                sentence("write one of: {allowed}", allowed=", ".join(choices)),
            )
        return choices.get(value.casefold(), "")

    def integer(self, column: str, *, required: bool = False, low: int, high: int) -> int | None:
        value = self.text(column, required=required)
        if not value:
            return None
        if not re.fullmatch(r"[+-]?[0-9]{1,9}", value):
            self.fault(column, sentence("not a whole number"))
            return None
        if not low <= int(value) <= high:
            self.fault(
                column,
                sentence("not between {low} and {high}", low=low, high=high),
                sentence("check the entry; it was not cut to the limit"),
            )
            return None
        return int(value)

    def decimal(self, column: str, *, required: bool = False, low: float, high: float) -> float | None:
        """A number with a decimal point, or with a decimal comma as Ukrainian spreadsheets write it."""
        digits = self.digits(column, required=required, low=low, high=high)
        return float(digits) if digits else None

    def digits(self, column: str, *, required: bool = False, low: float, high: float) -> str:
        """The same with the digits that were delivered: a record never holds more or fewer."""
        value = self.text(column, required=required).replace("\u00a0", "").replace("−", "-")
        if not value:
            return ""
        if not re.fullmatch(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?", value):
            self.fault(
                column,
                sentence("not a number"),
                sentence("write digits with one decimal point or comma, no thousands marks"),
            )
            return ""
        digits = value.replace(",", ".").removeprefix("+")
        if not low <= float(digits) <= high:
            self.fault(
                column,
                sentence("not between {low:g} and {high:g}", low=low, high=high),
                sentence("check the entry and its unit; it was not cut to the limit"),
            )
            return ""
        return digits

    def day(self, column: str, *, required: bool = False) -> date | None:
        value = self.text(column, required=required)
        return self._read(column, lambda: read_date(value)) if value else None

    def partial_date(self, column: str) -> PartialDate | None:
        value = self.text(column)
        return self._read(column, lambda: read_partial_date(value)) if value else None

    def moment(self, column: str, *, zone: Zone | None = None, required: bool = False) -> datetime | None:
        """A date and time with a zone: in the cell itself, or the one that the whole file states."""
        value = self.text(column, required=required)
        return self._read(column, lambda: read_moment(value, zone)) if value else None

    def needed_moment(self, column: str, *, zone: Zone | None = None) -> datetime:
        """The same where nothing can be done with the row without it."""
        found = self.moment(column, zone=zone, required=True)
        if found is None:  # noted: the row ends here
            raise self.bad(column, sentence("the cell is empty"))
        return found

    def items(self, column: str) -> tuple[str, ...]:
        """The parts of a list cell, in their order; an empty part or one given twice is refused."""
        value = self.text(column)
        if not value:
            return ()
        parts = tuple(part.strip() for part in value.split("|"))
        if not all(parts):
            raise self.bad(column, sentence("a part of the list is empty"))
        if len(set(parts)) != len(parts):
            raise self.bad(column, sentence("the list names one thing twice"))
        return parts

    def number(self, column: str, *, types: Collection[str], required: bool = True) -> str:
        """A human number whose check character fits, and whose type is one that belongs here."""
        value = self.text(column, required=required)
        if not value and required:  # noted: the row ends here
            raise self.bad(column, sentence("the cell is empty"))
        if not value:
            return ""
        try:
            parsed = parse_number(value)
        except BadNumber as error:
            raise self.bad(column, error.problem, error.next_step) from error
        if parsed.type not in types:
            raise self.bad(
                column,
                sentence("the type {type} does not belong here", type=parsed.type),
                sentence("expected {types}", types=any_of(list(types))),
            )
        return value

    def _read(self, column: str, read: Callable[[], _Value]) -> _Value | None:
        try:
            return read()
        except UnreadDate as error:
            self.fault(column, error.what, error.next_step)
            return None
