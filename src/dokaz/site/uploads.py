"""Where uploaded files wait until they are read: in the store, closed to others, and gone after a kill at the next start.

Django's own handler writes them into the machine's temporary folder, where those of a killed process stay.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


class WaitingFile(UploadedFile):  # type: ignore[type-arg]
    """An uploaded file on the disk of the store; removed when it is closed."""

    def __init__(self, name: str, content_type: str, charset: str | None, extra: dict[str, bytes] | None) -> None:
        file = tempfile.NamedTemporaryFile(suffix=".upload", dir=_folder(settings.STORE, os.getpid()))  # noqa: SIM115 - closed with this
        super().__init__(file, name, content_type, 0, charset, extra)
        self._path = file.name

    def temporary_file_path(self) -> str:
        """Where it lies."""
        return str(self._path)


class IntoTheStore(TemporaryFileUploadHandler):
    """Streams what is uploaded into the store."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = WaitingFile(self.file_name, self.content_type, self.charset, self.content_type_extra)  # type: ignore[arg-type,assignment]


@cache
def _folder(store: Path, process: int) -> Path:
    """The folder of a process: locked while it lives, so that ``Vault.sweep`` removes it afterwards and not before."""
    incoming = Path(store) / "vault" / "incoming"
    incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        folder = incoming / f"{secrets.token_hex(16)}.uploads"
        folder.mkdir(mode=0o700)
        try:
            # Never closed: the lock ends with the process.
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except FileNotFoundError:
            continue  # a sweep came between making and opening
        if folder.is_dir():
            return folder
        os.close(descriptor)
