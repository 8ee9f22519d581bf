"""`dokaz record`: correct a record, agree to a correction, make it void, read what each of its versions changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dokaz.cli.frame import DEFAULT_STORE, As, Json, StoreOption, acting, filing_as, open_store, report

if TYPE_CHECKING:
    from dokaz.casework.journal import Version
    from dokaz.casework.records import Record

app = typer.Typer(
    add_completion=False,
    help="Correct a record; agree to a correction; make a record void, or undo that; read its history.",
    no_args_is_help=True,
)

Number = Annotated[str, typer.Argument(help="Number of the record.")]
Why = Annotated[str, typer.Option(help="What was wrong, and how that is known.")]


@app.command()
def correct(
    number: Number,
    fields: Annotated[
        list[str],
        typer.Argument(
            metavar="FIELD=VALUE…", help="Name of a field, as `dokaz record history` shows it, and what it shall hold."
        ),
    ],
    by: As,
    reason: Why,
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Correct fields of a record; what was there before stays in its history.

    A value is text as it stands; a list or a table is JSON; another record is its number. Empty is what is not known.
    """
    opened = open_store(store)
    from dokaz.casework.corrections import put_right

    record = _record(number)
    how = put_right(type(record))
    values = dict(_value(type(record), said) for said in fields)
    if how is None or how.correct is None:
        raise typer.BadParameter(f"{number}: a {record._meta.verbose_name} is not corrected")
    with filing_as(opened, acting(opened, by, *_roles(how.correct)), reason) as work:
        how.correct(record, work, values=values)
    proposed = work.receipt.entries[0].number if work.receipt.entries[0].record != record.pk else ""
    said = f"{number}: corrected, version {record.version}."
    if proposed:
        said = f"{number}: proposed as {proposed}; another person agrees with `dokaz record agree {proposed}`."
    report({"number": number, "version": record.version, "proposed": proposed}, said, as_json)


@app.command()
def agree(
    number: Annotated[str, typer.Argument(help="Number of the correction, COR-….")],
    by: As,
    reason: Annotated[str, typer.Option(help="What you have compared.")],
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Agree to a correction of what was signed or decided, which another person proposed; it is made thereby."""
    opened = open_store(store)
    from dokaz.casework.corrections import put_right
    from dokaz.casework.models import Correction
    from dokaz.casework.records import kind_named
    from dokaz.cli.records import numbered

    proposed = numbered(Correction, number)
    kind = kind_named(proposed.of_kind)
    how = put_right(kind) if kind is not None else None
    if kind is None or how is None or how.agree is None:
        raise typer.BadParameter(f"{number}: this version knows no such kind of record")
    with filing_as(opened, acting(opened, by, *_roles(how.agree)), reason) as work:
        how.agree(proposed, work)
    corrected = kind.every.get(pk=proposed.record).number
    report({"number": number, "corrected": corrected}, f"{corrected}: corrected, as two agreed.", as_json)


@app.command()
def void(number: Number, by: As, reason: Why, store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """Make a record void that ought not to be there; of one that is void, undo that."""
    opened = open_store(store)
    from dokaz.casework.corrections import put_right
    from dokaz.casework.records import is_void

    record = _record(number)
    how = put_right(type(record))
    if how is None or how.void is None:
        raise typer.BadParameter(f"{number}: a {record._meta.verbose_name} is never void")
    with filing_as(opened, acting(opened, by, *_roles(how.void)), reason) as work:
        how.void(record, work)
    said = "void; it keeps its number and its history" if is_void(record) else "not void; it counts again"
    report({"number": number, "void": is_void(record)}, f"{number}: {said}.", as_json)


@app.command()
def history(number: Number, store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """What each version of a record changed, who filed it, when, and why."""
    open_store(store)
    from dokaz.casework import journal
    from dokaz.casework.queries import holders_of
    from dokaz.ledger import canonical

    versions = journal.history(_record(number).pk)
    holders = holders_of(version.entry.actor for version in versions)
    told: list[dict[str, Any]] = []
    for before, now in zip([None, *versions[:-1]], versions, strict=True):
        old, held = _held(before), _held(now)
        changed = {name: [old.get(name), value] for name, value in held.items() if old.get(name) != value}
        who = holders[now.entry.actor].person.name if now.entry.actor in holders else now.entry.actor
        told.append({"version": now.entry.version, "act": now.entry.act, "by": who, "at": now.entry.at,
                     "entry": now.index, "reason": now.fields.get("reason") or "", "changed": changed})  # fmt: skip
    lines = []
    for each in told:
        lines.append(
            f"{each['version']}  {each['act']}  {each['by']}  {each['at']}  entry {each['entry']}  {each['reason']}"
        )
        lines += [f"     {name}: {canonical(old).decode()} → {canonical(new).decode()}"
                  for name, (old, new) in each["changed"].items() if name != "reason"]  # fmt: skip
    report({"number": number, "versions": told}, "\n".join(lines), as_json)


def _held(version: Version | None) -> dict[str, object]:
    """What a version held, or by which order that was erased."""
    if version is None:
        return {}
    return version.fields | {name: f"[erased by {order}]" for name, order in version.erased.items()}


def _roles(act: Any) -> list[str]:
    from dokaz.casework.registry import act_named, name_of

    return sorted(act_named(name_of(act)).roles)


def _record(number: str) -> Record:
    from dokaz.cli.records import of_any_kind

    return of_any_kind(number)


def _value(kind: type[Record], said: str) -> tuple[str, object]:
    """A field's name, and its value as the ledger writes it."""
    from django.db import models

    name, equals, text = said.partition("=")
    field = next((each for each in kind.content_fields() if each.name == name), None)
    if not equals or field is None:
        raise typer.BadParameter(f"{said!r}: write the name of a field, an equals sign, and what it shall hold")
    if isinstance(field, models.CharField | models.TextField):
        return name, text
    if text == "":
        return name, None
    if isinstance(field, models.ForeignKey):
        return name, str(_record(text).pk)
    if isinstance(field, models.JSONField | models.BooleanField):
        try:
            return name, json.loads(text)
        except ValueError as error:
            raise typer.BadParameter(f"{name}: {text!r} is not JSON ({error})") from error
    return name, text
