"""What is shown on pages of log books: the pages with their progress, the photograph, readings, entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from dokaz.casework.rooms import RecordPanel
from dokaz.detention.books import by_region, field_lists
from dokaz.detention.log_books import BookEntry, BookPage, LogBook, PageReading, PageSettlement
from dokaz.detention.models import Exhibit
from dokaz.detention.page_pictures import crop_of, page_picture
from dokaz.detention.panels import OPEN_TO, columns, panel_with_table
from dokaz.detention.queries_of_books import PROGRESS, progress_of
from dokaz.pages.acting import Acting
from dokaz.pages.named import label_of
from dokaz.pages.parts import ListColumn, Text


def _files_of_book(book: LogBook, acting: Acting) -> Mapping[str, Any]:
    return {
        "agreement": reverse("log_book_agreement", args=[book.number]),
        "entries": f"{reverse('book_entries')}?book={book.number}",
        "files": [(words, reverse("log_book_file", args=[book.number, to]))
                  for to, words in (("page", "PAGE XML"), ("csv", "CSV"), ("xlsx", "XLSX"))],
    }  # fmt: skip


def _photograph(page: BookPage, acting: Acting) -> Mapping[str, Any] | None:
    picture = page_picture(page)
    return {"picture": picture} if picture else None


def _cells(page: BookPage, cells: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    labels = {each.id: each.label for version in field_lists(page.book) for each in version.fields}
    found = []
    for cell in cells:
        text = by_region([cell])[cell["region"]]
        found.append({**cell, "label": labels.get(cell["field"], cell["field"]), "written": text.as_written,
                      "whose": _WHOSE.get(cell.get("follows", ""), "")})  # fmt: skip
    return found


_WHOSE: dict[str, Text] = {
    "both": gettext_lazy("both read it so"),
    "first": gettext_lazy("the first reading"),
    "second": gettext_lazy("the second reading"),
    "third": gettext_lazy("neither"),
}


def _reading(reading: PageReading, acting: Acting) -> Mapping[str, Any]:
    if not acting.reads(reading):
        return {"apart": True}
    return {"cells": _cells(reading.page, reading.cells)}


def _settlement(settled: PageSettlement, acting: Acting) -> Mapping[str, Any]:
    changed = [cell for cell in settled.cells if cell["follows"] != "both"]
    return {"cells": _cells(settled.page, settled.cells), "changed": len(changed), "all": len(settled.cells)}


def _entry(entry: BookEntry, acting: Acting) -> Mapping[str, Any]:
    regions = [
        cell["id"]
        for region in entry.page.regions if region["sort"] == "table"
        for row in region["rows"] if row["id"] == entry.row
        for cell in row["cells"]
    ]  # fmt: skip
    return {"crop": crop_of(entry.page, *regions)}


_PROGRESS = ListColumn(gettext_lazy("Read"), value=lambda page: PROGRESS[progress_of(page)], kind="state")
_READER = ListColumn(label_of(PageReading, "reader"), value=lambda one: one.reader.name, kind="name")

PANELS_OF_BOOKS = (
    panel_with_table("log book of the exhibit", Exhibit, gettext_lazy("Log book"),
                     columns(LogBook, "number", "title"), lambda exhibit: exhibit.log_books.order_by("number"), "", 105),
    RecordPanel("files of the book", LogBook, OPEN_TO, "detention/panels/book_files.html", _files_of_book, 50),
    panel_with_table("pages of the book", LogBook, gettext_lazy("Pages"),
                     [*columns(BookPage, "number", "position", "label", "side", "condition"), _PROGRESS],
                     lambda book: book.pages.filter(voided=False).order_by("position"),
                     gettext_lazy("No page is there yet."), 100,
                     gettext_lazy("Add the photographs of its pages, and state which are missing.")),
    RecordPanel("photograph of the page", BookPage, OPEN_TO, "detention/panels/page_picture.html", _photograph, 50),
    panel_with_table("readings of the page", BookPage, gettext_lazy("Readings"),
                     [*columns(PageReading, "number"), _READER],
                     lambda page: page.readings.filter(voided=False).order_by("number"),
                     gettext_lazy("Nobody has read it yet."), 100,
                     gettext_lazy("Two people read it, neither of whom sees what the other reads.")),
    panel_with_table("settlement of the page", BookPage, gettext_lazy("Settled"),
                     [*columns(PageSettlement, "number"), _READER],
                     lambda page: page.settlements.all(), "", 110),
    panel_with_table("entries of the page", BookPage, gettext_lazy("Entries"),
                     columns(BookEntry, "number", "line", "name"),
                     lambda page: page.entries.filter(voided=False).order_by("line"), "", 120),
    RecordPanel("what was read", PageReading, OPEN_TO, "detention/panels/reading.html", _reading, 50),
    RecordPanel("what was settled", PageSettlement, OPEN_TO, "detention/panels/settlement.html", _settlement, 50),
    panel_with_table("entries that were settled", PageSettlement, gettext_lazy("Entries"),
                     columns(BookEntry, "number", "line", "name"),
                     lambda settled: settled.entries.filter(voided=False).order_by("line"), "", 100),
    RecordPanel("line on the page", BookEntry, OPEN_TO, "detention/panels/entry.html", _entry, 50),
)  # fmt: skip
