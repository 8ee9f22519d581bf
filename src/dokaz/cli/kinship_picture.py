"""Likelihood ratios as a person reads them: a table, and a picture of log10 LR per marker."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dokaz.cli.kinship import Asked
    from dokaz.kinship import LikelihoodRatio

#: The picture's scale ends here; a longer bar ends in an arrow, and its figure says how far it goes.
WIDEST_LOG10 = 4
_ROW, _UNIT, _NAMES, _FIGURES = 18, 60, 150, 80


def likelihood_ratio_table(file: Path, asked: Asked) -> str:
    """One result as a person reads it: a line per marker, then the total in words, then the assumptions."""
    result = asked.result
    lines = [f"{file.name}: {result.h1} against {result.h2}, profiles of {_listed(result.people)}"]
    width = max([6, *(len(name) for name in result.markers)])
    lines.append(f"  {'marker':<{width}}  {'LR':>12}  {'log10':>8}")
    for name, value, log10 in zip(result.markers, result.lr_per_marker, result.log10_lr_per_marker, strict=True):
        remark = "  nobody typed" if name in result.missing_markers else ""
        remark = "  impossible under H1" if name in result.inconsistent_markers else remark
        remark = "  impossible under both" if name in result.undefined_markers else remark
        lines.append(f"  {name:<{width}}  {value:>12.6g}  {log10:>8.3f}{remark}")
    lines.append(f"  {'all':<{width}}  {result.lr:>12.6g}  {result.log10_lr:>8.3f}")
    lines.append(f"  {in_words(result)}")
    lines.append(f"  theta {result.assumptions.theta:g}")
    for added in result.assumptions.added:
        lines.append(
            f"  {added.marker}: allele {added.allele} had no frequency and was given {added.frequency:.6g}; "
            f"the others were divided by {added.divided_by:.6g}"
        )
    lines += [f"  {line}" for line in _mutation(asked)]
    if result.set_aside:
        lines.append(f"  not in the product: {', '.join(result.set_aside)}")
    return "\n".join(lines)


def _mutation(asked: Asked) -> list[str]:
    """The model, the number of markers, and where a hypothesis rests on a mutation."""
    result = asked.result
    compared = len(result.markers) - len(result.missing_markers)
    told = [f"mutation model: {asked.mutation}; {compared} of {len(result.markers)} markers typed", *asked.linkage]
    for name, terms in zip((result.h1, result.h2), asked.impossible, strict=True):
        told += [f"impossible without mutation under {name}: {', '.join(terms)}"] if terms else []
    return told


def in_words(result: LikelihoodRatio) -> str:
    """What the LR says in words, without a verbal scale: none is agreed on."""
    total = result.log10_lr
    if math.isnan(total):
        return "the profiles are impossible under both hypotheses: check the pedigrees, the samples and the markers"
    if math.isinf(total):
        return f"the profiles are impossible under {result.h1 if total < 0 else result.h2}"
    better, worse = (result.h1, result.h2) if total >= 0 else (result.h2, result.h1)
    times = 10 ** abs(total) if abs(total) < 300 else math.inf
    shown = f"{times:.3g}" if times < 1e3 else f"{times:,.0f}" if times < 1e6 else f"10^{abs(total):.1f}"
    return f"the profiles are {shown} times as probable under {better} as under {worse}"


def _listed(people: Sequence[str]) -> str:
    if len(people) > 6:
        return f"{', '.join(people[:5])} and {len(people) - 5} more"
    return ", ".join(people)


def bar_chart(results: Sequence[tuple[Path, Asked]]) -> str:
    """log10 LR per marker as SVG, one block per file, on one scale; impossible markers are marked by a cross."""
    zero = _NAMES + WIDEST_LOG10 * _UNIT
    right = _NAMES + 2 * WIDEST_LOG10 * _UNIT
    parts: list[str] = []
    y = 12
    for file, asked in results:
        result = asked.result
        y += _ROW
        parts.append(f'<text x="4" y="{y}" font-weight="bold">{escape(f"{file.name}: {in_words(result)}")}</text>')
        y += _ROW + 4
        top = y
        for value in range(-WIDEST_LOG10, WIDEST_LOG10 + 1):
            exponent = str(value).replace("-", "−")
            label = f'10<tspan dy="-4" font-size="9">{exponent}</tspan>' if value else "1"
            parts.append(
                f'<text x="{zero + value * _UNIT}" y="{y - 4}" text-anchor="middle" fill="#666">{label}</text>'
            )
        rows = [
            *zip(result.markers, (float(v) for v in result.log10_lr_per_marker), strict=True),
            ("all", float(result.log10_lr)),
        ]
        body: list[str] = []
        for name, log10 in rows:
            y += _ROW
            weight = ' font-weight="bold"' if (name, log10) == rows[-1] else ""
            body.append(f'<text x="{_NAMES - 8}" y="{y}" text-anchor="end"{weight}>{escape(name)}</text>')
            body.append(_bar(log10, zero, y))
            said = f"{log10:.3f}".replace("-", "−") if math.isfinite(log10) else "impossible"
            body.append(f'<text x="{right + _FIGURES - 8}" y="{y}" text-anchor="end"{weight}>{said}</text>')
        for value in range(-WIDEST_LOG10, WIDEST_LOG10 + 1):
            x, colour = zero + value * _UNIT, "#222" if value == 0 else "#ddd"
            parts.append(f'<line x1="{x}" x2="{x}" y1="{top}" y2="{y + 6}" stroke="{colour}"/>')
        parts += body
        y += _ROW
        parts.append(f'<text x="{zero - 8}" y="{y}" text-anchor="end" fill="#666">◂ {escape(result.h2)}</text>')
        parts.append(f'<text x="{zero + 8}" y="{y}" fill="#666">{escape(result.h1)} ▸</text>')
        for line in _mutation(asked):
            y += _ROW
            parts.append(f'<text x="4" y="{y}">{escape(line)}</text>')
        y += _ROW // 2
    width, height = right + _FIGURES, y + 12
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="IBM Plex Sans, sans-serif" font-size="12"><title>LR per marker</title>\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _bar(log10: float, zero: int, y: int) -> str:
    if not math.isfinite(log10):
        return f'<text x="{zero}" y="{y}" text-anchor="middle" fill="#9a3412">✕</text>'
    length = max(-WIDEST_LOG10, min(WIDEST_LOG10, log10)) * _UNIT
    bar = (
        f'<rect x="{zero + min(0.0, length):.1f}" y="{y - 11}" width="{abs(length):.1f}" height="12" fill="#1d3f72">'
        f"<title>{log10:.4f}</title></rect>"
    )
    if abs(log10) > WIDEST_LOG10:
        tip, side = zero + length, 6 if log10 > 0 else -6
        bar += f'<path d="M{tip:.0f} {y - 14} l{side} 9 l{-side} 9 z" fill="#1d3f72"/>'
    return bar
