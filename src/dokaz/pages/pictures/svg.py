"""The few strokes that every picture is made of, each with its text escaped.

No script, no inline style (the pages forbid both): shapes carry presentation attributes, so that a picture also stands
alone in a bundle or on paper, and class names, by which the stylesheet gives them the colours of the page around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

Attribute = str | float | None
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(name: str, *children: str, **attributes: Attribute) -> str:
    """One element. ``class_`` and ``stroke_width`` lose and gain a hyphen; None leaves an attribute out."""
    written = "".join(
        f' {_spelled(key)}="{_value(value)}"' for key, value in attributes.items() if value is not None and value != ""
    )
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def words(value: object) -> str:
    """Text as an element's content; what XML cannot hold becomes the replacement character, in sight."""
    return escape(_NOT_XML.sub("\ufffd", str(value)), quote=False)


def text(x: float, y: float, value: object, **attributes: Attribute) -> str:
    """Text at a place; its letters are those of the page."""
    return element("text", words(value), x=x, y=y, **{"fill": "currentColor", **attributes})


def line(x1: float, y1: float, x2: float, y2: float, **attributes: Attribute) -> str:
    """A straight stroke in ink."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **{"stroke": "currentColor", **attributes})


def path(points: Iterable[tuple[float, float]], *, closed: bool = False, **attributes: Attribute) -> str:
    """A stroke through points."""
    steps = " ".join(f"{'L' if i else 'M'}{_number(x)} {_number(y)}" for i, (x, y) in enumerate(points))
    return element(
        "path", d=steps + (" Z" if closed else ""), **{"fill": "none", "stroke": "currentColor", **attributes}
    )


def link(url: str, label: str, *children: str, **attributes: Attribute) -> str:
    """A link around a shape, with a name for those who listen; without an address, a group with the same name.

    The name begins with the words that are seen, so that whoever steers by voice can say them (WCAG 2.5.3).
    """
    title = element("title", words(label))
    children = tuple(f"{child}\n" for child in children)
    if url:
        return element("a", title, *children, href=url, aria_label=label, **attributes)
    return element("g", title, *children, role="img", aria_label=label, **attributes)


def picture(
    key: str,
    width: float,
    height: float,
    title: str,
    description: str,
    children: Sequence[str],
    *,
    kind: str,
    has_links: bool = False,
) -> str:
    """A whole picture.

    Args: key: letters that make its ids unique on the page; title, description: what it is, and what it shows, in words;
          has_links: whoever listens may walk into it; otherwise it is one image
    """
    identifier = re.sub(r"[^A-Za-z0-9-]", "-", key)
    return element(
        "svg",
        element("title", words(title), id=f"{identifier}-title"),
        element("desc", words(description), id=f"{identifier}-desc"),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        width=width,
        height=height,
        class_=f"picture {kind}",
        role="group" if has_links else "img",
        aria_labelledby=f"{identifier}-title",
        aria_describedby=f"{identifier}-desc",
        font_family="IBM Plex Sans, sans-serif",
        font_size=13,
    )


def hatch(identifier: str, *, gap: int = 5, angle: int = 45) -> str:
    """A pattern that reads as hatching in any colour, also on a photocopy."""
    return element(
        "pattern",
        element("line", x1=0, y1=0, x2=0, y2=gap, stroke="currentColor", stroke_width=1.6),
        id=identifier,
        width=gap,
        height=gap,
        patternUnits="userSpaceOnUse",
        patternTransform=f"rotate({angle})",
    )


def lines_of(label: str, width: int, most: int = 3) -> list[str]:
    """Break a label at its spaces into at most so many lines of about so many letters; the last ends in … if cut."""
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    return [one if len(one) <= width + 6 else one[: width + 5] + "…" for one in lines]


def _spelled(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _value(value: Attribute) -> str:
    if isinstance(value, (int, float)):
        return _number(value)
    return escape(_NOT_XML.sub("\ufffd", str(value)), quote=True)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
