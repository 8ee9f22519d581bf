"""The manifest, ``bundle.json``: which files and entries a bundle has, and what was withheld on whose authority."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from dokaz_verify import canonical
from dokaz_verify.canonical import Malformed

_PART = re.compile(r"[A-Za-z0-9_-](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?")
_HASH = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(r"sha256:[0-9a-f]{64}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# On which grounds something may be withheld.
GROUNDS = frozenset(["A.1", "A.2", "A.3", "A.4", "A.5", "A.6", "A.7", "A.8", "B.1", "B.2", "B.3", "B.4", "B.5"])
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def is_count(value: Any) -> bool:
    """An integer from 0 on; ``true`` is none, though Python counts with it."""
    return type(value) is int and value >= 0


def is_hash(value: Any) -> bool:
    """64 lower-case hex digits."""
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def is_file_hash(value: Any) -> bool:
    """``sha256:`` and 64 lower-case hex digits."""
    return isinstance(value, str) and _FILE.fullmatch(value) is not None


def is_uuid(value: Any) -> bool:
    """A UUID in lower case with its hyphens."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def is_time(value: Any) -> bool:
    """A moment that exists, in UTC, to the second."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_text(value: Any) -> bool:
    """A string that says something."""
    return isinstance(value, str) and bool(value.strip())


def is_object(value: Any) -> bool:
    """An object, whatever its members."""
    return isinstance(value, dict)


def is_list(value: Any) -> bool:
    """A list, whatever it holds."""
    return isinstance(value, list)


def is_string(value: Any) -> bool:
    """A string, whatever it says."""
    return isinstance(value, str)


def is_list_of_text(value: Any) -> bool:
    """A list of strings."""
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def is_path(value: Any) -> bool:
    """A path that stays inside the bundle and means the same on every system."""
    return isinstance(value, str) and len(value) < 1000 and all(_PART.fullmatch(part) for part in value.split("/"))


def members(value: Any, **tests: Callable[[Any], bool]) -> dict[str, Any]:
    """An object with exactly these members, each of which passes its test.

    Raises:
        Malformed: it is no object, lacks a member, has one too many, or a member holds something else.
    """
    if not isinstance(value, dict):
        raise Malformed("not-an-object")
    for name in value:
        if name not in tests:
            raise Malformed("member-unknown", name)
    for name, test in tests.items():
        if name not in value:
            raise Malformed("member-missing", name)
        if not test(value[name]):
            raise Malformed("member-wrong", name)
    return value


@dataclass(frozen=True)
class Listed:
    """A file as the manifest lists it."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Withheld:
    """A field or a file that was kept back.

    Args:
        what: Digest of the field, or ``sha256:`` and hash of the file.
        index: The first entry of the bundle that holds it.
        code: The code of the ground, of the list that the court uses.
        authority: Who ordered or permitted it.
    """

    what: str
    index: int
    code: str
    authority: str

    @classmethod
    def of(cls, row: dict[str, Any], what: str) -> Withheld:
        """From its row of the manifest, which calls the digest or the file by its name."""
        return cls(row[what], row["index"], row["code"], row["authority"])


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself."""

    entries: tuple[int, ...]
    files: tuple[Listed, ...]
    investigation: str
    made_at: str
    origin: str
    purpose: str
    size: int
    withheld: tuple[Withheld, ...]
    withheld_files: tuple[Withheld, ...]

    @classmethod
    def parse(cls, data: bytes) -> Manifest:
        """Read a manifest.

        Paths are taken as they stand, good or bad; the check of files judges each of them.

        Raises:
            Malformed: it is not canonical, or not of the form that docs/ledger-format.md demands.
        """
        top = members(
            canonical.read(data),
            entries=lambda value: is_list(value) and all(map(is_count, value)),
            files=is_list,
            investigation=is_uuid,
            made_at=is_time,
            origin=is_text,
            purpose=is_text,
            size=is_count,
            v=lambda value: type(value) is int and value == 2,
            withheld=is_list,
            withheld_files=is_list,
        )
        for row in top["files"]:
            members(row, bytes=is_count, path=is_string, sha256=is_hash)
        for row in top["withheld"]:
            members(row, authority=is_string, code=is_string, digest=is_hash, index=is_count)
        for row in top["withheld_files"]:
            members(row, authority=is_string, code=is_string, file=is_file_hash, index=is_count)
        if any(a >= b for a, b in pairwise(top["entries"])):
            raise Malformed("not-ascending", "entries")
        paths = [row["path"] for row in top["files"]]
        if any(a >= b for a, b in pairwise(paths)):
            raise Malformed("not-ascending", "files")
        return cls(
            entries=tuple(top["entries"]),
            files=tuple(Listed(row["path"], row["bytes"], row["sha256"]) for row in top["files"]),
            withheld=tuple(Withheld.of(row, "digest") for row in top["withheld"]),
            withheld_files=tuple(Withheld.of(row, "file") for row in top["withheld_files"]),
            **{name: top[name] for name in ("investigation", "made_at", "origin", "purpose", "size")},
        )
