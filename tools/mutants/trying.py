"""Tries mutants: each in a process of its own, with the tests that reach it, until the first one fails."""

from __future__ import annotations

import gc
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from _pytest.outcomes import Skipped, XFailed

from mutants.instead import CannotExchange, Running, exchange
from mutants.mutations import Mutant

# Seconds of work; tests that take longer are asked after all others.
QUICK = 0.5
KILLED, SURVIVED, NOT_REACHED, LATER = "killed", "survived", "not reached", "later"


@dataclass(frozen=True)
class Tried:
    """What became of a mutant.

    Args:
        outcome: ``killed``, ``survived``, or ``not reached`` by any test.
        by: The test that failed, or ``too long``.
    """

    mutant: Mutant
    outcome: str
    by: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the results are kept."""
        return {"key": self.mutant.key, "outcome": self.outcome, "by": self.by, "mutant": asdict(self.mutant)}


class Order:
    """Which tests to try a mutant with, and in what order.

    First those that run its statement more often than the one after it: a rule refuses, and whoever is refused notices
    that it is gone. Then those that killed its neighbours, those of its room, the quickest.

    Args:
        declared: Files of tests that look at what is declared when a module is imported.
        most_seconds: No mutant is tried with more tests than these take; what is not killed until then has survived.
    """

    def __init__(
        self,
        reached: Mapping[str, Mapping[str, Mapping[str, int]]],
        seconds: Mapping[str, float],
        *,
        declared: Sequence[str],
        most_seconds: float,
    ) -> None:
        self.reached, self.seconds, self.most_seconds = reached, seconds, most_seconds
        self.declared = {test for test in seconds if test.split("::")[0] in declared}
        self.kills: Counter[tuple[str, str]] = Counter()

    def of(self, mutant: Mutant) -> list[str]:
        """Ids of the tests, within the time that is allowed."""
        lines = self.reached[mutant.path]
        if mutant.statement:
            named = set(lines.get(str(mutant.statement), ()))
        else:
            named = {test for tests in lines.values() for test in tests} or set(self.seconds)
            named |= self.declared
        named &= self.seconds.keys()
        here, following = lines.get(str(mutant.statement), {}), lines.get(str(mutant.following), {})
        ends_here = {test for test in here if here[test] > following.get(test, 0)} if mutant.following else set()
        room = f"/{mutant.path.split('/')[-2]}/"

        def is_slow(test: str) -> bool:
            return self.seconds[test] > QUICK

        def rank(test: str) -> tuple[bool, bool, int, bool, float, str]:
            killed = self.kills[mutant.path, test] + 20 * self.kills[f"{mutant.path}::{mutant.where}", test]
            is_first = not mutant.statement and test in self.declared
            return (
                is_slow(test),
                not is_first and test not in ends_here,
                -killed,
                room not in test,
                self.seconds[test],
                test,
            )

        chosen: list[str] = []
        spent = 0.0
        # By turns the quickest, and those that run the statement most often: they see a second one, and what came before.
        often = sorted(named, key=lambda test: (is_slow(test), -here.get(test, 0), self.seconds[test], test))
        for test in _by_turns(sorted(named, key=rank), often):
            # A test that takes too long is passed over; the quick ones behind it are asked all the same.
            if not chosen or spent + self.seconds[test] <= self.most_seconds:
                spent += self.seconds[test]
                chosen.append(test)
        return chosen

    def note(self, tried: Tried) -> None:
        """Remember what killed it."""
        if tried.outcome == KILLED:
            self.kills[tried.mutant.path, tried.by] += 1
            self.kills[f"{tried.mutant.path}::{tried.mutant.where}", tried.by] += 1


def _by_turns(one: Sequence[str], other: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(test for pair in zip(one, other, strict=True) for test in pair))


class Forks:
    """A pytest plugin: once all tests are collected and a store is founded, forks one process a mutant."""

    def __init__(self, root: Path, mutants: Sequence[Mutant], order: Order, told: Callable[[Tried], None]) -> None:
        self.root, self.mutants, self.order, self.told = root, mutants, order, told
        self.pipe = -1
        self.running: dict[str, Running] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant instead of running the tests."""
        items = {item.nodeid: item for item in session.items}
        ready = next((item for item in session.items if "house" in getattr(item, "fixturenames", ())), None)
        if ready is not None:
            # Only what belongs to the whole session stays prepared: the next test may lie in any folder.
            ready.config.hook.pytest_runtest_protocol(item=ready, nextitem=session)
            ready._initrequest()  # type: ignore[attr-defined]  # a test can be run again only with fixtures of its own
        self._must_pass_without_a_mutant(session)
        for mutant in self.mutants:
            names = [name for name in self.order.of(mutant) if name in items]
            if not names:
                tried = Tried(mutant, NOT_REACHED)
            else:
                tried = Tried(mutant, LATER)
                if mutant.statement:
                    seconds = sum(self.order.seconds[name] for name in names)
                    outcome, by = self._forked(mutant, [items[name] for name in names], seconds)
                    tried = Tried(mutant, outcome, by)
                if tried.outcome == LATER:
                    tried = anew(self.root, mutant, names, allowed=120 + 20 * self.order.most_seconds)
            self.order.note(tried)
            self.told(tried)
        return True

    def _must_pass_without_a_mutant(self, session: pytest.Session) -> None:
        """The quickest test of every file, in a child in which nothing is broken: else all mutants would seem killed."""
        seconds = self.order.seconds
        known = sorted((item for item in session.items if item.nodeid in seconds), key=lambda i: seconds[i.nodeid])
        items = list({item.path: item for item in reversed(known)}.values())
        outcome, by = self._forked(None, items, sum(seconds[item.nodeid] for item in items))
        if outcome != SURVIVED:
            pytest.exit(f"{by} fails in a child in which nothing is broken", returncode=1)

    def _forked(self, mutant: Mutant | None, items: Sequence[pytest.Item], seconds: float) -> tuple[str, str]:
        """The outcome, and what failed.

        Args:
            seconds: The work that these tests are; what works much longer than that does not end.
        """
        if mutant is not None and mutant.path not in self.running:
            self.running[mutant.path] = Running.of(self.root / mutant.path)
        reader, writer = os.pipe()
        folder = tempfile.mkdtemp(prefix="mutant-")
        child = os.fork()
        if child == 0:
            os.setsid()
            os.close(reader)
            resource.setrlimit(resource.RLIMIT_CPU, (int(5 + 5 * seconds),) * 2)
            self._in_child(mutant, items, writer, folder)
        os.close(writer)
        deadline = time.monotonic() + 60 + 20 * seconds
        try:
            while True:
                done, status = os.waitpid(child, os.WNOHANG)
                if done:
                    break
                if time.monotonic() > deadline:
                    os.killpg(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                    return KILLED, "too long"
                time.sleep(0.003)
            with os.fdopen(reader, "rb") as said:
                by = said.read().decode()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        code = os.waitstatus_to_exitcode(status)
        outcome = {0: SURVIVED, 3: LATER}.get(code, KILLED)
        if code == -signal.SIGXCPU:
            by = "too long"
        return outcome, by or (f"exit {code}" if outcome == KILLED else "")

    def _in_child(self, mutant: Mutant | None, items: Sequence[pytest.Item], writer: int, folder: str) -> None:
        code = 4
        try:
            self.pipe = writer
            factory = items[0].session.config._tmp_path_factory  # type: ignore[attr-defined]
            factory._basetemp = Path(folder)
            if mutant is not None:
                exchange(self.root, mutant, self.running[mutant.path])
            # What was inherited is never looked through for garbage: looking at it would copy it.
            gc.freeze()
            for item, after in zip(items, [*items[1:], items[-1]], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            code = 0
        except CannotExchange:
            code = 3
        finally:
            os._exit(code)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """The first failure ends a mutant; nobody reads how it would be told."""
        wrong = call.excinfo and call.excinfo.value
        if wrong is None or isinstance(wrong, Skipped | XFailed) or item.get_closest_marker("xfail"):
            return
        assert self.pipe >= 0, f"{item.nodeid} fails without a mutant"
        os.write(self.pipe, item.nodeid.encode())
        os._exit(1)


def anew(root: Path, mutant: Mutant, tests: Sequence[str], *, allowed: float) -> Tried:
    """Try a mutant in a process that imports the broken file from the beginning."""
    command = [sys.executable, "-m", "mutants.alone", f"{mutant.path}:{mutant.node}:{mutant.variant}", *tests]
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        process = subprocess.Popen(
            command,
            cwd=root,
            env={**os.environ, "TMPDIR": folder},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=allowed)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return Tried(mutant, KILLED, "too long")
    if process.returncode == 0:
        return Tried(mutant, SURVIVED)
    failed = [line.split(" ")[1] for line in said.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    return Tried(mutant, KILLED, failed[0] if failed else "it cannot even be imported")
