"""PAGE XML, as Dokaz and as other programs write it: what is read, and in words what was missing and what is not kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any, TypeVar

from dokaz.exchange.programs.page_custom_tags import marks_from_tags
from dokaz.exchange.programs.page_xml_writer import OF_BOOK, OF_PAGE, OF_REGION
from dokaz.exchange.programs.transcription_parts import (
    MOST_REGIONS,
    UNNAMED_ENGINE,
    FileNotes,
    ReadTranscription,
    book_from_json,
    built,
    continued,
    from_json,
    page_from_json,
    read_points,
    read_whole,
    refused,
    texts_from_json,
    told,
)
from dokaz.exchange.reading.xml_elements import XmlElement, read_elements
from dokaz.transcription.marked_text import MarkedText, TextRun, marked_text, plain_text, spaced
from dokaz.transcription.names import free_name
from dokaz.transcription.pages import (
    MOST_ROWS,
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

#: Read for what they hold, or follow from it.
_READ = {"Coords", "Baseline", "TextEquiv", "TextLine", "Roles", "UserDefined", "CornerPts", "ReadingOrder", "TextRegion",
         "TableRegion", "TableCell"}  # fmt: skip
_READ_ATTRIBUTES = {"id", "custom", "rows", "columns", "row", "col", "rowSpan", "colSpan", "imageFilename", "imageWidth",
                    "imageHeight", "index", "conf", "points"}  # fmt: skip
_OF_CELLS = {"header"}
_WITH_CUSTOM = {"TextRegion", "TableCell", "TextLine"}

_Made = TypeVar("_Made")
_Texts = list[tuple[MarkedText, float | None]]


def read_page_xml(data: bytes, *, file: str) -> ReadTranscription:
    """Read one page.

    Cells are taken from ``TableCell`` and from ``TextRegion`` with a ``TableCellRole``. A text with a confidence is a
    proposal; one without is a reading, by ``#0``, ``#1`` … where the file does not say by whom.

    Raises:
        BadFile: not PAGE XML; a document type; an id that is missing or given twice; points that are none; two cells in
            one place; absurd sizes.
    """
    root = read_elements(data, file=file, keeps_foreign_attributes=True)
    pages = root.named("Page")
    if root.name != "PcGts" or "PAGE" not in root.namespace or len(pages) != 1:
        raise refused("no PAGE XML with one page", "export it as PAGE XML", file=file, line=root.line, value=root.name)
    notes = FileNotes(file)
    noted = {name: value for each in root.named("Metadata") for name, value in _noted(each).items()}
    page = _PageReader(file, notes).page(pages[0], noted.get(OF_PAGE))
    if OF_BOOK in noted:
        said = from_json(noted[OF_BOOK], file=file, line=None)
        book = told(lambda: book_from_json(said, [page]), file=file)
    else:
        book = built(lambda: TranscribedBook("book", pages=(page,)), file=file)
        notes.add("the file does not say of which book it is, nor its fields")
        for part in root.parts:
            if part.name != "Page":
                notes.add(f"not kept: {part.name}")
    return ReadTranscription(book, notes.in_words())


@dataclass
class _PageReader:
    file: str
    notes: FileNotes
    regions_seen: int = 0

    def page(self, element: XmlElement, noted: str | None) -> TranscribedPage:
        regions = self._regions(element, "on the page")
        self._leftover(element)
        regions = self._in_order(element, regions)
        taken = element.attributes
        name = taken.get("imageFilename", "").strip()
        width = read_whole(taken.get("imageWidth", ""), "the width of the page", file=self.file, line=element.line)
        height = read_whole(taken.get("imageHeight", ""), "the height of the page", file=self.file, line=element.line)
        if noted is not None:
            said = from_json(noted, file=self.file, line=element.line)
            page = told(lambda: page_from_json(said, regions), file=self.file, line=element.line)
            image = page.image
            if (image.file, image.width, image.height) != (name, width, height) if image else width or height or name:
                self.notes.add("another photograph or size than Dokaz wrote: Dokaz' was kept")
        else:
            stem = free_name(PurePath(name or self.file).name.partition(".")[0], "page")
            image = built(lambda: PageImage(" ".join(name.split()) or "not stated", width, height), file=self.file,
                          line=element.line)  # fmt: skip
            page = built(lambda: TranscribedPage(stem, image=image, regions=tuple(regions)), file=self.file)
        if page.image:
            for part in page.all_parts():
                if any(x > page.image.width or y > page.image.height for x, y in part.outline):
                    self.notes.add("drawn beyond the photograph", part.id)
        return page

    def _regions(self, element: XmlElement, where: str) -> list[PageRegion]:
        found: list[PageRegion] = []
        for part in element.parts:
            if part.name == "TableRegion":
                found.append(self._table(part))
            elif part.name == "TextRegion":
                found.append(self._header(part) if _is_header(part) else self._text(part, TextRegion))
                if not isinstance(found[-1], HeaderRegion) and any(one.name == "TextRegion" for one in part.parts):
                    self.notes.add("regions within a text region, set beside it", found[-1].id)
                    found += self._regions(part, where)
            elif part.name.endswith("Region"):
                self.notes.add(f"not kept: {part.name}", part.attributes.get("id", ""))
        return found

    def _in_order(self, element: XmlElement, regions: list[PageRegion]) -> list[PageRegion]:
        order = [ref for each in element.named("ReadingOrder") for ref in _references(each)]
        named = {region.id: region for region in regions}
        for ref in order:
            if ref not in named:
                self.notes.add("the reading order names a region that is not on the page", ref)
        first = list(dict.fromkeys(ref for ref in order if ref in named))
        if order and len(first) < len(regions):
            self.notes.add("not in the reading order, set behind the others", "")
        return [named[ref] for ref in first] + [region for region in regions if region.id not in set(first)]

    def _header(self, element: XmlElement) -> HeaderRegion:
        parts = [self._text(part, TextRegion) for part in element.named("TextRegion")]
        if not parts or any(part.name in ("TextLine", "TextEquiv") for part in element.parts):
            # Other programs write a header as one text.
            alone = self._text(element, TextRegion)
            if any((alone.lines, alone.readings, alone.proposals)):
                return self._made(
                    lambda: HeaderRegion(alone.id, alone.outline, (TextRegion(f"{alone.id}.text", alone.outline,
                        alone.field, alone.lines, alone.readings, alone.proposals, alone.custom), *parts)), element,
                )  # fmt: skip
            return self._made(lambda: HeaderRegion(alone.id, alone.outline, tuple(parts)), element)
        self._leftover(element)
        return self._made(lambda: HeaderRegion(self._id(element), self._outline(element), tuple(parts)), element)

    def _table(self, element: XmlElement) -> TableRegion:
        said = self._said(element)
        name, outline = self._id(element), self._outline(element)
        cells: dict[int, list[CellRegion]] = {}
        for part in element.parts:
            if part.name in ("TableCell", "TextRegion"):
                row, cell = self._cell(part, name)
                cells.setdefault(row, []).append(cell)
        self._leftover(element)
        height = max((row + max(cell.row_span for cell in those) for row, those in cells.items()), default=0)
        width = max((cell.column + cell.column_span for those in cells.values() for cell in those), default=0)
        for what, count in (("rows", height), ("columns", width)):
            stated = element.attributes.get(what)
            if stated is not None and "rows" not in said and stated.strip() != str(count):
                self.notes.add(
                    f"{what} stated are not those that are there", f"{name} ({stated} stated, {count} there)"
                )
        rows = self._rows(element, said, name, height, cells)
        self._note_overlaps(rows)
        return told(lambda: TableRegion(name, outline, tuple(rows), continued(said)), file=self.file, line=element.line)

    def _rows(
        self, element: XmlElement, said: dict[str, Any], name: str, height: int, cells: dict[int, list[CellRegion]]
    ) -> list[RowRegion]:
        if height > MOST_ROWS:
            raise refused(
                f"{name}: {height:,} rows", f"at most {MOST_ROWS:,} are read", file=self.file, line=element.line
            )
        if "rows" in said:
            drawn = told(lambda: [(row, self._row_points(points, row, element)) for row, points in said["rows"]],
                         file=self.file, line=element.line)  # fmt: skip
            if height > len(drawn):
                raise refused(f"{name}: cells in row {height - 1}, and {len(drawn)} rows", "export it again",
                              file=self.file, line=element.line)  # fmt: skip
        else:
            drawn = [(f"{name}.row{at}", ()) for at in range(height)]
            empty = [at for at in range(height) if at not in cells]
            if empty:
                self.notes.add("rows without a cell that begins in them", f"{name} ({', '.join(map(str, empty[:5]))})")
        return built(
            lambda: [RowRegion(row, points, tuple(cells.get(at, ()))) for at, (row, points) in enumerate(drawn)],
            file=self.file, line=element.line,
        )  # fmt: skip

    def _row_points(self, points: str, of: str, element: XmlElement) -> Outline:
        return read_points(points, file=self.file, line=element.line, notes=self.notes, of=of) if points else ()

    def _note_overlaps(self, rows: Sequence[RowRegion]) -> None:
        """Rows that lie on each other by more than half: counted apart, and perhaps one."""
        before: tuple[str, float, float] | None = None
        for row in rows:
            heights = [y for each in (row.outline, *(c.outline for c in row.cells if c.row_span == 1)) for _, y in each]
            if not heights:
                continue
            top, bottom = min(heights), max(heights)
            if (
                before
                and min(bottom, before[2]) - max(top, before[1]) > 0.5 * min(bottom - top, before[2] - before[1]) > 0
            ):
                self.notes.add("rows that lie on each other", f"{before[0]} and {row.id}")
            before = row.id, top, bottom

    def _cell(self, element: XmlElement, table: str) -> tuple[int, CellRegion]:
        if element.name == "TableCell":
            given, names = element.attributes, ("row", "col", "rowSpan", "colSpan", "header")
        else:
            roles = [role for each in element.named("Roles") for role in each.named("TableCellRole")]
            if len(roles) != 1:
                raise refused(
                    f"{table}: a cell without its row and column", "give it a TableCellRole, or draw it outside the table",
                    file=self.file, line=element.line, value=element.attributes.get("id"),
                )  # fmt: skip
            given, names = roles[0].attributes, ("rowIndex", "columnIndex", "rowSpan", "colSpan", "header")
        row, column, down, right = (
            read_whole(given.get(name, default), f"{table}: {name} of a cell", file=self.file, line=element.line)
            for name, default in zip(names, ("", "", "1", "1"), strict=False)
        )
        if not 0 <= row < MOST_ROWS:
            raise refused(f"{table}: a cell in row {row}", f"count rows from 0, at most {MOST_ROWS:,}", file=self.file,
                          line=element.line)  # fmt: skip
        place = {"column": column, "row_span": down, "column_span": right,
                 "is_heading": given.get(names[4]) in ("true", "1")}  # fmt: skip
        return row, self._text(element, CellRegion, **place)

    def _text(self, element: XmlElement, kind: Any, **place: Any) -> Any:
        self.regions_seen += 1
        if self.regions_seen > MOST_REGIONS:
            raise refused("too many regions", f"at most {MOST_REGIONS:,} are read", file=self.file)
        name, outline = self._id(element), self._outline(element)
        lines, line_texts = [], []
        for part in element.named("TextLine"):
            line, texts = self._line(part)
            lines.append(line)
            line_texts.append(texts)
        said = self._said(element)
        content = told(lambda: texts_from_json(said), file=self.file, line=element.line)
        content |= self._content(content, self._equivs(element), _joined(line_texts), name)
        custom = self._custom(element)
        self._leftover(element)
        return self._made(
            lambda: kind(id=name, outline=outline, lines=tuple(lines), custom=custom, **content, **place), element
        )

    def _content(self, noted: dict[str, Any], own: _Texts, of_lines: _Texts, name: str) -> dict[str, Any]:
        """Which texts count: those that Dokaz noted, else those of the region, else those of its lines.

        A text that another program changed since is another reading, by nobody whom the file names.
        """
        known = [spaced(each.text.as_written) for each in (*noted["readings"], *noted["proposals"])]
        shown, lined = ([spaced(text.as_written) for text, _ in texts] for texts in (own, of_lines))
        if known:
            if not shown or shown == known:
                return {}
            self.notes.add("a text that another program changed since Dokaz wrote it: both were kept", name)
            changed = [one for at, one in enumerate(own) if at >= len(known) or shown[at] != known[at]]
            new = _split(changed, {each.reader for each in noted["readings"]})
            return {kind: (*noted[kind], *texts) for kind, texts in new.items()}
        if shown and lined and shown[0] == lined[0]:  # marks are with the lines
            return _split([of_lines[0], *own[1:]])
        if shown and lined:
            self.notes.add("the text of the region is not that of its lines; the region's was taken", name)
        return _split(own or of_lines)

    def _line(self, element: XmlElement) -> tuple[TextLine, _Texts]:
        name, outline = self._id(element), self._outline(element)
        baseline: Outline = ()
        for part in element.named("Baseline"):
            baseline = self._points(part, f"{name}, baseline")
        texts = self._equivs(element)
        custom = element.attributes.get("custom", "")
        if texts:
            first = texts[0][0].as_written
            marked, custom = built(lambda: marks_from_tags(first, custom, lambda what: self.notes.add(what, name)),
                                   file=self.file, line=element.line)  # fmt: skip
            texts[0] = marked, texts[0][1]
        else:
            custom = self._custom(element)
        self._leftover(element)
        return self._made(lambda: TextLine(name, outline, baseline, custom), element), texts

    def _custom(self, element: XmlElement) -> str:
        return marks_from_tags("", element.attributes.get("custom", ""), lambda what: None)[1]

    def _equivs(self, element: XmlElement) -> _Texts:
        """The texts of an element, by their index; those without one are behind, in their order."""
        found = []
        for at, part in enumerate(element.named("TextEquiv")):
            index = part.attributes.get("index")
            key = (
                read_whole(index, "the index of a text", file=self.file, line=part.line) if index is not None else 2**31
            )
            unicode = "\n".join(each.text for each in part.named("Unicode"))
            if not part.named("Unicode"):
                self.notes.add("a text without Unicode, taken as empty", element.attributes.get("id", ""))
            for what in (
                *(p.name for p in part.parts if p.name != "Unicode"),
                *(part.attributes.keys() - {"index", "conf"}),
            ):
                self.notes.add(f"not kept: {what} of TextEquiv", "")
            text = built(partial(plain_text, unicode), file=self.file, line=part.line)
            found.append((key, at, text, self._confidence(part)))
        found.sort(key=lambda one: one[:2])
        return [(text, sure) for _, _, text, sure in found]

    def _confidence(self, element: XmlElement) -> float | None:
        stated = element.attributes.get("conf")
        if stated is None:
            return None
        try:
            sure = float(stated)
        except ValueError:
            sure = -1.0
        if not 0 <= sure <= 1:
            raise refused("a confidence that is not between 0 and 1", "export it again", file=self.file, line=element.line,
                          value=stated)  # fmt: skip
        return sure

    def _outline(self, element: XmlElement) -> Outline:
        coords = element.named("Coords")
        if not coords:
            self.notes.add("without Coords, so not drawn", element.attributes.get("id", ""))
            return ()
        outline = self._points(coords[0], element.attributes.get("id", ""))
        if 0 < len(outline) < 3:
            self.notes.add("drawn with fewer than three points, so not drawn", element.attributes.get("id", ""))
            return ()
        return outline

    def _points(self, element: XmlElement, of: str) -> Outline:
        text = element.attributes.get("points")
        if text is None:  # as it was until 2010
            text = " ".join(f"{p.attributes.get('x', '')},{p.attributes.get('y', '')}" for p in element.named("Point"))
        if not text.strip():
            self.notes.add("without Coords, so not drawn", of)
            return ()
        return read_points(text.strip(), file=self.file, line=element.line, notes=self.notes, of=of)

    def _id(self, element: XmlElement) -> str:
        name = element.attributes.get("id", "")
        if not name:
            raise refused(f"{element.name} without an id", "export it again", file=self.file, line=element.line)
        return name

    def _said(self, element: XmlElement) -> dict[str, Any]:
        noted = _noted(element).get(OF_REGION)
        return from_json(noted, file=self.file, line=element.line) if noted is not None else {}

    def _leftover(self, element: XmlElement) -> None:
        for part in element.parts:
            if part.name not in _READ and not part.name.endswith("Region"):
                self.notes.add(f"not kept: {part.name}", "")
        read = _READ_ATTRIBUTES | (
            _OF_CELLS if element.name == "TableCell" else {"type"} if _is_header(element) else set()
        )
        for name in sorted(element.attributes.keys() - read):
            self.notes.add(f"not kept: {name} of {element.name}", "")
        if element.name not in _WITH_CUSTOM and self._custom(element):
            self.notes.add(f"not kept: custom of {element.name}", "")

    def _made(self, make: Callable[[], _Made], element: XmlElement) -> _Made:
        return built(make, file=self.file, line=element.line)


def _split(texts: _Texts, taken: Set[str] = frozenset()) -> dict[str, Any]:
    """Texts as readings, those with a confidence as proposals."""
    free = (f"#{at}" for at in range(len(texts) + len(taken)) if f"#{at}" not in taken)
    readings = tuple(CellReading(next(free), text) for text, sure in texts if sure is None)
    proposals = tuple(MachineProposal(UNNAMED_ENGINE, text, sure) for text, sure in texts if sure is not None)
    return {"readings": readings, "proposals": proposals}


def _joined(lines: list[_Texts]) -> _Texts:
    """The texts of a region whose lines alone have texts: the first of every line, the second, and so on."""
    found = []
    for at in range(max(map(len, lines), default=0)):
        runs: list[TextRun] = []
        sure: list[float] = []
        for texts in lines:
            if at < len(texts):
                runs += [*([TextRun("\n")] if runs else []), *texts[at][0].runs]
                sure += [] if texts[at][1] is None else [float(texts[at][1] or 0)]
        found.append((marked_text(runs), min(sure) if sure else None))
    return found


def _is_header(element: XmlElement) -> bool:
    return element.attributes.get("type") == "header"


def _references(order: XmlElement) -> list[str]:
    found = []
    for part in sorted(order.parts, key=_index):
        if ref := part.attributes.get("regionRef"):
            found.append(ref)
        found += _references(part)
    return found


def _index(element: XmlElement) -> int:
    text = element.attributes.get("index", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _noted(element: XmlElement) -> dict[str, str]:
    """What Dokaz noted for itself, by name."""
    return {
        each.attributes.get("name", ""): each.attributes.get("value", "")
        for defined in element.named("UserDefined")
        for each in defined.named("UserAttribute")
    }
