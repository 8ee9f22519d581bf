"""`dokaz log-key`: which keys signed the log's checkpoints, and putting another in the place of the one that does."""

from __future__ import annotations

from typing import Annotated

import typer

from dokaz.cli.frame import DEFAULT_STORE, As, Json, StoreOption, acting, filing_as, open_store, report

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.command()
def show(store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """Show the keys of the log, the one that signs now last: the others are revoked."""
    opened = open_store(store)
    keys = [str(key) for key in opened.log.signers]
    report({"keys": keys}, "\n".join([*(f"{key}  revoked" for key in keys[:-1]), keys[-1]]), as_json)


@app.command()
def replace(
    reason: Annotated[str, typer.Option(help="Why: routine, lost, stolen.")],
    by: As,
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Make another key for the log, and propose it; a second administrator puts it in force (dokaz sign LOG-…).

    From then on it signs, and the key before it is revoked. Publish it where the first one was published.
    """
    opened = open_store(store)
    chief = acting(opened, by, "administrator")
    from dokaz.casework.acts import propose_log_key
    from dokaz.casework.models import ProposalState

    with opened.new_log_key() as public, filing_as(opened, chief, reason) as work:
        proposed = propose_log_key(work, key=public)
    in_force = proposed.state == ProposalState.IN_FORCE
    told = (
        f"{proposed.number} signs the log from now on. Publish it:"
        if in_force
        else f"{proposed.number} is proposed; a second administrator agrees: dokaz sign {proposed.number} --as NAME"
    )
    said = {"number": proposed.number, "key": public, "in_force": in_force}
    report(said, f"{told}\n  {public}", as_json)
