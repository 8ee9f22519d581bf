"""Rows of markers in one compiled call say what the engine says marker by marker."""

from __future__ import annotations

import random

import numpy as np
import pytest
from naive_twin import random_marker, random_pedigree, random_profiles

from dokaz.kinship import Marker, MarkerSet, Member, Pedigree, Profiles, Sex, likelihood_ratio, ln_likelihood
from dokaz.kinship.exact import many_markers
from dokaz.kinship.exact.likelihood import terms_of


def assert_rows_agree(pedigree: Pedigree, profiles: Profiles, theta: float, what: object) -> None:
    """Both ways give the same logarithms, impossible exactly."""
    rows = ln_likelihood(pedigree, profiles, theta=theta)
    single = np.array([term.ln_likelihood(pedigree, profiles, theta) for term in terms_of(profiles).all])
    np.testing.assert_array_equal(np.isneginf(rows), np.isneginf(single), err_msg=str(what))
    np.testing.assert_allclose(rows, single, rtol=1e-10, atol=1e-10, err_msg=str(what))


@pytest.mark.parametrize("block", range(6))
def test_random_questions_over_several_markers(block: int) -> None:
    for seed in range(block * 40, block * 40 + 40):
        rng = random.Random(seed)
        x_linked = rng.random() < 0.3
        theta = rng.choice([0.0, 0.02, 0.3, 1.0])
        pedigree = random_pedigree(rng, rng.randint(2, 7), inbred_founders=theta == 0 and rng.random() < 0.3)
        markers = MarkerSet(
            tuple(random_marker(rng, f"M{i}", x_linked=x_linked, largest=rng.choice([3, 5])) for i in range(5))
        )
        assert_rows_agree(pedigree, random_profiles(rng, pedigree, markers), theta, seed)


def _sibship(count: int, kinds: int, markers: int, rng: random.Random) -> tuple[Pedigree, Profiles]:
    table = MarkerSet(
        tuple(
            Marker.normalised(f"M{i}", {str(6 + a): rng.uniform(1e-4, 1) for a in range(kinds)}) for i in range(markers)
        )
    )
    children = [f"child {i}" for i in range(count)]
    members = [Member("father", sex=Sex.MALE), Member("mother", sex=Sex.FEMALE)]
    members += [Member(child, "father", "mother") for child in children]
    genotypes: dict[str, dict[str, list[str]]] = {child: {} for child in children}
    for marker in table:
        four = rng.choices(marker.alleles, k=4)
        for child in children:
            genotypes[child][marker.name] = [rng.choice(four[:2]), rng.choice(four[2:])]
    return Pedigree(tuple(members)), Profiles.of(genotypes, table)


@pytest.mark.parametrize("theta", [0.0, 0.01])
def test_a_large_sibship_neither_underflows_nor_depends_on_the_row(theta: float) -> None:
    pedigree, profiles = _sibship(14, 30, 5, random.Random(4))
    assert_rows_agree(pedigree, profiles, theta, theta)


def test_a_row_cut_into_pieces_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    pedigree, profiles = _sibship(3, 12, 30, random.Random(5))
    whole = ln_likelihood(pedigree, profiles)
    monkeypatch.setattr(many_markers, "_MOST_NUMBERS", 6000)
    again = Profiles.of(
        {p: {m: list(profiles.genotype(p, m) or ()) for m in profiles.markers.names} for p in profiles.ids},
        profiles.markers,
    )
    np.testing.assert_allclose(ln_likelihood(pedigree, again), whole, rtol=1e-13)
    monkeypatch.setattr(many_markers, "_MOST_NUMBERS", 1)
    other = again.only(again.ids)
    np.testing.assert_allclose(ln_likelihood(pedigree, other), whole, rtol=1e-10)


def test_asking_again_and_asking_of_other_pedigrees_gives_the_right_answers() -> None:
    rng = random.Random(6)
    pedigree, profiles = _sibship(2, 8, 6, rng)
    apart = Pedigree.unrelated(profiles.ids)
    first = likelihood_ratio(pedigree, apart, profiles)
    for _ in range(40):
        # Pedigrees that live and die, so that their places in memory are taken by others.
        likelihood_ratio(Pedigree.unrelated(profiles.ids), apart, profiles, theta=0.01)
        half = Pedigree.of(**dict.fromkeys(("a", "b"), ("f", None)), f=(None, None))
        named = profiles.renamed(dict(zip(profiles.ids, ("a", "b"), strict=True)))
        likelihood_ratio(half, Pedigree.unrelated(("a", "b")), named)
    again = likelihood_ratio(pedigree, apart, profiles)
    np.testing.assert_array_equal(first.ln_likelihood_h1, again.ln_likelihood_h1)
    assert likelihood_ratio(apart, pedigree, profiles).log10_lr == pytest.approx(-first.log10_lr)
