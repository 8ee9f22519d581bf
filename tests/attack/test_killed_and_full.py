"""The plug is pulled, or the disk is full, at any moment: what was said stands, and what was begun can be carried on."""

import hashlib
import io
import itertools
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from kills import killed_at_every_touch
from ledgers import filed, found_log, log_key, publish

from dokaz.errors import DiskFull, FileAltered, FileMissing, LedgerBroken
from dokaz.ledger import Log, OpeningsStore, check_ledger
from dokaz.vault import Vault

KEY = log_key().verifier_key


def contents(store):
    return {p.relative_to(store).as_posix(): p.read_bytes() for p in store.rglob("*") if p.is_file()}


@pytest.mark.parametrize(("before", "after"), [(0, 3), (250, 260), (255, 256)])
def test_publishing_killed_between_any_two_writes_is_carried_on(tmp_path, before, after):
    start = tmp_path / "start"
    found_log(start, before)
    rows = filed(after)
    undisturbed = Path(shutil.copytree(start, tmp_path / "undisturbed"))
    publish(Log(undisturbed), rows)
    due = contents(undisturbed)
    assert check_ledger(undisturbed, KEY) == []
    number = itertools.count()
    kills = 0
    for store in killed_at_every_touch(
        lambda path: publish(Log(path), rows), lambda: Path(shutil.copytree(start, tmp_path / f"killed{next(number)}"))
    ):
        kills += 1
        # What was signed before holds, and nothing is signed that is not there.
        assert Log(store, KEY).size in (before, after)
        findings = check_ledger(store, KEY)
        assert [str(f) for f in findings if not f.unfinished] == []
        publish(Log(store), rows)
        assert contents(store) == due
        shutil.rmtree(store)
    assert kills > 20


def test_founding_killed_between_any_two_writes_is_carried_on(tmp_path):
    number = itertools.count()
    for store in killed_at_every_touch(
        lambda path: Log.found(path, log_key()) and None, lambda: tmp_path / f"killed{next(number)}"
    ):
        Log.found(store, log_key())
        assert check_ledger(store, KEY) == []


def test_a_line_of_openings_torn_at_any_byte_is_finished_by_the_same_line(tmp_path):
    log, rows = found_log(tmp_path, 3)
    file = tmp_path / "openings/000.jsonl"
    whole = file.read_bytes()
    begin = whole.rindex(b"\n", 0, -1) + 1
    for end in range(begin, len(whole)):
        file.write_bytes(whole[:end])
        log.openings.append([(2, rows[2][1])])
        assert file.read_bytes() == whole


def test_a_torn_line_that_is_not_how_the_due_line_begins_is_refused(tmp_path):
    log, rows = found_log(tmp_path, 3)
    file = tmp_path / "openings/000.jsonl"
    torn = file.read_bytes()[:-5] + b"?"
    file.write_bytes(torn)
    with pytest.raises(LedgerBroken, match="cut short"):
        log.openings.append([(2, rows[2][1])])
    assert file.read_bytes() == torn


def test_erasing_killed_at_any_moment_erases_or_does_not(tmp_path):
    start = tmp_path / "start"
    log, _ = found_log(start, 3)
    digest, number = log.openings.read(2)[0].digest, itertools.count()
    before = contents(start)["openings/000.jsonl"]
    for store in killed_at_every_touch(
        lambda path: OpeningsStore(path / "openings").erase({digest: 2}) and None,
        lambda: Path(shutil.copytree(start, tmp_path / f"killed{next(number)}")),
    ):
        now = contents(store)["openings/000.jsonl"]
        assert now == before or len(now) < len(before)
        assert [f for f in check_ledger(store, KEY, erased={digest: "ERA-1"}, due=[digest]) if not f.unfinished] == []


def test_a_file_put_into_the_vault_is_there_whole_or_not_at_all_wherever_the_process_is_killed(tmp_path):
    number = itertools.count()
    data = os.urandom(3 << 20)
    sha256 = hashlib.sha256(data).hexdigest()
    kills = 0
    for store in killed_at_every_touch(
        lambda path: Vault(path).put(io.BytesIO(data)) and None, lambda: tmp_path / f"vault{next(number)}"
    ):
        kills += 1
        vault = Vault(store)
        assert all(f.unfinished for f in vault.check())
        if sha256 in vault:
            assert vault.read(sha256) == data
        vault.sweep()
        assert vault.put(io.BytesIO(data)).sha256 == sha256
        assert vault.check([sha256]) == []
    assert kills > 8


