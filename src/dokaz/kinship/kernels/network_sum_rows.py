"""Compiled variable elimination over many markers at once: one network, one order, each entry a row of markers.

What `network_sum.sum_network` does for one marker is done here for a whole row, so that choosing strides and walking
tables is paid once and the arithmetic runs over neighbouring numbers. Markers with fewer alleles than the widest of a
row are filled up with alleles of frequency 0.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from dokaz.kinship.arrays import BoolArray, FloatArray, IntArray
from dokaz.kinship.kernels.network_sum import HUGE, TINY, place_inputs
from dokaz.kinship.kernels.program_sum import ALLELE, GENOTYPE, PHASED_GENOTYPE, SELECTOR

_UNARY, _UNARY_INBRED, _PAIR_INBRED, _SEEN, _SEEN_SAME = 0, 1, 2, 3, 4
_CHOSEN, _PASSED, _EITHER = 5, 6, 7


@numba.njit(cache=True)
def _states(
    kinds: IntArray,
    people: IntArray,
    one_allele: BoolArray,
    n: int,
    shown: IntArray,
    hidden: IntArray,
    states_of: IntArray,
    states: IntArray,
    weights: FloatArray,
) -> None:
    """States of the genotype variables: both phases, and those with a silent allele; unused ones weigh 0."""
    row = hidden.size
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


@numba.njit(cache=True)
def _explains(shown: IntArray, person: int, hidden: IntArray, r: int, x: int, y: int) -> bool:
    """Whether two alleles show the genotype that was seen."""
    one, two = shown[person, 0, r], shown[person, 1, r]
    if (x == one and y == two) or (x == two and y == one):
        return True
    behind = hidden[r]
    hides: bool = one == two and behind >= 0 and ((x == one and y == behind) or (x == behind and y == one))
    return hides


@numba.njit(cache=True)
def _allele(kinds: IntArray, states: IntArray, v: int, x: int, side: int, r: int) -> int:
    """The allele on one side of a variable's state."""
    if kinds[v] in (GENOTYPE, PHASED_GENOTYPE):
        return int(states[v, x, side, r])
    return x


@numba.njit(cache=True)
def _fill(
    out: FloatArray,
    t: int,
    factor: IntArray,
    scope: IntArray,
    kinds: IntArray,
    states_of: IntArray,
    states: IntArray,
    weights: FloatArray,
    q: FloatArray,
    matrix: FloatArray,
    shown: IntArray,
    hidden: IntArray,
    seen_people: IntArray,
    fractions: FloatArray,
) -> None:
    """Write one factor's rows from position t on, last variable fastest."""
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
                    value *= q[states[u, x, 0, r], r]
                if aux & 2:
                    value *= q[states[u, x, 1, r], r]
                out[t + x, r] = value
    elif kind == _UNARY_INBRED:
        f = fractions[aux]
        for x in range(states_of[u]):
            for r in range(row):
                first, second = states[u, x, 0, r], states[u, x, 1, r]
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
                            a = _allele(kinds, states, parent, x, side_a, r)
                            b = _allele(kinds, states, child, y, side_b, r)
                            out[t, r] = matrix[sex, a, b, r]
                    t += 1
    elif kind == _PASSED:
        for x in range(states_of[u]):
            for y in range(states_of[scope[1]]):
                for r in range(row):
                    a = _allele(kinds, states, u, x, side_a, r)
                    b = _allele(kinds, states, scope[1], y, side_b, r)
                    out[t, r] = matrix[sex, a, b, r]
                t += 1
    elif kind == _EITHER:
        for x in range(states_of[u]):
            for y in range(states_of[scope[1]]):
                for r in range(row):
                    b = _allele(kinds, states, scope[1], y, side_b, r)
                    out[t, r] = 0.5 * (matrix[sex, states[u, x, 0, r], b, r] + matrix[sex, states[u, x, 1, r], b, r])
                t += 1


