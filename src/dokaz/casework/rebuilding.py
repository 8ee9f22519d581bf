"""Makes the tables anew from the published ledger and its openings: the way back from a lost or altered database."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection

from django.db import connection, transaction

from dokaz.casework.erasure import ordered_by_the_journal
from dokaz.casework.models import ErasureDue, JournalEntry, JournalHead, JournalOpening
from dokaz.casework.records import Record, record_kinds
from dokaz.casework.rows import insert
from dokaz.casework.store import Store
from dokaz.errors import CannotRebuild, DatabaseNotEmpty, sentence
from dokaz.ledger import Entry, Frontier, canonical, parse

Progress = Callable[[int, int], None]

_CHUNK = 1_000


def rebuild(store: Store, *, progress: Progress = lambda done, total: None) -> dict[str, int]:
    """Fill an empty database from the entries and openings that the store has published.

    What is rebuilt is identical in content to what the acts had written: every row, every journal entry, every opening.
    Sign-ins (passwords, second factors) are no records: they are left as they are.

    Args:
        progress: Told entries done and entries in all.

    Returns: How many records of each kind there are.

    Raises:
        DatabaseNotEmpty: the database holds entries already.
        CannotRebuild: an entry cannot be read, or an opening that a row needs is not there.
    """
    if JournalEntry.objects.exists():
        raise DatabaseNotEmpty()
    size = store.log.size
    with transaction.atomic():
        newest = _replay(store, size, progress)
        return _fill_tables(newest)


def _replay(store: Store, size: int, progress: Progress) -> dict[str, dict[str, int]]:
    """Write journal and openings; return the index of the newest version of every record, by kind."""
    frontier = Frontier()
    newest: dict[str, dict[str, int]] = {}
    source = store.log.openings.read_all(size=size)
    entries: list[JournalEntry] = []
    openings: list[JournalOpening] = []
    ahead = next(source, None)
    for index, body in enumerate(store.log.tiles.read_entries(0, size)):
        entry = Entry.parse(body)
        frontier = frontier.append(bytes.fromhex(entry.leaf_hash))
        newest.setdefault(entry.kind, {})[entry.record] = index
        entries.append(
            JournalEntry(
                index=index,
                record=uuid.UUID(entry.record),
                version=entry.version,
                kind=entry.kind,
                act=entry.act,
                actor=entry.actor,
                at=dt.datetime.fromisoformat(entry.at),
                leaf=entry.leaf_hash,
                body=body,
            )
        )
        if ahead is not None and ahead[0] == index:
            strange = next((o.name for o in ahead[1] if entry.fields.get(o.name) != o.digest), None)
            if strange is not None:
                said = sentence("openings/ says of {name} what entry {index} never said", name=strange, index=index)
                raise CannotRebuild(said)
            openings += [
                JournalOpening(
                    digest=o.digest, index=index, salt=o.salt, name=o.name, value=canonical(o.value).decode()
                )
                for o in ahead[1]
            ]
            ahead = next(source, None)
        if len(entries) >= _CHUNK:
            _write(entries, openings)
            entries, openings = [], []
            progress(index + 1, size)
    _write(entries, openings)
    _leave_out_what_was_erased()
    if frontier.root != store.log.head.root:
        raise CannotRebuild(sentence("the entries on disk are not those that the checkpoint signs for"))
    JournalHead.objects.create(pk=1, size=size, frontier=frontier.to_json())
    progress(size, size)
    return newest


def _leave_out_what_was_erased() -> None:
    """What an order in force covers stays erased, though a copy of openings/ brought it back; there it is due again."""
    back = JournalOpening.objects.filter(digest__in=list(ordered_by_the_journal()))
    insert([ErasureDue(digest=digest, index=index) for digest, index in back.values_list("digest", "index")])
    back.delete()


def _write(entries: list[JournalEntry], openings: list[JournalOpening]) -> None:
    insert(entries)
    insert(openings)


def _fill_tables(newest: dict[str, dict[str, int]]) -> dict[str, int]:
    """Write every row; references between rows are checked when all are there."""
    kinds = {kind.kind(): kind for kind in record_kinds()}
    unknown = sorted(set(newest) - set(kinds))
    if unknown:
        raise CannotRebuild(
            sentence("the ledger holds kinds that this version does not know: {unknown}", unknown=", ".join(unknown))
        )
    counts = {}
    erased = ordered_by_the_journal()
    with connection.constraint_checks_disabled():
        for name, kind in kinds.items():
            records = newest.get(name, {})
            indices = sorted(records.values())
            for at in range(0, len(indices), _CHUNK):
                _fill(kind, indices[at : at + _CHUNK], erased)
            if indices:
                counts[name] = len(indices)
    connection.check_constraints()
    return counts


def _fill(kind: type[Record], indices: list[int], erased: Collection[str]) -> None:
    entries = {
        index: Entry.parse(bytes(body))
        for index, body in JournalEntry.objects.filter(index__in=indices).values_list("index", "body")
    }
    openings = JournalOpening.objects.in_bulk([d for entry in entries.values() for d in entry.fields.values()])
    rows = []
    for index in indices:
        entry = entries[index]
        content = {openings[d].name: parse(openings[d].value.encode()) for d in entry.fields.values() if d in openings}
        gone = [name for name, digest in entry.fields.items() if digest in erased]
        try:
            rows.append(
                kind.from_content(
                    id=uuid.UUID(entry.record),
                    version=entry.version,
                    entry_hash=entry.leaf_hash,
                    content=content,
                    erased=gone,
                )
            )
        except KeyError as error:
            raise CannotRebuild(
                sentence(
                    "entry {index} ({kind}): the opening of {error} is missing, and no order in force erased it",
                    index=index,
                    kind=entry.kind,
                    error=error,
                )
            ) from error
    insert(rows)
