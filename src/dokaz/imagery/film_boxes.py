"""What films of the MP4 and QuickTime family, and HEIC pictures, say of themselves: dates, lengths, tracks, place.

Dates of films are seconds since 1904, and by the standard UTC; many cameras write their local clock instead, and the
file does not say which. They are given as written. A duration is what the head claims; whether the film has so many
frames is not asked.

Source: ISO/IEC 14496-12, 8.2.2, 8.3.2 and 8.4.2; Apple's QuickTime File Format for ``udta``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_MOST_BOXES, _DEEPEST = 20_000, 12
_HOLD_BOXES = frozenset([b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta", b"edts", b"dinf"])


@dataclass(frozen=True, slots=True)
class Box:
    """One box: where it hangs (names of those around it), and what it holds."""

    path: str
    body: bytes


def read_boxes(data: bytes) -> tuple[list[Box], list[str]]:
    """All boxes but the pictures themselves, and what is wrong with them."""
    problems: list[str] = []
    return list(_boxes(data, 0, len(data), "", problems, [0])), problems


def said_by_boxes(boxes: list[Box]) -> Iterator[tuple[str, str, str]]:
    """Place, name and value of what films say of themselves."""
    for box in boxes:
        name = box.path.rsplit("/", 1)[-1]
        if name == "ftyp":
            yield box.path, "kind", box.body[:4].decode("latin-1").strip()
        elif name in ("mvhd", "tkhd", "mdhd"):
            yield from ((box.path, *one) for one in _head(name, box.body))
        elif name == "hdlr" and len(box.body) >= 12:
            yield box.path, "handler", box.body[8:12].decode("latin-1")
        elif name == "stts" and len(box.body) >= 16:
            _, entries, frames, ticks = struct.unpack_from(">IIII", box.body)
            if entries == 1:
                yield box.path, "frames and ticks of each", f"{frames} x {ticks}"
        elif name.startswith("\xa9") and len(box.body) >= 4:
            yield box.path, name[1:], box.body[4:260].decode("utf-8", "replace")


def _boxes(data: bytes, start: int, end: int, path: str, problems: list[str], counted: list[int]) -> Iterator[Box]:
    while start + 8 <= end:
        counted[0] += 1
        if counted[0] > _MOST_BOXES:
            if counted[0] == _MOST_BOXES + 1:
                problems.append(f"more than {_MOST_BOXES} boxes; the others were not read")
            return
        size, name, head = int.from_bytes(data[start : start + 4]), data[start + 4 : start + 8], 8
        if size == 1 and start + 16 <= end:
            size, head = int.from_bytes(data[start + 8 : start + 16]), 16
        stop = start + size if size else end
        here = f"{path}/{name.decode('latin-1')}".lstrip("/")
        if size and size < head:
            problems.append(f"{here}: a box of {size} bytes cannot be")
            return
        if stop > end:
            problems.append(f"{here}: ends {stop - end} bytes beyond what holds it: cut off, or its length is wrong")
            stop = end
        if name in _HOLD_BOXES and here.count("/") < _DEEPEST:
            yield from _boxes(data, start + head, stop, here, problems, counted)
        elif name not in (b"mdat", b"free", b"skip"):
            yield Box(here, data[start + head : stop])
        start = stop


def _head(name: str, body: bytes) -> Iterator[tuple[str, str]]:
    is_long = body[:1] == b"\x01"
    form = ">QQ" if is_long else ">II"
    if len(body) < 4 + 2 * struct.calcsize(form) // 2 + 12:
        return
    made, changed = struct.unpack_from(form, body, 4)
    for label, seconds in (("created", made), ("changed", changed)):
        if not seconds:
            yield label, "not set"
        elif seconds < 2**33:
            yield label, (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S, UTC by the standard")
        else:
            yield label, f"{seconds} seconds, which is no date"
    if name == "tkhd":
        return
    at = 4 + struct.calcsize(form)
    length_form = ">IQ" if is_long else ">II"
    if len(body) < at + struct.calcsize(length_form):
        return
    scale, length = struct.unpack_from(length_form, body, at)
    yield "ticks of a second (time base)", str(scale)
    yield "claimed duration", f"{length / scale:.3f} s" if scale else f"{length} ticks of a time base of 0"
