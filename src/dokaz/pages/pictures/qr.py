"""Labels: a number that people read, and the same as a QR code that a phone or a scanner reads."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import segno

from dokaz.pages.pictures.svg import element, picture

# A4, three across and eight down: 70 × 37 mm, the commonest sheet (Avery 3474 and its likes).
ACROSS, DOWN = 3, 8


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on a label. ``number`` is given once and never changes; ``uuid`` is what the ledger knows."""

    number: str
    uuid: str
    lines: tuple[str, ...] = ()

    @property
    def payload(self) -> str:
        """What the code says: enough to find the record on a machine that has never been online."""
        return f"dokaz:{self.number}:{self.uuid}"

    @property
    def code(self) -> str:
        return qr(self.payload, title=self.number)


def qr(payload: str, *, title: str) -> str:
    """Draw a QR code (error correction Q: a quarter of it may be soiled), always dark on white, so that scanners read it.

    Returns: SVG with a quiet zone of four modules
    """
    code = segno.make(payload, error="q", micro=False)
    size = code.symbol_size(border=4)[0]
    strokes = io.StringIO()
    for y, row in enumerate(code.matrix):
        for x, dark in enumerate(row):
            if dark:
                strokes.write(f"M{x + 4} {y + 4}h1v1h-1z")
    return picture(
        f"qr-{payload[-12:]}",
        size,
        size,
        title,
        payload,
        [
            element("rect", width=size, height=size, fill="#fff"),
            element("path", d=strokes.getvalue(), fill="#000", shape_rendering="crispEdges"),
        ],
        kind="qr",
    )


def sheets(labels: Sequence[Label], *, skip: int = 0) -> list[list[Label | None]]:
    """Divide labels into sheets of 24; ``skip`` leaves so many places empty at the start, for a sheet already begun."""
    places: list[Label | None] = [None] * skip + list(labels)
    size = ACROSS * DOWN
    return [places[i : i + size] for i in range(0, len(places), size)]
