"""Published methods as data: who found the figures, in whom, for whom they hold; and what an estimate by one of them is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from dokaz.errors import NoSuchMethod
from dokaz.physical.distributions import Distribution


@dataclass(frozen=True)
class PublishedMethod:
    """A published method.

    Args:
        key: How commands and files name it.
        name: What it looks at.
        citation: Where it was published.
        table: Which table or figure; empty where the number was not compared with the original.
        population: The people whose bones the figures were made from.
        validity: For which remains it holds.
        checked: Which public source the figures were compared with.
    """

    key: str
    name: str
    citation: str
    table: str
    population: str
    validity: str
    checked: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> PublishedMethod:
        """From an entry of a data file."""
        return cls(
            **{name: data[name] for name in ("key", "name", "citation", "population", "validity", "checked")},
            table=data["table"] or "",
        )


@dataclass(frozen=True, eq=False)
class Estimate:
    """What a method says of one body: a distribution, never a bare number.

    Args:
        of: ``age`` or ``stature``.
        method: By which method.
        scored: What was scored or measured.
        distribution: Years or cm.
        remarks: What a reader must know beside the numbers.
    """

    of: str
    method: PublishedMethod
    scored: Mapping[str, object]
    distribution: Distribution
    remarks: tuple[str, ...] = field(default=())


@cache
def published(name: str) -> dict[str, Any]:
    """A data file of this package, ``age``, ``stature``, ``sex`` or ``subadult``."""
    found: dict[str, Any] = json.loads((files("dokaz.physical") / "data" / f"{name}.json").read_text("utf-8"))
    return found


def one_of(entries: Iterable[Mapping[str, Any]], key: str, sex: str | None) -> Mapping[str, Any]:
    """The entry of a method for a sex, or for both.

    Raises:
        NoSuchMethod: no method of that name, or none for this sex.
    """
    entries = list(entries)
    named = [entry for entry in entries if entry["key"] == key]
    if not named:
        known = ", ".join(sorted({entry["key"] for entry in entries}))
        raise NoSuchMethod(f"no method is called {key!r}", f"methods are {known}")
    for entry in named:
        if entry.get("sex") in (None, sex):
            return entry
    if sex is None:
        raise NoSuchMethod(f"{key} has figures for each sex apart", "say which sex is taken: female or male")
    raise NoSuchMethod(
        f"{key} has no figures for sex {sex!r}", f"it has them for {', '.join(entry['sex'] for entry in named)}"
    )
