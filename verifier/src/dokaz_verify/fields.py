"""What fields hold: the constitution first, which is itself a field of the entry at index 1, then the values it allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dokaz_verify.bundle_files import ENTRIES, OPENINGS
from dokaz_verify.canonical import Malformed
from dokaz_verify.constitution import KIND, Comparison, Constitution, compare, standard
from dokaz_verify.entries import Entry, Opening
from dokaz_verify.faults import Faults
from dokaz_verify.history import History

_LINKS = ("record", "records", "things")


def read_constitution(
    history: History, lines: Iterable[tuple[int, Any]], accepted: str, faults: Faults
) -> Constitution | None:
    """The constitution that the log states of itself, read before everything that is held against it.

    Args:
        lines: Of the openings.
        accepted: The hash of one that the reader accepts although it changes the standard.
    """
    entry = history.entries.get(1)
    rules = _rules_of(entry, lines) if entry is not None and entry.kind == KIND else None
    if entry is None or rules is None:
        faults.add("constitution-missing", file=ENTRIES, index=1)
        return None
    try:
        found = Constitution.of(rules.value)
    except Malformed as error:
        faults.malformed("constitution-malformed", error, file=OPENINGS, index=1)
        return None
    changed = differences_of(found).changed
    if changed and found.digest != accepted:
        faults.add("constitution-changed", file=OPENINGS, entry=entry, name=", ".join(changed), digest=found.digest)
    return found


def _rules_of(entry: Entry, lines: Iterable[tuple[int, Any]]) -> Opening | None:
    for _number, value in lines:
        if not isinstance(value, dict) or value.get("index") not in (0, 1):
            break
        for raw in value.get("openings", ()) if value["index"] == 1 else ():
            try:
                opening = Opening.of(raw)
            except Malformed:
                continue  # noted when all openings are read
            if opening.name == "rules" and opening.digest == entry.fields.get("rules"):
                return opening
    return None


def differences_of(found: Constitution | None) -> Comparison:
    """What a constitution adds to the standard one, and what of it it changes."""
    return compare(found, standard()) if found is not None else Comparison((), ())


@dataclass
class Values:
    """Takes in the values of fields: each is of its type, and kept where a rule or a link reads it."""

    history: History
    constitution: Constitution | None
    faults: Faults
    _kept: dict[str, frozenset[str]] = field(default_factory=dict)

    def take(self, entry: Entry, opening: Opening) -> None:
        """Take in the value of a field of an entry."""
        self.history.opened.add(opening.digest)
        laws = self.constitution
        if laws is None or opening.name not in laws.kinds.get(entry.kind, {}).get("fields", {}):
            return
        if not laws.holds(entry.kind, opening.name, opening.value):
            due = laws.kinds[entry.kind]["fields"][opening.name]["type"]
            self.faults.add("value-not-of-its-type", file=OPENINGS, entry=entry, name=opening.name, due=due)
        elif opening.name in self._kept_of(laws, entry.kind):
            self.history.values[opening.digest] = opening.value

    def _kept_of(self, laws: Constitution, kind: str) -> frozenset[str]:
        """The fields of a kind of which the values are kept; of all others it is enough to have seen them."""
        if kind not in self._kept:
            links = {name for name, said in laws.kinds[kind]["fields"].items() if said["type"] in _LINKS}
            effects = [act["files"].get(kind, {}).get("new", {}) for act in laws.acts.values()]
            blank = {name for effect in effects for name in effect.get("blank", ())}
            self._kept[kind] = laws.open_fields(kind) | links | blank
        return self._kept[kind]
