"""Pairs of pictures of which one is, as far as pixels can say, a copy of the other: and what was done to it.

Three questions, the cheap ones first: the same bytes, or the same pixels; hashes that are near in one of eight ways
to lay the picture, with and without its even borders; corners that lie alike. What the last two propose is laid over
each other and must agree. What does not, though it looks alike, is kept apart as ``alike``: for eyes. A pair is a
proposal: which of the two came first, and whether they are one photograph, is decided by people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokaz.imagery.alignment import Map, Overlay, coarse_correlation, overlay
from dokaz.imagery.hash_index import Words, as_words, near
from dokaz.imagery.keypoints import SIDE, Keypoints, blurred, find_keypoints, of_side
from dokaz.imagery.matching import KeypointIndex
from dokaz.imagery.perceptual_hash import LEAST_QUALITY, NEAR_BITS, TURNS, Luma, PdqHash, pdq_of_turns, turned

#: Every word of ``Pair.how``, and what it says.
WORDS = {
    "same file": "the same bytes (SHA-256)",
    "same pixels": "other bytes that decode to the same pixels: only what is written beside the picture differs",
    "recompressed": "the same picture in the same size, with other pixels",
    "resized": "the same picture in another size",
    "mirror": "mirrored left to right; with `rotated 180`, top to bottom",
    "rotated 90": "turned by 90° against the clock",
    "rotated 180": "turned by 180°",
    "rotated 270": "turned by 90° with the clock",
    "crop": "one shows a part of the other",
    "letterbox": "one has bars of one shade that the other lacks",
    "watermark or retouching": "parts disagree where the rest agrees: look what was put there, or taken away",
}
_SAME_FRAME = 0.965
_LEAST_BLOCKS = 10
_LEAST_AGREEING = 0.975
_LEAST_AGREEING_IF_MARKED = 0.70
_CORRELATION_IF_MARKED = 0.995
_LEAST_CORRELATION = 0.90
#: Cutting, scaling and framing leave right angles as they are; another standpoint does not.
_MOST_SLANT = 0.008
#: What agrees in less than this is not worth a look, unless the hashes are near.
_LEAST_AGREEING_TO_SHOW = 0.5
_RETOUCHED = 0.97
_BORDER_VARIES = 6.0
_SHORTEST_SIDE = 16
_TINIER = 4
_LEAST_COARSE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture as it is compared: its bytes' digest, its pixels' digest, and itself in shades of grey.

    Args:
        name: What it is called in the answer.
        width, height: Of the picture the right way up.
        luma: Its shades of grey, its longer side at 512 or less.
    """

    name: str
    sha256: str
    pixels_sha256: str
    width: int
    height: int
    luma: Luma


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures, by their names in alphabetical order.

    Args:
        how: What tells them apart: words of ``WORDS``, joined by commas; turns are what makes ``b`` of ``a``.
        distance: Bits in which the hashes of the whole pictures differ, in the way to lay them that fits best.
        agreeing: Share of the blocks of the common part that agree; 1 if it was not asked.
        common: Share of ``a``, and of ``b``, that is the common part.
    """

    a: str
    b: str
    how: str
    distance: int
    agreeing: float
    common: tuple[float, float]


@dataclass(frozen=True, slots=True)
class FoundCopies:
    """What came out of comparing pictures.

    Args:
        pairs: Of copies.
        alike: Pairs that look alike and do not agree as copies do; ``how`` says in what they fail.
        too_even: Names of pictures that were not compared but for their bytes and pixels, with their quality.
    """

    pairs: tuple[Pair, ...]
    alike: tuple[Pair, ...]
    too_even: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Described:
    """What is kept of a picture while others are read: a tenth of a megabyte."""

    name: str
    sha256: str
    pixels_sha256: str
    size: tuple[int, int]
    hashes: tuple[PdqHash, ...]
    shape: tuple[int, ...]
    core: tuple[int, int, int, int]
    core_hashes: tuple[PdqHash, ...]
    small: npt.NDArray[np.uint8]
    tiny: Luma
    corners: Keypoints

    @property
    def quality(self) -> int:
        return max(self.hashes[0].quality, self.core_hashes[0].quality)


def find_duplicates(
    pictures: Iterable[Picture], *, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> FoundCopies:
    """All pairs of copies among pictures, which are taken one at a time.

    Args:       pictures: Each with another name.
                progress: Told how many of how many were compared, once all are read.
    """
    described = sorted(map(_described, pictures), key=lambda one: one.name)
    pairs: dict[tuple[int, int], Pair] = dict(_same(described))
    alike: dict[tuple[int, int], Pair] = {}
    compared = [at for at, one in enumerate(described) if one.quality >= LEAST_QUALITY]
    whole = as_words([described[at].hashes[0] for at in compared])
    cores = as_words([described[at].core_hashes[0] for at in compared])
    index = KeypointIndex([described[at].corners for at in compared])
    for nth, first in enumerate(compared):
        progress(nth, len(compared))
        for second, turn, guess in _guesses(nth, compared, described, whole, cores, index):
            if (first, second) in pairs or not _worth_laying(described[first], described[second], turn, guess):
                continue
            found, is_copy = _judged(described[first], described[second], turn, guess)
            if is_copy:
                pairs[first, second] = found
                alike.pop((first, second), None)
            elif found.distance > NEAR_BITS and found.agreeing < _LEAST_AGREEING_TO_SHOW:
                continue
            elif found.agreeing >= alike.get((first, second), found).agreeing:
                alike[first, second] = found
    return FoundCopies(
        tuple(pairs[key] for key in sorted(pairs)),
        tuple(alike[key] for key in sorted(alike)),
        tuple((one.name, one.quality) for one in described if one.quality < LEAST_QUALITY),
    )


def _same(pictures: Sequence[_Described]) -> Iterator[tuple[tuple[int, int], Pair]]:
    by_pixels: dict[str, list[int]] = {}
    for at, picture in enumerate(pictures):
        by_pixels.setdefault(picture.pixels_sha256, []).append(at)
    for group in by_pixels.values():
        for nth, first in enumerate(group):
            for second in group[nth + 1 :]:
                one, other = pictures[first], pictures[second]
                how = "same file" if one.sha256 == other.sha256 else "same pixels"
                yield (first, second), Pair(one.name, other.name, how, 0, 1.0, (1.0, 1.0))


def _described(picture: Picture) -> _Described:
    luma = picture.luma if min(picture.luma.shape) >= _SHORTEST_SIDE else of_side(picture.luma, SIDE)
    top, bottom, left, right = core = _core(luma)
    hashes = pdq_of_turns(luma)
    is_whole = (bottom - top, right - left) == luma.shape
    return _Described(
        picture.name,
        picture.sha256,
        picture.pixels_sha256,
        (picture.width, picture.height),
        hashes,
        luma.shape,
        core,
        hashes if is_whole else pdq_of_turns(luma[top:bottom, left:right]),
        blurred(of_side(luma, SIDE), 1).round().clip(0, 255).astype(np.uint8),
        blurred(of_side(luma, SIDE / _TINIER), 1),
        find_keypoints(luma),
    )


def _core(luma: Luma) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of a picture without its even borders; the whole if little would be left."""
    height, width = luma.shape
    top, bottom, left, right = core = 0, height, 0, width
    # Bars at the sides hide even rows until they are gone, and the other way round.
    for _ in range(3):
        rows = np.ptp(np.percentile(luma[:, left:right], (2, 98), axis=1), axis=0) > _BORDER_VARIES
        columns = np.ptp(np.percentile(luma[top:bottom], (2, 98), axis=0), axis=0) > _BORDER_VARIES
        if not (rows[top:bottom].any() and columns[left:right].any()):
            break
        before = top, bottom, left, right
        top, bottom = top + int(rows[top:bottom].argmax()), bottom - int(rows[top:bottom][::-1].argmax())
        left, right = left + int(columns[left:right].argmax()), right - int(columns[left:right][::-1].argmax())
        if before == (top, bottom, left, right):
            break
    is_little = min((bottom - top) / height, (right - left) / width) < 0.3 or min(bottom - top, right - left) < 16
    return core if is_little else (top, bottom, left, right)


