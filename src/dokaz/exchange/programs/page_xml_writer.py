"""Pages of a log book as PAGE XML (2019-07-15), one file a page; what PAGE has no word for is in its ``UserDefined``."""

from __future__ import annotations

from datetime import datetime

from dokaz.exchange.programs.page_custom_tags import written_tags
from dokaz.exchange.programs.transcription_parts import (
    FileNotes,
    WrittenTranscription,
    as_json,
    book_as_json,
    page_as_json,
    shown_texts,
    texts_as_json,
    written_points,
)
from dokaz.exchange.reading.xml_elements import XmlElement, in_namespace, written_elements
from dokaz.transcription.marked_text import MarkedText, TextRun, marked_text
from dokaz.transcription.pages import (
    CellRegion,
    HeaderRegion,
    Outline,
    PageRegion,
    TableRegion,
    TextLine,
    TextRegion,
    TranscribedBook,
    TranscribedPage,
)

NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
#: Names of what Dokaz notes for itself in a file, of a region, and of its book and page.
OF_REGION, OF_BOOK, OF_PAGE = "dokaz:region", "dokaz:book", "dokaz:page"


def written_page_xml(
    book: TranscribedBook, *, written_at: datetime, cells_of_transkribus: bool = False
) -> WrittenTranscription:
    """A file for each page; of several, sorted by name they are in the order of the book.

    Args:
        written_at: With its zone; PAGE wants to know when a file was made.
        cells_of_transkribus: Write ``TableCell``, which Transkribus and its kin read, and which the schema does not
            have, instead of a ``TextRegion`` with a ``TableCellRole``.
    """
    notes = FileNotes("")
    files = {}
    digits = len(str(len(book.pages)))
    for at, page in enumerate(book.pages, 1):
        root = XmlElement("PcGts", NAMESPACE, parts=[_metadata(book, page, written_at)])
        root.parts.append(_PageWriter(page, notes, cells_of_transkribus).page())
        place = f"{at:0{digits}}_" if len(book.pages) > 1 else ""
        files[f"{place}{page.id}.xml"] = written_elements(in_namespace(root, NAMESPACE)).encode()
    return WrittenTranscription(files, notes.in_words())


def _metadata(book: TranscribedBook, page: TranscribedPage, written_at: datetime) -> XmlElement:
    moment = written_at.isoformat(timespec="seconds")
    return XmlElement(
        "Metadata",
        parts=[
            XmlElement("Creator", text="Dokaz"),
            XmlElement("Created", text=moment),
            XmlElement("LastChange", text=moment),
            _noted({OF_BOOK: as_json(book_as_json(book)), OF_PAGE: as_json(page_as_json(page))}),
        ],
    )


