"""Opens sign-ins for people: a password and a second factor. Neither is a record; neither enters the ledger."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from urllib.parse import quote

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import router, transaction

from dokaz.casework.models import Account, Person
from dokaz.errors import SignInRefused, sentence

#: Seconds for which an authenticator app shows one code.
PERIOD = 30


@dataclass(frozen=True)
class SignIn:
    """What a person needs to sign in for the first time."""

    login: str
    secret: str

    @property
    def uri(self) -> str:
        """For a QR code that an authenticator app reads."""
        return f"otpauth://totp/Dokaz:{quote(self.login)}?secret={self.secret}&issuer=Dokaz"


def in_one_transaction() -> AbstractContextManager[None]:
    """All that is written about sign-ins inside, or nothing; not of records, which are in another database."""
    whole: AbstractContextManager[None] = transaction.atomic(using=router.db_for_write(Account))
    return whole


def open_sign_in(person: Person, login: str, password: str) -> SignIn:
    """Let a person sign in.

    Raises:
        SignInRefused: the login is taken, the person has one already, or the password is too weak.
    """
    refuse_unfit(login, password)
    if Account.objects.filter(person_id=person.id).exists():
        raise SignInRefused(
            sentence("{name} has a sign-in already", name=person.name),
            sentence("use it, or open another in its place: --anew"),
        )
    user = get_user_model()(username=login)
    user.set_password(password)
    secret = totp.generate_totp_secret()
    with in_one_transaction():
        user.save()
        Account.objects.create(user=user, person_id=person.id)
        totp.TOTP.activate(user, secret)
    return SignIn(login, secret)


def refuse_unfit(login: str, password: str) -> None:
    """Refuse a login that somebody has, and a password that is easily guessed.

    Raises:
        SignInRefused: it is one or the other.
    """
    users = get_user_model()
    if users.objects.filter(username=login).exists():
        raise SignInRefused(sentence("{login}: this login is taken", login=login), sentence("choose another one"))
    try:
        validate_password(password, users(username=login))
    except ValidationError as error:
        raise SignInRefused(
            sentence("{problems}", problems=" ".join(error.messages)), sentence("choose a longer sentence")
        ) from error


def code_now(login: str) -> str:
    """The six digits that an authenticator app would show now; for demos and tests, where there is no telephone.

    Raises:
        SignInRefused: nobody signs in under this name.
    """
    found = Authenticator.objects.filter(user__username=login, type=Authenticator.Type.TOTP).first()
    if found is None:
        raise SignInRefused(
            sentence("{login}: nobody signs in under this name", login=login),
            sentence("`dokaz user list` shows the sign-ins"),
        )
    return _code_at(found, int(time.time()) // PERIOD)


def use_up(authenticator: Authenticator, code: str) -> bool:
    """Take a code that was found right, and every earlier one, out of use.

    Returns:
        False where it, or a later one, was used before: whoever looked over a shoulder comes too late.

    Source: RFC 6238, section 5.2.
    """
    with in_one_transaction():
        kept = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        fresh = [step for step in _steps_now() if _code_at(kept, step) == code and step > kept.data.get("used", -1)]
        if fresh:
            kept.data["used"] = fresh[0]
            kept.save(update_fields=["data"])
    return bool(fresh)


def _steps_now() -> Iterator[int]:
    found: Iterator[int] = totp.yield_hotp_counters_from_time()
    return found


def _code_at(authenticator: Authenticator, step: int) -> str:
    value: str = totp.format_hotp_value(totp.hotp_value(totp.decrypt(authenticator.data["secret"]), step))
    return value
