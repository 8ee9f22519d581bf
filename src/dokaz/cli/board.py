"""`dokaz board`: lay a decision before the board, doubt one, tell the family, release."""

from __future__ import annotations

from typing import Annotated

import typer

from dokaz.cli.frame import DEFAULT_STORE, As, Json, StoreOption, acting, filing_as, open_store, report

app = typer.Typer(
    add_completion=False,
    help="Lay a decision before the board; doubt one; tell the family; release.",
    no_args_is_help=True,
)

Decision = Annotated[str, typer.Argument(help="Number of the decision.")]


@app.command()
def lay(
    comparisons: Annotated[list[str], typer.Argument(help="Numbers of the signed comparisons that it rests on.")],
    by: As,
    question: Annotated[str, typer.Option(help="identify or exclude.")] = "identify",
    ruling: Annotated[str, typer.Option(help="Why, where more than the rule is needed.")] = "",
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Lay a decision before the board; two members then sign it with `dokaz sign`."""
    opened = open_store(store)
    from dokaz.cli.records import numbered
    from dokaz.identification import acts
    from dokaz.identification.models import Comparison

    chosen = [numbered(Comparison, n) for n in comparisons]
    with filing_as(opened, acting(opened, by, "board", "investigator")) as work:
        made = acts.lay_before_board(work, comparisons=chosen, question=question, ruling=ruling)
    report({"number": made.number}, f"{made.number}: lies before the board; two members sign it.", as_json)


@app.command()
def doubt(
    decision: Decision,
    by: As,
    grounds: Annotated[str, typer.Option(help="What was found.")],
    evidence: Annotated[
        list[str] | None,
        typer.Option(help="What shows it: the number of a record, the name of a file; may be repeated."),
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Raise grounds for a second look; the board may then revoke (`dokaz sign DEC-… --revoke`)."""
    opened = open_store(store)
    from dokaz.cli.records import numbered
    from dokaz.identification import acts, models

    person = acting(opened, by, "board", "dna_examiner", "investigator", "mortuary")
    with filing_as(opened, person) as work:
        made = acts.doubt(numbered(models.Decision, decision), work, grounds=grounds, evidence=evidence or [])
    report({"number": made.number}, f"{made.number}: {decision} is in doubt.", as_json)


@app.command()
def answer(
    doubt: Annotated[str, typer.Argument(help="DBT-…")],
    by: As,
    answer: Annotated[str, typer.Option(help="Why the decision holds in spite of what was found.")],
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Answer a doubt: by somebody who neither raised it nor signed the decision."""
    opened = open_store(store)
    from dokaz.cli.records import numbered
    from dokaz.identification import acts, models

    person = acting(opened, by, "board", "dna_examiner", "print_examiner", "mortuary")
    with filing_as(opened, person) as work:
        acts.answer_doubt(numbered(models.Doubt, doubt), work, answer=answer)
    report({"number": doubt}, f"{doubt}: answered.", as_json)


@app.command()
def notify(decision: Decision, by: As, store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """Take note that the family was told, in person."""
    opened = open_store(store)
    from dokaz.cli.records import numbered
    from dokaz.identification import acts, models

    with filing_as(opened, acting(opened, by, "family_liaison")) as work:
        acts.notify_family(numbered(models.Decision, decision), work)
    report({"number": decision}, f"{decision}: the family was told.", as_json)


@app.command()
def release(
    decision: Decision,
    by: As,
    to: Annotated[str, typer.Option(help="To whom the remains are given: a name.")],
    document: Annotated[str, typer.Option(help="The document by which they showed who they are: kind and number.")],
    place: Annotated[str, typer.Option(help="Where the remains are taken.")],
    choice: Annotated[str, typer.Option(help="The family's choice: partial_now or wait.")],
    checked_by: Annotated[str, typer.Option(help="Who checked the identity once more: another person.")],
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Give remains back to a family."""
    opened = open_store(store)
    from dokaz.casework.queries import person_named
    from dokaz.cli.records import numbered
    from dokaz.identification import acts, models

    with filing_as(opened, acting(opened, by, "mortuary", "family_liaison")) as work:
        made = acts.release(
            numbered(models.Decision, decision), work, released_to=to, document_seen=document, to_place=place,
            family_choice=choice, identity_checked_by=person_named(checked_by),
        )  # fmt: skip
    report({"number": made.number}, f"{made.number}: released to {to}.", as_json)


@app.command(name="return")
def take_return(
    release: Annotated[str, typer.Argument(help="REL-…")],
    by: As,
    brought_by: Annotated[str, typer.Option(help="Who brings the remains back: a name.")],
    document: Annotated[str, typer.Option(help="The document by which they showed who they are: kind and number.")],
    place: Annotated[str, typer.Option(help="Where the remains lie now.")],
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Take remains back that were released on a decision which was revoked."""
    opened = open_store(store)
    from dokaz.cli.records import numbered
    from dokaz.identification import acts, models

    with filing_as(opened, acting(opened, by, "mortuary")) as work:
        acts.take_return(
            numbered(models.Release, release), work, returned_by=brought_by, return_document=document, place=place
        )
    report({"number": release}, f"{release}: the remains are back.", as_json)
