"""PDQ: 256 bits that stay nearly the same when a picture is compressed, resized, darkened or lightly marked.

A picture in shades of grey is blurred with a tent and sampled at 64 × 64 points; of its cosine transform the slowest
16 × 16 waves (without the constant ones) are kept, and a bit says whether a wave is above the median of all.
Blurring, sampling and transform are linear, hence one matrix from the left and one from the right.

A hash says nothing of who made a picture or when, and two hashes that are near say that two pictures look alike: it
is `dokaz.imagery.alignment` that asks whether they are one.

Source: Facebook 2017–2019, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", with its
reference program (ThreatExchange, BSD). Written anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Luma = npt.NDArray[np.float32]
#: A picture is hashed if more of it varies than this; the hash of an even surface is noise.
LEAST_QUALITY = 50
#: Two hashes within so many bits are of pictures that look alike.
NEAR_BITS = 31
#: Sides beyond this are to be made smaller first.
LONGEST_SIDE = 2048
_SHORTEST_SIDE = 5
_POINTS, _WAVES = 64, 16

#: The eight ways to lay a picture: what is done to it, and in which words.
TURNS = (
    "",
    "rotated 90",
    "rotated 180",
    "rotated 270",
    "mirror",
    "mirror, rotated 90",
    "mirror, rotated 180",
    "mirror, rotated 270",
)


@dataclass(frozen=True, slots=True)
class PdqHash:
    """256 bits as four words, the highest first, and how much of the picture varies (0 to 100)."""

    words: tuple[int, int, int, int]
    quality: int

    def __str__(self) -> str:
        """As other programs write it: 64 digits in base 16."""
        return "".join(f"{word:016x}" for word in self.words)

    def distance(self, other: PdqHash) -> int:
        """Bits that differ, 0 to 256."""
        return sum((a ^ b).bit_count() for a, b in zip(self.words, other.words, strict=True))


def pdq(luma: Luma) -> PdqHash:
    """The hash of a picture.

    Args:       luma: Shades of grey 0 to 255 (0.299 R + 0.587 G + 0.114 B), rows from the top.
    Raises:     ValueError: a side has fewer than 5 or more than 2,048 points.
    """
    _must_be_of_size(luma)
    height, width = luma.shape
    return _hash(_blurred_points(height) @ luma.astype(np.float64) @ _blurred_points(width).T)


def turned(luma: Luma, turn: int) -> Luma:
    """A picture laid in one of the eight ways: mirrored left to right first if so, then rotated against the clock."""
    return np.ascontiguousarray(np.rot90(luma[:, ::-1] if turn >= 4 else luma, turn % 4))


def pdq_of_turns(luma: Luma) -> tuple[PdqHash, ...]:
    """The hashes of a picture laid in all eight ways, in the order of ``TURNS``.

    The picture is turned, not its hash: the points at which it is sampled do not lie evenly. To sample a picture from the
    other end is to sample its mirror image, so that one product holds all eight.

    Raises:     ValueError: as ``pdq``.
    """
    _must_be_of_size(luma)
    down, across = (np.vstack([points, points[:, ::-1]]) for points in map(_blurred_points, luma.shape))
    all_points = (down @ luma.astype(np.float64) @ across.T).reshape(2, _POINTS, 2, _POINTS)
    # From which end down, from which end across, and whether rows become columns.
    ways = ((0, 0, 0), (0, 1, 1), (1, 1, 0), (1, 0, 1), (0, 1, 0), (0, 0, 1), (1, 0, 0), (1, 1, 1))
    laid = ((all_points[d, :, a], transposed) for d, a, transposed in ways)
    return tuple(_hash(points.T if transposed else points) for points, transposed in laid)


def _must_be_of_size(luma: Luma) -> None:
    height, width = luma.shape
    if not _SHORTEST_SIDE <= min(height, width) <= max(height, width) <= LONGEST_SIDE:
        raise ValueError(f"{width} × {height}: sides of {_SHORTEST_SIDE} to {LONGEST_SIDE} points are hashed")


def _hash(points: npt.NDArray[np.float64]) -> PdqHash:
    waves = (_cosines() @ points @ _cosines().T).ravel()
    # The reference program takes the lower of the two middle values.
    median = np.partition(waves, waves.size // 2 - 1)[waves.size // 2 - 1]
    # Wave 0 is the lowest bit.
    packed = np.packbits((waves > median)[::-1]).tobytes()
    first, second, third, fourth = (int.from_bytes(packed[at : at + 8], "big") for at in (0, 8, 16, 24))
    return PdqHash((first, second, third, fourth), _quality(points))


def _quality(points: npt.NDArray[np.float64]) -> int:
    steps = (np.diff(points, axis=0), np.diff(points, axis=1))
    # Each step is cut to whole hundredths of the range, so that noise does not add up.
    return min(100, int(sum(np.abs(np.trunc(step * 100 / 255)).sum() for step in steps)) // 90)


@lru_cache(maxsize=64)
def _blurred_points(length: int) -> npt.NDArray[np.float64]:
    """(64, length): the means that the tent filter has at 64 points of a line; two boxes make a tent."""
    window = (length + 2 * _POINTS - 1) // (2 * _POINTS)
    right = (window + 2) // 2 - 1
    at = np.arange(length)
    from_, to = np.maximum(at - (window - 1 - right), 0), np.minimum(at + right, length - 1)
    box = ((at >= from_[:, None]) & (at <= to[:, None])) / (to - from_ + 1)[:, None]
    sampled = ((np.arange(_POINTS) + 0.5) * length / _POINTS).astype(int)
    return np.asarray(box[sampled] @ box)


@lru_cache(maxsize=1)
def _cosines() -> npt.NDArray[np.float64]:
    waves, points = np.arange(1, _WAVES + 1)[:, None], np.arange(_POINTS)
    return np.asarray(np.sqrt(2 / _POINTS) * np.cos(np.pi / 2 / _POINTS * waves * (2 * points + 1)))
