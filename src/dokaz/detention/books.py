"""A log book of the store as a value of ``transcription``: what files are written from, and readings compared by."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dokaz.detention.log_books import BookFields, BookPage, LogBook, PageCondition, PageReading, PageSettlement
from dokaz.detention.regions import read_regions
from dokaz.transcription.field_lists import FieldList, LogField
from dokaz.transcription.marked_text import MarkedText
from dokaz.transcription.names import LONGEST_LINE
from dokaz.transcription.notation import read_notation, written_notation
from dokaz.transcription.pages import (
    CellReading,
    HeaderRegion,
    PageImage,
    PageRegion,
    PageSide,
    TableRegion,
    TextRegion,
    TranscribedBook,
    TranscribedPage,
)

#: The fields that together name the person of an entry, by their ids.
NAMING = ("surname", "given", "patronymic", "name")
#: Who reads what a settled page says, where a book is written to a file.
SETTLED = "settled"
#: What was read: cells by the id of their region.
Cells = Sequence[Mapping[str, Any]]


def field_lists(book: LogBook) -> tuple[FieldList, ...]:
    """The fields of a book in every version."""
    return tuple(as_list(each) for each in book.lists.order_by("edition"))


def as_list(kept: BookFields) -> FieldList:
    """A list of fields as it was filed."""
    return FieldList(kept.edition, tuple(LogField(one["id"], one["label"], one["of"] == "page") for one in kept.fields))


def newest_list(book: LogBook) -> BookFields:
    """The list of fields in force."""
    found: BookFields = book.lists.order_by("-edition")[0]
    return found


def page_value(page: BookPage, readings: Iterable[tuple[str, Cells]] = ()) -> TranscribedPage:
    """A page with what some people read on it, each under the name that is given."""
    read = [(reader, {cell["region"]: read_notation(cell["text"]) for cell in cells}) for reader, cells in readings]
    regions = tuple(_with(region, read) for region in read_regions(page.regions))
    return TranscribedPage(
        name_of(page),
        number=one_line(page.label),
        side=PageSide(page.side) if page.side else None,
        image=_image(page),
        is_torn=page.condition == PageCondition.TORN,
        is_missing=page.condition == PageCondition.MISSING,
        regions=regions,
    )


def book_value(book: LogBook, person: uuid.UUID | None) -> TranscribedBook:
    """A book with every reading that a person may see, under the numbers of the readers, and what was settled."""
    pages = []
    for page in book.pages.order_by("position"):
        pages.append(page_value(page, [*readings_open_to(page, person), *settled_on(page)]))
    return TranscribedBook(name_of(book), one_line(book.title), field_lists(book), tuple(pages))


def readings_open_to(page: BookPage, person: uuid.UUID | None) -> list[tuple[str, Cells]]:
    """What was read on a page, for whoever may see it, the first reading first."""
    readings = [one for one in page.readings.order_by("number") if not one.is_kept_from(person)]
    return [(one.reader.number, one.cells) for one in sorted(readings, key=lambda one: one.beside_id is not None)]


def settled_on(page: BookPage) -> list[tuple[str, Cells]]:
    """What was settled on a page; empty where it was not."""
    return [(SETTLED, one.cells) for one in page.settlements.all()]


def name_of(record: Any) -> str:
    """The id of a book or a page in a file: its number begins with a letter, and holds letters, digits and hyphens."""
    return str(record.number)


def one_line(text: str) -> str:
    """A text of a record as files hold it: on one line, with single spaces."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST_LINE].strip()


def in_order(book: LogBook, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """What an entry says, field by field as the book has them, dropped ones last."""
    order = [one["id"] for one in newest_list(book).fields]
    return sorted(values.items(), key=lambda each: (order.index(each[0]) if each[0] in order else len(order), each[0]))


def differing(first: PageReading, second: PageReading) -> list[str]:
    """The regions of a page that two people read differently, marks included, in the order of reading."""
    one, other = by_region(first.cells), by_region(second.cells)
    return [region for region in one if one[region] != other.get(region)]


def by_region(cells: Cells) -> dict[str, MarkedText]:
    """What was read, by the id of the region."""
    return {cell["region"]: read_notation(cell["text"]) for cell in cells}


def in_notation(text: MarkedText) -> str:
    """A text as it is kept: one spelling of its marks."""
    return written_notation(text)


def named(values: Mapping[str, str]) -> str:
    """The name of the person of an entry, as the book means it: without marks and what is struck out."""
    return " ".join(filter(None, (read_notation(values[each]).as_meant for each in NAMING if each in values)))


def settlement_of(page: BookPage) -> PageSettlement | None:
    """What was settled on a page."""
    found: PageSettlement | None = page.settlements.first()
    return found


def _image(page: BookPage) -> PageImage | None:
    if page.picture is None or page.width_px is None or page.height_px is None:
        return None
    return PageImage(one_line(page.picture.file_name) or page.picture.number, page.width_px, page.height_px)


def _with(region: PageRegion, read: Sequence[tuple[str, Mapping[str, MarkedText]]]) -> PageRegion:
    def text(place: Any) -> Any:
        found = tuple(CellReading(reader, cells[place.id]) for reader, cells in read if place.id in cells)
        return replace(place, readings=found)

    match region:
        case TableRegion():
            return replace(region, rows=tuple(replace(row, cells=tuple(map(text, row.cells))) for row in region.rows))
        case HeaderRegion():
            return replace(region, parts=tuple(map(text, region.parts)))
        case TextRegion():
            changed: TextRegion = text(region)
            return changed
