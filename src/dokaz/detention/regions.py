"""Regions of a page as a record keeps them: plain lists and whole numbers, read into the values of ``transcription``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dokaz.errors import BadTranscription, WrongKind, sentence
from dokaz.transcription.pages import (
    CellRegion,
    HeaderRegion,
    Outline,
    PageRegion,
    RowRegion,
    TableRegion,
    TextRegion,
    TranscribedPage,
)

#: One region, as JSON carries it.
Drawn = Mapping[str, Any]


def as_kept(regions: Sequence[PageRegion]) -> list[dict[str, Any]]:
    """Regions as a record keeps them; texts that were read in them are records of their own, and are not in it."""
    return [_kept(each) for each in regions]


def read_regions(kept: Sequence[Drawn]) -> tuple[PageRegion, ...]:
    """The reverse.

    Raises:
        WrongKind: it is no list of regions, or what is drawn cannot be: two cells in one place, an id given twice.
    """
    try:
        regions = tuple(_read(each) for each in kept)
        # What holds of a page as a whole is checked there.
        TranscribedPage("page", regions=regions)
    except BadTranscription as error:
        raise WrongKind("regions", error.problem, sentence("regions that can lie on one page")) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WrongKind("regions", repr(error)[:80], sentence("a list of tables, heads and texts")) from error
    return regions


def texts_of(kept: Sequence[Drawn]) -> tuple[TextRegion, ...]:
    """The places in which something is read, in the order of reading; what names a column is none."""
    page = TranscribedPage("page", regions=read_regions(kept))
    return tuple(text for text in page.texts() if text.field and not (isinstance(text, CellRegion) and text.is_heading))


def _kept(region: PageRegion) -> dict[str, Any]:
    match region:
        case TableRegion():
            rows = [{**_place(row), "cells": [_cell(cell) for cell in row.cells]} for row in region.rows]
            goes_on = list(region.continues) if region.continues else []
            return {"sort": "table", **_place(region), "continues": goes_on, "rows": rows}
        case HeaderRegion():
            return {"sort": "head", **_place(region), "parts": [_text(part) for part in region.parts]}
        case _:
            return {"sort": "text", **_text(region)}


def _place(region: PageRegion | RowRegion) -> dict[str, Any]:
    return {"id": region.id, "outline": [figure for point in region.outline for figure in point]}


def _text(text: TextRegion) -> dict[str, Any]:
    return {**_place(text), "field": text.field}


def _cell(cell: CellRegion) -> dict[str, Any]:
    return {**_text(cell), "column": cell.column, "columns": cell.column_span, "rows": cell.row_span,
            "heading": cell.is_heading}  # fmt: skip


def _read(kept: Drawn) -> PageRegion:
    name, outline = str(kept["id"]), _outline(kept["outline"])
    match kept["sort"]:
        case "table":
            page, table = kept["continues"] or ("", "")
            rows = tuple(
                RowRegion(str(row["id"]), _outline(row["outline"]), tuple(map(_read_cell, row["cells"])))
                for row in kept["rows"]
            )
            return TableRegion(name, outline, rows, (page, table) if page else None)
        case "head":
            parts = tuple(
                TextRegion(str(part["id"]), _outline(part["outline"]), str(part["field"])) for part in kept["parts"]
            )
            return HeaderRegion(name, outline, parts)
        case "text":
            return TextRegion(name, outline, str(kept["field"]))
    raise ValueError(kept["sort"])


def _read_cell(kept: Drawn) -> CellRegion:
    return CellRegion(
        str(kept["id"]),
        _outline(kept["outline"]),
        str(kept["field"]),
        column=_whole(kept["column"]),
        row_span=_whole(kept["rows"]),
        column_span=_whole(kept["columns"]),
        is_heading=bool(kept["heading"]),
    )


def _outline(figures: Sequence[int]) -> Outline:
    """Corners from a plain row of figures, x and y in turn: acts take no deeper lists."""
    return tuple((_whole(x), _whole(y)) for x, y in zip(figures[::2], figures[1::2], strict=True))


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no whole number")
    return value
