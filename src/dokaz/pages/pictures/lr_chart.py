"""What each marker says, as bars to the right (for) and to the left (against) of one line.

A likelihood ratio is no probability, and no score identifies anyone; the picture therefore states both hypotheses, the
total, and what is missing or does not fit, in words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from dokaz.pages.pictures.svg import element, hatch, line, picture, text

ROW = 22.0
LABEL = 112.0
PLOT = 420.0
FIGURE = 150.0
TOP = 40.0


@dataclass(frozen=True, slots=True)
class MarkerLR:
    """One marker: its log10 likelihood ratio; None: not typed in one of the two; minus infinity: inconsistent."""

    marker: str
    log10_lr: float | None
    note: str = ""

    @property
    def is_inconsistent(self) -> bool:
        return self.log10_lr == -math.inf


def lr_chart(
    markers: Sequence[MarkerLR],
    *,
    total: float | None = None,
    hypothesis: str = "",
    alternative: str = "",
    title: str = "",
    key: str = "lr",
) -> str:
    """Draw the likelihood ratio of each marker and their total.

    Args:    markers: in the order of the kit
             total: log10 LR over all markers, as the engine stated it; None: added up here
             hypothesis, alternative: what the ratio compares, in words; they stand under the ends of the scale
    Returns: SVG; every marker in one element with ``data-marker``
    """
    finite = [one.log10_lr for one in markers if one.log10_lr is not None and math.isfinite(one.log10_lr)]
    if total is None:
        total = sum(one.log10_lr for one in markers if one.log10_lr is not None)
    low, high = _reach(finite)
    scale = PLOT / (high - low)
    zero = LABEL + (0 - low) * scale
    height = TOP + ROW * len(markers) + 92
    right = LABEL + PLOT
    pattern = f"{key}-hatch"
    parts = [element("defs", hatch(pattern))]
    for tick in _ticks(low, high):
        x = zero + tick * scale
        parts.append(line(x, TOP - 6, x, TOP + ROW * len(markers), stroke_width=0.7, class_="hair"))
        parts.append(text(x, TOP - 14, signed(tick, 0), text_anchor="middle", font_size=11.5, class_="soft figure"))
    for i, one in enumerate(markers):
        parts.append(_row(one, TOP + i * ROW, zero, scale, pattern))
    bottom = TOP + ROW * len(markers)
    parts.append(line(zero, TOP - 6, zero, bottom + 4, stroke_width=1.6))
    parts += _foot(total, bottom, right, zero, hypothesis, alternative, markers)
    return picture(
        key,
        right + FIGURE,
        height,
        title or gettext("Likelihood ratio of each marker"),
        describe(markers, total),
        parts,
        kind="lr-chart",
    )


def describe(markers: Sequence[MarkerLR], total: float) -> str:
    """The chart in words."""
    inconsistent = [one.marker for one in markers if one.is_inconsistent]
    missing = [one.marker for one in markers if one.log10_lr is None]
    compared = len(markers) - len(missing)
    said = [ngettext("%(n)d marker compared.", "%(n)d markers compared.", compared) % {"n": compared}]
    if inconsistent:
        said.append(gettext("Inconsistent: %(markers)s.") % {"markers": ", ".join(inconsistent)})
    if missing:
        said.append(gettext("Not typed: %(markers)s.") % {"markers": ", ".join(missing)})
    said.append(gettext("Total: log10 LR %(total)s.") % {"total": signed(total)})
    return " ".join(said)


def _row(one: MarkerLR, y: float, zero: float, scale: float, pattern: str) -> str:
    middle = y + ROW / 2
    parts = [text(LABEL - 12, middle + 4.5, one.marker, text_anchor="end", font_size=12.5)]
    right = LABEL + PLOT + 14
    value = one.log10_lr
    if value is None:
        parts.append(line(LABEL, middle, LABEL + PLOT, middle, stroke_width=1, stroke_dasharray="1 6", class_="soft"))
        parts.append(text(right, middle + 4.5, one.note or gettext("not typed"), font_size=12, class_="soft"))
    elif one.is_inconsistent:
        parts.append(
            element(
                "rect",
                x=LABEL,
                y=y + 4,
                width=zero - LABEL,
                height=ROW - 8,
                fill=f"url(#{pattern})",
                stroke="currentColor",
                stroke_width=1,
                class_="against",
            )
        )
        parts.append(text(right, middle + 4.5, one.note or gettext("inconsistent"), font_size=12, font_weight=600))
    else:
        width = abs(value) * scale
        parts.append(
            element(
                "rect",
                x=zero if value >= 0 else zero - width,
                y=y + 4,
                width=max(width, 1.2),
                height=ROW - 8,
                fill="currentColor" if value >= 0 else f"url(#{pattern})",
                stroke="currentColor",
                stroke_width=1,
                class_="for" if value >= 0 else "against",
            )
        )
        parts.append(text(right, middle + 4.5, signed(value), font_size=12.5, class_="figure"))
        if one.note:
            parts.append(text(right + 52, middle + 4.5, one.note, font_size=12, class_="soft"))
    return element("g", *parts, data_marker=one.marker)


def _foot(
    total: float,
    bottom: float,
    right: float,
    zero: float,
    hypothesis: str,
    alternative: str,
    markers: Sequence[MarkerLR],
) -> list[str]:
    parts = [line(0, bottom + 6, right + FIGURE, bottom + 6, stroke_width=1.6)]
    parts.append(text(LABEL - 12, bottom + 28, gettext("Total"), text_anchor="end", font_weight=600))
    parts.append(text(right + 14, bottom + 28, signed(total), font_weight=600, class_="figure"))
    count = sum(one.is_inconsistent for one in markers)
    if count:
        words = ngettext("%(n)d marker does not fit", "%(n)d markers do not fit", count) % {"n": count}
        parts.append(text(zero, bottom + 28, words, font_weight=600, text_anchor="middle"))
    parts.append(
        text(LABEL, bottom + 52, "← " + (alternative or gettext("speaks against")), font_size=12, class_="soft")
    )
    parts.append(
        text(
            right,
            bottom + 52,
            (hypothesis or gettext("speaks for")) + " →",
            text_anchor="end",
            font_size=12,
            class_="soft",
        )
    )
    parts.append(text(LABEL, bottom + 76, gettext("log10 of the likelihood ratio"), font_size=11.5, class_="soft"))
    return parts


def _reach(values: Sequence[float]) -> tuple[float, float]:
    """The ends of the scale: whole numbers, zero never at the edge."""
    low = math.floor(min([*values, -1.0]))
    high = math.ceil(max([*values, 1.0]))
    return float(low), float(high)


def _ticks(low: float, high: float) -> list[float]:
    step = next(one for one in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**6) if (high - low) / one <= 10)
    return [float(tick) for tick in range(math.ceil(low / step) * step, int(high) + 1, step)]


def signed(value: float, decimals: int = 2) -> str:
    """A log10 likelihood ratio as people of the page's language read it."""
    if value == -math.inf:
        return "−∞"
    if value == math.inf:
        return "∞"
    sign = "−" if value < 0 else "+" if value > 0 else ""
    # Django cuts digits off; a likelihood ratio is rounded.
    return sign + number_format(f"{abs(value):.{decimals}f}", decimals)