@numba.njit(cache=True)
def sum_network_rows(
    base: IntArray,
    factor_start: IntArray,
    factor_variables: IntArray,
    step_variable: IntArray,
    step_start: IntArray,
    step_factors: IntArray,
    kinds: IntArray,
    people: IntArray,
    one_allele: BoolArray,
    fractions: FloatArray,
    seen_people: IntArray,
    q: FloatArray,
    matrix: FloatArray,
    shown: IntArray,
    hidden: IntArray,
    ln: FloatArray,
) -> None:
    """Sum one network for a row of markers.

    Args:
        base, factor_start, factor_variables, step_variable, step_start, step_factors: As in `network_sum.sum_network`.
        kinds: Of the variables, see `program_sum`.
        people, one_allele: Of each genotype the person, and whether one allele is held.
        fractions: Founder inbreeding.
        seen_people: The person of each SEEN factor.
        q, matrix, shown, hidden: From `marker_rows.fill_row`.
        ln: Receives the natural logarithm of each sum; -inf for 0.
    """
    row = hidden.size
    count = kinds.size
    states_of = np.empty(count, dtype=np.int64)
    states = np.empty((count, 3, 2, row), dtype=np.int64)
    weights = np.empty((count, 3, row))
    _states(kinds, people, one_allele, q.shape[0], shown, hidden, states_of, states, weights)
    factors = factor_start.size - 1
    n_base = base.shape[0]
    sizes = np.empty(factors, dtype=np.int64)
    offsets = np.zeros(factors + 1, dtype=np.int64)
    most_inputs, most_rank = 1, 1
    for f in range(factors):
        size = 1
        for k in range(factor_start[f], factor_start[f + 1]):
            size *= states_of[factor_variables[k]]
        sizes[f] = size
        offsets[f + 1] = offsets[f] + size
        most_rank = max(most_rank, factor_start[f + 1] - factor_start[f])
    for step in range(step_variable.size):
        most_inputs = max(most_inputs, step_start[step + 1] - step_start[step])
    work = np.empty((offsets[factors], row))
    for f in range(n_base):
        _fill(
            work,
            offsets[f],
            base[f],
            factor_variables[factor_start[f] : factor_start[f + 1]],
            kinds,
            states_of,
            states,
            weights,
            q,
            matrix,
            shown,
            hidden,
            seen_people,
            fractions,
        )
    position = np.empty(most_inputs, dtype=np.int64)
    stride_v = np.empty(most_inputs, dtype=np.int64)
    strides = np.empty((most_rank, most_inputs), dtype=np.int64)
    digits = np.empty(most_rank, dtype=np.int64)
    total = np.empty(row)
    largest = np.empty(row)
    ln[:] = 0.0
    for step in range(step_variable.size):
        variable = step_variable[step]
        first_in, last_in = step_start[step], step_start[step + 1]
        inputs = last_in - first_in
        out = n_base + step
        out_first = factor_start[out]
        rank = factor_start[out + 1] - out_first
        place_inputs(
            step_factors[first_in:last_in], variable, out, factor_start, factor_variables, offsets, states_of,
            position, stride_v, strides, digits,
        )  # fmt: skip
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
            for d in range(rank - 1, -1, -1):
                digits[d] += 1
                for j in range(inputs):
                    position[j] += strides[d, j]
                turn = states_of[factor_variables[out_first + d]]
                if digits[d] < turn:
                    break
                digits[d] = 0
                for j in range(inputs):
                    position[j] -= strides[d, j] * turn
        rescale = False
        for r in range(row):
            rescale = rescale or (largest[r] > 0 and (largest[r] < TINY or largest[r] > HUGE))
        if rescale:
            for r in range(row):
                scale = largest[r] if largest[r] > 0 else 1.0
                ln[r] += math.log(scale)
                for cell in range(offsets[out], offsets[out + 1]):
                    work[cell, r] /= scale
    last = offsets[factors - 1]
    for r in range(row):
        ln[r] = ln[r] + math.log(work[last, r]) if work[last, r] > 0 else -math.inf
