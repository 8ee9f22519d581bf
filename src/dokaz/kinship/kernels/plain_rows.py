"""What `network_sum_rows.sum_network_rows` computes, in plain numpy: its twin in tests, and the way of a first question."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from dokaz.kinship.arrays import BoolArray, FloatArray, IntArray
from dokaz.kinship.kernels.network_sum import HUGE, TINY, FactorKind
from dokaz.kinship.kernels.network_sum_rows import states_of_rows
from dokaz.kinship.kernels.program_sum import GENOTYPE, PHASED_GENOTYPE

_Flags = npt.NDArray[np.bool_]


def sum_network_plainly(
    net: tuple[Any, ...],
    variables: tuple[IntArray, IntArray, BoolArray],
    seen_people: IntArray,
    rows: tuple[FloatArray, FloatArray, IntArray, IntArray],
    ln: FloatArray,
) -> None:
    """Sum one network for a row of markers; arguments as of `sum_network_rows`."""
    base, factor_start, factor_variables, _, step_start, step_factors, fractions = net
    filler = _Filler(variables, seen_people, rows, fractions)
    scopes = [factor_variables[a:b].tolist() for a, b in pairwise(factor_start)]
    tables = [filler.table(factor, scope) for factor, scope in zip(base.tolist(), scopes, strict=False)]
    ln[:] = 0.0
    for step, scope in enumerate(scopes[len(base) :]):
        inputs = step_factors[step_start[step] : step_start[step + 1]].tolist()
        # The row of markers is axis 0 of the sum; the variables of this step follow.
        number = {v: k for k, v in enumerate({v for f in inputs for v in scopes[f]}, start=1)}
        operands: list[Any] = []
        for f in inputs:
            operands += [tables[f], [*(number[v] for v in scopes[f]), 0]]
        # Nothing is left to sum where every founder allele counts as drawn.
        table = np.einsum(*operands, [*(number[v] for v in scope), 0]) if inputs else np.ones(filler.row.size)
        largest = table.reshape(-1, table.shape[-1]).max(axis=0)
        if ((largest > 0) & ((largest < TINY) | (largest > HUGE))).any():
            scale = np.where(largest > 0, largest, 1.0)
            table = table / scale
            ln += np.log(scale)
        tables.append(table)
    with np.errstate(divide="ignore"):
        ln += np.where(tables[-1] > 0, np.log(tables[-1]), -math.inf)


class _Filler:
    """Writes the tables of base factors, an axis for each variable and the row of markers last."""

    def __init__(
        self,
        variables: tuple[IntArray, IntArray, BoolArray],
        seen_people: IntArray,
        rows: tuple[FloatArray, FloatArray, IntArray, IntArray],
        fractions: FloatArray,
    ) -> None:
        self.q, self.matrix, self.shown, self.hidden = rows
        self.kinds, self.seen_people, self.fractions = variables[0], seen_people, fractions
        self.states_of, self.states, self.weights = states_of_rows(variables, self.q.shape[0], self.shown, self.hidden)
        self.row = np.arange(self.hidden.size)

    def alleles(self, v: int, side: int) -> IntArray:
        """The allele on one side of each state of a variable, shape (states, row)."""
        count = int(self.states_of[v])
        if self.kinds[v] in (GENOTYPE, PHASED_GENOTYPE):
            return np.asarray(self.states[v, :count, side])
        return np.broadcast_to(np.arange(count)[:, None], (count, self.row.size))

    def explains(self, person: int, x: IntArray, y: IntArray) -> _Flags:
        """Whether two alleles show the genotype that was seen."""
        one, two = self.shown[person]
        behind = self.hidden
        hides = (one == two) & (behind >= 0) & (((x == one) & (y == behind)) | ((x == behind) & (y == one)))
        return np.asarray(((x == one) & (y == two)) | ((x == two) & (y == one)) | hides)

    def table(self, factor: list[int], scope: list[int]) -> FloatArray:
        """One base factor."""
        kind, side_a, side_b, aux, sex = factor[:5]
        q, row, u = self.q, self.row, scope[0]
        if kind == FactorKind.UNARY:
            if self.kinds[u] not in (GENOTYPE, PHASED_GENOTYPE):
                return q[: self.states_of[u]] if aux else np.ones((int(self.states_of[u]), row.size))
            value = self.weights[u, : self.states_of[u]].copy()
            for side in (0, 1):
                if aux & (1 << side):
                    value *= q[self.alleles(u, side), row]
            return np.asarray(value)
        if kind == FactorKind.UNARY_INBRED:
            first, second = self.alleles(u, 0), self.alleles(u, 1)
            same = self.fractions[aux] * (first == second) + (1 - self.fractions[aux]) * q[second, row]
            return np.asarray(self.weights[u, : self.states_of[u]] * q[first, row] * same)
        if kind == FactorKind.SEEN_SAME:
            x = self.alleles(u, 0)
            return self.explains(int(self.seen_people[aux]), x, x).astype(float)
        v = scope[1]
        if kind == FactorKind.SEEN:
            x, y = self.alleles(u, 0)[:, None], self.alleles(v, 0)[None]
            return self.explains(int(self.seen_people[aux]), x, y).astype(float)
        if kind == FactorKind.PAIR_INBRED:
            f, same = self.fractions[aux], np.eye(int(self.states_of[u]))[:, :, None]
            return np.asarray(q[:, None] * (f * same + (1 - f) * q[None]))
        if kind == FactorKind.PASSED:
            return self.passed(sex, self.alleles(u, side_a), self.alleles(v, side_b))
        if kind == FactorKind.EITHER:
            child = self.alleles(v, side_b)
            return 0.5 * (self.passed(sex, self.alleles(u, 0), child) + self.passed(sex, self.alleles(u, 1), child))
        assert kind == FactorKind.CHOSEN, f"no row of markers has a factor of kind {kind}"
        w = scope[2]
        here = self.passed(sex, self.alleles(v, side_a), self.alleles(w, side_b))
        table = np.ones((2, *here.shape))
        table[aux] = here
        return table

    def passed(self, sex: int, parent: IntArray, child: IntArray) -> FloatArray:
        """Probability that an allele of a parent becomes one of a child, shape (parent, child, row)."""
        return np.asarray(self.matrix[sex, parent[:, None], child[None], self.row])
