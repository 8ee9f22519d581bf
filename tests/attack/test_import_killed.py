"""`dokaz import`, killed at any moment, run twice at once, or left without a disk: all of a filing, or none of it."""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from commands import Desk

from dokaz.simulate import simulate

# Each costs some seconds. DOKAZ_KILLS=200 tries harder.
KILLS = int(os.environ.get("DOKAZ_KILLS", "4"))
SURVEYOR, OTHER = "Oksana Surveyor", "Petro Surveyor"


@pytest.fixture(scope="session")
def incoming(tmp_path_factory):
    """The files of a small invented investigation."""
    directory = tmp_path_factory.mktemp("incoming")
    simulate(directory, seed=3, remains=40)
    return directory


@pytest.fixture(scope="session")
def begun(tmp_path_factory):
    """A store with two surveyors, and its SQLite database beside its files."""
    desk = Desk(tmp_path_factory.mktemp("begun") / "store")
    desk.found()
    for name in (SURVEYOR, OTHER):
        desk.enrol(name, "scene")
    return desk.store


@pytest.fixture(scope="session")
def rebuilt():
    """The address of a database on PostgreSQL with the content of the begun store, once a test has made it."""
    return []


@pytest.fixture
def fresh(begun, rebuilt, tmp_path, new_database):
    """Makes copies of the begun store, each on a database of its own with the same content."""

    def make(name):
        store = Path(shutil.copytree(begun, tmp_path / name))
        empty = new_database()
        if empty.startswith("sqlite"):
            return Desk(store)
        if not rebuilt:
            Desk(store, empty).do("rebuild")
            rebuilt.append(empty)
        return Desk(store, new_database(like=rebuilt[0]))

    return make


def survey(desk, incoming, name="survey_KLN1.csv", by=SURVEYOR):
    pictures = incoming / "photographs"
    return desk.start("import", "survey", incoming / name, "--photographs", pictures, "--as", by, "--json")


def finished(process):
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return json.loads(out)


def committed(desk):
    """What the next command says of the store: it carries on whatever was committed and not yet published."""
    desk.do("user", "list")
    return desk.size()


def test_an_import_killed_at_any_moment_leaves_all_or_none(fresh, incoming):
    whole = fresh("whole")
    before, begun = whole.size(), time.monotonic()
    finished(survey(whole, incoming))
    lasts, after = time.monotonic() - begun, whole.size()
    assert after > before + 50

    moments = random.Random(7)
    left, kill = fresh("killed"), 0
    while kill < KILLS:
        process = survey(left, incoming)
        # Half of the kills fall anywhere, half into the end, where it is decided.
        time.sleep(lasts * moments.uniform(*((0.3, 0.95) if kill % 2 else (0.75, 1.0))))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kill += 1
        findings = json.loads(left.attempt("check", "--json")[1])
        assert findings["wrong"] == 0, findings
        size = committed(left)
        assert size in (before, after)
        left.assert_sound(unnamed_files=size == before)
        if size == after:
            left = fresh(f"killed{kill}")
    if left.size() == before:
        finished(survey(left, incoming))
        assert left.size() == after
        left.assert_sound()


def test_two_imports_at_once_are_filed_one_after_the_other(fresh, incoming):
    desk = fresh("crowd")
    before = desk.size()
    pair = [survey(desk, incoming), survey(desk, incoming, "survey_KLN2.csv", by=OTHER)]
    taken = [finished(process)["taken"] for process in pair]
    assert all(one["units"] > 0 for one in taken)
    assert desk.size() > before + sum(one["units"] for one in taken)
    desk.assert_sound()


MANY_FILINGS = """
import sys
from pathlib import Path
from dokaz.cli.frame import acting, filing_as, open_store
store = open_store(Path(sys.argv[1]))
from dokaz.graves.acts import open_site
actor = acting(store, sys.argv[2], "scene")
for nth in range(int(sys.argv[3])):
    with filing_as(store, actor) as work:
        open_site(work, code=f"{sys.argv[4]}{nth}", name="Invented", crs="EPSG:32637")
"""


def test_many_small_filings_of_several_processes_make_one_gapless_ledger(fresh):
    desk, each, people = fresh("many"), 12, ((SURVEYOR, "A"), (OTHER, "B"), (SURVEYOR, "C"))
    before = desk.size()
    running = [desk.program(MANY_FILINGS, desk.store, name, each, prefix) for name, prefix in people]
    for process in running:
        _, said = process.communicate(timeout=300)
        assert process.returncode == 0, said
    assert committed(desk) == before + each * len(people)
    desk.assert_sound()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of four mebibytes that can be given more room, where this process may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small disk is not permitted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_an_import_for_which_the_disk_has_no_room_says_so_and_loses_nothing(small_disk, begun, incoming):
    desk = Desk(Path(shutil.copytree(begun, small_disk / "store")))
    before = desk.size()
    free = shutil.disk_usage(small_disk).free
    # First room for part of the photographs only, then for all but the database.
    for left in (free // 8, free // 2):
        (small_disk / "ballast").write_bytes(bytes(free - left))
        process = survey(desk, incoming)
        said = process.communicate()[1]
        assert process.returncode == 6, said
        assert "disk is full" in said or "No space left" in said
        (small_disk / "ballast").unlink()
        assert committed(desk) == before
        desk.assert_sound(unnamed_files=True)
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    finished(survey(desk, incoming))
    assert desk.size() > before + 50
    desk.assert_sound()
