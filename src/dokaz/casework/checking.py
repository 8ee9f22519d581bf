"""Checks a store: every published file, the journal in the database, and every row of every table against them.

An edit that went round the acts (in a table, an opening, a tile, a file of the vault) shows in at least one of the three.
What no check can see is listed in docs/operating.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection

from dokaz.casework.checking_files import check_database_files, check_files, check_keys
from dokaz.casework.checking_journal import (
    JournalCheck,
    bodies,
    check_openings,
    check_unknown_records,
    parsed,
    sound_openings,
)
from dokaz.casework.erasure import ordered_by_the_journal
from dokaz.casework.models import ErasureDue, JournalEntry, JournalHead, JournalOpening
from dokaz.casework.records import Record, erased_value, field_of, record_kinds
from dokaz.casework.rows import as_stored
from dokaz.casework.store import Store
from dokaz.errors import DokazError, Fault, TrustError
from dokaz.ledger import VerifierKey, canonical, check_ledger
from dokaz.ledger.audit_contents import REBUILD

Progress = Callable[[str, int], None]
#: A check that a room brings of what it keeps in the store.
RoomCheck = Callable[[Store], list[Fault]]

_CHUNK = 500


def check(
    store: Store,
    *,
    key: str = "",
    progress: Progress = lambda step, done: None,
    rooms: Sequence[RoomCheck] = (),
) -> list[Fault]:
    """Check everything of a store.

    Args:
        key: The log's public key from where it was published; that of the store itself if not given.
        progress: Told the step, and how much of it is done.
        rooms: Checks of what rooms keep in the store.

    Returns: What is wrong, in a person's words; nothing if all holds. A finding marked ``unfinished`` loses nothing.
    """
    findings = [*check_files(store), *check_database_files()]
    trusted = _trusted(store, key, findings)
    audit = partial(check_ledger, store.path, progress=lambda done: progress("ledger", done))
    erased: dict[str, str] = {}
    try:
        for table in (JournalEntry, JournalHead, JournalOpening):
            table.objects.exists()
        erased = ordered_by_the_journal()
        due = list(ErasureDue.objects.values_list("digest", flat=True))
        audit = partial(audit, erased=erased, due=due)
    except DatabaseError as error:
        # Without its journal the database says nothing that could be compared; the files stand for themselves.
        place = connection.settings_dict["NAME"]
        findings.append(Fault("database", f"{place} cannot be read: {error}", REBUILD))
        findings += audit(trusted) if trusted is not None else []
        return [*findings, *_as_read("keys", partial(check_keys, store)), *store.vault.check(None)]
    if trusted is not None:
        findings += _compared(partial(audit, trusted))
    of_journal = JournalCheck()
    findings += _as_read("journal", partial(of_journal.run, lambda done: progress("journal", done)))
    findings += _as_read("openings", partial(check_openings, lambda done: progress("openings", done)))
    for kind in record_kinds():
        findings += _as_read(kind.kind(), partial(_check_table, kind, progress, erased))
    findings += _as_read("journal", check_unknown_records)
    findings += store.vault.check(of_journal.files, progress=lambda done: progress("vault", done))
    findings += _as_read("keys", partial(check_keys, store))
    for one in rooms:
        findings += _as_read("rooms", partial(one, store))
    return list(dict.fromkeys(findings))


def _trusted(store: Store, key: str, findings: list[Fault]) -> VerifierKey | None:
    """The key by which the ledger is checked; where the published one was not given and the store's is lost, its own."""
    if key:
        return VerifierKey.parse(key)
    try:
        return store.log.verifier_key_on_disk()
    except TrustError as error:
        findings.append(
            Fault("ledger/key", error.what.removeprefix("ledger/key "), "write it anew as it was published")
        )
    try:
        return store.log_key.verifier_key
    except DokazError:
        return None  # named with the keys


