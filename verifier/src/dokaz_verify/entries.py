"""Entries and openings: one version of one record as the log holds it, and what its fields say.

An entry names who did what to which record, and lists a digest for every field. An opening (salt, name, value) shows
what stands behind a digest. An entry whose field is not opened verifies all the same: that is how a name can be
withheld without breaking anything, and why what was withheld has to be declared.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from sys import intern
from typing import Any

from dokaz_verify import canonical
from dokaz_verify.canonical import Malformed
from dokaz_verify.manifest import is_count, is_file_hash, is_hash, is_object, is_string, is_time, is_uuid, members
from dokaz_verify.notes import decode_base64
from dokaz_verify.tree import leaf_hash

LONGEST_ENTRY = 65_535

# ASCII only: a Cyrillic "а" in the name of an act would look the same to a reader and be another act to the rules.
_ACT = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_KIND = re.compile(r"[a-z][a-z0-9_]*\.[A-Z][A-Za-z0-9]*")
_HEX = re.compile(r"[0-9a-f]*")
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
        data: Its canonical bytes.
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
    data: bytes

    @property
    def own_message(self) -> bytes:
        """What the actor's signature covers: everything but itself."""
        # Nothing but two numbers stands behind the signature.
        before, signature, after = self.data.rpartition(b'"signature":"')
        return b"dokaz entry v2\n" + before + signature + after[after.index(b'"') :]

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
            assents=is_list_of(is_object),
            at=is_time,
            base=is_object,
            fields=_are_fields,
            files=is_list_of(is_file_hash, ascending=True),
            kind=lambda found: isinstance(found, str) and bool(_KIND.fullmatch(found)),
            log=is_hash,
            office=is_uuid,
            previous=is_list_of(is_hash),
            record=is_uuid,
            signature=is_string,
            v=lambda found: type(found) is int and found == 2,
            version=lambda found: is_count(found) and found > 0,
        )
        for each in row["assents"]:
            members(each, base=is_object, key=is_hash, office=is_uuid, sig=is_string)
        for signed in (row, *row["assents"]):
            members(signed["base"], root=is_hash, size=is_count)
            if len(decode_base64(signed["signature" if signed is row else "sig"])) != 64:
                raise Malformed("member-wrong", "signature")
        data = canonical.write(value)
        assents = tuple(
            Assent(each["key"], each["office"], Base(**each["base"]), b64decode(each["sig"])) for each in row["assents"]
        )
        if any(a.key >= b.key for a, b in pairwise(assents)):
            raise Malformed("not-ascending", "assents")
        if len(row["previous"]) != min(row["version"] - 1, 1):
            raise Malformed("member-wrong", "previous")
        if len(data) > LONGEST_ENTRY:
            raise Malformed("entry-too-long", len(data))
        return cls(
            index=index,
            assents=assents,
            base=Base(row["base"]["size"], intern(row["base"]["root"])),
            # Names come again with every entry, digests with every version: each is kept once.
            fields={intern(name): intern(digest) for name, digest in row["fields"].items()},
            files=tuple(row["files"]),
            previous=tuple(row["previous"]),
            signature=b64decode(row["signature"]),
            version=row["version"],
            leaf=leaf_hash(data).hex(),
            data=data,
            **{name: intern(row[name]) for name in ("act", "actor", "at", "kind", "log", "office", "record")},
        )


def assent_message(act: str, leaf: str, record: str, *, log: str, office: str, base: Base) -> bytes:
    """What an assent covers: I have read this version of this record of this log, and I agree to this act."""
    signed_on = {"root": base.root, "size": base.size}
    said = {"act": act, "base": signed_on, "leaf": leaf, "log": log, "office": office, "record": record}
    return b"dokaz assent v2\n" + canonical.write(said)


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
        if not isinstance(name, str) or not _are_names((name,)):
            raise Malformed("member-wrong", "name")
        # Salt and name need no escapes; a text alone is written several times faster than a list that holds it.
        if isinstance(content, str):
            data = b'["%b","%b",%b]' % (salt.encode(), name.encode(), canonical.write(content))
        else:
            data = canonical.write(value)
        return cls(name, content, sha256(data).hexdigest())


def _are_fields(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and _are_names(tuple(value))
        and all(isinstance(digest, str) and len(digest) == 64 for digest in value.values())
        and _HEX.fullmatch("".join(value.values())) is not None
        and len(set(value.values())) == len(value)
    )


@lru_cache(maxsize=256)
def _are_names(names: tuple[str, ...]) -> bool:
    return all(_FIELD.fullmatch(name) for name in names)
