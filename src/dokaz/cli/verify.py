"""`dokaz verify`: runs the separate verifier, so that nobody has to remember two names."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from dokaz.cli.exits import ExitCode

app = typer.Typer(add_completion=False)


HOW_TO_INSTALL = "make setup, or pip install ./verifier"


def verifier() -> str | None:
    """The verifier's program: the one beside this interpreter, else one on the path."""
    return shutil.which("dokaz-verify", path=str(Path(sys.executable).parent)) or shutil.which("dokaz-verify")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def verify(
    context: typer.Context,
    bundle: Annotated[Path, typer.Argument(help="Directory of the bundle.")],
) -> None:
    """Verify a bundle offline. All options of dokaz-verify may follow (dokaz-verify --help).

    The verifier is a program of its own that shares no code with this one; a stranger runs it alone.
    """
    program = verifier()
    if program is None:
        typer.echo(f"dokaz: dokaz-verify is not installed\n  next: {HOW_TO_INSTALL}", err=True)
        raise typer.Exit(ExitCode.USAGE)
    raise typer.Exit(subprocess.run([program, str(bundle), *context.args], check=False).returncode)
