"""The graves room in a browser: sites, graves, units, photographs, custody, labels."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace

import pytest
from casebook import a_grave, a_profile, a_unit, compare, decided, identified, lay, missing, units
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Min
from pagebook import PASSPHRASE, assert_files_nothing, assert_files_one, jpeg
from PIL import Image

PAGES = ["/sites/", "/sites/LIS/", "/graves/LIS-01/", "/units/", "/inventory/", "/custody/", "/map/"]


@pytest.mark.parametrize(
    "role", ["scene", "mortuary", "family_liaison", "dna_examiner", "board", "prosecutor", "auditor"]
)
def test_readers_open_every_page(house, browser, role):
    (unit,) = units(house)
    client = browser(role)
    for page in [*PAGES, f"/units/{unit.number}/", f"/labels/?thing={unit.number}"]:
        assert client.get(page).status_code == 200, page


@pytest.mark.parametrize("role", ["defence", "administrator"])
def test_defence_and_administrator_find_nothing(house, browser, role):
    (unit,) = units(house)
    client = browser(role)
    for page in [*PAGES, f"/units/{unit.number}/", "/units/NO-SUCH-UNIT/"]:
        assert client.get(page).status_code == 404, page


def test_absent_and_forbidden_read_the_same(house, browser):
    (unit,) = units(house)
    client = browser("defence")
    forbidden, absent = client.get(f"/units/{unit.number}/"), client.get("/units/NO-SUCH-UNIT/")
    assert forbidden.status_code == absent.status_code == 404
    assert _said(forbidden, unit.number) == _said(absent, "NO-SUCH-UNIT")


def _said(answer, number):
    """The page without the address that was asked for and the token of its forms."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode()).replace(number, "")


def test_forms_of_other_offices_do_not_exist(house, browser):
    grave = a_grave(house)
    assert browser("mortuary").get(f"/graves/{grave.number}/survey/").status_code == 404
    assert browser("board").get("/sites/new/").status_code == 404


def test_a_site_a_grave_and_a_unit_are_taken_up(house, browser):
    from dokaz.graves.models import Grave, RecoveryUnit, Site

    client = browser("scene")
    told = {"code": "KLN", "name": "Клен", "crs": "EPSG:32637", "latitude_deg": "49.2", "longitude_deg": "37.3"}
    with assert_files_one("graves.open_site"):
        assert client.post("/sites/new/", told).status_code == 302
    assert Site.objects.get(number="KLN").name == "Клен"
    outline = "385200.0 5450000.0\n385204.0 5450000.0\n385204,0 5450003,0"
    with assert_files_one("graves.open_grave"):
        assert client.post("/sites/KLN/open-grave/", {"code": "01", "outline": outline}).status_code == 302
    assert Grave.objects.get(number="KLN-01").outline[2] == {
        "e": "385204.0", "n": "5450003.0", "z": None, "role": "", "accuracy": None
    }  # fmt: skip
    with assert_files_one("graves.register_unit"):
        told = {"type": "BP", "points": "385201.10 5450001.20 118.6", "description": "left arm"}
        answer = client.post("/graves/KLN-01/survey/", told, follow=True)
    unit = RecoveryUnit.objects.get()
    assert unit.number.startswith("KLN-01-0001-BP")
    assert unit.latitude_deg is not None
    page = answer.content.decode()
    assert unit.number in page
    assert "Filed as entry" in page


def test_points_outside_the_reference_system_are_refused_at_the_form(house, browser):
    grave = a_grave(house)
    client = browser("scene")
    with assert_files_nothing():
        answer = client.post(f"/graves/{grave.number}/survey/", {"type": "B", "points": "5450001 385201"})
    assert answer.status_code == 200
    assert "outside the area of EPSG:32637" in answer.content.decode()


def test_a_line_that_is_no_point_is_named(house, browser):
    grave = a_grave(house)
    client = browser("scene")
    with assert_files_nothing():
        answer = client.post(f"/graves/{grave.number}/survey/", {"type": "B", "points": "1 2\n3"})
    assert "Line 2 has 1 figures" in answer.content.decode()


def surveyed(house, points=True):
    from dokaz.graves.acts import register_unit
    from dokaz.graves.models import Grave
    from dokaz.graves.places import Point

    grave = Grave.objects.filter(number="LIS-01").first() or a_grave(house)
    with house.filing("scene") as f:
        return register_unit(grave, f, type="B", points=[Point("385201.1", "5450001.2")] if points else [])


