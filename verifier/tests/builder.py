"""A tiny builder of logs and bundles, from docs/ledger-format.md alone: it files whatever it is told, right or wrong.

It shares no code with ``dokaz`` nor with ``dokaz_verify``, so that an error common to both would show here; of the verifier
it reads ``standard.json``, which is data. The operator in the attack tests is whoever holds a ``Log``: they may write any
entry, in any order, but sign only with keys that they were given.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from merkle import Tree, leaf

ORIGIN = "izyum.example/log"
TO_JUDGE = ("B.2", "Trial Chamber, order 7")
WRITTEN = (Path(__file__).resolve().parents[1] / "src" / "dokaz_verify" / "standard.json").read_text(encoding="utf-8")
STANDARD: dict[str, Any] = json.loads(WRITTEN)
TILE = 256
BEGIN = datetime(2024, 5, 1, tzinfo=UTC)

Fields = dict[str, Any]
Opened = list[tuple[str, str, Any]]


def canonical(value: Any) -> bytes:
    """RFC 8785 for values without floats; members in the order of UTF-16."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # Below the surrogates, letters have in UTF-16 the order that they have in Python.
    if text.isascii() or max(text) < "\ud800":
        return text.encode()

    def ordered(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: ordered(value[k]) for k in sorted(value, key=lambda k: k.encode("utf-16-be"))}
        return [ordered(v) for v in value] if isinstance(value, (list, tuple)) else value

    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def same(one: Any, other: Any) -> bool:
    """Whether two values are one in JSON, where ``true`` is not 1."""
    return canonical(one) == canonical(other)


def standard() -> dict[str, Any]:
    """The constitution that Dokaz files, to be changed at will."""
    changed: dict[str, Any] = json.loads(WRITTEN)
    return changed


# --- people, and what they sign ---------------------------------------------------------------------------------------


class Key:
    """An Ed25519 key."""

    def __init__(self, rng: random.Random) -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
        self.public = self.private.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        return sha(self.public)

    def sign(self, message: bytes) -> str:
        return b64(self.private.sign(message))


@dataclass
class Who:
    """A person with a key, in an office."""

    person: str
    key: Key
    office: str
    role: str
    key_record: str = ""

    def with_key(self, key: Key) -> Who:
        """The same person, acting with another key: that of a session, or a second one."""
        return replace(self, key=key)


def entry_message(entry: Fields) -> bytes:
    return b"dokaz entry v2\n" + canonical({**entry, "signature": ""})


def assent_message(act: str, leaf: str, record: str, *, log: str, office: str, base: Fields) -> bytes:
    said = {"act": act, "base": base, "leaf": leaf, "log": log, "office": office, "record": record}
    return b"dokaz assent v2\n" + canonical(said)


def possession_message(public_key: str, person: str, *, log: str) -> bytes:
    return b"dokaz possession v2\n" + canonical({"log": log, "person": person, "public_key": public_key})


def signed(entry: Fields, key: Key) -> Fields:
    """The entry with a signature over the whole of it."""
    return {**entry, "signature": key.sign(entry_message(entry))}


# --- the log ----------------------------------------------------------------------------------------------------------


@dataclass
class Version:
    """What a record holds now: its openings."""

    kind: str
    number: int
    leaf: str
    openings: Opened

    @property
    def fields(self) -> Fields:
        return {name: value for _, name, value in self.openings}


