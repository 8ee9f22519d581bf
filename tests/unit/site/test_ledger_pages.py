"""The pages of the ledger: what everybody may compare, what is opened to whom, what would break if."""

import pytest
from casebook import identified, missing, units
from django.test import Client

from dokaz.casework import journal
from dokaz.casework.models import JournalEntry
from dokaz.casework.published import check_signatures
from dokaz.identification.models import Decision
from dokaz.ledger import Entry, Receipt
from dokaz.site import what_if


@pytest.fixture
def case(house):
    identified(house, units(house)[0], missing(house, "Андрій")[0])
    return house


PAGES = ["/ledger/", "/ledger/entries/", "/ledger/people/", "/ledger/entries/3/", "/ledger/entries/3/what-if/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("role", "status"), [("scene", 200), ("administrator", 200), ("auditor", 200), ("defence", 404)]
)
def test_the_ledger_is_open_by_office(browser, page, role, status):
    assert browser(role).get(page).status_code == status


def test_the_checkpoint_is_shown_as_it_was_signed(house, browser):
    page = browser("auditor").get("/ledger/").content.decode()
    assert house.store.log.note.split("\n")[2] in page
    text = browser("auditor").get("/ledger/checkpoint/").content.decode()
    assert text == house.store.log.note


def test_an_older_checkpoint_is_contained(house, browser):
    older = house.store.log.note
    units(house)
    page = browser("auditor").post("/ledger/", {"older": older.replace("\n", "\r\n")}).content.decode()
    assert "exactly those" in page


def test_a_forged_checkpoint_is_not_contained(house, browser):
    lines = house.store.log.note.split("\n")
    lines[1] = str(int(lines[1]) - 1)
    client = browser("auditor")
    before = journal.size()
    page = client.post("/ledger/", {"older": "\n".join(lines)}).content.decode()
    assert "not contained" in page
    assert journal.size() == before


def test_a_text_that_is_no_checkpoint_is_a_slip_and_not_an_alarm(house, browser):
    note = house.store.log.note
    client = browser("auditor")
    client.cookies.load({"django_language": "uk"})
    for pasted, said in [
        ("abc", "Це не ціла контрольна точка"),
        (note[:60], "Це не ціла контрольна точка"),
        (note.replace("\u2014 ", "\u2014 other."), "контрольна точка іншого реєстру"),
    ]:
        page = client.post("/ledger/", {"older": pasted}).content.decode()
        assert said in page
        assert "не міститься" not in page


def test_a_forged_checkpoint_is_told_in_ukrainian(house, browser):
    lines = house.store.log.note.split("\n")
    lines[1] = str(int(lines[1]) - 1)
    client = browser("auditor")
    client.cookies.load({"django_language": "uk"})
    page = client.post("/ledger/", {"older": "\n".join(lines)}).content.decode()
    assert "не міститься" in page
    assert "Ключ цього реєстру не підписував цього тексту" in page.replace("&#x27;", "'")


def entry_of(act):
    return JournalEntry.objects.filter(act=act).order_by("-index").first()


def test_an_entry_shows_its_signatures_verified_now(case, browser):
    row = entry_of("identification.certify")
    page = browser("board").get(f"/ledger/entries/{row.index}/").content.decode()
    assert "board 1" in page
    assert "board 2" in page
    assert "merkle" in page
    assert row.leaf in page
    assert "CRT-000001" in page


def test_a_tampered_signature_does_not_hold(case):
    from dataclasses import replace

    entry = Entry.parse(bytes(entry_of("identification.certify").body))
    assert not any(each.fault for each in check_signatures(entry))
    forged = replace(entry, assents=tuple(replace(s, sig=bytes(64)) for s in entry.assents), signature=bytes(64))
    assert [bool(each.fault) for each in check_signatures(forged)] == [True, True, True]
    own, one, other = check_signatures(replace(entry, signature=bytes(64)))
    assert (bool(own.fault), bool(one.fault), bool(other.fault)) == (True, False, False)


