"""The picture of `dokaz kinship search` and `joint`: a matrix of remains and missing persons, with its scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape


def matrix_picture(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    what: str,
    full: float,
    assumed: Sequence[str],
) -> str:
    """A matrix as SVG: the darker, the higher; a dot where not compared, a cross where impossible.

    Args:
        rows, columns: Their names.
        values: None where not compared.
        what: The title.
        full: The value of the darkest shade.
        assumed: Lines under the matrix, such as the mutation model.
    """
    cell = 18
    left = 30 + 7 * max([10, *map(len, rows)])
    top = 60 + 6 * max([8, *map(len, columns)])
    title = f"{what} of remains (rows) and missing persons (columns)"
    parts = [f"<title>{escape(title)}</title>", f'<text x="4" y="18" font-weight="bold">{escape(title)}</text>']
    for j, name in enumerate(columns):
        x = left + j * cell + 13
        parts.append(f'<text transform="translate({x},{top - 6}) rotate(-60)">{escape(name)}</text>')
    for i, name in enumerate(rows):
        y = top + i * cell
        parts.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>')
        for j, value in enumerate(values[i]):
            x = left + j * cell
            if value is None or math.isnan(value):
                parts.append(f'<circle cx="{x + 9}" cy="{y + 9}" r="1" fill="#888"/>')
            elif value == -math.inf:
                parts.append(f'<text x="{x + 5}" y="{y + 13}" fill="#888">✕</text>')
            else:
                shade = max(0.0, min(1.0, value / full))
                label = escape(f"{name} {columns[j]}: {what} {value:.4g}")
                parts.append(
                    f'<rect x="{x + 1}" y="{y + 1}" width="{cell - 2}" height="{cell - 2}" fill="#1d3f72" '
                    f'fill-opacity="{shade:.3f}" stroke="#ccc"><title>{label}</title></rect>'
                )
    y = top + len(rows) * cell + 24
    for k in range(6):
        shade, x = k / 5, 8 + 52 * k
        parts.append(
            f'<rect x="{x}" y="{y}" width="16" height="16" fill="#1d3f72" fill-opacity="{shade:.3f}" stroke="#ccc"/>'
            f'<text x="{x + 20}" y="{y + 13}">{"≤ " if not k else "≥ " if k == 5 else ""}{shade * full:g}</text>'
        )
    parts.append(f'<text x="8" y="{y + 34}">✕ impossible   · not compared</text>')
    for k, line in enumerate(assumed):
        parts.append(f'<text x="8" y="{y + 54 + 18 * k}">{escape(line)}</text>')
    width = max(left + len(columns) * cell + 120, 40 + 7 * max(map(len, (title, *assumed))))
    height = y + 60 + 18 * len(assumed)
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
        f'font-size="12">\n{body}\n</svg>\n'
    )
