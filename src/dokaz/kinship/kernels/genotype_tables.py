"""Compiled table building: what a missing person's genotype may be, given the relatives, for many families at once."""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

from dokaz.kinship.arrays import BoolArray, FloatArray, IntArray
from dokaz.kinship.kernels.network_sum import scratch, sum_network

# Plain numbers, because compiled code does not know the names in `exact.programs`.
_SELECTOR, _GENOTYPE, _PHASED, _ALLELE = 0, 1, 2, 3
_PAIR, _ONE, _STATES, _TWO_CLASSES, _CLASS = 0, 1, 2, 3, 4


@numba.njit(cache=True, nogil=True)
def genotype_number(a: int, b: int) -> int:
    """Number of an unordered genotype among A(A+1)/2: b(b+1)/2 + a, where a is the smaller."""
    if a > b:
        return a * (a + 1) // 2 + b
    return b * (b + 1) // 2 + a


@numba.njit(cache=True, nogil=True)
def slot_table(
    slot: int,
    kind: IntArray,
    first: IntArray,
    second: IntArray,
    one_allele: IntArray,
    tables: FloatArray,
    table_start: IntArray,
    size: int,
    silent: int,
    out: FloatArray,
) -> None:
    """Probability of what a slot shows given each pair of alleles, written to `out`, shape (alleles, alleles)."""
    if kind[slot] == 1:
        start = table_start[first[slot]]
        t = start
        for i in range(size):
            for j in range(size):
                out[i, j] = tables[t]
                t += 1
        return
    out[:, :] = 0.0
    a, b = first[slot], second[slot]
    out[a, b] = 1.0
    out[b, a] = 1.0
    if a == b and silent >= 0 and one_allele[slot] == 0:
        out[a, silent] = 1.0
        out[silent, a] = 1.0


@numba.njit(cache=True, nogil=True)
def widest_of(kinds: IntArray, owners: IntArray, slot_kind: IntArray, slot_zero: int, size: int) -> int:
    """Most states that a variable of a program may have."""
    widest = max(size, 4)
    for v in range(kinds.size):
        if (kinds[v] == _GENOTYPE or kinds[v] == _PHASED) and slot_kind[slot_zero + owners[v]] == 1:
            widest = size * size
    return widest


@numba.njit(cache=True, nogil=True)
def fill_states(
    kinds: IntArray,
    owners: IntArray,
    slots: tuple[Any, ...],
    slot_zero: int,
    size: int,
    silent: int,
    states_of: IntArray,
    states: IntArray,
    weights: FloatArray,
) -> bool:
    """States of a program's variables, given the evidence in its slots; true where a variable has none."""
    slot_kind, slot_first, slot_second, slot_one, tables, table_start = slots
    empty = False
    for v in range(kinds.size):
        if kinds[v] == _SELECTOR:
            states_of[v] = 2
            states[v, 1, 0] = 1
        elif kinds[v] == _ALLELE:
            states_of[v] = size
            for x in range(size):
                states[v, x, 0] = x
                states[v, x, 1] = x
        else:
            s = slot_zero + owners[v]
            phased = kinds[v] == _PHASED
            count = 0
            if slot_kind[s] == 0:
                a, b = slot_first[s], slot_second[s]
                states[v, 0, 0], states[v, 0, 1] = a, b
                count = 1
                if a != b:
                    if phased:
                        weights[v, 0] = 2.0
                    else:
                        states[v, 1, 0], states[v, 1, 1] = b, a
                        count = 2
                elif silent >= 0 and slot_one[s] == 0:
                    states[v, 1, 0], states[v, 1, 1] = a, silent
                    count = 2
                    if phased:
                        weights[v, 1] = 2.0
                    else:
                        states[v, 2, 0], states[v, 2, 1] = silent, a
                        count = 3
            else:
                t = table_start[slot_first[s]]
                for i in range(size):
                    for j in range(size):
                        value = tables[t]
                        t += 1
                        if value > 0 and (not phased or i <= j) and (slot_one[s] == 0 or i == j):
                            states[v, count, 0], states[v, count, 1] = i, j
                            weights[v, count] = value * (2.0 if phased and i != j else 1.0)
                            count += 1
            states_of[v] = count
            if count == 0:
                empty = True
    return empty


