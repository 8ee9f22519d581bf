"""What typing shows of the two alleles that a person holds: silent alleles, dropout, drop-in."""

from __future__ import annotations

import math

import numpy as np

from dokaz.kinship.arrays import AlleleArray, FloatArray
from dokaz.kinship.kernels.compiled import compiled


@compiled(nogil=True)
def fill_observation(
    shown: AlleleArray,
    dropout: float,
    dropin: float,
    frequencies: FloatArray,
    silent: int,
    one_allele: bool,
    out: FloatArray,
) -> None:
    """Probability of what was seen, given each pair of alleles that a person may hold.

    Without a dropout model the genotype is what was seen, except that a silent allele is never seen: a lone allele is
    a homozygote, or hides a silent allele. With one, a visible allele held in n copies is missed with
    probability d**n; no drop-in has probability 1 - c, each drop-in contributes c times its frequency.

    Args:
        shown: Alleles seen, filled with -1.
        dropout: d; NaN: no dropout model.
        dropin: c.
        frequencies: Of all alleles.
        silent: Position of the silent allele; -1: none.
        one_allele: A man's X; only the diagonal is meant.
        out: Receives the probabilities, symmetric, shape (alleles, alleles).

    Source: Haned, Slooten, Gill 2012; Gill & Haned 2013 (semi-continuous model).
    """
    size = frequencies.size
    if math.isnan(dropout):
        out[:, :] = 0.0
        a, b = shown[0], shown[1]
        out[a, b] = 1.0
        out[b, a] = 1.0
        if a == b and silent >= 0 and not one_allele:
            out[a, silent] = 1.0
            out[silent, a] = 1.0
        return
    single = np.ones(size)
    double = np.ones(size)
    for x in range(size):
        if x != silent:
            single[x] = dropout
            double[x] = dropout * dropout
    for a in shown:
        if a >= 0:
            single[a] = 1 - dropout
            double[a] = 1 - dropout * dropout
    for i in range(size):
        for j in range(size):
            value = single[i] * single[j]
            if i == j:
                value = single[i] if one_allele else double[i]
            extra = False
            for a in shown:
                if a >= 0 and a != i and a != j:
                    value *= dropin * frequencies[a]
                    extra = True
            out[i, j] = value if extra else value * (1 - dropin)


@compiled(nogil=True)
def fill_genotype_rows(
    shown: AlleleArray,
    dropout: FloatArray,
    dropin: FloatArray,
    frequencies: FloatArray,
    silent: int,
    one_allele: bool,
    out: FloatArray,
) -> None:
    """The same for several samples, over unordered genotypes b(b+1)/2 + a; `out` has shape (samples, genotypes)."""
    size = frequencies.size
    table = np.empty((size, size))
    for k in range(shown.shape[0]):
        fill_observation(shown[k], dropout[k], dropin[k], frequencies, silent, one_allele, table)
        g = 0
        for b in range(size):
            for a in range(b + 1):
                out[k, g] = table[a, b]
                g += 1
