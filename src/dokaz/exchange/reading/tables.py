"""The one reader of delimited tables: encoding, delimiter, headers in two languages, and rows that know their line.

Every other reader of rows uses this one, so that a cp1251 file with semicolons from one office and a UTF-8 file
with commas from the next fail, or pass, by the same rules:

* The file is UTF-8 (with or without BOM), or cp1251 where nothing else is plausible. Anything else is refused.
* The delimiter is a comma, a semicolon or a tab, whichever yields the columns that the table needs.
* Lines that start with ``#`` before the header say what holds for the whole file: ``# CRS: EPSG:32637``.
* Every row has as many cells as the header. No row is repaired, skipped or padded; wholly blank lines are not rows.
* A column that the table does not know stays in ``Row.extra``. What no record takes is named in ``Table.remarks``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dokaz.errors import BadFile, UnreadDate, any_of, sentence
from dokaz.exchange.reading.dates import Zone, read_zone
from dokaz.exchange.reading.remarks import Remark, remark, unknown_columns
from dokaz.exchange.reading.rows import Row
from dokaz.exchange.reading.sheets import read_sheet

#: Under which keys a file states the zone of its times above the header.
ZONE = ("zone", "timezone", "time zone", "часовий пояс")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a table may have.

    Args:
        name: As it is called here.
        aliases: What teams call it.
        required: Whether the table is useless without it.
        field: Where its cells are filed, as ``graves.RecoveryUnit.description``; several are divided by a space, where it
            depends on the row.
        kept: Why its cells are kept in the delivered file only; a column of a delivery has either a field or this.
    """

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    field: str = ""
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read whole.

    ``stated`` holds line and value of what is said above the header, by lower-case key. ``remarks`` name what no record
    takes: unknown columns, columns that are kept in the file only, lines above the header that say nothing known.
    """

    file: str
    encoding: str
    delimiter: str
    stated: Mapping[str, tuple[int, str]]
    header_line: int
    known_columns: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    rows: tuple[Row, ...]
    remarks: tuple[Remark, ...]

    def says(self, *keys: str) -> str:
        """What a line above the header says (``# CRS: EPSG:32637``), under any of some keys; empty where none does."""
        return next((self.stated[key][1] for key in keys if key in self.stated), "")

    def line_that_says(self, *keys: str) -> int | None:
        """Which line above the header says it."""
        return next((self.stated[key][0] for key in keys if key in self.stated), None)

    def zone(self) -> Zone | None:
        """The zone of times that do not state one, where the file states it above its header."""
        text = self.says(*ZONE)
        try:
            return read_zone(text) if text else None
        except UnreadDate as error:
            raise BadFile(
                error.what, file=self.file, line=self.line_that_says(*ZONE), column="zone", value=text,
                next_step=error.next_step,
            ) from error  # fmt: skip

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


def read_table(
    data: bytes,
    *,
    file: str,
    columns: Sequence[Column],
    patterns: Sequence[re.Pattern[str]] = (),
    above: Collection[str] = (),
) -> Table:
    """Read a delimited table whose columns are known by name.

    Args:       data: the whole file.
                file: its name, for errors and for the rows.
                columns: what the table may hold; headers are compared without case, underscores and spaces.
                patterns: headers that are known by form (``D3S1358 1``); such a cell stays in ``Row.extra``, but its
                    column is not reported as unknown.
                above: keys of lines above the header that the caller reads; other lines are named in the remarks.
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
                sentence("the column {name} is there twice", name=identity),
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
    unknown = tuple(h.strip() for h, n in zip(sheet.header, names, strict=True) if not n and h.strip() and not known(h))
    read_lines = {line for key, (line, _) in sheet.stated.items() if key in above}
    kept = [column.name for column in columns if column.kept]
    counts = {name: sum(bool(row.values.get(name)) for row in rows) for name in kept}
    return Table(
        file=file,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        stated=sheet.stated,
        header_line=sheet.header_line,
        known_columns=tuple(n for n in names if n),
        unknown_columns=unknown,
        rows=tuple(rows),
        remarks=(
            *(remark("line_kept", file=file, line=n, text=s) for n, s in sheet.above if n not in read_lines),
            *(remark("column_kept", column=name, cells=n) for name, n in counts.items() if n),
            *unknown_columns(unknown),
        ),
    )


def header_key(cell: str) -> str:
    """A header without what people vary: case, spaces, underscores, hyphens, a full stop.

    Example:
        >>> header_key(" Sample_Name ") == header_key("sample name")
        True
    """
    return re.sub(r"[\s_\-.]+", " ", cell.strip().casefold().replace("ʼ", "'").replace("’", "'")).strip()
