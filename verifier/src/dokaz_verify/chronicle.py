"""Goes through a log in its order: each entry may rely on those before it only."""

from __future__ import annotations

from collections.abc import Sequence

from dokaz_verify.entries import Entry
from dokaz_verify.faults import Faults
from dokaz_verify.fields import Laws
from dokaz_verify.founding import check_founders, founders_of, founding_of
from dokaz_verify.history import History
from dokaz_verify.people import People
from dokaz_verify.rules import Rules


def go_through(
    history: History, entries: Sequence[Entry], laws: Laws, faults: Faults, *, log: str, whole: bool
) -> None:
    """Hold every entry against those before it: its version, whoever acted and agreed, and the rules.

    Args:
        log: Id of the log.
        whole: Whether these are all its entries.
    """
    founding = founding_of(history)
    people = People(history, laws, faults, log, is_trial=founders_of(founding) == 1)
    rules = Rules(history, laws, faults, whole)
    check_founders(history, founding, faults)
    for entry in founding:
        # The founding's own keys and offices are named by the entries that set them up.
        people.admit(entry)
    for entry in entries:
        _version(history, entry, faults)
        actor = people.check_actor(entry)
        rules.check(entry, actor, people.check_assents(entry))
        if entry.index >= len(founding):
            people.admit(entry)
        history.versions.setdefault(entry.record, []).append(entry)
        rules.take(entry)


def _version(history: History, entry: Entry, faults: Faults) -> None:
    """A record's versions are 1, 2, 3 …, each naming the one before it, all of one kind."""
    newest = history.newest(entry.record)
    due = newest.version + 1 if newest else 1
    if entry.version < due:
        faults.add("version-filed-twice", entry=entry, due=due)
    elif entry.version > due:
        faults.add("version-skipped", entry=entry, due=due)
    elif newest and list(entry.previous) != [newest.leaf]:
        faults.add("previous-is-another", entry=entry, due=newest.leaf, found=entry.previous[0])
    if newest and newest.kind != entry.kind:
        faults.add("kind-changed", entry=entry, due=newest.kind)
