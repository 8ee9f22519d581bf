"""Pages, fields and entries: what cannot be is refused, and no value moves when the fields of a book change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_book import BOOK, FIELDS, HEADER, PAGE, ROWS, box, cell, readings

from dokaz.errors import BadTranscription
from dokaz.transcription.entries import entries, with_dittos_resolved
from dokaz.transcription.field_lists import FieldList, LogField, checked_versions, revised
from dokaz.transcription.marked_text import plain_text
from dokaz.transcription.names import free_name
from dokaz.transcription.notation import read_notation
from dokaz.transcription.pages import (
    CellReading,
    CellRegion,
    HeaderRegion,
    MachineProposal,
    PageImage,
    RowRegion,
    TableRegion,
    TextLine,
    TextRegion,
    TranscribedBook,
    TranscribedPage,
)

SURNAME, CELL, DATE = FIELDS[0].fields
TEXT = plain_text("а")


@given(st.permutations([SURNAME, CELL, DATE]), st.integers(0, 3))
def test_changing_the_fields_in_mid_project_moves_no_value(order, count):
    """Reordered, left out, added before the others, reworded: every entry says what it said."""
    before = entries(BOOK, "Крук")
    kept = [replace(field, label=f"{field.label} (нове)") for field in order[:count]]
    lists = revised(FIELDS, [LogField("new", "Перед усіма"), *kept])
    assert entries(replace(BOOK, field_lists=lists), "Крук") == before
    assert before[0].values["surname"] == plain_text("Петренко")


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (lambda: revised(FIELDS, [SURNAME, SURNAME]), "surname is a field twice"),
        (lambda: revised(FIELDS, []), "a list of fields has none"),
        (lambda: revised(FIELDS, [replace(SURNAME, is_of_page=True)]), "moves between page and rows in version 2"),
        (lambda: revised(revised(FIELDS, [CELL]), [CELL, SURNAME]), "surname was left out before version 3"),
        (lambda: checked_versions([FieldList(2, (CELL,))]), "versions 2 of a list"),
        (lambda: FieldList(0, (CELL,)), "version 0"),
        (lambda: LogField("1a", "а"), "'1a' is no id of a field"),
        (lambda: LogField("a b", "а"), "is no id of a field"),
        (lambda: LogField("a" * 201, "а"), "is no id of a field"),
        (lambda: LogField("", "а"), "'' is no id of a field"),
        (lambda: LogField("a", ""), "a field without a label"),
        (lambda: LogField("a", "а  б"), "the label of a is"),
        (lambda: CellReading("", TEXT), "without its reader"),
        (lambda: MachineProposal("", TEXT), "without its program"),
        (lambda: MachineProposal("x", TEXT, 1.1), "a confidence of 1.1"),
        (lambda: MachineProposal("x", TEXT, -0.1), "a confidence of -0.1"),
        (lambda: TextLine("a", box(0, 0)[:2]), "a: 2 points"),
        (lambda: TextLine("a", (), ((0, 0),)), "a, baseline: 1 points"),
        (lambda: TextLine("a", ((0, 0),) * 2001), "2001 points"),
        (lambda: TextRegion("a", ((0, 0), (1, -1), (2, 2))), "a point at 1,-1"),
        (lambda: TextRegion("a", ((0, 0), (1, 1), (1_000_001, 2))), "a point at 1000001,2"),
        (lambda: TextRegion("a", readings=(*readings("x"), *readings("y"))), "two readings by Бойко"),
        (lambda: TextRegion("a", custom="a\nb"), "what another program said"),
        (lambda: CellRegion("a", column=-1), "at column -1"),
        (lambda: CellRegion("a", row_span=0), "over no columns or rows"),
        (lambda: CellRegion("a", column=199, column_span=2), "beyond 200 columns"),
        (lambda: RowRegion("", ()), "no id of a row"),
        (lambda: TableRegion("t", (), (RowRegion("r", (), (CellRegion("c", row_span=2),)),)), "2 rows where 1 are left"),
        (lambda: TableRegion("t", (), (RowRegion("r", (), (CellRegion("c"), CellRegion("d"))),)), "c and d lie in one"),
        (lambda: TableRegion("t", (), (ROWS[1],) * 5001), "5,001 rows"),
        (lambda: HeaderRegion("h", (), (CellRegion("c"),)), "c is a cell without a table"),
        (lambda: replace(PAGE, regions=(CellRegion("c"),)), "c is a cell without a table"),
        (lambda: PageImage("", 1, 1), "a photograph without a name"),
        (lambda: PageImage("a", 0, 1), "0 × 1 pixels"),
        (lambda: replace(PAGE, is_missing=True), "is missing, and yet"),
        (lambda: replace(PAGE, regions=(HEADER, HEADER)), "is given 2 times"),
        (lambda: replace(BOOK, pages=(PAGE, PAGE)), "p1 is there twice"),
        (lambda: replace(BOOK, field_lists=()), "filed under date, which no list of fields has"),
        (lambda: replace(BOOK, pages=(on_from("p1", "p1", "t1"),)), "not on an earlier page"),
        (lambda: replace(BOOK, pages=(PAGE, on_from("p2", "p1", "t9"))), "table t9 of p1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(of, said):
    with pytest.raises(BadTranscription, match=said) as refused:
        of()
    assert refused.value.next_step


def on_from(page: str, of: str, table: str, *regions) -> TranscribedPage:
    rows = (RowRegion(f"{page}.r", (), (cell(f"{page}.c", 0, 0, "surname", "Гай"),)),)
    return TranscribedPage(page, regions=(*regions, TableRegion(f"{page}.t", (), rows, (of, table))))


def test_a_header_belongs_to_every_row_under_it_and_to_the_rows_that_go_on():
    lower = HeaderRegion("low", (), (TextRegion("low.date", (), "date", (), readings("13.03")),))
    own = HeaderRegion("own", (), (TextRegion("own.date", (), "date", (), readings("14.03")),))
    rows = (RowRegion("r9", (), (cell("c9", 0, 0, "surname", "Лис"),)),)
    first = replace(PAGE, regions=(*PAGE.regions, lower, TableRegion("t2", (), rows)))
    pages = (first, on_from("p2", "p1", "t1"), on_from("p3", "p2", "p2.t"), on_from("p4", "p1", "t1", own))
    found = {entry.row: entry for entry in entries(TranscribedBook("b", field_lists=FIELDS, pages=pages), "Бойко")}
    assert list(found) == ["r1", "r2", "r9", "p2.r", "p3.r", "p4.r"]
    dates = {row: entry.heads["date"].as_written for row, entry in found.items()}
    assert dates == {"r1": "12.03.2022", "r2": "12.03.2022", "r9": "13.03", "p2.r": "12.03.2022", "p3.r": "12.03.2022",
                     "p4.r": "14.03"}  # fmt: skip
    assert [found[row].heads_from for row in ("r1", "p3.r", "p4.r")] == ["p1", "p1", "p4"]


def test_a_table_without_any_header_has_none():
    [entry] = entries(TranscribedBook("b", field_lists=FIELDS, pages=(on_from("p2", "gone", "t"),)), "Бойко")
    assert entry.heads == {} and entry.heads_from == ""


def test_cells_of_one_field_are_one_value_and_cells_without_a_field_none():
    rows = (RowRegion("r", (), (cell("a", 0, 0, "surname", "Лис"), cell("b", 100, 0, "surname", "Іван"),
                                cell("c", 200, 0, "", "х"))),)  # fmt: skip
    page = TranscribedPage("p", regions=(TableRegion("t", (), rows),))
    [entry] = entries(TranscribedBook("b", field_lists=FIELDS, pages=(page,)), "Бойко")
    assert entry.values == {"surname": read_notation("Лис(/)Іван")}


def test_dittos_are_resolved_from_above_and_keep_their_sign():
    def written(*typed: str) -> list[str]:
        rows = tuple(RowRegion(f"r{i}", (), (cell(f"c{i}", 0, 0, "surname", text),)) for i, text in enumerate(typed))
        book = TranscribedBook(
            "b", field_lists=FIELDS, pages=(TranscribedPage("p", regions=(TableRegion("t", (), rows),)),)
        )
        found = with_dittos_resolved(entries(book, "Бойко"))
        assert [e.values["surname"].as_written for e in found] == [read_notation(text).as_written for text in typed]
        return [entry.values["surname"].as_meant for entry in found]

    assert written("Лис", '(")', '(")') == ["Лис", "Лис", "Лис"]
    assert written('(")', "Лис") == ['"', "Лис"]
    assert written("Лис", '("=Вовк)', '(")') == ["Лис", "Вовк", "Вовк"]
    assert written("Лис", '(") Іван') == ["Лис", '" Іван']
    assert written("(-Лис)", '(")') == ["", '"']


def test_names_of_files_become_ids():
    assert [free_name(text, "page") for text in ("стор 1", "12", "", "a/b")] == ["стор_1", "page_12", "page", "a_b"]


def test_a_machine_may_be_as_sure_or_unsure_as_can_be():
    assert [MachineProposal("x", TEXT, sure).confidence for sure in (None, 0.0, 1.0)] == [None, 0.0, 1.0]


def test_everybody_who_read_is_named():
    assert BOOK.readers == ("Бойко", "Крук")
