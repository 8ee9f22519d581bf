"""`dokaz bundle`: write a bundle that a stranger can verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dokaz.cli.frame import DEFAULT_STORE, As, Json, Progress, StoreOption, acting, now, open_store, report

app = typer.Typer(add_completion=False)


@app.command()
def bundle(
    directory: Annotated[Path, typer.Argument(file_okay=False, help="A directory that is not there yet.")],
    by: As,
    purpose: Annotated[str, typer.Option(help="What the bundle is for.")],
    recipient: Annotated[str, typer.Option(help="Who receives it.")] = "",
    decision: Annotated[str, typer.Option(help="Only what this decision rests on; everything if not given.")] = "",
    withhold: Annotated[
        list[str] | None,
        typer.Option(
            help="KIND:FIELD,FIELD=CODE, as missing.Donor:name=B.2; *files* withholds files; may be repeated."
        ),
    ] = None,
    authority: Annotated[str, typer.Option(help="Who allowed what is withheld: the order and its date.")] = "",
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Write a bundle: entries with proofs, openings, files, what is withheld, and pages for reading."""
    opened = open_store(store)
    from dokaz.casework.errors_of_disk import naming_full_disk
    from dokaz.cli.records import numbered
    from dokaz.court.assembling import make_bundle
    from dokaz.court.redaction import Redaction
    from dokaz.identification.models import Decision

    redactions = [Redaction.parse(text, authority) for text in withhold or []]
    person = acting(opened, by, "prosecutor", "investigator", "auditor")
    with Progress("bundle") as shown, naming_full_disk():
        made = make_bundle(
            opened, directory, by=person, clock=now, purpose=purpose, recipient=recipient, redactions=redactions,
            decision=numbered(Decision, decision) if decision else None, progress=shown,
        )  # fmt: skip
    words = (
        f"{made.number}: {made.entries:,} of {made.size:,} entries and {made.files:,} files in {directory}.\n"
        f"Manifest: {made.manifest_sha256}\nAnybody can check it: dokaz-verify {directory}"
    )
    report(
        {"number": made.number, "entries": made.entries, "files": made.files, "manifest_sha256": made.manifest_sha256},
        words,
        as_json,
    )
