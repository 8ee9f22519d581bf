"""Sessions in the database, of no use to whoever reads the database (docs/decisions/0028-sessions.md).

The browser holds a random key. The row is found by a keyed hash of it, and its content is encrypted under a key that is
made of the store's secret and of the browser's key: a row continues nobody's session and tells nothing, neither by itself
nor together with the secret.
"""

from __future__ import annotations

import base64
import hmac
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as InTheDatabase
from django.contrib.sessions.models import Session
from django.utils import timezone


def stored_name(session_key: str) -> str:
    """Under which name the database holds the session of a browser that has this key: 160 bits, in hex."""
    return hmac.new(_key("name"), session_key.encode(), "sha256").hexdigest()[:40]


def _key(purpose: str, of: str = "") -> bytes:
    secret = HKDF(hashes.SHA256(), 32, salt=None, info=f"dokaz session {purpose} v1".encode())
    return secret.derive(f"{settings.SECRET_KEY}\n{of}".encode())


class SessionStore(InTheDatabase):
    """Django's own, with the name hashed and the content encrypted."""

    def _get_session_from_db(self) -> Session | None:
        rows = Session.objects.filter(session_key=stored_name(self.session_key or ""), expire_date__gt=timezone.now())
        found = rows.first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return super().exists(stored_name(session_key))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored_name(key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        made: Session = super().create_model_instance(data)  # type: ignore[assignment]
        made.session_key = stored_name(made.session_key)
        return made

    def encode(self, session_dict: dict[str, Any]) -> str:
        return self._sealer().encrypt(super().encode(session_dict).encode()).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            opened = self._sealer().decrypt(session_data).decode()
        except InvalidToken:
            return {}  # of another secret, or copied under another name: nobody is signed in by it
        read: dict[str, Any] = super().decode(opened)
        return read

    def _sealer(self) -> Fernet:
        browsers: str = self._get_or_create_session_key()  # type: ignore[attr-defined]  # Django's stubs lack it
        return Fernet(base64.urlsafe_b64encode(_key("content", browsers)))
