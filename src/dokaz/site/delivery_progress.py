"""How far a delivery is, for the page from which it was sent: another request asks, perhaps another worker answers."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from dokaz.casework.store import current_store

_TOKEN = re.compile(r"[0-9a-f]{32}")
#: Seconds between two notes.
_EVERY = 0.5


def new_token() -> str:
    """What a form sends along, and its page asks by."""
    return secrets.token_hex(16)


@contextmanager
def noting(request: HttpRequest) -> Iterator[Callable[[str], Callable[[int, int], None]]]:
    """Give what makes a progress for a phase, ``reading`` or ``filing``; what was noted is gone afterwards."""
    token = request.POST.get("watch", "")
    path = _path(request, token) if _TOKEN.fullmatch(token) else None

    def phase(name: str) -> Callable[[int, int], None]:
        last = [0.0]

        def note(done: int, total: int) -> None:
            if path is not None and time.monotonic() - last[0] > _EVERY:
                last[0] = time.monotonic()
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                fresh = path.with_suffix(".fresh")
                fresh.write_text(json.dumps([name, done, total]), encoding="ascii")
                os.replace(fresh, path)

        note(0, 0)
        return note

    try:
        yield phase
    finally:
        if path is not None:
            path.unlink(missing_ok=True)


def progress(request: HttpRequest, token: str) -> HttpResponse:
    """How far the delivery of this page of this session is, in words; empty where nothing is known of it."""
    if not _TOKEN.fullmatch(token):
        raise Http404
    words = ""
    with suppress(FileNotFoundError):
        phase, done, total = json.loads(_path(request, token).read_text(encoding="ascii"))
        words = _words(phase, done, total)
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


def _words(phase: str, done: int, total: int) -> str:
    values = {"done": number_format(done, force_grouping=True), "total": number_format(total, force_grouping=True)}
    if phase == "filing":
        return (
            _("Filing: %(done)s of %(total)s.") % values if total else _("Filing; if others file, one waits for them.")
        )
    return _("Reading: %(done)s of %(total)s.") % values if total else _("The files are here, and are being read.")


def _path(request: HttpRequest, token: str) -> Path:
    # By the session too: nobody reads another's.
    name = hashlib.sha256(f"{request.session.session_key}:{token}".encode()).hexdigest()
    return current_store().path / "cache" / "progress" / name
