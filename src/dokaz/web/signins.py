"""Opens sign-ins for people: a password and a second factor. Neither is a record; neither enters the ledger."""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import quote

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from dokaz.casework.models import Account, Person
from dokaz.errors import SignInRefused


@dataclass(frozen=True)
class SignIn:
    """What a person needs to sign in for the first time."""

    login: str
    secret: str

    @property
    def uri(self) -> str:
        """For a QR code that an authenticator app reads."""
        return f"otpauth://totp/Dokaz:{quote(self.login)}?secret={self.secret}&issuer=Dokaz"


def open_sign_in(person: Person, login: str, password: str) -> SignIn:
    """Let a person sign in.

    Raises:
        SignInRefused: the login is taken, the person has one already, or the password is too weak.
    """
    users = get_user_model()
    if users.objects.filter(username=login).exists():
        raise SignInRefused(f"{login}: this login is taken", "choose another one")
    if Account.objects.filter(person_id=person.id).exists():
        raise SignInRefused(f"{person.name} has a sign-in already", "use it, or set a new password for it")
    user = users(username=login)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise SignInRefused(" ".join(error.messages), "choose a longer sentence") from error
    user.set_password(password)
    user.save()
    Account.objects.create(user=user, person_id=person.id)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return SignIn(login, secret)


def code_now(login: str) -> str:
    """The six digits that an authenticator app would show now; for demos and tests, where there is no telephone.

    Raises:
        SignInRefused: nobody signs in under this name.
    """
    found = Authenticator.objects.filter(user__username=login, type=Authenticator.Type.TOTP).first()
    if found is None:
        raise SignInRefused(f"{login}: nobody signs in under this name", "`dokaz user list` shows the sign-ins")
    secret = totp.decrypt(found.data["secret"])
    value: str = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    return value
