"""The blind search: the same numbers as one exact likelihood at a time, streamed or as a matrix, on any shape."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from slow_search import random_search, slow_log10_lr_per_marker

from dokaz.errors import BadQuestion, DokazError
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
from dokaz.kinship.blind.candidates import find_candidates
from dokaz.kinship.blind.tables import Target, genotype_tables, panel_of
from dokaz.kinship.exact.programs import ProgramCache


def assert_search_is_its_slow_twin(seed: int, theta: float) -> None:
    rng = random.Random(seed)
    profiles, families = random_search(rng, theta)
    found = search(profiles, families, theta=theta)
    for j, person in enumerate(found.missing):
        family = next(f for f in families if f.name == found.families[j])
        for i, sample in enumerate(found.profiles):
            if not found.compared[i, j]:
                continue
            theirs = slow_log10_lr_per_marker(profiles, sample, family, person, theta)
            np.testing.assert_allclose(
                found.log10_lr_per_marker[i, j], theirs, rtol=1e-9, atol=1e-10, err_msg=f"{seed} {sample} {person}"
            )


@pytest.mark.parametrize("theta", [0.0, 0.03, 1.0])
def test_any_search_is_its_slow_twin(theta: float) -> None:
    for seed in range(40 if theta == 0 else 12):
        assert_search_is_its_slow_twin(seed, theta)


def nuclear_search(theta: float = 0.0, victims: int = 40) -> tuple[Profiles, list[KinshipFamily]]:
    """Families with two siblings typed, mutation on, one of the profiles under dropout."""
    rng = np.random.default_rng(7)
    ladder = tuple(str(a) for a in range(8, 15))
    model = Mutation.alike(MutationModel(MutationKind.STEPWISE, rate=0.002, range=0.1))
    markers = MarkerSet(
        tuple(Marker(f"M{i}", ladder, tuple(rng.dirichlet(np.ones(7) * 3)), mutation=model) for i in range(5))
    )

    def genotype() -> dict[str, list[str]]:
        return {m.name: [ladder[a] for a in rng.choice(7, 2, p=m.frequencies)] for m in markers}

    families = []
    for f in range(12):
        members = (
            Member(f"{f}F", sex=Sex.MALE),
            Member(f"{f}M", sex=Sex.FEMALE),
            Member(f"{f}S", f"{f}F", f"{f}M", Sex.MALE),
            Member(f"{f}T", f"{f}F", f"{f}M", Sex.MALE),
            Member(f"{f}X", f"{f}F", f"{f}M", Sex.MALE if f % 2 else Sex.FEMALE),
        )
        people = Profiles.of({f"{f}S": genotype(), f"{f}M": genotype()}, markers)
        families.append(KinshipFamily(f"F{f}", Pedigree(members), (f"{f}X", f"{f}F"), people))
    sexes = {f"V{i}": Sex(i % 3) for i in range(victims)}
    profiles = Profiles.of({v: genotype() for v in sexes}, markers, sexes=sexes, dropout={"V3": 0.3}, dropin=0.02)
    return profiles, families


@pytest.mark.parametrize("theta", [0.0, 0.02])
def test_streamed_candidates_are_the_best_of_the_matrix(theta: float) -> None:
    profiles, families = nuclear_search(theta)
    whole = search(profiles, families, theta=theta)
    total = np.where(whole.compared, whole.log10_lr, -np.inf)
    found = find_candidates(profiles, families, theta=theta, keep=4, at_least_log10_lr=-1.0, workers=2)
    for i, sample in enumerate(profiles.ids):
        ranked = sorted(((v, j) for j, v in enumerate(total[i]) if v >= -1.0), key=lambda vj: (-vj[0], vj[1]))[:4]
        assert [name for name, _ in found.of_profile(sample)] == [whole.missing[j] for _, j in ranked]
        assert [v for _, v in found.of_profile(sample)] == pytest.approx([v for v, _ in ranked], rel=1e-12)
    for j, person in enumerate(whole.missing):
        best = np.sort(total[:, j][total[:, j] >= -1.0])[::-1][:4]
        assert [v for _, v in found.of_missing(person)] == pytest.approx(best, rel=1e-12)


@pytest.mark.parametrize("alike", [True, False])
@pytest.mark.parametrize("besides", ["nobody", "half brother", "nephew"])
@pytest.mark.parametrize("missing", ["child", "father"])
def test_siblings_without_parents_have_the_slow_twins_lr_under_theta(missing: str, besides: str, alike: bool) -> None:
    mothers = MutationModel(MutationKind.STEPWISE, rate=0.01, range=0.2)
    fathers = mothers if alike else MutationModel(MutationKind.EQUAL, rate=0.05)
    ladder = ("8", "9", "10", "11")
    markers = MarkerSet(
        tuple(
            Marker(f"M{i}", ladder, (0.1, 0.2, 0.3, 0.35), mutation=Mutation(mothers, fathers), silent_frequency=0.05)
            for i in range(2)
        )
    )
    members = (
        Member("child", "father", "mother", Sex.MALE),
        Member("brother", "father", "mother", Sex.MALE),
        Member("sister", "father", "mother", Sex.FEMALE),
        Member("father", sex=Sex.MALE),
        Member("mother", sex=Sex.FEMALE),
    )
    relatives = {
        "brother": {"M0": ("8", "9"), "M1": ("10", "10")},
        "sister": {"M0": ("9", "11"), "M1": ("9", "10")},
    }
    if besides != "nobody":
        # A father with another partner, or a child's child, makes the couple differ, or not.
        parent = "father" if besides == "half brother" else "brother"
        members = (*members, Member(besides, parent, None, Sex.MALE))
        relatives[besides] = {"M0": ("9", "10"), "M1": ("10", "11")}
    family = KinshipFamily("F", Pedigree(members), (missing,), Profiles.of(relatives, markers))
    remains = {"V1": {"M0": ("8", "11"), "M1": ("10", "10")}, "V2": {"M0": ("10",), "M1": ("8", "9", "10")}}
    profiles = Profiles.of(remains, markers, dropout={"V2": 0.2}, dropin=0.05)
    found = search(profiles, [family], theta=0.04)
    for i, sample in enumerate(profiles.ids):
        theirs = slow_log10_lr_per_marker(profiles, sample, family, missing, 0.04)
        np.testing.assert_allclose(found.log10_lr_per_marker[i, 0], theirs, rtol=1e-10, atol=1e-12)


def test_a_stopped_search_goes_on_where_it_stopped(tmp_path: Path) -> None:
    profiles, families = nuclear_search()
    whole = find_candidates(profiles, families, keep=3, workers=1)

    class Stopped(Exception):
        pass

    def stop(done: int, _all: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        find_candidates(profiles, families, keep=3, workers=2, folder=tmp_path, progress=stop)
    finished = sorted(path.name for path in tmp_path.glob("search-*/*.npz"))
    seen: list[tuple[int, int]] = []
    again = find_candidates(
        profiles, families, keep=3, workers=2, folder=tmp_path, progress=lambda d, n: seen.append((d, n))
    )
    assert finished
    assert seen[-1] == (24, 24)
    assert again.pairs() == whole.pairs()
    # The tables on disk serve other profiles too; another threshold is another search.
    fewer = find_candidates(profiles.only(profiles.ids[:9]), families, keep=3, folder=tmp_path, workers=2)
    assert fewer.pairs() == find_candidates(profiles.only(profiles.ids[:9]), families, keep=3).pairs()
    assert len(list(tmp_path.glob("tables-*"))) == 1
    assert len(list(tmp_path.glob("search-*"))) == 2


@pytest.mark.parametrize("theta", [0.0, 0.03])
def test_expected_lr_of_an_unrelated_person_is_one(theta: float) -> None:
    profiles, families = nuclear_search(theta)
    panel = panel_of(profiles.markers)
    targets = [Target(f.pedigree, f.profiles, p) for f in families for p in f.missing]
    tables = genotype_tables(targets, panel, ProgramCache(theta))
    for row in range(len(targets)):
        unrelated = tables.unrelated[tables.unrelated_row[row]]
        for m in range(len(panel.names)):
            part = slice(panel.genotype_start[m], panel.genotype_start[m + 1])
            lr = tables.related[row, part] / unrelated[part]
            assert float((unrelated[part] * lr).sum()) == pytest.approx(1.0, abs=1e-12)
            assert float(unrelated[part].sum()) == pytest.approx(1.0, abs=1e-12)


def test_markers_are_aligned_by_name() -> None:
    profiles, families = nuclear_search()
    turned = MarkerSet(tuple(reversed(profiles.markers.markers)))
    other = []
    for family in families:
        p = family.profiles
        arrays = (a[:, ::-1].copy() for a in (p.alleles, p.typed, p.dropout, p.dropin))
        other.append(replace(family, profiles=Profiles(p.ids, p.sexes, turned, *arrays)))
    ours, theirs = search(profiles, families), search(profiles, other)
    np.testing.assert_array_equal(ours.log10_lr_per_marker, theirs.log10_lr_per_marker)
    changed = replace(turned.markers[0], mutation=None)
    odd = MarkerSet((changed, *turned.markers[1:]))
    with pytest.raises(BadQuestion, match="describe marker"):
        search(profiles, [replace(other[0], profiles=replace(other[0].profiles, markers=odd))])


def test_relabelling_members_changes_nothing() -> None:
    profiles, families = nuclear_search()
    family = families[0]
    names = {m.id: f"x{i}" for i, m in enumerate(reversed(family.pedigree.members))}
    members = tuple(
        replace(m, id=names[m.id], father=names.get(m.father or ""), mother=names.get(m.mother or ""))
        for m in reversed(family.pedigree.members)
    )
    renamed = KinshipFamily(
        "R", Pedigree(members), tuple(names[p] for p in family.missing), family.profiles.renamed(names)
    )
    ours, theirs = search(profiles, [family]), search(profiles, [renamed])
    np.testing.assert_allclose(ours.log10_lr_per_marker, theirs.log10_lr_per_marker, rtol=1e-12, atol=1e-13)


def test_what_cannot_be_searched_is_refused_by_name() -> None:
    profiles, families = nuclear_search()
    with pytest.raises(BadQuestion, match="in two families"):
        search(profiles, [families[0], families[0]])
    with pytest.raises(BadQuestion, match="keep 0"):
        find_candidates(profiles, families, keep=0)
    with pytest.raises(DokazError, match="theta"):
        search(profiles, families, theta=1.5)


@pytest.mark.parametrize("theta", [0.0, 0.05, 1.0])
def test_a_typed_identical_twin_gives_the_missing_persons_genotype(theta: float) -> None:
    markers = MarkerSet((Marker("M0", ("1", "2", "3"), (0.2, 0.3, 0.4), silent_frequency=0.1),))
    members = (
        Member("father", sex=Sex.MALE),
        Member("mother", sex=Sex.FEMALE),
        Member("missing", "father", "mother", Sex.MALE),
        Member("twin", "father", "mother", Sex.MALE),
    )
    for shown in (("1", "2"), ("3", "3")):
        relatives = Profiles.of({"twin": {"M0": shown}}, markers)
        family = KinshipFamily(
            "F", Pedigree(members, (frozenset({"missing", "twin"}),)), ("missing", "father"), relatives
        )
        remains = {f"V{a}{b}": {"M0": (a, b)} for a, b in (("1", "2"), ("1", "1"), ("3", "3"), ("2", "3"))}
        profiles = Profiles.of(remains, markers)
        found = search(profiles, [family], theta=theta)
        for i, sample in enumerate(profiles.ids):
            for j, person in enumerate(found.missing):
                theirs = slow_log10_lr_per_marker(profiles, sample, family, person, theta)
                np.testing.assert_allclose(found.log10_lr_per_marker[i, j], theirs, rtol=1e-10, atol=1e-12)
