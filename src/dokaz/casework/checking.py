"""Checks a store: every published file, the journal in the database, and every row of every table against them.

An edit that went round the acts (in a table, an opening, a tile, a file of the vault) shows in at least one of the three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from django.db import DatabaseError, connection, models

from dokaz.casework import journal
from dokaz.casework.models import JournalEntry, JournalHead, JournalOpening, Key
from dokaz.casework.records import Record, record_kinds
from dokaz.casework.store import Store
from dokaz.errors import Fault, TrustError
from dokaz.ledger import Entry, Frontier, Opening, canonical, check_ledger, leaf_hash, parse
from dokaz.ledger.personal import is_wrapped_key

Progress = Callable[[str, int], None]

_CHUNK = 500
_RESTORE = "compare with a copy; `dokaz rebuild` makes the tables anew from the ledger"


def check(store: Store, *, key: str = "", progress: Progress = lambda step, done: None) -> list[Fault]:
    """Check everything of a store.

    Args:
        key: The log's public key from where it was published; that of the store itself if not given.
        progress: Told the step, and how much of it is done.

    Returns: What is wrong, in a person's words; nothing if all holds. A finding marked ``unfinished`` loses nothing.
    """
    trusted = key or str(store.log.verifier_key_on_disk())
    audit = partial(check_ledger, store.path, trusted, progress=lambda done: progress("ledger", done))
    try:
        findings = audit(
            entries=enumerate(journal.entry_bodies(0, journal.size())),
            openings=journal.new_openings(0, journal.size()),
        )
    except DatabaseError as error:
        # Without its journal the database says nothing that could be compared; the files stand for themselves.
        place = connection.settings_dict["NAME"]
        return [Fault("database", f"{place} cannot be read: {error}", _RESTORE), *audit(), *_check_log_key(store)]
    findings += _as_read("journal", partial(_check_journal, progress))
    for kind in record_kinds():
        findings += _as_read(kind.kind(), partial(_check_table, kind, progress))
    findings += _check_unknown_records()
    named = {f.removeprefix("sha256:") for entry in _entries() for f in entry.files}
    findings += store.vault.check(named, progress=lambda done: progress("vault", done))
    return findings + _check_log_key(store) + _as_read("keys", partial(_check_personal_keys, store))


def _check_log_key(store: Store) -> list[Fault]:
    """The key with which checkpoints are signed: there, whole, and the one that was published."""
    keys = store.path / "keys"
    if not keys.is_dir():
        said = "no private key is here, so nothing more can be filed"
        return [Fault("keys", said, "restore them from a copy; a copy for reading needs none", unfinished=True)]
    try:
        signs = store.log_key.verifier_key == store.log.verifier_key_on_disk()
    except TrustError as error:
        return [Fault("keys/log.pem", error.what, error.next_step)]
    if not signs:
        return [Fault("keys/log.pem", "is not the private half of ledger/key", "restore the one that is")]
    return []


def _check_personal_keys(store: Store) -> list[Fault]:
    """The wrapped key of everybody who can sign, and no other; only its owner can tell whether it opens."""
    folder = store.path / "keys" / "people"
    if not folder.parent.is_dir():
        return []
    findings = []
    here = {path.stem: path for path in folder.glob("*.pem")}
    for key in Key.objects.select_related("person").order_by("person__number", "number"):
        path = here.pop(key.number, None)
        if key.retired_at is not None or (path is not None and is_wrapped_key(path.read_bytes())):
            continue
        what = f"the signing key of {key.person.number} {key.person.name} is {'damaged' if path else 'missing'}"
        findings.append(Fault(f"keys/people/{key.number}.pem", what, "restore it from a copy, or `dokaz user new-key`"))
    findings += [
        Fault(f"keys/people/{path.name}", "belongs to nobody: an enrolment was refused", "remove it", unfinished=True)
        for path in sorted(here.values())
    ]
    return findings


def _as_read(what: str, part: Callable[[], list[Fault]]) -> list[Fault]:
    """What a part finds; that it cannot be read at all is a finding too."""
    try:
        return part()
    except (DatabaseError, TypeError, ValueError) as error:
        return [Fault(f"database, {what}", f"cannot be read: {error}", _RESTORE)]


def _entries() -> Iterator[Entry]:
    yield from filter(None, map(_parsed, journal.entry_bodies(0, journal.size())))


def _parsed(body: bytes) -> Entry | None:
    try:
        return Entry.parse(body)
    except TrustError:
        return None  # named by _check_journal


def _check_journal(progress: Progress) -> list[Fault]:
    """The journal's own columns against its bytes, and its head against the tree."""
    findings, frontier, expected = [], Frontier(), 0
    for row in JournalEntry.objects.order_by("index").iterator(_CHUNK):
        body = bytes(row.body)
        place = f"database, journal entry {row.index}"
        if row.index != expected:
            findings.append(Fault(place, f"entries {expected} to {row.index - 1} are missing", _RESTORE))
        expected = row.index + 1
        frontier = frontier.append(leaf_hash(body))
        try:
            entry = Entry.parse(body)
        except TrustError as error:
            findings.append(Fault(place, error.what, _RESTORE))
            continue
        said = (str(row.record), row.version, row.kind, row.act, row.actor, row.leaf)
        if said != (entry.record, entry.version, entry.kind, entry.act, entry.actor, entry.leaf_hash):
            findings.append(Fault(place, "its columns do not say what its bytes say", _RESTORE))
        progress("journal", expected)
    head = JournalHead.objects.filter(pk=1).first()
    if head is not None and head.size != expected:
        findings.append(Fault("database, journal head", f"says {head.size} entries, there are {expected}", _RESTORE))
    elif head is not None and head.frontier != frontier.to_json():
        findings.append(Fault("database, journal head", "its tree is not that of the entries", _RESTORE))
    return findings


