"""The tree of the tests, as RFC 6962 (section 2.1) defines it, written a second time."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def _split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


class Tree:
    """Leaf hashes, and what can be proven of them; subtrees are hashed once."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.leaves = list(leaves)
        self._known: dict[tuple[int, int], bytes] = {}

    @property
    def size(self) -> int:
        return len(self.leaves)

    def add(self, hashed: bytes) -> None:
        self.leaves.append(hashed)

    def root(self, size: int | None = None) -> bytes:
        """The root of the tree over the first so many leaves, or over all."""
        size = self.size if size is None else size
        return self._root(0, size) if size else hashlib.sha256(b"").digest()

    def _root(self, start: int, end: int) -> bytes:
        if end - start == 1:
            return self.leaves[start]
        if (start, end) not in self._known:
            k = start + _split(end - start)
            self._known[start, end] = hashlib.sha256(b"\1" + self._root(start, k) + self._root(k, end)).digest()
        return self._known[start, end]

    def path(self, index: int) -> list[bytes]:
        """PATH of section 2.1.1."""
        return self._path(index, 0, self.size)

    def _path(self, index: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        k = start + _split(end - start)
        if index < k:
            return [*self._path(index, start, k), self._root(k, end)]
        return [*self._path(index, k, end), self._root(start, k)]

    def consistency(self, old: int) -> list[bytes]:
        """PROOF of section 2.1.2, from the first ``old`` leaves to all of them."""
        return self._proof(old, 0, self.size, True)

    def _proof(self, old: int, start: int, end: int, whole: bool) -> list[bytes]:
        if old == end - start:
            return [] if whole else [self._root(start, end)]
        k = start + _split(end - start)
        if old <= k - start:
            return [*self._proof(old, start, k, whole), self._root(k, end)]
        return [*self._proof(old - (k - start), k, end, False), self._root(start, k)]

    def proof_lines(self, old: int) -> bytes:
        """A consistency proof as a file of a receipt has it; nothing where there can be none."""
        hashes = self.consistency(old) if 0 < old <= self.size else []
        return b"".join(base64.b64encode(hashed) + b"\n" for hashed in hashes)
