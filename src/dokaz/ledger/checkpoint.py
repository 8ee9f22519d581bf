"""Checkpoints: the log's signed word about its size and root (C2SP tlog-checkpoint)."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dokaz.errors import BadCheckpoint, BadKeyFile, NotBase64, NotSigned
from dokaz.ledger import base64_strict
from dokaz.ledger.merkle import EMPTY_ROOT, HASH_SIZE
from dokaz.ledger.note import Note, NoteSignature, VerifierKey, is_key_name, open_note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Checkpoint:
    """How many entries a log has, and the root over them.

    Args:     origin: the log's name.
              size: number of entries.
              root: root hash, 32 bytes.
    Raises:   BadCheckpoint: which of the three is wrong, and how.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.origin):
            raise BadCheckpoint(
                f"origin {self.origin!r} cannot name a log: empty, or with a space, a plus or a control character"
            )
        if not 0 <= self.size < 2**63:
            raise BadCheckpoint(f"size {self.size} is not between 0 and 2^63")
        if len(self.root) != HASH_SIZE:
            raise BadCheckpoint(f"a root hash has {HASH_SIZE} bytes, not {len(self.root)}")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise BadCheckpoint("size is 0, but the root is not that of an empty tree")

    @property
    def text(self) -> str:
        """The three lines that the log signs."""
        return f"{self.origin}\n{self.size}\n{base64_strict.encode(self.root)}\n"

    @classmethod
    def from_text(cls, text: str) -> Checkpoint:
        """Read the three lines.

        Raises:   BadCheckpoint: not three lines, or which of them is wrong.
        """
        lines = text.removesuffix("\n").split("\n")
        if len(lines) != 3:
            raise BadCheckpoint(f"{len(lines)} lines where origin, size and root make 3")
        origin, size, root = lines
        if not _SIZE.fullmatch(size):
            raise BadCheckpoint(f"size {size!r} is not a decimal number without leading zeros")
        try:
            root_bytes = base64_strict.decode(root, length=HASH_SIZE)
        except NotBase64 as error:
            raise BadCheckpoint(f"root: {error.what}") from error
        return cls(origin, int(size), root_bytes)


class LogKey:
    """The key with which a log signs its checkpoints.

    Args:     origin: the log's name, which is also the key's.
              private_key: Ed25519.
    """

    def __init__(self, origin: str, private_key: Ed25519PrivateKey) -> None:
        self._private_key = private_key
        public = private_key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.verifier_key = VerifierKey(origin, public)

    @classmethod
    def generate(cls, origin: str) -> LogKey:
        """Make a new key, from the operating system's randomness."""
        return cls(origin, Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, origin: str, seed: bytes) -> LogKey:
        """Make the key of a given 32-byte seed: for tests and test vectors, never for a real log."""
        return cls(origin, Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def load(cls, path: Path, origin: str) -> LogKey:
        """Read a key that ``save`` wrote.

        Raises:   BadKeyFile: absent, readable by others, or not an Ed25519 private key.
        """
        try:
            status = path.stat()
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise BadKeyFile(
                f"{path.name}: the log's private key is not there", next_step="put it back, or found a new log"
            ) from error
        except OSError as error:
            raise BadKeyFile(
                f"{path.name}: cannot be read: {error.strerror}", next_step="restore it from a copy"
            ) from error
        if status.st_mode & 0o077:
            raise BadKeyFile(
                f"{path.name}: others may read the log's private key ({status.st_mode & 0o777:o})",
                next_step=f"chmod 600 {path.name}",
            )
        try:
            key = serialization.load_pem_private_key(data, password=None)
        except (ValueError, TypeError) as error:
            raise BadKeyFile(f"{path.name}: not an unencrypted private key in PEM: {error}") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise BadKeyFile(f"{path.name}: not an Ed25519 key")
        found = cls(origin, key)
        if found._pem() != data:
            raise BadKeyFile(f"{path.name}: holds something beside the key", next_step="restore it from a copy")
        return found

    def save(self, path: Path) -> None:
        """Write the key as PEM that only its owner may read; never over an existing file.

        Raises:   BadKeyFile: there is a file of this name already.
        """
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except FileExistsError as error:
            raise BadKeyFile(
                f"{path.name}: a key is there already", next_step="keep it; a log that changes its key is another log"
            ) from error
        with os.fdopen(descriptor, "wb") as file:
            file.write(self._pem())
            file.flush()
            os.fsync(file.fileno())

    def _pem(self) -> bytes:
        return self._private_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def sign(self, checkpoint: Checkpoint) -> str:
        """Give the signed note of a checkpoint.

        Raises:   BadCheckpoint: the checkpoint is of another log.
        """
        if checkpoint.origin != self.verifier_key.name:
            raise BadCheckpoint(f"the key of {self.verifier_key.name} does not sign for {checkpoint.origin}")
        signature = self._private_key.sign(checkpoint.text.encode())
        return str(
            Note(checkpoint.text, (NoteSignature(self.verifier_key.name, self.verifier_key.key_hash, signature),))
        )


def open_checkpoint(note: str | bytes, key: VerifierKey | str) -> Checkpoint:
    """Give what a log's checkpoint says, if its key signed it.

    Args:     key: the log's public key, or its text.
    Raises:   BadVerifierKey: the key's text is not one.
              BadNote, NotSigned, WrongSignature: as ``open_note``.
              BadCheckpoint: signed, but which line is wrong; or the origin is not the key's name.
    """
    key = VerifierKey.parse(key) if isinstance(key, str) else key
    checkpoint = Checkpoint.from_text(open_note(note, key))
    if checkpoint.origin != key.name:
        raise BadCheckpoint(f"the key of {key.name} signed for {checkpoint.origin}")
    return checkpoint


def open_by_any(note: str | bytes, keys: Sequence[VerifierKey]) -> Checkpoint:
    """What a checkpoint says that one of a log's keys signed, the first and those that replaced it.

    Raises:   as ``open_checkpoint``, of the newest key where none signed.
    """
    *earlier, newest = keys
    for key in earlier:
        try:
            return open_checkpoint(note, key)
        except NotSigned:
            continue
    return open_checkpoint(note, newest)
