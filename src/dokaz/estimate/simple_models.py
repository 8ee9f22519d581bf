"""Two estimates to read the others against: lists that know nothing of each other, and Chao's lower bound.

Independence is what the lists would say if who is on one were no more often on another. People differ (the known,
the released, those from towns are on more lists), which makes independence too small; Chao's bound allows for it: it
takes what the people on one and on two lists say and leaves those on three and more free. Neither says which lists
depend on each other.

Source: Chao 1987, Biometrics 43; as a log-linear model Rivest & Baillargeon 2007, Biometrics 63, section 3.
"""

from __future__ import annotations

import numpy as np

from dokaz.estimate.hierarchical_models import design
from dokaz.estimate.overlaps import OverlapTable
from dokaz.estimate.profile_interval import ProfileInterval, profile_interval


def independence(table: OverlapTable) -> ProfileInterval:
    """Size of the population if lists do not depend on each other.

    Raises:
        NotEstimable: the table allows no estimate.

    Example: two thirds of list A and two thirds of list B are on C, so C holds two thirds of all:
        >>> table = OverlapTable.of("ABC", [("ABC", 8), ("AB", 4), ("AC", 4), ("BC", 4), ("A", 2), ("B", 2), ("C", 2)])
        >>> round(independence(table).n, 1)  # 26 seen; the likeliest number is a little below the expected 27
        26.3
    """
    table.must_be_estimable()
    return profile_interval(design([], len(table.lists)), table.counts, table.impossible)


def chao_lower_bound(table: OverlapTable) -> ProfileInterval:
    """A lower bound of the size where people differ in how easily they come onto a list.

    Parameters that would make it smaller than independence (fewer people on many lists than independence expects)
    are zero.

    Raises:
        NotEstimable: the table allows no estimate.
    """
    table.must_be_estimable()
    lists = len(table.lists)
    on = table.on_list.sum(axis=1)
    more = [np.maximum(on - at, 0).astype(float) for at in range(2, int(on[~table.impossible].max()))]
    columns = np.column_stack([design([], lists), *more])
    return profile_interval(columns, table.counts, table.impossible, not_negative=len(more))
