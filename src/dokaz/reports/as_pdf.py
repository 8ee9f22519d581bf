"""A report as PDF: A4, numbered pages, letters embedded; the same report gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator, Sequence
from hashlib import md5
from html import escape
from itertools import pairwise
from typing import Any

from reportlab.lib.colors import HexColor, black
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Table,
)

from dokaz.reports.document import (
    CellContent,
    ReportBlock,
    ReportDocument,
    ReportFacts,
    ReportHeading,
    ReportPictures,
    ReportSignatures,
    ReportTable,
    ReportText,
    ShownNumber,
    shown_of,
)
from dokaz.reports.plex import REGULAR, STRONG, font_bytes, must_have_letters
from dokaz.reports.svg_on_paper import SvgOnPaper

_MARGIN, _HEAD = 18 * mm, 14 * mm
_WIDTH = A4[0] - 2 * _MARGIN
#: What a picture on its side may take of a page, beside its title.
_HEIGHT = A4[1] - 2 * _MARGIN - _HEAD - 20 * mm
_ACCENT, _SOFT, _HAIR, _BAND = HexColor("#1d3f72"), HexColor("#555555"), HexColor("#bbbbbb"), HexColor("#eef1f6")
_RAISED_MINUS = "⁻"
#: Pictures that would be smaller than this beside each other are drawn one below the other, and still smaller ones
#: on their side.
_LEAST_SCALE = 0.5


def as_pdf(document: ReportDocument) -> bytes:
    """The report as a PDF file.

    Raises:
        NotMeaningful: a letter that the font does not have.
    """
    _register()
    must_have_letters(
        (text.replace(_RAISED_MINUS, "") for text in _texts(document)), pdfmetrics.getFont(REGULAR).face.charToGlyph
    )
    written = io.BytesIO()
    template = BaseDocTemplate(
        written,
        pagesize=A4,
        invariant=1,
        pageCompression=1,
        lang=document.language,
        title=f"{document.title}: {document.subtitle}",
        author="",
        subject=document.title,
        creator="Dokaz",
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
    )
    frame = Frame(_MARGIN, _MARGIN, _WIDTH, A4[1] - 2 * _MARGIN - _HEAD + 6 * mm, 0, 0, 0, 0)
    template.addPageTemplates([PageTemplate("page", [frame])])
    story = [Paragraph(_said(document.title), _STYLES["title"]), *_story(document.blocks)]
    template.build(story, canvasmaker=_numbered(document))
    return written.getvalue()


def _register() -> None:
    for name in (REGULAR, STRONG):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, io.BytesIO(font_bytes(name))))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=STRONG, italic=REGULAR, boldItalic=STRONG)


def _style(name: str, size: float, **others: Any) -> ParagraphStyle:
    return ParagraphStyle(name, **{"fontName": REGULAR, "fontSize": size, "leading": size * 1.35, **others})


_STYLES = {
    "title": _style("title", 18, fontName=STRONG, spaceAfter=8),
    "heading": _style("heading", 12, fontName=STRONG, textColor=_ACCENT, spaceBefore=9, spaceAfter=3),
    "text": _style("text", 9.5, spaceAfter=5),
    "strong": _style("strong", 9.5, fontName=STRONG, borderColor=_ACCENT, borderWidth=0.8, borderPadding=5,
                     spaceBefore=8, spaceAfter=12),
    "caption": _style("caption", 9, fontName=STRONG, spaceBefore=5, spaceAfter=3),
    "cell": _style("cell", 8),
    "number": _style("number", 8, alignment=TA_RIGHT),
    "cell strong": _style("cell strong", 8, fontName=STRONG),
    "number strong": _style("number strong", 8, fontName=STRONG, alignment=TA_RIGHT),
    "fact": _style("fact", 9.5),
    "name": _style("name", 9.5, textColor=_SOFT),
}  # fmt: skip


def _numbered(document: ReportDocument) -> Callable[..., Canvas]:
    """Pages that say how many there are: kept until the last is known."""

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            # Dated as the report is; without this the library would ask the clock or the environment.
            self._doc._timeStamp = _stamp(document.date)
            self._doc.signature = md5(document.date.isoformat().encode(), usedforsecurity=False)
            self._kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - the name that the library calls
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page, state in enumerate(self._kept, start=1):
                self.__dict__.update(state)
                _edges(self, document, page, len(self._kept))
                super().showPage()
            super().save()

    return Numbered


def _stamp(date: dt.date) -> TimeStamp:
    stamp = TimeStamp(invariant=1)
    moment = dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC)
    stamp.t, stamp.lt, stamp.dhh, stamp.dmm, stamp.tzname = moment.timestamp(), moment.timetuple(), 0, 0, "UTC"
    stamp.YMDhms = tuple(moment.timetuple())[:6]
    return stamp


def _edges(canvas: Canvas, document: ReportDocument, page: int, pages: int) -> None:
    canvas.setFont(REGULAR, 8)
    canvas.setFillColor(_SOFT)
    top, bottom = A4[1] - _HEAD, 11 * mm
    canvas.drawString(_MARGIN, top, f"{document.title} · {document.subtitle} · {document.date.isoformat()}"[:110])
    canvas.drawRightString(A4[0] - _MARGIN, bottom, document.page_of % {"page": page, "pages": pages})
    canvas.setStrokeColor(_HAIR)
    canvas.line(_MARGIN, top - 3, A4[0] - _MARGIN, top - 3)


def _said(text: str) -> str:
    """Text as the library's markup; the font has raised digits but no raised minus, so a common one is raised."""
    return escape(text, quote=False).replace(_RAISED_MINUS, '<super rise="3" size="5.5">−</super>')


