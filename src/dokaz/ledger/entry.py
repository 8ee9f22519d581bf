"""Entries: one version of one record, as bytes in the log."""

from __future__ import annotations

import copy
import datetime
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol

from dokaz.errors import BadEntry, NotBase64
from dokaz.ledger import base64_strict
from dokaz.ledger.canonical import LARGEST_INTEGER, canonical, parse
from dokaz.ledger.merkle import leaf_hash
from dokaz.ledger.signatures import has_small_order

LARGEST_ENTRY = 65_535
_HASH = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(r"sha256:[0-9a-f]{64}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ACT = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_KIND = re.compile(r"[a-z][a-z0-9_]*\.[A-Z][A-Za-z0-9]*")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_MEMBERS = frozenset(
    ("act", "actor", "assents", "at", "base", "fields", "files", "kind", "log", "office", "previous", "record", "signature",
     "v", "version")
)  # fmt: skip
FORMAT = 2
#: Stands in the place of a signature until there is one.
UNSIGNED = bytes(64)


@dataclass(frozen=True)
class Base:
    """How far the log went when something was signed: so many entries, under this root (hex)."""

    size: int
    root: str

    def __post_init__(self) -> None:
        if type(self.size) is not int or not 0 <= self.size <= LARGEST_INTEGER:
            raise BadEntry(f"base: {self.size!r} entries")
        _must(_HASH, self.root, "base's root")

    @classmethod
    def from_json(cls, raw: Any) -> Base:
        """Read ``{"root", "size"}``, nothing more and nothing less."""
        if not isinstance(raw, dict) or raw.keys() != {"root", "size"}:
            raise BadEntry(f"{str(raw)[:100]} is not a base with root and size")
        return cls(raw["size"], raw["root"])

    def to_json(self) -> dict[str, Any]:
        """Give the two members as they stand in the entry."""
        return {"root": self.root, "size": self.size}


