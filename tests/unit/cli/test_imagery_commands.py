"""`dokaz imagery`: what it says, what it prints for programs, and with which code it ends."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from dokaz.cli.exits import ExitCode
from dokaz.cli.main import run

sys.path.insert(0, str(Path(__file__).parents[1] / "imagery"))


def asked(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = ExitCode.OK) -> str:
    assert run(["imagery", *arguments]) == code
    printed = capsys.readouterr()
    return printed.out if code == ExitCode.OK else printed.err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A picture, what became of it, and files that are none."""
    from drawn_scenes import scene

    image = scene(5)
    (tmp_path / "web").mkdir()
    image.save(tmp_path / "own.png")
    shutil.copy(tmp_path / "own.png", tmp_path / "web" / "same.png")
    mirrored = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    mirrored.crop((60, 40, 560, 440)).save(tmp_path / "web" / "published.jpg", quality=70)
    turned = Image.Exif()
    turned[0x0112] = 6
    image.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.jpg", quality=90, exif=turned)
    scene(5, looked_at=1).save(tmp_path / "elsewhere.jpg", quality=90)
    Image.new("L", (200, 200), 99).save(tmp_path / "even.png")
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "half.jpg").write_bytes((tmp_path / "turned.jpg").read_bytes()[:20_000])
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    (tmp_path / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic")
    os.symlink("own.png", tmp_path / "link.png")
    return tmp_path


def test_programs_get_every_pair_once_and_every_file_that_was_left(folder: Path, capsys) -> None:
    told = json.loads(asked(capsys, "duplicates", str(folder), "--json"))
    assert [(one["a"], one["b"], one["how"]) for one in told["pairs"]] == [
        ("own.png", "turned.jpg", "recompressed"),
        ("own.png", "web/published.jpg", "mirror, crop"),
        ("own.png", "web/same.png", "same file"),
        ("turned.jpg", "web/published.jpg", "mirror, crop"),
        ("turned.jpg", "web/same.png", "recompressed"),
        ("web/published.jpg", "web/same.png", "mirror, crop"),
    ]  # fmt: skip
    assert {one["file"] for one in told["unreadable"]} == {"empty.jpg", "half.jpg"}
    assert {one["file"]: one["why"].split(";")[0].split(" (")[0] for one in told["not_compared"]} == {
        "even.png": "too even to be compared",
        "film.mp4": "a film",
        "link.png": "a link",
        "notes.txt": "no picture of a kind that is read here",
        "photo.heic": "pictures of this kind",
    }
    assert told["notes"] == [{"file": "turned.jpg", "note": "turned the right way up, as its EXIF says"}]
    assert told["files"] == 12


def test_readers_are_told_the_same_and_that_people_decide(folder: Path, capsys) -> None:
    told = asked(capsys, "duplicates", str(folder))
    for said in (
        "own.png = web/same.png: same file (0 of 256 bits apart)",
        "own.png = web/published.jpg: mirror, crop",
        "empty.jpg: the file is empty",
        "a pair is a proposal",
    ):
        assert said in told


def test_hostile_names_sizes_and_places_neither_stop_nor_pass_in_silence(tmp_path: Path, capsys) -> None:
    from written_files import png

    header = png()[8 + 8 : 8 + 8 + 13]
    for name, width, height in (("over.png", 20_001, 10_000), ("bomb.png", 60_000, 60_000)):
        said = width.to_bytes(4) + height.to_bytes(4) + header[8:]
        data = (
            png()
            .replace(header, said)
            .replace(zlib.crc32(b"IHDR" + header).to_bytes(4), zlib.crc32(b"IHDR" + said).to_bytes(4))
        )
        (tmp_path / name).write_bytes(data)
    (tmp_path / os.fsdecode(b"odd\xff\x1b[31m.png")).write_bytes(png())
    (tmp_path / "same.png").write_bytes(png())
    os.mkfifo(tmp_path / "pipe.jpg")
    told = json.loads(asked(capsys, "duplicates", str(tmp_path), "--json"))
    assert [(one["a"], one["b"]) for one in told["pairs"]] == [("odd\\xff\\x1b[31m.png", "same.png")]
    assert {one["file"]: one["why"] for one in told["unreadable"]} == dict.fromkeys(
        ("bomb.png", "over.png"), "the picture has more than 200,000,000 pixels"
    )
    assert {"file": "pipe.jpg", "why": "no ordinary file"} in told["not_compared"]


def test_what_is_no_folder_is_refused(tmp_path: Path, capsys) -> None:
    assert "it is no folder" in asked(capsys, "duplicates", str(tmp_path / "none"), code=ExitCode.BAD_FILE)
    assert json.loads(asked(capsys, "duplicates", str(tmp_path), "--json"))["pairs"] == []


IZIUM = ("sun", "--latitude", "49.19", "--longitude", "37.26")
SHADOW = ("--on", "2022-09-16", "--length", "1.54", "--length-error", "0.05", "--azimuth", "48", "--azimuth-error", "4")


def test_the_sun_is_told_for_a_time(capsys) -> None:
    told = json.loads(asked(capsys, *IZIUM, "--at", "2022-09-16T12:30+03:00", "--json"))
    assert (told["azimuth_deg"], told["elevation_deg"]) == (
        pytest.approx(181.42, abs=0.01),
        pytest.approx(43.38, abs=0.01),
    )
    assert "° above the horizon" in asked(capsys, *IZIUM, "--at", "2022-09-16T12:30+03:00")
    assert "° below the horizon" in asked(capsys, *IZIUM, "--at", "2022-09-16T23:30+03:00")


def test_a_shadow_gives_bands_and_contradicts_a_stated_hour(capsys) -> None:
    told = json.loads(asked(capsys, *IZIUM, *SHADOW, "--stated", "11:00", "--json"))
    assert [set(band) for band in told["bands"]] == [{"from", "to"}]
    assert told["bands"][0]["from"].startswith("2022-09-16T14:") and told["stated"]["fits"] is False
    assert told["stated"]["margin_minutes"] > 180
    words = asked(capsys, *IZIUM, *SHADOW, "--stated", "11:00")
    assert "the stated 11:00 does not fit: the nearest band is 3 h" in words
    assert "does not say that a picture was taken then" in words
    assert "fits; so does every other minute" in asked(capsys, *IZIUM, *SHADOW, "--stated", "14:50")


@pytest.mark.parametrize(
    ("arguments", "why", "code"),
    [
        (IZIUM, "--at for a time, or --on", ExitCode.USAGE),
        ((*IZIUM, "--at", "2022-09-16T12:30"), "no zone", ExitCode.USAGE),
        ((*IZIUM, "--at", "yesterday"), "yesterday", ExitCode.USAGE),
        ((*IZIUM, "--on", "16.09.2022"), "16.09.2022", ExitCode.USAGE),
        ((*IZIUM, *SHADOW, "--zone", "Europe/Nowhere"), "no zone of this name", ExitCode.USAGE),
        ((*IZIUM, *SHADOW, "--stated", "25:00"), "25:00", ExitCode.USAGE),
        ((*IZIUM, *SHADOW, "--stated", "11:00+03:00"), "in the zone", ExitCode.USAGE),
        ((*IZIUM, "--on", "2022-09-16"), "nothing was measured", ExitCode.REFUSED),
        ((*IZIUM, "--on", "2022-09-16", "--length", "0.2", "--length-error", "0.1"), "no minute", ExitCode.REFUSED),
    ],
)
def test_the_sun_refuses_by_name(arguments: tuple[str, ...], why: str, code: ExitCode, capsys) -> None:
    assert why in asked(capsys, *arguments, code=code)


def written(tmp_path: Path) -> Path:
    from written_files import exif, jpeg

    file = tmp_path / "photo.jpg"
    file.write_bytes(jpeg((0xE1, b"Exif\0\0" + exif(7))))
    return file


def test_metadata_is_told_to_programs_and_to_readers(tmp_path: Path, capsys) -> None:
    file = written(tmp_path)
    told = json.loads(asked(capsys, "metadata", str(file), "--json", "--alone"))
    (one,) = told["files"]
    assert told["asked"] == ["dokaz"] and "absence of metadata proves nothing" in told["note"]
    assert one["times"][0] == {"name": "DateTimeOriginal", "written": "2022:09:16 15:20:00", "offset": "+03:00"}
    assert {"read_by": "dokaz", "where": "EXIF/IFD0", "name": "Make", "value": "Olivka"} in one["entries"]
    assert one["c2pa"] == "absent" and one["small_pictures"][0]["differs"] is True
    words = asked(capsys, "metadata", str(file), "--alone")
    for said in (
        "time DateTimeOriginal: 2022:09:16 15:20:00 (offset +03:00)",
        "shows something else than the photograph",
        "not asked: exiftool, ffprobe",
        "absence of metadata proves nothing",
    ):
        assert said in words


def test_files_without_a_word_are_told_to_have_none(tmp_path: Path, capsys) -> None:
    Image.new("L", (20, 20)).save(tmp_path / "bare.png")
    (tmp_path / "empty.jpg").write_bytes(b"")
    words = asked(capsys, "metadata", str(tmp_path / "bare.png"), str(tmp_path / "empty.jpg"), "--alone")
    assert words.count("nothing is written beside the picture") == 2 and "! the file is empty" in words
    assert "cannot be read" in asked(capsys, "metadata", str(tmp_path), code=ExitCode.BAD_FILE)
    assert "cannot be read" in asked(capsys, "metadata", str(tmp_path / "none.jpg"), code=ExitCode.BAD_FILE)


def test_exiftool_is_asked_where_it_is_and_its_failure_is_an_answer(tmp_path: Path, capsys, monkeypatch) -> None:
    file = written(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    for body, answer in (
        ('echo "[{\\"File\\": \\"$6\\"}]"', {"said": [{"File": str(file)}], "exit_code": 0}),
        ("echo nonsense", {"failed": "JSONDecodeError: Expecting value: line 1 column 1 (char 0)"}),
    ):
        program = tmp_path / "exiftool"
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
        told = json.loads(asked(capsys, "metadata", str(file), "--json"))
        assert told["asked"] == ["dokaz", "exiftool"]
        assert told["files"][0]["other_programs"] == {"exiftool": answer}
        assert json.loads(asked(capsys, "metadata", str(file), "--json", "--alone"))["asked"] == ["dokaz"]
