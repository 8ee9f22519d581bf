"""What holds of log books, their pages, readings and entries, whoever calls the act."""

from __future__ import annotations

import pytest
from casebook import assert_refused, newest
from detention_case import a_search, an_exhibit, rooms_of
from log_book_case import FIELDS, FIRST, SECOND, a_book, a_page, cell, photograph, read, read_twice, regions, settle
from put_right_cases import assert_verifies, correct, void

from dokaz.casework.corrections import put_right
from dokaz.casework.filing import filing
from dokaz.casework.models import Person
from dokaz.detention.acts import (
    add_page,
    agree_book_entry,
    amend_field_list,
    draw_regions,
    open_log_book,
    state_page_missing,
)
from dokaz.detention.books import differing, field_lists, newest_list
from dokaz.detention.log_books import BookEntry, BookFields, BookPage, LogBook, PageReading
from dokaz.errors import (
    BeyondTheAct,
    ClosedField,
    EmptyField,
    NotInOffice,
    NotYours,
    NumberTaken,
    RestedOn,
    SignatureNeeded,
    WrongKind,
)


def filed(house, act, *args, by="scene", nth=1, **values):
    with house.filing(by, nth) as f:
        return act(*(newest(one) for one in args), f, **values)


@pytest.fixture
def book(house):
    return a_book(house)


@pytest.fixture
def page(house, book):
    return a_page(house, book)


# --- a book and its fields -------------------------------------------------------------------------------------------


def test_a_book_is_an_exhibit_of_its_kind_and_taken_up_once(house, book):
    assert (book.exhibit.look, book.title, newest_list(book).fields) == ("log_book", "Книга затриманих", FIELDS)
    said = {"title": "again", "fields": FIELDS}
    assert_refused(NotYours, lambda: filed(house, open_log_book, book.exhibit, **said), match=book.number)
    cable = an_exhibit(house, rooms_of(book.exhibit.searched_room.search)[0])
    assert_refused(WrongKind, lambda: filed(house, open_log_book, cable, **said))


def test_a_book_says_what_it_is_and_what_its_columns_hold(house):
    exhibit = an_exhibit(house, rooms_of(a_search(house))[0], look="log_book")
    for wrong, error in (
        ({"title": " "}, EmptyField),
        ({"fields": []}, EmptyField),
        ({"fields": [FIELDS[0], FIELDS[0]]}, WrongKind),
        ({"fields": [{**FIELDS[0], "id": "two words"}]}, WrongKind),
        ({"fields": [{**FIELDS[0], "of": "table"}]}, WrongKind),
        ({"fields": [{"id": "surname", "label": "x"}]}, WrongKind),
    ):
        said = {"title": "Book", "fields": FIELDS} | wrong
        assert_refused(error, lambda: filed(house, open_log_book, exhibit, **said))  # noqa: B023
    assert_refused(NotInOffice, lambda: filed(house, open_log_book, exhibit, by="mortuary", title="B", fields=FIELDS))


def test_a_new_list_of_fields_moves_no_value(house, book):
    read_page = read_twice(house, a_page(house, book))
    settle(house, read_page)
    before = [entry.values for entry in BookEntry.objects.order_by("number")]
    swapped = [
        FIELDS[1],
        {**FIELDS[0], "label": "Прізвище та ім'я"},
        FIELDS[2],
        {"id": "note", "label": "N", "of": "row"},
    ]
    newer = filed(house, amend_field_list, book, fields=swapped)
    assert (newer.edition, newest_list(book), len(field_lists(book))) == (2, newer, 2)
    assert [entry.values for entry in BookEntry.objects.order_by("number")] == before
    assert newest(read_page).field_list.edition == 1


def test_a_field_keeps_its_meaning_for_ever(house, book):
    filed(house, amend_field_list, book, fields=FIELDS[1:])
    for wrong in (FIELDS, [{**FIELDS[1], "of": "page"}, FIELDS[2]], []):
        assert_refused((WrongKind, EmptyField), lambda: filed(house, amend_field_list, book, fields=wrong))  # noqa: B023