@dataclass(frozen=True)
class PersonalSignature:
    """A person's assent under an entry: which key, under which office, the log as they saw it, and the 64 bytes.

    Whether the signature is right for the message, the office of the right role and the number sufficient is for the
    one who knows the act; this holds the shape.
    """

    key: str
    office: str
    base: Base
    sig: bytes

    def __post_init__(self) -> None:
        _must(_HASH, self.key, "signature's key")
        _must(_UUID, self.office, "signature's office")
        if not isinstance(self.sig, bytes) or len(self.sig) != 64:
            raise BadEntry(f"signature by key {self.key[:12]}… is not 64 bytes")

    @classmethod
    def from_json(cls, raw: Any) -> PersonalSignature:
        """Read ``{"base", "key", "office", "sig"}``, nothing more and nothing less."""
        if not isinstance(raw, dict) or raw.keys() != {"base", "key", "office", "sig"}:
            raise BadEntry(f"{str(raw)[:100]} is not a signature with base, key, office and sig")
        if not isinstance(raw["sig"], str):
            raise BadEntry(f"signature {raw['sig']!r} is not text in base64")
        try:
            sig = base64_strict.decode(raw["sig"], length=64)
        except NotBase64 as error:
            raise BadEntry(f"signature by key {raw['key']}: {error.what}") from error
        return cls(raw["key"], raw["office"], Base.from_json(raw["base"]), sig)

    def to_json(self) -> dict[str, Any]:
        """Give the members as they stand in the entry."""
        sig = base64_strict.encode(self.sig)
        return {"base": self.base.to_json(), "key": self.key, "office": self.office, "sig": sig}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One version of one record: who did what to it when, and digests of all its fields.

    Valid once built. Two entries are equal if and only if their bytes are.

    Args:     act: name of the act, ``room.verb``.
              actor: id of the key that signs it: the personal key of whoever acted, or the key of their session.
              assents: of those who decided together, ascending by key.
              at: UTC, ``YYYY-MM-DDTHH:MM:SSZ``.
              base: how far the log went when the filing began.
              fields: the digest of every field of this version, by name.
              files: ``sha256:<hex>`` of every file filed with this version, ascending, no repeats.
              kind: kind of the record, ``room.Kind``.
              log: id of the log (``log_id``).
              office: UUID of the office under which the actor acted.
              previous: leaf hashes of the versions replaced; none for version 1, else exactly one.
              record: UUID of the record.
              signature: the actor's, over all the rest; 64 bytes.
              version: 1, 2, 3 …
    Raises:   BadEntry: a member that the format does not admit, or more than 65,535 bytes in all.
    Source:   docs/ledger-format.md, "Entries".
    """

    act: str
    actor: str
    at: str
    base: Base
    fields: Mapping[str, str]
    files: tuple[str, ...] = ()
    kind: str
    log: str
    office: str
    previous: tuple[str, ...] = ()
    record: str
    assents: tuple[PersonalSignature, ...] = ()
    signature: bytes
    version: int

    def __post_init__(self) -> None:
        _must(_ACT, self.act, "act")
        _must(_HASH, self.actor, "actor")
        _must_be_time(self.at)
        for name, digest in self.fields.items():
            _must(_FIELD, name, "field")
            _must(_HASH, digest, f"digest of {name}")
        if len(set(self.fields.values())) != len(self.fields):
            raise BadEntry("two fields have one digest")
        _must(_HASH, self.log, "log")
        if not isinstance(self.signature, bytes) or len(self.signature) != 64:
            raise BadEntry("the signature is not 64 bytes")
        _must_ascend(self.files, _FILE, "files")
        _must(_KIND, self.kind, "kind")
        _must(_UUID, self.office, "office")
        _must(_UUID, self.record, "record")
        if type(self.version) is not int or not 1 <= self.version <= LARGEST_INTEGER:
            raise BadEntry(f"version {self.version!r} is not 1, 2, 3 …")
        _must_ascend(self.previous, _HASH, "previous")
        if len(self.previous) != (0 if self.version == 1 else 1):
            raise BadEntry(
                f"version {self.version} of {self.record} names {len(self.previous)} previous versions",
                next_step="version 1 names none, every later one exactly one",
            )
        keys = [assent.key for assent in self.assents]
        if any(a >= b for a, b in pairwise(keys)):
            raise BadEntry("assents are not in ascending order of their keys, or one key signs twice")
        if len(self.to_bytes()) > LARGEST_ENTRY:
            raise BadEntry(
                f"entry for {self.record} has {len(self.to_bytes()):,} bytes where {LARGEST_ENTRY:,} are the most",
                next_step="split the record, or file long lists as a file",
            )

    @classmethod
    def parse(cls, data: bytes) -> Entry:
        """Read an entry from the log, refusing everything that ``to_bytes`` would not write.

        Raises:   NotCanonical: the bytes are not canonical JSON.
                  BadEntry: a member is missing, unknown, or has a value that the format does not admit.
        """
        if len(data) > LARGEST_ENTRY:
            raise BadEntry(f"{len(data):,} bytes where {LARGEST_ENTRY:,} are the most")
        raw = parse(data)
        if not isinstance(raw, dict):
            raise BadEntry(f"an entry is an object, not {data[:60]!r}")
        if raw.keys() != _MEMBERS:
            unknown, missing = sorted(raw.keys() - _MEMBERS), sorted(_MEMBERS - raw.keys())
            raise BadEntry(f"members unknown: {', '.join(unknown) or 'none'}; missing: {', '.join(missing) or 'none'}")
        if type(raw["v"]) is not int or raw["v"] != FORMAT:
            raise BadEntry(f"v is {raw['v']!r}; this reader knows {FORMAT}", next_step="use a newer Dokaz")
        for member in ("files", "previous", "assents"):
            if not isinstance(raw[member], list):
                raise BadEntry(f"{member} is {str(raw[member])[:60]!r}, not an array")
        if not isinstance(raw["fields"], dict):
            raise BadEntry(f"fields is {str(raw['fields'])[:60]!r}, not an object")
        try:
            signature = base64_strict.decode(raw["signature"], length=64) if isinstance(raw["signature"], str) else b""
        except NotBase64 as error:
            raise BadEntry(f"signature: {error.what}") from error
        return cls(
            act=raw["act"],
            actor=raw["actor"],
            at=raw["at"],
            base=Base.from_json(raw["base"]),
            fields=raw["fields"],
            files=tuple(raw["files"]),
            kind=raw["kind"],
            log=raw["log"],
            office=raw["office"],
            previous=tuple(raw["previous"]),
            record=raw["record"],
            assents=tuple(PersonalSignature.from_json(each) for each in raw["assents"]),
            signature=signature,
            version=raw["version"],
        )

    def to_bytes(self) -> bytes:
        """Give the entry as it stands in the log: canonical JSON."""
        return self._bytes

    @cached_property
    def _bytes(self) -> bytes:
        return canonical(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """Give the entry as the object whose canonical form is in the log."""
        return {
            "act": self.act,
            "actor": self.actor,
            "assents": [assent.to_json() for assent in self.assents],
            "at": self.at,
            "base": self.base.to_json(),
            "fields": dict(self.fields),
            "files": list(self.files),
            "kind": self.kind,
            "log": self.log,
            "office": self.office,
            "previous": list(self.previous),
            "record": self.record,
            "signature": base64_strict.encode(self.signature),
            "v": FORMAT,
            "version": self.version,
        }

    @cached_property
    def leaf_hash(self) -> str:
        """Hash of the entry as a leaf of the tree, in hex; the next version names it in ``previous``."""
        return leaf_hash(self.to_bytes()).hex()

    def body_for_signing(self) -> bytes:
        """Give the *entry* message: what the actor's signature covers, all but itself."""
        return b"dokaz entry v2\n" + canonical({**self.to_json(), "signature": ""})

    def signed_by(self, key: SigningKey) -> Entry:
        """Give this entry under the signature of its actor."""
        signed = copy.copy(self)
        # Nothing but 64 bytes differs from what was checked when this was built; an import signs thousands.
        object.__setattr__(signed, "signature", key.sign(self.body_for_signing()))
        for made_of_it in ("_bytes", "leaf_hash"):
            signed.__dict__.pop(made_of_it, None)
        return signed

    def assent_message(self, given: PersonalSignature) -> bytes:
        """Give the message that an assent under this entry covers."""
        leaf = self.previous[0] if self.previous else ""
        return assent_message(self.act, leaf, self.record, log=self.log, office=given.office, base=given.base)


