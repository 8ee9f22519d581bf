"""The vault: every file under the name of its own hash, whole and durable, or not there at all."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from dokaz.errors import DiskFull, Fault, FileAltered, FileMissing, sentence

CHUNK = 1 << 20
_NAME = re.compile(r"[0-9a-f]{64}")

Progress = Callable[[int], None]
"""Told the number of bytes done so far."""


class Readable(Protocol):
    """Whatever gives its next bytes, and none at its end."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class StoredFile:
    """A file that the vault holds.

    Args:     sha256: hash of its content, 64 hex digits; also its name.
              size: in bytes.
              was_here: it was put in before as well.
    """

    sha256: str
    size: int
    was_here: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class StagedFile:
    """A file that was hashed and is on the disk, but has no name in the vault yet.

    Args:     path: where it waits.
              sha256: hash of its content, 64 hex digits.
              size: in bytes.
    """

    path: Path
    sha256: str
    size: int


class Staging:
    """A folder of the vault in which files wait for the filing that names them; made by ``Vault.staging``.

    Copying and hashing are done here, while others may file; ``Vault.put`` then only gives a file its name.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, source: Readable) -> StagedFile:
        """Copy and hash a file, and wait until it is on the disk.

        Raises:   DiskFull: no room; nothing stays behind.
        """
        name = self._folder / secrets.token_hex(16)
        try:
            with _refusing_full_disk(), name.open("xb") as file:
                os.fchmod(file.fileno(), 0o400)
                sha256, size = _copy(source, file, None)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            name.unlink(missing_ok=True)
            raise
        return StagedFile(name, sha256, size)


class Vault:
    """A directory of files named by their SHA-256: ``sha256/ab/<hex>``.

    Rules. A file gets its name only after its content was hashed as it passed, and is on the disk. A name that exists
    is never written again. What is being written lies in ``incoming/``; a process that is killed leaves it there, and
    ``sweep`` removes it.

    Args:     path: the vault's directory; made when the first file comes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._incoming = path / "incoming"

    def put(self, source: Readable | Path | StagedFile, *, progress: Progress | None = None) -> StoredFile:
        """Take in a file, reading it once in chunks of a mebibyte.

        A file that is here already is not stored twice; the copy that is here is read again first.

        Args:     source: an open binary stream, read from where it stands; a file's path; or a staged file, which is not
                  read again.
                  progress: told the bytes read so far, after each chunk.
        Returns:  hash and size, computed from the very bytes that were written.
        Raises:   DiskFull: no room; nothing stays behind.
                  FileAltered: the vault has a file of this name with other content; it is left as it is.
        """
        if isinstance(source, Path):
            with source.open("rb") as stream:
                return self.put(stream, progress=progress)
        with _refusing_full_disk():
            if isinstance(source, StagedFile):
                self._must_be_staged(source.path)
                return self._name(source.path, StoredFile(source.sha256, source.size))
            _make_directory(self._incoming)
            with self._unfinished() as (file, name):
                stored = StoredFile(*_copy(source, file, progress))
                file.flush()
                return self._name(name, stored, written=file)

    def _name(self, file: Path, stored: StoredFile, *, written: BinaryIO | None = None) -> StoredFile:
        """Give a file that was hashed its place; ``written`` is still to be brought to the disk."""
        place = self.place(stored.sha256)
        if place.exists():
            self._must_hold(stored)
            # The process that put it there may have died before the name was on the disk.
            _sync_directory(place.parent)
            return replace(stored, was_here=True)
        if written is not None:
            os.fsync(written.fileno())
        _make_directory(place.parent)
        os.replace(file, place)
        _sync_directory(place.parent)
        return stored

    @contextlib.contextmanager
    def staging(self) -> Iterator[Staging]:
        """Give a folder in which files wait for a filing; what the filing did not take is gone afterwards.

        The folder is locked, so that ``sweep`` passes it over while this process lives.
        """
        _make_directory(self._incoming)
        while True:
            folder = self._incoming / f"{secrets.token_hex(16)}.staging"
            folder.mkdir(mode=0o700)
            # A sweep may come between making and locking: then there is no folder to open, or none left.
            with contextlib.suppress(FileNotFoundError):
                descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                if folder.is_dir():
                    break
                os.close(descriptor)
        try:
            yield Staging(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(descriptor)

    def take_back(self, stored: StoredFile) -> None:
        """Remove a file that a filing put in and that was refused; one that was here before stays.

        Only while nobody else can file, lest somebody else put in the same meanwhile and found it here.
        """
        if not stored.was_here:
            place = self.place(stored.sha256)
            place.unlink(missing_ok=True)
            _sync_directory(place.parent)

    def place(self, sha256: str) -> Path:
        """Say where the file of this hash lies, or would lie.

        Raises:   FileMissing: this is not a hash, so no file has it for a name.
        """
        if not _NAME.fullmatch(sha256):
            raise FileMissing(sentence("{sha256!r} is not a SHA-256 in 64 lower-case hex digits", sha256=sha256[:100]))
        return self.path / "sha256" / sha256[:2] / sha256

    def __contains__(self, sha256: str) -> bool:
        return self.place(sha256).is_file()

    def size(self, sha256: str) -> int:
        """Give a file's size in bytes.

        Raises:   FileMissing: the vault does not hold it.
        """
        with self.open(sha256) as file:
            return os.fstat(file.fileno()).st_size

    def open(self, sha256: str) -> BinaryIO:
        """Open a file for reading, without reading it first: for showing. What goes into evidence is read by ``copy``.

        Raises:   FileMissing: the vault does not hold it.
        """
        place = self.place(sha256)
        try:
            return place.open("rb")
        except (FileNotFoundError, IsADirectoryError) as error:
            raise FileMissing(
                sentence("the vault does not hold {sha256}", sha256=sha256),
                next_step=sentence("restore it from a copy"),
            ) from error

    def read(self, sha256: str) -> bytes:
        """Give a small file's content, verified.

        Raises:   FileMissing: the vault does not hold it.
                  FileAltered: its content no longer has this hash.
        """
        with self.open(sha256) as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise _altered(sha256)
        return data

    def copy(self, sha256: str, target: BinaryIO, *, progress: Progress | None = None) -> int:
        """Copy a file's content in chunks, hashing what is copied.

        Returns:  its size in bytes.
        Raises:   FileMissing: the vault does not hold it.
                  FileAltered: what was copied does not have this hash; the caller discards the target.
        """
        with self.open(sha256) as file:
            digest, size = _copy(file, target, progress)
        if digest != sha256:
            raise _altered(sha256)
        return size

    def check(self, expected: Collection[str] | None = None, *, progress: Progress | None = None) -> list[Fault]:
        """Read every file again.

        Args:     expected: hashes of all files that entries name. Given, an absent one is a finding, and so is one that
                  no entry names (unfinished: the filing that it was put in for was never completed).
                  progress: told the bytes read so far.
        Returns:  what is altered, missing, left over, or should not be here.
        """
        findings, done = [], 0
        here: set[str] = set()
        for path in self._files():
            file = f"{self.path.name}/{path.relative_to(self.path).as_posix()}"
            if self._incoming in path.parents:
                findings.append(
                    Fault(file, "left behind by a writing that was cut short", "the next start removes it", True)
                )
            elif path.is_symlink() or not _NAME.fullmatch(path.name) or path != self.place(path.name):
                findings.append(Fault(file, "is not a file of the vault", "find out who put it there, and remove it"))
            else:
                here.add(path.name)
                try:
                    with path.open("rb") as stream:
                        digest = _hash(stream)
                except OSError as error:
                    findings.append(Fault(file, f"cannot be read: {error.strerror}", "restore it from a copy"))
                    continue
                done += path.stat().st_size
                if progress is not None:
                    progress(done)
                if digest != path.name:
                    findings.append(
                        Fault(file, f"altered: its content has the hash {digest}", "restore it from a copy")
                    )
                elif expected is not None and path.name not in expected:
                    findings.append(
                        Fault(file, "no entry of the ledger names this file", "file it again, or remove it", True)
                    )
        for sha256 in sorted(set(expected or ()) - here):
            file = f"{self.path.name}/sha256/{sha256[:2]}/{sha256}"
            findings.append(Fault(file, "missing: an entry of the ledger names it", "restore it from a copy"))
        return findings

    def sweep(self) -> list[str]:
        """Remove what killed processes left in ``incoming/``; what a living process is writing stays.

        Returns:  names of the files removed.
        """
        removed = []
        for path in sorted(self._incoming.iterdir()) if self._incoming.is_dir() else []:
            with contextlib.suppress(FileNotFoundError, BlockingIOError), _locked(path):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
                removed.append(path.name)
        return removed

    def _files(self) -> Iterable[Path]:
        return sorted(path for path in self.path.rglob("*") if path.is_symlink() or not path.is_dir())

    @contextlib.contextmanager
    def _unfinished(self) -> Iterator[tuple[BinaryIO, Path]]:
        """Open a new file that is gone afterwards unless it was renamed, locked so that ``sweep`` passes it over."""
        while True:
            name = self._incoming / f"{secrets.token_hex(16)}.unfinished"
            descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o400)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                break
            # A sweep came between making and locking.
            os.close(descriptor)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file, name
        finally:
            name.unlink(missing_ok=True)

    def _must_be_staged(self, path: Path) -> None:
        """A path may come from a process that read hostile bytes: nothing but what waits here gets a name."""
        if path.parent.parent != self._incoming or path.is_symlink() or not path.is_file():
            raise FileMissing(sentence("{name!r} is no file that waits here", name=str(path)))

    def _must_hold(self, stored: StoredFile) -> None:
        with self.open(stored.sha256) as file:
            size = os.fstat(file.fileno()).st_size
            if size != stored.size or _hash(file) != stored.sha256:
                raise _altered(stored.sha256)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Lock a file or folder.

    Raises:   BlockingIOError: a living process holds it.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _copy(source: Readable, target: BinaryIO, progress: Progress | None) -> tuple[str, int]:
    """Copy what a stream gives; its hash and its size."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        target.write(chunk)
        size += len(chunk)
        if progress is not None:
            progress(size)
    return digest.hexdigest(), size


def _hash(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _altered(sha256: str) -> FileAltered:
    return FileAltered(
        f"the vault's file {sha256} was altered: its content no longer has this hash",
        next_step="keep it aside as evidence of the alteration, and restore the file from a copy",
    )


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_directory(directory: Path) -> None:
    if directory.is_dir():
        return
    if not directory.parent.is_dir():
        _make_directory(directory.parent)
    directory.mkdir(mode=0o700, exist_ok=True)
    _sync_directory(directory.parent)


@contextlib.contextmanager
def _refusing_full_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull(
                sentence("no room left for this file ({strerror})", strerror=error.strerror),
                next_step=sentence("free some room, then repeat; nothing of the unfinished file was kept"),
            ) from error
        raise
