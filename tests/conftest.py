"""A store of its own for every test, and the people of a small invented investigation."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("DOKAZ_STORE", tempfile.mkdtemp(prefix="dokaz-test-"))

import pytest
from hypothesis import settings as hypothesis_settings

# A busy machine is no fault; what is slow is measured in bench/.
hypothesis_settings.register_profile("dokaz", deadline=None)
hypothesis_settings.load_profile("dokaz")

NOW = dt.datetime(2026, 5, 4, 9, 12, 3, tzinfo=dt.UTC)
PASSPHRASE = "a sentence only she knows"


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


@pytest.fixture
def empty_store(tmp_path: Path, settings, transactional_db) -> object:
    """A store on disk with an empty database."""
    from dokaz.casework.store import make_store

    settings.STORE = tmp_path / "store"
    return make_store(settings.STORE, origin="example.org/dokaz/test")


@pytest.fixture
def house(empty_store) -> House:
    """A founded investigation with two people in every office that signs."""
    from dokaz.casework.acts import appoint, enrol, found, founder
    from dokaz.casework.filing import Actor, filing
    from dokaz.casework.models import Person
    from dokaz.ledger.personal import from_seed

    ticks = itertools.count()
    clock = lambda: NOW + dt.timedelta(minutes=next(ticks))  # noqa: E731
    key = from_seed(hashlib.sha256(b"administrator").digest())
    chief = founder(key)
    with filing(by=chief, at=clock(), store=empty_store) as f:
        found(
            f,
            name="Invented investigation",
            mandate="to exhume and to identify",
            mandate_authority="Invented Prosecutor's Office",
            opened_on=NOW.date(),
            administrator="Ada Administrator",
        )
    made = House(empty_store, clock, {"administrator1": chief})
    for role in ("scene", "mortuary", "family_liaison", "dna_examiner", "board", "investigator", "prosecutor"):
        for nth in (1, 2):
            own = from_seed(hashlib.sha256(f"{role}{nth}".encode()).digest())
            with filing(by=chief, at=clock(), store=empty_store) as f:
                person = enrol(f, name=f"{role} {nth}", public_key=own.public_key, key_id=own.key_id)
                office = appoint(person, f, role=role)
            made.people[f"{role}{nth}"] = Actor(person.id, office.id, role, own.key_id, own)
    assert Person.objects.count() == 15
    return made


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[object]:
    """A real PostgreSQL, started once a run and only if a test asks for it."""
    from postgresql import running

    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes databases, each empty, and gives their addresses: a file of SQLite, or one on the server."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_server").new_database
    number = itertools.count()
    return lambda: f"sqlite:///{tmp_path}/database{next(number)}.sqlite3"
