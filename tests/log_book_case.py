"""A small invented log book for tests, made through the real acts: two pages, one missing, readers."""

from __future__ import annotations

import io
from typing import Any

from casebook import newest
from detention_case import a_search, an_exhibit, rooms_of

FIELDS = [
    {"id": "surname", "label": "Прізвище", "of": "row"},
    {"id": "cell", "label": "Камера", "of": "row"},
    {"id": "date", "label": "Дата", "of": "page"},
]
WIDTH, HEIGHT = 400, 300
#: What is on the page; the second reader mistakes a letter and a figure.
FIRST = {"hd1": "12.03.2022", "r1c1": "Вигаданий", "r1c2": "3", "r2c1": '(")', "r2c2": "(?5)"}
SECOND = FIRST | {"r1c1": "Вигадании", "r2c2": "6"}


def photograph(name: str = "p1.png", *, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Any:
    """A white page."""
    from PIL import Image

    from dokaz.casework.acts import AttachedFile

    out = io.BytesIO()
    Image.new("L", size, 240).save(out, "PNG")
    out.seek(0)
    return AttachedFile(name, out, "image/png", {"width_px": str(size[0]), "height_px": str(size[1])})


def box(x: int, y: int, width: int = 100, height: int = 40) -> list[int]:
    return [x, y, x + width, y, x + width, y + height, x, y + height]


def cell(row: int, column: int, field: str, *, heading: bool = False) -> dict[str, Any]:
    return {"id": f"r{row}c{column}", "outline": box(100 * column, 60 + 40 * row), "field": field, "column": column - 1,
            "columns": 1, "rows": 1, "heading": heading}  # fmt: skip


def regions() -> list[dict[str, Any]]:
    """A head with a date, a heading, two rows of two cells."""
    rows = [("r0", [cell(0, 1, "surname", heading=True), cell(0, 2, "cell", heading=True)])]
    rows += [(f"r{nth}", [cell(nth, 1, "surname"), cell(nth, 2, "cell")]) for nth in (1, 2)]
    table = {"sort": "table", "id": "t1", "outline": [], "continues": [],
             "rows": [{"id": name, "outline": [], "cells": cells} for name, cells in rows]}  # fmt: skip
    head = {
        "sort": "head",
        "id": "hd",
        "outline": box(0, 0),
        "parts": [{"id": "hd1", "outline": box(0, 0), "field": "date"}],
    }
    return [head, table]


def a_book(house: Any) -> Any:
    """A log book that was seized, with its fields."""
    from dokaz.detention.acts import open_log_book

    exhibit = an_exhibit(house, rooms_of(a_search(house))[0], look="log_book", seen="a ruled book, 24 leaves")
    with house.filing("scene") as f:
        return open_log_book(exhibit, f, title="Книга затриманих", fields=FIELDS)


def a_page(house: Any, book: Any = None, *, drawn: bool = True, **other: Any) -> Any:
    """A page of the book, with what is to be read on it."""
    from dokaz.detention.acts import add_page, draw_regions

    book = book or a_book(house)
    with house.filing("scene") as f:
        page = add_page(newest(book), f, **{"photograph": photograph(), "size_px": (WIDTH, HEIGHT), **other})
        if drawn:
            draw_regions(page, f, regions=regions())
    return newest(page)


def read(house: Any, page: Any, cells: Any = None, by: str = "scene", nth: int = 1) -> Any:
    from dokaz.detention.acts import file_reading

    with house.filing(by, nth) as f:
        return file_reading(newest(page), f, cells=FIRST if cells is None else cells)


def read_twice(house: Any, page: Any = None) -> Any:
    page = page or a_page(house)
    read(house, page)
    read(house, page, SECOND, nth=2)
    return newest(page)


def settle(house: Any, page: Any, choices: Any = None, by: str = "investigator", nth: int = 1, **other: Any) -> Any:
    from dokaz.detention.acts import settle_page

    if choices is None:
        choices = {"r1c1": "Вигаданий", "r2c2": "6"}
    with house.filing(by, nth) as f:
        return settle_page(newest(page), f, choices=choices, **other)
