"""A day's work in a browser: one passphrase, a key that no copy of the server holds whole, and an end."""

import base64
import datetime as dt
import logging
from pathlib import Path

import pytest
from casebook import PASSPHRASE, a_grave, also, lay_keys, missing
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pagebook import assert_files_nothing

from dokaz.casework import journal
from dokaz.casework.filing import filing
from dokaz.casework.models import JournalEntry, JournalHead, Key, Office, Person, SessionKey
from dokaz.graves.models import Site
from dokaz.ledger import Entry
from dokaz.ledger.personal import from_seed
from dokaz.pages import work_session
from dokaz.pages.work_session import COOKIE

NEW = "/sites/new/"
ASKS = 'name="passphrase"'


@pytest.fixture
def client(house, browser) -> Client:
    """A browser in which nobody has begun to work."""
    lay_keys(house)
    return browser("scene", works=False)


def opening(client, code="LIS", **more):
    return client.post(NEW, {"code": code, "name": "Invented forest", "crs": "EPSG:32637", **more})


def begun(client, code="LIS") -> Client:
    assert opening(client, code, passphrase=PASSPHRASE).status_code == 302
    return client


def page(client, at=NEW) -> str:
    return str(client.get(at).content.decode())


def acts(since) -> list[str]:
    return list(JournalEntry.objects.filter(index__gte=since).order_by("index").values_list("act", flat=True))


def entry_of(act) -> Entry:
    return Entry.parse(bytes(JournalEntry.objects.filter(act=act).order_by("-index").first().body))


def other_browser(client, *, cookie=None) -> Client:
    """Another browser that was given the sign-in of this one, and maybe a key."""
    other = Client()
    other.cookies["sessionid"] = client.cookies["sessionid"].value
    if cookie is not None:
        other.cookies[COOKIE] = cookie
    return other


def assert_asks(client, at=NEW) -> None:
    """The passphrase is asked for, and nothing is filed without it."""
    assert ASKS in page(client, at)
    with assert_files_nothing():
        answer = opening(client, "STV")
    assert answer.status_code == 200
    assert ASKS in answer.content.decode()


def assert_works_on(client, code="KLN") -> None:
    """The session goes on: nothing is asked for, and what is filed is signed with its key."""
    assert ASKS not in page(client)
    assert opening(client, code).status_code == 302
    assert entry_of("graves.open_site").actor in set(SessionKey.objects.values_list("number", flat=True))


# --- one passphrase --------------------------------------------------------------------------------------------------


def test_the_passphrase_is_asked_for_once_and_then_no_more(client):
    assert_asks(client)
    assert "until you sign out, for twelve hours at most" in page(client)
    before = journal.size()
    begun(client)
    assert acts(before) == ["casework.begin_work", "graves.open_site"]
    session = SessionKey.objects.get()
    assert entry_of("casework.begin_work").actor == session.delegated_by.number
    assert entry_of("graves.open_site").actor == session.number
    before = journal.size()
    assert_works_on(client)
    assert acts(before) == ["graves.open_site"]


def test_a_wrong_passphrase_begins_nothing(client):
    with assert_files_nothing():
        answer = opening(client, passphrase="not hers")
    assert "this passphrase does not open this key" in answer.content.decode()
    assert COOKIE not in answer.cookies
    assert_asks(client)


def test_work_that_cannot_begin_is_said_and_begins_nothing(client, monkeypatch):
    monkeypatch.setattr(JournalHead.objects, "select_for_update", full)
    with assert_files_nothing():
        answer = opening(client, passphrase=PASSPHRASE)
    assert "the disk is full" in answer.content.decode()
    assert COOKIE not in answer.cookies
    monkeypatch.undo()
    assert_asks(client)


def test_work_begins_though_the_first_act_is_refused(client):
    answer = client.post(NEW, {"code": "LIS", "name": "Invented forest", "crs": "EPSG:1", "passphrase": PASSPHRASE})
    assert answer.status_code == 200
    assert not Site.objects.exists()
    shown = answer.content.decode()
    assert ASKS not in shown
    assert "Session of work until" in shown
    assert_works_on(client)


