"""The common question, all markers in one compiled call: exact typing, no theta, unlinked markers.

It computes what `likelihood.member_table` computes, marker by marker, without leaving compiled code in between; the
tests hold the two to the same answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numba
import numpy as np
import numpy.typing as npt

from dokaz.kinship.kernel import FloatArray, IntArray, evaluate, scratch
from dokaz.kinship.markers import MarkerSet
from dokaz.kinship.network import Lineage, Network, Status, network, order_for
from dokaz.kinship.pedigree import Sex

#: Entries of unseen alleles that agree to this relative error are equal up to how the matrix was printed.
_SAME = 1e-12


@dataclass(frozen=True, eq=False)
class Packed:
    """A marker set as arrays over the widest marker.

    Args:
        sizes: Alleles of each marker, the silent one included.
        frequencies: Shape (markers, alleles).
        matrices: Shape (markers, 2 sexes, alleles, alleles); unused where nothing mutates.
        mutates: Whether alleles of this marker mutate.
        silent: Position of the silent allele; -1: none.
        alike: Whether fathers and mothers mutate alike.
    """

    sizes: IntArray
    frequencies: FloatArray
    matrices: FloatArray
    mutates: npt.NDArray[np.bool_]
    silent: IntArray
    alike: tuple[bool, ...]


_packed: dict[int, tuple[MarkerSet, Packed]] = {}


def packed(markers: MarkerSet) -> Packed:
    """The arrays of a marker set, remembered."""
    known = _packed.get(id(markers))
    if known is not None and known[0] is markers:
        return known[1]
    sizes = np.array([len(marker.all_frequencies) for marker in markers], dtype=np.int64)
    widest = int(sizes.max(initial=1))
    frequencies = np.zeros((len(markers), widest))
    matrices = np.zeros((len(markers), 2, widest, widest))
    mutates = np.zeros(len(markers), dtype=bool)
    silent = np.full(len(markers), -1, dtype=np.int64)
    for i, marker in enumerate(markers):
        n = int(sizes[i])
        frequencies[i, :n] = marker.all_frequencies
        if marker.matrices is not None:
            mutates[i] = True
            matrices[i, 0, :n, :n], matrices[i, 1, :n, :n] = marker.matrices
        if marker.has_silent:
            silent[i] = n - 1
    if len(_packed) > 100:
        _packed.clear()
    alike = tuple(m.mutation is None or m.mutation.female == m.mutation.male for m in markers)
    result = Packed(sizes, frequencies, matrices, mutates, silent, alike)
    _packed[id(markers)] = (markers, result)
    return result


@lru_cache(maxsize=4096)
def _plan(tree: Lineage, typed: tuple[bool, ...], alike: bool) -> tuple[Network, IntArray, FloatArray]:
    """The network for these typed genomes, with its variables as an array: kind, genome, phase fixed, one allele."""
    net = network(tree, (tuple(Status.EXACT if t else Status.UNTYPED for t in typed),), alike=alike)
    rows = np.zeros((len(net.variables), 4), dtype=np.int64)
    for i, variable in enumerate(net.variables):
        one_allele = tree.x_linked and tree.genomes[variable.genome].sex is Sex.MALE
        kind = 0 if variable.selector else 1 if variable.side is None else 2
        rows[i] = kind, variable.genome, variable.phase_fixed, one_allele
    return net, rows, np.array(net.fractions, dtype=np.float64)


def ln_likelihoods(
    tree: Lineage, typed: tuple[bool, ...], alleles: npt.NDArray[np.int16], columns: IntArray, pack: Packed
) -> FloatArray:
    """Natural logarithm of the likelihood at each of some markers at which the same genomes are typed.

    Args:
        tree: The lineage of everybody typed at one of these markers at least.
        typed: One flag a genome.
        alleles: Positions of the two alleles seen, shape (genomes, columns, 2).
        columns: Which markers of the pack.
        pack: The markers.
    """
    net, variables, fractions = _plan(tree, typed, all(pack.alike[column] for column in columns))
    mutating = bool(pack.mutates[columns].any())
    size = int(pack.sizes[columns].max()) if mutating else min(int(pack.sizes[columns].max()), sum(typed) + 2)
    sizes = [2 if kind == 0 else 2 if kind == 1 else size for kind in variables[:, 0]]
    order = order_for(net, sizes)
    return np.asarray(
        _evaluate_all(
            net.base,
            order.factor_start,
            order.factor_variables,
            order.step_variable,
            order.step_start,
            order.step_factors,
            variables,
            fractions,
            np.array(typed),
            alleles,
            columns,
            pack.sizes,
            pack.frequencies,
            pack.matrices,
            pack.mutates,
            pack.silent,
        )
        + net.ln_constant
    )


@numba.njit(cache=True)
def _lumpable(matrix: FloatArray, seen: npt.NDArray[np.bool_], size: int, first: int) -> bool:
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


@numba.njit(cache=True)
def _evaluate_all(
    base: IntArray,
    factor_start: IntArray,
    factor_variables: IntArray,
    step_variable: IntArray,
    step_start: IntArray,
    step_factors: IntArray,
    variables: IntArray,
    fractions: FloatArray,
    typed: npt.NDArray[np.bool_],
    alleles: npt.NDArray[np.int16],
    columns: IntArray,
    sizes: IntArray,
    frequencies: FloatArray,
    matrices: FloatArray,
    mutates: npt.NDArray[np.bool_],
    silent: IntArray,
) -> FloatArray:
    widest = max(frequencies.shape[1], 3)
    count = variables.shape[0]
    result = np.empty(columns.size)
    states = np.zeros((count, widest, 2), dtype=np.int64)
    states_of = np.zeros(count, dtype=np.int64)
    weights = np.ones((count, widest))
    q = np.zeros((1, widest))
    matrix = np.zeros((1, 2, widest, widest))
    seen_tables = np.zeros((1, 1, 1))
    table = np.zeros(1)
    memory = scratch(factor_start, step_start)
    seen = np.zeros(widest, dtype=np.bool_)
    number = np.zeros(widest, dtype=np.int64)
    for k in range(columns.size):
        column = columns[k]
        size, hidden = sizes[column], silent[column]
        seen[:] = False
        for g in range(typed.size):
            if typed[g]:
                seen[alleles[g, k, 0]] = True
                seen[alleles[g, k, 1]] = True
        if hidden >= 0:
            seen[hidden] = True
        first = -1
        for a in range(size):
            if not seen[a]:
                first = a
                break
        lump = first >= 0 and (not mutates[column] or _lumpable(matrices[column], seen, size, first))
        n = 0
        for a in range(size):
            if lump and not seen[a] and a != first:
                number[a] = number[first]
            else:
                number[a] = n
                n += 1
        q[0, :n] = 0.0
        for a in range(size):
            q[0, number[a]] += frequencies[column, a]
        matrix[0, :, :n, :n] = 0.0
        for sex in range(2):
            if mutates[column]:
                for a in range(size):
                    if lump and not seen[a] and a != first:
                        continue
                    for b in range(size):
                        matrix[0, sex, number[a], number[b]] += matrices[column, sex, a, b]
            else:
                for a in range(n):
                    matrix[0, sex, a, a] = 1.0
        for v in range(count):
            kind, genome = variables[v, 0], variables[v, 1]
            if kind == 0:
                states_of[v] = 2
            elif kind == 2:
                states_of[v] = n
                for a in range(n):
                    states[v, a, 0] = states[v, a, 1] = a
                    weights[v, a] = 1.0
            else:
                one, two = number[alleles[genome, k, 0]], number[alleles[genome, k, 1]]
                states[v, 0, 0], states[v, 0, 1] = one, two
                weights[v, 0] = 1.0
                states_of[v] = 1
                if variables[v, 3]:
                    continue
                other_one, other_two = two, one
                if one == two:
                    if hidden < 0:
                        continue
                    other_one, other_two = number[hidden], one
                    states[v, 1, 0], states[v, 1, 1] = one, number[hidden]
                    weights[v, 1] = 2.0 if variables[v, 2] else 1.0
                    states_of[v] = 2
                elif variables[v, 2]:
                    weights[v, 0] = 2.0
                if not variables[v, 2]:
                    last = states_of[v]
                    states[v, last, 0], states[v, last, 1] = other_one, other_two
                    weights[v, last] = 1.0
                    states_of[v] = last + 1
        scale = evaluate(
            base,
            factor_start,
            factor_variables,
            step_variable,
            step_start,
            step_factors,
            states_of,
            states,
            weights,
            q,
            matrix,
            seen_tables,
            fractions,
            table,
            memory,
        )
        result[k] = np.log(table[0]) + scale if table[0] > 0 else -np.inf
    return result
