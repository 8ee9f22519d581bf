"""What must hold of every kinship likelihood, whatever the pedigree."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "kinship"))
from naive_twin import random_marker, random_pedigree, random_profiles

from dokaz.kinship import (
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
    UnseenAllelePolicy,
    likelihood_ratio,
    ln_likelihood,
    search,
)
from dokaz.kinship.model.mutation import lumped_classes, stationary_matrix

SEEDS = st.integers(0, 2**32)
THETAS = st.sampled_from([0.0, 0.02])


def question(seed: int) -> tuple[Pedigree, Profiles]:
    rng = random.Random(seed)
    pedigree = random_pedigree(rng, rng.randint(2, 8), inbred_founders=False)
    x_linked = rng.random() < 0.3
    markers = MarkerSet(tuple(random_marker(rng, f"M{i}", x_linked=x_linked, largest=4) for i in range(3)))
    return pedigree, random_profiles(rng, pedigree, markers)


def assert_same_likelihood(first: np.ndarray, second: np.ndarray) -> None:
    assert np.array_equal(np.isneginf(first), np.isneginf(second))
    np.testing.assert_allclose(first[~np.isneginf(first)], second[~np.isneginf(second)], rtol=1e-10, atol=1e-10)


@given(SEEDS, THETAS)
@settings(max_examples=40, deadline=None)
def test_the_order_and_names_of_members_change_nothing(seed: int, theta: float) -> None:
    pedigree, profiles = question(seed)
    rename = {member.id: f"q{i * 7 % 11}-{member.id}" for i, member in enumerate(pedigree)}
    renamed = [
        replace(m, id=rename[m.id], father=rename.get(m.father or ""), mother=rename.get(m.mother or ""))
        for m in reversed(pedigree.members)
    ]
    twins = tuple(frozenset(rename[p] for p in group) for group in pedigree.identical_twins)
    other = Pedigree(tuple(renamed), twins)
    assert_same_likelihood(
        ln_likelihood(pedigree, profiles, theta=theta), ln_likelihood(other, profiles.renamed(rename), theta=theta)
    )


@given(SEEDS, THETAS)
@settings(max_examples=40, deadline=None)
def test_the_order_of_markers_changes_nothing(seed: int, theta: float) -> None:
    pedigree, profiles = question(seed)
    order = [2, 0, 1]
    other = replace(
        profiles,
        markers=MarkerSet(tuple(profiles.markers.markers[i] for i in order)),
        alleles=profiles.alleles[:, order],
        typed=profiles.typed[:, order],
        dropout=profiles.dropout[:, order],
        dropin=profiles.dropin[:, order],
    )
    assert_same_likelihood(
        ln_likelihood(pedigree, profiles, theta=theta)[order], ln_likelihood(pedigree, other, theta=theta)
    )


@given(SEEDS, THETAS)
@settings(max_examples=40, deadline=None)
def test_an_untyped_leaf_changes_nothing(seed: int, theta: float) -> None:
    pedigree, profiles = question(seed)
    child = {Sex.MALE: Member("leaf", pedigree.members[0].id), Sex.FEMALE: Member("leaf", None, pedigree.members[0].id)}
    more = (*pedigree.members, child[pedigree.members[0].sex], Member("stranger"))
    larger = Pedigree(more, pedigree.identical_twins)
    assert_same_likelihood(ln_likelihood(pedigree, profiles, theta=theta), ln_likelihood(larger, profiles, theta=theta))


@given(SEEDS)
@settings(max_examples=30, deadline=None)
def test_identical_hypotheses_give_lr_one(seed: int) -> None:
    pedigree, profiles = question(seed)
    result = likelihood_ratio(pedigree, pedigree, profiles)
    possible = ~np.isneginf(result.ln_likelihood_h1)
    assert np.all(result.lr_per_marker[possible] == 1.0)


@given(SEEDS, THETAS)
@settings(max_examples=25, deadline=None)
def test_search_gives_the_lr_of_the_two_pedigrees(seed: int, theta: float) -> None:
    rng = random.Random(seed)
    pedigree, profiles = question(seed)
    missing = rng.choice([m.id for m in pedigree if not any(m.id in g for g in pedigree.identical_twins)] or [""])
    if not missing or missing not in profiles:
        return
    relatives = profiles.only([sample for sample in profiles.ids if sample != missing])
    victim = profiles.only([missing]).renamed({missing: "victim"})
    found = search(victim, [KinshipFamily("F", pedigree, (missing,), relatives)], theta=theta)
    apart = Pedigree((*pedigree.members, Member("victim", sex=pedigree[missing].sex)), pedigree.identical_twins)
    h1 = ln_likelihood(pedigree, profiles, theta=theta)
    h2 = ln_likelihood(apart, relatives.joined(victim), theta=theta)
    values = found.log10_lr_per_marker[0, 0]
    for first, second, value in zip(h1, h2, values, strict=True):
        if np.isneginf(second):
            assert np.isnan(value)
        elif np.isneginf(first):
            assert np.isneginf(value)
        else:
            assert value == pytest.approx((first - second) / np.log(10), rel=1e-9, abs=1e-9)


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=12), st.floats(0, 0.05), SEEDS)
@settings(max_examples=60, deadline=None)
def test_mutation_matrices_are_transition_matrices(weights: list[float], rate: float, seed: int) -> None:
    rng = random.Random(seed)
    frequencies = np.array(weights) / sum(weights)
    ladder = sorted(rng.sample([f"{n}{d}" for n in range(5, 20) for d in ("", ".1", ".3")], len(weights)), key=float)
    whole = [str(n) for n in range(7, 7 + len(weights))]
    for kind in MutationKind:
        if kind is MutationKind.CUSTOM:
            continue
        alleles = whole if kind in (MutationKind.ONESTEP, MutationKind.DAWID) else ladder
        small = rate * float(frequencies.min())
        model = MutationModel(kind, rate=small, rate2=small / 3, range=0.3)
        matrix = model.matrix(alleles, frequencies)
        assert matrix.min() >= 0
        np.testing.assert_allclose(matrix.sum(axis=1), 1, rtol=1e-12)
        if kind in (MutationKind.PROPORTIONAL, MutationKind.DAWID):
            np.testing.assert_allclose(frequencies @ matrix, frequencies, rtol=1e-10)
            assert 1 - np.diag(matrix) @ frequencies == pytest.approx(small, rel=1e-6, abs=1e-14)


def test_a_stationary_model_keeps_frequencies_and_rate() -> None:
    frequencies = np.array([0.2, 0.3, 0.5])
    model = MutationModel(MutationKind.STEPWISE, rate=0.01, rate2=0.001, range=0.1)
    matrix = model.matrix(("9", "9.3", "10"), frequencies)
    fixed = stationary_matrix(matrix, frequencies)
    np.testing.assert_allclose(frequencies @ fixed, frequencies, rtol=1e-12)
    assert np.diag(fixed) @ frequencies == pytest.approx(np.diag(matrix) @ frequencies)
    assert not np.allclose(frequencies @ matrix, frequencies, rtol=1e-12)


def test_lumping_happens_only_where_it_is_exact() -> None:
    seen = np.array([True, False, False, False])
    equal = MutationModel(MutationKind.EQUAL, rate=0.01).matrix(("1", "2", "3", "4"), (0.25,) * 4)
    steps = MutationModel(MutationKind.STEPWISE, rate=0.01).matrix(("1", "2", "3", "4"), (0.25,) * 4)
    assert lumped_classes(None, None, seen).tolist() == [0, 1, 1, 1]
    assert lumped_classes(equal, equal, seen).tolist() == [0, 1, 1, 1]
    assert lumped_classes(steps, steps, seen).tolist() == [0, 1, 2, 3]
    assert lumped_classes(equal, steps, seen).tolist() == [0, 1, 2, 3]


@given(st.floats(1e-6, 0.2), st.integers(1, 6))
@settings(max_examples=30, deadline=None)
def test_a_policy_keeps_the_sum_of_frequencies(minimum: float, count: int) -> None:
    model = Mutation.alike(MutationModel(MutationKind.STEPWISE, rate=0.01, rate2=0.001))
    markers = MarkerSet((Marker("L", ("9", "10"), (0.3, 0.6), mutation=model, silent_frequency=0.1),))
    seen = [("V1", {"L": [str(20 + i) for i in range(count)]})]
    wider = markers.admitting(seen, UnseenAllelePolicy(minimum))
    assert sum(wider["L"].all_frequencies) == pytest.approx(1, rel=1e-12)
    assert len(wider.added) == count
    assert wider["L"].matrices is not None