@dataclass
class Log:
    """A log, its openings, its files, and the constitution by which it fills in what a story does not state."""

    seed: int = 1
    constitution: dict[str, Any] = field(default_factory=standard)
    entries: list[Fields] = field(default_factory=list)
    openings: list[Opened] = field(default_factory=list)
    records: dict[str, Version] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    # The digests of which whoever runs the system destroyed the openings.
    erased: set[str] = field(default_factory=set)
    clock: datetime = BEGIN

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.key = Key(self.rng)
        self.later_key: Key | None = None
        self.id = sha(self.vkey.encode())
        self.tree = Tree()
        self._filing: tuple[Fields, str] | None = None
        self._numbers = 0

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

    # --- when, and on what ---

    @property
    def now(self) -> str:
        return self.clock.strftime("%Y-%m-%dT%H:%M:%SZ")

    def wait(self, **time: int) -> None:
        self.clock += timedelta(**time)

    def later(self, **time: int) -> str:
        """So much after now."""
        return (self.clock + timedelta(**time)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def head(self, size: int | None = None) -> Fields:
        """A base: how far the log goes now, or went when it had so many entries."""
        return {"root": self.tree.root(size).hex(), "size": self.size if size is None else size}

    @contextmanager
    def filing(self) -> Iterator[None]:
        """Everything inside is one filing, of one base and one time."""
        self.wait(minutes=1)
        self._filing = (self.head(), self.now)
        yield
        self._filing = None

    # --- filing ---

    def dummy(self, said: Fields) -> Any:
        """Some value of a field's type; of a record, the newest of its kind."""
        if said["type"] == "record":
            return next((r for r in reversed(self.records) if self.records[r].kind == said["kind"]), self.uuid())
        if said["type"] == "choice":
            return said["values"][0]
        return {"boolean": False, "date": "2024-05-01", "decimal": "0", "integer": 0, "json": {}, "list": [],
                "object": {}, "records": [], "text": "x", "things": [], "time": self.now,
                "uuid": self.uuid()}[said["type"]]  # fmt: skip

    def filled(self, kind: str, fields: Fields) -> Fields:
        """The fields of a new record: what is stated, the default, or some value of the type."""
        due = self.constitution["kinds"].get(kind, {}).get("fields", {})
        if "number" in due and "number" not in fields:
            self._numbers += 1
            fields = {**fields, "number": f"N-{self._numbers:06}"}
        missing = {name: said for name, said in due.items() if name not in fields}
        return fields | {n: said["default"] if "default" in said else self.dummy(said) for n, said in missing.items()}

    def version(
        self,
        act: str,
        kind: str,
        by: Who,
        fields: Fields,
        *,
        record: str = "",
        files: Iterable[str] = (),
        assents: Iterable[Fields] = (),
        drop: Iterable[str] = (),
        openings: dict[str, tuple[str, str, Any]] | None = None,
        **header: Any,
    ) -> tuple[Fields, Opened]:
        """The next version of a record (of a new one, if none is named), unsigned.

        ``fields`` are those that matter: those that change, the others keep their salt; in a new record the rest is filled
        in. ``openings`` puts ready openings under any names; ``header`` overrides any member of the entry.
        """
        record = record or self.uuid()
        old = self.records.get(record)
        base, at = self._filing or (self.head(), self._tick())
        if old is None and kind == "casework.Office":
            fields = {"since": header.get("at", at), **fields}
        if act == "casework.put_in_force" and kind == "casework.Office":
            fields = {"since": at, **fields}
        if old is None and kind == "graves.Photograph" and "sha256" not in fields:
            files = list(files) or [self.keep(self.rng.randbytes(8))]
            fields = {"sha256": files[0], **fields}
        before = {o[1]: o for o in (old.openings if old else [])}
        now = {**{o[1]: o[2] for o in before.values()}, **fields} if old else self.filled(kind, fields)
        held = {
            name: before[name] if name in before and same(before[name][2], value) else (self.salt(), name, value)
            for name, value in now.items()
            if name not in set(drop)
        } | (openings or {})
        entry = {
            "act": act,
            "actor": by.key.id,
            "assents": sorted(assents, key=lambda each: str(each["key"])),
            "at": at,
            "base": base,
            "fields": {name: sha(canonical(opening)) for name, opening in held.items()},
            "files": sorted(f"sha256:{file}" for file in files),
            "kind": kind,
            "log": self.id,
            "office": by.office,
            "previous": [old.leaf] if old else [],
            "record": record,
            "signature": "",
            "v": 2,
            "version": old.number + 1 if old else 1,
        }
        return {**entry, **header}, list(held.values())

    def _tick(self) -> str:
        self.wait(minutes=1)
        return self.now

    def append(self, entry: Fields, openings: Opened) -> int:
        """Log an entry as it is."""
        self.entries.append(entry)
        self.openings.append(openings)
        hashed = leaf(canonical(entry))
        self.tree.add(hashed)
        self.records[entry["record"]] = Version(entry["kind"], entry["version"], hashed.hex(), openings)
        return self.size - 1

    def file(
        self, act: str, kind: str, by: Who, fields: Fields | None = None, *, sign_with: Key | None = None, **more: Any
    ) -> str:
        """File a version, signed with the key that ``by`` holds, or with another; returns the record's UUID."""
        entry, openings = self.version(act, kind, by, fields or {}, **more)
        if "signature" not in more:
            entry = signed(entry, sign_with or by.key)
        self.append(entry, openings)
        return str(entry["record"])

    def rebuild(self) -> None:
        """Hash the entries anew after the operator laid hands on the list: nothing but the log's own key is needed."""
        self.tree = Tree(leaf(canonical(entry)) for entry in self.entries)

    # --- the head ---

    @property
    def vkey(self) -> str:
        return self.vkey_of(self.key)

    def vkey_of(self, key: Key, *, origin: str = ORIGIN) -> str:
        return f"{origin}+{self._hash(key, origin).hex()}+{b64(bytes([1]) + key.public)}"

    def _hash(self, key: Key, origin: str = ORIGIN) -> bytes:
        return hashlib.sha256(origin.encode() + b"\n\x01" + key.public).digest()[:4]

    def checkpoint(self, tree: Tree, *, origin: str = ORIGIN) -> bytes:
        """Signed by the newest key of the log."""
        text = f"{origin}\n{tree.size}\n{b64(tree.root())}\n".encode()
        key = self.later_key or self.key
        return text + b"\n" + f"— {origin} {b64(self._hash(key) + key.private.sign(text))}\n".encode()

    # --- a bundle ---

    def bundle(
        self,
        folder: Path,
        by: Who,
        *,
        only: Callable[[Fields], bool] = lambda entry: True,
        withhold: Callable[[Fields, str], tuple[str, str] | None] = lambda entry, name: None,
        withhold_files: dict[str, tuple[str, str]] | None = None,
        change_manifest: Callable[[Fields], None] = lambda manifest: None,
        change_lines: Callable[[list[Fields], list[Fields]], None] = lambda entries, openings: None,
        change_bases: Callable[[list[Fields]], None] = lambda bases: None,
        change_files: Callable[[dict[str, bytes]], None] = lambda files: None,
        change_receipt: Callable[[Fields], None] = lambda receipt: None,
        change_receipt_openings: Callable[[Opened], None] = lambda openings: None,
        receipt_fields: Fields | None = None,
        receipt_base: int | None = None,
        sign_receipt_with: Key | None = None,
        meanwhile: int = 0,
    ) -> Path:
        """Write a bundle of this log and its receipt; every ``change_…`` is the operator's hand in it.

        So many entries are filed ``meanwhile``, between the log that is shown and the receipt; -1: one is cut off.
        """
        tree = self.tree
        chosen = [i for i in range(self.size) if only(self.entries[i])]
        entry_lines = [{"entry": self.entries[i], "index": i, "proof": [b64(h) for h in tree.path(i)]} for i in chosen]
        opening_lines, withheld = self._opened(chosen, withhold)
        files, withheld_files = self._enclosed(chosen, withhold_files or {})
        sizes = {(self.entries[i].get("base") or {}).get("size") for i in chosen}
        bases = [
            {"proof": [b64(h) for h in tree.consistency(k)], "root": tree.root(k).hex(), "size": k}
            for k in range(1, self.size + 1)
            if k in sizes
        ]
        change_lines(entry_lines, opening_lines)
        change_bases(bases)
        self.wait(minutes=1)
        files |= {
            "README.txt": "Перевірка: dokaz-verify\n".encode(),
            "index.html": b"<!doctype html>\n<title>Bundle</title>\n",
            "tables/units.csv": b"number\nIZ-1-0001-B-7\n",
            "log/bases.jsonl": b"".join(canonical(row) + b"\n" for row in bases),
            "log/checkpoint": self.checkpoint(tree),
            "log/entries.jsonl": b"".join(canonical(row) + b"\n" for row in entry_lines),
            "log/key": self.vkey.encode() + b"\n",
            "log/openings.jsonl": b"".join(canonical(row) + b"\n" for row in opening_lines),
        }
        change_files(files)
        manifest = {
            "entries": chosen,
            "files": [{"bytes": len(files[p]), "path": p, "sha256": sha(files[p])} for p in sorted(files)],
            "investigation": self.entries[0]["record"],
            "made_at": self.now,
            "origin": ORIGIN,
            "purpose": "Disclosure to the defence",
            "size": self.size,
            "v": 2,
            "withheld": withheld,
            "withheld_files": withheld_files,
        }
        change_manifest(manifest)
        files["bundle.json"] = canonical(manifest)
        after = Tree(tree.leaves[: self.size + min(0, meanwhile)])
        for number in range(meanwhile):
            after.add(leaf(b"filed meanwhile %d" % number))
        size = after.size if receipt_base is None else receipt_base
        said = {"made_by": by.person, "manifest_sha256": sha(files["bundle.json"]), "number": "BND-000001"}
        receipt, openings = self.version(
            "court.bundle", "court.Bundle", by, said | (receipt_fields or {}),
            base={"root": after.root(size).hex() if size <= after.size else "0" * 64, "size": size},
        )  # fmt: skip
        openings.sort(key=lambda opening: opening[1])
        change_receipt_openings(openings)
        change_receipt(receipt)
        receipt = signed(receipt, sign_receipt_with or by.key)
        after.add(leaf(canonical(receipt)))
        at = after.size - 1
        lines = ["c2sp.org/tlog-proof@v1", f"index {at}", *(b64(h) for h in after.path(at))]
        files |= {
            "receipt/base": after.proof_lines(size) if size <= after.size else b"",
            "receipt/consistency": after.proof_lines(self.size),
            "receipt/entry.json": canonical(receipt),
            "receipt/openings.json": canonical(openings),
            "receipt/proof": "\n".join(lines).encode() + b"\n\n" + self.checkpoint(after),
        }
        for name, data in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return folder

    # --- a store ---

    def store(self, folder: Path) -> Path:
        """Write this log as a store has it on disk: key, checkpoint, tiles of entries, and a line of openings an entry."""
        files = {"ledger/key": self.vkey.encode() + b"\n", "ledger/checkpoint": self.checkpoint(self.tree)}
        seen: set[str] = set()
        for first in range(0, self.size, TILE):
            part = range(first, min(first + TILE, self.size))
            width = "" if len(part) == TILE else f".p/{len(part)}"
            packed = [canonical(self.entries[i]) for i in part]
            tile = b"".join(len(data).to_bytes(2, "big") + data for data in packed)
            files[f"ledger/tile/entries/{first // TILE:03}{width}"] = tile
            lines = []
            for i in part:
                opened = {sha(canonical(o)): list(o) for o in self.openings[i]}
                fresh = [o for digest, o in opened.items() if digest not in seen and digest not in self.erased]
                seen |= opened.keys() - self.erased
                lines.append(canonical({"index": i, "openings": fresh}) + b"\n")
            files[f"openings/{first // TILE:03}.jsonl"] = b"".join(lines)
        for name, data in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return folder

    def _opened(
        self, chosen: Sequence[int], withhold: Callable[[Fields, str], tuple[str, str] | None]
    ) -> tuple[list[Fields], list[Fields]]:
        """Lines of openings, and what of them is withheld, each with the first entry that holds it."""
        lines, withheld = [], []
        seen: set[str] = set()
        for i in chosen:
            opened = []
            for opening in self.openings[i]:
                digest = sha(canonical(opening))
                if digest in seen:
                    continue
                seen.add(digest)
                if digest in self.erased:
                    continue
                ground = withhold(self.entries[i], opening[1])
                if ground is None:
                    opened.append(list(opening))
                else:
                    withheld.append({"authority": ground[1], "code": ground[0], "digest": digest, "index": i})
            if opened:
                lines.append({"index": i, "openings": opened})
        return lines, withheld

    def _enclosed(
        self, chosen: Sequence[int], kept_back: dict[str, tuple[str, str]]
    ) -> tuple[dict[str, bytes], list[Fields]]:
        """The files that entries name, and those of them that are withheld."""
        files: dict[str, bytes] = {}
        withheld: dict[str, Fields] = {}
        for i in chosen:
            for name in self.entries[i]["files"]:
                digest = name.removeprefix("sha256:")
                if digest in kept_back:
                    code, authority = kept_back[digest]
                    withheld.setdefault(name, {"authority": authority, "code": code, "file": name, "index": i})
                else:
                    files[f"files/{digest}"] = self.files.get(digest, b"")
        return files, list(withheld.values())
