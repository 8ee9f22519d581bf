"""Checks the journal in the database: every column of its entries, and every opening."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from django.db import models

from dokaz.casework.models import JournalEntry, JournalHead, JournalOpening
from dokaz.casework.records import record_kinds
from dokaz.casework.values import timestamp
from dokaz.errors import Fault, TrustError
from dokaz.ledger import Entry, Frontier, Opening, leaf_hash, parse
from dokaz.ledger.audit_contents import REBUILD
from dokaz.ledger.opening import digest_of

_CHUNK = 1_000


def bodies() -> Iterator[bytes]:
    """The bytes of every entry as the database holds them; what is none is given as nothing, and so differs."""
    rows = JournalEntry.objects.order_by("index")
    yield from map(_bytes, rows.values_list("body", flat=True).iterator(_CHUNK))


def _bytes(body: object) -> bytes:
    return bytes(body) if isinstance(body, bytes | memoryview) else b""


def parsed(body: object) -> Entry | None:
    """The entry; None where it cannot be read, which ``JournalCheck`` names."""
    with suppress(TrustError):
        return Entry.parse(_bytes(body))
    return None


class JournalCheck:
    """The journal's own columns against its bytes, and its head against the tree."""

    def __init__(self) -> None:
        #: SHA-256 of every file that an entry names; known once ``run`` has run.
        self.files: set[str] = set()

    def run(self, progress: Callable[[int], None]) -> list[Fault]:
        """Go through the journal once."""
        findings, frontier, expected = [], Frontier(), 0
        for row in JournalEntry.objects.order_by("index").iterator(_CHUNK):
            body = _bytes(row.body)
            place = f"database, journal entry {row.index}"
            if row.index != expected:
                findings.append(Fault(place, f"entries {expected} to {row.index - 1} are missing", REBUILD))
            expected = row.index + 1
            frontier = frontier.append(leaf_hash(body))
            try:
                entry = Entry.parse(body)
            except TrustError as error:
                findings.append(Fault(place, error.what, REBUILD))
                continue
            said = (str(row.record), row.version, row.kind, row.act, row.actor, timestamp(row.at), row.leaf)
            if said != (
                entry.record, entry.version, entry.kind, entry.act, entry.actor, entry.at, entry.leaf_hash
            ):  # fmt: skip
                findings.append(Fault(place, "its columns do not say what its bytes say", REBUILD))
            self.files.update(file.removeprefix("sha256:") for file in entry.files)
            progress(expected)
        return findings + _check_head(expected, frontier)


def _check_head(expected: int, frontier: Frontier) -> list[Fault]:
    heads, place = list(JournalHead.objects.order_by("pk")), "database, journal head"
    if [head.pk for head in heads] != [1] and (heads or expected):
        return [Fault(place, f"{len(heads)} rows where one is due, numbered 1", REBUILD)]
    for head in heads:
        if head.size != expected:
            return [Fault(place, f"says {head.size} entries, there are {expected}", REBUILD)]
        if head.frontier != frontier.to_json():
            return [Fault(place, "its tree is not that of the entries", REBUILD)]
    return []


def sound_openings() -> Iterator[tuple[int, list[Opening]]]:
    """The openings of every entry that has any; those that ``check_openings`` names as unreadable are left out."""
    index, group = -1, list[Opening]()
    for row in JournalOpening.objects.order_by("index", "digest").iterator(_CHUNK):
        if row.index != index and group:
            yield index, group
            group = []
        index = row.index
        with suppress(TrustError, AttributeError, TypeError):
            group.append(Opening(row.salt, row.name, parse(row.value.encode())))
    if group:
        yield index, group


def check_openings(progress: Callable[[int], None]) -> list[Fault]:
    """Every stored opening: salt, name and value make its digest, and belong to an entry."""
    findings = []
    last = JournalEntry.objects.aggregate(last=models.Max("index"))["last"]
    rows = JournalOpening.objects.order_by("index", "digest")
    for done, row in enumerate(rows.iterator(_CHUNK), start=1):
        place = f"database, opening {row.digest[:12]}… of entry {row.index}"
        if last is None or row.index > last:
            findings.append(Fault(place, "there is no such entry", REBUILD))
        if digest_of(row.salt, row.name, row.value) != row.digest:
            findings.append(Fault(place, f"{row.name[:40]!r}: salt, name and value do not make its digest", REBUILD))
        else:
            try:
                Opening(row.salt, row.name, parse(row.value.encode()))
            except (TrustError, AttributeError, TypeError) as error:
                findings.append(Fault(place, f"cannot be read: {error}", REBUILD))
        if done % _CHUNK == 0:
            progress(done)
    return findings


def check_unknown_records() -> list[Fault]:
    """Entries of kinds that no installed room has: nothing of them can be compared."""
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
