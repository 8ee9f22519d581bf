"""Where two readings of the same regions differ, and a third person's choices put beside them; every reading stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from dokaz.errors import NotSettled
from dokaz.transcription.marked_text import MarkedText
from dokaz.transcription.pages import (
    CellReading,
    HeaderRegion,
    PageRegion,
    TableRegion,
    TextRegion,
    TranscribedBook,
    TranscribedPage,
)

#: Page and region, by id.
Place = tuple[str, str]
_Readings = Callable[[Place, TextRegion], tuple[CellReading, ...]]
_Text = TypeVar("_Text", bound=TextRegion)


@dataclass(frozen=True, slots=True)
class ReadingDifference:
    """A place that two people read differently, marks included; None is what one of them did not read."""

    place: Place
    field: str
    first: MarkedText | None
    second: MarkedText | None


def differences(book: TranscribedBook, first: str, second: str) -> tuple[ReadingDifference, ...]:
    """Every place that these two read differently, in the order of reading."""
    found = []
    for page in book.pages:
        for text in page.texts():
            one, other = text.read_by(first), text.read_by(second)
            if one != other:
                found.append(ReadingDifference((page.id, text.id), text.field, one, other))
    return tuple(found)


def with_readings_of(book: TranscribedBook, other: TranscribedBook) -> TranscribedBook:
    """The book with the readings of another, of the same regions.

    Raises:
        NotSettled: the other reads a place that is not in this book.
        BadTranscription: one person reads a place in both.
    """
    read = {(page.id, text.id): text.readings for page in other.pages for text in page.texts() if text.readings}
    joined = _with(book, lambda place, text: (*text.readings, *read.pop(place, ())))
    if read:
        page, region = next(iter(read))
        raise NotSettled(f"{region} of {page} is not in the other reading", "let both read the same drawn regions")
    return joined


def settle(
    book: TranscribedBook, first: str, second: str, by: str, choices: Mapping[Place, MarkedText]
) -> TranscribedBook:
    """The book with a third reading beside the two: what both read alike, and what was chosen where they differ.

    Args:
        by: Who settles; neither of the two.
        choices: For every difference, and for nothing else.

    Raises:
        NotSettled: a difference is left open, what does not differ is decided, or one of the two settles.
        BadTranscription: this person has read a place already.
    """
    if by in (first, second):
        raise NotSettled(f"{by} is one of the two who read", "let a third person settle")
    open_ = {each.place for each in differences(book, first, second)}
    for places, said, advice in (
        (open_ - choices.keys(), "is not settled", "choose a reading for it"),
        (choices.keys() - open_, "does not differ", "settle what the two read differently"),
    ):
        if places:
            page, region = min(places)
            raise NotSettled(f"{region} of {page} {said}, one of {len(places)}", advice)

    def settled(place: Place, text: TextRegion) -> tuple[CellReading, ...]:
        value = choices[place] if place in choices else text.read_by(first)
        return text.readings if value is None else (*text.readings, CellReading(by, value))

    return _with(book, settled)


def _with(book: TranscribedBook, readings_of: _Readings) -> TranscribedBook:
    """The book with other readings in every place."""
    return replace(book, pages=tuple(_page_with(page, readings_of) for page in book.pages))


def _page_with(page: TranscribedPage, readings_of: _Readings) -> TranscribedPage:
    def changed(region: PageRegion) -> PageRegion:
        match region:
            case TableRegion():
                rows = (replace(row, cells=tuple(map(read, row.cells))) for row in region.rows)
                return replace(region, rows=tuple(rows))
            case HeaderRegion():
                return replace(region, parts=tuple(map(read, region.parts)))
            case _:
                return read(region)

    def read(text: _Text) -> _Text:
        return replace(text, readings=readings_of((page.id, text.id), text))

    return replace(page, regions=tuple(map(changed, page.regions)))
