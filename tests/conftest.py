"""A store of its own for every test, and the people of a small invented investigation."""

from __future__ import annotations

import atexit
import copy
import datetime as dt
import gc
import hashlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

if "DOKAZ_STORE" not in os.environ:
    os.environ["DOKAZ_STORE"] = tempfile.mkdtemp(prefix="dokaz-test-")
    atexit.register(shutil.rmtree, os.environ["DOKAZ_STORE"], ignore_errors=True)

import pytest
from hypothesis import settings as hypothesis_settings

# A busy machine is no fault; what is slow is measured in bench/.
hypothesis_settings.register_profile("dokaz", deadline=None)
hypothesis_settings.load_profile("dokaz")

NOW = dt.datetime(2026, 5, 4, 9, 12, 3, tzinfo=dt.UTC)
PASSPHRASE = "a sentence only she knows"


# What is read while tests are collected stays to the end: nobody looks for garbage in it, then or later.
gc.disable()


class Clock:
    """A clock that goes on by a minute each time somebody looks at it."""

    def __init__(self, minutes: int = 0) -> None:
        self.minutes = minutes

    def __call__(self) -> dt.datetime:
        self.minutes += 1
        return NOW + dt.timedelta(minutes=self.minutes - 1)


@dataclass
class House:
    """A founded store, its clock, and a person for every office."""

    store: object
    clock: Clock
    people: dict[str, object] = field(default_factory=dict)

    def acting(self, role: str, nth: int = 1):
        """The nth person of a role, key unlocked."""
        return self.people[f"{role}{nth}"]

    def filing(self, role: str, nth: int = 1, reason: str = ""):
        """Open a filing as that person, now."""
        from dokaz.casework.filing import filing

        return filing(by=self.acting(role, nth), at=self.clock(), reason=reason, store=self.store)


@dataclass(frozen=True)
class KeptHouse:
    """A house as it was made once: copied for every test, for making it takes thirty times as long."""

    files: Path
    rows: list[list[Any]]
    house: House

    @classmethod
    def of(cls, house: House) -> KeptHouse:
        """What stands in the database and in the store now."""
        from django.apps import apps

        models = [model for model in apps.get_models() if model.__module__.startswith("dokaz.")]
        return cls(house.store.path, [list(model.objects.all()) for model in models], house)

    def copied(self, path: Path) -> House:
        """The same in ``path``, with whatever was noted on the house."""
        from django.db import transaction

        from dokaz.casework.rows import insert
        from dokaz.casework.store import Store

        shutil.copytree(self.files, path)
        with transaction.atomic():
            for rows in self.rows:
                insert(rows)
        house = copy.copy(self.house)
        vars(house).update({name: copy.deepcopy(noted) for name, noted in vars(house).items() if name not in _OWN})
        house.store, house.clock, house.people = Store(path), Clock(self.house.clock.minutes), dict(self.house.people)
        return house


_OWN = frozenset(each.name for each in fields(House))


def founded(path: Path) -> House:
    """Found an investigation in an empty database, with two people in every office that signs.

    One administrator founds it, so that tests appoint whom they need: a trial. ``real_house`` is founded by two.
    """
    from dokaz.casework.acts import appoint, enrol, found, founder, offer
    from dokaz.casework.filing import Actor, filing
    from dokaz.casework.store import make_store
    from dokaz.ledger.personal import from_seed

    store = make_store(path, origin="example.org/dokaz/test")
    clock = Clock()
    key = from_seed(hashlib.sha256(b"administrator").digest())
    chief = founder(key)
    with filing(by=chief, at=clock(), store=store) as f:
        found(
            f,
            name="Invented investigation",
            mandate="to exhume and to identify",
            mandate_authority="Invented Prosecutor's Office",
            opened_on=NOW.date(),
            time_zone="UTC",
            administrator="Ada Administrator",
        )
    people = {"administrator1": chief}
    for role in ("scene", "mortuary", "family_liaison", "dna_examiner", "board", "investigator", "prosecutor"):
        for nth in (1, 2):
            own = from_seed(hashlib.sha256(f"{role}{nth}".encode()).digest())
            with filing(by=chief, at=clock(), store=store) as f:
                person = enrol(f, name=f"{role} {nth}", key=offer(own, store))
                office = appoint(person, f, role=role)
            people[f"{role}{nth}"] = Actor(person.id, office.id, role, own.key_id, own)
    return House(store, clock, people)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sign-ins are in a database of their own on SQLite: every test that uses one may use both."""
    for item in items:
        uses = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
        if uses:
            marker = pytest.mark.django_db(transaction="transactional_db" in uses, databases="__all__")
            item.add_marker(marker, append=False)


def pytest_collection_finish() -> None:
    """From here on garbage is looked for in what tests make."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Empty the tables after every test quickly, and make no permissions and content types, for which nothing asks."""
    from django.db import connection
    from django.db.models.signals import post_migrate

    post_migrate.receivers.clear()
    if connection.vendor == "postgresql":
        type(connection.ops).sql_flush = _deleted_rows


