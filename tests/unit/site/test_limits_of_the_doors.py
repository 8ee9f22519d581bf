"""Each limit of each door: what is larger is refused in a sentence that names the limit, and nothing is filed."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from casebook import take_in
from django.core.files.uploadedfile import SimpleUploadedFile
from pagebook import assert_files_nothing, flat_png, jpeg

from dokaz.casework import delivery_kinds
from dokaz.casework.rooms import delivery_kinds as kinds
from dokaz.errors import BadFile
from dokaz.exchange.reading import limits, sent_files
from dokaz.exchange.reading.sent_files import SentFile, SentPhotographs

FILES = (Path(__file__).parents[3] / "docs" / "files.md").read_text(encoding="utf-8")
HEADER = "number,family_name,given_name,sex\n"
TWO = HEADER + "MP-0001,Вигаданий,Андрій,male\nMP-0002,Вигадана,Ольга,female\n"


def assert_refused(attempt: Any, *words: str) -> BadFile:
    """It is refused with these words and a next step, and nothing is filed."""
    with assert_files_nothing(), pytest.raises(BadFile) as refused:
        attempt()
    for word in words:
        assert word in str(refused.value)
    assert refused.value.next_step
    return refused.value


def missing(house: Any, table: bytes) -> Any:
    return take_in(house, kinds()["missing"], "family_liaison", ("missing.csv", table))


def test_a_table_of_too_many_bytes_is_refused_before_any_is_read(
    house: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "missing.csv"
    with large.open("wb") as file:
        file.truncate(limits.TABLE_BYTES + 1)
    monkeypatch.setattr(delivery_kinds, "apart", lambda *_a, **_k: pytest.fail("it was read"))
    kind = kinds()["missing"]
    with house.store.vault.staging() as staging:
        sent = delivery_kinds.Sent({"file": [SentFile("missing.csv", large)]}, staging, {})
        assert_refused(lambda: kind.read(sent), "67,108,865 bytes; at most 67,108,864", "cut it into several")


def test_a_table_of_too_many_lines_is_refused(house: Any) -> None:
    lines = HEADER.encode() + b"\n" * limits.TABLE_LINES
    assert_refused(lambda: missing(house, lines), "the table has 250,001 lines; at most 250,000", "cut it")


def test_a_delivery_of_too_many_records_is_refused_when_its_filing_begins(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_kinds, "DELIVERED_RECORDS", 1)
    assert_refused(lambda: missing(house, TWO.encode()), "2 records would be made of it; at most 1", "cut it")
    monkeypatch.setattr(delivery_kinds, "DELIVERED_RECORDS", 2)
    assert missing(house, TWO.encode()) == {"missing_persons": 2}


def test_a_delivery_that_keeps_everybody_waiting_is_given_up(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_kinds, "FILING_SECONDS", -1)
    assert_refused(lambda: missing(house, TWO.encode()), "1 of 2 were done", "cut it")


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_file_of_an_archive_that_unfolds_too_far_is_refused_by_its_directory() -> None:
    bomb = zipped({"a.jpg": bytes(limits.PHOTOGRAPH_BYTES + 1)})
    assert len(bomb) < limits.MIB
    says = "unfolds to 268,435,457 bytes; a photograph has at most 268,435,456"
    with SentPhotographs([SentFile("all.zip", bomb)]) as photographs, pytest.raises(BadFile, match=says):
        photographs.read("a.jpg")


def test_all_that_archives_unfold_to_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent_files, "UNFOLDED_BYTES", 1000)
    with SentPhotographs([SentFile(f"{n}.zip", zipped({f"{n}.jpg": bytes(600)})) for n in "ab"]) as photographs:
        assert photographs.read("a.jpg") == bytes(600)
        with pytest.raises(BadFile, match="unfold to more than 1,000 bytes"):
            photographs.read("b.jpg")


def test_the_files_in_all_archives_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent_files, "ARCHIVED_FILES", 3)
    SentPhotographs([SentFile("a.zip", zipped(dict.fromkeys("abc", b"")))]).close()
    with pytest.raises(BadFile, match="hold 4 files; at most 3"):
        SentPhotographs([SentFile(f"{n}.zip", zipped(dict.fromkeys([f"{n}1", f"{n}2"], b""))) for n in "ab"])


def test_a_photograph_of_too_many_bytes_is_refused_at_both_doors(
    house: Any, browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casebook import units

    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(limits.PHOTOGRAPH_BYTES + 1)
    with pytest.raises(BadFile, match="268,435,457 bytes; at most 268,435,456"):
        SentPhotographs([SentFile("large.jpg", large)])
    (unit,) = units(house)
    monkeypatch.setattr("dokaz.graves.uploads.PHOTOGRAPH_BYTES", 100)
    sent = {"photographs": [SimpleUploadedFile("a.jpg", jpeg())]}
    client = browser("scene")
    with assert_files_nothing():
        page = client.post(f"/units/{unit.number}/photograph/", sent).content.decode()
    assert "at most 100 are read" in page


def test_a_hostile_photograph_is_a_sentence_on_the_page_and_ends_no_server(house: Any, browser: Any) -> None:
    """Nine hundred megabytes of dots in less than one."""
    from casebook import units

    (unit,) = units(house)
    client = browser("scene")
    page = client.post(
        f"/units/{unit.number}/photograph/",
        {"photographs": [SimpleUploadedFile("a.png", flat_png(15_000))]},
    ).content.decode()
    assert "15000 × 15000 pixels; at most 200,000,000 are read" in page
    assert client.get(f"/units/{unit.number}/").status_code == 200


# --- small copies ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def photograph(house: Any, browser: Any) -> Any:
    from casebook import units

    from dokaz.graves.models import Photograph

    (unit,) = units(house)
    sent = {"photographs": [SimpleUploadedFile("a.jpg", jpeg())]}
    assert browser("scene").post(f"/units/{unit.number}/photograph/", sent).status_code == 302
    return Photograph.objects.get()


def test_a_small_copy_that_cannot_be_made_is_tried_once(
    house: Any, browser: Any, photograph: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from dokaz.pages import thumbnails

    address = f"/photographs/{photograph.number}/thumbnail/"
    with monkeypatch.context() as less:
        less.setattr(thumbnails, "OF_A_PICTURE", replace(limits.OF_A_PICTURE, seconds=0))
        answer = browser("scene").get(address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
        assert "longer than the 0 seconds" in answer.content.decode()
    monkeypatch.setattr(thumbnails, "apart", lambda *_a, **_k: pytest.fail("it was tried again"))
    assert "no small copy could be made" in browser("scene").get(address).content.decode()


def test_small_copies_that_wait_too_long_say_so(
    house: Any, browser: Any, photograph: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl
    from dataclasses import replace

    from dokaz.pages import thumbnails

    address = f"/photographs/{photograph.number}/thumbnail/"
    within = replace(limits.OF_A_PICTURE, at_once=1, turn_seconds=0.1)
    monkeypatch.setattr(thumbnails, "OF_A_PICTURE", within)
    house.store.turns.mkdir(parents=True, exist_ok=True)
    held = os.open(house.store.turns / "pictures-0.turn", os.O_RDWR | os.O_CREAT)
    fcntl.flock(held, fcntl.LOCK_EX)
    answer = browser("scene").get(address)
    os.close(held)
    assert answer.status_code == 503
    assert "other files are being read" in answer.content.decode()
    assert browser("scene").get(address).status_code == 200


# --- what is written of them ----------------------------------------------------------------------------------------------


def test_the_page_about_files_states_every_limit() -> None:
    shown = re.search(r"## What is too large\n(.*?)\n## ", FILES, re.DOTALL)
    assert shown is not None
    for limit in (
        f"{limits.TABLE_BYTES // limits.MIB} MiB",
        f"{limits.TABLE_LINES:,} lines",
        f"{limits.DELIVERED_RECORDS:,} records",
        f"{limits.FILING_SECONDS} seconds",
        f"{limits.PHOTOGRAPH_BYTES // limits.MIB} MiB",
        f"{limits.ATTACHED_BYTES // limits.MIB:,} MiB",
        f"{limits.PHOTOGRAPH_PIXELS // 1_000_000} million",
        f"{limits.ARCHIVED_FILES:,} files",
        f"{limits.UNFOLDED_BYTES // limits.MIB // 1024} GiB",
        f"{limits.SENT_BYTES // limits.MIB // 1024} GiB",
        *(f"{each.memory_bytes // limits.MIB:,} MiB" for each in (limits.OF_A_DELIVERY, limits.OF_A_PICTURE)),
        *(f"{each.computing_seconds} seconds" for each in (limits.OF_A_DELIVERY, limits.OF_A_PICTURE)),
        *(f"{each.seconds} seconds" for each in (limits.OF_A_DELIVERY, limits.OF_A_PICTURE)),
    ):
        assert limit in shown[1], limit
