"""Two pictures laid over each other: how one lies in the other, and in how much of it they agree.

From a first guess the six numbers of an affine map, a gain and an offset of brightness are moved until the pictures
agree best (Lucas & Kanade 1981, forward, with weights that let a watermark or a bar not pull). Then the second
picture is cut into blocks, and each block that shows anything is held against what lies over it: correlated or not. A
copy agrees in nearly every block whatever was done to its quality; another photograph of the same wall does not,
however alike both look.

That two pictures agree does not say which was made from which.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from dokaz.imagery.perceptual_hash import Luma

Map = npt.NDArray[np.float64]
_STEPS = 10
#: Points by which a step moves nothing any more.
_STILL = 0.03
_HALF = 128.0
_LEAST_POINTS = 400
_ASKED = 4
_EDGE = 3
_BLOCK = 16
#: Standard deviation, in shades of grey, below which a block shows nothing but noise.
_SHOWS = 5.0
_BLOCK_AGREES = 0.85


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """How the second of two pictures lies in the first.

    Args:
        map: (2, 3) from points of the second to points of the first.
        covers_first: Share of the first picture that the second shows.
        covers_second: Share of the second picture that is in the first.
        blocks: Blocks of the common part that show anything.
        agreeing: Share of these that agree.
        correlation: Median of their correlations, -1 to 1.
        rest_is_even: Whether what each has beyond the common part is of one shade, as bars are (first, second).
    """

    map: Map
    covers_first: float
    covers_second: float
    blocks: int
    agreeing: float
    correlation: float
    rest_is_even: tuple[bool, bool]

    @property
    def slant(self) -> float:
        """By how much right angles and horizontals are off, as a slope; 0 for what was only cut, scaled or framed."""
        return float(max(abs(self.map[0, 1]), abs(self.map[1, 0])))


def coarse_correlation(first: Luma, second: Luma, guess: Map) -> float:
    """Correlation of the common part as a guess has it, both pictures so blurred that a guess may be a little off.

    Args:       first, second: Of a few thousand points.
                guess: (2, 3) from points x, y of the second to points of the first.
    Returns:    -1 to 1; 0 where there is hardly a common part, or nothing in it.
    """
    laid = _laid(first, second.shape[0], second.shape[1], guess)
    seen = np.isfinite(laid)
    if seen.sum() < 0.15 * seen.size:
        return 0.0
    a, b = laid[seen] - laid[seen].mean(), second[seen] - second[seen].mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / size if size > 1 else 0.0


def overlay(first: Luma, second: Luma, guess: Map) -> Overlay:
    """Lay the second picture into the first, beginning at a guess.

    Args:       first, second: Both with their longer side at ``keypoints.SIDE``, lightly blurred.
                guess: (2, 3) from points x, y of the second to points of the first.
    """
    found = _refine(first, second, guess)
    laid = _laid(first, second.shape[0], second.shape[1], found)
    seen = np.isfinite(laid)
    # At its edges a picture is never laid to the point, and a bar shines into it.
    framed = np.pad(seen, _EDGE)
    inner = seen.copy()
    for down, across in ((0, _EDGE), (2 * _EDGE, _EDGE), (_EDGE, 0), (_EDGE, 2 * _EDGE)):
        inner &= framed[down : down + seen.shape[0], across : across + seen.shape[1]]
    correlations = _block_correlations(laid, second, inner)
    covered = _covered(first.shape, second.shape, found)
    return Overlay(
        found,
        float(covered.mean()),
        float(seen.mean()),
        len(correlations),
        float((correlations >= _BLOCK_AGREES).mean()) if len(correlations) else 0.0,
        float(np.median(correlations)) if len(correlations) else 0.0,
        (_is_even(first[::_ASKED, ::_ASKED][~covered]), _is_even(second[~seen])),
    )


def _covered(first: tuple[int, ...], second: tuple[int, ...], of: Map) -> npt.NDArray[np.bool_]:
    """Which points of the first picture the second shows; every fourth is asked."""
    back = np.linalg.inv(of[:, :2])
    y, x = np.mgrid[: first[0] : _ASKED, : first[1] : _ASKED]
    at = np.stack([x - of[0, 2], y - of[1, 2]], axis=-1) @ back.T
    inside: npt.NDArray[np.bool_] = ((at > -0.5) & (at < (second[1] - 0.5, second[0] - 0.5))).all(axis=-1)
    return inside


def _is_even(rest: Luma) -> bool:
    # The middle half: the edge of the common part is never laid to the point.
    if rest.size < 64:
        return True
    low, high = np.percentile(rest, (12, 88))
    return bool(high - low < 12)


def _block_correlations(laid: Luma, second: Luma, seen: npt.NDArray[np.bool_]) -> Luma:
    height, width = (side // _BLOCK * _BLOCK for side in second.shape)
    parts = (height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK)
    a, b, weight = (
        part[:height, :width].reshape(parts).swapaxes(1, 2).reshape(-1, _BLOCK * _BLOCK).astype(np.float64)
        for part in (np.where(seen, laid, 0), second, seen)
    )
    points = weight.sum(axis=1)
    whole = points >= 0.6 * _BLOCK * _BLOCK
    a, b, weight, points = a[whole], b[whole], weight[whole], points[whole, None]
    a = (a - (a * weight).sum(axis=1, keepdims=True) / points) * weight
    b = (b - (b * weight).sum(axis=1, keepdims=True) / points) * weight
    a_size, b_size = np.sqrt((a * a).sum(axis=1)), np.sqrt((b * b).sum(axis=1))
    shows = np.maximum(a_size, b_size) > _SHOWS * np.sqrt(points[:, 0])
    # A block that is even in one picture and shows something in the other does not agree.
    noise = 0.2 * _SHOWS * np.sqrt(points[:, 0])
    return np.asarray(((a * b).sum(axis=1) / np.maximum(a_size * b_size, noise * noise))[shows], np.float32)


@numba.njit(cache=True, nogil=True)
def _laid(first: Luma, height: int, width: int, of: Map) -> Luma:
    """The first picture as seen through the frame of the second; NaN where it has nothing."""
    result = np.full((height, width), np.nan, np.float32)
    for y in range(height):
        for x in range(width):
            u = of[0, 0] * x + of[0, 1] * y + of[0, 2]
            v = of[1, 0] * x + of[1, 1] * y + of[1, 2]
            if -0.5 <= u < first.shape[1] - 0.5 and -0.5 <= v < first.shape[0] - 0.5:
                u, v = min(max(u, 0.0), first.shape[1] - 1.001), min(max(v, 0.0), first.shape[0] - 1.001)
                i, j = int(u), int(v)
                p, q = u - i, v - j
                result[y, x] = (first[j, i] * (1 - p) + first[j, i + 1] * p) * (1 - q) + (
                    first[j + 1, i] * (1 - p) + first[j + 1, i + 1] * p
                ) * q
    return result


def _refine(first: Luma, second: Luma, guess: Map) -> Map:
    """The map under which the pictures agree best; it stays where it is if they hardly overlap."""
    of = guess.astype(np.float64).copy()
    middle = np.array([second.shape[1] / 2, second.shape[0] / 2])
    laid = _laid(first, second.shape[0], second.shape[1], of)
    seen = np.isfinite(laid)
    if seen.sum() < _LEAST_POINTS:
        return of
    (gain, offset), spread = _brightness(laid[seen], second[seen]), 0.0
    for _ in range(_STEPS):
        left, right, spread, points = _equations(first, second, of, gain, offset, spread)
        if points < _LEAST_POINTS:
            break
        # A little of the diagonal keeps a picture without structure in one direction from moving in it.
        change = np.linalg.solve(left + np.diag(1e-3 * np.diag(left) + 1e-9), right)
        move = change[:6].reshape(2, 3)
        of[:, :2] += move[:, :2] / _HALF
        of[:, 2] += move[:, 2] - move[:, :2] @ middle / _HALF
        gain, offset = gain + change[6] / _HALF, offset + change[7]
        if np.abs(move).max() < _STILL:
            break
    return of


def _brightness(laid: Luma, second: Luma) -> tuple[float, float]:
    """Gain and offset that make the first picture as bright as the second."""
    varies = float(laid.var())
    gain = float(((laid - laid.mean()) * (second - second.mean())).mean()) / varies if varies > 1 else 1.0
    gain = min(max(gain, 0.2), 5.0)
    return gain, float(second.mean()) - gain * float(laid.mean())


@numba.njit(cache=True, nogil=True)
def _equations(
    first: Luma, second: Luma, of: Map, gain: float, offset: float, spread: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], float, int]:
    """Normal equations of one step, on every second point: matrix, vector, spread of what is left over, points."""
    height, width = first.shape
    middle_x, middle_y = second.shape[1] / 2, second.shape[0] / 2
    left = np.zeros((8, 8))
    right = np.zeros(8)
    moved = np.zeros(8)
    points = 0
    residuals = 0.0
    for y in range(1, second.shape[0] - 1, 2):
        for x in range(1, second.shape[1] - 1, 2):
            u = of[0, 0] * x + of[0, 1] * y + of[0, 2]
            v = of[1, 0] * x + of[1, 1] * y + of[1, 2]
            if not (1 <= u < width - 2 and 1 <= v < height - 2):
                continue
            i, j = int(u), int(v)
            p, q = u - i, v - j
            upper = first[j, i] * (1 - p) + first[j, i + 1] * p
            lower = first[j + 1, i] * (1 - p) + first[j + 1, i + 1] * p
            here = upper * (1 - q) + lower * q
            residual = second[y, x] - (gain * here + offset)
            points += 1
            residuals += abs(residual)
            weight = 1.0 if spread == 0 else 1 / (1 + (residual / spread) ** 2)
            across = gain * ((first[j, i + 1] - first[j, i]) * (1 - q) + (first[j + 1, i + 1] - first[j + 1, i]) * q)
            down = gain * (lower - upper)
            # Steps are counted from the middle, in halves of a side, so that all numbers are of one size.
            far, low = (x - middle_x) / _HALF, (y - middle_y) / _HALF
            moved[0], moved[1], moved[2] = across * far, across * low, across
            moved[3], moved[4], moved[5] = down * far, down * low, down
            moved[6], moved[7] = here / _HALF, 1.0
            for m in range(8):
                right[m] += weight * moved[m] * residual
                for n in range(8):
                    left[m, n] += weight * moved[m] * moved[n]
    return left, right, 1.4 * residuals / max(points, 1) + 1e-6, points
