"""Passwords and passphrases that are easily guessed are refused by every way in which one is set."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from typer.testing import CliRunner

from dokaz.casework.passphrases import SHORTEST, refuse_weak
from dokaz.errors import SignInRefused, WeakPassphrase

KNOWN = ["password1234", "PASSWORD1234!", "123456789012", "qwertyqwerty", "monkeymonkeymonkey", "iloveyou2024!",
         "aaaaaaaaaaaa", "abababababab", "123qwerty123", "pass-word-2024", "short"]  # fmt: skip
FINE = ["a sentence only she knows", "речення, яке знає лише вона", "correct horse battery", "vishnya-77-lampa"]


@pytest.mark.parametrize("password", KNOWN)
def test_known_passwords_with_a_little_added_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


def test_passwords_and_passphrases_are_as_long() -> None:
    """Twelve characters, of which none is counted for nothing."""
    for length, is_taken in ((SHORTEST - 1, False), (SHORTEST, True)):
        words = "vishnya-77-lampa"[:length]
        for refuse, error in ((validate_password, ValidationError), (refuse_weak, WeakPassphrase)):
            with nullcontext() if is_taken else pytest.raises(error):
                refuse(words)


@pytest.mark.parametrize("password", FINE)
def test_sentences_are_taken(password: str) -> None:
    assert validate_password(password) is None


def test_a_sign_in_is_not_opened_with_a_known_password(house: Any) -> None:
    from django.contrib.auth.models import User

    from dokaz.casework.models import Person
    from dokaz.site.sign_ins import open_sign_in

    with pytest.raises(SignInRefused, match="known password"):
        open_sign_in(Person.objects.get(pk=house.acting("investigator").person), "newcomer", "password1234")
    assert not User.objects.exists()


def test_no_key_is_made_under_a_known_passphrase(house: Any) -> None:
    folder = house.store.path / "keys" / "people"
    before = sorted(folder.iterdir())
    for make in (house.store.new_personal_key, lambda words: house.store.key_for(words).__enter__()):
        with pytest.raises(WeakPassphrase, match="known password"):
            make("password1234")
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(("passphrase", "says"), [("password1234", "known password"), ("short", "fewer than 12")])
def test_a_store_is_not_founded_under_a_weak_passphrase(tmp_path: Path, passphrase: str, says: str) -> None:
    """There is no store yet, hence there are no settings of Django: the sentence is said all the same."""
    where = tmp_path / "store"
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("dokaz")),
            "init",
            "--store",
            str(where),
            "--name",
            "A case",
            "--mandate",
            "All of it",
            "--authority",
            "A court",
            "--administrator",
            "Ada",
            "--trial",
        ],
        env={k: v for k, v in os.environ.items() if k != "DOKAZ_DATABASE"} | {"DOKAZ_PASSPHRASE": passphrase},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not where.exists()


def test_commands_that_set_one_refuse_it(house: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`dokaz init`, `dokaz user add`, `dokaz user new-key`: all of them ask the store for a new key."""
    from casebook import lay_keys

    from dokaz.casework.models import Key, Person
    from dokaz.cli import user

    lay_keys(house)
    asked = {"Passphrase of": "a sentence only she knows"}
    monkeypatch.setattr(user, "passphrase", lambda prompt, *, confirm=False: asked.get(prompt[:13], "password1234"))
    monkeypatch.setenv("DOKAZ_PASSPHRASE", "a sentence only she knows")
    monkeypatch.setattr(user, "open_store", lambda _path: house.store)
    people, keys = Person.objects.count(), Key.objects.count()
    for arguments in (
        ["add", "New Person", "--role", "scene", "--as", "Ada Administrator"],
        ["add", "New Person", "--role", "scene", "--login", "new", "--as", "Ada Administrator"],
        ["new-key", "scene 1", "--reason", "lost", "--as", "Ada Administrator"],
        ["sign-in", "scene 1", "--login", "new", "--as", "Ada Administrator"],
    ):
        done = CliRunner().invoke(user.app, arguments)
        assert isinstance(done.exception, WeakPassphrase | SignInRefused), (arguments, done.output, done.exception)
    assert (Person.objects.count(), Key.objects.count()) == (people, keys)
