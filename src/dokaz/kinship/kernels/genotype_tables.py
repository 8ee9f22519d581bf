"""Compiled table building: what a missing person's genotype may be, given the relatives, for many families at once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dokaz.kinship.arrays import BoolArray, FloatArray, IntArray
from dokaz.kinship.kernels.compiled import compiled
from dokaz.kinship.kernels.program_sum import SLOT_TABLE, FlatPrograms, program_states, sum_program
from dokaz.kinship.kernels.urn import draw, stranger

#: What a program leaves over: the missing person's two alleles, the only one, the states of a genotype; the alleles of
#: two classes of founder alleles, or of one class.
KEEPS_PAIR, KEEPS_ALLELE, KEEPS_GENOTYPE, KEEPS_TWO_CLASSES, KEEPS_CLASS = 0, 1, 2, 3, 4


@compiled(nogil=True)
def genotype_number(a: int, b: int) -> int:
    """Number of an unordered genotype among A(A+1)/2: b(b+1)/2 + a, where a is the smaller."""
    if a > b:
        return a * (a + 1) // 2 + b
    return b * (b + 1) // 2 + a


@compiled(nogil=True)
def _only_genotype(tables: FloatArray, start: int, size: int) -> tuple[int, int]:
    """The only genotype that a table of evidence allows; -1: none."""
    a, b = -1, -1
    for i in range(size):
        for j in range(i, size):
            if tables[start + i * size + j] > 0:
                a, b = i, j
    return a, b


@compiled(nogil=True)
def _drawn(
    founders: IntArray, slots: tuple[Any, ...], slot_zero: int, population: FloatArray, theta: float, counts: FloatArray
) -> tuple[bool, int, FloatArray]:
    """Draw the alleles of founders whose genotype is known.

    Args:
        founders: Their slots, counted from `slot_zero`.
        counts: Receives how often each allele was drawn.

    Returns:
        Whether they can be drawn; how many alleles; the frequencies for further draws, shape (1, alleles).
    """
    slot_kind, slot_first, slot_second, slot_one, tables, table_start = slots
    size = population.size
    alleles = np.empty((2 * founders.size, 1), dtype=np.int64)
    draws = 0
    possible = True
    for founder in founders:
        s = slot_zero + founder
        a, b = slot_first[s], slot_second[s]
        if slot_kind[s] == SLOT_TABLE:
            a, b = _only_genotype(tables, table_start[slot_first[s]], size)
        if a < 0:
            possible = False
            continue
        alleles[draws, 0] = a
        alleles[draws + 1, 0] = b
        draws += 1 if slot_one[s] else 2
    for d in range(draws):
        counts[alleles[d, 0]] += 1
    ln = np.empty(1)
    q = draw(population.copy().reshape(size, 1), alleles[:draws], theta, ln)
    return possible and ln[0] > -math.inf, draws, q.copy().reshape(1, size)


@compiled(nogil=True)
def _add_related(
    table: FloatArray, mode: int, kept: int, variables: tuple[Any, ...], scale: float, target: FloatArray
) -> None:
    """Add what a program says of the missing person's genotype."""
    states_of, states, _ = variables
    if mode == KEEPS_PAIR:
        size = int(math.sqrt(table.size))
        for i in range(size):
            for j in range(size):
                target[genotype_number(i, j)] += scale * table[i * size + j]
    else:
        for x in range(states_of[kept]):
            target[genotype_number(states[kept, x, 0], states[kept, x, 1])] += scale * table[x]


@compiled(nogil=True)
def _add_founders(
    table: FloatArray,
    keeps: IntArray,
    weights: FloatArray,
    scale: float,
    each: FloatArray,
    pairs: FloatArray,
    passed: FloatArray,
) -> float:
    """Add what a program says of founder alleles: of one class of them, or of two.

    Args:
        table: Over the alleles of the classes.
        keeps, weights: Of the program; see `programs.ProgramCache`.
        each, pairs: Expected numbers of alleles, and products of two numbers; changed.
        passed: Of the alleles that a father and a mother pass on; changed.

    Returns:
        What it adds to the probability of the relatives' profiles.
    """
    copies, others = float(keeps[3]), float(keeps[4])
    pair, total = scale * weights[0] * copies * others, scale * weights[1]
    own_first, own_last = scale * weights[2], scale * weights[3]
    one_way, other_way = scale * weights[4], scale * weights[5]
    both_first, both_last = scale * weights[6], scale * weights[7]
    passes = one_way + other_way > 0
    size = each.size
    added = 0.0
    if keeps[0] == KEEPS_CLASS:
        for i in range(size):
            added += total * table[i]
            each[i] += own_first * copies * table[i]
            pairs[i, i] += own_first * copies * copies * table[i]
            passed[i, i] += both_first * table[i]
        return added
    t = 0
    for i in range(size):
        for j in range(size):
            value = table[t]
            t += 1
            added += total * value
            pairs[i, j] += pair * value
            pairs[j, i] += pair * value
            if passes:
                passed[i, j] += one_way * value
                passed[j, i] += other_way * value
            if own_first > 0:
                each[i] += own_first * copies * value
                pairs[i, i] += own_first * copies * copies * value
                passed[i, i] += both_first * value
            if own_last > 0:
                each[j] += own_last * others * value
                pairs[j, j] += own_last * others * others * value
                passed[j, j] += both_last * value
    return added


