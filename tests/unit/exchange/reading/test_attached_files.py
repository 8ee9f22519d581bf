"""What a file is by its first bytes, and what it says of itself; a damaged one says nothing."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from dokaz.exchange.reading import attached_files
from dokaz.exchange.reading.attached_files import UNKNOWN, opened_to_show, read_attached


def picture(kind: str, **tags: object) -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "Invented camera"
    exif.get_ifd(0x8769)[0x9003] = "2022:03:09 11:20:00"
    out = io.BytesIO()
    Image.new("RGB", (90, 60), (10, 90, 60)).save(out, kind, exif=exif, **tags)
    return out.getvalue()


def box(name: bytes, inside: bytes) -> bytes:
    return struct.pack(">I", 8 + len(inside)) + name + inside


# 9 March 2022, 11:20 UTC, in seconds since 1904.
MADE = 1646824800 + 2082844800
SHORT = box(b"mvhd", struct.pack(">IIIII", 0, MADE, MADE, 600, 7500))
LONG = box(b"mvhd", struct.pack(">IQQIQ", 1 << 24, MADE, MADE, 600, 7500))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypavif", "image/avif"),
        (b"\x00\x00\x00\x18ftypqt  ", "video/quicktime"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
        (b"RIFF\x00\x00\x00\x00AVI ", "video/x-msvideo"),
        (b"OggS", "audio/ogg"),
        (b"ID3\x04", "audio/mpeg"),
        (b"MZ\x90\x00", UNKNOWN),
        (b"<html>", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content, kind):
    assert read_attached(content).media_type == kind


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("TIFF", "image/tiff")])
def test_a_picture_tells_its_size_its_camera_and_its_clock(kind, media_type, tmp_path):
    (tmp_path / "file").write_bytes(picture(kind))
    found = read_attached(tmp_path / "file")
    assert found.media_type == media_type
    wanted = {"width_px": "90", "height_px": "60", "clock": "2022:03:09 11:20:00", "camera": "Invented camera"}
    if kind == "TIFF":  # Pillow writes no clock into one
        del wanted["clock"]
    assert found.said == wanted


def test_a_raw_photograph_is_told_from_a_tiff():
    tags = Image.Exif()
    tags[0xC612] = b"\x01\x04\x00\x00"
    out = io.BytesIO()
    Image.new("RGB", (90, 60)).save(out, "TIFF", tiffinfo=tags)
    found = read_attached(out.getvalue())
    assert (found.media_type, "width_px" in found.said) == ("image/x-adobe-dng", False)


@pytest.mark.parametrize("head", [SHORT, LONG])
def test_a_film_tells_when_it_was_made_and_how_long_it_is(head):
    content = box(b"ftyp", b"isom" + bytes(4)) + box(b"free", bytes(40)) + box(b"moov", head) + box(b"mdat", bytes(9))
    assert read_attached(content).said == {"made_at": "2022-03-09T11:20:00Z", "seconds": "12.5"}


def test_a_film_whose_boxes_lead_nowhere_says_nothing():
    endless = box(b"ftyp", b"isom") + struct.pack(">I", 1) + b"free" + struct.pack(">Q", 0)
    assert read_attached(endless).said == {}


def test_a_damaged_file_is_what_it_is_and_is_said_to_be_unread():
    found = read_attached(picture("JPEG")[:30])
    assert (found.media_type, found.said) == ("image/jpeg", {"unread": "OSError"})
    assert list(read_attached(b"RIFF\x00\x00\x00\x00WAVEnothing").said) == ["unread"]


def test_a_picture_of_more_dots_than_are_read_is_not_shown(monkeypatch):
    monkeypatch.setattr(attached_files, "PHOTOGRAPH_PIXELS", 90 * 60 - 1)
    with pytest.raises(ValueError, match="90 × 60"):
        opened_to_show(io.BytesIO(picture("PNG")))
    monkeypatch.setattr(attached_files, "PHOTOGRAPH_PIXELS", 90 * 60)
    assert opened_to_show(io.BytesIO(picture("PNG"))).size == (90, 60)
