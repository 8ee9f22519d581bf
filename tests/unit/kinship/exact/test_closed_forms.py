"""Likelihood ratios that can be had with a pencil."""

from __future__ import annotations

import math

import pytest

from dokaz.kinship import (
    Chromosome,
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
)

P, Q, R = 0.1, 0.2, 0.7
PLAIN = MarkerSet((Marker("L", ("1", "2", "3"), (P, Q, R)),))
MAN, WOMAN = Sex.MALE, Sex.FEMALE


def lr(h1: Pedigree, people: dict[str, tuple[str, ...]], markers: MarkerSet = PLAIN, **options: float) -> float:
    name = markers.names[0]
    sexes = {person: h1.sex_of(person) for person in people}
    profiles = Profiles.of({person: {name: alleles} for person, alleles in people.items()}, markers, sexes=sexes)
    return likelihood_ratio(h1, Pedigree.unrelated(sexes), profiles, **options).lr


FATHER_OF = Pedigree.of(child=("man", None), man=(None, None))
SIBLINGS = Pedigree.of(a=("f", "m"), b=("f", "m"), f=(None, None), m=(None, None))
HALF_SIBLINGS = Pedigree.of(a=("f", None), b=("f", None), f=(None, None))


@pytest.mark.parametrize(
    ("man", "child", "expected"),
    [
        (("1", "1"), ("1", "1"), 1 / P),
        (("1", "1"), ("1", "2"), 1 / (2 * P)),
        (("1", "2"), ("1", "1"), 1 / (2 * P)),
        (("1", "2"), ("1", "2"), (P + Q) / (4 * P * Q)),
        (("1", "2"), ("1", "3"), 1 / (4 * P)),
        (("1", "1"), ("2", "3"), 0.0),
    ],
)
def test_parent_and_child(man: tuple[str, str], child: tuple[str, str], expected: float) -> None:
    assert lr(FATHER_OF, {"man": man, "child": child}) == pytest.approx(expected, rel=1e-12)


def test_parent_and_child_may_change_places() -> None:
    forward = lr(FATHER_OF, {"man": ("1", "2"), "child": ("1", "3")})
    assert lr(FATHER_OF, {"man": ("1", "3"), "child": ("1", "2")}) == pytest.approx(forward, rel=1e-12)


def test_an_exclusion_is_exactly_zero() -> None:
    assert lr(FATHER_OF, {"man": ("1", "1"), "child": ("2", "3")}) == 0.0


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (("1", "1"), ("1", "1"), (1 + P) ** 2 / (4 * P**2)),
        (("1", "2"), ("1", "2"), (1 + P + Q + 2 * P * Q) / (8 * P * Q)),
        (("1", "1"), ("2", "3"), 0.25),
        (("1", "2"), ("1", "3"), (1 + 2 * P) / (8 * P)),
    ],
)
def test_full_siblings(a: tuple[str, str], b: tuple[str, str], expected: float) -> None:
    assert lr(SIBLINGS, {"a": a, "b": b}) == pytest.approx(expected, rel=1e-12)


def test_half_siblings_are_half_parent_and_child_half_unrelated() -> None:
    genotypes = (("1", "2"), ("1", "3"))
    parent = lr(FATHER_OF, {"man": genotypes[0], "child": genotypes[1]})
    assert lr(HALF_SIBLINGS, {"a": genotypes[0], "b": genotypes[1]}) == pytest.approx((1 + parent) / 2, rel=1e-12)


def test_identical_twins_are_as_strong_as_the_genotype_is_rare() -> None:
    members = (Member("f", sex=MAN), Member("m", sex=WOMAN), Member("a", "f", "m", MAN), Member("b", "f", "m", MAN))
    twins = Pedigree(members, (frozenset({"a", "b"}),))
    assert lr(twins, {"a": ("1", "2"), "b": ("1", "2")}) == pytest.approx(1 / (2 * P * Q), rel=1e-12)
    assert lr(twins, {"a": ("1", "2"), "b": ("1", "3")}) == 0.0