def lifted(house):
    from dokaz.graves.models import Grave

    grave = Grave.objects.filter(number="LIS-01").first() or a_grave(house)
    with house.filing("scene") as f:
        return a_unit(grave, f)


def test_rule_3_lifting_blind_is_refused_at_the_form_and_writes_nothing(house, browser):
    unit = surveyed(house)
    client = browser("scene")
    with assert_files_nothing():
        answer = client.post(f"/units/{unit.number}/lift/", {})
    page = answer.content.decode()
    assert "lifting needs at least one of each" in page
    assert "state the emergency" in page


def test_lifting_with_a_photograph_keeps_it_byte_for_byte(house, browser):
    from dokaz.graves.models import Photograph, RecoveryUnit

    unit = surveyed(house)
    picture = jpeg()
    client = browser("scene")
    told = {"photographs": [SimpleUploadedFile("a.jpg", picture), SimpleUploadedFile("b.jpg", jpeg(7))]}
    assert client.post(f"/units/{unit.number}/lift/", told).status_code == 302
    assert RecoveryUnit.objects.get(pk=unit.pk).state == "lifted"
    first = Photograph.objects.order_by("number").first()
    assert client.get(f"/photographs/{first.number}/").status_code == 200
    answer = client.get(f"/photographs/{first.number}/image/")
    assert b"".join(answer.streaming_content) == picture
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_emergency_reason_stays_in_sight(house, browser):
    unit = surveyed(house, points=False)
    client = browser("scene")
    assert client.post(f"/units/{unit.number}/lift/", {"emergency_reason": "shelling"}).status_code == 302
    assert "shelling" in client.get(f"/units/{unit.number}/").content.decode()


def test_a_thumbnail_carries_nothing_of_the_camera_over(house, browser):
    from dokaz.graves.models import Photograph

    unit = surveyed(house)
    client = browser("scene")
    told = {"photographs": SimpleUploadedFile("a.jpg", jpeg(3, width=2000))}
    assert client.post(f"/units/{unit.number}/photograph/", told).status_code == 302
    number = Photograph.objects.get().number
    for _again in range(2):
        small = b"".join(client.get(f"/photographs/{number}/thumbnail/").streaming_content)
        picture = Image.open(io.BytesIO(small))
        assert max(picture.size) == 520
        assert not picture.getexif()
        assert "exif" not in picture.info
        assert b"Secret" not in small


def test_photographs_are_decoded_and_written_before_their_filing_is_opened(house, browser, monkeypatch):
    from django.db import connection

    from dokaz.graves import uploads
    from dokaz.graves.models import Photograph
    from dokaz.vault import Vault

    done = []

    def watching(what, function):
        def watched(*args, **kwargs):
            done.append((what, connection.in_atomic_block))
            return function(*args, **kwargs)

        return watched

    monkeypatch.setattr(uploads, "apart", watching("decode and write", uploads.apart))
    monkeypatch.setattr(Vault, "put", watching("name", Vault.put))
    unit = surveyed(house)
    told = {"photographs": [SimpleUploadedFile("a.jpg", jpeg()), SimpleUploadedFile("b.jpg", jpeg(7))]}
    assert browser("scene").post(f"/units/{unit.number}/photograph/", told).status_code == 302
    assert sorted(done) == [*[("decode and write", False)] * 2, *[("name", True)] * 2]
    assert house.store.vault.check(Photograph.objects.values_list("sha256", flat=True)) == []


def test_photographs_of_a_refused_form_leave_nothing_in_the_vault(house, browser):
    from dokaz.graves.models import Photograph

    unit = surveyed(house)
    client = browser("scene")
    told = {"photographs": [SimpleUploadedFile("a.jpg", jpeg()), SimpleUploadedFile("b.jpg", jpeg()[:-200])]}
    assert client.post(f"/units/{unit.number}/photograph/", told).status_code == 200
    # It decodes, and the filing is refused: somebody changed the unit.
    told = {"photographs": [SimpleUploadedFile("a.jpg", jpeg())], "version_seen": unit.version - 1}
    assert client.post(f"/units/{unit.number}/lift/", told).status_code == 200
    assert not Photograph.objects.exists()
    assert [path for path in house.store.vault.path.rglob("*") if path.is_file()] == []
    # The folder of this process stays, empty, until the process ends.
    assert [one for one in (house.store.vault.path / "incoming").iterdir() if one.suffix != ".uploads"] == []


