"""Files as somebody sends them: single ones, and photographs in folders or archives, found by the name a table gives."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.limits import ARCHIVED_FILES, PHOTOGRAPH_BYTES, UNFOLDED_BYTES


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file and its name; its content is here, or lies at a path until it is read."""

    name: str
    content: bytes | Path

    def read(self) -> bytes:
        """The whole file."""
        return self.content if isinstance(self.content, bytes) else self.content.read_bytes()

    def opened(self) -> IO[bytes]:
        """The file, to be read in parts."""
        return BytesIO(self.content) if isinstance(self.content, bytes) else self.content.open("rb")

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    def must_be_at_most(self, most: int) -> None:
        """Refuse a file that is too large before anything of it is read.

        Raises:
            BadFile: it is.
        """
        if self.size > most:
            raise BadFile(
                sentence("the file has {size:,} bytes; at most {most:,} are read", size=self.size, most=most),
                file=self.name,
                next_step=sentence("cut it into several files"),
            )


class SentPhotographs(ExitStack):
    """Photographs that came with a table, alone or in zip archives; none is read before it is asked for.

    A table names a photograph by its path in the folder or archive, or by its bare name where only one bears it.

    Raises:
        BadFile: an archive does not unpack, or two photographs have one path.
    """

    def __init__(self, files: Iterable[SentFile]) -> None:
        super().__init__()
        self._by_path: dict[str, Callable[[], bytes]] = {}
        self._by_name: dict[str, list[str]] = {}
        self._archived = self._unfolded = 0
        for file in files:
            if file.name.lower().endswith(".zip"):
                self._open(file)
            else:
                file.must_be_at_most(PHOTOGRAPH_BYTES)
                self._add(file.name, file.read, file.name)

    def read(self, name: str) -> bytes | None:
        """The photograph of that name; None where there is none.

        Raises:
            BadFile: several bear it, or its archive does not unpack.
        """
        paths = [path for path in (name,) if path in self._by_path] if "/" in name else self._by_name.get(name, [])
        if len(paths) > 1:
            raise BadFile(
                sentence("two photographs bear this name"),
                file=name,
                value=", ".join(paths[:4]),
                next_step=sentence("name each in the table by its path, or rename one of them"),
            )
        return self._by_path[paths[0]]() if paths else None

    def _add(self, path: str, read: Callable[[], bytes], file: str) -> None:
        if path in self._by_path:
            raise BadFile(
                sentence("two photographs bear this name"), file=file, value=path, next_step=sentence("send each once")
            )
        self._by_path[path] = read
        self._by_name.setdefault(PurePosixPath(path).name, []).append(path)

    def _open(self, archive: SentFile) -> None:
        with _refusing(archive.name):
            source = BytesIO(archive.content) if isinstance(archive.content, bytes) else archive.content
            opened = self.enter_context(zipfile.ZipFile(source))
        self._archived += len(opened.infolist())
        if self._archived > ARCHIVED_FILES:
            raise BadFile(
                sentence("the archives hold {count:,} files; at most {most:,} are read", count=self._archived,
                         most=ARCHIVED_FILES),
                file=archive.name,
                next_step=sentence("pack the photographs only, and deliver the table in several parts"),
            )  # fmt: skip
        for inside in opened.infolist():
            path = PurePosixPath(inside.filename.replace("\\", "/"))
            if not (inside.is_dir() or path.name.startswith(".") or "__MACOSX" in path.parts):
                self._add(str(path), partial(self._unpacked, opened, inside, archive.name), archive.name)

    def _unpacked(self, opened: zipfile.ZipFile, inside: zipfile.ZipInfo, archive: str) -> bytes:
        """One file of an archive; an archive unfolds no further than its directory says."""
        if inside.file_size > PHOTOGRAPH_BYTES:
            raise BadFile(
                sentence(
                    "it unfolds to {size:,} bytes; a photograph has at most {most:,}",
                    size=inside.file_size,
                    most=PHOTOGRAPH_BYTES,
                ),
                file=archive,
                value=inside.filename,
                next_step=sentence("send photographs only"),
            )
        self._unfolded += inside.file_size
        if self._unfolded > UNFOLDED_BYTES:
            raise BadFile(
                sentence("the archives unfold to more than {most:,} bytes", most=UNFOLDED_BYTES),
                file=archive,
                value=inside.filename,
                next_step=sentence("deliver the table in several parts, each with its photographs"),
            )
        with _refusing(archive):
            return opened.read(inside)


@contextmanager
def _refusing(archive: str) -> Iterator[None]:
    """Refuse an archive that does not unpack, by its name."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as problem:
        raise BadFile(
            sentence("this archive does not unpack"),
            file=archive,
            value=str(problem)[:80],
            next_step=sentence("pack the photographs anew, without a password"),
        ) from problem
