"""`dokaz` in a process of its own for every command, forked from one that has read the libraries already.

Reading them takes two thirds of the time of a command. What is forked has no settings yet, no store, no database and no
threads; it gets the command's environment, arguments and pipes, and runs `main`. Its exit code, signals and death are real.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

_LIBRARIES = (
    "django.core.management", "django.core.serializers", "django.db.backends.sqlite3.base", "django.db.models.functions",
    "django.forms", "django.http", "django.template.backends.django", "django.urls",
    "dokaz.ledger.audit", "dokaz.vault", "numpy", "PIL.Image", "psycopg", "pyproj",
)  # fmt: skip
_STREAMS = 3


class Command:
    """A running command, with as much of `subprocess.Popen` as tests need."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        """Start ``dokaz ARGUMENTS``; where the first is ``-c``, ``python ARGUMENTS``."""
        out, their_out = os.pipe()
        err, their_err = os.pipe()
        nothing = os.open(os.devnull, os.O_RDONLY)
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(_server())
        asked = json.dumps({"arguments": arguments, "environment": environment, "directory": os.getcwd()}).encode()
        socket.send_fds(self._line, [len(asked).to_bytes(4, "big")], [nothing, their_out, their_err])
        self._line.sendall(asked)
        for descriptor in (nothing, their_out, their_err):
            os.close(descriptor)
        self._answers = self._line.makefile("r", encoding="ascii")
        self.pid = int(self._answers.readline())
        self.returncode: int | None = None
        self._pipes = {out: b"", err: b""}

    def send_signal(self, number: int) -> None:
        """Send a signal, if the command has not ended."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """All that the command says until it ends.

        Raises:
            TimeoutExpired: it did not end in time; it is killed.
        """
        until = None if timeout is None else time.monotonic() + timeout
        with selectors.DefaultSelector() as ready:
            for pipe in self._pipes:
                ready.register(pipe, selectors.EVENT_READ)
            while ready.get_map():
                left = None if until is None else until - time.monotonic()
                if left is not None and left <= 0:
                    self.send_signal(signal.SIGKILL)
                    raise subprocess.TimeoutExpired("dokaz", timeout or 0)
                for key, _ in ready.select(left):
                    data = os.read(key.fd, 65536)
                    self._pipes[key.fd] += data
                    if not data:
                        ready.unregister(key.fd)
                        os.close(key.fd)
        self.returncode = int(self._answers.readline())
        self._answers.close()
        self._line.close()
        out, err = (said.decode() for said in self._pipes.values())
        return out, err


_running: list[str] = []


def _server() -> str:
    """The address of the process that forks commands, started for the first one."""
    if not _running:
        directory = tempfile.mkdtemp(prefix="dokaz-commands-", dir="/tmp")  # a socket's path is short
        address = f"{directory}/socket"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DOKAZ_", "DJANGO_"))}
        process = subprocess.Popen(
            [sys.executable, __file__, address], env=kept, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        atexit.register(_end, process, directory)
        _running.append(address)
    return _running[0]


def _end(process: subprocess.Popen[bytes], directory: str) -> None:
    process.kill()
    process.wait()
    Path(directory, "socket").unlink(missing_ok=True)
    Path(directory).rmdir()


# --- the process that forks ---------------------------------------------------------------------------------------------


def _serve(address: str) -> None:
    from dokaz.cli.main import COMMANDS
    from dokaz.kinship.compile_ahead import PARTS
    from dokaz.ledger import pkcs8

    for name in (*_LIBRARIES, *(module for module, _ in COMMANDS.values())):
        importlib.import_module(name)
    PARTS["searches"]()
    # A passphrase is dear to try, on purpose; commands that start from nothing pay that.
    pkcs8.SCRYPT_N = 2**4
    gc.freeze()  # a command has enough to do with its own garbage
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    os.write(1, b"ready\n")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with selectors.DefaultSelector() as ready:
        ready.register(listening, selectors.EVENT_READ)
        ready.register(0, selectors.EVENT_READ)
        while True:
            if any(key.fd == 0 for key, _ in ready.select()):
                os._exit(0)  # the test run has ended
            line, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _watch(line)
            line.close()


def _watch(line: socket.socket) -> None:
    """Start one command, wait for it, and tell how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, _, _ = socket.recv_fds(line, 4, _STREAMS)
    asked = b""
    while len(asked) < int.from_bytes(size, "big"):
        asked += line.recv(65536)
    child = os.fork()
    if child == 0:
        line.close()
        _run(json.loads(asked), streams)
    for descriptor in (0, 1, *streams):
        os.close(descriptor)
    line.sendall(f"{child}\n".encode())
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with contextlib.suppress(BrokenPipeError):
        line.sendall(f"{code}\n".encode())
    os._exit(0)


def _run(asked: dict[str, Any], streams: list[int]) -> None:
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    # As at a terminal, though whatever runs the tests may be told to ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["directory"])
    code = 1
    try:
        _perform(asked["arguments"])
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except Exception:  # noqa: BLE001
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(code)


def _perform(arguments: list[str]) -> None:
    """Run a command of Dokaz, or a program as `python -c` does."""
    if arguments and arguments[0] == "-c":
        sys.argv = ["-c", *arguments[2:]]
        exec(arguments[1], {"__name__": "__main__"})
        from django.db import connections

        connections.close_all()  # as an interpreter does that ends by itself
        return
    from dokaz.cli.main import main

    sys.argv = ["dokaz", *arguments]
    main()


if __name__ == "__main__":
    _serve(sys.argv[1])