def test_a_truncated_photograph_is_refused_at_the_form(house, browser):
    unit = surveyed(house)
    client = browser("scene")
    with assert_files_nothing():
        told = {"photographs": SimpleUploadedFile("a.jpg", jpeg()[:-200])}
        answer = client.post(f"/units/{unit.number}/photograph/", told)
    assert "a.jpg" in answer.content.decode()


def test_an_act_on_an_older_version_is_refused(house, browser):
    (unit,) = units(house)
    client = browser("mortuary")
    with assert_files_nothing():
        answer = client.post(f"/units/{unit.number}/quarantine/", {"version_seen": "1", "reason": "doubt"})
    assert "version 1 was read" in answer.content.decode()


def test_a_unit_is_split_and_set_aside(house, browser):
    (unit,) = units(house)
    client = browser("mortuary")
    with assert_files_one("graves.split"):
        client.post(f"/units/{unit.number}/split/", {"type": "BP", "description": "a second left femur"})
    with assert_files_one("graves.quarantine"):
        client.post(f"/units/{unit.number}/quarantine/", {"reason": "two left femora"})
    page = client.get(f"/units/{unit.number}/").content.decode()
    assert "two left femora" in page
    assert "It is set aside" in page
    assert "BP.1" in page
    assert f"/units/{unit.number}/quarantine/" not in page
    with assert_files_one("graves.end_quarantine"):
        client.post(f"/units/{unit.number}/end-quarantine/", {"reason": "one was of another unit"})
    unit.refresh_from_db()
    assert unit.state == "sampled"


def test_units_of_one_person_are_joined_on_the_plan(house, browser):
    """The room of identification says which units belong together; the plan of the grave draws a line."""
    from dokaz.identification.circumstances import circumstances

    (person,) = missing(house, "Іван")
    first, second, other = units(house, 3)
    client = browser("investigator")
    identified(house, first, person)
    assert "belongs" not in client.get("/graves/LIS-01/").content.decode()
    explained = [replace(line, explanation="a left femur of each was bagged") for line in circumstances(second, person)]
    decided(house, lay(house, compare(house, second, person, lines=explained)))
    page = client.get("/graves/LIS-01/").content.decode()
    assert "belongs" in page
    assert other.number in page


def test_a_list_that_the_inventory_leads_to_says_what_it_is_filtered_by(house, browser):
    units(house)
    client = browser("scene")
    assert "Only what lies at: Mortuary 1." in client.get("/units/", {"place": "Mortuary 1"}).content.decode()
    assert "Only what lies at" not in client.get("/units/").content.decode()


def test_rule_4_custody_changes_hands_between_two_people_who_both_sign(house, browser):
    from dokaz.casework.models import Person, Transfer
    from dokaz.graves.models import RecoveryUnit

    unit = lifted(house)
    giver, taker = browser("scene", signs=True), browser("mortuary", signs=True)
    receiver = Person.objects.get(pk=house.acting("mortuary").person)
    told = {"things": unit.number, "to": str(receiver.pk), "from_place": "LIS-01", "to_place": "Mortuary 1"}
    with assert_files_nothing():
        page = giver.post("/custody/hand-over/", {**told, "passphrase": "not hers"}).content.decode()
    assert "this passphrase does not open this key" in page
    with assert_files_one("casework.hand_over"):
        assert giver.post("/custody/hand-over/", {**told, "passphrase": PASSPHRASE}).status_code == 302
    transfer = Transfer.objects.get()
    assert "not confirmed yet" in giver.get(f"/units/{unit.number}/").content.decode()
    with assert_files_nothing():
        page = giver.post(f"/custody/{transfer.number}/take-over/", {"passphrase": PASSPHRASE}).content.decode()
    assert "let the named receiver confirm" in page
    assert taker.post(f"/custody/{transfer.number}/take-over/", {"passphrase": PASSPHRASE}).status_code == 302
    assert RecoveryUnit.objects.get(pk=unit.pk).place == "Mortuary 1"


def test_numbers_that_nobody_gave_are_not_handed_over(house, browser):
    from dokaz.casework.models import Person

    receiver = Person.objects.get(pk=house.acting("mortuary").person)
    told = {"things": "NO-SUCH-1", "to": str(receiver.pk), "from_place": "a", "to_place": "b", "passphrase": PASSPHRASE}
    client = browser("scene", signs=True)
    with assert_files_nothing():
        page = client.post("/custody/hand-over/", told).content.decode()
    assert "NO-SUCH-1" in page


