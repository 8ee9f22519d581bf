"""Compiled table building: what a missing person's genotype may be, given the relatives, for many families at once."""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

from dokaz.kinship.arrays import BoolArray, FloatArray, IntArray
from dokaz.kinship.kernels.program_sum import SLOT_TABLE, program_states, sum_program
from dokaz.kinship.kernels.urn import draw, stranger

#: What a program leaves over: the missing person's two alleles, the only one, the states of a genotype; the alleles of
#: two classes of founder alleles, or of one class.
KEEPS_PAIR, KEEPS_ALLELE, KEEPS_GENOTYPE, KEEPS_TWO_CLASSES, KEEPS_CLASS = 0, 1, 2, 3, 4


@numba.njit(cache=True, nogil=True)
def genotype_number(a: int, b: int) -> int:
    """Number of an unordered genotype among A(A+1)/2: b(b+1)/2 + a, where a is the smaller."""
    if a > b:
        return a * (a + 1) // 2 + b
    return b * (b + 1) // 2 + a


@numba.njit(cache=True, nogil=True)
def _only_genotype(tables: FloatArray, start: int, size: int) -> tuple[int, int]:
    """The only genotype that a table of evidence allows; -1: none."""
    a, b = -1, -1
    for i in range(size):
        for j in range(i, size):
            if tables[start + i * size + j] > 0:
                a, b = i, j
    return a, b


@numba.njit(cache=True, nogil=True)
def run_jobs(
    programs: tuple[Any, ...],
    plans: tuple[Any, ...],
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
        programs: As in `program_sum.sum_program`.
        plans: Of each program what it keeps and with which weights; of each group its programs and more; then the slots
            of founders who count as drawn; see `programs.ProgramCache`.
        theta: Coancestry coefficient.
        jobs: One row a (row of the result, marker): group, marker, row, first slot.
        slots: As in `program_sum.states_of_variables`.
        markers: Number of alleles, start of the frequencies, frequencies, start of the matrices, matrices, silent
            allele, start of the genotypes.
        related: Receives the probability of each genotype of the missing person given the relatives; shape (rows,
            genotypes of all markers).
        unrelated: Receives the same of an unrelated person; used with theta only.
        ok: Receives whether the relatives' profiles are possible; shape (rows, markers).
    """
    keeps, weights, groups, absorbed = plans
    slot_kind, slot_first, slot_second, slot_one, tables, table_start = slots
    sizes, q_at, all_q, matrix_at, all_matrices, silents, genotype_at = markers
    for job in range(jobs.shape[0]):
        group, marker, row, slot_zero = jobs[job, 0], jobs[job, 1], jobs[job, 2], jobs[job, 3]
        size, silent = sizes[marker], silents[marker]
        population = all_q[q_at[marker] : q_at[marker] + size]
        matrices = all_matrices[matrix_at[marker] : matrix_at[marker] + 2 * size * size].reshape(1, 2, size, size)
        q = np.empty((1, size))
        q[0, :] = population
        counts = np.zeros(size)
        possible = True
        draws = 0
        if theta > 0:
            known = np.empty((2 * groups[group, 5], 1), dtype=np.int64)
            for k in range(groups[group, 4], groups[group, 4] + groups[group, 5]):
                s = slot_zero + absorbed[k]
                a, b = slot_first[s], slot_second[s]
                if slot_kind[s] == SLOT_TABLE:
                    a, b = _only_genotype(tables, table_start[slot_first[s]], size)
                    if a < 0:
                        possible = False
                        continue
                known[draws, 0] = a
                counts[a] += 1
                draws += 1
                if slot_one[s] == 0:
                    known[draws, 0] = b
                    counts[b] += 1
                    draws += 1
            ln_drawn = np.empty(1)
            q[0, :] = draw(population.reshape(size, 1), known[:draws], theta, ln_drawn)[:, 0]
            possible = possible and ln_drawn[0] > -math.inf
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
                empty, variables = program_states(programs, program, slots, slot_zero, size, silent)
                if empty:
                    possible = False
                    break
                mode, kept_first, kept_last = keeps[program, 0], keeps[program, 1], keeps[program, 2]
                states_of, states, _ = variables
                entries = states_of[kept_first]
                if mode in (KEEPS_PAIR, KEEPS_TWO_CLASSES):
                    entries *= states_of[kept_last]
                table = np.zeros(entries)
                ln = sum_program(programs, program, slots, slot_zero, silent, variables, q, matrices, table)
                if ln == -math.inf:
                    continue
                if step < number:
                    if math.isnan(reference):
                        reference = ln
                    scale = weights[program, 0] * math.exp(ln - reference)
                    t = 0
                    if mode == KEEPS_PAIR:
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
                    pair, once = scale * weights[program, 0] * copies * others, scale * weights[program, 1]
                    own_first, own_last = scale * weights[program, 2], scale * weights[program, 3]
                    one_way, other_way = scale * weights[program, 4], scale * weights[program, 5]
                    both_first, both_last = scale * weights[program, 6], scale * weights[program, 7]
                    if mode == KEEPS_CLASS:
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
            pair_table = np.empty((size, size))
            stranger(population, counts, draws + founders, theta, one, 1.0, alone, joint, pair_table)
            other[:] = 0.0
            for i in range(size):
                for j in range(size):
                    other[genotype_number(i, j)] += pair_table[i, j]
