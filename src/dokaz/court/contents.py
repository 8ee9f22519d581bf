"""What goes into a bundle: entries, their openings and files, and what is withheld from them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from dokaz.casework.constitution import blank_at_birth
from dokaz.casework.models import JournalEntry
from dokaz.casework.rows import texts_of
from dokaz.court.redaction import FILES, Redaction, rule_for
from dokaz.errors import OpeningMissing
from dokaz.ledger import Entry

_CHUNK = 500


@dataclass
class Contents:
    """What goes into a bundle, gathered before anything is written."""

    entries: list[tuple[int, Entry]]
    openings: dict[int, list[list[Any]]] = field(default_factory=dict)
    withheld: list[dict[str, Any]] = field(default_factory=list)
    withheld_files: list[dict[str, Any]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    versions: dict[int, dict[str, Any]] = field(default_factory=dict)


def gather(indices: Sequence[int], redactions: Sequence[Redaction]) -> Contents:
    """Read entries and openings of a bundle, and sort out what is withheld.

    An opening stands with the first entry that holds its digest, once.

    Raises:
        OpeningMissing: the store lacks an opening. There is no order of erasure, so none may be missing.
    """
    contents = Contents(list(_entries(indices)))
    seen: set[str] = set()
    files: set[str] = set()
    # The same file may have been filed with records of several kinds; one rule that withholds it is enough.
    kept_back: dict[str, Redaction] = {}
    for _, entry in contents.entries:
        rule = rule_for(entry.kind, FILES, redactions) if entry.files else None
        if rule is not None:
            kept_back.update((name, rule) for name in entry.files if name not in kept_back)
    for at in range(0, len(contents.entries), _CHUNK):
        part = contents.entries[at : at + _CHUNK]
        wanted = sorted({digest for _, entry in part for digest in entry.fields.values()})
        rows = {digest: (salt, name, json.loads(text)) for digest, salt, name, text in texts_of(wanted)}
        for index, entry in part:
            shown: dict[str, Any] = {}
            blank = blank_at_birth(entry.act, entry.kind) if entry.version == 1 else frozenset()
            for name, digest in sorted(entry.fields.items()):
                if digest not in rows:
                    raise OpeningMissing(index, entry.kind)
                row = rows[digest]
                # That nothing was stated yet when the record was made is withheld from nobody: the verifier checks it.
                rule = None if name in blank else rule_for(entry.kind, name, redactions)
                if rule is None:
                    shown[name] = row[2]
                if digest in seen:
                    continue
                seen.add(digest)
                if rule is None:
                    contents.openings.setdefault(index, []).append(list(row))
                else:
                    contents.withheld.append(
                        {"authority": rule.authority, "code": rule.code, "digest": digest, "index": index}
                    )
            contents.versions[index] = shown
            for name in entry.files:
                if name in files:
                    continue
                files.add(name)
                rule = kept_back.get(name)
                if rule is None:
                    contents.files.append(name.removeprefix("sha256:"))
                else:
                    contents.withheld_files.append(
                        {"authority": rule.authority, "code": rule.code, "file": name, "index": index}
                    )
    return contents


def _entries(indices: Sequence[int]) -> Iterator[tuple[int, Entry]]:
    for at in range(0, len(indices), _CHUNK):
        rows = JournalEntry.objects.filter(index__in=indices[at : at + _CHUNK]).order_by("index")
        for index, body in rows.values_list("index", "body"):
            yield index, Entry.parse(bytes(body))
