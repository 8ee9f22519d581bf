"""Goes through a log in its order: each entry may rely on those before it only."""

from __future__ import annotations

from collections.abc import Sequence

from dokaz_verify.bundle_files import ENTRIES
from dokaz_verify.entries import Entry
from dokaz_verify.faults import Faults
from dokaz_verify.fields import Laws
from dokaz_verify.history import History
from dokaz_verify.people import FOUND, People
from dokaz_verify.rules import FOUNDING, Rules


def check_founding(history: History, faults: Faults) -> None:
    """The first five entries are there: the constitution, and the root of all appointments."""
    for index, kind in enumerate(FOUNDING):
        entry = history.entries.get(index)
        if entry is None or entry.act != FOUND:
            faults.add("founding-missing", file=ENTRIES, index=index, kind=kind)


def go_through(
    history: History, entries: Sequence[Entry], laws: Laws, faults: Faults, *, log: str, whole: bool
) -> None:
    """Hold every entry against those before it: its version, whoever acted and agreed, and the rules.

    Args:
        log: Id of the log.
        whole: Whether these are all its entries.
    """
    people, rules = People(history, laws, faults, log), Rules(history, laws, faults, whole)
    founding = [entry for entry in entries[: len(FOUNDING)] if entry.act == FOUND and entry.index < len(FOUNDING)]
    for entry in founding:
        # The founding's own key and office are named by the entries that set them up.
        people.admit(entry)
    for entry in entries:
        _version(history, entry, faults)
        actor = people.check_actor(entry)
        rules.check(entry, actor, people.check_assents(entry))
        if entry not in founding:
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
