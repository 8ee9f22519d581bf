"""How an investigation begins: its mandate, its first administrator, and nothing before them."""

import datetime as dt
import hashlib

import pytest
from dokaz_verify.store import verify_store

from dokaz.casework import journal
from dokaz.casework.acts import Founder, found, founder, sign_founding
from dokaz.casework.filing import filing
from dokaz.casework.models import Assent, Investigation, Key, Office, Person
from dokaz.casework.queries import investigation
from dokaz.casework.store import make_store
from dokaz.casework.trial import is_trial
from dokaz.errors import (
    BadChoice,
    EmptyField,
    InTheFuture,
    NoInvestigation,
    NumberTaken,
    SignatureNeeded,
    SignedAlready,
)
from dokaz.ledger import Entry
from dokaz.ledger.personal import from_seed

NOW = dt.datetime(2026, 5, 4, 9, tzinfo=dt.UTC)
SAID = {
    "name": "Invented investigation",
    "mandate": "to exhume and to identify",
    "mandate_authority": "Invented Prosecutor's Office",
    "mandate_reference": "7 of 2026",
    "opened_on": NOW.date(),
    "time_zone": "Asia/Tehran",
    "administrator": "Ada Administrator",
    "organisation": "Invented institute",
}


@pytest.fixture
def store(transactional_db, tmp_path, settings):
    """A store in which nothing was filed yet."""
    settings.STORE = tmp_path / "store"
    return make_store(settings.STORE, origin="example.org/dokaz/test")


def another(name):
    return Founder(founder(from_seed(hashlib.sha256(name.encode()).digest())), name, "Invented court")


def founded(store, *, locked=False, **said):
    from dataclasses import replace

    chief = founder(from_seed(hashlib.sha256(b"administrator").digest()))
    with filing(by=replace(chief, key=None) if locked else chief, at=NOW, store=store) as f:
        found(f, **{**SAID, **said})
    return chief


def test_an_investigation_is_founded_with_its_mandate_and_its_first_administrator(store):
    with pytest.raises(NoInvestigation):
        investigation()
    chief = founded(store)
    made, person, key, office = (kind.objects.get() for kind in (Investigation, Person, Key, Office))
    kept = {name: getattr(made, name) for name in SAID if name not in ("administrator", "organisation")}
    assert kept == {name: value for name, value in SAID.items() if name in kept}
    assert (person.name, person.organisation) == ("Ada Administrator", "Invented institute")
    assert (person.id, office.id, key.number) == (chief.person, chief.office, chief.key_id)
    assert (key.person_id, key.public_key, key.retired_at) == (person.id, chief.key.public_key, None)
    assert (office.person_id, office.role, office.since, office.until) == (person.id, "administrator", NOW, None)
    assert [one.number for one in (made, person, office)] == ["INV-000001", "PERS-000001", "OFF-000001"]
    assert investigation() == made
    entries = [Entry.parse(body) for body in journal.entry_bodies(0, 5)]
    kinds = ["Investigation", "Constitution", "Person", "Key", "Office"]
    assert [(e.act, e.kind, e.actor, e.base.size) for e in entries] == [
        ("casework.found", f"casework.{kind}", chief.key_id, 0) for kind in kinds
    ]


@pytest.mark.parametrize("field", ["name", "mandate", "mandate_authority", "administrator"])
def test_an_investigation_says_who_ordered_it_and_what_it_may_do(store, field):
    with pytest.raises(EmptyField, match=field):
        founded(store, **{field: " "})
    assert journal.size() == 0


def test_an_investigation_is_founded_by_somebody_who_signs_and_not_in_the_future(store):
    with pytest.raises(SignatureNeeded):
        founded(store, locked=True)
    with pytest.raises(InTheFuture):
        founded(store, opened_on=dt.date(2027, 1, 1))
    with pytest.raises(BadChoice, match="time_zone"):
        founded(store, time_zone="Europe/Nowhere")
    assert journal.size() == 0
    founded(store)
    assert journal.size() == 5


def test_a_store_that_one_administrator_founds_is_a_trial(store):
    assert not is_trial()
    founded(store)
    assert is_trial()


def test_administrators_found_a_store_together_and_each_signs_what_was_founded(store):
    others = [another("Borys"), another("Vira")]
    founded(store, others=others)
    for nth, other in enumerate(others):
        with filing(by=other.by, at=NOW, store=store) as f:
            sign_founding(f)
        given = Assent.objects.get(office=other.by.office)
        assert (given.act, given.record, given.leaf) == (
            "casework.found",
            investigation().id,
            investigation().entry_hash,
        )
        assert given.base_size == 11 + nth, "it covers everything that was founded"
    assert not is_trial()
    assert [(p.number, p.name) for p in Person.objects.order_by("number")] == [
        ("PERS-000001", "Ada Administrator"), ("PERS-000002", "Borys"), ("PERS-000003", "Vira")
    ]  # fmt: skip
    assert [o.role for o in Office.objects.all()] == ["administrator"] * 3
    assert verify_store(store.path).verified and verify_store(store.path).founders == 3


def test_nobody_signs_the_founding_twice(store):
    other = another("Borys")
    founded(store, others=[other])
    with filing(by=other.by, at=NOW, store=store) as f:
        sign_founding(f)
    with pytest.raises(SignedAlready), filing(by=other.by, at=NOW, store=store) as f:
        sign_founding(f)
    assert journal.size() == 9


def test_nobody_founds_a_store_as_two_administrators(store):
    with pytest.raises(NumberTaken):
        founded(store, others=[another("administrator")])
    with pytest.raises(EmptyField):
        founded(store, others=[Founder(another("Borys").by, " ")])
    assert journal.size() == 0


def test_a_founding_that_the_second_administrator_did_not_sign_is_found(store):
    founded(store, others=[another("Borys")])
    assert set(verify_store(store.path).counts) == {"founding-not-signed"}
