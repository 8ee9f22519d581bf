"""Compiled sums over founder alleles, and over who inherited which chromosome, along many linked markers."""

from __future__ import annotations

import math

import numpy as np

from dokaz.kinship.arrays import AlleleArray, BoolArray, FloatArray, IntArray
from dokaz.kinship.kernels.compiled import compiled
from dokaz.kinship.kernels.observation import fill_observation

_TINY = 1e-100


@compiled(nogil=True)
def fill_seen(
    alleles: AlleleArray,
    typed: BoolArray,
    dropout: FloatArray,
    dropin: FloatArray,
    frequencies: FloatArray,
    one_allele: bool,
    out: FloatArray,
) -> None:
    """Multiply in what one sample shows at each marker, given each ordered pair of alleles.

    Args:
        alleles, typed, dropout, dropin: Of the sample, a row a marker.
        frequencies: Shape (alleles, markers).
        one_allele: A man's X.
        out: Changed; shape (alleles², markers).
    """
    size = frequencies.shape[0]
    table = np.empty((size, size))
    for m in range(typed.size):
        if typed[m]:
            fill_observation(alleles[m], dropout[m], dropin[m], frequencies[:, m].copy(), -1, one_allele, table)
            for a in range(size):
                for b in range(size):
                    out[a * size + b, m] *= table[a, b]


@compiled(nogil=True)
def sum_founder_alleles(
    slots: IntArray, founders: int, frequencies: FloatArray, seen: FloatArray, has_member: bool, out: FloatArray
) -> None:
    """Probability of what relatives show at each marker, and of the member's genotype, given who inherited what.

    Founder alleles that no person ties together are summed apart, so that the cost grows with the largest such set.

    Args:
        slots: Which founder alleles each person holds, shape (inheritances, people, 2); the member, if any, is last.
        founders: Number of founder alleles.
        frequencies: Shape (alleles, markers).
        seen: Of every person but the member, as `fill_seen` gives it; shape (people, alleles², markers).
        has_member: Whether a member's genotype is asked for.
        out: Receives the probabilities, shape (inheritances, genotypes or 1, markers); genotypes are numbered
            b(b+1)/2 + a for alleles a ≤ b.
    """
    size, markers = frequencies.shape
    people, typed = slots.shape[1], seen.shape[0]
    tied = np.empty(founders, dtype=np.int64)
    order = np.empty(founders, dtype=np.int64)
    place = np.empty(founders, dtype=np.int64)
    allele = np.empty(founders, dtype=np.int64)
    complete_at = np.empty(people, dtype=np.int64)
    partial = np.ones((founders + 1, markers))
    sums = np.empty((out.shape[1], markers))
    for v in range(slots.shape[0]):
        out[v] = 1.0
        tied[:] = -1
        for p in range(people):
            for side in range(2):
                tied[slots[v, p, side]] = slots[v, p, side]
        changed = True
        while changed:
            changed = False
            for p in range(people):
                i, k = slots[v, p, 0], slots[v, p, 1]
                if tied[i] != tied[k]:
                    tied[i] = tied[k] = min(tied[i], tied[k])
                    changed = True
        for root in range(founders):
            if tied[root] != root:
                continue
            count = 0
            for s in range(founders):
                if tied[s] == root:
                    order[count] = s
                    place[s] = count
                    count += 1
            for p in range(people):
                i, k = slots[v, p, 0], slots[v, p, 1]
                complete_at[p] = max(place[i], place[k]) if tied[i] == root else -1
            holds_member = has_member and tied[slots[v, typed, 0]] == root
            sums[:] = 0.0
            level = 0
            allele[order[0]] = -1
            while level >= 0:
                s = order[level]
                allele[s] += 1
                if allele[s] == size:
                    level -= 1
                    continue
                row, before = partial[level + 1], partial[level]
                for m in range(markers):
                    row[m] = before[m] * frequencies[allele[s], m]
                for p in range(typed):
                    if complete_at[p] == level:
                        pair = allele[slots[v, p, 0]] * size + allele[slots[v, p, 1]]
                        for m in range(markers):
                            row[m] *= seen[p, pair, m]
                if level < count - 1:
                    level += 1
                    allele[order[level]] = -1
                    continue
                g = 0
                if holds_member:
                    a, b = allele[slots[v, typed, 0]], allele[slots[v, typed, 1]]
                    g = max(a, b) * (max(a, b) + 1) // 2 + min(a, b)
                for m in range(markers):
                    sums[g, m] += row[m]
            for g in range(out.shape[1]):
                # What does not touch the member multiplies every genotype.
                own = g if holds_member else 0
                for m in range(markers):
                    out[v, g, m] *= sums[own, m]


@compiled(nogil=True)
def sum_along(
    given: FloatArray, flips: IntArray, row_start: IntArray, rows: IntArray, fractions: FloatArray, ln: FloatArray
) -> None:
    """Sum over inheritances, from marker to marker, for several sequences of observations.

    Args:
        given: Probability of each observation of each marker given the inheritance, shape (observations, inheritances).
        flips: Which bits of an inheritance each recombination flips.
        row_start: Where the observations of each marker start.
        rows: Which observation each sequence has at each marker, counted within the marker; shape (sequences, markers).
        fractions: Recombination fractions between the markers.
        ln: Receives the natural logarithm of the probability of each sequence; -inf for 0.

    Source: Lander & Green 1987; the transition, passing by passing: Kruglyak & Lander 1998.
    """
    states = given.shape[1]
    values = np.empty(states)
    for sequence in range(rows.shape[0]):
        values[:] = 1.0 / states
        scale = 0.0
        for m in range(rows.shape[1]):
            if m > 0:
                r = fractions[m - 1]
                for flip in flips:
                    half = 1
                    while 2 * half <= flip:
                        half *= 2
                    for start in range(0, states, 2 * half):
                        if flip == half:
                            for i in range(start, start + half):
                                x, y = values[i], values[i + half]
                                values[i] = x + r * (y - x)
                                values[i + half] = y + r * (x - y)
                        else:
                            for i in range(start, start + half):
                                x, y = values[i], values[i ^ flip]
                                values[i] = x + r * (y - x)
                                values[i ^ flip] = y + r * (x - y)
            shown = given[row_start[m] + rows[sequence, m]]
            largest = 0.0
            for i in range(states):
                values[i] *= shown[i]
                largest = max(largest, values[i])
            if largest == 0.0:
                scale = -math.inf
                break
            if largest < _TINY:
                for i in range(states):
                    values[i] /= largest
                scale += math.log(largest)
        ln[sequence] = scale if scale == -math.inf else scale + math.log(values.sum())