def test_an_act_that_is_signed_in_person_asks_each_time_and_begins_no_session(house, client):
    from dokaz.graves.acts import lift, register_unit
    from dokaz.graves.places import Point

    grave = a_grave(house)
    with house.filing("scene") as f:
        first, second = (register_unit(grave, f, type="B", points=[Point("385201.00", "5450002.00")]) for _ in range(2))
        for unit in (first, second):
            lift(unit, f, emergency_reason="shelling")
    told = {"to": str(house.acting("mortuary").person), "from_place": "LIS-01", "to_place": "Mortuary 1"}
    for unit in (first, second):
        assert "signed by you in person" in page(client, "/custody/hand-over/")
        before = journal.size()
        told |= {"things": unit.number, "passphrase": PASSPHRASE}
        assert client.post("/custody/hand-over/", told).status_code == 302
        assert acts(before) == ["casework.hand_over"]
        assert entry_of("casework.hand_over").actor == house.acting("scene").key_id
        if unit is first:
            begun(client, "KLN")
    assert SessionKey.objects.count() == 1


# --- the key, and where it lies ----------------------------------------------------------------------------------------


def test_the_key_is_handed_to_the_browser_once_and_out_of_reach_of_scripts_and_other_sites(client, settings):
    settings.SESSION_COOKIE_SECURE = True
    answer = opening(client, passphrase=PASSPHRASE)
    cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Strict", True)
    assert cookie["max-age"] == cookie["expires"] == ""  # it goes with the browser
    assert len(base64.urlsafe_b64decode(cookie.value)) == 32
    assert COOKIE not in client.get(NEW).cookies


def test_a_copy_of_the_server_without_the_cookie_does_not_suffice(house, client):
    begun(client)
    assert_asks(other_browser(client))
    # Neither half of it is anywhere on the server, nor what it opens.
    cookie, kept = client.cookies[COOKIE].value, client.session["work"]
    opens, sealed = base64.urlsafe_b64decode(cookie), base64.b64decode(kept["sealed"])
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    seed = ChaCha20Poly1305(opens).decrypt(sealed[:12], sealed[12:], kept["key"].encode())
    assert from_seed(seed).key_id == SessionKey.objects.get().number
    everything = b"".join(path.read_bytes() for path in Path(house.store.path).rglob("*") if path.is_file())
    everything += "\n".join(connection.connection.iterdump()).encode() if connection.vendor == "sqlite" else b""
    everything += repr(dict(client.session.items())).encode()
    for secret in (cookie.encode(), opens, seed):
        for spelled in (secret, secret.hex().encode(), base64.b64encode(secret), base64.urlsafe_b64encode(secret)):
            assert spelled not in everything


def test_anothers_cookie_does_not_open_it(house, browser, client):
    begun(client)
    second = browser("scene", 2)
    assert_asks(other_browser(client, cookie=second.cookies[COOKIE].value))
    for wrong in ("", "AAAA", "no base64 at all", "A" * 44, client.cookies[COOKIE].value[:-4] + "AAA="):
        assert_asks(other_browser(client, cookie=wrong))
    assert_works_on(client)


def test_a_session_that_was_copied_into_anothers_sign_in_does_not_sign_for_them(house, browser, client):
    begun(client)
    thief = browser("scene", 2, works=False)
    session = thief.session
    session["work"] = client.session["work"]
    session.save()
    thief.cookies[COOKIE] = client.cookies[COOKIE].value
    assert_asks(thief)
    before = journal.size()
    begun(thief, "KLN")
    assert acts(before) == ["casework.begin_work", "graves.open_site"]  # the other's session is not theirs to end


def test_the_key_of_one_session_is_not_passed_off_as_that_of_another(client, browser):
    """What is sealed is sealed for one key id."""
    begun(client)
    session = client.session
    browser("scene")  # the same person in another browser
    other = SessionKey.objects.order_by("-number").exclude(number=session["work"]["key"]).get()
    session["work"] = {**session["work"], "key": other.number}
    session.save()
    assert_asks(client)


# --- how it ends -------------------------------------------------------------------------------------------------------


def test_it_ends_after_its_hours(client, monkeypatch):
    monkeypatch.setattr(work_session, "LASTS", dt.timedelta(hours=1))  # a sign-in ends after eight
    begun(client)
    until = SessionKey.objects.get().until
    monkeypatch.setattr(timezone, "now", lambda: until - dt.timedelta(seconds=1))
    assert_works_on(client)
    monkeypatch.setattr(timezone, "now", lambda: until)
    assert_asks(client)
    assert client.cookies[COOKIE].value == ""  # taken back
    begun(client, "CHR")
    assert_works_on(client, "PSH")
    assert [one.ended_at for one in SessionKey.objects.all()] == [None, None]  # the first ended by itself


