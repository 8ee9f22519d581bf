"""Which of many hashes are near one: every one is looked at, so none is missed.

A million hashes are 32 MB, read from end to end in a few milliseconds (`bench/imagery.py`); an index of parts would save
little and miss some.
"""

from __future__ import annotations

from collections.abc import Sequence

import numba
import numpy as np
import numpy.typing as npt

from dokaz.imagery.perceptual_hash import NEAR_BITS, PdqHash

Words = npt.NDArray[np.uint64]


def as_words(hashes: Sequence[PdqHash]) -> Words:
    """(hashes, 4) words, as ``near`` takes them."""
    return np.array([one.words for one in hashes], np.uint64).reshape(-1, 4)


def near(hashes: Words, sought: PdqHash, *, within: int = NEAR_BITS) -> list[tuple[int, int]]:
    """Places and distances of all hashes within so many bits, in the order of places.

    Args:       hashes: (n, 4) words, the highest first.
                within: 0 to 256.
    """
    words = np.array(sought.words, np.uint64)
    places, distances = _near(hashes, words, within)
    return list(zip(places.tolist(), distances.tolist(), strict=True))


@numba.njit(cache=True, nogil=True)
def bits_set(word: np.uint64) -> int:
    """How many bits of a word are 1; compiled to one instruction where the processor has it."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@numba.njit(cache=True, nogil=True)
def bits_apart(a: Words, b: Words) -> int:
    """Bits in which two rows of four words differ."""
    return bits_set(a[0] ^ b[0]) + bits_set(a[1] ^ b[1]) + bits_set(a[2] ^ b[2]) + bits_set(a[3] ^ b[3])


@numba.njit(cache=True, nogil=True)
def _near(hashes: Words, sought: Words, within: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    places, distances = [], []
    for at in range(len(hashes)):
        distance = bits_apart(hashes[at], sought)
        if distance <= within:
            places.append(at)
            distances.append(distance)
    return np.array(places, np.int64), np.array(distances, np.int64)
