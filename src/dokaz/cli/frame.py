"""What every command shares: the store it works on, who acts, progress, and how results are printed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dokaz.errors import NoPassphrase

if TYPE_CHECKING:
    import datetime as dt

    from dokaz.casework.filing import Actor, Filing
    from dokaz.casework.store import Store


StoreOption = Annotated[
    Path, typer.Option("--store", envvar="DOKAZ_STORE", help="Directory of the store.", show_default=True)
]
As = Annotated[str, typer.Option("--as", help="Who acts: name or number of a person, as NAME or NAME:role.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of words.")]
DEFAULT_STORE = Path("store")


def open_store(path: Path) -> Store:
    """Start Django on a store, and carry on or clear away what a killed process left.

    Raises:
        NoStore: there is none.
        StoreOpenToOthers: others can read it.
        DamagedSecret: what keys sessions and second factors is not as it was written.
    """
    from dokaz.casework.errors_of_disk import naming_full_disk
    from dokaz.casework.store import Store, must_have_secret, refuse_open_store

    with naming_full_disk():
        _ = Store(path.resolve()).settings
        refuse_open_store(path.resolve())
        if must_have_secret(path.resolve()):
            typer.echo(
                "dokaz: the store's secret was lost, and another was made: everybody signs in anew, and sets up the second "
                "factor anew (`dokaz user sign-in --anew`)",
                err=True,
            )
        store = start_django(path)
        from dokaz.court.leftovers import carry_on

        carry_on(store)
    return store


def start_django(path: Path) -> Store:
    """Start Django with its settings read from a store directory, which may still be without tables."""
    from dokaz.casework.store import Store

    # Django's settings read the same file: what is wrong with it is said here, by its name.
    _ = Store(path.resolve()).settings
    os.environ["DOKAZ_STORE"] = str(path.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dokaz.site.settings")
    import django

    django.setup()
    from dokaz.casework.store import current_store

    store = current_store()
    _ = store.settings
    return store


def passphrase(prompt: str, *, confirm: bool = False) -> str:
    """A passphrase: from DOKAZ_PASSPHRASE, else asked for on the terminal."""
    given = os.environ.get("DOKAZ_PASSPHRASE", "")
    if given:
        return given
    if not sys.stdin.isatty():
        raise NoPassphrase(prompt)
    return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=confirm, err=True))


def acting(store: Store, who: str, *roles: str) -> Actor:
    """The person who acts, in the first of their offices that is among ``roles``, with their key unlocked.

    Args:
        who: Name or number, optionally ``:role``.
        roles: Offices to which the act is open, the likeliest first.

    Raises:
        NobodyOfThatName: nobody of that name is here, or more than one.
        HoldsNoOffice: they hold no such office.
        WrongPassphrase: it does not open their key.
    """
    from dokaz.casework.attempts import note
    from dokaz.casework.models import SecurityEvent
    from dokaz.casework.queries import actor, key_of, offices_of, person_named
    from dokaz.errors import HoldsNoOffice, WrongPassphrase

    name, _, wanted = who.partition(":")
    person = person_named(name)
    held = [office.role for office in offices_of(person.id)]
    role = wanted or next((r for r in roles if r in held), "")
    if not role or role not in held:
        raise HoldsNoOffice(person.name, [wanted] if wanted else roles)
    key = key_of(person.id)
    if key is None:
        return actor(person, role, None)
    try:
        unlocked = store.unlock(key.number, passphrase(f"Passphrase of {person.name}"))
    except WrongPassphrase:
        note(SecurityEvent.What.PASSPHRASE_WRONG, person.number)
        raise
    return actor(person, role, unlocked)


def now() -> dt.datetime:
    """The clock of this machine: the one place where a command asks for the time."""
    from django.utils import timezone

    return timezone.now()


@contextmanager
def filing_as(store: Store, actor: Actor, reason: str = "") -> Iterator[Filing]:
    """Open a filing now."""
    from dokaz.casework.errors_of_disk import naming_full_disk
    from dokaz.casework.filing import filing

    with naming_full_disk(), filing(by=actor, at=now(), reason=reason, store=store) as work:
        yield work


class Progress:
    """A line that counts on a terminal, and is silent in a pipe."""

    def __init__(self, label: str) -> None:
        self.label, self.shown, self.on = label, -1, sys.stderr.isatty()

    def __call__(self, done: int, total: int, what: str = "") -> None:
        percent = 100 * done // total if total else 100
        if self.on and percent != self.shown:
            self.shown = percent
            sys.stderr.write(f"\r{what or self.label}: {done:,} of {total:,} ({percent} %) ")
            sys.stderr.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.on and self.shown >= 0:
            sys.stderr.write("\r\033[K")


def report(result: dict[str, Any], words: str, as_json: bool) -> None:
    """Print a result, in words or as JSON."""
    typer.echo(json.dumps(result, ensure_ascii=False, sort_keys=True) if as_json else words)


def counted(taken: dict[str, int]) -> str:
    """``3 graves, 12 units``."""
    return ", ".join(f"{number:,} {what.replace('_', ' ')}" for what, number in taken.items())
