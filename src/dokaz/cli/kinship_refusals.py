"""How the commands of `dokaz kinship` say that a file was refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

import typer


def refusal(error: Exception) -> str:
    """An error on one line."""
    from dokaz.errors import DokazError

    if isinstance(error, DokazError):
        return f"{error.what}; next: {error.next_step}" if error.next_step else error.what
    return (error.strerror if isinstance(error, OSError) else None) or f"{type(error).__name__}: {error}"


def refuse(file: Path, error: Exception, as_json: bool) -> NoReturn:
    """Say why a file was refused, and end the command with 1."""
    why = refusal(error)
    typer.echo(json.dumps({"file": str(file), "error": why}) if as_json else f"{file}: refused: {why}")
    raise typer.Exit(1) from None
