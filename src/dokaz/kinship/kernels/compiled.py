"""Functions that numba compiles when they are first called, so that nobody waits for numba who needs none of them.

Importing numba and loading compiled code takes longer than a question of a few people and some dozens of markers does
in plain Python. So the first few small questions of a process are answered plainly; see `answers_plainly`.
"""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_plainly = ContextVar("plainly", default=False)
_lock = threading.Lock()

#: Small questions that a process answers plainly before it imports numba after all: about as long as importing it takes.
MOST_PLAIN = 40
_answered_plainly = 0


class Compiled(Generic[P, R]):
    """A function that is compiled at its first call; to numba it is the compiled function itself."""

    def __init__(self, function: Callable[P, R], options: dict[str, Any]) -> None:
        functools.update_wrapper(self, function)
        self._function = function
        self._options = options
        self._compiled: Callable[P, R] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if _plainly.get():
            return self._function(*args, **kwargs)
        return (self._compiled or self._dispatcher())(*args, **kwargs)

    def _dispatcher(self) -> Callable[P, R]:
        if self._compiled is None:
            import numba

            with _lock:
                if self._compiled is None:
                    self._compiled = numba.njit(**self._options)(self._function)
        assert self._compiled is not None
        return self._compiled

    def __getattr__(self, name: str) -> Any:
        # What numba asks of a function that another compiled function calls.
        if name in ("_numba_type_", "targetoptions", "py_func"):
            return getattr(self._dispatcher(), name)
        raise AttributeError(name)


def compiled(**options: Any) -> Callable[[Callable[P, R]], Compiled[P, R]]:
    """`numba.njit` with these options, and the compiled code kept beside the package."""

    def decorate(function: Callable[P, R]) -> Compiled[P, R]:
        return Compiled(function, {"cache": True, **options})

    return decorate


def import_numba() -> None:
    """From now on nothing is answered plainly, unless it is asked for."""
    import numba  # noqa: F401


@contextmanager
def run(*, plainly: bool) -> Iterator[None]:
    """Within, whether compiled functions run as plain Python."""
    token = _plainly.set(plainly)
    try:
        yield
    finally:
        _plainly.reset(token)


def runs_plainly() -> bool:
    """Whether compiled functions run as plain Python here."""
    return _plainly.get()


def answers_plainly() -> bool:
    """Whether a small question is to be answered plainly: asked for, or nothing of this process needed numba so far.

    Says so `MOST_PLAIN` times for want of numba.
    """
    global _answered_plainly
    if _plainly.get():
        return True
    if "numba" in sys.modules or _answered_plainly >= MOST_PLAIN:
        return False
    _answered_plainly += 1
    return True
