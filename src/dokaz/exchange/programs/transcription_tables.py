"""A log book as one table (CSV, XLSX): a row for each page, region, line, reading and proposal, in the order of the book.

What a row belongs to is in ``within``; ``text`` is typed with marks (``dokaz.transcription.notation``), or is a title, a
label or a number. A cell that an office program would run as a formula has a backslash before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import xlsxwriter

from dokaz.exchange.programs.transcription_parts import (
    MOST_REGIONS,
    FileNotes,
    ReadTranscription,
    WrittenTranscription,
    built,
    read_points,
    read_whole,
    refused,
    written_points,
)
from dokaz.exchange.reading.formulas import is_formula
from dokaz.exchange.reading.sheets import read_sheet
from dokaz.exchange.reading.workbooks import is_workbook, sheet_as_text
from dokaz.transcription.field_lists import FieldList, LogField
from dokaz.transcription.notation import read_notation, written_notation
from dokaz.transcription.pages import (
    CellReading,
    CellRegion,
    HeaderRegion,
    MachineProposal,
    Outline,
    PageImage,
    PageRegion,
    PageSide,
    RowRegion,
    TableRegion,
    TextLine,
    TextRegion,
    TranscribedBook,
    TranscribedPage,
)

COLUMNS = ("kind", "page", "within", "id", "field", "column", "row_span", "column_span", "points", "baseline", "by",
           "confidence", "text", "said")  # fmt: skip
_LONGEST_CELL = 32_767
_RUNS = ("=", "+", "-", "@", "\\")
_Row = dict[str, str]
_Made = TypeVar("_Made")


def written_csv(book: TranscribedBook) -> WrittenTranscription:
    """One file in UTF-8."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _safe(cell) for name, cell in row.items()} for row in _book_rows(book))
    return WrittenTranscription({f"{book.id}.csv": out.getvalue().encode("utf-8-sig")}, ())


def written_xlsx(book: TranscribedBook) -> WrittenTranscription:
    """One sheet of the same rows; every cell a text.

    Raises:
        BadFile: a text is longer than a cell of a workbook may be.
    """
    data = io.BytesIO()
    workbook = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = workbook.add_worksheet("transcription")
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, COLUMNS, workbook.add_format({"bold": True}))
    for at, row in enumerate(_book_rows(book), 1):
        for name, cell in row.items():
            if len(cell) >= _LONGEST_CELL:
                raise refused("longer than a cell of a workbook may be", "write CSV", file=f"{book.id}.xlsx", line=at,
                              value=cell[:80])  # fmt: skip
            if cell:
                sheet.write_string(at, COLUMNS.index(name), _safe(cell))
    workbook.close()
    return WrittenTranscription({f"{book.id}.xlsx": data.getvalue()}, ())


def read_transcription_table(data: bytes, *, file: str) -> ReadTranscription:
    """Read a book from a table that Dokaz wrote, or that somebody made like one.

    Raises:
        BadFile: an unknown kind or column, a row that belongs to nothing, a number or mark that cannot be read.
    """
    text = sheet_as_text(data, file=file) if is_workbook(data) else data
    sheet = read_sheet(text, file=file, is_known=lambda cell: cell in COLUMNS)
    unknown = [name for name in sheet.header if name not in COLUMNS]
    if unknown or len(set(sheet.header)) < len(sheet.header) or not {"kind", "id"} <= set(sheet.header):
        raise refused("not the columns of a transcribed book", f"give {', '.join(COLUMNS)}, each once", file=file,
                      line=sheet.header_line, value=", ".join(unknown) or None)  # fmt: skip
    if len(sheet.records) > MOST_REGIONS:
        raise refused(f"{len(sheet.records):,} rows", f"at most {MOST_REGIONS:,} are read", file=file)
    reader = _TableReader(file, FileNotes(file))
    for line, cells in sheet.records:
        row = {name: _unsafe(cell.strip()) for name, cell in zip(sheet.header, cells, strict=True) if cell.strip()}
        reader.take(line, row)
    return ReadTranscription(reader.book(), reader.notes.in_words())


# --- rows of a book -----------------------------------------------------------------------------------------------------


def _book_rows(book: TranscribedBook) -> Iterator[_Row]:
    yield {"kind": "book", "id": book.id, "text": book.title}
    for version in book.field_lists:
        for each in version.fields:
            yield {"kind": "field", "within": str(version.version), "id": each.id, "text": each.label,
                   "said": "page" if each.is_of_page else ""}  # fmt: skip
    for page in book.pages:
        said = [page.side or "", "torn" if page.is_torn else "", "missing" if page.is_missing else ""]
        row: _Row = {"kind": "page", "id": page.id, "text": page.number, "said": " ".join(filter(None, said))}
        if page.image:
            row |= {"by": page.image.file, "points": f"{page.image.width},{page.image.height}"}
        yield row
        for region in page.regions:
            for part in _region_rows(region, ""):
                yield part | {"page": page.id}


