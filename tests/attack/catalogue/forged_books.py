"""One person who reads twice, a reader who settles, entries of no page, values under other columns."""

from __future__ import annotations

from builder import Who
from forgery import SO, Attacked, forgery

READER = "operator, analyst"


def a_page(told: Attacked) -> tuple[str, Who, Who, Who]:
    """A drawn page of a log book, and three people who read and settle."""
    page = told.book_page(told.log_book())
    one, two, three = (told.enrol("analyst") for _nth in range(3))
    return page, one, two, three


@forgery("detention", by=READER, finds="rule-only-one")
def one_person_reads_a_page_twice(told: Attacked) -> None:
    page, one, _two, _three = a_page(told)
    first = told.page_reading(page, one)
    told.attack(one)
    told.page_reading(page, one, first)


@forgery("detention", by=READER, finds="rule-only-one")
def whoever_made_their_reading_void_reads_again(told: Attacked) -> None:
    page, one, _two, _three = a_page(told)
    first = told.page_reading(page, one)
    told.change("detention.void_reading", first, one, {"voided": True, "reason": "another page"})
    told.attack(one)
    told.page_reading(page, one)


@forgery("detention", by=READER, finds="rule-actor-is")
def a_reading_is_filed_in_the_name_of_another(told: Attacked) -> None:
    page, one, two, _three = a_page(told)
    told.attack(one)
    told.page_reading(page, one, reader=two.person)


@forgery("detention", by=READER, finds="rule-only-one")
def a_third_reading_is_slipped_beside_two(told: Attacked) -> None:
    page, one, two, three = a_page(told)
    first = told.page_reading(page, one)
    told.page_reading(page, two, first)
    told.attack(three)
    told.page_reading(page, three, first)


@forgery("detention", by=READER, finds="rule-refers")
def a_reading_is_beside_one_that_is_second_itself(told: Attacked) -> None:
    page, one, two, three = a_page(told)
    second = told.page_reading(page, two, told.page_reading(page, one))
    told.attack(three)
    told.page_reading(page, three, second)


@forgery("detention", by=READER, finds="rule-agrees")
def two_readings_are_of_two_pages(told: Attacked) -> None:
    page, one, two, _three = a_page(told)
    other = told.book_page(told.log_book())
    first = told.page_reading(page, one)
    told.attack(two)
    told.page_reading(other, two, first)


@forgery("detention", by=READER, finds="rule-holds")
def a_reading_that_was_seen_is_made_void(told: Attacked) -> None:
    page, one, two, _three = a_page(told)
    second = told.page_reading(page, two, told.page_reading(page, one))
    told.attack(two)
    told.change("detention.void_reading", second, two, {"voided": True, "reason": "a slip"})


@forgery("detention", by=READER, finds="rule-unless-pointed-at")
def the_first_reading_is_made_void_once_it_was_shown(told: Attacked) -> None:
    page, one, two, _three = a_page(told)
    first = told.page_reading(page, one)
    told.page_reading(page, two, first)
    told.attack(one)
    told.change("detention.void_reading", first, one, {"voided": True, "reason": "a slip"})


@forgery("detention", by=READER, finds="act-changes-none-of-this-kind")
def what_was_read_is_changed(told: Attacked) -> None:
    page, one, _two, _three = a_page(told)
    first = told.page_reading(page, one)
    told.attack(one)
    told.change("detention.file_reading", first, one, {"cells": []})


@forgery("detention", by=READER, finds="rule-refers")
def a_page_is_read_on_which_nothing_is_drawn(told: Attacked) -> None:
    page = told.book_page(told.log_book(), drawn=False)
    one = told.enrol("analyst")
    told.attack(one)
    told.page_reading(page, one)


@forgery("detention", by="operator, scene", finds="rule-unless-pointed-at")
def what_somebody_has_read_is_drawn_anew_under_other_columns(told: Attacked) -> None:
    page, one, _two, _three = a_page(told)
    told.page_reading(page, one)
    told.attack(told.scene)
    told.draw(page, regions=[{"sort": "text", "id": "t1", "field": "cell"}])


@forgery("detention", by=READER, finds="rule-none", of=["first", "second"])
def a_reader_settles_their_own_page(told: Attacked, which: str) -> None:
    page, one, two, _three = a_page(told)
    first = told.page_reading(page, one)
    second = told.page_reading(page, two, first)
    settler = one if which == "first" else two
    told.attack(settler)
    told.settled(page, first, second, settler)


