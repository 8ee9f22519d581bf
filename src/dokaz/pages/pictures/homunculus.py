"""Which elements of a skeleton are here, on a plain scheme of blocks; anatomical sides, so the right hand is on the left.

Completeness as Buikstra and Ubelaker (1994) class it: at least 75 %, 25 to 75 %, under 25 %. Each has its own hatching.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from dokaz.pages.pictures.svg import element, hatch, picture, text

COMPLETE, PARTIAL, FRAGMENT, ABSENT, UNRECORDED = "complete", "partial", "fragment", "absent", "unrecorded"

# Element: (x, y, width, height, corner), for the middle and for the body's right side; the left side is mirrored.
_MIDDLE = {
    "cranium": (132, 12, 56, 52, 26),
    "mandible": (142, 67, 36, 16, 8),
    "cervical": (151, 87, 18, 28, 4),
    "sternum": (152, 124, 16, 66, 6),
    "thoracic": (151, 194, 18, 44, 4),
    "lumbar": (149, 242, 22, 46, 4),
    "sacrum": (146, 292, 28, 34, 8),
}
_RIGHT = {
    "clavicle": (98, 114, 50, 8, 4),
    "scapula": (88, 126, 24, 44, 8),
    "ribs": (115, 126, 33, 104, 14),
    "humerus": (70, 130, 14, 96, 7),
    "radius": (58, 232, 9, 80, 4),
    "ulna": (71, 232, 9, 84, 4),
    "hand": (52, 320, 28, 46, 8),
    "os_coxae": (104, 286, 38, 52, 14),
    "femur": (112, 344, 18, 128, 9),
    "patella": (114, 476, 14, 14, 7),
    "tibia": (118, 494, 13, 112, 6),
    "fibula": (106, 498, 8, 106, 4),
    "foot": (98, 612, 34, 24, 8),
}
AXIS = 160.0


def homunculus(inventory: Mapping[str, str], *, title: str = "", key: str = "skeleton") -> str:
    """Draw a skeletal inventory.

    Args:    inventory: element → one of the five classes above; sides as a prefix, ``right_femur``, ``left_femur``;
             what is not named is unrecorded, which is not the same as absent
    Returns: SVG; every element once, in a group with ``data-element``
    """
    shapes = dict(_MIDDLE)
    for name, (x, y, width, height, corner) in _RIGHT.items():
        shapes[f"right_{name}"] = (x, y, width, height, corner)
        shapes[f"left_{name}"] = (int(2 * AXIS - x - width), y, width, height, corner)
    parts = [element("defs", hatch(f"{key}-partial", gap=5), hatch(f"{key}-fragment", gap=9, angle=-45))]
    parts += [_bone(name, box, inventory.get(name, UNRECORDED), key) for name, box in shapes.items()]
    parts.append(text(20, 24, gettext("right"), class_="soft", font_size=12))
    parts.append(text(300, 24, gettext("left"), text_anchor="end", class_="soft", font_size=12))
    used = [one for one in (COMPLETE, PARTIAL, FRAGMENT, ABSENT, UNRECORDED) if _uses(shapes, inventory, one)]
    for i, one in enumerate(used):
        y = 664 + 22 * i
        parts.append(element("rect", x=52, y=y - 11, width=22, height=13, **_look(one, key)))
        parts.append(text(84, y, completeness_in_words(one), font_size=12))
    unknown = [name for name in inventory if name not in shapes]
    present = [element_in_words(name) for name in shapes if inventory.get(name) in (COMPLETE, PARTIAL, FRAGMENT)]
    said = gettext("Present: %(elements)s.") % {
        "elements": ", ".join(present) if present else gettext("nothing recorded")
    }
    if unknown:
        said += " " + gettext("Not on the scheme: %(elements)s.") % {"elements": ", ".join(unknown)}
    return picture(
        key, 320, 664 + 22 * len(used), title or gettext("Skeletal inventory"), said, parts, kind="homunculus"
    )


def _uses(shapes: Mapping[str, object], inventory: Mapping[str, str], state: str) -> bool:
    return any(inventory.get(name, UNRECORDED) == state for name in shapes)


def _bone(name: str, box: tuple[float, float, float, float, float], state: str, key: str) -> str:
    x, y, width, height, corner = box
    spoken = f"{element_in_words(name)}: {completeness_in_words(state)}"
    shape = element("rect", x=x, y=y, width=width, height=height, rx=corner, **_look(state, key))
    return element("g", element("title", spoken), shape, data_element=name)


def _look(state: str, key: str) -> dict[str, str | float | None]:
    fills = {COMPLETE: "currentColor", PARTIAL: f"url(#{key}-partial)", FRAGMENT: f"url(#{key}-fragment)"}
    dashes = {ABSENT: "3 3", UNRECORDED: "1 4"}
    return {
        "fill": fills.get(state, "none"),
        "stroke": "currentColor",
        "stroke_width": 1.2,
        "stroke_dasharray": dashes.get(state),
        "class_": f"bone {state}",
    }


def completeness_in_words(state: str) -> str:
    """A class of completeness, in words."""
    return {
        COMPLETE: gettext("at least 75 percent"),
        PARTIAL: gettext("25 to 75 percent"),
        FRAGMENT: gettext("under 25 percent"),
        ABSENT: gettext("absent"),
    }.get(state, gettext("not recorded"))


def element_in_words(name: str) -> str:
    """A skeletal element, in words."""
    side, _, bone = name.partition("_")
    if side not in ("right", "left"):
        side, bone = "", name
    words = {
        "cranium": gettext("cranium"),
        "mandible": gettext("mandible"),
        "cervical": gettext("cervical vertebrae"),
        "sternum": gettext("sternum"),
        "thoracic": gettext("thoracic vertebrae"),
        "lumbar": gettext("lumbar vertebrae"),
        "sacrum": gettext("sacrum"),
        "clavicle": gettext("clavicle"),
        "scapula": gettext("scapula"),
        "ribs": gettext("ribs"),
        "humerus": gettext("humerus"),
        "radius": gettext("radius"),
        "ulna": gettext("ulna"),
        "hand": gettext("hand bones"),
        "os_coxae": gettext("hip bone"),
        "femur": gettext("femur"),
        "patella": gettext("patella"),
        "tibia": gettext("tibia"),
        "fibula": gettext("fibula"),
        "foot": gettext("foot bones"),
    }.get(bone, bone)
    sides = {"right": gettext("right side"), "left": gettext("left side")}
    return f"{words}, {sides[side]}" if side else words
