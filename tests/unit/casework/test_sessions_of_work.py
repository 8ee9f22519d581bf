"""One passphrase delegates routine acts to the key of a session; what decides anything stays signed in person."""

import datetime as dt
import hashlib
from dataclasses import replace

import pytest
from casebook import also, assert_refused

from dokaz.casework import journal
from dokaz.casework.acts import LONGEST_SESSION, appoint, begin_work, dismiss, end_work, enrol, offer, retire_key
from dokaz.casework.filing import filing
from dokaz.casework.models import JournalEntry, Key, Office, Person, SessionKey
from dokaz.casework.published import check_signatures
from dokaz.errors import (
    BadChoice,
    NotInOffice,
    NotYours,
    NumberTaken,
    SessionOver,
    SignatureNeeded,
    WrongKind,
    WrongState,
)
from dokaz.graves.acts import open_site
from dokaz.graves.models import Site
from dokaz.ledger import Entry, Frontier
from dokaz.ledger.personal import from_seed, verify

SEED = b"\x07" * 32


def begun(house, who="scene1", *, seed=SEED, lasts=dt.timedelta(hours=12), by=None):
    """The person at work: their own key locked again, the key of a session in its place."""
    person, key = by or house.people[who], from_seed(seed)
    with filing(by=person, at=house.clock(), store=house.store) as f:
        begin_work(f, public_key=key.public_key, until=f.at + lasts)
    return replace(person, key=None, session=key)


def opening(house, actor, code="LIS", *, after=dt.timedelta(0)):
    """A routine act."""
    with filing(by=actor, at=house.clock() + after, store=house.store) as f:
        return open_site(f, code=code, name="Invented forest", crs="EPSG:32637")


def newest_entry():
    return Entry.parse(bytes(JournalEntry.objects.order_by("-index").first().body))


# --- beginning and ending ----------------------------------------------------------------------------------------------


def test_work_begins_in_all_offices_that_one_holds_and_is_delegated_in_person(house):
    also(house, "scene1", "mortuary")
    worker = begun(house)
    session, entry = SessionKey.objects.get(), newest_entry()
    assert session.number == worker.session.key_id
    assert session.person_id == worker.person
    assert session.delegated_by.number == worker.key_id
    assert session.offices == sorted(
        str(pk) for pk in Office.objects.filter(person=worker.person).values_list("pk", flat=True)
    )
    assert len(session.offices) == 2
    assert (session.until, session.ended_at) == (dt.datetime.fromisoformat(entry.at) + dt.timedelta(hours=12), None)
    assert (entry.act, entry.actor) == ("casework.begin_work", worker.key_id)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"lasts": LONGEST_SESSION + dt.timedelta(seconds=1)}, BadChoice),
        ({"lasts": dt.timedelta(0)}, BadChoice),
        ({"lasts": dt.timedelta(milliseconds=900)}, BadChoice),
        ({"public_key": "00" * 31}, WrongKind),
        ({"public_key": "00" * 32}, WrongKind),  # a point of small order
        ({"public_key": from_seed(SEED).public_key.upper()}, WrongKind),
        ({"key": None}, SignatureNeeded),
    ],
)
def test_a_session_is_refused_that_lasts_too_long_or_that_nobody_delegated(house, wrong, error):
    person = house.acting("scene")
    person = replace(person, key=wrong.get("key", person.key))

    def attempt():
        with filing(by=person, at=house.clock(), store=house.store) as f:
            begin_work(
                f,
                public_key=wrong.get("public_key", from_seed(SEED).public_key),
                until=f.at + wrong.get("lasts", dt.timedelta(hours=12)),
            )

    assert_refused(error, attempt)


def test_the_longest_session_lasts_a_day(house):
    begun(house, lasts=LONGEST_SESSION)
    assert SessionKey.objects.count() == 1


def test_a_session_does_not_begin_another(house):
    worker = begun(house)
    assert_refused(SignatureNeeded, lambda: begun(house, seed=b"\x08" * 32, by=worker))


