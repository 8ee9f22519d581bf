"""Which pictures share corners in one arrangement: candidates for crops, from an index of all corners of all pictures.

Corners are filed under parts of their bits in several tables, so that each is compared with the few that agree in
some part. Two pictures are candidates if enough corners of one lie, under one scale and one shift, on corners of the
other that look the same. That is a proposal: `dokaz.imagery.alignment` then lays the pictures over each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from dokaz.imagery.hash_index import bits_apart
from dokaz.imagery.keypoints import STEP, Keypoints
from dokaz.imagery.perceptual_hash import TURNS

_TABLES = 12
_WITHIN_BITS = 34
#: So many corners agree in one arrangement, or it is chance.
LEAST_AGREEING = 6
_TOLERANCE = 9.0
_MOST_MATCHES = 200
_PROPOSING = 60
_LEAST_VOTES = 5
_VOTED_TOGETHER = 32.0
#: A part of bits that so many corners share says nothing of any.
_CROWDED = 4096


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How corners of one picture, laid in a turn, lie in another: point × scale + shift.

    Args:
        first: Place of the picture that is laid.
        second: Place of the other.
        agreeing: Corners that look the same and lie so.
    """

    first: int
    second: int
    turn: int
    agreeing: int
    scale: float
    shift: tuple[float, float]


class KeypointIndex:
    """Corners of many pictures, filed for looking up."""

    def __init__(self, pictures: Sequence[Keypoints]) -> None:
        self._pictures = pictures
        counts = [len(one) for one in pictures]
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._owner = np.repeat(np.arange(len(pictures)), counts).astype(np.int64)
        total = int(self._starts[-1])
        self._words = np.concatenate([one.words[:, 0] for one in pictures]) if total else np.zeros((0, 4), np.uint64)
        self._at = np.concatenate([one.at for one in pictures]) if total else np.zeros((0, 2), np.float32)
        self._size = np.concatenate([one.size for one in pictures]) if total else np.zeros(0, np.float32)
        width = min(22, max(8, total.bit_length()))
        draw = np.random.default_rng(7)
        self._bits = np.stack([draw.choice(256, width, replace=False) for _ in range(_TABLES)])
        keys = _keys(self._words, self._bits)
        self._order = np.argsort(keys, axis=1, kind="stable").astype(np.int64)
        counted = np.stack([np.bincount(one, minlength=1 << width) for one in keys])
        self._begins = np.concatenate([np.zeros((_TABLES, 1), np.int64), np.cumsum(counted, axis=1)], axis=1)
        self._seen = np.full(total, -1, np.int64)

    def arrangements(self, first: int) -> Iterator[Arrangement]:
        """Candidates among the pictures after one, in the order of their places; of each the turn in which most agrees."""
        one = self._pictures[first]
        best: dict[int, Arrangement] = {}
        for turn in range(len(TURNS)):
            words = np.ascontiguousarray(one.words[:, turn])
            keys = _keys(words, self._bits)
            self._seen.fill(-1)
            mine, theirs, bits = _matches(
                words, keys, self._words, self._order, self._begins, self._seen, int(self._starts[first + 1])
            )
            laid = one.laid(turn)
            order = np.lexsort((bits, self._owner[theirs]))
            mine, theirs = mine[order], theirs[order]
            at, filed_at = laid[mine].astype(np.float64), self._at[theirs].astype(np.float64)
            scales = (self._size[theirs] / one.size[mine]).astype(np.float64)
            ends = np.cumsum(np.bincount(self._owner[theirs], minlength=len(self._pictures)))
            for second in _voted(at, filed_at, scales, ends).tolist():
                end = int(ends[second])
                group = slice(begin := int(ends[second - 1]) if second else 0, min(end, begin + _MOST_MATCHES))
                agreeing, scale, x, y = _arranged(
                    mine[group], at[group], filed_at[group], scales[group], len(one), _TOLERANCE
                )
                if agreeing >= LEAST_AGREEING and (second not in best or agreeing > best[second].agreeing):
                    best[second] = Arrangement(first, second, turn, agreeing, scale, (x, y))
        yield from (best[second] for second in sorted(best))


