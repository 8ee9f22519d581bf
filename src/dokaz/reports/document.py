"""A report as values: headings, sentences, facts, tables, pictures, places to sign; the writers know nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number in a cell: as people read it, and as a workbook keeps it.

    Args:
        value: Finite or not; a workbook writes what is not finite as it is shown.
        shown: In the reader's language, rounded.
    """

    value: float
    shown: str


CellContent = str | ShownNumber


def shown_of(cell: CellContent) -> str:
    """What a reader of the page sees."""
    return cell.shown if isinstance(cell, ShownNumber) else cell


@dataclass(frozen=True, slots=True)
class ReportHeading:
    """The heading of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class ReportText:
    """A paragraph. ``is_strong``: what nobody may overlook, set off from the rest."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """Names and what they are; an empty one is a line to be filled in by hand."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table with a caption.

    Args:
        caption: What it shows; names the sheet of a workbook.
        columns: Heads.
        rows: As many cells each as there are columns.
        numeric: Positions of columns that are set to the right.
        strong_rows: Positions of rows that are set off: a total, the grade that was reached.
        is_for_workbooks: Too long to be read: written into workbooks only.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[CellContent, ...], ...]
    numeric: frozenset[int] = frozenset()
    strong_rows: frozenset[int] = frozenset()
    is_for_workbooks: bool = False


@dataclass(frozen=True, slots=True)
class ReportPicture:
    """A picture as SVG, with its title; its own description is within the SVG."""

    title: str
    svg: str


@dataclass(frozen=True, slots=True)
class ReportPictures:
    """Pictures side by side, a legend below all of them, and the same as a table for workbooks."""

    pictures: tuple[ReportPicture, ...]
    legend_svg: str
    as_table: ReportTable


@dataclass(frozen=True, slots=True)
class ReportSignatures:
    """Places where people who answer for the report write name, position, date and signature.

    Args:
        people: What each of them did, as "Reported by".
        lines: What each writes, as "Name".
    """

    people: tuple[str, ...]
    lines: tuple[str, ...]


ReportBlock = ReportHeading | ReportText | ReportFacts | ReportTable | ReportPictures | ReportSignatures


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """A report: the same value gives the same bytes in each format.

    Args:
        title, subtitle: Stand at its head and on every page.
        language: "en" or "uk".
        date: Of the report; no writer asks the clock.
        page_of: A template with ``%(page)s`` and ``%(pages)s``.
    """

    title: str
    subtitle: str
    language: str
    date: dt.date
    page_of: str
    blocks: Sequence[ReportBlock]
