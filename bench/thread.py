"""How long the thread takes: import, filing, bundle, verify, check, rebuild, on SQLite, of an invented survey.

Usage: python bench/thread.py [--remains 447]

Each figure is also given as a multiple of the naive twin: hashing and writing the same bytes once, with one fsync.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WORDS = "only for measuring"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--remains", type=int, default=447)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        run(Path(temporary), given.remains)
    return 0


def run(here: Path, remains: int) -> None:
    """Measure every step once, in the order of an investigation."""
    from dokaz.simulate import simulate

    simulate(here / "incoming", seed=1, remains=remains)
    from dokaz.casework.store import make_store
    from dokaz.cli.init import found_investigation

    make_store(here / "store", origin="example.org/dokaz/bench")
    found_investigation(
        here / "store", {"Chief": WORDS}, name="Invented", mandate="to measure", mandate_authority="Nobody"
    )
    from dokaz.casework import journal
    from dokaz.casework.checking import check
    from dokaz.casework.delivery_kinds import Sent
    from dokaz.casework.filing import filing
    from dokaz.casework.queries import actor, key_of, person_named
    from dokaz.casework.store import current_store
    from dokaz.cli.frame import now
    from dokaz.cli.user import enrolled
    from dokaz.court.assembling import make_bundle
    from dokaz.exchange.reading.sent_files import SentFile
    from dokaz.graves.acts import open_site
    from dokaz.graves.intake import SURVEY

    store = current_store()
    chief = person_named("Chief")
    key = key_of(chief.id)
    assert key is not None
    unlocked = store.unlock(key.number, WORDS)
    own = store.new_personal_key(WORDS)
    person = enrolled(store, actor(chief, "administrator", unlocked), "Everybody", ["scene", "prosecutor"], own)
    scene, prosecutor = actor(person, "scene", own), actor(person, "prosecutor", own)

    pictures = {p.name: p for p in (here / "incoming" / "photographs").iterdir()}
    naive = timed(lambda: copied(pictures.values(), here / "copied"))[1]
    before = journal.size()

    def import_surveys() -> None:
        for file in sorted((here / "incoming").glob("survey_*")):
            sent = {"file": [SentFile(file.name, file)], "photographs": [SentFile(*one) for one in pictures.items()]}
            with store.vault.staging() as staging:
                read = SURVEY.read(Sent(sent, staging, {}))
                with filing(by=scene, at=now(), store=store) as f:
                    SURVEY.file(read, f, {"scene": scene})

    _, took = timed(import_surveys)
    entries = journal.size() - before
    line("import: entries and photographs", took, entries, "entries")
    print(f"    {len(pictures):,} photographs; {took / naive:.1f} x hashing and copying them once")

    def small_filings() -> None:
        for nth in range(50):
            with filing(by=scene, at=now(), store=store) as f:
                open_site(f, code=f"B{nth:02}", name="Invented", crs="EPSG:32637")

    line("filing: one record, published", timed(small_filings)[1], 50, "filings")
    size = journal.size()
    made, took = timed(lambda: make_bundle(store, here / "bundle", by=prosecutor, clock=now, purpose="to measure"))
    line("bundle: everything", took, made.entries, "entries")
    verifier = Path(sys.executable).parent / "dokaz-verify"
    done, took = timed(lambda: subprocess.run([str(verifier), str(here / "bundle")], capture_output=True))
    line("verify: that bundle", took, made.entries, "entries")
    assert done.returncode == 0, done.stdout
    findings, took = timed(lambda: check(store))
    line("check: store and database", took, size, "entries")
    assert findings == [], findings
    dokaz = Path(sys.executable).parent / "dokaz"
    _, took = timed(
        lambda: subprocess.run(
            [str(dokaz), "rebuild", "--into", f"sqlite:///{here}/anew.sqlite3"],
            env=os.environ | {"DOKAZ_STORE": str(store.path)}, capture_output=True, check=True,
        )
    )  # fmt: skip
    line("rebuild: every table", took, size, "entries")
    shutil.rmtree(here / "bundle")


def timed(do: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    result = do()
    return result, time.perf_counter() - begun


def copied(files: Any, target: Path) -> None:
    """The naive twin: no names, no rows, no proofs; one hash and one fsync in all."""
    with target.open("wb") as out:
        for file in files:
            data = file.read_bytes()
            hashlib.sha256(data).digest()
            out.write(data)
        out.flush()
        os.fsync(out.fileno())


def line(what: str, seconds: float, count: int, unit: str) -> None:
    print(f"{what:<34} {seconds:7.2f} s  {count:7,} {unit:<8} {1000 * seconds / count:8.2f} ms each")


if __name__ == "__main__":
    sys.exit(main())
