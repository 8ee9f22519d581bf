"""Where the records and the sign-ins are: database addresses turned into Django's words."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from dokaz.errors import EngineError


class UnknownDatabase(EngineError):
    """A database address that is neither SQLite nor PostgreSQL, or names no database."""


#: What Django calls the database of its own that sign-ins have on SQLite.
SIGN_INS = "sign_ins"


def databases_of(url: str, store: Path) -> dict[str, dict[str, Any]]:
    """Describe the databases of a store: one, and on SQLite another beside it for sign-ins.

    SQLite has one writer a file, and a filing holds it to its end; signing in writes too, and must not wait for that
    (docs/decisions/0027-sign-ins-apart.md).

    Args:     as for ``database_of``
    Returns:  Django's ``DATABASES``
    Raises:   UnknownDatabase: as for ``database_of``
    """
    default = database_of(url, store)
    if "sqlite3" not in default["ENGINE"]:
        return {"default": default}
    path = _path_of(default)
    return {"default": default, SIGN_INS: _sqlite(path.with_name(f"{path.stem}-sign-ins{path.suffix}"))}


def database_of(url: str, store: Path) -> dict[str, Any]:
    """Describe the database in which the records of a store are.

    Args:     url: ``postgresql://…`` or ``sqlite:///…``; empty: the store's ``dokaz.toml``, else its own SQLite
              store: directory of the store; need not exist yet
    Returns:  the ``default`` entry of Django's ``DATABASES``
    Raises:   UnknownDatabase: the address has another scheme or lacks a database name, or lies on media that cannot be
              written, with a log beside it that was not yet written into it
    """
    url = url or _configured(store / "dokaz.toml")
    if not url:
        return _sqlite(store / "dokaz.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and not parts.netloc and parts.path.strip("/"):
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        # What stands between the scheme and the name may hold a password.
        said = url if "@" not in url else f"{parts.scheme}://…"
        raise UnknownDatabase(
            f"{said!r} is no address of a database",
            next_step="write postgresql://user:password@host:port/name, or sqlite:///the/whole/path"
            " (in DOKAZ_DATABASE, or in dokaz.toml)",
        )
    return _postgresql(url)


def _configured(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return str(tomllib.load(file).get("database", {}).get("url", ""))


def make_tables() -> None:
    """Make the tables in the databases that Django was started on; a database of SQLite begins here, and nowhere else."""
    from django.db import connections

    for name in connections:
        _make_tables_in(name)


def make_tables_of_sign_ins() -> None:
    """Make the database of sign-ins anew where it was lost; one that is there is left as it is."""
    from django.db import connections

    if SIGN_INS in connections and not _path_of(connections[SIGN_INS].settings_dict).exists():
        _make_tables_in(SIGN_INS)


def lost_database() -> str:
    """Which database of SQLite is not there, as Django calls it; empty if all are."""
    from django.db import connections

    described = {name: connections[name].settings_dict for name in connections if connections[name].vendor == "sqlite"}
    return next((name for name, each in described.items() if not _path_of(each).exists()), "")


def _make_tables_in(name: str) -> None:
    from django.core.management import call_command
    from django.db import connections

    described = connections[name].settings_dict
    if connections[name].vendor == "sqlite" and "mode=memory" not in str(described["NAME"]):
        _path_of(described).touch()
    call_command("migrate", database=name, verbosity=0)


def _path_of(described: Mapping[str, Any]) -> Path:
    return Path(unquote(urlsplit(str(described["NAME"])).path))


def _sqlite(path: Path) -> dict[str, Any]:
    described = {
        "ENGINE": "django.db.backends.sqlite3",
        # A database that is not there is an error, not a new one.
        "NAME": f"{path.absolute().as_uri()}?mode=rw",
        "OPTIONS": {
            "timeout": 30,
            # Writers queue at BEGIN instead of failing midway when a reader turns writer.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            # What is erased is overwritten, and does not stay in pages that are free.
            "PRAGMA secure_delete=ON;",
        },
    }
    if path.is_file() and not os.access(path.parent, os.W_OK):
        log = path.with_name(f"{path.name}-wal")
        if log.exists():
            raise UnknownDatabase(
                f"{log} holds what was not yet written into {path.name}, and nothing can be written there",
                next_step="copy the store to a disk, and use the copy",
            )
        # Nobody can write here, so nothing needs the lock and the log that SQLite keeps beside a database.
        described |= {"NAME": f"{path.absolute().as_uri()}?mode=ro&immutable=1", "OPTIONS": {}}
    return described


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A packaged server listens on a socket in a directory: postgresql://user@/name?host=/directory
        "HOST": unquote(options.pop("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {name: unquote(value) for name, value in options.items()},
    }
