"""The keys of a log: the one that it was founded under, and those that its administrators put in its place since.

Entries and signatures name the log by its first key, for good. A checkpoint is signed by the newest key that stands in the
log that it speaks of: when a key is put in force, the one before it is revoked. Who may do that, and how many agree, is
checked as for every other act.
"""

from __future__ import annotations

from dokaz_verify.canonical import Malformed
from dokaz_verify.faults import Faults
from dokaz_verify.fields import IN_FORCE
from dokaz_verify.history import History
from dokaz_verify.notes import Checkpoint, LogKey

KIND = "casework.CheckpointKey"


def keys_of(history: History, first: LogKey, faults: Faults) -> list[LogKey]:
    """The keys of a log, in the order in which they were put in force; the last one signs what is shown.

    Args:
        first: The one that the log was founded under.
    """
    keys = [first]
    for entry in history.entries.values():
        if entry.kind != KIND or history.value(entry, "state") != IN_FORCE:
            continue
        try:
            key = LogKey.parse(str(history.value(entry, "key")))
        except Malformed as error:
            faults.malformed("log-key-malformed", error, index=entry.index)
            continue
        if key.name != first.name or key in keys:
            faults.add("log-key-not-new", entry=entry, key=key.text)
        keys.append(key)
    return keys


def check_signed(checkpoint: Checkpoint, keys: list[LogKey], file: str, faults: Faults) -> None:
    """A checkpoint is of this log, and signed by its newest key."""
    own = keys[-1]
    if checkpoint.origin != own.name:
        faults.add("checkpoint-of-another-log", file=file, found=checkpoint.origin, due=own.name)
    if checkpoint.is_signed_by(own):
        return
    if any(checkpoint.is_signed_by(revoked) for revoked in keys[:-1]):
        faults.add("checkpoint-of-a-revoked-key", file=file, key=own.text)
    else:
        faults.add("checkpoint-not-signed", file=file, key=own.text)
