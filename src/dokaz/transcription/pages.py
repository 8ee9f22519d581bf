"""A log book as it was photographed: pages, the regions drawn on them, and what was read in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dokaz.errors import BadTranscription
from dokaz.transcription.field_lists import FieldList, checked_versions
from dokaz.transcription.marked_text import MarkedText
from dokaz.transcription.names import checked_line, checked_name

#: Corners in pixels from the top left of the photograph; empty if nobody has drawn it.
Outline = tuple[tuple[int, int], ...]
MOST_PIXELS, MOST_POINTS = 1_000_000, 2_000
MOST_ROWS, MOST_COLUMNS = 5_000, 200


class PageSide(StrEnum):
    """Which side of a leaf a page is."""

    RECTO = "recto"
    VERSO = "verso"


@dataclass(frozen=True, slots=True)
class CellReading:
    """What one person read in one place, by themselves."""

    reader: str
    text: MarkedText

    def __post_init__(self) -> None:
        if not checked_line(self.reader, "a reader"):
            raise BadTranscription("a reading without its reader", "say who read it")


@dataclass(frozen=True, slots=True)
class MachineProposal:
    """What a program proposes to read in one place. It is no reading, and nothing makes it one but a reader who types it.

    Args:
        confidence: What the program says of itself, 0 to 1; not a probability that it is right.
    """

    engine: str
    text: MarkedText
    confidence: float | None = None

    def __post_init__(self) -> None:
        if not checked_line(self.engine, "a program"):
            raise BadTranscription("a proposal without its program", "say which program proposes it")
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise BadTranscription(f"a confidence of {self.confidence}", "from 0 to 1")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of writing; ``baseline`` is what the letters stand on, ``custom`` what another program said of it."""

    id: str
    outline: Outline = ()
    baseline: Outline = ()
    custom: str = ""

    def __post_init__(self) -> None:
        checked_name(self.id, "a line")
        _check_points(self.outline, self.id, least=3)
        _check_points(self.baseline, f"{self.id}, baseline", least=2)
        checked_line(self.custom, f"{self.id}: what another program said")


@dataclass(frozen=True, slots=True)
class TextRegion:
    """A place where something is written: in a table, in a header, or by itself.

    Args:
        field: Under which field of the book its readings are filed; empty if none.
        readings: Each by another person.
        custom: What another program said of it, in PAGE's attribute of that name; kept, and not understood.
    """

    id: str
    outline: Outline = ()
    field: str = ""
    lines: tuple[TextLine, ...] = ()
    readings: tuple[CellReading, ...] = ()
    proposals: tuple[MachineProposal, ...] = ()
    custom: str = ""

    def __post_init__(self) -> None:
        checked_name(self.id, "a region")
        checked_line(self.custom, f"{self.id}: what another program said")
        _check_points(self.outline, self.id, least=3)
        if self.field:
            checked_name(self.field, "a field")
        twice = [name for name, count in Counter(each.reader for each in self.readings).items() if count > 1]
        if twice:
            raise BadTranscription(f"{self.id}: two readings by {twice[0]}", "one reader reads a place once")

    def read_by(self, reader: str) -> MarkedText | None:
        """What that person read here; nothing if they did not read it."""
        return next((each.text for each in self.readings if each.reader == reader), None)


@dataclass(frozen=True, slots=True)
class CellRegion(TextRegion):
    """A cell of a table, in the row that holds it.

    Args:
        column: From 0.
        is_heading: Whether it says what a column holds.
    """

    column: int = 0
    row_span: int = 1
    column_span: int = 1
    is_heading: bool = False

    def __post_init__(self) -> None:
        TextRegion.__post_init__(self)
        if self.column < 0 or self.row_span < 1 or self.column_span < 1:
            raise BadTranscription(f"{self.id}: a cell at column {self.column} over no columns or rows", "count from 0")
        if self.column + self.column_span > MOST_COLUMNS or self.row_span > MOST_ROWS:
            raise BadTranscription(f"{self.id}: a cell beyond {MOST_COLUMNS} columns or {MOST_ROWS} rows", "count anew")


@dataclass(frozen=True, slots=True)
class RowRegion:
    """A line of a table; its place is its place in the table."""

    id: str
    outline: Outline = ()
    cells: tuple[CellRegion, ...] = ()

    def __post_init__(self) -> None:
        checked_name(self.id, "a row")
        _check_points(self.outline, self.id, least=3)

    @property
    def is_heading(self) -> bool:
        """Whether it says what the columns hold, and is no entry."""
        return bool(self.cells) and all(cell.is_heading for cell in self.cells)


@dataclass(frozen=True, slots=True)
class TableRegion:
    """A table on one page; ``continues`` names the page and the table whose rows go on here."""

    id: str
    outline: Outline = ()
    rows: tuple[RowRegion, ...] = ()
    continues: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        checked_name(self.id, "a table")
        _check_points(self.outline, self.id, least=3)
        if len(self.rows) > MOST_ROWS:
            raise BadTranscription(f"{self.id}: {len(self.rows):,} rows", f"at most {MOST_ROWS:,} are one table")
        taken: dict[tuple[int, int], str] = {}
        for at, row in enumerate(self.rows):
            for cell in row.cells:
                if at + cell.row_span > len(self.rows):
                    raise BadTranscription(
                        f"{self.id}: {cell.id} goes over {cell.row_span} rows where {len(self.rows) - at} are left",
                        "correct how many rows it goes over",
                    )
                for down in range(cell.row_span):
                    for right in range(cell.column_span):
                        place = at + down, cell.column + right
                        if place in taken:
                            raise BadTranscription(
                                f"{self.id}: {taken[place]} and {cell.id} lie in one place,"
                                f" row {place[0]}, column {place[1]}",
                                "a place of a table holds one cell; rows and columns count from 0",
                            )
                        taken[place] = cell.id


