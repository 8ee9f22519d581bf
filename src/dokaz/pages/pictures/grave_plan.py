"""A grave as the survey measured it: its outline, every recovery unit where it lay, north up, a scale in metres."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from dokaz.pages.pictures.svg import element, line, link, path, picture, text

WIDTH = 760.0
MARGIN = 56.0
MARK = 7.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PlanUnit:
    """A recovery unit on the plan.

    Args: kind: B body, BP body part, GB general bone, A artefact, S sample; east, north: metres in the survey's system;
          label: what is written beside the mark (short; the end of its number); spoken: more words for those who listen
    """

    number: str
    kind: str
    east: float
    north: float
    url: str = ""
    label: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class PlanLink:
    """Two units that belong together: a part and its body, as a comparison re-associated them."""

    part: str
    whole: str
    is_certain: bool = True


def grave_plan(
    units: Sequence[PlanUnit],
    *,
    outline: Sequence[Point] = (),
    links: Sequence[PlanLink] = (),
    title: str = "",
    here: str = "",
    key: str = "plan",
) -> str:
    """Draw a grave from survey coordinates.

    Args:    units: with coordinates in metres, east and north; outline: corners of the grave in the same system
             links: drawn between units that are on the plan; others are left out, as the list beside the plan says
             here: number of the unit on whose page the plan stands
    Returns: SVG; every unit once, in a link (or a named group) with ``data-unit``
    """
    frame = _Frame.around([(one.east, one.north) for one in units] + list(outline))
    at = {one.number: frame.at(one.east, one.north) for one in units}
    parts = _grid(frame)
    if outline:
        parts.append(path([frame.at(*corner) for corner in outline], closed=True, stroke_width=2, class_="outline"))
    for one in links:
        if one.part in at and one.whole in at:
            (x1, y1), (x2, y2) = at[one.part], at[one.whole]
            dashes = None if one.is_certain else "4 4"
            words = (
                gettext("%(part)s belongs to %(whole)s")
                if one.is_certain
                else gettext("%(part)s may belong to %(whole)s")
            )
            parts.append(
                element(
                    "g",
                    element("title", words % {"part": one.part, "whole": one.whole}),
                    line(x1, y1, x2, y2, stroke_width=1.6, stroke_dasharray=dashes, class_="belongs"),
                )
            )
    labels = _labels(units, at, frame, here)
    parts += [_unit(one, *at[one.number], labels.get(one.number), one.number == here) for one in units]
    parts += _scale_and_north(frame)
    legend, legend_height = _legend(units, links, frame.height)
    return picture(
        key,
        WIDTH,
        frame.height + legend_height,
        title or gettext("Plan of the grave"),
        _described(units, frame),
        [*parts, *legend],
        kind="grave-plan",
        has_links=True,
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    west: float
    north: float
    per_metre: float
    height: float
    wide: float
    high: float

    @classmethod
    def around(cls, points: Sequence[Point]) -> _Frame:
        if not points:
            return cls(0.0, 4.0, (WIDTH - 2 * MARGIN) / 4, 240.0, 4.0, 4.0)
        easts, norths = [x for x, _ in points], [y for _, y in points]
        # A single point, or points on one line, still get a metre to lie in.
        pad_e = max(0.5, (2.0 - (max(easts) - min(easts))) / 2)
        pad_n = max(0.5, (2.0 - (max(norths) - min(norths))) / 2)
        west, wide = min(easts) - pad_e, max(easts) - min(easts) + 2 * pad_e
        top, high = max(norths) + pad_n, max(norths) - min(norths) + 2 * pad_n
        per_metre = min((WIDTH - 2 * MARGIN) / wide, 720.0 / high)
        west -= ((WIDTH - 2 * MARGIN) / per_metre - wide) / 2
        return cls(west, top, per_metre, high * per_metre + 2 * MARGIN, (WIDTH - 2 * MARGIN) / per_metre, high)

    def at(self, east: float, north: float) -> Point:
        return MARGIN + (east - self.west) * self.per_metre, MARGIN + (self.north - north) * self.per_metre


def _unit(unit: PlanUnit, x: float, y: float, label: Point | None, is_here: bool) -> str:
    parts = []
    if is_here:
        parts.append(element("circle", cx=x, cy=y, r=MARK + 7, fill="none", stroke="currentColor", stroke_width=2.4))
    parts.append(element("circle", cx=x, cy=y, r=13, fill="transparent", stroke="none"))
    parts.append(_mark(unit.kind, x, y))
    if label:
        parts.append(text(*label, unit.label or unit.number, font_size=11.5, class_="figure"))
    spoken = ", ".join(filter(None, [unit.number, kind_in_words(unit.kind), unit.spoken]))
    return link(unit.url, spoken, *parts, data_unit=unit.number, class_="unit here" if is_here else "unit")


def kind_in_words(kind: str) -> str:
    """What the letters in a number stand for."""
    return {
        "B": gettext("body"),
        "BP": gettext("body part"),
        "GB": gettext("general bone"),
        "A": gettext("artefact"),
        "S": gettext("sample"),
    }.get(kind, gettext("unit"))


def _mark(kind: str, x: float, y: float, size: float = MARK) -> str:
    ink: dict[str, str | float] = {"stroke": "currentColor", "stroke_width": 1.6, "class_": f"mark mark-{kind.lower()}"}
    if kind == "B":
        return element("circle", cx=x, cy=y, r=size, fill="currentColor", **ink)
    if kind == "BP":
        return element(
            "g",
            element("circle", cx=x, cy=y, r=size, fill="none", **ink),
            path([(x, y - size), (x, y + size)], stroke_width=1.6),
            element(
                "path", d=f"M{x:.2f} {y - size:.2f}a{size:.2f} {size:.2f} 0 0 1 0 {2 * size:.2f}z", fill="currentColor"
            ),
        )
    if kind == "GB":
        corners = [(x, y - size), (x + size, y), (x, y + size), (x - size, y)]
        return path(corners, closed=True, **{**ink, "fill": "none"})
    if kind == "A":
        return element(
            "rect", x=x - size + 1, y=y - size + 1, width=2 * size - 2, height=2 * size - 2, fill="none", **ink
        )
    return path([(x - size, y + size), (x, y - size), (x + size, y + size)], closed=True, **{**ink, "fill": "none"})


def _labels(units: Sequence[PlanUnit], at: dict[str, Point], frame: _Frame, here: str = "") -> dict[str, Point]:
    """A label where it covers no mark and no other label; a crowded unit goes without, but keeps its link."""
    taken = [(x - 10, y - 10, x + 10, y + 10) for x, y in at.values()]
    found: dict[str, Point] = {}
    for unit in units:
        x, y = at[unit.number]
        width = 7.2 * len(unit.label or unit.number)
        # The unit whose page this is has a ring around its mark.
        gap = 19 if unit.number == here else 12
        beside = (
            (x + gap, y + 4),
            (x - gap - width, y + 4),
            (x - width / 2, y - gap - 1),
            (x - width / 2, y + gap + 10),
        )
        for left, base in beside:
            box = (left - 1, base - 11, left + width + 1, base + 3)
            inside = box[0] > 2 and box[2] < WIDTH - 2 and box[1] > 2 and box[3] < frame.height - 2
            if inside and not any(_overlap(box, other) for other in taken if not _holds(other, (x, y))):
                taken.append(box)
                found[unit.number] = (left, base)
                break
    return found


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _holds(box: tuple[float, float, float, float], point: Point) -> bool:
    return abs((box[0] + box[2]) / 2 - point[0]) < 0.01 and abs((box[1] + box[3]) / 2 - point[1]) < 0.01


def _step(metres: float, at_most: int) -> float:
    """The smallest of 1, 2, 5 times a power of ten that divides a length into at most so many."""
    power = 10.0 ** math.floor(math.log10(metres / at_most))
    return next(step for step in (power, 2 * power, 5 * power, 10 * power) if metres / step <= at_most)


def _grid(frame: _Frame) -> list[str]:
    step = _step(max(frame.wide, frame.high), 12)
    parts = []
    right, bottom = WIDTH - MARGIN, frame.height - MARGIN
    for i in range(math.ceil(frame.west / step), math.floor((frame.west + frame.wide) / step) + 1):
        x, _ = frame.at(i * step, frame.north)
        parts.append(line(x, MARGIN, x, bottom, stroke_width=0.6, class_="hair"))
        if i % 2 == 0:
            parts.append(
                text(x, bottom + 16, _metres(i * step), text_anchor="middle", font_size=10.5, class_="soft figure")
            )
    for i in range(math.ceil((frame.north - frame.high) / step), math.floor(frame.north / step) + 1):
        _, y = frame.at(frame.west, i * step)
        parts.append(line(MARGIN, y, right, y, stroke_width=0.6, class_="hair"))
        if i % 2 == 0:
            parts.append(
                text(MARGIN - 6, y + 4, _metres(i * step), text_anchor="end", font_size=10.5, class_="soft figure")
            )
    east, north = gettext("East, metres, last four digits"), gettext("North, metres, last four digits")
    parts += [
        text(right, bottom + 32, east, text_anchor="end", font_size=10.5, class_="soft"),
        text(8, MARGIN - 14, north, font_size=10.5, class_="soft"),
    ]
    return [element("g", *parts, aria_hidden="true")]


def _metres(value: float) -> str:
    """A coordinate by its last four digits before the point, as it is called out on site."""
    rest = math.fmod(value, 10000)
    return f"{rest:.0f}" if abs(rest - round(rest)) < 1e-6 else f"{rest:.1f}"


def _scale_and_north(frame: _Frame) -> list[str]:
    metres = _step(frame.wide, 6)
    x, y, length = MARGIN, frame.height - 14, metres * frame.per_metre
    words = gettext("%(n)s m") % {"n": number_format(metres, 0 if metres >= 1 else 1)}
    half = length / 2
    parts = [
        element("rect", x=x, y=y - 5, width=half, height=5, fill="currentColor", stroke="currentColor"),
        element("rect", x=x + half, y=y - 5, width=half, height=5, fill="none", stroke="currentColor"),
        text(x + length + 8, y + 1, words, font_size=11.5, class_="figure"),
    ]
    north_x, north_y = WIDTH - 30, 18.0
    parts += [
        path(
            [(north_x, north_y), (north_x + 6, north_y + 22), (north_x, north_y + 17), (north_x - 6, north_y + 22)],
            closed=True,
            fill="currentColor",
            stroke_width=1,
        ),
        text(north_x, north_y + 36, gettext("N"), text_anchor="middle", font_weight=600),
    ]
    return [element("g", *parts, class_="scale")]


def _legend(units: Sequence[PlanUnit], links: Sequence[PlanLink], top: float) -> tuple[list[str], float]:
    parts, x, y = [], MARGIN + 8, top + 18
    for kind in [one for one in ("B", "BP", "GB", "A", "S") if any(unit.kind == one for unit in units)]:
        word = kind_in_words(kind)
        parts.append(element("g", _mark(kind, x, y, 6), text(x + 14, y + 4, word, font_size=12), class_="legend"))
        x += 40 + 7.2 * len(word)
    if links:
        parts.append(line(x - 8, y, x + 18, y, stroke_width=1.6, class_="belongs"))
        parts.append(text(x + 26, y + 4, gettext("belong together"), font_size=12))
    return parts, 36.0


def _described(units: Sequence[PlanUnit], frame: _Frame) -> str:
    kinds = [(kind, sum(unit.kind == kind for unit in units)) for kind in ("B", "BP", "GB", "A", "S")]
    said = ngettext("%(n)d recovery unit.", "%(n)d recovery units.", len(units)) % {"n": len(units)}
    listed = ", ".join(f"{kind_in_words(kind)}: {count}" for kind, count in kinds if count)
    area = gettext("The drawing is %(wide)s by %(high)s metres; north is up.") % {
        "wide": number_format(frame.wide, 1),
        "high": number_format(frame.high, 1),
    }
    return " ".join(filter(None, [said, f"{listed}." if listed else "", area]))
