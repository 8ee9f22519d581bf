"""Every file of a store, harmed in every way: `check` names it with what to do, and what is said to cure it cures it."""

from __future__ import annotations

import ctypes
import itertools
import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from anything import files_anything
from casebook import a_grave, lay_keys, units
from commands import Desk
from pagebook import jpeg

from dokaz.casework.checking import check as check_store
from dokaz.casework.store import Store
from dokaz.court.kept_bundles import check_bundles
from dokaz.errors import BadFile


@pytest.fixture
def store(house):
    """A store with keys, a photograph in the vault, superseded partial tiles, and a bundle that is kept in it."""
    import io

    from dokaz.court.assembling import make_bundle
    from dokaz.court.keeping import place_of

    lay_keys(house)
    units(house)
    grave = a_grave(house, "02")
    with house.filing("scene") as f, f._doing(files_anything()):
        kept = f.keep(io.BytesIO(jpeg()))
        f.add(grave, files=[kept.sha256])
    aside = house.store.path.parent / "bundle"
    made = make_bundle(house.store, aside, by=house.acting("prosecutor"), clock=house.clock, purpose="Invented trial")
    place_of(house.store, made).parent.mkdir(exist_ok=True)
    shutil.move(aside, place_of(house.store, made))
    a_grave(house, "03")
    assert found(house.store.path) == []
    return house.store.path


def found(path):
    """What `dokaz check` finds, as (file, what, next step); nothing is remembered of an earlier look."""
    try:
        return check_store(Store(path), rooms=[check_bundles])
    except BadFile as refused:  # without its settings nothing else can be looked at
        return [refused]


def names(findings, name):
    """Whether the harm is named as wrong, with what to do."""
    if len(findings) == 1 and isinstance(findings[0], BadFile):
        return name == "dokaz.toml" and name in str(findings[0]) and "next:" in str(findings[0])
    wrong = [finding for finding in findings if not finding.unfinished]
    assert all(finding.next_step for finding in findings), findings
    return any(finding.file == name for finding in wrong)


# In a folder of this name one file is like another: the first and the last are tried. DOKAZ_EVERY_FILE=1 tries them all.
ALIKE = ("people", "tables", "000.p")


def files_of(store):
    """The files of a store, shorter names first in a folder: of tiles, the last is the one that holds everything."""
    files = sorted((p for p in store.rglob("*") if p.is_file()), key=lambda p: (p.parent, len(p.name), p.name))
    if os.environ.get("DOKAZ_EVERY_FILE") == "1":
        return files
    chosen = []
    for folder, those in itertools.groupby(files, key=lambda p: p.parent):
        each = list(those)
        chosen += [each[0], each[-1]] if folder.name in ALIKE and len(each) > 1 else each
    return chosen


def middle_flipped(data):
    harmed = bytearray(data)
    harmed[len(data) // 2] ^= 0x10
    return bytes(harmed)


def replaced_by_a_directory(path):
    path.unlink()
    path.mkdir()


HARMS = {
    "emptied": lambda path: path.write_bytes(b""),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3]),
    "a byte changed": lambda path: path.write_bytes(middle_flipped(path.read_bytes())),
    "bytes added": lambda path: path.write_bytes(path.read_bytes() + b"\0more"),
    "removed": lambda path: path.unlink(),
    "a directory in its place": replaced_by_a_directory,
}


def is_superseded(path, store):
    """A partial tile that a wider one superseded is owed to nobody; without it nothing is missing."""
    size = int((store / "ledger" / "checkpoint").read_text(encoding="utf-8").splitlines()[1])
    return path.parent.name.endswith(".p") and int(path.name) < size % 256


@contextmanager
def harmed(path, harm):
    whole, mode = path.read_bytes(), path.stat().st_mode
    path.chmod(0o600)
    harm(path)
    try:
        yield
    finally:
        if path.is_dir():
            path.rmdir()
        path.write_bytes(whole)
        path.chmod(mode)


@pytest.mark.parametrize("harm", HARMS)
def test_every_file_of_a_store(store, harm):
    missed, tried = [], 0
    for path in files_of(store):
        tried += 1
        name, is_owed = path.relative_to(store).as_posix(), not (harm == "removed" and is_superseded(path, store))
        with harmed(path, HARMS[harm]):
            if is_owed and not names(found(store), name):
                missed.append((name, found(store)))
    assert missed == []
    assert tried > 20
    assert found(store) == []


@contextmanager
def no_power_over_files():
    """Root reads what nobody may read; for a while, this process does not (capset(2), effective set alone)."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, before = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, before) == 0
    without = (ctypes.c_uint32 * 6)(*before)
    without[0] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    assert libc.capset(header, without) == 0
    try:
        yield
    finally:
        assert libc.capset(header, before) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="takes root's power over files away as Linux does")
def test_every_file_that_cannot_be_read(store):
    missed = []
    for path in files_of(store):
        name, mode = path.relative_to(store).as_posix(), path.stat().st_mode
        path.chmod(0)
        with no_power_over_files():
            with pytest.raises(PermissionError):
                path.read_bytes()
            findings = found(store)
        path.chmod(mode)
        if not names(findings, name):
            missed.append((name, findings))
    assert missed == []
    assert found(store) == []


def test_a_strange_file_anywhere_is_named(store):
    missed = []
    for folder in [store, *(path for path in store.rglob("*") if path.is_dir())]:
        strange = folder / "strange.txt"
        name = strange.relative_to(store).as_posix()
        strange.write_bytes(b"strange")
        findings = found(store)
        if not any(finding.file == name and finding.next_step for finding in findings):
            missed.append((name, findings))
        strange.unlink()
    assert missed == []


# --- the database ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A store whose database is a file, with nothing left in SQLite's log."""
    desk = Desk(tmp_path_factory.mktemp("whole") / "store")
    desk.found()
    desk.enrol("Oksana Surveyor", "scene")
    desk.enrol("Last Comer", "scene")
    database = desk.store / "dokaz.sqlite3"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not database.with_name(f"{database.name}-wal").exists()
    return desk


