"""Compiled variable elimination over many markers at once: one network, one order, each entry a row of markers.

What `network_sum.sum_network` does for one marker is done here for a whole row, so that choosing strides and walking
tables is paid once and the arithmetic runs over neighbouring numbers. Markers with fewer alleles than the widest of a
row are filled up with alleles of frequency 0.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dokaz.kinship.arrays import BoolArray, FloatArray, IntArray
from dokaz.kinship.kernels.compiled import compiled
from dokaz.kinship.kernels.network_sum import HUGE, TINY, new_walk, next_entry, start_walk, table_starts
from dokaz.kinship.kernels.program_sum import ALLELE, GENOTYPE, PHASED_GENOTYPE, SELECTOR

_UNARY, _UNARY_INBRED, _PAIR_INBRED, _SEEN, _SEEN_SAME = 0, 1, 2, 3, 4
_CHOSEN, _PASSED, _EITHER = 5, 6, 7


@compiled()
def states_of_rows(
    variables: tuple[IntArray, IntArray, BoolArray], n: int, shown: IntArray, hidden: IntArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """States of the genotype variables: both phases, and those with a silent allele; unused ones weigh 0."""
    kinds, people, one_allele = variables
    row = hidden.size
    states_of = np.empty(kinds.size, dtype=np.int64)
    states = np.empty((kinds.size, 3, 2, row), dtype=np.int64)
    weights = np.empty((kinds.size, 3, row))
    any_hidden = False
    for r in range(row):
        any_hidden = any_hidden or hidden[r] >= 0
    for v in range(kinds.size):
        person, fixed, single = people[v], kinds[v] == PHASED_GENOTYPE, one_allele[v]
        if kinds[v] == SELECTOR:
            states_of[v] = 2
        elif kinds[v] == ALLELE:
            states_of[v] = n
        else:
            count = 1 if single or fixed else 2
            if any_hidden and not single:
                count += 1
            states_of[v] = count
            for r in range(row):
                one, two = shown[person, 0, r], shown[person, 1, r]
                states[v, 0, 0, r], states[v, 0, 1, r] = one, two
                weights[v, 0, r] = 1.0
                if single:
                    continue
                last = 1
                if one == two:
                    if hidden[r] >= 0:
                        states[v, 1, 0, r], states[v, 1, 1, r] = one, hidden[r]
                        weights[v, 1, r] = 2.0 if fixed else 1.0
                        last = 2
                        if not fixed:
                            states[v, 2, 0, r], states[v, 2, 1, r] = hidden[r], one
                            weights[v, 2, r] = 1.0
                            last = 3
                elif fixed:
                    weights[v, 0, r] = 2.0
                else:
                    states[v, 1, 0, r], states[v, 1, 1, r] = two, one
                    weights[v, 1, r] = 1.0
                    last = 2
                for x in range(last, count):
                    states[v, x, 0, r] = 0
                    states[v, x, 1, r] = 0
                    weights[v, x, r] = 0.0
    return states_of, states, weights


@compiled()
def _explains(shown: IntArray, person: int, hidden: IntArray, r: int, x: int, y: int) -> bool:
    """Whether two alleles show the genotype that was seen."""
    one, two = shown[person, 0, r], shown[person, 1, r]
    if (x == one and y == two) or (x == two and y == one):
        return True
    behind = hidden[r]
    hides: bool = one == two and behind >= 0 and ((x == one and y == behind) or (x == behind and y == one))
    return hides


@compiled()
def _allele(kinds: IntArray, states: IntArray, v: int, x: int, side: int, r: int) -> int:
    """The allele on one side of a variable's state."""
    if kinds[v] in (GENOTYPE, PHASED_GENOTYPE):
        return int(states[v, x, side, r])
    return x


@compiled()
def _fill(
    out: FloatArray,
    t: int,
    factor: IntArray,
    scope: IntArray,
    kinds: IntArray,
    states: tuple[IntArray, IntArray, FloatArray],
    rows: tuple[FloatArray, FloatArray, IntArray, IntArray],
    seen_people: IntArray,
    fractions: FloatArray,
) -> None:
    """Write one factor's rows from position t on, last variable fastest."""
    states_of, alleles, weights = states
    q, matrix, shown, hidden = rows
    row = hidden.size
    kind, side_a, side_b, aux, sex = factor[0], factor[1], factor[2], factor[3], factor[4]
    u = scope[0]
    if kind == _UNARY and kinds[u] == ALLELE:
        for x in range(states_of[u]):
            for r in range(row):
                out[t + x, r] = q[x, r] if aux else 1.0
    elif kind == _UNARY:
        for x in range(states_of[u]):
            for r in range(row):
                value = weights[u, x, r]
                if aux & 1:
                    value *= q[alleles[u, x, 0, r], r]
                if aux & 2:
                    value *= q[alleles[u, x, 1, r], r]
                out[t + x, r] = value
    elif kind == _UNARY_INBRED:
        f = fractions[aux]
        for x in range(states_of[u]):
            for r in range(row):
                first, second = alleles[u, x, 0, r], alleles[u, x, 1, r]
                same = f if first == second else 0.0
                out[t + x, r] = weights[u, x, r] * q[first, r] * (same + (1 - f) * q[second, r])
    elif kind == _PAIR_INBRED:
        f = fractions[aux]
        for x in range(states_of[u]):
            for y in range(states_of[scope[1]]):
                for r in range(row):
                    out[t, r] = q[x, r] * ((f if x == y else 0.0) + (1 - f) * q[y, r])
                t += 1
    elif kind == _SEEN:
        person = seen_people[aux]
        for x in range(states_of[u]):
            for y in range(states_of[scope[1]]):
                for r in range(row):
                    out[t, r] = 1.0 if _explains(shown, person, hidden, r, x, y) else 0.0
                t += 1
    elif kind == _SEEN_SAME:
        person = seen_people[aux]
        for x in range(states_of[u]):
            for r in range(row):
                out[t + x, r] = 1.0 if _explains(shown, person, hidden, r, x, x) else 0.0
    elif kind == _CHOSEN:
        parent, child = scope[1], scope[2]
        for s in range(2):
            for x in range(states_of[parent]):
                for y in range(states_of[child]):
                    if s != aux:
                        for r in range(row):
                            out[t, r] = 1.0
                    else:
                        for r in range(row):
                            a = _allele(kinds, alleles, parent, x, side_a, r)
                            b = _allele(kinds, alleles, child, y, side_b, r)
                            out[t, r] = matrix[sex, a, b, r]
                    t += 1
    elif kind == _PASSED:
        for x in range(states_of[u]):
            for y in range(states_of[scope[1]]):
                for r in range(row):
                    a = _allele(kinds, alleles, u, x, side_a, r)
                    b = _allele(kinds, alleles, scope[1], y, side_b, r)
                    out[t, r] = matrix[sex, a, b, r]
                t += 1
    elif kind == _EITHER:
        for x in range(states_of[u]):
            for y in range(states_of[scope[1]]):
                for r in range(row):
                    b = _allele(kinds, alleles, scope[1], y, side_b, r)
                    out[t, r] = 0.5 * (matrix[sex, alleles[u, x, 0, r], b, r] + matrix[sex, alleles[u, x, 1, r], b, r])
                t += 1


