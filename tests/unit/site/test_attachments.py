"""Files attached to records: kept as they are, open to whom their record is open, served to be saved and nothing else."""

from __future__ import annotations

import hashlib
import io
import re
import wave
from typing import Any

import pytest
from casebook import compare, lay_keys, missing, units
from django.core.files.uploadedfile import SimpleUploadedFile
from pagebook import assert_files_nothing, assert_files_one, jpeg

from dokaz.casework.acts import AttachedFile, attach, correct_attachment, takes_attachments, void_attachment
from dokaz.casework.checking import check
from dokaz.casework.models import Attachment
from dokaz.casework.records import record_kinds
from dokaz.casework.roles import Role
from dokaz.casework.rooms import may_read, may_read_this
from dokaz.errors import EmptyField, NotInOffice, RecordIsVoid, WrongKind

PAGE = b"<html><script>alert(1)</script></html>"


def attached(house: Any, record: Any, *, role: str = "investigator", content: bytes = PAGE, **said: Any) -> Attachment:
    """A file attached to a record."""
    given = {"description": "Invented chart", "source": "Invented clinic", "taken": "spring of 2021"} | said
    with house.filing(role) as f:
        return attach(record, f, file=AttachedFile("chart.html", io.BytesIO(content)), **given)


def assert_in_order(house: Any) -> None:
    """The check of the store, its files and its tables finds nothing."""
    lay_keys(house)
    assert check(house.store) == []


def sent(client: Any, record: Any, *files: tuple[str, bytes], **said: str) -> Any:
    """A form with files."""
    form = {"description": "Invented chart", "source": "Invented clinic", "taken": "spring of 2021"} | said
    data = form | {
        "attached": [SimpleUploadedFile(name, content) for name, content in files],
        "version_seen": record.version,
    }
    return client.post(f"/records/{record.kind()}/{record.number}/attach/", data, follow=True)


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16000))
    return out.getvalue()


# --- the act -------------------------------------------------------------------------------------------------------------


def test_a_file_is_kept_byte_for_byte_with_what_is_said_of_it(house):
    (person,) = missing(house, "Іван")
    one = attached(house, person)
    assert house.store.vault.read(one.sha256) == PAGE
    assert (one.sha256, one.bytes, one.media_type) == (
        hashlib.sha256(PAGE).hexdigest(),
        len(PAGE),
        "application/octet-stream",
    )
    assert (one.description, one.source, one.taken) == ("Invented chart", "Invented clinic", "spring of 2021")
    assert one.subject == person
    assert_in_order(house)


@pytest.mark.parametrize(
    ("said", "content", "refused"),
    [({"description": " "}, PAGE, EmptyField), ({}, b"", WrongKind)],
)
def test_a_file_without_a_word_or_without_a_byte_is_refused_and_not_kept(house, said, content, refused):
    (person,) = missing(house, "Іван")
    before = set(house.store.vault.path.rglob("*"))
    with assert_files_nothing(), pytest.raises(refused):
        attached(house, person, content=content, **said)
    assert {path for path in house.store.vault.path.rglob("*") if path.is_file()} == {p for p in before if p.is_file()}


def test_nothing_is_attached_to_an_attachment_or_to_what_is_void(house):
    (person,) = missing(house, "Іван")
    one = attached(house, person)
    with pytest.raises(WrongKind):
        attached(house, one)
    with house.filing("investigator", reason="attached twice") as f:
        void_attachment(one, f)
    assert list(Attachment.objects.all()) == []
    assert Attachment.every.get().voided
    from dokaz.missing.acts import report, void_report

    with house.filing("family_liaison") as f:
        other = report(f, family_name="Помилковий")
    of_other = attached(house, other)
    with house.filing("investigator", reason="attached twice") as f:
        void_attachment(of_other, f)
    with house.filing("family_liaison", reason="entered twice") as f:
        void_report(other, f)
    with pytest.raises(RecordIsVoid):
        attached(house, other)
    # Nor does one come to count again whose record is void.
    with house.filing("investigator", reason="it was no mistake") as f, pytest.raises(RecordIsVoid):
        void_attachment(of_other, f)
    assert_in_order(house)


def test_who_may_not_read_a_record_attaches_nothing_to_it_and_puts_nothing_right(house):
    (person,) = missing(house, "Іван")
    with assert_files_nothing(), pytest.raises(NotInOffice):
        attached(house, person, role="scene")
    one = attached(house, person)
    with assert_files_nothing(), house.filing("scene", reason="a guess") as f, pytest.raises(NotInOffice):
        correct_attachment(one, f, values={"description": "Something else"})
    one.refresh_from_db()
    with assert_files_nothing(), house.filing("scene", reason="a guess") as f, pytest.raises(NotInOffice):
        void_attachment(one, f)


def test_what_is_said_of_a_file_is_corrected_and_the_file_is_not(house):
    from dokaz.errors import ClosedField

    (person,) = missing(house, "Іван")
    one = attached(house, person)
    with house.filing("investigator", reason="it is the lower jaw") as f:
        correct_attachment(one, f, values={"description": "Chart of the lower jaw"})
    for name in ("of", "file_name", "sha256", "bytes", "media_type", "said"):
        with house.filing("investigator", reason="a try") as f, pytest.raises(ClosedField):
            correct_attachment(one, f, values={name: one.content()[name]})
    assert_in_order(house)


# --- who sees it ---------------------------------------------------------------------------------------------------------


