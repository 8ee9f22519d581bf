"""What a likelihood ratio is called in words, on the scale that the European forensic institutes recommend.

A verbal scale is a convention: it adds nothing to the number, and other scales cut it elsewhere. So it is always named.

Source: ENFSI 2015, Guideline for Evaluative Reporting in Forensic Science, approved version 3.0, section 4, table of verbal
equivalents. The guideline has no words for ratios between 1 and 2; here they count with 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from dokaz.reports.words import gettext_noop

SCALE_NAME = "ENFSI 2015"
SCALE_SOURCE = (
    "European Network of Forensic Science Institutes 2015, ENFSI Guideline for Evaluative Reporting in Forensic Science, "
    "version 3.0"
)


@dataclass(frozen=True, slots=True)
class Grade:
    """One row of the scale.

    Args:
        at_least: The least ratio of the row.
        below: Where the next one begins; infinite for the last.
        support: In English; translated where it is shown.
    """

    at_least: float
    below: float
    support: str


GRADES = (
    Grade(1.0, 2.0, gettext_noop("no support for one hypothesis over the other")),
    Grade(2.0, 10.0, gettext_noop("weak support")),
    Grade(10.0, 100.0, gettext_noop("moderate support")),
    Grade(100.0, 1e3, gettext_noop("moderately strong support")),
    Grade(1e3, 1e4, gettext_noop("strong support")),
    Grade(1e4, 1e6, gettext_noop("very strong support")),
    Grade(1e6, math.inf, gettext_noop("extremely strong support")),
)


def grade_of(log10_lr: float) -> int | None:
    """The row of `GRADES` that a likelihood ratio, or for one below 1 its reciprocal, belongs to.

    Args:
        log10_lr: Its logarithm to base 10; which hypothesis is supported is its sign.

    Returns:
        None where a hypothesis, or both, is impossible: the scale has no words for that.

    Example:
        >>> [GRADES[row].support for log10 in (0.2, 1, -1, 5.155) if (row := grade_of(log10)) is not None][1:]
        ['moderate support', 'moderate support', 'very strong support']
    """
    if not math.isfinite(log10_lr):
        return None
    size = abs(log10_lr)
    return next(row for row in range(len(GRADES) - 1, -1, -1) if size >= math.log10(GRADES[row].at_least))
