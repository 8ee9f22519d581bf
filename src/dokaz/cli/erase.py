"""`dokaz erase`: order that fields of a record be erased, list the orders, and carry out once more what was ordered."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import typer

from dokaz.cli.frame import DEFAULT_STORE, As, Json, StoreOption, acting, filing_as, open_store, report

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.command()
def order(
    number: Annotated[str, typer.Argument(help="Number of the record.")],
    fields: Annotated[
        list[str], typer.Argument(metavar="FIELD…", help="Names of fields, as `dokaz record history` shows them.")
    ],
    authority: Annotated[str, typer.Option(help="On whose word: court, prosecutor, supervisor, law or consent.")],
    document: Annotated[str, typer.Option(help="Number of the document that says so. It stays readable: name nobody.")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="Date of the document, as 2026-05-04.")],
    reason: Annotated[str, typer.Option(help="Why. It stays readable: name nobody.")],
    by: As,
    version: Annotated[
        list[int] | None, typer.Option(help="Only what this version of the record held; may be repeated.")
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Order that fields be erased. Nothing is destroyed before two administrators agree (dokaz sign ERA-…).

    It cannot be undone. What was erased before it reached this store, or after it left it, is not reached:
    backups, bundles that were handed out, files as they were delivered.
    """
    try:
        ordered_on = dt.date.fromisoformat(on)
    except ValueError as error:
        raise typer.BadParameter(f"{on!r} is no day, as 2026-05-04", param_hint="--on") from error
    opened = open_store(store)
    by_whom = acting(opened, by, "administrator", "investigator", "prosecutor")
    from dokaz.casework.acts import order_erasure
    from dokaz.casework.models import ProposalState
    from dokaz.cli.records import of_any_kind

    record = of_any_kind(number)
    with filing_as(opened, by_whom, reason) as work:
        made = order_erasure(
            record,
            work,
            fields=fields,
            authority=authority,
            document=document,
            ordered_on=ordered_on,
            versions=version or [],
        )
    in_force = made.state == ProposalState.IN_FORCE
    said = (
        f"{made.number}: in force, and carried out."
        if in_force
        else f"{made.number} is proposed; administrators agree: dokaz sign {made.number} --as NAME"
    )
    rows = [f"  {row['field']} of {number}, version {row['version']}" if row["record"] == str(record.pk)
            else f"  {row['field']} of a correction of it" for row in made.erases]  # fmt: skip
    report({"number": made.number, "in_force": in_force, "erases": made.erases}, "\n".join([said, *rows]), as_json)


@app.command(name="list")
def show(store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """List the orders of erasure: what each erases, on whose word, and whether it is in force."""
    open_store(store)
    from dokaz.casework.carrying_out import is_due
    from dokaz.casework.models import ErasureOrder
    from dokaz.casework.records import kind_named

    found: list[dict[str, Any]] = []
    for each in ErasureOrder.objects.order_by("number"):
        kind = kind_named(each.of_kind)
        of = kind.every.filter(pk=each.record).values_list("number", flat=True).first() if kind is not None else None
        names = sorted({row["field"] for row in each.erases})
        found.append({"number": each.number, "state": each.state, "record": of or str(each.record), "fields": names,
                      "authority": each.authority, "document": each.document,
                      "ordered_on": each.ordered_on.isoformat(), "reason": each.reason})  # fmt: skip
    words = [
        f"{one['number']}  {one['state']}  {one['record']}: {', '.join(one['fields'])}  "
        f"({one['authority']}, {one['document']}, {one['ordered_on']})"
        for one in found
    ]
    if is_due():
        words.append("Something is still to be destroyed on the disk: the next command does it.")
    report({"orders": found, "due": is_due()}, "\n".join(words) or "Nothing was ordered.", as_json)


@app.command()
def again(store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """Destroy once more whatever orders in force cover: where a copy of openings/ or of the database brought it back."""
    opened = open_store(store)
    from dokaz.casework.acts.erasing import destroy_again
    from dokaz.casework.errors_of_disk import naming_full_disk

    with naming_full_disk():
        brought_back = destroy_again()
        opened.publish()
    report({"in_database": brought_back}, f"Carried out; {brought_back} openings were in the database.", as_json)