@forgery("detention", by=READER, finds="rule-refers")
def a_page_is_settled_of_one_reading(told: Attacked) -> None:
    page, one, _two, three = a_page(told)
    first = told.page_reading(page, one)
    told.attack(three)
    told.settled(page, first, first, three)


@forgery("detention", by=READER, finds="rule-only-one")
def a_page_is_settled_twice(told: Attacked) -> None:
    page, one, two, three = a_page(told)
    other = told.enrol("analyst")
    first = told.page_reading(page, one)
    second = told.page_reading(page, two, first)
    told.settled(page, first, second, three)
    told.attack(other)
    told.settled(page, first, second, other)


@forgery("detention", by=READER, finds="rule-part-of")
def an_entry_comes_from_no_settlement_of_its_filing(told: Attacked) -> None:
    page, one, two, three = a_page(told)
    first = told.page_reading(page, one)
    settlement = told.settled(page, first, told.page_reading(page, two, first), three)
    told.attack(three)
    told.book_entry(settlement, three)


@forgery("detention", by=READER, finds="act-changes-none-of-this-kind")
def a_value_is_moved_to_another_column(told: Attacked) -> None:
    page, one, two, three = a_page(told)
    first = told.page_reading(page, one)
    second = told.page_reading(page, two, first)
    with told.log.filing():
        entry = told.book_entry(told.settled(page, first, second, three), three)
    told.attack(three)
    told.change("detention.settle_page", entry, three, {"values": {"cell": "Вигаданий"}})


@forgery("detention", by=READER, finds="rule-as-agreed")
def one_person_alone_corrects_an_entry(told: Attacked) -> None:
    page, one, two, three = a_page(told)
    first = told.page_reading(page, one)
    second = told.page_reading(page, two, first)
    with told.log.filing():
        entry = told.book_entry(told.settled(page, first, second, three), three)
    told.attack(three)
    told.change("detention.agree_book_entry", entry, three, {"values": {"cell": "Вигаданий"}, "reason": "a slip"})


@forgery("detention", by="operator, scene", finds="act-changes-none-of-this-kind")
def a_list_of_fields_is_rewritten(told: Attacked) -> None:
    book = told.log_book()
    lists = [one for one, held in told.log.records.items() if held.kind == "detention.BookFields"]
    told.attack(told.scene)
    assert told.log.records[lists[-1]].fields["book"] == book
    told.change(
        "detention.amend_field_list", lists[-1], told.scene, {"fields": [{"id": "cell", "label": "x", "of": "row"}]}
    )


@forgery("detention", by="operator, scene", finds="rule-refers")
def what_is_no_log_book_is_taken_up_as_one(told: Attacked) -> None:
    told.present("scene")
    told.attack(told.scene)
    told.log_book("cable")


@forgery("detention", by="operator, scene", finds="rule-only-one")
def two_pages_are_at_one_place(told: Attacked) -> None:
    book = told.log_book()
    told.book_page(book, position=1)
    told.attack(told.scene)
    told.book_page(book, position=1)


@forgery("detention", by="operator, scene", finds="rule-part-of")
def a_page_shows_a_photograph_from_elsewhere(told: Attacked) -> None:
    book = told.log_book()
    other = told.book_page(book, position=1)
    told.attack(told.scene)
    said = {"book": book, "position": 2, "picture": told.log.records[other].fields["picture"], "condition": "whole",
            "width_px": 4, "height_px": 3}  # fmt: skip
    told.log.file("detention.add_page", "detention.BookPage", told.scene, said)


@forgery("detention", by="operator, scene", finds="rule-holds")
def a_missing_page_has_a_photograph_put_under_it(told: Attacked) -> None:
    book = told.log_book()
    page = told.book_page(book, position=1)
    told.attack(told.scene)
    told.change("detention.correct_log_book", page, told.scene, {"condition": "missing", "reason": "x"})


@forgery("detention", by=READER, unseen=SO)
def a_settlement_says_what_neither_has_read_and_calls_it_the_first(told: Attacked) -> None:
    page, one, two, three = a_page(told)
    first = told.page_reading(page, one)
    second = told.page_reading(page, two, first)
    told.attack(three)
    cells = [{"field": "surname", "region": "t1", "text": "Інший", "follows": "first", "why": ""}]
    told.settled(page, first, second, three, cells=cells)


@forgery("detention", by="operator, scene", finds="rule-holds")
def a_book_is_opened_with_no_field(told: Attacked) -> None:
    book = told.log_book()
    told.attack(told.scene)
    told.log.file("detention.amend_field_list", "detention.BookFields", told.scene, {"book": book, "edition": 2})
