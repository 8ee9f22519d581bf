"""A book of one page that a person can check: a header, a heading, two rows, two readers."""

from __future__ import annotations

from datetime import UTC, datetime

from dokaz.exchange.programs.transcription_files import TranscriptionFormat, written_transcription
from dokaz.transcription.field_lists import LogField, revised
from dokaz.transcription.notation import read_notation
from dokaz.transcription.pages import (
    CellReading,
    CellRegion,
    HeaderRegion,
    PageImage,
    PageSide,
    RowRegion,
    TableRegion,
    TextLine,
    TextRegion,
    TranscribedBook,
    TranscribedPage,
)

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
FIELDS = revised((), [LogField("surname", "Прізвище"), LogField("cell", "Камера"), LogField("date", "Дата", True)])


def box(x: int, y: int, width: int = 100, height: int = 40) -> tuple[tuple[int, int], ...]:
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)


def readings(*typed: str) -> tuple[CellReading, ...]:
    return tuple(CellReading(who, read_notation(text)) for who, text in zip(("Бойко", "Крук"), typed, strict=False))


def cell(name: str, x: int, y: int, field: str, *typed: str, is_heading: bool = False) -> CellRegion:
    line = TextLine(f"{name}.l", box(x, y), ((x, y + 30), (x + 90, y + 30)))
    return CellRegion(name, box(x, y), field, (line,), readings(*typed), column=x // 100, is_heading=is_heading)


HEADER = HeaderRegion("hd", box(0, 0, 300), (TextRegion("hd.date", box(0, 0), "date", (), readings("12.03.2022")),))
ROWS = (
    RowRegion("r0", box(0, 100, 200), (cell("h0", 0, 100, "", "Прізвище", is_heading=True),
                                       cell("h1", 100, 100, "", "Камера", is_heading=True))),
    RowRegion("r1", box(0, 140, 200), (cell("c0", 0, 140, "surname", "(-Пет) Пе(?тр)енко (..2)", "Петренко"),
                                       cell("c1", 100, 140, "cell", "3", "(%к.=камера) 3"))),
    RowRegion("r2", box(0, 180, 200), (cell("c2", 0, 180, "surname", '(")', '("=Петренко)'),
                                       cell("c3", 100, 180, "cell", "(*) 5", "5"))),
)  # fmt: skip
PAGE = TranscribedPage("p1", "12", PageSide.RECTO, PageImage("p1.jpg", 1200, 1700), True, False,
                       (HEADER, TableRegion("t1", box(0, 100, 200, 120), ROWS)))  # fmt: skip
BOOK = TranscribedBook("b1", "Книга затриманих", FIELDS, (PAGE,))


def in_format(to: str, book: TranscribedBook = BOOK) -> str:
    """The only file of a book in a format of text."""
    [data] = written_transcription(book, TranscriptionFormat(to), written_at=NOON).files.values()
    return data.decode("utf-8-sig")
