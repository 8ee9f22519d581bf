"""The compiled choice of an elimination order, against the same rules written plainly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dokaz.kinship.exact.elimination import Order, greedy
from dokaz.kinship.kernels.elimination_order import FILL, PRODUCT, TABLE

Scopes = Sequence[tuple[int, ...]]


def plainly(scopes: Scopes, sizes: Sequence[int], kept: tuple[int, ...], rule: int) -> Order:
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
        if rule == TABLE:
            return table, table * sizes[v], v
        if rule == PRODUCT:
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
        if rule == FILL:
            for u in out:
                touched |= neighbours[u]
        for u in touched & waiting:
            weights[u] = weight(u)
    step_variable.append(-1)
    step_inputs.append(list(live))
    all_scopes.append(kept)
    starts = np.cumsum([0, *(len(scope) for scope in all_scopes)]).astype(np.int64)
    arrays = (
        starts,
        np.array([v for scope in all_scopes for v in scope], dtype=np.int64),
        np.array(step_variable, dtype=np.int64),
        np.cumsum([0, *(len(inputs) for inputs in step_inputs)]).astype(np.int64),
        np.array([f for inputs in step_inputs for f in inputs], dtype=np.int64),
    )
    return Order(arrays, cost, largest, entries)


@st.composite
def networks(draw: st.DrawFn) -> tuple[Scopes, list[int], tuple[int, ...]]:
    sizes = draw(st.lists(st.sampled_from([1, 2, 3, 5, 10]), min_size=1, max_size=12))
    variable = st.integers(0, len(sizes) - 1)
    scope = st.lists(variable, min_size=1, max_size=3, unique=True).map(tuple)
    scopes = draw(st.lists(scope, min_size=1, max_size=20))
    used = sorted({v for one in scopes for v in one})
    kept = draw(st.lists(st.sampled_from(used), max_size=2, unique=True).map(tuple))
    return scopes, sizes, kept


@given(networks(), st.sampled_from([TABLE, PRODUCT, FILL]))
def test_the_compiled_order_is_the_one_that_the_rules_say(
    network: tuple[Scopes, list[int], tuple[int, ...]], rule: int
) -> None:
    ours, plain = greedy(*network, rule), plainly(*network, rule)
    assert all(np.array_equal(one, other) for one, other in zip(ours.arrays, plain.arrays, strict=True))
    assert (ours.cost, ours.largest_table, ours.total_table) == (plain.cost, plain.largest_table, plain.total_table)
