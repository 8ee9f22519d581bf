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
class Signature:
    """A personal signature, given with a key, in an office."""

    key: str
    office: str
    sig: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of one record, as filed.

    Args:
        leaf: Leaf hash, hex; how later versions name this one.
        own_message: What a signature "over entry" covers; empty where there is no signature.
    """

    index: int
    act: str
    actor: str
    at: str
    fields: tuple[str, ...]
    files: tuple[str, ...]
    kind: str
    office: str
    previous: tuple[str, ...]
    record: str
    signatures: tuple[Signature, ...]
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
            at=is_time,
            fields=is_list_of(is_hash, ascending=True),
            files=is_list_of(is_file_hash, ascending=True),
            kind=lambda found: isinstance(found, str) and bool(_KIND.fullmatch(found)),
            office=is_uuid,
            previous=is_list_of(is_hash),
            record=is_uuid,
            signatures=lambda found: isinstance(found, list),
            v=lambda found: type(found) is int and found == 1,
            version=lambda found: is_count(found) and found > 0,
        )
        signatures = tuple(_signature(each) for each in row["signatures"])
        if any(a.key >= b.key for a, b in pairwise(signatures)):
            raise Malformed("not-ascending", "signatures")
        if len(row["previous"]) != min(row["version"] - 1, 1):
            raise Malformed("member-wrong", "previous")
        data = canonical.write(value)
        if len(data) > LONGEST_ENTRY:
            raise Malformed("entry-too-long", len(data))
        return cls(
            index=index,
            act=row["act"],
            actor=row["actor"],
            at=row["at"],
            fields=tuple(row["fields"]),
            files=tuple(row["files"]),
            kind=row["kind"],
            office=row["office"],
            previous=tuple(row["previous"]),
            record=row["record"],
            signatures=signatures,
            version=row["version"],
            leaf=leaf_hash(data).hex(),
            own_message=b"dokaz entry v1\n" + canonical.write({**row, "signatures": []}) if signatures else b"",
        )


def assent_message(act: str, previous: str, record: str) -> bytes:
    """What a signature "over assent" covers: I have read this version of this record, and I agree to this act."""
    return b"dokaz assent v1\n" + canonical.write({"act": act, "previous": [previous], "record": record})


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


def _signature(value: Any) -> Signature:
    row = members(value, key=is_hash, office=is_uuid, sig=lambda found: isinstance(found, str))
    sig = decode_base64(row["sig"])
    if len(sig) != 64:
        raise Malformed("member-wrong", "sig")
    return Signature(row["key"], row["office"], sig)
