"""Sums and maxima over choices of families that share no remains: one family after another, forwards and backwards.

A set of remains is a number whose bits say which of them it holds.
"""

from __future__ import annotations

import math

from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.kernels.compiled import compiled


@compiled(nogil=True)
def forward_sum(before: FloatArray, sets: IntArray, weights: FloatArray, after: FloatArray) -> None:
    """One family more: add every choice that uses none of the remains already used."""
    after[:] = 0.0
    for k in range(sets.size):
        s, w = sets[k], weights[k]
        for used in range(before.size):
            if used & s == 0 and before[used] != 0.0:
                after[used | s] += w * before[used]


@compiled(nogil=True)
def backward_sum(after: FloatArray, sets: IntArray, weights: FloatArray, before: FloatArray) -> None:
    """The same backwards: what the later families can still make of the remains that are left."""
    before[:] = 0.0
    for k in range(sets.size):
        s, w = sets[k], weights[k]
        for used in range(after.size):
            if used & s == 0:
                before[used] += w * after[used | s]


@compiled(nogil=True)
def sum_through(
    forward: FloatArray, backward: FloatArray, sets: IntArray, weights: FloatArray, out: FloatArray
) -> None:
    """Total weight of all assignments in which a family makes each choice."""
    for k in range(sets.size):
        s = sets[k]
        total = 0.0
        for used in range(forward.size):
            if used & s == 0:
                total += forward[used] * backward[used | s]
        out[k] = total * weights[k]


@compiled(nogil=True)
def forward_best(before: FloatArray, sets: IntArray, ln_weights: FloatArray, after: FloatArray) -> None:
    """As `forward_sum`, with the best instead of the sum, in logarithms."""
    after[:] = -math.inf
    for k in range(sets.size):
        s, w = sets[k], ln_weights[k]
        for used in range(before.size):
            if used & s == 0 and before[used] + w > after[used | s]:
                after[used | s] = before[used] + w


@compiled(nogil=True)
def backward_best(after: FloatArray, sets: IntArray, ln_weights: FloatArray, before: FloatArray) -> None:
    """As `backward_sum`, with the best instead of the sum, in logarithms."""
    before[:] = -math.inf
    for k in range(sets.size):
        s, w = sets[k], ln_weights[k]
        for used in range(after.size):
            if used & s == 0 and after[used | s] + w > before[used]:
                before[used] = after[used | s] + w


@compiled(nogil=True)
def best_through(
    forward: FloatArray, backward: FloatArray, sets: IntArray, ln_weights: FloatArray, out: FloatArray
) -> None:
    """The best assignment in which a family makes each choice, in logarithms."""
    for k in range(sets.size):
        s = sets[k]
        best = -math.inf
        for used in range(forward.size):
            if used & s == 0 and forward[used] + backward[used | s] > best:
                best = forward[used] + backward[used | s]
        out[k] = best + ln_weights[k]
