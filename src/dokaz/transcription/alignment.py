"""Which row of one reading is which row of another: by the id of the drawn row, or by order where each drew their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dokaz.errors import BadTranscription
from dokaz.transcription.edit_distance import edit_distance
from dokaz.transcription.marked_text import MarkedText
from dokaz.transcription.pages import CellRegion, HeaderRegion, TableRegion, TextRegion, TranscribedBook

#: A row that one reader has alone costs this much; a pair of rows costs the share of characters in which they differ,
#: 0 to 1. So two rows are one as long as they do not differ in all characters.
COST_OF_A_GAP = 0.5
MOST_ALIGNED_ROWS = 400


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What one person read in one row, or in one header.

    Args:
        values: By the id of the field; cells without a field by their column (``column 0``), other texts as ``text``.
    """

    page: str
    row: str
    is_header: bool
    values: Mapping[str, MarkedText]


RowPair = tuple[ReadRow | None, ReadRow | None]


def read_rows(book: TranscribedBook, reader: str) -> tuple[ReadRow, ...]:
    """Every row and header that this person read anything of, in order; headings of columns are not compared."""
    found = []
    for page in book.pages:
        for region in page.regions:
            if isinstance(region, TableRegion):
                parts: list[tuple[str, bool, Sequence[TextRegion]]] = [
                    (row.id, False, row.cells) for row in region.rows if not row.is_heading
                ]
            elif isinstance(region, HeaderRegion):
                parts = [(region.id, True, region.parts)]
            else:
                parts = [(region.id, True, (region,))]
            for name, is_header, texts in parts:
                values = {_key(each): text for each in texts if (text := each.read_by(reader)) is not None}
                if values:
                    found.append(ReadRow(page.id, name, is_header, values))
    return tuple(found)


def aligned_rows(first: Sequence[ReadRow], second: Sequence[ReadRow]) -> tuple[tuple[RowPair, ...], str]:
    """Rows of two readings in pairs, a row that only one has beside nothing; and in words how they were paired.

    Page by page: by id if the readings share any id on that page, else by order, as in the cheapest of all alignments
    that keep the order (Needleman & Wunsch 1970). Headers are never paired with rows.

    Raises:
        BadTranscription: more rows on a page than can be aligned by order.
    """
    pairs: list[RowPair] = []
    by_order = []
    for page in dict.fromkeys(row.page for row in (*first, *second)):
        for is_header in (True, False):
            left = [row for row in first if row.page == page and row.is_header == is_header]
            right = [row for row in second if row.page == page and row.is_header == is_header]
            if {row.row for row in left} & {row.row for row in right}:
                pairs += _by_id(left, right)
            else:
                if left and right:
                    by_order.append(page)
                pairs += _by_order(left, right, page)
    pages = ", ".join(dict.fromkeys(by_order))
    return tuple(pairs), f"by order on {pages}, as the rows have other ids" if pages else "by the id of the row"


def pair_cost(left: ReadRow, right: ReadRow) -> float:
    """The share of characters in which two rows differ, over the fields that either has: 0 if equal, 1 if nothing is."""
    distance = length = 0
    for key in left.values.keys() | right.values.keys():
        one, other = (row.values[key].unmarked if key in row.values else "" for row in (left, right))
        distance += edit_distance(one, other)
        length += max(len(one), len(other))
    return distance / length if length else 0.0


def _by_id(left: Sequence[ReadRow], right: Sequence[ReadRow]) -> list[RowPair]:
    others = {row.row: row for row in right}
    pairs: list[RowPair] = [(row, others.pop(row.row, None)) for row in left]
    return pairs + [(None, row) for row in others.values()]


def _by_order(left: Sequence[ReadRow], right: Sequence[ReadRow], page: str) -> list[RowPair]:
    if max(len(left), len(right)) > MOST_ALIGNED_ROWS:
        raise BadTranscription(
            f"{page}: more than {MOST_ALIGNED_ROWS} rows that have other ids in each reading",
            "let both read the same drawn rows",
        )
    cheapest = [[COST_OF_A_GAP * j for j in range(len(right) + 1)]]
    for i, one in enumerate(left, 1):
        row = [COST_OF_A_GAP * i]
        for j, other in enumerate(right, 1):
            together = cheapest[i - 1][j - 1] + pair_cost(one, other)
            row.append(min(together, cheapest[i - 1][j] + COST_OF_A_GAP, row[-1] + COST_OF_A_GAP))
        cheapest.append(row)
    pairs: list[RowPair] = []
    i, j = len(left), len(right)
    while i or j:
        # Of equally cheap alignments, the one that pairs.
        if i and j and cheapest[i][j] >= cheapest[i - 1][j - 1] + pair_cost(left[i - 1], right[j - 1]) - 1e-9:
            i, j = i - 1, j - 1
            pairs.append((left[i], right[j]))
        elif i and cheapest[i][j] >= cheapest[i - 1][j] + COST_OF_A_GAP - 1e-9:
            i -= 1
            pairs.append((left[i], None))
        else:
            j -= 1
            pairs.append((None, right[j]))
    return pairs[::-1]


def _key(region: TextRegion) -> str:
    if region.field:
        return region.field
    return f"column {region.column}" if isinstance(region, CellRegion) else "text"
