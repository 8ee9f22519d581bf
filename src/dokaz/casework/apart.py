"""Reads what others sent in a process of its own, which has little memory and time, and can only answer with values.

Whatever decodes a picture, unpacks an archive or reads a table is called through ``apart``: never in the process that
answers requests, holds unlocked keys and talks to the database. A file that fills the memory, computes for ever or crashes
its decoder ends a process that holds nothing else, and whoever sent it is told in a sentence
(docs/decisions/0030-read-apart.md).

Three processes, each of a few lines:

* the *caller*, any process of Dokaz. It takes a turn (``Allowance.at_once``), asks, and waits.
* one *starter* beside each caller, made for the first question: it has read the libraries, has one thread, no key and no
  database, and does nothing but fork. It ends when its caller ends.
* for each question a *keeper*, which forks the *reader*, limits it, ends it when its time is over or nobody waits for it
  any longer, and tells how it ended.

A reader answers into a file without a name that its caller opened; an answer is values only (``answers.py``).
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import os
import pickle
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NoReturn, TypeVar

from dokaz.casework import answers
from dokaz.errors import BadFile, DokazError, ReadersBusy, Sentence, sentence
from dokaz.exchange.reading.limits import MIB, Allowance

R = TypeVar("R")
Told = Callable[[int, int], None]

_CANNOT_ANSWER, _NO_MEMORY = 70, 71
#: What a starter and its readers are not told: they need neither database nor keys.
_KEPT_BACK = ("DOKAZ_STORE", "DOKAZ_DATABASE", "DOKAZ_PASSPHRASE")
_LENGTH = struct.Struct(">Q")


def apart(
    work: Callable[..., R], *given: Any, within: Allowance, turns: Path, file: str, progress: Told | None = None
) -> R:
    """Call a function of Dokaz in a process of its own, and give what it gives.

    Args:
        work: A function of a module, by whose name the process finds it.
        given: What it is called with.
        within: What the process may use.
        turns: A directory in which processes of one store take turns.
        file: Whose reading it is, for errors.
        progress: Told what the function tells with ``tell``.

    Raises:
        ReadersBusy: nobody's turn ended in time.
        BadFile: the process used more than it may, or crashed.
        DokazError: whatever the function itself refused.
    """
    with _turn(turns, within), tempfile.TemporaryFile() as answer:
        ended = _asked(pickle.dumps((work, given, within)), answer, within, progress or (lambda done, total: None))
        if ended == {"code": 0}:
            answer.seek(0)
            given_back, refused = answers.read(answer)
            if refused is not None:
                raise refused
            result: R = given_back
            return result
    raise BadFile(
        _why(ended, within),
        file=file,
        next_step=sentence("nothing was taken in; look at the file, cut it into smaller ones, or export it anew"),
    )


def _why(ended: dict[str, Any], within: Allowance) -> Sentence:
    code = ended.get("code")
    if ended.get("late"):
        return sentence("reading it takes longer than the {seconds} seconds that it may", seconds=within.seconds)
    if code == -signal.SIGXCPU:
        return sentence(
            "reading it takes more than the {seconds} seconds of computing that it may",
            seconds=within.computing_seconds,
        )
    if code in (_NO_MEMORY, -signal.SIGKILL):
        return sentence("reading it takes more than the {megabytes:,} MB of memory that it may",
                        megabytes=within.memory_bytes // MIB)  # fmt: skip
    return sentence("the program that reads it crashed on it")


# --- the caller -----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _turn(turns: Path, within: Allowance) -> Iterator[None]:
    """Wait until fewer than ``at_once`` others read."""
    turns.mkdir(mode=0o700, parents=True, exist_ok=True)
    until = time.monotonic() + within.turn_seconds
    while True:
        for nth in range(within.at_once):
            held = os.open(turns / f"{within.name}-{nth}.turn", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(held)
                continue
            try:
                yield
            finally:
                os.close(held)
            return
        if time.monotonic() > until:
            raise ReadersBusy(int(within.turn_seconds))
        time.sleep(0.05)


def _asked(question: bytes, answer: IO[bytes], within: Allowance, progress: Told) -> dict[str, Any]:
    """Hand a question to the starter, pass on what is told, and say how the reader ended."""
    line, theirs = socket.socketpair()
    with line:
        with theirs:
            _starter.hand(theirs, answer)
        # The keeper keeps the time; this only ends the waiting for a keeper that is no more.
        line.settimeout(within.seconds + 60)
        line.sendall(_LENGTH.pack(len(question)) + question)
        with line.makefile("r", encoding="ascii") as said:
            for each in said:
                told = json.loads(each)
                if "done" in told:
                    progress(int(told["done"]), int(told["total"]))
                else:
                    return dict(told)
    return {}


class _Starter:
    """The process beside this one that forks readers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._of = 0

    def hand(self, line: socket.socket, answer: IO[bytes]) -> None:
        """Give both to a new keeper; a starter that is gone is replaced."""
        with self._lock:
            for _ in range(2):
                if (
                    self._line is None
                    or self._of != os.getpid()
                    or self._process is None
                    or self._process.poll() is not None
                ):
                    self._begin()
                try:
                    assert self._line is not None
                    socket.send_fds(self._line, [b"?"], [line.fileno(), answer.fileno()])
                    return
                except BrokenPipeError:
                    self.end()
        raise BrokenPipeError("the process that starts readers does not answer")

    def _begin(self) -> None:
        ours, theirs = socket.socketpair()
        kept = {name: value for name, value in os.environ.items() if name not in _KEPT_BACK}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", "import sys; from dokaz.casework.apart import start; start(int(sys.argv[1]))",
                 str(theirs.fileno())],
                env=kept | {"DOKAZ_STORE": os.devnull, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        self._line, self._of = ours, os.getpid()

    def end(self) -> None:
        """End it, if this process began it: it ends by itself when nobody holds the other end of its line."""
        if self._line is not None:
            self._line.close()
        if self._process is not None and self._of == os.getpid():
            self._process.wait()
        self._line = self._process = None


_starter = _Starter()
atexit.register(_starter.end)


# --- the starter ----------------------------------------------------------------------------------------------------------


def start(descriptor: int) -> NoReturn:
    """Read the libraries, and fork a keeper for every question until the caller is gone."""
    import django

    django.setup()
    from dokaz.casework.rooms import delivery_kinds

    delivery_kinds()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the caller, at whose end all of this ends
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=descriptor) as line:
        while True:
            asked, descriptors, _, _ = socket.recv_fds(line, 1, 2)
            if not asked:
                os._exit(0)
            if os.fork() == 0:
                line.close()
                _keep(*descriptors)
            for each in descriptors:
                os.close(each)