def _texts(document: ReportDocument) -> Iterator[str]:
    """Every text of the report, to see whether the font has its letters; pictures bear the same names."""
    yield from (document.title, document.subtitle)
    for block in document.blocks:
        match block:
            case ReportHeading(text) | ReportText(text):
                yield text
            case ReportFacts(rows):
                yield from (text for row in rows for text in row)
            case ReportTable():
                yield from (block.caption, *block.columns, *(shown_of(cell) for row in block.rows for cell in row))
            case ReportPictures():
                yield from (picture.title for picture in block.pictures)
                yield from (shown_of(cell) for row in block.as_table.rows for cell in row)
            case ReportSignatures():
                yield from (*block.people, *block.lines)


def _story(blocks: Sequence[ReportBlock]) -> Iterator[Flowable]:
    """All blocks; the section that people sign stays on one page."""
    starts = [k for k, block in enumerate(blocks) if isinstance(block, ReportHeading)] + [len(blocks)]
    yield from (part for block in blocks[: starts[0]] for part in _flowables(block))
    for start, end in pairwise(starts):
        parts = [part for block in blocks[start:end] for part in _flowables(block)]
        is_signed = any(isinstance(block, ReportSignatures) for block in blocks[start:end])
        yield from [KeepTogether(parts)] if is_signed else parts


def _flowables(block: ReportBlock) -> Iterator[Flowable]:
    match block:
        case ReportHeading(text):
            # A heading never stands alone at the foot of a page; tables may go on overleaf.
            yield CondPageBreak(38 * mm)
            yield Paragraph(_said(text), _STYLES["heading"])
        case ReportText(text, is_strong):
            yield Paragraph(_said(text), _STYLES["strong" if is_strong else "text"])
        case ReportFacts():
            yield _facts(block)
        case ReportTable():
            if not block.is_for_workbooks:
                yield from _table(block)
        case ReportPictures():
            yield from _pictures(block)
        case ReportSignatures():
            yield _signatures(block)


def _facts(facts: ReportFacts) -> Flowable:
    rows = [
        [Paragraph(_said(name), _STYLES["name"]), Paragraph(_said(text or "…" * 24), _STYLES["fact"])]
        for name, text in facts.rows
    ]
    style = [("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(2)]
    return Table(rows, colWidths=[_WIDTH * 0.3, _WIDTH * 0.7], style=style, hAlign="LEFT", spaceAfter=4)


def _padding(size: float) -> list[tuple[Any, ...]]:
    everywhere = (0, 0), (-1, -1)
    return [(f"{side}PADDING", *everywhere, size) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]


def _table(table: ReportTable) -> Iterator[Flowable]:
    yield CondPageBreak(24 * mm)
    yield Paragraph(_said(table.caption), _STYLES["caption"])
    head = [_cell(name, k in table.numeric, True) for k, name in enumerate(table.columns)]
    body = [
        [_cell(cell, k in table.numeric, r in table.strong_rows) for k, cell in enumerate(row)]
        for r, row in enumerate(table.rows)
    ]
    style: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, _HAIR),
        *((("BACKGROUND", (0, r + 1), (-1, r + 1), _BAND)) for r in sorted(table.strong_rows)),
        *_padding(1.5),
    ]
    yield Table([head, *body], colWidths=_widths(table), repeatRows=1, style=style, hAlign="LEFT", spaceAfter=6)


