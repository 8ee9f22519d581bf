"""`dokaz constitution`: by which rules the log is kept, and putting those of this version in force."""

from __future__ import annotations

from typing import Any

import typer

from dokaz.cli.frame import DEFAULT_STORE, As, Json, StoreOption, acting, filing_as, open_store, report

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.command()
def show(store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """Show the constitution in force, whether this version files by it, and what differs."""
    open_store(store)
    from dokaz.casework.constitution import constitution, constitution_hash, differences
    from dokaz.casework.models import Constitution, ProposalState
    from dokaz.casework.queries import constitution_in_force

    found = constitution_in_force()
    sha256 = found.sha256 if found is not None else ""
    differing = differences(found.rules, constitution()) if found is not None else []
    proposed = [one.number for one in Constitution.objects.filter(state=ProposalState.PROPOSED).order_by("number")]
    words = [f"In force: {found.number if found else 'none'}, {sha256}"]
    if sha256 == constitution_hash():
        words.append("This version of Dokaz files by it.")
    else:
        words += [f"This version of Dokaz files by {constitution_hash()}.", *(f"  {each}" for each in differing)]
        words.append("Two administrators put it in force: dokaz constitution sign --as NAME")
    words += [f"Proposed: {number}" for number in proposed]
    result: dict[str, Any] = {
        "in_force": sha256,
        "of_this_version": constitution_hash(),
        "differing": differing,
        "proposed": proposed,
    }
    report(result, "\n".join(words), as_json)


@app.command()
def sign(by: As, store: StoreOption = DEFAULT_STORE) -> None:
    """Propose the constitution of this version, or agree to it; the second administrator's signature puts it in force."""
    opened = open_store(store)
    from dokaz.casework.acts import agree, propose_constitution
    from dokaz.casework.constitution import constitution_hash
    from dokaz.casework.models import Constitution, ProposalState

    chief = acting(opened, by, "administrator")
    waiting = Constitution.objects.filter(state=ProposalState.PROPOSED, sha256=constitution_hash())
    laws = waiting.first()
    if laws is None:
        with filing_as(opened, chief) as work:
            laws = propose_constitution(work)
    with filing_as(opened, chief) as work:
        in_force = agree(laws, work)
    typer.echo(
        f"{laws.number} is in force." if in_force else f"{laws.number} is proposed; one more administrator signs it."
    )
