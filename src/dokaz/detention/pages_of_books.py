"""Pages of log books: the book, its pages, what two people read and a third settled, the entries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy, ngettext

from dokaz.casework.acts import AttachedFile
from dokaz.casework.apart import apart
from dokaz.casework.filing import Actor, Filing
from dokaz.casework.store import current_store
from dokaz.detention import acts, proposing
from dokaz.detention.books import field_lists, in_order, newest_list
from dokaz.detention.forms_of_books import (
    AddPagesForm,
    AmendFieldsForm,
    DrawForm,
    MissingPageForm,
    OpenBookForm,
    lines_of_fields,
)
from dokaz.detention.log_books import BookEntry, BookFields, BookPage, LogBook, PageReading, PageSettlement
from dokaz.detention.models import Exhibit, ExhibitKind
from dokaz.detention.page_pictures import page_picture
from dokaz.detention.panels import OPEN_TO
from dokaz.detention.queries_of_books import PROGRESS, pages_at, progress_of
from dokaz.detention.reading_pages import READING_PAGES
from dokaz.errors import WrongKind, sentence
from dokaz.exchange.reading.limits import OF_A_PICTURE, PHOTOGRAPH_BYTES
from dokaz.exchange.reading.page_images import upright_size
from dokaz.exchange.reading.sent_files import SentFile
from dokaz.pages.act_page import ActPage
from dokaz.pages.acting import ActForm, Acting, acting_of
from dokaz.pages.drawn_page import DrawnPage
from dokaz.pages.list_page import Empty, Filter, ListPage
from dokaz.pages.named import column_of, fact_of, label_of
from dokaz.pages.parts import Fact, ListColumn
from dokaz.pages.record_page import RecordPage
from dokaz.pages.thumbnails import small_copy
from dokaz.transcription.notation import read_notation

_FEWER = gettext_lazy("Use fewer filters.")
#: Wide enough that a line of handwriting is read on it.
_PAGE_PX = 2200


# --- photographs -----------------------------------------------------------------------------------------------------


@contextmanager
def _photographs(_actor: Actor, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The photographs in the order of their names, on the disk before the filing; each decoded in a process of its own."""
    store = current_store()
    with store.vault.staging() as staging:
        ready = []
        sent = [SentFile(one.name, Path(one.temporary_file_path())) for one in values.pop("photographs")]
        for one in sorted(sent, key=lambda each: each.name):
            one.must_be_at_most(PHOTOGRAPH_BYTES)
            kind, width, height = apart(upright_size, one.read(), one.name, within=OF_A_PICTURE, turns=store.turns,
                                        file=one.name)  # fmt: skip
            with one.opened() as content:
                said = {"width_px": str(width), "height_px": str(height)}
                ready.append((AttachedFile(one.name, staging.put(content), kind, said), (width, height)))
        yield values | {"ready": ready}


def _add_pages(book: LogBook, filing: Filing, values: dict[str, Any]) -> int:
    ready, position = values.pop("ready"), values.pop("position")
    if len(ready) > 1 and (values["label"] or values["remark"]):
        raise WrongKind("label", values["label"] or values["remark"], sentence("said of one page: add this one alone"))
    for nth, (photograph, size) in enumerate(ready):
        at = None if position is None else position + nth
        acts.add_page(book, filing, photograph=photograph, size_px=size, position=at, **values)
    return len(ready)


def _added(count: int) -> str:
    return ngettext("%(n)s page is added.", "%(n)s pages are added.", count) % {"n": count}


def page_image(request: HttpRequest, number: str) -> HttpResponseBase:
    """The photograph of a page, large enough to be read, made anew from its dots."""
    page = get_object_or_404(BookPage, number=number)
    if page.picture is None or not acting_of(request).reads(page.picture):
        raise Http404
    return small_copy(page.picture.sha256, page.picture.file_name, _PAGE_PX)


# --- drawing ---------------------------------------------------------------------------------------------------------


