"""Puts a broken file in the place of the sound one, in memory only: the checkout is never touched.

What stands in a function is exchanged in the running program, which takes milliseconds. What runs once, when a module is
imported, needs a process that imports the broken file from the beginning.
"""

from __future__ import annotations

import ast
import gc
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from mutants.mutations import Mutant, mutated

_CACHE = type(lru_cache(maxsize=1)(len))


class CannotExchange(Exception):
    """The change is one that only a new import shows."""


@dataclass(frozen=True)
class Running:
    """What runs of one file in this process: its functions, and those of them that keep results."""

    file: str
    sound: CodeType
    functions: tuple[FunctionType, ...]
    caches: tuple[Any, ...]

    @classmethod
    def of(cls, file: Path) -> Running:
        """Look for them among everything that is alive; takes a while, and is done once a file."""
        alive = [each for each in gc.get_objects() if type(each) is FunctionType or type(each) is _CACHE]
        own = [each for each in alive if _file_of(each) == str(file)]
        return cls(
            str(file),
            _compiled(ast.parse(file.read_text(encoding="utf-8")), str(file)),
            tuple(each for each in own if type(each) is FunctionType),
            tuple(each for each in own if type(each) is _CACHE),
        )


def _file_of(function: Any) -> str:
    sound = function.__wrapped__ if type(function) is _CACHE else function
    return sound.__code__.co_filename if type(sound) is FunctionType else ""


def exchange(root: Path, mutant: Mutant, running: Running) -> None:
    """Let every function that the change touches run its broken code from now on.

    Raises:
        CannotExchange: the functions of the broken file are not the same ones.
    """
    broken = _compiled(mutated(root, mutant), running.file)
    pairs = {one: other for one, other in _pairs(running.sound, broken) if one != other}
    touched = [each for each in running.functions if each.__code__ in pairs]
    if not touched:
        raise CannotExchange(mutant.key)
    for each in touched:
        try:
            each.__code__ = pairs[each.__code__]
        except ValueError as wrong:
            raise CannotExchange(mutant.key) from wrong
    for each in running.caches:
        each.cache_clear()


def _compiled(tree: ast.Module, file: str) -> CodeType:
    return compile(tree, file, "exec", dont_inherit=True)


def _pairs(sound: CodeType, broken: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The code of every function of the sound file with that of the broken one."""
    ones, others = ([c for c in code.co_consts if isinstance(c, CodeType)] for code in (sound, broken))
    by_name: dict[str, list[CodeType]] = {}
    for other in others:
        by_name.setdefault(other.co_qualname, []).append(other)
    for one in ones:
        left = by_name.get(one.co_qualname)
        if left:
            other = left.pop(0)
            yield one, other
            yield from _pairs(one, other)


class Broken(MetaPathFinder):
    """Imports one module from code that is handed to it.

    Args:
        file: Where the sound one lies.
    """

    def __init__(self, file: Path, tree: ast.Module) -> None:
        self.file, self.tree = file, tree
        self.imported = False

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """Where a module is imported from; only the broken one is found here."""
        if fullname.rpartition(".")[2] != self.file.stem:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None or Path(spec.origin).resolve() != self.file.resolve():
            return None
        self.imported = True
        spec.loader = _Loader(fullname, spec.origin, self.tree)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, tree: ast.Module) -> None:
        super().__init__(fullname, path)
        self.tree = tree

    def get_code(self, fullname: str) -> CodeType:
        """The handed code, never a cached one."""
        return _compiled(self.tree, self.path)


def import_from(file: Path, tree: ast.Module) -> Broken:
    """From now on, import the module of a file from this tree."""
    finder = Broken(file, tree)
    sys.meta_path.insert(0, finder)
    return finder
