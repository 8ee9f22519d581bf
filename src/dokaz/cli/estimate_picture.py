"""The picture of `dokaz estimate`: what each method says, with its interval, side by side on one scale."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from math import ceil, floor, log10
from typing import Any

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 860, 300, 40, 92, 40
_SEEN, _ESTIMATE, _INK, _FAINT, _REFUSED = "#8a8a8a", "#1d3f72", "#222", "#ddd", "#9a3412"
#: Ends of intervals beyond so many times the largest estimate are cut off, with an arrow.
_BEYOND = 4.0


def estimates_picture(answer: Mapping[str, Any], methods: Mapping[str, tuple[str, object]]) -> str:
    """As SVG: one row a method, a dot for the number, a line for the 95 % interval, a grey line for the people seen.

    Args:
        answer: What the command prints as JSON.
        methods: For each key of it how the method is called.
    """
    rows = [(told, answer[name]) for name, (told, _) in methods.items() if name in answer]
    given = [found for _, found in rows if "n" in found]
    observed = int(answer["observed"])
    largest = max([float(observed), *(float(found["n"]) for found in given)])
    ends = [float(found["interval"][1]) for found in given if found["interval"][1] is not None]
    right = min(max([largest, *ends]), _BEYOND * largest) * 1.04
    step = _step(right)

    def x(value: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * min(value, right) / right

    bottom = _TOP + _ROW * len(rows)
    parts = [
        f'<text x="20" y="30" font-size="16" font-weight="600" fill="{_INK}">'
        f"{escape(str(answer['name'] or 'How many people there are in all'))}</text>",
        f'<text x="20" y="52" fill="{_INK}">People in all, those on no list included: estimate and 95 % interval. '
        f"{observed:,} are on at least one list.</text>",
    ]
    for tick in range(int(right / step) + 1):
        at = x(tick * step)
        parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{_TOP - 12}" y2="{bottom}" stroke="{_FAINT}"/>')
        parts.append(
            f'<text x="{at:.1f}" y="{bottom + 18}" text-anchor="middle" fill="{_INK}">{tick * step:,.0f}</text>'
        )
    seen = x(observed)
    parts.append(
        f'<line x1="{seen:.1f}" x2="{seen:.1f}" y1="{_TOP - 12}" y2="{bottom}" stroke="{_SEEN}" stroke-dasharray="4"/>'
    )
    for k, (told, found) in enumerate(rows):
        y = _TOP + _ROW * k + _ROW / 2
        parts.append(f'<text x="{_LEFT - 16}" y="{y + 4:.1f}" text-anchor="end" fill="{_INK}">{escape(told)}</text>')
        if "refused" in found:
            parts.append(f'<text x="{seen + 8:.1f}" y="{y + 4:.1f}" fill="{_REFUSED}">refused: {_short(found)}</text>')
            continue
        low, high = found["interval"]
        end = right if high is None or high > right else high
        parts.append(
            f'<line x1="{x(low):.1f}" x2="{x(end):.1f}" y1="{y}" y2="{y}" stroke="{_ESTIMATE}" stroke-width="2"/>'
        )
        if high is None or high > right:
            tip = x(right)
            parts.append(f'<path d="M{tip:.1f} {y}l-8 -5v10z" fill="{_ESTIMATE}"/>')
        parts.append(f'<circle cx="{x(found["n"]):.1f}" cy="{y}" r="5" fill="{_ESTIMATE}"/>')
        parts.append(
            f'<text x="{x(found["n"]):.1f}" y="{y - 9:.1f}" text-anchor="middle" font-size="11" fill="{_ESTIMATE}">'
            f"{found['n']:,.0f}</text>"
        )
    parts.append(
        f'<text x="20" y="{bottom + 44}" fill="{_INK}">No one of these is the answer: each holds under its own '
        "assumptions about how the lists depend on each other.</text>"
    )
    height = bottom + 60
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="IBM Plex Sans, sans-serif" font-size="12"><title>Estimates of how many people there are</title>\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _step(right: float) -> float:
    """A round distance of ticks, five to ten of them."""
    power = 10.0 ** floor(log10(right))
    return next(power * part for part in (0.1, 0.2, 0.5, 1) if ceil(right / (power * part)) <= 10)


def _short(found: Mapping[str, Any]) -> str:
    said = str(found["refused"]).partition(";")[0]
    return escape(said if len(said) <= 78 else f"{said[:77]}…")
