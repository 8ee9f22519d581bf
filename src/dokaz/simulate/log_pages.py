"""Drawn pages of an invented log book, and their truth: two hands, ruling, bleeding ink, tilt, a tear, a printed page."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from math import cos, radians, sin

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from dokaz.simulate.names import MEN, SURNAMES
from dokaz.transcription.field_lists import LogField, revised
from dokaz.transcription.notation import read_notation
from dokaz.transcription.pages import (
    CellReading,
    CellRegion,
    HeaderRegion,
    Outline,
    PageImage,
    PageSide,
    RowRegion,
    TableRegion,
    TextLine,
    TextRegion,
    TranscribedBook,
    TranscribedPage,
)

WIDTH, HEIGHT = 1240, 1754
FIELDS = (LogField("number", "№"), LogField("surname", "Прізвище"), LogField("given", "Ім'я, по батькові"),
          LogField("birth_year", "Рік нар."), LogField("cell", "Камера"), LogField("date", "Дата", True),
          LogField("shift", "Зміна", True))  # fmt: skip
#: Who read it without a mistake.
TRUTH = "truth"
_EDGES = (90, 160, 440, 800, 940, 1150)
_TOP, _ROW, _ROWS = 230, 58, 24
_HANDS = ("bad-script", "marck-script")
_PAPER, _RULING = 236, 150
#: Where a tear begins below and ends on the right, and how far its edge strays from the line between.
_TEAR, _FRAY = (WIDTH - 420, HEIGHT - 520), 12
_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class SimulatedLogBook:
    """Photographs by name (JPEG), and the book with everything that is on them, read by ``TRUTH``."""

    images: Mapping[str, bytes]
    book: TranscribedBook


def simulate_log_book(seed: int, *, pages: int = 24, most_tilt_degrees: float = 3.0) -> SimulatedLogBook:
    """Draw a log book; the same seed draws the same pages.

    The second page is printed, the third torn, the fifth missing; the table of every second page goes on from the one
    before it. Some lines are struck out, some surnames are a ditto sign, some years cannot be read.
    """
    rng = np.random.default_rng(seed)
    fonts = _Fonts()
    images: dict[str, bytes] = {}
    made: list[TranscribedPage] = []
    number = 0
    for at in range(pages):
        name, side = f"p{at + 1}", PageSide.VERSO if at % 2 else PageSide.RECTO
        if at == 4:
            made.append(TranscribedPage(name, str(at + 1), side, is_missing=True))
            continue
        drawn = _DrawnPage(rng, fonts, name, hand="print" if at == 1 else _HANDS[at // 3 % 2], is_torn=at == 2,
                           tilt=float(rng.uniform(-most_tilt_degrees, most_tilt_degrees)))  # fmt: skip
        number = drawn.fill(number, day=at // 2 + 1, with_header=not at % 2 or made[-1].is_missing)
        image = PageImage(f"{name}.jpg", WIDTH, HEIGHT)
        images[image.file] = drawn.photograph()
        goes_on = bool(at % 2 and not made[-1].is_missing)
        regions = drawn.regions((made[-1].id, f"{made[-1].id}.t") if goes_on else None)
        made.append(TranscribedPage(name, str(at + 1), side, image, drawn.is_torn, False, regions))
    return SimulatedLogBook(images, TranscribedBook("log", "Журнал (вигаданий)", revised((), FIELDS), tuple(made)))


class _Fonts:
    """Script fonts under the OFL, in one file for Cyrillic and one for the rest; IBM Plex for print."""

    def __init__(self) -> None:
        folder = files("dokaz") / "simulate" / "fonts"
        self._fonts = {
            hand: tuple(
                ImageFont.truetype(io.BytesIO((folder / f"{hand}-{script}-400-normal.woff").read_bytes()), 36)
                for script in ("cyrillic", "latin")
            )
            for hand in _HANDS
        }
        plex = files("dokaz") / "reports" / "fonts" / "IBMPlexSans-Regular.woff"
        self._fonts["print"] = (ImageFont.truetype(io.BytesIO(plex.read_bytes()), 30),) * 2

    def draw(self, draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, hand: str, ink: int) -> float:
        """Draw a text from a point of its baseline; returns where it ends."""
        x, y = at
        for is_cyrillic, letters in groupby(text, key=lambda letter: letter > "\u02ff"):
            part, font = "".join(letters), self._fonts[hand][0 if is_cyrillic else 1]
            draw.text((x, y), part, font=font, fill=ink, anchor="ls")
            x += font.getlength(part)
        return x


class _DrawnPage:
    """One page: what is written is drawn and noted at once, upright; the photograph turns both."""

    def __init__(
        self, rng: np.random.Generator, fonts: _Fonts, name: str, *, hand: str, tilt: float, is_torn: bool
    ) -> None:
        self.rng, self.fonts, self.name, self.hand, self.tilt, self.is_torn = rng, fonts, name, hand, tilt, is_torn
        self.paper = Image.new("L", (WIDTH, HEIGHT), _PAPER)
        self.ink = Image.new("L", (WIDTH, HEIGHT), 255)
        self.draw = ImageDraw.Draw(self.ink)
        self.rows: list[tuple[str, list[CellRegion]]] = []
        self.parts: list[TextRegion] = []

    def fill(self, number: int, *, day: int, with_header: bool) -> int:
        """Write the page; returns the number of the last line."""
        lines = ImageDraw.Draw(self.paper)
        for at in range(_ROWS + 1):
            lines.line((_EDGES[0], _TOP + at * _ROW, _EDGES[-1], _TOP + at * _ROW), fill=_RULING, width=2)
        for x in _EDGES:
            lines.line((x, _TOP, x, _TOP + _ROWS * _ROW), fill=_RULING, width=2)
        if with_header:
            for field, x, text in (("date", 120, f"{day:02}.03.2022"), ("shift", 700, f"зміна {day % 3 + 1}")):
                self.parts.append(self._text(f"{self.name}.{field}", (x, 120, x + 320, 190), field, text))
        labels = [field.label for field in FIELDS if not field.is_of_page]
        self._row(0, labels, is_heading=True)
        above = ""
        for row in range(1, _ROWS):
            number += 1
            surname, given, year = self._person()
            typed = [str(number), surname, given, str(year), str(int(self.rng.integers(1, 10)))]
            chance = self.rng.random()
            if chance < 0.06:
                typed[1] = f"(-{surname})"
            elif chance < 0.12 and above:
                typed[1] = f'("={above})'
            elif chance < 0.16:
                typed[3] = f"{str(year)[:2]}(..2)"
            above = read_notation(typed[1]).as_meant or above
            self._row(row, typed)
        return number

    def _person(self) -> tuple[str, str, int]:
        fathers, surnames = list(MEN), SURNAMES
        surname = surnames[int(self.rng.integers(len(surnames)))][0]
        given = fathers[int(self.rng.integers(len(fathers)))]
        father = MEN[fathers[int(self.rng.integers(len(fathers)))]][0]
        return surname, f"{given} {father}", int(self.rng.integers(1950, 2004))

    def _row(self, row: int, typed: list[str], *, is_heading: bool = False) -> None:
        cells = []
        for column, text in enumerate(typed):
            box = (_EDGES[column], _TOP + row * _ROW, _EDGES[column + 1], _TOP + (row + 1) * _ROW)
            if self.is_torn and box[3] > self._tear_at(box[2]) - _FRAY:
                continue  # torn off: nobody knows what stood there
            region = self._text(f"{self.name}.r{row}c{column}", box, "" if is_heading else FIELDS[column].id, text)
            cells.append(CellRegion(region.id, region.outline, region.field, region.lines, region.readings,
                                    column=column, is_heading=is_heading))  # fmt: skip
        self.rows.append((f"{self.name}.r{row}", cells))

    def _text(self, name: str, box: _Box, field: str, typed: str) -> TextRegion:
        text = read_notation(typed)
        x, y = box[0] + 8 + float(self.rng.uniform(0, 6)), box[3] - 18 + float(self.rng.uniform(-3, 3))
        start = x
        for run in text.runs:
            if run.illegible:
                end = x + 20 * run.illegible
                for _ in range(5 * run.illegible):
                    ends = self.rng.uniform((x, y - 24, x, y - 24), (end, y + 2, end, y + 2))
                    self.draw.line(tuple(map(float, ends)), fill=40, width=4)
            else:
                end = self.fonts.draw(self.draw, (x, y), run.text, self.hand, 30)
            if "struck_out" in run.marks:
                self.draw.line((x, y - 10, end, y - 12), fill=30, width=3)
            x = end
        baseline = self._turned(((start, y), (max(x, start + 1), y)))
        line = TextLine(f"{name}.l", self._outline(box), baseline)
        return TextRegion(name, self._outline(box), field, (line,), (CellReading(TRUTH, text),))

    def _tear_at(self, x: float) -> float:
        return HEIGHT - (HEIGHT - _TEAR[1]) * max(0.0, x - _TEAR[0]) / (WIDTH - _TEAR[0])

    def photograph(self) -> bytes:
        bled = np.asarray(self.ink.filter(ImageFilter.GaussianBlur(1.1)), dtype=np.float32) / 255
        page = np.asarray(self.paper, dtype=np.float32) * np.minimum(1, bled * 1.12)
        shade = np.linspace(0, 18, WIDTH, dtype=np.float32)[None, :]  # light from one side
        noise = self.rng.normal(0, 4, (HEIGHT, WIDTH)).astype(np.float32)
        image = Image.fromarray(np.clip(page - shade + noise, 0, 255).astype(np.uint8))
        if self.is_torn:
            edge = [
                (x, self._tear_at(x) + float(self.rng.uniform(-_FRAY, _FRAY))) for x in range(_TEAR[0], WIDTH + 1, 35)
            ]
            ImageDraw.Draw(image).polygon([*edge, (WIDTH, _TEAR[1]), (WIDTH, HEIGHT)], fill=60)
        image = image.rotate(self.tilt, resample=Image.Resampling.BILINEAR, fillcolor=70)
        data = io.BytesIO()
        image.save(data, "JPEG", quality=82)
        return data.getvalue()

    def regions(self, continues: tuple[str, str] | None) -> tuple[HeaderRegion | TableRegion, ...]:
        rows = tuple(
            RowRegion(
                name, self._outline((_EDGES[0], _TOP + at * _ROW, _EDGES[-1], _TOP + (at + 1) * _ROW)), tuple(cells)
            )
            for at, (name, cells) in enumerate(self.rows)
        )
        whole = self._outline((_EDGES[0], _TOP, _EDGES[-1], _TOP + _ROWS * _ROW))
        table = TableRegion(f"{self.name}.t", whole, rows, continues)
        header = HeaderRegion(f"{self.name}.h", self._outline((100, 110, 1100, 200)), tuple(self.parts))
        return (header, table) if self.parts else (table,)

    def _outline(self, box: _Box) -> Outline:
        left, top, right, bottom = box
        return self._turned(((left, top), (right, top), (right, bottom), (left, bottom)))

    def _turned(self, points: tuple[tuple[float, float], ...]) -> Outline:
        """Where points are on the photograph, which is turned counter-clockwise about its middle."""
        turn, cx, cy = radians(self.tilt), WIDTH / 2, HEIGHT / 2
        return tuple(
            (
                max(0, round(cx + cos(turn) * (x - cx) + sin(turn) * (y - cy))),
                max(0, round(cy - sin(turn) * (x - cx) + cos(turn) * (y - cy))),
            )
            for x, y in points
        )
