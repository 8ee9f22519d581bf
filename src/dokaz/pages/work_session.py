"""The key of a working session: delegated once by passphrase, kept so that neither database nor disk nor backup suffices.

The private half lies encrypted in the session's data on the server; the key that opens it lies in a cookie in the reader's
browser, and nowhere else. A thief of the database, or of a backup, holds the one without the other; a thief of the browser
holds a session of one person, for routine acts, until it ends (docs/decisions/0026-session-keys.md).
"""

from __future__ import annotations

import base64
import datetime as dt
import logging
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from dokaz.casework.acts import begin_work, end_work
from dokaz.casework.errors_of_disk import naming_full_disk
from dokaz.casework.errors_of_waiting import waiting_at_most
from dokaz.casework.filing import Actor, filing
from dokaz.casework.models import SessionKey
from dokaz.errors import DokazError
from dokaz.ledger import UnlockedKey
from dokaz.ledger.personal import from_seed

COOKIE = "dokaz_work"
LASTS = dt.timedelta(hours=12)
#: How long somebody who signs out waits until the filing of somebody else is over.
LONGEST_WAIT_S = 3
_log = logging.getLogger(__name__)
_KEPT_AS = "work"


@dataclass(frozen=True, slots=True)
class WorkSession:
    """A session that goes on: its key, the id of the key that delegated it, and in which offices it may be used."""

    key: UnlockedKey
    delegated_by: str
    offices: frozenset[str]
    until: dt.datetime


def begin(request: HttpRequest, actor: Actor) -> WorkSession:
    """Begin a session in place of the one that may go on.

    Args:
        actor: Whoever begins, with their own key unlocked.

    Raises:
        DokazError: the delegation cannot be filed.
    """
    seed = secrets.token_bytes(32)
    key = from_seed(seed)
    with filing(by=actor, at=timezone.now()) as work:
        older = _in_store(request.session.get(_KEPT_AS), actor)
        if older is not None:
            end_work(older, work)
        session = begin_work(work, public_key=key.public_key, until=work.at + LASTS)
    opens = ChaCha20Poly1305.generate_key()
    nonce = secrets.token_bytes(12)
    sealed = nonce + ChaCha20Poly1305(opens).encrypt(nonce, seed, session.number.encode())
    request.session[_KEPT_AS] = {
        "key": session.number,
        "by": actor.key_id,
        "offices": list(session.offices),
        "sealed": base64.b64encode(sealed).decode(),
        "until": session.until.isoformat(),
    }
    request.opens_work = base64.urlsafe_b64encode(opens).decode()  # type: ignore[attr-defined]
    return WorkSession(key, actor.key_id, frozenset(session.offices), session.until)


def going_on(request: HttpRequest) -> WorkSession | None:
    """The session that the reader began and that goes on; None where there is none, or the cookie does not open it.

    It signs in the offices that it names, and these are one person's.
    """
    kept, cookie = request.session.get(_KEPT_AS), request.COOKIES.get(COOKIE, "")
    if not kept or not cookie:
        return None
    until = dt.datetime.fromisoformat(kept["until"])
    goes_on = SessionKey.objects.filter(number=kept["key"], ended_at=None, delegated_by__retired_at=None)
    if not goes_on.exists() or until <= timezone.now():
        forget(request)
        return None
    key = _opened(kept, cookie)
    return WorkSession(key, kept["by"], frozenset(kept["offices"]), until) if key is not None else None


def _opened(kept: dict[str, str], cookie: str) -> UnlockedKey | None:
    sealed = base64.b64decode(kept["sealed"])
    try:
        opens = ChaCha20Poly1305(base64.urlsafe_b64decode(cookie))
        return from_seed(opens.decrypt(sealed[:12], sealed[12:], kept["key"].encode()))
    except (ValueError, InvalidTag):
        return None  # another browser's cookie, or one that was changed: the passphrase is asked for again


def _in_store(kept: dict[str, str] | None, actor: Actor) -> SessionKey | None:
    """The record of a session that was not ended."""
    if kept is None:
        return None
    found: SessionKey | None = SessionKey.objects.filter(number=kept["key"], person=actor.person, ended_at=None).first()
    return found


def forget(request: HttpRequest) -> None:
    """Keep nothing more of a session: its key is lost, and the passphrase is asked for again."""
    request.session.pop(_KEPT_AS, None)


def hand_out(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give the browser the key of a session that this request began, and take back the key of one that is over."""
    opens = getattr(request, "opens_work", "")
    if opens:
        response.set_cookie(COOKIE, opens, httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE)
    elif COOKIE in request.COOKIES and _KEPT_AS not in request.session:
        response.delete_cookie(COOKIE, samesite="Strict")


def end(request: HttpRequest, actor: Actor) -> None:
    """End the session of whoever signs out.

    Nobody is kept from signing out: where it cannot be filed, because somebody else files just now or the disk is full, the
    key is forgotten all the same, and the log says that the session ends at its hour.

    Args:
        actor: Whoever signs out, with the key of their session; without one there is nothing to end.
    """
    kept = request.session.get(_KEPT_AS)
    if kept is None or actor.session is None:
        return
    forget(request)
    try:
        with waiting_at_most(LONGEST_WAIT_S), naming_full_disk(), filing(by=actor, at=timezone.now()) as work:
            session = _in_store(kept, actor)
            if session is not None:
                end_work(session, work)
    except (DokazError, DatabaseError, OSError):
        _log.warning("the session %s… was not ended at sign-out; it ends at %s", kept["key"][:12], kept["until"],
                     exc_info=True)  # fmt: skip
