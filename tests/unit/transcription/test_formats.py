"""PAGE, ALTO, CSV and XLSX: what is written is read as it was; what others write is read with what it lacks, or refused."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from any_transcription import books, texts
from hypothesis import HealthCheck, given, settings
from small_book import BOOK, NOON, PAGE, box, in_format

from dokaz.errors import BadFile
from dokaz.exchange.programs.page_custom_tags import marks_from_tags, written_tags
from dokaz.exchange.programs.page_xml_writer import in_lines
from dokaz.exchange.programs.transcription_files import (
    TranscriptionFormat,
    read_transcription,
    read_transcriptions,
    written_transcription,
)
from dokaz.transcription.entries import entries
from dokaz.transcription.marked_text import plain_text
from dokaz.transcription.notation import read_notation, written_notation
from dokaz.transcription.pages import CellRegion, HeaderRegion, TableRegion, TextRegion

SLOW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
NS = 'xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"'


def page_xml(inside: str, size: str = 'imageWidth="100" imageHeight="200"') -> bytes:
    return f'<?xml version="1.0"?><PcGts {NS}><Page imageFilename="a.jpg" {size}>{inside}</Page></PcGts>'.encode()


def read_page(inside: str):
    read = read_transcription(page_xml(inside), file="a.xml")
    return read.book.pages[0], " | ".join(read.notes)


@pytest.mark.parametrize("to", list(TranscriptionFormat))
@SLOW
@given(books())
def test_a_book_is_read_as_it_was_written(to, book):
    """Every region, cell, reading, proposal and mark; pages, rows, spans, fields in their versions."""
    written = written_transcription(book, to, written_at=NOON)
    assert read_transcriptions(written.files).book == book


@given(texts())
def test_marks_of_a_line_survive_in_the_words_of_other_programs(text):
    for line in in_lines(text):
        read, kept = marks_from_tags(line.as_written, written_tags(line), pytest.fail)
        assert written_notation(read) == written_notation(line)
        assert kept == ""


def test_tags_that_are_not_understood_are_kept_as_they_were():
    told: list[str] = []
    custom = (
        "readingOrder {index:0;} person {offset:0; length:4;  firstname:\\u0406;} unclear {offset:0; length:4;} loose"
    )
    text, kept = marks_from_tags("Іван", custom, told.append)
    assert written_notation(text) == "(?Іван)"
    assert kept == "person {offset:0; length:4; firstname:\\u0406;} loose" and told == []
    tags = "unclear {offset:2; length:3;} add {offset:0; length:0;} gap {offset:4; length:0;}"
    text, _ = marks_from_tags("Іван", tags, told.append)
    assert written_notation(text) == "Іван(..1)"
    assert [one.split(" that ")[0] for one in told] == ["a tag unclear", "a tag add", "a gap"]


def test_another_programs_page_is_read_without_our_notes():
    """As Transkribus writes: TableCell, lines with tags, no notes of ours, no text of the cell as a whole."""
    inside = """
      <TableRegion id="t" rows="9" columns="1"><Coords points="0,0 9,0 9,9"/>
        <TableCell id="c" row="0" col="0"><Coords points="0,0 5,0 5,5"/>
          <TextLine id="l1" custom="unclear {offset:0; length:2;}"><Coords points="0,0 5,0 5,2"/>
            <TextEquiv index="1" conf="0.5"><Unicode>два</Unicode></TextEquiv>
            <TextEquiv index="0"><Unicode>Іван</Unicode></TextEquiv></TextLine>
          <TextLine id="l2"><Coords points="0,2 5,2 5,5"/><Baseline points="0,4 5,4"/><Word id="w"/>
            <TextEquiv><Unicode>Коваль</Unicode></TextEquiv></TextLine></TableCell></TableRegion>
      <ImageRegion id="stamp"/>"""
    page, notes = read_page(inside)
    [table] = page.regions
    [first] = table.rows[0].cells
    assert written_notation(first.readings[0].text) == "(?Ів)ан(/)Коваль"
    assert [(p.text.as_written, p.confidence) for p in first.proposals] == [("два", 0.5)]
    assert first.lines[1].baseline == ((0, 4), (5, 4))
    for said in ("rows stated are not those that are there: t (9 stated, 1 there)", "not kept: ImageRegion: stamp",
                 "not kept: Word", "does not say of which book"):  # fmt: skip
        assert said in notes


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ('<TextRegion id="a"/>', "without Coords, so not drawn: a"),
        ('<TextRegion id="a"><Coords points=""/></TextRegion>', "without Coords, so not drawn: a"),
        ('<TextRegion id="a"><Coords points="1,1 2,2"/></TextRegion>', "fewer than three points"),
        ('<TextRegion id="a"><Coords points="1.5,1 2,2 3,3"/></TextRegion>', "points between pixels, rounded"),
        ('<TextRegion id="a"><Coords points="1,1 200,2 3,3"/></TextRegion>', "drawn beyond the photograph: a"),
        ('<ReadingOrder><OrderedGroup id="o"><RegionRefIndexed index="0" regionRef="x"/></OrderedGroup></ReadingOrder>',
         "names a region that is not on the page: x"),
        ('<TextRegion id="a"><TextRegion id="b"/></TextRegion>', "regions within a text region, set beside it: a"),
        ('<TableRegion id="t"><TableCell id="c" row="2" col="0"/></TableRegion>', "rows without a cell"),
        ('<TableRegion id="t" columns="4"><TableCell id="c" row="0" col="0"/></TableRegion>', "columns stated are not"),
        ('<TableRegion id="t"><TableCell id="c" row="0" col="0"><Coords points="0,0 5,0 5,9"/></TableCell><TableCell'
         ' id="d" row="1" col="0"><Coords points="0,1 5,1 5,9"/></TableCell></TableRegion>', "rows that lie on each other"),
        ('<TextRegion id="a"><TextLine id="l"><TextEquiv><Unicode>а</Unicode></TextEquiv></TextLine><TextEquiv>'
         "<Unicode>б</Unicode></TextEquiv></TextRegion>", "the text of the region is not that of its lines"),
        ('<TextRegion id="a" type="paragraph"/>', "not kept: type of TextRegion"),
        ('<TextRegion id="a"><TextEquiv comments="x"><Unicode>а</Unicode></TextEquiv></TextRegion>', "kept: comments of"),
        ('<TextRegion id="a"><TextEquiv><PlainText>а</PlainText></TextEquiv></TextRegion>', "PlainText of TextEquiv"),
        ('<TextRegion id="a"><TextEquiv><PlainText>а</PlainText></TextEquiv></TextRegion>', "a text without Unicode"),
        ('<TableRegion id="t" custom="structure {type:x;}"/>', "not kept: custom of TableRegion"),
        ('<TextRegion id="a" readingDirection="left-to-right"/>', "not kept: readingDirection of TextRegion"),
        ('<Border/><TextRegion id="a"><TextStyle/></TextRegion>', "not kept: Border"),
    ],
)  # fmt: skip
def test_what_a_page_lacks_is_said(inside, said):
    _, notes = read_page(inside)
    assert said in notes


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<TextRegion/>", "TextRegion without an id"),
        ('<TextRegion id="a"/><TextRegion id="a"/>', "the id a is given 2 times"),
        ('<TextRegion id="a"><TextLine id="a"/></TextRegion>', "the id a is given 2 times"),
        ('<TextRegion id="1 a"/>', "is no id of a region"),
        ('<TextRegion id="a"><Coords points="1,1 -2,2 3,3"/></TextRegion>', "points that cannot be read"),
        ('<TextRegion id="a"><Coords points="1,1 nan,2 3,3"/></TextRegion>', "points that cannot be read"),
        ('<TextRegion id="a"><Coords points="1,1 99999999,2 3,3"/></TextRegion>', "a point at 99999999,2"),
        ('<TextRegion id="a"><TextEquiv index="x"><Unicode>а</Unicode></TextEquiv></TextRegion>', "index of a text"),
        ('<TextRegion id="a"><TextEquiv conf="7"><Unicode>а</Unicode></TextEquiv></TextRegion>', "not between 0 and 1"),
        ('<TextRegion id="a"><TextEquiv><Unicode>а\u200bб</Unicode></TextEquiv></TextRegion>', r"U\+200B"),
        ('<TableRegion id="t"><TextRegion id="c"/></TableRegion>', "a cell without its row and column"),
        ('<TableRegion id="t"><TableCell id="c" row="0"/></TableRegion>', "col of a cell is no whole number"),
        ('<TableRegion id="t"><TableCell id="c" row="-1" col="0"/></TableRegion>', "a cell in row -1"),
        ('<TableRegion id="t"><TableCell id="c" row="5000" col="0"/></TableRegion>', "a cell in row 5000"),
        ('<TableRegion id="t"><TableCell id="c" row="4999" rowSpan="9" col="0"/></TableRegion>', "5,008 rows"),
        ('<TableRegion id="t"><TableCell id="c" row="0" col="200"/></TableRegion>', "beyond 200 columns"),
        ('<TableRegion id="t"><TableCell id="c" row="0" col="0" colSpan="0"/></TableRegion>', "over no columns"),
        ('<TableRegion id="t"><TableCell id="c" row="0" col="0" rowSpan="2"/><TableCell id="d" row="1" col="0"/>'
         "</TableRegion>", "c and d lie in one place, row 1, column 0"),
    ],
)  # fmt: skip
def test_what_is_broken_is_refused_by_name(inside, said):
    with pytest.raises(BadFile, match=said) as refused:
        read_page(inside)
    assert refused.value.file == "a.xml" and refused.value.next_step


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xff\xd8\xff\xe0jpeg", "encoding|NUL|neither"),
        (b"<html/>", "neither PAGE XML nor ALTO"),
        (page_xml("")[:-9], "not XML"),
        (page_xml("", 'imageWidth="x" imageHeight="1"'), "width of the page"),
        (page_xml("", 'imageWidth="0" imageHeight="1"'), "0 × 1 pixels"),
        (page_xml("", 'imageWidth="2000000" imageHeight="1"'), "2000000 × 1 pixels"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + page_xml("")[21:], "document type"),
        (b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><alto>&y;</alto>', "document type"),
        (b'<PcGts xmlns="http://other"><Page/></PcGts>', "no PAGE XML with one page"),
        (b"<alto><Description><MeasurementUnit>mm10</MeasurementUnit></Description></alto>", "another unit"),
        (b'<alto><Layout><Page ID="a"/><Page ID="a"/></Layout></alto>', "given twice"),
        (b'<alto><Layout><Page ID="a"><PrintSpace><TextBlock/></PrintSpace></Page></Layout></alto>', "without an ID"),
        (b'<alto><Layout><Page ID="a"><PrintSpace><TextBlock ID="b" HPOS="x" VPOS="1" WIDTH="1" HEIGHT="1"/>'
         b"</PrintSpace></Page></Layout></alto>", "HPOS is no number of pixels"),
        (b'<alto><Layout><Page ID="a"><PrintSpace><TextBlock ID="b"/><TextBlock ID="b"/></PrintSpace></Page></Layout>'
         b"</alto>", "the id b is given 2 times"),
    ],
)  # fmt: skip
def test_files_that_are_no_transcription_are_refused(data, said):
    with pytest.raises(BadFile, match=said):
        read_transcription(data, file="a")


def test_alto_of_another_program_is_read_as_texts():
    data = b"""<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><sourceImageInformation><fileName>a.tif
      </fileName></sourceImageInformation></Description><Tags><LayoutTag ID="l" LABEL="margin"/></Tags><Layout>
      <Page ID="p" WIDTH="50" HEIGHT="60" PRINTED_IMG_NR="7"><PrintSpace><ComposedBlock ID="c" TYPE="table">
      <TextBlock ID="b" HPOS="1.5" VPOS="2" WIDTH="10" HEIGHT="5" TAGREFS="l gone"><TextLine ID="t" BASELINE="1,6 9,6">
      <Shape><Polygon POINTS="1 2 9 2 9 7"/></Shape><String CONTENT="one"/><SP/><String CONTENT="tw"><Glyph/></String>
      <HYP CONTENT="-"/></TextLine></TextBlock></ComposedBlock><Illustration ID="i"/></PrintSpace></Page></Layout></alto>"""
    read = read_transcription(data, file="a.xml")
    [page] = read.book.pages
    [block] = page.regions
    assert (page.id, page.number, page.image.file, page.image.height) == ("p", "7", "a.tif", 60)
    assert block.readings[0].text == plain_text("one tw-") and block.outline[0] == (2, 2)
    assert block.lines[0].outline == ((1, 2), (9, 2), (9, 7)) and block.lines[0].baseline == ((1, 6), (9, 6))
    for said in ("a table without rows and columns", "a tag that is not in the file: gone", "not kept: Glyph",
                 "not kept: Illustration: i", "rounded", "tags of other programs: margin"):  # fmt: skip
        assert said in " | ".join(read.notes)


def test_marks_of_lines_count_where_the_region_says_the_same_without_them():
    page, notes = read_page(
        '<TextRegion id="a"><TextLine id="l" custom="unclear {offset:0; length:2;}"><TextEquiv><Unicode>Іван</Unicode>'
        "</TextEquiv></TextLine><TextEquiv><Unicode>Іван</Unicode></TextEquiv></TextRegion>"
    )
    assert [written_notation(each.text) for each in page.regions[0].readings] == ["(?Ів)ан"]
    assert "is not that of its lines" not in notes


def test_a_cell_that_another_program_moved_below_our_rows_is_refused():
    moved = in_format("page").replace('rowIndex="2"', 'rowIndex="3"', 1)
    with pytest.raises(BadFile, match="t1: cells in row 3, and 3 rows"):
        read_transcription(moved.encode(), file="a.xml")


@pytest.mark.parametrize("to", ["page", "transkribus", "alto"])
def test_a_text_that_another_program_changed_is_another_reading(to):
    written = in_format(to)
    old, new = ("<Unicode>3</Unicode>", "<Unicode>8</Unicode>") if to != "alto" else ('CONTENT="3"', 'CONTENT="8"')
    assert old in written
    read = read_transcription(written.replace(old, new).encode(), file="a.xml")
    changed = next(text for text in read.book.pages[0].texts() if text.id == "c1")
    assert [(each.reader, written_notation(each.text)) for each in changed.readings] == [
        ("Бойко", "3"), ("Крук", "(%к.=камера) 3"), ("#0", "8"),
    ]  # fmt: skip
    assert "another program changed since Dokaz wrote it: both were kept: c1" in " ".join(read.notes)


def test_alto_with_confidences_is_a_proposal_and_never_a_reading():
    data = b"""<alto><Description><OCRProcessing/></Description><Styles/><Layout><Page ID="p" ROTATION="2"><PrintSpace>
      <TextBlock ID="b" LANG="uk"><TextLine HPOS="1" VPOS="1" WIDTH="9" HEIGHT="9"><String CONTENT="one" WC="0.9"
      STYLE="bold"/><SP WIDTH="2"/><String CONTENT="two" WC="0.5"/></TextLine></TextBlock></PrintSpace></Page>
      </Layout></alto>"""
    read = read_transcription(data, file="a.xml")
    [block] = read.book.pages[0].regions
    assert block.readings == () and block.lines[0].id == "b.line0"
    assert [(one.text.as_written, one.confidence) for one in block.proposals] == [("one two", 0.5)]
    for what in ("OCRProcessing", "Styles", "ROTATION of Page", "LANG of TextBlock", "STYLE of String"):
        assert f"not kept: {what}" in read.notes
    with pytest.raises(BadFile, match="not between 0 and 1"):
        read_transcription(data.replace(b"0.5", b"5"), file="a.xml")


def test_what_other_programs_will_not_find_is_said():
    written = written_transcription(BOOK, TranscriptionFormat.ALTO, written_at=NOON)
    assert written.notes == (
        "rows, columns and spans, in tags alone: t1",
        "a second reading, or a proposal, in tags alone (4 times): c0, c1, c2, c3",
        "marks, in tags alone (4 times): c0, c1, c2, c3",
    )
    bare = replace(PAGE, image=None, regions=(TextRegion("a"),))
    written = written_transcription(replace(BOOK, pages=(bare,)), TranscriptionFormat.PAGE, written_at=NOON)
    assert [note.split(":")[0] for note in written.notes] == [
        "pages without a photograph", "not drawn, so without the Coords that PAGE wants",
    ]  # fmt: skip


@pytest.mark.parametrize("to", list(TranscriptionFormat))
def test_nothing_is_lacking_in_what_we_wrote_ourselves(to):
    assert read_transcriptions(written_transcription(BOOK, to, written_at=NOON).files).notes == ()


def test_pages_of_one_book_are_joined_and_of_two_books_refused():
    second = replace(PAGE, id="p2", regions=(TableRegion("t2", box(0, 0), (), ("p1", "t1")),))
    both = replace(BOOK, pages=(PAGE, second))
    files = written_transcription(both, TranscriptionFormat.PAGE, written_at=NOON).files
    assert read_transcriptions(files).book == both
    alone = read_transcriptions({"2_p2.xml": files["2_p2.xml"]})
    assert "a table of p2 goes on from p1, which is not in the book" in alone.notes
    with pytest.raises(BadFile, match="not on an earlier page"):
        read_transcriptions(dict(reversed(files.items())))
    other = {"x.xml": in_format("page", replace(BOOK, id="b2")).encode()}
    with pytest.raises(BadFile, match="of another book"):
        read_transcriptions(files | other)
    with pytest.raises(BadFile, match="p1 is there twice"):
        read_transcriptions({"a.xml": files["1_p1.xml"], "b.xml": files["1_p1.xml"]})


def test_the_files_of_many_pages_are_in_order_by_their_names():
    pages = tuple(replace(PAGE, id=name) for name in ("z", "p10", "p2", *(f"q{at}" for at in range(9))))
    book = replace(BOOK, pages=pages)
    files = written_transcription(book, TranscriptionFormat.PAGE, written_at=NOON).files
    assert list(files)[:2] == ["01_z.xml", "02_p10.xml"]
    assert read_transcriptions(dict(sorted(files.items()))).book == book


def test_headers_of_other_programs_hold_one_text():
    page, _ = read_page('<TextRegion id="h" type="header"><TextEquiv><Unicode>12.03</Unicode></TextEquiv></TextRegion>')
    [header] = page.regions
    assert isinstance(header, HeaderRegion) and header.parts[0].readings[0].text == plain_text("12.03")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("thing,p1,,x", "a kind that is unknown"),
        ("book,,,b2", "a second book"),
        ("page,,,p1", "a page that is there twice"),
        ("row,p1,,x", "a row that belongs to no table above it"),
        ("cell,p1,t1,x", "a cell that belongs to no row above it"),
        ("table,p9,,x", "a table that belongs to no page above it"),
        ("text,p1,,hd", "an id that is given twice"),
        ("cell,p1,r1,x", "column of x is no whole number"),
        ("cell,p1,r1,x,,0", "c0 and x lie in one place"),
        ("text,p1,,x,nofield", "filed under nofield, which no list of fields has"),
        ("reading,p1,c0,,,,,,,,Бойко,,а", "two readings by Бойко"),
        ("reading,p1,c0,,,,,,,,,,а", "a reading without its reader"),
        ("reading,p1,c0,,,,,,,,Гай,,(?)", "marks nothing"),
        ("proposal,p1,c0,,,,,,,,tess,much,а", "a confidence that is no number"),
        ("proposal,p1,c0,,,,,,,,tess,nan,а", "a confidence of nan"),
        ("page,,,p2,,,,,\"1,1 2,2\",,a.jpg", "a photograph without its size"),
        ("page,,,p2,,,,,,,,,,blue", "a word that is not said of a page"),
        ("page,,,p2,,,,,\"1,1\",,a.jpg,,,missing", "p2 is missing, and yet"),
        ("table,p1,,x,,,,,,,,,,p1", "a table goes on from a page and a table"),
        ("field,,x,new,,,,,,,,,Нове", "version of a field"),
        ("field,,3,new,,,,,,,,,Нове", "versions 1, 3"),
        ("field,,1,cell,,,,,,,,,Камера", "cell is a field twice"),
    ],
)  # fmt: skip
def test_rows_that_make_no_book_are_refused_by_line(row, said):
    header = in_format("csv").split("\r\n", 1)[0]
    with pytest.raises(BadFile, match=said):
        read_transcription(
            f"{in_format('csv')}{row}{',' * (header.count(',') - _commas(row))}\r\n".encode(), file="a.csv"
        )


def _commas(row: str) -> int:
    return sum(part.count(",") for part in row.split('"')[::2])


def test_a_table_with_other_columns_is_refused():
    with pytest.raises(BadFile, match=r"not the columns .* \(found 'surname'\)"):
        read_transcription(b"kind,id,surname\nbook,b1,x\n", file="a.csv")


def test_no_cell_runs_as_a_formula_and_none_is_changed():
    cells = [replace(c, readings=(replace(c.readings[0], text=plain_text(text)),)) for c, text in zip(
        [c for c in PAGE.texts() if isinstance(c, CellRegion)], ["=1+1", "+380 44", "-A1", "@x", "\\=x", "\\ x"],
        strict=True)]  # fmt: skip
    page = replace(PAGE, regions=tuple(TextRegion(c.id, c.outline, c.field, c.lines, c.readings) for c in cells))
    book = replace(BOOK, pages=(page,))
    written = in_format("csv", book)
    assert not any(cell[:1] in "=+@" for line in written.splitlines() for cell in line.split(",") if cell)
    assert read_transcription(written.encode(), file="a.csv").book == book


@pytest.mark.parametrize("to", ["page", "transkribus", "alto", "csv"])
def test_mutated_files_are_read_or_refused(to):
    """Bytes of a good file changed, cut, doubled: never anything but a reading with notes or a refusal."""
    rng, good = random.Random(1), in_format(to).encode()
    reads, refusals = 0, []
    for _ in range(150):
        try:
            read_transcription(mutated(good, rng), file="a")
            reads += 1
        except BadFile as refused:
            refusals.append(refused)
    assert reads > 5 and len(refusals) > 5
    assert all(refused.next_step for refused in refusals)


def mutated(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(data))
        end = min(len(data), at + rng.randint(1, 40))
        kind = rng.randrange(5)
        if kind == 0:
            data = data[:at] + bytes([rng.choice(b'0123456789-"<>;{}(),.aZ \x00\xff')]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + data[end:]
        elif kind == 2:
            data = data[:end] + data[at:end] + data[end:]
        elif kind == 3:
            digits = [i for i in range(len(data)) if data[i : i + 1].isdigit()]
            at = rng.choice(digits) if digits else at
            data = data[:at] + rng.choice([b"-1", b"999999999999", b"", b"1e9", b"0"]) + data[at + 1 :]
        else:
            lines = data.split(b"\n")
            first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
            lines[first], lines[second] = lines[second], lines[first]
            data = b"\n".join(lines)
        data = data or b" "
    return data


def test_the_example_of_the_documentation_is_read():
    page = (Path(__file__).parents[3] / "docs" / "files.md").read_text(encoding="utf-8")
    example = page.split("```csv transcription.csv\n")[1].split("```")[0]
    read = read_transcription(example.encode(), file="transcription.csv")
    [entry] = entries(read.book, "Бойко")
    assert written_notation(entry.values["surname"]) == "(-Іван) Пе(?тр)енко (..2)"
    assert entry.heads["date"].as_written == "12.03.2022" and read.notes == ()


@pytest.mark.parametrize("page", ["docs/methods/transcription.md", "src/dokaz/transcription/notation.py"])
def test_the_marks_that_the_documentation_shows_are_read(page):
    text = (Path(__file__).parents[3] / page).read_text(encoding="utf-8")
    shown = re.findall(r"`(\((?:[-?+:*%\"]|\.\.|/).*?\))`", text)
    assert len(shown) > 12
    for typed in shown:
        assert written_notation(read_notation(f"а{typed}б")) == f"а{typed}б"
