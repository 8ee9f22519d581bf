"""The tree over all entries: its root, and proofs that a stranger can check (RFC 6962)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dokaz.errors import BadProof, LedgerBroken

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

ReadHash = Callable[[int, int], bytes]
"""``read_hash(level, index)``: root of the complete subtree over leaves ``index * 2**level`` up to the next such."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry as a leaf: SHA-256 of byte 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two children as a node: SHA-256 of byte 0x01, left, right."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Frontier:
    """What must be remembered of a tree so that it can grow: the roots of its complete subtrees, largest first.

    Appending a leaf merges equal neighbours as a binary counter carries, so the hashes that remain are those of the
    one-bits of ``size``.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise LedgerBroken(f"a tree of {self.size} entries is not described by {len(self.hashes)} hashes")
        if any(len(each) != HASH_SIZE for each in self.hashes):
            raise LedgerBroken("a frontier holds a hash that is not 32 bytes long")

    def append(self, leaf: bytes) -> Frontier:
        """Give the frontier of the tree with one more leaf (a leaf hash, not an entry)."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> Frontier:
        """Give the frontier of the tree with these leaf hashes after its own."""
        size, hashes = self.size, list(self.hashes)
        for leaf in leaves:
            carried, rest = leaf, size
            while rest & 1:
                carried = node_hash(hashes.pop(), carried)
                rest >>= 1
            hashes.append(carried)
            size += 1
        return Frontier(size, tuple(hashes))

    @property
    def root(self) -> bytes:
        """Root hash of the tree; that of nothing, SHA-256 of no bytes, for an empty one."""
        return _fold(self.hashes)

    def to_json(self) -> list[str]:
        """Give the hashes in hex, as the head row of the database keeps them beside the size."""
        return [each.hex() for each in self.hashes]

    @classmethod
    def from_json(cls, size: int, hashes: Sequence[str]) -> Frontier:
        """Read back what ``to_json`` gave.

        Raises:   LedgerBroken: not hex, or not the right number of hashes for this size.
        """
        try:
            return cls(size, tuple(bytes.fromhex(each) for each in hashes))
        except (ValueError, TypeError) as error:
            raise LedgerBroken(f"the frontier of size {size} is not a list of hex hashes: {error}") from error

    @classmethod
    def read(cls, size: int, read_hash: ReadHash) -> Frontier:
        """Take the frontier of the first ``size`` entries from stored hashes."""
        return cls(size, tuple(read_hash(level, index) for level, index in _complete_subtrees(0, size)))


def root_of_range(start: int, end: int, read_hash: ReadHash) -> bytes:
    """Give the root over leaves ``start`` to ``end - 1``.

    Requires that ``start`` is a multiple of the smallest power of two not below ``end - start``; every range that
    occurs in a proof is so.
    """
    return _fold([read_hash(level, index) for level, index in _complete_subtrees(start, end)])