@numba.njit(cache=True, nogil=True)
def _keys(words: npt.NDArray[np.uint64], tables: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """(tables, words): the part of each word that each table files it under."""
    keys = np.zeros((len(tables), len(words)), np.int64)
    for table in range(len(tables)):
        for at in range(len(words)):
            key = 0
            for bit in tables[table]:
                key = 2 * key + int((words[at, bit // 64] >> np.uint64(bit % 64)) & np.uint64(1))
            keys[table, at] = key
    return keys


@numba.njit(cache=True, nogil=True)
def _voted(
    mine: npt.NDArray[np.float64],
    theirs: npt.NDArray[np.float64],
    scales: npt.NDArray[np.float64],
    ends: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Pictures of whose matches enough want one scale and roughly one shift: the others are not worth a closer look."""
    side, middle = 64, 32
    votes = np.zeros((32, side, side), np.int64)
    stamps = np.full((32, side, side), -1, np.int64)
    kept = []
    begin = 0
    for picture in range(len(ends)):
        end = ends[picture]
        most = 0
        if end - begin >= LEAST_AGREEING:
            for m in range(begin, end):
                level = round(np.log(scales[m]) / np.log(STEP)) + 16
                x = (theirs[m, 0] - scales[m] * mine[m, 0]) / _VOTED_TOGETHER + middle
                y = (theirs[m, 1] - scales[m] * mine[m, 1]) / _VOTED_TOGETHER + middle
                # Into the four cells around, so that no edge of a cell parts what belongs together.
                i, j = int(np.floor(x - 0.5)), int(np.floor(y - 0.5))
                if not (0 <= level < 32 and 0 <= i < side - 1 and 0 <= j < side - 1):
                    continue
                for u in range(i, i + 2):
                    for v in range(j, j + 2):
                        if stamps[level, u, v] != picture:
                            stamps[level, u, v], votes[level, u, v] = picture, 0
                        votes[level, u, v] += 1
                        most = max(most, votes[level, u, v])
        if most >= _LEAST_VOTES:
            kept.append(picture)
        begin = end
    return np.array(kept, np.int64)


@numba.njit(cache=True, nogil=True)
def _matches(
    words: npt.NDArray[np.uint64],
    keys: npt.NDArray[np.int64],
    filed: npt.NDArray[np.uint64],
    order: npt.NDArray[np.int64],
    begins: npt.NDArray[np.int64],
    seen: npt.NDArray[np.int64],
    after: int,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Corners of one picture and filed ones of the pictures after it that look the same, and by how many bits not."""
    mine, theirs, bits = [], [], []
    for k in range(len(words)):
        for table in range(len(keys)):
            key = keys[table, k]
            begin, end = begins[table, key], begins[table, key + 1]
            if end - begin > _CROWDED:
                continue
            # Within a part, corners are in the order of pictures: those before are looked up from their side.
            for place in range(end - 1, begin - 1, -1):
                e = order[table, place]
                if e < after:
                    break
                if seen[e] == k:
                    continue
                seen[e] = k
                apart = bits_apart(words[k], filed[e])
                if apart <= _WITHIN_BITS:
                    mine.append(k)
                    theirs.append(e)
                    bits.append(apart)
    return np.array(mine, np.int64), np.array(theirs, np.int64), np.array(bits, np.int64)


@numba.njit(cache=True, nogil=True)
def _arranged(
    keys: npt.NDArray[np.int64],
    mine: npt.NDArray[np.float64],
    theirs: npt.NDArray[np.float64],
    scales: npt.NDArray[np.float64],
    corners: int,
    tolerance: float,
) -> tuple[int, float, float, float]:
    """The scale and shift under which most corners agree; each match proposes its own, and the best is fitted anew."""
    best, best_scale, best_x, best_y = 0, 1.0, 0.0, 0.0
    seen = np.full(corners, -1, np.int64)
    n = len(keys)
    for proposing in range(min(n, _PROPOSING)):
        scale = scales[proposing]
        x, y = theirs[proposing, 0] - scale * mine[proposing, 0], theirs[proposing, 1] - scale * mine[proposing, 1]
        for fitting in range(2):
            count = 0
            sx = sy = sx1 = sy1 = sxx = sxy = 0.0
            for m in range(n):
                if not 0.7 < scales[m] / scale < 1.43:
                    continue
                dx, dy = theirs[m, 0] - scale * mine[m, 0] - x, theirs[m, 1] - scale * mine[m, 1] - y
                # A corner counts once, however many it looks like.
                if dx * dx + dy * dy > tolerance * tolerance or seen[keys[m]] == 2 * proposing + fitting:
                    continue
                seen[keys[m]] = 2 * proposing + fitting
                count += 1
                sx, sy, sx1, sy1 = sx + mine[m, 0], sy + mine[m, 1], sx1 + theirs[m, 0], sy1 + theirs[m, 1]
                sxx += mine[m, 0] ** 2 + mine[m, 1] ** 2
                sxy += mine[m, 0] * theirs[m, 0] + mine[m, 1] * theirs[m, 1]
            if count > best:
                best, best_scale, best_x, best_y = count, scale, x, y
            if fitting or count < 3:
                break
            spread = sxx - (sx * sx + sy * sy) / count
            if spread < 100:
                break
            scale = (sxy - (sx * sx1 + sy * sy1) / count) / spread
            if not 0.2 < scale < 5:
                break
            x, y = (sx1 - scale * sx) / count, (sy1 - scale * sy) / count
    return best, best_scale, best_x, best_y
