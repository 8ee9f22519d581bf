"""A sheet of an Excel workbook (.xlsx) as the tab-delimited text that every reader of tables takes.

The row of the sheet is the line of the text, so that errors name it. Cells are what the sheet holds: numbers with the
fewest digits that mean them, dates as 2026-05-04, a formula as the value that was saved with it. Several sheets with
cells are refused until one is named; so are cells in error, protected workbooks and the older .xls.

Source: ECMA-376, part 1, §18 (SpreadsheetML).
"""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from dokaz.errors import BadFile, Sentence, sentence
from dokaz.exchange.reading.limits import MIB, TABLE_LINES
from dokaz.exchange.reading.xml_elements import XmlElement, read_elements

#: What one part of a workbook may unfold to, and how many cells are read, empty ones between full ones included.
PART_BYTES = 128 * MIB
MOST_CELLS = 5_000_000
_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
#: Number formats that Excel has built in for dates and times.
_DATE_FORMATS = frozenset({*range(14, 23), *range(45, 48)})
_NO_DATE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_SAVE_AS = sentence("save it as .xlsx or as CSV UTF-8, without a password")


def is_workbook(data: bytes) -> bool:
    """Whether bytes are a workbook of Excel, new or old, or another archive; no text begins as they do."""
    return data.startswith(_MARKS)


def sheet_as_text(data: bytes, *, file: str, sheet: str = "") -> bytes:
    """One sheet as tab-delimited text in UTF-8.

    Args:
        data: The whole workbook.
        file: Its name, for errors.
        sheet: Which one; else the only one with cells.

    Raises:
        BadFile: no workbook that is read here, no such sheet or several, a cell in error, more cells than are read.
    """
    book = _Book(data, file)
    found = {name: rows for name, rows in ((name, book.rows(path)) for name, path in book.sheets.items()) if rows}
    if sheet and sheet not in book.sheets:
        raise book.bad(
            sentence("no sheet of this name"), sheet, sentence("name one of {allowed}", allowed=", ".join(book.sheets))
        )
    chosen = [sheet] if sheet else list(found)
    if len(chosen) != 1 or chosen[0] not in found:
        raise book.bad(
            sentence("{count} sheets with cells, not one", count=0 if sheet else len(found)),
            sheet or None,
            sentence(
                "name one where the command takes --sheet, or save it as a file of its own: {allowed}",
                allowed=", ".join(found or book.sheets),
            ),
        )
    return _delimited(found[chosen[0]], book, chosen[0])


def sheets_as_text(data: bytes, *, file: str) -> dict[str, bytes]:
    """Every sheet with cells as tab-delimited text, by name.

    Raises:
        BadFile: as `sheet_as_text`.
    """
    book = _Book(data, file)
    found = {name: book.rows(path) for name, path in book.sheets.items()}
    return {name: _delimited(rows, book, name) for name, rows in found.items() if rows}


def _delimited(rows: dict[int, dict[int, str]], book: _Book, sheet: str) -> bytes:
    width, last = 1 + max(max(row) for row in rows.values()), max(rows)
    if last > TABLE_LINES or width * len(rows) > MOST_CELLS:
        raise book.bad(
            sentence("the sheet has {rows:,} rows and {columns:,} columns", rows=last, columns=width),
            sheet,
            sentence("cut it into several files, and delete cells far from the table"),
        )
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    for number in range(1, last + 1):
        row = rows.get(number)
        if row is None:
            out.write("\n")
        elif (first := row.get(0, "")).startswith("#"):
            out.write("\t".join([first, *(row.get(i, "") for i in range(1, width))]).rstrip() + "\n")
        else:
            writer.writerow([row.get(i, "") for i in range(width)])
    return out.getvalue().encode()


