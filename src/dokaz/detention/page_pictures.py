"""A page of a log book as it is drawn: its photograph in its own pixels, and on it what is to be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse

from dokaz.detention.log_books import BookPage
from dokaz.detention.regions import read_regions, texts_of
from dokaz.pages.pictures.svg import Attribute, element
from dokaz.transcription.pages import Outline, TableRegion, TranscribedPage

#: How much of the page is seen around a cell, in its heights.
_AROUND = 0.6


def page_picture(page: BookPage, *, draws: bool = False) -> str:
    """The photograph with the outlines of its cells.

    Args:
        draws: Whether corners are pointed at on it (``plan.js``).
    """
    if page.picture is None or not page.width_px or not page.height_px:
        return ""
    outlines = [_outline(text.outline, text.id) for text in texts_of(page.regions) if text.outline]
    told: dict[str, Attribute] = {
        "data-plan": "1",
        "data-left": 0,
        "data-top": 0,
        "data-scale": 1,
        "data-down": 1,
        "data-margin": 0,
    }
    return element(
        "svg",
        _photograph(page),
        *outlines,
        class_="picture book-page",
        viewBox=f"0 0 {page.width_px} {page.height_px}",
        **(told if draws else {}),
    )


def crop_of(page: BookPage, *regions: str) -> str:
    """What is seen of a page around some cells, the cells marked."""
    marked = [(text.id, text.outline) for text in texts_of(page.regions) if text.id in regions and text.outline]
    if not marked or page.picture is None:
        return ""
    left, top, right, bottom = _bounds(outline for _name, outline in marked)
    around = (bottom - top) * _AROUND
    box = (left - around, top - around, right - left + 2 * around, bottom - top + 2 * around)
    return element(
        "svg",
        _photograph(page),
        *(_outline(outline, name) for name, outline in marked),
        class_="picture book-crop",
        viewBox=" ".join(f"{figure:.0f}" for figure in box),
    )


def rows_of(page: BookPage) -> dict[str, tuple[float, float, float, float]]:
    """For each cell what a ruler shows: left, top, width, height of its row, or of the head in which it lies."""
    found: dict[str, tuple[float, float, float, float]] = {}
    for region in read_regions(page.regions):
        rows: Iterable[Sequence[tuple[str, Outline]]]
        if isinstance(region, TableRegion):
            rows = [[(cell.id, cell.outline) for cell in row.cells] for row in region.rows]
        else:
            rows = [[(text.id, text.outline) for text in TranscribedPage("page", regions=(region,)).texts()]]
        for row in rows:
            drawn = [outline for _name, outline in row if outline]
            if drawn:
                left, top, right, bottom = _bounds(drawn)
                found |= dict.fromkeys((name for name, _outline in row), (left, top, right - left, bottom - top))
    return found


def _photograph(page: BookPage) -> str:
    return element("image", href=reverse("book_page_image", args=[page.number]), x=0, y=0, width=page.width_px,
                   height=page.height_px, preserveAspectRatio="none")  # fmt: skip


def _outline(outline: Outline, region: str) -> str:
    return element("polygon", points=" ".join(f"{x},{y}" for x, y in outline), class_="cell", data_region=region)


def _bounds(outlines: Iterable[Outline]) -> tuple[float, float, float, float]:
    points = [point for outline in outlines for point in outline]
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return min(xs), min(ys), max(xs), max(ys)
