"""Likelihoods of placements of remains in a family: each a product of parts at markers, every part summed once."""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.kernels.genotype_elimination import prune, reachable
from dokaz.kinship.kernels.genotype_tables import fill_states, slot_table, widest_of
from dokaz.kinship.kernels.network_sum import scratch, sum_network


@numba.njit(cache=True, nogil=True)
def _part(
    programs: tuple[Any, ...],
    job: IntArray,
    slots: tuple[Any, ...],
    markers: tuple[Any, ...],
    bits: tuple[Any, ...],
) -> float:
    """Natural logarithm of what one part sums to; -inf where impossible."""
    (
        factor_start, factor_start_at, factor_variables, factor_variables_at, step_variable, step_variable_at,
        step_start, step_start_at, step_factors, step_factors_at, variable_kind, variable_kind_at,
        variable_slot, variable_slot_at, seen_slot, seen_slot_at, base, base_at, fractions, fractions_at, constants,
    ) = programs  # fmt: skip
    slot_kind, slot_first, slot_second, slot_one, tables, table_start = slots
    sizes, q_at, all_q, matrix_at, all_matrices, silents = markers
    to, back, prunable = bits
    program, marker, slot_zero = job[0], job[1], job[2]
    size, silent = sizes[marker], silents[marker]
    q = all_q[q_at[marker] : q_at[marker] + size].reshape(1, size)
    kinds = variable_kind[variable_kind_at[program] : variable_kind_at[program + 1]]
    owners = variable_slot[variable_slot_at[program] : variable_slot_at[program + 1]]
    starts = factor_start[factor_start_at[program] : factor_start_at[program + 1]]
    scopes = factor_variables[factor_variables_at[program] : factor_variables_at[program + 1]]
    factors = base[base_at[program] : base_at[program + 1]]
    widest = widest_of(kinds, owners, slot_kind, slot_zero, size)
    states_of = np.empty(kinds.size, dtype=np.int64)
    states = np.zeros((kinds.size, widest, 2), dtype=np.int64)
    weights = np.ones((kinds.size, widest))
    none = fill_states(kinds, owners, slots, slot_zero, size, silent, states_of, states, weights)
    if not none and prunable[marker]:
        none = prune(factors, starts, scopes, states_of, states, weights, q[0], to[marker], back[marker])
    if none:
        return -math.inf
    first, last = seen_slot_at[program], seen_slot_at[program + 1]
    seen = np.zeros((last - first + 1, size, size))
    for k in range(last - first):
        slot_table(
            slot_zero + seen_slot[first + k], slot_kind, slot_first, slot_second, slot_one,
            tables, table_start, size, silent, seen[k],
        )  # fmt: skip
    steps = step_start[step_start_at[program] : step_start_at[program + 1]]
    table = np.zeros(1)
    ln = sum_network(
        factors, starts, scopes,
        step_variable[step_variable_at[program] : step_variable_at[program + 1]],
        steps,
        step_factors[step_factors_at[program] : step_factors_at[program + 1]],
        states_of, states, weights, q,
        all_matrices[matrix_at[marker] : matrix_at[marker] + 2 * size * size].reshape(1, 2, size, size),
        seen,
        fractions[fractions_at[program] : fractions_at[program + 1] + 1],
        table,
        scratch(starts, steps),
    )  # fmt: skip
    return math.log(table[0]) + ln + constants[program] if table[0] > 0 else -math.inf


@numba.njit(cache=True, nogil=True)
def run_placements(
    programs: tuple[Any, ...],
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
        programs: Flattened shapes, see `cut_families.flattened`.
        jobs: One row a part and marker: program, marker, first slot.
        slots: As in `genotype_tables.run_jobs`.
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
