"""Compiled greedy choice of an elimination order."""

from __future__ import annotations

from typing import Any

import numpy as np

from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.kernels.compiled import compiled

#: What a rule makes small: the table that a step leaves, the product it sums, or the pairs of variables it newly ties.
TABLE, PRODUCT, FILL = 0, 1, 2


@compiled()
def _weigh(v: int, rule: int, near: Any, sizes: FloatArray, weights: FloatArray) -> None:
    """How much summing out a variable costs: what the rule makes small, then what breaks ties."""
    table, fill = 1.0, 0.0
    for a in range(sizes.size):
        if near[v, a]:
            table *= sizes[a]
            if rule == FILL:
                for b in range(a + 1, sizes.size):
                    if near[v, b] and not near[a, b]:
                        fill += sizes[a] * sizes[b]
    if rule == TABLE:
        weights[v, 0], weights[v, 1] = table, table * sizes[v]
    elif rule == PRODUCT:
        weights[v, 0], weights[v, 1] = table * sizes[v], table
    else:
        weights[v, 0], weights[v, 1] = fill, table


@compiled()
def greedy_order(
    scope_start: IntArray, scope_variables: IntArray, sizes: FloatArray, kept: IntArray, rule: int
) -> tuple[tuple[IntArray, IntArray, IntArray, IntArray, IntArray], float, float, float]:
    """At each step sum out the variable that a rule prefers, the lowest number among equals.

    Args:
        scope_start, scope_variables: Variables of each factor.
        sizes: States of each variable.
        kept: Variables that stay; they span the last table, in this order.
        rule: `TABLE`, `PRODUCT` or `FILL`.

    Returns:
        The fields of `elimination.Order`, in their order.
    """
    n, base = sizes.size, scope_start.size - 1
    near = np.zeros((n, n), dtype=np.bool_)
    waiting = np.zeros(n, dtype=np.bool_)
    entries = 0.0
    for f in range(base):
        table = 1.0
        for k in range(scope_start[f], scope_start[f + 1]):
            a = scope_variables[k]
            waiting[a] = True
            table *= sizes[a]
            for m in range(k + 1, scope_start[f + 1]):
                b = scope_variables[m]
                if a != b:
                    near[a, b] = True
                    near[b, a] = True
        entries += table
    for v in kept:
        waiting[v] = False
    steps = int(waiting.sum())
    weights = np.empty((n, 2))
    for v in range(n):
        if waiting[v]:
            _weigh(v, rule, near, sizes, weights)
    starts = np.empty(base + steps + 2, dtype=np.int64)
    starts[: base + 1] = scope_start
    variables = np.empty(scope_variables.size + steps * n + kept.size, dtype=np.int64)
    variables[: scope_variables.size] = scope_variables
    live = np.ones(base + steps, dtype=np.bool_)
    live[base:] = False
    step_variable = np.full(steps + 1, -1, dtype=np.int64)
    step_start = np.zeros(steps + 2, dtype=np.int64)
    step_factors = np.empty(base + steps, dtype=np.int64)
    touched = np.zeros(n, dtype=np.bool_)
    cost, largest, taken = 0.0, 1.0, 0
    for step in range(steps):
        variable = -1
        for v in range(n):
            if waiting[v] and (
                variable < 0
                or weights[v, 0] < weights[variable, 0]
                or (weights[v, 0] == weights[variable, 0] and weights[v, 1] < weights[variable, 1])
            ):
                variable = v
        waiting[variable] = False
        step_variable[step] = variable
        before = taken
        for f in range(base + step):
            if live[f]:
                for k in range(starts[f], starts[f + 1]):
                    if variables[k] == variable:
                        live[f] = False
                        step_factors[taken] = f
                        taken += 1
                        break
        step_start[step + 1] = taken
        end, table = starts[base + step], 1.0
        for u in range(n):
            if near[variable, u]:
                variables[end] = u
                table *= sizes[u]
                end += 1
        starts[base + step + 1] = end
        live[base + step] = True
        cost += table * sizes[variable] * (taken - before)
        largest = max(largest, table)
        entries += table
        touched[:] = False
        for a in range(n):
            if near[variable, a]:
                touched[a] = True
                near[a, variable] = False
                for b in range(n):
                    if near[variable, b] and a != b:
                        near[a, b] = True
        if rule == FILL:
            for a in range(n):
                if near[variable, a]:
                    touched |= near[a]
        for a in range(n):
            if touched[a] and waiting[a]:
                _weigh(a, rule, near, sizes, weights)
    for f in range(base + steps):
        if live[f]:
            step_factors[taken] = f
            taken += 1
    step_start[steps + 1] = taken
    end = starts[base + steps]
    for v in kept:
        variables[end] = v
        end += 1
    starts[base + steps + 1] = end
    arrays = (starts, variables[:end].copy(), step_variable, step_start, step_factors[:taken])
    return arrays, cost, largest, entries
