"""Personal keys: made for one person, opened by a passphrase that only this person knows."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dokaz.errors import BadKeyFile, WrongPassphrase, WrongSignature, sentence
from dokaz.ledger.durable import make_directory, sync_directory, write_whole
from dokaz.ledger.entry import Base, PersonalSignature, assent_message, key_id
from dokaz.ledger.pkcs8 import wrap_pkcs8
from dokaz.ledger.signatures import holds

# What stands in a key file above the key, where programs that read PEM expect words for people.
_HEADER = re.compile(rb"Dokaz personal key ([0-9a-f]{64})\nSHA-256 of what follows: ([0-9a-f]{64})\n\n")
_RESTORE = "restore it from a copy, or ask an administrator for a new key"


@dataclass(frozen=True)
class WrappedKey:
    """A personal key as it is kept: its public half in the open, its private half under the passphrase.

    Args:     public_key: 64 hex digits, as the field of a ``casework.Key`` record.
              pem: PKCS#8, encrypted; above it two lines with the key's name and the hash of what follows, so that damage
              shows without the passphrase.
    """

    public_key: str
    pem: bytes

    @property
    def key_id(self) -> str:
        """The name by which entries and signatures refer to this key."""
        return key_id(bytes.fromhex(self.public_key))


class UnlockedKey:
    """A personal key in the hand of its person. Signs; cannot be shown, copied or stored."""

    def __init__(self, private_key: Ed25519PrivateKey) -> None:
        self._private_key = private_key
        raw = private_key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.public_key = raw.hex()
        self.key_id = key_id(raw)

    def __repr__(self) -> str:
        return f"UnlockedKey({self.key_id[:12]}…)"

    def sign(self, message: bytes) -> bytes:
        """Give the 64 bytes of an Ed25519 signature."""
        return self._private_key.sign(message)

    def assent(self, act: str, leaf: str, record: str, *, log: str, office: str, base: Base) -> PersonalSignature:
        """Give the assent to an act on a version of a record, as an entry holds it, made under an office."""
        message = assent_message(act, leaf, record, log=log, office=office, base=base)
        return PersonalSignature(self.key_id, office, base, self.sign(message))

    def wrap(self, passphrase: str) -> WrappedKey:
        """Put the key under a passphrase, for keeping."""
        if not passphrase:
            raise WrongPassphrase(
                sentence("an empty passphrase protects nothing"),
                next_step=sentence("choose a sentence that only you know"),
            )
        plain = self._private_key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        pem = wrap_pkcs8(plain, passphrase)
        header = f"Dokaz personal key {self.key_id}\nSHA-256 of what follows: {hashlib.sha256(pem).hexdigest()}\n\n"
        return WrappedKey(self.public_key, header.encode() + pem)


def generate() -> UnlockedKey:
    """Make a new personal key, from the operating system's randomness."""
    return UnlockedKey(Ed25519PrivateKey.generate())


def generate_personal_key(directory: Path, passphrase: str) -> UnlockedKey:
    """Make a new personal key and keep it, wrapped, as ``<key id>.pem`` in a directory.

    Raises:   WrongPassphrase: the passphrase is empty.
    """
    key = generate()
    wrapped = key.wrap(passphrase)
    make_directory(directory, mode=0o700)
    write_whole(directory / f"{key.key_id}.pem", wrapped.pem, mode=0o600)
    sync_directory(directory)
    return key


def from_seed(seed: bytes) -> UnlockedKey:
    """Make the key of a given 32-byte seed: for tests and invented investigations, never for a person."""
    return UnlockedKey(Ed25519PrivateKey.from_private_bytes(seed))


def unlock(pem: bytes | Path, passphrase: str) -> UnlockedKey:
    """Open a wrapped key.

    Args:     pem: the wrapped key, or the file that holds it.
    Raises:   WrongPassphrase: the passphrase does not open it.
              BadKeyFile: it is not there, or not an encrypted Ed25519 key.
    """
    try:
        data = pem.read_bytes() if isinstance(pem, Path) else pem
    except FileNotFoundError as error:
        raise BadKeyFile(f"{error.filename}: no such key", next_step="ask an administrator for a new one") from error
    except OSError as error:
        problem = f"{error.filename}: cannot be read: {error.strerror}"
        raise BadKeyFile(problem, next_step=_RESTORE) from error
    if _HEADER.match(data) and not is_wrapped_key(data):
        raise BadKeyFile(
            "this key file is damaged", next_step="restore it from a copy, or ask an administrator for a new key"
        )
    if b"ENCRYPTED PRIVATE KEY" not in data:
        raise BadKeyFile(
            "not an encrypted private key in PEM", next_step="a personal key is never kept without a passphrase"
        )
    try:
        key = serialization.load_pem_private_key(data, password=passphrase.encode())
    except (ValueError, TypeError) as error:
        raise WrongPassphrase(
            sentence("this passphrase does not open this key"),
            next_step=sentence("try again; nobody can recover it for you"),
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKeyFile("not an Ed25519 key")
    return UnlockedKey(key)


def is_wrapped_key(pem: bytes, key_id: str = "") -> bool:
    """Whether a file is a key under a passphrase as it was written; only the passphrase tells whether it opens.

    Args:     key_id: whose key it must be; anybody's if empty.
    """
    header = _HEADER.match(pem)
    if header is None or key_id.encode() not in (b"", header[1]):
        return False
    return hashlib.sha256(pem[header.end() :]).hexdigest().encode() == header[2]


def verify(public_key: str, message: bytes, signature: bytes) -> None:
    """Check a personal signature.

    Args:     public_key: 64 hex digits.
    Raises:   WrongSignature: it was not made over this message with this key.
    Source:   RFC 8032.
    """
    try:
        key = bytes.fromhex(public_key)
    except ValueError as error:
        raise WrongSignature(f"{public_key[:70]!r} is not a public key in hex") from error
    if not holds(key, message, signature):
        raise WrongSignature(f"the signature by key {public_key[:12]}… does not belong to this message")
