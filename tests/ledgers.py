"""Small ledgers for tests: reproducible entries with their openings, logs made of them, and the textbook's tree."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from dokaz.ledger import Base, Checkpoint, Entry, Frontier, Log, LogKey, Opening, log_id
from dokaz.ledger.entry import UNSIGNED
from dokaz.ledger.personal import from_seed

ORIGIN = "example.org/dokaz/invented"
OFFICE = "00000000-0000-4000-8000-00000000000f"
ACTOR = from_seed(b"\xab" * 32)


def random_from(seed: str) -> Callable[[int], str]:
    """Give a reproducible stand-in for ``secrets.token_hex``."""
    count = 0

    def random_hex(size: int) -> str:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{seed} {count}".encode()).hexdigest(size)

    return random_hex


def log_key() -> LogKey:
    """Give the key of the test log."""
    return LogKey.from_seed(ORIGIN, bytes(range(32)))


def filed(count: int, *, seed: str = "filed") -> list[tuple[bytes, list[Opening]]]:
    """Make entries with the openings that are new with each: graves, every other of which gets a second version."""
    random_hex, log, frontier = random_from(seed), log_id(str(log_key().verifier_key)), Frontier()
    result: list[tuple[bytes, list[Opening]]] = []
    newest: dict[int, tuple[Entry, list[Opening]]] = {}
    for number in range(count):
        grave = number // 3 * 2 + (number % 3 > 1)
        if number % 3 == 1:
            grave = number // 3 * 2
        before, old = newest.get(grave, (None, []))
        version = before.version + 1 if before else 1
        values = {"number": f"Г-{grave:04}", "state": ("mapped", "opened")[version - 1]}
        kept = {opening.name: opening for opening in old if values[opening.name] == opening.value}
        openings = [kept.get(name) or Opening.fresh(name, v, random_hex=random_hex) for name, v in values.items()]
        entry = Entry(
            act="graves.map_grave",
            actor=ACTOR.key_id,
            at="2026-05-04T09:12:03Z",
            base=Base(number, frontier.root.hex()),
            fields={opening.name: opening.digest for opening in openings},
            kind="graves.Grave",
            log=log,
            office=OFFICE,
            previous=(before.leaf_hash,) if before else (),
            record=f"00000000-0000-4000-8000-{grave:012x}",
            signature=UNSIGNED,
            version=version,
        ).signed_by(ACTOR)
        frontier = frontier.append(bytes.fromhex(entry.leaf_hash))
        newest[grave] = (entry, openings)
        result.append((entry.to_bytes(), [opening for opening in openings if opening not in old]))
    return result


def publish(log: Log, rows: Sequence[tuple[bytes, list[Opening]]], *, upto: int | None = None) -> Checkpoint:
    """Publish rows that are not published yet."""
    first, end = log.size, len(rows) if upto is None else upto
    openings = [(index, rows[index][1]) for index in range(first, end)]
    return log.publish([entry for entry, _ in rows[first:end]], openings, first=first, key=log_key())


def found_log(store: Path, *sizes: int, seed: str = "filed") -> tuple[Log, list[tuple[bytes, list[Opening]]]]:
    """Found a log and publish to each of these sizes in turn."""
    store.mkdir(parents=True, exist_ok=True)
    log, rows = Log.found(store, log_key()), filed(max(sizes, default=0), seed=seed)
    for size in sizes:
        publish(log, rows, upto=size)
    return log, rows


def textbook_root(leaves: Sequence[bytes]) -> bytes:
    """Compute a root as RFC 6962, section 2.1, words it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + textbook_root(leaves[:split]) + textbook_root(leaves[split:])).digest()


def textbook_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Compute an inclusion proof as RFC 6962, section 2.1.1, words it."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*textbook_path(index, leaves[:split]), textbook_root(leaves[split:])]
    return [*textbook_path(index - split, leaves[split:]), textbook_root(leaves[:split])]


def textbook_consistency(old: int, leaves: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """Compute a consistency proof as RFC 6962, section 2.1.2, words it."""
    if old == len(leaves):
        return [] if whole else [textbook_root(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old <= split:
        return [*textbook_consistency(old, leaves[:split], whole=whole), textbook_root(leaves[split:])]
    return [*textbook_consistency(old - split, leaves[split:], whole=False), textbook_root(leaves[:split])]


def tiles_of(size: int) -> Iterator[tuple[int, int, int]]:
    """List the hash tiles of a tree as (level, index, width): full ones, and the partial one at each right edge."""
    level = 0
    while size:
        for index in range(size // 256):
            yield level, index, 256
        if size % 256:
            yield level, size // 256, size % 256
        size //= 256
        level += 1
