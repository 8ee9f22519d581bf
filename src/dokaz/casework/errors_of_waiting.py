"""Turns a turn to file that did not come in time into one error that says so; only one filing is open at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import OperationalError, connection

from dokaz.errors import StoreBusy

#: For how long one waits until the filing before one's own is over; SQLite's is set with the database (site/database.py).
LONGEST_WAIT_S = 30

_LOCK_NOT_AVAILABLE = "55P03"
_longest_wait_s = ContextVar("longest_wait_s", default=LONGEST_WAIT_S)


@contextmanager
def naming_busy_store() -> Iterator[None]:
    """Raise ``StoreBusy`` for what the database says of a lock in its own words.

    Raises:
        StoreBusy: somebody else filed for longer than one waits; nothing was written.
    """
    try:
        yield
    except OperationalError as error:
        if is_of_waiting(error):
            raise StoreBusy(_longest_wait_s.get()) from error
        raise


@contextmanager
def waiting_at_most(seconds: int) -> Iterator[None]:
    """Wait for one's turn no longer than this: for what nobody should be kept waiting for."""
    before = _longest_wait_s.set(seconds)
    _limit_sqlite()
    try:
        yield
    finally:
        _longest_wait_s.reset(before)
        _limit_sqlite()


def _limit_sqlite() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {_longest_wait_s.get() * 1000}")


def is_of_waiting(error: BaseException | None) -> bool:
    """Whether it is a database's way to say that another one holds the lock."""
    if not isinstance(error, OperationalError):
        return False
    return "database is locked" in str(error) or getattr(error.__cause__, "sqlstate", "") == _LOCK_NOT_AVAILABLE


def limit_waiting() -> None:
    """Let PostgreSQL wait no longer than SQLite does, in the transaction that is open."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_longest_wait_s.get()}s'")
