"""Corners of a picture and what is around them, 256 bits each: what a crop shares with what it was cut from.

A corner is where the smaller eigenvalue of the structure tensor has a local maximum; they are taken evenly over the
picture and at six sizes, so that a crop blown up to the size of the whole still has the same ones. Around each, 256
pairs of points are compared: which of the two is brighter survives compression, another exposure and a change of
colours. The pairs are laid in all eight ways, so a mirrored or turned picture is found without being described anew.
Pictures turned by other angles than right ones (beyond some ten degrees) are not found.

Source: Shi & Tomasi 1994; Calonder, Lepetit, Strecha & Fua 2010 (BRIEF); Rublee et al. 2011 for the levels (ORB).
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt
from PIL import Image

from dokaz.imagery.perceptual_hash import TURNS, Luma

#: The longer side of a picture when corners are sought in it.
SIDE = 256
#: From one size to the next.
STEP = 1.15
_LEVELS = (95, 75, 58, 44, 33, 25)
_RADIUS = 15
_CELLS = 5
_LEAST_EIGENVALUE = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints:
    """Corners of one picture.

    Args:
        at: (n, 2) x to the right and y down, in points of the picture with its longer side at ``SIDE``.
        size: (n,) by how much the picture was made smaller for it.
        words: (n, 8, 4) what is around each, with the picture laid in each of ``TURNS``.
        shape: Height and width of the picture that ``at`` counts in.
    """

    at: npt.NDArray[np.float32]
    size: npt.NDArray[np.float32]
    words: npt.NDArray[np.uint64]
    shape: tuple[int, int]

    def __len__(self) -> int:
        return len(self.at)

    def laid(self, turn: int) -> npt.NDArray[np.float32]:
        """Where the corners are when the picture is laid in one of ``TURNS``."""
        height, width = self.shape
        middle = np.array([(width - 1) / 2, (height - 1) / 2])
        new_middle = middle[::-1] if turn % 2 else middle
        # The matrix is orthogonal: its transpose undoes it.
        return np.asarray((self.at - middle) @ TURN_MATRICES[turn] + new_middle, np.float32)


def of_side(luma: Luma, side: float) -> Luma:
    """A picture with its longer side at so many points."""
    height, width = luma.shape
    scale = side / max(height, width)
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    return np.asarray(Image.fromarray(luma).resize(size, Image.Resampling.BILINEAR), np.float32)


def find_keypoints(luma: Luma) -> Keypoints:
    """The corners of a picture, evenly over it."""
    shape = of_side(luma, SIDE).shape
    places, sizes, words = [], [], []
    for level, most in enumerate(_LEVELS):
        small = blurred(of_side(luma, SIDE / STEP**level), 1)
        found = _spread(_smaller_eigenvalues(small), small.shape, most)
        places.append((found + 0.5) * (shape[1] / small.shape[1], shape[0] / small.shape[0]) - 0.5)
        sizes.append(np.full(len(found), STEP**level))
        words.append(_described(blurred(small, 3), found, _PAIRS, TURN_MATRICES))
    return Keypoints(
        np.concatenate(places).astype(np.float32),
        np.concatenate(sizes).astype(np.float32),
        np.concatenate(words),
        (shape[0], shape[1]),
    )


def blurred(picture: Luma, times: int) -> Luma:
    """Each point the mean of its neighbours by 1 2 1, down and across, so many times."""
    for _ in range(times):
        edged = np.pad(picture, 1, mode="edge")
        down = (edged[:-2] + 2 * edged[1:-1] + edged[2:]) / 4
        picture = np.ascontiguousarray((down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]) / 4, np.float32)
    return picture


def _turn_matrices() -> npt.NDArray[np.float64]:
    """(8, 2, 2): a step in a picture as it is laid, as a step in the picture itself."""
    quarter, mirror = np.array([[0.0, -1.0], [1.0, 0.0]]), np.diag([-1.0, 1.0])
    return np.stack(
        [(mirror if turn >= 4 else np.eye(2)) @ np.linalg.matrix_power(quarter, turn % 4) for turn in range(len(TURNS))]
    )


def _pairs() -> npt.NDArray[np.int64]:
    """(256, 4): two points each, as steps x, y, x, y from the corner; drawn once and for all."""
    draw = np.random.default_rng(20260901)
    steps = draw.normal(0, _RADIUS / 2.2, (4096, 4)).round()
    inside = steps[(np.abs(steps) <= _RADIUS).all(axis=1) & (np.abs(steps[:, :2] - steps[:, 2:]).sum(axis=1) >= 4)]
    return np.asarray(inside[:256], np.int64)


TURN_MATRICES = _turn_matrices()
_PAIRS = _pairs()


def _smaller_eigenvalues(picture: Luma) -> Luma:
    across = np.zeros_like(picture)
    down = np.zeros_like(picture)
    across[:, 1:-1] = (picture[:, 2:] - picture[:, :-2]) / 2
    down[1:-1] = (picture[2:] - picture[:-2]) / 2
    xx, yy, xy = (blurred(product, 2) for product in (across * across, down * down, across * down))
    return np.asarray((xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy**2), np.float32)


def _spread(response: Luma, shape: tuple[int, ...], most: int) -> npt.NDArray[np.int64]:
    """(n, 2) x and y of the strongest corners, the strongest of each cell of a grid before any second of another."""
    height, width = shape
    found = _maxima(response, _RADIUS + 1, _LEAST_EIGENVALUE)
    if not len(found):
        return found
    strength = response[found[:, 1], found[:, 0]]
    strongest = np.argsort(-strength, kind="stable")
    found = found[strongest]
    cells = found[:, 0] * _CELLS // width + _CELLS * (found[:, 1] * _CELLS // height)
    # How many stronger ones a corner has in its own cell.
    rank = np.zeros(len(found), np.int64)
    for cell in np.unique(cells):
        in_cell = cells == cell
        rank[in_cell] = np.arange(in_cell.sum())
    return np.asarray(found[np.argsort(rank, kind="stable")[:most]])


@numba.njit(cache=True, nogil=True)
def _maxima(response: Luma, border: int, least: float) -> npt.NDArray[np.int64]:
    height, width = response.shape
    found = []
    for y in range(border, height - border):
        for x in range(border, width - border):
            here = response[y, x]
            if here < least:
                continue
            highest = True
            for v in range(y - 2, y + 3):
                for u in range(x - 2, x + 3):
                    # Of two equal neighbours the first is taken.
                    if response[v, u] > here or (response[v, u] == here and (v, u) < (y, x)):
                        highest = False
            if highest:
                found.append((x, y))
    result = np.empty((len(found), 2), np.int64)
    for at, (x, y) in enumerate(found):
        result[at, 0], result[at, 1] = x, y
    return result


@numba.njit(cache=True, nogil=True)
def _described(
    picture: Luma,
    found: npt.NDArray[np.int64],
    pairs: npt.NDArray[np.int64],
    turns: npt.NDArray[np.float64],
) -> npt.NDArray[np.uint64]:
    words = np.zeros((len(found), len(turns), 4), np.uint64)
    for turn in range(len(turns)):
        xx, xy, yx, yy = (
            int(turns[turn, 0, 0]), int(turns[turn, 0, 1]), int(turns[turn, 1, 0]), int(turns[turn, 1, 1]),
        )  # fmt: skip
        for at in range(len(found)):
            x, y = found[at, 0], found[at, 1]
            for bit in range(len(pairs)):
                first = picture[
                    y + yx * pairs[bit, 0] + yy * pairs[bit, 1], x + xx * pairs[bit, 0] + xy * pairs[bit, 1]
                ]
                other = picture[
                    y + yx * pairs[bit, 2] + yy * pairs[bit, 3], x + xx * pairs[bit, 2] + xy * pairs[bit, 3]
                ]
                if first < other:
                    words[at, turn, bit // 64] |= np.uint64(1) << np.uint64(bit % 64)
    return words
