"""How fast ledger and vault are, each figure as a ratio against a naive twin or against the hashing alone.

Usage: python bench/trust.py [--entries 100000] [--film-gib 4]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1] / "verifier" / "tests"))

from builder import TO_JUDGE
from ledgers import ACTOR, log_key, publish, random_from, textbook_path, textbook_root
from story import Story

from dokaz.ledger import (
    Base,
    Entry,
    Frontier,
    Log,
    Opening,
    TileStore,
    canonical,
    check_ledger,
    inclusion_proof,
    leaf_hash,
    log_id,
    parse,
)
from dokaz.ledger.entry import UNSIGNED
from dokaz.vault import Vault

FIELDS = 15


def main() -> None:
    """Measure everything and print a line for each."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--entries", type=int, default=100_000)
    arguments.add_argument("--film-gib", type=float, default=4.0)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench_forms()
        bench_tree(asked.entries)
        bench_tiles(Path(folder) / "tiles", asked.entries)
        bench_log(Path(folder) / "store", asked.entries)
        bench_verifier(Path(folder), asked.entries // 10)
        bench_vault(Path(folder), asked.film_gib)


def bench_forms() -> None:
    """Canonical JSON and entries against the standard library's JSON."""
    random_hex = random_from("bench")
    openings = [Opening.fresh(f"field_{n}", f"значення {n}", random_hex=random_hex) for n in range(FIELDS)]
    entry = _entry(0, openings)
    raw, data = entry.to_json(), entry.to_bytes()
    ours = _each(lambda: canonical(raw), 3_000)
    _line("canonical JSON of an entry, written", ours, "json.dumps", _each(lambda: json.dumps(raw), 3_000))
    _line(
        "canonical JSON of an entry, read",
        _each(lambda: parse(data), 3_000),
        "json.loads",
        _each(lambda: json.loads(data), 3_000),
    )
    _line(
        "entry parsed and checked",
        _each(lambda: Entry.parse(data), 3_000),
        "json.loads",
        _each(lambda: json.loads(data), 3_000),
    )
    _line(
        "entry signed by its actor",
        _each(lambda: entry.signed_by(ACTOR), 3_000),
        "Ed25519 alone",
        _each(lambda: ACTOR.sign(data), 3_000),
    )
    one = openings[0].to_json()
    salted = _each(lambda: Opening.from_json(one).digest, 10_000)
    _line(
        "opening, checked and hashed",
        salted,
        "SHA-256 alone",
        _each(lambda: hashlib.sha256(data[:120]).digest(), 10_000),
    )


def bench_tree(count: int) -> None:
    """Growing the tree and proving from it, against hashing alone and against the textbook."""
    leaves = [leaf_hash(b"%d" % n) for n in range(count)]
    with _clock() as ours:
        Frontier().extend(leaves)
    pair = bytes(65)
    _line(
        f"tree grown by {count:,} leaves",
        ours(),
        "one SHA-256 a leaf",
        _each(lambda: hashlib.sha256(pair).digest(), count) * count,
    )
    few = leaves[:1_000]
    with _clock() as ours:
        frontier = Frontier()
        for leaf in few:
            frontier = frontier.append(leaf)
            _ = frontier.root
    with _clock() as naive:
        for size in range(1, len(few) + 1):
            textbook_root(few[:size])
    _line("root after each of 1,000 insertions", ours(), "the textbook's", naive())


def bench_tiles(path: Path, count: int) -> None:
    """Publishing entries as tiles, against writing the same bytes to one file."""
    path.mkdir()
    entries = [os.urandom(1_000) for _ in range(count)]
    store = TileStore(path)
    with _clock() as ours:
        store.append(entries, size=0)
    with _clock() as plain, (path / "plain").open("wb") as file:
        for entry in entries:
            file.write(entry)
        file.flush()
        os.fsync(file.fileno())
    _line(f"{count:,} entries of 1 kB as tiles, durable", ours(), "one plain file, fsynced", plain())
    with _clock() as more:
        for n in range(20):
            store.append([entries[n]], size=count + n)
    _line("one entry more as tiles, durable", more() / 20, "an fsync", _each(lambda: _fsync(path / "plain"), 20))
    leaves = [leaf_hash(each) for each in entries[:20_000]]
    proof = _each(lambda: inclusion_proof(12_345, 20_000, store.read_hash), 200)
    _line(
        "inclusion proof in 20,000 entries, from tiles",
        proof,
        "the textbook's",
        _each(lambda: textbook_path(12_345, leaves), 3),
    )


def bench_log(store: Path, count: int) -> None:
    """Publishing and checking a whole log, against hashing its bytes."""
    store.mkdir()
    random_hex = random_from("log")
    rows = []
    for n in range(count // 10):
        openings = [Opening.fresh(f"field_{k}", f"значення {k}", random_hex=random_hex) for k in range(FIELDS)]
        rows.append((_entry(n, openings).to_bytes(), openings))
    log = Log.found(store, log_key())
    with _clock() as ours:
        publish(log, rows)
    size = sum(p.stat().st_size for p in store.rglob("*") if p.is_file())
    data = bytes(size)
    hashing = _each(lambda: hashlib.sha256(data).digest(), 3)
    _line(
        f"{len(rows):,} entries of {FIELDS} fields published ({size >> 20} MiB)", ours(), "hashing these bytes", hashing
    )
    with _clock() as ours:
        assert check_ledger(store, log_key().verifier_key) == []
    _line(f"{len(rows):,} entries of {FIELDS} fields checked", ours(), "hashing these bytes", hashing)
    one = _entry(len(rows), rows[0][1][:1])
    with _clock() as ours:
        log.publish([one.to_bytes()], [], first=len(rows), key=log_key())
    _line(
        "one entry published with its checkpoint, durable", ours(), "an fsync", _each(lambda: _fsync(store / "x"), 20)
    )


def bench_verifier(folder: Path, count: int) -> None:
    """Verifying a bundle of the whole log, units lifted with a photograph each; in CPU seconds, as they vary less."""
    story = Story()
    log = story.log
    while log.size < count:
        with log.filing():
            units = [story.registered() for _ in range(100)]
        with log.filing():
            for unit in units:
                story.lift(unit)
    photographs = {file.removeprefix("sha256:"): TO_JUDGE for entry in log.entries for file in entry["files"]}
    bundle = log.bundle(folder / "bundle", story.prosecutor, withhold_files=photographs)
    data = b"".join(path.read_bytes() for path in sorted(bundle.rglob("*")) if path.is_file())
    hashing = _each(lambda: hashlib.sha256(data).digest(), 3)
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([Path(sys.executable).parent / "dokaz-verify", bundle, "--quiet"], check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = used.ru_utime + used.ru_stime - started.ru_utime - started.ru_stime
    _line(
        f"{log.size:,} entries verified in a bundle ({len(data) >> 20} MiB), CPU", took, "hashing these bytes", hashing
    )
    print(f"{'memory for it':<66} {used.ru_maxrss / 1024:9.1f} MiB")


def bench_vault(folder: Path, gib: float) -> None:
    """Taking in a film, against hashing alone; and the memory that it takes."""
    film, size = folder / "film.mp4", int(gib * (1 << 30))
    with film.open("wb") as file:
        file.truncate(size)
    child = os.fork()
    if child == 0:
        start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with _clock() as ours:
            Vault(folder / "vault").put(film)
        with _clock() as copying, film.open("rb") as source, (folder / "copy").open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
            os.fsync(target.fileno())
        _line(f"film of {gib:g} GiB into the vault, durable", ours(), "copying it, fsynced", copying())
        memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) / 1024
        print(f"{'memory for it beyond what was there':<66} {memory:9.1f} MiB")
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)


def _entry(number: int, openings: list[Opening]) -> Entry:
    return Entry(
        act="graves.map_grave",
        actor=ACTOR.key_id,
        at="2026-05-04T09:12:03Z",
        base=Base(0, Frontier().root.hex()),
        fields={opening.name: opening.digest for opening in openings},
        kind="graves.Grave",
        log=log_id(str(log_key().verifier_key)),
        office="00000000-0000-4000-8000-00000000000f",
        record=f"00000000-0000-4000-8000-{number:012x}",
        signature=UNSIGNED,
        version=1,
    ).signed_by(ACTOR)


def _fsync(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"x")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _clock() -> Iterator[Callable[[], float]]:
    start = time.perf_counter()
    end: list[float] = []
    yield lambda: end[0] - start
    end.append(time.perf_counter())


def _each(act: Callable[[], object], times: int) -> float:
    with _clock() as taken:
        for _ in range(times):
            act()
    return taken() / times


def _line(what: str, ours: float, peer: str, theirs: float) -> None:
    print(f"{what:<66} {_time(ours):>9}   {ours / theirs:8.2f} x {peer} ({_time(theirs)})", flush=True)


def _time(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.1f} {unit}"
    return f"{seconds / 1e-9:.0f} ns"


if __name__ == "__main__":
    main()