# --- pages -----------------------------------------------------------------------------------------------------------


def test_pages_keep_their_places_and_missing_ones_theirs(house, book):
    first = a_page(house, book, drawn=False, label="1", side="recto")
    gone = filed(house, state_page_missing, book, remark="cut out; its counterfoil is there", label="2")
    torn = a_page(house, book, drawn=False, condition="torn", remark="lower right corner")
    assert [one.position for one in (first, gone, torn)] == [1, 2, 3]
    assert (gone.condition, gone.picture, first.picture.of[0]["number"]) == ("missing", None, book.exhibit.number)
    for wrong, error in (
        ({"position": 2}, NumberTaken),
        ({"position": 0}, WrongKind),
        ({"condition": "torn"}, EmptyField),
        ({"condition": "missing"}, WrongKind),
        ({"photograph": type(photograph())("a.pdf", photograph().content, "application/pdf")}, WrongKind),
    ):
        said = {"photograph": photograph(), "size_px": (400, 300)} | wrong
        assert_refused(error, lambda: filed(house, add_page, book, **said))  # noqa: B023
    assert_refused(EmptyField, lambda: filed(house, state_page_missing, book, remark=""))
    assert_refused(NumberTaken, lambda: filed(house, state_page_missing, book, remark="x", position=1))
    assert_refused(WrongKind, lambda: filed(house, draw_regions, gone, regions=regions()))


def test_what_is_drawn_lies_under_fields_of_the_book_where_they_are_written(house, book):
    page = a_page(house, book, drawn=False)
    table, head = regions()[1], regions()[0]
    rows = table["rows"]
    for wrong in (
        [],
        [head | {"parts": []}],
        [{**table, "rows": [{**rows[1], "cells": [cell(1, 1, "weight")]}]}],
        [{**table, "rows": [{**rows[1], "cells": [cell(1, 1, "date")]}]}],
        [{**head, "parts": [{**head["parts"][0], "field": "surname"}]}],
        [{**table, "rows": [{**rows[1], "cells": [cell(1, 1, "surname"), cell(1, 1, "cell")]}]}],
        [{**table, "rows": [{**rows[1], "cells": [{**cell(1, 1, "surname"), "column": "1"}]}]}],
        [{**table, "sort": "circle"}],
        [{"id": "x"}],
    ):
        assert_refused(WrongKind, lambda: filed(house, draw_regions, page, regions=wrong))  # noqa: B023
    filed(house, draw_regions, page, regions=regions())
    assert newest(page).field_list == newest_list(book)


def test_a_table_goes_on_from_an_earlier_page_and_stays_behind_it(house, book):
    first, second = (a_page(house, book, drawn=False) for _nth in range(2))
    head, table = regions()
    on_from = lambda page: [table | {"continues": [page.number, "t1"]}]  # noqa: E731
    assert_refused(WrongKind, lambda: filed(house, draw_regions, first, regions=on_from(second)))
    assert_refused(WrongKind, lambda: filed(house, draw_regions, second, regions=on_from(second)))
    filed(house, draw_regions, first, regions=[head, table])
    filed(house, draw_regions, second, regions=on_from(first))
    for moved, position in ((first, 5), (second, 0)):
        with pytest.raises(WrongKind):
            correct(house, newest(moved), {"position": position})
    correct(house, newest(second), {"position": 7})


def test_nobody_draws_anew_what_somebody_has_read(house, page):
    filed(house, draw_regions, page, regions=regions()[1:])
    filed(house, draw_regions, page, regions=regions())
    reading = read(house, page)
    assert_refused(RestedOn, lambda: filed(house, draw_regions, page, regions=regions()[1:]), match=reading.number)
    void(house, reading)
    filed(house, draw_regions, page, regions=regions()[1:])
    assert newest(page).regions == regions()[1:]


# --- two read, a third settles ---------------------------------------------------------------------------------------


