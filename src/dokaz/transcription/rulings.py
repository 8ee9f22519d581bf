"""Cells proposed from the ruling lines of a photographed table; whoever reads corrects them by hand.

Dark pixels are those below the mean of their surroundings. Long straight runs of them are ruling; the tilt is the angle at
which their rows are sharpest. On the page set upright, lines make a grid, and two places of the grid with no line between
them are one cell. A place without lines around it, as where a page is torn, is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians, sin, tan
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from dokaz.errors import NotProposed
from dokaz.transcription.pages import CellRegion, Outline, RowRegion, TableRegion

#: A larger photograph is made smaller first: lines are as well seen, and everything is faster.
LONGEST_SIDE = 1800
MOST_TILT_DEGREES = 5.0
_DARKER, _AROUND = 7, 31
_SHORTEST_RUN, _SHORTEST_LINE = 36, 0.25
_SUPPORT, _NARROWEST = 0.5, 9

_Mask = npt.NDArray[np.bool_]
_Floats = npt.NDArray[np.float32]


def propose_cells(image: Image.Image) -> TableRegion:
    """The table that its ruling shows, rows and cells in pixels of the image, without any text.

    Args:
        image: Of any mode, the right way up (tilted by 5° at most).

    Raises:
        NotProposed: no grid of ruling lines is seen.
    """
    scale = max(1.0, max(image.size) / LONGEST_SIDE)
    grey = image.convert("L").resize((round(image.width / scale), round(image.height / scale)), Image.Resampling.BOX)
    tilt = _tilt(_dark(np.asarray(grey, dtype=np.float32)))
    upright = np.asarray(grey.rotate(-tilt, resample=Image.Resampling.BILINEAR, fillcolor=255), dtype=np.float32)
    dark = _dark(upright)
    across, down = _long_runs(dark, _SHORTEST_RUN), _long_runs(dark.T, _SHORTEST_RUN).T
    ys, xs = _line_places(across), _line_places(down.T)
    if len(ys) < 2 or len(xs) < 2:
        raise NotProposed(
            f"{len(ys)} lines across and {len(xs)} down are no table", "draw the cells by hand, or photograph it anew"
        )
    turned = _Turned(radians(tilt), grey.width / 2, grey.height / 2, image.width / grey.width, image.size)
    return _table(_Grid(across, down, ys, xs), turned)


@dataclass(frozen=True, slots=True)
class _Turned:
    """From the upright, smaller page back to the photograph."""

    turn: float
    cx: float
    cy: float
    scale: float
    size: tuple[int, int]

    def outline(self, left: float, top: float, right: float, bottom: float) -> Outline:
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        return tuple(self._point(x - self.cx, y - self.cy) for x, y in corners)

    def _point(self, x: float, y: float) -> tuple[int, int]:
        across = self.cx + cos(self.turn) * x + sin(self.turn) * y
        down = self.cy - sin(self.turn) * x + cos(self.turn) * y
        width, height = self.size
        return min(max(0, round(across * self.scale)), width), min(max(0, round(down * self.scale)), height)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Ruling, and where its lines lie."""

    across: _Mask
    down: _Mask
    ys: list[int]
    xs: list[int]

    def is_ruled_across(self, line: int, column: int) -> bool:
        """Whether there is ruling on that line, over that column."""
        return _is_line(self.across, self.ys[line], self.xs[column], self.xs[column + 1])

    def is_ruled_down(self, line: int, row: int) -> bool:
        return _is_line(self.down.T, self.xs[line], self.ys[row], self.ys[row + 1])


def _table(grid: _Grid, turned: _Turned) -> TableRegion:
    height, width = len(grid.ys) - 1, len(grid.xs) - 1
    taken: set[tuple[int, int]] = set()
    rows = []
    for row in range(height):
        cells = []
        for column in range(width):
            if (row, column) in taken:
                continue
            below, right = _extent(grid, row, column, taken)
            if not _is_enclosed(grid, row, column, below, right):
                continue
            taken |= {(i, j) for i in range(row, below) for j in range(column, right)}
            outline = turned.outline(grid.xs[column], grid.ys[row], grid.xs[right], grid.ys[below])
            cells.append(CellRegion(f"r{row}c{column}", outline, column=column, row_span=below - row,
                                    column_span=right - column))  # fmt: skip
        rows.append(
            RowRegion(f"r{row}", turned.outline(grid.xs[0], grid.ys[row], grid.xs[-1], grid.ys[row + 1]), tuple(cells))
        )
    if not taken:
        raise NotProposed("no place is ruled on all sides", "draw the cells by hand")
    return TableRegion("t1", turned.outline(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1]), tuple(rows))