def _drawn(_actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    """What is drawn, found before the filing: decoding a photograph takes long."""
    return {"regions": _regions_of(values.pop("page"), values)}


def _regions_of(page: BookPage, values: dict[str, Any]) -> list[dict[str, Any]]:
    columns = [(name, figures[0] if figures else 1) for name, figures in values["columns"]]
    names, headings = [name for name, _width in columns], values["headings"] or 0
    store = current_store()
    if values["how"] == "corners":
        corners = [(round(float(x)), round(float(y))) for x, y in values["corners"]]
        table = proposing.from_corners(corners, columns, values["rows"] or 0, headings)
    elif values["how"] == "file":
        if values["file"] is None:
            raise WrongKind("file", "", sentence("a file of another program"))
        table = apart(proposing.from_file, values["file"].read(), values["file"].name, names, within=OF_A_PICTURE,
                      turns=store.turns, file=values["file"].name)  # fmt: skip
    else:
        picture: Any = page.picture
        table = apart(proposing.from_ruling, store.vault.read(picture.sha256), picture.file_name, names, headings,
                      within=OF_A_PICTURE, turns=store.turns, file=picture.file_name)  # fmt: skip
    heads = proposing.head_of([(name, (box[0], box[1], box[2], box[3])) for name, box in values["heads"]])
    if values["continues"]:
        table = [_going_on(page, each) for each in table]
    return [*heads, *table]


def _going_on(page: BookPage, region: dict[str, Any]) -> dict[str, Any]:
    """A table that goes on from the last one of the page before."""
    before = BookPage.objects.filter(book=page.book_id, position__lt=page.position).order_by("-position").first()
    tables = [each["id"] for each in before.regions if each["sort"] == "table"] if before is not None else []
    if region["sort"] != "table" or before is None or not tables:
        raise WrongKind("continues", page.number, sentence("a page after one with a table"))
    return region | {"continues": [before.number, tables[-1]]}


def _draw_form_picture(acting: Acting, page: BookPage, form: ActForm) -> dict[str, Any]:
    return {"picture": page_picture(page, draws=True)}


# --- facts -----------------------------------------------------------------------------------------------------------


def state_of_page(page: BookPage) -> tuple[Any, str]:
    """How far a page is read, and its tone."""
    return PROGRESS[progress_of(page)]


def _book_facts(book: LogBook, acting: Acting) -> list[Fact]:
    fields = ", ".join(one["label"] for one in newest_list(book).fields)
    edition = gettext_lazy("version %(n)s") % {"n": newest_list(book).edition}
    return [fact_of(book, "exhibit"), Fact(label_of(BookFields, "fields"), fields, edition)]


def _entry_facts(entry: BookEntry, acting: Acting) -> list[Fact]:
    labels = {each.id: each.label for version in field_lists(entry.page.book) for each in version.fields}
    values = []
    for field, text in in_order(entry.page.book, entry.values):
        written = read_notation(text).as_written
        values.append(Fact(labels.get(field, field), written, text if text != written else ""))
    return [fact_of(entry, "page"), fact_of(entry, "line"), fact_of(entry, "settlement"), *values]


def _said(entry: BookEntry) -> str:
    """What an entry says, in the order of its fields, without marks."""
    said = in_order(entry.page.book, entry.values)
    return " · ".join(filter(None, (read_notation(text).as_meant for _field, text in said)))


PAGES_OF_BOOKS = (
    ActPage(
        name="exhibit_open_log_book",
        at="exhibits/<str:number>/open-log-book/",
        record=Exhibit,
        act=acts.open_log_book,
        title=gettext_lazy("Take it up as a log book"),
        lead=gettext_lazy("What its columns hold is a list with versions: what is read stays under the id of its field."),
        verb=gettext_lazy("Take it up"),
        message=gettext_lazy("Log book %(n)s is taken up."),
        form=OpenBookForm,
        offered=lambda exhibit, acting: exhibit.look == ExhibitKind.LOG_BOOK and not exhibit.log_books.exists(),
        perform=lambda exhibit, f, v: acts.open_log_book(exhibit, f, title=v["title"], fields=v["stated"]),
    ),
    ListPage(
        name="log_books",
        at="log-books/",
        open_to=OPEN_TO,
        label=gettext_lazy("Log books"),
        lead=gettext_lazy("Two people read each page blind to each other; a third settles what they read differently."),
        lists=LogBook,
        search=("number", "title"),
        columns=(
            column_of(LogBook, "number", "number"),
            column_of(LogBook, "title"),
            column_of(LogBook, "exhibit"),
            ListColumn(gettext_lazy("Pages"), is_number=True, value=lambda book: book.pages.filter(voided=False).count()),
            ListColumn(gettext_lazy("Settled"), is_number=True,
                       value=lambda book: pages_at("settled", book.pages.filter(voided=False)).count()),
        ),
        fetch=lambda found: found.select_related("exhibit"),
        unit=gettext_lazy("log books"),
        empty=Empty(
            gettext_lazy("No log book is taken up."),
            gettext_lazy("A log book is an exhibit; it is taken up from its page."),
            "exhibits",
            gettext_lazy("To the exhibits"),
        ),
        none_fits=Empty(gettext_lazy("No log book fits."), _FEWER),
        under="places_of_detention",
        stop="log_books",
    ),
    RecordPage(
        name="log_book",
        at="log-books/<str:number>/",
        open_to=OPEN_TO,
        shows=LogBook,
        under="log_books",
        stop="log_books",
        title=lambda book: book.title,
        facts=_book_facts,
    ),
    RecordPage(
        name="book_fields",
        at="fields-of-log-books/<str:number>/",
        open_to=OPEN_TO,
        shows=BookFields,
        parent=lambda stated: stated.book,
        stop="log_books",
        facts=lambda stated, acting: [
            fact_of(stated, "edition"),
            *(Fact(one["label"], one["id"], gettext_lazy("above the rows") if one["of"] == "page" else "", "", "number")
              for one in stated.fields),
        ],
    ),
    ActPage(
        name="log_book_fields",
        at="log-books/<str:number>/fields/",
        record=LogBook,
        act=acts.amend_field_list,
        title=gettext_lazy("State its fields anew"),
        lead=gettext_lazy("Pages that are drawn keep the fields by which they were drawn; no value moves."),
        verb=gettext_lazy("State them"),
        message=gettext_lazy("Fields %(n)s are in force."),
        form=AmendFieldsForm,
        initial=lambda request, book: {"stated": lines_of_fields(book)},
        perform=lambda book, f, v: acts.amend_field_list(book, f, fields=v["stated"]),
        stop="log_books",
    ),
    ActPage(
        name="log_book_add_pages",
        at="log-books/<str:number>/add-pages/",
        record=LogBook,
        act=acts.add_page,
        title=gettext_lazy("Add pages"),
        lead=gettext_lazy("Each photograph is attached to the exhibit, and becomes the next page."),
        verb=gettext_lazy("Add them"),
        message=_added,
        form=AddPagesForm,
        prepare=_photographs,
        perform=_add_pages,
        is_due=lambda book, acting: not book.pages.exists(),
        stop="log_books",
    ),
    ActPage(
        name="log_book_missing_page",
        at="log-books/<str:number>/missing-page/",
        record=LogBook,
        act=acts.state_page_missing,
        title=gettext_lazy("State a missing page"),
        verb=gettext_lazy("It is missing"),
        message=gettext_lazy("Page %(n)s is stated as missing."),
        form=MissingPageForm,
        stop="log_books",
    ),
    ListPage(
        name="book_pages",
        at="pages-of-log-books/",
        open_to=OPEN_TO,
        label=gettext_lazy("Pages of log books"),
        lists=BookPage,
        search=("number", "label"),
        filters=(
            Filter(
                "progress",
                gettext_lazy("Read"),
                tuple((name, words) for name, (words, _tone) in PROGRESS.items()),
                lambda found, value: found.filter(pk__in=pages_at(value).values("pk")),
            ),
            Filter("book", apply=lambda found, number: found.filter(book__number=number)),
        ),
        columns=(
            column_of(BookPage, "number", "number"),
            column_of(BookPage, "book"),
            column_of(BookPage, "position", "place", order=("book__number", "position")),
            column_of(BookPage, "label"),
            column_of(BookPage, "condition"),
            ListColumn(gettext_lazy("Read"), value=state_of_page, kind="state"),
        ),
        fetch=lambda found: found.select_related("book"),
        unit=gettext_lazy("pages"),
        empty=Empty(gettext_lazy("No page is there."), gettext_lazy("Pages are added from the page of their log book.")),
        none_fits=Empty(gettext_lazy("No page fits."), _FEWER),
        under="log_books",
        stop="log_books",
    ),
    RecordPage(
        name="book_page",
        at="pages-of-log-books/<str:number>/",
        open_to=OPEN_TO,
        shows=BookPage,
        parent=lambda page: page.book,
        stop="log_books",
        title=lambda page: page.label,
        state=state_of_page,
        facts=lambda page, acting: [
            fact_of(page, name) for name in ("position", "side", "condition", "remark", "picture", "field_list")
        ],
    ),
    DrawnPage(name="book_page_image", at="pages-of-log-books/<str:number>/image/", open_to=OPEN_TO, draw=page_image),
    ActPage(
        name="book_page_draw",
        at="pages-of-log-books/<str:number>/draw/",
        record=BookPage,
        act=acts.draw_regions,
        title=gettext_lazy("Draw what is to be read"),
        lead=gettext_lazy("Nobody can draw it anew once somebody has read it. Look at the outlines before you read."),
        verb=gettext_lazy("Draw it"),
        message=gettext_lazy("Page %(n)s is drawn."),
        form=DrawForm,
        offered=lambda page, acting: progress_of(page) in ("undrawn", "unread"),
        is_due=lambda page, acting: not page.regions,
        prepare=_drawn,
        template="detention/draw_page.html",
        more=_draw_form_picture,
        stop="log_books",
    ),
    *READING_PAGES,
    RecordPage(
        name="page_settlement",
        at="settled-pages/<str:number>/",
        open_to=OPEN_TO,
        shows=PageSettlement,
        parent=lambda settled: settled.page,
        stop="log_books",
        facts=lambda settled, acting: [
            fact_of(settled, "first"),
            fact_of(settled, "second"),
            Fact(label_of(PageSettlement, "reader"), settled.reader.name),
        ],
    ),
    RecordPage(
        name="page_reading",
        at="readings-of-pages/<str:number>/",
        open_to=OPEN_TO,
        shows=PageReading,
        parent=lambda reading: reading.page,
        stop="log_books",
        facts=lambda reading, acting: [Fact(label_of(PageReading, "reader"), reading.reader.name)],
    ),
    ListPage(
        name="book_entries",
        at="entries-of-log-books/",
        open_to=OPEN_TO,
        label=gettext_lazy("Entries of log books"),
        lead=gettext_lazy("What a log book says of somebody is what its writer wrote down, and may be false."),
        lists=BookEntry,
        search=("number", "name"),
        filters=(Filter("book", apply=lambda found, number: found.filter(page__book__number=number)),),
        columns=(
            column_of(BookEntry, "number", "number"),
            column_of(BookEntry, "name", "name", kind="name"),
            ListColumn(label_of(BookEntry, "values"), value=_said, kind="name"),
            column_of(BookEntry, "page"),
            column_of(BookEntry, "line"),
        ),
        fetch=lambda found: found.select_related("page__book"),
        unit=gettext_lazy("entries"),
        empty=Empty(gettext_lazy("There is no entry."), gettext_lazy("Entries are the rows of settled pages.")),
        none_fits=Empty(gettext_lazy("No entry fits."), _FEWER),
        under="log_books",
        stop="log_books",
    ),
    RecordPage(
        name="book_entry",
        at="entries-of-log-books/<str:number>/",
        open_to=OPEN_TO,
        shows=BookEntry,
        parent=lambda entry: entry.page,
        stop="log_books",
        title=lambda entry: entry.name,
        facts=_entry_facts,
    ),
)  # fmt: skip
