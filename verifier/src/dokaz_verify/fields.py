"""What fields hold: the constitution first, which is itself a field of the entry at index 1, then the values it allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Any

from dokaz_verify.bundle_files import ENTRIES, OPENINGS
from dokaz_verify.canonical import Malformed
from dokaz_verify.constitution import KIND, Comparison, Constitution, compare, read, standard
from dokaz_verify.entries import Entry, Opening
from dokaz_verify.faults import Faults
from dokaz_verify.history import History

IN_FORCE = "in_force"
LINKS = ("record", "records", "things")


@dataclass(frozen=True)
class Laws:
    """The constitutions of a log, each with the index from which on it is in force: the first one, and what replaced it."""

    eras: tuple[tuple[int, Constitution], ...]

    def at(self, index: int) -> Constitution:
        """The constitution by which an entry is judged: the newest in force before it; of the founding, its own."""
        if len(self.eras) == 1:
            return self.eras[0][1]
        return next((laws for since, laws in reversed(self.eras) if since <= index), self.eras[0][1])

    @property
    def newest(self) -> Constitution:
        """The one in force at the end."""
        return self.eras[-1][1]


def read_constitutions(
    history: History, lines: Iterable[tuple[int, Any]], accepted: str, faults: Faults
) -> Laws | None:
    """The constitutions that the log states of itself, read before everything that is held against them.

    Args:
        lines: Of the openings.
        accepted: The hash of one that the reader accepts although it changes the standard.
    """
    versions = [entry for entry in history.entries.values() if entry.kind == KIND]
    if not versions or versions[0].index != 1:
        faults.add("constitution-missing", file=ENTRIES, index=1)
        return None
    opened = _openings_of(versions, lines)
    eras: list[tuple[int, Constitution]] = []
    for entry in versions:
        state, rules = (opened.get(entry.fields.get(name, "")) for name in ("state", "rules"))
        if entry.index > 1 and (state is None or state.value != IN_FORCE):
            continue
        try:
            if rules is None:
                raise Malformed("member-missing", "rules")
            found = read(rules.value)
        except Malformed as error:
            faults.malformed("constitution-malformed", error, file=OPENINGS, index=entry.index)
            return None
        changed = differences_of(found).changed
        if changed and found.digest != accepted:
            faults.add("constitution-changed", file=OPENINGS, entry=entry, name=", ".join(changed), digest=found.digest)
        eras.append((entry.index + 1, found))
    return Laws(tuple(eras))


def _openings_of(versions: Sequence[Entry], lines: Iterable[tuple[int, Any]]) -> dict[str, Opening]:
    """Those of some entries, by digest; what is wrong with others is noted when all are read."""
    found: dict[str, Opening] = {}
    wanted, last = {entry.index for entry in versions}, versions[-1].index
    for _number, value in lines:
        index = value.get("index") if isinstance(value, dict) else None
        if not isinstance(index, int) or index > last:
            break
        openings = value.get("openings") if index in wanted else None
        for raw in openings if isinstance(openings, list) else ():
            try:
                opening = Opening.of(raw)
            except Malformed:
                continue
            found[opening.digest] = opening
    return found


def differences_of(found: Constitution | None) -> Comparison:
    """What a constitution adds to the standard one, and what of it it changes."""
    return compare(found, standard()) if found is not None else Comparison((), ())


@dataclass
class Values:
    """Takes in the values of fields: each is of its type, and kept where a rule or a link reads it."""

    history: History
    laws: Laws | None
    faults: Faults
    _kept: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def open(self, entry: Entry, opening: Opening) -> None:
        """Take in an opening that stands with an entry: one of its fields, once, and with the first entry that holds it."""
        if opening.digest in self.history.opened:
            self.faults.add("opening-repeated", file=OPENINGS, entry=entry, name=opening.name)
        elif entry.fields.get(opening.name) != opening.digest:
            self.faults.add("opening-of-nothing", file=OPENINGS, entry=entry, name=opening.name)
        elif self.history.first[opening.digest] != entry.index:
            self.faults.add("opening-with-a-later-entry", file=OPENINGS, entry=entry, name=opening.name)
        else:
            self.take(entry, opening)

    def take(self, entry: Entry, opening: Opening) -> None:
        """Take in the value of a field of an entry."""
        self.history.opened.add(intern(opening.digest))
        if self.laws is None:
            return
        laws = self.laws.at(entry.index)
        if opening.name not in laws.kinds.get(entry.kind, {}).get("fields", {}):
            return
        if not laws.holds(entry.kind, opening.name, opening.value):
            due = laws.kinds[entry.kind]["fields"][opening.name]["type"]
            self.faults.add("value-not-of-its-type", file=OPENINGS, entry=entry, name=opening.name, due=due)
        elif opening.name in self._kept_of(laws, entry.kind):
            self.history.values[intern(opening.digest)] = opening.value

    def _kept_of(self, laws: Constitution, kind: str) -> frozenset[str]:
        """The fields of a kind of which the values are kept; of all others it is enough to have seen them."""
        found = self._kept.get((laws.digest, kind))
        if found is None:
            links = {name for name, said in laws.kinds[kind]["fields"].items() if said["type"] in LINKS}
            effects = [act["files"].get(kind, {}).get("new", {}) for act in laws.acts.values()]
            blank = {name for effect in effects for name in effect.get("blank", ())}
            found = self._kept[laws.digest, kind] = laws.open_fields(kind) | links | blank | {"number"}
        return found