class _PageWriter:
    """Writes one page."""

    def __init__(self, page: TranscribedPage, notes: FileNotes, cells_of_transkribus: bool) -> None:
        self.page_, self.notes, self.cells_of_transkribus = page, notes, cells_of_transkribus

    def page(self) -> XmlElement:
        image = self.page_.image
        if image is None:
            self.notes.add("pages without a photograph: 0 × 0 pixels, where PAGE wants a size", self.page_.id)
        element = XmlElement(
            "Page",
            attributes={
                "imageFilename": image.file if image else "",
                "imageWidth": str(image.width if image else 0),
                "imageHeight": str(image.height if image else 0),
            },
        )
        if self.page_.regions:
            order = [
                XmlElement("RegionRefIndexed", attributes={"index": str(at), "regionRef": region.id})
                for at, region in enumerate(self.page_.regions)
            ]
            group = XmlElement("OrderedGroup", attributes={"id": self._free_id("order")}, parts=order)
            element.parts.append(XmlElement("ReadingOrder", parts=[group]))
        element.parts += map(self.region, self.page_.regions)
        return element

    def region(self, region: PageRegion) -> XmlElement:
        match region:
            case TableRegion():
                return self._table(region)
            case HeaderRegion():
                element = self._placed("TextRegion", region.id, region.outline)
                element.attributes["type"] = "header"
                element.parts += map(self._text, region.parts)
                return element
            case _:
                return self._text(region)

    def _table(self, table: TableRegion) -> XmlElement:
        element = self._placed("TableRegion", table.id, table.outline)
        columns = max((cell.column + cell.column_span for row in table.rows for cell in row.cells), default=0)
        element.attributes |= {"rows": str(len(table.rows)), "columns": str(columns)}
        said = {
            "rows": [[row.id, written_points(row.outline)] for row in table.rows],
            "continues": table.continues,
        }
        element.parts.append(_noted({OF_REGION: as_json(said)}))
        for at, row in enumerate(table.rows):
            for cell in row.cells:
                element.parts.append(self._cell(cell, at))
        return element

    def _cell(self, cell: CellRegion, row: int) -> XmlElement:
        if self.cells_of_transkribus:
            element = self._text(cell, "TableCell")
            spans = {"rowSpan": str(cell.row_span), "colSpan": str(cell.column_span)}
            element.attributes |= {"row": str(row), "col": str(cell.column), **spans}
            if cell.is_heading:
                element.attributes["header"] = "true"
            return element
        element = self._text(cell)
        role = XmlElement(
            "TableCellRole",
            attributes={
                "rowIndex": str(row),
                "columnIndex": str(cell.column),
                "rowSpan": str(cell.row_span),
                "colSpan": str(cell.column_span),
                "header": "true" if cell.is_heading else "false",
            },
        )
        before = next((at for at, part in enumerate(element.parts) if part.name in ("TextLine", "TextEquiv")), None)
        element.parts.insert(len(element.parts) if before is None else before, XmlElement("Roles", parts=[role]))
        return element

    def _text(self, region: TextRegion, name: str = "TextRegion") -> XmlElement:
        element = self._placed(name, region.id, region.outline)
        if region.custom:
            element.attributes["custom"] = region.custom
        if said := texts_as_json(region):
            element.parts.append(_noted({OF_REGION: as_json(said)}))
        shown = shown_texts(region)
        by_line = [in_lines(text) for text, _ in shown]
        for at, line in enumerate(region.lines):
            # Which text stands on which line is known where there are as many of both.
            texts = [
                (one[at], sure) for one, (_, sure) in zip(by_line, shown, strict=True) if len(one) == len(region.lines)
            ]
            element.parts.append(self._line(line, texts))
        if any(len(one) != len(region.lines) for one in by_line) and region.lines:
            self.notes.add("texts with more or fewer lines than are drawn, written of the region alone", region.id)
        element.parts += [_text_equiv(text, sure, at) for at, (text, sure) in enumerate(shown)]
        return element

    def _line(self, line: TextLine, texts: list[tuple[MarkedText, float | None]]) -> XmlElement:
        element = self._placed("TextLine", line.id, line.outline)
        custom = " ".join(filter(None, [written_tags(texts[0][0]) if texts else "", line.custom]))
        if custom:
            element.attributes["custom"] = custom
        if line.baseline:
            element.parts.append(XmlElement("Baseline", attributes={"points": written_points(line.baseline)}))
        element.parts += [_text_equiv(text, sure, at) for at, (text, sure) in enumerate(texts)]
        return element

    def _placed(self, name: str, of: str, outline: Outline) -> XmlElement:
        element = XmlElement(name, attributes={"id": of})
        if outline:
            element.parts.append(XmlElement("Coords", attributes={"points": written_points(outline)}))
        else:
            self.notes.add("not drawn, so without the Coords that PAGE wants", of)
        return element

    def _free_id(self, wanted: str) -> str:
        taken = {each.id for each in self.page_.all_parts()}
        return next(name for name in (wanted + "_" * count for count in range(len(taken) + 1)) if name not in taken)


def in_lines(text: MarkedText) -> list[MarkedText]:
    """A text cut at its line breaks; one empty line if nothing is there."""
    lines: list[list[TextRun]] = [[]]
    for run in text.runs:
        first, *others = run.text.split("\n")
        for at, part in enumerate([first, *others]):
            if at:
                lines.append([])
            if part or not run.text:
                lines[-1].append(TextRun(part, run.marks, run.illegible, run.stands_for))
    return [marked_text(runs) for runs in lines]


def _text_equiv(text: MarkedText, sure: float | None, index: int) -> XmlElement:
    attributes = {"index": str(index)} | ({} if sure is None else {"conf": repr(sure)})
    return XmlElement("TextEquiv", attributes=attributes, parts=[XmlElement("Unicode", text=text.as_written)])


def _noted(said: dict[str, str]) -> XmlElement:
    attributes = [
        XmlElement("UserAttribute", attributes={"name": name, "type": "xsd:string", "value": value})
        for name, value in said.items()
    ]
    return XmlElement("UserDefined", parts=attributes)