# --- the keeper -----------------------------------------------------------------------------------------------------------


def _keep(asked: int, answer: int) -> NoReturn:
    """Have one question answered, whatever becomes of the reader, and say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with socket.socket(fileno=asked) as line:
        work, given, within = pickle.loads(_whole(line))
        alive, its_end = os.pipe()
        reader = os.fork()
        if reader == 0:
            os.close(alive)
            _read(line, answer, work, given, within)
        os.close(its_end)
        watched: list[int] = [alive, line.fileno()]
        ready, _, _ = select.select(watched, [], [], within.seconds)
        if alive not in ready:
            os.kill(reader, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1])
        with contextlib.suppress(OSError):
            line.sendall(json.dumps({"code": code} | ({} if ready else {"late": True})).encode() + b"\n")
    os._exit(0)


def _whole(line: socket.socket) -> bytes:
    (length,) = _LENGTH.unpack(_exactly(line, _LENGTH.size))
    return _exactly(line, length)


def _exactly(line: socket.socket, length: int) -> bytes:
    data = bytearray()
    while len(data) < length:
        more = line.recv(min(length - len(data), MIB))
        if not more:
            os._exit(0)  # whoever asked is gone
        data += more
    return bytes(data)


# --- the reader -----------------------------------------------------------------------------------------------------------

_told: socket.socket | None = None


def tell(done: int, total: int) -> None:
    """Say from within a reader how far it is; elsewhere this does nothing."""
    if _told is not None:
        _told.sendall(json.dumps({"done": done, "total": total}).encode() + b"\n")


def _read(line: socket.socket, answer: int, work: Callable[..., Any], given: Any, within: Allowance) -> NoReturn:
    global _told
    _told = line
    code = _CANNOT_ANSWER
    try:
        _limit(within)
        with os.fdopen(answer, "wb") as file:
            try:
                answers.write(file, work(*given), None)
            except DokazError as refused:
                answers.write(file, None, refused)
        code = 0
    except MemoryError:
        code = _NO_MEMORY
    except BaseException:  # noqa: BLE001 - told to whoever keeps the machine; whoever sent the file gets a sentence
        traceback.print_exc()
    finally:
        os._exit(code)


def _limit(within: Allowance) -> None:
    os.nice(10)
    for what, most in (
        (resource.RLIMIT_AS, _held() + within.memory_bytes),
        (resource.RLIMIT_CPU, within.computing_seconds),
        (resource.RLIMIT_FSIZE, within.memory_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, hard if what == resource.RLIMIT_CPU else most))
    # Where the machine itself has no memory left, this process is the one to go.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _held() -> int:
    """Bytes of address space that this process has before it reads."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except FileNotFoundError:  # not Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
