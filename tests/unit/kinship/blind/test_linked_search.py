"""Linked markers in a search: the same numbers as one exact likelihood at a time, in every way to search."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from slow_search import random_linked_search, slow_log10_lr_per_marker
from test_blind_search import nuclear_search

from dokaz.errors import BadQuestion, NotMeaningful
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
    find_candidates,
    likelihood_ratio,
    search,
)
from dokaz.kinship.model.markers import Linked

TWO_OF_FIVE: list[Linked] = [(("M3", "M1"), (0.08,))]


def assert_linked_search_is_its_slow_twin(seed: int, theta: float) -> None:
    rng = random.Random(seed)
    profiles, families, linked = random_linked_search(rng, theta)
    found = search(profiles, families, theta=theta, linked=linked)
    for j, person in enumerate(found.missing):
        family = next(f for f in families if f.name == found.families[j])
        for i, sample in enumerate(found.profiles):
            if not found.compared[i, j]:
                continue
            theirs = slow_log10_lr_per_marker(profiles, sample, family, person, theta, linked)
            np.testing.assert_allclose(
                found.log10_lr_per_marker[i, j], theirs, rtol=1e-9, atol=1e-10, err_msg=f"{seed} {sample} {person}"
            )


@pytest.mark.parametrize("theta", [0.0, 0.03, 1.0])
def test_any_linked_search_is_its_slow_twin(theta: float) -> None:
    for seed in range(40 if theta == 0 else 4):
        assert_linked_search_is_its_slow_twin(seed, theta)


@pytest.mark.parametrize("missing", ["child", "father"])
def test_siblings_without_parents_have_the_slow_twins_lr_under_theta(missing: str) -> None:
    rates = Mutation(
        MutationModel(MutationKind.STEPWISE, rate=0.01, range=0.2), MutationModel(MutationKind.EQUAL, rate=0.05)
    )
    markers = MarkerSet(
        tuple(Marker(f"M{i}", ("8", "9"), (0.3, 0.6), mutation=rates, silent_frequency=0.1) for i in range(2))
    )
    members = (
        Member("child", "father", "mother", Sex.MALE),
        Member("brother", "father", "mother", Sex.MALE),
        Member("sister", "father", "mother", Sex.FEMALE),
        Member("father", sex=Sex.MALE),
        Member("mother", sex=Sex.FEMALE),
    )
    relatives = {"brother": {"M0": ("8", "9"), "M1": ("8", "8")}, "sister": {"M0": ("9", "9"), "M1": ("9", "8")}}
    family = KinshipFamily("F", Pedigree(members), (missing,), Profiles.of(relatives, markers))
    remains = {"V1": {"M0": ("8", "9"), "M1": ("8", "8")}, "V2": {"M0": ("9",), "M1": ()}}
    profiles = Profiles.of(remains, markers, dropout={"V2": 0.2}, dropin=0.05)
    linked: list[Linked] = [(("M0", "M1"), (0.1,))]
    found = search(profiles, [family], theta=0.04, linked=linked)
    for i, sample in enumerate(profiles.ids):
        theirs = slow_log10_lr_per_marker(profiles, sample, family, missing, 0.04, linked)
        np.testing.assert_allclose(found.log10_lr_per_marker[i, 0], theirs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("theta", [0.0, 0.03])
def test_families_with_too_many_selectors_have_the_same_numbers(theta: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dokaz.kinship.blind.linked.LARGEST", 0)
    for seed in range(10 if theta == 0 else 2):
        assert_linked_search_is_its_slow_twin(seed, theta)


@pytest.mark.parametrize("theta", [0.0, 0.02])
def test_markers_that_recombine_freely_are_independent(theta: float) -> None:
    profiles, families = nuclear_search(theta, victims=12)
    apart = search(profiles, families, theta=theta)
    free = search(profiles, families, theta=theta, linked=[(("M0", "M2", "M4"), (0.5, 0.5))])
    assert free.markers == ("M0+M2+M4", "M1", "M3")
    together = apart.log10_lr_per_marker[..., [0, 2, 4]].sum(axis=2)
    np.testing.assert_allclose(free.log10_lr_per_marker[..., 0], together, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(
        free.log10_lr_per_marker[..., 1:], apart.log10_lr_per_marker[..., [1, 3]], rtol=1e-12, atol=1e-13
    )


def half_brothers() -> tuple[Profiles, KinshipFamily]:
    """A missing man, the half-brother by his father typed 1/2 at two markers, and remains that share 1 at both."""
    markers = MarkerSet(tuple(Marker(f"M{i}", ("1", "2", "3"), (0.1, 0.2, 0.7)) for i in range(2)))
    members = (
        Member("father", sex=Sex.MALE),
        Member("missing", "father", None, Sex.MALE),
        Member("brother", "father", None, Sex.MALE),
    )
    typed = Profiles.of({"brother": {"M0": ("1", "2"), "M1": ("1", "2")}}, markers)
    remains = Profiles.of({"V": {"M0": ("1", "3"), "M1": ("1", "3")}}, markers, sexes={"V": Sex.MALE})
    return remains, KinshipFamily("F", Pedigree(members), ("missing",), typed)


@pytest.mark.parametrize("r", [0.0, 0.1, 0.5])
def test_half_brothers_by_pencil(r: float) -> None:
    # LR of a marker: 1 where nothing is shared by descent, 1/(4·0.1) = 2.5 where an allele is; shared at a marker with
    # probability 1/2, and at the next again with R = r² + (1 − r)².
    remains, family = half_brothers()
    again = r * r + (1 - r) ** 2
    expected = 0.5 * again * (2.5**2 + 1) + (1 - again) * 2.5
    found = search(remains, [family], linked=[(("M0", "M1"), (r,))])
    assert 10 ** found.log10_lr[0, 0] == pytest.approx(expected, rel=1e-12)


def test_terms_stand_where_a_likelihood_ratio_puts_them() -> None:
    profiles, families = nuclear_search(victims=3)
    linked = [*TWO_OF_FIVE, (("M4", "M0"), (0.2,))]
    found = search(profiles, families, linked=linked)
    apart = Pedigree.unrelated(families[0].profiles.ids)
    asked = likelihood_ratio(apart, apart, families[0].profiles, linked=linked)
    assert found.markers == asked.markers == ("M4+M0", "M3+M1", "M2")
    assert found.assumptions.linked == asked.assumptions.linked


@pytest.mark.parametrize("theta", [0.0, 0.02])
def test_streamed_candidates_know_linked_markers(theta: float) -> None:
    profiles, families = nuclear_search(theta)
    whole = search(profiles, families, theta=theta, linked=TWO_OF_FIVE)
    total = np.where(whole.compared, whole.log10_lr, -np.inf)
    found = find_candidates(
        profiles, families, theta=theta, linked=TWO_OF_FIVE, keep=4, at_least_log10_lr=-1.0, workers=2
    )
    assert found.markers == whole.markers
    assert found.assumptions == whole.assumptions
    for i, sample in enumerate(profiles.ids):
        ranked = sorted(((v, j) for j, v in enumerate(total[i]) if v >= -1.0), key=lambda vj: (-vj[0], vj[1]))[:4]
        assert [name for name, _ in found.of_profile(sample)] == [whole.missing[j] for _, j in ranked]
        assert [v for _, v in found.of_profile(sample)] == pytest.approx([v for v, _ in ranked], rel=1e-12)


def test_a_folder_keeps_searches_with_other_linkage_apart(tmp_path: Path) -> None:
    profiles, families = nuclear_search()
    other: list[Linked] = [(("M3", "M1"), (0.3,))]
    for linked in ([], TWO_OF_FIVE, other, TWO_OF_FIVE):
        alone = find_candidates(profiles, families, linked=linked, keep=3, workers=1)
        kept = find_candidates(profiles, families, linked=linked, keep=3, workers=1, folder=tmp_path)
        assert kept.pairs() == alone.pairs()
    assert len(list(tmp_path.glob("search-*"))) == 3


def test_an_untyped_member_of_a_linked_pair_bridges_nothing() -> None:
    # At M1 nobody of the family is typed: the pair is worth what M0 is.
    remains, family = half_brothers()
    bare = Profiles.of({"brother": {"M0": ("1", "2")}}, remains.markers)
    found = search(remains, [KinshipFamily("F", family.pedigree, ("missing",), bare)], linked=[(("M0", "M1"), (0.1,))])
    assert 10 ** found.log10_lr[0, 0] == pytest.approx(1.75, rel=1e-12)


def test_linkage_that_cannot_be_is_refused_by_name() -> None:
    profiles, families = nuclear_search()
    for linked, names in (
        ([(("M0", "M1"), (0.6,))], "from 0 to 0.5"),
        ([(("M0", "M1"), (0.1,)), (("M1", "M2"), (0.1,))], "M1 is in two linked groups"),
    ):
        with pytest.raises(BadQuestion, match=names):
            search(profiles, families, linked=linked)
        with pytest.raises(BadQuestion, match=names):
            find_candidates(profiles, families, linked=linked)
    remains, family = half_brothers()
    inbred = Pedigree((Member("father", sex=Sex.MALE, inbreeding=0.1), *family.pedigree.members[1:]))
    with pytest.raises(NotMeaningful, match="inbred founders"):
        search(remains, [KinshipFamily("F", inbred, ("missing",), family.profiles)], linked=[(("M0", "M1"), (0.1,))])
    x = Marker("X", ("1", "2"), (0.5, 0.5), Chromosome.X)
    both = Profiles.of({"V": {"M0": ("1", "3")}}, MarkerSet((*remains.markers.markers, x)))
    with pytest.raises(BadQuestion, match="different chromosomes"):
        search(both, [family], linked=[(("M0", "X"), (0.1,))])
