"""Proof verification agrees with transparency-dev/merkle on all its vectors, and Ed25519 with Wycheproof's."""

import base64
import json

from figures import OUTSIDE, needs_outside

from dokaz.errors import BadProof, WrongSignature
from dokaz.ledger import verify_consistency, verify_inclusion
from dokaz.ledger.personal import verify

pytestmark = needs_outside


def vectors(name: str) -> list[tuple[str, dict]]:
    """Read all vectors of a folder."""
    folder = OUTSIDE / "merkle" / name
    return [(p.relative_to(folder).as_posix(), json.loads(p.read_bytes())) for p in sorted(folder.rglob("*.json"))]


def hashes(vector: dict, name: str) -> list[bytes]:
    """Decode a list of hashes; null stands for none."""
    return [base64.b64decode(each) for each in vector[name] or []]


def assert_outcomes(verdicts: list[tuple[str, bool, bool]]) -> None:
    wrong = [name for name, accepted, refuse in verdicts if accepted == refuse]
    assert wrong == []


def test_all_98_inclusion_vectors():
    verdicts = []
    for name, v in vectors("inclusion"):
        leaf, root = base64.b64decode(v["leafHash"]), base64.b64decode(v["root"])
        try:
            verify_inclusion(v["leafIdx"], v["treeSize"], leaf, hashes(v, "proof"), root)
            accepted = True
        except BadProof:
            accepted = False
        verdicts.append((name, accepted, v["wantErr"]))
    assert len(verdicts) == 98
    assert_outcomes(verdicts)


def test_all_98_consistency_vectors():
    verdicts = []
    for name, v in vectors("consistency"):
        roots = [base64.b64decode(v[each]) for each in ("root1", "root2")]
        try:
            verify_consistency(v["size1"], v["size2"], hashes(v, "proof"), *roots)
            accepted = True
        except BadProof:
            accepted = False
        verdicts.append((name, accepted, v["wantErr"]))
    assert len(verdicts) == 98
    assert_outcomes(verdicts)


def test_all_204_subtree_inclusion_vectors_by_moving_the_subtree_to_the_origin():
    verdicts = []
    for name, v in vectors("subtreeinclusion"):
        start, end = v["start"], v["end"]
        # A subtree begins at a multiple of the power of two that holds it; so its shape is that of a tree of its own.
        well_placed = 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0
        leaf, root = base64.b64decode(v["leafHash"]), base64.b64decode(v["root"])
        try:
            if not well_placed:
                raise BadProof("not a subtree")
            verify_inclusion(v["leafIdx"] - start, end - start, leaf, hashes(v, "proof"), root)
            accepted = True
        except BadProof:
            accepted = False
        verdicts.append((name, accepted, v["wantErr"]))
    assert len(verdicts) == 204
    assert_outcomes(verdicts)


def test_all_consistency_vectors_of_subtrees_that_begin_at_the_origin():
    verdicts = []
    for name, v in vectors("subtreeconsistency"):
        # A ledger has no use for the others: it is one tree that begins at entry 0.
        if v["start"] != 0 or v["end"] == 0:
            continue
        roots = [base64.b64decode(v[each]) for each in ("root1", "root2")]
        try:
            verify_consistency(v["end"], v["size"], hashes(v, "proof"), *roots)
            accepted = True
        except BadProof:
            accepted = False
        verdicts.append((name, accepted, v["wantErr"]))
    assert len(verdicts) > 50
    assert_outcomes(verdicts)


def test_all_150_signature_vectors():
    verdicts = []
    for group in json.loads((OUTSIDE / "ed25519" / "ed25519_test.json").read_bytes())["testGroups"]:
        for test in group["tests"]:
            try:
                verify(group["publicKey"]["pk"], bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
                accepted = True
            except WrongSignature:
                accepted = False
            verdicts.append((f"{test['tcId']} {test['comment']}", accepted, test["result"] == "invalid"))
    assert len(verdicts) >= 150
    assert_outcomes(verdicts)
