"""Programs run at one marker: networks with the order of their sums, and what is known of the people in slots.

A slot holds what is known of one genome at one marker: either a genotype, as two alleles, or a table of the probability
of what was seen given each pair of alleles. Programs and slots are flattened arrays; `exact.programs` makes them.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.kernels.compiled import compiled
from dokaz.kinship.kernels.network_sum import sum_network

#: Kinds of variables: which of two alleles was passed; a genotype in both phases; one whose phases count as one by
#: symmetry; one allele.
SELECTOR, GENOTYPE, PHASED_GENOTYPE, ALLELE = 0, 1, 2, 3
#: Programs one after another: all their integers, and where the pieces of each start, shape (programs, PIECES + 1); then
#: their recombination fractions and founder inbreeding, a logarithmic constant last, and where those of each start.
FlatPrograms = tuple[IntArray, IntArray, FloatArray, IntArray]
#: Pieces of a program: the five arrays of its order, kinds and owners of its variables, slots of what ties two alleles,
#: base factors.
PIECES = 9
#: What a slot holds.
SLOT_GENOTYPE, SLOT_TABLE = 0, 1


@compiled(nogil=True)
def states_of_variables(
    kinds: IntArray, owners: IntArray, sizes: IntArray, slots: tuple[Any, ...], slot_zero: int, silent: int
) -> tuple[bool, tuple[IntArray, IntArray, FloatArray]]:
    """The states that evidence leaves to variables.

    Args:
        kinds: Of the variables.
        owners: The slot of each genotype, counted from `slot_zero`.
        sizes: Number of alleles that each variable may be; a single number for all of them.
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
        is_genotype = kinds[v] == GENOTYPE or kinds[v] == PHASED_GENOTYPE
        is_table = is_genotype and slot_kind[slot_zero + owners[v]] == SLOT_TABLE
        size = sizes[v] if sizes.size > 1 else sizes[0]
        widest = max(widest, size * size if is_table else size)
    states_of = np.empty(n, dtype=np.int64)
    states = np.empty((n, widest, 2), dtype=np.int64)
    weights = np.empty((n, widest))
    empty = False
    for v in range(n):
        size = sizes[v] if sizes.size > 1 else sizes[0]
        if kinds[v] == SELECTOR or kinds[v] == ALLELE:
            states_of[v] = 2 if kinds[v] == SELECTOR else size
            for x in range(states_of[v]):
                states[v, x, 0] = x
                states[v, x, 1] = x
                weights[v, x] = 1.0
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
                weights[v, 0] = 1.0
                count, other = 1, silent
            states[v, count, 0], states[v, count, 1] = a, other
            weights[v, count] = 2.0 if phased and a != other else 1.0
            count += 1
            if a != other and not phased:
                states[v, count, 0], states[v, count, 1] = other, a
                weights[v, count] = 1.0
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


# Inlined, as `_piece` and `program_factors`: many programs are so small that handing arrays on counts.
@compiled(nogil=True, inline="always")
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


@compiled(nogil=True, inline="always")
def _piece(programs: FlatPrograms, program: int, number: int) -> IntArray:
    """One of the pieces of a program."""
    starts = programs[1]
    return programs[0][starts[program, number] : starts[program, number + 1]]


@compiled(nogil=True, inline="always")
def program_factors(programs: FlatPrograms, program: int) -> tuple[IntArray, IntArray, IntArray]:
    """The base factors of a program, and the variables of each factor; as in `network_sum.sum_network`."""
    return _piece(programs, program, 8).reshape(-1, 6), _piece(programs, program, 0), _piece(programs, program, 1)


@compiled(nogil=True)
def program_states(
    programs: FlatPrograms, program: int, sizes: IntArray, slots: tuple[Any, ...], slot_zero: int, silent: int
) -> tuple[bool, tuple[IntArray, IntArray, FloatArray]]:
    """The states of a program's variables at a marker; as `states_of_variables`."""
    kinds, owners = _piece(programs, program, 5), _piece(programs, program, 6)
    return states_of_variables(kinds, owners, sizes, slots, slot_zero, silent)


@compiled(nogil=True)
def sum_program(
    programs: FlatPrograms,
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
    numbers = programs[2][programs[3][program] : programs[3][program + 1]]
    base, factor_start, factor_variables = program_factors(programs, program)
    size = q.shape[1]
    seen_slots = _piece(programs, program, 7)
    seen = np.zeros((seen_slots.size + 1, size, size))
    for k in range(seen_slots.size):
        _slot_table(slots, slot_zero + seen_slots[k], size, silent, seen[k])
    steps = _piece(programs, program, 2), _piece(programs, program, 3), _piece(programs, program, 4)
    net = (base, factor_start, factor_variables, steps[0], steps[1], steps[2], numbers)
    ln = sum_network(net, variables, (q, matrices, seen), table)
    return ln + numbers[-1] if ln > -math.inf else ln
