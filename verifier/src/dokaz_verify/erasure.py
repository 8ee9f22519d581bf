"""Erasure by order: which openings may be missing, because an order in force names the very field and version.

Whoever runs a system can destroy an opening. The entry verifies all the same, so what is missing has to be accounted for:
in a bundle it is withheld, with a code and an authority, or it was erased. It was erased only if an order says so, which
administrators put in force under their signatures; an order that was put in force leaves nothing to be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dokaz_verify.bundle_files import MANIFEST, OPENINGS
from dokaz_verify.constitution import Constitution
from dokaz_verify.entries import Entry
from dokaz_verify.faults import Faults
from dokaz_verify.fields import IN_FORCE, LINKS
from dokaz_verify.history import History
from dokaz_verify.manifest import is_count, is_hash, is_text, is_uuid

ORDER = "casework.ErasureOrder"


@dataclass(frozen=True)
class Erased:
    """A field that was erased.

    Args:
        what: Its digest.
        index: The first entry that holds it.
        name: The field's name.
        order: Number of the order.
        authority: On whose authority, as the constitution's vocabulary has it.
        document: The document that says so.
    """

    what: str
    index: int
    name: str
    order: str
    authority: str
    document: str


def is_row(value: Any) -> bool:
    """One field of one version, as an order names it."""
    tests = {"digest": is_hash, "field": is_text, "record": is_uuid, "version": is_count}
    return isinstance(value, dict) and value.keys() == tests.keys() and all(tests[n](value[n]) for n in tests)


def rows_of(value: Any) -> list[dict[str, Any]]:
    """What an order names, as far as it is well-formed."""
    return [row for row in value if is_row(row)] if isinstance(value, list) else []


def is_held(row: dict[str, Any], entry: Entry, history: History) -> bool:
    """Whether an entry is the very version that an order names, and the first that holds that digest in that field."""
    is_it = (entry.record, entry.version) == (row["record"], row["version"])
    digest = row["digest"]
    return is_it and entry.fields.get(row["field"]) == digest and history.first.get(digest) == entry.index


def may_be_erased(entry: Entry, name: str, laws: Constitution) -> bool:
    """Whether a field may ever be erased: no rule reads it, and it is neither a link, nor a number, nor blank at birth."""
    said = laws.kinds.get(entry.kind, {}).get("fields", {}).get(name)
    if said is None or name == "number" or name in laws.open_fields(entry.kind) or said["type"] in LINKS:
        return False
    effect = laws.effect(entry.act, entry.kind, 1) if entry.version == 1 else None
    return name not in (effect or {}).get("blank", ())


def erased_in(history: History) -> dict[str, Erased]:
    """What the orders in force in a bundle or a store cover, by digest."""
    found: dict[str, Erased] = {}
    for order in history.entries.values():
        if order.kind != ORDER or history.value(order, "state") != IN_FORCE:
            continue
        said = [str(history.value(order, name)) for name in ("number", "authority", "document")]
        for row in rows_of(history.value(order, "erases")):
            index = history.first.get(row["digest"], order.index)
            if index < order.index and is_held(row, history.entries[index], history):
                found.setdefault(row["digest"], Erased(row["digest"], index, row["field"], *said))
    return found


def check_missing(history: History, withheld: set[str], faults: Faults) -> tuple[Erased, ...]:
    """Every field is shown, or declared as withheld, or erased by an order: one of the three.

    Args:
        withheld: The digests that are declared as withheld.

    Returns:
        What was erased.
    """
    ordered = erased_in(history)
    for digest, erased in ordered.items():
        entry = history.entries[erased.index]
        if digest in history.opened:
            faults.add("erased-and-shown", file=OPENINGS, entry=entry, name=erased.name, order=erased.order)
        if digest in withheld:
            faults.add("withheld-and-erased", file=MANIFEST, entry=entry, name=erased.name, order=erased.order)
    for digest, index in history.first.items():
        if digest not in history.opened and digest not in withheld and digest not in ordered:
            name = history.name_of(digest)
            faults.add("field-not-declared", file=OPENINGS, entry=history.entries[index], name=name, digest=digest)
    return tuple(ordered.values())