def test_no_key_is_that_of_a_person_and_of_a_session_or_of_two_sessions(house):
    worker = begun(house)
    assert_refused(NumberTaken, lambda: begun(house, "scene2"))
    of_a_person = hashlib.sha256(b"board1").digest()
    assert from_seed(of_a_person).key_id == house.acting("board").key_id
    assert_refused(NumberTaken, lambda: begun(house, seed=of_a_person))

    def enrolled():
        with house.filing("administrator") as f:
            enrol(f, name="Somebody", key=offer(worker.session, house.store))

    assert_refused(NumberTaken, enrolled)


@pytest.mark.parametrize("by_own_key", [True, False])
def test_a_session_is_ended_with_its_own_key_or_in_person(house, by_own_key):
    worker = begun(house)
    ends = house.acting("scene") if by_own_key else worker
    with filing(by=ends, at=house.clock(), store=house.store) as f:
        end_work(SessionKey.objects.get(), f)
    entry, session = newest_entry(), SessionKey.objects.get()
    assert session.ended_at == dt.datetime.fromisoformat(entry.at)
    assert (entry.act, entry.actor) == ("casework.end_work", worker.key_id if by_own_key else worker.session.key_id)


def test_a_session_is_ended_by_its_person_once_and_with_a_key(house):
    worker = begun(house)

    def ended(by):
        with filing(by=by, at=house.clock(), store=house.store) as f:
            end_work(SessionKey.objects.get(), f)

    assert_refused(NotYours, lambda: ended(house.acting("scene", 2)))
    assert_refused(NotYours, lambda: ended(house.acting("administrator")))
    assert_refused(SignatureNeeded, lambda: ended(replace(house.acting("scene"), key=None)))
    ended(worker)
    assert_refused(WrongState, lambda: ended(house.acting("scene")))


# --- what the key of a session signs ----------------------------------------------------------------------------------


def test_a_routine_act_is_signed_with_the_key_of_the_session(house):
    worker = begun(house)
    site = opening(house, worker)
    entry = newest_entry()
    assert (entry.act, entry.actor, entry.office) == ("graves.open_site", worker.session.key_id, str(worker.office))
    verify(worker.session.public_key, entry.body_for_signing(), entry.signature)
    (checked,) = check_signatures(entry)
    assert (checked.name, checked.role, checked.in_session, checked.fault) == ("scene 1", "scene", True, "")
    assert journal.history(site.id)[0].entry == entry


def test_a_routine_act_is_signed_in_person_where_the_own_key_is_unlocked(house):
    worker = replace(begun(house), key=house.acting("scene").key)
    opening(house, worker)
    assert newest_entry().actor == worker.key_id
    (checked,) = check_signatures(newest_entry())
    assert not checked.in_session


def test_a_routine_act_without_key_and_session_is_refused(house):
    locked = replace(house.acting("scene"), key=None)
    assert_refused(SignatureNeeded, lambda: opening(house, locked), match="graves.open_site")


def test_an_act_of_weight_is_not_signed_with_the_key_of_a_session(house):
    worker = begun(house, "administrator1")

    def appointed():
        with filing(by=worker, at=house.clock(), store=house.store) as f:
            appoint(Person.objects.get(name="scene 1"), f, role="analyst")

    assert_refused(SignatureNeeded, appointed, match="casework.appoint")


@pytest.mark.parametrize(("after", "holds"), [(-1, True), (0, False), (1, False)])
def test_a_session_signs_until_its_hour(house, after, holds):
    worker = begun(house)
    hour = SessionKey.objects.get().until - house.clock() + dt.timedelta(seconds=after) - dt.timedelta(minutes=1)
    if holds:
        opening(house, worker, after=hour)
        assert Site.objects.count() == 1
    else:
        assert_refused(SessionOver, lambda: opening(house, worker, after=hour), match="hours are over")


def test_a_session_that_was_ended_signs_nothing_more(house):
    worker = begun(house)
    with filing(by=worker, at=house.clock(), store=house.store) as f:
        end_work(SessionKey.objects.get(), f)
    assert_refused(SessionOver, lambda: opening(house, worker), match="was ended")


def test_a_session_signs_nothing_after_its_own_end_in_one_filing(house):
    worker = begun(house)

    def attempt():
        with filing(by=worker, at=house.clock(), store=house.store) as f:
            end_work(SessionKey.objects.get(), f)
            open_site(f, code="LIS", name="Invented forest", crs="EPSG:32637")

    assert_refused(SessionOver, attempt, match="was ended")


