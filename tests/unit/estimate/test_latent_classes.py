"""Latent classes: the sampler's parts, recorded figures within their error, and chains that are refused."""

from __future__ import annotations

from math import comb

import numba
import numpy as np
import pytest
from estimate_tables import NO_OVERLAP_WITH_C, kosovo, table_of

from dokaz.errors import NotEstimable
from dokaz.estimate import OverlapTable, latent_classes
from dokaz.estimate.latent_class_sampler import binomial, go_on, move_labels
from dokaz.estimate.mixing import effective_samples, split_r_hat

#: Enough for these tables, and short.
ROUNDS = (3_000, 6_000, 12_000, 24_000, 48_000)


@numba.njit
def _binomials(trials: int, chance: float, many: int, seed: int) -> np.ndarray:  # type: ignore[type-arg]
    np.random.seed(seed)
    return np.array([binomial(trials, chance) for _ in range(many)])


def test_binomial_numbers_have_their_distribution() -> None:
    for trials, chance in [(1, 0.3), (20, 0.5), (21, 0.9), (60, 0.05)]:
        drawn = np.bincount(_binomials(trials, chance, 40_000, 5), minlength=trials + 1)
        exact = [comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(trials + 1)]
        expected = 40_000 * np.array(exact)
        common = expected > 10
        chi_square = ((drawn - expected)[common] ** 2 / expected[common]).sum()
        assert chi_square < common.sum() + 5 * np.sqrt(2 * common.sum())


def test_binomial_numbers_of_many_trials_have_their_mean_and_variance() -> None:
    drawn = _binomials(1_000_000, 0.3, 20_000, 5)
    assert drawn.mean() == pytest.approx(300_000, abs=5 * np.sqrt(210_000 / 20_000))
    assert drawn.var() == pytest.approx(210_000, rel=0.06)
    assert set(_binomials(100, 0.0, 50, 1)) == {0}
    assert set(_binomials(100, 1.0, 50, 1)) == {100}


def test_the_estimate_of_people_of_one_kind_is_near_the_truth() -> None:
    rng = np.random.default_rng(11)
    listed = rng.random((1500, 4)) < np.array([0.3, 0.2, 0.4, 0.25])
    counts = np.bincount(listed @ np.array([1, 2, 4, 8]), minlength=16)
    counts[0] = 0
    found = latent_classes(OverlapTable(tuple("ABCD"), counts, np.zeros(16, np.bool_)), rounds=ROUNDS)
    assert found.low < 1500 < found.high
    assert found.high / found.low < 2


def test_people_of_two_kinds_make_it_larger_than_independence_would_say() -> None:
    rng = np.random.default_rng(12)
    known = rng.random(1200) < 0.4
    listed = rng.random((1200, 5)) < np.where(known, 0.6, 0.08)[:, None]
    counts = np.bincount(listed @ (1 << np.arange(5)), minlength=32)
    counts[0] = 0
    table = OverlapTable(tuple("ABCDE"), counts, np.zeros(32, np.bool_))
    found = latent_classes(table, rounds=ROUNDS)
    assert found.low < 1200 < found.high
    from dokaz.estimate import independence

    assert independence(table).high < 1150


def test_a_small_table_is_within_simulation_error_of_what_is_recorded() -> None:
    # LCMCR 0.4.14, 10 classes, 1,000 of 100,000 samples, 450 of them different: 407.5 (246 to 886).
    found = latent_classes(table_of("ABC", NO_OVERLAP_WITH_C), seed=3)
    assert found.n == pytest.approx(407.5, abs=4 * np.hypot(found.error, 10))
    assert found.low == pytest.approx(246, rel=0.12)
    assert found.high == pytest.approx(886, rel=0.15)
    assert found.r_hat <= 1.05
    assert found.effective_samples >= 100


def test_the_same_seed_gives_the_same_answer() -> None:
    table = table_of("ABC", {"100": 40, "010": 30, "110": 6, "001": 20, "101": 5, "011": 4, "111": 2})
    one, again = (latent_classes(table, seed=4, rounds=ROUNDS) for _ in range(2))
    assert one == again
    assert latent_classes(table, seed=5, rounds=ROUNDS) != one


def test_chains_that_do_not_agree_give_no_number() -> None:
    with pytest.raises(NotEstimable, match=r"4 Markov chains of 200 samples do not agree .* medians are"):
        latent_classes(kosovo(), rounds=(100, 200))


def test_declared_exclusions_are_not_taken() -> None:
    table = OverlapTable.of("ABC", [("A", 5), ("B", 5), ("AC", 5), ("BC", 4)], disjoint=["AB"])
    with pytest.raises(NotEstimable, match="declared impossible"):
        latent_classes(table)


def test_classes_that_ran_out_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dokaz.estimate.latent_class_model._MOST_OF_LAST_CLASS", -1.0)
    table = table_of("ABC", {"100": 40, "010": 30, "110": 6, "001": 20, "101": 5, "011": 4, "111": 2})
    with pytest.raises(NotEstimable, match="10 classes are too few"):
        latent_classes(table, rounds=ROUNDS)


def test_a_chain_that_goes_on_writes_its_state() -> None:
    stick, listed = np.array([0.5, 0.5, 1.0]), np.full((3, 2), 0.5)
    patterns, counts = np.array([1, 2, 3]), np.array([30, 20, 10])
    unseen, last, concentration = go_on(patterns, counts, stick, listed, 1.0, np.array([0.25, 0.25]), 50, 1)
    assert (unseen >= 0).all()
    assert ((last >= 0) & (last <= 1)).all()
    assert concentration > 0
    assert stick[2] == 1.0
    assert not np.allclose(listed, 0.5)


def test_the_largest_class_comes_to_the_place_of_the_largest_share() -> None:
    stick, share, listed = np.array([0.9, 0.5, 1.0]), np.empty(3), np.array([[0.1], [0.2], [0.3]])
    in_class = np.array([0, 2, 100])
    for _ in range(20):
        move_labels(stick, share, listed, in_class)
    assert (in_class.argmax(), listed[in_class.argmax(), 0]) == (share.argmax(), 0.3)
    assert sorted(in_class) == [0, 2, 100]
    assert sorted(listed[:, 0]) == [0.1, 0.2, 0.3]
    assert share.sum() == pytest.approx(1)


def test_chains_of_one_distribution_agree_and_others_do_not() -> None:
    rng = np.random.default_rng(1)
    alike = rng.normal(size=(4, 5_000))
    assert split_r_hat(alike) == pytest.approx(1, abs=0.005)
    apart = alike + np.array([[0], [0], [0], [2]])
    assert split_r_hat(apart) > 1.3
    drifting = alike + np.linspace(0, 3, 5_000)
    assert split_r_hat(drifting) > 1.2
    assert split_r_hat(np.ones((4, 10))) == 1
    assert split_r_hat(np.repeat([[1.0], [2.0]], 10, axis=1)) == np.inf


def test_samples_that_follow_each_other_are_worth_fewer() -> None:
    rng = np.random.default_rng(2)
    independent = rng.normal(size=(4, 4_000))
    assert effective_samples(independent) == pytest.approx(16_000, rel=0.1)
    following = np.empty((4, 4_000))
    following[:, 0] = independent[:, 0]
    for k in range(1, 4_000):
        following[:, k] = 0.9 * following[:, k - 1] + np.sqrt(1 - 0.81) * independent[:, k]
    assert effective_samples(following) == pytest.approx(16_000 * (1 - 0.9) / (1 + 0.9), rel=0.25)
    assert effective_samples(np.ones((4, 100))) == 0
