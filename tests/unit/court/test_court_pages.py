"""The pages of what leaves the house: who makes bundles, who sees them, and that what is downloaded verifies."""

import io
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path

import pytest
from casebook import PASSPHRASE, assert_refused_page, identified, missing, units

from dokaz.casework import journal
from dokaz.casework.acts import appoint, enrol, offer
from dokaz.casework.models import JournalEntry, Person
from dokaz.court.models import Bundle
from dokaz.court.queries import bundles_for
from dokaz.ledger.personal import from_seed

VERIFY = Path(sys.executable).parent / "dokaz-verify"


@pytest.fixture
def case(house):
    identified(house, units(house)[0], missing(house, "Андрій")[0])
    return house


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("prosecutor", 200),
        ("investigator", 200),
        ("auditor", 200),
        ("defence", 200),
        ("board", 404),
        ("administrator", 404),
    ],
)
def test_the_room_is_open_by_office(browser, role, status):
    assert browser(role).get("/bundles/").status_code == status


@pytest.mark.parametrize(("role", "status"), [("prosecutor", 200), ("auditor", 200), ("defence", 404), ("scene", 404)])
def test_who_may_make_a_bundle(browser, role, status):
    assert browser(role).get("/bundles/new/").status_code == status


def counsel(case, browser):
    """The id of somebody of the defence, as the form sends it."""
    browser("defence")
    return str(case.acting("defence").person)


def make(browser, role="prosecutor", **other):
    form = {"purpose": "Invented trial", "recipient": "", "decision": "", "redactions": "", "authority": "",
            "passphrase": PASSPHRASE, **other}  # fmt: skip
    return browser(role, signs=True).post("/bundles/new/", form)


