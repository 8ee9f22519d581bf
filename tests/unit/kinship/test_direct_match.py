"""Direct matching: the same numbers as one exact likelihood at a time."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from naive_twin import random_marker, random_profiles
from small_cases import run, written

from dokaz.errors import BadQuestion
from dokaz.kinship import Chromosome, Marker, MarkerSet, Member, Pedigree, Profiles, Sex, likelihood_ratio
from dokaz.kinship.direct_match import Relation, contamination, impossible_without_mutation, match_directly, pedigree_of


@pytest.mark.parametrize("theta", [0.0, 0.05])
def test_any_pair_has_the_lr_of_one_question(theta: float) -> None:
    for seed in range(8):
        rng = random.Random(seed)
        markers = MarkerSet(tuple(random_marker(rng, f"M{i}", x_linked=False, largest=4) for i in range(4)))
        people = Pedigree(tuple(Member(f"V{i}") for i in range(6)))
        profiles = random_profiles(rng, people, markers)
        if len(profiles) < 2:
            continue
        found = {(m.first, m.second): m for m in match_directly(profiles, theta=theta, at_least_log10_lr=-50)}
        for a in range(len(profiles)):
            for b in range(a + 1, len(profiles)):
                pair = (profiles.ids[a], profiles.ids[b])
                two = profiles.only(pair).renamed({pair[0]: "1", pair[1]: "2"})
                both = two.typed.all(axis=0)
                for relation in Relation:
                    lr = likelihood_ratio(pedigree_of(relation), Pedigree.unrelated(("1", "2")), two, theta=theta)
                    values = lr.log10_lr_per_marker
                    expected = values[both].sum()
                    if pair in found:
                        ours = found[pair].log10_lr[relation]
                        assert np.isneginf(ours) == np.isneginf(expected), f"{seed} {pair} {relation}"
                        assert ours == pytest.approx(expected, abs=1e-9), f"{seed} {pair} {relation}"
                    else:
                        assert not expected >= -50, f"{seed} {pair} {relation}"


def slow_log10_lr(pair: Profiles, relation: Relation, theta: float) -> float:
    """Autosomal markers, then those on X where both sexes are known and the relation allows them."""
    one, two = pair.sexes
    total = 0.0
    for column, marker in enumerate(pair.markers):
        on_x = marker.chromosome is Chromosome.X
        if not pair.typed[:, column].all():
            continue
        if on_x and (Sex.UNKNOWN in (one, two) or (relation is Relation.SAME_PERSON and one is not two)):
            continue
        sexes = (one, two) if on_x else (Sex.UNKNOWN, Sex.UNKNOWN)
        single = Profiles(
            ("1", "2"),
            sexes,
            MarkerSet((marker,)),
            *(a[:, [column]] for a in (pair.alleles, pair.typed, pair.dropout, pair.dropin)),
        )
        apart = Pedigree.unrelated(dict(zip("12", sexes, strict=True)))
        total += likelihood_ratio(pedigree_of(relation, *sexes), apart, single, theta=theta).log10_lr
    return total


@pytest.mark.parametrize("theta", [0.0, 0.05])
def test_markers_on_x_count_as_in_one_question_where_the_sexes_are_known(theta: float) -> None:
    compared = 0
    for seed in range(10):
        rng = random.Random(seed)
        on_x = (True, True, True) if seed == 0 else (False, True, True)
        markers = MarkerSet(tuple(random_marker(rng, f"M{i}", x_linked=x, largest=4) for i, x in enumerate(on_x)))
        people = Pedigree(tuple(Member(f"V{i}", sex=Sex(i % 3)) for i in range(8)))
        profiles = random_profiles(rng, people, markers)
        staff = profiles.renamed({name: f"S{name}" for name in profiles.ids})
        for others in (None, staff):
            for match in match_directly(profiles, others, theta=theta, at_least_log10_lr=-50):
                second = profiles if others is None else others
                both = (
                    profiles.only([match.first])
                    .renamed({match.first: "1"})
                    .joined(second.only([match.second]).renamed({match.second: "2"}))
                )
                for relation in Relation:
                    expected = slow_log10_lr(both, relation, theta)
                    ours = match.log10_lr[relation]
                    assert np.isneginf(ours) == np.isneginf(expected), f"{seed} {match} {relation}"
                    assert ours == pytest.approx(expected, abs=1e-9), f"{seed} {match} {relation}"
                    compared += 1
    assert compared > 200


def x_profiles(sexes: dict[str, Sex]) -> Profiles:
    """Everybody 8/8 at an autosomal marker; on X a man has 1, a woman 1/1."""
    markers = MarkerSet((Marker("A", ("8", "9"), (0.5, 0.5)), Marker("X1", ("1", "2"), (0.1, 0.9), Chromosome.X)))
    return Profiles.of({name: {"A": ("8", "8"), "X1": ("1", "1")} for name in sexes}, markers, sexes=sexes)


@pytest.mark.parametrize(
    ("first", "second", "lr"),
    [
        # By pencil, the share of X: p = 0.1 of an allele that nobody need share.
        (Sex.MALE, Sex.MALE, {"same person": 10, "parent": 1, "child": 1, "sibling": 5.5}),
        (Sex.MALE, Sex.FEMALE, {"parent": 10, "child": 10, "sibling": 5.5}),
        (Sex.FEMALE, Sex.MALE, {"parent": 10, "child": 10, "sibling": 5.5}),
        (Sex.FEMALE, Sex.FEMALE, {"same person": 100, "parent": 10, "child": 10, "sibling": 55}),
    ],
)
def test_what_is_shared_on_x_by_pencil(first: Sex, second: Sex, lr: dict[str, float]) -> None:
    match = match_directly(x_profiles({"V1": first, "V2": second}), at_least_log10_lr=-5)[0]
    autosomal = {"same person": 4, "parent": 2, "child": 2, "sibling": 2.25}
    for relation in Relation:
        expected = autosomal[relation.value] * lr.get(relation.value, 1)
        assert 10 ** match.log10_lr[relation] == pytest.approx(expected, rel=1e-12)
        assert match.left_out[relation] == (() if relation.value in lr else ("X1",))


def test_markers_on_x_that_say_nothing_are_left_out_by_name() -> None:
    unknown = match_directly(x_profiles({"V1": Sex.MALE, "V2": Sex.UNKNOWN}), at_least_log10_lr=-5)[0]
    assert unknown.left_out == dict.fromkeys(Relation, ("X1",))
    assert unknown.markers_compared == 1
    differ = contamination(x_profiles({"V1": Sex.MALE}), x_profiles({"S": Sex.FEMALE}), at_least_log10_lr=-5)[0]
    assert differ.left_out == {Relation.SAME_PERSON: ("X1",)}
    assert (differ.markers_compared, differ.sexes_differ) == (1, True)
    alike = contamination(x_profiles({"V1": Sex.MALE}), x_profiles({"S": Sex.MALE}), at_least_log10_lr=-5)[0]
    assert (alike.left_out, alike.markers_compared) == ({Relation.SAME_PERSON: ()}, 2)


def test_what_is_impossible_without_mutation_is_asked_at_the_markers_used_only() -> None:
    for relation in Relation:
        for sexes in ({"V1": Sex.MALE, "V2": Sex.UNKNOWN}, {"V1": Sex.MALE, "V2": Sex.FEMALE}):
            pair = x_profiles(sexes)
            [found] = match_directly(pair, at_least_log10_lr=-5, relations=[relation])
            assert impossible_without_mutation(found, pair) == ()


def test_the_command_names_what_was_left_out_on_x(tmp_path: Path) -> None:
    markers = [
        {"name": "A", "alleles": ["8", "9"], "freqs": [0.5, 0.5]},
        {"name": "X1", "chrom": "X", "alleles": ["1", "2"], "freqs": [0.1, 0.9]},
    ]
    genotypes = {"A": ["8", "8"], "X1": ["1", "1"]}
    remains = [{"id": f"V{sex}", "sex": sex, "genotypes": genotypes} for sex in (0, 1, 2)]
    file = written(tmp_path, {"markers": markers, "pm": remains, "am": [], "missing": []})
    rows = json.loads(run("match", file, "--json", "--at-least", "0").output)["matches"]
    left_out = {(row["first"], row["second"]): row["left_out"] for row in rows}
    everything = {relation.value: ["X1"] for relation in Relation}
    assert left_out == {("V0", "V1"): everything, ("V0", "V2"): everything, ("V1", "V2"): {"same person": ["X1"]}}
    printed = run("match", file, "--at-least", "0").output.splitlines()
    assert sum("not used: X1" in line for line in printed) == 2


MARKERS = MarkerSet(tuple(Marker(f"M{i}", ("8", "9", "10", "11"), (0.1, 0.2, 0.3, 0.4)) for i in range(12)))


def bones() -> Profiles:
    rng = np.random.default_rng(1)
    genotypes = {
        f"B{i}": {m.name: [m.alleles[a] for a in rng.choice(4, 2, p=m.frequencies)] for m in MARKERS} for i in range(5)
    }
    # The last bone is the first again, at half of the markers with one allele lost.
    genotypes["B9"] = {m: [sorted(a)[0]] if k % 2 else a for k, (m, a) in enumerate(genotypes["B0"].items())}
    return Profiles.of(genotypes, MARKERS, dropout={"B9": 0.3}, dropin=0.01)


def test_a_degraded_bone_is_re_associated_with_its_person() -> None:
    matches = match_directly(bones(), at_least_log10_lr=3)
    assert [(m.first, m.second, m.relation) for m in matches] == [("B0", "B9", Relation.SAME_PERSON)]
    assert matches[0].markers_compared == 12
    assert matches[0].markers_different
    assert matches[0].log10_lr[Relation.SAME_PERSON] > matches[0].log10_lr[Relation.SIBLING]


def test_staff_are_found_in_profiles_and_differing_sex_is_said() -> None:
    profiles = replace(bones(), sexes=(Sex.MALE,) * 6)
    staff = replace(profiles.only(["B2"]).renamed({"B2": "Dr A"}), sexes=(Sex.FEMALE,))
    matches = contamination(profiles, staff)
    assert [(m.first, m.second, m.sexes_differ) for m in matches] == [("B2", "Dr A", True)]
    assert matches[0].markers_different == ()


def test_order_of_profiles_changes_nothing() -> None:
    profiles = bones()
    ours = match_directly(profiles, at_least_log10_lr=3)[0]
    theirs = match_directly(profiles.only(profiles.ids[::-1]), at_least_log10_lr=3)[0]
    assert {ours.first, ours.second} == {theirs.first, theirs.second}
    for relation in Relation:
        assert ours.log10_lr[relation] == pytest.approx(theirs.log10_lr[relation], abs=1e-9)


def test_asking_for_nothing_is_refused() -> None:
    with pytest.raises(BadQuestion, match="no relation"):
        match_directly(bones(), relations=())
