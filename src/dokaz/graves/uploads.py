"""Photographs that a form sends: decoded, hashed and on the disk before the filing that names them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dokaz.casework.apart import apart
from dokaz.casework.filing import Actor
from dokaz.casework.store import current_store
from dokaz.exchange.reading.limits import OF_A_PICTURE, PHOTOGRAPH_BYTES
from dokaz.exchange.reading.sent_files import SentFile
from dokaz.graves.acts import Upload
from dokaz.graves.intake import upload_of
from dokaz.vault import Staging


@contextmanager
def staged_photographs(_actor: Actor, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a form says, with its photographs ready to be filed; done before the filing (``act_on``'s ``prepare``).

    Whatever the filing did not take is gone when it is over.

    Raises:
        BadFile: one of them does not decode whole, or is too large.
        ReadersBusy: too many others are being read.
    """
    store = current_store()
    with store.vault.staging() as staging:
        sent = [SentFile(file.name, Path(file.temporary_file_path())) for file in values["photographs"]]
        for one in sent:
            one.must_be_at_most(PHOTOGRAPH_BYTES)
        uploads = [apart(_read, one, staging, within=OF_A_PICTURE, turns=store.turns, file=one.name) for one in sent]
        yield values | {"photographs": uploads}


def _read(photograph: SentFile, staging: Staging) -> Upload:
    return upload_of(photograph.read(), photograph.name, keep=staging.put)
