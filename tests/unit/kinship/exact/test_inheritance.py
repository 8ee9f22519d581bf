"""Linked SNPs by every inheritance: the textbook twin, elimination, closed forms, and where the way is closed."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from naive_twin import _from_ancestors as from_ancestors
from naive_twin import naive_likelihood, random_pedigree, random_profiles
from slow_search import slow_log10_lr_per_marker

from dokaz.errors import BadProfile
from dokaz.kinship import (
    Chromosome,
    KinshipFamily,
    Marker,
    MarkerSet,
    Member,
    Mutation,
    MutationKind,
    MutationModel,
    Pedigree,
    Profiles,
    Sex,
    likelihood_ratio,
    ln_likelihood,
    search,
)
from dokaz.kinship.blind import linked_snps
from dokaz.kinship.exact import inheritance
from dokaz.kinship.exact.likelihood import terms_of
from dokaz.kinship.exact.one_marker import member_table
from dokaz.kinship.exact.reduced_pedigree import reduced_pedigree


def snps(rng: random.Random, count: int, *, x_linked: bool = False) -> MarkerSet:
    """Invented SNPs, some of them of three alleles."""
    rows = []
    for i in range(count):
        names = ("A", "C", "G") if rng.random() < 0.2 else ("A", "G")
        weights = [rng.uniform(0.1, 1) for _ in names]
        chromosome = Chromosome.X if x_linked else Chromosome.AUTOSOMAL
        rows.append(Marker(f"rs{i}", names, tuple(w / sum(weights) for w in weights), chromosome))
    return MarkerSet(tuple(rows))


@pytest.mark.parametrize("block", range(4))
def test_any_small_question_has_the_twins_likelihood(block: int) -> None:
    ways = 0
    for seed in range(block * 4, block * 4 + 4):
        rng = random.Random(seed)
        x_linked = rng.random() < 0.35
        pedigree = random_pedigree(rng, rng.randint(1, 3), inbred_founders=False)
        markers = MarkerSet(
            tuple(replace(m, alleles=m.alleles[:2], frequencies=(0.3, 0.7)) for m in snps(rng, 3, x_linked=x_linked))
        )
        profiles = random_profiles(rng, pedigree, markers)
        fractions = tuple(rng.choice([0.0, 0.1, 0.5]) for _ in range(2))
        found = inheritance.ln_likelihood_along(pedigree, profiles, (0, 1, 2), fractions, x_linked=x_linked)
        assert found is not None
        theirs = naive_likelihood(pedigree, profiles, range(3), 0.0, fractions)
        assert (found == -math.inf) == (theirs == 0), f"seed {seed}"
        assert math.exp(found) == pytest.approx(theirs, rel=1e-10), f"seed {seed}"
        ways += found > -math.inf
    assert ways > 0


@pytest.mark.parametrize("seed", range(12))
def test_long_chains_are_those_of_elimination(seed: int) -> None:
    rng = random.Random(seed)
    x_linked = seed % 3 == 2
    pedigree = random_pedigree(rng, 6, inbred_founders=False)
    markers = snps(rng, 40, x_linked=x_linked)
    profiles = drawn(rng, pedigree, markers, [m.id for m in pedigree if rng.random() < 0.6])
    groups = [(markers.names, tuple(rng.choice([0.001, 0.02, 0.3]) for _ in range(39)))]
    term = terms_of(profiles, groups).all[0]
    ours = inheritance.ln_likelihood_along(pedigree, profiles, term.columns, term.fractions, x_linked=x_linked)
    _, theirs = member_table(pedigree, profiles, term)
    assert ours is not None
    assert ours == pytest.approx(theirs, rel=1e-11)
    assert term.ln_likelihood(pedigree, profiles, 0.0) == ours


def drawn(rng: random.Random, pedigree: Pedigree, markers: MarkerSet, typed: list[str]) -> Profiles:
    """Genotypes that the pedigree can have: founders drawn, alleles passed on, twins alike; some markers untyped."""
    genotypes: dict[str, dict[str, list[str]]] = {person: {} for person in typed}
    for marker in markers:
        held: dict[str, list[str]] = {}
        for member in map(pedigree.__getitem__, from_ancestors(pedigree)):
            twin = next(
                (t for group in pedigree.identical_twins if member.id in group for t in group if t in held), None
            )
            pair = [
                rng.choice(held[parent]) if parent else rng.choices(marker.alleles, marker.frequencies)[0]
                for parent in (member.father, member.mother)
            ]
            if marker.chromosome is Chromosome.X and pedigree.sex_of(member.id) is Sex.MALE:
                pair = [pair[1], pair[1]]
            held[member.id] = held[twin] if twin else pair
        for person in typed:
            if rng.random() < 0.9:
                genotypes[person][marker.name] = held[person]
    return Profiles.of(genotypes, markers, sexes={person: pedigree.sex_of(person) for person in typed})


@pytest.mark.parametrize("seed", range(8))
def test_a_search_gives_the_lrs_of_single_questions(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)
    if seed > 3:  # as where what profiles show does not fit in memory at once
        monkeypatch.setattr(linked_snps, "MOST_NUMBERS", 60)
    markers = snps(rng, 12, x_linked=seed % 2 == 1)
    members = [Member("GF", sex=Sex.MALE), Member("GM", sex=Sex.FEMALE), Member("M", sex=Sex.FEMALE)]
    members += [Member("F", "GF", "GM", Sex.MALE), Member("U", "GF", "GM", Sex.FEMALE)]
    members += [Member("X", "F", "M", rng.choice([Sex.MALE, Sex.FEMALE])), Member("S", "F", "M", Sex.FEMALE)]
    family = Pedigree(tuple(members), name="F1")
    relatives = drawn(rng, family, markers, ["U", "S"])
    families = [KinshipFamily("F1", family, ("X", "GM"), relatives)]
    sexes = {f"V{i}": rng.choice([Sex.MALE, Sex.FEMALE]) for i in range(6)}
    remains = Pedigree.unrelated(sexes)
    people = drawn(rng, remains, markers, list(sexes))
    degraded = Profiles.of(
        {v: {m.name: people.genotype(v, m.name) or () for m in markers} for v in list(sexes)[:2]},
        markers, sexes={v: sexes[v] for v in list(sexes)[:2]}, dropout=dict.fromkeys(list(sexes)[:2], 0.2), dropin=0.02,
    )  # fmt: skip
    people = people.only(list(sexes)[2:]).joined(degraded)
    linked = [(markers.names[:7], (0.01, 0.3, 0.0, 0.5, 0.1, 0.002)), (markers.names[8:], (0.1, 0.2, 0.3))]
    found = search(people, families, linked=linked)
    compared = 0
    for i, sample in enumerate(found.profiles):
        for j, person in enumerate(found.missing):
            if found.compared[i, j]:
                expected = slow_log10_lr_per_marker(people, sample, families[0], person, 0.0, linked)
                np.testing.assert_allclose(found.log10_lr_per_marker[i, j], expected, rtol=1e-9, atol=1e-11)
                compared += 1
    assert compared >= 2


def test_half_brothers_with_a_pencil() -> None:
    """Both are 1/2 at three SNPs: one allele by descent, or none, and at r = 0 the same at all three."""
    markers = MarkerSet(tuple(Marker(f"rs{i}", ("1", "2"), (0.1, 0.9)) for i in range(3)))
    people = Profiles.of({p: {m.name: ("1", "2") for m in markers} for p in ("A", "B")}, markers)
    half, apart = Pedigree.of(A=("F", None), B=("F", None), F=(None, None)), Pedigree.unrelated(("A", "B"))
    # An allele by descent, both 1/2: (p·q² + q·p²) / (2pq)² = 1 / (4pq).
    once = 1 / (4 * 0.1 * 0.9)
    # Either passing may change: from marker to marker it stays as it is with r² + (1 − r)², 0.68 at r = 0.2.
    stays = 0.68
    chain = stays**2 * (1 + once**3) + 2 * stays * (1 - stays) * (once + once**2) + (1 - stays) ** 2 * (once + once**2)
    for fraction, expected in ((0.0, (1 + once**3) / 2), (0.5, ((1 + once) / 2) ** 3), (0.2, chain / 2)):
        linked = [(markers.names, (fraction, fraction))]
        assert likelihood_ratio(half, apart, people, linked=linked).lr == pytest.approx(expected, rel=1e-12)


def test_thousands_of_snps_do_not_underflow() -> None:
    rng = random.Random(1)
    markers = snps(rng, 3000)
    family = Pedigree.of(F=(None, None), M=(None, None), A=("F", "M"), B=("F", "M"))
    people = drawn(rng, family, markers, ["A", "B"])
    linked = [(markers.names, (0.01,) * 2999)]
    value = likelihood_ratio(family, Pedigree.unrelated(("A", "B")), people, linked=linked)
    assert value.likelihood_h1[0] == 0 and -9000 < ln_likelihood(family, people, linked=linked)[0] < -2000
    assert 50 < value.log10_lr < 1000


def siblings(count: int) -> Pedigree:
    members = [Member("F", sex=Sex.MALE), Member("M", sex=Sex.FEMALE)]
    return Pedigree((*members, *(Member(f"S{i}", "F", "M", Sex.MALE) for i in range(count))))


def test_as_many_inheritances_as_the_family_has_and_no_more() -> None:
    """Two of the passings are mere naming: n siblings have 4^(n−1) inheritances."""
    for count in (1, 2, 5, 7):
        found = inheritance.inheritances(
            reduced_pedigree(siblings(count), frozenset(f"S{i}" for i in range(count)), False)
        )
        assert found is not None and len(found.slots) == 4 ** (count - 1) and found.founders == 4
    assert inheritance.inheritances(reduced_pedigree(siblings(8), frozenset(f"S{i}" for i in range(8)), False)) is None


def test_what_is_too_large_or_of_another_kind_goes_the_other_way() -> None:
    rng = random.Random(3)
    markers = snps(rng, 3)
    steps = Mutation.alike(MutationModel(MutationKind.EQUAL, rate=0.01))
    others = {
        "mutates": MarkerSet((replace(markers.markers[0], mutation=steps), *markers.markers[1:])),
        "two": MarkerSet(markers.markers[:2]),
        "silent": MarkerSet((Marker("rs0", ("A", "G"), (0.5, 0.4), silent_frequency=0.1), *markers.markers[1:])),
        "five alleles": MarkerSet((Marker("rs0", tuple("12345"), (0.2,) * 5), *markers.markers[1:])),
    }
    assert inheritance.are_few_alleles(markers, range(3))
    for name, kind in others.items():
        assert not inheritance.are_few_alleles(kind, range(len(kind))), name
    people = drawn(rng, siblings(8), markers, [f"S{i}" for i in range(8)])
    linked = [(markers.names, (0.5, 0.5))]
    assert inheritance.ln_likelihood_along(siblings(8), people, (0, 1, 2), (0.5, 0.5), x_linked=False) is None
    apart = ln_likelihood(siblings(8), people).sum()
    assert ln_likelihood(siblings(8), people, linked=linked)[0] == pytest.approx(apart, rel=1e-11)


def test_many_founder_alleles_tied_together_go_the_other_way(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(4)
    markers, family = snps(rng, 4), siblings(2)
    people = drawn(rng, family, markers, ["S0", "S1"])
    monkeypatch.setattr(inheritance, "MOST_COMBINATIONS", 15)
    assert inheritance.given_inheritance(family, people, (0, 1, 2, 3), None, x_linked=False) is None


def test_a_man_with_two_alleles_on_x_is_refused_by_name() -> None:
    markers = snps(random.Random(0), 3, x_linked=True)
    people = Profiles.of({"S0": {m.name: m.alleles[:2] for m in markers}}, markers)
    with pytest.raises(BadProfile, match="S0, rs0: a man has two alleles on X"):
        ln_likelihood(siblings(1), people, linked=[(markers.names, (0.1, 0.1))])