def test_two_people_read_a_page_and_no_third(house, page):
    first = read(house, page)
    assert_refused(NotYours, lambda: read(house, page, SECOND), match="read by you before")
    second = read(house, page, SECOND, nth=2)
    assert (first.beside, second.beside, second.cells[1]) == (
        None, first, {"region": "r1c1", "field": "surname", "text": "Вигадании"}
    )  # fmt: skip
    assert_refused(NotYours, lambda: read(house, page, by="investigator"), match="two people")


def test_every_cell_is_read_and_no_other(house, page):
    for wrong, error in (
        ({name: text for name, text in FIRST.items() if name != "r2c2"}, EmptyField),
        (FIRST | {"r9c9": "x"}, WrongKind),
        (FIRST | {"r0c1": "Прізвище"}, WrongKind),
        (FIRST | {"r1c1": "(?Петренко"}, WrongKind),
        (FIRST | {"r1c1": "(?)"}, WrongKind),
        (FIRST | {"r1c1": "я" * 4001}, WrongKind),
    ):
        assert_refused(error, lambda: read(house, page, wrong))  # noqa: B023
    bare = a_page(house, page.book, drawn=False)
    assert_refused(WrongKind, lambda: read(house, bare, {}))
    kept = read(house, page, FIRST | {"r1c1": "  (?Петр)(?енко)  "})
    assert kept.cells[1]["text"] == "(?Петренко)"
    assert_refused(NotInOffice, lambda: read(house, page, by="mortuary"))


def test_a_reading_is_seen_by_its_reader_only_until_a_second_is_there(house, page):
    first = read(house, page)
    own, other = house.acting("scene").person, house.acting("scene", 2).person
    assert (first.is_kept_from(own), first.is_kept_from(other), first.is_kept_from(None)) == (False, True, True)
    assert list(PageReading.kept_apart()) == [first]
    read(house, page, SECOND, nth=2)
    assert not first.is_kept_from(other) and not PageReading.kept_apart().exists()


def test_a_reading_is_void_by_its_reader_while_it_is_alone(house, page):
    reading = read(house, page)
    with pytest.raises(NotYours):
        void(house, reading, by=house.acting("scene", 2))
    void(house, reading)
    assert_refused(NotYours, lambda: read(house, page), match="read by you before")
    other = read(house, page, SECOND, nth=2)
    with pytest.raises(NotYours):
        void(house, newest(reading))
    third = read(house, page, by="investigator")
    assert third.beside == other
    for one in (other, third):
        with pytest.raises(RestedOn):
            void(house, one)


def test_a_third_person_settles_what_two_read_differently(house):
    page = read_twice(house)
    first, second = page.readings.order_by("number")
    assert differing(first, second) == ["r1c1", "r2c2"]
    done = settle(house, page, {"r1c1": "Вигаданий", "r2c2": "8"}, why={"r2c2": "compared with page 2"})
    assert [(cell["text"], cell["follows"], cell["why"]) for cell in done.cells] == [
        ("12.03.2022", "both", ""), ("Вигаданий", "first", ""), ("3", "both", ""), ('(")', "both", ""),
        ("8", "third", "compared with page 2"),
    ]  # fmt: skip
    assert [(entry.number, entry.name, entry.values) for entry in BookEntry.objects.order_by("number")] == [
        (f"{page.number}-001", "Вигаданий", {"surname": "Вигаданий", "cell": "3"}),
        (f"{page.number}-002", "Вигаданий", {"surname": '("=Вигаданий)', "cell": "8"}),
    ]
    assert_verifies(house, "settled")


def test_a_row_in_which_nothing_is_written_is_no_entry(house):
    page = a_page(house)
    for nth in (1, 2):
        read(house, page, FIRST | {"r1c1": "", "r1c2": ""}, nth=nth)
    settle(house, page, {})
    assert [(entry.line, entry.row) for entry in BookEntry.objects.all()] == [(2, "r2")]


def test_nobody_settles_too_early_twice_or_their_own(house):
    page = a_page(house)
    read(house, page)
    assert_refused(NotYours, lambda: settle(house, page), match="not read by two")
    read(house, page, SECOND, nth=2)
    for nth in (1, 2):
        assert_refused(NotYours, lambda: settle(house, page, by="scene", nth=nth), match="read by you")  # noqa: B023
    settle(house, page)
    assert_refused(NotYours, lambda: settle(house, page, nth=2), match="settled already")