def _compared(audit: Callable[..., list[Fault]]) -> list[Fault]:
    """The ledger's files, beside the database's copy of them; alone where that cannot be read."""
    try:
        return audit(entries=enumerate(bodies()), openings=sound_openings())
    except DatabaseError as error:
        return [Fault("database, journal", f"cannot be read: {error}", REBUILD), *audit()]


def _as_read(what: str, part: Callable[[], list[Fault]]) -> list[Fault]:
    """What a part finds; that it cannot be read at all is a finding too."""
    try:
        return part()
    except (
        DatabaseError,
        ValidationError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        return [Fault(f"database, {what}", f"cannot be read: {error}", REBUILD)]
    except OSError as error:
        return [Fault(what, f"{error.filename} cannot be read: {error.strerror}", "restore it from a copy")]


def _check_table(kind: type[Record], progress: Progress, erased: Mapping[str, str]) -> list[Fault]:
    """Every row of one kind against the openings of its newest entry."""
    findings = []
    newest = _newest_entries(kind)
    rows = kind._base_manager.order_by("pk").iterator(_CHUNK)
    done = 0
    while chunk := list(islice(rows, _CHUNK)):
        bodies = {
            leaf: parsed(body)
            for leaf, body in JournalEntry.objects.filter(leaf__in=[r.entry_hash for r in chunk]).values_list(
                "leaf", "body"
            )
        }
        openings = JournalOpening.objects.in_bulk([d for e in bodies.values() if e for d in e.fields.values()])
        as_written = as_stored(kind, chunk)
        for row in chunk:
            place = f"database, {kind.kind()} {row.number}"
            if newest.pop(row.pk, None) != (row.version, row.entry_hash):
                findings.append(Fault(place, "the row is not the newest version that the ledger holds", REBUILD))
                continue
            entry = bodies.get(row.entry_hash)
            if entry is None:
                continue  # named by JournalCheck, or as damage of the database file
            findings += [
                Fault(place, f"{name}: {raw!r} is stored, which no act writes so", REBUILD)
                for name, raw in as_written.get(row.pk, [])
            ]
            opened = {openings[d].name: openings[d] for d in entry.fields.values() if d in openings}
            gone = {name for name, digest in entry.fields.items() if digest in erased}
            findings += _compare(row, place, opened, gone)
        done += len(chunk)
        progress(kind.kind(), done)
    for record in newest:
        findings.append(
            Fault(f"database, {kind.kind()}", f"record {record} is in the ledger, but not in the table", REBUILD)
        )
    return findings


def _newest_entries(kind: type[Record]) -> dict[object, tuple[int, str]]:
    found: dict[object, tuple[int, str]] = {}
    rows = JournalEntry.objects.filter(kind=kind.kind()).order_by("index").values_list("record", "version", "leaf")
    for record, version, leaf in rows.iterator(_CHUNK):
        found[record] = (version, leaf)
    return found


def _compare(row: Record, place: str, opened: dict[str, JournalOpening], gone: set[str]) -> list[Fault]:
    findings = []
    if row.erased != sorted(gone):
        said = ", ".join(map(str, row.erased)) if isinstance(row.erased, list) else repr(row.erased)
        due = ", ".join(sorted(gone))
        findings.append(
            Fault(place, f"marks as erased: {said or 'nothing'}; orders cover: {due or 'nothing'}", REBUILD)
        )
    try:
        content = row.content()
    except (TypeError, ValueError) as error:
        return [Fault(place, f"holds a value that no act can have written: {error}", REBUILD)]
    for name, value in content.items():
        if name in gone:
            if getattr(row, field_of(type(row), name).attname) != erased_value(type(row), field_of(type(row), name)):
                findings.append(Fault(place, f"{name} was erased, and the table says something", REBUILD))
            continue
        opening = opened.get(name)
        if opening is None:
            findings.append(Fault(place, f"{name}: the ledger holds no opening for it", REBUILD))
            continue
        text = canonical(value).decode()
        if text != opening.value:
            findings.append(
                Fault(place, f"{name} is {text[:80]} in the table, but {opening.value[:80]} in the ledger", REBUILD)
            )
    return findings