@compiled()
def sum_network_rows(
    net: tuple[Any, ...],
    variables: tuple[IntArray, IntArray, BoolArray],
    seen_people: IntArray,
    rows: tuple[FloatArray, FloatArray, IntArray, IntArray],
    ln: FloatArray,
) -> None:
    """Sum one network for a row of markers.

    Args:
        net: As in `network_sum.sum_network`.
        variables: Their kinds (see `program_sum`); of each genotype the person, and whether one allele is held.
        seen_people: The person of each SEEN factor.
        rows: q, matrix, shown and hidden, from `marker_rows.fill_row`.
        ln: Receives the natural logarithm of each sum; -inf for 0.
    """
    base, factor_start, factor_variables, step_variable, step_start, step_factors, fractions = net
    q, _, shown, hidden = rows
    row = hidden.size
    states = states_of_rows(variables, q.shape[0], shown, hidden)
    states_of = states[0]
    n_base = base.shape[0]
    offsets = table_starts(factor_start, factor_variables, states_of)
    work = np.empty((offsets[-1], row))
    for f in range(n_base):
        scope = factor_variables[factor_start[f] : factor_start[f + 1]]
        _fill(work, offsets[f], base[f], scope, variables[0], states, rows, seen_people, fractions)
    position, stride_v, strides, digits = new_walk(factor_start, step_start)
    total = np.empty(row)
    largest = np.empty(row)
    ln[:] = 0.0
    for step in range(step_variable.size):
        variable = step_variable[step]
        first_in, last_in = step_start[step], step_start[step + 1]
        inputs = last_in - first_in
        out = n_base + step
        scope = factor_variables[factor_start[out] : factor_start[out + 1]]
        start_walk(
            position, stride_v, strides, digits, step_factors[first_in:last_in], variable, out,
            factor_start, factor_variables, offsets, states_of,
        )  # fmt: skip
        rank = scope.size
        terms = 1 if variable < 0 else states_of[variable]
        largest[:] = 0.0
        for cell in range(offsets[out], offsets[out + 1]):
            total[:] = 0.0
            for x in range(terms):
                if inputs == 1:
                    first = work[position[0] + x * stride_v[0]]
                    for r in range(row):
                        total[r] += first[r]
                elif inputs == 2:
                    first = work[position[0] + x * stride_v[0]]
                    second = work[position[1] + x * stride_v[1]]
                    for r in range(row):
                        total[r] += first[r] * second[r]
                elif inputs == 3:
                    first = work[position[0] + x * stride_v[0]]
                    second = work[position[1] + x * stride_v[1]]
                    third = work[position[2] + x * stride_v[2]]
                    for r in range(row):
                        total[r] += first[r] * second[r] * third[r]
                elif inputs == 4:
                    first = work[position[0] + x * stride_v[0]]
                    second = work[position[1] + x * stride_v[1]]
                    third = work[position[2] + x * stride_v[2]]
                    fourth = work[position[3] + x * stride_v[3]]
                    for r in range(row):
                        total[r] += first[r] * second[r] * third[r] * fourth[r]
                else:
                    for r in range(row):
                        product = 1.0
                        for j in range(inputs):
                            product *= work[position[j] + x * stride_v[j], r]
                        total[r] += product
            target = work[cell]
            for r in range(row):
                target[r] = total[r]
                largest[r] = max(largest[r], total[r])
            next_entry(position, strides, digits, inputs, rank - 1, scope, states_of)
        rescale = False
        for r in range(row):
            rescale = rescale or (largest[r] > 0 and (largest[r] < TINY or largest[r] > HUGE))
        if rescale:
            for r in range(row):
                scale = largest[r] if largest[r] > 0 else 1.0
                ln[r] += math.log(scale)
                for cell in range(offsets[out], offsets[out + 1]):
                    work[cell, r] /= scale
    last = offsets[-2]
    for r in range(row):
        ln[r] = ln[r] + math.log(work[last, r]) if work[last, r] > 0 else -math.inf
