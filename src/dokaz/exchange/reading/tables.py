"""The one reader of delimited tables: encoding, delimiter, headers in two languages, and rows that know their line.

Every other reader of rows stands on this one, so that a cp1251 file with semicolons from one office and a UTF-8 file
with commas from the next fail, or pass, by the same rules:

* The file is UTF-8 (with or without BOM), or cp1251 where nothing else is plausible. Anything else is refused.
* The delimiter is a comma, a semicolon or a tab, whichever yields the columns that the table needs.
* Lines that start with ``#`` before the header say what holds for the whole file: ``# CRS: EPSG:32637``.
* Every row has as many cells as the header. No row is repaired, skipped or padded; wholly blank lines are not rows.
* A column that the table does not know stays in ``Row.extra`` and is named in ``Table.unknown_columns``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dokaz.errors import BadFile, UnreadDate, any_of, sentence
from dokaz.exchange.reading.dates import Zone, read_zone
from dokaz.exchange.reading.rows import Row
from dokaz.exchange.reading.sheets import read_sheet


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a table may have: its name here, what teams call it, and whether the table is useless without."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read whole; ``stated`` holds line and value of what stands above the header, by lower-case key."""

    file: str
    encoding: str
    delimiter: str
    stated: Mapping[str, tuple[int, str]]
    header_line: int
    known_columns: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def says(self, *keys: str) -> str:
        """What a line above the header says (``# CRS: EPSG:32637``), under any of some keys; empty where none does."""
        return next((self.stated[key][1] for key in keys if key in self.stated), "")

    def line_that_says(self, *keys: str) -> int | None:
        """Which line above the header says it."""
        return next((self.stated[key][0] for key in keys if key in self.stated), None)

    def zone(self) -> Zone | None:
        """The zone of times that do not state one, where the file states it above its header."""
        keys = ("zone", "timezone", "time zone", "часовий пояс")
        text = self.says(*keys)
        try:
            return read_zone(text) if text else None
        except UnreadDate as error:
            raise BadFile(
                error.what, file=self.file, line=self.line_that_says(*keys), column="zone", value=text,
                next_step=error.next_step,
            ) from error  # fmt: skip

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


def read_table(data: bytes, *, file: str, columns: Sequence[Column], patterns: Sequence[re.Pattern[str]] = ()) -> Table:
    """Read a delimited table whose columns are known by name.

    Args:       data: the whole file.
                file: its name, for errors and for the rows.
                columns: what the table may hold; headers are compared without case, underscores and spaces.
                patterns: headers that are known by form (``D3S1358 1``); such a cell stays in ``Row.extra``, but its
                    column is not reported as unknown.
    Raises:     BadFile: not one rectangular table of known encoding and delimiter, a required column is missing, or two
                    headers name the same column.
    """
    by_header = {key: column for column in columns for key in map(header_key, (column.name, *column.aliases))}

    def known(cell: str) -> bool:
        return header_key(cell) in by_header or any(p.fullmatch(cell.strip()) for p in patterns)

    sheet = read_sheet(data, file=file, is_known=known)

    names: list[str | None] = []
    seen: dict[str, str] = {}
    for index, cell in enumerate(sheet.header):
        column = by_header.get(header_key(cell))
        identity = column.name if column else header_key(cell)
        if not cell.strip():
            if any(cells[index].strip() for _, cells in sheet.records):
                raise BadFile(
                    sentence("a column has values but no name"),
                    file=file,
                    line=sheet.header_line,
                    column=str(index + 1),
                    next_step=sentence("name the column in the header"),
                )
            identity = f"\0{index}"  # an empty column at the edge of a spreadsheet: nothing is lost by leaving it out
        elif identity in seen:
            raise BadFile(
                sentence("the column {identity} is there twice", identity=identity),
                file=file,
                line=sheet.header_line,
                column=str(index + 1),
                value=cell,
                next_step=sentence(
                    "keep one of {first!r} and {second!r}, or rename one", first=seen[identity], second=cell
                ),
            )
        seen[identity] = cell
        names.append(column.name if column else None)

    missing = [column for column in columns if column.required and column.name not in names]
    if missing:
        wanted = [any_of([repr(n) for n in (c.name, *c.aliases)]) for c in missing]
        raise BadFile(
            sentence("the column {name} is missing", name=missing[0].name),
            file=file,
            line=sheet.header_line,
            value=", ".join(sheet.header)[:200],
            next_step=sentence("add {wanted}", wanted=wanted),
        )

    rows = []
    for line, cells in sheet.records:
        values = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name}
        extra = {
            header.strip(): cell.strip()
            for header, name, cell in zip(sheet.header, names, cells, strict=True)
            if not name and header.strip()
        }
        rows.append(Row(file=file, line=line, values=values, extra=extra))
    return Table(
        file=file,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        stated=sheet.stated,
        header_line=sheet.header_line,
        known_columns=tuple(n for n in names if n),
        unknown_columns=tuple(
            h.strip() for h, n in zip(sheet.header, names, strict=True) if not n and h.strip() and not known(h)
        ),
        rows=tuple(rows),
    )


def header_key(cell: str) -> str:
    """A header without what people vary: case, spaces, underscores, hyphens, a full stop.

    Example:
        >>> header_key(" Sample_Name ") == header_key("sample name")
        True
    """
    return re.sub(r"[\s_\-.]+", " ", cell.strip().casefold().replace("ʼ", "'").replace("’", "'")).strip()
