"""The ledger strip of a record: its version, who signed, where the entry lies, and every version before."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import NoReverseMatch, reverse

from dokaz.casework.journal import history
from dokaz.casework.models import Key, Office
from dokaz.casework.records import Record
from dokaz.casework.registry import done_in_words
from dokaz.casework.store import current_store
from dokaz.errors import TrustError
from dokaz.ledger import Entry
from dokaz.pages.parts import Signer, Strip, VersionLine


def strip_of(record: Record) -> Strip | None:
    """What the ledger holds of a record; None if it was never filed."""
    versions = history(record.pk)
    if not versions:
        return None
    newest = versions[-1]
    keys = {v.entry.actor for v in versions} | {s.key for s in newest.entry.signatures}
    names = dict(Key.objects.filter(number__in=keys).values_list("number", "person__name"))
    return Strip(
        version=newest.entry.version,
        leaf=newest.entry.leaf_hash,
        index=newest.index,
        at=dt.datetime.fromisoformat(newest.entry.at),
        tree_size=published_size(),
        signers=signers_of(newest.entry, names),
        entry=address("entry", newest.index),
        receipt=address("receipt", newest.index),
        history=[
            VersionLine(
                number=v.entry.version,
                act=done_in_words(v.entry.act),
                by=names.get(v.entry.actor, v.entry.actor[:12]),
                at=dt.datetime.fromisoformat(v.entry.at),
                url=address("entry", v.index),
                reason=str(v.fields.get("reason") or ""),
            )
            for v in reversed(versions)
        ],
    )


def signers_of(entry: Entry, names: dict[str, str] | None = None) -> list[Signer]:
    """Who signed an entry in person, in which office."""
    if not entry.signatures:
        return []
    if names is None:
        keys = [s.key for s in entry.signatures]
        names = dict(Key.objects.filter(number__in=keys).values_list("number", "person__name"))
    offices = Office.objects.in_bulk([s.office for s in entry.signatures])
    roles = {str(pk): str(office.get_role_display()) for pk, office in offices.items()}
    return [Signer(names.get(s.key, s.key[:12]), roles.get(s.office, "")) for s in entry.signatures]


def published_size() -> int | None:
    """The size of the newest checkpoint; None if it cannot be read."""
    try:
        return current_store().log.size
    except (TrustError, OSError):
        return None


def address(name: str, *args: Any) -> str:
    """The address of a page; empty if no room has it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
