"""The textbook twin of the kinship engine: every founder allele and every transmission, one after another.

Slow, and short enough to be checked by reading. It shares the door types and the mutation matrices with the engine,
nothing else: no lumping, no elimination order, no symmetry, no pruning but of impossible branches.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Sequence

from dokaz.kinship import (
    Chromosome,
    Marker,
    MarkerSet,
    Member,
    Mutation,
    MutationKind,
    MutationModel,
    Pedigree,
    Profiles,
    Sex,
)

Genotype = tuple[int | None, int]


def naive_likelihood(
    pedigree: Pedigree,
    profiles: Profiles,
    columns: Sequence[int],
    theta: float = 0.0,
    fractions: Sequence[float] = (),
) -> float:
    """Probability of the profiles at one marker, or at linked ones."""
    markers = [profiles.markers.markers[column] for column in columns]
    x_linked = markers[0].chromosome is Chromosome.X
    order = _from_ancestors(pedigree)

    def transmitted(parent: str, sex: int, state: dict[str, list[Genotype]]) -> Iterator[tuple[list[int], float]]:
        """What a parent may pass at all loci, mutation included."""
        held = state[parent]
        one_only = held[0][0] is None
        paths = [(0,) * len(markers)] if one_only else list(itertools.product((0, 1), repeat=len(markers)))
        for path in paths:
            probability = 1.0 if one_only else 0.5
            for before, after, r in zip(path, path[1:], fractions, strict=False):
                probability *= (r if before != after else 1 - r) if not one_only else 1.0
            sources = [h[1] if one_only else h[s] for h, s in zip(held, path, strict=True)]
            rows = []
            for marker, source in zip(markers, sources, strict=True):
                n = len(marker.all_frequencies)
                if marker.matrices is None:
                    rows.append([float(a == source) for a in range(n)])
                else:
                    rows.append([float(marker.matrices[sex][source, a]) for a in range(n)])
            for alleles in itertools.product(*(range(len(row)) for row in rows)):
                p = probability * math.prod(row[a] for row, a in zip(rows, alleles, strict=True))
                if p > 0:
                    yield list(alleles), p

    def drawn(counts: list[list[int]]) -> Iterator[tuple[list[int], float]]:
        """One founder haplotype from the urn."""
        chances = []
        for marker, count in zip(markers, counts, strict=True):
            n = sum(count)
            chances.append(
                [
                    (theta * count[a] + (1 - theta) * f) / (1 + (n - 1) * theta) if n else f
                    for a, f in enumerate(marker.all_frequencies)
                ]
            )
        for alleles in itertools.product(*(range(len(c)) for c in chances)):
            p = math.prod(c[a] for c, a in zip(chances, alleles, strict=True))
            if p > 0:
                yield list(alleles), p

    def add(counts: list[list[int]], alleles: list[int]) -> list[list[int]]:
        return [[n + (a == b) for b, n in enumerate(count)] for count, a in zip(counts, alleles, strict=True)]

    def shown(person: str, genotype: list[Genotype]) -> float:
        if person not in profiles:
            return 1.0
        row = profiles.row_of(person)
        probability = 1.0
        for column, marker, pair in zip(columns, markers, genotype, strict=True):
            if profiles.typed[row, column]:
                probability *= naive_observation(profiles, row, column, marker, pair)
        return probability

    def walk(index: int, state: dict[str, list[Genotype]], counts: list[list[int]]) -> float:
        if index == len(order):
            return 1.0
        member = pedigree[order[index]]
        total = 0.0
        twin = next((t for g in pedigree.identical_twins if member.id in g for t in g if t in state), None)
        if twin is not None:
            seen = shown(member.id, state[twin])
            return seen * walk(index + 1, {**state, member.id: state[twin]}, counts) if seen else 0.0
        is_man_on_x = x_linked and pedigree.sex_of(member.id) is Sex.MALE

        def from_mother(counts: list[list[int]]) -> Iterator[tuple[list[int], float, list[list[int]]]]:
            if member.mother is not None:
                for alleles, p in transmitted(member.mother, 0, state):
                    yield alleles, p, counts
            else:
                for alleles, p in drawn(counts):
                    yield alleles, p, add(counts, alleles)

        if is_man_on_x:
            for alleles, p, after in from_mother(counts):
                genotype: list[Genotype] = [(None, a) for a in alleles]
                seen = shown(member.id, genotype)
                if seen:
                    total += p * seen * walk(index + 1, {**state, member.id: genotype}, after)
            return total
        paternal = transmitted(member.father, 1, state) if member.father is not None else drawn(counts)
        for first, p in paternal:
            middle = counts if member.father is not None else add(counts, first)
            second_draws = list(from_mother(middle))
            if member.inbreeding:
                f = member.inbreeding
                second_draws = [(a, (1 - f) * w, c) for a, w, c in second_draws] + [(first, f, middle)]
            for second, w, after in second_draws:
                genotype = list(zip(first, second, strict=True))
                seen = shown(member.id, genotype)
                if seen:
                    total += p * w * seen * walk(index + 1, {**state, member.id: genotype}, after)
        return total

    return walk(0, {}, [[0] * len(m.all_frequencies) for m in markers])


def naive_observation(profiles: Profiles, row: int, column: int, marker: Marker, pair: Genotype) -> float:
    """Probability of what was seen, given the alleles held; the silent allele is the last one."""
    silent = len(marker.alleles)
    held = [a for a in pair if a is not None and a != silent]
    seen = [int(a) for a in profiles.alleles[row, column] if a >= 0]
    d, c = float(profiles.dropout[row, column]), float(profiles.dropin[row, column])
    if math.isnan(d):
        return float(bool(held) and set(held) == set(seen))
    probability = 1.0
    for allele in set(held):
        missed = d ** held.count(allele)
        probability *= 1 - missed if allele in seen else missed
    extra = [a for a in set(seen) if a not in held]
    for allele in extra:
        probability *= c * marker.frequencies[allele]
    return probability if extra else probability * (1 - c)


def _from_ancestors(pedigree: Pedigree) -> list[str]:
    order: list[str] = []
    while len(order) < len(pedigree):
        for member in pedigree:
            if member.id not in order and all(p is None or p in order for p in (member.father, member.mother)):
                order.append(member.id)
    return order


# --- random questions ----------------------------------------------------------------------------------------------


def random_marker(rng: random.Random, name: str, *, x_linked: bool, largest: int) -> Marker:
    """A small marker with any mutation model, perhaps with a silent allele."""
    size = rng.randint(2, largest)
    silent = size >= 3 and rng.random() < 0.35
    visible = size - silent
    ladder = ["9", "9.3", "10", "11", "12"] if rng.random() < 0.5 else ["9", "10", "11", "12", "13"]
    alleles = tuple(ladder[:visible])
    weights = [rng.uniform(0.05, 1) for _ in range(size)]
    frequencies = [w / sum(weights) for w in weights]

    def model() -> MutationModel:
        kind = rng.choice(list(MutationKind))
        if kind in (MutationKind.ONESTEP, MutationKind.DAWID) and "9.3" in alleles:
            kind = MutationKind.STEPWISE
        if kind is MutationKind.CUSTOM:
            rows = []
            for _ in range(size):
                row = [rng.choice([0.0, rng.random()]) for _ in range(size - 1)] + [rng.random()]
                rows.append(tuple(v / sum(row) for v in row))
            return MutationModel(kind, stated=tuple(rows))
        return MutationModel(kind, rate=0.02, rate2=0.01, range=rng.choice([0.1, 0.5]))

    mutation = None
    if rng.random() < 0.6:
        mutation = Mutation.alike(model()) if rng.random() < 0.4 else Mutation(model(), model())
    return Marker(
        name,
        alleles,
        tuple(frequencies[:visible]),
        Chromosome.X if x_linked else Chromosome.AUTOSOMAL,
        mutation,
        frequencies[-1] if silent else None,
    )


def random_pedigree(rng: random.Random, size: int, *, inbred_founders: bool) -> Pedigree:
    """Any small pedigree: loops, one known parent, twins, several components; every sex stated."""
    members: list[Member] = []
    for i in range(size):
        sex = rng.choice([Sex.MALE, Sex.FEMALE])
        men = [m.id for m in members if m.sex is Sex.MALE]
        women = [m.id for m in members if m.sex is Sex.FEMALE]
        founder = i < 2 or rng.random() < 0.15
        father = rng.choice(men) if men and not founder and rng.random() < 0.85 else None
        mother = rng.choice(women) if women and not founder and rng.random() < 0.85 else None
        inbreeding = 0.2 if inbred_founders and father is None and mother is None and rng.random() < 0.3 else 0.0
        members.append(Member(f"p{i}", father, mother, sex, inbreeding))
    twins: tuple[frozenset[str], ...] = ()
    pairs = [
        frozenset({a.id, b.id})
        for a, b in itertools.combinations(members, 2)
        if (a.father, a.mother, a.sex) == (b.father, b.mother, b.sex) and a.father is not None
    ]
    if pairs and rng.random() < 0.5:
        twins = (rng.choice(pairs),)
    rng.shuffle(members)
    return Pedigree(tuple(members), twins, "random")


def random_profiles(rng: random.Random, pedigree: Pedigree, markers: MarkerSet) -> Profiles:
    """Genotypes drawn at random: often impossible, which must then be exactly zero."""
    genotypes: dict[str, dict[str, list[str]]] = {}
    dropout: dict[str, float | dict[str, float]] = {}
    with_dropout = rng.random() < 0.35
    pool = {marker.name: rng.sample(marker.alleles, min(2, len(marker.alleles))) for marker in markers}
    for member in pedigree:
        if rng.random() < 0.35:
            continue
        genotypes[member.id] = {}
        if with_dropout and rng.random() < 0.5:
            dropout[member.id] = rng.choice([0.0, 0.2, 0.6])
        for marker in markers:
            if rng.random() < 0.1:
                continue
            names = pool[marker.name] if rng.random() < 0.7 else list(marker.alleles)
            first, second = rng.choice(names), rng.choice(names)
            if marker.chromosome is Chromosome.X and member.sex is Sex.MALE:
                second = first
            if member.id in dropout:
                genotypes[member.id][marker.name] = rng.sample(names, rng.randint(0, min(3, len(names))))
            else:
                genotypes[member.id][marker.name] = [first, second]
    return Profiles.of(
        genotypes,
        markers,
        sexes={member.id: member.sex for member in pedigree},
        dropout=dropout,
        dropin=rng.choice([0.0, 0.05]),
    )
