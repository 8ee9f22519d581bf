"""The one reader of tables: encodings, delimiters, headers, and refusals that say where."""

from __future__ import annotations

import re

import pytest

from dokaz.errors import BadFile
from dokaz.exchange.reading.tables import Column, Table, read_table

COLUMNS = (
    Column("number", ("номер",), required=True),
    Column("name", ("прізвище", "surname")),
    Column("height", ("зріст",)),
)
UKRAINIAN = "номер;прізвище;зріст\r\n1;Бойко;170,5\r\n2;Ґалаґан Єва;165\r\n"


def read(data: bytes | str) -> Table:
    return read_table(data.encode() if isinstance(data, str) else data, file="people.csv", columns=COLUMNS)


def assert_refused(data: bytes | str, match: str, *, line: int | None = None, column: str | None = None,
                   value: str | None = None) -> None:  # fmt: skip
    with pytest.raises(BadFile, match=match) as caught:
        read(data)
    assert caught.value.file == "people.csv"
    assert caught.value.next_step
    if line is not None:
        assert caught.value.line == line
    if column is not None:
        assert caught.value.column == column
    if value is not None:
        assert value in (caught.value.value or "")


@pytest.mark.parametrize(("encoding", "told"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1251", "cp1251")])
def test_the_same_table_reads_the_same_in_utf8_with_a_mark_and_in_cp1251(encoding: str, told: str) -> None:
    table = read(UKRAINIAN.encode(encoding))
    assert table.encoding == told
    assert [row.text("name") for row in table] == ["Бойко", "Ґалаґан Єва"]
    assert table.rows[0].decimal("height", low=0, high=300) == 170.5


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_from_the_header(delimiter: str) -> None:
    table = read(delimiter.join(["number", "surname"]) + "\n" + delimiter.join(["1", "Boiko"]) + "\n")
    assert table.delimiter == delimiter
    assert table.rows[0].text("name") == "Boiko"


def test_rows_know_the_line_they_began_on_even_after_a_cell_of_three_lines() -> None:
    table = read('number,surname\n1,"a\nb\nc"\n\n2,d\n')
    assert [row.line for row in table] == [2, 6]


def test_lines_above_the_header_state_what_holds_for_the_file() -> None:
    table = read("# CRS: EPSG:32637,,\n# zone: +03:00\n\nnumber,surname\n1,a\n")
    assert table.says("crs") == "EPSG:32637"
    assert table.zone() is not None
    assert table.rows[0].line == 5


def test_an_unknown_column_is_kept_and_named() -> None:
    table = read("number,shoe size\n1,43\n")
    assert table.unknown_columns == ("shoe size",)
    assert table.rows[0].extra == {"shoe size": "43"}


@pytest.mark.parametrize("encoding", ["koi8-u", "cp866", "cp1252"])
def test_other_encodings_are_refused_and_not_guessed(encoding: str) -> None:
    text = "number;name\r\n1;Müller\r\n" if encoding == "cp1252" else "номер;прізвище\r\n1;Бойко Олена\r\n"
    if encoding == "cp866":  # has no Ukrainian і of its own
        text = text.replace("і", "и")
    assert_refused(text.encode(encoding), "encoding")


def test_utf16_is_refused_by_name() -> None:
    assert_refused(UKRAINIAN.encode("utf-16"), "UTF-16", line=1)


def test_a_spreadsheet_that_was_renamed_is_refused_by_name() -> None:
    assert_refused(b"PK\x03\x04" + b"\0" * 40, "spreadsheet")


def test_a_mark_that_lies_is_refused() -> None:
    assert_refused(b"\xef\xbb\xbfnumber,name\n1,\xc1\xee\n", "claims to be UTF-8", line=2)


@pytest.mark.parametrize("data", [b"", b"  \n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert_refused(data, "empty|no header")


def test_remarks_alone_are_refused() -> None:
    assert_refused("# CRS: EPSG:32637\n", "no header")


def test_a_ragged_row_is_refused_with_its_line_and_column() -> None:
    assert_refused("number,surname,height\n1,a,170\n2,b\n", "2 cells where the header has 3", line=3, column="height")
    assert_refused("number,surname\n1,a\n2,b,c\n", "3 cells where the header has 2", line=3, column="3", value="2,b,c")


def test_a_nul_byte_is_refused_with_its_line() -> None:
    assert_refused("number,surname\n1,a\0b\n", "NUL", line=2)


def test_letters_that_turn_the_text_round_are_refused() -> None:
    assert_refused("number,surname\n1,a\u202eb\n", re.escape("U+202E"), line=2)


def test_a_missing_column_is_refused_with_what_to_add() -> None:
    with pytest.raises(BadFile) as caught:
        read("surname\nBoiko\n")
    assert caught.value.line == 1
    assert "'номер'" in caught.value.next_step


def test_two_headers_for_one_column_are_refused_in_either_language() -> None:
    assert_refused("number,Surname,прізвище\n1,a,b\n", "there twice", line=1, column="3", value="прізвище")


def test_a_column_with_values_but_no_name_is_refused_and_an_empty_one_is_not() -> None:
    assert_refused("number,\n1,x\n", "no name", line=1, column="2")
    assert len(read("number,\n1,\n").rows) == 1


def test_an_open_quote_is_refused() -> None:
    assert_refused('number,surname\n1,"a\n2,b\n', "quotes", line=2)


def test_a_delimiter_that_cannot_be_told_is_refused() -> None:
    assert_refused("a;b,c\n1;2,3\n", "delimiter", line=1)


@pytest.mark.parametrize("cell", ["1 234,5", "1.234,5", "abc", "nan", "inf", "1e999"])
def test_what_is_no_number_is_refused_with_its_value(cell: str) -> None:
    row = read(f'number,height\n1,"{cell}"\n').rows[0]
    with pytest.raises(BadFile) as caught:
        row.decimal("height", low=0, high=300)
    assert (caught.value.line, caught.value.column, caught.value.value) == (2, "height", cell)


def test_a_number_out_of_range_is_refused_and_not_cut() -> None:
    row = read("number,height\n1,1705\n").rows[0]
    with pytest.raises(BadFile, match="not between 30 and 250"):
        row.decimal("height", low=30, high=250)


@pytest.mark.parametrize("cell", ["04/05/2026", "31.02.2026", "2026-13-01", "yesterday", "1066"])
def test_a_date_that_is_none_or_that_reads_two_ways_is_refused(cell: str) -> None:
    row = read(f"number,height\n1,{cell}\n").rows[0]
    with pytest.raises(BadFile) as caught:
        row.day("height")
    assert caught.value.value == cell


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("2026-05-04 09:12", "no zone"),
        ("2026-05-04", "not a date with a time"),
        ("2026-05-04 25:00+03:00", "no such time"),
    ],
)
def test_a_time_without_a_zone_is_refused(cell: str, says: str) -> None:
    row = read(f"number,height\n1,{cell}\n").rows[0]
    with pytest.raises(BadFile, match=says):
        row.moment("height")


def test_times_read_in_both_ways_of_writing_and_with_the_zone_of_the_file() -> None:
    table = read("# часовий пояс: +03:00\nnumber,height\n1,04.05.2026 09:12\n2,2026-05-04T06:12:00Z\n")
    first, second = (row.moment("height", zone=table.zone()) for row in table)
    assert first == second
