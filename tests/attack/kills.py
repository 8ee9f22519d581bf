"""Killing a process at the nth time it touches the disk, to see what it leaves behind."""

from __future__ import annotations

import builtins
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

TOUCHES = ("open", "fsync", "replace", "rename", "unlink", "rmdir", "mkdir", "link", "ftruncate")


def killed_at_every_touch(act: Callable[[Path], None], store: Callable[[], Path], *, every: int = 1) -> Iterator[Path]:
    """Do something once per touch of the disk, in a child that is killed (SIGKILL) just before that touch.

    Args:     act: what to do with a store; given its path.
              store: makes a fresh store to do it with.
              every: kill at each nth touch only.
    Yields:   the store as the killed process left it; at last one where nothing was killed.
    """
    number = 1
    while True:
        path = store()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                kill_at(number)
                act(path)
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.waitstatus_to_exitcode(status) == 0, "the act itself failed"
            yield path
            return
        assert os.WTERMSIG(status) == signal.SIGKILL
        yield path
        number += every


def kill_at(number: int) -> Callable[[], int]:
    """Kill this process (SIGKILL) just before its nth touch of the disk from now on.

    Returns: counts the touches so far.
    """
    left = number

    def counting(function: Callable[..., Any]) -> Callable[..., Any]:
        def touched(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **kwargs)

        return touched

    for name in TOUCHES:
        setattr(os, name, counting(getattr(os, name)))
    builtins.open = counting(builtins.open)  # type: ignore[assignment]
    return lambda: number - left
