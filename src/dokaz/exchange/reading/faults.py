"""All that is wrong with a table is found before the table is refused: nobody mends a list one fault a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from dokaz.errors import BadFile, BadRows
from dokaz.exchange.reading.rows import Row


class Faults:
    """What is wrong with a table, in the order in which it was found.

    Example:
        >>> faults = Faults()
        >>> for given in (Row("list.csv", 2, {"stature_cm": "12"}), Row("list.csv", 3, {"stature_cm": "tall"})):
        ...     with faults.of_row(given) as row:
        ...         stature = row.integer("stature_cm", low=30, high=250)
        >>> [(fault.line, str(fault.problem)) for fault in faults.found]
        [(2, 'not between 30 and 250'), (3, 'not a whole number')]
    """

    def __init__(self) -> None:
        self.found: list[BadFile] = []

    @contextmanager
    def of_row(self, row: Row) -> Iterator[Row]:
        """The row to read: a cell that cannot be read is noted and reads as empty; the row ends where it is needed."""
        before = len(self.found)
        try:
            yield replace(row, noted=self.found)
        except BadFile as fault:
            # A cell that was noted reads as empty: what does not fit with that is no fault of its own.
            if fault.column not in [noted.column for noted in self.found[before:]]:
                self.found.append(fault)

    @contextmanager
    def of_rows(self) -> Iterator[None]:
        """What several rows say together: the first fault of it is noted."""
        try:
            yield
        except BadFile as fault:
            self.found.append(fault)

    def refuse(self) -> None:
        """Refuse the table if something is wrong with it.

        Raises:
            BadFile: one thing is; ``BadRows`` if there are more.
        """
        if len(self.found) > 1:
            raise BadRows(self.found)
        if self.found:
            raise self.found[0]
