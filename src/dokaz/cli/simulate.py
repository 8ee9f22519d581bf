"""`dokaz simulate`: write the files of an invented investigation whose truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dokaz.cli.frame import Json, Progress, counted, report

app = typer.Typer(add_completion=False)


@app.command()
def simulate(
    directory: Annotated[Path, typer.Argument(file_okay=False, help="Where the files are written.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same investigation.")] = 1,
    remains: Annotated[int, typer.Option(help="Human recovery units: bodies, parts and bones.")] = 447,
    as_json: Json = False,
) -> None:
    """Write the files of an invented investigation, in the form in which teams deliver them.

    The truth (who lies where, and which traps were laid) is kept beside them in truth.json.
    """
    from dokaz.simulate import simulate as write

    with Progress("inventing") as shown:
        written = write(directory, seed=seed, remains=remains, progress=shown)
    counts = {
        "sites": written.sites,
        "graves": written.graves,
        "human recovery units": written.remains,
        "artefacts": written.artefacts,
        "missing persons": written.missing,
        "families": written.families,
        "references": written.references,
        "samples": written.samples,
        "photographs": written.photographs,
    }
    report({"directory": str(directory), **counts}, f"{directory}: {counted(counts)}.", as_json)
