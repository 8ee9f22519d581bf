"""A pedigree as geneticists draw it: squares and circles, generations in rows, brothers and sisters under one line.

Filled: typed. Struck through: dead. Heavy outline with "?": the missing person. A double line: the partners are blood
relatives. Half-siblings stand under two lines of one parent; partners who do not stand side by side are joined below.
Identical twins hang from one point, with a bar between them. Knows no Django: pages and reports hand in their words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from dokaz.pages.pictures.rows import Layout, Union, arrange
from dokaz.pages.pictures.svg import element, line, lines_of, link, path, picture, text

SYMBOL = 30.0
COLUMN = 122.0
ROW = 128.0
MARGIN = 30.0


class Words(Protocol):
    """Who translates: a module or an object with these two, as Django and the standard library have them."""

    def gettext(self, message: str, /) -> str:
        """A message in the reader's language."""

    def ngettext(self, singular: str, plural: str, number: int, /) -> str:
        """The form of a message that goes with a number."""


@dataclass(frozen=True, slots=True)
class DrawnMember:
    """One person of a pedigree.

    Args: name: unique in the pedigree; sex: "m", "f", or anything else for unknown; father, mother: names, or empty;
          label: what is written under the symbol (the name if empty); note: a second, softer line
    """

    name: str
    sex: str = ""
    father: str = ""
    mother: str = ""
    is_typed: bool = False
    is_dead: bool = False
    is_missing: bool = False
    label: str = ""
    note: str = ""
    url: str = ""


def draw_pedigree(
    members: Sequence[DrawnMember],
    *,
    words: Words,
    title: str = "",
    key: str = "pedigree",
    identical_twins: Sequence[Collection[str]] = (),
    least_width: float = 560.0,
    has_legend: bool = True,
) -> str:
    """Draw a pedigree.

    Assumes that names are unique and that every father and mother is a member; a loop of marriages between relatives is
    drawn, a person who is their own ancestor is refused by the layout.

    Args:    members: in any order; brothers and sisters appear in this order
             words: of the reader's language
             identical_twins: groups of names
             least_width: in pixels; a smaller pedigree has empty space on its right
             has_legend: False where one legend serves several pictures (`draw_legend`)
    Returns: SVG; every member is drawn exactly once, in an element with ``data-member``
    Raises:  NoPedigree: as `arrange`
    """
    layout = arrange([(one.name, one.father, one.mother) for one in members])
    by_name = {one.name: one for one in members}
    left = min(layout.x.values(), default=0.0)
    at = {
        name: (MARGIN + SYMBOL + (x - left) * COLUMN + 20, MARGIN + SYMBOL / 2 + layout.row[name] * ROW)
        for name, x in layout.x.items()
    }
    strokes = [part for union in layout.unions for part in _union(union, layout, at, identical_twins)]
    strokes += [part for twins in identical_twins if not _have_parents(twins, by_name) for part in _tent(twins, at)]
    people = [_member(by_name[name], *at[name], words) for name in layout.x]
    width = max((x for x, _ in at.values()), default=0.0) + SYMBOL + MARGIN + 20
    width = max(width, least_width)
    bottom = max((y for _, y in at.values()), default=0.0) + SYMBOL / 2 + 80
    legend, legend_height = _legend(members, width, bottom, words) if has_legend else ([], 0.0)
    return picture(
        key,
        width,
        bottom + legend_height,
        title or words.gettext("Pedigree"),
        describe(members, words),
        [*strokes, *people, *legend],
        kind="pedigree",
        has_links=any(one.url for one in members),
    )


def draw_legend(members: Sequence[DrawnMember], *, words: Words, key: str = "legend", width: float = 560.0) -> str:
    """The signs that these members use, each with its word, as a picture of its own (SVG)."""
    parts, height = _legend(members, width, 0.0, words)
    said = words.gettext("What the signs of the pedigrees mean")
    return picture(key, width, height, said, said, parts, kind="pedigree")


def describe(members: Sequence[DrawnMember], words: Words) -> str:
    """The pedigree in words: who is missing, who was typed, and who descends from whom."""
    missing = [_called(one) for one in members if one.is_missing]
    typed = [_called(one) for one in members if one.is_typed]
    by_name = {one.name: one for one in members}
    parts = [words.ngettext("%(n)d person.", "%(n)d people.", len(members)) % {"n": len(members)}]
    if missing:
        parts.append(words.gettext("Missing: %(names)s.") % {"names": ", ".join(missing)})
    parts.append(words.gettext("Typed: %(names)s.") % {"names": ", ".join(typed) if typed else words.gettext("nobody")})
    for one in members:
        parents = [_called(by_name[name]) for name in (one.father, one.mother) if name in by_name]
        if parents:
            parts.append(
                words.gettext("%(child)s: child of %(parents)s.")
                % {"child": _called(one), "parents": words.gettext(" and ").join(parents)}
            )
    return " ".join(parts)


