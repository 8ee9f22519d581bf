"""`dokaz demo`: the whole thread, from files of an invented investigation to a verified bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dokaz.cli.frame import open_store

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    directory: Annotated[
        Path, typer.Argument(file_okay=False, help="Where store, incoming files and bundle go.")
    ] = Path("demo"),
    seed: Annotated[int, typer.Option(help="Another seed, another invented investigation.")] = 1,
    remains: Annotated[int, typer.Option(help="Human recovery units.")] = 447,
    serve: Annotated[bool, typer.Option(help="Serve the pages at the end.")] = True,
    port: Annotated[int, typer.Option(envvar="PORT", help="Port to serve on.")] = 8000,
) -> None:
    """Run the thread on an invented investigation, tell what happened, and serve it.

    A second run reuses the store. Everything goes through the importers and acts that users have.
    """
    from dokaz.cli.demo_run import run, unfinished
    from dokaz.cli.demo_story import tell

    store = directory / "store"
    if unfinished(directory):
        run(directory, seed=seed, remains=remains, say=_say)
    open_store(store)
    for line in tell(directory, port=port):
        typer.echo(line)
    if serve:
        from dokaz.cli.serve import run_server

        run_server(port=port)


def _say(line: str) -> None:
    typer.echo(f"  {line}", err=True)
