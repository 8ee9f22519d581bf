"""The slow twin of the blind search: one pair at a time, two exact likelihoods a marker."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from naive_twin import random_marker, random_pedigree, random_profiles

from dokaz.kinship import KinshipFamily, MarkerSet, Member, Pedigree, Profiles, Sex, ln_likelihood
from dokaz.kinship.model.markers import Linked


def slow_log10_lr_per_marker(
    profiles: Profiles, sample: str, family: KinshipFamily, person: str, theta: float, linked: Sequence[Linked] = ()
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """log10 LR of one pair; NaN where both hypotheses are impossible, 0 where nobody or no relative is typed."""
    victim = profiles.only([sample]).renamed({sample: person})
    victim = replace(victim, sexes=(Sex.UNKNOWN,))
    together = family.profiles.joined(victim)
    inside = ln_likelihood(family.pedigree, together, theta=theta, linked=linked)
    stranger = Member("stranger", sex=family.pedigree.sex_of(person))
    beside = Pedigree((*family.pedigree.members, stranger), family.pedigree.identical_twins)
    apart = family.profiles.joined(victim.renamed({person: "stranger"}))
    outside = ln_likelihood(beside, apart, theta=theta, linked=linked)
    with np.errstate(invalid="ignore"):
        values = (inside - outside) / math.log(10)
    values[np.isneginf(outside)] = np.nan
    return np.asarray(values)


def random_search(
    rng: random.Random, theta: float, *, on_x: Sequence[bool] | None = None, inbred_founders: bool = True
) -> tuple[Profiles, list[KinshipFamily]]:
    """Some families of random shape, and profiles to search with: silent alleles, dropout, X, mutation, loops, twins."""
    x_linked = on_x or [rng.random() < 0.3 for _ in range(3)]
    largest = 4 if theta == 0 else 3
    markers = MarkerSet(tuple(random_marker(rng, f"M{i}", x_linked=x, largest=largest) for i, x in enumerate(x_linked)))
    families = []
    while len(families) < 3:
        pedigree = random_pedigree(
            rng, rng.randint(2, 5), inbred_founders=inbred_founders and theta == 0 and rng.random() < 0.3
        )
        number = len(families)
        names = {m.id: f"F{number}{m.id}" for m in pedigree}
        members = tuple(
            replace(m, id=names[m.id], father=names.get(m.father or ""), mother=names.get(m.mother or ""))
            for m in pedigree
        )
        twins = tuple(frozenset(names[p] for p in group) for group in pedigree.identical_twins)
        pedigree = Pedigree(members, twins, f"F{number}")
        people = random_profiles(rng, pedigree, markers)
        missing = tuple(m.id for m in pedigree if m.id not in people)
        if missing:
            families.append(KinshipFamily(f"F{number}", pedigree, missing, people))
    remains = Pedigree(tuple(Member(f"V{i}", sex=rng.choice([Sex.MALE, Sex.FEMALE])) for i in range(6)))
    return random_profiles(rng, remains, markers), families


def random_linked_search(rng: random.Random, theta: float) -> tuple[Profiles, list[KinshipFamily], list[Linked]]:
    """The same with two or three of four markers linked, in any order, on X or not, with any fractions."""
    on_x = rng.random() < 0.3
    profiles, families = random_search(rng, theta, on_x=[on_x] * 4, inbred_founders=False)
    names = rng.sample(profiles.markers.names, rng.choice([2, 2, 3]) if theta == 0 else 2)
    fractions = tuple(rng.choice([0.0, 0.02, 0.1, 0.3, 0.5]) for _ in names[1:])
    return profiles, families, [(tuple(names), fractions)]
