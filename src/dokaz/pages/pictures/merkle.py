"""Why an entry cannot be changed unseen: its path to the checkpoint, and every hash that would break.

Source: RFC 6962, section 2.1.1 (leaf: SHA-256 of 0x00 and the entry; node: SHA-256 of 0x01, left, right).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext

from dokaz.pages.pictures.svg import element, line, lines_of, picture, text

WIDTH = 720.0
STEP = 82.0
BOX = 210.0


@dataclass(frozen=True, slots=True)
class PathStep:
    """One level of the path: the hash that is given, on which side it stands, and the hash that both make."""

    sibling: str
    is_left: bool
    node: str


def steps(index: int, size: int, leaf: str, path: Sequence[str]) -> list[PathStep]:
    """Walk an inclusion path.

    Assumes 0 <= index < size; checks nothing: the verifier does. Hashes are hex.
    """
    found: list[PathStep] = []
    node, last = index, size - 1
    value = bytes.fromhex(leaf)
    for sibling in path:
        other = bytes.fromhex(sibling)
        is_left = bool(node & 1) or node == last
        value = hashlib.sha256(b"\x01" + (other + value if is_left else value + other)).digest()
        found.append(PathStep(sibling, is_left, value.hex()))
        if is_left:
            # A rightmost node without a partner rises until it has one.
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        node, last = node >> 1, last >> 1
    return found


def inclusion_picture(
    index: int, size: int, leaf: str, path: Sequence[str], *, altered: bool = False, title: str = "", key: str = "proof"
) -> str:
    """Draw the path of one entry up to the root of the checkpoint.

    Args:    index, size: of the entry and of the tree; leaf: hash of the entry; path: from the leaf's sibling upwards, hex
             altered: show what would break if one byte of the entry were changed
    Returns: SVG; every hash of the path once, in a group with ``data-hash``
    """
    walked = steps(index, size, leaf, path)
    height = 104 + STEP * len(walked)
    parts: list[str] = []
    middle = WIDTH / 2
    y = height - 66.0
    x = middle
    parts.append(_box(x, y, leaf, gettext("entry № %(n)s") % {"n": number_format(index)}, altered, is_given=False))
    for i, step in enumerate(walked):
        up = y - STEP
        side = middle - 235 if step.is_left else middle + 235
        parts.append(line(side, y - 22, x, up + 22, stroke_width=1.2, class_="soft"))
        parts.append(line(x, y - 22, x, up + 22, stroke_width=2.2, class_="broken" if altered else "path"))
        parts.append(_box(side, y, step.sibling, gettext("given with the proof"), False, is_given=True))
        is_root = i == len(walked) - 1
        name = gettext("root, over %(n)s entries") % {"n": number_format(size)} if is_root else gettext("computed")
        parts.append(_box(x, up, step.node, name, altered, is_given=False))
        y = up
    if altered:
        words = gettext(
            "Were one byte of this entry different, every crossed hash would differ, and the checkpoint with it."
        )
    else:
        words = gettext("Each computed hash is made of the two below it; the last must equal the checkpoint's.")
    description = f"{words} " + gettext("%(n)s steps from the entry to the root.") % {"n": len(walked)}
    for i, part in enumerate(lines_of(words, 84)):
        parts.append(text(middle, height - 22 + 16 * i, part, text_anchor="middle", font_size=12, class_="soft"))
    return picture(
        key, WIDTH, height, title or gettext("Path from the entry to the checkpoint"), description, parts, kind="merkle"
    )


def _box(x: float, y: float, value: str, name: str, is_broken: bool, *, is_given: bool) -> str:
    parts = [
        element(
            "rect",
            x=x - BOX / 2,
            y=y - 22,
            width=BOX,
            height=44,
            fill="none",
            stroke="currentColor",
            stroke_width=1 if is_given else 1.6,
            stroke_dasharray="4 3" if is_given else None,
            class_="broken" if is_broken else "given" if is_given else "computed",
        ),
        text(x, y - 4, f"{value[:8]}…{value[-8:]}", text_anchor="middle", font_size=12.5, class_="figure"),
        text(x, y + 13, name, text_anchor="middle", font_size=11.5, class_="soft"),
    ]
    if is_broken:
        cross = x + BOX / 2 - 16
        parts.append(line(cross - 6, y - 6, cross + 6, y + 6, stroke_width=2.4, class_="broken"))
        parts.append(line(cross - 6, y + 6, cross + 6, y - 6, stroke_width=2.4, class_="broken"))
    return element("g", element("title", f"{name}: {value}"), *parts, data_hash=value)
