"""``python -m mutants``: run the campaign, or a part of it; see docs/how-we-test.md.

Results are kept in .cache/mutants/ and used again while a file is unchanged: a campaign that was interrupted goes on. What
survived is tried again once a test changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mutants.coverage import Recorder
from mutants.mutations import Mutant, mutants_of
from mutants.trying import KILLED, Forks, Order, Tried

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
CACHE = ROOT / ".cache" / "mutants"
PLUGINS = ["-o", "addopts=", "-p", "no:cacheprovider", "--assert=plain"]


def main(argv: Sequence[str]) -> int:
    """0 if every mutant that was tried is killed or listed as equivalent, and the list is not stale."""
    wanted = _arguments(argv)
    os.chdir(ROOT)
    CACHE.mkdir(parents=True, exist_ok=True)
    plan = tomllib.loads((HERE / "campaign.toml").read_text(encoding="utf-8"))
    parts = [Part(**part, declared=plan["declared"], deselected=plan["deselected"]) for part in plan["part"]]
    if wanted.map:
        part = next(part for part in parts if part.name == wanted.part)
        return _record(part, wanted.map)
    chosen = [(part, part.mutants(wanted.only)) for part in parts]
    if not any(mutants for _, mutants in chosen):
        sys.exit(f"no file of the campaign begins with {', '.join(wanted.only)}; see tools/mutants/campaign.toml")
    if wanted.running:
        chosen = [(part, [mutant for mutant in mutants if mutant.statement]) for part, mutants in chosen]
    if wanted.key:
        chosen = [(part, [mutant for mutant in mutants if mutant.key in wanted.key]) for part, mutants in chosen]
        if strangers := set(wanted.key) - {mutant.key for _, mutants in chosen for mutant in mutants}:
            sys.exit("no such mutant: " + "\n".join(sorted(strangers)))
    reported: list[Mutant] = []
    known: dict[str, Tried] = {}
    for part, mutants in chosen:
        if wanted.sample:
            # In the order of chance: a campaign that is cut short has tried a fair part of every file.
            random.Random(wanted.seed).shuffle(mutants)
            del mutants[wanted.sample :]
        results = Results(part.files, _digest(_sources(part.tests)))
        left = [mutant for mutant in mutants if mutant.key not in results.known]
        if left and not wanted.report:
            _campaign(part, left, results, wanted)
        reported += mutants
        known |= results.known
    return _report(reported, known, _equivalents())


@dataclass(frozen=True)
class Part:
    """Some files, and the tests that are asked about them."""

    name: str
    files: list[str]
    tests: list[str]
    declared: list[str]
    deselected: list[str]

    def mutants(self, only: Sequence[str]) -> list[Mutant]:
        """Of all its files, or of those whose path begins so."""
        files = [path for path in self.files if not only or path.startswith(tuple(only))]
        return [mutant for path in files for mutant in mutants_of(ROOT, path)]

    @property
    def test_files(self) -> list[Path]:
        """The files of tests."""
        named = [path for path in _sources(self.tests) if path.name.startswith("test_")]
        return [path for path in named if path.relative_to(ROOT).as_posix() not in self.deselected]


def _campaign(part: Part, left: list[Mutant], results: Results, wanted: argparse.Namespace) -> None:
    coverage = _map(part)
    if coverage["failed"]:
        sys.exit(f"these fail without any mutant: {', '.join(coverage['failed'])}")
    print(f"{part.name}: {len(left)} mutants to try", flush=True)
    if not wanted.quiet:
        results.total = len(left)
    order = Order(coverage["reached"], coverage["seconds"], declared=part.declared, most_seconds=wanted.seconds)
    # What needs a process that imports everything anew takes ten times as long, and comes last.
    _try(sorted(left, key=lambda m: m.statement == 0), order, results, part)


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--only", action="append", default=[], help="only files whose path begins so; may be repeated")
    parser.add_argument("--key", action="append", default=[], help="only these, as equivalent.toml names them")
    parser.add_argument("--sample", type=int, default=0, help="only so many of each part, chosen at random")
    parser.add_argument("--seed", type=int, default=0, help="of that choice")
    parser.add_argument("--running", action="store_true", help="not what is decided once, when a module is imported")
    parser.add_argument("--report", action="store_true", help="try nothing, show what is known")
    parser.add_argument("--seconds", type=float, default=40, help="most seconds of work for one mutant")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.add_argument("--map", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--part", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


class Results:
    """What became of each mutant, kept on disk as it becomes known."""

    def __init__(self, files: Iterable[str], tests: str) -> None:
        self.path, self.tests = CACHE / "results.jsonl", tests
        self.digests = {path: _digest([ROOT / path]) for path in files}
        self.known: dict[str, Tried] = {}
        self.total, self.done, self.began = 0, 0, time.monotonic()
        if self.path.is_file():
            for line in self.path.read_text(encoding="utf-8").splitlines():
                self._take(json.loads(line))

    def _take(self, kept: dict[str, Any]) -> None:
        mutant = Mutant(**kept["mutant"])
        if self.digests.get(mutant.path) != kept["file"]:
            self.known.pop(mutant.key, None)
        elif kept["outcome"] == KILLED or kept["tests"] == self.tests:
            self.known[mutant.key] = Tried(mutant, kept["outcome"], kept["by"])

    def told(self, tried: Tried) -> None:
        """Keep one result."""
        self.known[tried.mutant.key] = tried
        kept = {**tried.as_json(), "file": self.digests[tried.mutant.path], "tests": self.tests}
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(kept, ensure_ascii=False) + "\n")
        self.done += 1
        if self.total and (tried.outcome != KILLED or self.done % 50 == 0):
            at = f"{self.done}/{self.total} {time.monotonic() - self.began:.0f} s"
            if tried.outcome == KILLED:
                _say(at)
            else:
                _say(
                    f"{at} {tried.outcome} {tried.mutant.path}:{tried.mutant.line} {tried.mutant.key.partition('::')[2]}"
                )


# pytest takes standard output for itself while tests run.
_OUT = os.dup(1)


def _say(line: str) -> None:
    os.write(_OUT, f"{line}\n".encode())


def _map(part: Part) -> dict[str, Any]:
    """Which tests reach which statement; recorded anew for test files that changed, and wholly where a counted file did."""
    path = CACHE / f"map-{part.name}.json"
    sources = _digest([*(ROOT / file for file in part.files), *_shared(part.tests)])
    tests = {file.relative_to(ROOT).as_posix(): _digest([file]) for file in part.test_files}
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if kept.get("sources") != sources:
        kept = {
            "sources": sources,
            "tests": {},
            "reached": {file: {} for file in part.files},
            "seconds": {},
            "failed": [],
        }
    changed = [file for file, digest in tests.items() if kept["tests"].get(file) != digest]
    for gone in {*changed, *kept["tests"]} - (tests.keys() - set(changed)):
        _forget(kept, gone)
    if changed:
        print(f"{part.name}: recording which test reaches which statement ({len(changed)} files of tests)", flush=True)
    # By the handful, and kept each time: whoever interrupts loses little.
    for at in range(0, len(changed), 6):
        handful = changed[at : at + 6]
        command = [sys.executable, "-m", "mutants", "--part", part.name, "--map", *handful]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        _merge(kept, json.loads((CACHE / "recorded.json").read_text(encoding="utf-8")))
        again = {test.split("::")[0] for test in kept["failed"]}
        kept["tests"] |= {file: tests[file] for file in handful if file not in again}
        path.write_text(json.dumps(kept), encoding="utf-8")
    return kept


def _forget(kept: dict[str, Any], gone: str) -> None:
    kept["tests"].pop(gone, None)
    for lines in kept["reached"].values():
        for line, named in lines.items():
            lines[line] = {test: times for test, times in named.items() if not test.startswith(f"{gone}::")}
    kept["seconds"] = {test: took for test, took in kept["seconds"].items() if not test.startswith(f"{gone}::")}
    kept["failed"] = [test for test in kept["failed"] if not test.startswith(f"{gone}::")]


def _merge(kept: dict[str, Any], found: dict[str, Any]) -> None:
    for file, lines in found["reached"].items():
        for line, named in lines.items():
            kept["reached"][file].setdefault(line, {}).update(named)
    kept["seconds"] |= found["seconds"]
    kept["failed"] += found["failed"]


def _shared(tests: Iterable[str]) -> list[Path]:
    """What tests share: a change of it may change whatever they reach."""
    return [path for path in _sources(tests) if not path.name.startswith("test_")]


def _record(part: Part, tests: Sequence[str]) -> int:
    _forget_dokaz()
    pytest.main([*PLUGINS, *tests], plugins=[Recorder(ROOT, part.files, CACHE / "recorded.json")])
    return 0


def _try(mutants: Sequence[Mutant], order: Order, results: Results, part: Part) -> None:
    _forget_dokaz()
    tests = [file.relative_to(ROOT).as_posix() for file in part.test_files]
    for tried in results.known.values():
        order.note(tried)
    # What tests and children print is of no interest; progress goes to the real output.
    sys.stdout.flush()
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        code = pytest.main([*PLUGINS, *tests], plugins=[Forks(ROOT, mutants, order, results.told)])
        sys.stdout.flush()
        os.dup2(_OUT, 1)
    if int(code) not in (0, 5):
        sys.exit(f"the tests could not be prepared (pytest says {code!r})")


def _forget_dokaz() -> None:
    """The tests import everything anew: nothing that this command needed stays in their way."""
    for name in [name for name in sys.modules if name.split(".")[0] in ("dokaz", "dokaz_verify")]:
        del sys.modules[name]


def _equivalents() -> dict[str, str]:
    listed = tomllib.loads((HERE / "equivalent.toml").read_text(encoding="utf-8")).get("mutant", [])
    return {each["key"]: each["reason"] for each in listed}


def _report(mutants: Sequence[Mutant], known: dict[str, Tried], equivalent: dict[str, str]) -> int:
    wrong = 0
    rows: dict[str, list[int]] = {}
    for mutant in sorted(mutants, key=lambda m: (m.path, m.line)):
        tried = known.get(mutant.key)
        accepted = mutant.key in equivalent
        row = rows.setdefault(mutant.path, [0, 0, 0, 0, 0])
        row[0] += 1
        if tried is None:
            row[4] += 1
        elif tried.outcome == KILLED:
            row[1] += 1
            if accepted:
                wrong += 1
                print(f"listed as equivalent, but {tried.by} kills it: {mutant.key}")
        else:
            row[2 if accepted else 3] += 1
            if not accepted:
                wrong += 1
                print(f"{mutant.path}:{mutant.line} {tried.outcome}: {mutant.where}")
                print(f"  - {mutant.before}\n  + {mutant.after}")
    for key in sorted(equivalent.keys() - {m.key for path in rows for m in mutants_of(ROOT, path)}):
        if key.partition("::")[0] in rows:
            wrong += 1
            print(f"listed as equivalent, but there is no such mutant any more: {key}")
    print(f"{'file':58} {'made':>6} {'killed':>7} {'equal':>6} {'left':>5} {'untried':>8}")
    for path, row in [*rows.items(), ("all", [sum(column) for column in zip(*rows.values(), strict=True)])]:
        print(f"{path:58} {row[0]:6} {row[1]:7} {row[2]:6} {row[3]:5} {row[4]:8}")
    return 1 if wrong or any(row[4] for row in rows.values()) else 0


def _sources(paths: Iterable[str]) -> list[Path]:
    found = {
        file for path in paths for file in ([ROOT / path] if path.endswith(".py") else (ROOT / path).rglob("*.py"))
    }
    return sorted(found | set((ROOT / "tests").glob("*.py")))


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
