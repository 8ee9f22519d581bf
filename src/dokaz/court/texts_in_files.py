"""The texts in a file, however they are packed and encoded: what a search for a name reads.

A file that may hold text which cannot be read here (a PDF, an encrypted archive, an old office document) is ``Unreadable``:
whoever searches treats it as if the name stood in it. Of pictures the metadata are read, not what they show.
"""

from __future__ import annotations

import base64
import binascii
import html
import io
import json
import quopri
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

_DEEPEST = 3
#: Bytes above which a file, or what is packed in it, is not read but taken for unreadable.
MOST_READ = 512 * 1024 * 1024
# Bytes that may be no text at all yield short names by chance.
BY_CHANCE = 5

_BLOCK = re.compile(
    r"</?(?:w:p|a:p|text:p|p|div|br|tr|td|th|li|table:table-cell|si|row|c|h\d|title|option|dt|dd)\b[^>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_ESCAPE = re.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?|\\x([0-9a-fA-F]{2})|\\U([0-9a-fA-F]{8})")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}(?:\r?\n[A-Za-z0-9+/_-]{4,}={0,2})*")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_ONE_BYTE = ("cp1251", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic")
_UNREADABLE = (b"%PDF", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"{\\rtf")


class Unreadable(Exception):
    """A file may hold text that is not read here."""


@dataclass(frozen=True, slots=True)
class TextIn:
    """One reading of a file, or of a part of it.

    Args:
        place: Which part, for people; empty: the file itself.
        text: What is read there.
        least: Letters below which a word is there by chance.
        value: The JSON value that it is, if it is one.
    """

    place: str
    text: str
    least: int = 0
    value: Any = None


def texts_in(data: bytes, *, hidden: frozenset[str] = frozenset(), place: str = "", depth: int = 0) -> Iterator[TextIn]:
    """Every reading of the bytes of a file.

    Args:
        hidden: SHA-256 of files that are withheld: an archive that holds one is not read, but kept back.

    Raises:
        Unreadable: it may hold text that is not read here.
    """
    if data.startswith(_UNREADABLE):
        raise Unreadable(place)
    if data.startswith(b"PK\x03\x04"):
        yield from _in_archive(data, hidden, place, depth)
    elif data.startswith(b"\x1f\x8b"):
        yield from texts_in(_inflated(data, 31, place), hidden=hidden, place=place, depth=_deeper(depth, place))
    elif data.startswith(b"\xff\xd8\xff"):
        yield from _in_bytes(_of_jpeg(data), place)
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        yield from _in_bytes(_of_png(data), place)
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield from readings(data.decode("utf-16", errors="replace"), place)
    elif data.count(0) * 4 >= len(data) > 1:
        yield from readings(data.decode("utf-16-le", errors="replace"), place)
        yield from readings(data.decode("utf-16-be", errors="replace"), place)
    elif _CONTROL.search(data):
        raise Unreadable(place)
    else:
        yield from _in_text(data, place)


def readings(text: str, place: str = "", *, depth: int = 0) -> Iterator[TextIn]:
    """A text as it stands, and with what is escaped, marked up or packed in it undone."""
    yield TextIn(place, text)
    plain = text
    for _again in range(3):
        undone = _unescaped(plain)
        if undone == plain:
            break
        plain = undone
        yield TextIn(place, plain)
    if _TAG.search(plain):
        # A word may be cut by marks of format; cells and paragraphs are words of their own.
        yield TextIn(place, _TAG.sub("", _BLOCK.sub("\n", plain)))
        yield TextIn(place, _TAG.sub(" ", plain))
    if "=" in text and re.search(r"=[0-9A-F]{2}", text):
        yield from _decoded(quopri.decodestring(text.encode()), place, depth)
    if depth < _DEEPEST:
        for found in _BASE64.finditer(text):
            packed = re.sub(r"\s", "", found[0]).rstrip("=").replace("-", "+").replace("_", "/")
            try:
                data = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
            except (binascii.Error, ValueError):
                continue
            if not _CONTROL.search(data) or data.count(0) * 4 >= len(data):
                yield from _decoded(data, place, depth + 1)


