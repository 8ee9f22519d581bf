"""The curve of false matches, against strangers who are drawn one by one and searched for."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

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
    search,
)
from dokaz.kinship.model.published_frequencies import published
from dokaz.kinship.power import lr_distribution
from dokaz.kinship.simulated_lrs import (
    Drawn,
    LRDistribution,
    expected_false_matches,
    false_matches_error,
    threshold_for,
)

PEDIGREE = Pedigree(
    (
        Member("grandfather", sex=Sex.MALE),
        Member("grandmother", sex=Sex.FEMALE),
        Member("father", "grandfather", "grandmother", Sex.MALE),
        Member("mother", sex=Sex.FEMALE),
        Member("uncle", "grandfather", "grandmother", Sex.MALE),
        Member("child", "father", "mother", Sex.MALE),
    )
)
STEPWISE = Mutation.alike(MutationModel(MutationKind.STEPWISE, rate=0.002, rate2=1e-6, range=0.1))
NAMES = tuple(published("NIST 1036 Caucasian").frequencies)[:12]
STRANGERS = 20_000


def markers(mutation: Mutation | None = None, silent: float | None = None, count: int = 12) -> MarkerSet:
    found = []
    for name in NAMES[:count]:
        table = published("NIST 1036 Caucasian").frequencies[name]
        scale = sum(table.values()) / (1 - (silent or 0))
        shares = tuple(f / scale for f in table.values())
        found.append(Marker(name, tuple(table), shares, mutation=mutation, silent_frequency=silent))
    return MarkerSet(tuple(found))


def drawn(over: MarkerSet, count: int, rng: np.random.Generator) -> Profiles:
    """Unrelated persons, allele by allele, as typing shows them; two silent alleles show nothing."""
    people: dict[str, dict[str, tuple[str, str]]] = {}
    for k in range(count):
        person = people.setdefault(f"U{k}", {})
        for marker in over:
            names = (*marker.alleles, "") if marker.has_silent else marker.alleles
            pair = rng.choice(len(names), 2, p=np.array(marker.all_frequencies) / sum(marker.all_frequencies))
            seen = [names[a] for a in pair if names[a]]
            if seen:
                person[marker.name] = (seen[0], seen[-1])
    return Profiles.of(people, over)


def family(over: MarkerSet, *typed: str) -> KinshipFamily:
    """The first of these who are typed are founders, whose alleles are drawn."""
    rng = np.random.default_rng(20)
    return KinshipFamily("F", PEDIGREE, ("child",), drawn(over, len(typed), rng).renamed(
        {f"U{k}": person for k, person in enumerate(typed)}
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("over", "typed"),
    [
        (markers(count=3), ("father", "mother")),
        (markers(STEPWISE), ("father", "mother")),
        (markers(STEPWISE), ("father",)),
        (markers(count=3), ("father",)),
        (markers(), ("uncle",)),
        (markers(STEPWISE), ("grandmother", "uncle")),
        (markers(STEPWISE, silent=0.2), ("father", "mother")),
    ],
    ids=[
        "parents",
        "parents, mutation",
        "a father, mutation",
        "a father",
        "an uncle",
        "grandmother and uncle",
        "silent alleles",
    ],
)
def test_strangers_reach_a_threshold_as_often_as_the_curve_says(over: MarkerSet, typed: tuple[str, ...]) -> None:
    one = family(over, *typed)
    strangers = drawn(over, STRANGERS, np.random.default_rng(30))
    found = lr_distribution(one, "child", simulations=10_000, rng=np.random.default_rng(40))
    # Nothing typed says nothing, and the law of what is seen is of what typing shows.
    whole = strangers.typed.all(axis=1)
    direct = search(strangers, [one]).log10_lr[whole, 0]
    checked = 0
    for at in np.sort(direct)[(np.array([0.02, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999, 0.9999]) * direct.size).astype(int)]:
        if not math.isfinite(at):
            continue
        # Between two LRs, as sums of the same numbers may differ in the last digit.
        share = float((direct >= at - 1e-6).mean())
        error = math.hypot(found.false_match_error(at - 1e-6), math.sqrt(share * (1 - share) / direct.size))
        assert abs(found.false_match_rate(at - 1e-6) - share) <= 3 * error, at
        checked += 1
    assert checked >= 2
    assert found.false_match_rate(-math.inf) == pytest.approx(1, abs=4 * found.false_match_error(-math.inf) + 1e-9)


def test_rates_too_rare_to_count_are_those_of_a_pencil() -> None:
    # A father 1/1 (frequency 0.1) at each of eight markers: who has one 1 everywhere is not excluded.
    over = MarkerSet(tuple(Marker(f"M{k}", ("1", "2"), (0.1, 0.9)) for k in range(8)))
    people = Profiles.of({"father": {m.name: ("1", "1") for m in over}}, over)
    found = lr_distribution(
        KinshipFamily("F", PEDIGREE, ("child",), people), "child", simulations=4000, rng=np.random.default_rng(1)
    )
    possible = 0.19**8
    assert found.false_match_error(0) < 0.1 * possible
    assert found.false_match_rate(0) == pytest.approx(possible, abs=3 * found.false_match_error(0))
    # 1/1 has LR 10, 1/2 LR 5: two of the former or more, at these eight.
    at = 8 * math.log10(5) + 2 * math.log10(2) - 1e-9
    rare = sum(math.comb(8, k) * 0.01**k * 0.18 ** (8 - k) for k in range(2, 9))
    assert rare < 1e-6
    assert found.false_match_rate(at) == pytest.approx(rare, abs=3 * found.false_match_error(at))


def test_the_stated_error_is_how_far_repetitions_lie_apart() -> None:
    one = family(markers(STEPWISE), "father", "mother")
    many = [lr_distribution(one, "child", simulations=500, rng=np.random.default_rng(k)) for k in range(60)]
    for at in (-20.0, -8.0, 5.0):
        rates = np.array([found.false_match_rate(at) for found in many])
        stated = float(np.mean([found.false_match_error(at) for found in many]))
        assert rates.std(ddof=1) == pytest.approx(stated, rel=0.3)
    two = many[:2]
    both = [found.false_match_error(-8) for found in two]
    assert false_matches_error(two, 7, -8) == pytest.approx(7 * math.hypot(*both))


def test_the_threshold_lies_where_the_mean_of_false_matches_falls_to_what_is_allowed() -> None:
    one = family(markers(STEPWISE), "father", "mother")
    found = lr_distribution(one, "child", simulations=10_000, rng=np.random.default_rng(3))
    kept = threshold_for([found], 5, at_most=0.05)
    assert 0.04 < expected_false_matches([found], 5, kept) <= 0.05
    assert kept < 0, "a threshold among the LRs of strangers, not among those of the missing"
    strangers = search(drawn(one.profiles.markers, STRANGERS, np.random.default_rng(4)), [one]).log10_lr[:, 0]
    assert 5 * (strangers >= kept).mean() == pytest.approx(0.05, abs=0.05 * 3 / math.sqrt(STRANGERS * 0.01) + 0.002)


def test_an_lr_of_zero_is_never_a_threshold() -> None:
    unrelated = np.array([-np.inf] * 9 + [-1.0])
    found = LRDistribution(("M",), (Drawn(0.0, 0.0, unrelated), Drawn(1.0, 0.0, np.array([2.0, 3.0]))), np.array([2.5]))
    assert threshold_for([found], 1, at_most=5.0) == -1.0
    assert found.false_match_rate(-math.inf) == pytest.approx(1, abs=0.2)


def test_an_allele_without_a_frequency_is_seen_of_no_stranger() -> None:
    model = Mutation.alike(MutationModel(MutationKind.EQUAL, rate=0.2))
    over = MarkerSet((Marker("M", ("1", "2", "3"), (0.5, 0.5, 0.0), mutation=model),))
    people = Profiles.of({"father": {"M": ("1", "1")}}, over)
    found = lr_distribution(
        replace(family(markers(), "father"), profiles=people), "child", simulations=2000, rng=np.random.default_rng(1)
    )
    assert np.isposinf(found.log10_lr_if_true).any()
    assert found.false_match_rate(300.0) == 0.0
    assert found.false_match_rate(-300.0) == pytest.approx(1, abs=3 * found.false_match_error(-300.0))
