"""`dokaz import`: take in files as teams deliver them, each whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dokaz.cli.frame import (
    DEFAULT_STORE,
    As,
    Json,
    Progress,
    StoreOption,
    acting,
    counted,
    filing_as,
    open_store,
    report,
)
from dokaz.errors import UnknownDelivery, WrongNumberOfFiles

if TYPE_CHECKING:
    from dokaz.casework.delivery_kinds import DeliveryKind
    from dokaz.casework.filing import Actor, Filing
    from dokaz.casework.models import Record
    from dokaz.casework.store import Store
    from dokaz.casework.tried_deliveries import TriedOnly, TriedRow
    from dokaz.exchange.reading.sent_files import SentFile

app = typer.Typer(add_completion=False, no_args_is_help=True)

#: What a list of moves counts as passed over.
LEFT = "moves_of_others_or_not_due"
#: Remarks that are printed; `--json` has them all, and so has the record of the delivery.
SHOWN_REMARKS = 10
#: Rows and remarks of a delivery that was only tried that are printed.
SHOWN_ROWS = 40


@app.command()
def take(
    kind: Annotated[
        str, typer.Argument(help="What is delivered: survey, profiles, families, …; any other word lists them all.")
    ],
    files: Annotated[
        list[Path],
        typer.Argument(
            exists=True,
            dir_okay=False,
            readable=True,
            help="The delivered file; of families the pedigrees, the genotypes and the donors, in this order.",
        ),
    ],
    by: As,
    photographs: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Directory of the photographs; beside the file if not given."),
    ] = None,
    name: Annotated[str, typer.Option(help="What a table of frequencies is called here.")] = "",
    reason: Annotated[
        str,
        typer.Option(
            help="Of an updated list: what has changed in reports that are here already, and how that is known."
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say row by row what would be filed, and file nothing.")
    ] = False,
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Take in files as teams deliver them: one delivery, one filing; a refused file changes nothing.

    docs/files.md says which files and columns are read. A list of moves files the hand-overs that you gave; the receivers
    confirm with `dokaz sign --custody`.
    """  # fmt: skip
    opened = open_store(store)
    from dokaz.casework.delivery_kinds import Sent
    from dokaz.casework.rooms import delivery_kinds
    from dokaz.casework.tried_deliveries import TriedOnly
    from dokaz.exchange.reading.sent_files import SentFile

    if kind not in delivery_kinds():
        raise UnknownDelivery(kind, [f"{one.name} ({one.help})" for one in delivery_kinds().values()])
    wanted = delivery_kinds()[kind]
    named = [one.name for one in wanted.files if not one.is_many]
    if len(files) != len(named):
        raise WrongNumberOfFiles(kind, [str(one.label) for one in wanted.files if not one.is_many], len(files))
    asked = {one.name for one in wanted.files} | {one.name for one in wanted.texts}
    for option, value in (("photographs", photographs), ("name", name), ("reason", reason)):
        if value and option not in asked:
            raise typer.BadParameter(f"{kind} takes no --{option}")
    sent = {one: [SentFile(path.name, path)] for one, path in zip(named, files, strict=True)}
    folder = photographs or files[0].parent
    sent |= {one.name: _pictures(folder) for one in wanted.files if one.is_many}
    offices = _offices(opened, by, wanted)
    with opened.vault.staging() as staging, Progress(files[0].name) as shown:
        read = wanted.read(Sent(sent, staging, {"name": name}), shown)
        try:
            with filing_as(opened, next(iter(offices.values())), reason) as work:
                taken = wanted.file(read, work, offices, shown, only_try=dry_run)
        except TriedOnly as told:
            _tried(files[0], told, as_json)
            return
    _said(files[0], taken, work, as_json)


def _offices(store: Store, by: str, kind: DeliveryKind[Any]) -> dict[str, Actor]:
    """Who files, in the offices that the delivery needs; their key is unlocked once, and signs every entry."""
    from dokaz.casework.queries import actor, person_named

    if not kind.needs_all:
        alone = acting(store, by, *kind.offices)
        return {alone.role: alone}
    name = by.partition(":")[0]
    first = acting(store, f"{name}:{kind.offices[0]}")
    return {role: actor(person_named(name), role, first.key) for role in kind.offices}


def _pictures(folder: Path) -> list[SentFile]:
    """The files of a folder by their path in it."""
    from dokaz.exchange.reading.sent_files import SentFile

    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() != ".zip")
    return [SentFile(path.relative_to(folder).as_posix(), path) for path in files]


def _said(file: Path, taken: dict[str, int], work: Filing, as_json: bool) -> None:
    remarks = _remarks(work)
    left = {what: taken[what] for what in (LEFT,) if what in taken}
    filed = {what: number for what, number in taken.items() if what not in left}
    lines = [f"{file.name}: {counted(filed)} filed" + (f"; {counted(left)}, left for later." if left else ".")]
    lines += [f"  {remark}" for remark in remarks[:SHOWN_REMARKS]]
    if len(remarks) > SHOWN_REMARKS:
        lines.append(f"  … and {len(remarks) - SHOWN_REMARKS:,} more remarks (--json)")
    report({"file": str(file), "taken": taken, "remarks": remarks}, "\n".join(lines), as_json)


def _tried(file: Path, told: TriedOnly, as_json: bool) -> None:
    from dokaz.exchange.reading.remarks import in_words

    remarks = [in_words(remark) for remark in told.remarks]
    rows = [
        {"row": row.row, "number": row.number, "kind": row.kind, "what": "new" if row.is_new else "changed",
         "fields": {name: list(values) for name, values in row.changed.items()}}
        for row in told.rows
    ]  # fmt: skip
    lines = [f"{file.name}: nothing was filed. It would be {counted(dict(told.taken))}."]
    # What changes first: a list of thousands says mostly what nobody looks for.
    lines_of_rows = [_row_in_words(row) for row in sorted(told.rows, key=lambda row: row.is_new)] + remarks
    lines += [f"  {each}" for each in lines_of_rows[:SHOWN_ROWS]]
    if len(lines_of_rows) > SHOWN_ROWS:
        lines.append(f"  … and {len(lines_of_rows) - SHOWN_ROWS:,} more (--json)")
    report(
        {"file": str(file), "dry_run": True, "taken": dict(told.taken), "rows": rows, "remarks": remarks},
        "\n".join(lines),
        as_json,
    )


def _row_in_words(row: TriedRow) -> str:
    place = f"{row.row}: " if row.row else ""
    if row.is_new:
        return f"{place}{row.number} would be new"
    changes = "; ".join(
        f"{name.replace('_', ' ')}: {before!r} → {now!r}" for name, (before, now) in row.changed.items()
    )
    return f"{place}{row.number} would change: {changes}"


def _remarks(work: Filing) -> list[str]:
    """What the readers found odd in a delivery and its photographs, and took all the same."""
    from dokaz.casework.models import Delivery
    from dokaz.exchange.reading.remarks import in_words
    from dokaz.graves.models import Photograph

    def filed(kind: type[Record]) -> list[Any]:
        ids = dict.fromkeys(entry.record for entry in work.receipt.entries if entry.kind == kind.kind())
        found = kind.every.in_bulk(ids)
        return [found[each] for each in ids]

    of_photographs = [f"{p.file_name}: {in_words(remark)}" for p in filed(Photograph) for remark in p.remarks]
    return [in_words(remark) for delivery in filed(Delivery) for remark in delivery.remarks] + of_photographs