def _deleted_rows(ops: Any, style: Any, tables: list[str], **_: Any) -> list[str]:
    """A few rows are deleted from a table in a tenth of the time that PostgreSQL takes to truncate it."""
    deleted = [f"DELETE FROM {ops.quote_name(table)}" for table in tables]
    return ["SET session_replication_role = replica", *deleted, "SET session_replication_role = DEFAULT"]


@pytest.fixture(scope="session")
def kept_houses() -> dict[Callable[[House], Any] | None, KeptHouse]:
    """The houses that tests copy, by what was done in each; a test makes it, for outside of one there is no database."""
    return {}


@pytest.fixture
def kept_house(tmp_path_factory, settings, transactional_db, kept_houses) -> Callable[..., KeptHouse]:
    """What was done in a founded investigation, by a function that is carried out once a run; nothing, if there is none.

    The function gets the house, does the same each time, and may note on the house what it made.
    """
    from django.core import management

    def kept(build: Callable[[House], Any] | None = None) -> KeptHouse:
        if build not in kept_houses:
            base = kept() if build is not None else None
            settings.STORE = tmp_path_factory.mktemp("kept") / "store"
            fresh = base.copied(settings.STORE) if base is not None else founded(settings.STORE)
            if build is not None:
                build(fresh)
            kept_houses[build] = KeptHouse.of(fresh)
            management.call_command("flush", interactive=False, verbosity=0)
        return kept_houses[build]

    return kept


@pytest.fixture
def house_after(tmp_path: Path, settings, kept_house) -> Callable[..., House]:
    """``house_after(build)``: a founded investigation in which that was done."""

    def made(build: Callable[[House], Any] | None = None) -> House:
        kept = kept_house(build)
        settings.STORE = tmp_path / "store"
        return kept.copied(settings.STORE)

    return made


@pytest.fixture
def house(house_after) -> House:
    """A founded investigation with two people in every office that signs."""
    from dokaz.casework.models import Person

    made = house_after()
    assert Person.objects.count() == 15
    return made


@pytest.fixture
def real_house(tmp_path: Path, settings, transactional_db) -> House:
    """An investigation that two administrators founded, with nobody else in it yet but a person at the scene."""
    from dokaz.casework.acts import Founder, appoint, enrol, found, founder, offer, sign_founding
    from dokaz.casework.filing import Actor, filing
    from dokaz.casework.store import make_store
    from dokaz.ledger.personal import from_seed

    settings.STORE = tmp_path / "real"
    store = make_store(settings.STORE, origin="example.org/dokaz/real")
    house = House(store, Clock())
    first, second = (founder(from_seed(hashlib.sha256(f"founder{nth}".encode()).digest())) for nth in (1, 2))
    house.people = {"administrator1": first, "administrator2": second}
    with filing(by=first, at=house.clock(), store=store) as f:
        found(
            f,
            name="Real investigation",
            mandate="to exhume and to identify",
            mandate_authority="Invented Prosecutor's Office",
            opened_on=NOW.date(),
            administrator="Ada Administrator",
            others=[Founder(second, "Borys Administrator")],
        )
    with house.filing("administrator", 2) as f:
        sign_founding(f)
    key = from_seed(hashlib.sha256(b"at the scene").digest())
    with house.filing("administrator") as f:
        person = enrol(f, name="scene 1", key=offer(key, store))
        office = appoint(person, f, role="scene")
    house.people["scene1"] = Actor(person.id, office.id, "scene", key.key_id, key)
    return house


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[object]:
    """A real PostgreSQL, started once a run and only if a test asks for it."""
    from postgresql import running

    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., str]:
    """Makes databases, each empty, and gives their addresses: a file of SQLite, or one on the server."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_server").new_database
    number = itertools.count()
    return lambda: f"sqlite:///{tmp_path}/database{next(number)}.sqlite3"
