"""What goes into a bundle: entries, their openings and files, and what is withheld from them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from dokaz.casework.erasure import ordered_by_the_journal
from dokaz.casework.models import JournalEntry
from dokaz.casework.rows import texts_of
from dokaz.court.redaction import Redaction
from dokaz.court.withholding import Basis, Deciding, Files, Withholding
from dokaz.errors import OpeningMissing
from dokaz.ledger import Entry

_CHUNK = 500


@dataclass
class Contents:
    """What goes into a bundle, gathered before anything is written.

    Args:
        versions: What is shown of each entry, field by field.
        kept_back: Why a field of an entry is not shown.
        erased: By which order a field of an entry was erased.
    """

    entries: list[tuple[int, Entry]]
    withholding: Withholding
    openings: dict[int, list[list[Any]]] = field(default_factory=dict)
    withheld: list[dict[str, Any]] = field(default_factory=list)
    withheld_files: list[dict[str, Any]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    versions: dict[int, dict[str, Any]] = field(default_factory=dict)
    kept_back: dict[int, dict[str, Basis]] = field(default_factory=dict)
    erased: dict[int, dict[str, str]] = field(default_factory=dict)


def gather(
    indices: Sequence[int],
    redactions: Sequence[Redaction],
    files: Files,
    *,
    size: int | None = None,
    names_may_stay: bool = False,
) -> Contents:
    """Read entries and openings of a bundle, and sort out what is withheld.

    An opening stands with the first entry that holds its digest, once.

    Args:
        files: Where the files lie.
        size: How many entries the log holds that the bundle shows.
        names_may_stay: See ``withholding.Deciding``.

    Raises:
        OpeningMissing: the store lacks an opening, and no order that was in force in that log erased it.
    """
    entries = list(_entries(indices))
    ordered = ordered_by_the_journal(size)
    rows = _openings(entries, ordered)
    values = {digest: value for digest, (_salt, _name, value) in rows.items()}
    decided = Deciding(entries, values, redactions, may_stay=names_may_stay).decide(files)
    contents = Contents(entries, decided)
    seen: set[str] = set()
    for index, entry in entries:
        shown, kept_back = contents.versions.setdefault(index, {}), contents.kept_back.setdefault(index, {})
        for name, digest in sorted(entry.fields.items()):
            if digest in ordered:
                contents.erased.setdefault(index, {})[name] = ordered[digest]
                continue
            ground = decided.fields.get(digest)
            if ground is None:
                shown[name] = values[digest]
            else:
                kept_back[name] = ground
            if digest in seen:
                continue
            seen.add(digest)
            if ground is None:
                contents.openings.setdefault(index, []).append(list(rows[digest]))
            else:
                contents.withheld.append(_declared(ground, index, digest=digest))
        for name in entry.files:
            if name in seen:
                continue
            seen.add(name)
            ground = decided.files.get(name)
            if ground is None:
                contents.files.append(name.removeprefix("sha256:"))
            else:
                contents.withheld_files.append(_declared(ground, index, file=name))
    return contents


def _declared(ground: Basis, index: int, **what: str) -> dict[str, Any]:
    return {"authority": ground.authority, "code": ground.code, "index": index, **what}


def _entries(indices: Sequence[int]) -> Iterator[tuple[int, Entry]]:
    for at in range(0, len(indices), _CHUNK):
        rows = JournalEntry.objects.filter(index__in=indices[at : at + _CHUNK]).order_by("index")
        for index, body in rows.values_list("index", "body"):
            yield index, Entry.parse(bytes(body))


def _openings(entries: Sequence[tuple[int, Entry]], ordered: Collection[str]) -> dict[str, tuple[str, str, Any]]:
    """Salt, name and value of every field, by its digest."""
    found: dict[str, tuple[str, str, Any]] = {}
    for at in range(0, len(entries), _CHUNK):
        part = entries[at : at + _CHUNK]
        wanted = sorted({digest for _, entry in part for digest in entry.fields.values()} - found.keys() - set(ordered))
        found |= {digest: (salt, name, json.loads(text)) for digest, salt, name, text in texts_of(wanted)}
        for index, entry in part:
            if set(entry.fields.values()) - found.keys() - set(ordered):
                raise OpeningMissing(index, entry.kind)
    return found
