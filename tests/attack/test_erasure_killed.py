"""What was ordered to be erased is in no file of the store afterwards, however the process that does it was killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ADMINISTRATOR, Desk

# Each costs some seconds. DOKAZ_KILLS=100 tries them all.
KILLS = int(os.environ.get("DOKAZ_KILLS", "6"))
LIAISON, PROSECUTOR = "Liana Liaison", "Pavlo Prosecutor"
NAME = "Неповторненко"
VERIFY = Path(sys.executable).parent / "dokaz-verify"
ORDER = ("--authority", "court", "--document", "12/26", "--on", "2026-05-01", "--reason", "outside of the mandate")

ERASE = """
import datetime as dt
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from kills import kill_at
from dokaz.cli.frame import acting, filing_as, open_store
store = open_store(Path(sys.argv[1]))
from dokaz.casework.acts import order_erasure
from dokaz.missing.models import MissingPerson
by = acting(store, "Ada Administrator", "administrator")
touches = kill_at(int(sys.argv[2]))
with filing_as(store, by, "outside of the mandate") as work:
    order_erasure(MissingPerson.objects.get(number="MP-1"), work, fields=["family_name", "note"], authority="court",
                  document="12/26", ordered_on=dt.date(2026, 5, 1))
print(touches())
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A store with a missing person whom nobody else is called like; typed on a page, so no delivered file names them."""
    desk = Desk(tmp_path_factory.mktemp("told") / "store")
    desk.found()
    desk.enrol(LIAISON, "family_liaison")
    desk.enrol(PROSECUTOR, "prosecutor")
    write = f"""
import sys
from pathlib import Path
from dokaz.cli.frame import acting, filing_as, open_store
store = open_store(Path(sys.argv[1]))
from dokaz.missing.acts import report, verify
by = acting(store, {LIAISON!r}, "family_liaison")
with filing_as(store, by) as work:
    person = report(work, family_name={NAME!r}, given_name="Invented", sex="male", note="brother of {NAME}")
for reason in ("first", "second"):
    with filing_as(store, by, reason) as work:
        from dokaz.missing.correcting import correct_report
        from dokaz.missing.models import MissingPerson
        correct_report(MissingPerson.objects.get(), work, values={{"note": reason + " of {NAME}"}})