@pytest.mark.parametrize(
    ("role", "act", "secret", "seen"),
    [
        ("family_liaison", "missing.report", "Вигаданий", True),
        ("mortuary", "missing.report", "Вигаданий", False),
        ("administrator", "missing.report", "Вигаданий", False),
        ("administrator", "identification.certify", "CRT-000001", False),
        ("administrator", "casework.appoint", "scene", True),
        ("scene", "identification.certify", "CRT-000001", False),
        ("family_liaison", "mortuary.examine", "pelvis", False),
        ("auditor", "mortuary.examine", "pelvis", True),
    ],
)
def test_openings_are_shown_only_where_the_room_is_open(case, browser, role, act, secret, seen):
    index = JournalEntry.objects.filter(act=act).order_by("index").first().index
    client = browser(role)
    for page in (f"/ledger/entries/{index}/", f"/ledger/entries/{index}/what-if/"):
        answer = client.get(page).content.decode()
        assert (secret in answer) is seen or (seen and "what-if" in page), page


def test_a_receipt_is_one_that_outsiders_can_check(case, browser):
    row = entry_of("identification.certify")
    text = browser("auditor").get(f"/ledger/entries/{row.index}/receipt/").content.decode()
    receipt = Receipt.parse(text)
    assert receipt.verify(bytes.fromhex(row.leaf), case.store.log.verifier_key).size == journal.size()


def test_entries_are_found_by_act_kind_record_number_and_hash(case, browser):
    client, row = browser("auditor"), entry_of("identification.certify")
    by = ("act=identification.certify", f"record={row.record}", "q=DEC-000001", f"q={row.leaf[:10]}", f"q={row.index}")
    for asked in by:
        page = client.get(f"/ledger/entries/?{asked}").content.decode()
        assert f"/ledger/entries/{row.index}/" in page, asked
    assert f"/ledger/entries/{row.index}/" not in client.get("/ledger/entries/?kind=graves.Site").content.decode()


@pytest.mark.parametrize("act", ["identification.certify", "graves.lift", "casework.hand_over", "court.bundle"])
@pytest.mark.parametrize("change", list(what_if.CHANGES))
def test_whatever_is_changed_something_no_longer_fits(case, browser, tmp_path, act, change):
    if act == "court.bundle":
        from dokaz.court.assembling import make_bundle

        make_bundle(
            case.store, tmp_path / "b", by=case.acting("prosecutor"), clock=case.clock, purpose="Invented trial"
        )
    row = entry_of(act)
    client = browser("auditor")
    answer = client.get(f"/ledger/entries/{row.index}/what-if/?change={change}")
    assert answer.status_code == 200
    assert "no longer fits" in answer.content.decode()
    assert [link.fits for link in answer.context["links"]].count(False) >= 1


def test_the_arithmetic_of_the_page_is_that_of_the_tree(case):
    log = case.store.log
    head = log.head
    for row in JournalEntry.objects.all():
        path = log.inclusion(row.index, size=head.size)
        assert what_if.root_from(row.index, head.size, bytes.fromhex(row.leaf), path) == head.root


def test_nothing_is_written_by_asking_what_if(case, browser):
    client, row = browser("auditor"), entry_of("identification.certify")
    before = (journal.size(), case.store.log.note, Decision.objects.get().entry_hash)
    for change in what_if.CHANGES:
        client.get(f"/ledger/entries/{row.index}/what-if/?change={change}")
    assert (journal.size(), case.store.log.note, Decision.objects.get().entry_hash) == before


def test_an_entry_that_does_not_exist_is_absent(house, browser):
    for page in ("/ledger/entries/999999/", "/ledger/entries/999999/receipt/", "/ledger/entries/999999/what-if/"):
        assert browser("auditor").get(page).status_code == 404


def test_ledger_pages_cost_the_same_for_a_longer_log(house, browser):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = browser("auditor")

    def asked(url):
        client.get(url)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    few = [asked(url) for url in PAGES]
    units(house, 3)
    assert [asked(url) for url in PAGES] == few
    assert max(few) < 40


def test_a_trial_says_so_on_every_page_and_every_label(house, browser):
    """The house of the tests was founded by one administrator."""
    client, unit = browser("scene"), units(house)[0]
    assert_says_trial(client.get("/"))
    assert_says_trial(client.get("/ledger/"))
    assert_says_trial(client.get("/nowhere/"), status=404)
    assert_says_trial(Client().get("/account/login/"))
    labels = client.get(f"/labels/?thing={unit.number}")
    assert_says_trial(labels)
    assert '<span class="trial">Trial</span>' in labels.content.decode()


def assert_says_trial(answer, *, status=200):
    assert answer.status_code == status
    assert '<aside class="trial" aria-label="Trial"><b>Trial</b>' in answer.content.decode()
