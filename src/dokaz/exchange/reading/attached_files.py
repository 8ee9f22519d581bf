"""Attached files of any kind: what they are by their first bytes, and what they say of themselves.

Nothing is refused for what it is: a file may be evidence because it is damaged. What is read is a claim of whoever made the
file, or edited it since. Only pictures are decoded, and only to be shown small.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from PIL import Image

from dokaz.exchange.reading.limits import PHOTOGRAPH_PIXELS
from dokaz.exchange.reading.photographs import read_exif

UNKNOWN = "application/octet-stream"
#: The kinds of which a small copy can be made.
PICTURED = frozenset({"image/jpeg", "image/png", "image/tiff", "image/webp", "image/x-adobe-dng"})
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP")

# The first that fits counts: where in the file, what stands there, what it is.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftyphev", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/x-matroska"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"PK\x03\x04", "application/zip"),
)
_FILMED = frozenset({"audio/mp4", "video/mp4", "video/quicktime"})
_DNG_VERSION = 0xC612
_EPOCH_OF_FILMS = datetime(1904, 1, 1, tzinfo=UTC)
_BOXES = 4096


@dataclass(frozen=True, slots=True)
class SaidByFile:
    """What a file is, and what is written in it about itself.

    Args:
        media_type: By its first bytes; ``UNKNOWN`` where these are of no kind that is known here.
        said: Of ``width_px``, ``height_px``, ``clock``, ``camera``, ``latitude_deg``, ``longitude_deg``, ``seconds``,
            ``made_at`` and ``pdf_version`` what was found, as text; ``unread``, the name of the error, where what
            follows the first bytes could not be read.
    """

    media_type: str
    said: dict[str, str] = field(default_factory=dict)


def read_attached(content: bytes | Path) -> SaidByFile:
    """Look at an attached file; of films and sounds only what stands in their heads is read, whatever their size.

    Raises:
        MemoryError: the machine has no room to look at it.
    """
    with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
        head = file.read(16)
        found = next((kind for at, mark, kind in _SIGNATURES if head[at:].startswith(mark)), UNKNOWN)
        file.seek(0)
        try:
            if found in PICTURED:
                return _picture(file, found)
            if found in _FILMED:
                return SaidByFile(found, dict(_film(file)))
            if found == "audio/wav":
                with wave.open(file) as sound:
                    return SaidByFile(found, {"seconds": f"{sound.getnframes() / sound.getframerate():.1f}"})
            if found == "application/pdf":
                return SaidByFile(found, {"pdf_version": file.read(8)[5:].decode("ascii")})
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - a damaged file is kept as it is, and its page says so
            return SaidByFile(found, {"unread": type(error).__name__})
        return SaidByFile(found)


def _picture(file: IO[bytes], kind: str) -> SaidByFile:
    image = Image.open(file, formats=_FORMATS)
    said, camera = {"width_px": str(image.width), "height_px": str(image.height)}, read_exif(image)
    if kind == "image/tiff" and _DNG_VERSION in image.getexif():
        kind = "image/x-adobe-dng"
        # What opens as a TIFF is the small copy in it; how large the picture is stands elsewhere.
        said = {}
    said |= {"clock": camera.clock, "camera": camera.camera}
    if camera.position is not None:
        said |= {
            "latitude_deg": f"{camera.position.latitude:.7f}",
            "longitude_deg": f"{camera.position.longitude:.7f}",
        }
    return SaidByFile(kind, {name: text for name, text in said.items() if text})


def _film(file: IO[bytes]) -> Iterator[tuple[str, str]]:
    """When a film or sound was made, and how long it is, from the box ``mvhd`` (ISO/IEC 14496-12, 8.2.2)."""
    end = file.seek(0, io.SEEK_END)
    movie = next((found for name, *found in _boxes(file, 0, end) if name == b"moov"), None)
    header = next((found for name, *found in _boxes(file, *movie) if name == b"mvhd"), None) if movie else None
    if header is None:
        return
    file.seek(header[0])
    is_long = file.read(4)[:1] == b"\x01"
    width = 8 if is_long else 4
    made, _changed = (int.from_bytes(file.read(width)) for _ in range(2))
    scale, length = int.from_bytes(file.read(4)), int.from_bytes(file.read(width))
    if made:
        yield "made_at", (_EPOCH_OF_FILMS + timedelta(seconds=made)).strftime("%Y-%m-%dT%H:%M:%SZ")
    if scale:
        yield "seconds", f"{length / scale:.1f}"


def _boxes(file: IO[bytes], start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes between two places: name, where what they hold begins, where it ends."""
    for _nth in range(_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        size, name, head = int.from_bytes(file.read(4)), file.read(4), 8
        if size == 1:
            size, head = int.from_bytes(file.read(8)), 16
        stop = start + size if size else end
        if size and size < head:
            return
        yield name, start + head, min(stop, end)
        start = stop


def opened_to_show(file: IO[bytes]) -> Image.Image:
    """A picture, ready to be made small.

    Raises:
        ValueError: it has more pixels than are read.
        OSError: it is no picture of a kind that is read.
    """
    image = Image.open(file, formats=_FORMATS)
    if image.width * image.height > PHOTOGRAPH_PIXELS:
        raise ValueError(f"{image.width} × {image.height} pixels")
    return image
