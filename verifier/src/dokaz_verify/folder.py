"""The bundle as a folder that may have been made to harm: only ordinary files are read, and only inside of it.

A symbolic link could show files of the reader's own machine, a pipe would block for ever, and a file of terabytes
would fill the memory. So: links and special files are named and never opened, files are hashed as they stream, and
what must be read whole has a limit. A file that is read line by line is hashed in the same pass, so that what was
checked is what was hashed. Check a copy that nobody else is writing to.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO

from dokaz_verify.canonical import Malformed

_CHUNK = 1 << 20

Progress = Callable[[int, int], None]


class Unreadable(Exception):
    """The bundle cannot be looked at: there is no such folder, it is no bundle, or reading was refused."""


@dataclass(frozen=True)
class Line:
    """A line of a file, without its newline; ``data`` is ``None`` where it was longer than allowed or cut off."""

    number: int
    data: bytes | None


@dataclass
class Folder:
    """What lies in a bundle's folder.

    Args:
        root: The folder.
        files: Size in bytes of every ordinary file, by path with ``/``.
        strange: Paths of links, pipes, devices and the like.
        empty: Paths of folders without anything in them.
        progress: Told now and then how many bytes were read, and of how many.
    """

    root: Path
    files: dict[str, int] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    progress: Progress = field(default=lambda done, total: None)
    _hashes: dict[str, str] = field(default_factory=dict)
    _done: int = 0
    _total: int = 0

    @classmethod
    def look(cls, root: Path, progress: Progress = lambda done, total: None) -> Folder:
        """List a folder without following any link in it.

        Args:
            root: The folder.
            progress: Told now and then how many bytes were read, and of how many.

        Raises:
            Unreadable: it is not a folder, or may not be read.
        """
        folder = cls(root, progress=progress)
        waiting = [""]
        try:
            if not root.is_dir():
                raise Unreadable(f"{root}")
            while waiting:
                under = waiting.pop()
                count = 0
                with os.scandir(root / under) as listing:
                    for item in listing:
                        count += 1
                        path = f"{under}/{item.name}" if under else item.name
                        if item.is_symlink():
                            folder.strange.append(path)
                        elif item.is_dir(follow_symlinks=False):
                            waiting.append(path)
                        elif item.is_file(follow_symlinks=False):
                            folder.files[path] = item.stat(follow_symlinks=False).st_size
                        else:
                            folder.strange.append(path)
                if not count:
                    folder.empty.append(under)
        except (OSError, ValueError) as error:
            raise Unreadable(f"{root}: {error}") from None
        folder._total = sum(folder.files.values())
        return folder

    def read(self, path: str, *, limit: int) -> bytes:
        """The whole of a small file.

        Raises:
            Malformed: it is larger than ``limit`` bytes, or cannot be read.
        """
        data = b""
        if self.files.get(path, 0) <= limit:
            with self._open(path) as stream:
                data = stream.read(limit + 1)
        if self.files.get(path, 0) > limit or len(data) > limit:
            raise Malformed("file-too-large", limit)
        self._hashes[path] = sha256(data).hexdigest()
        return data

    def lines(self, path: str, *, longest: int) -> Iterator[Line]:
        """The lines of a file, one after another, whatever its size.

        Args:
            path: Which file.
            longest: Bytes that a line may have; a longer one is passed over, and reported by a ``Line`` without data.

        Raises:
            Malformed: it cannot be read.
        """
        whole, number = sha256(), 0
        with self._open(path) as stream:
            while piece := stream.readline(longest + 1):
                whole.update(piece)
                self._read(len(piece))
                number += 1
                complete = piece.endswith(b"\n")
                yield Line(number, piece[:-1] if complete else None)
                while not complete and (piece := stream.readline(_CHUNK)):
                    whole.update(piece)
                    self._read(len(piece))
                    complete = piece.endswith(b"\n")
        self._hashes[path] = whole.hexdigest()

    def sha256(self, path: str) -> str:
        """Hash of a file, hex; the one computed while it was read, if it was.

        Raises:
            Malformed: it cannot be read.
        """
        if path not in self._hashes:
            whole = sha256()
            with self._open(path) as stream:
                while piece := stream.read(_CHUNK):
                    whole.update(piece)
                    self._read(len(piece))
            self._hashes[path] = whole.hexdigest()
        return self._hashes[path]

    def _read(self, size: int) -> None:
        before, self._done = self._done, self._done + size
        if before // _CHUNK != self._done // _CHUNK:
            self.progress(self._done, self._total)

    def _open(self, path: str) -> IO[bytes]:
        if path not in self.files:
            raise Malformed("file-cannot-be-read", path)
        # O_NONBLOCK: should the file have become a pipe since it was listed, opening it must not wait.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            number = os.open(self.root / path, flags)
        except OSError as error:
            raise Malformed("file-cannot-be-read", error.strerror) from None
        if not stat.S_ISREG(os.fstat(number).st_mode):
            os.close(number)
            raise Malformed("file-cannot-be-read", path)
        return os.fdopen(number, "rb", buffering=_CHUNK)
