"""Openings: one field of a version, and the salted digest by which an entry commits to it."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dokaz.errors import BadOpening
from dokaz.ledger.canonical import canonical

_SALT = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class Opening:
    """Salt, name and value of one field.

    Names and alleles can be guessed by trying; the salt makes trying hopeless, therefore it is never optional and never
    derived from anything. Whoever lacks the opening learns nothing from the digest.

    Args:     salt: 64 hex digits, 256 random bits.
              name: the field's name; ASCII, so that no letter looks like another.
              value: any value that canonical JSON admits.
    Raises:   BadOpening: the salt is not 64 lower-case hex digits, or the name is none.
              NotCanonical: the value is not admitted.
    Source:   docs/ledger-format.md, "Openings".
    """

    salt: str
    name: str
    value: Any
    digest: str = field(init=False, compare=False, repr=False)
    """SHA-256 over the canonical JSON of the opening, in hex: what the entry's ``fields`` hold."""

    def __post_init__(self) -> None:
        if not isinstance(self.salt, str) or not _SALT.fullmatch(self.salt):
            raise BadOpening(f"field {self.name!r}: salt {self.salt!r} is not 64 lower-case hex digits")
        if not isinstance(self.name, str) or not _NAME.fullmatch(self.name):
            raise BadOpening(f"{self.name!r} is not a field's name (ASCII letters, digits, _ . - after a letter)")
        digest = hashlib.sha256(canonical([self.salt, self.name, self.value])).hexdigest()
        object.__setattr__(self, "digest", digest)

    @classmethod
    def fresh(cls, name: str, value: Any, *, random_hex: Callable[[int], str] = secrets.token_hex) -> Opening:
        """Open a new field with a salt of its own.

        Args:     random_hex: gives n random bytes in hex; only tests and the simulator hand in another one.
        """
        return cls(random_hex(32), name, value)

    @classmethod
    def from_json(cls, raw: Any) -> Opening:
        """Read ``[salt, name, value]``.

        Raises:   BadOpening: not an array of these three.
        """
        if not isinstance(raw, list) or len(raw) != 3:
            raise BadOpening(f"{str(raw)[:100]} is not [salt, name, value]")
        return cls(*raw)

    def to_json(self) -> list[Any]:
        """Give ``[salt, name, value]``."""
        return [self.salt, self.name, self.value]


def digest_of(salt: str, name: str, text: str) -> str:
    """Give the digest of an opening whose value is at hand as canonical JSON already.

    Args:     salt: 64 hex digits.
              name: a field's name, ASCII letters, digits, ``_``, ``.`` and ``-``.
              text: the value as canonical JSON.
    """
    return hashlib.sha256(f'["{salt}","{name}",{text}]'.encode()).hexdigest()
