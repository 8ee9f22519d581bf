"""A store is its owner's alone: everything that Dokaz writes is closed to others, and a store that is open is refused."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest
from commands import Desk


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("closed") / "store")
    desk.found()
    return desk


@pytest.fixture
def desk(founded, tmp_path):
    return Desk(Path(shutil.copytree(founded.store, tmp_path / "store")))


def test_everything_that_is_written_is_closed_to_others(founded):
    paths = [founded.store, *founded.store.rglob("*")]
    assert len(paths) > 15
    assert [path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_a_store_is_made_closed_in_a_directory_that_was_open(tmp_path):
    (tmp_path / "store").mkdir(mode=0o755)
    desk = Desk(tmp_path / "store")
    desk.found()
    assert stat.S_IMODE(desk.store.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701])
def test_a_store_that_others_can_read_is_refused_with_the_command_that_closes_it(desk, mode):
    desk.store.chmod(mode)
    code, said = desk.attempt("user", "list")
    assert code == 3
    assert f"other users of this machine can read this store ({mode:o})" in said
    assert f"chmod 700 {desk.store}" in said
    code, said = desk.attempt("check")
    assert code == 1
    assert f"chmod 700 {desk.store}" in said
    desk.store.chmod(0o700)
    desk.do("user", "list")


def test_a_damaged_secret_is_refused_and_a_lost_one_is_made_anew_aloud(desk):
    secret = desk.store / "secret"
    whole = secret.read_bytes()
    secret.write_bytes(whole[:10] + b"\xff" + whole[11:])
    code, said = desk.attempt("user", "list")
    assert code == 3
    assert "secret that keys sessions and second factors is damaged" in said
    assert secret.read_bytes() != whole
    secret.unlink()
    assert desk.attempt("check")[0] == 1
    assert not secret.exists()
    assert "another was made" in desk.do("user", "list")
    assert secret.read_bytes() != whole
    assert "another was made" not in desk.do("user", "list")
    desk.assert_sound()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[store]\norigin = "example.org/dokaz"\nx = "y"\n', "x is no setting of a store"),
        ('[stores]\norigin = "example.org/dokaz"\n', "stores is no setting of a store"),
        ("[store]\norigin = 5\n", "origin is no setting of a store"),
        ("store = 5\n", "store is no setting of a store"),
        ('[database]\nurl = ""\n', "does not say what the log is called"),
        ("\0", "dokaz.toml"),
    ],
)
def test_settings_that_are_damaged_are_named(desk, text, said):
    (desk.store / "dokaz.toml").write_text(text, encoding="utf-8")
    for command in ("check", "user"):
        code, told = desk.attempt(command, *(["list"] if command == "user" else []))
        assert code == 4
        assert said in told
        assert "restore it from a copy" in told
