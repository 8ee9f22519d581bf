"""Nobody waits at the door for a large import: on SQLite, sign-ins have a database of their own."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands import ADMINISTRATOR, PASSPHRASE, Desk

# Signs in with the password and the second factor, reads the overview, and signs out, as a browser does.
VISIT = """
import json, sys, django
django.setup()
from django.test import Client
from django.urls import reverse
from dokaz.site.sign_ins import code_now
client = Client(raise_request_exception=False, headers={"Host": "localhost"})
answers = [
    client.post("/account/login/", {"login": "ada", "password": sys.argv[1]}),
    client.post(reverse("mfa_authenticate"), {"code": code_now("ada")}),
    client.get("/"),
    client.post(reverse("account_logout")),
]
print(json.dumps([answer.status_code for answer in answers]))
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A store on disk with one person who can sign in."""
    desk = Desk(tmp_path / "store")
    desk.found()
    desk.do("user", "sign-in", ADMINISTRATOR, "--login", "ada", "--as", ADMINISTRATOR)
    return desk


def statuses_of_a_visit(desk: Desk) -> list[int]:
    visit = subprocess.run(
        [sys.executable, "-c", VISIT, PASSPHRASE],
        env=desk.environment | {"DJANGO_SETTINGS_MODULE": "dokaz.site.settings"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert visit.returncode == 0, visit.stderr
    return list(json.loads(visit.stdout))


@pytest.mark.skipif("DOKAZ_DATABASE" in os.environ, reason="PostgreSQL has more than one writer")
def test_signing_in_does_not_wait_for_whoever_files(desk: Desk) -> None:
    filing = sqlite3.connect(desk.store / "dokaz.sqlite3", isolation_level=None)
    filing.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    assert statuses_of_a_visit(desk) == [302, 302, 200, 302]
    assert time.monotonic() - begun < 20  # a writer of SQLite waits for thirty seconds
    filing.execute("ROLLBACK")


def test_no_table_of_sign_ins_is_beside_the_records_and_none_of_records_beside_them(desk: Desk) -> None:
    def tables(name: str) -> set[str]:
        found = sqlite3.connect(desk.store / name).execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {table for (table,) in found} - {"django_migrations", "sqlite_sequence"}

    records, sign_ins = tables("dokaz.sqlite3"), tables("dokaz-sign-ins.sqlite3")
    assert records & sign_ins == set()
    assert {"django_session", "auth_user", "mfa_authenticator", "casework_account"} <= sign_ins
    assert {table.split("_")[0] for table in sign_ins} == {"account", "auth", "casework", "django", "mfa"}
    assert {"casework_person", "casework_journalentry"} <= records


def test_a_lost_database_of_sign_ins_is_named_and_begun_anew(desk: Desk) -> None:
    (desk.store / "dokaz-sign-ins.sqlite3").unlink()
    for command in (["serve"], ["user", "list"]):
        code, said = desk.attempt(*command)
        assert code == 6, said
        assert "sign-ins" in said
        assert "dokaz user sign-in" in said
    desk.assert_sound()
    desk.do("user", "sign-in", ADMINISTRATOR, "--login", "ada", "--as", ADMINISTRATOR)
    assert statuses_of_a_visit(desk) == [302, 302, 200, 302]


def test_a_rebuilt_database_is_entered_by_the_same_sign_ins(desk: Desk) -> None:
    (desk.store / "dokaz.sqlite3").unlink()
    desk.do("rebuild")
    desk.assert_sound()
    assert statuses_of_a_visit(desk) == [302, 302, 200, 302]


def test_whoever_cannot_sign_in_as_asked_is_not_enrolled(desk: Desk) -> None:
    before, keys = desk.size(), sorted((desk.store / "keys" / "people").iterdir())
    code, said = desk.attempt("user", "add", "Boris Board", "--role", "board", "--login", "ada", "--as", ADMINISTRATOR)
    assert code == 3, said
    assert "ada: this login is taken" in said
    assert (desk.size(), sorted((desk.store / "keys" / "people").iterdir())) == (before, keys)
