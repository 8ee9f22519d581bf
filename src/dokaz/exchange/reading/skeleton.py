"""Names of the parts of a skeleton, in English and Ukrainian, with their side."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dokaz.errors import Sentence, UnreadElement, sentence

#: Paired elements need a side; the others have none.
PAIRED = {
    "clavicle": "ключиця", "scapula": "лопатка", "humerus": "плечова кістка", "radius": "променева кістка",
    "ulna": "ліктьова кістка", "hand": "кисть", "os coxae": "тазова кістка", "femur": "стегнова кістка",
    "patella": "наколінок", "tibia": "великогомілкова кістка", "fibula": "малогомілкова кістка", "foot": "стопа",
}  # fmt: skip
SINGLE = {
    "cranium": "череп", "mandible": "нижня щелепа", "teeth": "зуби", "tooth": "зуб", "hyoid": "під'язикова кістка",
    "vertebrae": "хребці", "ribs": "ребра", "sternum": "грудина", "sacrum": "крижі", "soft tissue": "м'які тканини",
}  # fmt: skip
#: Parts of the body that are no single element, as findings name them.
REGIONS = {
    "thorax": "грудна клітка", "abdomen": "живіт", "pelvis": "таз", "neck": "шия", "hands": "кисті рук",
    "wrists": "зап'ястки", "upper limbs": "верхні кінцівки", "lower limbs": "нижні кінцівки",
}  # fmt: skip
NOT_STATED = "not stated"
_WORDS = {
    "clavicle": sentence("clavicle"), "scapula": sentence("scapula"), "humerus": sentence("humerus"),
    "radius": sentence("radius"), "ulna": sentence("ulna"), "hand": sentence("hand bones"),
    "os coxae": sentence("hip bone"), "femur": sentence("femur"), "patella": sentence("patella"),
    "tibia": sentence("tibia"), "fibula": sentence("fibula"), "foot": sentence("foot bones"),
    "cranium": sentence("cranium"), "mandible": sentence("mandible"), "teeth": sentence("teeth"),
    "tooth": sentence("tooth"), "hyoid": sentence("hyoid"), "vertebrae": sentence("vertebrae"),
    "ribs": sentence("ribs"), "sternum": sentence("sternum"), "sacrum": sentence("sacrum"),
    "soft tissue": sentence("soft tissue"), "thorax": sentence("thorax"), "abdomen": sentence("abdomen"),
    "pelvis": sentence("pelvis"), "neck": sentence("neck"), "hands": sentence("hands"), "wrists": sentence("wrists"),
    "upper limbs": sentence("upper limbs"), "lower limbs": sentence("lower limbs"),
    NOT_STATED: sentence("not stated"),
}  # fmt: skip
_BY_NAME = {name.casefold(): english for english, uk in (PAIRED | SINGLE).items() for name in (english, uk)}
_SIDES = {"l": "left", "left": "left", "л": "left", "ліва": "left", "r": "right", "right": "right", "п": "right",
          "права": "right", "u": "unsided", "unsided": "unsided", "?": "unsided"}  # fmt: skip
_FORM = re.compile(r"(?P<name>[^:*]+?)(?:\s*:\s*(?P<side>[^:*]+?))?(?:\s*\*\s*(?P<count>[1-9][0-9]?))?")


@dataclass(frozen=True, slots=True)
class Element:
    """An element that is there: ``side`` is ``left``, ``right``, ``unsided``, or empty for one that has no sides.

    A ``count`` above 1 of a sided element means more than one person in the unit.
    """

    name: str
    side: str = ""
    count: int = 1

    def __str__(self) -> str:
        return self.name + (f":{self.side}" if self.side else "") + (f"*{self.count}" if self.count > 1 else "")


def read_element(text: str) -> Element:
    """Read ``femur:L``, ``cranium``, or ``femur:L*2`` for two left ones.

    Raises:     UnreadElement: a name or side that is not known, or a side missing from a paired element.
    Example:
        >>> read_element("стегнова кістка:Л")
        Element(name='femur', side='left', count=1)
    """
    match = _FORM.fullmatch(text.strip())
    name = _BY_NAME.get(match["name"].strip().casefold().replace("’", "'"), "") if match else ""
    if not match or not name:
        raise UnreadElement(
            sentence("not a known element"), sentence("write one of: {allowed}", allowed=(*SINGLE, *PAIRED))
        )
    side = _SIDES.get(match["side"].casefold(), "unknown") if match["side"] else ""
    if side == "unknown" or (name in SINGLE and side) or (name in PAIRED and not side):
        raise UnreadElement(
            sentence("the side is missing or wrong"), sentence("paired elements take :L, :R or :U; others take none")
        )
    return Element(name, side, int(match["count"] or 1))


def place_code(text: str) -> str:
    """The code of an element or region that people named; empty where it is neither.

    Example:
        >>> place_code("стегнова кістка:Л"), place_code("живіт"), place_code("tooth 46")
        ('femur:left', 'abdomen', '')
    """
    plain = text.strip().casefold().replace("’", "'")
    region = next((name for name, uk in [*REGIONS.items(), (NOT_STATED, NOT_STATED)] if plain in (name, uk)), "")
    try:
        return region or str(read_element(text))
    except UnreadElement:
        return ""


def in_words(code: str) -> Sentence:
    """An element or region as people say it.

    Example:
        >>> in_words("femur:left*2")
        'femur, left side × 2'
    """
    whole, _, count = code.partition("*")
    name, _, side = whole.partition(":")
    words = _WORDS.get(name) or sentence("{name}", name=name)
    if side == "left":
        words = sentence("{element}, left side", element=words)
    elif side == "right":
        words = sentence("{element}, right side", element=words)
    elif side:
        words = sentence("{element}, side not determined", element=words)
    return sentence("{element} × {count}", element=words, count=count) if count else words
