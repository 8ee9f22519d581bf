"""A new file is written whole or not at all, and never over another."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from dokaz.errors import DiskFull, FileThere
from dokaz.ledger.durable import write_new


def test_a_file_gets_its_content_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_new(tmp_path / "report.pdf", b"whole")
    assert (tmp_path / "report.pdf").read_bytes() == b"whole"
    assert os.listdir(tmp_path) == ["report.pdf"]


@pytest.mark.parametrize("kind", ["file", "folder", "dangling link"])
def test_what_is_there_is_left_alone(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "report.pdf"
    if kind == "file":
        path.write_bytes(b"older")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileThere, match=r"report\.pdf is there already"):
        write_new(path, b"newer")
    assert os.listdir(tmp_path) == ["report.pdf"]
    assert kind != "file" or path.read_bytes() == b"older"
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("has_links", [True, False])
def test_a_file_that_came_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    path = tmp_path / "report.pdf"
    real = os.link

    def link(source: Path, target: Path) -> None:
        path.write_bytes(b"of somebody else")
        if not has_links:
            raise PermissionError(errno.EPERM, "no links here")
        real(source, target)

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(FileThere):
        write_new(path, b"newer")
    assert path.read_bytes() == b"of somebody else"
    assert os.listdir(tmp_path) == ["report.pdf"]


def test_a_disk_without_links_is_written_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(source: Path, target: Path) -> None:
        raise OSError(errno.ENOTSUP, "no links here")

    monkeypatch.setattr(os, "link", link)
    write_new(tmp_path / "report.pdf", b"whole")
    assert (tmp_path / "report.pdf").read_bytes() == b"whole"
    assert os.listdir(tmp_path) == ["report.pdf"]


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(DiskFull):
        write_new(tmp_path / "report.pdf", b"whole")
    assert os.listdir(tmp_path) == []
