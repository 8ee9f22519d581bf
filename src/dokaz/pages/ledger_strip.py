"""The ledger strip of a record: its version, who signed, where the entry lies, and every version before."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import NoReverseMatch, reverse

from dokaz.casework.journal import history
from dokaz.casework.models import Office
from dokaz.casework.queries import Holder, holders_of
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
    holders = holders_of(
        [*(v.entry.actor for v in versions), *(given.key for v in versions for given in v.entry.assents)]
    )
    return Strip(
        version=newest.entry.version,
        leaf=newest.entry.leaf_hash,
        index=newest.index,
        at=dt.datetime.fromisoformat(newest.entry.at),
        tree_size=published_size(),
        signers=signers_of(newest.entry, holders),
        entry=address("entry", newest.index),
        receipt=address("receipt", newest.index),
        history=[
            VersionLine(
                number=v.entry.version,
                act=done_in_words(v.entry.act),
                by=_name(v.entry.actor, holders),
                at=dt.datetime.fromisoformat(v.entry.at),
                url=address("entry", v.index),
                reason=str(v.fields.get("reason") or ""),
            )
            for v in reversed(versions)
        ],
        changes=address("record_history", record.kind(), record.number),
    )


def signers_of(entry: Entry, holders: dict[str, Holder] | None = None) -> list[Signer]:
    """Who signed an entry, in which office: those who decided together, else the one who acted."""
    signed = [(given.key, given.office) for given in entry.assents] or [(entry.actor, entry.office)]
    if holders is None:
        holders = holders_of(key for key, _office in signed)
    offices = Office.objects.in_bulk([office for _key, office in signed])
    roles = {str(pk): str(office.get_role_display()) for pk, office in offices.items()}
    return [Signer(_name(key, holders), roles.get(office, "")) for key, office in signed]


def _name(key: str, holders: dict[str, Holder]) -> str:
    return holders[key].person.name if key in holders else key[:12]


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
