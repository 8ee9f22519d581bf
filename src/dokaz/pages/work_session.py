"""The key of a working session: delegated once by passphrase, kept so that neither database nor disk nor backup suffices.

The private half lies encrypted in the session's data on the server; the key that opens it lies in a cookie in the reader's
browser, and nowhere else. A thief of the database, or of a backup, holds the one without the other; a thief of the browser
holds a session of one person, for routine acts, until it ends (docs/decisions/0025-session-keys.md).
"""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from dokaz.casework.acts import begin_work, end_work
from dokaz.casework.filing import Actor, filing
from dokaz.casework.models import SessionKey
from dokaz.ledger import UnlockedKey
from dokaz.ledger.personal import from_seed

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

COOKIE = "dokaz_work"
LASTS = dt.timedelta(hours=12)
_KEPT_AS = "work"


@dataclass(frozen=True, slots=True)
class WorkSession:
    """A session that goes on: its key, and in which offices it may be used."""

    key: UnlockedKey
    offices: frozenset[str]
    until: dt.datetime


def begin(request: HttpRequest, actor: Actor) -> Actor:
    """Begin a session, and give the actor with its key.

    Args:
        actor: Whoever begins, with their own key unlocked.

    Raises:
        DokazError: the delegation cannot be filed.
    """
    seed = secrets.token_bytes(32)
    key = from_seed(seed)
    now = timezone.now()
    with filing(by=actor, at=now) as work:
        session = begin_work(work, public_key=key.public_key, until=now + LASTS)
    opens = ChaCha20Poly1305.generate_key()
    nonce = secrets.token_bytes(12)
    sealed = nonce + ChaCha20Poly1305(opens).encrypt(nonce, seed, session.number.encode())
    request.session[_KEPT_AS] = {
        "key": session.number,
        "offices": list(session.offices),
        "sealed": base64.b64encode(sealed).decode(),
        "until": session.until.isoformat(),
    }
    request.opens_work = base64.urlsafe_b64encode(opens).decode()  # type: ignore[attr-defined]
    return replace(actor, session=key)


def going_on(request: HttpRequest) -> WorkSession | None:
    """The session that the reader began and that goes on; None where there is none, or the cookie does not open it."""
    kept, cookie = request.session.get(_KEPT_AS), request.COOKIES.get(COOKIE, "")
    if not kept or not cookie:
        return None
    until = dt.datetime.fromisoformat(kept["until"])
    key = _opened(kept, cookie)
    if key is None or until <= timezone.now():
        return None
    return WorkSession(key, frozenset(kept["offices"]), until)


def _opened(kept: dict[str, str], cookie: str) -> UnlockedKey | None:
    sealed = base64.b64decode(kept["sealed"])
    try:
        opens = ChaCha20Poly1305(base64.urlsafe_b64decode(cookie))
        return from_seed(opens.decrypt(sealed[:12], sealed[12:], kept["key"].encode()))
    except (ValueError, InvalidTag):
        return None  # another browser's cookie, or one that was changed: the passphrase is asked for again


def hand_out(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give the browser the key of a session that this request began, and take back the key of one that is over."""
    opens = getattr(request, "opens_work", "")
    if opens:
        response.set_cookie(COOKIE, opens, httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE)
    elif COOKIE in request.COOKIES and _KEPT_AS not in request.session:
        response.delete_cookie(COOKIE, samesite="Strict")


def end(session: SessionBase, actor: Actor) -> None:
    """End the session of whoever signs out; it would end by itself at its hour."""
    kept = session.pop(_KEPT_AS, None)
    if kept is None or actor.session is None:
        return
    with filing(by=actor, at=timezone.now()) as work:
        end_work(SessionKey.objects.get(number=kept["key"]), work)
