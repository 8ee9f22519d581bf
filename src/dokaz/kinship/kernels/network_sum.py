"""Compiled variable elimination: fills the factors of one network and sums its variables out, in logs."""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Any

import numpy as np

from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.kernels.compiled import compiled


class FactorKind(IntEnum):
    """What a factor of the network says; the variables it spans are named in brackets."""

    UNARY = 0  # (genotype or allele): founder frequencies of the sides in aux, times the state's own weight
    UNARY_INBRED = 1  # (genotype): the same for an inbred founder
    PAIR_INBRED = 2  # (allele, allele): an inbred founder whose alleles are separate variables
    SEEN = 3  # (allele, allele): probability of what was seen
    SEEN_SAME = 4  # (allele): the same where both alleles are one founder allele
    CHOSEN = 5  # (selector, parent's allele, child): mutation probability if the selector points here, else 1
    PASSED = 6  # (parent's allele, child): mutation probability of the only allele that can be passed
    EITHER = 7  # (parent's genotype, child): mean over the parent's two alleles
    PICKED = 8  # (selector, parent's genotype, child): mutation probability of the allele that the selector points to
    LINK = 9  # (selector, selector): recombination between neighbouring markers
    LINK_FIXED = 10  # (selector): the same where the first selector is fixed by symmetry


# Plain numbers, because compiled code does not know enumerations.
_UNARY, _UNARY_INBRED, _PAIR_INBRED, _SEEN, _SEEN_SAME = 0, 1, 2, 3, 4
_CHOSEN, _PASSED, _EITHER, _PICKED, _LINK, _LINK_FIXED = 5, 6, 7, 8, 9, 10

#: Tables whose largest entry lies outside are scaled.
TINY, HUGE = 1e-100, 1e100


@compiled()
def _unsigned(index: int) -> Any:
    """An index that is never negative: compiled code need not look whether it counts from the end."""
    return np.uint64(index)


@compiled()
def _fill(
    work: FloatArray, offsets: IntArray, net: tuple[Any, ...], variables: tuple[Any, ...], model: tuple[Any, ...]
) -> None:
    """Write the tables of the base factors, each from its offset on, last variable fastest."""
    base, factor_start, scope, _, _, _, fractions = net
    states_of, states, weights = variables
    q, matrices, all_seen = model
    for f in range(base.shape[0]):
        kind, side_a, side_b, aux = base[f, 0], base[f, 1], base[f, 2], base[f, 3]
        start, t = factor_start[f], offsets[f]
        matrix = matrices[base[f, 5], base[f, 4]]
        frequencies = q[base[f, 5]]
        first_variable = scope[start]
        if kind == _UNARY:
            for x in range(states_of[first_variable]):
                value = weights[first_variable, x]
                if aux & 1:
                    value *= frequencies[states[first_variable, x, 0]]
                if aux & 2:
                    value *= frequencies[states[first_variable, x, 1]]
                work[t + x] = value
        elif kind == _UNARY_INBRED:
            inbred = fractions[aux]
            for x in range(states_of[first_variable]):
                first, second = states[first_variable, x, 0], states[first_variable, x, 1]
                same = inbred if first == second else 0.0
                work[t + x] = (
                    weights[first_variable, x] * frequencies[first] * (same + (1 - inbred) * frequencies[second])
                )
        elif kind == _PAIR_INBRED:
            second_variable = scope[start + 1]
            inbred = fractions[aux]
            for x in range(states_of[first_variable]):
                first = states[first_variable, x, 0]
                for y in range(states_of[second_variable]):
                    second = states[second_variable, y, 0]
                    work[t] = frequencies[first] * (
                        (inbred if first == second else 0.0) + (1 - inbred) * frequencies[second]
                    )
                    t += 1
        elif kind == _SEEN:
            second_variable = scope[start + 1]
            for x in range(states_of[first_variable]):
                for y in range(states_of[second_variable]):
                    work[t] = all_seen[aux, states[first_variable, x, 0], states[second_variable, y, 0]]
                    t += 1
        elif kind == _SEEN_SAME:
            for x in range(states_of[first_variable]):
                work[t + x] = all_seen[aux, states[first_variable, x, 0], states[first_variable, x, 0]]
        elif kind == _CHOSEN:
            second_variable, third_variable = scope[start + 1], scope[start + 2]
            for s in range(states_of[first_variable]):
                here = states[first_variable, s, 0] == aux
                for x in range(states_of[second_variable]):
                    for y in range(states_of[third_variable]):
                        work[t] = (
                            matrix[states[second_variable, x, side_a], states[third_variable, y, side_b]]
                            if here
                            else 1.0
                        )
                        t += 1
        elif kind == _PASSED:
            second_variable = scope[start + 1]
            for x in range(states_of[first_variable]):
                for y in range(states_of[second_variable]):
                    work[t] = matrix[states[first_variable, x, side_a], states[second_variable, y, side_b]]
                    t += 1
        elif kind == _EITHER:
            second_variable = scope[start + 1]
            for x in range(states_of[first_variable]):
                for y in range(states_of[second_variable]):
                    child = states[second_variable, y, side_b]
                    work[t] = 0.5 * (
                        matrix[states[first_variable, x, 0], child] + matrix[states[first_variable, x, 1], child]
                    )
                    t += 1
        elif kind == _PICKED:
            second_variable, third_variable = scope[start + 1], scope[start + 2]
            for s in range(states_of[first_variable]):
                side = states[first_variable, s, 0]
                for x in range(states_of[second_variable]):
                    for y in range(states_of[third_variable]):
                        work[t] = matrix[states[second_variable, x, side], states[third_variable, y, side_b]]
                        t += 1
        elif kind == _LINK:
            r = fractions[aux]
            second_variable = scope[start + 1]
            for x in range(states_of[first_variable]):
                for y in range(states_of[second_variable]):
                    work[t] = 1 - r if states[first_variable, x, 0] == states[second_variable, y, 0] else r
                    t += 1
        elif kind == _LINK_FIXED:
            for x in range(states_of[first_variable]):
                work[t + x] = fractions[aux] if states[first_variable, x, 0] else 1 - fractions[aux]


