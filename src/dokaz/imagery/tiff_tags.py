"""The tags of EXIF, TIFF, DNG and MPF as they are written, with every place that points nowhere or in a circle named.

Nothing is interpreted: a number stays a number, a text a text. What is long is given as its length and digest. A
directory is read once, however often it is pointed to; what a maker's note holds is not read, only named.

Source: TIFF 6.0, section 2; CIPA DC-008 (EXIF 3.0), section 4.6.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import ExifTags

_DIRECTORIES = {0x8769: "Exif", 0x8825: "GPS", 0xA005: "Interoperability", 0x014A: "SubIFD"}
_MAKER_NOTE, _XMP, _SMALL_AT, _SMALL_LENGTH = 0x927C, 0x02BC, 0x0201, 0x0202
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_FORMS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I"}
_MOST_DIRECTORIES, _MOST_TAGS, _MOST_SHOWN = 64, 4096, 64
_LONGEST_TEXT = 8192


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: in which directory, by which number and name, and its value as text."""

    directory: str
    number: int
    name: str
    value: str


@dataclass(slots=True)
class ReadTags:
    """Tags of one TIFF structure, small pictures and XMP in it, and what is wrong with it."""

    tags: list[Tag] = field(default_factory=list)
    small_pictures: list[bytes] = field(default_factory=list)
    xmp: list[bytes] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """The first value of a name; empty if there is none."""
        return next((tag.value for tag in self.tags if tag.name == name), "")


def read_tags(data: bytes) -> ReadTags:
    """All directories of a TIFF structure that can be reached from its head."""
    read = ReadTags()
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 8:
        read.problems.append("no TIFF header: its tags cannot be read")
        return read
    (first,) = struct.unpack(order + "I", data[4:8])
    waiting, seen = [("IFD0", first)], set[int]()
    while waiting:
        name, at = waiting.pop(0)
        if at in seen:
            read.problems.append(f"{name} points back to a directory that was read (a loop)")
            continue
        if len(seen) >= _MOST_DIRECTORIES:
            read.problems.append(f"more than {_MOST_DIRECTORIES} directories; the others were not read")
            break
        seen.add(at)
        waiting += _directory(data, order, name, at, read)
    return read


def _directory(data: bytes, order: str, name: str, at: int, read: ReadTags) -> list[tuple[str, int]]:
    if not 8 <= at <= len(data) - 2:
        read.problems.append(f"{name} lies at byte {at}, outside of its {len(data)} bytes")
        return []
    (count,) = struct.unpack_from(order + "H", data, at)
    if count > _MOST_TAGS or at + 2 + 12 * count > len(data):
        read.problems.append(f"{name} says that it has {count} tags, more than there is room for")
        count = min(_MOST_TAGS, (len(data) - at - 2) // 12)
    found: list[tuple[str, int]] = []
    small: dict[int, int] = {}
    for nth in range(count):
        number, kind, length, place = struct.unpack_from(order + "HHI4s", data, at + 2 + 12 * nth)
        raw = _raw(data, order, kind, length, place)
        tag = _name(name, number)
        if raw is None:
            read.problems.append(
                f"{name} {tag}: its value lies outside, or is of no kind (type {kind}, {length} values)"
            )
            continue
        if number in _DIRECTORIES and kind in (4, 13):
            found += [(_DIRECTORIES[number], each) for each in struct.unpack(order + "I" * length, raw)]
        elif number in (_SMALL_AT, _SMALL_LENGTH) and kind in (3, 4) and length == 1:
            small[number] = int.from_bytes(raw, "little" if order == "<" else "big")
        elif number == _XMP:
            read.xmp.append(raw)
        if number == _MAKER_NOTE:
            read.tags.append(Tag(name, number, tag, f"{_digest(raw)}; starts with {raw[:12]!r}; not interpreted"))
        else:
            read.tags.append(Tag(name, number, tag, _value(raw, order, kind, length)))
    if len(small) == 2:
        begin, size = small[_SMALL_AT], small[_SMALL_LENGTH]
        if begin + size <= len(data):
            read.small_pictures.append(data[begin : begin + size])
        else:
            read.problems.append(f"{name}: the small picture lies outside of the file")
    after = at + 2 + 12 * count
    if after + 4 <= len(data) and name.startswith("IFD"):
        (following,) = struct.unpack_from(order + "I", data, after)
        if following:
            found.append((f"IFD{int(name[3:]) + 1}", following))
    return found


def _raw(data: bytes, order: str, kind: int, length: int, place: bytes) -> bytes | None:
    size = _SIZES.get(kind, 0) * length
    if kind not in _SIZES:
        return None
    if size <= 4:
        return place[:size]
    (at,) = struct.unpack(order + "I", place)
    return data[at : at + size] if at + size <= len(data) else None


def _name(directory: str, number: int) -> str:
    names = ExifTags.GPSTAGS if directory == "GPS" else ExifTags.TAGS
    return names.get(number) or f"tag 0x{number:04X}"


def _value(raw: bytes, order: str, kind: int, length: int) -> str:
    if kind == 2:
        return as_text(raw.rstrip(b"\0"))
    if kind == 7:
        return as_text(raw) if len(raw) <= 64 else _digest(raw)
    if length > _MOST_SHOWN:
        return f"{length} values, {_digest(raw)}"
    return " ".join(_numbers(raw, order, kind, length))


def _numbers(raw: bytes, order: str, kind: int, length: int) -> Iterator[str]:
    if kind in (5, 10):
        parts = struct.unpack(order + ("I" if kind == 5 else "i") * (2 * length), raw)
        yield from (f"{above}/{below}" for above, below in zip(parts[::2], parts[1::2], strict=True))
    else:
        yield from map(str, struct.unpack(order + _FORMS[kind] * length, raw))


def as_text(raw: bytes) -> str:
    """Bytes as text: UTF-8 if they are, else one character a byte; what is no text, or very long, as its digest."""
    if len(raw) > _LONGEST_TEXT:
        return f"{as_text(raw[:512])} … ({_digest(raw)})"
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    # A terminal that shows the answer takes no orders from a file, and no mark turns its lines around.
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)


def _digest(raw: bytes) -> str:
    return f"{len(raw)} bytes, SHA-256 {hashlib.sha256(raw).hexdigest()}"
