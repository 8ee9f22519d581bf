"""Photographs: what EXIF says, and pictures that are cut off, damaged or far too large."""

from __future__ import annotations

import hashlib
import io
import struct
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from dokaz.errors import BadFile
from dokaz.exchange.reading.photographs import read_photograph
from dokaz.exchange.reading.remarks import in_words


def jpeg(exif: Image.Exif | None = None) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, "JPEG", exif=exif or Image.Exif())
    return out.getvalue()


def stated(offset: str = "+03:00") -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Olivka", "FX-2"
    detail = exif.get_ifd(ExifTags.IFD.Exif)
    detail[ExifTags.Base.DateTimeOriginal] = "2023:05:10 09:12:00"
    if offset:
        detail[ExifTags.Base.OffsetTimeOriginal] = offset
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
    gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLongitude] = (49.0, 37.0, 12.0), (36.0, 42.0, 0.0)
    return exif


def test_time_place_and_camera_are_read() -> None:
    data = jpeg(stated())
    photograph = read_photograph(data, file="a.jpg")
    assert photograph.taken_at == datetime(2023, 5, 10, 6, 12, tzinfo=UTC)
    assert photograph.position is not None
    assert photograph.position.latitude == pytest.approx(49.62, abs=1e-6)
    assert photograph.camera == "Olivka FX-2"
    assert photograph.sha256 == hashlib.sha256(data).hexdigest()
    assert photograph.problems == ()


def test_a_photograph_without_exif_is_taken_and_says_so() -> None:
    photograph = read_photograph(jpeg(), file="a.jpg")
    assert photograph.taken_at is None
    assert photograph.problems[0] == {"code": "no_exif"}


def test_a_time_without_a_zone_is_not_given_one() -> None:
    photograph = read_photograph(jpeg(stated(offset="")), file="a.jpg")
    assert photograph.taken_at is None
    assert photograph.clock == "2023:05:10 09:12:00"
    assert photograph.problems == ({"code": "no_zone"},)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_truncated_jpeg_is_refused_by_name(share: float) -> None:
    data = jpeg(stated())
    with pytest.raises(BadFile, match=r"cut off|damaged") as caught:
        read_photograph(data[: int(len(data) * share)], file="a.jpg")
    assert caught.value.file == "a.jpg"
    assert caught.value.next_step


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.7", b"\xff\xd8\xff"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(BadFile):
        read_photograph(data, file="a.jpg")


def test_a_decompression_bomb_is_refused_before_it_is_decoded() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )
    with pytest.raises(BadFile, match=r"too large|pixels"):
        read_photograph(bomb, file="a.png")


def test_bytes_after_the_end_are_remarked_on() -> None:
    (problem,) = read_photograph(jpeg(stated()) + b"hidden text", file="a.jpg").problems
    assert in_words(problem) == "11 bytes follow the end of the picture"


def test_a_small_copy_within_the_file_is_remarked_on() -> None:
    small = jpeg()
    tiff = b"II*\0" + struct.pack("<I", 8) + struct.pack("<HI", 0, 14)
    tiff += (
        struct.pack("<H", 2) + struct.pack("<HHII", 0x0201, 4, 1, 44) + struct.pack("<HHII", 0x0202, 4, 1, len(small))
    )
    tiff += struct.pack("<I", 0) + small
    segment = b"Exif\0\0" + tiff
    data = jpeg()
    data = data[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + data[2:]
    photograph = read_photograph(data, file="a.jpg")
    assert photograph.thumbnail_bytes == len(small)
    assert {"code": "small_copy"} in photograph.problems


# Reads a picture of 100 million pixels in a process that may use 60 MB more than it has.
SHORT_OF_MEMORY = """
import io, resource, sys
from pathlib import Path
from PIL import Image
from dokaz.exchange.reading.photographs import read_photograph
whole = io.BytesIO()
Image.new("RGB", (40, 30)).save(whole, "JPEG")
read_photograph(whole.getvalue(), file="small.jpg")
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 60_000_000, resource.RLIM_INFINITY))
try:
    read_photograph(Path(sys.argv[1]).read_bytes(), file="large.png")
except Exception as error:
    print(type(error).__name__)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux how much memory a process uses")
def test_a_machine_without_memory_says_nothing_about_the_picture(tmp_path: Path) -> None:
    Image.new("L", (10_000, 10_000)).save(tmp_path / "large.png")
    read = subprocess.run(
        [sys.executable, "-c", SHORT_OF_MEMORY, str(tmp_path / "large.png")], capture_output=True, text=True
    )
    assert (read.stdout.strip(), read.stderr) == ("MemoryError", "")


@pytest.mark.parametrize("said", [MemoryError(), OSError("out of memory when reading image file")])
@pytest.mark.parametrize(
    "where", ["JpegImagePlugin.JpegImageFile._open", "JpegImagePlugin.JpegImageFile.load", "Image.Exif.get_ifd"]
)
def test_memory_that_ends_is_never_called_damage(monkeypatch: pytest.MonkeyPatch, where: str, said: Exception) -> None:
    def ends(*_: object) -> None:
        raise said

    data = jpeg(stated())
    monkeypatch.setattr(f"PIL.{where}", ends)
    with pytest.raises(MemoryError):
        read_photograph(data, file="a.jpg")
