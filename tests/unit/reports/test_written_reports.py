"""The three forms of a report: the same bytes each time, complete, and safe to open."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from base64 import a85decode
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from reportlab.pdfbase.ttfonts import TTFontFile
from reportlab.platypus import KeepTogether
from test_compared import _case
from test_kinship_report import facts, reported

from dokaz.errors import NotMeaningful
from dokaz.pages.pictures.pedigree_strokes import DrawnMember, draw_legend, draw_pedigree
from dokaz.pages.pictures.svg import line, picture
from dokaz.reports.as_html import as_html
from dokaz.reports.as_pdf import _flowables, _story, as_pdf
from dokaz.reports.as_workbook import as_workbook
from dokaz.reports.compared import of_pair
from dokaz.reports.document import (
    ReportDocument,
    ReportFacts,
    ReportHeading,
    ReportPicture,
    ReportPictures,
    ReportTable,
    ReportText,
    ShownNumber,
)
from dokaz.reports.plex import REGULAR, STRONG, font_bytes, true_type
from dokaz.reports.svg_on_paper import SvgOnPaper
from dokaz.reports.words import ReportWords

WRITERS = {"pdf": as_pdf, "html": as_html, "xlsx": as_workbook}
SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def document(language: str = "en") -> ReportDocument:
    return reported(of_pair(_case(theta=0.01), "V1", "elder"), language)


def with_case(name: str) -> ReportDocument:
    """A short report on a case of that name."""
    table = ReportTable("Names", ("Name", "Value"), ((name, ShownNumber(1.5, "1.5")),), frozenset({1}))
    blocks = (ReportText(name, is_strong=True), ReportFacts(((name, name),)), ReportHeading("Names"), table)
    return ReportDocument("Kinship report", name, "en", dt.date(2026, 11, 27), "Page %(page)s of %(pages)s", blocks)


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_same_report_gives_the_same_bytes(form: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = WRITERS[form](document(language))
    # What other libraries date their files by changes nothing.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234567890")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert WRITERS[form](document(language)) == first
    later = replace(document(language), date=dt.date(2026, 11, 28))
    assert WRITERS[form](later) != first


# --- PDF ----------------------------------------------------------------------------------------------------------------


def _streams(pdf: bytes) -> list[bytes]:
    packed = re.findall(rb"/ASCII85Decode /FlateDecode.*?stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    return [zlib.decompress(a85decode(one.strip(), adobe=False) if not one.strip().endswith(b"~>")
                            else a85decode(b"<~" + one.strip(), adobe=True)) for one in packed]  # fmt: skip


def test_a_pdf_is_dated_as_the_report_has_its_language_and_embeds_its_letters() -> None:
    pdf = as_pdf(document("uk"))
    assert pdf.startswith(b"%PDF-1.")
    assert b"/CreationDate (D:20261127000000+00'00')" in pdf
    assert b"/Lang (uk)" in pdf
    embedded = set(re.findall(rb"/FontName /\w{6}\+([\w-]+)", pdf))
    assert embedded == {b"IBMPlexSans", b"IBMPlexSans-SmBld"}
    assert pdf.count(b"/FontFile2") >= 2
    assert b"Helvetica" not in b"".join(_streams(pdf))


def test_each_page_says_which_of_how_many_it_is() -> None:
    counted: list[dict[str, object]] = []

    class Told(str):
        def __mod__(self, values: object) -> str:
            assert isinstance(values, dict)
            counted.append(values)
            return str.__mod__(self, values)

    pdf = as_pdf(replace(document(), page_of=Told("Page %(page)s of %(pages)s")))
    pages = len(re.findall(rb"/Type /Page\b(?!s)", pdf))
    assert pages >= 3
    assert [(one["page"], one["pages"]) for one in counted] == [(n, pages) for n in range(1, pages + 1)]


def test_what_only_a_workbook_holds_is_in_no_other_form() -> None:
    rows = tuple((f"row {k}", ShownNumber(k, str(k))) for k in range(500))
    long = ReportTable("Long", ("Name", "Value"), rows, is_for_workbooks=True)
    made = replace(with_case("c"), blocks=(long,))
    assert len(re.findall(rb"/Type /Page\b(?!s)", as_pdf(made))) == 1
    assert b"row 499" not in as_html(made)
    assert len(_sheets(as_workbook(made))["Long"]) == 501


def test_what_people_sign_stays_on_one_page_with_its_heading() -> None:
    last = list(_story(document().blocks))[-1]
    assert isinstance(last, KeepTogether)
    assert len(last._content) >= 3


@pytest.mark.parametrize(
    ("children", "grandchildren", "turned", "parts"),
    [(1, 0, False, 2), (5, 0, False, 3), (12, 0, True, 2), (12, 6, True, 3)],
)
def test_a_wide_pedigree_is_drawn_where_it_can_be_read(
    children: int, grandchildren: int, turned: bool, parts: int
) -> None:
    members = [DrawnMember("f", "m"), DrawnMember("m", "f")]
    members += [DrawnMember(f"c{k}", "m", "f", "m") for k in range(children)]
    members += [DrawnMember(f"g{k}", "m", f"g{k - 1}" if k else "c0") for k in range(grandchildren)]
    svg = draw_pedigree(members, words=ReportWords("en"), has_legend=False, least_width=0.0)
    legend = draw_legend(members, words=ReportWords("en"))
    table = ReportTable("Pedigrees", ("Person",), (("f",),), is_for_workbooks=True)
    pictures = ReportPictures((ReportPicture("H1", svg), ReportPicture("H2", svg)), legend, table)
    placed = list(_flowables(pictures))
    # Beside each other in one table, or each by itself; the legend below.
    assert len(placed) == parts
    first = placed[0]._content[0] if parts == 2 else placed[0]._content[1]
    drawn = first._cellvalues[1][0] if parts == 2 else first
    assert drawn.is_turned is turned
    assert drawn.scale > (0.35 if turned else 0.5)
    assert as_pdf(replace(with_case("c"), blocks=(pictures,))).count(b"%%EOF") == 1


def test_a_letter_that_the_font_does_not_have_is_refused_and_ukrainian_has_all() -> None:
    assert as_pdf(with_case("Ґанок, їжак, Євген’s щастя № 5 − 10¹⁷ × “test”"))
    assert as_pdf(with_case(ReportWords("en").ratio(-20.5)))
    with pytest.raises(NotMeaningful, match="has the letter '骨'"):
        as_pdf(with_case("bone 骨"))
    assert "骨".encode() in as_html(with_case("bone 骨"))


def test_markup_in_a_name_is_text() -> None:
    name = "<b>&amp; <img src=x onerror=alert(1)> \" ' </style>"
    assert as_pdf(with_case(name))
    html = as_html(with_case(name)).decode()
    assert "<img" not in html
    assert "<b>" not in html
    assert html.count("</style>") == 1


def test_a_picture_with_a_stroke_that_is_not_drawn_on_paper_is_refused() -> None:
    def drawn(*parts: str) -> bytes:
        from reportlab.pdfgen.canvas import Canvas

        written = io.BytesIO()
        canvas = Canvas(written, invariant=1, pageCompression=0)
        shown = SvgOnPaper(picture("p", 100, 50, "t", "d", parts, kind="test"), 200)
        shown.drawOn(canvas, 0, 0)
        canvas.save()
        return written.getvalue()

    assert b"10 -20 m 30 -40 l S" in drawn(line(10, 20, 30, 40))
    with pytest.raises(ValueError, match="<ellipse>"):
        drawn("<ellipse/>")
    with pytest.raises(ValueError, match="path"):
        drawn('<path d="M0 0 A1 1 0 0 0 2 2"/>')


@pytest.mark.parametrize("name", [REGULAR, STRONG])
def test_the_shipped_fonts_unpack_to_sound_true_type(name: str) -> None:
    data = font_bytes(name)
    (count,) = struct.unpack(">H", data[4:6])
    assert count == 17
    for k in range(count):
        tag, checksum, offset, length = struct.unpack(">4sIII", data[12 + 16 * k : 28 + 16 * k])
        table = bytearray(data[offset : offset + length] + b"\0" * (-length % 4))
        if tag == b"head":
            table[8:12] = bytes(4)
        assert sum(struct.unpack(f">{len(table) // 4}I", table)) % 2**32 == checksum, tag
    font = TTFontFile(io.BytesIO(data))
    assert {ord(letter) for letter in "AaZzҐґЄєІіЇї’№−×⁰¹²³⁹θ″…"} <= set(font.charToGlyph)


def test_what_is_no_woff_file_is_refused() -> None:
    with pytest.raises(ValueError, match="no WOFF"):
        true_type(b"OTTO" + bytes(100))


# --- HTML ---------------------------------------------------------------------------------------------------------------


class _Read(HTMLParser):
    """Elements, their attributes, headings and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_an_html_report_loads_nothing_runs_nothing_and_is_well_formed() -> None:
    page = as_html(document()).decode()
    read = _Read(page)
    assert read.open == []
    tags = {tag for tag, _ in read.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "base", "form"}
    for tag, attributes in read.elements:
        assert not [
            name for name in attributes if name in ("src", "href", "srcset", "style") or name.startswith("on")
        ], tag
    assert "url(" not in page
    assert "@import" not in page
    assert set(re.findall(r"https?://[\w./]+", page)) == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in page


