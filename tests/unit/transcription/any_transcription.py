"""Any text with marks, and any log book, for the properties."""

from __future__ import annotations

import itertools

from hypothesis import strategies as st

from dokaz.transcription.field_lists import LogField, revised
from dokaz.transcription.marked_text import Mark, MarkedText, TextRun, marked_text
from dokaz.transcription.pages import (
    CellReading,
    CellRegion,
    HeaderRegion,
    MachineProposal,
    PageImage,
    PageSide,
    RowRegion,
    TableRegion,
    TextLine,
    TextRegion,
    TranscribedBook,
    TranscribedPage,
)

LETTERS = "абвгґіїєИЯ'ʼe\u0301 \n()[]\\=?-+:*%\"./,;{}<>&1290□"
SIMPLE = [mark for mark in Mark if mark not in (Mark.ABBREVIATED, Mark.DITTO)]


@st.composite
def runs(draw) -> TextRun:
    marks = frozenset(draw(st.sets(st.sampled_from(SIMPLE), max_size=3)))
    kind = draw(st.sampled_from(["text", "text", "gap", "short", "signature"]))
    if kind == "gap":
        return TextRun("", marks, illegible=draw(st.integers(1, 999)))
    if kind == "signature":
        return TextRun("", marks | {Mark.SIGNATURE})
    if kind == "short":
        text = " ".join(draw(st.text(LETTERS, min_size=1, max_size=6)).split()) or "гр."
        stands_for = " ".join(draw(st.text(LETTERS, max_size=8)).split())
        mark = draw(st.sampled_from([Mark.ABBREVIATED, Mark.DITTO]))
        return TextRun(text, marks | {mark}, stands_for=stands_for)
    return TextRun(draw(st.text(LETTERS, min_size=1, max_size=12)), marks)


def texts() -> st.SearchStrategy[MarkedText]:
    return st.lists(runs(), max_size=5).map(marked_text)


NAMES = "abcні_"

#: What other programs say of a region in PAGE's attribute.
customs = st.sampled_from(["", "person {offset:0; length:2;}", "structure {type:paragraph;} note {x:1;}"])


def lines() -> st.SearchStrategy[str]:
    return st.text("абв \"'<&;:{}=#9", max_size=8).map(lambda text: " ".join(text.split()))


def points(least: int) -> st.SearchStrategy[tuple[tuple[int, int], ...]]:
    point = st.tuples(st.integers(0, 3000), st.integers(0, 3000))
    return st.one_of(st.just(()), st.lists(point, min_size=least, max_size=5).map(tuple))


@st.composite
def books(draw) -> TranscribedBook:
    """A book of any pages; ids are counted, as no two are the same."""
    count = itertools.count(1)

    def name() -> str:
        return f"{draw(st.text(NAMES, min_size=1, max_size=2))}{next(count)}"

    fields = tuple(
        LogField(name(), draw(lines()) or "поле", draw(st.booleans())) for _ in range(draw(st.integers(0, 3)))
    )
    versions = revised((), fields) if fields else ()
    if fields and draw(st.booleans()):
        versions = revised(versions, (*reversed(fields), LogField(name(), "нове")))

    def filled() -> dict[str, object]:
        readers = draw(st.lists(st.sampled_from(["А. Бойко", "#0", "В{;}"]), max_size=2, unique=True))
        proposed = draw(st.lists(st.tuples(texts(), st.none() | st.floats(0, 1)), max_size=1))
        return {
            "id": name(),
            "outline": draw(points(3)),
            "field": draw(st.sampled_from(["", *[each.id for each in fields]])),
            "lines": tuple(
                TextLine(name(), draw(points(3)), draw(points(2)), draw(customs))
                for _ in range(draw(st.integers(0, 2)))
            ),
            "readings": tuple(CellReading(reader, draw(texts())) for reader in readers),
            "proposals": tuple(MachineProposal("знаки 1.0", text, confidence) for text, confidence in proposed),
            "custom": draw(customs),
        }

    def table(tables: list[tuple[str, str]]) -> TableRegion:
        rows, taken, height = [], set(), draw(st.integers(0, 3))
        for at in range(height):
            cells = []
            for column in range(draw(st.integers(0, 3))):
                down, right = draw(st.integers(1, height - at)), draw(st.integers(1, 2))
                places = {(at + i, column + j) for i in range(down) for j in range(right)}
                if not places & taken:
                    taken |= places
                    cells.append(CellRegion(**filled(), column=column, row_span=down, column_span=right,
                                            is_heading=draw(st.booleans())))  # fmt: skip
            rows.append(RowRegion(name(), draw(points(3)), tuple(cells)))
        continues = draw(st.sampled_from([None, *tables]))
        return TableRegion(name(), draw(points(3)), tuple(rows), continues)

    pages, earlier = [], []
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.integers(0, 4)) == 0:
            pages.append(TranscribedPage(name(), draw(lines()), is_missing=True))
            continue
        regions = []
        for kind in draw(st.lists(st.sampled_from(["table", "header", "text"]), max_size=3)):
            if kind == "table":
                regions.append(table(earlier))
            elif kind == "header":
                parts = tuple(TextRegion(**filled()) for _ in range(draw(st.integers(0, 2))))
                regions.append(HeaderRegion(name(), draw(points(3)), parts))
            else:
                regions.append(TextRegion(**filled()))
        image = draw(st.none() | st.just(PageImage("стор 1.jpg", 1200, 1700)))
        side = draw(st.sampled_from([None, *PageSide]))
        page = TranscribedPage(name(), draw(lines()), side, image, draw(st.booleans()), False, tuple(regions))
        earlier += [(page.id, region.id) for region in page.regions if isinstance(region, TableRegion)]
        pages.append(page)
    return TranscribedBook(name(), draw(lines()), versions, tuple(pages))
