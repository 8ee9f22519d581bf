"""How the commands of `dokaz kinship` say that a file was refused, and what they noted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import typer

#: So many notes that say the same are told as one.
_OFTEN = 3


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


def once(notes: Iterable[str]) -> list[str]:
    """Notes, those that repeat told once: what three or more say of several, with how many and the first ten.

    Example:
        >>> once(["A: no rate", "B: no rate", "C: no rate", "D: other"])
        ['no rate (3 times): A, B, C', 'D: other']
        >>> once(["left out: A", "left out: B", "left out: C"])
        ['left out (3 times): A; B; C']
    """
    parts = [note.partition(": ") for note in dict.fromkeys(notes)]
    of_end = Counter(end for _, mark, end in parts if mark)
    of_start = Counter(start for start, mark, end in parts if mark and of_end[end] < _OFTEN)
    told: dict[str, list[str]] = {}
    for start, mark, end in parts:
        if mark and of_end[end] >= _OFTEN:
            told.setdefault(f"{end} ({of_end[end]} times)", []).append(start)
        elif mark and of_start[start] >= _OFTEN:
            told.setdefault(f"{start} ({of_start[start]} times)", []).append(end)
        else:
            told[f"{start}{mark}{end}"] = []
    found = []
    for what, whom in told.items():
        more = f" and {len(whom) - 10} more" if len(whom) > 10 else ""
        divided = "; " if any(", " in each for each in whom) or what.partition(" (")[0] in of_start else ", "
        found.append(f"{what}: {divided.join(whom[:10])}{more}" if whom else what)
    return found