def test_an_html_report_reads_well_aloud() -> None:
    page = as_html(document("uk")).decode()
    read = _Read(page)
    assert ("html", {"lang": "uk"}) in read.elements
    tags = [tag for tag, _ in read.elements]
    assert tags.count("h1") == tags.count("main") == 1
    assert tags.index("h1") < tags.index("h2")
    assert tags.count("caption") == tags.count("table") - 1  # the one to sign has row and column heads only
    heads = [attributes for tag, attributes in read.elements if tag == "th"]
    assert heads
    assert all(attributes.get("scope") in ("col", "row") for attributes in heads)
    pictures = [attributes for tag, attributes in read.elements if tag == "svg"]
    assert len(pictures) == 3
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(one["aria-labelledby"] in ids and one["aria-describedby"] in ids for one in pictures)


# --- workbooks ----------------------------------------------------------------------------------------------------------


def _sheets(book: bytes) -> dict[str, list[list[str]]]:
    """Cells by sheet, row after row, as texts."""
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        strings = [
            "".join(t.text or "" for t in one.iter(f"{SHEETS}t"))
            for one in ElementTree.fromstring(packed.read("xl/sharedStrings.xml"))
        ]
        names = [
            one.get("name", "") for one in ElementTree.fromstring(packed.read("xl/workbook.xml")).iter(f"{SHEETS}sheet")
        ]
        found = {}
        for k, name in enumerate(names, start=1):
            sheet = ElementTree.fromstring(packed.read(f"xl/worksheets/sheet{k}.xml"))
            assert not list(sheet.iter(f"{SHEETS}f"))
            found[name] = [
                [
                    strings[int(cell.findtext(f"{SHEETS}v") or 0)] if cell.get("t") == "s"
                    else cell.findtext(f"{SHEETS}v") or ""
                    for cell in row
                ]
                for row in sheet.iter(f"{SHEETS}row")
            ]  # fmt: skip
        return found


