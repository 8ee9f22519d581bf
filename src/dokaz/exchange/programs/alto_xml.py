"""ALTO 2 to 4, as Dokaz and as other programs write it: what is read, and in words what was missing or is not kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dokaz.exchange.programs.transcription_parts import (
    MOST_REGIONS,
    UNNAMED_ENGINE,
    FileNotes,
    ReadTranscription,
    book_from_json,
    built,
    continued,
    from_json,
    line_name,
    page_from_json,
    read_points,
    refused,
    texts_from_json,
    told,
)
from dokaz.exchange.reading.xml_elements import XmlElement, read_elements
from dokaz.transcription.marked_text import plain_text
from dokaz.transcription.pages import (
    MOST_PIXELS,
    CellReading,
    CellRegion,
    HeaderRegion,
    MachineProposal,
    Outline,
    PageImage,
    PageRegion,
    RowRegion,
    TableRegion,
    TextLine,
    TextRegion,
    TranscribedBook,
    TranscribedPage,
)

_Made = TypeVar("_Made")
_BLOCKS = {"ComposedBlock", "TextBlock"}
_PLACE = {"ID", "HPOS", "VPOS", "WIDTH", "HEIGHT"}
_READ_ATTRIBUTES = {
    "Page": {"PHYSICAL_IMG_NR", "PRINTED_IMG_NR"},
    "ComposedBlock": {"TAGREFS", "TYPE"},
    "TextBlock": {"TAGREFS"},
    "TextLine": {"BASELINE"},
    "String": {"CONTENT", "WC"},
    "HYP": {"CONTENT"},
}
#: Of a page: margins hold blocks as the print space does.
_SPACES = {"PrintSpace", "TopMargin", "LeftMargin", "RightMargin", "BottomMargin"}


def read_alto(data: bytes, *, file: str) -> ReadTranscription:
    """Read a book of as many pages as the file has.

    A block with a tag that Dokaz wrote is what the tag says; any other is a text region, for ALTO says of no block in
    which row and column it lies.

    Raises:
        BadFile: not ALTO; a document type; another unit than pixels; ids given twice; tags that are not there.
    """
    root = read_elements(data, file=file, keeps_foreign_attributes=True)
    if root.name != "alto":
        raise refused("no ALTO", "export it as ALTO 4", file=file, line=root.line, value=root.name)
    unit = next((u.text for d in root.named("Description") for u in d.named("MeasurementUnit")), "pixel")
    if unit != "pixel":
        raise refused("measured in another unit than pixels", "export it with pixels", file=file, value=unit)
    tags = {tag.attributes.get("ID", ""): tag for each in root.named("Tags") for tag in each.parts}
    images = [
        n.text
        for d in root.named("Description")
        for s in d.named("sourceImageInformation")
        for n in s.named("fileName")
    ]
    reader = _AltoReader(file, FileNotes(file), tags, images[0] if images else "")
    pages = [reader.page(each) for layout in root.named("Layout") for each in layout.named("Page")]
    book = next((tag for tag in tags.values() if tag.attributes.get("TYPE") == "dokaz:book"), None)
    if book is None:
        reader.notes.add("the file does not say of which book it is, nor its fields")
        for part in (*root.parts, *(each for about in root.named("Description") for each in about.parts)):
            if part.name not in ("Description", "Tags", "Layout", "MeasurementUnit", "sourceImageInformation"):
                reader.notes.add(f"not kept: {part.name}")
        made = built(lambda: TranscribedBook("book", pages=tuple(pages)), file=file)
    else:
        said = from_json(book.attributes.get("DESCRIPTION", ""), file=file, line=book.line)
        made = told(lambda: book_from_json(said, pages), file=file)
    return ReadTranscription(made, reader.notes.in_words())


@dataclass
class _AltoReader:
    file: str
    notes: FileNotes
    tags: dict[str, XmlElement]
    image: str
    seen: set[str] = field(default_factory=set)

    def page(self, element: XmlElement) -> TranscribedPage:
        name = self._id(element)
        self._note_attributes(element)
        regions = []
        for space in element.parts:
            if space.name not in _SPACES:
                self.notes.add(f"not kept: {space.name}")
                continue
            for part in space.parts:
                regions += self._regions(part)
        noted = [tag for tag in self.tags.values() if (tag.attributes.get("TYPE"), tag.attributes.get("LABEL")) ==
                 ("dokaz:page", name)]  # fmt: skip
        if noted:
            said = from_json(noted[0].attributes.get("DESCRIPTION", ""), file=self.file, line=noted[0].line)
            return told(lambda: page_from_json(said, regions), file=self.file, line=element.line)
        given = element.attributes
        if {"WIDTH", "HEIGHT"} <= given.keys():
            width, height = self._number(element, "WIDTH", name), self._number(element, "HEIGHT", name)
            image = built(
                lambda: PageImage(" ".join(self.image.split()) or "not stated", width, height), file=self.file
            )
        else:
            self.notes.add("pages without a size, so without a photograph", name)
            image = None
        number = " ".join(given.get("PRINTED_IMG_NR", "").split())
        return self._made(lambda: TranscribedPage(name, number, None, image, regions=tuple(regions)), element)

    def _regions(self, element: XmlElement) -> list[PageRegion]:
        if element.name not in _BLOCKS:
            if element.name != "Shape":
                self.notes.add(f"not kept: {element.name}", element.attributes.get("ID", ""))
            return []
        kind, label, said = self._tag(element)
        if element.name == "TextBlock":
            return [self._text(element, kind, label, said)]
        outline = self._outline(element, label)
        if kind == "table":
            rows = [self._row(part) for part in element.parts if part.name != "Shape"]
            return [
                told(
                    lambda: TableRegion(label, outline, tuple(rows), continued(said)), file=self.file, line=element.line
                )
            ]
        within = [region for part in element.parts for region in self._regions(part)]
        if kind == "header":
            texts = [each for each in within if isinstance(each, TextRegion)]
            return [self._made(lambda: HeaderRegion(label, outline, tuple(texts)), element)]
        if element.attributes.get("TYPE", "").casefold() == "table":
            self.notes.add("a table without rows and columns: its blocks are texts", label)
        else:
            self.notes.add("blocks of blocks, of which the inner ones are kept", label)
        return within

    def _row(self, element: XmlElement) -> RowRegion:
        kind, label, _ = self._tag(element)
        if kind != "row":
            raise refused("a table whose rows another program changed", "export it from Dokaz again", file=self.file,
                          line=element.line, value=element.attributes.get("ID"))  # fmt: skip
        cells = []
        for part in element.parts:
            if part.name == "Shape":
                continue
            cell = self._text(part, *self._tag(part))
            if not isinstance(cell, CellRegion):
                raise refused("a row with something else than cells", "export it from Dokaz again", file=self.file,
                              line=part.line, value=part.attributes.get("ID"))  # fmt: skip
            cells.append(cell)
        outline = self._outline(element, label)
        return self._made(lambda: RowRegion(label, outline, tuple(cells)), element)

    def _text(self, element: XmlElement, kind: str, label: str, said: dict[str, Any]) -> TextRegion:
        outline = self._outline(element, label)
        lines: list[TextLine] = []
        shown: list[str] = []
        sure: list[float] = []
        named = iter(said.get("lines", ()) if isinstance(said.get("lines", ()), list) else ())
        for part in element.named("TextLine"):
            shown.append(self._line_text(part, sure))
            if "ID" in part.attributes or "HPOS" in part.attributes:
                own = part.attributes.get("ID", f"{label}.line{len(lines)}"), ""
                lines.append(self._line(part, next(named, own)))
        content = told(lambda: texts_from_json(said), file=self.file, line=element.line)
        text = self._made(lambda: plain_text("\n".join(shown)), element)
        known = content["readings"]
        if kind and known and known[0].text.as_written.split() != text.as_written.split():
            self.notes.add("a text that another program changed since Dokaz wrote it: both were kept", label)
            content["readings"] = (*known, CellReading(self._free_reader(known), text))
        elif not known and text.runs and sure:
            # Only a program says how sure it is of a word; its least sure one counts.
            content["proposals"] = (*content["proposals"], MachineProposal(UNNAMED_ENGINE, text, min(sure)))
        elif not known and text.runs:
            content["readings"] = (CellReading("#0", text),)
        place = said.get("place") if kind == "cell" else None

        def made() -> TextRegion:
            common = {"lines": tuple(lines), "custom": said.get("custom", ""), **content}
            if place is None:
                return TextRegion(label, outline, **common)
            column, down, right, is_heading = place
            return CellRegion(label, outline, column=column + 0, row_span=down + 0, column_span=right + 0,
                              is_heading=bool(is_heading), **common)  # fmt: skip

        return told(made, file=self.file, line=element.line)

    def _line(self, element: XmlElement, named: Any) -> TextLine:
        self._note_attributes(element)
        name, custom = told(lambda: line_name(named), file=self.file, line=element.line)
        outline = self._outline(element, name)
        baseline: Outline = ()
        if stated := element.attributes.get("BASELINE", "").strip():
            if " " in stated or "," in stated:
                baseline = read_points(stated, file=self.file, line=element.line, notes=self.notes, of=name)
            else:
                self.notes.add("a baseline of one number, not kept", name)
        return told(lambda: TextLine(name, outline, baseline, custom), file=self.file, line=element.line)

    def _line_text(self, element: XmlElement, sure: list[float]) -> str:
        words: list[str] = []
        for part in element.parts:
            self._note_attributes(part)
            if part.name == "String":
                words.append(part.attributes.get("CONTENT", ""))
                if "WC" in part.attributes:
                    sure.append(self._confidence(part))
                for inner in part.parts:
                    self.notes.add(f"not kept: {inner.name}")
            elif part.name == "HYP":
                words[-1:] = [(words[-1] if words else "") + part.attributes.get("CONTENT", "")]
            elif part.name not in ("SP", "Shape"):
                self.notes.add(f"not kept: {part.name}")
        return " ".join(words)

    def _confidence(self, element: XmlElement) -> float:
        try:
            sure = float(element.attributes["WC"])
        except ValueError:
            sure = -1.0
        if not 0 <= sure <= 1:
            raise refused("a confidence that is not between 0 and 1", "export it again", file=self.file, line=element.line,
                          value=element.attributes["WC"])  # fmt: skip
        return sure

    def _note_attributes(self, element: XmlElement) -> None:
        for name in sorted(element.attributes.keys() - _READ_ATTRIBUTES.get(element.name, set()) - _PLACE):
            self.notes.add(f"not kept: {name} of {element.name}")

    def _free_reader(self, known: tuple[CellReading, ...]) -> str:
        taken = {each.reader for each in known}
        return next(name for name in (f"#{at}" for at in range(len(taken) + 1)) if name not in taken)

    def _tag(self, element: XmlElement) -> tuple[str, str, dict[str, Any]]:
        """What Dokaz says of a block: its kind, its id, the rest; for another program's block, its ID alone."""
        name = self._id(element)
        self._note_attributes(element)
        for ref in element.attributes.get("TAGREFS", "").split():
            tag = self.tags.get(ref)
            if tag is None:
                self.notes.add("a tag that is not in the file", ref)
                continue
            kind = tag.attributes.get("TYPE", "")
            if kind.startswith("dokaz:"):
                said = from_json(tag.attributes.get("DESCRIPTION", ""), file=self.file, line=tag.line)
                return kind.removeprefix("dokaz:"), tag.attributes.get("LABEL", ""), said
            self.notes.add("not kept: tags of other programs", tag.attributes.get("LABEL", ref))
        return "", name, {}

    def _id(self, element: XmlElement) -> str:
        name = element.attributes.get("ID", "")
        if not name:
            raise refused(f"{element.name} without an ID", "export it again", file=self.file, line=element.line)
        if (name in self.seen and element.name == "Page") or len(self.seen) > MOST_REGIONS:
            raise refused("an ID given twice, or too many regions", "export it again", file=self.file, line=element.line,
                          value=name)  # fmt: skip
        self.seen.add(name)
        return name

    def _outline(self, element: XmlElement, of: str) -> Outline:
        polygons = [p for shape in element.named("Shape") for p in shape.parts]
        for polygon in polygons:
            if polygon.name != "Polygon":
                self.notes.add(f"not kept: {polygon.name}", of)
                continue
            return read_points(polygon.attributes.get("POINTS", "").strip(), file=self.file, line=polygon.line,
                               notes=self.notes, of=of)  # fmt: skip
        if {"HPOS", "VPOS", "WIDTH", "HEIGHT"} <= element.attributes.keys():
            x, y, w, h = (self._number(element, name, of) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
            return (x, y), (x + w, y), (x + w, y + h), (x, y + h)
        self.notes.add("without a place, so not drawn", of)
        return ()

    def _number(self, element: XmlElement, name: str, of: str) -> int:
        text = element.attributes[name]
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not 0 <= value <= MOST_PIXELS:
            raise refused(f"{of}: {name} is no number of pixels", "export it again", file=self.file, line=element.line,
                          value=text)  # fmt: skip
        if not value.is_integer():
            self.notes.add("points between pixels, rounded", of)
        return round(value)

    def _made(self, make: Callable[[], _Made], element: XmlElement) -> _Made:
        return built(make, file=self.file, line=element.line)
