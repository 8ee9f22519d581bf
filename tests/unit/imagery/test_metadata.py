"""Metadata is read as it is written; what is wrong with a file is named, and no file stops the reading."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from written_files import box, exif, film, jpeg, picture, png, small_jpeg, text, tiff

from dokaz.exchange.reading.small_pictures import compare_small_pictures
from dokaz.imagery.metadata import Metadata, WrittenTime, read_metadata

XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Editor 3" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:creator><rdf:Seq><rdf:li>O. Example</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"""


def said(found: Metadata) -> dict[str, str]:
    return {f"{one.where} {one.name}": one.value for one in found.entries}


def assert_problem(found: Metadata, *words: str) -> None:
    assert any(all(word in problem for word in words) for problem in found.problems), found.problems


def test_what_a_camera_writes_is_read_as_it_is_written() -> None:
    found = read_metadata(jpeg((0xE1, b"Exif\0\0" + exif()), (0xFE, b"hello \xd0\x86\xd0\xb7\xd1\x8e\xd0\xbc")))
    entries = said(found)
    assert entries["EXIF/IFD0 Make"] == "Olivka"
    assert entries["EXIF/GPS GPSLatitude"] == "49/1 11/1 24/1"
    assert (
        entries["EXIF/Exif MakerNote"].startswith("12 bytes, SHA-256 ") and "OLIVKA" in entries["EXIF/Exif MakerNote"]
    )
    assert entries["JPEG comment"] == "hello Ізюм"
    assert found.times == [
        WrittenTime("DateTimeOriginal", "2022:09:16 15:20:00", "+03:00"),
        WrittenTime("GPS", "2022:09:16 12/1 20/1 5/1", "+00:00 by the standard"),
    ]
    assert found.problems == [] and not found.has_c2pa


def test_a_time_without_an_offset_gets_none() -> None:
    found = read_metadata(jpeg((0xE1, b"Exif\0\0" + tiff([text(0x0132, "2022:09:16 15:20:00")]))))
    assert found.times == [WrittenTime("DateTime", "2022:09:16 15:20:00", "")]


def test_a_small_picture_that_shows_something_else_is_said_to() -> None:
    for seed, differs in ((1, False), (7, True)):
        data = jpeg((0xE1, b"Exif\0\0" + exif(seed)), image=picture(1))
        found = read_metadata(data)
        assert found.small_pictures == [small_jpeg(seed)]
        (small,) = compare_small_pictures(data, found.small_pictures)
        assert small.differs is differs, small
    (broken,) = compare_small_pictures(data, [b"\xff\xd8\xff\xe0 no picture"])
    assert broken.differs is None and "cannot be decoded" in broken.said


def test_directories_that_point_in_a_circle_are_read_once() -> None:
    circle = tiff([text(0x010F, "Olivka"), (0x8769, 4, 1, b"@0")], following=[8])
    found = read_metadata(jpeg((0xE1, b"Exif\0\0" + circle)))
    assert said(found)["EXIF/IFD0 Make"] == "Olivka"
    assert sum("(a loop)" in problem for problem in found.problems) == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"II*\0" + struct.pack("<I", 4_000_000_000), ("outside",)),
        (tiff([(0x010F, 2, 4_000_000_000, b"\0\0\0\0")]), ("Make", "outside")),
        (tiff([(0x010F, 99, 1, b"\0\0\0\0")]), ("type 99",)),
        (b"II*\0\x08\0\0\0\xff\xff" + bytes(40), ("65535 tags",)),
        (b"XX*\0\x08\0\0\0", ("no TIFF header",)),
        (tiff([(0x0201, 4, 1, struct.pack("<I", 9_999)), (0x0202, 4, 1, struct.pack("<I", 5))]), ("small picture",)),
        (tiff([(0x014A, 4, 100, struct.pack("<100I", *range(2_000, 2_100)))]), ("64 directories",)),
    ],
)
def test_what_points_nowhere_is_named(data: bytes, words: tuple[str, ...]) -> None:
    if words[0] == "64 directories":
        data += bytes(8_000)
    assert_problem(read_metadata(jpeg((0xE1, b"Exif\0\0" + data))), *words)


