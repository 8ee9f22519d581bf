"""The vectors in `vectors/ledger/`, one mutation a file: the product and this reader accept and refuse the same bytes."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dokaz_verify import canonical
from dokaz_verify.canonical import Malformed
from dokaz_verify.entries import Entry, Opening
from dokaz_verify.notes import Checkpoint, LoggedProof, LogKey, decode_hash, signature_holds
from dokaz_verify.tree import is_consistent, root_from_inclusion

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "ledger"


def accepts(read: Callable[[], bool]) -> bool:
    """Whether a reader accepts; a refusal by name is a refusal, anything else an error of the reader."""
    try:
        return read()
    except Malformed:
        return False


def read_canonical(case: dict[str, Any], data: bytes) -> bool:
    return bool(canonical.write(canonical.read(data)) == data)


def read_opening(case: dict[str, Any], data: bytes) -> bool:
    return bool(Opening.of(canonical.read(data)).digest == case["digest"])


def read_entry(case: dict[str, Any], data: bytes) -> bool:
    entry = Entry.of(0, canonical.read(data))
    to_sign = base64.b64decode(case["to_sign"])
    return entry.leaf == case["leaf"] and entry.own_message in (b"", to_sign)


def read_checkpoint(case: dict[str, Any], data: bytes) -> bool:
    key, found = LogKey.parse(case["key"]), Checkpoint.parse(data)
    said = (case["origin"], case["size"], bytes.fromhex(case["root"])) if case["valid"] else None
    return (
        found.origin == key.name
        and found.is_signed_by(key)
        and (not said or said == (found.origin, found.size, found.root))
    )


def read_proof(case: dict[str, Any], data: bytes) -> bool:
    key, found = LogKey.parse(case["key"]), LoggedProof.parse(data)
    root = root_from_inclusion(found.index, found.checkpoint.size, bytes.fromhex(case["leaf"]), found.path)
    return (
        root == found.checkpoint.root
        and found.checkpoint.is_signed_by(key)
        and (not case["valid"] or case["index"] == found.index)
    )


def read_consistency(case: dict[str, Any], data: bytes) -> bool:
    roots = bytes.fromhex(case["old_root"]), bytes.fromhex(case["new_root"])
    proof = [decode_hash(line) for line in data.decode().splitlines()]
    return is_consistent(case["old_size"], case["new_size"], *roots, proof)


def read_signature(case: dict[str, Any], data: bytes) -> bool:
    return signature_holds(bytes.fromhex(case["public_key"]), data, base64.b64decode(case["message"]))


READERS = {
    "canonical": read_canonical,
    "openings": read_opening,
    "entries": read_entry,
    "checkpoints": read_checkpoint,
    "proofs": read_proof,
    "consistency": read_consistency,
    "signatures": read_signature,
}
FILES = sorted(VECTORS.glob("*/*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_vector_is_accepted_or_refused_as_it_says(file: Path) -> None:
    case = json.loads(file.read_text(encoding="utf-8"))
    read = READERS[file.parent.name]
    assert accepts(lambda: read(case, base64.b64decode(case["data"]))) is case["valid"], case["about"]


def test_every_folder_of_vectors_is_read() -> None:
    if not FILES:
        pytest.skip(f"no vectors at {VECTORS}")
    assert {file.parent.name for file in FILES} == set(READERS)
