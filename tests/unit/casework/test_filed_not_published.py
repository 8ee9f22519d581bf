"""The disk is full, or the store cannot be written, after the database committed: what is filed is said to be filed.

The limit is the system's own (RLIMIT_FSIZE): it grants this process no file that grows. The tests' SQLite is in memory, and
PostgreSQL is another process, so that the database commits and publishing fails.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest
from casebook import assert_refused, lay_keys
from commands import ADMINISTRATOR, Desk

from dokaz.casework import journal
from dokaz.casework.checking import check
from dokaz.errors import FiledNotPublished
from dokaz.graves.acts import open_site
from dokaz.graves.models import Site


@contextmanager
def no_file_may_grow():
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def a_site(house, code="LIS"):
    with house.filing("scene") as f:
        return open_site(f, code=code, name="Invented forest", crs="EPSG:32637")


def assert_carried_on(house, committed):
    """What was committed is published by the next filing, and nothing is filed twice."""
    assert journal.size() == committed
    assert [f.what for f in check(house.store) if not f.unfinished] == []
    a_site(house, "NEXT")
    assert house.store.log.size == journal.size() == committed + 1
    assert check(house.store) == []


def test_a_disk_that_is_full_after_the_commit_says_what_is_filed(house):
    lay_keys(house)
    before = journal.size()
    with no_file_may_grow(), pytest.raises(FiledNotPublished) as told:
        a_site(house)
    assert f"filed as entry № {before} (LIS), and not published yet" in str(told.value)
    assert "do not do it again; mend this first (make room on the disk)" in str(told.value)
    assert Site.objects.count() == 1
    assert_carried_on(house, before + 1)


def test_a_log_key_that_is_gone_is_told_with_what_is_filed(house):
    lay_keys(house)
    before, key = journal.size(), house.store.path / "keys" / "log.pem"
    kept = key.rename(key.with_name("elsewhere"))
    vars(house.store).pop("log_key", None)
    with pytest.raises(FiledNotPublished, match=r"log\.pem") as told:
        a_site(house)
    assert "put it back" in str(told.value)
    kept.rename(key)
    assert_carried_on(house, before + 1)


def test_a_store_that_cannot_be_written_is_told_with_what_is_filed(house):
    lay_keys(house)
    before, file = journal.size(), house.store.path / "openings" / "000.jsonl"
    kept = file.rename(file.with_name("elsewhere"))
    file.mkdir()
    with pytest.raises(FiledNotPublished, match=r"000\.jsonl: Is a directory") as told:
        a_site(house)
    assert f"entry № {before} (LIS)" in str(told.value)
    file.rmdir()
    kept.rename(file)
    assert_carried_on(house, before + 1)


def test_whoever_interrupts_publishing_is_told_that_it_is_filed(house, monkeypatch):
    lay_keys(house)
    before = journal.size()

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)  # Ctrl-C comes while the disk is waited for
    with pytest.raises(FiledNotPublished, match="interrupted"):
        a_site(house)
    monkeypatch.undo()
    assert_carried_on(house, before + 1)


def test_a_filing_that_is_refused_for_want_of_room_is_not_said_to_be_filed(house):
    from dokaz.errors import DiskFull

    def keep():
        with house.filing("scene") as f, no_file_may_grow():
            f.keep(open(__file__, "rb"))  # noqa: SIM115

    assert_refused(DiskFull, keep)


def test_a_key_stays_where_its_owner_is_enrolled_and_not_yet_published(house):
    from dokaz.casework.acts import enrol, offer

    people = house.store.path / "keys" / "people"
    with (
        pytest.raises(FiledNotPublished),
        house.store.key_for("a sentence only she knows") as key,
        no_file_may_grow(),
        house.filing("administrator") as f,
    ):
        enrol(f, name="Nadiya New", key=offer(key, house.store))
    assert (people / f"{key.key_id}.pem").exists()
    with pytest.raises(ValueError, match="refused"), house.store.key_for("a sentence only she knows") as other:
        raise ValueError("refused")
    assert not (people / f"{other.key_id}.pem").exists()


def test_a_page_says_that_it_is_filed_and_asks_for_no_second_time(house, browser):
    client = browser("scene")
    site = {"code": "LIS", "name": "Invented forest", "crs": "EPSG:32637"}
    with no_file_may_grow():
        answer = client.post("/sites/new/", site)
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).content.decode()
    assert "not published yet" in page
    assert "do not do it again" in page
    assert Site.objects.count() == 1


IN_LITTLE_ROOM = """
import resource, sys
from dokaz.cli.main import run
limit = int(sys.argv[1])
from dokaz.cli import frame
opened = frame.open_store
def open_store(path):
    store = opened(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))  # a key has room, what is published has not
    return store
frame.open_store = open_store
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.postgresql
def test_a_command_says_what_is_filed_and_the_next_one_carries_it_on(tmp_path, postgresql_server):
    desk = Desk(tmp_path / "store", postgresql_server.new_database())
    desk.found()
    desk.enrol("Second Administrator", "administrator")
    before = desk.size()
    arguments = ["user", "add", "Nadiya New", "--role", "scene", "--as", ADMINISTRATOR]
    run = subprocess.run(
        [sys.executable, "-c", IN_LITTLE_ROOM, "2000", *arguments],
        env=desk.environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 6, run.stderr
    assert f"filed as entries № {before} to {before + 2}" in run.stderr
    assert "do not do it again" in run.stderr
    assert desk.size() == before
    said = desk.do("user", "list")
    assert said.count("Nadiya New") == 1
    assert desk.size() == before + 3
    desk.assert_sound()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one mebibyte, where this process may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small disk is not permitted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_really_full_disk_beside_the_database_is_told_the_same(small_disk, tmp_path):
    desk = Desk(small_disk / "store", f"sqlite:///{tmp_path}/elsewhere.sqlite3")
    desk.found()
    before = desk.size()
    (small_disk / "ballast").write_bytes(bytes(shutil.disk_usage(small_disk).free - (8 << 10)))
    arguments = ["user", "add", "Nadiya New", "--role", "scene", "--as", ADMINISTRATOR]
    code, said = desk.attempt(*arguments)
    assert code == 6, said
    assert "filed as entries" in said
    (small_disk / "ballast").unlink()
    assert desk.do("user", "list").count("Nadiya New") == 1
    assert desk.size() == before + 3
    desk.assert_sound()
