"""Families cut at persons whose genotype is known: what lies beyond them does not depend on what lies before.

A child's allele depends on a typed parent's genotype alone, whatever is known of the parent's own parents. So a family
falls into parts, and most parts of one placement of remains are parts of many others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from dokaz.kinship.exact.elimination import Order, greedy
from dokaz.kinship.exact.network import Status, network
from dokaz.kinship.exact.programs import KNOWN, MAY_HIDE, UNCERTAIN, UNTYPED, Program, program_of
from dokaz.kinship.exact.reduced_pedigree import Genome, ReducedPedigree
from dokaz.kinship.kernels.elimination_order import FILL
from dokaz.kinship.kernels.network_sum import FactorKind
from dokaz.kinship.model.pedigree import Sex

_STATUS = {UNTYPED: Status.UNTYPED, KNOWN: Status.EXACT, UNCERTAIN: Status.UNCERTAIN, MAY_HIDE: Status.EXACT}

# A plain number, because comparing enumerations takes longer than the rest.
_UNARY = int(FactorKind.UNARY)


class _Relative(NamedTuple):
    """A person of a part, without a name; a plain tuple, because many are looked up."""

    #: Positions in the part; None: the allele is a founder's.
    father: int | None
    mother: int | None
    #: Sex on X; elsewhere it does not matter and is 0.
    sex: int
    #: Of a founder.
    inbreeding: float
    #: What is known: `UNTYPED`, `KNOWN`, `UNCERTAIN` or `MAY_HIDE`.
    code: int
    #: Here only as a parent of known genotype: where that comes from is another part's matter.
    copied: bool


@dataclass(frozen=True)
class Part:
    """A part of a family.

    Args:
        program: How it is summed. Parts that differ only in who the people are share one object.
        genomes: Whose evidence fills its slots, numbers in the reduced pedigree.
    """

    program: Program
    genomes: tuple[int, ...]


def cut(tree: ReducedPedigree, codes: Sequence[int], alike: bool) -> tuple[Part, ...]:
    """Cut a family at one marker; its likelihood is the product of the parts'.

    Args:
        tree: Reduced to the typed, and perhaps others: who is neither typed nor an ancestor of a typed is left out.
        codes: What is known of each genome: `UNTYPED`, `KNOWN`, `UNCERTAIN` or `MAY_HIDE`.
        alike: Whether fathers and mothers mutate alike.
    """
    parents = tree.parents
    matters = [code != UNTYPED for code in codes]
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
    typed = tuple([g for g in (*copies, *members) if codes[g] != UNTYPED])
    return Part(_program(tuple(people), tree.x_linked, alike), typed)


@lru_cache(maxsize=20_000)
def _program(people: tuple[_Relative, ...], x_linked: bool, alike: bool) -> Program:
    genomes = tuple(Genome((str(i),), p.father, p.mother, Sex(p.sex), p.inbreeding) for i, p in enumerate(people))
    statuses = tuple(_STATUS[p.code] for p in people)
    net = network(ReducedPedigree(genomes, x_linked), (statuses,), alike=alike)
    slot_of = {g: slot for slot, g in enumerate(g for g, p in enumerate(people) if p.code != UNTYPED)}
    kinds = zip(net.base[:, 0].tolist(), net.scopes, strict=True)
    kept = [
        f
        for f, (kind, scope) in enumerate(kinds)
        # A copy's genotype is known: how probable it is, is said where the person comes from.
        if kind != _UNARY or not people[net.variables[scope[0]].genome].copied
    ]
    net = replace(net, base=net.base[kept], scopes=tuple(net.scopes[f] for f in kept))
    return program_of(net, slot_of.__getitem__, _greedily)


def _greedily(scopes: Sequence[tuple[int, ...]], sizes: Sequence[int], kept: tuple[int, ...]) -> Order:
    return greedy(scopes, sizes, kept, FILL)
