"""A tiny builder of logs and bundles, from docs/ledger-format.md alone: it files whatever it is told, right or wrong.

It shares no code with ``dokaz`` nor with ``dokaz_verify``, so that an error common to both would show here. The operator in
the attack tests is whoever holds a ``Log``: they may write any entry, but sign only with keys that they were given.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "izyum.example/log"
TO_JUDGE = ("B.2", "Trial Chamber, order 7")


def canonical(value: Any) -> bytes:
    """RFC 8785 for values without floats; members in the order of UTF-16."""

    def ordered(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: ordered(value[k]) for k in sorted(value, key=lambda k: k.encode("utf-16-be"))}
        return [ordered(v) for v in value] if isinstance(value, (list, tuple)) else value

    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# --- the tree, as RFC 6962 defines it -------------------------------------------------------------------------------


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def _split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return hashlib.sha256(b"\1" + root(leaves[:k]) + root(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), root(leaves[k:])]
    return [*path(m - k, leaves[k:]), root(leaves[:k])]


def consistency(m: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    n = len(leaves)
    if m == n:
        return [] if whole else [root(leaves)]
    k = _split(n)
    if m <= k:
        return [*consistency(m, leaves[:k], whole), root(leaves[k:])]
    return [*consistency(m - k, leaves[k:], False), root(leaves[:k])]


# --- people ---------------------------------------------------------------------------------------------------------


class Key:
    """An Ed25519 key."""

    def __init__(self, rng: random.Random) -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
        self.public = self.private.public_key().public_bytes_raw()
        self.id = sha(self.public)

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


@dataclass
class Who:
    """A person with a key, in an office."""

    person: str
    key: Key
    office: str
    role: str
    key_record: str = ""


# --- the log --------------------------------------------------------------------------------------------------------


@dataclass
class Version:
    """What a record holds now: its openings by name."""

    kind: str
    number: int
    leaf: str
    openings: list[tuple[str, str, Any]]


@dataclass
class Log:
    """A log, its openings, and its files."""

    seed: int = 1
    entries: list[dict[str, Any]] = field(default_factory=list)
    openings: list[list[tuple[str, str, Any]]] = field(default_factory=list)
    records: dict[str, Version] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.key = Key(self.rng)

    @property
    def size(self) -> int:
        return len(self.entries)

    def uuid(self) -> str:
        return str(uuid.UUID(bytes=self.rng.randbytes(16), version=4))

    def salt(self) -> str:
        return self.rng.randbytes(32).hex()

    def keep(self, data: bytes) -> str:
        self.files[sha(data)] = data
        return sha(data)

    def version(
        self,
        act: str,
        kind: str,
        by: Who,
        fields: dict[str, Any],
        *,
        record: str = "",
        files: Iterable[str] = (),
        twice: Sequence[tuple[str, Any]] = (),
        drop: Iterable[str] = (),
        **header: Any,
    ) -> tuple[dict[str, Any], list[tuple[str, str, Any]]]:
        """The next version of a record (of a new one, if none is named), unsigned.

        ``fields`` are those that change; the others keep their salt. ``header`` overrides any member of the entry.
        """
        record = record or self.uuid()
        old = self.records.get(record)
        kept = [o for o in (old.openings if old else []) if o[1] not in fields and o[1] not in set(drop)]
        before = {o[1]: o for o in (old.openings if old else [])}
        new = [
            before[name] if name in before and before[name][2] == value else (self.salt(), name, value)
            for name, value in [*fields.items(), *twice]
        ]
        entry = {
            "act": act,
            "actor": by.key.id,
            "at": f"2026-05-{1 + self.size // 1440:02}T{self.size // 60 % 24:02}:{self.size % 60:02}:00Z",
            "fields": sorted(sha(canonical(o)) for o in [*kept, *new]),
            "files": sorted(f"sha256:{f}" for f in files),
            "kind": kind,
            "office": by.office,
            "previous": [old.leaf] if old else [],
            "record": record,
            "signatures": [],
            "v": 1,
            "version": old.number + 1 if old else 1,
        }
        return {**entry, **header}, [*kept, *new]

    def append(self, entry: dict[str, Any], openings: list[tuple[str, str, Any]]) -> int:
        self.entries.append(entry)
        self.openings.append(openings)
        self.records[entry["record"]] = Version(entry["kind"], entry["version"], leaf(canonical(entry)).hex(), openings)
        return self.size - 1

    def file(
        self,
        act: str,
        kind: str,
        by: Who,
        fields: dict[str, Any],
        *,
        sign: Sequence[Who] = (),
        signatures: list[dict[str, Any]] | None = None,
        **more: Any,
    ) -> str:
        """File a version, signed "over entry" by ``sign`` or bearing ready ``signatures``; returns the record's UUID."""
        entry, openings = self.version(act, kind, by, fields, **more)
        if signatures is not None:
            entry["signatures"] = sorted(signatures, key=lambda s: str(s["key"]))
        elif sign:
            entry["signatures"] = sorted((own_signature(who, entry) for who in sign), key=lambda s: s["key"])
        self.append(entry, openings)
        return str(entry["record"])

    # --- the head ---

    def leaves(self) -> list[bytes]:
        return [leaf(canonical(e)) for e in self.entries]

    @property
    def vkey(self) -> str:
        data = b"\x01" + self.key.public
        return f"{ORIGIN}+{self._hash().hex()}+{b64(data)}"

    def _hash(self) -> bytes:
        return hashlib.sha256(ORIGIN.encode() + b"\n\x01" + self.key.public).digest()[:4]

    def checkpoint(self, leaves: Sequence[bytes], *, origin: str = ORIGIN) -> bytes:
        text = f"{origin}\n{len(leaves)}\n{b64(root(leaves))}\n".encode()
        return text + b"\n" + f"— {origin} {b64(self._hash() + self.key.sign(text))}\n".encode()

    # --- a bundle ---

    def bundle(
        self,
        folder: Path,
        by: Who,
        *,
        only: Callable[[dict[str, Any]], bool] = lambda entry: True,
        withhold: Callable[[dict[str, Any], str], tuple[str, str] | None] = lambda entry, name: None,
        withhold_files: dict[str, tuple[str, str]] | None = None,
        change_manifest: Callable[[dict[str, Any]], None] = lambda manifest: None,
        change_lines: Callable[[list[dict[str, Any]], list[dict[str, Any]]], None] = lambda entries, openings: None,
        change_files: Callable[[dict[str, bytes]], None] = lambda files: None,
        change_receipt: Callable[[dict[str, Any]], None] = lambda receipt: None,
        receipt_fields: dict[str, Any] | None = None,
        meanwhile: int = 0,
    ) -> Path:
        """Write a bundle of this log and its receipt; every ``change_…`` is the operator's hand in it.

        So many entries are filed ``meanwhile``, between the log that is shown and the receipt; -1: one is cut off.
        """
        leaves, kept_back = self.leaves(), withhold_files or {}
        chosen = [i for i in range(self.size) if only(self.entries[i])]
        entry_lines = [
            {"entry": self.entries[i], "index": i, "proof": [b64(h) for h in path(i, leaves)]} for i in chosen
        ]
        opening_lines, withheld, withheld_files, files = [], [], [], {}
        seen: set[str] = set()
        for i in chosen:
            opened = []
            for opening in self.openings[i]:
                digest = sha(canonical(opening))
                if digest in seen:
                    continue
                seen.add(digest)
                ground = withhold(self.entries[i], opening[1])
                if ground is None:
                    opened.append(list(opening))
                else:
                    withheld.append({"authority": ground[1], "code": ground[0], "digest": digest, "index": i})
            if opened:
                opening_lines.append({"index": i, "openings": opened})
            for name in self.entries[i]["files"]:
                digest = name.removeprefix("sha256:")
                if name in seen:
                    continue
                seen.add(name)
                if digest in kept_back:
                    code, authority = kept_back[digest]
                    withheld_files.append({"authority": authority, "code": code, "file": name, "index": i})
                else:
                    files[f"files/{digest}"] = self.files.get(digest, b"")
        change_lines(entry_lines, opening_lines)
        files |= {
            "README.txt": "Перевірка: dokaz-verify\n".encode(),
            "index.html": b"<!doctype html>\n<title>Bundle</title>\n",
            "tables/units.csv": b"number\nIZ-1-0001-B-7\n",
            "log/checkpoint": self.checkpoint(leaves),
            "log/key": self.vkey.encode() + b"\n",
            "log/entries.jsonl": b"".join(canonical(row) + b"\n" for row in entry_lines),
            "log/openings.jsonl": b"".join(canonical(row) + b"\n" for row in opening_lines),
        }
        change_files(files)
        manifest = {
            "entries": chosen,
            "files": [{"bytes": len(files[p]), "path": p, "sha256": sha(files[p])} for p in sorted(files)],
            "investigation": self.entries[0]["record"],
            "made_at": "2026-05-09T12:00:00Z",
            "origin": ORIGIN,
            "purpose": "Disclosure to the defence",
            "size": self.size,
            "v": 1,
            "withheld": withheld,
            "withheld_files": withheld_files,
        }
        change_manifest(manifest)
        files["bundle.json"] = canonical(manifest)
        receipt, openings = self.version(
            "court.bundle",
            "court.Bundle",
            by,
            receipt_fields or {"manifest_sha256": sha(files["bundle.json"]), "number": "BND-000001", "reason": ""},
        )
        change_receipt(receipt)
        receipt["signatures"] = [own_signature(by, receipt)]
        n = len(leaves)
        between = [leaf(b"filed meanwhile %d" % i) for i in range(meanwhile)]
        after = [*leaves[: n + min(0, meanwhile)], *between, leaf(canonical(receipt))]
        at = len(after) - 1
        lines = ["c2sp.org/tlog-proof@v1", f"index {at}", *(b64(h) for h in path(at, after))]
        files["receipt/entry.json"] = canonical(receipt)
        files["receipt/openings.json"] = canonical(sorted(openings, key=lambda o: sha(canonical(o))))
        files["receipt/proof"] = "\n".join(lines).encode() + b"\n\n" + self.checkpoint(after)
        files["receipt/consistency"] = b"".join(b64(h).encode() + b"\n" for h in consistency(n, after))
        for name, data in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return folder


def own_signature(who: Who, entry: dict[str, Any]) -> dict[str, Any]:
    """A signature "over entry"."""
    message = b"dokaz entry v1\n" + canonical({**entry, "signatures": []})
    return {"key": who.key.id, "office": who.office, "sig": b64(who.key.sign(message))}


def assent_signature(who: Who, act: str, previous: str, record: str) -> dict[str, Any]:
    """A signature "over assent"."""
    message = b"dokaz assent v1\n" + canonical({"act": act, "previous": [previous], "record": record})
    return {"key": who.key.id, "office": who.office, "sig": b64(who.key.sign(message))}