def test_rule_4_the_inventory_counts_every_thing_once(house, browser):
    units(house, 3)
    surveyed(house, points=False)
    page = browser("auditor").get("/inventory/").content.decode()
    assert "Mortuary 1" in page
    assert ">4<" in page.replace(" ", "")  # recovery units
    assert ">3<" in page.replace(" ", "")  # samples, and units at the mortuary


def test_units_are_searched_and_filtered(house, browser):
    made = units(house, 2)
    lying = surveyed(house)
    client = browser("scene")
    page = client.get("/units/", {"q": made[0].number}).content.decode()
    assert made[0].number in page
    assert made[1].number not in page
    page = client.get("/units/", {"state": "surveyed"}).content.decode()
    assert lying.number in page
    assert made[0].number not in page
    for ask in ({"stage": "recovered"}, {"place": "Mortuary 1"}, {"site": "LIS", "order": "-lifted"}, {"page": "zzz"},
                {"q": "no such"}, {"order": "-"}, {"holder": ""}):  # fmt: skip
        assert client.get("/units/", ask).status_code == 200


def test_words_are_found_whatever_their_capitals(house, browser):
    from dokaz.graves.acts import register_unit

    grave = a_grave(house)
    with house.filing("scene") as f:
        unit = register_unit(grave, f, type="A", description="Годинник із написом")
    assert unit.number in browser("scene").get("/units/", {"q": "годинник"}).content.decode()


def test_a_list_asks_as_often_for_many_as_for_few(house, browser, django_assert_max_num_queries):
    units(house, 2)
    client = browser("scene")
    few = _queries(client, "/units/")
    units(house, 8, grave=a_grave(house, "02"))
    assert _queries(client, "/units/") <= few
    assert _queries(client, "/mortuary/") < 30
    assert _queries(client, "/inventory/") < 20


def _queries(client, page):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_labels_are_one_a_unit(house, browser):
    made = units(house, 3)
    page = browser("scene").get("/labels/", {"grave": "LIS-01"}).content.decode()
    assert page.count("<code>") == 3
    assert all(str(unit.pk) in page for unit in made)


def test_every_page_answers_in_ukrainian(house, browser):
    (unit,) = units(house)
    client = browser("mortuary")
    client.cookies["django_language"] = "uk"
    for page in [*PAGES, f"/units/{unit.number}/"]:
        assert '<html lang="uk">' in client.get(page).content.decode()


def test_no_page_carries_an_inline_script_or_style(house, browser):
    (unit,) = units(house)
    client = browser("mortuary")
    for path in [*PAGES, "/", f"/units/{unit.number}/", f"/units/{unit.number}/examine/"]:
        page = client.get(path).content.decode()
        assert " style=" not in page, path
        assert "<style" not in page, path
        assert " onclick=" not in page, path


@pytest.mark.parametrize(
    "role", ["scene", "mortuary", "family_liaison", "dna_examiner", "board", "investigator", "auditor"]
)
def test_no_page_links_to_a_page_that_is_closed_to_its_reader(house, browser, role):
    """Whatever a reader is offered opens; a link that ends at "Not here" would tell what is kept from them."""
    (person,) = missing(house, "Іван")
    made = units(house, 2)
    a_profile(house, made[0])
    compare(house, made[0], person)
    from dokaz.casework.models import JournalEntry

    # Entries by the same act have the same links.
    shown = JournalEntry.objects.values("act").annotate(first=Min("index")).values_list("first", flat=True)
    entries = {str(index) for index in shown}
    client = browser(role)
    seen, todo = set(), {"/"}
    while todo:
        path = todo.pop()
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        if answer.streaming or "html" not in answer.headers["Content-Type"]:
            continue
        found = {
            html.unescape(one).partition("#")[0] for one in re.findall(r'href="(/[^"]*)"', answer.content.decode())
        }
        todo |= {
            one
            for one in found
            if not one.startswith(("/static/", "/account/")) and one not in seen and not re.search("order=|file=", one)
            if not (entry := re.match(r"/ledger/entries/(\d+)/", one)) or entry[1] in entries
        }
        assert len(seen) < 400