@numba.njit(cache=True, nogil=True)
def run_jobs(
    programs: tuple[Any, ...],
    theta: float,
    jobs: IntArray,
    slots: tuple[Any, ...],
    markers: tuple[Any, ...],
    related: FloatArray,
    unrelated: FloatArray,
    ok: BoolArray,
) -> None:
    """Fill the rows of families at markers.

    Args:
        programs: `programs.ProgramCache.arrays()`.
        theta: Coancestry coefficient.
        jobs: One row a (row of the result, marker): group, marker, row, first slot.
        slots: Of the slots of evidence: kind (0 genotype, 1 table), first and second allele (or number of the table),
            whether it is a man's X; then all tables and where each starts.
        markers: Number of alleles, start of the frequencies, frequencies, start of the matrices, matrices, silent
            allele, start of the genotypes.
        related: Receives the probability of each genotype of the missing person given the relatives; shape (rows,
            genotypes of all markers).
        unrelated: Receives the same of an unrelated person; used with theta only.
        ok: Receives whether the relatives' profiles are possible; shape (rows, markers).
    """
    (
        factor_start, factor_start_at, factor_variables, factor_variables_at, step_variable, step_variable_at,
        step_start, step_start_at, step_factors, step_factors_at, variable_kind, variable_kind_at,
        variable_slot, variable_slot_at, seen_slot, seen_slot_at, base, base_at, fractions, fractions_at,
        keeps, weights, groups, absorbed,
    ) = programs  # fmt: skip
    slot_kind, slot_first, slot_second, slot_one, tables, table_start = slots
    sizes, q_at, all_q, matrix_at, all_matrices, silents, genotype_at = markers
    for job in range(jobs.shape[0]):
        group, marker, row, slot_zero = jobs[job, 0], jobs[job, 1], jobs[job, 2], jobs[job, 3]
        size, silent = sizes[marker], silents[marker]
        q_population = all_q[q_at[marker] : q_at[marker] + size]
        matrices = all_matrices[matrix_at[marker] : matrix_at[marker] + 2 * size * size].reshape(1, 2, size, size)
        q = np.empty((1, size))
        q[0, :] = q_population
        counts = np.zeros(size)
        drawn = 0
        possible = True
        if theta > 0:
            for k in range(groups[group, 4], groups[group, 4] + groups[group, 5]):
                s = slot_zero + absorbed[k]
                a, b = slot_first[s], slot_second[s]
                if slot_kind[s] == 1:
                    a, b = -1, -1
                    t = table_start[slot_first[s]]
                    for i in range(size):
                        for j in range(size):
                            if tables[t] > 0 and i <= j:
                                a, b = i, j
                            t += 1
                    if a < 0:
                        possible = False
                        continue
                counts[a] += 1
                drawn += 1
                if slot_one[s] == 0:
                    counts[b] += 1
                    drawn += 1
            for a in range(size):
                if counts[a] > 0 and q_population[a] == 0 and theta < 1:
                    possible = False
            if drawn > 0:
                for a in range(size):
                    q[0, a] = (theta * counts[a] + (1 - theta) * q_population[a]) / (1 + (drawn - 1) * theta)
        first_g = genotype_at[marker]
        last_g = genotype_at[marker + 1]
        target = related[row, first_g:last_g]
        target[:] = 0.0
        joint = np.zeros((size, size))
        alone = np.zeros(size)
        passed = np.zeros((size, size))
        total_unrelated = 0.0
        reference = math.nan
        reference_unrelated = math.nan
        if possible:
            first, number = groups[group, 0], groups[group, 1]
            first_unrelated, number_unrelated = groups[group, 2], groups[group, 3]
            for step in range(number + number_unrelated):
                program = first + step if step < number else first_unrelated + step - number
                kinds = variable_kind[variable_kind_at[program] : variable_kind_at[program + 1]]
                owners = variable_slot[variable_slot_at[program] : variable_slot_at[program + 1]]
                n = kinds.size
                widest = widest_of(kinds, owners, slot_kind, slot_zero, size)
                states_of = np.empty(n, dtype=np.int64)
                states = np.zeros((n, widest, 2), dtype=np.int64)
                state_weights = np.ones((n, widest))
                empty = fill_states(
                    kinds, owners, slots, slot_zero, size, silent, states_of, states, state_weights
                )  # fmt: skip
                if empty:
                    possible = False
                    break
                seen_first, seen_last = seen_slot_at[program], seen_slot_at[program + 1]
                seen = np.zeros((seen_last - seen_first + 1, size, size))
                for k in range(seen_last - seen_first):
                    slot_table(
                        slot_zero + seen_slot[seen_first + k], slot_kind, slot_first, slot_second, slot_one,
                        tables, table_start, size, silent, seen[k],
                    )  # fmt: skip
                mode, kept_first, kept_last = keeps[program, 0], keeps[program, 1], keeps[program, 2]
                entries = states_of[kept_first]
                if mode in (_PAIR, _TWO_CLASSES):
                    entries *= states_of[kept_last]
                table = np.zeros(entries)
                ln = sum_network(
                    base[base_at[program] : base_at[program + 1]],
                    factor_start[factor_start_at[program] : factor_start_at[program + 1]],
                    factor_variables[factor_variables_at[program] : factor_variables_at[program + 1]],
                    step_variable[step_variable_at[program] : step_variable_at[program + 1]],
                    step_start[step_start_at[program] : step_start_at[program + 1]],
                    step_factors[step_factors_at[program] : step_factors_at[program + 1]],
                    states_of, states, state_weights, q, matrices, seen,
                    fractions[fractions_at[program] : fractions_at[program + 1] + 1],
                    table,
                    scratch(
                        factor_start[factor_start_at[program] : factor_start_at[program + 1]],
                        step_start[step_start_at[program] : step_start_at[program + 1]],
                    ),
                )  # fmt: skip
                if ln == -math.inf:
                    continue
                ln += weights[program, 0]
                if step < number:
                    if math.isnan(reference):
                        reference = ln
                    scale = weights[program, 1] * math.exp(ln - reference)
                    t = 0
                    if mode == _PAIR:
                        for i in range(size):
                            for j in range(size):
                                target[genotype_number(i, j)] += scale * table[t]
                                t += 1
                    else:
                        for x in range(entries):
                            a, b = states[kept_first, x, 0], states[kept_first, x, 1]
                            target[genotype_number(a, b)] += scale * table[x]
                else:
                    if math.isnan(reference_unrelated):
                        reference_unrelated = ln
                    scale = math.exp(ln - reference_unrelated)
                    copies, others = float(keeps[program, 3]), float(keeps[program, 4])
                    pair, once = scale * weights[program, 1] * copies * others, scale * weights[program, 2]
                    own_first, own_last = scale * weights[program, 3], scale * weights[program, 4]
                    one_way, other_way = scale * weights[program, 5], scale * weights[program, 6]
                    both_first, both_last = scale * weights[program, 7], scale * weights[program, 8]
                    if mode == _CLASS:
                        for i in range(size):
                            total_unrelated += once * table[i]
                            alone[i] += own_first * copies * table[i]
                            joint[i, i] += own_first * copies * copies * table[i]
                            passed[i, i] += both_first * table[i]
                        continue
                    couple = groups[group, 8] == 1
                    t = 0
                    for i in range(size):
                        for j in range(size):
                            value = table[t]
                            t += 1
                            joint[i, j] += pair * value
                            joint[j, i] += pair * value
                            total_unrelated += once * value
                            if couple:
                                passed[i, j] += one_way * value
                                passed[j, i] += other_way * value
                            if own_first > 0:
                                alone[i] += own_first * copies * value
                                joint[i, i] += own_first * copies * copies * value
                                passed[i, i] += both_first * value
                            if own_last > 0:
                                alone[j] += own_last * others * value
                                joint[j, j] += own_last * others * others * value
                                passed[j, j] += both_last * value
        if groups[group, 8] == 1 and possible:
            # What the parents pass on, then their mutation.
            half = np.zeros((size, size))
            for i in range(size):
                for j in range(size):
                    if passed[i, j] != 0.0:
                        for a in range(size):
                            half[a, j] += passed[i, j] * matrices[0, 1, i, a]
            for a in range(size):
                for j in range(size):
                    if half[a, j] != 0.0:
                        for b in range(size):
                            target[genotype_number(a, b)] += half[a, j] * matrices[0, 0, j, b]
        total = 0.0
        if possible:
            for g in range(target.size):
                total += target[g]
        ok[row, marker] = total > 0
        if total > 0:
            for g in range(target.size):
                target[g] /= total
        if theta > 0:
            other = unrelated[row, first_g:last_g]
            founders = groups[group, 6]
            if total_unrelated > 0:
                alone /= total_unrelated
                joint /= total_unrelated
            one = groups[group, 7] == 1
            _stranger(other, q_population, counts, drawn + founders, alone, joint, theta, one)


