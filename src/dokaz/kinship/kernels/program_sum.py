"""Programs run at one marker: networks with the order of their sums, and what is known of the people in slots.

A slot holds what is known of one genome at one marker: either a genotype, as two alleles, or a table of the probability
of what was seen given each pair of alleles. Programs and slots are flattened arrays; `exact.programs` makes them.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.kernels.network_sum import sum_network

#: Kinds of variables: which of two alleles was passed; a genotype in both phases; one whose phases count as one by
#: symmetry; one allele.
SELECTOR, GENOTYPE, PHASED_GENOTYPE, ALLELE = 0, 1, 2, 3
#: What a slot holds.
SLOT_GENOTYPE, SLOT_TABLE = 0, 1


@numba.njit(cache=True, nogil=True)
def states_of_variables(
    kinds: IntArray, owners: IntArray, sizes: IntArray, slots: tuple[Any, ...], slot_zero: int, silent: int
) -> tuple[bool, tuple[IntArray, IntArray, FloatArray]]:
    """The states that evidence leaves to variables.

    Args:
        kinds: Of the variables.
        owners: The slot of each genotype, counted from `slot_zero`.
        sizes: Number of alleles that each variable may be.
        slots: Kind, first allele (or number of the table), second allele, whether one allele is held; then all tables
            and where each starts.
        slot_zero: The first slot.
        silent: Position of the silent allele; -1: none.

    Returns:
        Whether some variable has no state; and the variables as `network_sum.sum_network` takes them.
    """
    slot_kind, slot_first, slot_second, slot_one, tables, table_start = slots
    n = kinds.size
    widest = 4
    for v in range(n):
        is_table = kinds[v] in (GENOTYPE, PHASED_GENOTYPE) and slot_kind[slot_zero + owners[v]] == SLOT_TABLE
        widest = max(widest, sizes[v] * sizes[v] if is_table else sizes[v])
    states_of = np.empty(n, dtype=np.int64)
    states = np.zeros((n, widest, 2), dtype=np.int64)
    weights = np.ones((n, widest))
    empty = False
    for v in range(n):
        size = sizes[v]
        if kinds[v] == SELECTOR:
            states_of[v] = 2
            states[v, 1, 0] = 1
            continue
        if kinds[v] == ALLELE:
            states_of[v] = size
            for x in range(size):
                states[v, x, 0] = x
                states[v, x, 1] = x
            continue
        s = slot_zero + owners[v]
        phased = kinds[v] == PHASED_GENOTYPE
        count = 0
        if slot_kind[s] == SLOT_GENOTYPE:
            a, b = slot_first[s], slot_second[s]
            other = b
            if a == b and silent >= 0 and slot_one[s] == 0:
                # A lone allele may hide a silent one.
                states[v, 0, 0], states[v, 0, 1] = a, a
                count, other = 1, silent
            states[v, count, 0], states[v, count, 1] = a, other
            if phased and a != other:
                weights[v, count] = 2.0
            count += 1
            if a != other and not phased:
                states[v, count, 0], states[v, count, 1] = other, a
                count += 1
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
        empty = empty or count == 0
    return empty, (states_of, states, weights)


@numba.njit(cache=True, nogil=True)
def _slot_table(slots: tuple[Any, ...], slot: int, size: int, silent: int, out: FloatArray) -> None:
    """Probability of what a slot shows given each pair of alleles, written to `out`, shape (alleles, alleles)."""
    kind, first, second, one_allele, tables, table_start = slots
    if kind[slot] == SLOT_TABLE:
        t = table_start[first[slot]]
        out[:, :] = tables[t : t + size * size].reshape(size, size)
        return
    out[:, :] = 0.0
    a, b = first[slot], second[slot]
    out[a, b] = 1.0
    out[b, a] = 1.0
    if a == b and silent >= 0 and one_allele[slot] == 0:
        out[a, silent] = 1.0
        out[silent, a] = 1.0


@numba.njit(cache=True, nogil=True)
def program_states(
    programs: tuple[Any, ...], program: int, slots: tuple[Any, ...], slot_zero: int, size: int, silent: int
) -> tuple[bool, tuple[IntArray, IntArray, FloatArray]]:
    """The states of a program's variables at a marker; as `states_of_variables`."""
    kind, kind_at, owner, owner_at = programs[10], programs[11], programs[12], programs[13]
    kinds = kind[kind_at[program] : kind_at[program + 1]]
    owners = owner[owner_at[program] : owner_at[program + 1]]
    return states_of_variables(kinds, owners, np.full(kinds.size, size), slots, slot_zero, silent)


@numba.njit(cache=True, nogil=True)
def sum_program(
    programs: tuple[Any, ...],
    program: int,
    slots: tuple[Any, ...],
    slot_zero: int,
    silent: int,
    variables: tuple[IntArray, IntArray, FloatArray],
    q: FloatArray,
    matrices: FloatArray,
    table: FloatArray,
) -> float:
    """Sum a program.

    Args:
        programs, program: Programs as `exact.programs.flattened` gives them, and which of them.
        slots, slot_zero, silent: As in `states_of_variables`.
        variables: From `program_states`.
        q: Founder frequencies, shape (1, alleles).
        matrices: Mutation, shape (1, 2 sexes: mothers, fathers, alleles, alleles).
        table: Receives the last factor, as in `sum_network`.

    Returns:
        Natural logarithm of the scale of `table`; -inf where all of it is zero.
    """
    (
        factor_start, factor_start_at, factor_variables, factor_variables_at, step_variable, step_variable_at,
        step_start, step_start_at, step_factors, step_factors_at, _kind, _kind_at, _owner, _owner_at,
        seen_slot, seen_slot_at, base, base_at, fractions, fractions_at, constants,
    ) = programs  # fmt: skip
    size = q.shape[1]
    first, last = seen_slot_at[program], seen_slot_at[program + 1]
    seen = np.zeros((last - first + 1, size, size))
    for k in range(last - first):
        _slot_table(slots, slot_zero + seen_slot[first + k], size, silent, seen[k])
    net = (
        base[base_at[program] : base_at[program + 1]],
        factor_start[factor_start_at[program] : factor_start_at[program + 1]],
        factor_variables[factor_variables_at[program] : factor_variables_at[program + 1]],
        step_variable[step_variable_at[program] : step_variable_at[program + 1]],
        step_start[step_start_at[program] : step_start_at[program + 1]],
        step_factors[step_factors_at[program] : step_factors_at[program + 1]],
        fractions[fractions_at[program] : fractions_at[program + 1] + 1],
    )
    ln = sum_network(net, variables, (q, matrices, seen), table)
    return ln + constants[program] if ln > -math.inf else ln
