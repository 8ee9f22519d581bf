"""Direct matching: the same numbers as one exact likelihood at a time."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from naive_twin import random_marker, random_profiles

from dokaz.errors import BadQuestion
from dokaz.kinship import Marker, MarkerSet, Member, Pedigree, Profiles, Sex, likelihood_ratio
from dokaz.kinship.remains import _PEDIGREES, Relation, contamination, match_directly


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
                for relation, pedigree in _PEDIGREES.items():
                    lr = likelihood_ratio(pedigree, Pedigree.unrelated(("1", "2")), two, theta=theta)
                    values = lr.log10_lr_per_marker
                    expected = values[both].sum()
                    if pair in found:
                        ours = found[pair].log10_lr[relation]
                        assert np.isneginf(ours) == np.isneginf(expected), f"{seed} {pair} {relation}"
                        assert ours == pytest.approx(expected, abs=1e-9), f"{seed} {pair} {relation}"
                    else:
                        assert not expected >= -50, f"{seed} {pair} {relation}"


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