def _extent(grid: _Grid, row: int, column: int, taken: set[tuple[int, int]]) -> tuple[int, int]:
    """How far a cell goes down and to the right: as long as no line ends it."""
    height, width = len(grid.ys) - 1, len(grid.xs) - 1
    right = column + 1
    while right < width and (row, right) not in taken and not grid.is_ruled_down(right, row):
        right += 1
    below = row + 1
    while below < height and not any(grid.is_ruled_across(below, at) for at in range(column, right)):
        below += 1
    return below, right


def _is_enclosed(grid: _Grid, row: int, column: int, below: int, right: int) -> bool:
    sides = [grid.is_ruled_across(line, at) for line in (row, below) for at in range(column, right)]
    sides += [grid.is_ruled_down(line, at) for line in (column, right) for at in range(row, below)]
    return all(sides)


def _is_line(ruling: _Mask, at: int, start: int, end: int) -> bool:
    band = ruling[max(0, at - 3) : at + 4, start + 3 : max(start + 4, end - 2)]
    return bool(band.any(axis=0).mean() >= _SUPPORT)


def _dark(grey: _Floats) -> _Mask:
    """Pixels darker than the mean of the square around them."""
    padded = np.pad(grey, _AROUND, mode="edge")
    sums = np.pad(padded, ((1, 0), (1, 0))).cumsum(0, dtype=np.float64).cumsum(1)
    side = 2 * _AROUND + 1
    means = (sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]) / side**2
    return np.asarray(grey < means - _DARKER)


def _long_runs(dark: _Mask, length: int) -> _Mask:
    """What lies in a run across of that length, nine tenths of which are dark."""
    near = dark.copy()
    near[1:] |= dark[:-1]  # a line that a tilt of a fraction of a degree moves to the next row
    sums = np.pad(near, ((0, 0), (1, 0))).cumsum(1, dtype=np.int32)
    if near.shape[1] < length:
        return np.zeros_like(dark)
    full = (sums[:, length:] - sums[:, :-length]) >= 0.9 * length
    starts = np.pad(full, ((0, 0), (0, length)))[:, : near.shape[1]].astype(np.int32)
    counts = np.pad(starts, ((0, 0), (length, 0))).cumsum(1)
    return np.asarray((counts[:, length:] - counts[:, :-length]) > 0) & near


def _tilt(dark: _Mask) -> float:
    """Degrees, counter-clockwise, at which the ruling across lies."""
    run = 20  # short enough to be found at the largest tilt
    found: tuple[float, float] = (-1.0, 0.0)
    ys, xs = np.nonzero(_long_runs(dark, run))
    if len(ys) > 150_000:
        step = len(ys) // 150_000 + 1
        ys, xs = ys[::step], xs[::step]
    for width, step_degrees in ((MOST_TILT_DEGREES, 0.25), (0.25, 0.02)):
        for angle in np.arange(found[1] - width, found[1] + width + 1e-9, step_degrees):
            places = np.round(ys + (xs - dark.shape[1] / 2) * tan(radians(angle))).astype(np.int64)
            counts: Any = np.bincount(places - places.min() if len(places) else places)
            found = max(found, (float((counts.astype(np.float64) ** 2).sum()), float(angle)))
    return found[1]


def _line_places(ruling: _Mask) -> list[int]:
    """Rows on which there is a line: the middle of each band that is as long as a quarter of the longest line."""
    lengths = ruling.sum(axis=1)
    is_line = lengths >= max(_SHORTEST_RUN, _SHORTEST_LINE * int(lengths.max(initial=0)))
    places: list[int] = []
    for start, end in _bands(is_line):
        weights = lengths[start:end].astype(np.float64)
        middle = round(float((np.arange(start, end) * weights).sum() / weights.sum()))
        if not places or middle - places[-1] >= _NARROWEST:
            places.append(middle)
    return places


def _bands(is_line: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.pad(is_line.astype(np.int8), 1)))
    return zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
