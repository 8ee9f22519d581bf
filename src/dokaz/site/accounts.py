"""How people sign in: nobody registers alone, nobody takes the second factor off, its secret is never in the clear."""

from __future__ import annotations

import base64
from datetime import timedelta

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dokaz.casework.attempts import try_code, try_password
from dokaz.errors import TooManyAttempts
from dokaz.pages.acting import Acting
from dokaz.pages.addresses import address_of
from dokaz.pages.refusals import what_and_next
from dokaz.pages.work_session import end
from dokaz.site.sign_ins import use_up

RECENTLY = timedelta(minutes=5)


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Accounts are opened by an administrator (`dokaz user`), never on the web."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def logout(self, request: HttpRequest) -> None:
        """End the session of work, then sign out."""
        acting: Acting | None = getattr(request, "acting", None)
        who = acting.who_ends_work() if acting is not None else None
        if who is not None:
            end(request, who)
        super().logout(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Ask for the password again before the second factor is touched, except within minutes of signing in."""
        signed_in = self.request.user.last_login
        return signed_in is None or timezone.now() - signed_in > RECENTLY

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        """Count tries in the database, for all workers, in place of allauth, which counts in the memory of each."""
        try:
            self._tried = try_password(str(credentials.get("username", "")), address=address_of(request))
        except TooManyAttempts as held:
            raise ValidationError(list(what_and_next(held))) from held

    def authenticate(self, request: HttpRequest, **credentials: object) -> AbstractBaseUser | None:
        found: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if found is not None:
            self._tried.was_right()
        return found


class SealedSecondFactor(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """Keeps the secrets of the second factor encrypted under the store's own secret, and keeps them on."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong, too old, or was used already. Wait for the next one.")
    }

    def encrypt(self, text: str) -> str:
        return _sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _sealer().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: object) -> bool:
        return False


class UsesCodeUp(BaseAuthenticateForm):  # type: ignore[misc]  # allauth carries no types
    """Takes a code of the authenticator once, whichever worker answers; recovery codes end by themselves."""

    def clean_code(self) -> str:
        try:
            tried = try_code(self.user.get_username(), address=address_of(context.request))
        except TooManyAttempts as held:
            raise ValidationError(list(what_and_next(held))) from held
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not use_up(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        tried.was_right()
        return code


class SecondFactor(UsesCodeUp, AuthenticateForm):  # type: ignore[misc]  # allauth carries no types
    """Asks for the code after the password."""


class SecondFactorAgain(UsesCodeUp, ReauthenticateForm):  # type: ignore[misc]  # allauth carries no types
    """Asks for a code before something delicate."""


def _sealer() -> Fernet:
    key = HKDF(hashes.SHA256(), 32, salt=None, info=b"dokaz second factor v1").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