@dataclass(frozen=True, slots=True)
class HeaderRegion:
    """What stands above the rows of a page and holds for each of them: date, shift, room."""

    id: str
    outline: Outline = ()
    parts: tuple[TextRegion, ...] = ()

    def __post_init__(self) -> None:
        checked_name(self.id, "a header")
        _check_points(self.outline, self.id, least=3)
        _refuse_cells(self.parts, self.id)


#: What lies directly on a page, in the order of reading.
PageRegion = TableRegion | HeaderRegion | TextRegion


@dataclass(frozen=True, slots=True)
class PageImage:
    """The photograph of a page: name of the file, size in pixels."""

    file: str
    width: int
    height: int

    def __post_init__(self) -> None:
        if not checked_line(self.file, "the name of a photograph"):
            raise BadTranscription("a photograph without a name", "name its file")
        if not (0 < self.width <= MOST_PIXELS and 0 < self.height <= MOST_PIXELS):
            raise BadTranscription(
                f"{self.file}: {self.width} × {self.height} pixels", f"from 1 to {MOST_PIXELS:,} each"
            )


@dataclass(frozen=True, slots=True)
class TranscribedPage:
    """One page: what is known of the leaf, its photograph, and the regions on it in the order of reading."""

    id: str
    number: str = ""
    side: PageSide | None = None
    image: PageImage | None = None
    is_torn: bool = False
    is_missing: bool = False
    regions: tuple[PageRegion, ...] = ()

    def __post_init__(self) -> None:
        checked_name(self.id, "a page")
        checked_line(self.number, f"{self.id}: the number of a page")
        if self.is_missing and (self.image or self.regions):
            raise BadTranscription(
                f"{self.id} is missing, and yet something is on it", "state it missing, or describe it"
            )
        _refuse_cells(self.regions, self.id)
        counted = Counter(each.id for each in self.all_parts())
        twice = sorted(name for name, count in counted.items() if count > 1)
        if twice:
            raise BadTranscription(
                f"{self.id}: the id {twice[0]} is given {counted[twice[0]]} times", "give each region an id of its own"
            )

    def texts(self) -> Iterator[TextRegion]:
        """Every place where something is written, in the order of reading."""
        for region in self.regions:
            match region:
                case TableRegion():
                    for row in region.rows:
                        yield from row.cells
                case HeaderRegion():
                    yield from region.parts
                case _:
                    yield region

    def continued(self) -> tuple[tuple[str, str], ...]:
        """Pages and tables that go on here; pages that are not in the book, too, as a book may lack some."""
        tables = (region for region in self.regions if isinstance(region, TableRegion))
        return tuple(table.continues for table in tables if table.continues)

    def all_parts(self) -> Iterator[PageRegion | RowRegion | TextLine]:
        """Everything on the page that has an id, from the outer to the inner."""
        for region in self.regions:
            if not isinstance(region, TextRegion):
                yield region
            if isinstance(region, TableRegion):
                yield from region.rows
        for text in self.texts():
            yield text
            yield from text.lines


@dataclass(frozen=True, slots=True)
class TranscribedBook:
    """A log book: its pages in order, missing ones too, and its fields in every version."""

    id: str
    title: str = ""
    field_lists: tuple[FieldList, ...] = ()
    pages: tuple[TranscribedPage, ...] = ()

    def __post_init__(self) -> None:
        checked_name(self.id, "a book")
        checked_line(self.title, "the title of a book")
        checked_versions(self.field_lists)
        fields = {each.id: each for version in self.field_lists for each in version.fields}
        tables: dict[str, set[str]] = {}
        for page in self.pages:
            if page.id in tables:
                raise BadTranscription(f"the page {page.id} is there twice", "give each page an id of its own")
            for text in page.texts():
                if text.field and text.field not in fields:
                    raise BadTranscription(
                        f"{page.id}: {text.id} is filed under {text.field}, which no list of fields has",
                        f"add it to the fields, or file it under one of: {', '.join(sorted(fields)) or 'none is there'}",
                    )
            tables[page.id] = {region.id for region in page.regions if isinstance(region, TableRegion)}
        earlier: set[str] = set()
        for page in self.pages:
            for of, table in page.continued():
                if of in tables and (of not in earlier or table not in tables[of]):
                    raise BadTranscription(
                        f"{page.id} goes on with the table {table} of {of}, which is not on an earlier page",
                        "name the page and the table that it continues",
                    )
            earlier.add(page.id)

    @property
    def readers(self) -> tuple[str, ...]:
        """Everybody who read something in it, sorted."""
        return tuple(sorted({r.reader for page in self.pages for text in page.texts() for r in text.readings}))


def _check_points(points: Outline, of: str, *, least: int) -> None:
    if points and not least <= len(points) <= MOST_POINTS:
        raise BadTranscription(f"{of}: {len(points)} points", f"{least} to {MOST_POINTS:,} make a line around it")
    for x, y in points:
        if not (0 <= x <= MOST_PIXELS and 0 <= y <= MOST_PIXELS):
            raise BadTranscription(f"{of}: a point at {x},{y}", f"pixels from 0 to {MOST_PIXELS:,}")


def _refuse_cells(regions: tuple[PageRegion, ...], of: str) -> None:
    loose = next((each.id for each in regions if isinstance(each, CellRegion)), None)
    if loose is not None:
        raise BadTranscription(f"{of}: {loose} is a cell without a table", "put it in a row, or make it a text region")
