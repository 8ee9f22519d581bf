"""The Merkle tree: against a naive twin, and against the vectors of transparency-dev/merkle."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
from pathlib import Path

import pytest
from dokaz_verify.canonical import Malformed
from dokaz_verify.tree import is_consistent, leaf_hash, node_hash, root_from_inclusion
from hypothesis import given, settings
from hypothesis import strategies as st
from merkle import Tree, leaf


def leaves_of(size: int) -> list[bytes]:
    return [leaf(bytes([i % 256, i // 256])) for i in range(size)]


def test_a_leaf_is_no_node() -> None:
    assert leaf_hash(b"") == hashlib.sha256(b"\x00").digest()
    assert leaf_hash(b"L123456").hex() == hashlib.sha256(b"\x00L123456").hexdigest()


def test_bytes_cannot_be_shifted_between_the_halves_of_a_node() -> None:
    for left, right in ((b"\1" * 31, b"\1" * 33), (b"", b"\1" * 64)):
        with pytest.raises(Malformed):
            node_hash(left, right)


@given(st.integers(1, 70), st.data())
@settings(max_examples=200)
def test_every_inclusion_proof_of_the_twin_holds(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    proof = Tree(leaves).path(index)
    assert root_from_inclusion(index, size, leaves[index], proof) == Tree(leaves).root()
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        with contextlib.suppress(Malformed):
            assert root_from_inclusion(other, size, leaves[index], proof) != Tree(leaves).root()
    for wrong in ([*proof, leaves[0]], proof[:-1] if proof else [leaves[0]]):
        with pytest.raises(Malformed):
            root_from_inclusion(index, size, leaves[index], wrong)


@given(st.integers(1, 70), st.data())
@settings(max_examples=200)
def test_every_consistency_proof_of_the_twin_holds(new: int, data: st.DataObject) -> None:
    leaves = leaves_of(new)
    old = data.draw(st.integers(1, new))
    old_root, new_root = Tree(leaves).root(old), Tree(leaves).root()
    proof = Tree(leaves).consistency(old)
    assert is_consistent(old, new, old_root, new_root, proof)
    with pytest.raises(Malformed):
        is_consistent(old, new, old_root, new_root, [*proof, old_root])
    changed = [*leaves]
    changed[data.draw(st.integers(0, old - 1))] = b"\xff" * 32
    other = Tree(changed).root()
    assert not is_consistent(old, new, old_root, other, Tree(changed).consistency(old)) or (old == new and not proof)
    if old < new:
        assert not is_consistent(old, new, other, new_root, proof)


def test_an_older_log_cannot_follow_a_newer_one() -> None:
    root = Tree(leaves_of(3)).root()
    for old, new in ((3, 2), (0, 3), (-1, 3)):
        with pytest.raises(Malformed):
            is_consistent(old, new, root, root, [])


def test_there_is_no_index_beyond_the_tree() -> None:
    for index, size in ((3, 3), (-1, 3), (0, 0), (2**70, 2**60)):
        with pytest.raises(Malformed):
            root_from_inclusion(index, size, b"\0" * 32, [])


# --- transparency-dev/merkle ------------------------------------------------------------------------------------------


def vectors(cases: Path, folder: str) -> list[dict[str, object]]:
    found = [json.loads(file.read_text()) for file in sorted((cases / "merkle" / folder).rglob("*.json"))]
    if not found:
        pytest.skip(f"no vectors under {cases / 'merkle' / folder}")
    return found


def decoded(text: object) -> bytes:
    return base64.b64decode(str(text or ""))


def test_inclusion_vectors_of_transparency_dev(cases: Path) -> None:
    for case in vectors(cases, "inclusion"):
        proof = [decoded(text) for text in case["proof"] or []]  # type: ignore[attr-defined]
        try:
            holds = root_from_inclusion(
                int(str(case["leafIdx"])), int(str(case["treeSize"])), decoded(case["leafHash"]), proof
            ) == decoded(case["root"])
        except Malformed:
            holds = False
        assert holds is not case["wantErr"], case["desc"]


def test_consistency_vectors_of_transparency_dev(cases: Path) -> None:
    for case in vectors(cases, "consistency"):
        proof = [decoded(text) for text in case["proof"] or []]  # type: ignore[attr-defined]
        try:
            holds = is_consistent(
                int(str(case["size1"])), int(str(case["size2"])), decoded(case["root1"]), decoded(case["root2"]), proof
            )
        except Malformed:
            holds = False
        assert holds is not case["wantErr"], case["desc"]