def _called(member: DrawnMember) -> str:
    return member.label or member.name


def _member(member: DrawnMember, x: float, y: float, words: Words) -> str:
    half = SYMBOL / 2
    fill = "currentColor" if member.is_typed else "none"
    width = 4.5 if member.is_missing else 1.6
    look: dict[str, str | float] = {"fill": fill, "stroke": "currentColor", "stroke_width": width, "class_": "symbol"}
    if member.sex == "m":
        shape = element("rect", x=x - half, y=y - half, width=SYMBOL, height=SYMBOL, **look)
    elif member.sex == "f":
        shape = element("circle", cx=x, cy=y, r=half, **look)
    else:
        tip = half * 1.2
        shape = path([(x, y - tip), (x + tip, y), (x, y + tip), (x - tip, y)], closed=True, **look)
    parts = [shape]
    if member.is_missing:
        parts.append(_question_mark(x, y, 1.0, "on-ink" if member.is_typed else ""))
    if member.is_dead:
        reach = half * 1.45
        parts.append(line(x - reach, y + reach, x + reach, y - reach, stroke_width=1.6))
    label = lines_of(_called(member), 15)
    for i, said in enumerate(label):
        parts.append(text(x, y + half + 20 + 15 * i, said, text_anchor="middle", font_size=12.5))
    if member.note:
        parts.append(
            text(x, y + half + 20 + 15 * len(label), member.note, text_anchor="middle", font_size=11.5, class_="soft")
        )
    return link(member.url, _spoken(member, words), *parts, data_member=member.name, class_="member")


def _spoken(member: DrawnMember, words: Words) -> str:
    sex = {"m": words.gettext("male"), "f": words.gettext("female")}.get(member.sex, words.gettext("sex unknown"))
    said = [f"{_called(member)} {member.note}".strip(), sex]
    said += [
        word
        for holds, word in (
            (member.is_missing, words.gettext("missing person")),
            (member.is_typed, words.gettext("typed")),
            (member.is_dead, words.gettext("dead")),
        )
        if holds
    ]
    return ", ".join(said)


def _question_mark(x: float, y: float, size: float, look: str) -> str:
    """Drawn, not written: what is read out is "missing person"."""
    # Absolute cubic curves only: whoever draws this picture elsewhere need read no other commands.
    steps = "M-4 -3.5 C-4 -5.71 -2.21 -7.5 0 -7.5 C2.21 -7.5 4 -5.71 4 -3.5 C4 -2.07 3.24 -0.75 2 -0.04 "
    steps += "C0.67 0.8 0 1.87 0 3.2 M0 6.6 L0 6.8"
    places = re.findall(r"([MLC]?)(-?[\d.]+) (-?[\d.]+)", steps)
    stroke = " ".join(f"{letter}{x + float(a) * size:.2f} {y + float(b) * size:.2f}" for letter, a, b in places)
    return element(
        "path",
        d=stroke,
        fill="none",
        stroke="currentColor",
        stroke_width=2.2 * size,
        stroke_linecap="round",
        class_=f"question {look}".strip(),
    )


