"""The tree agrees with the textbook's, and its proofs prove one thing only."""

import hashlib

import pytest
from ledgers import textbook_consistency, textbook_path, textbook_root

from dokaz.errors import BadProof, LedgerBroken
from dokaz.ledger import Frontier, consistency_proof, inclusion_proof, leaf_hash, verify_consistency, verify_inclusion
from dokaz.ledger.merkle import EMPTY_ROOT

LEAVES = [leaf_hash(bytes([n])) for n in range(130)]


def read_hash(level: int, index: int) -> bytes:
    return textbook_root(LEAVES[index << level : (index + 1) << level])


def test_the_tree_of_nothing_has_the_hash_of_nothing():
    assert Frontier().root == EMPTY_ROOT == hashlib.sha256().digest()


def test_every_root_is_the_textbooks():
    frontier = Frontier()
    for size, leaf in enumerate(LEAVES, start=1):
        frontier = frontier.append(leaf)
        assert frontier.root == textbook_root(LEAVES[:size])
        assert frontier == Frontier.read(size, read_hash)


def test_a_frontier_is_kept_as_hex_and_read_back():
    frontier = Frontier().extend(LEAVES[:77])
    assert Frontier.from_json(77, frontier.to_json()) == frontier


@pytest.mark.parametrize(("size", "hashes"), [(3, ["00" * 32]), (1, ["zz"]), (1, ["00"]), (0, ["00" * 32]), (-1, [])])
def test_a_frontier_that_does_not_fit_its_size_is_refused(size, hashes):
    with pytest.raises(LedgerBroken):
        Frontier.from_json(size, hashes)


def test_every_inclusion_proof_is_the_textbooks_and_verifies():
    for size in [*range(1, 35), 127, 128, 129]:
        root = textbook_root(LEAVES[:size])
        for index in range(size):
            proof = inclusion_proof(index, size, read_hash)
            assert proof == textbook_path(index, LEAVES[:size])
            verify_inclusion(index, size, LEAVES[index], proof, root)


def test_every_consistency_proof_is_the_textbooks_and_verifies():
    for size in [*range(1, 35), 127, 128, 129]:
        for old in range(1, size + 1):
            proof = consistency_proof(old, size, read_hash)
            assert proof == textbook_consistency(old, LEAVES[:size])
            verify_consistency(old, size, proof, textbook_root(LEAVES[:old]), textbook_root(LEAVES[:size]))


def test_a_consistency_proof_does_not_lead_from_another_older_tree():
    """The attacker shows the newer tree and a proof that is right, and forges what the older one was."""
    wrong = leaf_hash(b"another history")
    for size in range(1, 20):
        for old in range(1, size + 1):
            proof = consistency_proof(old, size, read_hash)
            right = textbook_root(LEAVES[:old])
            verify_consistency(old, size, proof, right, textbook_root(LEAVES[:size]))
            with pytest.raises(BadProof):
                verify_consistency(old, size, proof, wrong, textbook_root(LEAVES[:size]))
            with pytest.raises(BadProof):
                verify_consistency(old, size, proof, right, wrong)


@pytest.mark.parametrize(("old", "size"), [(1, 2), (3, 7), (4, 8), (6, 6)])
def test_a_consistency_proof_is_no_longer_and_no_shorter_than_it_must_be(old, size):
    proof = consistency_proof(old, size, read_hash)
    roots = textbook_root(LEAVES[:old]), textbook_root(LEAVES[:size])
    for wrong in (proof[:-1] if proof else [LEAVES[0]], [*proof, LEAVES[0]], [*proof[:-1], b"short"]):
        with pytest.raises(BadProof):
            verify_consistency(old, size, wrong, *roots)
    with pytest.raises(BadProof, match="nothing can be shown"):
        verify_consistency(size + 1, size, proof, *roots)


def test_an_entry_is_proven_at_no_other_place_and_in_no_other_size():
    size = 21
    root = textbook_root(LEAVES[:size])
    proof = inclusion_proof(13, size, read_hash)
    for other_index in range(40):
        for other_size in range(40):
            if (other_index, other_size) == (13, size):
                continue
            # The shape of the path, not the size itself, is what a proof shows; the checkpoint signs the size.
            same_shape = other_index == 13 and [x > 12 for x in (size, other_size)] == [True, True]
            try:
                verify_inclusion(other_index, other_size, LEAVES[13], proof, root)
            except BadProof:
                continue
            assert same_shape, (other_index, other_size)


def test_from_the_empty_tree_nothing_can_be_proven():
    with pytest.raises(BadProof):
        consistency_proof(0, 5, read_hash)
    with pytest.raises(BadProof):
        verify_consistency(0, 5, [], EMPTY_ROOT, textbook_root(LEAVES[:5]))


@pytest.mark.parametrize(("index", "size"), [(5, 5), (-1, 5), (0, 0)])
def test_there_is_no_proof_for_an_entry_outside_the_tree(index, size):
    with pytest.raises(BadProof, match="no entry"):
        inclusion_proof(index, size, read_hash)
    with pytest.raises(BadProof, match="no entry"):
        verify_inclusion(index, size, LEAVES[0], [], LEAVES[0])


def test_a_hash_of_another_length_is_refused():
    with pytest.raises(BadProof, match="33 bytes"):
        verify_inclusion(0, 2, LEAVES[0], [LEAVES[1] + b"\0"], textbook_root(LEAVES[:2]))
    with pytest.raises(BadProof, match="leaf hash"):
        verify_inclusion(0, 1, b"short", [], b"short")
