"""Networks cut at persons whose genotype is known: what lies beyond them does not depend on what lies before.

A child's allele depends on a typed parent's genotype alone, whatever is known of the parent's own parents. So the network
of a family falls into parts, and most parts of one placement of remains are parts of many others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dokaz.kinship.elimination import Order, _order
from dokaz.kinship.kernel import FloatArray, IntArray, Kind
from dokaz.kinship.network import Lineage, Network, Status, network
from dokaz.kinship.pedigree import Sex
from dokaz.kinship.plans import ALLELE_VARIABLE, GENOTYPE_VARIABLE, PHASED_GENOTYPE_VARIABLE, SELECTOR, _joined, _starts

#: What is known of a person at a marker: nothing, one genotype, a table of several, or one that may hide a silent allele.
NOTHING, KNOWN, UNSURE, HIDING = 0, 1, 2, 3

# Plain numbers, because comparing enumerations takes longer than the rest.
_EITHER = int(Kind.EITHER)
_SEEN = (int(Kind.SEEN), int(Kind.SEEN_SAME))
_INBRED = (int(Kind.UNARY_INBRED), int(Kind.PAIR_INBRED))

#: Numbers of states that orders are planned with: an allele, a genotype with and without its phase, a selector.
_PLANNED_STATES = {ALLELE_VARIABLE: 10, PHASED_GENOTYPE_VARIABLE: 1, GENOTYPE_VARIABLE: 2, SELECTOR: 2}


@dataclass(frozen=True, eq=False)
class Shape:
    """What the kernel needs to sum a part, whoever the people in it are. There is one object for equal ones."""

    base: IntArray
    order: Order
    variable_kind: IntArray
    variable_slot: IntArray
    seen_slot: IntArray
    fractions: FloatArray


@dataclass(frozen=True)
class Part:
    """A part of a network.

    Args:
        shape: How it is summed.
        slots: People who are one genome, and whether it shows one allele only (a man's X).
    """

    shape: Shape
    slots: tuple[tuple[tuple[str, ...], bool], ...]


@lru_cache(maxsize=10_000)
def cut(tree: Lineage, codes: frozenset[tuple[str, int]]) -> tuple[float, tuple[Part, ...]]:
    """Cut the network of a family at one marker.

    Args:
        tree: The typed and their ancestors.
        codes: What is known of each typed person: `KNOWN`, `UNSURE` or `HIDING`.

    Returns:
        Natural logarithm of a constant, and the parts; the likelihood is the product of all.
    """
    known = dict(codes)
    statuses, single = [], []
    for genome in tree.genomes:
        of_genome = {known[person] for person in genome.people if person in known}
        exact = of_genome & {KNOWN, HIDING}
        statuses.append(Status.UNTYPED if not of_genome else Status.EXACT if exact else Status.UNCERTAIN)
        single.append(of_genome == {KNOWN})
    net = network(tree, (tuple(statuses),))
    return net.ln_constant, tuple(_part(net, tree, known, factors) for factors in _components(net, single))


def _part(net: Network, tree: Lineage, known: Mapping[str, int], factors: list[tuple[int, tuple[int, ...]]]) -> Part:
    number: dict[int, int] = {}
    slot_of: dict[int, int] = {}
    seen: list[int] = []
    fractions: list[float] = []
    rows, scopes = [], []
    base = net.base.tolist()
    for f, scope in factors:
        kind, a, b, aux, sex, locus = base[f]
        if kind in _SEEN:
            seen.append(slot_of.setdefault(net.seen[aux][0], len(slot_of)))
            aux = len(seen) - 1
        elif kind in _INBRED:
            fractions.append(net.fractions[aux])
            aux = len(fractions) - 1
        rows.append((kind, a, b, aux, sex, locus))
        scopes.append(tuple(number.setdefault(v, len(number)) for v in scope))
    kinds, owners = [], []
    for v in number:
        # Copies of a typed person's genotype, see `_components`, are numbered from -1 down.
        variable = net.variables[v if v >= 0 else -1 - v]
        if variable.selector or variable.side is not None:
            kinds.append(SELECTOR if variable.selector else ALLELE_VARIABLE)
            owners.append(-1)
        else:
            kinds.append(PHASED_GENOTYPE_VARIABLE if v < 0 or variable.phase_fixed else GENOTYPE_VARIABLE)
            owners.append(slot_of.setdefault(variable.genome, len(slot_of)))
    slots = []
    for genome in slot_of:
        people = tuple(person for person in tree.genomes[genome].people if person in known)
        slots.append((people, tree.x_linked and tree.genomes[genome].sex is Sex.MALE))
    shape = _shape(tuple(rows), tuple(scopes), tuple(kinds), tuple(owners), tuple(seen), tuple(fractions))
    return Part(shape, tuple(slots))


@lru_cache(maxsize=20_000)
def _shape(
    rows: tuple[tuple[int, ...], ...],
    scopes: tuple[tuple[int, ...], ...],
    kinds: tuple[int, ...],
    owners: tuple[int, ...],
    seen: tuple[int, ...],
    fractions: tuple[float, ...],
) -> Shape:
    # One quick rule: here planning costs as much as summing.
    order = _order(scopes, tuple(_PLANNED_STATES[kind] for kind in kinds), (), "table")
    return Shape(
        np.array(rows, dtype=np.int64).reshape(-1, 6),
        order,
        np.array(kinds, dtype=np.int64),
        np.array(owners, dtype=np.int64),
        np.array(seen, dtype=np.int64),
        np.array(fractions, dtype=float),
    )


def flattened(shapes: Sequence[Shape]) -> tuple[npt.NDArray[np.generic], ...]:
    """Shapes as `jointkernel.run_parts` takes them."""
    flat: list[npt.NDArray[np.generic]] = []
    for name in ("factor_start", "factor_variables", "step_variable", "step_start", "step_factors"):
        pieces = [getattr(shape.order, name) for shape in shapes]
        flat += [_joined(pieces, np.int64), _starts(pieces)]
    for name in ("variable_kind", "variable_slot", "seen_slot"):
        pieces = [getattr(shape, name) for shape in shapes]
        flat += [_joined(pieces, np.int64), _starts(pieces)]
    bases = [shape.base for shape in shapes]
    flat += [np.ascontiguousarray(np.concatenate([*bases, np.zeros((0, 6), dtype=np.int64)])), _starts(bases)]
    fractions = [shape.fractions for shape in shapes]
    return (*flat, _joined(fractions, np.float64), _starts(fractions))


def _components(net: Network, single: list[bool]) -> list[list[tuple[int, tuple[int, ...]]]]:
    """Factors that hang together, each with its variables.

    Where a child takes either allele of a person with one possible genotype, it does so of a copy of that genotype, -1 - v
    for variable v: the phase, which is all that the genotype may still leave open, does not matter to the child.
    """
    scopes = []
    for kind, scope in zip(net.base[:, 0].tolist(), net.scopes, strict=True):
        if kind == _EITHER and single[net.variables[scope[0]].genome]:
            scope = (-1 - scope[0], *scope[1:])
        scopes.append(scope)
    leader: dict[int, int] = {}

    def leader_of(v: int) -> int:
        while leader.setdefault(v, v) != v:
            v = leader[v]
        return v

    for scope in scopes:
        # A copy ties nothing together: its state is known.
        tied = [v for v in scope if v >= 0]
        for v in tied[1:]:
            leader[leader_of(v)] = leader_of(tied[0])
    found: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
    for f, scope in enumerate(scopes):
        found.setdefault(leader_of(next(v for v in scope if v >= 0)), []).append((f, scope))
    return list(found.values())
