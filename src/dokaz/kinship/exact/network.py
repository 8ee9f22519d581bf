"""From a pedigree to a network: allele and selector variables, and the factors between them.

Every person carries one variable for both alleles where the genotype was seen, else one for each allele. A selector
says which of a parent's two alleles a child received. Because the factors are split along selectors, a large sibship
costs no more than its parents' alleles, and loops need no special care: the elimination order decides (`elimination`).

Source: Lauritzen & Sheehan 2003 (Bayesian networks for pedigrees, allele and segregation variables).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache

import numpy as np

from dokaz.kinship.arrays import IntArray
from dokaz.kinship.exact.elimination import Order, cheapest_order
from dokaz.kinship.exact.reduced_pedigree import MATERNAL, PATERNAL, ReducedPedigree, founder_sides
from dokaz.kinship.kernels.network_sum import FactorKind
from dokaz.kinship.kernels.program_sum import ALLELE, GENOTYPE, PHASED_GENOTYPE, SELECTOR
from dokaz.kinship.model.pedigree import Sex


class Status(IntEnum):
    """What is known of a person at one marker."""

    UNTYPED = 0
    EXACT = 1  # few genotypes are possible: one variable
    UNCERTAIN = 2  # dropout, or a founder allele under theta: one variable per allele, tied by what was seen


@dataclass(frozen=True)
class Variable:
    """A variable of the network: who, where, and which allele (None for a genotype or a selector)."""

    genome: int
    locus: int
    side: int | None
    selector: bool = False
    # A genotype whose two phases count as one, by symmetry.
    phase_fixed: bool = False


@dataclass(frozen=True)
class Network:
    """Variables, factors and founder alleles of one pedigree at one marker, or at linked ones."""

    variables: tuple[Variable, ...]
    scopes: tuple[tuple[int, ...], ...]
    base: IntArray
    ln_constant: float
    # Observed genomes: (genome, locus) -> its number among the tables of what was seen.
    seen: tuple[tuple[int, int], ...]
    fractions: tuple[float, ...]
    # Founder alleles still to be drawn, by locus: (genome, side), in a fixed order; used with theta.
    open_founders: tuple[tuple[tuple[int, int], ...], ...]
    kept: tuple[int, ...] = ()

    @cached_property
    def kinds(self) -> IntArray:
        """Kind of each variable, as compiled code takes it."""
        found = [
            SELECTOR if v.selector else ALLELE if v.side is not None else PHASED_GENOTYPE if v.phase_fixed else GENOTYPE
            for v in self.variables
        ]
        return np.array(found, dtype=np.int64)

    def owners(self, slot_of: Callable[[Variable], int]) -> IntArray:
        """The slot of each genotype variable; -1 for the others."""
        is_genotype = (self.kinds == GENOTYPE) | (self.kinds == PHASED_GENOTYPE)
        pairs = zip(self.variables, is_genotype.tolist(), strict=True)
        return np.array([slot_of(v) if genotype else -1 for v, genotype in pairs], dtype=np.int64)


class _NetworkBuilder:
    """Collects variables and factors; see `network`."""

    def __init__(
        self,
        tree: ReducedPedigree,
        statuses: tuple[tuple[Status, ...], ...],
        fractions: tuple[float, ...],
        kept: int | None,
        absorbed: frozenset[tuple[int, int]],
        merged: Mapping[tuple[int, int, int], int] | None,
        alike: bool,
    ) -> None:
        self.tree, self.statuses, self.kept = tree, statuses, kept
        self.absorbed, self.merged = absorbed, merged
        self.variables: list[Variable] = []
        self.scopes: list[tuple[int, ...]] = []
        self.base: list[tuple[int, int, int, int, int, int]] = []
        self.fractions: list[float] = list(fractions)
        self.seen: list[tuple[int, int]] = []
        self.ln_constant = 0.0
        self.alleles: dict[tuple[int, int, int], int] = {}
        self.genotypes: dict[tuple[int, int], int] = {}
        self.selectors: dict[tuple[int, int, int], int | None] = {}
        self.classes: dict[tuple[int, int], int] = {}
        self.founders: list[list[tuple[int, int]]] = [[] for _ in statuses]
        self.relevant = [self._relevant(locus) for locus in range(len(statuses))]
        self.first_child = self._symmetric_children()
        self.mirrored = self._mirrored_children() if alike and len(statuses) == 1 and kept is None else frozenset()

    def _relevant(self, locus: int) -> list[bool]:
        keep = [status is not Status.UNTYPED for status in self.statuses[locus]]
        if self.kept is not None:
            keep[self.kept] = True
        for i in range(len(keep) - 1, -1, -1):
            genome = self.tree.genomes[i]
            if keep[i]:
                if genome.father is not None and not self._is_hemizygous(i):
                    keep[genome.father] = True
                if genome.mother is not None:
                    keep[genome.mother] = True
        return keep

    def _is_hemizygous(self, genome: int) -> bool:
        return self.tree.x_linked and self.tree.genomes[genome].sex is Sex.MALE

    def _symmetric_children(self) -> dict[int, tuple[int, int, int]]:
        """For each founder with two alleles: the (child, parent's side, locus) whose selector symmetry may fix.

        A founder's two haplotypes are exchangeable, so which one the first child received is a mere naming. Where the
        founder's genotype is one variable at the first locus, its phase is fixed instead.
        """
        found: dict[int, tuple[int, int, int]] = {}
        for parent, person in enumerate(self.tree.genomes):
            if person.father is not None or person.mother is not None or self._is_hemizygous(parent):
                continue
            for locus in range(len(self.statuses)):
                if not self.relevant[locus][parent]:
                    continue
                if self.statuses[locus][parent] is Status.EXACT:
                    break
                children = [
                    (child, side)
                    for child, genome in enumerate(self.tree.genomes)
                    if self.relevant[locus][child]
                    for side, who in ((PATERNAL, genome.father), (MATERNAL, genome.mother))
                    if who == parent and not (side == PATERNAL and self._is_hemizygous(child))
                ]
                if children:
                    found[parent] = (*children[0], locus)
                    break
        return found

    def _mirrored_children(self) -> frozenset[int]:
        """One child with a seen genotype of each untyped founder couple who have no other partner.

        Where fathers and mothers mutate alike, such a couple may change places, so that child's phase is a naming.
        """
        if self.tree.x_linked:
            return frozenset()
        found: set[int] = set()
        couples: dict[tuple[int, int], list[int]] = {}
        partners: dict[int, set[tuple[int | None, int | None]]] = {}
        for child, genome in enumerate(self.tree.genomes):
            if not self.relevant[0][child]:
                continue
            pair = (genome.father, genome.mother)
            for parent in pair:
                if parent is not None:
                    partners.setdefault(parent, set()).add(pair)
            if genome.father is not None and genome.mother is not None:
                couples.setdefault((genome.father, genome.mother), []).append(child)
        for (father, mother), children in couples.items():
            both = (self.tree.genomes[father], self.tree.genomes[mother])
            untyped = all(self.statuses[0][parent] is Status.UNTYPED for parent in (father, mother))
            founders = all(p.father is None and p.mother is None and not p.inbreeding for p in both)
            if untyped and founders and len(partners[father]) == len(partners[mother]) == 1:
                found.update([c for c in children if self.statuses[0][c] is Status.EXACT][:1])
        return frozenset(found)

    def _phase_fixed(self, genome: int, locus: int) -> bool:
        if genome in self.mirrored:
            return True
        person = self.tree.genomes[genome]
        is_founder = person.father is None and person.mother is None
        first = next(i for i in range(len(self.statuses)) if self.relevant[i][genome])
        return is_founder and locus == first

    def add(self, variable: Variable) -> int:
        self.variables.append(variable)
        return len(self.variables) - 1

    def factor(
        self,
        kind: FactorKind,
        scope: tuple[int, ...],
        locus: int,
        *,
        a: int = 0,
        b: int = 0,
        aux: int = 0,
        sex: int = 0,
    ) -> None:
        self.scopes.append(scope)
        self.base.append((int(kind), a, b, aux, sex, locus))

    def allele(self, genome: int, side: int, locus: int) -> tuple[int, int]:
        """The variable that holds one allele of a person, and which side of its states."""
        if (genome, locus) in self.genotypes:
            return self.genotypes[genome, locus], side
        key = (genome, side, locus)
        if key not in self.alleles:
            person = self.tree.genomes[genome]
            if side in founder_sides(person, self.tree.x_linked):
                self.founders[locus].append((genome, side))
                self.alleles[key] = self._founder_allele(key)
            else:
                self.alleles[key] = self.add(Variable(genome, locus, side))
        return self.alleles[key], 0

    def _founder_allele(self, key: tuple[int, int, int]) -> int:
        genome, side, locus = key
        if self.merged is not None:
            # Under theta some founder alleles are one and the same ancestral allele: they share a variable.
            group = self.merged[key]
            if (locus, group) not in self.classes:
                variable = self.add(Variable(genome, locus, side))
                self.classes[locus, group] = variable
                self.factor(FactorKind.UNARY, (variable,), locus, aux=1)
            return self.classes[locus, group]
        variable = self.add(Variable(genome, locus, side))
        if not self.tree.genomes[genome].inbreeding or self._is_hemizygous(genome):
            self.factor(FactorKind.UNARY, (variable,), locus, aux=1)
        return variable

    def fraction(self, value: float) -> int:
        self.fractions.append(value)
        return len(self.fractions) - 1

    def person(self, genome: int, locus: int) -> None:
        """Variables and evidence of one person at one locus."""
        person, status = self.tree.genomes[genome], self.statuses[locus][genome]
        sides = founder_sides(person, self.tree.x_linked)
        if status is Status.EXACT:
            variable = self.add(Variable(genome, locus, None, phase_fixed=self._phase_fixed(genome, locus)))
            self.genotypes[genome, locus] = variable
            open_sides = () if (genome, locus) in self.absorbed else sides
            if person.inbreeding and len(open_sides) == 2:
                self.factor(FactorKind.UNARY_INBRED, (variable,), locus, aux=self.fraction(person.inbreeding))
            else:
                self.factor(FactorKind.UNARY, (variable,), locus, aux=sum(1 << side for side in open_sides))
        elif status is Status.UNCERTAIN:
            self.seen.append((genome, locus))
            mother, _ = self.allele(genome, MATERNAL, locus)
            father = mother if self._is_hemizygous(genome) else self.allele(genome, PATERNAL, locus)[0]
            if father == mother:
                self.factor(FactorKind.SEEN_SAME, (mother,), locus, aux=len(self.seen) - 1)
            else:
                self.factor(FactorKind.SEEN, (father, mother), locus, aux=len(self.seen) - 1)

    def transmission(self, child: int, side: int, locus: int) -> None:
        """The passing of one allele from a parent to a child."""
        genome = self.tree.genomes[child]
        parent = genome.father if side == PATERNAL else genome.mother
        if parent is None or (side == PATERNAL and self._is_hemizygous(child)):
            return
        sex = 1 if side == PATERNAL else 0
        target, target_side = self.allele(child, side, locus)
        if self._is_hemizygous(parent):
            source, source_side = self.allele(parent, MATERNAL, locus)
            self.factor(FactorKind.PASSED, (source, target), locus, a=source_side, b=target_side, sex=sex)
            return
        fixed = self.first_child.get(parent) == (child, side, locus)
        if fixed:
            self.selectors[child, side, locus] = None
            source, _ = self.allele(parent, PATERNAL, locus)
            self.factor(FactorKind.PASSED, (source, target), locus, b=target_side, sex=sex)
            return
        exact = self.statuses[locus][parent] is Status.EXACT
        if exact and len(self.statuses) == 1:
            self.factor(FactorKind.EITHER, (self.genotypes[parent, locus], target), locus, b=target_side, sex=sex)
            return
        selector = self.add(Variable(child, locus, side, selector=True))
        before = [i for i in range(locus) if (child, side, i) in self.selectors]
        self.selectors[child, side, locus] = selector
        if before:
            r = 0.0
            for step in self.fractions[before[-1] : locus]:
                r = r * (1 - step) + step * (1 - r)
            previous = self.selectors[child, side, before[-1]]
            if previous is None:
                self.factor(FactorKind.LINK_FIXED, (selector,), locus, aux=self.fraction(r))
            else:
                self.factor(FactorKind.LINK, (previous, selector), locus, aux=self.fraction(r))
        else:
            self.ln_constant += float(np.log(0.5))
        if exact:
            scope = (selector, self.genotypes[parent, locus], target)
            self.factor(FactorKind.PICKED, scope, locus, b=target_side, sex=sex)
            return
        for choice, parent_side in ((0, PATERNAL), (1, MATERNAL)):
            source, _ = self.allele(parent, parent_side, locus)
            self.factor(FactorKind.CHOSEN, (selector, source, target), locus, b=target_side, aux=choice, sex=sex)

    def inbred_founders(self, locus: int) -> None:
        for genome, person in enumerate(self.tree.genomes):
            if not person.inbreeding or (genome, locus) in self.genotypes or self._is_hemizygous(genome):
                continue
            first = self.alleles.get((genome, PATERNAL, locus))
            second = self.alleles.get((genome, MATERNAL, locus))
            if first is not None and second is not None:
                self.factor(FactorKind.PAIR_INBRED, (first, second), locus, aux=self.fraction(person.inbreeding))
            else:
                for only in (first, second):
                    if only is not None:
                        self.factor(FactorKind.UNARY, (only,), locus, aux=1)


@lru_cache(maxsize=10_000)
def network(
    tree: ReducedPedigree,
    statuses: tuple[tuple[Status, ...], ...],
    fractions: tuple[float, ...] = (),
    kept: int | None = None,
    absorbed: frozenset[tuple[int, int]] = frozenset(),
    merged: tuple[tuple[tuple[int, int, int], int], ...] | None = None,
    alike: bool = False,
) -> Network:
    """Build the network of a reduced pedigree.

    Args:
        tree: Who descends from whom.
        statuses: What is known of each genome, by locus.
        fractions: Recombination fraction between neighbouring loci; empty for a single marker.
        kept: A genome whose two alleles stay in the last table (single markers only).
        absorbed: (genome, locus) of founders whose alleles are already counted as drawn (theta).
        merged: Founder allele (genome, side, locus) to its class of identical ones (theta); None: all independent.
        alike: Whether fathers and mothers mutate alike, which makes some phases a mere naming.
    """
    builder = _NetworkBuilder(
        tree, statuses, fractions, kept, absorbed, None if merged is None else dict(merged), alike
    )
    for locus in range(len(statuses)):
        people = [i for i in range(len(tree.genomes)) if builder.relevant[locus][i]]
        for genome in people:
            builder.person(genome, locus)
        for genome in people:
            builder.transmission(genome, PATERNAL, locus)
            builder.transmission(genome, MATERNAL, locus)
        if kept is not None:
            for side in (PATERNAL, MATERNAL):
                if not (side == PATERNAL and builder._is_hemizygous(kept)):
                    builder.allele(kept, side, locus)
        builder.inbred_founders(locus)
    kept_variables: tuple[int, ...] = ()
    if kept is not None:
        sides = [MATERNAL] if builder._is_hemizygous(kept) else [PATERNAL, MATERNAL]
        kept_variables = tuple(dict.fromkeys(builder.allele(kept, side, 0)[0] for side in sides))
    return Network(
        tuple(builder.variables),
        tuple(builder.scopes),
        np.array(builder.base, dtype=np.int64).reshape(-1, 6),
        builder.ln_constant,
        tuple(builder.seen),
        tuple(builder.fractions),
        tuple(tuple(slots) for slots in builder.founders),
        kept_variables,
    )


_orders: dict[tuple[int, tuple[int, ...]], tuple[Network, Order]] = {}


def order_for(net: Network, sizes: Sequence[int]) -> Order:
    """The elimination order for these numbers of states, remembered."""
    # Rounded up to powers of two: the best order hardly depends on the exact sizes, and the memory stays small.
    rough = tuple(1 << (size - 1).bit_length() for size in sizes)
    key = (id(net), rough)
    known = _orders.get(key)
    if known is None or known[0] is not net:
        if len(_orders) > 10_000:
            _orders.clear()
        known = (net, cheapest_order(net.scopes, rough, net.kept))
        _orders[key] = known
    return known[1]
