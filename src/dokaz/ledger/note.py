"""Signed notes: text that one or more named keys have signed (C2SP signed-note)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from dokaz.errors import BadNote, BadVerifierKey, NotBase64, NotSigned, WrongSignature
from dokaz.ledger import base64_strict
from dokaz.ledger.signatures import has_small_order, holds

ED25519 = 0x01
LARGEST_NOTE = 1_000_000
_KEY_HASH = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True)
class VerifierKey:
    """The public half of a log's key, with the name under which it signs.

    Args:     name: not empty, without spaces and plus signs.
              public_key: the 32 bytes of an Ed25519 public key.
    Raises:   BadVerifierKey: the name or the key is not so.
    """

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise BadVerifierKey(
                f"{self.name!r} cannot name a key: empty, or with a space, a plus or a control character"
            )
        if len(self.public_key) != 32:
            raise BadVerifierKey(f"{self.name}: an Ed25519 public key has 32 bytes, not {len(self.public_key)}")
        if has_small_order(self.public_key):
            raise BadVerifierKey(
                f"{self.name}: the public key is a point of small order, under which anything is signed"
            )

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read ``<name>+<hash>+<base64>``; one line ending after it is allowed.

        Raises:   BadVerifierKey: which of the three parts is wrong, and how.
        """
        line = text.removesuffix("\n")
        # The base64 may hold plus signs of its own, the name none.
        parts = line.split("+", 2)
        if len(parts) != 3:
            raise BadVerifierKey(
                f"{line[:100]!r} is not a log's public key, <name>+<hash>+<base64>",
                next_step="give it as it was published, or a file that holds it",
            )
        name, key_hash, encoded = parts
        if not _KEY_HASH.fullmatch(key_hash):
            raise BadVerifierKey(f"{name}: key hash {key_hash!r} is not 8 lower-case hex digits")
        try:
            data = base64_strict.decode(encoded)
        except NotBase64 as error:
            raise BadVerifierKey(f"{name}: {error.what}") from error
        if not data or data[0] != ED25519:
            raise BadVerifierKey(
                f"{name}: signature type {data[:1].hex() or 'none'} is not 01 (Ed25519), the only one read here"
            )
        key = cls(name, data[1:])
        if key.key_hash.hex() != key_hash:
            raise BadVerifierKey(f"{name}: key hash {key_hash} does not belong to this key, {key.key_hash.hex()} does")
        return key

    @property
    def key_hash(self) -> bytes:
        """Four bytes that tell keys of one name apart; no protection in themselves."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([ED25519]) + self.public_key).digest()[:4]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key, in hex: for comparing by eye or telephone."""
        return hashlib.sha256(self.public_key).hexdigest()

    def __str__(self) -> str:
        return f"{self.name}+{self.key_hash.hex()}+{base64_strict.encode(bytes([ED25519]) + self.public_key)}"


@dataclass(frozen=True)
class NoteSignature:
    """One signature line: who, with which key, and the bytes."""

    name: str
    key_hash: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64_strict.encode(self.key_hash + self.signature)}\n"


@dataclass(frozen=True)
class Note:
    """A text, ending in a line end, and the signatures under it. Unverified until ``open_note`` has seen it."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(str(each) for each in self.signatures)

    @classmethod
    def parse(cls, data: str | bytes) -> Note:
        """Take a note apart, verifying nothing.

        Raises:   BadNote: which rule of the format is broken, and on which line.
        """
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        if len(raw) > LARGEST_NOTE:
            raise BadNote(f"a note of {len(raw):,} bytes; {LARGEST_NOTE:,} are the most that is read")
        try:
            note = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadNote(f"byte {error.start} of the note is not UTF-8") from error
        for place, character in enumerate(note):
            if character < " " and character != "\n":
                raise BadNote(f"character {place} of the note is the control character {ord(character):#04x}")
        if not note.endswith("\n"):
            raise BadNote("the note's last line does not end", next_step="its end is missing; fetch it again")
        text, separator, lines = note.rpartition("\n\n")
        if not separator:
            raise BadNote("no empty line separates the note's text from its signatures")
        if not text:
            raise BadNote("the note has no text above its signatures")
        signatures: list[NoteSignature] = []
        for line in lines.removesuffix("\n").split("\n"):
            signature = _read_signature(line)
            if any((s.name, s.key_hash) == (signature.name, signature.key_hash) for s in signatures):
                raise BadNote(f"{signature.name} signs twice with the same key")
            signatures.append(signature)
        return cls(text + "\n", tuple(signatures))


def open_note(data: str | bytes, key: VerifierKey) -> str:
    """Give the text of a note if this key has signed it.

    Signatures by keys that we do not know are passed over, as the format demands: witnesses add theirs.

    Raises:   BadNote: the text is not a signed note.
              NotSigned: this key's signature is not among the signatures.
              WrongSignature: it is, and does not verify.
    """
    note = Note.parse(data)
    for each in note.signatures:
        if each.name == key.name and each.key_hash == key.key_hash:
            if not holds(key.public_key, note.text.encode(), each.signature):
                raise WrongSignature(
                    f"the signature of {key.name} does not belong to this text",
                    next_step="text or signature was changed; compare with another copy",
                )
            return note.text
    signers = ", ".join(f"{each.name} ({each.key_hash.hex()})" for each in note.signatures)
    raise NotSigned(
        f"not signed by {key.name} ({key.key_hash.hex()}), only by {signers}",
        next_step="check that this is the right public key for this log",
    )


def is_key_name(name: str) -> bool:
    """Tell whether a name may stand in a signature line."""
    return (
        bool(name) and "+" not in name and not any(c.isspace() or c < " " or 0xD800 <= ord(c) <= 0xDFFF for c in name)
    )


def _read_signature(line: str) -> NoteSignature:
    dash, _, rest = line.partition(" ")
    if dash != "—":
        raise BadNote(f"signature line {line[:60]!r} does not begin with an em dash and a space")
    name, _, encoded = rest.partition(" ")
    if not is_key_name(name):
        raise BadNote(f"signature line {line[:60]!r} does not name a key")
    try:
        data = base64_strict.decode(encoded)
    except NotBase64 as error:
        raise BadNote(f"signature of {name}: {error.what}") from error
    if len(data) < 5:
        raise BadNote(f"signature of {name}: {len(data)} bytes are too few for a key hash and a signature")
    return NoteSignature(name, data[:4], data[4:])
