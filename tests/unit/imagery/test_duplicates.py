"""Copies are found whatever was done to them; other photographs of a scene are none."""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
import pytest
from drawn_scenes import CHANGES, KINDS, cropped, scene
from PIL import Image

from dokaz.imagery import WORDS, FoundCopies, Pair, Picture, find_duplicates


def picture(name: str, image: Image.Image, *, file: str = "") -> Picture:
    points = np.asarray(image.convert("RGB"))
    digest = hashlib.sha256(str(points.shape).encode() + points.tobytes()).hexdigest()
    small = image.convert("RGB")
    small.thumbnail((512, 512), Image.Resampling.BILINEAR)
    grey = np.asarray(small, np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    return Picture(name, file or name, digest, image.width, image.height, grey)


@cache
def compared() -> FoundCopies:
    """Five scenes, each changed in eleven ways, and photographed once more from elsewhere."""
    pictures = []
    for seed in range(5, 5 + len(KINDS)):
        image = scene(seed)
        pictures.append(picture(f"{seed}/original", image))
        pictures += [
            picture(f"{seed}/{name}", change(image, np.random.default_rng((seed, nth))))
            for nth, (name, change) in enumerate(CHANGES.items())
        ]
        pictures.append(picture(f"{seed} from elsewhere", scene(seed, looked_at=1)))
    return find_duplicates(pictures)


def pairs_of(found: FoundCopies) -> dict[tuple[str, str], Pair]:
    return {(one.a, one.b): one for one in found.pairs}


HOW = {
    "recompress": "recompressed",
    "resize": "resized",
    "stretch": "resized",
    "crop 10 %": "crop",
    "crop 25 %": "crop",
    "mirror": "mirror",
    "rotate 90": "rotated",
    "letterbox": "letterbox",
    "watermark": "watermark or retouching",
    "mirror and crop 25 %": "mirror, crop",
    "darker and grey": "recompressed",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_picture_is_found_and_said_to_be_changed_so(change: str) -> None:
    pairs = pairs_of(compared())
    found = [pairs.get(tuple(sorted((f"{seed}/original", f"{seed}/{change}")))) for seed in range(5, 10)]
    assert all(found), [KINDS[seed] for seed, one in enumerate(found) if one is None]
    # A page that lost its margins lost what a bar would be.
    assert sum(HOW[change] in one.how for one in found if one) >= 4, found
    for one in found:
        assert one is not None
        assert all(any(word in known for known in WORDS) for word in one.how.split(", "))


def test_other_pictures_are_not_called_copies() -> None:
    assert [one for one in compared().pairs if one.a.split("/")[0] != one.b.split("/")[0]] == []


def test_pairs_are_said_once_and_in_order() -> None:
    keys = [(one.a, one.b) for one in compared().pairs]
    assert keys == sorted(set(keys))
    assert all(a < b for a, b in keys)


def test_same_bytes_and_same_pixels_are_told_apart() -> None:
    image = scene(1)
    found = find_duplicates(
        [picture("b", image, file="1"), picture("a", image, file="1"), picture("c", image, file="2")]
    )
    assert [(one.a, one.b, one.how, one.distance) for one in found.pairs] == [
        ("a", "b", "same file", 0), ("a", "c", "same pixels", 0), ("b", "c", "same pixels", 0),
    ]  # fmt: skip


def test_even_pictures_are_compared_by_their_pixels_alone_and_named() -> None:
    ramp = Image.fromarray(np.tile(np.linspace(90, 140, 300).astype(np.uint8), (200, 1)))
    found = find_duplicates([picture("a", ramp), picture("b", ramp), picture("c", ramp.resize((150, 100)))])
    assert [(one.a, one.b, one.how) for one in found.pairs] == [("a", "b", "same pixels")]
    assert found.alike == ()
    assert [name for name, _ in found.too_even] == ["a", "b", "c"]
    assert all(quality < 50 for _, quality in found.too_even)


def test_a_faint_picture_is_not_compared_though_its_copy_would_be_found() -> None:
    faint = scene(9).convert("L").point(lambda shade: 100 + shade // 5)
    found = find_duplicates([picture("a", faint), picture("b", faint.resize((320, 240)))])
    assert found.pairs == () and found.alike == ()
    assert [name for name, _ in found.too_even] == ["a", "b"]


def test_two_parts_of_one_picture_are_shown_and_not_called_copies() -> None:
    image = scene(6)
    found = find_duplicates(
        [picture("left", image.crop((0, 0, 460, 480))), picture("right", image.crop((180, 0, 640, 480)))]
    )
    assert found.pairs == ()
    assert [one.how for one in found.alike] == ["each shows what the other does not"]


@pytest.mark.parametrize("turn", list(Image.Transpose))
def test_every_way_to_lay_a_picture_is_named(turn: Image.Transpose) -> None:
    one, other = picture("a", scene(7)), picture("b", scene(7).transpose(turn))
    (pair,) = find_duplicates([one, other]).pairs
    assert (
        pair.how
        == {
            Image.Transpose.FLIP_LEFT_RIGHT: "mirror",
            Image.Transpose.FLIP_TOP_BOTTOM: "mirror, rotated 180",
            Image.Transpose.ROTATE_90: "rotated 90",
            Image.Transpose.ROTATE_180: "rotated 180",
            Image.Transpose.ROTATE_270: "rotated 270",
            Image.Transpose.TRANSPOSE: "mirror, rotated 90",
            Image.Transpose.TRANSVERSE: "mirror, rotated 270",
        }[turn]
    )
    assert pair.distance <= 4


def test_nothing_and_one_picture_have_no_pairs() -> None:
    assert find_duplicates([]).pairs == ()
    assert find_duplicates([picture("a", scene(2))]).pairs == ()
    tiny = find_duplicates([picture("a", Image.new("L", (1, 1))), picture("b", Image.new("L", (1, 3000), 7))])
    assert len(tiny.too_even) == 2


def test_crops_of_two_photographs_of_one_wall_are_no_copies() -> None:
    rng = np.random.default_rng(5)
    found = find_duplicates(
        [picture("a", cropped(scene(8), 0.1, rng)), picture("b", cropped(scene(8, looked_at=3), 0.1, rng))]
    )
    assert found.pairs == ()
