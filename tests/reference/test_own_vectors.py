"""The product reads the repository's test vectors as they say; the verifier has its own test of the same files."""

import base64
import importlib.util
import json
from pathlib import Path

import pytest

from dokaz.errors import TrustError
from dokaz.ledger import (
    Entry,
    Opening,
    Receipt,
    VerifierKey,
    canonical,
    open_checkpoint,
    parse,
    verify_consistency,
)
from dokaz.ledger.personal import verify
from dokaz.ledger.proof import read_hash_lines

VECTORS = Path(__file__).parents[2] / "vectors" / "ledger"
FILES = sorted(VECTORS.glob("*/*.json"))


def read_canonical(data: bytes, case: dict) -> None:
    assert canonical(parse(data)) == data


def read_openings(data: bytes, case: dict) -> None:
    assert Opening.from_json(parse(data)).digest == case["digest"]


def read_entries(data: bytes, case: dict) -> None:
    entry = Entry.parse(data)
    assert (entry.to_bytes(), entry.leaf_hash) == (data, case["leaf"])
    assert entry.body_for_signing() == base64.b64decode(case["to_sign"])
    assert [entry.assent_message(each) for each in entry.assents] == [base64.b64decode(m) for m in case["agreed_to"]]


def read_checkpoints(data: bytes, case: dict) -> None:
    said = open_checkpoint(data, case["key"])
    assert (said.origin, said.size, said.root.hex()) == (case["origin"], case["size"], case["root"])


def read_proofs(data: bytes, case: dict) -> None:
    receipt = Receipt.parse(data.decode())
    receipt.verify(bytes.fromhex(case["leaf"]), open_key(case["key"]))
    assert receipt.index == case["index"]


def read_consistency(data: bytes, case: dict) -> None:
    old, new = bytes.fromhex(case["old_root"]), bytes.fromhex(case["new_root"])
    verify_consistency(case["old_size"], case["new_size"], read_hash_lines(data.decode().splitlines()), old, new)


def read_signatures(data: bytes, case: dict) -> None:
    verify(case["public_key"], base64.b64decode(case["message"]), data)


def open_key(text: str) -> VerifierKey:
    return VerifierKey.parse(text)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_vector_is_read_as_it_says(file):
    case = json.loads(file.read_bytes())
    data = base64.b64decode(case["data"])
    read = globals()[f"read_{file.parent.name}"]
    if case["valid"]:
        read(data, case)
    else:
        with pytest.raises(TrustError):
            read(data, case)


def test_the_vectors_are_those_that_the_maker_makes():
    spec = importlib.util.spec_from_file_location("make_vectors", VECTORS / "make.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    there = {f"{file.parent.name}/{file.stem}": json.loads(file.read_bytes()) for file in FILES}
    assert there == maker.cases()
    assert len(there) > 100
