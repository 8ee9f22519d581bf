"""Where the records are: addresses that are none are refused, and media that cannot be written are read."""

from __future__ import annotations

import sqlite3

import pytest

from dokaz.site import database
from dokaz.site.database import UnknownDatabase, database_of


@pytest.mark.parametrize(
    "address",
    ["file", "/tmp/file.sqlite3", "sqlite://relative", "sqlite:///", "sqlite:", "mysql://u:p@h/n", "postgresql://h"],
)
def test_what_is_no_address_is_refused_with_an_example(tmp_path, address):
    with pytest.raises(UnknownDatabase) as refused:
        database_of(address, tmp_path)
    assert address.split("://")[0] in refused.value.what
    assert ":p@" not in refused.value.what
    assert "sqlite:///the/whole/path" in refused.value.next_step


def test_a_database_that_is_not_there_is_not_made(tmp_path):
    name = database_of("", tmp_path)["NAME"]
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        sqlite3.connect(name, uri=True).execute("SELECT 1 FROM sqlite_master")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def store_on_a_disc(tmp_path, monkeypatch):
    """A store with a database that was closed well, and where nothing can be written any more."""
    path = tmp_path / "a store? 100%" / "dokaz.sqlite3"
    path.parent.mkdir()
    writer = sqlite3.connect(path)
    writer.executescript("PRAGMA journal_mode=WAL; CREATE TABLE kept (said); INSERT INTO kept VALUES ('here')")
    writer.close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    monkeypatch.setattr(database.os, "access", lambda _path, _mode: False)
    return path.parent


def test_a_store_on_a_disc_is_read_with_nothing_laid_beside_it(store_on_a_disc):
    reader = sqlite3.connect(database_of("", store_on_a_disc)["NAME"], uri=True)
    assert reader.execute("SELECT said FROM kept").fetchall() == [("here",)]
    assert [each.name for each in store_on_a_disc.iterdir()] == ["dokaz.sqlite3"]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("INSERT INTO kept VALUES ('altered')")


def test_a_store_on_a_disc_whose_log_was_left_beside_it_is_refused(store_on_a_disc):
    (store_on_a_disc / "dokaz.sqlite3-wal").write_bytes(b"newer pages")
    with pytest.raises(UnknownDatabase, match="not yet written into dokaz"):
        database_of("", store_on_a_disc)
