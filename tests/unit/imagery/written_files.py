"""Files with everything beside the picture that cameras, editors and hostile hands write, made by hand."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image


def jpeg(*segments: tuple[int, bytes], image: Image.Image | None = None, after: bytes = b"") -> bytes:
    """A JPEG with segments (marker, content) right after its start."""
    file = io.BytesIO()
    (image or picture(1)).save(file, "JPEG", quality=80)
    data = file.getvalue()
    head = b"".join(bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body for marker, body in segments)
    return data[:2] + head + data[2:] + after


def picture(seed: int, size: tuple[int, int] = (160, 120)) -> Image.Image:
    """Something with light and dark in it."""
    small = np.random.default_rng(seed).integers(0, 256, (5, 6, 3), dtype=np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


def small_jpeg(seed: int) -> bytes:
    """A picture as cameras put it into another."""
    file = io.BytesIO()
    picture(seed).resize((80, 60)).save(file, "JPEG")
    return file.getvalue()


def tiff(*directories: list[tuple[int, int, int, bytes]], following: list[int] | None = None) -> bytes:
    """A TIFF structure, little end first: directories one behind the other, each of (tag, type, count, value).

    Values of more than four bytes go behind all directories; ``b"@1"`` is where the second directory lies.
    """
    places, at = [], 8
    for directory in directories:
        places.append(at)
        at += 2 + 12 * len(directory) + 4
    far, body = b"", b""
    for nth, directory in enumerate(directories):
        body += struct.pack("<H", len(directory))
        for number, kind, count, given in directory:
            value = struct.pack("<I", places[int(given[1:])]) if given.startswith(b"@") else given
            if len(value) > 4:
                body += struct.pack("<HHII", number, kind, count, at + len(far))
                far += value
            else:
                body += struct.pack("<HHI4s", number, kind, count, value)
        body += struct.pack("<I", (following or [0] * 9)[nth])
    return b"II*\0" + struct.pack("<I", 8) + body + far


def text(number: int, value: str) -> tuple[int, int, int, bytes]:
    """A tag with a text."""
    raw = value.encode() + b"\0"
    return number, 2, len(raw), raw


def exif(seed_of_small: int = 1) -> bytes:
    """As a camera writes it: time with offset, place, satellites' time, a maker's note, a small picture."""
    small = small_jpeg(seed_of_small)
    main = [text(0x010F, "Olivka"), (0x8769, 4, 1, b"@1"), (0x8825, 4, 1, b"@2")]
    detail = [text(0x9003, "2022:09:16 15:20:00"), text(0x9011, "+03:00"), (0x927C, 7, 12, b"OLIVKA\0brokn")]
    thirds = struct.pack("<6I", 49, 1, 11, 1, 24, 1)
    clock = struct.pack("<6I", 12, 1, 20, 1, 5, 1)
    gps = [text(1, "N"), (2, 5, 3, thirds), (7, 5, 3, clock), text(0x1D, "2022:09:16")]
    built = tiff(main, detail, gps, [(0x0201, 4, 1, b"????"), (0x0202, 4, 1, struct.pack("<I", len(small)))])
    # The fourth directory follows the first, and its picture lies at the end.
    fourth = 8 + sum(2 + 12 * len(one) + 4 for one in (main, detail, gps))
    built = built[: 8 + 2 + 36] + struct.pack("<I", fourth) + built[8 + 2 + 36 + 4 :]
    return built.replace(b"????", struct.pack("<I", len(built))) + small


def png(*chunks: tuple[bytes, bytes], after: bytes = b"") -> bytes:
    """A PNG with chunks before its picture."""
    file = io.BytesIO()
    picture(2).save(file, "PNG")
    data = file.getvalue()
    made = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    return data[:33] + made + data[33:] + after


def box(name: bytes, body: bytes) -> bytes:
    """A box of a film."""
    return struct.pack(">I", 8 + len(body)) + name + body


def film(*, made: int = 3_746_179_205, scale: int = 600, length: int = 7_500, more: bytes = b"") -> bytes:
    """A film of 12.5 seconds without pictures."""
    head = box(b"mvhd", struct.pack(">IIIII", 0, made, made, scale, length) + bytes(80))
    frames = box(b"stts", struct.pack(">IIII", 0, 1, 375, 20))
    track = box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", frames))))
    place = box(b"\xa9xyz", struct.pack(">HH", 18, 0) + b"+49.1900+037.2600/")
    movie = box(b"moov", head + track + box(b"udta", place) + more)
    return box(b"ftyp", b"mp42\0\0\0\0") + movie + box(b"mdat", bytes(100))
