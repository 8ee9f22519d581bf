"""Photographs that a form sends: decoded, hashed and on the disk before the filing that names them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dokaz.casework.filing import Actor
from dokaz.casework.store import current_store
from dokaz.graves.intake import upload_of


@contextmanager
def staged_photographs(_actor: Actor, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a form says, with its photographs ready to be filed; done before the filing (``act_on``'s ``prepare``).

    Whatever the filing did not take is gone when it is over.

    Raises:
        BadFile: one of them does not decode whole.
    """
    with current_store().vault.staging() as staging:
        uploads = [upload_of(file.read(), file.name, keep=staging.put) for file in values["photographs"]]
        yield values | {"photographs": uploads}
