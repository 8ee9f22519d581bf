"""The picture of `dokaz kinship power`: how LRs spread, what a threshold costs, and whether LRs mean what they say."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from dokaz.kinship.simulated_lrs import LRDistribution

_WIDTH, _LEFT, _RIGHT, _TALL, _GAP, _SQUARE = 720, 90, 30, 150, 70, 300
_TRUE, _UNRELATED, _LIMIT, _INK, _FAINT = "#1d3f72", "#8a8a8a", "#9a3412", "#222", "#ddd"
#: Bins of log10 LR in the calibration, and the fewest simulated persons of each side that make a bin worth a point.
_BINS, _FEWEST = np.arange(-20.0, 20.5, 0.5), 10

Scale = Callable[[float], float]


class Limits(NamedTuple):
    """What is marked: the log10 LR of the posterior, and the one that keeps false matches to so many on average."""

    posterior: float
    false_matches: float
    allowed: float


def power_picture(distributions: Sequence[LRDistribution], limits: Limits, profiles: int, mutation: str) -> str:
    """As SVG, over all missing persons, from the same simulated persons as the table.

    Args:
        distributions: One a missing person; at least one.
        limits: log10 LRs to mark.
        profiles: How many profiles the search compares.
        mutation: The mutation model, in words.
    """
    threshold = limits.posterior
    every = np.concatenate(
        [d.log10_lr_if_true for d in distributions] + [d.log10_lr_if_unrelated for d in distributions]
    )
    finite = every[np.isfinite(every)]
    low = 5 * math.floor(max(-40.0, finite.min(initial=-5)) / 5)
    high = 5 * math.ceil(min(60.0, max(finite.max(initial=5), threshold + 1, limits.false_matches + 1)) / 5)
    x = _scale(low, high, _LEFT, _WIDTH - _RIGHT)
    tops = [50 + k * (_TALL + _GAP) for k in range(4)]
    parts = [
        _heading(tops[0], "How LRs spread: the missing persons above the line, unrelated persons below"),
        *_histogram(distributions, x, low, high, tops[0]),
        _heading(tops[1], "Missing persons who reach a threshold"),
        *_reached(distributions, x, low, high, tops[1]),
        _heading(tops[2], f"False matches that a search of {profiles:,} profiles makes on average"),
        *_false_matches(distributions, x, low, high, tops[2], profiles, limits),
    ]
    for top in tops[:3]:
        at = x(threshold)
        parts.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{top}" y2="{top + _TALL}" stroke="{_LIMIT}" stroke-dasharray="4"/>'
        )
        parts.append(_text(at, top - 4, f"{threshold:.2f}", _LIMIT, "middle"))
    parts += [
        _heading(
            tops[3], "Calibration: at log10 LR x, missing persons should be 10ˣ times as frequent as unrelated ones"
        ),
        *_calibrated(distributions, tops[3]),
        _text(_LEFT - 70, tops[3] + _SQUARE + 64, f"Mutation model: {escape(mutation)}.", _INK),
    ]
    height = tops[3] + _SQUARE + 80
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="IBM Plex Sans, sans-serif" font-size="12"><title>Power of a search</title>\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _histogram(distributions: Sequence[LRDistribution], x: Scale, low: float, high: float, top: float) -> Iterable[str]:
    edges = np.linspace(low, high, 101)
    sides = []
    for values in ([d.log10_lr_if_true for d in distributions], [d.log10_lr_if_unrelated for d in distributions]):
        # What lies beyond the scale, impossible persons among them, is counted at its end.
        together = np.clip(np.concatenate(values), low, high)
        sides.append(np.histogram(together, edges)[0] / together.size)
    highest = max(1e-9, *(float(side.max()) for side in sides))
    middle = top + _TALL / 2
    for share, colour, above in zip(sides, (_TRUE, _UNRELATED), (True, False), strict=True):
        for k in np.flatnonzero(share):
            tall = float(share[k]) / highest * _TALL / 2
            left, right = x(float(edges[k])), x(float(edges[k + 1]))
            y = middle - tall if above else middle
            yield f'<rect x="{left:.1f}" y="{y:.1f}" width="{right - left - 0.6:.1f}" height="{tall:.1f}" fill="{colour}"/>'
    yield f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{middle}" y2="{middle}" stroke="{_INK}"/>'
    yield _text(_LEFT - 8, middle - 8, "missing", _TRUE, "end")
    yield _text(_LEFT - 8, middle + 16, "unrelated", _UNRELATED, "end")
    yield from _below(x, low, high, top)


def _reached(distributions: Sequence[LRDistribution], x: Scale, low: float, high: float, top: float) -> Iterable[str]:
    y = _scale(0, 1, top + _TALL, top)
    for share in (0.0, 0.5, 1.0):
        yield _level(y(share), f"{share:.0%}")
    at = np.linspace(low, high, 121)
    values = [float(np.mean([d.inclusion_power(t) for d in distributions])) for t in at]
    yield _curve([(x(float(t)), y(v)) for t, v in zip(at, values, strict=True)])
    yield from _below(x, low, high, top)


def _false_matches(
    distributions: Sequence[LRDistribution],
    x: Scale,
    low: float,
    high: float,
    top: float,
    profiles: int,
    limits: Limits,
) -> Iterable[str]:
    from dokaz.kinship.simulated_lrs import expected_false_matches, false_matches_error

    at = [float(t) for t in np.linspace(low, high, 121)]
    counts = [(t, expected_false_matches(distributions, profiles, t)) for t in at]
    points = [(t, math.log10(count)) for t, count in counts if count > 0]
    if not points:
        return
    most = math.ceil(max(value for _, value in points))
    allowed = math.log10(limits.allowed)
    least = max(-15, math.floor(min(min(value for _, value in points), allowed)), most - 30)
    least = min(least, most - 1)
    y = _scale(least, most, top + _TALL, top)
    step = max(1, round((most - least) / 5))
    for power in range(most, least - 1, -step):
        yield _level(y(power), f"10{_raised(power)}")
    for t, value in points[:: len(points) // 24 or 1]:
        error = 2 * false_matches_error(distributions, profiles, t) / (10**value * math.log(10))
        if value >= least and error:
            yield (
                f'<line x1="{x(t):.1f}" x2="{x(t):.1f}" y1="{y(value - error):.1f}" y2="{y(value + error):.1f}" '
                f'stroke="{_UNRELATED}"/>'
            )
    yield _curve([(x(t), y(value)) for t, value in points if value >= least])
    here = x(limits.false_matches)
    yield (
        f'<line x1="{_LEFT}" x2="{here:.1f}" y1="{y(allowed):.1f}" y2="{y(allowed):.1f}" stroke="{_LIMIT}"/>'
        f'<circle cx="{here:.1f}" cy="{y(allowed):.1f}" r="3.5" fill="{_LIMIT}"/>'
    )
    yield _text(here + 8, y(allowed) - 4, f"{limits.allowed:g} from {_signed(round(limits.false_matches, 3))}", _LIMIT)
    yield _text(_LEFT, top + _TALL + 32, "Bars: two Monte-Carlo errors.", _INK)
    yield from _below(x, low, high, top)


def _calibrated(distributions: Sequence[LRDistribution], top: float) -> Iterable[str]:
    from dokaz.kinship.simulated_lrs import calibration

    found = calibration(distributions, [float(edge) for edge in _BINS])
    enough = (found.true >= _FEWEST) & (found.unrelated >= _FEWEST)
    middles, ratios = (_BINS[:-1] + _BINS[1:])[enough] / 2, found.log10_ratio[enough]
    if not middles.size:
        yield _text(
            _LEFT, top + 20, "No LR is frequent among both: simulate more persons, or calibrate by marker.", _INK
        )
        return
    reach = math.ceil(max(abs(middles).max(), abs(ratios).max()))
    x, y = _scale(-reach, reach, _LEFT, _LEFT + _SQUARE), _scale(-reach, reach, top + _SQUARE, top)
    for tick in range(-reach, reach + 1, max(1, reach // 3)):
        yield f'<line x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{top}" y2="{top + _SQUARE}" stroke="{_FAINT}"/>'
        yield f'<line x1="{_LEFT}" x2="{_LEFT + _SQUARE}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" stroke="{_FAINT}"/>'
        yield _text(x(tick), top + _SQUARE + 16, _signed(tick), _INK, "middle")
        yield _text(_LEFT - 8, y(tick) + 4, _signed(tick), _INK, "end")
    yield (
        f'<line x1="{x(-reach):.1f}" y1="{y(-reach):.1f}" x2="{x(reach):.1f}" y2="{y(reach):.1f}" '
        f'stroke="{_UNRELATED}" stroke-dasharray="4"/>'
    )
    for k, (middle, ratio) in enumerate(zip(middles, ratios, strict=True)):
        missing, unrelated = int(found.true[enough][k]), int(found.unrelated[enough][k])
        # Two standard errors of the logarithm of a ratio of two counts.
        error = 2 * math.sqrt(1 / missing + 1 / unrelated) / math.log(10)
        lower, upper = y(max(-reach, ratio - error)), y(min(reach, ratio + error))
        yield f'<line x1="{x(middle):.1f}" x2="{x(middle):.1f}" y1="{lower:.1f}" y2="{upper:.1f}" stroke="{_TRUE}"/>'
        yield (
            f'<circle cx="{x(middle):.1f}" cy="{y(ratio):.1f}" r="3.5" fill="{_TRUE}"><title>log10 LR {middle:.2f}: '
            f"{missing:,} missing and {unrelated:,} unrelated persons, log10 of their ratio {ratio:.2f}</title></circle>"
        )
    yield _text(_LEFT + _SQUARE / 2, top + _SQUARE + 34, "log10 LR", _INK, "middle")
    aside = _LEFT + _SQUARE + 24
    yield _text(aside, top + 16, "Up: log10 of how many times as frequent.", _INK)
    yield _text(aside, top + 34, "Bars: two standard errors. Dashed: perfect.", _INK)
    yield _text(aside, top + 52, f"Bins with {_FEWEST} persons of each kind or more.", _INK)


def _scale(low: float, high: float, first: float, last: float) -> Scale:
    return lambda value: first + (max(low, min(high, value)) - low) / (high - low) * (last - first)


def _below(x: Scale, low: float, high: float, top: float) -> Iterable[str]:
    """The axis of log10 LR under a panel."""
    for tick in range(int(low), int(high) + 1, 5):
        yield _text(x(tick), top + _TALL + 16, _signed(tick), _INK, "middle")
    yield _text(_WIDTH - _RIGHT, top + _TALL + 32, "log10 LR", _INK, "end")


def _level(y: float, label: str) -> str:
    line = f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_FAINT}"/>'
    return line + _text(_LEFT - 8, y + 4, label, _INK, "end")


def _curve(points: Sequence[tuple[float, float]]) -> str:
    path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
    return f'<polyline points="{path}" fill="none" stroke="{_TRUE}" stroke-width="2"/>'


def _heading(top: float, text: str) -> str:
    return f'<text x="{_LEFT - 70}" y="{top - 18}" font-weight="bold">{text}</text>'


def _text(x: float, y: float, text: str, colour: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{text}</text>'


def _signed(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