# Inlined, as what follows: in small networks, handing arrays on takes as long as what is done with them.
@compiled(inline="always")
def table_starts(factor_start: IntArray, factor_variables: IntArray, states_of: IntArray) -> IntArray:
    """Where the table of each factor starts if they lie one after another; one more than factors."""
    starts = np.zeros(factor_start.size, dtype=np.int64)
    for f in range(factor_start.size - 1):
        size = 1
        for k in range(factor_start[f], factor_start[f + 1]):
            size *= states_of[factor_variables[k]]
        starts[f + 1] = starts[f] + size
    return starts


@compiled(inline="always")
def new_walk(factor_start: IntArray, step_start: IntArray) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Memory for walking the tables of any step side by side; see `start_walk`."""
    most_inputs, most_variables = 1, 1
    for step in range(step_start.size - 1):
        most_inputs = max(most_inputs, step_start[step + 1] - step_start[step])
    for f in range(factor_start.size - 1):
        most_variables = max(most_variables, factor_start[f + 1] - factor_start[f])
    return (
        np.empty(most_inputs, dtype=np.int64),
        np.empty(most_inputs, dtype=np.int64),
        np.empty((most_variables, most_inputs), dtype=np.int64),
        np.empty(most_variables, dtype=np.int64),
    )


@compiled(inline="always")
def start_walk(
    position: IntArray,
    stride_v: IntArray,
    strides: IntArray,
    digits: IntArray,
    inputs: IntArray,
    variable: int,
    out: int,
    factor_start: IntArray,
    factor_variables: IntArray,
    offsets: IntArray,
    states_of: IntArray,
) -> None:
    """Make ready to walk the tables of a step side by side.

    Args:
        position: Receives where each input starts.
        stride_v: Receives how far apart an input's entries for the next state of the variable are.
        strides: Receives the same for each variable of the output, shape (variables, inputs).
        digits: Receives the state of each variable of the output: 0.
        inputs: Factors multiplied.
        variable: The one summed out; -1: none.
        out: The factor that the step makes.
        factor_start, factor_variables, states_of: As in `sum_network`.
        offsets: Where the table of each factor starts.
    """
    first = factor_start[out]
    rank = factor_start[out + 1] - first
    for r in range(rank):
        digits[r] = 0
        for j in range(inputs.size):
            strides[r, j] = 0
    for j in range(inputs.size):
        f = inputs[j]
        position[j] = offsets[f]
        stride_v[j] = 0
        stride = 1
        for k in range(factor_start[f + 1] - 1, factor_start[f] - 1, -1):
            name = factor_variables[k]
            if name == variable:
                stride_v[j] = stride
            else:
                for r in range(rank):
                    if factor_variables[first + r] == name:
                        strides[r, j] = stride
                        break
            stride *= states_of[name]


@compiled(inline="always")
def next_entry(
    position: IntArray,
    strides: IntArray,
    digits: IntArray,
    inputs: int,
    last: int,
    scope: IntArray,
    states_of: IntArray,
) -> None:
    """Go on to the next entry of the output: its variables up to number `last` turn like an odometer, the last fastest."""
    for r in range(last, -1, -1):
        digits[r] += 1
        for j in range(inputs):
            position[j] += strides[r, j]
        turn = states_of[scope[r]]
        if digits[r] < turn:
            break
        digits[r] = 0
        for j in range(inputs):
            position[j] -= strides[r, j] * turn


@compiled()
def sum_network(net: tuple[Any, ...], variables: tuple[Any, ...], model: tuple[Any, ...], table: FloatArray) -> float:
    """Sum the network.

    Args:
        net: The network and the order of its sums:
            base: One row a base factor: kind, side_a, side_b, aux, sex, locus.
            factor_start, factor_variables: Variables of each factor, base factors first, then one for each step.
            step_variable: The variable summed out at each step; -1 in the last step, which only multiplies.
            step_start, step_factors: Factors multiplied at each step.
            fractions: Recombination fractions and founder inbreeding.
        variables: What evidence leaves to them:
            states_of: Number of states of each variable.
            states: Alleles of each state, shape (variables, states, 2); of a selector the side it points to.
            weights: Weight of each state, shape (variables, states).
        model: What the population and the profiles say:
            q: Founder frequencies, shape (loci, alleles).
            matrices: Mutation, shape (loci, 2 sexes: mothers, fathers, alleles, alleles).
            seen: Probability of what was seen given two alleles, shape (observations, alleles, alleles).
        table: Receives the last factor, scaled: one entry a state of the kept variables.

    Returns:
        Natural logarithm of the scale; the value of an entry is `table[i] * exp(result)`; -inf where all are zero.
    """
    base, factor_start, factor_variables, step_variable, step_start, step_factors, _ = net
    states_of, _, _ = variables
    n_base = base.shape[0]
    offsets = table_starts(factor_start, factor_variables, states_of)
    position, stride_v, strides, digits = new_walk(factor_start, step_start)
    work = np.empty(offsets[-1], dtype=np.float64)
    _fill(work, offsets, net, variables, model)
    ln_scale = 0.0
    for step in range(step_variable.size):
        variable = step_variable[step]
        first_in, last_in = step_start[step], step_start[step + 1]
        inputs = last_in - first_in
        out = n_base + step
        scope = factor_variables[factor_start[out] : factor_start[out + 1]]
        rank = scope.size
        start_walk(
            position, stride_v, strides, digits, step_factors[first_in:last_in], variable, out,
            factor_start, factor_variables, offsets, states_of,
        )  # fmt: skip
        terms = 1 if variable < 0 else states_of[variable]
        largest = 0.0
        target = offsets[out]
        # The last variable of the output is the inner loop; an odometer runs over the others.
        width = states_of[scope[rank - 1]] if rank else 1
        for _ in range((offsets[out + 1] - offsets[out]) // width):
            for _column in range(width):
                total = 0.0
                if inputs == 1:
                    i, di = _unsigned(position[0]), _unsigned(stride_v[0])
                    for _x in range(terms):
                        total += work[i]
                        i += di
                elif inputs == 2:
                    i, di = _unsigned(position[0]), _unsigned(stride_v[0])
                    k, dk = _unsigned(position[1]), _unsigned(stride_v[1])
                    for _x in range(terms):
                        total += work[i] * work[k]
                        i += di
                        k += dk
                elif inputs == 3:
                    i, di = _unsigned(position[0]), _unsigned(stride_v[0])
                    k, dk = _unsigned(position[1]), _unsigned(stride_v[1])
                    m, dm = _unsigned(position[2]), _unsigned(stride_v[2])
                    for _x in range(terms):
                        total += work[i] * work[k] * work[m]
                        i += di
                        k += dk
                        m += dm
                elif inputs == 4:
                    i, di = _unsigned(position[0]), _unsigned(stride_v[0])
                    k, dk = _unsigned(position[1]), _unsigned(stride_v[1])
                    m, dm = _unsigned(position[2]), _unsigned(stride_v[2])
                    o, do = _unsigned(position[3]), _unsigned(stride_v[3])
                    for _x in range(terms):
                        total += work[i] * work[k] * work[m] * work[o]
                        i += di
                        k += dk
                        m += dm
                        o += do
                else:
                    for x in range(terms):
                        product = 1.0
                        for j in range(inputs):
                            product *= work[position[j] + x * stride_v[j]]
                        total += product
                work[target] = total
                target += 1
                if total > largest:
                    largest = total
                if rank:
                    for j in range(inputs):
                        position[j] += strides[rank - 1, j]
            if rank == 0:
                break
            for j in range(inputs):
                position[j] -= strides[rank - 1, j] * width
            for r in range(rank - 2, -1, -1):
                digits[r] += 1
                for j in range(inputs):
                    position[j] += strides[r, j]
                turn = states_of[scope[r]]
                if digits[r] < turn:
                    break
                digits[r] = 0
                for j in range(inputs):
                    position[j] -= strides[r, j] * turn
        target = offsets[out]
        if largest == 0.0:
            for t in range(table.size):
                table[t] = 0.0
            return -math.inf
        if largest < TINY or largest > HUGE:
            for t in range(target, offsets[out + 1]):
                work[t] /= largest
            ln_scale += math.log(largest)
    last = offsets[offsets.size - 2]
    for t in range(table.size):
        table[t] = work[last + t]
    return ln_scale
