"""Joint identification against full enumeration, one exact likelihood at a time."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from slow_search import random_linked_search, random_search

from dokaz.errors import BadQuestion, TooComplex
from dokaz.kinship import KinshipFamily, Marker, MarkerSet, Member, Pedigree, Profiles, Sex, ln_likelihood
from dokaz.kinship.joint.identify import NOBODY, identify_jointly
from dokaz.kinship.model.markers import Linked


def every_assignment(profiles: Profiles, allowed: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    for choice in itertools.product(*([NOBODY, *allowed[v]] for v in profiles.ids)):
        taken = [person for person in choice if person != NOBODY]
        if len(set(taken)) == len(taken):
            yield dict(zip(profiles.ids, choice, strict=True))


def slow_ln_likelihood(
    profiles: Profiles, families: list[KinshipFamily], pairing: dict[str, str], theta: float, linked: Sequence[Linked]
) -> float:
    total = 0.0
    for family in families:
        names = {v: person for v, person in pairing.items() if person in family.missing}
        placed = profiles.only(list(names)).renamed(names)
        people = family.profiles.joined(placed) if names else family.profiles
        if len(people):
            total += float(ln_likelihood(family.pedigree, people, theta=theta, linked=linked).sum())
    for v, person in pairing.items():
        if person == NOBODY:
            alone = Pedigree.unrelated({v: profiles.sexes[profiles.row_of(v)]})
            total += float(ln_likelihood(alone, profiles.only([v]), theta=theta, linked=linked).sum())
    return total


def assert_joint_is_enumeration(seed: int, theta: float, *, with_linked: bool = False) -> bool:
    """False where the question is refused by design."""
    rng = random.Random(seed)
    linked: Sequence[Linked] = ()
    if with_linked:
        profiles, families, linked = random_linked_search(rng, theta)
    else:
        profiles, families = random_search(rng, theta)
    profiles = profiles.only(profiles.ids[: rng.randint(2, 4)])
    families = [replace(f, missing=f.missing[:2]) for f in families]
    prior = {(profiles.ids[0], families[0].missing[0]): 3.0} if rng.random() < 0.5 else None
    try:
        found = identify_jointly(profiles, families, theta=theta, linked=linked, prior=prior)
    except BadQuestion:
        return False
    sex = dict(zip(profiles.ids, profiles.sexes, strict=True))
    allowed = {v: [p for f in families for p in f.missing if f.pedigree.sex_of(p) is sex[v]] for v in profiles.ids}
    table = []
    for pairing in every_assignment(profiles, allowed):
        weight = math.prod((prior or {}).get(pair, 1.0) for pair in pairing.items())
        ln = slow_ln_likelihood(profiles, families, pairing, theta, linked)
        table.append((pairing, ln, ln + math.log(weight)))
        ours = found.ln_likelihood_nobody + found.log_lr_of(pairing)
        assert (ours == -math.inf) == (ln == -math.inf), f"{seed} {pairing}"
        assert ln == -math.inf or ours == pytest.approx(ln, rel=1e-9, abs=1e-9), f"{seed} {pairing}"
    possible = [row for row in table if row[1] > -math.inf]
    assert found.assignments == len(possible)
    assert len(found.best) == len(possible)
    best = sorted((w for _, _, w in possible), reverse=True)
    np.testing.assert_allclose([b.ln_likelihood + b.ln_prior for b in found.best], best, rtol=1e-9, atol=1e-9)
    top = best[0]
    total = math.fsum(math.exp(w - top) for w in best)
    for v in profiles.ids:
        for person in (*found.missing, NOBODY):
            mine = [w for pairing, _, w in possible if pairing[v] == person]
            expected = math.fsum(math.exp(w - top) for w in mine) / total
            assert found.posterior_of(v, person) == pytest.approx(expected, rel=1e-8, abs=1e-300), (
                f"{seed} {v} {person}"
            )
            others = [w for pairing, _, w in possible if pairing[v] != person]
            if mine and others:
                glr = found.ln_generalised_lr[profiles.row_of(v), found._column(person)]
                assert glr == pytest.approx(max(mine) - max(others), abs=1e-8), f"{seed} {v} {person}"
    return True


@pytest.mark.parametrize("theta", [0.0, 0.03])
def test_any_small_case_is_its_enumeration(theta: float) -> None:
    assert sum(assert_joint_is_enumeration(seed, theta) for seed in range(25 if theta == 0 else 6)) >= 3


@pytest.mark.parametrize("theta", [0.0, 0.03])
def test_any_small_case_with_linked_markers_is_its_enumeration(theta: float) -> None:
    seeds = range(25 if theta == 0 else 8)
    assert sum(assert_joint_is_enumeration(seed, theta, with_linked=True) for seed in seeds) >= 2


MARKERS = MarkerSet(tuple(Marker(f"M{i}", ("8", "9", "10", "11"), (0.1, 0.2, 0.3, 0.4)) for i in range(6)))


def brothers() -> tuple[Profiles, KinshipFamily]:
    """Two missing brothers without children, a father typed, and two profiles that could be either."""
    members = (
        Member("father", sex=Sex.MALE),
        Member("mother", sex=Sex.FEMALE),
        Member("older", "father", "mother", Sex.MALE),
        Member("younger", "father", "mother", Sex.MALE),
    )
    father = Profiles.of({"father": {m.name: ("8", "9") for m in MARKERS}}, MARKERS)
    family = KinshipFamily("F", Pedigree(members), ("older", "younger"), father)
    remains = {"V1": {m.name: ("8", "10") for m in MARKERS}, "V2": {m.name: ("9", "11") for m in MARKERS}}
    return Profiles.of(remains, MARKERS, sexes={"V1": Sex.MALE, "V2": Sex.MALE}), family


def test_brothers_whom_dna_cannot_tell_apart_are_tied_and_never_forced() -> None:
    profiles, family = brothers()
    found = identify_jointly(profiles, [family])
    assert found.tied == (("older", "younger"),)
    assert found.posterior_of("V1", "older") == found.posterior_of("V1", "younger")
    assert found.best[0].ln_likelihood == found.best[1].ln_likelihood
    assert found.best[0].pairing != found.best[1].pairing
    assert found.undisputed(1.5) == []


def test_a_prior_by_site_tells_what_dna_cannot() -> None:
    profiles, family = brothers()
    found = identify_jointly(profiles, [family], prior={("V1", "younger"): 0.5, ("V2", "older"): 0.5})
    together = [b.pairing for b in found.best if NOBODY not in b.pairing.values()]
    assert together == [{"V1": "older", "V2": "younger"}, {"V1": "younger", "V2": "older"}]
    assert found.posterior_of("V1", "older") > found.posterior_of("V1", "younger")
    assert "stated" in found.prior


def test_exclusions_are_listed_with_their_reason() -> None:
    profiles, family = brothers()
    women = replace(profiles, sexes=(Sex.FEMALE, Sex.UNKNOWN))
    found = identify_jointly(women, [family], prior={("V2", "older"): 0.0})
    assert {(e.profile, e.missing, e.why) for e in found.excluded} == {
        ("V1", "older", "sex"),
        ("V1", "younger", "sex"),
        ("V2", "older", "prior weight 0"),
    }
    assert found.posterior_of("V1", NOBODY) == 1.0
    stated = identify_jointly(profiles, [family], pairings={"V1": ("older",), "V2": ()})
    assert stated.assignments == 2
    assert stated.excluded[0].why == "not among the stated pairings"


def test_a_family_that_contradicts_itself_is_refused_by_name() -> None:
    profiles, family = brothers()
    child = Member("child", "father", "mother", Sex.FEMALE)
    people = Profiles.of(
        {"father": {m.name: ("8", "9") for m in MARKERS}, "child": {m.name: ("10", "11") for m in MARKERS}}, MARKERS
    )
    wrong = KinshipFamily("F", Pedigree((*family.pedigree.members, child)), family.missing, people)
    with pytest.raises(BadQuestion, match="F: the relatives' profiles contradict"):
        identify_jointly(profiles, [wrong])


def crowd(count: int) -> tuple[Profiles, list[KinshipFamily]]:
    """As many families with one missing child as there are profiles, everybody possible for everybody."""
    rng = np.random.default_rng(3)
    ladder = ("8", "9", "10", "11")
    families, remains = [], {}
    for f in range(count):
        members = (
            Member(f"F{f}", sex=Sex.MALE), Member(f"M{f}", sex=Sex.FEMALE), Member(f"C{f}", f"F{f}", f"M{f}", Sex.MALE),
            Member(f"S{f}", f"F{f}", f"M{f}", Sex.MALE),
        )  # fmt: skip
        sib = {m.name: [ladder[a] for a in rng.choice(4, 2, p=m.frequencies)] for m in MARKERS}
        families.append(KinshipFamily(f"fam{f}", Pedigree(members), (f"C{f}",), Profiles.of({f"S{f}": sib}, MARKERS)))
        remains[f"V{f}"] = {m.name: [ladder[a] for a in rng.choice(4, 2, p=m.frequencies)] for m in MARKERS}
    return Profiles.of(remains, MARKERS), families


def test_best_first_agrees_with_listing_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    profiles, families = crowd(5)
    whole = identify_jointly(profiles, families, best=300)
    monkeypatch.setattr("dokaz.kinship.joint.assignments.LISTED_IN_FULL", 1)
    searched = identify_jointly(profiles, families, best=300)
    assert whole.assignments == 1546
    np.testing.assert_allclose(
        [b.ln_likelihood for b in searched.best], [b.ln_likelihood for b in whole.best], rtol=0, atol=1e-9
    )


def test_leaving_out_the_negligible_changes_no_more_than_it_says() -> None:
    profiles, families = crowd(6)
    exact = identify_jointly(profiles, families)
    fewer = identify_jointly(profiles, families, negligible=0.05)
    assert fewer.neglected > 0
    assert fewer.assignments < exact.assignments
    assert np.abs(fewer.posterior - exact.posterior).max() <= fewer.neglected


def test_a_group_too_large_is_refused_with_what_to_do() -> None:
    profiles, families = crowd(26)
    with pytest.raises(TooComplex, match="compete"):
        identify_jointly(profiles, families)


def test_nothing_to_list_is_refused() -> None:
    profiles, families = random_search(random.Random(1), 0.0)
    with pytest.raises(BadQuestion, match="best 0"):
        identify_jointly(profiles, families, best=0)