def test_xmp_iptc_icc_and_c2pa_of_a_jpeg_are_found() -> None:
    iptc = b"\x1c\x02\x50\x00\x07Example" + b"\x1c\x02\x37\x00\x0820220916"
    photoshop = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc
    found = read_metadata(
        jpeg(
            (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
            (0xED, photoshop),
            (0xE2, b"ICC_PROFILE\0\1\1" + bytes(50)),
            (0xEB, b"JP\0\1jumb....c2pa...."),
            (0xE5, b"SAMSUNG\0xx"),
        )
    )
    entries = said(found)
    assert entries["XMP Description@CreatorTool"] == "Editor 3" and entries["XMP creator"] == "O. Example"
    assert entries["IPTC by-line"] == "Example" and entries["IPTC date created"] == "20220916"
    assert entries["ICC profile"].startswith("50 bytes")
    assert entries["JPEG APP5 SAMSUNG"].startswith("10 bytes")
    assert found.has_c2pa
    assert_problem(found, "present and was not verified")


def test_xmp_with_entities_is_refused_and_kept_as_a_digest() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    found = read_metadata(jpeg((0xE1, b"http://ns.adobe.com/xap/1.0/\0" + bomb)))
    assert_problem(found, "document type")
    assert said(found)["XMP packet"].startswith(f"{len(bomb)} bytes")


def test_parts_of_an_mpo_and_what_follows_a_picture_are_said() -> None:
    mpf = b"MPF\0" + tiff([(0xB001, 4, 1, struct.pack("<I", 2))])
    found = read_metadata(jpeg((0xE2, mpf), after=jpeg()))
    assert said(found)["MPF pictures in the file"] == "2"
    assert_problem(found, "follow the end of the picture: another JPEG")
    assert_problem(read_metadata(jpeg(after=b"PK\x03\x04...")), "7 bytes", "a ZIP archive")
    assert_problem(read_metadata(png(after=b"<script>")), "8 bytes", "HTML")
    assert read_metadata(jpeg(after=bytes(30))).problems == []


def test_png_texts_times_and_check_sums_are_read() -> None:
    chunks = (
        (b"tEXt", b"Software\0Editor"), (b"zTXt", b"Comment\0\0" + zlib.compress("Ізюм".encode())),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP), (b"tIME", struct.pack(">H5B", 2022, 9, 16, 12, 20, 5)),
        (b"eXIf", tiff([text(0x010F, "Olivka")])), (b"caBX", b"x"),
    )  # fmt: skip
    found = read_metadata(png(*chunks))
    entries = said(found)
    assert entries["PNG tEXt Software"] == "Editor" and entries["PNG zTXt Comment"] == "Ізюм"
    assert entries["XMP creator"] == "O. Example" and entries["EXIF/IFD0 Make"] == "Olivka"
    assert found.times[0] == WrittenTime("PNG tIME (last change)", "2022-09-16 12:20:05", "+00:00 by the standard")
    assert found.has_c2pa
    changed = png((b"tEXt", b"Software\0Editor")).replace(b"Editor", b"Other.")
    assert_problem(read_metadata(changed), "tEXt", "wrong check sum")


def test_a_text_that_unpacks_to_very_much_is_cut_and_said_to_be() -> None:
    found = read_metadata(png((b"zTXt", b"Bomb\0\0" + zlib.compress(bytes(4 * 1024 * 1024)))))
    assert_problem(found, "Bomb", "unpacks to more than")
    assert len(said(found)["PNG zTXt Bomb"]) < 20_000
    assert_problem(read_metadata(png((b"zTXt", b"Bad\0\0no zlib"))), "Bad", "cannot be unpacked")


def test_dates_length_frames_and_place_of_a_film_are_read() -> None:
    entries = said(read_metadata(film()))
    assert entries["moov/mvhd created"] == "2022-09-16T13:20:05, UTC by the standard"
    assert entries["moov/mvhd claimed duration"] == "12.500 s"
    assert entries["moov/mvhd ticks of a second (time base)"] == "600"
    assert entries["moov/trak/mdia/minf/stbl/stts frames and ticks of each"] == "375 x 20"
    assert entries["moov/udta/©xyz xyz"] == "+49.1900+037.2600/"
    assert said(read_metadata(film(made=0)))["moov/mvhd created"] == "not set"
    assert read_metadata(film(made=0)).times == []
    assert said(read_metadata(film(scale=0)))["moov/mvhd claimed duration"] == "7500 ticks of a time base of 0"


def test_films_that_are_cut_off_or_lie_about_lengths_are_said_to() -> None:
    assert_problem(read_metadata(film()[:-40]), "mdat", "40 bytes beyond")
    assert_problem(read_metadata(film(more=struct.pack(">I", 3) + b"free")), "a box of 3 bytes")
    nested = b""
    for _ in range(500):
        nested = box(b"udta", nested)
    assert read_metadata(box(b"ftyp", b"qt  ") + box(b"moov", nested)).kind.startswith("MP4")
    assert_problem(read_metadata(box(b"ftyp", b"qt  ") + box(b"free", b"") * 20_100), "more than 20000 boxes")


def test_control_characters_do_not_reach_a_terminal() -> None:
    found = read_metadata(jpeg((0xFE, b"\x1b]0;title\x07 \xe2\x80\xae evil")))
    assert said(found)["JPEG comment"] == "\\x1b]0;title\\x07 \\x202e evil"


def test_empty_and_unknown_files_are_named() -> None:
    assert_problem(read_metadata(b""), "empty")
    assert_problem(read_metadata(b"PK\x03\x04 no picture"), "50 4b 03 04")
    assert read_metadata(b"MM\0*" + struct.pack(">I", 8) + bytes(6)).kind.startswith("TIFF")


@pytest.mark.parametrize("nth", range(6))
def test_no_damage_stops_the_reading(nth: int) -> None:
    whole = (
        jpeg((0xE1, b"Exif\0\0" + exif()), (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)),
        png((b"tEXt", b"Software\0Editor"), (b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 99)), (b"eXIf", exif())),
        film(), exif(), b"RIFF" + struct.pack("<I", 500) + b"WEBPEXIF" + struct.pack("<I", 400) + exif()[:400],
        box(b"ftyp", b"heic") + b"Exif\0\0" + exif(),
    )[nth]  # fmt: skip
    rng = np.random.default_rng(nth)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(int(rng.integers(1, 12))):
            data[int(rng.integers(len(data)))] = int(rng.choice([0, 1, 0x7F, 0xFF, int(rng.integers(256))]))
        if rng.random() < 0.3:
            del data[int(rng.integers(len(data))) :]
        found = read_metadata(bytes(data))
        assert all(isinstance(one.value, str) for one in found.entries)