def _region_rows(region: PageRegion | RowRegion, within: str) -> Iterator[_Row]:
    row = {"id": region.id, "within": within, "points": written_points(region.outline)}
    match region:
        case TableRegion():
            yield row | {"kind": "table", "said": " ".join(region.continues or ())}
            for part in region.rows:
                yield from _region_rows(part, region.id)
        case RowRegion():
            yield row | {"kind": "row"}
            for cell in region.cells:
                yield from _region_rows(cell, region.id)
        case HeaderRegion():
            yield row | {"kind": "header"}
            for text in region.parts:
                yield from _region_rows(text, region.id)
        case _:
            yield from _text_rows(region, row)


def _text_rows(region: TextRegion, row: _Row) -> Iterator[_Row]:
    row |= {"kind": "text", "field": region.field, "said": region.custom}
    if isinstance(region, CellRegion):
        spans = {"row_span": str(region.row_span), "column_span": str(region.column_span)}
        row |= {"kind": "heading" if region.is_heading else "cell", "column": str(region.column)} | spans
    yield row
    for line in region.lines:
        yield {"kind": "line", "within": region.id, "id": line.id, "points": written_points(line.outline),
               "baseline": written_points(line.baseline), "said": line.custom}  # fmt: skip
    for each in region.readings:
        yield {"kind": "reading", "within": region.id, "by": each.reader, "text": written_notation(each.text)}
    for one in region.proposals:
        sure = "" if one.confidence is None else repr(one.confidence)
        yield {"kind": "proposal", "within": region.id, "by": one.engine, "confidence": sure,
               "text": written_notation(one.text)}  # fmt: skip


def _safe(cell: str) -> str:
    return f"\\{cell}" if is_formula(cell) or (cell[:1] == "\\" and cell[1:2] in _RUNS) else cell


def _unsafe(cell: str) -> str:
    return cell[1:] if cell[:1] == "\\" and cell[1:2] in _RUNS else cell


# --- a book of rows -----------------------------------------------------------------------------------------------------


@dataclass
class _Open:
    """A row that others belong to, until the book is made."""

    line: int
    row: _Row
    within: list[_Open] = field(default_factory=list)


_BELONGS: Mapping[str, tuple[str, ...]] = {
    "table": ("page",),
    "header": ("page",),
    "row": ("table",),
    "cell": ("row",),
    "heading": ("row",),
    "text": ("page", "header"),
    "line": ("cell", "heading", "text"),
    "reading": ("cell", "heading", "text"),
    "proposal": ("cell", "heading", "text"),
}