def _guesses(
    nth: int, compared: Sequence[int], described: Sequence[_Described], whole: Words, cores: Words, index: KeypointIndex
) -> Iterator[tuple[int, int, Map]]:
    """Of one picture, others that may be copies: their place, how to lay the one, and from points of the other to it."""
    one = described[compared[nth]]
    for turn in range(len(TURNS)):
        for mine_is_core, my_hashes in ((False, one.hashes), (True, one.core_hashes)):
            if mine_is_core and my_hashes is one.hashes:
                continue
            for theirs_is_core, theirs in ((False, whole), (True, cores)):
                for place, _ in near(theirs[nth + 1 :], my_hashes[turn], within=NEAR_BITS):
                    other = described[compared[nth + 1 + place]]
                    if theirs_is_core and other.core_hashes is other.hashes:
                        continue
                    yield compared[nth + 1 + place], turn, _of_frames(one, other, turn, mine_is_core, theirs_is_core)
    for found in index.arrangements(nth):
        scale, (x, y) = found.scale, found.shift
        guess = np.array([[1 / scale, 0, -x / scale], [0, 1 / scale, -y / scale]])
        yield compared[found.second], found.turn, guess


def _of_frames(one: _Described, other: _Described, turn: int, mine_is_core: bool, theirs_is_core: bool) -> Map:
    """From points of the other to points of the one as it is laid, if their frames (or their cores) are the same."""
    laid_shape = one.small.shape[::-1] if turn % 2 else one.small.shape
    first = _frame(turned(_mask(one, mine_is_core), turn), laid_shape)
    second = _frame(_mask(other, theirs_is_core), other.small.shape)
    scale = (first[2:] - first[:2]) / (second[2:] - second[:2])
    shift = first[:2] - scale * second[:2]
    return np.array([[scale[0], 0, shift[0]], [0, scale[1], shift[1]]])


