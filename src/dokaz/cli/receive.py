"""`dokaz receive`: take units into the mortuary."""

from __future__ import annotations

from typing import Annotated

import typer

from dokaz.cli.frame import DEFAULT_STORE, As, Json, StoreOption, acting, filing_as, open_store, report

app = typer.Typer(add_completion=False)


@app.command()
def receive(
    by: As,
    numbers: Annotated[
        list[str] | None,
        typer.Argument(metavar="UNIT…", help="Units; all that you hold and that were lifted, if none."),
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Take units that you hold into the mortuary, so that they can be examined.

    Confirm first that you took them over: `dokaz sign --custody`.
    """
    opened = open_store(store)
    person = acting(opened, by, "mortuary")
    from dokaz.cli.records import numbered
    from dokaz.graves.models import RecoveryUnit
    from dokaz.mortuary import acts
    from dokaz.mortuary.queries import to_receive

    with filing_as(opened, person) as work:
        if numbers:
            units = [numbered(RecoveryUnit, number) for number in numbers]
        else:
            units = list(to_receive().filter(holder=person.person).order_by("number"))
        for unit in units:
            acts.receive(unit, work)
    received = [unit.number for unit in units]
    report({"received": received}, f"{len(received)} received.", as_json)
