"""A report as a workbook (XLSX): texts on one sheet, each table on its own, numbers with all their digits."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from typing import Any

import xlsxwriter

from dokaz.reports.document import (
    ReportDocument,
    ReportFacts,
    ReportHeading,
    ReportPictures,
    ReportSignatures,
    ReportTable,
    ReportText,
    ShownNumber,
    shown_of,
)

#: What a workbook allows in the name of a sheet.
_LONGEST_NAME = 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")


def as_workbook(document: ReportDocument) -> bytes:
    """The report as an XLSX file; no cell holds a formula, whatever a name begins with."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    moment = dt.datetime(document.date.year, document.date.month, document.date.day)
    book.set_properties({"title": f"{document.title}: {document.subtitle}", "created": moment})
    looks = _Looks(book)
    first = book.add_worksheet(_sheet_name(document.title, []))
    first.set_column(0, 0, 34)
    first.set_column(1, 2, 60)
    _edges(first, document)
    row, names = 0, [first.get_name()]
    first.write_string(row, 0, document.title, looks.title)
    row += 2
    for block in document.blocks:
        match block:
            case ReportHeading(text):
                row += 1
                first.write_string(row, 0, text, looks.heading)
                row += 1
            case ReportText(text):
                first.merge_range(row, 0, row, 1, text, looks.strong if block.is_strong else looks.text)
                first.set_row(row, 15 * (1 + len(text) // 90))
                row += 1
            case ReportFacts(rows):
                for name, text in rows:
                    first.write_string(row, 0, name, looks.soft)
                    first.write_string(row, 1, text, looks.text if text else looks.blank)
                    row += 1
            case ReportSignatures(people, lines):
                for k, person in enumerate(people):
                    first.write_string(row, k + 1, person, looks.heading)
                for line in lines:
                    row += 1
                    first.write_string(row, 0, line, looks.soft)
                    for k in range(len(people)):
                        first.write_blank(row, k + 1, None, looks.blank)
                row += 1
            case ReportTable() | ReportPictures():
                table = block.as_table if isinstance(block, ReportPictures) else block
                name = _sheet_name(table.caption, names)
                names.append(name)
                first.write_string(row, 0, table.caption, looks.soft)
                first.write_string(row, 1, f"→ {name}", looks.text)
                row += 1
                sheet = book.add_worksheet(name)
                _edges(sheet, document)
                _written(sheet, table, looks)
    book.close()
    return written.getvalue()


class _Looks:
    """The formats of a workbook."""

    def __init__(self, book: Any) -> None:
        def look(**properties: object) -> Any:
            return book.add_format({"font_name": "IBM Plex Sans", "font_size": 10, "valign": "top", **properties})

        self.title = look(bold=True, font_size=16)
        self.heading = look(bold=True, font_color="#1d3f72", font_size=12)
        self.text = look(text_wrap=True)
        self.strong = look(text_wrap=True, bold=True, border=1, border_color="#1d3f72")
        self.soft = look(font_color="#555555", text_wrap=True)
        self.blank = look(bottom=1)
        self.head = look(bold=True, bottom=2, text_wrap=True)
        self.cell = look(text_wrap=True)
        self.set_off = look(text_wrap=True, bold=True, bg_color="#eef1f6")


def _sheet_name(caption: str, taken: list[str]) -> str:
    """A name that a workbook allows and that no other sheet has, whatever the case of its letters."""
    name = _NOT_IN_A_NAME.sub(" ", caption).strip("' ")[:_LONGEST_NAME] or "-"
    used, count = {one.casefold() for one in taken}, 2
    found = name
    while found.casefold() in used:
        ending = f" {count}"
        found, count = name[: _LONGEST_NAME - len(ending)] + ending, count + 1
    return found


def _edges(sheet: Any, document: ReportDocument) -> None:
    """Paper, and what is printed on each page: an ampersand begins a code there."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    said = f"{document.title} · {document.subtitle} · {document.date.isoformat()}".replace("&", "&&")
    sheet.set_header(f"&L{said[:200]}")
    sheet.set_footer("&R" + document.page_of.replace("&", "&&") % {"page": "&P", "pages": "&N"})


def _written(sheet: Any, table: ReportTable, looks: _Looks) -> None:
    for k, name in enumerate(table.columns):
        sheet.write_string(0, k, name, looks.head)
        longest = max([len(name), *(len(shown_of(row[k])) for row in table.rows)])
        sheet.set_column(k, k, min(60, max(8, longest + 2)))
    for r, row in enumerate(table.rows):
        look = looks.set_off if r in table.strong_rows else looks.cell
        for k, cell in enumerate(row):
            if isinstance(cell, ShownNumber) and math.isfinite(cell.value):
                sheet.write_number(r + 1, k, cell.value, look)
            else:
                sheet.write_string(r + 1, k, shown_of(cell), look)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