print(person.number)
"""
    writing = desk.program(write, desk.store)
    number, faults = writing.communicate(timeout=300)
    assert writing.returncode == 0, faults
    return desk.store, number.strip()


@pytest.fixture
def desk(told, tmp_path):
    return Desk(Path(shutil.copytree(told[0], tmp_path / "store")))


def naming(store):
    """The files of a store that hold the name, as text or as JSON escapes it."""
    sought = [NAME.encode(), json.dumps(NAME)[1:-1].encode()]
    return sorted(
        path.relative_to(store).as_posix()
        for path in store.rglob("*")
        if path.is_file() and any(each in path.read_bytes() for each in sought)
    )


def assert_sound(desk):
    desk.do("check")
    said = subprocess.run([VERIFY, desk.store], capture_output=True, text=True, timeout=120)
    assert said.returncode == 0, said.stdout


def erase(desk, number, kill):
    """Erase in a process that is killed at a touch of the disk.

    Returns: its exit code, what it said, its errors.
    """
    running = desk.program(ERASE.replace('"MP-1"', repr(number)), desk.store, kill, Path(__file__).parent)
    said, faults = running.communicate(timeout=300)
    return running.returncode, said, faults


def test_no_file_of_the_store_holds_it_any_more(told, desk):
    assert {"dokaz.sqlite3", "openings/000.jsonl"} <= set(naming(desk.store))
    said = desk.do("erase", "order", told[1], "family_name", "note", *ORDER, "--as", ADMINISTRATOR)
    assert "in force" in said and NAME not in said
    assert naming(desk.store) == []
    assert_sound(desk)
    assert "[erased by ERA-000001]" in desk.do("record", "history", told[1])
    assert f"in_force  {told[1]}: family_name, note" in desk.do("erase", "list")
    desk.do("record", "correct", told[1], "given_name=Another", "--reason", "misread", "--as", LIAISON)
    assert naming(desk.store) == []
    assert_sound(desk)


def test_a_bundle_says_what_was_erased_and_by_which_order(told, desk, tmp_path):
    desk.do("erase", "order", told[1], "family_name", "--version", "1", *ORDER, "--as", ADMINISTRATOR)
    desk.do("erase", "order", told[1], "note", *ORDER, "--as", ADMINISTRATOR)
    desk.do("bundle", tmp_path / "bundle", "--purpose", "Invented trial", "--as", PROSECUTOR)
    said = subprocess.run([VERIFY, tmp_path / "bundle"], capture_output=True, text=True, timeout=120)
    assert said.returncode == 0, said.stdout
    assert "ERA-000001, court, 12/26: 1" in said.stdout and "ERA-000002, court, 12/26: 3" in said.stdout
    assert "Withheld: nothing." in said.stdout
    table = (tmp_path / "bundle" / "tables" / "missing.MissingPerson.csv").read_text(encoding="utf-8")
    assert table.count("[erased: ERA-000001]") == 3 and table.count("[erased: ERA-000002]") == 3
    assert "Erased by order" in (tmp_path / "bundle" / "index.html").read_text(encoding="utf-8")
    assert naming(tmp_path / "bundle") == []


def test_erasing_killed_at_any_touch_of_the_disk_is_carried_on(told, tmp_path):
    """The order and the loss in the database are one transaction; what follows on the disk is done by the next command."""
    code, said, faults = erase(Desk(Path(shutil.copytree(told[0], tmp_path / "whole"))), told[1], 10**9)
    assert code == 0, faults
    touches = int(said)
    left = set()
    for number in sorted({*range(1, touches + 1, max(1, touches // KILLS)), touches}):
        killed = Desk(Path(shutil.copytree(told[0], tmp_path / f"killed{number}")))
        code, _, faults = erase(killed, told[1], number)
        assert code == -signal.SIGKILL, faults
        left.add(bool(naming(killed.store)))
        # Whatever is half done is called unfinished, and wrong by nobody.
        killed.do("check")
        ordered = killed.read("erase", "list")
        assert [each["state"] for each in ordered["orders"]] == ["in_force"] and ordered["due"] is False
        assert naming(killed.store) == []
        assert_sound(killed)
    assert True in left


def test_a_copy_of_the_openings_from_before_the_order_is_named_and_erased_again(told, desk):
    before = (desk.store / "openings" / "000.jsonl").read_bytes().splitlines(keepends=True)
    desk.do("erase", "order", told[1], "family_name", "note", *ORDER, "--as", ADMINISTRATOR)
    after = (desk.store / "openings" / "000.jsonl").read_bytes().splitlines(keepends=True)
    (desk.store / "openings" / "000.jsonl").write_bytes(b"".join(before + after[len(before) :]))
    code, said = desk.attempt("check")
    assert code == 1 and "is there, though ERA-000001 ordered that it be erased" in said
    said = subprocess.run([VERIFY, desk.store], capture_output=True, text=True, timeout=120)
    assert said.returncode == 1 and "[erased-and-shown]" in said.stdout
    desk.do("erase", "again")
    assert naming(desk.store) == []
    assert_sound(desk)


def test_rebuilt_tables_say_that_it_was_erased(told, desk):
    desk.do("erase", "order", told[1], "family_name", "note", *ORDER, "--as", ADMINISTRATOR)
    before = desk.read("record", "history", told[1])
    for path in desk.store.glob("dokaz.sqlite3*"):
        path.unlink()
    desk.do("rebuild")
    assert desk.read("record", "history", told[1]) == before
    assert_sound(desk)
    assert naming(desk.store) == []
