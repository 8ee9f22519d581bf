"""`dokaz kinship` and the library need numpy, numba and typer only: nothing of the store, the pages or the reports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from small_cases import QUESTION, VICTIMS, written

#: Import names of the run-time dependencies that a laboratory's computation has no use for.
OF_THE_STORE = (
    "allauth", "cryptography", "django", "granian", "PIL", "pyproj", "reportlab", "rfc8785", "segno", "whitenoise",
    "xlsxwriter",
)  # fmt: skip

ALONE = f"""
import sys
for name in {OF_THE_STORE!r}:
    sys.modules[name] = None
from dokaz.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize("command", ["lr", "search", "joint", "candidates", "match", "check"])
def test_a_command_runs_without_what_the_store_needs(command: str, tmp_path: Path) -> None:
    file = written(tmp_path, QUESTION if command == "lr" else VICTIMS)
    asked = [sys.executable, "-c", ALONE, "kinship", command, str(file), "--json"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("{")


def test_a_refusal_needs_none_of_it_either(tmp_path: Path) -> None:
    asked = [sys.executable, "-c", ALONE, "kinship", "lr", str(tmp_path / "none.json")]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "refused: No such file" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
