"""Where bundles that were made on the web are kept, and how one is handed out as a single file."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

from dokaz.casework.store import Store
from dokaz.court.models import Bundle

_CHUNK = 1 << 20


def drafts(store: Store) -> Path:
    """A directory for a bundle that is being written; it gets its number once it is filed."""
    return store.path / "bundles" / f"draft-{uuid.uuid4()}"


def keep(store: Store, draft: Path, made: Bundle) -> Path:
    """Give a finished bundle its place."""
    return draft.rename(store.path / "bundles" / made.number)


def kept(store: Store, made: Bundle) -> Path | None:
    """Where a bundle lies; None if it was made elsewhere, or taken away."""
    folder = store.path / "bundles" / made.number
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
