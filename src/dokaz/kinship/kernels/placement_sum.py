"""Likelihoods of placements of remains in a family: each a product of parts at markers, every part summed once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.kernels.compiled import compiled
from dokaz.kinship.kernels.genotype_elimination import prune, reachable
from dokaz.kinship.kernels.program_sum import FlatPrograms, program_factors, program_states, sum_program


@compiled(nogil=True)
def _part(
    programs: FlatPrograms,
    job: IntArray,
    slots: tuple[Any, ...],
    markers: tuple[Any, ...],
    bits: tuple[Any, ...],
) -> float:
    """Natural logarithm of what one part sums to; -inf where impossible."""
    sizes, q_at, all_q, matrix_at, all_matrices, silents = markers
    to, back, prunable = bits
    program, marker, slot_zero = job[0], job[1], job[2]
    size, silent = sizes[marker], silents[marker]
    q = all_q[q_at[marker] : q_at[marker] + size].reshape(1, size)
    empty, variables = program_states(programs, program, np.array([size]), slots, slot_zero, silent)
    if not empty and prunable[marker]:
        factors = program_factors(programs, program)
        empty = prune(factors, variables, q[0], to[marker], back[marker])
    if empty:
        return -math.inf
    matrices = all_matrices[matrix_at[marker] : matrix_at[marker] + 2 * size * size].reshape(1, 2, size, size)
    table = np.zeros(1)
    ln = sum_program(programs, program, slots, slot_zero, silent, variables, q, matrices, table)
    return math.log(table[0]) + ln if table[0] > 0 else -math.inf


@compiled(nogil=True)
def run_placements(
    programs: FlatPrograms,
    jobs: IntArray,
    slots: tuple[Any, ...],
    markers: tuple[Any, ...],
    used: IntArray,
    used_start: IntArray,
    values: FloatArray,
    out: FloatArray,
) -> None:
    """Natural logarithm of the likelihood of placements, each a product of parts at markers.

    Once a placement is known to be impossible, what is left of it is not summed.

    Args:
        programs: As in `program_sum.sum_program`.
        jobs: One row a part and marker: program, marker, first slot.
        slots: As in `program_sum.states_of_variables`.
        markers: Number of alleles, start of the frequencies, frequencies, start of the matrices, matrices, silent.
        used, used_start: The jobs of each placement; starts one more than placements.
        values: What each job sums to, NaN where not yet known; filled in.
        out: Receives one logarithm a placement; -inf where impossible.
    """
    sizes, _, _, matrix_at, all_matrices, _ = markers
    to = np.zeros((sizes.size, 2, sizes.max()), dtype=np.int64)
    back = np.zeros((sizes.size, 2, sizes.max()), dtype=np.int64)
    prunable = np.zeros(sizes.size, dtype=np.bool_)
    for marker in range(sizes.size):
        size = sizes[marker]
        matrix = all_matrices[matrix_at[marker] : matrix_at[marker + 1]].reshape(2, size, size)
        prunable[marker] = reachable(matrix, to[marker], back[marker])
    bits = (to, back, prunable)
    for placement in range(used_start.size - 1):
        total = 0.0
        for u in range(used_start[placement], used_start[placement + 1]):
            job = used[u]
            if math.isnan(values[job]):
                values[job] = _part(programs, jobs[job], slots, markers, bits)
            total += values[job]
            if total == -math.inf:
                break
        out[placement] = total
