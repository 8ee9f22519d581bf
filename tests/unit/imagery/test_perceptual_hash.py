"""PDQ is Meta's to the bit, in all eight ways to lay a picture; near hashes are all found."""

from __future__ import annotations

import numpy as np
import pytest

from dokaz.imagery.hash_index import as_words, near
from dokaz.imagery.perceptual_hash import PdqHash, pdq, pdq_of_turns, turned


def drawn(height: int, width: int, waves: int) -> np.ndarray:
    y, x = np.mgrid[:height, :width]
    stripes = 50 * ((x * x + 3 * y * y) // (width * waves * 40) % 2)
    ripples = 60 * np.sin(x * waves / width * 6.283) * np.cos(y * 2.5 * waves / height)
    return np.round(127 + ripples + stripes - (x > y) * 9).clip(0, 255).astype(np.float32)


# Printed by pdqhash 0.2.8 (Meta's own code, in Python's clothes) for the same points.
PDQHASH = {
    (64, 64, 3): "956cc2596aa7f0a85953a8b4d6693a13d5c4aa995562aab47d69aa9e00157feb",
    (200, 300, 5): "a11e6a6054dfab23925834a3ed4e6ab15166d659b692ada1a1762975aa6b6b5a",
    (512, 384, 7): "3ba349261f69425e9e5dc29a9594c2a995eac026b575b57de829b56ae00abd5a",
    (97, 131, 2): "a89d5b33365c64b2a94fca985523b54eacddae926d256d6b49446af90a0f4a8e",
    (480, 640, 11): "44e75d998926925824a7654c2a905f77555c82daf594a4abf566a96da96ba95a",
}


@pytest.mark.parametrize(("shape", "digits"), PDQHASH.items())
def test_hashes_are_those_of_the_reference_program(shape: tuple[int, int, int], digits: str) -> None:
    found = pdq(drawn(*shape))
    assert str(found) == digits
    assert found.quality == 100


@pytest.mark.parametrize("shape", [(384, 512), (101, 77), (64, 64), (5, 300)])
def test_all_eight_are_those_of_the_turned_picture(shape: tuple[int, int]) -> None:
    luma = np.random.default_rng(3).random(shape).astype(np.float32) * 255
    assert pdq_of_turns(luma) == tuple(pdq(turned(luma, turn)) for turn in range(8))


def test_an_even_picture_has_no_quality() -> None:
    assert pdq(np.full((80, 80), 128, np.float32)).quality == 0
    # One step of 40 in 255 across 64 rows: 64 × 15 hundredths, by 90.
    step = np.full((64, 64), 100, np.float32)
    step[:, 32:] = 140
    assert pdq(step).quality == 64 * 15 // 90


def test_sides_that_cannot_be_hashed_are_refused() -> None:
    with pytest.raises(ValueError, match="300 × 4"):
        pdq(np.zeros((4, 300), np.float32))
    with pytest.raises(ValueError, match="2049 × 90"):
        pdq_of_turns(np.zeros((90, 2049), np.float32))


def test_near_hashes_are_those_that_counting_finds() -> None:
    rng = np.random.default_rng(4)
    hashes = [PdqHash(tuple(rng.integers(0, 2**64, 4, dtype=np.uint64).tolist()), 100) for _ in range(300)]
    sought = hashes[17]
    flipped = sought.words[0] ^ 0b1011, *sought.words[1:3], sought.words[3] ^ (1 << 63)
    hashes.append(PdqHash(flipped, 100))
    for within in (0, 3, 4, 31, 120, 128, 256):
        counted = [(at, sought.distance(one)) for at, one in enumerate(hashes) if sought.distance(one) <= within]
        assert near(as_words(hashes), sought, within=within) == counted
    assert (300, 4) in near(as_words(hashes), sought)
