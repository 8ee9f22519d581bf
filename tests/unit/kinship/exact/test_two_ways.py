"""Where the engine has two ways to an answer, both must give it: too large for the textbook twin."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from dokaz.kinship import (
    Marker,
    MarkerSet,
    Member,
    Mutation,
    MutationKind,
    MutationModel,
    Pedigree,
    Profiles,
    Sex,
    ln_likelihood,
)
from dokaz.kinship.exact import theta as theta_module
from dokaz.kinship.exact.likelihood import terms_of
from dokaz.kinship.exact.theta import Scenario, absorb, partitions, scenarios

LADDER = ("6", "7", "8", "9", "9.3", "10", "11", "12", "13", "14")


def ladder_marker(rng: random.Random, kind: MutationKind | None, name: str = "L") -> Marker:
    weights = [rng.uniform(0.1, 1) for _ in LADDER]
    mutation = None
    if kind is not None:
        mutation = Mutation(MutationModel(kind, rate=0.001, rate2=1e-5), MutationModel(kind, rate=0.003, rate2=1e-5))
    return Marker(name, LADDER, tuple(w / sum(weights) for w in weights), mutation=mutation)


def large_family(rng: random.Random, size: int) -> Pedigree:
    members: list[Member] = []
    for i in range(size):
        men = [m.id for m in members if m.sex is Sex.MALE]
        women = [m.id for m in members if m.sex is Sex.FEMALE]
        child = i >= 4 and men and women
        parents = (rng.choice(men), rng.choice(women)) if child else (None, None)
        members.append(Member(f"p{i}", *parents, sex=Sex.MALE if i % 2 else Sex.FEMALE))
    return Pedigree(tuple(members))


@pytest.mark.parametrize("kind", [None, MutationKind.EQUAL, MutationKind.PROPORTIONAL, MutationKind.STEPWISE])
@pytest.mark.parametrize("seed", range(4))
def test_the_batch_equals_one_marker_at_a_time(kind: MutationKind | None, seed: int) -> None:
    rng = random.Random(seed)
    pedigree = large_family(rng, 12)
    markers = MarkerSet(tuple(ladder_marker(rng, kind, f"L{i}") for i in range(4)))
    typed = [m.id for m in pedigree if rng.random() < 0.6]
    people = {p: {m.name: rng.choices(LADDER[:5], k=2) for m in markers} for p in typed}
    profiles = Profiles.of(people, markers)
    batch = ln_likelihood(pedigree, profiles)
    single = [term.ln_likelihood(pedigree, profiles, 0.0) for term in terms_of(profiles).all]
    assert np.array_equal(np.isneginf(batch), np.isneginf(single))
    possible = ~np.isneginf(batch)
    np.testing.assert_allclose(batch[possible], np.array(single)[possible], rtol=1e-11)


@pytest.mark.parametrize("theta", [1e-9, 1e-3, 0.01, 0.05, 0.5, 1 - 1e-9])
@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_partitions_and_quadrature_agree_on_every_moment(theta: float, count: int) -> None:
    frequencies = np.array([0.2, 0.3, 0.5])
    exponents = [(count, 0, 0), (count - 1, 1, 0), (1, count - 1, 0), (count - 2, 1, 1)]
    for exponent in exponents:
        drawn = [a for a, n in enumerate(exponent) for _ in range(n)]
        direct = math.exp(absorb(frequencies, theta, drawn)[0])
        by_partition = 0.0
        for scenario in partitions(count, theta):
            alleles_of = {g: {drawn[i] for i, c in enumerate(scenario.classes) if c == g} for g in scenario.classes}
            if all(len(alleles) == 1 for alleles in alleles_of.values()):
                by_partition += scenario.weight * np.prod([frequencies[a.copy().pop()] for a in alleles_of.values()])
        by_node = sum(
            s.weight * np.prod(s.frequencies[drawn])
            for s in theta_module._nodes(count, frequencies, theta, (count + 2) // 2)
        )
        assert by_partition == pytest.approx(direct, rel=1e-12)
        assert by_node == pytest.approx(direct, rel=1e-11)


def test_both_ways_of_theta_give_a_family_the_same_likelihood(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(5)
    markers = MarkerSet((ladder_marker(rng, None),))
    pedigree = Pedigree.of(
        a=("f", "m"), b=("f", "m"), c=("f", "n"), f=(None, None), m=(None, None), n=(None, None), u=(None, None)
    )
    genotypes = {"a": ("6", "9.3"), "b": ("9.3", "9.3"), "c": ("6", "8"), "u": ("6", "6")}
    profiles = Profiles.of({p: {"L": g} for p, g in genotypes.items()}, markers)
    values = []

    def by_partition(count: int, frequencies: np.ndarray, theta: float):
        return (Scenario(p.weight, p.classes, frequencies) for p in partitions(count, theta))

    for way in (by_partition, lambda c, f, t: theta_module._nodes(c, f, t, (c + 2) // 2)):
        monkeypatch.setattr("dokaz.kinship.exact.one_marker.scenarios", way)
        values.append(terms_of(profiles).all[0].ln_likelihood(pedigree, profiles, 0.03))
    assert values[0] == pytest.approx(values[1], rel=1e-12)
    assert float(ln_likelihood(pedigree, profiles, theta=0.03)[0]) == pytest.approx(values[0], rel=1e-12)


def test_scenarios_weigh_one_together() -> None:
    frequencies = np.array([0.2, 0.3, 0.5])
    for count in range(5):
        total = sum(
            s.weight * float(s.frequencies.sum()) ** (max(s.classes, default=-1) + 1)
            for s in scenarios(count, frequencies, 0.02)
        )
        assert total == pytest.approx(1.0, rel=1e-12)
