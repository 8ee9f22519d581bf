"""Entries and openings: one version of one record as the log holds it, and what its fields say.

An entry names who did what to which record, and lists a digest for every field. An opening (salt, name, value) shows
what stands behind a digest. An entry whose field is not opened verifies all the same: that is how a name can be
withheld without breaking anything, and why what was withheld has to be declared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Any

from dokaz_verify import canonical
from dokaz_verify.canonical import Malformed
from dokaz_verify.manifest import is_count, is_file_hash, is_hash, is_time, is_uuid, members
from dokaz_verify.notes import decode_base64
from dokaz_verify.tree import leaf_hash

LONGEST_ENTRY = 65_535

# ASCII only: a Cyrillic "а" in the name of an act would look the same to a reader and be another act to the rules.
_ACT = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_KIND = re.compile(r"[a-z][a-z0-9_]*\.[A-Z][A-Za-z0-9]*")
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class Base:
    """How far the log went when something was signed: so many entries, under this root (hex)."""

    size: int
    root: str


@dataclass(frozen=True)
class Assent:
    """What one of those who decide together signed: with which key, in which office, when the log went how far."""

    key: str
    office: str
    base: Base
    sig: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of one record, as filed.

    Args:
        fields: The digest of each field, by name.
        leaf: Leaf hash, hex; how later versions name this one.
        own_message: What the actor's signature covers: everything but itself.
    """

    index: int
    act: str
    actor: str
    assents: tuple[Assent, ...]
    at: str
    base: Base
    fields: dict[str, str]
    files: tuple[str, ...]
    kind: str
    log: str
    office: str
    previous: tuple[str, ...]
    record: str
    signature: bytes
    version: int
    leaf: str
    own_message: bytes

    @classmethod
    def of(cls, index: int, value: Any) -> Entry:
        """An entry from the value of its canonical JSON.

        Raises:
            Malformed: a member is missing, unknown, or holds what it may not hold.
        """

        def is_list_of(test: Any, *, ascending: bool = False) -> Any:
            return lambda found: (
                isinstance(found, list)
                and all(map(test, found))
                and (not ascending or all(a < b for a, b in pairwise(found)))
            )

        row = members(
            value,
            act=lambda found: isinstance(found, str) and bool(_ACT.fullmatch(found)),
            actor=is_hash,
            assents=lambda found: isinstance(found, list),
            at=is_time,
            base=lambda found: isinstance(found, dict),
            fields=_are_fields,
            files=is_list_of(is_file_hash, ascending=True),
            kind=lambda found: isinstance(found, str) and bool(_KIND.fullmatch(found)),
            log=is_hash,
            office=is_uuid,
            previous=is_list_of(is_hash),
            record=is_uuid,
            signature=lambda found: isinstance(found, str),
            v=lambda found: type(found) is int and found == 2,
            version=lambda found: is_count(found) and found > 0,
        )
        assents = tuple(_assent(each) for each in row["assents"])
        if any(a.key >= b.key for a, b in pairwise(assents)):
            raise Malformed("not-ascending", "assents")
        if len(row["previous"]) != min(row["version"] - 1, 1):
            raise Malformed("member-wrong", "previous")
        data = canonical.write(value)
        if len(data) > LONGEST_ENTRY:
            raise Malformed("entry-too-long", len(data))
        return cls(
            index=index,
            act=row["act"],
            actor=row["actor"],
            assents=assents,
            at=row["at"],
            base=_base(row["base"]),
            fields=row["fields"],
            files=tuple(row["files"]),
            kind=row["kind"],
            log=row["log"],
            office=row["office"],
            previous=tuple(row["previous"]),
            record=row["record"],
            signature=_sig(row["signature"]),
            version=row["version"],
            leaf=leaf_hash(data).hex(),
            own_message=b"dokaz entry v2\n" + canonical.write({**row, "signature": ""}),
        )


def assent_message(act: str, leaf: str, record: str, *, log: str, office: str, base: Base) -> bytes:
    """What an assent covers: I have read this version of this record of this log, and I agree to this act."""
    return b"dokaz assent v2\n" + canonical.write(
        {
            "act": act,
            "base": {"root": base.root, "size": base.size},
            "leaf": leaf,
            "log": log,
            "office": office,
            "record": record,
        }
    )


def possession_message(public_key: str, person: str, *, log: str) -> bytes:
    """What a key signs when it is enrolled: this key is mine."""
    return b"dokaz possession v2\n" + canonical.write({"log": log, "person": person, "public_key": public_key})


@dataclass(frozen=True, slots=True)
class Opening:
    """A field of a version: its name, its value, and the digest that entries hold of it."""

    name: str
    value: Any
    digest: str

    @classmethod
    def of(cls, value: Any) -> Opening:
        """An opening from ``[salt, name, value]``.

        Raises:
            Malformed: it is not a list of three with a salt of 64 hex digits and a plain name.
        """
        if not isinstance(value, list) or len(value) != 3:
            raise Malformed("not-an-opening")
        salt, name, content = value
        if not is_hash(salt):
            raise Malformed("member-wrong", "salt")
        if not isinstance(name, str) or not _FIELD.fullmatch(name):
            raise Malformed("member-wrong", "name")
        return cls(name, content, sha256(canonical.write(value)).hexdigest())


def _are_fields(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and all(_FIELD.fullmatch(name) for name in value)
        and all(map(is_hash, value.values()))
        and len(set(value.values())) == len(value)
    )


def _base(value: Any) -> Base:
    row = members(value, root=is_hash, size=is_count)
    return Base(row["size"], row["root"])


def _sig(text: str) -> bytes:
    sig = decode_base64(text)
    if len(sig) != 64:
        raise Malformed("member-wrong", "signature")
    return sig


def _assent(value: Any) -> Assent:
    row = members(value, base=lambda found: isinstance(found, dict), key=is_hash, office=is_uuid,
                  sig=lambda found: isinstance(found, str))  # fmt: skip
    return Assent(row["key"], row["office"], _base(row["base"]), _sig(row["sig"]))
