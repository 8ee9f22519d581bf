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
    administrator: Annotated[
        list[str], typer.Option(help="Name of an administrator; given twice or more, for two found a store at least.")
    ],
    store: StoreOption = DEFAULT_STORE,
    reference: Annotated[str, typer.Option(help="Number and date of the order.")] = "",
    organisation: Annotated[str, typer.Option(help="Where the administrators work.")] = "",
    time_zone: Annotated[
        str, typer.Option(help="By whose clock times are typed and shown on pages; kept in UTC.")
    ] = "Europe/Kyiv",
    trial: Annotated[
        bool, typer.Option("--trial", help="One administrator founds it: a trial for good, on every page and print.")
    ] = False,
    origin: Annotated[
        str, typer.Option(help="Name under which the log signs, as example.org/dokaz/forest; no scheme.")
    ] = "example.org/dokaz",
    database: Annotated[str, typer.Option(help="postgresql://…; SQLite in the store if not given.")] = "",
    as_json: Json = False,
) -> None:
    """Open an investigation in a new store.

    Makes the directory, the database, the log with its key, and the administrators. Each is asked for a passphrase of
    their own (or it is taken from DOKAZ_PASSPHRASE), and each signs what was founded. Found with three, if you can:
    where two are left and one loses their key, nobody can be appointed any more.
    """
    if len(administrator) == 1 and not trial:
        raise typer.BadParameter("two administrators found a store at least (--administrator A --administrator B); "
                                 "one may found a trial (--trial), which stays a trial")  # fmt: skip
    if len(administrator) > 1 and trial:
        raise typer.BadParameter("--trial is for a store that one administrator founds")
    if len(set(administrator)) < len(administrator):
        raise typer.BadParameter("the administrators are different people, of different names")
    from dokaz.casework.store import make_store, refuse_existing

    refuse_existing(store)
    words = {each: passphrase(f"A passphrase for {each}'s signing key", confirm=True) for each in administrator}
    try:
        make_store(store, origin=origin, database_url=database)
        made = found_investigation(
            store, words, name=name, mandate=mandate, mandate_authority=authority, mandate_reference=reference,
            organisation=organisation, time_zone=time_zone,
        )  # fmt: skip
    except BaseException:
        # Half a store would stand in the way of the next attempt.
        shutil.rmtree(store, ignore_errors=True)
        raise
    report(
        {"store": str(store), "origin": origin, "key": made, "trial": trial},
        f"{name}: opened in {store}{', as a TRIAL' if trial else ''}.\n"
        f"The log's public key, to be published where others can find it:\n  {made}\n"
        "Next: `dokaz user sign-in` lets you into the pages, `dokaz user add` enrols the people, `dokaz import` takes in "
        "what they deliver.",
        as_json,
    )


def found_investigation(path: Path, passphrases: dict[str, str], *, organisation: str = "", **stated: str) -> str:
    """Make the tables of a store that was laid out, and file its founding; return the log's public key.

    Args:
        passphrases: Of each administrator, by name.
    """
    from dokaz.cli.frame import open_store

    start_django(path)
    from dokaz.site.database import make_tables

    make_tables()
    store = open_store(path)
    from dokaz.casework.acts import Founder, found, founder, sign_founding

    first, *others = [
        Founder(founder(store.new_personal_key(words)), name, organisation) for name, words in passphrases.items()
    ]
    with filing_as(store, first.by) as work:
        found(
            work, opened_on=now().date(), administrator=first.name, organisation=organisation, others=others, **stated
        )
    for other in others:
        with filing_as(store, other.by) as work:
            sign_founding(work)
    return str(store.log.verifier_key)
