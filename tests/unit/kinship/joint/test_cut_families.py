"""Networks cut at known genotypes, and states dropped before summing: the likelihood stays what it is."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from naive_twin import random_marker, random_pedigree, random_profiles

from dokaz.kinship import KinshipFamily, Marker, MarkerSet, Member, Pedigree, Profiles, Sex, ln_likelihood
from dokaz.kinship.exact.network import Status, network
from dokaz.kinship.exact.programs import KNOWN, UNTYPED
from dokaz.kinship.exact.reduced_pedigree import ReducedPedigree, reduced_pedigree
from dokaz.kinship.joint.cut_families import cut
from dokaz.kinship.joint.placement_likelihood import Placement, PlacementLikelihoods
from dokaz.kinship.joint.placements import interchangeable
from dokaz.kinship.kernels.genotype_elimination import prune, reachable


def large_family(rng: random.Random) -> tuple[KinshipFamily, Profiles]:
    """A pedigree of up to twelve, some typed, several missing, and remains that may be any of them."""
    markers = MarkerSet(tuple(random_marker(rng, f"M{i}", x_linked=rng.random() < 0.25, largest=4) for i in range(4)))
    pedigree = random_pedigree(rng, rng.randint(6, 12), inbred_founders=rng.random() < 0.2)
    people = random_profiles(rng, pedigree, markers)
    missing = tuple(m.id for m in pedigree if m.id not in people)[:4]
    remains = Pedigree(tuple(Member(f"V{i}", sex=rng.choice([Sex.MALE, Sex.FEMALE])) for i in range(4)))
    return KinshipFamily("F", pedigree, missing, people), random_profiles(rng, remains, markers)


def one_by_one(family: KinshipFamily, profiles: Profiles, placement: Placement) -> float:
    names = {profiles.ids[row]: family.missing[place] for row, place in placement}
    placed = profiles.only(list(names)).renamed(names)
    people = family.profiles.joined(placed) if names else family.profiles
    return float(ln_likelihood(family.pedigree, people).sum()) if len(people) else 0.0


@pytest.mark.parametrize("seed", range(60))
def test_the_parts_of_any_family_multiply_to_its_likelihood(seed: int) -> None:
    rng = random.Random(seed)
    family, profiles = large_family(rng)
    rows = [row for row in range(len(profiles)) if family.missing]
    asked: list[Placement] = [()]
    for _ in range(12):
        count = rng.randint(1, min(len(rows), len(family.missing))) if rows else 0
        places = rng.sample(range(len(family.missing)), count)
        fits = [
            (row, place)
            for row, place in zip(sorted(rng.sample(rows, count)), places, strict=True)
            if profiles.sexes[row] is family.pedigree.sex_of(family.missing[place])
        ]
        asked.append(tuple(fits))
    likelihoods = PlacementLikelihoods(family, profiles, rows, interchangeable(family), 0.0)
    for placement, value in zip(asked, likelihoods.of(asked), strict=True):
        expected = one_by_one(family, profiles, placement)
        assert (value == -math.inf) == (expected == -math.inf), placement
        if expected > -math.inf:
            assert value == pytest.approx(expected, rel=1e-11, abs=1e-11), placement


def grandparents() -> Pedigree:
    return Pedigree(
        (
            Member("grandfather", sex=Sex.MALE),
            Member("grandmother", sex=Sex.FEMALE),
            Member("father", "grandfather", "grandmother", Sex.MALE),
            Member("aunt", "grandfather", "grandmother", Sex.FEMALE),
            Member("mother", sex=Sex.FEMALE),
            Member("child", "father", "mother", Sex.FEMALE),
        )
    )


def test_a_typed_father_cuts_his_children_off_from_his_parents() -> None:
    typed = frozenset({"father", "aunt", "child"})
    tree = reduced_pedigree(grandparents(), typed, False)
    codes = [KNOWN if set(genome.people) & typed else UNTYPED for genome in tree.genomes]
    people = sorted(sorted(tree.genomes[g].people[0] for g in part.genomes) for part in cut(tree, codes, alike=True))
    assert people == [["aunt", "father"], ["child", "father"]]


def test_parts_of_one_shape_are_one_object_whoever_is_in_them() -> None:
    brothers = Pedigree(
        tuple(Member(f"{kind}{i}", *parents, sex) for i in range(2) for kind, parents, sex in (
            ("father", (None, None), Sex.MALE), ("child", (f"father{i}", None), Sex.MALE),
        ))
    )  # fmt: skip
    tree = reduced_pedigree(brothers, frozenset(brothers.ids), False)
    parts = cut(tree, [KNOWN] * len(tree.genomes), alike=True)
    assert len(parts) > len({part.program for part in parts})


def tree_of(typed: set[str]) -> ReducedPedigree:
    return reduced_pedigree(grandparents(), frozenset(typed), False)


def states_of_alleles(pedigree: Pedigree, typed: dict[str, tuple[int, int]], marker: Marker):
    """The network of a family at one marker, with the states that its variables have before anything is dropped."""
    tree = reduced_pedigree(pedigree, frozenset(typed), False)
    statuses = [Status.EXACT if set(genome.people) & set(typed) else Status.UNTYPED for genome in tree.genomes]
    net = network(tree, (tuple(statuses),))
    size = len(marker.frequencies)
    states_of, states = [], np.zeros((len(net.variables), max(size, 2), 2), dtype=np.int64)
    for v, variable in enumerate(net.variables):
        if variable.selector:
            own = [(0, 0), (1, 1)]
        elif variable.side is None:
            a, b = typed[tree.genomes[variable.genome].people[0]]
            own = [(a, b)] if a == b or variable.phase_fixed else [(a, b), (b, a)]
        else:
            own = [(a, a) for a in range(size)]
        states_of.append(len(own))
        states[v, : len(own)] = own
    return net, np.array(states_of), states


def dropping(typed: dict[str, tuple[int, int]], q: list[float], pedigree: Pedigree | None = None):
    marker = Marker("M", tuple(str(8 + a) for a in range(len(q))), tuple(q))
    net, states_of, states = states_of_alleles(pedigree or grandparents(), typed, marker)
    before = states_of.copy()
    starts = np.cumsum([0, *(len(scope) for scope in net.scopes)]).astype(np.int64)
    scopes = np.array([v for scope in net.scopes for v in scope], dtype=np.int64)
    to, back = np.zeros((2, len(q)), dtype=np.int64), np.zeros((2, len(q)), dtype=np.int64)
    assert reachable(np.stack([np.eye(len(q))] * 2), to, back)
    weights = np.ones(states.shape[:2])
    none = prune((net.base, starts, scopes), (states_of, states, weights), np.array(q), to, back)
    return none, before, states_of, net, states


def test_an_untyped_mother_can_only_have_passed_on_what_her_child_shows() -> None:
    none, before, after, net, states = dropping({"aunt": (0, 1), "child": (2, 2)}, [0.25] * 4)
    assert not none
    assert after.sum() < before.sum()
    mother = next(i for i, g in enumerate(tree_of({"aunt", "child"}).genomes) if g.people == ("mother",))
    left = [
        states[v, : after[v], 0].tolist()
        for v, x in enumerate(net.variables)
        if x.genome == mother and x.side is not None
    ]
    assert [2] in left


def test_a_child_without_an_allele_of_its_typed_father_is_impossible_before_any_sum() -> None:
    none, *_ = dropping({"father": (0, 1), "child": (2, 2)}, [0.25] * 4)
    assert none


def test_an_allele_that_no_founder_has_is_dropped() -> None:
    none, before, after, net, _ = dropping({"aunt": (0, 1), "child": (0, 1)}, [0.5, 0.5, 0.0])
    assert not none
    founders = [v for v, x in enumerate(net.variables) if x.side is not None and before[v] == 3]
    assert founders
    assert max(after[v] for v in founders) < 3


def test_where_mutation_allows_everything_nothing_is_dropped() -> None:
    matrix = np.full((2, 3, 3), 1 / 3)
    to, back = np.zeros((2, 3), dtype=np.int64), np.zeros((2, 3), dtype=np.int64)
    assert not reachable(matrix, to, back)


def test_markers_with_more_alleles_than_a_word_has_bits_are_summed_all_the_same() -> None:
    names = tuple(str(a) for a in range(80))
    markers = MarkerSet((Marker("M", names, (1 / 80,) * 80),))
    family = KinshipFamily(
        "F",
        grandparents(),
        ("father",),
        Profiles.of({"aunt": {"M": ("0", "70")}, "child": {"M": ("70", "79")}}, markers),
    )
    many = {f"V{i}": {"M": (names[2 * i], names[2 * i + 1])} for i in range(40)}
    remains = Profiles.of(many, markers, sexes=dict.fromkeys(many, Sex.MALE))
    likelihoods = PlacementLikelihoods(family, remains, list(range(40)), (), 0.0)
    asked: list[Placement] = [(), ((35, 0),), ((39, 0),)]
    for placement, value in zip(asked, likelihoods.of(asked), strict=True):
        assert value == pytest.approx(one_by_one(family, remains, placement), rel=1e-11)