def inclusion_proof(index: int, size: int, read_hash: ReadHash) -> list[bytes]:
    """Prove that an entry stands at its place in a tree.

    Args:     index: of the entry, from 0; requires 0 <= index < size.
              size: number of entries of the tree.
    Returns:  hashes from the leaf's sibling up to the root's child.
    Raises:   BadProof: the tree has no such entry.
    Source:   RFC 6962, section 2.1.1.
    """
    if not 0 <= index < size:
        raise BadProof(f"a tree of {size} entries has no entry {index}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root_of_range(middle, end, read_hash))
            end = middle
        else:
            path.append(root_of_range(start, middle, read_hash))
            start = middle
    return path[::-1]


def consistency_proof(old_size: int, new_size: int, read_hash: ReadHash) -> list[bytes]:
    """Prove that a tree only grew: that its first ``old_size`` entries are those of the older tree.

    Args:     old_size, new_size: requires 1 <= old_size <= new_size. From the empty tree there is nothing to prove.
    Returns:  hashes in the order of RFC 6962; none for equal sizes.
    Raises:   BadProof: sizes outside the requirement.
    Source:   RFC 6962, section 2.1.2.
    """
    if not 1 <= old_size <= new_size:
        raise BadProof(f"there is no consistency proof from size {old_size} to size {new_size}")
    proof: list[bytes] = []
    start, end = 0, new_size
    while old_size < end:
        middle = start + _split(end - start)
        if old_size <= middle:
            proof.append(root_of_range(middle, end, read_hash))
            end = middle
        else:
            proof.append(root_of_range(start, middle, read_hash))
            start = middle
    if start > 0:
        # The old tree is not itself a subtree of the new one, so the verifier must be given its last part.
        proof.append(root_of_range(start, end, read_hash))
    return proof[::-1]


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the entry with this leaf hash is number ``index`` of the tree with this size and root.

    Raises:   BadProof: it is not, or the proof has too few or too many hashes.
    """
    if not 0 <= index < size:
        raise BadProof(f"a tree of {size} entries has no entry {index}")
    inner, border = _path_lengths(index, size)
    _must_be_hashes(proof, inner + border, f"inclusion of entry {index} in {size}")
    if len(leaf) != HASH_SIZE:
        raise BadProof(f"the leaf hash has {len(leaf)} bytes, not {HASH_SIZE}")
    if _climb(leaf, index, proof, inner) != root:
        raise BadProof(
            f"entry {index} is not part of the tree of {size} entries with this root",
            next_step="the entry, its place, the proof or the checkpoint was changed",
        )


def verify_consistency(old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the newer tree begins with all entries of the older one.

    Equal sizes need equal roots and no hashes. From size 0 nothing can be proven, so it is refused, not accepted.

    Raises:   BadProof: the newer tree does not begin with the older, or the proof has too few or too many hashes.
    """
    if not 1 <= old_size <= new_size:
        raise BadProof(f"nothing can be shown from size {old_size} to size {new_size}")
    if old_size == new_size:
        _must_be_hashes(proof, 0, f"consistency of {old_size} with itself")
        if old_root != new_root:
            raise BadProof(
                f"two different trees of {old_size} entries",
                next_step="the log shows different people different histories",
            )
        return
    # The largest complete subtree on the right edge of the old tree is where both climbs begin.
    shift = (old_size & -old_size).bit_length() - 1
    inner, border = _path_lengths(old_size - 1, new_size)
    inner -= shift
    seed_is_old_root = old_size == 1 << shift
    expected = inner + border + (0 if seed_is_old_root else 1)
    _must_be_hashes(proof, expected, f"consistency of {old_size} with {new_size}")
    seed, path = (old_root, proof) if seed_is_old_root else (proof[0], proof[1:])
    place = (old_size - 1) >> shift
    old = seed
    for height, sibling in enumerate(path):
        # To the old tree only what lies to its left belongs.
        if height >= inner or place >> height & 1:
            old = node_hash(sibling, old)
    if old != old_root:
        raise BadProof(f"the proof does not lead to the older tree of {old_size} entries")
    if _climb(seed, place, path, inner) != new_root:
        raise BadProof(
            f"the tree of {new_size} entries does not begin with the older {old_size}",
            next_step="entries were changed or removed after the older checkpoint, or the proof was changed",
        )


def _path_lengths(index: int, size: int) -> tuple[int, int]:
    """Count the hashes of an inclusion proof: below where the paths of leaf and last leaf meet, and above."""
    inner = (index ^ (size - 1)).bit_length()
    return inner, (index >> inner).bit_count()


def _climb(seed: bytes, place: int, path: Sequence[bytes], inner: int) -> bytes:
    for height, sibling in enumerate(path):
        # Above the meeting point the path runs along the right edge, where every sibling is on the left.
        if height >= inner or place >> height & 1:
            seed = node_hash(sibling, seed)
        else:
            seed = node_hash(seed, sibling)
    return seed


def _must_be_hashes(proof: Sequence[bytes], expected: int, what: str) -> None:
    if len(proof) != expected:
        raise BadProof(f"{what} is proven by {expected} hashes, not {len(proof)}")
    for each in proof:
        if len(each) != HASH_SIZE:
            raise BadProof(f"{what}: a hash of {len(each)} bytes, not {HASH_SIZE}")


def _split(size: int) -> int:
    """Give the largest power of two smaller than ``size``; requires size > 1."""
    return 1 << ((size - 1).bit_length() - 1)


def _complete_subtrees(start: int, end: int) -> list[tuple[int, int]]:
    """Cut leaves ``start`` to ``end - 1`` into complete subtrees, largest first, as (level, index)."""
    result = []
    size = end - start
    while size:
        level = size.bit_length() - 1
        result.append((level, start >> level))
        start += 1 << level
        size -= 1 << level
    return result


def _fold(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for each in hashes[-2::-1]:
        root = node_hash(each, root)
    return root
