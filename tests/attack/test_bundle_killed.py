"""`dokaz bundle`, killed at any touch of the disk: a whole bundle, or none; and the next attempt puts everything right."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commands import Desk

from dokaz.simulate import simulate

# Each costs some seconds. DOKAZ_KILLS=60 tries them all.
KILLS = int(os.environ.get("DOKAZ_KILLS", "4"))
SURVEYOR, PROSECUTOR = "Oksana Surveyor", "Pavlo Prosecutor"
VERIFY = Path(sys.executable).parent / "dokaz-verify"

MAKE_BUNDLE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
from kills import kill_at
from dokaz.cli.frame import acting, now, open_store
store = open_store(Path(sys.argv[1]))
from dokaz.court.assembling import make_bundle
by = acting(store, "Pavlo Prosecutor", "prosecutor")
touches = kill_at(int(sys.argv[3]))
made = make_bundle(store, Path(sys.argv[2]), by=by, clock=now, purpose="Invented trial")
print(touches())
"""


@pytest.fixture(scope="session")
def surveyed(tmp_path_factory):
    """A store with a survey, photographs included, and somebody who makes bundles of it."""
    incoming = tmp_path_factory.mktemp("incoming")
    simulate(incoming, seed=3, remains=40)
    desk = Desk(tmp_path_factory.mktemp("surveyed") / "store")
    desk.found()
    desk.enrol(SURVEYOR, "scene")
    desk.enrol(PROSECUTOR, "prosecutor")
    survey = incoming / "survey_KLN1.csv"
    desk.do("import", "survey", survey, "--photographs", incoming / "photographs", "--as", SURVEYOR)
    return desk.store


def make(desk, target, number):
    """Make a bundle in a process that is killed at a touch of the disk.

    Returns: its exit code, what it said, its errors.
    """
    running = desk.program(MAKE_BUNDLE, desk.store, target, number, Path(__file__).parent)
    said, faults = running.communicate(timeout=300)
    return running.returncode, said, faults


def assert_verifies(folder):
    said = subprocess.run([VERIFY, folder], capture_output=True, text=True, timeout=120)
    assert said.returncode == 0, said.stdout


def test_a_bundle_killed_at_any_touch_of_the_disk_is_whole_or_not_there(surveyed, tmp_path):
    whole = Desk(Path(shutil.copytree(surveyed, tmp_path / "whole")))
    code, said, faults = make(whole, tmp_path / "bundle", 10**9)
    assert code == 0, faults
    touches, before = int(said), whole.size() - 1
    assert touches > 40
    outcomes = set()
    # The last touch puts the bundle into its place: killed before it, the bundle is filed and not there yet.
    for number in sorted({*range(1, touches, max(1, touches // KILLS)), touches}):
        desk = Desk(Path(shutil.copytree(surveyed, tmp_path / f"killed{number}")))
        target = tmp_path / f"bundle{number}"
        code, _, faults = make(desk, target, number)
        assert code == -signal.SIGKILL, faults
        if target.exists():
            assert_verifies(target)
        code, said = desk.attempt("bundle", target, "--as", PROSECUTOR, "--purpose", "Invented trial")
        assert code == 0 or "not empty" in said, said
        outcomes.add(code)
        assert_verifies(target)
        assert not list(tmp_path.glob("*.unfinished"))
        # One bundle was filed, and only one, whether the killed process had filed it or not.
        assert desk.size() == before + 1
        desk.assert_sound()
        shutil.rmtree(desk.store)
    assert len(outcomes) == 2


def test_another_process_files_while_a_bundle_is_written(surveyed, tmp_path):
    desk = Desk(Path(shutil.copytree(surveyed, tmp_path / "busy")))
    bundles = [
        desk.start("bundle", tmp_path / f"bundle{nth}", "--as", PROSECUTOR, "--purpose", "Invented trial", "--json")
        for nth in range(3)
    ]
    for process in bundles:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        assert json.loads(out)["number"].startswith("BUN-")
    for nth in range(3):
        assert_verifies(tmp_path / f"bundle{nth}")
    desk.assert_sound()
