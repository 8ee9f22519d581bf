"""Pedigrees reduced to typed persons and their ancestors, and which alleles of those are founder alleles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from dokaz.errors import NotMeaningful
from dokaz.kinship.model.pedigree import Pedigree, Sex

#: Sides of a person: the allele from the father, and from the mother.
PATERNAL, MATERNAL = 0, 1


@dataclass(frozen=True)
class Genome:
    """One person, or several identical twins, in the order from ancestors to descendants."""

    people: tuple[str, ...]
    father: int | None
    mother: int | None
    sex: Sex
    inbreeding: float


@dataclass(frozen=True)
class ReducedPedigree:
    """A pedigree reduced to what the profiles reach: untyped persons without typed descendants are left out.

    Leaving them out changes no likelihood; it is what makes LR of a typed pair independent of the rest of the tree.
    """

    genomes: tuple[Genome, ...]
    x_linked: bool

    @cached_property
    def parents(self) -> tuple[tuple[int | None, int | None], ...]:
        """Father and mother from whom each genome has its alleles: a man has no X from his father."""
        return tuple(
            (None if self.x_linked and genome.sex is Sex.MALE else genome.father, genome.mother)
            for genome in self.genomes
        )


@lru_cache(maxsize=4096)
def reduced_pedigree(pedigree: Pedigree, reached: frozenset[str], x_linked: bool) -> ReducedPedigree:
    """Reduce a pedigree to the given persons and their ancestors.

    Args:
        reached: Typed persons, and any whose genotype is asked for.
        x_linked: Whether the marker lies on X.

    Raises:
        NotMeaningful: somebody who matters on X has an unknown sex.
    """
    wanted: set[str] = set()
    stack = [person for person in pedigree.ids if person in reached]
    twins_of = {person: group for group in pedigree.identical_twins for person in group}
    while stack:
        person = stack.pop()
        if person in wanted:
            continue
        wanted.add(person)
        member = pedigree[person]
        parents = [member.father, member.mother]
        if x_linked and pedigree.sex_of(person) is Sex.MALE:
            # A man's X comes from his mother alone.
            parents = [member.mother]
        stack += [p for p in parents if p is not None]
    leader: dict[str, str] = {}
    for person in pedigree.ids:
        if person in wanted:
            group = twins_of.get(person, frozenset({person}))
            leader[person] = next(p for p in pedigree.ids if p in group)
    groups: dict[str, list[str]] = {}
    for person, first in leader.items():
        groups.setdefault(first, []).append(person)
    order: list[str] = []
    placed: set[str] = set()

    def parent_leaders(first: str) -> tuple[str | None, str | None]:
        member = pedigree[first]
        father = leader.get(member.father) if member.father is not None else None
        mother = leader.get(member.mother) if member.mother is not None else None
        return father, mother

    visiting = list(reversed(list(groups)))
    while visiting:
        first = visiting.pop()
        if first in placed:
            continue
        ahead = [p for p in parent_leaders(first) if p is not None and p not in placed]
        if ahead:
            visiting += [first, *ahead]
        else:
            placed.add(first)
            order.append(first)
    number = {first: i for i, first in enumerate(order)}
    genomes = []
    for first in order:
        father, mother = parent_leaders(first)
        sexes = {pedigree.sex_of(person) for person in groups[first]} - {Sex.UNKNOWN}
        sex = sexes.pop() if sexes else Sex.UNKNOWN
        if x_linked and sex is Sex.UNKNOWN:
            raise NotMeaningful(
                f"{pedigree.name or 'pedigree'}: {first} has unknown sex, which an X marker cannot do without",
                next_step="state the sex, or leave the X markers out",
            )
        genomes.append(
            Genome(
                tuple(groups[first]),
                None if father is None else number[father],
                None if mother is None else number[mother],
                sex,
                pedigree[first].inbreeding,
            )
        )
    return ReducedPedigree(tuple(genomes), x_linked)


def founder_sides(genome: Genome, x_linked: bool) -> tuple[int, ...]:
    """Which of a genome's alleles are founder alleles."""
    sides = []
    if genome.father is None and not (x_linked and genome.sex is Sex.MALE):
        sides.append(PATERNAL)
    if genome.mother is None:
        sides.append(MATERNAL)
    return tuple(sides)


def whole_founder(genome: Genome, x_linked: bool) -> tuple[int, ...]:
    """Sides of a genome whose alleles are all founder alleles; empty for any other genome."""
    sides = founder_sides(genome, x_linked)
    return sides if len(sides) == (1 if x_linked and genome.sex is Sex.MALE else 2) else ()


def refuse_inbred_founders(tree: ReducedPedigree, theta: float, *, is_linked: bool = False) -> None:
    """Refuse questions that inbred founders make meaningless.

    Raises:
        NotMeaningful: theta, or linked markers, with inbred founders.
    """
    if not any(genome.inbreeding for genome in tree.genomes):
        return
    if theta > 0:
        raise NotMeaningful(
            "theta cannot be combined with inbred founders", next_step="draw the loop, or leave theta at 0"
        )
    if is_linked:
        raise NotMeaningful(
            "linked markers cannot be combined with inbred founders: how long their shared segments are is not stated",
            next_step="draw the loop that makes them inbred",
        )
