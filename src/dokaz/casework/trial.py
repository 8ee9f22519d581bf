"""Whether a store is a trial: one administrator founded it. The log says so itself, for good; no setting does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dokaz.casework.models import JournalEntry, Office
from dokaz.casework.roles import Over, Role
from dokaz.casework.store import Store, current_store

if TYPE_CHECKING:
    from dokaz.casework.registry import Act

# The first filing of a log never changes: by the id of the log, how many administrators founded it.
_founders: dict[str, int] = {}


def is_trial(store: Store | None = None) -> bool:
    """Whether one administrator alone founded the log of a store, the current one if none is given."""
    return founders(store) == 1


def founders(store: Store | None = None) -> int:
    """How many administrators founded the log; none yet in an empty one."""
    log = (store or current_store()).log.id
    if log not in _founders:
        found = JournalEntry.objects.filter(act="casework.found", kind=Office.kind()).count()
        if not found:
            return 0
        _founders[log] = found
    return _founders[log]


def assents_needed(act: Act, store: Store) -> int:
    """How many people agree to an act before it is filed; in a trial, one administrator agrees alone."""
    if act.signing is None or act.signing.over is not Over.ASSENT:
        return 0
    return 1 if act.roles == {Role.ADMINISTRATOR} and is_trial(store) else act.signing.count
