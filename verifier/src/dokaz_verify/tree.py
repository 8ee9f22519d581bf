"""Hashes and the Merkle tree: that an entry stands at its index, and that a longer log only added to a shorter one.

The tree is that of RFC 6962, section 2.1. A leaf and an inner node are hashed with different first bytes, so that
nobody can pass a node off as an entry. Both functions below follow the RFC's own recursive definitions (PATH in
2.1.1, SUBPROOF in 2.1.2) line by line, and rebuild the root from the proof; a proof that is too long or too short is
refused like a false one.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from dokaz_verify.canonical import Malformed


def leaf_hash(entry: bytes) -> bytes:
    """Hash of an entry as a leaf of the tree."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node.

    Raises:
        Malformed: one of the two is no SHA-256 hash; shorter ones could shift bytes from left to right.
    """
    if len(left) != 32 or len(right) != 32:
        raise Malformed("hash-length")
    return sha256(b"\x01" + left + right).digest()


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root that a tree must have if a leaf stands at an index of it.

    Args:
        index: Place of the leaf, from 0.
        size: Number of leaves in the tree.
        leaf: Leaf hash.
        proof: Sibling hashes, from the leaf's to the root's child.

    Returns:
        A root hash; the proof holds if, and only if, it is the root that was signed.

    Raises:
        Malformed: there is no such index, or the proof has not the length that index and size demand.
    """
    if not 0 <= index < size:
        raise Malformed("index-beyond-tree", index)
    if size == 1:
        if proof or len(leaf) != 32:
            raise Malformed("proof-length")
        return leaf
    if not proof:
        raise Malformed("proof-length")
    *below, sibling = proof
    left_size = _largest_power_of_two_below(size)
    if index < left_size:
        return node_hash(root_from_inclusion(index, left_size, leaf, below), sibling)
    return node_hash(sibling, root_from_inclusion(index - left_size, size - left_size, leaf, below))


def is_consistent(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the longer log holds all of the shorter one, unchanged and in the same places.

    Args:
        old_size: Size of the shorter tree, at least 1.
        new_size: Size of the longer tree.
        old_root: Root hash of the shorter tree.
        new_root: Root hash of the longer tree.
        proof: Node hashes in the order of RFC 6962, section 2.1.2.

    Raises:
        Malformed: the sizes make no sense together, or the proof has not the length that they demand.
    """
    if not 1 <= old_size <= new_size:
        raise Malformed("sizes-disagree", f"{old_size}, {new_size}")
    return _roots(old_size, new_size, old_root, list(proof), True) == (old_root, new_root)


def _roots(old: int, new: int, old_root: bytes, proof: list[bytes], whole: bool) -> tuple[bytes, bytes]:
    """Old and new root of a subtree; ``whole`` while the old tree is all of it, so that its root need not be sent."""
    if old == new:
        if len(proof) != (0 if whole else 1):
            raise Malformed("proof-length")
        root = old_root if whole else proof[0]
        return root, root
    if not proof:
        raise Malformed("proof-length")
    *below, sibling = proof
    left_size = _largest_power_of_two_below(new)
    if old <= left_size:
        before, after = _roots(old, left_size, old_root, below, whole)
        return before, node_hash(after, sibling)
    before, after = _roots(old - left_size, new - left_size, old_root, below, False)
    return node_hash(sibling, before), node_hash(sibling, after)


def _largest_power_of_two_below(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


class Edge:
    """The right edge of a growing tree: enough to give its root after every leaf."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash; two full subtrees of one size become one."""
        self._full.append(leaf)
        self.size += 1
        size = self.size
        while size & 1 == 0:
            right = self._full.pop()
            self._full[-1] = node_hash(self._full[-1], right)
            size >>= 1

    def root(self) -> bytes:
        """The root over the leaves so far; of none, the hash of nothing."""
        if not self._full:
            return sha256(b"").digest()
        root = self._full[-1]
        for left in reversed(self._full[:-1]):
            root = node_hash(left, root)
        return root
