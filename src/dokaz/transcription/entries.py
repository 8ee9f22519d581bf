"""The entries of a log book as one reader read them: a row's cells by field, and what the page's header says of the row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dokaz.transcription.marked_text import MarkedText, TextRun, marked_text
from dokaz.transcription.pages import HeaderRegion, TableRegion, TextRegion, TranscribedBook, TranscribedPage


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A row of a table as one person read it.

    Args:
        page, table, row: Their ids.
        values: What was read, by the id of the field; fields that this person did not read are not there.
        heads: What the header above the row says, by the id of the field.
        heads_from: The page on which that header stands: an earlier one where a table goes on without a new header.
    """

    page: str
    table: str
    row: str
    values: Mapping[str, MarkedText]
    heads: Mapping[str, MarkedText]
    heads_from: str = ""


def entries(book: TranscribedBook, reader: str) -> tuple[LogEntry, ...]:
    """Every row that this person read anything of, in order; headings of columns are no entries.

    A header holds for the rows under it, up to the next header on the page. A table that goes on from an earlier page, on
    a page without a header above it, is under the header of the rows that it continues. Cells of one row that are filed
    under one field are one value, a line each. Cells without a field are not in it.
    """
    found: list[LogEntry] = []
    of_tables: dict[tuple[str, str], tuple[Mapping[str, MarkedText], str]] = {}
    for page in book.pages:
        heads: Mapping[str, MarkedText] = {}
        heads_from = ""
        for region in page.regions:
            if isinstance(region, HeaderRegion):
                heads, heads_from = _read(region.parts, reader), page.id
            elif isinstance(region, TableRegion):
                if not heads_from and region.continues in of_tables:
                    under = of_tables[region.continues]
                else:
                    under = heads, heads_from
                of_tables[page.id, region.id] = under
                found += _rows(page, region, reader, *under)
    return tuple(found)


def with_dittos_resolved(read: tuple[LogEntry, ...]) -> tuple[LogEntry, ...]:
    """The same, where a value that is nothing but a ditto says what it stands for: the value of that field above it.

    The sign itself stays. What the reader has resolved is left as it is; so is a ditto with nothing above it.
    """
    above: dict[str, MarkedText] = {}
    resolved = []
    for entry in read:
        values = dict(entry.values)
        for field, text in values.items():
            stands_for = above[field].as_meant if field in above else ""
            if text.is_ditto and not text.runs[0].stands_for and stands_for:
                values[field] = text.standing_for(stands_for)
        above |= values
        resolved.append(LogEntry(entry.page, entry.table, entry.row, values, entry.heads, entry.heads_from))
    return tuple(resolved)


def _rows(
    page: TranscribedPage, table: TableRegion, reader: str, heads: Mapping[str, MarkedText], heads_from: str
) -> list[LogEntry]:
    rows = [(row, _read(row.cells, reader)) for row in table.rows if not row.is_heading]
    return [LogEntry(page.id, table.id, row.id, values, heads, heads_from) for row, values in rows if values]


def _read(texts: Sequence[TextRegion], reader: str) -> dict[str, MarkedText]:
    read: dict[str, MarkedText] = {}
    for region in texts:
        text = region.read_by(reader)
        if text is not None and region.field:
            before = read.get(region.field)
            read[region.field] = marked_text((*before.runs, TextRun("\n"), *text.runs)) if before else text
    return read
