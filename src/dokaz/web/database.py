"""Where the records are: a database address turned into Django's words."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from dokaz.errors import DokazError


class UnknownDatabase(DokazError):
    """A database address that is neither SQLite nor PostgreSQL, or names no database."""


def database_of(url: str, store: Path) -> dict[str, Any]:
    """Describe the database of a store.

    Args:     url: ``postgresql://…`` or ``sqlite:///…``; empty: the store's ``dokaz.toml``, else its own SQLite
              store: directory of the store; need not exist yet
    Returns:  the ``default`` entry of Django's ``DATABASES``
    Raises:   UnknownDatabase: the address has another scheme or lacks a database name
    """
    url = url or _configured(store / "dokaz.toml")
    if not url:
        return _sqlite(store / "dokaz.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise UnknownDatabase(
            f"database address {parts.scheme}://… cannot be used",
            next_step="write postgresql://user:password@host:port/name, or sqlite:///path",
        )
    return _postgresql(url)


def _configured(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return str(tomllib.load(file).get("database", {}).get("url", ""))


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "timeout": 30,
            # Writers queue at BEGIN instead of failing midway when a reader turns writer.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


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
