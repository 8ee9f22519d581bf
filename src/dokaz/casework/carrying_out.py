"""Carries erasures out on the disk: what an order destroyed in the database is destroyed in files, too; may be repeated.

The order and the loss of the openings in the database are one transaction. What is due on the disk is noted in it, and the
note goes only when nothing is left: whoever is killed in between is carried on by the next start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import DatabaseError, connection

from dokaz.casework.models import ErasureDue
from dokaz.casework.rooms import rooms

if TYPE_CHECKING:
    from dokaz.casework.store import Store


def carry_out_erasures(store: Store) -> None:
    """Destroy on the disk what is due: in the openings that were published, in what rooms keep, in what SQLite left.

    What somebody still reads (a bundle that is being written, the database's log of changes) is left to the next time.

    Raises:
        LedgerBroken, BadOpening: a file of openings cannot be read.
        DiskFull: no room; what is due stays due.
    """
    due = dict(ErasureDue.objects.filter(index__lt=store.log.size).values_list("digest", "index"))
    if not due:
        return
    store.log.erase(due)
    done = [room.erased(store, due) for room in rooms() if room.erased is not None]
    if all(done) and _nothing_is_left_in_the_database():
        for digest in due:
            ErasureDue.objects.filter(digest=digest).delete()


def is_due() -> bool:
    """Whether something that was ordered is still to be destroyed on the disk; a database that cannot be read says no."""
    try:
        return ErasureDue.objects.exists()
    except DatabaseError:
        return False


def _nothing_is_left_in_the_database() -> bool:
    """Empty SQLite's log of changes, which holds pages as they were; PostgreSQL gives up the rows as they were.

    Pages themselves keep nothing: SQLite overwrites what it deletes (``PRAGMA secure_delete``, site/database.py).
    """
    if connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return not cursor.fetchone()[0]
        cursor.execute("VACUUM")
    return True