def _check_table(kind: type[Record], progress: Progress) -> list[Fault]:
    """Every row of one kind against the openings of its newest entry."""
    findings = []
    newest = _newest_entries(kind)
    rows = kind._base_manager.order_by("pk").iterator(_CHUNK)
    done = 0
    while chunk := list(islice(rows, _CHUNK)):
        bodies = {
            leaf: _parsed(bytes(body))
            for leaf, body in JournalEntry.objects.filter(leaf__in=[r.entry_hash for r in chunk]).values_list(
                "leaf", "body"
            )
        }
        openings = JournalOpening.objects.in_bulk([d for e in bodies.values() if e for d in e.fields.values()])
        for row in chunk:
            place = f"database, {kind.kind()} {row.number}"
            if newest.pop(row.pk, None) != (row.version, row.entry_hash):
                findings.append(Fault(place, "the row is not the newest version that the ledger holds", _RESTORE))
                continue
            entry = bodies[row.entry_hash]
            if entry is None:
                continue  # named by _check_journal
            findings += _compare(
                row, place, {openings[d].name: openings[d] for d in entry.fields.values() if d in openings}
            )
        done += len(chunk)
        progress(kind.kind(), done)
    for record in newest:
        findings.append(
            Fault(f"database, {kind.kind()}", f"record {record} is in the ledger, but not in the table", _RESTORE)
        )
    return findings


def _newest_entries(kind: type[Record]) -> dict[object, tuple[int, str]]:
    found: dict[object, tuple[int, str]] = {}
    rows = JournalEntry.objects.filter(kind=kind.kind()).order_by("index").values_list("record", "version", "leaf")
    for record, version, leaf in rows.iterator(_CHUNK):
        found[record] = (version, leaf)
    return found


def _compare(row: Record, place: str, opened: dict[str, JournalOpening]) -> list[Fault]:
    findings = []
    try:
        content = row.content()
    except (TypeError, ValueError) as error:
        return [Fault(place, f"holds a value that no act can have written: {error}", _RESTORE)]
    for name, value in content.items():
        opening = opened.get(name)
        if opening is None:
            findings.append(Fault(place, f"{name}: the ledger holds no opening for it", _RESTORE))
            continue
        text = canonical(value).decode()
        if text != opening.value:
            findings.append(
                Fault(place, f"{name} is {text[:80]} in the table, but {opening.value[:80]} in the ledger", _RESTORE)
            )
        elif Opening(opening.salt, opening.name, parse(opening.value.encode())).digest != opening.digest:
            findings.append(Fault(place, f"{name}: the opening does not fit its digest", _RESTORE))
    return findings


def _check_unknown_records() -> list[Fault]:
    known = {kind.kind() for kind in record_kinds()}
    unknown = JournalEntry.objects.exclude(kind__in=known).values("kind").annotate(n=models.Count("index"))
    return [
        Fault(
            "database, journal",
            f"{row['n']} entries of kind {row['kind']}, which this version of Dokaz does not know",
            "use the version that wrote them",
        )
        for row in unknown
    ]
