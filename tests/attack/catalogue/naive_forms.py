"""What ``naive_verifier`` calls well-formed: canonical JSON, names, types, keys, signatures, the tree."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WITHHELD = object()
RULES = {
    *("holds", "held", "actor_is", "actor_is_not", "restores", "refers", "agrees", "agreed", "listed"),
    *("not_before", "filed_with", "unless_pointed_at", "as_agreed"),
    *("each_held_by", "another", "cites", "independent", "signed_in", "exists", "only_one", "none"),
    *("part_of", "carried_out", "only_one_lists", "out_of_office", "erases"),
}
TYPES = {
    *("boolean", "choice", "date", "decimal", "integer", "json", "list", "object", "record", "records"),
    *("text", "things", "time", "uuid"),
}


class Refused(Exception):
    """The log is not one that may be; says why."""


def must(holds: object, why: str) -> None:
    if not holds:
        raise Refused(why)


# --- canonical JSON, names and texts ----------------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """RFC 8785 as Dokaz narrows it."""
    return _canonical(json.dumps(value))


@lru_cache(maxsize=20_000)
def _canonical(text: str) -> bytes:
    value = json.loads(text)
    must_be_plain(value, 0)

    def ordered(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: ordered(value[name]) for name in sorted(value, key=lambda name: name.encode("utf-16-be"))}
        return [ordered(each) for each in value] if isinstance(value, (list, tuple)) else value

    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def must_be_plain(value: Any, depth: int) -> None:
    must(depth <= 64, "nested too deep")
    if isinstance(value, dict):
        for name, held in value.items():
            must_be_plain(name, depth)
            must_be_plain(held, depth + 1)
    elif isinstance(value, (list, tuple)):
        for held in value:
            must_be_plain(held, depth + 1)
    elif isinstance(value, str):
        must(value == value.encode("utf-8", "ignore").decode(), "an unpaired surrogate")
    elif type(value) is int:
        must(abs(value) < 2**53, "an integer is too large")
    else:
        must(value is None or type(value) is bool, "a value that JSON here does not have")


def same(one: Any, other: Any) -> bool:
    """Equal with their type: ``true`` is not 1."""
    return one is not WITHHELD and other is not WITHHELD and canonical(one) == canonical(other)


def look_alike(one: Any, other: Any) -> bool:
    """Equal, texts as a reader sees them ("Numbers")."""
    if isinstance(one, str) and isinstance(other, str):
        return as_seen(one) == as_seen(other)
    return same(one, other)


def as_seen(text: str) -> str:
    seen = ""
    for sign in unicodedata.normalize("NFKC", text):
        if unicodedata.category(sign) == "Pd":
            seen += "-"
        elif unicodedata.category(sign) != "Cf":
            seen += sign
    for theirs, latin in (("АВЕЗІЈКМНОРСТУХЅ", "ABE3IJKMHOPCTYXS"), ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"), ("OI", "01")):
        seen = "".join(latin[theirs.index(sign)] if sign in theirs else sign for sign in seen.upper())
    return re.sub(r"\s+", " ", seen).strip()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def is_like(pattern: str, value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def is_hash(value: Any) -> bool:
    return is_like("[0-9a-f]{64}", value)


def is_uuid(value: Any) -> bool:
    return is_like("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", value)


def is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def is_time(value: Any) -> bool:
    try:
        return is_like(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", value) and bool(
            datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")
        )
    except ValueError:
        return False


def is_date(value: Any) -> bool:
    try:
        return is_like("[0-9]{4}-[0-9]{2}-[0-9]{2}", value) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def is_thing(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"id", "kind", "number"}
        and is_uuid(value["id"])
        and all(isinstance(each, str) for each in value.values())
    )


def is_marked(value: Any) -> bool:
    """Whether a text, at whatever depth, holds a control character but tab and line ends, or a mark that turns or hides."""
    if isinstance(value, str):
        marks = {0x61C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF}
        marks |= {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
        return any(
            (unicodedata.category(sign) == "Cc" and sign not in "\t\n\r") or ord(sign) in marks for sign in value
        )
    if isinstance(value, dict):
        return any(is_marked(name) or is_marked(one) for name, one in value.items())
    return isinstance(value, list) and any(map(is_marked, value))


def is_of_type(value: Any, said: dict[str, Any]) -> bool:
    if value is None:
        return said.get("null") is True
    if is_marked(value):
        return False
    return {
        "boolean": lambda: isinstance(value, bool),
        "choice": lambda: any(same(value, one) for one in said["values"]),
        "date": lambda: is_date(value),
        "decimal": lambda: is_like(r"-?[0-9]+(\.[0-9]+)?", value),
        "integer": lambda: type(value) is int,
        "json": lambda: True,
        "list": lambda: isinstance(value, list),
        "object": lambda: isinstance(value, dict),
        "record": lambda: is_uuid(value),
        "records": lambda: isinstance(value, list) and all(map(is_uuid, value)),
        "text": lambda: isinstance(value, str),
        "things": lambda: isinstance(value, list) and all(map(is_thing, value)),
        "time": lambda: is_time(value),
        "uuid": lambda: is_uuid(value),
    }[said["type"]]()


def is_blank(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def fulfils(value: Any, condition: Any) -> bool:
    if condition == "stated":
        return value is not WITHHELD and not is_blank(value)
    if condition == "blank":
        return is_blank(value)
    return any(same(value, one) for one in condition)


# --- keys and signatures ----------------------------------------------------------------------------------------------

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def add(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """Two points of edwards25519 (RFC 8032, section 5.1)."""
    (a, b), (c, d) = one, other
    t = D * a * b * c * d
    return (a * d + b * c) * pow(1 + t, -1, P) % P, (b * d + a * c) * pow(1 - t, -1, P) % P


@lru_cache(maxsize=20_000)
def is_public_key(text: Any) -> bool:
    """A point of the curve in its one spelling, and none of small order."""
    if not is_hash(text):
        return False
    number = int.from_bytes(bytes.fromhex(text), "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return False
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return False
    point = (P - x if x % 2 != sign else x, y)
    for _ in range(3):
        point = add(point, point)
    return point != (0, 1)


@lru_cache(maxsize=20_000)
def is_signed(message: bytes, sig: Any, public_key: str) -> bool:
    try:
        raw = base64.b64decode(sig, validate=True)
        if base64.b64encode(raw).decode() != sig or len(raw) != 64:
            return False
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(raw, message)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def leaf_hash(entry: Any) -> str:
    return sha(b"\0" + canonical(entry))


def root(leaves: list[str]) -> str:
    """The tree of RFC 6962, section 2.1."""
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha(b"\1" + bytes.fromhex(root(leaves[:half])) + bytes.fromhex(root(leaves[half:])))


# --- entries --------------------------------------------------------------------------------------------------------


def links(value: Any, said: dict[str, Any]) -> list[tuple[str, str]]:
    """The records to which a value points, and of which kind they must be."""
    if value is WITHHELD:
        return []
    if said["type"] == "record" and value is not None:
        return [(value, said["kind"])]
    if said["type"] == "records" and value is not None:
        return [(each, said["kind"]) for each in value]
    if said["type"] == "things" and value is not None:
        return [(each["id"], each["kind"]) for each in value]
    return []


@dataclass
class Version:
    """One entry, and what its fields hold as far as it is shown."""

    index: int
    entry: Any
    leaf: str
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name, WITHHELD)


@dataclass
class Signer:
    """Who acted or agreed: the person, in which office, and whether with a key of their own."""

    person: str
    role: str
    in_person: bool


def meets(version: Version, where: dict[str, Any]) -> bool:
    return all(fulfils(version[name], due) for name, due in where.items())


def is_void(version: Version) -> bool:
    return version["voided"] is True


def must_be_an_entry(entry: Any) -> None:
    """The table "Entries": these members and no other, each of its form."""
    name = "[a-z][a-z0-9_]*"
    must(isinstance(entry, dict), "no entry")
    must(len(canonical(entry)) <= 65_535, "too long")
    tests = {
        "act": lambda value: is_like(rf"{name}\.{name}", value),
        "actor": is_hash,
        "assents": lambda value: isinstance(value, list) and all(map(is_assent, value)),
        "at": is_time,
        "base": is_base,
        "fields": lambda value: (
            isinstance(value, dict)
            and all(is_like("[A-Za-z][A-Za-z0-9_.-]*", each) for each in value)
            and all(map(is_hash, value.values()))
            and len(set(value.values())) == len(value)
        ),
        "files": lambda value: (
            isinstance(value, list)
            and all(is_like("sha256:[0-9a-f]{64}", each) for each in value)
            and value == sorted(set(value))
        ),
        "kind": lambda value: is_like(rf"{name}\.[A-Z][A-Za-z0-9]*", value),
        "log": is_hash,
        "office": is_uuid,
        "previous": lambda value: isinstance(value, list) and all(map(is_hash, value)),
        "record": is_uuid,
        "signature": lambda value: isinstance(value, str),
        "v": lambda value: same(value, 2),
        "version": lambda value: is_count(value) and value > 0,
    }
    must(entry.keys() == tests.keys(), "an entry has other members")
    for member, test in tests.items():
        must(test(entry[member]), f"{member} is of another form")
    keys = [each["key"] for each in entry["assents"]]
    must(keys == sorted(set(keys)), "assents out of order")


def is_base(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"root", "size"}
        and is_hash(value["root"])
        and is_count(value["size"])
    )


def is_assent(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"base", "key", "office", "sig"}
        and is_base(value["base"])
        and is_hash(value["key"])
        and is_uuid(value["office"])
        and isinstance(value["sig"], str)
    )
