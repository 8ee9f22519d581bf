"""The parts of JPEG, PNG and WebP files that are beside the picture: by name, as bytes, and what is wrong with the file.

Source: ITU-T T.81, annex B; W3C PNG, third edition, section 11; Google's WebP container.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_MOST_PARTS = 20_000
_MOST_UNPACKED = 1024 * 1024
_STANDALONE = frozenset([0x01, *range(0xD0, 0xD8)])
_KNOWN_TAILS = {b"PK\x03\x04": "a ZIP archive", b"%PDF": "a PDF", b"\xff\xd8\xff": "another JPEG", b"MZ": "a program",
                b"<": "HTML or XML", b"Rar!": "a RAR archive", b"\x7fELF": "a program"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a file: its name, and what it holds."""

    name: str
    body: bytes


def jpeg_segments(data: bytes) -> tuple[list[Segment], list[str]]:
    """Segments of the first picture of a JPEG, up to its scan; those of pictures behind it are in the problems."""
    found: list[Segment] = []
    problems: list[str] = []
    at = 2
    while at + 4 <= len(data) and len(found) < _MOST_PARTS:
        if data[at] != 0xFF:
            problems.append(f"byte {at} begins no segment: the head is damaged")
            return found, problems
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _STANDALONE:
            at += 2
        elif marker == 0xD9:
            return found, [*problems, *_tail(data[at + 2 :])]
        elif marker == 0xDA:
            return found, [*problems, *_after_scan(data, at)]
        else:
            length = int.from_bytes(data[at + 2 : at + 4])
            if length < 2 or at + 2 + length > len(data):
                problems.append(f"a segment at byte {at} says that it has {length} bytes: cut off, or damaged")
                return found, problems
            name = f"APP{marker - 0xE0}" if 0xE0 <= marker <= 0xEF else "COM" if marker == 0xFE else f"{marker:02X}"
            found.append(Segment(name, data[at + 4 : at + 2 + length]))
            at += 2 + length
    problems.append("it ends before its picture begins")
    return found, problems


def _after_scan(data: bytes, at: int) -> Iterator[str]:
    """What follows the picture itself: from the start of its scan to its end, later scans and their tables included."""
    end = data.find(b"\xff\xd9", at)
    if end < 0:
        yield "it has no end: cut off"
    else:
        yield from _tail(data[end + 2 :])


def _tail(tail: bytes) -> Iterator[str]:
    tail = tail.strip(b"\0")
    if tail:
        kind = next((kind for start, kind in _KNOWN_TAILS.items() if tail.startswith(start)), "of no known kind")
        yield f"{len(tail)} bytes follow the end of the picture: {kind}"


def png_chunks(data: bytes) -> tuple[list[Segment], list[str]]:
    """Chunks of a PNG but those of the picture itself."""
    found: list[Segment] = []
    problems: list[str] = []
    at = 8
    while at + 12 <= len(data) and len(found) < _MOST_PARTS:
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8].decode("latin-1")
        if at + 12 + length > len(data):
            problems.append(f"chunk {name} says that it has {length} bytes: cut off, or damaged")
            return found, problems
        body = data[at + 8 : at + 8 + length]
        if zlib.crc32(data[at + 4 : at + 8 + length]) != int.from_bytes(data[at + 8 + length : at + 12 + length]):
            problems.append(f"chunk {name} has a wrong check sum: changed or damaged")
        if name == "IEND":
            return found, [*problems, *_tail(data[at + 12 + length :])]
        if name != "IDAT":
            found.append(Segment(name, body))
        at += 12 + length
    problems.append("it has no end: cut off")
    return found, problems


def webp_chunks(data: bytes) -> tuple[list[Segment], list[str]]:
    """Chunks of a WebP but those of the picture itself."""
    found: list[Segment] = []
    problems: list[str] = []
    at, end = 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    if 8 + int.from_bytes(data[4:8], "little") > len(data):
        problems.append("it is shorter than its head says: cut off")
    while at + 8 <= end and len(found) < _MOST_PARTS:
        length, name = int.from_bytes(data[at + 4 : at + 8], "little"), data[at : at + 4].decode("latin-1")
        if name not in ("VP8 ", "VP8L", "ALPH", "ANMF"):
            found.append(Segment(name.strip(), data[at + 8 : min(at + 8 + length, end)]))
        at += 8 + length + length % 2
    return found, [*problems, *_tail(data[end:])]


def png_text(chunk: Segment) -> tuple[str, bytes, str]:
    """Keyword and text of a chunk tEXt, zTXt or iTXt, and what is wrong with it."""
    keyword, _, rest = chunk.body.partition(b"\0")
    packed = False
    if chunk.name == "iTXt":
        packed, rest = rest[:1] == b"\x01", rest[2:]
        # Language and translated keyword stand before the text.
        rest = rest.partition(b"\0")[2].partition(b"\0")[2]
    elif chunk.name == "zTXt":
        packed, rest = True, rest[1:]
    name = keyword.decode("latin-1")
    if not packed:
        return name, rest, ""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(rest, _MOST_UNPACKED)
    except zlib.error:
        return name, b"", f"{chunk.name} {name}: its text cannot be unpacked"
    if unpacking.unconsumed_tail:
        return (
            name,
            text,
            f"{chunk.name} {name}: unpacks to more than {_MOST_UNPACKED} bytes, of which the first are given",
        )
    return name, text, ""