def test_every_difference_is_settled_and_nothing_else(house):
    page = read_twice(house)
    for choices, why, error in (
        ({"r1c1": "Вигаданий"}, {}, EmptyField),
        ({"r1c1": "Вигаданий", "r2c2": "6", "r1c2": "4"}, {}, WrongKind),
        ({"r1c1": "Вигаданий", "r2c2": "8"}, {}, EmptyField),
        ({"r1c1": "Вигаданий", "r2c2": "(-"}, {}, WrongKind),
    ):
        assert_refused(error, lambda: settle(house, page, choices, why=why))  # noqa: B023


def test_whoever_withdrew_a_reading_settles_nothing_there(house, page):
    void(house, read(house, page, by="investigator"))
    read_twice(house, page)
    assert_refused(NotYours, lambda: settle(house, page), match="read by you")


def test_a_page_is_settled_in_person(house):
    page = read_twice(house)
    from dataclasses import replace

    by = replace(house.acting("investigator"), key=None)
    from dokaz.detention.acts import settle_page

    def attempt():
        with filing(by=by, at=house.clock(), store=house.store) as f:
            settle_page(page, f, choices={"r1c1": "Вигаданий", "r2c2": "6"})

    assert_refused(SignatureNeeded, attempt)


# --- putting right ---------------------------------------------------------------------------------------------------


def test_an_entry_is_corrected_by_two(house):
    settle(house, read_twice(house))
    entry = BookEntry.objects.order_by("number").first()
    correct(house, entry, {"values": {"surname": "Вигаданський", "cell": "3"}}, by=house.acting("scene"))
    from dokaz.casework.models import Correction

    with house.filing("scene", 2, reason="compared with the photograph") as f:
        agree_book_entry(Correction.objects.get(), f)
    assert (newest(entry).name, newest(entry).version) == ("Вигаданський", 2)
    for values in ({"weight": "80"}, {"surname": "(?"}, {"surname": 3}):
        with pytest.raises(WrongKind):
            correct(house, newest(entry), {"values": values}, by=house.acting("scene"))
    with pytest.raises(ClosedField):
        correct(house, newest(entry), {"row": "r2"}, by=house.acting("scene"))
    assert_verifies(house, "corrected")


def test_a_page_is_corrected_and_stays_at_a_place_of_its_own(house, book):
    first, second = (a_page(house, book, drawn=False) for _nth in range(2))
    with pytest.raises(NumberTaken):
        correct(house, second, {"position": 1})
    with pytest.raises(WrongKind):
        correct(house, second, {"condition": "missing", "remark": "x"})
    with pytest.raises(EmptyField):
        correct(house, second, {"condition": "torn"})
    with pytest.raises(ClosedField):
        correct(house, second, {"regions": regions()})
    correct(house, second, {"label": "7", "condition": "torn", "remark": "corner"})
    void(house, first)
    correct(house, newest(second), {"position": 1})
    with pytest.raises(NumberTaken):
        void(house, newest(first))
    assert_verifies(house, "pages")


def test_a_book_is_never_void_and_its_title_is_corrected(house, book):
    assert put_right(LogBook).void is None
    correct(house, book, {"title": "Книга обліку"})
    with pytest.raises(ClosedField):
        correct(house, newest(book), {"exhibit": str(book.exhibit_id)})


def test_lists_of_fields_and_readings_have_no_act_that_changes_them(house, page):
    reading = read(house, page)

    def change(record, name, value):
        with house.filing("scene") as f, f._doing(_act("detention.file_reading")):
            setattr(record, name, value)
            f.add(record)

    from dokaz.casework.registry import act_named as _act

    assert_refused(BeyondTheAct, lambda: change(newest(reading), "cells", []))
    assert_refused(BeyondTheAct, lambda: change(BookFields.objects.get(), "fields", FIELDS[:1]))
    assert Person.objects.filter(pk=reading.reader_id).exists() and BookPage.objects.count() == 1
