"""What is drawn on a page: cells from its ruling lines, a grid between four corners, or a file of another program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dokaz.detention.regions import as_kept
from dokaz.errors import BadFile, NotProposed, WrongKind, sentence
from dokaz.exchange.programs.transcription_files import read_transcription
from dokaz.exchange.reading.page_images import read_page_image
from dokaz.transcription.pages import CellRegion, HeaderRegion, Outline, RowRegion, TableRegion, TextRegion
from dokaz.transcription.rulings import propose_cells

#: A column under no field: drawn, and not read.
UNREAD = "-"
Regions = list[dict[str, Any]]
_Point = tuple[float, float]


def from_ruling(data: bytes, file: str, columns: Sequence[str], headings: int) -> Regions:
    """The table that the ruling of a photograph shows, its columns under fields in their order.

    Raises:
        BadFile: no ruling is seen, or it is no photograph.
    """
    try:
        table = propose_cells(read_page_image(data, file=file)[0])
        if not any(row.cells for row in table.rows):
            raise NotProposed("lines without a cell between them", "draw the cells by hand")
    except NotProposed as error:
        raise BadFile(
            sentence("no table of ruling lines is seen"),
            file=file,
            next_step=sentence("point at the corners of the table"),
        ) from error
    return as_kept([under_fields(table, columns, headings)])


def under_fields(table: TableRegion, columns: Sequence[str], headings: int) -> TableRegion:
    """A table whose columns are filed under fields, and whose first rows name the columns.

    Lines beyond the table make rows and columns without a cell; those around it are left out.
    """
    filled = [(at, cell) for at, row in enumerate(table.rows) for cell in row.cells]
    top, left = min(at for at, _cell in filled), min(cell.column for _at, cell in filled)
    bottom = max(at + cell.row_span for at, cell in filled)
    rows = []
    for at, row in enumerate(table.rows[top:bottom]):
        cells = tuple(
            replace(cell, id=f"r{at}c{cell.column - left}", column=cell.column - left, is_heading=at < headings,
                    field=_field(columns, cell.column - left))
            for cell in row.cells
        )  # fmt: skip
        rows.append(replace(row, id=f"r{at}", cells=cells))
    return replace(table, id="table", rows=tuple(rows))


def _field(columns: Sequence[str], column: int) -> str:
    named = columns[column] if column < len(columns) else UNREAD
    return "" if named == UNREAD else named


def from_corners(
    corners: Sequence[tuple[int, int]], columns: Sequence[tuple[str, int]], rows: int, headings: int
) -> Regions:
    """A table between four corners, with rows of one height.

    Args:
        corners: Top left, top right, bottom right, bottom left.
        columns: The id of each field, and how wide its column is, in any unit.

    Raises:
        WrongKind: other than four corners, or no row or column.
    """
    if len(corners) != 4:
        raise WrongKind(
            "corners", len(corners), sentence("four corners: top left, top right, bottom right, bottom left")
        )
    if not columns or not 1 <= rows <= 200 or any(width < 1 for _name, width in columns):
        raise WrongKind("rows", rows, sentence("1 to 200 rows, and columns each with a width"))
    ends = [0]
    for _name, width in columns:
        ends.append(ends[-1] + width)
    drawn = []
    for at in range(rows):
        cells = tuple(
            CellRegion(
                f"r{at}c{nth}",
                _between(corners, ends[nth] / ends[-1], ends[nth + 1] / ends[-1], at / rows, (at + 1) / rows),
                "" if name == UNREAD else name,
                column=nth,
                is_heading=at < headings,
            )
            for nth, (name, _width) in enumerate(columns)
        )
        drawn.append(RowRegion(f"r{at}", _between(corners, 0, 1, at / rows, (at + 1) / rows), cells))
    return as_kept([TableRegion("table", tuple(corners), tuple(drawn))])


def _between(corners: Sequence[tuple[int, int]], left: float, right: float, top: float, bottom: float) -> Outline:
    def at(x: float, y: float) -> tuple[int, int]:
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
        above: _Point = (ax + (bx - ax) * x, ay + (by - ay) * x)
        below: _Point = (dx + (cx - dx) * x, dy + (cy - dy) * x)
        return round(above[0] + (below[0] - above[0]) * y), round(above[1] + (below[1] - above[1]) * y)

    return at(left, top), at(right, top), at(right, bottom), at(left, bottom)


def head_of(parts: Sequence[tuple[str, tuple[int, int, int, int]]]) -> Regions:
    """The head of a page: each field with the left, top, right and bottom of its place."""
    if not parts:
        return []
    texts = tuple(
        TextRegion(f"head.{field}", ((x, y), (right, y), (right, bottom), (x, bottom)), field)
        for field, (x, y, right, bottom) in parts
    )
    return as_kept([HeaderRegion("head", (), texts)])


def from_file(data: bytes, file: str, columns: Sequence[str] = ()) -> Regions:
    """The regions of the first page of a file: PAGE XML, ALTO, CSV, XLSX. What was read in them stays in the file.

    Args:
        columns: Under which fields the columns of a table are filed whose cells are filed under none.

    Raises:
        BadFile: it cannot be read as one of them, or has no page.
    """
    pages = read_transcription(data, file=file).book.pages
    if not pages:
        raise BadFile(sentence("no page is in it"), file=file, next_step=sentence("export the page with its regions"))
    found = []
    for region in pages[0].regions:
        if isinstance(region, TableRegion) and columns:
            rows = tuple(
                replace(row, cells=tuple(replace(cell, field=cell.field or _field(columns, cell.column))
                                         for cell in row.cells))
                for row in region.rows
            )  # fmt: skip
            region = replace(region, rows=rows)
        found.append(region)
    return as_kept(found)


def drawn_before(regions: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str], int]:
    """What a next page is likely to share with a drawn one: lines of columns, lines of heads, rows that name columns."""
    columns: list[str] = []
    heads: list[str] = []
    headings = 0
    for region in regions:
        if region["sort"] == "head":
            heads += [f"{part['field']} {_box(part['outline'])}" for part in region["parts"] if part["outline"]]
        if region["sort"] == "table" and region["rows"]:
            headings = sum(all(cell["heading"] for cell in row["cells"]) for row in region["rows"])
            widest = max(region["rows"], key=lambda row: len(row["cells"]))
            columns = [f"{cell['field'] or UNREAD} {_width(cell['outline'])}" for cell in widest["cells"]]
    return columns, heads, headings


def _box(figures: Sequence[int]) -> str:
    xs, ys = figures[::2], figures[1::2]
    return f"{min(xs)} {min(ys)} {max(xs)} {max(ys)}"


def _width(figures: Sequence[int]) -> int:
    return max(figures[::2]) - min(figures[::2]) if figures else 1