def _decoded(data: bytes, place: str, depth: int) -> Iterator[TextIn]:
    for encoding in ("utf-8", "utf-16-le"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(c.isalpha() for c in text):
            yield from readings(text, place, depth=depth + 1)


def _unescaped(text: str) -> str:
    if "\\" in text:
        text = _ESCAPE.sub(_character, text)
        text = re.sub(
            r"[\ud800-\udbff][\udc00-\udfff]", lambda p: p[0].encode("utf-16", "surrogatepass").decode("utf-16"), text
        )
    if "&" in text:
        text = html.unescape(text)
    if "%" in text:
        text = unquote(text, errors="replace")
    return text


def _character(found: re.Match[str]) -> str:
    code = int(next(group for group in found.groups() if group), 16)
    return chr(code) if code < 0x110000 else found[0]


def _in_text(data: bytes, place: str) -> Iterator[TextIn]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        for encoding in _ONE_BYTE:
            yield from readings(data.decode(encoding, errors="replace"), place)
        return
    yield from readings(text, place)
    if text.lstrip()[:1] in ("{", "["):
        try:
            yield TextIn(place, "", value=json.loads(text))
        except (ValueError, RecursionError):
            return


def _in_bytes(data: bytes, place: str) -> Iterator[TextIn]:
    """Metadata of a picture: text in any encoding between bytes that are none."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1251"):
        text = data.decode(encoding, errors="replace")
        yield TextIn(place, text, BY_CHANCE)
        if encoding.startswith("utf-16"):
            yield TextIn(place, data[1:].decode(encoding, errors="replace"), BY_CHANCE)
        elif encoding == "utf-8":
            yield TextIn(place, _TAG.sub(" ", _unescaped(text)), BY_CHANCE)


def _in_archive(data: bytes, hidden: frozenset[str], place: str, depth: int) -> Iterator[TextIn]:
    deeper = _deeper(depth, place)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(each.file_size for each in members) > MOST_READ or any(each.flag_bits & 1 for each in members):
                raise Unreadable(place)
            yield TextIn(place, archive.comment.decode("utf-8", errors="replace"))
            for member in members:
                inside = f"{place} › {member.filename}" if place else member.filename
                yield from readings(member.filename, inside)
                yield from readings(member.comment.decode("utf-8", errors="replace"), inside)
                content = archive.read(member)
                if sha256(content).hexdigest() in hidden:
                    raise Unreadable(inside)
                yield from texts_in(content, hidden=hidden, place=inside, depth=deeper)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, OSError) as broken:
        raise Unreadable(place) from broken


def _deeper(depth: int, place: str) -> int:
    if depth >= _DEEPEST:
        raise Unreadable(place)
    return depth + 1


def _inflated(data: bytes, window: int, place: str) -> bytes:
    try:
        inflating = zlib.decompressobj(window)
        found = inflating.decompress(data, MOST_READ)
    except zlib.error as broken:
        raise Unreadable(place) from broken
    if inflating.unconsumed_tail or inflating.unused_data:
        raise Unreadable(place)
    return found


def _of_jpeg(data: bytes) -> bytes:
    """The segments of a JPEG before its picture, and whatever follows its end."""
    at, found = 2, b""
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        found += data[at + 4 : at + 2 + size]
        at += 2 + size
    end = data.rfind(b"\xff\xd9")
    return found + (data[end + 2 :] if end >= 0 else data[at:])


def _of_png(data: bytes) -> bytes:
    """The chunks of a PNG that hold text or EXIF, and whatever follows its end."""
    at, found = 8, b""
    while at + 8 <= len(data):
        size, sort = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        chunk = data[at + 8 : at + 8 + size]
        at += 12 + size
        if sort in (b"tEXt", b"iTXt", b"eXIf"):
            found += chunk
        if sort in (b"zTXt", b"iTXt", b"iCCP"):
            packed = chunk.find(b"\x78")
            while packed >= 0:
                try:
                    found += zlib.decompressobj().decompress(chunk[packed:], MOST_READ)
                    break
                except zlib.error:
                    packed = chunk.find(b"\x78", packed + 1)
        if sort == b"IEND":
            break
    return found + data[at:]
