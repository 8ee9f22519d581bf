"""The picture of `dokaz kinship search` and `joint`: a matrix of remains and missing persons, with its scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape


def matrix_picture(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    case: str,
    what: str,
    full: float,
    is_probability: bool = False,
    assumed: Sequence[str] = (),
) -> str:
    """A matrix as SVG: the darker, the higher; a dot where not compared, a cross where impossible.

    Args:
        rows, columns: Their names; the column "*" is nobody of the list.
        values: Of rows and columns; None where not compared.
        case: Begins the title.
        what: The quantity, on the title and beside the scale.
        full: The value of the darkest shade; 0 is the lightest.
        is_probability: Values end at 0 and `full`; else the ends of the scale stand for what lies beyond.
        assumed: Lines under the matrix, such as the mutation model.
    """
    cell = 18
    left = 30 + 7 * max([10, *map(len, rows)])
    top = 60 + 6 * max([8, *map(len, columns)])
    title = f"{case}: {what} of remains (rows) and missing persons (columns)"
    parts = [f'<text x="4" y="18" font-weight="bold">{escape(title)}</text>']
    for j, name in enumerate(columns):
        x = left + j * cell + 13
        parts.append(f'<text transform="translate({x},{top - 6}) rotate(-60)">{escape(name)}</text>')
    for i, name in enumerate(rows):
        y = top + i * cell
        parts.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>')
        for j, value in enumerate(values[i]):
            x = left + j * cell
            if value is None or math.isnan(value):
                parts.append(f'<circle cx="{x + 9}" cy="{y + 9}" r="1.5" fill="#666"/>')
            elif value == -math.inf:
                parts.append(f'<text x="{x + 5}" y="{y + 13}" fill="#666">✕</text>')
            else:
                shade = max(0.0, min(1.0, value / full))
                label = escape(f"{name} {columns[j]}: {what} {value:.4g}")
                parts.append(
                    f'<rect x="{x + 1}" y="{y + 1}" width="{cell - 2}" height="{cell - 2}" fill="#1d3f72" '
                    f'fill-opacity="{shade:.3f}" stroke="#ccc"><title>{label}</title></rect>'
                )
    y = top + len(rows) * cell + 24
    parts.append(f'<text x="8" y="{y + 13}" font-weight="bold">{escape(what)}</text>')
    start = 22 + 7 * len(what)
    for k in range(6):
        shade, x = k / 5, start + 52 * k
        bound = "" if is_probability else {0: "≤ ", 5: "≥ "}.get(k, "")
        parts.append(
            f'<rect x="{x}" y="{y}" width="16" height="16" fill="#1d3f72" fill-opacity="{shade:.3f}" stroke="#ccc"/>'
            f'<text x="{x + 20}" y="{y + 13}">{bound}{shade * full:g}</text>'
        )
    lines = [*_signs(columns, values), *assumed]
    for k, line in enumerate(lines):
        parts.append(f'<text x="8" y="{y + 38 + 18 * k}">{escape(line)}</text>')
    width = max(left + len(columns) * cell + 120, start + 340, 40 + 7 * max(map(len, (title, *lines))))
    height = y + 44 + 18 * len(lines)
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" font-family="IBM Plex Sans, sans-serif" font-size="12"><title>{escape(title)}</title>\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _signs(columns: Sequence[str], values: Sequence[Sequence[float | None]]) -> list[str]:
    """What each sign of this matrix means, and no other."""
    every = [value for row in values for value in row]
    signs = [
        ("✕ impossible", any(value == -math.inf for value in every)),
        ("· not compared", any(value is None or math.isnan(value) for value in every)),
        ("* nobody of the list", "*" in columns),
    ]
    used = "; ".join(sign for sign, is_used in signs if is_used)
    return [used] if used else []
