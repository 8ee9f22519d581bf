"""In which order to sum the variables of a network out: the cheapest of several greedy orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dokaz.errors import TooComplex
from dokaz.kinship.kernel import IntArray

#: Above this many table entries an exact likelihood is refused (8 bytes each).
LARGEST_TABLE = 2**27


@dataclass(frozen=True)
class Order:
    """An elimination order in the form that the kernel takes, and its cost in multiplications."""

    factor_start: IntArray
    factor_variables: IntArray
    step_variable: IntArray
    step_start: IntArray
    step_factors: IntArray
    cost: float
    largest_table: float
    # Entries of all tables together, the given factors included.
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
    for rule in ("table", "product", "fill"):
        order = _order(scopes, sizes, kept, rule)
        if best is None or order.cost < best.cost:
            best = order
    assert best is not None
    if best.largest_table > LARGEST_TABLE:
        raise TooComplex(
            f"the cheapest elimination needs a table of {best.largest_table:.2g} entries (limit {LARGEST_TABLE:.2g})",
            next_step="use a lumpable mutation model (equal, proportional), or split the pedigree",
        )
    return best


def _order(scopes: Sequence[tuple[int, ...]], sizes: Sequence[int], kept: tuple[int, ...], rule: str) -> Order:
    live: dict[int, tuple[int, ...]] = dict(enumerate(scopes))
    neighbours: dict[int, set[int]] = {v: set() for v in range(len(sizes))}
    for scope in scopes:
        for v in scope:
            neighbours[v].update(scope)
    for v, others in neighbours.items():
        others.discard(v)
    waiting = {v for scope in scopes for v in scope} - set(kept)
    all_scopes = list(scopes)
    step_variable: list[int] = []
    step_inputs: list[list[int]] = []
    cost, largest, entries = 0.0, 1.0, 0.0
    for scope in scopes:
        table = 1.0
        for v in scope:
            table *= sizes[v]
        entries += table

    def weight(v: int) -> tuple[float, float, int]:
        table = 1.0
        for u in neighbours[v]:
            table *= sizes[u]
        if rule == "table":
            return table, table * sizes[v], v
        if rule == "product":
            return table * sizes[v], table, v
        around = sorted(neighbours[v])
        fill = sum(sizes[a] * sizes[b] for i, a in enumerate(around) for b in around[i + 1 :] if b not in neighbours[a])
        return float(fill), table, v

    weights = {v: weight(v) for v in waiting}
    while waiting:
        variable = min(waiting, key=weights.__getitem__)
        waiting.discard(variable)
        inputs = [f for f, scope in live.items() if variable in scope]
        around = neighbours.pop(variable)
        out = tuple(sorted(around))
        table = 1.0
        for u in out:
            table *= sizes[u]
        cost += table * sizes[variable] * len(inputs)
        largest = max(largest, table)
        entries += table
        for f in inputs:
            del live[f]
        live[len(all_scopes)] = out
        all_scopes.append(out)
        step_variable.append(variable)
        step_inputs.append(inputs)
        touched = set(out)
        for u in out:
            neighbours[u].discard(variable)
            neighbours[u].update(around)
            neighbours[u].discard(u)
        if rule == "fill":
            for u in out:
                touched |= neighbours[u]
        for u in touched & waiting:
            weights[u] = weight(u)
    step_variable.append(-1)
    step_inputs.append(list(live))
    all_scopes.append(kept)
    starts = np.cumsum([0, *(len(scope) for scope in all_scopes)]).astype(np.int64)
    return Order(
        starts,
        np.array([v for scope in all_scopes for v in scope], dtype=np.int64),
        np.array(step_variable, dtype=np.int64),
        np.cumsum([0, *(len(inputs) for inputs in step_inputs)]).astype(np.int64),
        np.array([f for inputs in step_inputs for f in inputs], dtype=np.int64),
        cost,
        largest,
        entries,
    )
