"""`dokaz sign`: sign what waits for you, or a record by its number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dokaz.cli.frame import DEFAULT_STORE, As, Json, StoreOption, acting, filing_as, open_store, report

if TYPE_CHECKING:
    from dokaz.casework.filing import Filing

app = typer.Typer(add_completion=False)

_EXAMINERS = ("dna_examiner", "print_examiner", "mortuary")
_PROPOSALS = ("OFF", "CON", "LOG", "ERA", "KEY")
_ANY = ("mortuary", "scene", "dna_examiner", "print_examiner", "family_liaison", "investigator", "prosecutor", "board")


@app.command()
def sign(
    by: As,
    number: Annotated[
        str,
        typer.Argument(help="CMP-, DEC-, TRF-, OFF-, CON-, LOG-, ERA- or the id of a key; else what waits is listed."),
    ] = "",
    revoke: Annotated[bool, typer.Option("--revoke", help="Sign that the decision no longer stands.")] = False,
    custody: Annotated[bool, typer.Option("--custody", help="Confirm every transfer that is meant for you.")] = False,
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Sign a comparison or a decision that you have read, or confirm what you received.

    Comparisons and decisions are signed by two different people; with the second signature they are signed, certified,
    excluded or revoked. Without a number, what waits for a signature is listed.
    """
    if (custody or not number) and revoke:
        raise typer.BadParameter("--revoke takes the number of a decision (DEC-…)")
    if custody and number:
        raise typer.BadParameter("--custody confirms everything that is meant for you: leave the number out")
    opened = open_store(store)
    if custody:
        person = acting(opened, by, *_ANY)
        from dokaz.casework import acts
        from dokaz.casework.models import Transfer, TransferState

        waiting = Transfer.objects.filter(receiver=person.person, state=TransferState.HANDED_OVER).order_by("number")
        with filing_as(opened, person) as work:
            numbers = []
            for transfer in waiting:
                acts.take_over(transfer, work)
                numbers.append(transfer.number)
        report({"taken_over": numbers}, f"{len(numbers)} transfers confirmed.", as_json)
        return
    if not number:
        waits = _waiting()
        report({"waiting": waits}, "\n".join(f"{w['number']}  {w['what']}" for w in waits) or "Nothing waits.", as_json)
        return
    kind = "KEY" if re.fullmatch("[0-9a-f]{64}", number) else number.partition("-")[0]
    if kind not in ("CMP", "DEC", "TRF", *_PROPOSALS):
        raise typer.BadParameter(
            f"{number!r}: comparisons (CMP-…), decisions (DEC-…), transfers (TRF-…), appointments (OFF-…), constitutions "
            "(CON-…), keys of the log (LOG-…), erasures (ERA-…) and keys of people (by their id) are signed"
        )
    if revoke and kind != "DEC":
        raise typer.BadParameter(f"{number} is no decision: only a decision (DEC-…) is revoked")
    if kind == "TRF":
        person = acting(opened, by, *_ANY)
    elif kind == "CMP":
        person = acting(opened, by, *_EXAMINERS)
    elif kind in _PROPOSALS:
        person = acting(opened, by, "administrator")
    else:
        person = acting(opened, by, "board")
    with filing_as(opened, person) as work:
        done, words = _sign(number, kind, revoke, work)
    report({"number": number, "complete": done, "says": words}, words, as_json)


def _sign(number: str, kind: str, revoke: bool, work: Filing) -> tuple[bool, str]:
    from dokaz.casework import acts as casework
    from dokaz.casework.models import CheckpointKey, Constitution, ErasureOrder, Key, Office, Transfer
    from dokaz.cli.records import numbered
    from dokaz.identification import acts
    from dokaz.identification.models import Comparison, Decision

    if kind == "TRF":
        casework.take_over(numbered(Transfer, number), work)
        return True, f"{number}: received."
    record: Any
    if kind in _PROPOSALS:
        kinds: dict[str, type[Any]] = {
            "OFF": Office, "CON": Constitution, "LOG": CheckpointKey, "ERA": ErasureOrder, "KEY": Key
        }  # fmt: skip
        record = numbered(kinds[kind], number)
        done = casework.agree(record, work)
    elif kind == "CMP":
        record = numbered(Comparison, number)
        done = acts.sign_comparison(record, work)
    else:
        record = numbered(Decision, number)
        done = (acts.sign_revocation if revoke else acts.sign_decision)(record, work)
    state = record.get_state_display()
    return done, f"{number}: {state}." if done else f"{number}: your signature is filed; a second person's is needed."


def _waiting() -> list[dict[str, str]]:
    from dokaz.casework.models import Key, Office, Transfer, TransferState
    from dokaz.casework.queries import waiting_proposals
    from dokaz.identification.queries import waiting_for_board, waiting_for_examiners

    rows = [
        {"number": c.number, "what": f"comparison of {c.recovery_unit.number} with {c.missing_person.number}"}
        for c in waiting_for_examiners().select_related("recovery_unit", "missing_person")
    ]
    rows += [
        {"number": d.number, "what": f"decision: {d.question} {d.recovery_unit.number} as {d.missing_person.number}"}
        for d in waiting_for_board().select_related("recovery_unit", "missing_person")
    ]
    pending = Transfer.objects.filter(state=TransferState.HANDED_OVER).select_related("receiver").order_by("number")
    rows += [{"number": t.number, "what": f"{len(t.things)} things for {t.receiver.name}"} for t in pending]
    for proposal in waiting_proposals():
        what = (
            f"{proposal.person.name} as {proposal.role}"
            if isinstance(proposal, Office)
            else str(proposal._meta.verbose_name)
        )
        what = f"another key for {proposal.person.name}" if isinstance(proposal, Key) else what
        rows.append({"number": proposal.number, "what": f"for a second administrator: {what}"})
    return rows
