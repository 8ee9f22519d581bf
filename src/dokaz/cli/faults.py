"""Says in words what memory, disk, database and network say in codes, with what to do next."""

from __future__ import annotations

from contextlib import suppress

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

from dokaz.casework.errors_of_disk import naming_full_disk
from dokaz.errors import DiskFull, MachineFault
from dokaz.site.database import SIGN_INS, lost_database

_NOT_HALF = "nothing is half filed"


def in_words(error: Exception) -> DiskFull | MachineFault | None:
    """What a person can do about an error of the machine.

    Returns: None for any other error, which is a fault of the program and keeps its traceback.
    """
    try:
        with suppress(type(error)), naming_full_disk():
            raise error
    except DiskFull as full:
        return full
    if isinstance(error, MemoryError):
        return MachineFault(
            "there is not enough memory", next_step=f"end other programs, or use a machine with more; {_NOT_HALF}"
        )
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return MachineFault(
            f"{place}{(error.strerror or str(error)).lower()}",
            next_step=f"see whether it is there, and whether you may read and write there; {_NOT_HALF}",
        )
    if isinstance(error, DatabaseError):
        said = (str(error).splitlines() or ["no answer"])[0]
        lost = lost_database() if "unable to open database file" in said else ""
        after = "`dokaz user sign-in` makes it anew" if lost == SIGN_INS else _after(said)
        return MachineFault(
            f"the database {connections[lost or 'default'].settings_dict['NAME']}: {said}",
            next_step=f"{after}; {_NOT_HALF}",
        )
    if isinstance(error, ImproperlyConfigured) and "psycopg" in str(error):
        return MachineFault(
            "the database is PostgreSQL, and its driver is not installed", next_step="pip install 'dokaz[postgresql]'"
        )
    return None


def _after(said: str) -> str:
    if any(words in said for words in ("no such table", "does not exist", "not a database", "malformed")):
        return "keep a copy of the database, put an empty one in its place: `dokaz rebuild` fills it from the ledger"
    if "disk I/O error" in said:
        return "see whether the disk is full or failing"
    if "locked" in said:
        return "somebody else is filing: try again"
    if "unable to open database file" in said:
        return (
            "see whether it is there (DOKAZ_DATABASE, dokaz.toml), and whether you may write in its directory; "
            "one that is lost is made anew by `dokaz rebuild`"
        )
    if "readonly" in said or "read-only" in said:
        return "the store can be read but not written: see who owns it"
    return "see whether it runs, and whether its address is right (DOKAZ_DATABASE, dokaz.toml)"
