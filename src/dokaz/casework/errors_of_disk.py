"""Turns a full disk, wherever it strikes, into one error that says so; nothing that was committed is lost by it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError

from dokaz.errors import DiskFull, sentence


@contextmanager
def naming_full_disk() -> Iterator[None]:
    """Raise ``DiskFull`` for what database and files say in their own words.

    Raises:
        DiskFull: there is no room; the transaction was rolled back, or was committed and is published later.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full() from error
        raise
    except OperationalError as error:
        if "disk is full" in str(error) or "No space left" in str(error):
            raise _full() from error
        raise


def _full() -> DiskFull:
    return DiskFull(
        sentence("the disk is full"),
        next_step=sentence("make room and do it again; what was filed before is safe, and nothing is half filed"),
    )
