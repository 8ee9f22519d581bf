"""Compiled genotype elimination: drops the states that Mendel forbids, before anything is summed."""

from __future__ import annotations

from typing import Any

import numpy as np

from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.kernels.compiled import compiled
from dokaz.kinship.kernels.network_sum import FactorKind

# Plain numbers, because compiled code does not know enumerations.
_UNARY, _CHOSEN, _PASSED = int(FactorKind.UNARY), int(FactorKind.CHOSEN), int(FactorKind.PASSED)
_EITHER, _PICKED = int(FactorKind.EITHER), int(FactorKind.PICKED)

#: Alleles are kept in the bits of a word; markers with more are left as they are.
_BITS = 64


@compiled(nogil=True)
def reachable(matrix: FloatArray, to: IntArray, back: IntArray) -> bool:
    """What can be passed on as what.

    Args:
        matrix: Mutation at one marker, shape (2 sexes, alleles, alleles).
        to: Receives for each sex and parent's allele the child's possible alleles, as bits.
        back: Receives for each sex and child's allele the parent's possible alleles, as bits.

    Returns:
        Whether anything is impossible, and hence whether `prune` can drop anything.
    """
    size = matrix.shape[1]
    if size > _BITS:
        return False
    impossible = False
    one = np.int64(1)
    for sex in range(2):
        to[sex, :size] = 0
        back[sex, :size] = 0
        for a in range(size):
            for b in range(size):
                if matrix[sex, a, b] > 0:
                    to[sex, a] |= one << b
                    back[sex, b] |= one << a
                else:
                    impossible = True
    return impossible


@compiled(nogil=True)
def _forward(live: IntArray, v: int, side: int, states: IntArray, states_of: IntArray, to: IntArray, sex: int) -> Any:
    """Alleles that a child can have of the allele on one side of a variable; of either side if it is -1."""
    found: Any = np.int64(0)
    for x in range(states_of[v]):
        if live[v, x]:
            if side < 0:
                found |= to[sex, states[v, x, 0]] | to[sex, states[v, x, 1]]
            else:
                found |= to[sex, states[v, x, side]]
    return found


@compiled(nogil=True)
def _keep(live: IntArray, v: int, side: int, states: IntArray, states_of: IntArray, allowed: Any) -> int:
    """Drop the states of a variable without an allowed allele on one side (-1: on any); how many were dropped."""
    dropped = 0
    for x in range(states_of[v]):
        if live[v, x]:
            if side < 0:
                fits = ((allowed >> states[v, x, 0]) | (allowed >> states[v, x, 1])) & 1
            else:
                fits = (allowed >> states[v, x, side]) & 1
            if fits == 0:
                live[v, x] = 0
                dropped += 1
    return dropped


@compiled(nogil=True)
def prune(
    factors: tuple[IntArray, IntArray, IntArray],
    variables: tuple[IntArray, IntArray, FloatArray],
    q: FloatArray,
    to: IntArray,
    back: IntArray,
) -> bool:
    """Drop the states of variables that no state of a parent or child allows, until no more can be dropped.

    What is dropped has probability 0, hence sums stay the same; there is only less to sum. One marker, no kept variables.

    Args:
        factors: base, factor_start and factor_variables as in `network_sum.sum_network`.
        variables: As there; changed in place.
        q: Founder frequencies.
        to, back: From `reachable`.

    Returns:
        Whether a variable is left without a state: the evidence is impossible.

    Source: Lange & Goradia 1987 (genotype elimination).
    """
    base, factor_start, factor_variables = factors
    states_of, states, weights = variables
    live = np.ones(weights.shape, dtype=np.int64)
    for f in range(base.shape[0]):
        if base[f, 0] == _UNARY:
            v, aux = factor_variables[factor_start[f]], base[f, 3]
            for x in range(states_of[v]):
                if (aux & 1 and q[states[v, x, 0]] == 0) or (aux & 2 and q[states[v, x, 1]] == 0):
                    live[v, x] = 0
    below: Any
    above: Any
    passed: Any
    dropped = 1
    while dropped:
        dropped = 0
        for f in range(base.shape[0]):
            kind, side_a, side_b, aux, sex = base[f, 0], base[f, 1], base[f, 2], base[f, 3], base[f, 4]
            at = factor_start[f]
            if kind in (_PASSED, _EITHER):
                parent, child = factor_variables[at], factor_variables[at + 1]
                side = side_a if kind == _PASSED else -1
                below = _forward(live, child, side_b, states, states_of, back, sex)
                dropped += _keep(live, parent, side, states, states_of, below)
                above = _forward(live, parent, side, states, states_of, to, sex)
                dropped += _keep(live, child, side_b, states, states_of, above)
            elif kind in (_PICKED, _CHOSEN):
                selector, parent, child = factor_variables[at], factor_variables[at + 1], factor_variables[at + 2]
                below = _forward(live, child, side_b, states, states_of, back, sex)
                above = np.int64(0)
                for choice in range(2):
                    if not live[selector, choice]:
                        continue
                    if kind == _CHOSEN and choice != aux:
                        above |= -1  # the allele comes from elsewhere
                        continue
                    passed = np.int64(0)
                    fits = False
                    side = side_a if kind == _CHOSEN else choice
                    for x in range(states_of[parent]):
                        if live[parent, x]:
                            fits = fits or bool((below >> states[parent, x, side]) & 1)
                            passed |= to[sex, states[parent, x, side]]
                    if fits:
                        above |= passed
                    else:
                        live[selector, choice] = 0
                        dropped += 1
                first, second = live[selector, 0], live[selector, 1]
                if kind == _CHOSEN:
                    if not (second if aux == 0 else first):
                        dropped += _keep(live, parent, side_a, states, states_of, below)
                elif first and second:
                    dropped += _keep(live, parent, -1, states, states_of, below)
                else:
                    dropped += _keep(live, parent, 0 if first else 1, states, states_of, below)
                dropped += _keep(live, child, side_b, states, states_of, above)
    for v in range(states_of.size):
        count = 0
        for x in range(states_of[v]):
            if live[v, x]:
                states[v, count, 0], states[v, count, 1] = states[v, x, 0], states[v, x, 1]
                weights[v, count] = weights[v, x]
                count += 1
        states_of[v] = count
        if count == 0:
            return True
    return False
