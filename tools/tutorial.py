"""Keep the tutorials' commands genuine: each is run, and what it prints is what the page shows.

    python tools/tutorial.py update    run every command of a tutorial and write what it prints into the page
    python tools/tutorial.py check     run them and compare

Commands stand in ``console`` blocks, each line that is typed begins with ``$ ``. They run one after another in an empty
directory that holds a copy of docs/examples/.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "docs" / "tutorial-kinship.md",)
EXAMPLES = ROOT / "docs" / "examples"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def as_run(page: str) -> str:
    """The page with what its commands print now."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as directory:
        shutil.copytree(EXAMPLES, directory, dirs_exist_ok=True)
        os.chdir(directory)
        try:
            return BLOCK.sub(lambda block: f"```console\n{_ran(block[1])}```", page)
        finally:
            os.chdir(before)


def _ran(block: str) -> str:
    typed = [line for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"{line}\n{_printed(shlex.split(line[2:]))}" for line in typed)


def _printed(words: list[str]) -> str:
    """What a command prints, errors after the rest, as on a terminal too narrow for neither."""
    from dokaz.cli.main import run

    if words[0] != "dokaz":
        raise SystemExit(f"only dokaz is run: {words[0]}")
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        run(words[1:])
    return "".join(line.rstrip() + "\n" for line in (out.getvalue() + err.getvalue()).splitlines())


def main(asked: list[str]) -> int:
    """Update or check every page.

    Returns: 1 where a page shows something else than its commands print.
    """
    wrong = 0
    for path in PAGES:
        page = path.read_text(encoding="utf-8")
        now = as_run(page)
        if asked == ["update"]:
            path.write_text(now, encoding="utf-8")
        elif now != page:
            wrong = 1
            sys.stderr.write(
                f"{path.name} shows something else than its commands print: run tools/tutorial.py update\n"
            )
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
