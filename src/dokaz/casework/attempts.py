"""What happens at the locks, signing in and signing, for the auditor to read; and how many wrong tries are allowed.

None of it is a record, and none enters the ledger. A try is noted as wrong before it is made and struck out when it was
right, so that a hundred tries at once are no more than five. Whoever tried too often waits; each limit belongs to somebody
who cannot be somebody else, so that nobody can have others wait:

* a *password* is tried from an address: few for one login from it, more for all logins from it;
* a *code* of a second factor by whoever gave the right password, a *passphrase* by whoever has signed in: by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from dokaz.casework.models import SecurityEvent
from dokaz.errors import TooManyAttempts

What = SecurityEvent.What


@dataclass(frozen=True, slots=True)
class Allowed:
    """So many wrong tries within so many minutes."""

    most: int
    minutes: int


PASSWORDS_FOR_A_LOGIN = Allowed(5, 5)
PASSWORDS_FROM_AN_ADDRESS = Allowed(50, 5)
CODES = Allowed(5, 15)
PASSPHRASES = Allowed(5, 15)


def note(what: str, who: str, *, address: str = "") -> SecurityEvent:
    """Write down for the auditor what happened at a lock."""
    return SecurityEvent.objects.create(at=timezone.now(), what=what, who=who[:150], address=address[:64])


@contextmanager
def trying_passphrase(who: str, *, address: str) -> Iterator[None]:
    """Let a person try their passphrase inside, which raises where it is wrong.

    Raises:
        TooManyAttempts: they were wrong too often.
    """
    tried = try_passphrase(who, address=address)
    yield
    tried.was_right()


@dataclass(frozen=True, slots=True)
class Tried:
    """A try that counts as wrong until it was right."""

    event: SecurityEvent

    def was_right(self) -> None:
        """Strike it out."""
        self.event.delete()


def try_password(login: str, *, address: str) -> Tried:
    """Note that a password is about to be tried.

    Raises:
        TooManyAttempts: too many were wrong for this login from this address, or from this address.
    """
    tried = note(What.PASSWORD_WRONG, login, address=address)
    same = models.Q(address=tried.address)
    _must_be_few(tried, same & models.Q(who=tried.who), PASSWORDS_FOR_A_LOGIN, What.PASSWORD_HELD)
    _must_be_few(tried, same, PASSWORDS_FROM_AN_ADDRESS, What.PASSWORD_HELD)
    return Tried(tried)


def try_code(login: str, *, address: str) -> Tried:
    """Note that a code of a second factor is about to be tried, by somebody whose password was right.

    Raises:
        TooManyAttempts: this person was wrong too often.
    """
    tried = note(What.CODE_WRONG, login, address=address)
    _must_be_few(tried, models.Q(who=tried.who), CODES, What.CODE_HELD)
    return Tried(tried)


def try_passphrase(who: str, *, address: str) -> Tried:
    """Note that a person who has signed in is about to try the passphrase of their key.

    Raises:
        TooManyAttempts: this person was wrong too often.
    """
    tried = note(What.PASSPHRASE_WRONG, who, address=address)
    # Whoever runs a command has the key's file itself: that is noted, but has nobody wait at the pages.
    _must_be_few(tried, models.Q(who=tried.who) & ~models.Q(address=""), PASSPHRASES, What.PASSPHRASE_HELD)
    return Tried(tried)


def _must_be_few(tried: SecurityEvent, alike: Any, allowed: Allowed, held: str) -> None:
    since = tried.at - timedelta(minutes=allowed.minutes)
    wrong = SecurityEvent.objects.filter(alike, what=tried.what, at__gt=since, pk__lte=tried.pk).order_by("-pk")
    if wrong.count() <= allowed.most:
        return
    # Written once for all that are refused until the wait is over: a log that a stranger can fill is no use.
    first = wrong[allowed.most]
    if SecurityEvent.objects.filter(alike, what=held, at__gt=since).exists():
        tried.delete()
    else:
        tried.what = held
        tried.save(update_fields=["what"])
    waits = first.at + timedelta(minutes=allowed.minutes) - timezone.now()
    raise TooManyAttempts(max(1, -(-int(waits.total_seconds()) // 60)))
