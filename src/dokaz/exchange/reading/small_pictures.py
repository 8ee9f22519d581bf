"""Small pictures within a photograph: whether they show what the photograph shows; they survive when it is edited."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from dokaz.errors import BadFile
from dokaz.exchange.reading.compared_pictures import read_compared_picture

_SIDE = 48
_LEAST_CORRELATION = 0.9


@dataclass(frozen=True, slots=True)
class SmallPicture:
    """A picture within a picture: its digest, its size, and in words whether it differs from the large one."""

    bytes: int
    sha256: str
    differs: bool | None
    said: str


def compare_small_pictures(data: bytes, small: Iterable[bytes]) -> Iterator[SmallPicture]:
    """Hold each small picture against the one that it is in.

    Both are laid as the file has them, without turning: a small picture seldom carries an orientation of its own.
    """
    small = list(small)
    large = _points(data) if small else None
    for one in small:
        digest = hashlib.sha256(one).hexdigest()
        mine = _points(one)
        if mine is None or large is None:
            which = "the small picture" if mine is None else "the photograph"
            yield SmallPicture(len(one), digest, None, f"not compared: {which} cannot be decoded")
            continue
        correlation = _correlation(mine, large)
        differs = correlation < _LEAST_CORRELATION
        words = "shows something else than the photograph" if differs else "shows what the photograph shows"
        yield SmallPicture(len(one), digest, differs, f"{words} (correlation {correlation:.2f})")


def _points(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]] | None:
    try:
        read_compared_picture(data, name="picture")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data)).convert("L")
    except BadFile:
        return None
    # Cameras pad small pictures with black bars to 4:3; the middle is common to both.
    width, height = image.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    return np.asarray(image.resize((_SIDE, _SIDE), box=(left, top, left + side, top + side)), np.float32)


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    # Two even pictures show the same: nothing.
    if min(a.std(), b.std()) < 1:
        return 1.0 if max(a.std(), b.std()) < 3 else 0.0
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])
