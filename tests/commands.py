"""The command line as people use it: a process a command, on a store and a database of the test's choice."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prestarted import Command

PASSPHRASE = "a sentence only she knows"
PROGRAM = Path(sys.executable).parent / "dokaz"
ADMINISTRATOR = "Ada Administrator"


# These start processes themselves, or are about what is read at the start.
COLD = ("serve", "demo", "verify", "--help")


@dataclass
class Desk:
    """A store and its database, and ``dokaz`` to work on them.

    Args:
        cold: Whether every command starts from nothing, as for people; else it is forked (`prestarted`).
    """

    store: Path
    database: str = ""
    cold: bool = False

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DOKAZ_", "DJANGO_"))}
        return kept | {
            "DOKAZ_STORE": str(self.store),
            "DOKAZ_PASSPHRASE": PASSPHRASE,
            **({"DOKAZ_DATABASE": self.database} if self.database else {}),
        }

    def start(self, *arguments: object) -> subprocess.Popen[str] | Command:
        """Start a command and do not wait."""
        said = [str(argument) for argument in arguments]
        if not (self.cold or not said or said[0] in COLD):
            return Command(said, self.environment)
        return subprocess.Popen(
            [str(PROGRAM), *said],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def program(self, text: str, *arguments: object) -> Command:
        """Start a program in Python, as `python -c` would, in a process of its own; do not wait."""
        return Command(["-c", text, *(str(argument) for argument in arguments)], self.environment)

    def attempt(self, *arguments: object) -> tuple[int, str]:
        """Run a command: its exit code, and all that it said."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=300)
        return process.returncode, out + err

    def do(self, *arguments: object) -> str:
        """Run a command that must succeed."""
        code, said = self.attempt(*arguments)
        assert code == 0, f"dokaz {' '.join(map(str, arguments))}: exit {code}\n{said}"
        return said

    def read(self, *arguments: object) -> dict[str, Any]:
        """Run a command that must succeed, and read its JSON."""
        answer: dict[str, Any] = json.loads(self.do(*arguments, "--json"))
        return answer

    def found(self) -> None:
        """Open an investigation; one on SQLite is opened once, and copied for every test that starts no command cold."""
        if self.cold or self.database:
            self._found()
            return
        if not _FOUNDED:
            folder = Path(tempfile.mkdtemp(prefix="dokaz-founded-"))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            _FOUNDED.append(Desk(folder / "store"))
            _FOUNDED[0]._found()
        shutil.copytree(_FOUNDED[0].store, self.store, dirs_exist_ok=True)

    def _found(self) -> None:
        self.do(
            "init", "--name", "Invented investigation", "--mandate", "to exhume and to identify",
            "--authority", "Invented Prosecutor's Office", "--administrator", ADMINISTRATOR, "--trial",
        )  # fmt: skip

    def enrol(self, name: str, *roles: str) -> str:
        """Enrol somebody; returns their name."""
        self.do("user", "add", name, *(a for role in roles for a in ("--role", role)), "--as", ADMINISTRATOR)
        return name

    def size(self) -> int:
        """Entries in the published ledger."""
        return int((self.store / "ledger" / "checkpoint").read_text(encoding="utf-8").splitlines()[1])

    def assert_sound(self, *, unnamed_files: bool = False) -> None:
        """`dokaz check` finds nothing wrong and nothing unfinished.

        Args:
            unnamed_files: Whether files may lie in the vault that no entry names yet, because their filing was cut short.
        """
        code, said = self.attempt("check", "--json")
        findings = json.loads(said)["findings"]
        if unnamed_files:
            findings = [f for f in findings if not (f["unfinished"] and "no entry of the ledger names" in f["what"])]
        assert (code, findings) == (0, []), said


_FOUNDED: list[Desk] = []


def family_case(children: int = 2) -> dict[str, Any]:
    """An invented victim-identification case: families of two typed parents, each missing a child, and the remains."""
    markers = [f"L{n}" for n in range(1, 9)]
    alleles = [str(n) for n in range(1, 21)]

    def typed(first: int, second: int) -> dict[str, list[str]]:
        return {marker: [alleles[(first + n) % 20], alleles[(second + n) % 20]] for n, marker in enumerate(markers)}

    families, remains, missing = [], [], []
    for nth in range(children):
        father, mother, child = f"F{nth}", f"M{nth}", f"C{nth}"
        families.append(
            {
                "family": f"Family {nth}",
                "components": [
                    {
                        "members": [
                            {"id": father, "father": None, "mother": None, "sex": 1},
                            {"id": mother, "father": None, "mother": None, "sex": 2},
                            {"id": child, "father": father, "mother": mother, "sex": 1},
                        ]
                    }
                ],
                "genotypes": {father: typed(4 * nth, 4 * nth + 1), mother: typed(4 * nth + 2, 4 * nth + 3)},
            }
        )
        remains.append({"id": f"V{nth}", "sex": 1, "genotypes": typed(4 * nth, 4 * nth + 2)})
        missing.append(child)
    return {
        "case": "invented",
        "markers": [{"name": m, "alleles": alleles, "freqs": [0.05] * 20, "mutation": None} for m in markers],
        "pm": remains,
        "am": families,
        "missing": missing,
    }
