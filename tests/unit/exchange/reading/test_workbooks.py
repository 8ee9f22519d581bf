"""Sheets of Excel workbooks as text, and the workbooks that are refused."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbooks import row, workbook

from dokaz.errors import BadFile, DokazError
from dokaz.exchange.reading.workbooks import is_workbook, sheet_as_text


def test_a_row_of_the_sheet_is_the_line_of_the_text() -> None:
    rows = row(1, "Case", "TH01 1", "TH01 2") + row(4, "R1", "", "9.3")
    text = sheet_as_text(workbook({"PM": rows, "empty": ""}), file="x.xlsx")
    assert text == b"Case\tTH01 1\tTH01 2\n\n\nR1\t\t9.3\n"
    assert is_workbook(workbook({"PM": rows}))
    assert not is_workbook(text)


def test_numbers_dates_shared_texts_and_saved_formulas_are_what_the_sheet_holds() -> None:
    styles = (
        '<numFmts><numFmt numFmtId="164" formatCode="dd\\.mm"/>'
        '<numFmt numFmtId="165" formatCode="0.0&quot;d&quot;"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/></cellXfs>'
    )
    cells = (
        '<c r="A1" t="s"><v>0</v></c><c r="B1"><v>9.3000000000000007</v></c><c r="C1"><v>15</v></c>'
        '<c r="D1" s="1"><v>45360</v></c><c r="E1" s="2"><v>3</v></c><c r="F1" s="3"><v>45360.5</v></c>'
        '<c r="G1"><f>1+1</f><v>2</v></c><c r="H1" t="b"><v>1</v></c><c r="I1" t="str"><f>A1</f><v></v></c>'
        '<c r="J1"/><c r="K1" t="inlineStr"><is><r><t>D3</t></r><r><t>S1358</t></r></is></c>'
    )
    book = workbook({"PM": f'<row r="1">{cells}</row>'}, "<si><t>two\nlines</t></si>", styles)
    assert sheet_as_text(book, file="x").decode() == (
        "two lines\t9.3\t15\t2024-03-09\t3\t2024-03-09 12:00:00\t2\tTRUE\t\t\tD3S1358\n"
    )
    of_1904 = workbook(
        {"PM": '<row r="1"><c r="A1" s="1"><v>1</v></c></row>'}, "", styles, '<workbookPr date1904="1"/>'
    )
    assert sheet_as_text(of_1904, file="x") == b"1904-01-02\n"


def test_a_line_above_the_header_stays_one() -> None:
    assert sheet_as_text(workbook({"f": row(1, "# population: P") + row(2, "a", "b")}), file="x") == (
        b"# population: P\na\tb\n"
    )


def test_of_several_sheets_with_cells_one_is_named() -> None:
    book = workbook({"AM": row(1, "a"), "PM": row(1, "b"), "none": ""})
    with pytest.raises(BadFile, match=r"2 sheets with cells, not one.*\n.*--sheet.*: AM, PM"):
        sheet_as_text(book, file="x.xlsx")
    assert sheet_as_text(book, file="x.xlsx", sheet="PM") == b"b\n"
    for name, words in (("other", "no sheet of this name"), ("none", "0 sheets with cells")):
        with pytest.raises(BadFile, match=words):
            sheet_as_text(book, file="x.xlsx", sheet=name)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ('<row r="7"><c r="B7" t="e"><v>#N/A</v></c></row>', r"x.xlsx, line 7: a cell in error: #N/A \(found 'B7'\)"),
        ('<row r="7"><c r="B7"><f>1+1</f><v></v></c></row>', "line 7: a formula whose value was not saved"),
        ('<row r="7"><c r="B7" t="s"><v>3</v></c></row>', "line 7: a cell whose text is missing"),
        ('<row r="7"><c r="B7"><v>nine</v></c></row>', "line 7: a cell that is no number"),
        ('<row r="7"><c r="B7" s="0"><v>1e400</v></c></row>', "line 7: a cell that is no number"),
        ('<row r="7"><c><v>1</v></c></row>', "a cell without a place"),
        ('<row r="7"><c r="A7"><v>1</v></c><c r="A9999999"><v>1</v></c></row>', "the sheet has 9,999,999 rows"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_with_its_place(cells: str, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        sheet_as_text(workbook({"PM": cells}), file="x.xlsx")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 no archive", "no workbook that can be read"),
        (b"\xd0\xcf\x11\xe0 an old one", "no workbook that can be read"),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        sheet_as_text(data, file="x.xls")


def test_another_archive_and_a_workbook_that_unfolds_to_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    with pytest.raises(BadFile, match="an archive that is no workbook of Excel"):
        sheet_as_text(out.getvalue(), file="x.ods")
    monkeypatch.setattr("dokaz.exchange.reading.workbooks.PART_BYTES", 300)
    with pytest.raises(BadFile, match="unfolds to more than is read"):
        sheet_as_text(workbook({"PM": row(1, "a" * 400)}), file="x.xlsx")


_BOOK = workbook({"PM": row(1, "Case", "TH01 1", "TH01 2") + row(2, "R1", "6", "9.3")})


@given(st.lists(st.tuples(st.integers(0, len(_BOOK) - 1), st.integers(0, 255)), max_size=6), st.integers(0, len(_BOOK)))
def test_a_damaged_workbook_is_read_or_refused(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(_BOOK)
    for place, value in changes:
        data[place] = value
    for damaged in (bytes(data), _BOOK[:cut]):
        with contextlib.suppress(DokazError):
            assert sheet_as_text(damaged, file="x.xlsx").endswith(b"\n")
