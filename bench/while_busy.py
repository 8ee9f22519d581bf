"""How long pages and small filings wait while an import of 20,000 rows or a large bundle runs: SQLite, two workers.

Usage: python bench/while_busy.py [--units 10000] [--rows 20000] [--keep DIRECTORY]

One reader asks for three pages in turn, one other process files a record every half second, somebody types their password
now and then; first with nothing else going on, then beside the import, then beside the bundle. Prints the median and the
slowest twentieth of each, and how many times the idle ones they are. Fails if a page's slowest twentieth passes 300 ms
and 1.5 times the idle one, if a filing beside a bundle passes half a second and three times, if a password beside either
passes two seconds and three times, or if anything is refused.
Beside the import, whoever files waits until it is over, and is told after thirty seconds that the store is busy: that is
counted, and no failure.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pages import LOGIN, WORDS, Reader, seed

IDLE_S, PAUSE_S = 20.0, 0.5
# On a machine that is busy with other things too, what counts is how many times longer it took than beside nothing.
PAGE_MS, FILING_MS, PASSWORD_MS, SLOWER = 300.0, 500.0, 2_000.0, 1.5
# How a filing and a page say that somebody else is filing for longer than one waits.
BUSY = {"StoreBusy:", "503:"}
DOKAZ = Path(sys.executable).parent / "dokaz"

FILER = """
import json, sys, time
from pathlib import Path
from dokaz.cli.frame import acting, filing_as, open_store
store = open_store(Path(sys.argv[1]))
from dokaz.graves.acts import open_site
actor = acting(store, "The scene", "scene")
for nth, line in enumerate(sys.stdin):
    begun = time.perf_counter()
    try:
        with filing_as(store, actor) as work:
            open_site(work, code=f"{sys.argv[2]}{nth:03}", name="Invented", crs="EPSG:32637")
        said = ""
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    print(json.dumps([1000 * (time.perf_counter() - begun), said]), flush=True)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--keep", type=Path, help="where the store goes, or lies from an earlier run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        here = given.keep or Path(temporary)
        if not (here / "store").exists():
            print(f"seeded: {given.units:,} units, {seed(here / 'store', given.units):,} entries")
        table = Path(temporary) / "missing.csv"
        write_reports(table, given.rows)
        return measure(here / "store", table, Path(temporary) / "bundle")


def write_reports(table: Path, rows: int) -> None:
    """Reports of missing persons, as a family liaison office delivers them."""
    mark = f"{time.time_ns() // 1_000_000_000:x}".upper()
    lines = ["id,surname,given_name,patronymic,sex,born,last_seen_place,stature_cm,clothing,reported_by"]
    lines += [
        f"R{mark}-{nth:06},Вигаданий {nth},Іван,Петрович,male,19{50 + nth % 50},Вигаданий Лиман,{160 + nth % 35},"
        f"синя куртка,сестра"
        for nth in range(rows)
    ]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")


@dataclass
class Times:
    """Milliseconds that somebody waited, and what was refused."""

    waited: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def at(self, share: float) -> float:
        """The time within which that share was answered."""
        return sorted(self.waited)[min(len(self.waited) - 1, int(share * len(self.waited)))]


