"""Mutation matrices that can be had with a pencil."""

from __future__ import annotations

import numpy as np
import pytest

from dokaz.kinship import MutationKind, MutationModel

WHOLE = ("9", "10", "12")


def matrix(kind: MutationKind, alleles: tuple[str, ...], frequencies: tuple[float, ...], **numbers: float) -> list:
    return MutationModel(kind, **numbers).matrix(alleles, frequencies).tolist()


def assert_matrix(found: list, expected: list[list[float]]) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


def test_equal_shares_the_rate_among_the_others() -> None:
    found = matrix(MutationKind.EQUAL, WHOLE, (0.2, 0.3, 0.5), rate=0.02)
    assert_matrix(found, [[0.98, 0.01, 0.01], [0.01, 0.98, 0.01], [0.01, 0.01, 0.98]])


def test_proportional_mutates_to_what_is_frequent() -> None:
    # Heterozygosity 0.2 × 0.8 + 0.3 × 0.7 + 0.5 × 0.5 = 0.62; an allele becomes j with rate / 0.62 times j's frequency.
    found = matrix(MutationKind.PROPORTIONAL, WHOLE, (0.2, 0.3, 0.5), rate=0.0062)
    assert_matrix(found, [[0.992, 0.003, 0.005], [0.002, 0.993, 0.005], [0.002, 0.003, 0.995]])


def test_onestep_has_one_way_at_the_ends_and_two_between() -> None:
    found = matrix(MutationKind.ONESTEP, ("9", "10", "11", "13"), (0.25,) * 4, rate=0.02)
    assert_matrix(found, [[0.98, 0.02, 0, 0], [0.01, 0.98, 0.01, 0], [0, 0.02, 0.98, 0], [0, 0, 0, 1]])


def test_stepwise_falls_by_its_range_with_every_step() -> None:
    # From 9 to 10 one step and to 12 three: 1 to 0.1². From 10 one and two: 1 to 0.1. From 12 two and three: 0.1 to 1.
    found = matrix(MutationKind.STEPWISE, WHOLE, (0.2, 0.3, 0.5), rate=0.0111, range=0.1)
    one, ten = 0.0111 / 1.01, 0.0111 / 1.1
    assert_matrix(
        found,
        [[0.9889, one, 0.01 * one], [ten, 0.9889, 0.1 * ten], [0.1 * ten, ten, 0.9889]],
    )


def test_stepwise_shares_the_second_rate_among_other_microvariants() -> None:
    found = matrix(MutationKind.STEPWISE, ("9", "9.3", "10"), (0.2, 0.3, 0.5), rate=0.01, rate2=0.001, range=0.1)
    # 9.3 is alone in its group, so that it only mutates to others.
    assert_matrix(found, [[0.989, 0.001, 0.01], [0.0005, 0.999, 0.0005], [0.01, 0.001, 0.989]])


@pytest.mark.parametrize("step_range", [0.1, 0.5])
def test_dawid_keeps_the_frequencies_and_mutates_both_ways_alike(step_range: float) -> None:
    frequencies = (0.2, 0.3, 0.5)
    found = np.array(matrix(MutationKind.DAWID, WHOLE, frequencies, rate=0.01, range=step_range))
    flow = np.array(frequencies)[:, None] * found
    np.testing.assert_allclose(flow, flow.T, rtol=1e-12)
    assert flow[0, 2] == pytest.approx(step_range * flow[0, 1])
    assert flow[0, 1] == pytest.approx(flow[1, 2])
    assert 1 - np.trace(flow) == pytest.approx(0.01)
    # Two flows of one step and one of two, each in both ways, sum to the rate.
    assert flow[0, 1] == pytest.approx(0.01 / (2 * (2 + step_range)))


def test_a_silent_allele_neither_mutates_nor_arises() -> None:
    found = MutationModel(MutationKind.EQUAL, rate=0.01).matrix(("9", "10"), (0.5, 0.4, 0.1), silent=True)
    assert_matrix(found.tolist(), [[0.99, 0.01, 0], [0.01, 0.99, 0], [0, 0, 1]])
