"""A row of markers as arrays: alleles merged where that is exact, their frequencies and mutation."""

from __future__ import annotations

import math

import numpy as np

from dokaz.kinship.arrays import AlleleArray, BoolArray, FloatArray, IntArray
from dokaz.kinship.kernels.compiled import compiled

#: Entries of unseen alleles that agree to this relative error are equal up to how the matrix was printed.
_SAME = 1e-12


def is_parent_blind(matrix: FloatArray) -> bool:
    """Whether all other alleles mutate into an allele alike: then `_lumpable` holds, whatever was seen."""
    off = ~np.eye(len(matrix), dtype=bool)
    lowest, highest = matrix.min(axis=0, where=off, initial=math.inf), matrix.max(axis=0, where=off, initial=0.0)
    return bool((highest - lowest <= _SAME * highest).all())


@compiled()
def _lumpable(matrix: FloatArray, seen: BoolArray, size: int, first: int) -> bool:
    """Whether every unseen allele mutates into each seen one as the first unseen one does."""
    for sex in range(2):
        for a in range(first + 1, size):
            if seen[a]:
                continue
            for b in range(size):
                if seen[b]:
                    x, y = matrix[sex, a, b], matrix[sex, first, b]
                    if abs(x - y) > _SAME * max(x, y):
                        return False
    return True


@compiled()
def lump(
    alleles: AlleleArray,
    columns: IntArray,
    sizes: IntArray,
    matrices: FloatArray,
    mutates: BoolArray,
    parent_blind: BoolArray,
    silent: IntArray,
    number: IntArray,
) -> IntArray:
    """Merge the alleles that nobody shows into one, where that is exact.

    Args:
        alleles: Positions of the two alleles seen, shape (people, columns, 2).
        columns: Which markers.
        sizes, matrices, mutates, parent_blind, silent: As in `many_markers.Packed`.
        number: Receives the class of each allele, shape (columns, alleles).

    Returns:
        Classes of each marker.
    """
    counts = np.empty(columns.size, dtype=np.int64)
    seen = np.zeros(number.shape[1], dtype=np.bool_)
    for k in range(columns.size):
        column = columns[k]
        size = sizes[column]
        seen[:] = False
        for p in range(alleles.shape[0]):
            seen[alleles[p, k, 0]] = True
            seen[alleles[p, k, 1]] = True
        if silent[column] >= 0:
            seen[silent[column]] = True
        first = -1
        for a in range(size):
            if not seen[a]:
                first = a
                break
        lumped = first >= 0 and (
            not mutates[column] or parent_blind[column] or _lumpable(matrices[column], seen, size, first)
        )
        n = 0
        for a in range(size):
            if lumped and not seen[a] and a != first:
                number[k, a] = number[k, first]
            else:
                number[k, a] = n
                n += 1
        counts[k] = n
    return counts


@compiled()
def fill_row(
    alleles: AlleleArray,
    chosen: IntArray,
    columns: IntArray,
    number: IntArray,
    sizes: IntArray,
    frequencies: FloatArray,
    matrices: FloatArray,
    mutates: BoolArray,
    silent: IntArray,
    q: FloatArray,
    matrix: FloatArray,
    shown: IntArray,
    hidden: IntArray,
) -> None:
    """One row of markers over their classes.

    Args:
        alleles, columns, number: As in `lump`.
        chosen: Which of the columns make up the row.
        q: Receives frequencies, shape (classes, row).
        matrix: Receives mutation, shape (2 sexes, classes, classes, row).
        shown: Receives the classes of the two alleles of each person, shape (people, 2, row).
        hidden: Receives the class of the silent allele; -1: none.
    """
    q[:] = 0.0
    matrix[:] = 0.0
    for r in range(chosen.size):
        k = chosen[r]
        column = columns[k]
        size = sizes[column]
        top = 0
        for a in range(size):
            q[number[k, a], r] += frequencies[column, a]
            top = max(top, number[k, a])
        if mutates[column]:
            for a in range(size):
                first = True
                for other in range(a):
                    if number[k, other] == number[k, a]:
                        first = False
                        break
                if not first:
                    continue
                for sex in range(2):
                    for b in range(size):
                        matrix[sex, number[k, a], number[k, b], r] += matrices[column, sex, a, b]
        else:
            for a in range(top + 1):
                matrix[0, a, a, r] = 1.0
                matrix[1, a, a, r] = 1.0
        hidden[r] = number[k, silent[column]] if silent[column] >= 0 else -1
        for p in range(alleles.shape[0]):
            shown[p, 0, r] = number[k, alleles[p, k, 0]]
            shown[p, 1, r] = number[k, alleles[p, k, 1]]
