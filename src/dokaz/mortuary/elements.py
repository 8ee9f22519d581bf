"""Skeletal elements in words and on the scheme, written as examinations write them: ``cranium``, ``femur:left*2``."""

from __future__ import annotations

from collections.abc import Iterable

from dokaz.exchange.reading import skeleton
from dokaz.exchange.reading.skeleton import PAIRED, SINGLE
from dokaz.pages.pictures.homunculus import COMPLETE, FRAGMENT, PARTIAL
from dokaz.pages.refusals import in_words as sentence_in_words

# What one word stands for on the scheme, where the scheme is finer.
_ON_SCHEME = {
    "vertebrae": ("cervical", "thoracic", "lumbar"),
    "ribs": ("left_ribs", "right_ribs"),
}
_CLASSES = {">=75": COMPLETE, "25-75": PARTIAL, "<25": FRAGMENT}


def choices() -> list[tuple[str, str]]:
    """Every element with its sides, in words; those without sides first."""
    sided = [f"{name}:{side}" for name in PAIRED for side in ("right", "left")]
    return [(name, in_words(name)) for name in [*SINGLE, *sided]]


def place_in_words(code: str, stated: str) -> str:
    """An element or region in the reader's language; where there is no code, in the words that were used."""
    return in_words(code) if code else stated


def in_words(element: str) -> str:
    """An element as people say it, in the reader's language."""
    return sentence_in_words(skeleton.in_words(element))


def on_scheme(elements: Iterable[str], completeness: str) -> dict[str, str]:
    """What the scheme of a skeleton shows; the completeness is the unit's, stated once for all its elements."""
    shown = _CLASSES.get(completeness, FRAGMENT)
    found: dict[str, str] = {}
    for element in elements:
        name, _colon, rest = element.partition(":")
        side = rest.partition("*")[0]
        name = name.partition("*")[0]
        if side == "unsided" or name in ("teeth", "tooth", "hyoid", "soft tissue"):
            continue
        for place in _ON_SCHEME.get(name, (name.replace(" ", "_"),)):
            found[f"{side}_{place}" if side else place] = shown
    return found
