"""A log book as ALTO 4, all pages in one file; what ALTO cannot say is in an ``OtherTag`` that the block refers to.

ALTO knows blocks, lines and words, and neither rows, columns, several readings nor marks. Tables, rows and headers are
``ComposedBlock`` of that TYPE, cells are ``TextBlock``; each refers by TAGREFS to a tag of TYPE ``dokaz:…`` whose LABEL is
the id and whose DESCRIPTION says the rest as JSON.
"""

from __future__ import annotations

from typing import Any

from dokaz.exchange.programs.page_xml_writer import in_lines
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
from dokaz.transcription.marked_text import MarkedText
from dokaz.transcription.pages import (
    CellRegion,
    HeaderRegion,
    Outline,
    PageRegion,
    RowRegion,
    TableRegion,
    TextLine,
    TextRegion,
    TranscribedBook,
    TranscribedPage,
)

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"


def written_alto(book: TranscribedBook) -> WrittenTranscription:
    """One file; its notes say what only the tags hold."""
    writer = _AltoWriter()
    pages = [writer.page(page, at) for at, page in enumerate(book.pages, 1)]
    writer.tag("book", book.id, book_as_json(book))
    unit = XmlElement("MeasurementUnit", text="pixel")
    images = [page.image.file for page in book.pages if page.image]
    source = XmlElement("sourceImageInformation", parts=[XmlElement("fileName", text=name) for name in images[:1]])
    root = XmlElement(
        "alto",
        attributes={"SCHEMAVERSION": "4.4"},
        parts=[
            XmlElement("Description", parts=[unit, source]),
            XmlElement("Tags", parts=writer.tags),
            XmlElement("Layout", parts=pages),
        ],
    )
    data = written_elements(in_namespace(root, NAMESPACE)).encode()
    return WrittenTranscription({f"{book.id}.alto.xml": data}, writer.notes.in_words())


class _AltoWriter:
    """Writes blocks, and collects what they refer to."""

    def __init__(self) -> None:
        self.tags: list[XmlElement] = []
        self.blocks = 0
        self.notes = FileNotes("")

    def tag(self, kind: str, label: str, said: dict[str, Any]) -> str:
        name = f"tag{len(self.tags) + 1}"
        attributes = {"ID": name, "TYPE": f"dokaz:{kind}", "LABEL": label, "DESCRIPTION": as_json(said)}
        self.tags.append(XmlElement("OtherTag", attributes=attributes))
        return name

    def page(self, page: TranscribedPage, at: int) -> XmlElement:
        name = f"page{at}"
        self.tag("page", name, page_as_json(page))
        attributes = {"ID": name, "PHYSICAL_IMG_NR": str(at)}
        if page.number:
            attributes["PRINTED_IMG_NR"] = page.number
        if page.image:
            attributes |= {"WIDTH": str(page.image.width), "HEIGHT": str(page.image.height)}
        space = XmlElement("PrintSpace", parts=[self.block(region) for region in page.regions])
        return XmlElement("Page", attributes=attributes, parts=[space])

    def block(self, region: PageRegion | RowRegion) -> XmlElement:
        match region:
            case TableRegion():
                self.notes.add("rows, columns and spans, in tags alone", region.id)
                return self._composed("table", region, region.rows, {"continues": region.continues})
            case RowRegion():
                return self._composed("row", region, region.cells, {})
            case HeaderRegion():
                return self._composed("header", region, region.parts, {})
            case _:
                return self._text_block(region)

    def _composed(self, kind: str, region: Any, parts: Any, said: dict[str, Any]) -> XmlElement:
        element = self._placed("ComposedBlock", kind, region.id, region.outline, said)
        element.attributes["TYPE"] = kind
        element.parts += [self.block(part) for part in parts]
        return element

    def _text_block(self, region: TextRegion) -> XmlElement:
        said = texts_as_json(region) | ({"custom": region.custom} if region.custom else {})
        if region.lines:
            said["lines"] = [[line.id, line.custom] for line in region.lines]
        if isinstance(region, CellRegion):
            said["place"] = [region.column, region.row_span, region.column_span, region.is_heading]
        if len(region.readings) > 1 or region.proposals:
            self.notes.add("a second reading, or a proposal, in tags alone", region.id)
        if any(run.marks or run.illegible for text, _ in shown_texts(region) for run in text.runs):
            self.notes.add("marks, in tags alone", region.id)
        kind = "cell" if isinstance(region, CellRegion) else "text"
        element = self._placed("TextBlock", kind, region.id, region.outline, said)
        shown = in_lines(region.readings[0].text) if region.readings else []
        count = max(len(shown), len(region.lines))
        for at in range(count):
            line = region.lines[at] if at < len(region.lines) else None
            element.parts.append(self._line(line, shown[at] if at < len(shown) else MarkedText()))
        return element

    def _line(self, line: TextLine | None, text: MarkedText) -> XmlElement:
        element = XmlElement("TextLine")
        if line is not None:
            # Lines that nobody drew, and that are there for their text alone, have no ID.
            element.attributes["ID"] = self._next_id()
            element.attributes |= _box(line.outline)
            element.parts += _shape(line.outline)
            if line.baseline:
                element.attributes["BASELINE"] = written_points(line.baseline)
        for at, word in enumerate(text.as_written.split() or [""]):
            element.parts += [XmlElement("SP")] if at else []
            element.parts.append(XmlElement("String", attributes={"CONTENT": word}))
        return element

    def _placed(self, name: str, kind: str, label: str, outline: Outline, said: dict[str, Any]) -> XmlElement:
        tag = self.tag(kind, label, said)
        if not outline:
            self.notes.add("not drawn, so without a place", label)
        return XmlElement(
            name, attributes={"ID": self._next_id(), "TAGREFS": tag} | _box(outline), parts=_shape(outline)
        )

    def _next_id(self) -> str:
        self.blocks += 1
        return f"b{self.blocks}"


def _box(outline: Outline) -> dict[str, str]:
    if not outline:
        return {}
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    sizes = {"HPOS": min(xs), "VPOS": min(ys), "WIDTH": max(xs) - min(xs), "HEIGHT": max(ys) - min(ys)}
    return {name: str(size) for name, size in sizes.items()}


def _shape(outline: Outline) -> list[XmlElement]:
    if not outline:
        return []
    polygon = XmlElement("Polygon", attributes={"POINTS": written_points(outline)})
    return [XmlElement("Shape", parts=[polygon])]
