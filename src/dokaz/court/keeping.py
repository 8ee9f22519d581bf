"""Where bundles are written, where those that were made on the web are kept, and how one is handed out as a single file.

A bundle is written in a folder aside, and takes its place only when it is whole: half a bundle looks like a whole one that
was tampered with.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dokaz.casework.store import Store
from dokaz.court.models import Bundle
from dokaz.errors import BundleExists

_CHUNK = 1 << 20
UNFINISHED = ".unfinished"


def unfinished(target: Path) -> Path:
    """The folder in which a bundle is written that is to lie in ``target``."""
    return target.with_name(target.name + UNFINISHED)


def new_draft(store: Store) -> Path:
    """A folder in the store for a bundle that gets its number, and so its place, only once it is filed."""
    return unfinished(store.path / "bundles" / f"draft-{uuid.uuid4()}")


def drafts(store: Store) -> list[Path]:
    """The folders in the store in which bundles are being written, or were when their process was killed."""
    return sorted((store.path / "bundles").glob(f"draft-*{UNFINISHED}"))


@contextmanager
def drafted(folder: Path) -> Iterator[Path]:
    """Make a folder for a bundle, locked while this process lives; it is gone afterwards unless the bundle was filed.

    Raises:
        BundleExists: it is there: somebody else is writing the same bundle.
    """
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    while True:
        try:
            folder.mkdir()
        except FileExistsError:
            raise BundleExists(str(folder)) from None
        # Whoever removes what was abandoned may have come between making and locking.
        with contextlib.suppress(FileNotFoundError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if folder.is_dir():
                break
            os.close(lock)
    try:
        yield folder
    finally:
        try:
            if folder.is_dir() and filed_as(folder) is None:
                shutil.rmtree(folder)
        finally:
            os.close(lock)


@contextmanager
def abandoned(folder: Path) -> Iterator[bool]:
    """Whether a draft is there and nobody writes it any more; nobody else takes it up meanwhile."""
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield folder.is_dir()
    finally:
        os.close(lock)


def filed_as(folder: Path) -> Bundle | None:
    """The record by which a written bundle was filed; None if it was not."""
    try:
        manifest = (folder / "bundle.json").read_bytes()
    except FileNotFoundError:
        return None
    found: Bundle | None = Bundle.objects.filter(manifest_sha256=hashlib.sha256(manifest).hexdigest()).first()
    return found


def place_of(store: Store, made: Bundle) -> Path:
    """Where a bundle belongs that was made on the web."""
    return store.path / "bundles" / made.number


def kept(store: Store, made: Bundle) -> Path | None:
    """Where a bundle lies; None if it was made elsewhere, or taken away."""
    folder = place_of(store, made)
    return folder if (folder / "bundle.json").is_file() else None


class _Pipe:
    """A file that only grows, and whose beginning is handed on at once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing to do: what was written is handed on by ``take``."""

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


def zipped(folder: Path) -> Iterator[bytes]:
    """A bundle as a zip archive, piece by piece: a film of four gigabytes passes through one megabyte of memory."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:  # type: ignore[call-overload]
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            with open(path, "rb") as source, archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as target:
                while piece := source.read(_CHUNK):
                    target.write(piece)
                    yield pipe.take()
            yield pipe.take()
    yield pipe.take()