class _TableReader:
    """Puts rows into what they belong to, and makes values of them at the end."""

    def __init__(self, file: str, notes: FileNotes) -> None:
        self.file, self.notes = file, notes
        self.books: list[_Open] = []
        self.fields: dict[int, list[LogField]] = {}
        self.pages: dict[str, _Open] = {}
        self.known: dict[tuple[str, str], _Open] = {}

    def take(self, line: int, row: _Row) -> None:
        kind, name = row.get("kind", ""), row.get("id", "")
        opened = _Open(line, row)
        if kind == "book" and not self.books:
            self.books.append(opened)
        elif kind == "field":
            version = self._whole(row.get("within", ""), "the version of a field", line)
            made = self._made(lambda: LogField(name, row.get("text", ""), row.get("said") == "page"), line)
            self.fields.setdefault(version, []).append(made)
        elif kind == "page":
            if name in self.pages:
                raise self._refused("a page that is there twice", "give each page an id of its own", line, name)
            self.pages[name] = opened
        elif kind in _BELONGS:
            self._belongs(kind, name, opened)
        else:
            said = "a second book" if kind == "book" else "a kind that is unknown"
            raise self._refused(said, f"one of: book, field, page, {', '.join(_BELONGS)}", line, kind)

    def _belongs(self, kind: str, name: str, opened: _Open) -> None:
        line, page, within = opened.line, opened.row.get("page", ""), opened.row.get("within", "")
        if not page and len(self.pages) == 1:
            page = next(iter(self.pages))
        if not page and self.pages:  # lines and readings stand below what they belong to
            page = next(reversed(self.pages))
        parent = self.known.get((page, within)) if within else self.pages.get(page)
        wanted = _BELONGS[kind]
        if parent is None or parent.row["kind"] not in wanted:
            raise self._refused(f"a {kind} that belongs to no {' or '.join(wanted)} above it", "put it below that",
                                line, f"{page} {within}".strip())  # fmt: skip
        parent.within.append(opened)
        if kind in ("reading", "proposal"):
            return
        if (page, name) in self.known:
            raise self._refused("an id that is given twice", "give each region of a page its own", line, name)
        self.known[page, name] = opened

    def book(self) -> TranscribedBook:
        pages = tuple(self._page(each) for each in self.pages.values())
        versions = tuple(
            self._made(partial(FieldList, number, tuple(fields)), None)
            for number, fields in sorted(self.fields.items())
        )
        about = self.books[0].row if self.books else {"id": "book"}
        if not self.books:
            self.notes.add("the file does not say of which book it is")
        return self._made(lambda: TranscribedBook(about.get("id", ""), about.get("text", ""), versions, pages), None)

    def _page(self, opened: _Open) -> TranscribedPage:
        row, line = opened.row, opened.line
        words = row.get("said", "").split()
        unknown = [word for word in words if word not in ("torn", "missing", *PageSide)]
        if unknown:
            raise self._refused("a word that is not said of a page", "recto, verso, torn, missing", line, unknown[0])
        image = None
        if "by" in row or "points" in row:
            size = self._points(row.get("points", ""), line, row.get("id", ""))
            if len(size) != 1:
                raise self._refused("a photograph without its size", "give width,height in points", line)
            image = self._made(lambda: PageImage(row.get("by", ""), *size[0]), line)
        side = next((PageSide(word) for word in words if word in tuple(PageSide)), None)
        regions = tuple(self._region(each) for each in opened.within)
        return self._made(
            lambda: TranscribedPage(row.get("id", ""), row.get("text", ""), side, image, "torn" in words,
                                    "missing" in words, regions), line,
        )  # fmt: skip

    def _region(self, opened: _Open) -> PageRegion:
        row, line = opened.row, opened.line
        name, outline = row.get("id", ""), self._points(row.get("points", ""), line, row.get("id", ""))
        if row["kind"] == "table":
            rows = tuple(self._row(each) for each in opened.within)
            words = row.get("said", "").split()
            if len(words) not in (0, 2):
                raise self._refused("a table goes on from a page and a table", "name both", line, row.get("said"))
            continues = (words[0], words[1]) if words else None
            return self._made(lambda: TableRegion(name, outline, rows, continues), line)
        if row["kind"] == "header":
            parts = tuple(self._text(each, TextRegion) for each in opened.within)
            return self._made(lambda: HeaderRegion(name, outline, parts), line)
        text: TextRegion = self._text(opened, TextRegion)
        return text

    def _row(self, opened: _Open) -> RowRegion:
        name = opened.row.get("id", "")
        outline = self._points(opened.row.get("points", ""), opened.line, name)
        cells = []
        for each in opened.within:
            place = {
                key: self._whole(each.row.get(key, otherwise), f"{key} of {each.row.get('id')}", each.line)
                for key, otherwise in (("column", ""), ("row_span", "1"), ("column_span", "1"))
            }
            cells.append(self._text(each, CellRegion, is_heading=each.row["kind"] == "heading", **place))
        return self._made(lambda: RowRegion(name, outline, tuple(cells)), opened.line)

    def _text(self, opened: _Open, kind: Any, **place: Any) -> Any:
        row, line = opened.row, opened.line
        lines: list[TextLine] = []
        readings: list[CellReading] = []
        proposals: list[MachineProposal] = []
        for each in opened.within:
            said, at = each.row, each.line
            if said["kind"] == "line":
                name = said.get("id", "")
                outline, baseline = (self._points(said.get(key, ""), at, name) for key in ("points", "baseline"))
                custom = said.get("said", "")
                lines.append(self._made(partial(TextLine, name, outline, baseline, custom), at))
                continue
            by, text = said.get("by", ""), self._made(partial(read_notation, said.get("text", "")), at)
            if said["kind"] == "reading":
                readings.append(self._made(partial(CellReading, by, text), at))
            else:
                sure = self._confidence(said.get("confidence"), at)
                proposals.append(self._made(partial(MachineProposal, by, text, sure), at))
        name, outline = row.get("id", ""), self._points(row.get("points", ""), line, row.get("id", ""))
        return self._made(
            lambda: kind(id=name, outline=outline, field=row.get("field", ""), lines=tuple(lines),
                         readings=tuple(readings), proposals=tuple(proposals), custom=row.get("said", ""), **place), line,
        )  # fmt: skip

    def _confidence(self, text: str | None, line: int) -> float | None:
        try:
            return None if text is None else float(text)
        except ValueError:
            raise self._refused("a confidence that is no number", "from 0 to 1", line, text) from None

    def _points(self, text: str, line: int, of: str) -> Outline:
        return read_points(text, file=self.file, line=line, notes=self.notes, of=of) if text else ()

    def _whole(self, text: str, what: str, line: int) -> int:
        return read_whole(text, what, file=self.file, line=line)

    def _made(self, make: Callable[[], _Made], line: int | None) -> _Made:
        return built(make, file=self.file, line=line)

    def _refused(self, problem: str, advice: str, line: int, value: str | None = None) -> Exception:
        return refused(problem, advice, file=self.file, line=line, value=value)
