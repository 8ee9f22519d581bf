"""Our own SVG pictures drawn on a page of a PDF: the strokes of `dokaz.pages.pictures.svg`, and no others.

What it does not know it refuses, so that no part of a picture is missing in silence.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from reportlab.platypus import Flowable

from dokaz.reports.plex import REGULAR, STRONG

_SVG = "{http://www.w3.org/2000/svg}"
_STEP = re.compile(r"([MLCZ])|(-?[\d.]+)")
#: Presentation attributes that are read; everything that is no presentation changes nothing on paper.
_WORDS_ONLY = ("title", "desc")


class SvgOnPaper(Flowable):  # type: ignore[misc]
    """A picture, at most so wide.

    Args:
        svg: As `picture` makes it.
        most_width: In points.
        most_scale: Points a pixel, at most; pictures beside each other share one.
        is_turned: Whether it stands on its side, its right end up; `most_width` is then a height.
    """

    def __init__(self, svg: str, most_width: float, most_scale: float = 0.72, *, is_turned: bool = False) -> None:
        super().__init__()
        self.root = ElementTree.fromstring(svg)
        own_width, own_height = float(self.root.get("width", "0")), float(self.root.get("height", "0"))
        self.scale = min(most_scale, most_width / own_width)
        self.width, self.height = own_width * self.scale, own_height * self.scale
        self._own_height, self.is_turned = own_height, is_turned

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Its size, whatever there is."""
        return (self.height, self.width) if self.is_turned else (self.width, self.height)

    def draw(self) -> None:
        """Draw it; SVG counts downwards, paper upwards."""
        self.canv.saveState()
        if self.is_turned:
            self.canv.translate(self.height, 0)
            self.canv.rotate(90)
        self.canv.scale(self.scale, self.scale)
        self.canv.translate(0, self._own_height)
        for child in self.root:
            self._drawn(child)
        self.canv.restoreState()

    def _drawn(self, one: ElementTree.Element) -> None:
        name = one.tag.removeprefix(_SVG)
        if name in ("g", "a"):
            for child in one:
                self._drawn(child)
        elif name == "text":
            self._text(one)
        elif name not in _WORDS_ONLY:
            self._shape(name, one)

    def _shape(self, name: str, one: ElementTree.Element) -> None:
        fill, stroke = one.get("fill", "none") != "none", one.get("stroke", "none") != "none"
        self.canv.setLineWidth(float(one.get("stroke-width", "1")))
        self.canv.setLineCap(1 if one.get("stroke-linecap") == "round" else 0)

        def number(key: str) -> float:
            return float(one.get(key, "0"))

        if name == "line":
            self.canv.line(number("x1"), -number("y1"), number("x2"), -number("y2"))
        elif name == "rect":
            self.canv.rect(
                number("x"), -number("y") - number("height"), number("width"), number("height"), int(stroke), int(fill)
            )
        elif name == "circle":
            self.canv.circle(number("cx"), -number("cy"), number("r"), int(stroke), int(fill))
        elif name == "path":
            # A question mark on a filled symbol is white, as the page's stylesheet makes it.
            if "on-ink" in (one.get("class") or ""):
                self.canv.setStrokeGray(1)
            self.canv.drawPath(self._path(one.get("d", "")), int(stroke), int(fill))
            self.canv.setStrokeGray(0)
        else:
            raise ValueError(f"a picture with <{name}>, which is not drawn on paper")

    def _path(self, steps: str) -> Any:
        path, numbers, letter = self.canv.beginPath(), [], ""
        if _STEP.sub("", steps).strip(" ,"):
            raise ValueError(f"a path that is not drawn on paper: {steps[:60]}")
        for found, number in _STEP.findall(steps):
            if found:
                letter = found
                if found == "Z":
                    path.close()
                continue
            numbers.append(float(number))
            if len(numbers) == {"M": 2, "L": 2, "C": 6}[letter]:
                points = [value if k % 2 == 0 else -value for k, value in enumerate(numbers)]
                {"M": path.moveTo, "L": path.lineTo, "C": path.curveTo}[letter](*points)
                numbers, letter = [], "L" if letter == "M" else letter
        return path

    def _text(self, one: ElementTree.Element) -> None:
        size = float(one.get("font-size", "13"))
        self.canv.setFont(STRONG if one.get("font-weight") else REGULAR, size)
        x, y, said = float(one.get("x", "0")), -float(one.get("y", "0")), one.text or ""
        draw = {"middle": self.canv.drawCentredString, "end": self.canv.drawRightString}
        draw.get(one.get("text-anchor", ""), self.canv.drawString)(x, y, said)
