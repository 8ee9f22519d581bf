"""The pages on which people read by themselves, settle, and see how well readers agree; and the book as a file."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dokaz.detention import acts
from dokaz.detention.books import book_value, field_lists
from dokaz.detention.forms_of_books import ReadForm, SettlePageForm, name_of_cell
from dokaz.detention.log_books import BookPage, LogBook
from dokaz.detention.page_pictures import crop_of, page_picture, rows_of
from dokaz.detention.panels import OPEN_TO
from dokaz.detention.queries_of_books import agreement_of, may_read_page, may_settle_page
from dokaz.detention.regions import read_regions
from dokaz.exchange.programs.transcription_files import TranscriptionFormat, written_transcription
from dokaz.pages.act_page import ActPage
from dokaz.pages.acting import ActForm, Acting, acting_of
from dokaz.pages.drawn_page import DrawnPage
from dokaz.pages.parts import Crumb
from dokaz.pages.ways import way_to
from dokaz.transcription.pages import HeaderRegion, TableRegion

#: What a book leaves as.
FORMATS = (TranscriptionFormat.PAGE, TranscriptionFormat.CSV, TranscriptionFormat.XLSX)


# --- reading ---------------------------------------------------------------------------------------------------------


def _to_read(acting: Acting, page: BookPage, form: ActForm) -> dict[str, Any]:
    """The cells in their rows, each with the field in which it is typed."""
    if not form.is_bound and not may_read_page(page, acting.person.pk):
        return {"closed": (_("You have read this page, or two others have, or nothing is drawn on it yet."),)}
    labels = {each.id: each.label for version in field_lists(page.book) for each in version.fields}
    heads: list[Any] = []
    tables = []
    for region in read_regions(page.regions):
        if isinstance(region, TableRegion):
            rows = [
                [(cell, form[name_of_cell(cell.id)]) for cell in row.cells if cell.field and not cell.is_heading]
                for row in region.rows
            ]
            rows = [row for row in rows if row]
            columns = [labels.get(cell.field, cell.field) for cell, _field in max(rows, key=len)] if rows else []
            tables.append({"columns": columns, "rows": [[field for _cell, field in row] for row in rows]})
        else:
            parts = region.parts if isinstance(region, HeaderRegion) else (region,)
            heads += [form[name_of_cell(part.id)] for part in parts if part.field]
    left = [form[name] for name in form.fields if not name.startswith(name_of_cell(""))]
    rulers = {name: [round(figure) for figure in box] for name, box in rows_of(page).items()}
    return {"picture": page_picture(page), "heads": heads, "tables": tables, "left": left, "rulers": json.dumps(rulers)}


# --- settling --------------------------------------------------------------------------------------------------------


def _to_settle(acting: Acting, page: BookPage, form: ActForm) -> dict[str, Any]:
    """Only the cells that were read differently, each beside what is seen there."""
    if not form.is_bound and not may_settle_page(page, acting.person.pk):
        return {"closed": (_("Two others must have read it, and nobody have settled it, before you can."),)}
    labels = {each.id: each.label for version in field_lists(page.book) for each in version.fields}
    fields = {
        cell["region"]: labels.get(cell["field"], cell["field"]) for one in page.readings.all() for cell in one.cells
    }
    assert isinstance(form, SettlePageForm)
    open_cells = [
        {
            "region": region,
            "field": fields.get(region, region),
            "crop": crop_of(page, region),
            "pick": form[f"pick:{region}"],
            "text": form[f"text:{region}"],
            "why": form[f"why:{region}"],
        }
        for region in form.open_cells
    ]
    own = {f"{part}:{region}" for region in form.open_cells for part in ("pick", "text", "why")}
    alike = len({cell["region"] for one in page.readings.all() for cell in one.cells}) - len(open_cells)
    return {"open_cells": open_cells, "alike": alike, "left": [form[name] for name in form.fields if name not in own]}


# --- agreement -------------------------------------------------------------------------------------------------------


def agreement_page(request: HttpRequest, number: str) -> HttpResponseBase:
    """How well the two readings of each field agree, over the pages that two have read."""
    book = get_object_or_404(LogBook, number=number)
    found, pages = agreement_of(book)
    labels = {each.id: each.label for version in field_lists(book) for each in version.fields}
    return render(
        request,
        "detention/agreement.html",
        {
            "path": [*way_to(book), Crumb(_("Agreement of the readers"))],
            "book": book,
            "pages": pages,
            "found": found,
            "lines": [{"label": labels.get(each.field, each.field), "of": each} for each in found.fields]
            if found
            else [],
        },
    )


# --- as a file -------------------------------------------------------------------------------------------------------


def book_file(request: HttpRequest, number: str, to: str) -> HttpResponseBase:
    """The book with every reading that may be seen, and what was settled, as files of other programs."""
    book = get_object_or_404(LogBook, number=number)
    if to not in FORMATS:
        raise Http404
    written = written_transcription(
        book_value(book, acting_of(request).person.pk), TranscriptionFormat(to), written_at=timezone.now()
    )
    if to != TranscriptionFormat.PAGE:
        [(name, data)] = written.files.items()
    else:
        name, data = f"{book.number}.zip", _zipped(written.files, written.notes)
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _zipped(files: Any, notes: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        if notes:
            archive.writestr("notes.txt", "\n".join(notes))
    return out.getvalue()


READING_PAGES = (
    ActPage(
        name="book_page_read",
        at="pages-of-log-books/<str:number>/read/",
        record=BookPage,
        act=acts.file_reading,
        title=gettext_lazy("Read the page"),
        lead=gettext_lazy(
            "Type what is written, letter for letter. Nobody sees what you read before a second person has read the page."
        ),
        verb=gettext_lazy("File what I have read"),
        message=gettext_lazy("Reading %(n)s is filed."),
        form=ReadForm,
        offered=lambda page, acting: may_read_page(page, acting.person.pk),
        is_due=lambda page, acting: may_read_page(page, acting.person.pk),
        then=lambda page, reading: "",
        template="detention/read_page.html",
        more=_to_read,
        stop="log_books",
    ),
    ActPage(
        name="book_page_settle",
        at="pages-of-log-books/<str:number>/settle/",
        record=BookPage,
        act=acts.settle_page,
        title=gettext_lazy("Settle the differences"),
        lead=gettext_lazy("Only what two people read differently is shown. Every reading stays; rows become entries."),
        verb=gettext_lazy("Sign what I have settled"),
        message=gettext_lazy("%(n)s is settled."),
        form=SettlePageForm,
        offered=lambda page, acting: may_settle_page(page, acting.person.pk),
        is_due=lambda page, acting: True,
        template="detention/settle_page.html",
        more=_to_settle,
        stop="log_books",
    ),
    DrawnPage(
        name="log_book_agreement",
        at="log-books/<str:number>/agreement/",
        open_to=OPEN_TO,
        draw=agreement_page,
        stop="log_books",
    ),
    DrawnPage(name="log_book_file", at="log-books/<str:number>/as/<str:to>/", open_to=OPEN_TO, draw=book_file),
)
