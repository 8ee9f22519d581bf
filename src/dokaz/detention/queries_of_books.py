"""Questions about log books: how far each page is read, what waits for whom, how well two readers agree."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dokaz.casework.states import Tone
from dokaz.detention.books import SETTLED, field_lists, page_value, settled_on
from dokaz.detention.log_books import BookPage, LogBook, PageCondition, PageReading, PageSettlement
from dokaz.transcription.agreement import ReadingAgreement, agreement
from dokaz.transcription.alignment import ReadRow, read_rows
from dokaz.transcription.pages import TranscribedBook

#: How far a page is read, in words, with its tone.
PROGRESS: dict[str, tuple[Promise, Tone]] = {
    "missing": (pgettext_lazy("page", "missing"), Tone.VOID),
    "undrawn": (_("nothing drawn on it yet"), Tone.OPEN),
    "unread": (_("not read"), Tone.OPEN),
    "once": (_("read once"), Tone.DOING),
    "twice": (_("read twice, to be settled"), Tone.DECIDE),
    "settled": (pgettext_lazy("page", "settled"), Tone.DONE),
}


def progress_of(page: BookPage) -> str:
    """How far a page is read; a key of ``PROGRESS``."""
    if page.condition == PageCondition.MISSING:
        return "missing"
    if not page.regions:
        return "undrawn"
    if page.settlements.exists():
        return "settled"
    return ("unread", "once", "twice")[page.readings.filter(voided=False).count()]


def pages_at(progress: str, pages: QuerySet[BookPage] | None = None) -> QuerySet[BookPage]:
    """The pages that are read so far; none where it is no key of ``PROGRESS``."""
    found: QuerySet[BookPage] = BookPage.objects.all() if pages is None else pages
    if progress == "missing":
        return found.filter(condition=PageCondition.MISSING)
    there = found.exclude(condition=PageCondition.MISSING)
    if progress == "undrawn":
        return there.filter(regions=[])
    drawn = there.exclude(regions=[])
    once, twice, done = _read_by_one(), _read_by_two(), PageSettlement.objects.values("page")
    match progress:
        case "unread":
            return drawn.exclude(pk__in=once)
        case "once":
            return drawn.filter(pk__in=once).exclude(pk__in=twice)
        case "twice":
            return drawn.filter(pk__in=twice).exclude(pk__in=done)
        case "settled":
            return drawn.filter(pk__in=done)
    return found.none()


def _read_by_one() -> QuerySet[Any, Any]:
    return PageReading.objects.values("page")


def _read_by_two() -> QuerySet[Any, Any]:
    return PageReading.objects.exclude(beside=None).values("page")


def pages_to_read() -> QuerySet[BookPage]:
    """Pages that are drawn, and that two people have not read yet."""
    found: QuerySet[BookPage] = BookPage.objects.exclude(regions=[]).exclude(pk__in=_read_by_two())
    return found


def pages_to_settle() -> QuerySet[BookPage]:
    """Pages that two have read, and nobody has settled."""
    return pages_at("twice")


def may_read_page(page: BookPage, person: uuid.UUID) -> bool:
    """Whether this person may still read the page: it is drawn, they never read it, and two others have not."""
    if not page.regions or PageReading.every.filter(page=page, reader=person).exists():
        return False
    return page.readings.filter(voided=False).count() < 2


def may_settle_page(page: BookPage, person: uuid.UUID) -> bool:
    """Whether this person may settle the page: two others have read it, and nobody has settled it."""
    return progress_of(page) == "twice" and not PageReading.every.filter(page=page, reader=person).exists()


def agreement_of(book: LogBook) -> tuple[ReadingAgreement | None, int]:
    """How well the two readings of every page that two have read agree, and on how many pages that is.

    First is whoever read a page first, which may be another person on another page.
    """
    pages = [page for page in book.pages.order_by("position") if progress_of(page) in ("twice", "settled")]
    if not pages:
        return None, 0
    values, settled = [], []
    for page in pages:
        read = {("first" if one.beside_id is None else "second"): one.cells for one in page.readings.all()}
        values.append(page_value(page, [*read.items(), *settled_on(page)]))
        settled += settled_on(page)
    value = TranscribedBook("book", field_lists=field_lists(book), pages=tuple(values))
    rows: dict[str, list[ReadRow]] = {who: list(read_rows(value, who)) for who in ("first", "second", SETTLED)}
    return agreement(rows["first"], rows["second"], rows[SETTLED] if settled else None), len(pages)