def _cell(content: CellContent, is_number: bool, is_strong: bool) -> Paragraph:
    kind = "number" if is_number else "cell"
    return Paragraph(_said(shown_of(content)), _STYLES[f"{kind} strong" if is_strong else kind])


def _widths(table: ReportTable) -> list[float]:
    """Columns as wide as their longest word needs, the rest shared by what their texts would like."""
    needed, liked = [], []
    for k, column in enumerate(table.columns):
        texts = [column, *(shown_of(row[k]) for row in table.rows)]
        lengths = [pdfmetrics.stringWidth(text, STRONG, 8) for text in texts]
        words = [pdfmetrics.stringWidth(word, STRONG, 8) for text in texts for word in text.split(" ")]
        unbroken = any(isinstance(row[k], ShownNumber) for row in table.rows)
        needed.append((max(lengths) if unbroken else max(words)) + 6)
        liked.append(max(lengths) + 6)
    spare, wish = _WIDTH - sum(needed), sum(liked) - sum(needed)
    if spare < 0:
        return [width * _WIDTH / sum(needed) for width in needed]
    share = min(1.0, spare / wish) if wish else 0.0
    return [need + share * (like - need) for need, like in zip(needed, liked, strict=True)]


def _pictures(pictures: ReportPictures) -> Iterator[Flowable]:
    """Beside each other; where they would be too small for that, below each other; still wider ones on their side."""
    svgs = [picture.svg for picture in pictures.pictures]
    titles = [Paragraph(_said(picture.title), _STYLES["caption"]) for picture in pictures.pictures]
    scale = min(SvgOnPaper(svg, _WIDTH / len(svgs) - 6).scale for svg in svgs)
    across = [SvgOnPaper(svg, _WIDTH) for svg in svgs]
    turned = [SvgOnPaper(svg, _HEIGHT, is_turned=True) for svg in svgs]
    if scale >= _LEAST_SCALE:
        yield _side_by_side(titles, [SvgOnPaper(svg, _WIDTH, scale) for svg in svgs])
    elif min(one.scale for one in across) >= _LEAST_SCALE:
        yield from (KeepTogether([title, one]) for title, one in zip(titles, across, strict=True))
    elif max(one.height for one in turned) <= _WIDTH / len(svgs):
        yield _side_by_side(titles, turned)
    else:
        yield from (KeepTogether([title, one]) for title, one in zip(titles, turned, strict=True))
    yield SvgOnPaper(pictures.legend_svg, _WIDTH)


def _side_by_side(titles: Sequence[Paragraph], drawn: Sequence[SvgOnPaper]) -> Flowable:
    style = [("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(3)]
    columns = [_WIDTH / len(drawn)] * len(drawn)
    return KeepTogether([Table([list(titles), list(drawn)], colWidths=columns, style=style, hAlign="LEFT")])


def _signatures(signatures: ReportSignatures) -> Flowable:
    gap, first = 14.0, _WIDTH * 0.16
    each = (_WIDTH - first) / len(signatures.people) - gap
    head = [cell for person in signatures.people for cell in ("", Paragraph(_said(person), _STYLES["cell strong"]))]
    blank = ["", ""] * len(signatures.people)
    rows = [["", *head], *([Paragraph(_said(line), _STYLES["name"]), *blank] for line in signatures.lines)]
    columns = [first, *([gap, each] * len(signatures.people))]
    lines = [("LINEBELOW", (k, 1), (k, -1), 0.5, black) for k in range(2, len(columns), 2)]
    style = [*lines, ("VALIGN", (0, 0), (-1, -1), "BOTTOM"), *_padding(2)]
    heights = [18.0, *([24.0] * len(signatures.lines))]
    return Table(rows, colWidths=columns, rowHeights=heights, style=style, hAlign="LEFT", spaceBefore=2)
