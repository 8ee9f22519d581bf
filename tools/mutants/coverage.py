"""Which test runs which statement, and how often: asked once; a mutant is tried with the tests that reach it."""

from __future__ import annotations

import ast
import builtins
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mutants.instead import import_from

HIT = "__mutants_hit__"


class Recorder:
    """A pytest plugin: notes what each test runs of the files that are counted."""

    def __init__(self, root: Path, paths: Iterable[str], into: Path) -> None:
        self.into = into
        self.now: Counter[tuple[str, int]] = Counter()
        self.reached: dict[str, dict[int, dict[str, int]]] = {path: {} for path in paths}
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []
        setattr(builtins, HIT, self._hit)
        for path in self.reached:
            import_from(root / path, counting(ast.parse((root / path).read_text(encoding="utf-8")), path))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every test, and the first one twice: what is prepared once for all belongs to none."""
        items = session.items
        first = next((item for item in items if "house" in getattr(item, "fixturenames", ())), None)
        if first is not None:
            first.config.hook.pytest_runtest_protocol(item=first, nextitem=session)
            first._initrequest()  # type: ignore[attr-defined]  # a test can be run again only with fixtures of its own
        for item, after in zip(items, [*items[1:], None], strict=True):
            self.now.clear()
            started = _worked()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            self.seconds[item.nodeid] = round(_worked() - started, 3)
            for (path, line), times in self.now.items():
                self.reached[path].setdefault(line, {})[item.nodeid] = times
        return True

    def _hit(self, place: tuple[str, int]) -> None:
        self.now[place] += 1

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that fails without a mutant kills nothing."""
        if report.failed and report.nodeid not in self.failed:
            self.failed.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Keep what was found."""
        found = {"reached": self.reached, "seconds": self.seconds, "failed": self.failed}
        self.into.write_text(json.dumps(found), encoding="utf-8")


def _worked() -> float:
    """Seconds of work of this process and those that it started: a busy machine makes no test longer."""
    return sum(os.times()[:4])


def counting(tree: ast.Module, path: str) -> ast.Module:
    """The same program, which says of every statement inside a function that it is run."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for block in _blocks(node):
                block[:] = list(_counted(block, path))
    return ast.fix_missing_locations(tree)


def _blocks(node: Any) -> Iterator[list[ast.stmt]]:
    """Every list of statements of a function; those of functions inside it are its own business."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block:
            yield block
            for each in block:
                if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    yield from _blocks(each)
    for handler in getattr(node, "handlers", ()):
        yield from _blocks(handler)


def _counted(block: list[ast.stmt], path: str) -> Iterator[ast.stmt]:
    for statement in block:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            yield statement  # documentation, which stays the first
            continue
        key = ast.Tuple([ast.Constant(path), ast.Constant(statement.lineno)], ast.Load())
        yield ast.copy_location(ast.Expr(ast.Call(ast.Name(HIT, ast.Load()), [key], [])), statement)
        yield statement
