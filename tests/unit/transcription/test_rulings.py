"""Cells from ruling lines: on drawn tables that one can count, and on the pages of the invented log book."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageDraw

from dokaz.errors import BadFile, NotProposed
from dokaz.exchange.reading.page_images import read_page_image
from dokaz.simulate.log_pages import TRUTH, simulate_log_book
from dokaz.transcription.entries import entries
from dokaz.transcription.pages import TableRegion
from dokaz.transcription.rulings import propose_cells


@pytest.fixture(scope="module")
def log_book():
    return simulate_log_book(1, pages=6)


def drawn(lines, size=(600, 400)) -> Image.Image:
    image = Image.new("L", size, 240)
    for line in lines:
        ImageDraw.Draw(image).line(line, fill=90, width=2)
    return image


GRID = [(50, y, 550, y) for y in (50, 110, 170, 230)] + [(x, 50, x, 230) for x in (50, 250, 550)]


def places(table: TableRegion) -> list[tuple[int, int, int, int]]:
    return [
        (at, cell.column, cell.row_span, cell.column_span) for at, row in enumerate(table.rows) for cell in row.cells
    ]


def area(points) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True))) / 2


def overlap(first, second) -> float:
    """Intersection over union of two convex outlines (Sutherland & Hodgman 1974)."""
    inside = list(first)
    for (ax, ay), (bx, by) in zip(second, second[1:] + second[:1], strict=True):
        before, inside = inside, []
        for p, q in zip(before, before[1:] + before[:1], strict=True):
            here, there = ((bx - ax) * (y - ay) - (by - ay) * (x - ax) for x, y in (p, q))
            inside += [p] if here >= 0 else []
            if (here >= 0) != (there >= 0):
                along = here / (here - there)
                inside.append((p[0] + along * (q[0] - p[0]), p[1] + along * (q[1] - p[1])))
    shared = area(inside) if len(inside) > 2 else 0.0
    return shared / (area(first) + area(second) - shared)


def test_overlap_of_squares_in_closed_form():
    square, right = ((0, 0), (4, 0), (4, 4), (0, 4)), ((2, 0), (6, 0), (6, 4), (2, 4))
    assert overlap(square, square) == 1
    assert overlap(square, right) == pytest.approx(8 / 24)
    assert overlap(square, ((9, 9), (10, 9), (10, 10))) == 0


def test_a_drawn_table_is_found_to_the_pixel():
    table = propose_cells(drawn(GRID))
    assert places(table) == [(row, column, 1, 1) for row in range(3) for column in range(2)]
    for (x, y), (left, top) in zip(
        table.rows[1].cells[1].outline, ((250, 110), (550, 110), (550, 170), (250, 170)), strict=True
    ):
        assert abs(x - left) <= 2 and abs(y - top) <= 2
    assert not any(cell.readings or cell.proposals for row in table.rows for cell in row.cells)


def test_a_larger_photograph_is_measured_in_its_own_pixels():
    table = propose_cells(drawn(GRID).resize((3000, 2000)))
    assert places(table)[-1] == (2, 1, 1, 1)
    assert overlap(table.rows[0].cells[0].outline, ((250, 250), (1250, 250), (1250, 550), (250, 550))) > 0.95


def test_places_with_no_line_between_them_are_one_cell():
    wide = [line for line in GRID if line[0] != 250 or line[1] == line[3]]
    table = propose_cells(drawn([*wide, (250, 110, 250, 230)]))
    assert places(table) == [(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1), (2, 0, 1, 1), (2, 1, 1, 1)]
    tall = [line for line in GRID if line[1] != 110 or line[1] != line[3]]
    assert (0, 0, 2, 1) in places(propose_cells(drawn([*tall, (250, 110, 550, 110)])))


def test_a_place_that_is_open_on_one_side_is_no_cell():
    table = propose_cells(drawn([line for line in GRID if line[0] != 550] + [(550, 50, 550, 170)]))
    assert (2, 1, 1, 1) not in places(table) and len(places(table)) == 5


@pytest.mark.parametrize("image", [drawn([]), drawn([(50, 50, 550, 50), (50, 90, 550, 90)]), Image.new("L", (20, 20))])
def test_a_page_without_a_table_is_refused(image):
    with pytest.raises(NotProposed, match="are no table"):
        propose_cells(image)


def test_cells_of_the_invented_log_are_found_under_tilt_bleeding_and_a_tear(log_book):
    true = found = proposed = 0
    for page in log_book.book.pages[:3]:  # by hand, in print, torn
        table = propose_cells(Image.open(io.BytesIO(log_book.images[page.image.file])))
        got = [cell.outline for row in table.rows for cell in row.cells]
        want = [cell.outline for region in page.regions if isinstance(region, TableRegion) for row in region.rows
                for cell in row.cells]  # fmt: skip
        true, proposed = true + len(want), proposed + len(got)
        found += sum(any(abs(a[0][0] - b[0][0]) < 60 and overlap(a, b) >= 0.7 for b in got) for a in want)
    assert true > 340
    assert found / true > 0.97 and found / proposed > 0.97


def test_the_same_seed_draws_the_same_pages_and_another_seed_others(log_book):
    again, other = simulate_log_book(1, pages=1), simulate_log_book(2, pages=1)
    assert again.book.pages == log_book.book.pages[:1]
    assert again.images["p1.jpg"] == log_book.images["p1.jpg"] != other.images["p1.jpg"]


def test_the_truth_has_what_makes_a_log_hard(log_book):
    pages = log_book.book.pages
    assert [page.is_missing for page in pages] == [False] * 4 + [True, False] and pages[2].is_torn
    rows = entries(log_book.book, TRUTH)
    assert len(rows) == 5 * 23 and rows[23].heads["date"].as_written == "01.03.2022"
    assert len({row.values["number"].as_written for row in rows}) == len(rows)
    typed = [text for row in rows for text in row.values.values()]
    marks = {mark.value for text in typed for run in text.runs for mark in run.marks}
    assert {"struck_out", "ditto"} <= marks and any(run.illegible for text in typed for run in text.runs)
    torn = [row for row in rows if row.page == "p3" and len(row.values) < 5]
    assert 3 <= len(torn) < 15


# --- photographs of pages ------------------------------------------------------------------------------------------------


def as_bytes(image: Image.Image, kind: str, **more) -> bytes:
    data = io.BytesIO()
    image.save(data, kind, **more)
    return data.getvalue()


def test_a_photograph_is_turned_as_its_camera_says():
    exif = Image.Exif()
    exif[0x0112] = 6
    image, notes = read_page_image(as_bytes(drawn(GRID), "JPEG", exif=exif), file="a.jpg")
    assert image.size == (400, 600) and "turned the right way up" in notes[0]
    upright, notes = read_page_image(as_bytes(drawn(GRID), "JPEG"), file="a.jpg")
    assert upright.size == (600, 400) and notes == ()


def test_printing_colours_and_transparency_are_read_and_said():
    image, notes = read_page_image(as_bytes(drawn(GRID).convert("CMYK"), "JPEG"), file="a.jpg")
    assert len(places(propose_cells(image))) == 6 and "CMYK" in notes[0]
    clear = drawn(GRID).convert("RGBA")
    clear.putalpha(clear.convert("L").point(lambda grey: 0 if grey > 200 else 255))
    image, notes = read_page_image(as_bytes(clear, "PNG"), file="a.png")
    assert len(places(propose_cells(image))) == 6 and notes == ("transparent parts, read as white",)


def huge_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"no image", "not a JPEG or PNG"),
        (as_bytes(drawn(GRID), "JPEG")[:900], "cut off|damaged"),
        (huge_png(), "20000 × 20000 pixels|more than"),
    ],
)
def test_what_is_no_photograph_is_refused(data, said):
    with pytest.raises(BadFile, match=said):
        read_page_image(data, file="a.jpg")
