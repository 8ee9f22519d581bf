"""Everything that stands beside the picture in a file, by where it stands; nothing of it is believed, nothing corrected.

EXIF with its directories, small pictures and maker's note, XMP, IPTC, ICC, comments, PNG texts, parts of an MPO,
dates and lengths of films, whether there is a C2PA manifest. Times are kept as written, with the offset beside them
if there is one, and none is put in where there is none. Whoever held the camera, or the file since, may have written
any of it; and absence of metadata proves nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from dokaz.imagery.film_boxes import read_boxes, said_by_boxes
from dokaz.imagery.picture_segments import Segment, jpeg_segments, png_chunks, png_text, webp_chunks
from dokaz.imagery.tiff_tags import ReadTags, as_text, read_tags

_C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_XMP_HEAD, _LONG_XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
_IPTC = {
    5: "title", 25: "keyword", 55: "date created", 60: "time created", 80: "by-line", 85: "by-line title", 90: "city",
    101: "country", 105: "headline", 110: "credit", 115: "source", 116: "copyright", 120: "caption",
}  # fmt: skip
_MOST_XMP = 4 * 1024 * 1024
_TIMES = (
    ("DateTimeOriginal", "OffsetTimeOriginal"),
    ("DateTimeDigitized", "OffsetTimeDigitized"),
    ("DateTime", "OffsetTime"),
)


@dataclass(frozen=True, slots=True)
class MetadataEntry:
    """One thing that a file says: where it stands, its name, its value as text."""

    where: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class WrittenTime:
    """A time as it is written: by which tag, with which offset from UTC; no offset if none is written."""

    name: str
    written: str
    offset: str


@dataclass(slots=True)
class Metadata:
    """What a file says of itself.

    Args:
        kind: By its first bytes; "unknown" where they are of none that is read.
        times: As written; satellites' time is UTC.
        has_c2pa: Whether there is a C2PA manifest. It is not verified.
        small_pictures: Pictures within the picture, as bytes: they survive when the large one is edited.
        problems: What is wrong with the file, and what was not read.
    """

    kind: str
    entries: list[MetadataEntry] = field(default_factory=list)
    times: list[WrittenTime] = field(default_factory=list)
    has_c2pa: bool = False
    small_pictures: list[bytes] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, where: str, name: str, value: str) -> None:
        """One entry more."""
        self.entries.append(MetadataEntry(where, name, value))


def read_metadata(data: bytes) -> Metadata:
    """Read what a file says of itself; a damaged file is read as far as it goes, and its damage named."""
    kind, read = _kind(data)
    found = Metadata(kind)
    if not data:
        found.problems.append("the file is empty")
    read(data, found)
    if found.has_c2pa:
        found.problems.append("its C2PA manifest is present and was not verified")
    return found


def _kind(data: bytes) -> tuple[str, Callable[[bytes, Metadata], None]]:
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG", _jpeg
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG", _png
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP", _webp
    if data[:4] in (b"II*\0", b"MM\0*"):
        return "TIFF (DNG and other raw pictures too)", lambda data, found: _tiff(data, found, "TIFF")
    if data[4:8] in (b"ftyp", b"moov", b"mdat", b"wide"):
        return "MP4, QuickTime or HEIC", _film
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF", _unread
    return "unknown", _unread


def _unread(data: bytes, found: Metadata) -> None:
    if data:
        found.problems.append(f"files of this kind (first bytes {data[:8].hex(' ')}) are not read here")


def _jpeg(data: bytes, found: Metadata) -> None:
    segments, problems = jpeg_segments(data)
    found.problems += problems
    icc = [one.body[14:] for one in segments if one.name == "APP2" and one.body.startswith(b"ICC_PROFILE\0")]
    if icc:
        _digested(b"".join(icc), found, "ICC", "profile")
    long_xmp = [one.body[75:] for one in segments if one.name == "APP1" and one.body.startswith(_LONG_XMP_HEAD)]
    if long_xmp:
        _xmp(b"".join(long_xmp), found)
    for one in segments:
        if one.name == "APP1" and one.body.startswith(b"Exif\0"):
            _tiff(one.body[6:], found, "EXIF")
        elif one.name == "APP1" and one.body.startswith(_XMP_HEAD):
            _xmp(one.body[len(_XMP_HEAD) :], found)
        elif one.name == "APP2" and one.body.startswith(b"MPF\0"):
            parts = read_tags(one.body[4:])
            found.problems += parts.problems
            found.add("MPF", "pictures in the file", parts.text("tag 0xB001") or "not said")
        elif one.name == "APP13" and one.body.startswith(b"Photoshop 3.0\0"):
            _photoshop(one.body[14:], found)
        elif one.name == "APP11" and b"c2pa" in one.body:
            found.has_c2pa = True
        elif one.name == "COM":
            found.add("JPEG", "comment", as_text(one.body))
        elif one.name.startswith("APP") and not one.body.startswith((b"ICC_PROFILE\0", _LONG_XMP_HEAD)):
            _digested(one.body, found, "JPEG", f"{one.name} {as_text(one.body[:16].partition(bytes(1))[0])}".strip())


def _png(data: bytes, found: Metadata) -> None:
    chunks, problems = png_chunks(data)
    found.problems += problems
    for one in chunks:
        if one.name in ("tEXt", "zTXt", "iTXt"):
            name, text, problem = png_text(one)
            if problem:
                found.problems.append(problem)
            if name == "XML:com.adobe.xmp":
                _xmp(text, found)
            else:
                found.add(f"PNG {one.name}", as_text(name.encode()), as_text(text))
        elif one.name == "tIME" and len(one.body) == 7:
            year, (month, day, *clock) = int.from_bytes(one.body[:2]), one.body[2:]
            written = f"{year:04}-{month:02}-{day:02} " + ":".join(f"{part:02}" for part in clock)
            found.times.append(WrittenTime("PNG tIME (last change)", written, "+00:00 by the standard"))
        else:
            _other_chunk(one, found, "PNG")


def _webp(data: bytes, found: Metadata) -> None:
    chunks, problems = webp_chunks(data)
    found.problems += problems
    for one in chunks:
        _other_chunk(one, found, "WebP")


def _other_chunk(one: Segment, found: Metadata, where: str) -> None:
    if one.name in ("eXIf", "EXIF"):
        _tiff(one.body.removeprefix(b"Exif\0\0"), found, "EXIF")
    elif one.name == "XMP":
        _xmp(one.body, found)
    elif one.name in ("caBX", "C2PA"):
        found.has_c2pa = True
    elif one.name in ("iCCP", "ICCP"):
        _digested(one.body, found, "ICC", "profile")
    elif one.name not in ("IHDR", "PLTE", "VP8X"):
        _digested(one.body, found, where, f"chunk {as_text(one.name.encode('latin-1'))}")


def _film(data: bytes, found: Metadata) -> None:
    boxes, problems = read_boxes(data)
    found.problems += problems
    for where, name, value in said_by_boxes(boxes):
        found.add(as_text(where.encode("latin-1")), name, as_text(value.encode()))
        if name == "created" and value != "not set":
            found.times.append(WrittenTime(as_text(where.encode("latin-1")), value, ""))
    for box in boxes:
        if box.path.endswith("uuid"):
            if box.body.startswith(_C2PA_UUID):
                found.has_c2pa = True
            elif box.body.startswith(_XMP_UUID):
                _xmp(box.body[16:], found)
            else:
                _digested(box.body, found, "uuid", box.body[:16].hex())
    # Where HEIC keeps its EXIF is said by tables that are not read here: it is found by its head.
    at = data.find(b"Exif\0\0")
    if data[4:8] == b"ftyp" and data[8:11] in (b"hei", b"hev", b"mif", b"avi") and at >= 0:
        found.problems.append("its EXIF was found by its head, not by the tables of the file")
        _tiff(data[at + 6 : at + 6 + 1_000_000], found, "EXIF")


def _tiff(data: bytes, found: Metadata, where: str) -> None:
    read = read_tags(data)
    found.problems += read.problems
    for tag in read.tags:
        found.add(f"{where}/{tag.directory}", tag.name, tag.value)
    found.small_pictures += read.small_pictures
    for packet in read.xmp:
        _xmp(packet, found)
    _exif_times(read, found)


def _exif_times(read: ReadTags, found: Metadata) -> None:
    for name, offset in _TIMES:
        if written := read.text(name):
            found.times.append(WrittenTime(name, written, read.text(offset)))
    if day := read.text("GPSDateStamp"):
        clock = read.text("GPSTimeStamp")
        found.times.append(WrittenTime("GPS", f"{day} {clock}".strip(), "+00:00 by the standard"))


def _xmp(packet: bytes, found: Metadata) -> None:
    """Attributes and texts of an XMP packet; entities and document types are refused, nothing is fetched."""
    if len(packet) > _MOST_XMP:
        found.problems.append(f"XMP of {len(packet)} bytes was not read")
        return
    reader = expat.ParserCreate(namespace_separator=" ")
    path: list[str] = []
    texts: list[str] = []

    def refuse(*_: object) -> None:
        raise ValueError("it declares a document type or entities")

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name.rpartition(" ")[2])
        texts.append("")
        for attribute, value in attributes.items():
            found.add("XMP", f"{path[-1]}@{attribute.rpartition(' ')[2]}", as_text(value.encode()))

    def end(_: str) -> None:
        text = texts.pop().strip()
        # Lists hang their items into nameless elements: the name that says something is further out.
        named = next((one for one in reversed(path) if one not in ("li", "Alt", "Bag", "Seq", "Description")), "")
        if text:
            found.add("XMP", named, as_text(text.encode()))
        path.pop()

    def characters(text: str) -> None:
        if texts:
            texts[-1] += text

    reader.StartDoctypeDeclHandler = reader.EntityDeclHandler = refuse
    reader.StartElementHandler, reader.EndElementHandler, reader.CharacterDataHandler = start, end, characters
    try:
        reader.Parse(packet.rstrip(b"\0 "), True)
    except (expat.ExpatError, ValueError) as error:
        found.problems.append(f"XMP cannot be read to its end: {error}")
        _digested(packet, found, "XMP", "packet")


def _photoshop(data: bytes, found: Metadata) -> None:
    """Image resources of Photoshop, of which 0x0404 is IPTC."""
    at = 0
    while data[at : at + 4] == b"8BIM":
        number = int.from_bytes(data[at + 4 : at + 6])
        at += 6
        at += (data[at] + 2) // 2 * 2 if at < len(data) else 0
        length = int.from_bytes(data[at : at + 4])
        body = data[at + 4 : at + 4 + length]
        if len(body) < length:
            found.problems.append(f"Photoshop resource 0x{number:04X} is cut off")
        if number == 0x0404:
            _iptc(body, found)
        else:
            _digested(body, found, "Photoshop", f"resource 0x{number:04X}")
        at += 4 + length + length % 2


def _iptc(data: bytes, found: Metadata) -> None:
    at = 0
    while at + 5 <= len(data) and data[at] == 0x1C:
        record, number, length = data[at + 1], data[at + 2], int.from_bytes(data[at + 3 : at + 5])
        name = _IPTC.get(number) if record == 2 else None
        found.add("IPTC", name or f"{record}:{number}", as_text(data[at + 5 : at + 5 + length]))
        at += 5 + length


def _digested(body: bytes, found: Metadata, where: str, name: str) -> None:
    found.add(where, name, f"{len(body)} bytes, SHA-256 {hashlib.sha256(body).hexdigest()}")
