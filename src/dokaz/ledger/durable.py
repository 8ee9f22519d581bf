"""Writing that survives a pulled plug: whole files or none, and on the disk before the next step begins."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from dokaz.errors import DiskFull, FileThere, sentence

UNFINISHED = ".unfinished"
"""Ending of a file that is being written. Only a killed process leaves one; the next writing replaces it, or ``sweep``."""


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put a file in place with one rename, its content already on the disk.

    The name itself is durable only after ``sync_directory`` of its directory, which callers do once for many files.

    Raises:   DiskFull: no room; what was there before is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        with refusing_full_disk(path), os.fdopen(_open_locked(unfinished, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def write_new(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put a new file in place, whole and on the disk; one that is there already is left alone.

    Raises:   FileThere: something of that name is there, or came there meanwhile.
              DiskFull: no room; nothing of it is left.
    """
    unfinished = path.with_name(f".{path.name}{UNFINISHED}")
    try:
        with refusing_full_disk(path), os.fdopen(_open_locked(unfinished, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            _take_name(unfinished, path)
    except FileExistsError:
        raise FileThere(path.name) from None
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    sync_directory(path.parent)


def _take_name(unfinished: Path, path: Path) -> None:
    """Give a written file its name. Of two who want the same one, one gets it: a name is taken, never replaced.

    Raises:   FileExistsError: it is taken.
    """
    try:
        os.link(unfinished, path)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP):
            raise
        # A memory stick has no second names: an empty file takes the name, and is replaced by the whole one.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.replace(unfinished, path)


def _open_locked(unfinished: Path, mode: int) -> int:
    """Open an empty file for writing that nobody else writes and no ``sweep`` removes while it is open."""
    while True:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, mode)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            # Whoever wrote the same file meanwhile has given it its name, and a sweep may have removed it.
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.stat(unfinished), os.fstat(descriptor)):
                    os.ftruncate(descriptor, 0)
                    return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def unfinished_in(directory: Path, *, below: bool = True) -> list[Path]:
    """The files in a directory that were being written when their process was killed, or are being written now.

    Args:     below: in the directories below it as well.
    """
    found = directory.rglob(f"*{UNFINISHED}") if below else directory.glob(f"*{UNFINISHED}")
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def sweep(directory: Path, *, below: bool = True) -> list[Path]:
    """Remove what killed processes left of files; what a living process is writing stays.

    Returns:  the files that were removed.
    """
    removed = []
    for path in unfinished_in(directory, below=below):
        with contextlib.suppress(FileNotFoundError, BlockingIOError):
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
                removed.append(path)
            finally:
                os.close(descriptor)
    return removed


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_directory(directory: Path, *, mode: int = 0o755) -> None:
    """Make a directory and its parents, each durable in the one above it."""
    if directory.is_dir():
        return
    make_directory(directory.parent)
    with refusing_full_disk(directory):
        directory.mkdir(mode=mode, exist_ok=True)
        sync_directory(directory.parent)


@contextlib.contextmanager
def alone_in(directory: Path) -> Iterator[None]:
    """Hold a directory for one writer; the hold ends with the process, however it ends."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def refusing_full_disk(path: Path) -> Iterator[None]:
    """Turn "no space left" and "quota exceeded" into the named error."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull(
                sentence("{name}: no room left on the disk ({strerror})", name=path.name, strerror=error.strerror),
                next_step=sentence("free some room, then repeat; nothing of the unfinished writing was kept"),
            ) from error
        raise