@numba.njit(cache=True, nogil=True)
def _stranger(
    out: FloatArray,
    q: FloatArray,
    counts: FloatArray,
    drawn: int,
    alone: FloatArray,
    joint: FloatArray,
    theta: float,
    one_allele: bool,
) -> None:
    """Genotype of an unrelated person of the same population, after founders of whom some are known.

    Args:
        counts: Known founder alleles.
        drawn: Known and unknown founder alleles.
        alone, joint: Expected counts of the unknown ones, and expected products of counts, given the relatives.

    Source: Balding & Nichols 1994: the next allele is a with probability (θ·nₐ + (1 − θ)·pₐ)/(1 + (n − 1)·θ).
    """
    size = q.size
    out[:] = 0.0
    if drawn == 0:
        for i in range(size):
            if one_allele:
                out[genotype_number(i, i)] = q[i]
                continue
            for j in range(size):
                out[genotype_number(i, j)] += q[i] * ((theta if i == j else 0.0) + (1 - theta) * q[j])
        return
    below = 1 + (drawn - 1) * theta
    for i in range(size):
        n_i = counts[i] + alone[i]
        if one_allele:
            out[genotype_number(i, i)] = (theta * n_i + (1 - theta) * q[i]) / below
            continue
        for j in range(size):
            n_j = counts[j] + alone[j]
            both = counts[i] * counts[j] + counts[i] * alone[j] + alone[i] * counts[j] + joint[i, j]
            value = theta * theta * both + theta * (1 - theta) * (n_i * q[j] + q[i] * n_j)
            value += (1 - theta) * (1 - theta) * q[i] * q[j]
            if i == j:
                value += theta * (theta * n_i + (1 - theta) * q[i])
            out[genotype_number(i, j)] += value / (below * (1 + drawn * theta))
