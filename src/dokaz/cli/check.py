"""`dokaz check`: every published file, the journal, every row of every table, every file of the vault."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dokaz.cli.exits import ExitCode
from dokaz.cli.frame import DEFAULT_STORE, Json, StoreOption, report, start_django

app = typer.Typer(add_completion=False)


@app.command()
def check(
    key: Annotated[
        str, typer.Option(help="The log's public key, or a file with it, from where it was published.")
    ] = "",
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Check the whole store, and name what was altered. Changes nothing. Exits 1 if something is wrong."""
    opened = start_django(store)
    from dokaz.casework.checking import check as check_store

    trusted = Path(key).read_text(encoding="utf-8").strip() if key and Path(key).is_file() else key
    on = sys.stderr.isatty()

    def shown(step: str, done: int) -> None:
        if on and done % 1000 == 0:
            sys.stderr.write(f"\r{step}: {done:,}\033[K")

    from dokaz.court.kept_bundles import check_bundles

    findings = check_store(opened, key=trusted, progress=shown, rooms=[check_bundles])
    if on:
        sys.stderr.write("\r\033[K")
    wrong = [f for f in findings if not f.unfinished]
    words = [f"{f.file}: {f.what}" + (f"\n  next: {f.next_step}" if f.next_step else "") for f in findings]
    words.append(f"{len(wrong)} wrong, {len(findings) - len(wrong)} unfinished (nothing is lost by these).")
    if not key:
        words.append("Checked with the key of the store itself; --key takes the published one.")
    report(
        {
            "wrong": len(wrong),
            "findings": [
                {"file": f.file, "what": f.what, "next": f.next_step, "unfinished": f.unfinished} for f in findings
            ],
        },
        "\n".join(words),
        as_json,
    )
    raise typer.Exit(ExitCode.FOUND_WRONG if wrong else ExitCode.OK)
