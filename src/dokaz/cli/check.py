"""`dokaz check`: every published file, the journal, every row of every table, every file of the vault, every rule."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from dokaz.cli.exits import ExitCode
from dokaz.cli.frame import DEFAULT_STORE, Json, StoreOption, report, start_django
from dokaz.cli.verify import HOW_TO_INSTALL, verifier
from dokaz.errors import Fault

app = typer.Typer(add_completion=False)


def _by_the_verifier(store: Path, key: str, not_older_than: str, *, is_due: bool) -> tuple[list[Fault], bool]:
    """What the verifier finds in the log of a store: a rule that was broken, a signature that does not hold.

    Args:
        is_due: Whether an erasure is still to be carried out on the disk, which the next start does.

    Returns: Its faults, and whether it says that the store is a trial.
    """
    program = verifier()
    if program is None:
        return [Fault("dokaz-verify", "is not installed, so the rules were not checked", HOW_TO_INSTALL)], False
    asked = [program, str(store), "--json", *(["--key", key] if key else [])]
    asked += ["--not-older-than", not_older_than] if not_older_than else []
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    try:
        said = json.loads(answer.stdout)
        faults = said["faults"] if said["verdict"] != "unreadable" else [{"says": said["problem"], "means": ""}]
    except (ValueError, KeyError):
        broke_off = f"broke off (exit {answer.returncode}): {answer.stderr.strip()[-300:]}"
        return [Fault("dokaz-verify", broke_off, "")], False
    found = [
        Fault(_place(each), str(each["says"]), str(each["means"]), is_due and each.get("code") == "erased-and-shown")
        for each in faults
    ]
    return found, bool(said.get("trial"))


def _place(fault: dict[str, Any]) -> str:
    where = f"entry {fault['index']}" if fault.get("index") is not None else fault.get("file") or "log"
    return f"{where}, {fault['kind']}, {fault['act']}" if fault.get("kind") else str(where)


@app.command()
def check(
    key: Annotated[
        str, typer.Option(help="The log's public key, or a file with it, from where it was published.")
    ] = "",
    not_older_than: Annotated[
        str,
        typer.Option(help="The oldest head that you accept, as 12h, 30d or 4w: a copy may be sound and rolled back."),
    ] = "",
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Check the whole store, and name what was altered. Changes nothing. Exits 1 if something is wrong.

    The log itself is checked by the separate verifier, which shares no code with this program: what it would say of a
    bundle of the whole log, `dokaz check` says of the store.
    """
    if not_older_than and not re.fullmatch("[0-9]{1,5}[hdw]", not_older_than):
        raise typer.BadParameter(f"{not_older_than!r} is no age: 12h, 30d or 4w")
    opened = start_django(store)
    from dokaz.casework.carrying_out import is_due
    from dokaz.casework.checking import check as check_store

    trusted = Path(key).read_text(encoding="utf-8").strip() if key and Path(key).is_file() else key
    on = sys.stderr.isatty()

    def shown(step: str, done: int) -> None:
        if on and done % 1000 == 0:
            sys.stderr.write(f"\r{step}: {done:,}\033[K")

    from dokaz.court.kept_bundles import check_bundles

    findings = check_store(opened, key=trusted, progress=shown, rooms=[check_bundles])
    shown("rules", 0)
    by_the_verifier, is_trial = _by_the_verifier(opened.path, trusted, not_older_than, is_due=is_due())
    findings += by_the_verifier
    if on:
        sys.stderr.write("\r\033[K")
    wrong = [f for f in findings if not f.unfinished]
    words = [f"{f.file}: {f.what}" + (f"\n  next: {f.next_step}" if f.next_step else "") for f in findings]
    words.append(f"{len(wrong)} wrong, {len(findings) - len(wrong)} unfinished (nothing is lost by these).")
    if is_trial:
        words.append("This is a TRIAL: one administrator alone founded this store.")
    if not key:
        words.append("Checked with the key of the store itself; --key takes the published one.")
    report(
        {
            "trial": is_trial,
            "wrong": len(wrong),
            "findings": [
                {"file": f.file, "what": f.what, "next": f.next_step, "unfinished": f.unfinished} for f in findings
            ],
        },
        "\n".join(words),
        as_json,
    )
    raise typer.Exit(ExitCode.FOUND_WRONG if wrong else ExitCode.OK)
