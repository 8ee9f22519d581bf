"""The log book of the police station: six drawn pages, what is written on them, and what two readers make of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dokaz.simulate.log_pages import TRUTH, SimulatedLogBook, simulate_log_book
from dokaz.transcription.entries import entries
from dokaz.transcription.notation import written_notation
from dokaz.transcription.pages import TranscribedBook

#: The second page is printed, the third torn, the fifth missing.
PAGES, SEED = 6, 2022
#: Every so many cells a reader loses the last letter; none of both lose the same.
SLIPS = {"first": 17, "second": 23}


def station_log() -> SimulatedLogBook:
    """The pages, the same each time."""
    return simulate_log_book(SEED, pages=PAGES)


def truth_of(book: TranscribedBook) -> dict[str, Any]:
    """What is written in the book, row by row."""
    return {
        "pages": [
            {"id": p.id, "torn": p.is_torn, "missing": p.is_missing, "goes_on": bool(p.continued())} for p in book.pages
        ],
        "rows": [
            {"page": row.page, "row": row.row} | {field: written_notation(text) for field, text in row.values.items()}
            for row in entries(book, TRUTH)
        ],
    }


def with_slips(cells: Mapping[str, str], every: int) -> dict[str, str]:
    """What a reader types who sometimes loses a letter; cells with marks are read rightly."""
    typed = {}
    for nth, (region, text) in enumerate(cells.items(), start=1):
        plain = len(text) > 1 and not set(text) & set('()\\"')
        typed[region] = text[:-1] if plain and nth % every == 0 else text
    return typed