def test_a_key_that_nobody_delegated_signs_nothing(house):
    made_up = replace(house.acting("scene"), key=None, session=from_seed(SEED))
    assert_refused(SessionOver, lambda: opening(house, made_up), match="nobody has begun it")


def test_the_session_of_another_signs_nothing(house):
    others = begun(house, "scene2").session
    stolen = replace(house.acting("scene"), key=None, session=others)
    assert_refused(SessionOver, lambda: opening(house, stolen), match="nobody has begun it")


def test_a_session_signs_in_no_office_that_was_given_later(house):
    worker = begun(house)
    promoted = replace(also(house, "scene1", "investigator"), key=None, session=worker.session)

    def in_that_office():
        with filing(by=worker, at=house.clock(), store=house.store) as f, f.in_office(promoted):
            pass

    assert_refused(SessionOver, lambda: opening(house, promoted), match="before you held this office")
    assert_refused(SessionOver, in_that_office, match="before you held this office")
    opening(house, worker)
    opening(house, begun(house, by=replace(promoted, key=house.acting("scene").key), seed=b"\x08" * 32), "KLN")
    assert Site.objects.count() == 2


def test_a_session_signs_in_no_office_that_has_ended(house):
    worker = begun(house)
    with house.filing("administrator", reason="left the team") as f:
        dismiss(Office.objects.get(pk=worker.office), f)
    assert_refused(NotInOffice, lambda: opening(house, worker))


def test_a_session_ends_with_the_key_that_delegated_it(house):
    worker = begun(house)
    with house.filing("administrator", reason="lost") as f:
        retire_key(Key.objects.get(number=worker.key_id), f)
    assert_refused(NotInOffice, lambda: opening(house, worker))
    new = from_seed(b"\x09" * 32)
    with house.filing("administrator") as f:
        enrol(f, person=Person.objects.get(pk=worker.person), key=offer(new, house.store, worker.person))
    assert_refused(
        SessionOver, lambda: opening(house, replace(worker, key_id=new.key_id)), match="a key that is retired"
    )


# --- every entry -------------------------------------------------------------------------------------------------------


def test_a_key_of_another_does_not_sign(house):
    forged = replace(house.acting("scene"), key=house.acting("board").key)
    assert_refused(NotInOffice, lambda: opening(house, forged), match="retired key")


def test_whoever_ends_their_own_office_files_nothing_more_in_it(house):
    """Nobody could tell an entry that came after the end from one that was slipped in."""
    chief = house.acting("administrator")
    with house.filing("administrator") as f:
        second = appoint(Person.objects.get(name="scene 2"), f, role="administrator")
    assert second.role == "administrator"

    def attempt():
        with house.filing("administrator", reason="leaves") as f:
            dismiss(Office.objects.get(pk=chief.office), f)
            appoint(Person.objects.get(name="scene 1"), f, role="analyst")

    assert_refused(NotInOffice, attempt)


def test_every_entry_names_log_and_base_and_is_signed_by_its_actor(house):
    worker = begun(house)
    opening(house, worker)
    with house.filing("scene") as f:
        for code in ("KLN", "STV"):
            open_site(f, code=code, name="Invented forest", crs="EPSG:32637")
    entries = [Entry.parse(body) for body in journal.entry_bodies(0, journal.size())]
    keys = {key.number: key.public_key for kind in (Key, SessionKey) for key in kind.objects.all()}
    assert {entry.log for entry in entries} == {house.store.log.id}
    roots = [
        Frontier().extend(bytes.fromhex(e.leaf_hash) for e in entries[:size]).root.hex() for size in range(len(entries))
    ]
    for index, entry in enumerate(entries):
        verify(keys[entry.actor], entry.body_for_signing(), entry.signature)
        assert entry.base.size <= index
        assert entry.base.root == roots[entry.base.size]
    assert [entry.base.size for entry in entries[:5]] == [0] * 5  # the founding is one filing
    assert [entry.base.size for entry in entries[-3:]] == [len(entries) - 3, len(entries) - 2, len(entries) - 2]