def measure(store: Path, table: Path, bundle: Path) -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    environment = os.environ | {"DOKAZ_STORE": str(store), "DOKAZ_PASSPHRASE": WORDS}
    server = subprocess.Popen(
        [str(DOKAZ), "serve", "--port", address.rpartition(":")[2], "--workers", "2"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        reader = Reader(address)
        reader.wait()
        code = subprocess.run(
            [str(DOKAZ), "user", "code", LOGIN], env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()
        reader.sign_in(code)
        unit = reader.first("/units/", r"/units/([A-Z0-9.-]+)/")
        pages = ["/", f"/units/{unit}/", "/units/"]
        phases: dict[str, tuple[list[str], float]] = {
            "idle": ([], IDLE_S),
            "import": ([str(DOKAZ), "import", "missing", str(table), "--as", "The family_liaison"], 0),
            "bundle": ([str(DOKAZ), "bundle", str(bundle), "--as", "The investigator", "--purpose", "to measure"], 0),
        }
        measured, took = {}, {}
        for name, (command, seconds) in phases.items():
            begun = time.perf_counter()
            measured[name] = beside(reader, pages, command, seconds, environment)
            took[name] = time.perf_counter() - begun
        return told(measured, took)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def beside(
    reader: Reader, pages: list[str], command: list[str], seconds: float, environment: dict[str, str]
) -> dict[str, Times]:
    """What everybody waits while a command runs, or for so many seconds."""
    for path in pages:
        reader.read(path)
    over = threading.Event()
    times = {path: Times() for path in pages} | {"a filing": Times(), "a password": Times()}
    working = [
        threading.Thread(target=reads, args=(reader, pages, times, over)),
        threading.Thread(target=files, args=(environment, times["a filing"], over)),
        threading.Thread(target=signs_in, args=(reader.address, times["a password"], over)),
    ]
    for thread in working:
        thread.start()
    time.sleep(2)
    if command:
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    else:
        time.sleep(seconds)
    over.set()
    for thread in working:
        thread.join()
    return times


def reads(reader: Reader, pages: list[str], times: dict[str, Times], over: threading.Event) -> None:
    while not over.is_set():
        for path in pages:
            timed(times[path], partial(reader.read, path))
            time.sleep(0.05)


def files(environment: dict[str, str], times: Times, over: threading.Event) -> None:
    filer = subprocess.Popen(
        [sys.executable, "-c", FILER, environment["DOKAZ_STORE"], f"{int(time.time()) % 16**5:05X}"],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert filer.stdin and filer.stdout
    while not over.is_set():
        filer.stdin.write("\n")
        filer.stdin.flush()
        waited, refused = json.loads(filer.stdout.readline())
        times.waited.append(waited)
        times.refused += [refused] if refused else []
        time.sleep(PAUSE_S)
    filer.stdin.close()
    filer.wait(60)


def signs_in(address: str, times: Times, over: threading.Event) -> None:
    """The first half of signing in: the password, which begins a session."""
    while not over.is_set():
        timed(times, partial(Reader(address).submit, "/account/login/", login=LOGIN, password=WORDS))
        time.sleep(6 * PAUSE_S)


def timed(times: Times, do: Callable[[], object]) -> None:
    begun = time.perf_counter()
    try:
        do()
    except OSError as error:
        times.refused.append(str(error))
    times.waited.append(1000 * (time.perf_counter() - begun))


def told(measured: dict[str, dict[str, Times]], took: dict[str, float]) -> int:
    """Print what was measured; returns 1 if somebody waited too long."""
    wrong = []
    idle = measured["idle"]
    print(f"{'':<8} {'':<28} {'asked':>6} {'median':>10} {'x idle':>7} {'p95':>10} {'x idle':>7} {'longest':>10}")
    for phase, times in measured.items():
        print(f"{phase}, {took[phase]:.0f} s")
        for what, each in times.items():
            if not each.waited:
                continue
            median, late, of_idle = statistics.median(each.waited), each.at(0.95), idle[what]
            slower, later = median / statistics.median(of_idle.waited), late / of_idle.at(0.95)
            print(
                f"{'':<8} {what:<28} {len(each.waited):>6} {median:>7.1f} ms {slower:>7.1f} {late:>7.1f} ms {later:>7.1f}"
                f" {max(each.waited):>7.0f} ms"
            )
            busy = [refused for refused in each.refused if phase == "import" and BUSY & set(refused.split())]
            if busy:
                print(f"{'':<8} {'':<28} {len(busy):>6} times: the store is busy")
            others = [refused for refused in each.refused if refused not in busy]
            wrong += [f"{what} refused beside the {phase}: {refused}" for refused in dict.fromkeys(others)]
            if what.startswith("/") and late > PAGE_MS and later > SLOWER:
                wrong.append(f"{what} beside the {phase}: {late:.0f} ms")
        beside = times["a filing"].at(0.95)
        if phase == "bundle" and beside > FILING_MS and beside > 2 * SLOWER * idle["a filing"].at(0.95):
            wrong.append(f"a filing beside the bundle: {beside:.0f} ms")
        password = times["a password"].at(0.95)
        if password > PASSWORD_MS and password > 2 * SLOWER * idle["a password"].at(0.95):
            wrong.append(f"a password beside the {phase}: {password:.0f} ms")
    print("nobody waited too long" if not wrong else "\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
