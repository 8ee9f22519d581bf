"""`dokaz init`: open an investigation in a new store."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from dokaz.cli.frame import DEFAULT_STORE, Json, StoreOption, filing_as, now, passphrase, report, start_django

app = typer.Typer(add_completion=False)


@app.command()
def init(
    name: Annotated[str, typer.Option(help="What is investigated.")],
    mandate: Annotated[str, typer.Option(help="What the investigation may do.")],
    authority: Annotated[str, typer.Option(help="Who ordered it.")],
    administrator: Annotated[str, typer.Option(help="Name of the first administrator.")],
    store: StoreOption = DEFAULT_STORE,
    reference: Annotated[str, typer.Option(help="Number and date of the order.")] = "",
    organisation: Annotated[str, typer.Option(help="Where the administrator works.")] = "",
    origin: Annotated[
        str, typer.Option(help="Name under which the log signs, as example.org/dokaz/forest; no scheme.")
    ] = "example.org/dokaz",
    database: Annotated[str, typer.Option(help="postgresql://…; SQLite in the store if not given.")] = "",
    as_json: Json = False,
) -> None:
    """Open an investigation in a new store.

    Makes the directory, the database, the log with its key, and the first administrator, whose passphrase is asked for
    (or taken from DOKAZ_PASSPHRASE).
    """
    from dokaz.casework.store import make_store, refuse_existing

    refuse_existing(store)
    words = passphrase(f"A passphrase for {administrator}'s signing key", confirm=True)
    try:
        make_store(store, origin=origin, database_url=database)
        made = found_investigation(
            store, words, name=name, mandate=mandate, mandate_authority=authority, mandate_reference=reference,
            administrator=administrator, organisation=organisation,
        )  # fmt: skip
    except BaseException:
        # Half a store would stand in the way of the next attempt.
        shutil.rmtree(store, ignore_errors=True)
        raise
    report(
        {"store": str(store), "origin": origin, "key": made},
        f"{name}: opened in {store}.\n"
        f"The log's public key, to be published where others can find it:\n  {made}\n"
        "Next: `dokaz user sign-in` lets you into the pages, `dokaz user add` enrols the people, `dokaz import` takes in "
        "what they deliver.",
        as_json,
    )


def found_investigation(path: Path, words: str, **stated: str) -> str:
    """Make the tables of a store that was laid out, and file its founding; return the log's public key."""
    from dokaz.cli.frame import open_store

    start_django(path)
    from dokaz.site.database import make_tables

    make_tables()
    store = open_store(path)
    from dokaz.casework.acts import found, founder

    chief = founder(store.new_personal_key(words))
    with filing_as(store, chief) as work:
        found(work, opened_on=now().date(), **stated)
    return str(store.log.verifier_key)
