"""Log books of places of detention, as a story tells them: a page, two who read it, a third who settles it."""

from __future__ import annotations

from typing import Any

from builder import Fields, Log, Who

FIELDS = [{"id": "surname", "label": "Прізвище", "of": "row"}]


class Books:
    """A log book: each step alone, and the whole of it."""

    log: Log
    scene: Who

    def change(self, act: str, record: str, by: Who, fields: Fields, **more: Any) -> None:
        raise NotImplementedError

    def enrol(self, role: str, *, person: str = "") -> Who:
        raise NotImplementedError

    def log_book(self, look: str = "log_book") -> str:
        """An exhibit of a search under way, taken up as a book with its first list of fields."""
        file, scene = self.log.file, self.scene
        place = file("detention.open_place", "detention.PlaceOfDetention", scene)
        file("detention.open_room", "detention.PlaceRoom", scene, {"place": place})
        going_on = {"place": place, "checklist": "1", "state": "under_way"}
        with self.log.filing():
            search = file("detention.begin_search", "detention.PlaceSearch", scene, going_on)
            file("detention.begin_search", "detention.SearchWitness", scene, {"search": search})
            file("detention.begin_search", "detention.SearchedRoom", scene, {**going_on, "search": search})
        said = {"look": look, "holder": scene.person, "taken_at": self.log.now}
        exhibit = file("detention.seize", "detention.Exhibit", scene, said)
        with self.log.filing():
            book = file("detention.open_log_book", "detention.LogBook", scene, {"exhibit": exhibit})
            file(
                "detention.open_log_book", "detention.BookFields", scene, {"book": book, "edition": 1, "fields": FIELDS}
            )
        return book

    def book_page(self, book: str, *, drawn: bool = True, **changed: Any) -> str:
        """A page with its photograph, and what is to be read on it."""
        with self.log.filing():
            photograph = self.log.keep(self.log.rng.randbytes(8))
            picture = self.log.file(
                "casework.attach", "casework.Attachment", self.scene, {"sha256": photograph}, files=[photograph]
            )
            said = {"book": book, "position": len(self.log.records), "picture": picture, "condition": "whole",
                    "width_px": 4, "height_px": 3, "remark": "", **changed}  # fmt: skip
            page = self.log.file("detention.add_page", "detention.BookPage", self.scene, said)
        if drawn:
            self.draw(page)
        return page

    def draw(self, page: str, **changed: Any) -> None:
        """What is to be read on a page, under the fields of its book."""
        book = self.log.records[page].fields["book"]
        lists = [one for one, held in self.log.records.items()
                 if held.kind == "detention.BookFields" and held.fields["book"] == book]  # fmt: skip
        said = {"regions": [{"sort": "text", "id": "t1"}], "field_list": lists[-1], **changed}
        self.change("detention.draw_regions", page, self.scene, said)

    def page_reading(self, page: str, by: Who, beside: str | None = None, **changed: Any) -> str:
        """What one person read."""
        said = {"page": page, "reader": by.person, "beside": beside,
                "cells": [{"field": "surname", "region": "t1", "text": "Вигаданий"}], **changed}  # fmt: skip
        return self.log.file("detention.file_reading", "detention.PageReading", by, said)

    def settled(self, page: str, first: str, second: str, by: Who, **changed: Any) -> str:
        """What a third made of it, without entries."""
        said = {"page": page, "first": first, "second": second, "reader": by.person, **changed}
        return self.log.file("detention.settle_page", "detention.PageSettlement", by, said)

    def book_entry(self, settlement: str, by: Who, row: str = "r1", **changed: Any) -> str:
        """One row of it."""
        page = self.log.records[settlement].fields["page"]
        said = {"page": page, "settlement": settlement, "row": row, "values": {"surname": "Вигаданий"}, **changed}
        return self.log.file("detention.settle_page", "detention.BookEntry", by, said)

    def tell_of_books(self) -> None:
        """A book of two pages, one missing; the other is read by two and settled by a third."""
        book = self.log_book()
        second = {"book": book, "edition": 2, "fields": FIELDS}
        self.log.file("detention.amend_field_list", "detention.BookFields", self.scene, second)
        page = self.book_page(book)
        missing = {"book": book, "position": 2, "condition": "missing"}
        self.log.file("detention.state_page_missing", "detention.BookPage", self.scene, missing)
        first_reader, second_reader, third = (self.enrol("analyst") for _nth in range(3))
        first = self.page_reading(page, first_reader)
        second = self.page_reading(page, second_reader, first)
        with self.log.filing():
            settlement = self.settled(page, first, second, third)
            for row in ("r1", "r2"):
                self.book_entry(settlement, third, row)
