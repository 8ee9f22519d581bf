"""Searches over dense panels of linked SNPs: CPU seconds, and ratios to one exact likelihood a pair.

Run as `python bench/kinship_snps.py`. Everything is invented: 1,270 SNPs (one in ten of three alleles) on 22 chromosomes,
families of parents, siblings, grandparents, aunts and uncles, alleles passed on with crossovers.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from dokaz.kinship import KinshipFamily, Marker, MarkerSet, Member, Pedigree, Profiles, Sex, likelihood_ratio, search
from dokaz.kinship.model.markers import Linked

#: Lengths of the autosomes in cM, rounded (sex-averaged; deCODE, Kong et al. 2002).
CHROMOSOMES = (
    270,
    257,
    218,
    202,
    205,
    189,
    179,
    158,
    160,
    176,
    152,
    172,
    127,
    117,
    129,
    130,
    128,
    117,
    107,
    96,
    66,
    61,
)
SNPS = 1270


def panel(rng: np.random.Generator, count: int = SNPS) -> tuple[MarkerSet, list[Linked]]:
    """SNPs spread over the autosomes, and which are linked by which fractions (Haldane 1919)."""
    markers: list[Marker] = []
    linked: list[Linked] = []
    for c, length in enumerate(CHROMOSOMES):
        here = max(3, round(count * length / sum(CHROMOSOMES)))
        places = np.sort(rng.uniform(0, length, here))
        names = [f"c{c + 1}-{i}" for i in range(here)]
        for name in names:
            three = rng.random() < 0.1
            weights = rng.dirichlet(np.full(3, 5.0)) if three else (p := rng.uniform(0.2, 0.8), 1 - p)
            markers.append(Marker(name, ("A", "C", "G")[: len(weights)], tuple(map(float, weights))))
        fractions = (1 - np.exp(-2 * np.diff(places) / 100)) / 2
        linked.append((tuple(names), tuple(map(float, fractions))))
    return MarkerSet(tuple(markers)), linked


def genotypes(
    rng: np.random.Generator, pedigree: Pedigree, markers: MarkerSet, linked: Sequence[Linked]
) -> dict[str, np.ndarray]:  # type: ignore[type-arg]
    """Alleles of every member, shape (markers, 2), passed on with crossovers."""
    place = {name: i for i, name in enumerate(markers.names)}
    held: dict[str, np.ndarray] = {}  # type: ignore[type-arg]
    for member in pedigree:
        alleles = np.empty((len(markers), 2), dtype=np.int16)
        for side, parent in enumerate((member.father, member.mother)):
            if parent is None:
                alleles[:, side] = [rng.choice(len(m.alleles), p=m.frequencies) for m in markers]
                continue
            for names, fractions in linked:
                switched = np.concatenate([[rng.random() < 0.5], rng.random(len(fractions)) < fractions])
                columns = [place[name] for name in names]
                alleles[columns, side] = held[parent][columns, np.cumsum(switched) % 2]
        held[member.id] = alleles
    return held


def profiles(ids: Sequence[str], sexes: Sequence[Sex], markers: MarkerSet, held: Sequence[np.ndarray]) -> Profiles:  # type: ignore[type-arg]
    """Profiles from arrays."""
    alleles = np.sort(np.stack(held), axis=2).astype(np.int16)
    shape = alleles.shape[:2]
    return Profiles(
        tuple(ids), tuple(sexes), markers, alleles, np.ones(shape, bool), np.full(shape, np.nan), np.zeros(shape)
    )


#: Typed relatives of the missing X, by the kind of family.
KINDS = (("F", "S"), ("S", "T"), ("M", "U"), ("S", "T", "R"), ("U", "GM"))


def caseload(count: int, markers: MarkerSet, linked: Sequence[Linked]) -> tuple[Profiles, list[KinshipFamily]]:
    """Families who miss a son each, and the profiles of the sons."""
    rng = np.random.default_rng(7)
    families, sons = [], []
    for f in range(count):
        members = (
            Member(f"{f}GF", sex=Sex.MALE),
            Member(f"{f}GM", sex=Sex.FEMALE),
            Member(f"{f}F", f"{f}GF", f"{f}GM", Sex.MALE),
            Member(f"{f}U", f"{f}GF", f"{f}GM", Sex.MALE),
            Member(f"{f}M", sex=Sex.FEMALE),
            *(Member(f"{f}{name}", f"{f}F", f"{f}M", Sex.MALE) for name in "XSTR"),
        )
        pedigree = Pedigree(members, name=f"F{f}")
        held = genotypes(rng, pedigree, markers, linked)
        typed = [f"{f}{name}" for name in KINDS[f % len(KINDS)]]
        people = profiles(typed, [pedigree.sex_of(p) for p in typed], markers, [held[p] for p in typed])
        families.append(KinshipFamily(f"F{f}", pedigree, (f"{f}X",), people))
        sons.append(held[f"{f}X"])
    return profiles([f"V{i}" for i in range(count)], [Sex.MALE] * count, markers, sons), families


def main() -> None:
    """Measure, and print a line for each."""
    markers, linked = panel(np.random.default_rng(1))
    few, some = caseload(2, markers, linked)
    search(few, some, linked=linked)
    remains, families = caseload(100, markers, linked)
    cpu, wall = time.process_time(), time.perf_counter()
    found = search(remains, families, linked=linked)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    best = found.log10_lr.argmax(axis=0)
    right = int((best == np.arange(100)).sum())
    print(f"100 × 100, {len(markers)} linked SNPs: CPU {cpu:.1f} s, wall {wall:.1f} s; {right} of 100 sons rank first")
    each = []
    for f in range(len(KINDS)):
        family, victim = families[f], remains.only([f"V{f}"]).renamed({f"V{f}": f"{f}X"})
        together = family.profiles.joined(victim)
        beside = Pedigree((*(m for m in family.pedigree if m.id != f"{f}X"), Member(f"{f}X", sex=Sex.MALE)))
        cpu = time.process_time()
        one = likelihood_ratio(family.pedigree, beside, together, linked=linked)
        each.append(time.process_time() - cpu)
        assert abs(one.log10_lr - found.log10_lr[f, f]) < 1e-6, (one.log10_lr, found.log10_lr[f, f])
    print(f"one pair by two exact likelihoods: {1e3 * sum(each) / len(each):.1f} ms CPU, the same LRs")


if __name__ == "__main__":
    main()
