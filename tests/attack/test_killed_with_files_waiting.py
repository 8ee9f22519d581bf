"""A process that is killed (SIGKILL) while files wait for it leaves them in the store, and the next start removes them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands import Desk
from kills import killed_at_every_touch

from dokaz.ledger.durable import sweep, unfinished_in, write_whole
from dokaz.vault import Vault

STAGE = """
import io, sys, time
from pathlib import Path
from dokaz.vault import Vault
with Vault(Path(sys.argv[1]) / "vault").staging() as staging:
    staging.put(io.BytesIO(b"a photograph"))
    print("staged", flush=True)
    time.sleep(600)
"""
UPLOAD = """
import os, sys, time
os.environ["DOKAZ_STORE"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "dokaz.site.settings"
import django
django.setup()
from django.test import RequestFactory
body = b"--x\\r\\nContent-Disposition: form-data; name=\\"f\\"; filename=\\"a.jpg\\"\\r\\n\\r\\nphotograph\\r\\n--x--\\r\\n"
request = RequestFactory().post("/", body, content_type="multipart/form-data; boundary=x")
kept = request.FILES["f"].temporary_file_path()
print(kept, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("waiting") / "store")
    desk.found()
    return desk


@pytest.mark.parametrize("program", [STAGE, UPLOAD], ids=["staged", "uploaded"])
def test_files_of_a_living_process_stay_and_those_of_a_killed_one_go(desk, program):
    incoming = desk.store / "vault" / "incoming"
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(desk.store)], env=desk.environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline()
    waiting = [path for path in incoming.rglob("*") if path.is_file()]
    assert len(waiting) == 1
    assert waiting[0].read_bytes().endswith(b"photograph")
    assert [path.stat().st_mode & 0o077 for path in (incoming, waiting[0].parent, waiting[0])] == [0, 0, 0]
    desk.do("user", "list")
    assert waiting[0].exists()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert waiting[0].exists()
    desk.do("user", "list")
    assert not list(incoming.iterdir())
    desk.assert_sound()


def test_a_file_that_a_killed_process_was_writing_goes_and_what_was_there_stays(tmp_path):
    kills, number = 0, iter(range(1000))

    def begun():
        folder = tmp_path / f"killed{next(number)}"
        folder.mkdir()
        (folder / "kept").write_bytes(b"before")
        return folder

    for folder in killed_at_every_touch(lambda path: write_whole(path / "kept", b"after"), begun):
        kills += 1
        assert (folder / "kept").read_bytes() in (b"before", b"after")
        sweep(folder)
        assert [path.name for path in folder.iterdir()] == ["kept"]
    assert kills > 3


def test_a_file_that_is_being_written_is_not_swept(tmp_path):
    """A writer is stopped (SIGSTOP) with its file half written; a sweep passes it over, and it finishes."""
    program = (
        "import os, signal, sys, pathlib; from dokaz.ledger import durable\n"
        "synced = os.fsync\n"
        "def fsync(descriptor):\n"
        "    os.kill(os.getpid(), signal.SIGSTOP)\n"
        "    synced(descriptor)\n"
        "os.fsync = fsync\n"
        "durable.write_whole(pathlib.Path(sys.argv[1]), b'whole')\n"
    )
    target = tmp_path / "file"
    process = subprocess.Popen([sys.executable, "-c", program, str(target)])
    while os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT).si_code != os.CLD_STOPPED:
        time.sleep(0.01)
    assert unfinished_in(tmp_path)
    assert sweep(tmp_path) == []
    process.send_signal(signal.SIGCONT)
    assert process.wait() == 0
    assert target.read_bytes() == b"whole"
    assert unfinished_in(tmp_path) == []


def test_two_writers_of_one_file_leave_it_whole(tmp_path):
    program = (
        "import sys, pathlib; from dokaz.ledger.durable import write_whole\n"
        "for _ in range(300): write_whole(pathlib.Path(sys.argv[1]), sys.argv[2].encode() * 50_000)\n"
    )
    target = tmp_path / "file"
    writers = [subprocess.Popen([sys.executable, "-c", program, str(target), sign]) for sign in "ab"]
    while any(writer.poll() is None for writer in writers):
        if target.exists():
            assert target.read_bytes() in (b"a" * 50_000, b"b" * 50_000)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_is_left_in_the_machines_temporary_folder(desk, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    environment = {**desk.environment, "TMPDIR": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", UPLOAD, str(desk.store)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    kept = Path(process.stdout.readline().strip())
    assert kept.is_relative_to(desk.store)
    process.kill()
    process.wait()
    process.stdout.close()
    assert list(tmp_path.iterdir()) == []
    assert Vault(desk.store / "vault").sweep()
