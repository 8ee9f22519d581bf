"""Files are taken in on the web as on the command line: whole or not at all, by the offices that may."""

from __future__ import annotations

import html
import io
import json
import zipfile

import pytest
from commands import family_case
from django.core.files.uploadedfile import SimpleUploadedFile
from pagebook import PASSPHRASE, assert_files_nothing, jpeg

from dokaz.casework.models import Delivery, JournalEntry
from dokaz.graves.models import RecoveryUnit

SURVEY = (
    "# CRS: EPSG:32637\n"
    "site,site_name,grave,unit,kind,point,easting,northing,surveyed_at,surveyed_by,lifted_at,lifted_by,photographs\n"
    "KLN,Invented forest,,,,datum,334000.0,5500000.0,,,,,\n"
    "KLN,,G01,,,outline,334012.0,5500010.0,,,,,\n"
)


def sent(name, content):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def test_absent_and_forbidden_forms_read_the_same(browser):
    assert browser("scene").get("/deliveries/new/survey/").status_code == 200
    assert browser("scene").get("/deliveries/new/profiles/").status_code == 404
    assert browser("scene").get("/deliveries/new/no-such-thing/").status_code == 404
    assert browser("defence").get("/deliveries/").status_code == 404
    assert browser("board").get("/deliveries/new/").status_code == 404


def test_what_needs_several_offices_is_open_to_whoever_holds_them_all(house, browser):
    from casebook import also

    assert browser("family_liaison").get("/deliveries/new/families/").status_code == 404
    also(house, "family_liaison1", "dna_examiner")
    assert browser("family_liaison").get("/deliveries/new/families/").status_code == 200


def test_an_empty_page_says_what_to_do(browser):
    page = browser("scene").get("/deliveries/").content.decode()
    assert "Nothing has been delivered yet." in page
    assert "/deliveries/new/" in page


def test_a_table_is_taken_in_and_shows_its_receipt(browser):
    client = browser("family_liaison")
    table = "id,surname,given_name,sex,born,reported_by\nMP-0001,Вигаданий,Андрій,male,1990-01-02,mother\n"
    answer = client.post("/deliveries/new/missing/", {"file": sent("missing.csv", table)}, follow=True)
    page = answer.content.decode()
    delivery = Delivery.objects.get()
    assert answer.redirect_chain[-1][0] == f"/deliveries/{delivery.number}/"
    assert delivery.taken == {"missing_persons": 1}
    assert "Taken in: reports of missing persons: 1." in page
    assert "Filed as 2 entries" in page
    assert delivery.files[0]["sha256"][:12] in page
    assert "missing.csv" in client.get("/deliveries/").content.decode()


def test_a_refused_file_names_line_column_and_value_and_changes_nothing(browser):
    client = browser("family_liaison")
    table = "id,surname,given_name,sex,born,reported_by\nMP-0001,А,Б,male,1990-01-02,x\nMP-0002,В,Г,maybe,1991,x\n"
    with assert_files_nothing():
        page = html.unescape(client.post("/deliveries/new/missing/", {"file": sent("m.csv", table)}).content.decode())
    assert "Refused; nothing was taken in" in page
    for word in ("m.csv", "<dd>3</dd>", "<dd>sex</dd>", "maybe"):
        assert word in page
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("packed", [False, True])
def test_a_survey_comes_with_its_photographs_one_by_one_or_in_an_archive(house, browser, demo_survey, packed):
    table, names = demo_survey
    pictures = {name: jpeg(shade=nth + 1) for nth, name in enumerate(names)}
    if packed:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, data in pictures.items():
                archive.writestr(f"photographs/{name}", data)
            archive.writestr("__MACOSX/._x", b"")
        photographs = [sent("all.zip", out.getvalue())]
    else:
        photographs = [sent(name, data) for name, data in pictures.items()]
    with_them = {"file": sent("survey.csv", table), "photographs": photographs}
    answer = browser("scene").post("/deliveries/new/survey/", with_them)
    assert answer.status_code == 302, answer.content.decode()
    assert RecoveryUnit.objects.count() == 1
    assert Delivery.objects.get().taken["photographs"] == len(names)


@pytest.fixture
def demo_survey():
    from dokaz.numbers import number as number_of

    number = number_of("KLN", "G01", 1, "B")
    row = (
        f"KLN,,G01,{number},B,centroid,334013.0,5500011.0,2026-05-01T08:00:00Z,Invented,2026-05-01T09:00:00Z,Invented,"
        "IMG_1.jpg|IMG_2.jpg\n"
    )
    return SURVEY + row, ["IMG_1.jpg", "IMG_2.jpg"]


def test_an_archive_that_does_not_unpack_is_refused(browser, demo_survey):
    client = browser("scene")
    with assert_files_nothing():
        page = client.post(
            "/deliveries/new/survey/",
            {"file": sent("survey.csv", demo_survey[0]), "photographs": [sent("all.zip", b"PK\x03\x04 cut short")]},
        )
    assert "does not unpack" in page.content.decode()


def test_a_photograph_that_is_not_there_is_named(browser, demo_survey):
    client = browser("scene")
    with assert_files_nothing():
        page = client.post("/deliveries/new/survey/", {"file": sent("survey.csv", demo_survey[0])})
    assert "IMG_1.jpg" in page.content.decode()


def test_a_case_is_taken_in_by_whoever_holds_all_its_offices(house, browser):
    from casebook import also

    for role in ("mortuary", "family_liaison", "dna_examiner"):
        also(house, "scene1", role)
    case = sent("case.json", json.dumps(family_case()))
    assert browser("scene").post("/deliveries/new/dvi/", {"file": case}).status_code == 302
    assert RecoveryUnit.objects.count() == 2
    assert JournalEntry.objects.filter(act="mortuary.examine").exists()


def test_moves_are_signed_by_whoever_gave(house, browser):
    from casebook import units

    units(house)
    client = browser("mortuary", signs=True)
    unit = RecoveryUnit.objects.get()
    table = (
        "number,from_place,to_place,giver,receiver,at\n"
        f"{unit.number},Mortuary 1,Laboratory,mortuary 1,dna_examiner 1,2026-05-05T10:00:00Z\n"
    )
    with assert_files_nothing():
        client.post("/deliveries/new/custody/", {"file": sent("moves.csv", table), "passphrase": "not this one"})
    answer = client.post("/deliveries/new/custody/", {"file": sent("moves.csv", table), "passphrase": PASSPHRASE})
    assert answer.status_code == 302, answer.content.decode()
    assert Delivery.objects.get().taken["transfers"] == 1


def test_who_is_looked_for_and_what_was_found_are_delivered_apart(browser):
    table = "id,surname,given_name,sex,born,reported_by\nMP-0001,Вигаданий,Андрій,male,1990-01-02,mother\n"
    browser("family_liaison").post("/deliveries/new/missing/", {"file": sent("missing.csv", table)})
    number = Delivery.objects.get().number
    assert browser("scene").get(f"/deliveries/{number}/").status_code == 404
    assert "missing.csv" not in browser("scene").get("/deliveries/").content.decode()
    assert browser("investigator").get(f"/deliveries/{number}/").status_code == 200


def test_a_delivered_record_leads_to_its_delivery(browser):
    table = "number,family_name,given_name,sex\nMP-0001,Вигаданий,Андрій,male\n"
    client = browser("family_liaison")
    client.post("/deliveries/new/missing/", {"file": sent("missing.csv", table)})
    page = client.get("/missing/MP-0001/").content.decode()
    assert f"/deliveries/{Delivery.objects.get().number}/" in page
    assert "missing.csv:2" in page