def test_a_workbook_has_a_sheet_a_table_and_every_digit() -> None:
    made = document()
    sheets = _sheets(as_workbook(made))
    tables = {b.caption: b for b in made.blocks if isinstance(b, ReportTable)}
    assert set(sheets) == {"Kinship report", "Pedigrees", *tables}
    rows = sheets["Genotypes and likelihood ratios"]
    assert rows[0] == list(tables["Genotypes and likelihood ratios"].columns)
    total = tables["Genotypes and likelihood ratios"].rows[-1][5]
    assert isinstance(total, ShownNumber)
    assert float(rows[-1][5]) == pytest.approx(total.value, rel=1e-15)
    assert len(sheets["All frequencies"]) == 1 + 25
    texts = {cell for row in sheets["Kinship report"] for cell in row}
    assert facts(made)["Verbal scale"] in texts
    assert {"Computed by", "Checked by", "Signature"} <= texts


def test_a_name_that_looks_like_a_formula_or_a_code_stays_a_name() -> None:
    name = '=HYPERLINK("x")&P'
    sheets = _sheets(as_workbook(with_case(name)))
    assert sheets["Names"][1] == [name, "1.5"]
    with zipfile.ZipFile(io.BytesIO(as_workbook(with_case(name)))) as packed:
        head = ElementTree.fromstring(packed.read("xl/worksheets/sheet1.xml")).find(f".//{SHEETS}oddHeader")
    assert head is not None
    assert '"x")&&P' in (head.text or "")


def test_captions_that_no_sheet_may_bear_are_cut_and_told_apart() -> None:
    caption = "Genotypes: a/b [all of them, the long list]"
    tables = [ReportTable(caption, ("A",), (("x",),)) for _ in range(3)]
    made = ReportDocument("T", "c", "en", dt.date(2026, 11, 27), "%(page)s %(pages)s", tables)
    names = list(_sheets(as_workbook(made)))
    assert len(set(names)) == 4
    assert all(len(name) <= 31 and not set("[]:*?/\\") & set(name) for name in names)