@pytest.mark.parametrize("theta", [0.01, 0.03, 1.0])
def test_theta_of_a_shared_homozygote(theta: float) -> None:
    # H2 draws four alleles 1, H1 three: the ratio is one over the fourth draw (Balding & Nichols 1994).
    fourth = (3 * theta + (1 - theta) * P) / (1 + 2 * theta)
    people = {"man": ("1", "1"), "child": ("1", "1")}
    assert lr(FATHER_OF, people, theta=theta) == pytest.approx(1 / fourth, rel=1e-12)


def test_a_silent_allele_explains_opposite_homozygotes() -> None:
    s = 0.05
    markers = MarkerSet((Marker("L", ("1", "2"), (0.45, 0.5), silent_frequency=s),))
    # Both hold the silent allele: the man 1/s passes it (1/2), the child's other allele is 2.
    homozygote_1 = 0.45**2 + 2 * 0.45 * s
    homozygote_2 = 0.5**2 + 2 * 0.5 * s
    expected = (2 * 0.45 * s * 0.5 * 0.5) / (homozygote_1 * homozygote_2)
    assert lr(FATHER_OF, {"man": ("1", "1"), "child": ("2", "2")}, markers) == pytest.approx(expected, rel=1e-12)


def test_mutation_of_a_single_transmission() -> None:
    rate = 0.01
    model = Mutation.alike(MutationModel(MutationKind.EQUAL, rate=rate))
    markers = MarkerSet((Marker("L", ("1", "2", "3"), (P, Q, R), mutation=model),))
    # 1/1 passes 2 or 3 with rate/2 each; the other allele comes from the population.
    expected = (rate / 2) * (R + Q) / (2 * Q * R)
    assert lr(FATHER_OF, {"man": ("1", "1"), "child": ("2", "3")}, markers) == pytest.approx(expected, rel=1e-12)


def test_a_father_passes_no_x_to_his_son_and_his_only_one_to_his_daughter() -> None:
    markers = MarkerSet((Marker("DXS", ("1", "2", "3"), (P, Q, R), Chromosome.X),))
    son = Pedigree((Member("man", sex=MAN), Member("child", "man", None, MAN)))
    daughter = Pedigree((Member("man", sex=MAN), Member("child", "man", None, WOMAN)))
    assert lr(son, {"man": ("1",), "child": ("2",)}, markers) == pytest.approx(1.0, rel=1e-12)
    assert lr(daughter, {"man": ("1",), "child": ("1", "2")}, markers) == pytest.approx(1 / (2 * P), rel=1e-12)
    assert lr(daughter, {"man": ("3",), "child": ("1", "2")}, markers) == 0.0


def test_dropout_of_one_allele_of_a_bone() -> None:
    # The bone shows 1 only: 1/1 with both copies not all missed, or 1/x with x missed.
    d = 0.3
    profiles = Profiles.of({"bone": {"L": ("1",)}}, PLAIN, dropout={"bone": d})
    expected = P**2 * (1 - d**2) + 2 * P * (1 - P) * (1 - d) * d
    alone = Pedigree.unrelated(("bone",))
    assert math.exp(ln_likelihood(alone, profiles)[0]) == pytest.approx(expected, rel=1e-12)


