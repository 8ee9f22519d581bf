"""`dokaz search`: every DNA profile against every family."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

import typer

from dokaz.cli.frame import DEFAULT_STORE, As, Json, StoreOption, acting, filing_as, open_store, report
from dokaz.errors import sentence

if TYPE_CHECKING:
    from dokaz.missing.models import Frequencies

app = typer.Typer(add_completion=False)


@app.command()
def search(
    by: As,
    frequencies: Annotated[str, typer.Option(help="Number of the frequency table; the newest if not given.")] = "",
    threshold: Annotated[float, typer.Option(help="log10 of the likelihood ratio from which a pair is kept.")] = 4.0,
    min_frequency: Annotated[
        float | None,
        typer.Option(help="Frequency of alleles that the table does not have; without it they are an error."),
    ] = None,
    show: Annotated[int, typer.Option(min=0, help="How many candidates to print.")] = 20,
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Compare every DNA profile with every family, and keep the candidates.

    A candidate is a rank, not an identification: `dokaz compare` is the next step, and two people sign it.
    """
    if not math.isfinite(threshold):
        raise typer.BadParameter(f"{threshold} is no threshold: write a number, as 4", param_hint="--threshold")
    opened = open_store(store)
    from dokaz.identification import acts, searching
    from dokaz.kinship import UnseenAllelePolicy

    policy = None if min_frequency is None else UnseenAllelePolicy(min_frequency)
    actor = acting(opened, by, "dna_examiner", "analyst")
    computed = searching.compute(table_named(frequencies), threshold_log10_lr=threshold, policy=policy)
    with filing_as(opened, actor) as work:
        found = acts.search(work, result=searching.result_of(computed, threshold_log10_lr=threshold))
    lines = [
        f"{found.number}: {found.profiles} distinct DNA profiles x {found.missing} missing persons of "
        f"{found.families} families; {len(found.candidates)} candidates at log10 LR >= {found.threshold_log10_lr}"
    ]
    lines += [
        f"  {float(c['log10_lr']):8.2f}  {c['unit']}  {c['missing']}  {c['family']}" for c in found.candidates[:show]
    ]
    if len(found.candidates) > show:
        lines.append(f"  … and {len(found.candidates) - show} more (--show)")
    report(
        {
            "number": found.number,
            "profiles": found.profiles,
            "families": found.families,
            "missing": found.missing,
            "candidates": found.candidates,
            "left_out": found.left_out,
        },
        "\n".join(lines),
        as_json,
    )


def table_named(number: str) -> Frequencies:
    """A frequency table by number; the newest if none is named.

    Raises:
        NoSuchRecord: none bears that number.
        NothingToCompare: there is none at all.
    """
    from dokaz.errors import NoSuchRecord, NothingToCompare
    from dokaz.missing.models import Frequencies

    tables = Frequencies.objects.filter(number=number) if number else Frequencies.objects.order_by("-number")
    table: Frequencies | None = tables.first()
    if table is None:
        if number:
            raise NoSuchRecord("frequency table", number)
        raise NothingToCompare(sentence("no frequency table is here yet"), sentence("`dokaz import frequencies FILE`"))
    return table
