"""People at their browsers, signed in and acting in one office; and the files that teams deliver."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from casebook import take_in
from django.test import Client
from django.utils import translation
from refused_imports import pictures

from dokaz.simulate import simulate

PASSPHRASE = "a sentence only she knows"


@pytest.fixture(autouse=True)
def cheap_secrets(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords and passphrases are dear to try, on purpose; the journeys pay that, these tests need not."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("dokaz.ledger.pkcs8.SCRYPT_N", 2**4)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A page in Ukrainian that an earlier test asked for leaves its language behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def browser(house: Any) -> Callable[..., Client]:
    """``browser("scene")``: the first person of that role at a browser.

    ``signs=True`` keeps their key in the store; ``works=False``: they have not begun to work.
    """

    def signed_in(role: str, nth: int = 1, *, signs: bool = False, works: bool = True) -> Client:
        from django.contrib.auth.models import User

        from dokaz.casework.models import Account
        from dokaz.pages.work_session import COOKIE, begin

        actor: Any = house.people.get(f"{role}{nth}") or _new(house, role)
        if signs:
            store: Any = house.store
            (store.path / "keys" / "people" / f"{actor.key_id}.pem").write_bytes(actor.key.wrap(PASSPHRASE).pem)
        user, is_new = User.objects.get_or_create(username=f"{role}{nth}")
        if is_new:
            Account.objects.create(user=user, person_id=actor.person)
        client = Client()
        client.force_login(user)
        session = client.session
        session["second_factor"] = user.pk
        session["office"] = str(actor.office)
        if works:  # the passphrase that begins a day's work was given
            request: Any = SimpleNamespace(session=session)
            begin(request, actor)
            client.cookies[COOKIE] = request.opens_work
        session.save()
        return client

    return signed_in


def _new(house: Any, role: str) -> Any:
    import hashlib

    from dokaz.casework.acts import appoint, enrol, offer
    from dokaz.casework.filing import Actor
    from dokaz.ledger.personal import from_seed

    own = from_seed(hashlib.sha256(role.encode()).digest())
    with house.filing("administrator") as f:
        person = enrol(f, name=f"{role} 1", key=offer(own, house.store))
        office = appoint(person, f, role=role)
    house.people[f"{role}1"] = Actor(person.id, office.id, role, own.key_id, own)
    return house.people[f"{role}1"]


@pytest.fixture(scope="session")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The files of a small invented investigation."""
    directory = tmp_path_factory.mktemp("delivered") / "files"
    simulate(directory, seed=5, remains=40)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def surveyed(house: Any, delivered: Path) -> Any:
    """A house that has taken in all surveys of it."""
    from dokaz.graves.intake import SURVEY

    for name in ("survey_KLN1.csv", "survey_KLN2.csv", "survey_STV1.tsv"):
        take_in(house, SURVEY, "scene", (name, (delivered / name).read_bytes()), photographs=pictures(delivered))
    return house
