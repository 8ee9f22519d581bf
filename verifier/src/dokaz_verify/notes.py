"""Keys, signed notes and checkpoints: what the log itself signed.

A checkpoint is three lines (the log's name, how many entries it has, the root of the tree over them) and, after a
blank line, a signature. Formats: C2SP ``signed-note``, ``tlog-checkpoint`` and ``tlog-proof``. Signatures are Ed25519
(RFC 8032). Base64 is read strictly: a lenient reader accepts several spellings of one signature, and then a changed
byte goes unseen.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dokaz_verify.canonical import LARGEST_INTEGER, Malformed

ED25519 = b"\x01"
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")

# The y coordinates of the eight points of small order on the curve, each below and, where it fits into 255 bits,
# above the
# field's prime. A signature under such a "key" holds for every message or none, hence is no signature.
_SMALL_ORDER = {
    y
    for residue in (
        0,
        1,
        2**255 - 20,
        2707385501144840649318225287225658788936804267575313519463743609750303402022,
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
    )
    for y in (residue, residue + 2**255 - 19)
}


def decode_base64(text: str) -> bytes:
    """Standard, padded base64 in its only spelling.

    Raises:
        Malformed: it is not base64, or does not give the same text when encoded again.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("base64", text[:60]) from None
    if base64.b64encode(data).decode("ascii") != text:
        raise Malformed("base64", text[:60])
    return data


def decode_hash(text: str) -> bytes:
    """A SHA-256 hash in base64.

    Raises:
        Malformed: it is not base64 of 32 bytes.
    """
    data = decode_base64(text)
    if len(data) != 32:
        raise Malformed("hash-length", text[:60])
    return data


def is_small_order(public_key: bytes) -> bool:
    """Whether 32 bytes are one of the few points under which anything, or nothing, counts as signed."""
    return int.from_bytes(public_key, "little") & (2**255 - 1) in _SMALL_ORDER


_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P


def is_key(public_key: bytes) -> bool:
    """Whether 32 bytes are a point of the curve in its one spelling, and not one under which anything counts as signed.

    The curve is -x² + y² = 1 + d x² y² (RFC 8032, section 5.1): a y is on it if (y² - 1) / (d y² + 1) is a square.
    """
    y = int.from_bytes(public_key, "little") & (2**255 - 1)
    if len(public_key) != 32 or y >= _P or is_small_order(public_key):
        return False
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    return pow(square, (_P - 1) // 2, _P) == 1


def signature_holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature is by this key over this message."""
    if len(public_key) != 32 or is_small_order(public_key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class LogKey:
    """A log's public key under its name."""

    name: str
    key_hash: bytes
    public_key: bytes

    @classmethod
    def parse(cls, text: str) -> LogKey:
        """Read a signed-note verifier key, ``<name>+<hash>+<base64>``.

        Raises:
            Malformed: it is not one, or its three parts do not belong together.
        """
        name, _, rest = text.partition("+")
        shown_hash, _, encoded = rest.partition("+")
        data = decode_base64(encoded)
        if not re.fullmatch(r"[^\s+\x00-\x1f\x7f]+", name) or data[:1] != ED25519 or len(data) != 33:
            raise Malformed("not-a-log-key", text[:120])
        key_hash = sha256(name.encode("utf-8") + b"\n" + data).digest()[:4]
        if shown_hash != key_hash.hex() or is_small_order(data[1:]):
            raise Malformed("not-a-log-key", text[:120])
        return cls(name, key_hash, data[1:])

    @property
    def text(self) -> str:
        """The key as it is written in ``log/key``."""
        return f"{self.name}+{self.key_hash.hex()}+{base64.b64encode(ED25519 + self.public_key).decode('ascii')}"

    @property
    def log(self) -> str:
        """The id of the log that begins with this key: what every entry and every signature of it names."""
        return sha256(self.text.encode("utf-8")).hexdigest()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key, hex: what two people compare by telephone."""
        return sha256(self.public_key).hexdigest()


@dataclass(frozen=True)
class Checkpoint:
    """What a log said of itself: its name, its size, and the root of the tree over its entries."""

    origin: str
    size: int
    root: bytes
    signed_text: bytes
    signatures: tuple[tuple[str, bytes], ...]

    @classmethod
    def parse(cls, data: bytes, *, lone_signature: bool = False) -> Checkpoint:
        """Read a checkpoint; nothing is known of its signatures yet.

        Args:
            data: The whole note.
            lone_signature: Refuse signature lines beside the first: where nothing else covers the bytes of a
                checkpoint, a line that nobody checks could be changed unseen.

        Raises:
            Malformed: it is not a checkpoint of three lines with a signature.
        """
        text = decode_text(data)
        head, blank, tail = text.rpartition("\n\n")
        lines = head.split("\n")
        if not blank or len(lines) != 3 or not lines[0] or not tail.endswith("\n"):
            raise Malformed("not-a-checkpoint")
        origin, size, root = lines
        if not _SIZE.fullmatch(size) or int(size) > LARGEST_INTEGER:
            raise Malformed("not-a-checkpoint", size[:40])
        signatures = []
        for line in tail[:-1].split("\n"):
            found = _SIGNATURE_LINE.fullmatch(line)
            if not found:
                raise Malformed("not-a-signature-line", line[:80])
            signatures.append((found[1], decode_base64(found[2])))
        if (lone_signature and len(signatures) != 1) or len(signatures) > 100:
            raise Malformed("too-many-signatures", len(signatures))
        return cls(origin, int(size), decode_hash(root), (head + "\n").encode("utf-8"), tuple(signatures))

    def is_signed_by(self, key: LogKey) -> bool:
        """Whether the log's key signed it. Lines of other keys (witnesses) are neither needed nor believed."""
        own = [data[4:] for name, data in self.signatures if name == key.name and data[:4] == key.key_hash]
        return len(own) == 1 and signature_holds(key.public_key, own[0], self.signed_text)


@dataclass(frozen=True)
class LoggedProof:
    """A C2SP ``tlog-proof``: an index, the way from its leaf to the root, and the checkpoint that signs the root."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint

    @classmethod
    def parse(cls, data: bytes) -> LoggedProof:
        """Read a proof.

        Raises:
            Malformed: it is not one, or carries an ``extra`` line, which nothing would cover.
        """
        head, blank, note = decode_text(data).partition("\n\n")
        lines = head.split("\n")
        if not blank or len(lines) < 2 or lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("index "):
            raise Malformed("not-a-proof")
        index = lines[1].removeprefix("index ")
        if not _SIZE.fullmatch(index):
            raise Malformed("not-a-proof", index[:40])
        path = tuple(decode_hash(line) for line in lines[2:])
        return cls(int(index), path, Checkpoint.parse(note.encode("utf-8"), lone_signature=True))


def decode_text(data: bytes) -> str:
    """UTF-8 without control characters other than the newline.

    Raises:
        Malformed: it is something else.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("not-utf8") from None
    if re.search(r"[\x00-\x09\x0b-\x1f]", text):
        raise Malformed("control-character")
    return text