def assert_download_verifies(client, number, tmp_path):
    answer = client.get(f"/bundles/{number}/download/")
    data = b"".join(answer.streaming_content)
    zipfile.ZipFile(io.BytesIO(data)).extractall(tmp_path)
    said = subprocess.run([VERIFY, tmp_path / number], capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    return data


@pytest.mark.parametrize("decision", ["", "DEC-000001"])
def test_a_bundle_made_on_the_web_verifies_when_downloaded(case, browser, tmp_path, decision):
    answer = make(browser, decision=decision)
    made = Bundle.objects.get()
    assert answer.headers["Location"] == f"/bundles/{made.number}/"
    client = browser("prosecutor")
    page = client.get(f"/bundles/{made.number}/").content.decode()
    assert made.manifest_sha256 in page
    assert "dokaz-verify" in page
    assert_download_verifies(client, made.number, tmp_path)


def test_a_redacted_bundle_says_what_was_withheld(case, browser, tmp_path):
    make(browser, redactions="missing.Donor:name,relationship=B.2\ncasework.Person:name=A.2", authority="Order 12")
    made = Bundle.objects.get()
    client = browser("auditor")
    page = client.get(f"/bundles/{made.number}/").content.decode()
    assert "missing.Donor" in page
    assert "Order 12" in page
    assert b"Donor's name" not in assert_download_verifies(client, made.number, tmp_path)


@pytest.mark.parametrize(
    "other",
    [
        {"purpose": ""},
        {"passphrase": ""},
        {"passphrase": "not hers"},
        {"decision": "DEC-999999"},
        {"redactions": "missing.Donor:nmae=B.2", "authority": "Order 12"},
        {"redactions": "missing.Donor:name=B.2"},
        {"redactions": "casework.Key:public_key=A.2", "authority": "Order 12"},
    ],
)
def test_what_is_refused_writes_nothing(case, browser, other):
    client = browser("prosecutor", signs=True)
    form = {"purpose": "Invented trial", "passphrase": PASSPHRASE, **other}
    assert_refused_page(client, "/bundles/new/", form)
    assert not Bundle.objects.exists()
    folder = case.store.path / "bundles"
    assert not folder.exists() or not list(folder.iterdir())


def test_the_defence_sees_what_was_made_for_it_and_nothing_else(case, browser, tmp_path):
    client = browser("defence")
    make(browser)
    make(browser, addressee=counsel(case, browser), decision="DEC-000001")
    assert client.get("/").headers["Location"] == "/bundles/"
    page = client.get("/bundles/").content.decode()
    assert "BUN-000002" in page
    assert "BUN-000001" not in page
    assert client.get("/bundles/BUN-000001/").status_code == 404
    assert client.get("/bundles/BUN-000001/download/").status_code == 404
    assert client.get("/bundles/BUN-000002/").status_code == 200
    assert_download_verifies(client, "BUN-000002", tmp_path)


def test_a_namesake_of_the_counsel_sees_no_bundle_of_theirs(case, browser):
    make(browser, addressee=counsel(case, browser))
    make(browser, recipient="defence 1")
    theirs = browser("defence")
    with case.filing("administrator") as f:
        namesake = enrol(f, name="defence 1", key=offer(from_seed(b"n" * 32), case.store))
        appoint(namesake, f, role="defence")
    assert [one.number for one in bundles_for(Person.objects.get(pk=namesake.pk), "defence")] == []
    page = theirs.get("/bundles/").content.decode()
    assert "BUN-000001" in page and "BUN-000002" not in page
    assert theirs.get("/bundles/BUN-000002/").status_code == 404


def test_a_bundle_is_addressed_to_nobody_but_the_defence(case, browser):
    for who in (str(case.acting("scene").person), "defence 1", str(uuid.uuid4())):
        assert_refused_page(browser("prosecutor", signs=True), "/bundles/new/",
                            {"purpose": "x", "addressee": who, "passphrase": PASSPHRASE})  # fmt: skip
    assert not Bundle.objects.exists()


def test_a_bundle_made_on_the_command_line_is_listed_and_not_offered(case, browser, tmp_path):
    from dokaz.court.assembling import make_bundle

    make_bundle(case.store, tmp_path / "b", by=case.acting("prosecutor"), clock=case.clock, purpose="Elsewhere")
    client = browser("auditor")
    assert "does not lie in this store" in client.get("/bundles/BUN-000001/").content.decode()
    assert client.get("/bundles/BUN-000001/download/").status_code == 404


def test_pages_cost_little(case, browser, django_assert_max_num_queries):
    make(browser)
    client = browser("prosecutor")
    before = journal.size()
    for url in ("/bundles/", "/bundles/new/", "/bundles/BUN-000001/"):
        with django_assert_max_num_queries(40):
            assert client.get(url).status_code == 200
    assert journal.size() == before


def test_a_bundle_is_written_before_its_filing_is_opened(case, browser, monkeypatch):
    from django.db import connection

    from dokaz.court import assembling

    inside = []
    write = assembling.write_contents

    def watched(*args, **kwargs):
        inside.append(connection.in_atomic_block)
        return write(*args, **kwargs)

    monkeypatch.setattr(assembling, "write_contents", watched)
    assert make(browser).status_code == 302
    assert inside == [False]


def test_a_bundle_that_was_filed_when_its_server_was_killed_is_finished_by_whoever_asks_for_it(case, browser, tmp_path):
    from dokaz.court.assembling import assemble, file
    from dokaz.court.keeping import new_draft

    draft, unfiled = new_draft(case.store), new_draft(case.store)
    for folder in (draft, unfiled):
        folder.mkdir(parents=True)
    assembled = assemble(case.store, draft, by=case.acting("prosecutor"), at=case.clock(), purpose="Invented trial")
    with case.filing("prosecutor") as f:
        made = file(f, assembled)
    client = browser("prosecutor")
    assert made.manifest_sha256 in client.get(f"/bundles/{made.number}/").content.decode()
    assert_download_verifies(client, made.number, tmp_path)
    assert [each.name for each in (case.store.path / "bundles").iterdir()] == [made.number]


# --- choosing, and looking first -----------------------------------------------------------------------------------------


def posting(browser, role="prosecutor", **other):
    form = {"purpose": "Invented trial", "authority": "Order 12", "code": "B.2", **other}
    return browser(role, signs=True).post("/bundles/new/", form)


def filed():
    """Entries but those by which somebody begins to work."""
    return JournalEntry.objects.exclude(kind="casework.SessionKey").count()


def test_whom_a_bundle_withholds_is_found_by_name_and_ticked(case, browser, tmp_path):
    before = filed()
    page = posting(browser, step="search", find="donor").content.decode()
    assert "DON-000001" in page and 'value="DON-000001"' in page and "MP-000001" not in page
    page = posting(browser, step="search", find="вигад", found=["DON-000001"]).content.decode()
    assert 'value="DON-000001=B.2"' in page and 'value="DON-000001"' not in page
    assert 'value="MP-000001"' in page and "Order 12" in page
    assert filed() == before and not Bundle.objects.exists()
    answer = posting(browser, chosen=["DON-000001=B.2"], passphrase=PASSPHRASE)
    assert answer.status_code == 302, answer.content.decode()
    made = Bundle.objects.get()
    (rule,) = made.withheld
    assert (rule["what"], rule["code"], rule["authority"]) == ("missing.Donor", "B.2", "Order 12") and rule["record"]
    client = browser("auditor")
    assert "DON-000001" in client.get(f"/bundles/{made.number}/").content.decode()
    data = assert_download_verifies(client, made.number, tmp_path)
    assert b"Donor's name" not in data and b"DON-000001" not in data


def test_what_is_ticked_in_the_search_is_withheld_even_if_it_was_not_taken_over(case, browser):
    assert posting(browser, find="donor", found=["DON-000001"], passphrase=PASSPHRASE).status_code == 302
    assert len(Bundle.objects.get().withheld) == 1


def test_a_preview_shows_what_its_reader_will_see_and_asks_for_no_passphrase(case, browser):
    before = filed()
    page = posting(browser, step="preview", chosen=["DON-000001=B.2"]).content.decode()
    assert "What its reader will see" in page and "[withheld: B.2]" in page and "identification.Decision" in page
    reader = page.partition("What its reader will see")[2]
    assert "DON-000001" not in reader and "Donor&#x27;s name" not in reader
    assert "DON-000001" in page, "whoever makes it sees what is withheld"
    assert filed() == before and not Bundle.objects.exists()


def test_a_preview_says_why_the_bundle_would_be_refused(case, browser):
    page = posting(browser, step="preview", purpose="about the donor", chosen=["DON-000001=B.2"]).content.decode()
    assert "It would be refused" not in page
    page = posting(browser, step="preview", purpose="see DON-000001", chosen=["DON-000001=B.2"]).content.decode()
    assert "It would be refused" in page and "the purpose, as you wrote it, holds the number of DON-000001" in page
    page = posting(browser, step="preview", purpose="", chosen=["DON-000001=B.2"]).content.decode()
    assert 'class="wrong' in page and "What its reader will see" not in page


def test_the_defence_is_not_told_the_number_of_whoever_is_withheld(case, browser):
    posting(browser, addressee=counsel(case, browser), chosen=["DON-000001=B.2"], passphrase=PASSPHRASE)
    page = browser("defence").get("/bundles/BUN-000001/").content.decode()
    assert "B.2" in page and "DON-000001" not in page


@pytest.mark.parametrize("chosen", [["DON-999999=B.2"], ["DON-000001=Z.9"], ["DON-000001"]])
def test_what_cannot_be_withheld_is_refused_at_the_search(case, browser, chosen):
    page = posting(browser, chosen=chosen, passphrase=PASSPHRASE)
    assert page.status_code == 200 and 'class="wrong' in page.content.decode()
    assert not Bundle.objects.exists()