def _with_files_of_at_most(size, act):
    """Do something in a child to which the system grants no file larger than ``size``; give its exit code."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            act()
            code = 0
        except DiskFull:
            code = 77
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_film_for_which_there_is_no_room_leaves_nothing_behind(tmp_path):
    vault = Vault(tmp_path / "vault")
    kept = vault.put(io.BytesIO(b"kept"))
    before = contents(vault.path)
    assert _with_files_of_at_most(5_000_000, lambda: vault.put(io.BytesIO(bytes(6_000_000)))) == 77
    assert contents(vault.path) == before
    assert vault.check([kept.sha256]) == []


@pytest.mark.parametrize("room", [0, 10, 5_000, 30_000, 100_000])
def test_a_ledger_for_which_there_is_no_room_stays_as_it_was(tmp_path, room):
    log, _ = found_log(tmp_path, 100)
    note = log.note
    rows = filed(300)
    assert _with_files_of_at_most(room, lambda: publish(log, rows)) == 77
    assert log.note == note
    assert [str(f) for f in check_ledger(tmp_path, KEY) if not f.unfinished] == []
    publish(log, rows)
    assert check_ledger(tmp_path, KEY) == []


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


def test_a_really_full_disk_is_reported_and_loses_nothing(small_disk):
    vault = Vault(small_disk / "vault")
    kept = vault.put(io.BytesIO(b"kept"))
    log, _ = found_log(small_disk / "store", 10)
    note = log.note
    with pytest.raises(DiskFull, match="No space left"):
        vault.put(io.BytesIO(bytes(2 << 20)))
    assert vault.check([kept.sha256]) == []
    (small_disk / "ballast").write_bytes(bytes((1 << 20) - (200 << 10)))
    with pytest.raises(DiskFull):
        publish(log, filed(600))
    assert log.note == note
    (small_disk / "ballast").unlink()
    publish(log, filed(600))
    assert check_ledger(small_disk / "store", KEY) == []


def test_a_film_passes_through_little_memory(tmp_path):
    """256 MiB of film, with 64 MiB of memory to spare over an interpreter that has the vault loaded."""
    film = tmp_path / "film.mp4"
    with film.open("wb") as file:
        file.truncate(256 << 20)
    program = (
        "import resource, sys, pathlib; from dokaz.vault import Vault\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(Vault(pathlib.Path(sys.argv[2])).put(pathlib.Path(sys.argv[1])).sha256)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    run = [sys.executable, "-c", program, str(film), str(tmp_path / "vault")]
    sha256, more = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    with film.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == sha256
    assert int(more) < 64 << 10


def test_a_single_flipped_bit_in_any_file_of_the_vault_is_found(tmp_path):
    vault = Vault(tmp_path)
    kept = [vault.put(io.BytesIO(b"photograph %d" % n)).sha256 for n in range(5)]
    for sha256 in kept:
        path = vault.place(sha256)
        data = path.read_bytes()
        path.chmod(0o600)
        for at in range(len(data) * 8):
            flipped = bytearray(data)
            flipped[at // 8] ^= 1 << at % 8
            path.write_bytes(flipped)
            findings = vault.check(kept)
            assert [f.file for f in findings] == [f"{tmp_path.name}/sha256/{sha256[:2]}/{sha256}"]
        for act in (vault.read, lambda each: vault.copy(each, io.BytesIO())):
            with pytest.raises(FileAltered):
                act(sha256)
        with pytest.raises(FileAltered):
            vault.put(io.BytesIO(data))
        assert path.read_bytes() == bytes(flipped)
        path.write_bytes(data)
    assert vault.check(kept) == []


def test_a_file_taken_from_the_vault_or_slipped_into_it_is_found(tmp_path):
    vault = Vault(tmp_path)
    kept = vault.put(io.BytesIO(b"photograph")).sha256
    strangers = [tmp_path / "notes.txt", tmp_path / "sha256/zz" / kept, tmp_path / "sha256" / kept[:2] / "x"]
    for path in strangers:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"photograph")
    (tmp_path / "sha256" / kept[:2] / ("0" * 64)).symlink_to(vault.place(kept))
    findings = [f for f in vault.check([kept]) if "not a file of the vault" in f.what]
    assert len(findings) == 4
    vault.place(kept).unlink()
    assert any("missing" in f.what and kept in f.file for f in vault.check([kept]))
    with pytest.raises(FileMissing):
        vault.open(kept)