class SigningKey(Protocol):
    """Whatever can sign: a personal key, or the key of a session."""

    def sign(self, message: bytes) -> bytes:
        """Give the 64 bytes of an Ed25519 signature."""


def assent_message(act: str, leaf: str, record: str, *, log: str, office: str, base: Base) -> bytes:
    """Give the *assent* message: "I have read this version of this record of this log, and I agree to this act."

    Args:     leaf: leaf hash of the version that was read.
              office: UUID of the office in which it is given.
              base: how far the log went when it was given.
    Raises:   BadEntry: not the name of an act, a leaf hash, a UUID.
    """
    _must(_ACT, act, "act")
    _must(_HASH, leaf, "leaf")
    _must(_HASH, log, "log")
    for member, value in (("record", record), ("office", office)):
        _must(_UUID, value, member)
    said = {"act": act, "base": base.to_json(), "leaf": leaf, "log": log, "office": office, "record": record}
    return b"dokaz assent v2\n" + canonical(said)


def possession_message(public_key: str, person: str, *, log: str) -> bytes:
    """Give the *possession* message: "this key is mine", signed by the key that is enrolled."""
    _must(_HASH, public_key, "public key")
    _must(_UUID, person, "person")
    _must(_HASH, log, "log")
    return b"dokaz possession v2\n" + canonical({"log": log, "person": person, "public_key": public_key})


def log_id(verifier_key: str) -> str:
    """Give the id of a log: SHA-256 of its first verifier key, as text, in hex."""
    return hashlib.sha256(verifier_key.encode()).hexdigest()


def key_id(public_key: bytes) -> str:
    """Give the name of a personal key: SHA-256 of its 32 public bytes, in hex.

    Raises:   BadEntry: not 32 bytes, or a point of small order, under which anybody could have signed anything.
    """
    if len(public_key) != 32:
        raise BadEntry(f"an Ed25519 public key has 32 bytes, not {len(public_key)}")
    if has_small_order(public_key):
        raise BadEntry(f"{public_key.hex()} is a point of small order, not a public key")
    return hashlib.sha256(public_key).hexdigest()


def _must(pattern: re.Pattern[str], value: Any, member: str) -> None:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise BadEntry(f"{member} {str(value)[:100]!r} does not have the form {pattern.pattern}")


def _must_ascend(values: tuple[Any, ...], pattern: re.Pattern[str], member: str) -> None:
    if not isinstance(values, tuple):
        raise BadEntry(f"{member} is a {type(values).__name__}, not a tuple")
    for value in values:
        _must(pattern, value, member)
    for before, after in pairwise(values):
        if before >= after:
            raise BadEntry(f"{member} are not in ascending order without repeats: {after} after {before}")


def _must_be_time(at: Any) -> None:
    _must(_TIME, at, "at")
    try:
        datetime.datetime.fromisoformat(at)
    except ValueError as error:
        raise BadEntry(f"at {at!r} is not a time: {error}") from error
