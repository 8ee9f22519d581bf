"""A database that is older than the ledger beside it: put back from a backup, for instance. Nothing is filed in it."""

from __future__ import annotations

from dokaz.casework.store import Store
from dokaz.errors import DatabaseBehind, TrustError


def must_not_be_behind(store: Store, size: int, root: bytes) -> None:
    """Refuse to file where the published ledger holds what the database does not: its past would be written a second time.

    A ledger that cannot be read is told by whoever publishes.

    Args:
        size, root: How many entries the database holds, and the root of the tree over them.

    Raises:
        DatabaseBehind: the ledger holds more entries, or others.
    """
    try:
        published = store.log.head
    except (OSError, TrustError):
        return
    if published.size > size or (published.size == size and published.root != root):
        raise DatabaseBehind(published.size, size)
