"""In which order to sum the variables of a network out: the cheapest of several greedy orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dokaz.errors import TooComplex
from dokaz.kinship.arrays import IntArray
from dokaz.kinship.kernels.elimination_order import FILL, PRODUCT, TABLE, greedy_order

#: Above this many table entries an exact likelihood is refused (8 bytes each).
LARGEST_TABLE = 2**27


@dataclass(frozen=True)
class Order:
    """An elimination order as compiled code takes it, and its cost in multiplications.

    Args:
        arrays: factor_start, factor_variables, step_variable, step_start and step_factors; see `network_sum.sum_network`.
        cost: Multiplications.
        largest_table: Entries of the largest table.
        total_table: Entries of all tables together, the given factors included.
    """

    arrays: tuple[IntArray, IntArray, IntArray, IntArray, IntArray]
    cost: float
    largest_table: float
    total_table: float


def cheapest_order(scopes: Sequence[tuple[int, ...]], sizes: Sequence[int], kept: tuple[int, ...] = ()) -> Order:
    """Choose an order by cost.

    Args:
        scopes: Variables of each factor.
        sizes: States of each variable.
        kept: Variables that stay; they span the last table, in this order.

    Raises:
        TooComplex: the best order found still needs a table above `LARGEST_TABLE` entries.

    Source: Koller & Friedman 2009, section 9.4.3 (min-weight, weighted min-fill and the size of the next product).
    """
    best: Order | None = None
    for rule in (TABLE, PRODUCT, FILL):
        order = greedy(scopes, sizes, kept, rule)
        if best is None or order.cost < best.cost:
            best = order
    assert best is not None
    if best.largest_table > LARGEST_TABLE:
        raise TooComplex(
            f"the cheapest elimination needs a table of {best.largest_table:.2g} entries (limit {LARGEST_TABLE:.2g})",
            next_step="use a lumpable mutation model (equal, proportional), or split the pedigree",
        )
    return best


def greedy(scopes: Sequence[tuple[int, ...]], sizes: Sequence[int], kept: tuple[int, ...], rule: int) -> Order:
    """The order that one rule of `kernels.elimination_order` gives."""
    starts = np.zeros(len(scopes) + 1, dtype=np.int64)
    np.cumsum([len(scope) for scope in scopes], out=starts[1:])
    variables = np.array([v for scope in scopes for v in scope], dtype=np.int64)
    numbers = np.array(sizes, dtype=np.float64)
    return Order(*greedy_order(starts, variables, numbers, np.array(kept, dtype=np.int64), rule))