def test_every_kind_is_open_with_its_attachments_to_the_same_offices():
    takers = [kind for kind in record_kinds() if takes_attachments(kind)]
    assert len(takers) > 15
    for kind in takers:
        one = Attachment(of=[{"kind": kind.kind(), "id": "", "number": ""}])
        readers = {role for role in Role.values if may_read(role, kind) and may_read(role, Attachment)}
        assert {role for role in Role.values if may_read_this(role, one)} == readers, kind.kind()
        assert readers == {role for role in Role.values if may_read(role, kind)} - {Role.DEFENCE}, kind.kind()


def test_of_a_kind_that_there_is_not_nobody_reads_an_attachment():
    one = Attachment(of=[{"kind": "other.Thing", "id": "", "number": ""}])
    assert not any(may_read_this(role, one) for role in Role.values)


@pytest.mark.parametrize("role", sorted({*Role.values} - {"administrator"}))
def test_pages_of_an_attachment_are_open_to_whom_its_record_is_open(house, browser, role):
    (unit,), (person,) = units(house), missing(house, "Іван")
    client = browser(role)
    made = compare(house, unit, person)
    for record in (unit, person, type(made).objects.get()):
        one = attached(house, record, content=jpeg())
        is_open = role != "defence" and may_read(role, type(record))
        entry = f"/ledger/entries/{_entry_of(one)}/"
        for address in (
            f"/attachments/{one.number}/",
            f"/attachments/{one.number}/file/",
            f"/records/casework.Attachment/{one.number}/",
        ):
            assert client.get(address).status_code == (200 if is_open else 404), address
        shown = client.get(entry)
        assert ("Invented clinic" in shown.content.decode()) == is_open
        found = client.get(f"/ledger/entries/?q={one.number}").content.decode()
        assert (f"/ledger/entries/{_entry_of(one)}/" in found) == is_open


def _entry_of(record: Any) -> int:
    from dokaz.casework.models import JournalEntry

    return int(JournalEntry.objects.get(record=record.pk, version=1).index)


def test_a_page_of_the_record_lists_it_and_a_kind_without_a_page_lists_it_in_its_history(house, browser):
    (person,) = missing(house, "Іван")
    from dokaz.missing.models import Donor

    donor = Donor.objects.get()
    for record, address in ((person, f"/missing/{person.number}/"), (donor, f"/records/missing.Donor/{donor.number}/")):
        one = attached(house, record, content=PAGE + record.number.encode())
        page = browser("investigator").get(address).content.decode()
        assert f'href="/attachments/{one.number}/"' in page
        assert f'href="/records/{record.kind()}/{record.number}/attach/"' in page
        with house.filing("investigator", reason="attached twice") as f:
            void_attachment(one, f)
        assert one.number not in browser("investigator").get(address).content.decode()
    assert "/attach/" not in browser("auditor").get(f"/missing/{person.number}/").content.decode()


# --- the form and the file -----------------------------------------------------------------------------------------------


def test_files_are_attached_by_a_form_and_come_back_as_they_were_to_be_saved(house, browser):
    (person,) = missing(house, "Іван")
    client = browser("investigator")
    with assert_files_one("casework.attach"):
        page = sent(client, person, ("Зуби.jpg", jpeg()), ("дзвінок.wav", sound()))
    assert "2 files are attached." in page.content.decode()
    picture, heard = Attachment.objects.order_by("number")
    assert (picture.media_type, heard.media_type) == ("image/jpeg", "audio/wav")
    assert heard.said == {"seconds": "1.0"}
    answer = client.get(f"/attachments/{picture.number}/file/")
    assert b"".join(answer.streaming_content) == jpeg()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    small = client.get(f"/attachments/{picture.number}/picture/")
    assert (small.status_code, small.headers["Content-Type"]) == (200, "image/jpeg")
    assert b"Secret" not in b"".join(small.streaming_content)
    assert client.get(f"/attachments/{heard.number}/picture/").status_code == 404
    assert_in_order(house)


def test_a_page_that_is_attached_is_never_shown_as_a_page(house, browser):
    (person,) = missing(house, "Іван")
    one = attached(house, person, content=PAGE)
    client = browser("investigator")
    for address in (
        f"/attachments/{one.number}/",
        f"/attachments/{one.number}/file/",
        f"/attachments/{one.number}/picture/",
    ):
        answer = client.get(address)
        is_page = answer.headers["Content-Type"].startswith("text/html")
        assert not (is_page and b"alert(1)" in answer.content), address


def test_a_file_of_more_bytes_than_are_read_is_refused(house, browser, monkeypatch):
    (person,) = missing(house, "Іван")
    monkeypatch.setattr("dokaz.site.attachment_pages.ATTACHED_BYTES", 10)
    client = browser("investigator")
    with assert_files_nothing():
        page = sent(client, person, ("long.txt", b"more than ten"))
    assert "13 bytes" in page.content.decode()


def test_a_picture_that_only_seems_one_is_kept_and_shows_nothing(house, browser):
    (person,) = missing(house, "Іван")
    client = browser("investigator")
    broken = b"\xff\xd8\xff" + b"no picture" * 9
    sent(client, person, ("broken.jpg", broken))
    one = Attachment.objects.get()
    assert (one.media_type, one.said) == ("image/jpeg", {"unread": "UnidentifiedImageError"})
    assert house.store.vault.read(one.sha256) == broken
    answer = client.get(f"/attachments/{one.number}/picture/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert re.search(r"no small copy", answer.content.decode())