@pytest.fixture
def desk(whole, tmp_path):
    return Desk(Path(shutil.copytree(whole.store, tmp_path / "store")))


def check(desk):
    code, said = desk.attempt("check", "--json")
    assert "Traceback" not in said, said
    return code, json.loads(said)["findings"]


def assert_names_the_database(desk):
    code, findings = check(desk)
    assert code == 1, findings
    assert any(finding["file"].startswith(("database", "dokaz.sqlite3")) for finding in findings), findings
    assert all(finding["next"] for finding in findings), findings
    return findings


def assert_rebuild_cures(desk, findings):
    """Where it is said that a rebuild cures it, the database is moved away, and it does."""
    assert any("`dokaz rebuild`" in finding["next"] for finding in findings), findings
    for path in desk.store.glob("dokaz.sqlite3*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    desk.do("rebuild")
    desk.assert_sound()


@pytest.mark.parametrize("harm", [each for each in HARMS if each != "a byte changed"])
def test_a_harmed_database_file_is_named_and_rebuilt(desk, harm):
    HARMS[harm](desk.store / "dokaz.sqlite3")
    assert_rebuild_cures(desk, assert_names_the_database(desk))


def test_a_whole_page_after_the_end_of_the_database_is_named(desk):
    path = desk.store / "dokaz.sqlite3"
    path.write_bytes(path.read_bytes() + bytes(4096))
    findings = assert_names_the_database(desk)
    assert any("after its last page" in finding["what"] for finding in findings)
    assert_rebuild_cures(desk, findings)


OF_THE_LEDGER = ("casework_", "graves_", "mortuary_", "missing_", "identification_", "court_")


def content(path):
    """Everything in tables of which the ledger speaks; None where SQLite cannot read it."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as database:
            tables = [
                name
                for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                if name.startswith(OF_THE_LEDGER) and name != "casework_account"
            ]
            return {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in tables}
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return None


def test_a_byte_changed_anywhere_in_the_database_file_is_named_or_changes_nothing(desk):
    """What changes nothing lies in free space, in sign-ins, or in what SQLite does not read."""
    path = desk.store / "dokaz.sqlite3"
    whole, before = path.read_bytes(), content(path)
    named = 0
    said = [at for at, byte in enumerate(whole) if byte]  # most of a page is empty
    for at in said[5 :: len(said) // 14]:
        harmed = bytearray(whole)
        harmed[at] ^= 0x04
        path.write_bytes(harmed)
        is_changed = content(path) != before
        if is_changed:
            assert_names_the_database(desk)
            named += 1
        else:
            check(desk)
        for beside in desk.store.glob("dokaz.sqlite3-*"):
            beside.unlink()
    assert named >= 3
    path.write_bytes(whole)
    desk.assert_sound()


def test_a_byte_changed_in_the_log_of_sqlite_is_named(whole, tmp_path):
    """What SQLite then no longer reads, the published ledger still holds."""
    desk = Desk(Path(shutil.copytree(whole.store, tmp_path / "store")))
    desk.enrol("Not Written Out", "scene")
    log = desk.store / "dokaz.sqlite3-wal"
    log.write_bytes(middle_flipped(log.read_bytes()))
    assert_rebuild_cures(desk, assert_names_the_database(desk))


# --- what a killed process leaves --------------------------------------------------------------------------------------


def test_what_was_left_unfinished_is_named_and_the_next_start_clears_it(desk):
    left = [
        "dokaz.toml.unfinished", "secret.unfinished", "keys/log.pem.unfinished", "keys/people/x.pem.unfinished",
        "ledger/checkpoint.unfinished", "ledger/tile/0/000.p/300.unfinished", "openings/000.jsonl.unfinished",
        "cache/thumbnails/ab/x.jpg.unfinished", "vault/incoming/abc.unfinished", "vault/incoming/abc.uploads/x.upload",
        "bundles/draft-1.unfinished/bundle.json",
    ]  # fmt: skip
    for name in left:
        path = desk.store / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    elsewhere = desk.store.parent / "abroad.unfinished"
    elsewhere.mkdir()
    (elsewhere / "README.txt").write_bytes(b"half")
    note = desk.store / "bundles" / "elsewhere" / "1"
    note.parent.mkdir(exist_ok=True)
    note.write_text(str(elsewhere), encoding="utf-8")
    code, findings = check(desk)
    assert code == 0, findings
    assert all(finding["unfinished"] and finding["next"] for finding in findings)
    for name in [*left, "bundles/elsewhere/1"]:
        assert any(name.startswith(finding["file"]) for finding in findings), (name, findings)
    desk.do("user", "list")
    assert not any((desk.store / name).exists() for name in left)
    assert not elsewhere.exists()
    assert not note.exists()
    desk.assert_sound()
