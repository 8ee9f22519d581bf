"""The founding: the first filing of a log, in which everything that people may do in it begins.

Two administrators or more found a log, and each signs what was founded: the first files it, every other one assents to it
before anything else is filed. A log that one administrator founded is a trial, whatever is filed in it later.
"""

from __future__ import annotations

from dokaz_verify.bundle_files import ENTRIES
from dokaz_verify.entries import Entry
from dokaz_verify.faults import Faults
from dokaz_verify.history import History
from dokaz_verify.people import ADMINISTRATOR, ASSENT, INVESTIGATION, KEY, OFFICE, PERSON

FOUND = "casework.found"
KINDS = (INVESTIGATION, "casework.Constitution", PERSON, KEY, OFFICE)


def founding_of(history: History) -> list[Entry]:
    """The entries of the founding, from index 0 on, as far as they are shown without a gap."""
    found: list[Entry] = []
    while (entry := history.entries.get(len(found))) is not None and entry.act == FOUND:
        found.append(entry)
    return found


def founders_of(founding: list[Entry]) -> int:
    """How many administrators founded a log; one: it is a trial."""
    return sum(entry.kind == OFFICE for entry in founding)


def check_founding(history: History, size: int | None, faults: Faults) -> int:
    """The founding is whole, and the only one.

    Args:
        size: How many entries the log has that is shown; ``None`` where that could not be read.

    Returns:
        How many administrators founded it.
    """
    founding = founding_of(history)
    for index in range(len(founding), len(KINDS)):
        faults.add("founding-missing", file=ENTRIES, index=index, kind=KINDS[index])
    end = len(founding)
    # Whoever reads a part of the log sees where the founding ends, hence how many founded it.
    is_cut = end not in history.entries and size is not None and end < size
    if end >= len(KINDS) and (is_cut or (end - 2) % 3):
        faults.add("founding-missing", file=ENTRIES, index=end, kind=KINDS[2 + (end - 2) % 3])
    for entry in history.entries.values():
        if entry.act == FOUND and entry.base.size > 0:
            faults.add("founded-twice", entry=entry)
    return founders_of(founding)


def check_founders(history: History, founding: list[Entry], faults: Faults) -> None:
    """The founding is in its order, and signed by every administrator that it names."""
    for entry in founding:
        _check_place(history, entry, faults)
    for nth, office in enumerate([entry for entry in founding if entry.kind == OFFICE][1:]):
        if not _has_signed(history, founding[0], office, history.entries.get(len(founding) + nth)):
            faults.add("founding-not-signed", entry=office, person=history.value(office, "person"))


def _check_place(history: History, entry: Entry, faults: Faults) -> None:
    """First investigation and constitution; then for each administrator a person, and a key and an office of theirs."""
    at = entry.index if entry.index < 2 else 2 + (entry.index - 2) % 3
    person = history.entries[entry.index - (at - 2)].record if at > 2 else ""
    if (
        entry.kind != KINDS[at]
        or entry.version != 1
        or (at > 2 and history.value(entry, "person") != person)
        or (at == 4 and history.value(entry, "role") != ADMINISTRATOR)
        or (entry.index == 4 and entry.record != entry.office)
        or entry.base.size != 0
    ):
        faults.add("founding-wrong", entry=entry)


def _has_signed(history: History, founded: Entry, office: Entry, entry: Entry | None) -> bool:
    """Whether an entry is the assent of a further administrator, in this office, to what was founded.

    That its signature holds, and covers the log up to there, is checked with every other assent.
    """
    due = {"act": FOUND, "record": founded.record, "leaf": founded.leaf, "office": office.record}
    return (
        entry is not None
        and entry.kind == ASSENT
        and all(history.value(entry, name) == value for name, value in due.items())
    )
