"""`dokaz bundle`: write a bundle that a stranger can verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from dokaz.cli.frame import DEFAULT_STORE, As, Json, Progress, StoreOption, acting, now, open_store, report

app = typer.Typer(add_completion=False)


@app.command()
def bundle(
    directory: Annotated[
        Path, typer.Argument(file_okay=False, help="A directory that is not there yet; a preview writes none.")
    ],
    by: As,
    purpose: Annotated[str, typer.Option(help="What the bundle is for.")],
    recipient: Annotated[str, typer.Option(help="Who receives it, in words.")] = "",
    addressee: Annotated[
        str, typer.Option(help="Counsel of the defence who sees it on the pages, by number or name.")
    ] = "",
    decision: Annotated[str, typer.Option(help="Only what this decision rests on; everything if not given.")] = "",
    withhold: Annotated[
        list[str] | None,
        typer.Option(
            help="WHAT=CODE or WHAT:FIELD,FIELD=CODE, where WHAT is the number of a record or a kind, as DON-000012=B.2, "
            "missing.Donor=B.2 or missing.Donor:name=B.2; *files* withholds files; may be repeated."
        ),
    ] = None,
    authority: Annotated[str, typer.Option(help="Who allowed what is withheld: the order and its date.")] = "",
    names_may_stay: Annotated[
        bool,
        typer.Option(
            "--names-may-stay",
            help="Names that are also those of people who are shown may stay where nothing else tells the two apart.",
        ),
    ] = False,
    preview: Annotated[
        bool,
        typer.Option("--preview", help="Say what would be withheld and refused; write nothing."),
    ] = False,
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Write a bundle: entries with proofs, openings, files, what is withheld, and pages for reading."""
    opened = open_store(store)
    from dokaz.casework.errors_of_disk import naming_full_disk
    from dokaz.casework.queries import person_named
    from dokaz.cli.records import numbered
    from dokaz.court.assembling import make_bundle
    from dokaz.court.redaction import Redaction
    from dokaz.identification.models import Decision

    wanted: dict[str, Any] = {
        "purpose": purpose,
        "recipient": recipient,
        "addressee": person_named(addressee) if addressee else None,
        "redactions": [Redaction.parse(text, authority) for text in withhold or []],
        "decision": numbered(Decision, decision) if decision else None,
        "names_may_stay": names_may_stay,
    }
    person = acting(opened, by, "prosecutor", "investigator", "auditor")
    if preview:
        _say_preview(opened, person, wanted, as_json)
        return
    with Progress("bundle") as shown, naming_full_disk():
        made = make_bundle(opened, directory, by=person, clock=now, progress=shown, **wanted)
    words = (
        f"{made.number}: {made.entries:,} of {made.size:,} entries and {made.files:,} files in {directory}.\n"
        f"Manifest: {made.manifest_sha256}\nAnybody can check it: dokaz-verify {directory}"
    )
    report(
        {"number": made.number, "entries": made.entries, "files": made.files, "manifest_sha256": made.manifest_sha256},
        words,
        as_json,
    )


def _say_preview(store: Any, person: Any, wanted: dict[str, Any], as_json: bool) -> None:
    from dokaz.court.choosing import preview
    from dokaz.court.leaks import place, what_next

    seen = preview(store, by=person, **wanted)
    contents = seen.contents
    said = [
        f"It would hold {len(contents.entries):,} of {seen.size:,} entries and {len(contents.files):,} files, and withhold "
        f"{len(contents.withheld):,} fields and {len(contents.withheld_files):,} files."
    ]
    said += [
        f"{each.number} ({each.what}): {', '.join(each.fields)} – {'; '.join(each.grounds)}" for each in seen.records()
    ]
    said += [f"file {each.what} {each.number}: {'; '.join(each.grounds)}" for each in seen.files()]
    refused = [str(place(leak)) for leak in seen.leaks]
    if refused:
        said += ["It would be refused:", *refused, f"  next: {what_next(seen.leaks)}"]
    report(
        {
            "entries": len(contents.entries),
            "files": len(contents.files),
            "withheld": [vars(each) for each in seen.records()],
            "withheld_files": [vars(each) for each in seen.files()],
            "refused": refused,
        },
        "\n".join(said),
        as_json,
    )
