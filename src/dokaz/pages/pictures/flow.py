"""Where the investigation stands: from the ground to the family, each count with its own unit.

Bars are comparable only where they count the same thing. Where the unit changes (recovery units, then persons), the stream
is cut by a dashed line, and the heights start anew: a case is not a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.formats import number_format
from django.utils.translation import gettext

from dokaz.pages.pictures.svg import element, line, lines_of, link, path, picture, text

WIDTH = 960.0
BAR = 16.0
TOP = 84.0
HIGH = 150.0


@dataclass(frozen=True, slots=True)
class FlowStage:
    """One stage: what was done, how many, of what, and the list behind the number."""

    label: str
    count: int
    unit: str
    url: str = ""


def flow(stages: Sequence[FlowStage], *, title: str = "", key: str = "flow") -> str:
    """Draw the stages from left to right.

    Args:    stages: in the order of the work; neighbours with the same ``unit`` are joined by a stream
    Returns: SVG; every stage once, in a link (or a named group) with ``data-stage``
    """
    step = WIDTH / max(len(stages), 1)
    most: dict[str, int] = {}
    for one in stages:
        most[one.unit] = max(most.get(one.unit, 0), one.count)
    base = TOP + HIGH
    tall = [HIGH * one.count / most[one.unit] if most[one.unit] else 0.0 for one in stages]
    parts: list[str] = []
    for i, (one, after) in enumerate(pairwise(stages)):
        x1, x2 = i * step + BAR, (i + 1) * step
        if one.unit == after.unit:
            parts.append(
                path(
                    [(x1, base - tall[i]), (x2, base - tall[i + 1]), (x2, base), (x1, base)],
                    closed=True,
                    fill="currentColor",
                    stroke="none",
                    fill_opacity=0.13,
                    class_="stream",
                )
            )
        else:
            cut = x2 - BAR / 2
            parts.append(line(cut, TOP - 6, cut, base + 44, stroke_width=1.2, stroke_dasharray="3 5", class_="soft"))
    for i, one in enumerate(stages):
        parts.append(_stage(one, i * step, base, tall[i], step))
    parts.append(line(0, base, WIDTH, base, stroke_width=1))
    said = "; ".join(f"{one.label}: {number_format(one.count)} {one.unit}" for one in stages)
    return picture(
        key,
        WIDTH,
        base + 56,
        title or gettext("Where the investigation stands"),
        said + ".",
        parts,
        kind="flow",
        has_links=True,
    )


def _stage(stage: FlowStage, x: float, base: float, height: float, step: float) -> str:
    parts = [
        element("rect", x=x, y=TOP - 78, width=step - 12, height=base - TOP + 128, fill="transparent", stroke="none")
    ]
    parts.append(
        element("rect", x=x, y=base - max(height, 1.5), width=BAR, height=max(height, 1.5), fill="currentColor")
    )
    above = base - height - 14
    parts.append(
        text(
            x,
            above,
            number_format(stage.count, use_l10n=True, force_grouping=True),
            font_size=26,
            font_weight=500,
            class_="figure big",
        )
    )
    parts.append(text(x, base + 20, stage.label, font_size=14, font_weight=600, class_="label"))
    for i, words in enumerate(lines_of(stage.unit, max(int(step / 11), 8), 2)):
        parts.append(text(x, base + 37 + 14 * i, words, font_size=12, class_="soft"))
    spoken = f"{number_format(stage.count, use_l10n=True, force_grouping=True)} {stage.label} {stage.unit}"
    return link(stage.url, spoken, *parts, data_stage=stage.label, class_="stage")