def _union(
    union: Union, layout: Layout, at: dict[str, tuple[float, float]], identical_twins: Sequence[Collection[str]]
) -> list[str]:
    """The line between partners, and the one under which their children stand."""
    half = SYMBOL / 2
    partners = sorted((at[name] for name in union.parents), key=lambda place: place[0])
    strokes: list[str] = []
    if len(partners) == 1:
        # The other parent is not named: the line leaves sideways, to where that parent would stand.
        x, stem_y = partners[0]
        stem_x = x + COLUMN * 0.3
        strokes.append(line(x + half, stem_y, stem_x, stem_y, stroke_width=1.6))
    else:
        (x1, y1), (x2, y2) = partners
        doubled = (-2.2, 2.2) if union.is_consanguineous else (0.0,)
        if union.is_adjacent and y1 == y2:
            for shift in doubled:
                strokes.append(line(x1 + half, y1 + shift, x2 - half, y2 + shift, stroke_width=1.6))
            stem_x, stem_y = (x1 + x2) / 2, y1 + (2.2 if union.is_consanguineous else 0)
        else:
            # Somebody stands between them: the line runs below the names, each pair of partners on its own level.
            level = max(y1, y2) + half + 5 + 3 * union.level
            for shift in doubled:
                strokes.append(
                    path(
                        [
                            (x1 + shift + 5, y1 + half),
                            (x1 + shift + 5, level + shift),
                            (x2 + shift - 5, level + shift),
                            (x2 + shift - 5, y2 + half),
                        ],
                        stroke_width=1.6,
                    )
                )
            stem_x, stem_y = x2 - COLUMN / 2, level
    if union.children:
        children = [at[name] for name in union.children]
        if len(children) == 1 and abs(children[0][0] - stem_x) < 5:
            stem_x = children[0][0]
        first_row = min(y for _, y in children)
        sib_y = first_row - half - 16 - 7 * union.track
        strokes.append(line(stem_x, stem_y, stem_x, sib_y, stroke_width=1.6))
        twins = [group for group in identical_twins if set(group) <= set(union.children)]
        alone = [at[name] for name in union.children if not any(name in group for group in twins)]
        points = [sum(at[name][0] for name in group) / len(group) for group in twins]
        across = [x for x, _ in alone] + points + [stem_x]
        if max(across) - min(across) > 0.5:
            strokes.append(line(min(across), sib_y, max(across), sib_y, stroke_width=1.6))
        strokes += [line(x, sib_y, x, y - half, stroke_width=1.6) for x, y in alone]
        for point, group in zip(points, twins, strict=True):
            strokes += _twins(point, sib_y, [at[name] for name in group])
    return [element("g", *strokes, class_="union")]


def _have_parents(twins: Collection[str], by_name: dict[str, DrawnMember]) -> bool:
    return any(by_name[name].father or by_name[name].mother for name in twins)


def _tent(twins: Collection[str], at: dict[str, tuple[float, float]]) -> list[str]:
    """Identical twins whose parents are not drawn hang from a point in the air."""
    places = [at[name] for name in twins]
    return _twins(sum(x for x, _ in places) / len(places), min(y for _, y in places) - SYMBOL, places)


def _twins(x: float, y: float, places: Sequence[tuple[float, float]]) -> list[str]:
    """Slanted lines from one point to each twin, and the bar that makes them identical ones."""
    half = SYMBOL / 2
    strokes = [line(x, y, tx, ty - half, stroke_width=1.6) for tx, ty in places]
    (x1, y1), (x2, y2) = min(places), max(places)
    share = 0.6
    bar = [(x + share * (tx - x), y + share * (ty - half - y)) for tx, ty in ((x1, y1), (x2, y2))]
    strokes.append(line(*bar[0], *bar[1], stroke_width=1.6, class_="identical-twins"))
    return strokes


def _legend(members: Sequence[DrawnMember], width: float, top: float, words: Words) -> tuple[list[str], float]:
    """Only the signs that this pedigree uses, each with its word."""
    signs: list[tuple[DrawnMember, str]] = [
        (DrawnMember("", "m"), words.gettext("male")),
        (DrawnMember("", "f"), words.gettext("female")),
    ]
    if any(one.sex not in ("m", "f") for one in members):
        signs.append((DrawnMember("", ""), words.gettext("sex unknown")))
    if any(one.is_typed for one in members):
        signs.append((DrawnMember("", "m", is_typed=True), words.gettext("typed")))
    if any(one.is_dead for one in members):
        signs.append((DrawnMember("", "m", is_dead=True), words.gettext("dead")))
    if any(one.is_missing for one in members):
        signs.append((DrawnMember("", "m", is_missing=True), words.gettext("missing person")))
    parts, x, y = [line(MARGIN, top, width - MARGIN, top, stroke_width=0.8, class_="hair")], MARGIN + 8, top + 24
    for sign, word in signs:
        room = 34 + 7.2 * len(word)
        if x + room > width - MARGIN:
            x, y = MARGIN + 8, y + 24
        parts.append(element("g", *_sign(sign, x, y - 4), text(x + 15, y, word, font_size=12), class_="legend"))
        x += room
    return parts, y - top + 18


def _sign(member: DrawnMember, x: float, y: float) -> list[str]:
    look: dict[str, str | float] = {
        "fill": "currentColor" if member.is_typed else "none",
        "stroke": "currentColor",
        "stroke_width": 2.8 if member.is_missing else 1.3,
    }
    if member.sex == "f":
        parts = [element("circle", cx=x, cy=y, r=6, **look)]
    elif member.sex == "m":
        parts = [element("rect", x=x - 6, y=y - 6, width=12, height=12, **look)]
    else:
        parts = [path([(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)], closed=True, **look)]
    if member.is_missing:
        parts.append(_question_mark(x, y, 0.55, ""))
    if member.is_dead:
        parts.append(line(x - 9, y + 9, x + 9, y - 9, stroke_width=1.3))
    return parts
