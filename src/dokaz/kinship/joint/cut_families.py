"""Families cut at persons whose genotype is known: what lies beyond them does not depend on what lies before.

A child's allele depends on a typed parent's genotype alone, whatever is known of the parent's own parents. So a family
falls into parts, and most parts of one placement of remains are parts of many others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.exact.elimination import Order, greedy
from dokaz.kinship.exact.network import Genome, ReducedPedigree, Status, network
from dokaz.kinship.exact.programs import (
    ALLELE_VARIABLE,
    GENOTYPE_VARIABLE,
    PHASED_GENOTYPE_VARIABLE,
    SELECTOR,
    _joined,
    _starts,
)
from dokaz.kinship.kernels.elimination_order import FILL
from dokaz.kinship.kernels.network_sum import FactorKind
from dokaz.kinship.model.pedigree import Sex

#: What is known of a person at a marker: nothing, one genotype, a table of several, or one that may hide a silent allele.
NOTHING, KNOWN, UNSURE, HIDING = 0, 1, 2, 3

_STATUS = {NOTHING: Status.UNTYPED, KNOWN: Status.EXACT, UNSURE: Status.UNCERTAIN, HIDING: Status.EXACT}


#: Numbers of states that orders are planned with: an allele, a genotype with and without its phase, a selector.
_PLANNED_STATES = {ALLELE_VARIABLE: 10, PHASED_GENOTYPE_VARIABLE: 1, GENOTYPE_VARIABLE: 2, SELECTOR: 2}


# A plain number, because comparing enumerations takes longer than the rest.
_UNARY = int(FactorKind.UNARY)


class _Relative(NamedTuple):
    """A person of a part, whoever that is; a plain tuple, because many are looked up."""

    #: Positions in the part; None: the allele is a founder's.
    father: int | None
    mother: int | None
    #: Sex on X; elsewhere it does not matter and is 0.
    sex: int
    #: Of a founder.
    inbreeding: float
    #: What is known: `NOTHING`, `KNOWN`, `UNSURE` or `HIDING`.
    code: int
    #: Here only as a parent of known genotype: where that comes from is another part's matter.
    copied: bool


@dataclass(frozen=True, eq=False)
class Shape:
    """What the kernel needs to sum a part, whoever the people in it are. There is one object for equal ones."""

    base: IntArray
    order: Order
    variable_kind: IntArray
    variable_slot: IntArray
    seen_slot: IntArray
    fractions: FloatArray
    ln_constant: float


@dataclass(frozen=True)
class Part:
    """A part of a family.

    Args:
        shape: How it is summed.
        genomes: Whose evidence fills the shape's slots, numbers in the reduced pedigree.
    """

    shape: Shape
    genomes: tuple[int, ...]


def cut(tree: ReducedPedigree, codes: Sequence[int], alike: bool) -> tuple[Part, ...]:
    """Cut a family at one marker; its likelihood is the product of the parts'.

    Args:
        tree: Reduced to the typed, and perhaps others: who is neither typed nor an ancestor of a typed is left out.
        codes: What is known of each genome: `NOTHING`, `KNOWN`, `UNSURE` or `HIDING`.
        alike: Whether fathers and mothers mutate alike.
    """
    parents = tree.parents
    matters = [code != NOTHING for code in codes]
    leader = list(range(len(parents)))

    def leader_of(g: int) -> int:
        while leader[g] != g:
            g = leader[g]
        return g

    for child in range(len(parents) - 1, -1, -1):
        if matters[child]:
            for parent in parents[child]:
                if parent is not None:
                    matters[parent] = True
                    if codes[parent] != KNOWN:
                        leader[leader_of(parent)] = leader_of(child)
    members: dict[int, list[int]] = {}
    for g, matter in enumerate(matters):
        if matter:
            members.setdefault(leader_of(g), []).append(g)
    return tuple([_part(tree, codes, alike, of_part) for of_part in members.values()])


def _part(tree: ReducedPedigree, codes: Sequence[int], alike: bool, members: Sequence[int]) -> Part:
    genomes, parents = tree.genomes, tree.parents
    copies: dict[int, int] = {}
    for child in members:
        for p in parents[child]:
            if p is not None and codes[p] == KNOWN:
                copies.setdefault(p, len(copies))
    place = {g: len(copies) + i for i, g in enumerate(members)}
    place.update(copies)  # as a parent, a known person is the copy
    people = []
    for g in copies:
        people.append(_Relative(None, None, int(genomes[g].sex) if tree.x_linked else 0, 0.0, KNOWN, True))
    for g in members:
        father, mother = parents[g]
        people.append(
            _Relative(
                None if father is None else place[father],
                None if mother is None else place[mother],
                int(genomes[g].sex) if tree.x_linked else 0,
                genomes[g].inbreeding,
                codes[g],
                False,
            )
        )
    typed = tuple([g for g in (*copies, *members) if codes[g] != NOTHING])
    return Part(_shape(tuple(people), tree.x_linked, alike), typed)


@lru_cache(maxsize=20_000)
def _shape(people: tuple[_Relative, ...], x_linked: bool, alike: bool) -> Shape:
    genomes = tuple(Genome((str(i),), p.father, p.mother, Sex(p.sex), p.inbreeding) for i, p in enumerate(people))
    statuses = tuple(_STATUS[p.code] for p in people)
    net = network(ReducedPedigree(genomes, x_linked), (statuses,), alike=alike)
    slot_of = {g: slot for slot, g in enumerate(g for g, p in enumerate(people) if p.code != NOTHING)}
    kept = []
    for f, (kind, scope) in enumerate(zip(net.base[:, 0].tolist(), net.scopes, strict=True)):
        # A copy's genotype is known: how probable it is, is said where the person comes from.
        if kind != _UNARY or not people[net.variables[scope[0]].genome].copied:
            kept.append(f)
    kinds, owners = [], []
    for variable in net.variables:
        if variable.selector or variable.side is not None:
            kinds.append(SELECTOR if variable.selector else ALLELE_VARIABLE)
            owners.append(-1)
        else:
            kinds.append(PHASED_GENOTYPE_VARIABLE if variable.phase_fixed else GENOTYPE_VARIABLE)
            owners.append(slot_of[variable.genome])
    scopes = [net.scopes[f] for f in kept]
    sizes = [_PLANNED_STATES[kind] for kind in kinds]
    return Shape(
        net.base[kept],
        greedy(scopes, sizes, (), FILL),
        np.array(kinds, dtype=np.int64),
        np.array(owners, dtype=np.int64),
        np.array([slot_of[genome] for genome, _ in net.seen], dtype=np.int64),
        np.array(net.fractions, dtype=float),
        net.ln_constant,
    )


def flattened(shapes: Sequence[Shape]) -> tuple[npt.NDArray[np.generic], ...]:
    """Shapes as `placement_sum.run_placements` takes them."""
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
    constants = np.array([shape.ln_constant for shape in shapes], dtype=float)
    return (*flat, _joined(fractions, np.float64), _starts(fractions), constants)
