"""Log books at the browser: pages are added, drawn, read by two who see nothing of each other, settled, and taken away."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from casebook import assert_refused_page, newest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from log_book_case import FIRST, SECOND, a_book, a_page, photograph, read, read_twice, settle

from dokaz.casework.models import JournalEntry
from dokaz.detention.log_books import BookEntry, BookPage, PageReading
from dokaz.detention.queries_of_books import agreement_of, pages_at, pages_to_read, pages_to_settle, progress_of
from dokaz.detention.regions import texts_of
from dokaz.exchange.programs.transcription_files import read_transcription, read_transcriptions
from dokaz.simulate.log_pages import simulate_log_book

PASSPHRASE = "a sentence only she knows"


def page_of(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def typed(cells):
    return {f"cell:{region}": text for region, text in cells.items()}


@pytest.fixture
def page(house):
    return a_page(house)


def test_an_exhibit_becomes_a_book_with_pages_in_the_order_of_their_names(house, browser):
    from detention_case import a_search, an_exhibit, rooms_of

    exhibit = an_exhibit(house, rooms_of(a_search(house))[0], look="log_book")
    scene = browser("scene")
    assert "Take it up as a log book" in page_of(scene, f"/exhibits/{exhibit.number}/")
    url = f"/exhibits/{exhibit.number}/open-log-book/"
    assert_refused_page(scene, url, {"title": "B", "stated": "surname"})
    scene.post(url, {"title": "B", "stated": "surname Прізвище\ncell Камера\n\n*date  Дата  запису"})
    book = exhibit.log_books.get()
    assert book.lists.get().fields[2] == {"id": "date", "label": "Дата запису", "of": "page"}
    url = f"/log-books/{book.number}/add-pages/"
    photographs = [
        SimpleUploadedFile(name, photograph().content.read(), content_type="image/png") for name in ("b.png", "a.png")
    ]
    scene.post(url, {"photographs": photographs, "condition": "whole"})
    assert [(one.position, one.picture.file_name, one.width_px) for one in book.pages.order_by("position")] == [
        (1, "a.png", 400), (2, "b.png", 400)
    ]  # fmt: skip
    broken = SimpleUploadedFile("c.png", b"no picture", content_type="image/png")
    assert_refused_page(scene, url, {"photographs": [broken], "condition": "whole"})
    scene.post(f"/log-books/{book.number}/missing-page/", {"remark": "cut out"})
    shown = page_of(browser("investigator"), f"/log-books/{book.number}/")
    assert "missing" in shown and "nothing drawn on it yet" in shown


def test_a_page_is_drawn_from_its_ruling_between_corners_or_from_a_file(house, browser):
    drawn = simulate_log_book(3, pages=1)
    [(name, data)] = drawn.images.items()
    book = a_book(house)
    scene = browser("scene")
    upload = SimpleUploadedFile(name, data, content_type="image/jpeg")
    scene.post(f"/log-books/{book.number}/add-pages/", {"photographs": [upload], "condition": "whole"})
    page = book.pages.get()
    url = f"/pages-of-log-books/{page.number}/draw/"
    said = {"how": "ruling", "columns": "-\nsurname\ncell", "headings": "1", "heads": "date 90 40 600 120"}
    scene.post(url, said)
    page = newest(page)
    assert len(texts_of(page.regions)) == 1 + 2 * 23
    assert scene.get(f"/pages-of-log-books/{page.number}/image/").headers["Content-Type"] == "image/jpeg"
    corners = "90 230\n1150 230\n1150 1600\n90 1600"
    scene.post(url, said | {"how": "corners", "columns": "surname 3\ncell 1", "rows": "11", "corners": corners})
    page = newest(page)
    assert [len(texts_of(page.regions)), page.regions[1]["rows"][1]["cells"][0]["outline"]] == [
        21, [90, 355, 885, 355, 885, 479, 90, 479]
    ]  # fmt: skip
    for wrong in (
        {"how": "corners", "rows": "3", "corners": "1 1\n2 2"},
        {"how": "corners", "rows": "", "corners": corners},
        {"how": "file"},
        {"columns": "weight"},
        {"columns": "surname wide"},
        {"heads": "date 1 2 3"},
        {"continues": "on"},
    ):
        assert_refused_page(scene, url, said | wrong)
    blank = a_page(house, newest(book), drawn=False)
    assert_refused_page(scene, f"/pages-of-log-books/{blank.number}/draw/", said)


def test_what_a_first_person_read_is_nowhere_before_a_second_has_read(house, browser, page):
    secret = "Вигаданий-Прихований"
    url = f"/pages-of-log-books/{page.number}/read/"
    browser("scene").post(url, typed(FIRST | {"r1c1": secret}))
    reading = PageReading.objects.get()
    index = JournalEntry.objects.get(record=reading.pk).index
    history = reverse("record_history", args=[reading.kind(), reading.number])
    everywhere = (
        f"/readings-of-pages/{reading.number}/", f"/pages-of-log-books/{page.number}/", url, f"/ledger/entries/{index}/",
        history, f"/log-books/{page.book.number}/", "/entries-of-log-books/",
        f"/log-books/{page.book.number}/as/csv/", f"/log-books/{page.book.number}/agreement/",
        f"/pages-of-log-books/{page.number}/settle/", "/pages-of-log-books/?q=Прихований", "/ledger/entries/?q=READ-000001",
    )  # fmt: skip
    for role, nth in (("scene", 2), ("investigator", 1), ("prosecutor", 1)):
        other = browser(role, nth)
        for address in everywhere:
            assert secret not in other.get(address, follow=True).content.decode(), address
    assert secret in page_of(browser("scene"), f"/readings-of-pages/{reading.number}/")
    for address in (history, f"/ledger/entries/{index}/", f"/log-books/{page.book.number}/as/csv/"):
        assert secret in page_of(browser("scene"), address)
    browser("scene", 2).post(url, typed(SECOND))
    assert secret in page_of(browser("investigator"), f"/readings-of-pages/{reading.number}/")


def test_a_bundle_withholds_what_is_read_blind(house, page, tmp_path):
    import dokaz_verify

    from dokaz.court.assembling import make_bundle

    secret = "Вигаданий-Прихований"
    read(house, page, FIRST | {"r1c1": secret})
    made = {"by": house.acting("prosecutor"), "clock": house.clock, "purpose": "all"}
    make_bundle(house.store, tmp_path / "one", **made)
    read(house, page, SECOND, nth=2)
    make_bundle(house.store, tmp_path / "two", **made)

    def shown(name):
        assert dict(dokaz_verify.verify(tmp_path / name).counts) == {}
        lines = (tmp_path / name / "log" / "openings.jsonl").read_text().splitlines()
        return sum(field == "cells" for line in lines for _salt, field, _value in json.loads(line)["openings"])

    assert (shown("one"), shown("two")) == (0, 2)
    for name, isit in (("one", False), ("two", True)):
        files = [path.read_bytes() for path in (tmp_path / name).rglob("*") if path.is_file()]
        assert any(secret.encode() in data for data in files) is isit


def test_two_read_a_third_settles_and_entries_appear(house, browser, page):
    url = f"/pages-of-log-books/{page.number}/"
    assert (progress_of(page), list(pages_to_read())) == ("unread", [page])
    for nth, cells in ((1, FIRST), (2, SECOND)):
        assert "Read the page" in page_of(browser("scene", nth), url)
        browser("scene", nth).post(f"{url}read/", typed(cells))
        assert "You have read this page" in page_of(browser("scene", nth), f"{url}read/")
    assert (progress_of(page), list(pages_to_read()), list(pages_to_settle())) == ("twice", [], [page])
    third = browser("investigator", signs=True)
    shown = page_of(third, f"{url}settle/")
    assert "2 cells were read differently" in shown and "3 were read alike" in shown
    assert "Two others must have read it" in page_of(browser("scene"), f"{url}settle/")
    said = {"pick:r1c1": "first", "pick:r2c2": "third", "text:r2c2": "8", "passphrase": PASSPHRASE}
    assert_refused_page(third, f"{url}settle/", said)
    third.post(f"{url}settle/", said | {"why:r2c2": "a loop"})
    assert [(one.name, one.values["cell"]) for one in BookEntry.objects.order_by("number")] == [
        ("Вигаданий", "3"), ("Вигаданий", "8")
    ]  # fmt: skip
    assert (progress_of(page), list(pages_at("settled")), list(pages_at("nonsense"))) == ("settled", [page], [])
    entry = BookEntry.objects.order_by("number").first()
    of_records = (f"/entries-of-log-books/{entry.number}/", f"/settled-pages/{entry.settlement.number}/",
                  f"/log-books/{page.book.number}/")  # fmt: skip
    for address in (*of_records, "/entries-of-log-books/?q=вигад", "/log-books/", "/pages-of-log-books/"):
        assert page_of(third, address)


def test_agreement_is_told_by_field_with_what_the_third_changed(house, browser):
    page = read_twice(house)
    settle(house, page, {"r1c1": "Вигаданий", "r2c2": "8"}, why={"r2c2": "a loop"})
    found, pages = agreement_of(page.book)
    by_field = {each.field: each for each in found.fields}
    assert (pages, by_field["surname"].share_equal, by_field["cell"].equal) == (1, 0.5, 1)
    assert by_field["surname"].character_error_rate == pytest.approx(1 / 10)
    assert (by_field["surname"].settled.took_first, by_field["cell"].settled.neither) == (1, 1)
    assert "0.500" in page_of(browser("investigator"), f"/log-books/{page.book.number}/agreement/")
    empty = page_of(browser("investigator"), f"/log-books/{a_second_book(house).number}/agreement/")
    assert "No page has been read by two people" in empty


def a_second_book(house):
    from detention_case import a_place, a_search, an_exhibit, rooms_of
    from log_book_case import FIELDS

    from dokaz.detention.acts import open_log_book

    exhibit = an_exhibit(house, rooms_of(a_search(house, a_place(house, "SCH")))[0], look="log_book")
    with house.filing("scene") as f:
        return open_log_book(exhibit, f, title="another", fields=FIELDS)


def test_a_book_leaves_as_files_that_say_all_of_it(house, browser):
    page = read_twice(house)
    settle(house, page)
    reader = browser("investigator")
    url = f"/log-books/{page.book.number}/as/"
    kept = {}
    for to in ("csv", "xlsx"):
        kept[to] = read_transcription(reader.get(f"{url}{to}/").content, file=f"book.{to}").book
    with zipfile.ZipFile(io.BytesIO(reader.get(f"{url}page/").content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name.endswith(".xml")}
        kept["page"] = read_transcriptions(files).book
    for book in kept.values():
        assert len(book.readers) == 3 and "settled" in book.readers
        cells = [str(text.read_by("settled").as_written) for text in book.pages[0].texts() if text.readings]
        assert cells == ["12.03.2022", "Вигаданий", "3", '"', "6"]
    assert reader.get(f"{url}alto/").status_code == 404
    assert BookPage.objects.count() == 1


def test_a_book_leaves_whatever_its_title_and_its_photographs_are_called(house, browser, page):
    scene = browser("scene")
    said = {"title": "two  spaces\u00a0and\u00admore", "reason": "as on the cover", "seen": page.book.version}
    scene.post(f"/records/detention.LogBook/{page.book.number}/correct/", said)
    a_page(house, newest(page.book), photograph=photograph("p  2\u00ad.png"), label="12  a")
    book = read_transcription(scene.get(f"/log-books/{page.book.number}/as/csv/").content, file="book.csv").book
    assert (book.title, book.pages[1].number, book.pages[1].image.file) == ("two spaces and more", "12 a", "p 2 .png")


def test_pages_and_books_are_corrected_on_their_own_pages(house, browser, page):
    scene = browser("scene")
    url = f"/records/detention.BookPage/{page.number}/correct/"
    form = scene.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    assert_refused_page(scene, url, sent | {"reason": "nothing"})
    scene.post(url, sent | {"condition": "torn", "remark": "lower corner", "reason": "seen on the photograph"})
    assert (newest(page).condition, newest(page).regions) == ("torn", page.regions)
    url = f"/records/detention.LogBook/{page.book.number}/correct/"
    scene.post(url, {"title": "Журнал", "reason": "as on the cover", "seen": page.book.version})
    assert newest(page.book).title == "Журнал"
