"""The picture of `dokaz linkage evaluate`: what probabilities said beside what was right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dokaz.linkage.evaluation import ReliabilityBin

_SIZE, _LEFT, _TOP = 420, 70, 70
_INK, _FAINT, _DOT = "#222", "#ddd", "#1d3f72"


def reliability_picture(bins: Sequence[ReliabilityBin]) -> str:
    """As SVG: a dot a bin, said against right, larger for more links; on the diagonal probabilities mean what they say."""

    def x(value: float) -> float:
        return _LEFT + _SIZE * value

    def y(value: float) -> float:
        return _TOP + _SIZE * (1 - value)

    parts = []
    for tick in range(6):
        at = tick / 5
        parts.append(f'<line x1="{x(0)}" x2="{x(1)}" y1="{y(at):.1f}" y2="{y(at):.1f}" stroke="{_FAINT}"/>')
        parts.append(f'<text x="{x(0) - 10}" y="{y(at) + 4:.1f}" text-anchor="end" fill="{_INK}">{at:.1f}</text>')
        parts.append(f'<text x="{x(at):.1f}" y="{y(0) + 20}" text-anchor="middle" fill="{_INK}">{at:.1f}</text>')
    parts.append(f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="{_INK}" stroke-dasharray="4"/>')
    most = max((each.links for each in bins), default=1)
    for each in bins:
        radius = 3 + 9 * (each.links / most) ** 0.5
        parts.append(
            f'<circle cx="{x(each.said):.1f}" cy="{y(each.right):.1f}" r="{radius:.1f}" fill="{_DOT}" fill-opacity="0.7">'
            f"<title>{each.links:,} links: said {each.said:.3f}, right {each.right:.3f}</title></circle>"
        )
    width, height = _LEFT + _SIZE + 40, _TOP + _SIZE + 60
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="IBM Plex Sans, sans-serif" font-size="12"><title>Reliability of links</title>\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n'
        f'<text x="20" y="28" font-size="16" font-weight="600" fill="{_INK}">Do probabilities mean what they say?</text>\n'
        f'<text x="20" y="50" fill="{_INK}">Up: the part that is right. Across: the probability that was said.</text>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )
