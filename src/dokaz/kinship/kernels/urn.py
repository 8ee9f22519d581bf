"""Balding–Nichols draws of founder alleles: what the known ones leave for the next, and for a stranger.

After n draws the next allele is a with probability (θ·nₐ + (1 − θ)·pₐ) / (1 + (n − 1)·θ), where nₐ of the n are a.
"""

from __future__ import annotations

import math

import numpy as np

from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.kernels.compiled import compiled

_TINY = 1e-100


@compiled(nogil=True)
def draw(q: FloatArray, drawn: IntArray, theta: float, ln: FloatArray) -> FloatArray:
    """Draw founder alleles that are known.

    Args:
        q: Population frequencies, shape (alleles, markers).
        drawn: The known alleles in the order of drawing, shape (draws, markers).
        theta: Coancestry coefficient.
        ln: Receives the natural logarithm of the probability of drawing them, one per marker.

    Returns:
        Frequencies for further draws, of the shape of `q`.
    """
    updated = q.copy()
    n = drawn.shape[0]
    ln[:] = 0.0
    if n == 0:
        return updated
    counts = np.empty(q.shape[0])
    for r in range(q.shape[1]):
        counts[:] = 0.0
        probability = 1.0
        for i in range(n):
            allele = drawn[i, r]
            # The first draw apart: with theta 1 the general formula would divide by 0.
            if i == 0:
                probability *= q[allele, r]
            else:
                probability *= (theta * counts[allele] + (1 - theta) * q[allele, r]) / (1 + (i - 1) * theta)
            counts[allele] += 1
            if probability < _TINY and probability > 0:
                ln[r] += math.log(probability)
                probability = 1.0
        ln[r] = ln[r] + math.log(probability) if probability > 0 else -math.inf
        for a in range(q.shape[0]):
            updated[a, r] = (theta * counts[a] + (1 - theta) * q[a, r]) / (1 + (n - 1) * theta)
    return updated


@compiled(nogil=True)
def stranger(
    q: FloatArray,
    counts: FloatArray,
    draws: int,
    theta: float,
    one_allele: bool,
    nothing: float,
    each: FloatArray,
    pairs: FloatArray,
    out: FloatArray,
) -> None:
    """Ordered alleles of an unrelated person of the same population, after founders of whom some are known.

    Args:
        q: Population frequencies.
        counts: How often each allele is among the known founder alleles.
        draws: Known and unknown founder alleles.
        theta: Coancestry coefficient.
        one_allele: Whether the person has a single allele, a man's X.
        nothing: Probability of the relatives' profiles.
        each, pairs: Expected numbers of the unknown founder alleles, and expected products of two numbers, given the
            relatives' profiles; times that probability.
        out: Receives the probability of each pair of alleles, times that probability too; of one allele on the
            diagonal. Shape (alleles, alleles).

    Source: Balding & Nichols 1994.
    """
    size = q.size
    below, below_second = 1 / (1 + (draws - 1) * theta) if draws > 0 else 1.0, 1 / (1 + draws * theta)
    for i in range(size):
        n_i = counts[i] * nothing + each[i]
        # From an urn out of which nothing was drawn, the first is drawn from the population.
        first = q[i] * nothing if draws == 0 else (theta * n_i + (1 - theta) * q[i] * nothing) * below
        for j in range(size):
            if one_allele:
                out[i, j] = first if i == j else 0.0
                continue
            value = (1 - theta) * q[j] * first + (theta * first if i == j else 0.0)
            if draws > 0:
                n_j = counts[j] * nothing + each[j]
                both = counts[j] * n_i + counts[i] * each[j] + pairs[i, j]
                value += theta * (theta * both + (1 - theta) * q[i] * n_j) * below
            out[i, j] = value * below_second
