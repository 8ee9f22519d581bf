"""`dokaz rebuild`: make the tables anew from the published ledger."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from dokaz.cli.frame import DEFAULT_STORE, Json, Progress, StoreOption, report, start_django

app = typer.Typer(add_completion=False)


@app.command()
def rebuild(
    into: Annotated[
        str,
        typer.Option(help="Database to fill: postgresql://… or sqlite:///absolute/path; the store's own if not given."),
    ] = "",
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Make every table anew, in an empty database, from the ledger and its openings.

    Sign-ins are no records: on SQLite theirs is another database, which stays as it is; elsewhere `dokaz user sign-in`
    opens them again. Nothing of the store but the databases is written.
    """
    if into:
        if "://" not in into:
            raise typer.BadParameter(
                f"{into!r} is no address: write sqlite://{Path(into).absolute()}", param_hint="--into"
            )
        os.environ["DOKAZ_DATABASE"] = into
    opened = start_django(store)
    from dokaz.casework.errors_of_disk import naming_full_disk
    from dokaz.casework.rebuilding import rebuild as make_anew
    from dokaz.site.database import make_tables

    make_tables()
    with Progress("rebuilding") as shown, naming_full_disk():
        counts = make_anew(opened, progress=shown)
    words = [f"{number:8,}  {kind}" for kind, number in sorted(counts.items())]
    report({"records": counts}, "\n".join(words + ["Rebuilt. `dokaz check` compares it with the ledger."]), as_json)