def test_what_was_typed_stays_when_the_session_ends_meanwhile(house, client):
    begun(client)
    # An entry that is dated later than the session lasts: a clock was wrong, and time never runs backwards in a log.
    later = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    with filing(by=house.acting("scene"), at=later, store=house.store) as f:
        from dokaz.graves.acts import open_site

        open_site(f, code="CHR", name="Invented forest", crs="EPSG:32637")
    with assert_files_nothing():
        shown = opening(client, "KLN").content.decode()
    assert "its hours are over" in shown
    assert ASKS in shown
    assert 'value="KLN"' in shown
    assert "Session of work until" not in shown
    begun(client, "KLN")
    assert SessionKey.objects.order_by("-until").first().until == later + work_session.LASTS
    assert_works_on(client, "STV")


def test_one_that_was_ended_elsewhere_is_over_in_the_browser_too(house, client):
    from dokaz.casework.acts import end_work

    begun(client)
    with house.filing("scene") as f:
        end_work(SessionKey.objects.get(), f)
    assert ASKS in page(client)
    assert_asks(client)
    begun(client, "KLN")


def test_one_that_was_ended_elsewhere_is_not_ended_again_from_a_browser_that_lost_its_key(house, client):
    from dokaz.casework.acts import end_work

    begun(client)
    with house.filing("scene") as f:
        end_work(SessionKey.objects.get(), f)
    del client.cookies[COOKIE]
    before = journal.size()
    begun(client, "KLN")
    assert acts(before) == ["casework.begin_work", "graves.open_site"]


def test_it_ends_with_the_key_that_began_it(house, client):
    from dokaz.casework.acts import enrol, offer, retire_key

    begun(client)
    person = Person.objects.get(name="scene 1")
    new = from_seed(b"\x09" * 32)
    with house.filing("administrator", reason="lost") as f:
        retire_key(Key.objects.get(number=house.acting("scene").key_id), f)
        enrol(f, person=person, key=offer(new, house.store, person.id))
    assert_asks(client)
    (house.store.path / "keys" / "people" / f"{new.key_id}.pem").write_bytes(new.wrap(PASSPHRASE).pem)
    begun(client, "KLN")
    assert entry_of("casework.begin_work").actor == new.key_id


def test_it_ends_with_the_office_and_goes_on_in_the_others(house, client):
    from dokaz.casework.acts import dismiss

    (person,) = missing(house, "Іван")
    other = also(house, "scene1", "investigator")
    begun(client)
    with house.filing("administrator", reason="moved") as f:
        dismiss(Office.objects.get(pk=house.acting("scene").office), f)
    at = f"/missing/{person.number}/verify/"
    assert ASKS not in page(client, at)
    assert client.post(at, {}).status_code == 302
    entry = entry_of("missing.verify")
    assert (entry.office, entry.actor) == (str(other.office), SessionKey.objects.get().number)


def test_a_new_office_asks_for_the_passphrase_again(house, client):
    (person,) = missing(house, "Іван")
    begun(client)
    client.post("/acting/", {"office": str(also(house, "scene1", "investigator").office)})
    at = f"/missing/{person.number}/verify/"
    assert ASKS in page(client, at)
    with assert_files_nothing():
        assert client.post(at, {}).status_code == 200
    client.post("/acting/", {"office": str(house.acting("scene").office)})
    assert_works_on(client)


def test_work_that_begins_anew_ends_what_was_begun_before_and_covers_all_offices(house, client):
    (person,) = missing(house, "Іван")
    begun(client)
    client.post("/acting/", {"office": str(also(house, "scene1", "investigator").office)})
    before = journal.size()
    assert client.post(f"/missing/{person.number}/verify/", {"passphrase": PASSPHRASE}).status_code == 302
    assert acts(before) == ["casework.end_work", "casework.begin_work", "missing.verify"]
    assert SessionKey.objects.filter(ended_at=None).count() == 1
    client.post("/acting/", {"office": str(house.acting("scene").office)})
    assert_works_on(client)


# --- signing out -------------------------------------------------------------------------------------------------------


def signs_out(client) -> None:
    assert client.post("/account/logout/").status_code == 302
    assert "_auth_user_id" not in client.session
    assert "work" not in client.session
    assert client.cookies[COOKIE].value == ""