def test_a_drop_in_costs_its_rate_times_its_frequency() -> None:
    c = 0.05
    profiles = Profiles.of({"bone": {"L": ("1", "2", "3")}}, PLAIN, dropout={"bone": 0.0}, dropin=c)
    expected = 2 * P * Q * c * R + 2 * P * R * c * Q + 2 * Q * R * c * P
    expected += c * c * (P**2 * Q * R + Q**2 * P * R + R**2 * P * Q)
    alone = Pedigree.unrelated(("bone",))
    assert math.exp(ln_likelihood(alone, profiles)[0]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("r", [0.0, 0.1, 0.5])
def test_recombination_does_not_matter_between_parent_and_child_of_unknown_phase(r: float) -> None:
    markers = MarkerSet((Marker("A", ("1", "2"), (P, 1 - P)), Marker("B", ("1", "2", "3"), (Q, 0.3, 0.5))))
    people = {"man": {"A": ("1", "2"), "B": ("1", "2")}, "child": {"A": ("1", "1"), "B": ("1", "1")}}
    profiles = Profiles.of(people, markers)
    result = likelihood_ratio(FATHER_OF, Pedigree.unrelated(("man", "child")), profiles, linked=[(("A", "B"), (r,))])
    assert result.markers == ("A+B",)
    # He passes 1-1 with (1 - r)/2 if he carries it, with r/2 if not, each half the time: a quarter.
    assert result.lr == pytest.approx(1 / (4 * P * Q), rel=1e-12)


def test_grandparents_and_uncles_are_told_apart_by_linkage_only() -> None:
    markers = MarkerSet((Marker("A", ("1", "2"), (0.05, 0.95)), Marker("B", ("1", "2"), (0.05, 0.95))))
    people = {"a": {"A": ("1", "2"), "B": ("1", "2")}, "b": {"A": ("1", "2"), "B": ("1", "2")}}
    profiles = Profiles.of(people, markers)
    grandfather = Pedigree.of(b=("x", None), x=("a", None), a=(None, None))
    uncle = Pedigree.of(a=("f", "m"), x=("f", "m"), b=("x", None), f=(None, None), m=(None, None))
    free = likelihood_ratio(grandfather, uncle, profiles).lr
    tied = likelihood_ratio(grandfather, uncle, profiles, linked=[(("A", "B"), (0.05,))]).lr
    assert free == pytest.approx(1.0, rel=1e-12)
    assert abs(tied - 1) > 1e-3


def test_a_sibship_of_22_over_35_markers_does_not_underflow() -> None:
    names = [f"M{i}" for i in range(35)]
    markers = MarkerSet(tuple(Marker(name, ("1", "2", "3", "4"), (0.1, 0.2, 0.3, 0.4)) for name in names))
    members = [Member("f", sex=MAN), Member("m", sex=WOMAN)]
    members += [Member(f"c{i}", "f", "m", MAN) for i in range(20)]
    choices = [("1", "3"), ("1", "4"), ("2", "3"), ("2", "4")]
    people = {f"c{i}": {name: choices[(i + k) % 4] for k, name in enumerate(names)} for i in range(20)}
    profiles = Profiles.of(people, markers)
    values = ln_likelihood(Pedigree(tuple(members)), profiles)
    # Parents 1/2 × 3/4 are the only ones possible; either may hold either pair.
    expected = math.log(2 * (2 * 0.1 * 0.2) * (2 * 0.3 * 0.4)) + 20 * math.log(0.25)
    assert values == pytest.approx([expected] * 35, rel=1e-12)
    assert values.sum() < math.log(1e-308)


def test_likelihoods_of_all_genotypes_of_a_family_sum_to_one() -> None:
    model = Mutation.alike(MutationModel(MutationKind.STEPWISE, rate=0.02, rate2=0.001, range=0.1))
    markers = MarkerSet((Marker("L", ("9", "9.3", "10"), (P, Q, R), mutation=model),))
    genotypes = [(a, b) for i, a in enumerate(markers["L"].alleles) for b in markers["L"].alleles[i:]]
    for theta in (0.0, 0.05):
        total = 0.0
        for first in genotypes:
            for second in genotypes:
                profiles = Profiles.of({"a": {"L": first}, "b": {"L": second}}, markers)
                total += math.exp(ln_likelihood(SIBLINGS, profiles, theta=theta)[0])
        assert total == pytest.approx(1.0, rel=1e-12)


def test_the_expected_lr_of_an_unrelated_person_is_one() -> None:
    genotypes = [(a, b) for i, a in enumerate(("1", "2", "3")) for b in ("1", "2", "3")[i:]]
    frequency = {"1": P, "2": Q, "3": R}
    expected = 0.0
    for a, b in genotypes:
        chance = frequency[a] * frequency[b] * (1 if a == b else 2)
        expected += chance * lr(SIBLINGS, {"a": ("1", "2"), "b": (a, b)})
    assert expected == pytest.approx(1.0, rel=1e-12)