@compiled(nogil=True)
def _add_child(passed: FloatArray, mothers: FloatArray, fathers: FloatArray, target: FloatArray) -> None:
    """Add the genotypes of a child, given the alleles that its parents pass on, which may mutate."""
    size = passed.shape[0]
    half = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            if passed[i, j] != 0.0:
                for a in range(size):
                    half[a, j] += passed[i, j] * fathers[i, a]
    for a in range(size):
        for j in range(size):
            if half[a, j] != 0.0:
                for b in range(size):
                    target[genotype_number(a, b)] += half[a, j] * mothers[j, b]


@compiled(nogil=True)
def run_jobs(
    programs: FlatPrograms,
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
        jobs: One row for each row of the result and marker: group, marker, row, first slot.
        slots: As in `program_sum.states_of_variables`.
        markers: Number of alleles, start of the frequencies, frequencies, start of the matrices, matrices, silent
            allele, start of the genotypes.
        related: Receives the probability of each genotype of the missing person given the relatives; shape (rows,
            genotypes of all markers).
        unrelated: Receives the same of an unrelated person; used with theta only.
        ok: Receives whether the relatives' profiles are possible; shape (rows, markers).
    """
    keeps, weights, groups, absorbed = plans
    sizes, q_at, all_q, matrix_at, all_matrices, silents, genotype_at = markers
    for job in range(jobs.shape[0]):
        group, marker, row, slot_zero = jobs[job, 0], jobs[job, 1], jobs[job, 2], jobs[job, 3]
        first, number, first_unrelated, number_unrelated = groups[group, 0:4]
        size, silent = sizes[marker], silents[marker]
        population = all_q[q_at[marker] : q_at[marker] + size]
        matrices = all_matrices[matrix_at[marker] : matrix_at[marker] + 2 * size * size].reshape(1, 2, size, size)
        target = related[row, genotype_at[marker] : genotype_at[marker + 1]]
        target[:] = 0.0
        counts, each = np.zeros(size), np.zeros(size)
        pairs, passed = np.zeros((size, size)), np.zeros((size, size))
        possible, draws, q = True, 0, population.copy().reshape(1, size)
        if theta > 0:
            known = absorbed[groups[group, 4] : groups[group, 4] + groups[group, 5]]
            possible, draws, q = _drawn(known, slots, slot_zero, population, theta, counts)
        one_size = np.array([size])
        nothing = 0.0
        reference, reference_unrelated = math.nan, math.nan
        for step in range(number + number_unrelated if possible else 0):
            program = first + step if step < number else first_unrelated + step - number
            empty, variables = program_states(programs, program, one_size, slots, slot_zero, silent)
            if empty:
                possible = False
                break
            mode, kept_first, kept_last = keeps[program, 0], keeps[program, 1], keeps[program, 2]
            entries = variables[0][kept_first]
            if mode in (KEEPS_PAIR, KEEPS_TWO_CLASSES):
                entries *= variables[0][kept_last]
            table = np.zeros(entries)
            ln = sum_program(programs, program, slots, slot_zero, silent, variables, q, matrices, table)
            if ln == -math.inf:
                continue
            if step < number:
                reference = ln if math.isnan(reference) else reference
                scale = weights[program, 0] * math.exp(ln - reference)
                _add_related(table, mode, kept_first, variables, scale, target)
            else:
                reference_unrelated = ln if math.isnan(reference_unrelated) else reference_unrelated
                scale = math.exp(ln - reference_unrelated)
                nothing += _add_founders(table, keeps[program], weights[program], scale, each, pairs, passed)
        if groups[group, 8] == 1 and possible:
            _add_child(passed, matrices[0, 0], matrices[0, 1], target)
        total = target.sum() if possible else 0.0
        ok[row, marker] = total > 0
        if total > 0:
            target /= total
        if theta > 0:
            if nothing > 0:
                each /= nothing
                pairs /= nothing
            alleles = np.empty((size, size))
            draws += groups[group, 6]
            stranger(population, counts, draws, theta, groups[group, 7] == 1, 1.0, each, pairs, alleles)
            other = unrelated[row, genotype_at[marker] : genotype_at[marker + 1]]
            other[:] = 0.0
            for i in range(size):
                for j in range(size):
                    other[genotype_number(i, j)] += alleles[i, j]
