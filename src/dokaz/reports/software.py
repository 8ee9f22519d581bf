"""What a report was computed from and with: files by their SHA-256, programs by their versions."""

from __future__ import annotations

import platform
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from dokaz.reports.kinship_report import ReportInput

#: What the numbers depend on, beside Python.
PROGRAMS = ("dokaz", "numpy", "numba")


def versions() -> dict[str, str]:
    """Versions by name, as they are installed."""
    return {**{name: version(name) for name in PROGRAMS}, "Python": platform.python_version()}


def input_of(file: Path) -> ReportInput:
    """A file by its name, hash and size.

    Raises:
        OSError: it cannot be read.
    """
    data = file.read_bytes()
    return ReportInput(file.name, sha256(data).hexdigest(), len(data))