@dataclass
class _Book:
    """The parts of a workbook that are read."""

    data: bytes
    file: str

    def __post_init__(self) -> None:
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(self.data))
            names = set(self.archive.namelist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise self.bad(sentence("no workbook that can be read"), None, _SAVE_AS) from None
        if "xl/workbook.xml" not in names:
            raise self.bad(sentence("an archive that is no workbook of Excel"), None, _SAVE_AS)
        book = self.part("xl/workbook.xml")
        targets = {
            relation.attributes.get("Id", ""): relation.attributes.get("Target", "")
            for relation in self.part("xl/_rels/workbook.xml.rels").parts
        }
        self.sheets = {
            sheet.attributes.get("name", ""): _path(targets.get(sheet.attributes.get("id", ""), ""))
            for element in book.named("sheets")
            for sheet in element.parts
        }
        properties = book.named("workbookPr")
        is_1904 = bool(properties) and properties[0].attributes.get("date1904") in {"1", "true"}
        self.first_day = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)
        self.texts = [_text_of(item) for item in self.part("xl/sharedStrings.xml").parts if item.name == "si"]
        self.dates = _date_styles(self.part("xl/styles.xml"))

    def bad(self, problem: Sentence, value: str | None, next_step: Sentence, line: int | None = None) -> BadFile:
        return BadFile(problem, file=self.file, line=line, value=value, next_step=next_step)

    def part(self, name: str) -> XmlElement:
        """One part; an empty element where the workbook does not have it."""
        try:
            info = self.archive.getinfo(name)
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError(info.compress_type)
            with self.archive.open(info) as stream:
                data = stream.read(PART_BYTES + 1)
        except KeyError:
            return XmlElement("")
        except (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError, EOFError):
            raise self.bad(sentence("a part of the workbook cannot be read"), name, _SAVE_AS) from None
        if len(data) > PART_BYTES:
            raise self.bad(
                sentence("the workbook unfolds to more than is read"), name, sentence("cut it into several files")
            )
        return read_elements(data, file=f"{self.file}, {name}", keeps_foreign_attributes=True)

    def rows(self, path: str) -> dict[int, dict[int, str]]:
        """Full cells by row, counted from 1, and column, counted from 0."""
        found: dict[int, dict[int, str]] = {}
        for element in self.part(path).named("sheetData"):
            for row in element.named("row"):
                for cell in row.named("c"):
                    place = _CELL.fullmatch(cell.attributes.get("r", ""))
                    if place is None:
                        raise self.bad(
                            sentence("a cell without a place"), cell.attributes.get("r"), _SAVE_AS, cell.line
                        )
                    text = " ".join(self.value(cell, int(place[2])).split())
                    if text:
                        found.setdefault(int(place[2]), {})[_column(place[1])] = text
        return found

    def value(self, cell: XmlElement, row: int) -> str:
        """What a cell holds, as text."""
        kind, place = cell.attributes.get("t", "n"), cell.attributes["r"]
        texts = cell.named("v")
        raw = texts[0].text if texts else ""
        if kind == "inlineStr":
            return "".join(_text_of(part) for part in cell.named("is"))
        if cell.named("f") and not raw and kind != "str":
            raise self.bad(
                sentence("a formula whose value was not saved"),
                place,
                sentence("open the workbook in Excel, and save it"),
                row,
            )
        if kind == "e":
            raise self.bad(sentence("a cell in error: {error}", error=raw), place, sentence("correct the cell"), row)
        if kind == "s":
            if not raw.isdigit() or int(raw) >= len(self.texts):
                raise self.bad(sentence("a cell whose text is missing"), place, _SAVE_AS, row)
            return self.texts[int(raw)]
        if kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        if kind != "n" or not raw:
            return raw
        return self.number(raw, cell.attributes.get("s", "0") in self.dates, place, row)

    def number(self, raw: str, is_date: bool, place: str, row: int) -> str:
        try:
            value = float(raw)
            if not math.isfinite(value):
                raise OverflowError
            if is_date:
                moment = self.first_day + timedelta(seconds=round(value * 86400))
                return moment.isoformat(" ") if value % 1 else moment.date().isoformat()
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        except (ValueError, OverflowError):
            raise self.bad(sentence("a cell that is no number"), f"{place}: {raw[:40]}", _SAVE_AS, row) from None


def _path(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _text_of(element: XmlElement) -> str:
    """The text of a string with its runs, without the phonetic readings of some languages."""
    if element.name == "t":
        return element.text
    return "".join(_text_of(part) for part in element.parts if part.name in {"t", "r"})


def _date_styles(styles: XmlElement) -> frozenset[str]:
    """Which cell formats show dates or times."""
    own = {
        each.attributes.get("numFmtId"): _NO_DATE.sub("", each.attributes.get("formatCode", ""))
        for formats in styles.named("numFmts")
        for each in formats.parts
    }
    dates = {number for number, code in own.items() if re.search("[dmyh]", code, re.IGNORECASE)}
    dates |= {str(number) for number in _DATE_FORMATS} - own.keys()
    cells = [each for formats in styles.named("cellXfs") for each in formats.parts]
    return frozenset(str(i) for i, each in enumerate(cells) if each.attributes.get("numFmtId") in dates)
