"""Power: exact where it can be, simulated with a stated seed elsewhere."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from dokaz.errors import BadQuestion
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
)
from dokaz.kinship.power import compare_marker_sets, exclusion_power, lr_distribution, next_relatives
from dokaz.kinship.simulated_lrs import calibration, expected_false_matches, threshold_for, threshold_for_posterior

MODEL = Mutation.alike(MutationModel(MutationKind.EQUAL, rate=0.001))
MARKERS = MarkerSet(
    tuple(Marker(f"M{i}", ("8", "9", "10", "11"), (0.1, 0.2, 0.3, 0.4), mutation=MODEL) for i in range(8))
)


def family(*typed: str) -> KinshipFamily:
    """A missing child with untyped and typed relatives."""
    members = (
        Member("father", sex=Sex.MALE),
        Member("mother", sex=Sex.FEMALE),
        Member("child", "father", "mother", Sex.MALE),
        Member("sister", "father", "mother", Sex.FEMALE),
        Member("aunt", "grandfather", "grandmother", Sex.FEMALE),
        Member("grandfather", sex=Sex.MALE),
        Member("grandmother", sex=Sex.FEMALE),
    )
    members = tuple(
        Member("mother", "grandfather", "grandmother", Sex.FEMALE) if m.id == "mother" else m for m in members
    )
    people = Profiles.of({p: {m.name: ("8", "10") for m in MARKERS} for p in typed}, MARKERS)
    return KinshipFamily("F", Pedigree(members), ("child",), people)


def test_mean_false_lr_is_one_and_the_tail_is_estimated_from_the_true() -> None:
    found = lr_distribution(family("father"), "child", simulations=200_000, rng=np.random.default_rng(1))
    assert float((10.0**found.log10_lr_if_unrelated).mean()) == pytest.approx(1.0, abs=0.1)
    direct = float((found.log10_lr_if_unrelated >= 0.5).mean())
    assert found.false_match_rate(0.5) == pytest.approx(direct, rel=0.1)
    assert found.log10_lr_if_true.mean() == pytest.approx(found.expected_if_true.sum(), abs=0.02)


def test_simulated_lrs_are_calibrated() -> None:
    found = lr_distribution(family("father"), "child", simulations=400_000, rng=np.random.default_rng(2))
    bins = calibration([found], np.arange(-1.0, 6.01, 0.5))
    enough = (bins.true > 300) & (bins.unrelated > 300)
    assert enough.sum() >= 3
    # Among equal LRs the true are LR times as frequent, so a bin's ratio lies within the bin.
    assert (bins.log10_ratio[enough] >= bins.edges[:-1][enough] - 0.1).all()
    assert (bins.log10_ratio[enough] <= bins.edges[1:][enough] + 0.1).all()


def test_a_closer_relative_is_worth_more() -> None:
    steps = next_relatives(
        family("sister"), "child", at_least_log10_lr=1.0, rng=np.random.default_rng(3), simulations=25
    )
    order = [step.what for step in steps]
    assert set(order) == {"father", "mother", "aunt", "grandfather", "grandmother"}
    assert set(order[:2]) == {"father", "mother"}
    with pytest.raises(BadQuestion, match="sister cannot be typed"):
        next_relatives(
            family("sister"), "child", at_least_log10_lr=1.0, rng=np.random.default_rng(3), candidates=["sister"]
        )


def test_more_markers_give_more() -> None:
    names = MARKERS.names
    steps = compare_marker_sets(
        family("father"), "child", {"all": names, "two": names[:2]}, at_least_log10_lr=1.0, rng=np.random.default_rng(4)
    )
    assert [step.what for step in steps] == ["all", "two"]
    assert steps[0].exclusion_power > steps[1].exclusion_power


def test_a_marker_that_nobody_is_typed_at_yet_gives_what_it_gives_on_average_once_they_are() -> None:
    half = family("father", "mother")
    typed = half.profiles.typed.copy()
    typed[:, 4:] = False
    half = replace(half, profiles=replace(half.profiles, typed=typed))
    rng = np.random.default_rng(9)
    sets = {"all": MARKERS.names, "typed": MARKERS.names[:4]}
    steps = {s.what: s for s in compare_marker_sets(half, "child", sets, at_least_log10_lr=2.0, rng=rng)}
    known = lr_distribution(family("father", "mother"), "child", simulations=1, rng=rng).expected_if_true
    assert steps["typed"].mean_log10_lr == pytest.approx(known[:4].sum())
    # By summing: both parents unknown, their child, and what the trio gives.
    q = np.array([0.1, 0.2, 0.3, 0.4])
    mean = 0.0
    for a, b, c, d in itertools.product(range(4), repeat=4):
        parents = Profiles.of(
            {"father": {"M0": (MARKERS["M0"].alleles[a], MARKERS["M0"].alleles[b])},
             "mother": {"M0": (MARKERS["M0"].alleles[c], MARKERS["M0"].alleles[d])}},
            MarkerSet((MARKERS["M0"],)),
        )  # fmt: skip
        one = KinshipFamily("F", half.pedigree, ("child",), parents)
        mean += q[[a, b, c, d]].prod() * lr_distribution(one, "child", simulations=1, rng=rng).expected_if_true.sum()
    assert steps["all"].mean_log10_lr == pytest.approx(steps["typed"].mean_log10_lr + 4 * mean, abs=0.08)
    assert steps["all"].inclusion_power > steps["typed"].inclusion_power
    with pytest.raises(BadQuestion, match="names M9"):
        compare_marker_sets(half, "child", {"kit": ["M9"]}, at_least_log10_lr=2.0, rng=rng)


def test_exclusion_power_ignores_mutation_and_needs_a_consistent_family() -> None:
    # Father 8/10 (0.1 and 0.3): who has neither is impossible, 0.6² a marker.
    found = exclusion_power(family("father"), "child")
    np.testing.assert_allclose(found.per_marker, 0.36, rtol=1e-12)
    assert found.total == pytest.approx(1 - 0.64**8)
    assert found.mismatches.sum() == pytest.approx(1)
    assert found.mismatches[0] == pytest.approx(0.64**8)
    people = Profiles.of({"father": {"M0": ("8", "8")}, "sister": {"M0": ("9", "9")}}, MARKERS)
    wrong = KinshipFamily("F", family().pedigree, ("child",), people)
    with pytest.raises(BadQuestion, match="impossible at M0"):
        exclusion_power(wrong, "child")


def test_thresholds_keep_their_bounds() -> None:
    found = lr_distribution(family("father", "mother"), "child", simulations=50_000, rng=np.random.default_rng(5))
    threshold = threshold_for([found], 1000, at_most=0.01)
    assert expected_false_matches([found], 1000, threshold) <= 0.01 * 1.001
    assert expected_false_matches([found], 1000, threshold - 3) > 0.01
    # A search of N missing persons at the posterior threshold is safer than 1/LR, whatever the families.
    assert threshold_for_posterior(10_000, 0.9995) == pytest.approx(math.log10(1e4 * 0.9995 / 0.0005))
    with pytest.raises(BadQuestion):
        threshold_for_posterior(0, 0.5)


def test_a_silent_allele_beside_the_seen_one_excludes_nobody() -> None:
    # A father 1/1 may be 1/silent, and a child 2/2 may be 2/silent.
    markers = MarkerSet((Marker("L", ("1", "2"), (0.4, 0.5), silent_frequency=0.1),))
    relatives = Profiles.of({"father": {"L": ("1", "1")}}, markers)
    one = KinshipFamily("F", Pedigree.of(child=("father", None), father=(None, None)), ("child",), relatives)
    assert exclusion_power(one, "child").total == 0
    # The LRs of the three things that can be seen: the father passes 1 with probability 5/6, silent with 1/6.
    seen = {"1": (0.5 * 5 / 6 + 0.4 / 6, 0.24), "1/2": (0.5 * 5 / 6, 0.4), "2": (0.5 / 6, 0.35)}
    expected = sum(related * math.log10(related / unrelated) for related, unrelated in seen.values())
    found = lr_distribution(one, "child", simulations=1000, rng=np.random.default_rng(2))
    assert found.expected_if_true.tolist() == pytest.approx([expected], rel=1e-12)
    for values in (found.log10_lr_if_true, found.log10_lr_if_unrelated):
        possible = sorted(math.log10(related / unrelated) for related, unrelated in seen.values())
        assert np.unique(values.round(9)).tolist() == pytest.approx(possible, abs=1e-8)
