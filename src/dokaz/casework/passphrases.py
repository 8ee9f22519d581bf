"""Passwords and passphrases that are easily guessed are refused, wherever one is set."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dokaz.errors import WeakPassphrase, sentence

SHORTEST = 12
"""Characters that a password or passphrase has at least."""


class KnownWordsValidator(CommonPasswordValidator):
    """Refuses what is a known password once digits and signs at its ends are taken off, or one of these repeated.

    The list of 20,000 known passwords that Django ships holds few that are as long as a password must be here: people
    make the known ones longer.
    """

    def validate(self, password: str, user: Any = None) -> None:
        if self.knows(password):
            raise ValidationError(_("This is a known password with a little added to it."), code="password_too_common")

    def knows(self, password: str) -> bool:
        """Whether it is easily guessed. Needs no settings: a store is founded before there are any."""
        plain = password.casefold()
        cores = {plain, re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain), re.sub(r"[\W\d_]+", "", plain)}
        return len(set(plain)) < 5 or "" in cores or any(self._is_known(core) for core in cores)

    def _is_known(self, core: str) -> bool:
        parts = {
            core[:length] for length in range(3, len(core) // 2 + 1) if core[:length] * (len(core) // length) == core
        }
        return core in self.passwords or bool(parts & self.passwords)

    def get_help_text(self) -> str:
        return str(_("Not a known password with a little added to it."))


def refuse_weak(passphrase: str) -> None:
    """Refuse a passphrase that is easily guessed, by the rules for passwords.

    Raises:
        WeakPassphrase: it is.
    """
    if len(passphrase) < SHORTEST:
        problem = sentence("this passphrase has fewer than {count} characters", count=SHORTEST)
    elif KnownWordsValidator().knows(passphrase):
        problem = sentence("this passphrase is a known password, or one with a little added to it")
    else:
        return
    raise WeakPassphrase(problem, sentence("choose a longer sentence that only you know"))
