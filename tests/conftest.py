"""A store of its own for every test, and the people of a small invented investigation."""

from __future__ import annotations

import atexit
import datetime as dt
import gc
import hashlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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


@dataclass
class House:
    """A founded store, its clock, and a person for every office."""

    store: object
    clock: Callable[[], dt.datetime]
    people: dict[str, object] = field(default_factory=dict)

    def acting(self, role: str, nth: int = 1):
        """The nth person of a role, key unlocked."""
        return self.people[f"{role}{nth}"]

    def filing(self, role: str, nth: int = 1, reason: str = ""):
        """Open a filing as that person, now."""
        from dokaz.casework.filing import filing

        return filing(by=self.acting(role, nth), at=self.clock(), reason=reason, store=self.store)


@dataclass(frozen=True)
class Founded:
    """An investigation as it was founded: copied for every test, for founding takes thirty times as long."""

    files: Path
    rows: list[list[Any]]
    people: dict[str, Any]
    minutes: int

    @classmethod
    def anew(cls, path: Path) -> Founded:
        """Found one in an empty database, with two people in every office that signs, and keep a copy in ``path``.

        One administrator founds it, so that tests appoint whom they need: a trial. ``real_house`` is founded by two.
        """
        from django.apps import apps

        from dokaz.casework.acts import appoint, enrol, found, founder, offer
        from dokaz.casework.filing import Actor, filing
        from dokaz.casework.store import make_store
        from dokaz.ledger.personal import from_seed

        store = make_store(path, origin="example.org/dokaz/test")
        ticks = itertools.count()
        clock = lambda: NOW + dt.timedelta(minutes=next(ticks))  # noqa: E731
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
        rows = [list(model.objects.all()) for model in apps.get_app_config("casework").get_models()]
        return cls(path, rows, people, next(ticks))

    def copied(self, path: Path) -> House:
        """The same in ``path``."""
        from django.db import transaction

        from dokaz.casework.rows import insert
        from dokaz.casework.store import Store

        shutil.copytree(self.files, path)
        with transaction.atomic():
            for rows in self.rows:
                insert(rows)
        ticks = itertools.count(self.minutes)
        return House(Store(path), lambda: NOW + dt.timedelta(minutes=next(ticks)), dict(self.people))


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
def founded_once() -> list[Founded]:
    """The investigation that tests copy. The first test founds it: outside a test there is no database."""
    return []


@pytest.fixture
def house(tmp_path: Path, tmp_path_factory, settings, transactional_db, founded_once: list[Founded]) -> House:
    """A founded investigation with two people in every office that signs."""
    from django.core import management

    from dokaz.casework.models import Person

    settings.STORE = tmp_path / "store"
    if not founded_once:
        founded_once.append(Founded.anew(tmp_path_factory.mktemp("founded") / "store"))
        management.call_command("flush", interactive=False, verbosity=0)
    made = founded_once[0].copied(settings.STORE)
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
    ticks = itertools.count()
    house = House(store, lambda: NOW + dt.timedelta(minutes=next(ticks)))
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