def _mask(one: _Described, is_core: bool) -> Luma:
    mask = np.zeros(one.shape, np.float32)
    top, bottom, left, right = one.core if is_core else (0, mask.shape[0], 0, mask.shape[1])
    mask[top:bottom, left:right] = 1
    return mask


def _frame(mask: Luma, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Left, top, right, bottom of a mask, in points of a picture of another size."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    across, down = shape[1] / mask.shape[1], shape[0] / mask.shape[0]
    return np.array([
        columns[0] * across - 0.5, rows[0] * down - 0.5, (columns[-1] + 1) * across - 0.5, (rows[-1] + 1) * down - 0.5,
    ])  # fmt: skip


def _worth_laying(one: _Described, other: _Described, turn: int, guess: Map) -> bool:
    """Whether the pictures agree roughly where they are guessed to; most guesses end here."""
    tiny = guess.copy()
    # The middle of a point of the tiny picture lies between those of the small one.
    shift = (_TINIER - 1) / 2
    tiny[:, 2] = (guess[:, 2] + shift * guess[:, :2].sum(axis=1) - shift) / _TINIER
    return coarse_correlation(turned(one.tiny, turn), other.tiny, tiny) >= _LEAST_COARSE


def _judged(one: _Described, other: _Described, turn: int, guess: Map) -> tuple[Pair, bool]:
    laid = overlay(turned(one.small.astype(np.float32), turn), other.small.astype(np.float32), guess)
    against = _against(laid)
    pair = Pair(
        one.name,
        other.name,
        ", ".join(against or _how(one, other, turn, laid)),
        min(mine.distance(other.hashes[0]) for mine in one.hashes),
        round(laid.agreeing, 3),
        (round(laid.covers_first, 3), round(laid.covers_second, 3)),
    )
    return pair, not against


def _against(laid: Overlay) -> list[str]:
    """What keeps two pictures that look alike from being taken for copies."""
    against = []
    if laid.blocks < _LEAST_BLOCKS:
        against.append("too little to compare")
    # Where few blocks disagree, the others must agree to the point, or it is another picture rather than a mark on this.
    least = _LEAST_AGREEING_IF_MARKED if laid.correlation >= _CORRELATION_IF_MARKED else _LEAST_AGREEING
    if laid.agreeing < least or laid.correlation < _LEAST_CORRELATION:
        against.append("laid over each other they disagree")
    if laid.slant > _MOST_SLANT:
        against.append("one is slanted against the other")
    if max(laid.covers_first, laid.covers_second) < _SAME_FRAME:
        against.append("each shows what the other does not")
    return against


def _how(one: _Described, other: _Described, turn: int, laid: Overlay) -> list[str]:
    words = [TURNS[turn]] if turn else []
    for covers, even in ((laid.covers_first, laid.rest_is_even[0]), (laid.covers_second, laid.rest_is_even[1])):
        if covers < _SAME_FRAME:
            words.append("letterbox" if even else "crop")
    if laid.agreeing < _RETOUCHED:
        words.append("watermark or retouching")
    if not words:
        words.append("recompressed" if one.size == other.size else "resized")
    return words