def test_signing_out_ends_the_session(client):
    begun(client)
    cookie, before = client.cookies[COOKIE].value, journal.size()
    signs_out(client)
    assert acts(before) == ["casework.end_work"]
    entry, session = entry_of("casework.end_work"), SessionKey.objects.get()
    assert session.ended_at == dt.datetime.fromisoformat(entry.at)
    assert entry.actor == session.number
    from django.contrib.auth.models import User

    client.force_login(User.objects.get(username="scene1"))
    session = client.session
    session["second_factor"] = User.objects.get(username="scene1").pk
    session.save()
    client.cookies[COOKIE] = cookie
    assert_asks(client)


def test_signing_out_ends_the_session_in_an_office_that_it_does_not_cover(house, client):
    begun(client)
    client.post("/acting/", {"office": str(also(house, "scene1", "investigator").office)})
    signs_out(client)
    assert entry_of("casework.end_work").office == str(house.acting("scene").office)


def test_a_session_of_no_office_that_one_still_holds_ends_by_itself(house, client, caplog):
    from dokaz.casework.acts import dismiss

    begun(client)
    also(house, "scene1", "investigator")
    with house.filing("administrator", reason="moved") as f:
        dismiss(Office.objects.get(pk=house.acting("scene").office), f)
    with assert_files_nothing():
        signs_out(client)
    assert [one for one in caplog.records if one.name == "dokaz.pages.work_session"] == []


def test_whoever_did_not_work_signs_out_and_files_nothing(client):
    with assert_files_nothing():
        assert client.post("/account/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_asking_whether_to_sign_out_ends_nothing(client):
    begun(client)
    with assert_files_nothing():
        client.get("/account/logout/")
    assert_works_on(client)


def locked(*args, **kwargs):
    raise OperationalError("database is locked")


def full(*args, **kwargs):
    raise OSError(28, "No space left on device")


def broken(*args, **kwargs):
    raise OperationalError("disk I/O error")


def unreadable(*args, **kwargs):
    raise OSError(5, "Input/output error")


@pytest.mark.parametrize("fault", [locked, full, broken, unreadable])
def test_signing_out_works_though_the_end_cannot_be_filed(client, monkeypatch, caplog, fault):
    begun(client)
    monkeypatch.setattr(JournalHead.objects, "select_for_update", fault)
    with caplog.at_level(logging.WARNING), assert_files_nothing():
        signs_out(client)
    session = SessionKey.objects.get()
    assert session.ended_at is None
    (said,) = [one.getMessage() for one in caplog.records if one.name == "dokaz.pages.work_session"]
    assert session.number[:12] in said
    assert session.until.isoformat() in said


def test_an_error_of_the_program_is_not_swallowed_at_sign_out(client, monkeypatch):
    begun(client)
    monkeypatch.setattr(JournalHead.objects, "select_for_update", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.post("/account/logout/")


def test_whoever_signs_out_waits_three_seconds_at_most(client, monkeypatch):
    begun(client)
    longest = "PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout"
    asked = []

    def how_long():
        with connection.cursor() as cursor:
            cursor.execute(longest)
            asked.append(cursor.fetchone()[0])

    ends = work_session.end_work
    monkeypatch.setattr(work_session, "end_work", lambda *given: (how_long(), ends(*given)))
    signs_out(client)
    assert SessionKey.objects.get().ended_at is not None
    how_long()
    assert asked == ([3_000, 30_000] if connection.vendor == "sqlite" else ["3s", "0"])


# --- what pages say of it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "said"), [("en", "Session of work until"), ("uk", "Робочий сеанс до")])
def test_every_page_says_quietly_how_long_the_session_goes_on(house, client, language, said):
    client.cookies.load({"django_language": language})
    assert said not in page(client, "/")
    begun(client)
    shown = page(client, "/sites/")
    until = SessionKey.objects.get().until
    assert said in shown
    assert f'<time datetime="{until.strftime("%Y-%m-%dT%H:%M:%SZ")}">' in shown.split(said)[1][:80]
    client.post("/acting/", {"office": str(also(house, "scene1", "investigator").office)})
    assert said not in page(client, "/sites/")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "signed the whole entry with the key of a session"), ("uk", "ключем сеансу")],
)
def test_the_ledger_says_what_was_signed_with_the_key_of_a_session(client, browser, language, said):
    begun(client)
    auditor = browser("auditor")
    auditor.cookies.load({"django_language": language})
    by_session, in_person = (
        page(auditor, f"/ledger/entries/{JournalEntry.objects.filter(act=act).order_by('index').first().index}/")
        for act in ("graves.open_site", "casework.begin_work")
    )
    assert said in by_session
    assert said not in in_person
    assert "scene 1" in by_session
