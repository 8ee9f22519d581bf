"""Power before anybody is typed: closed forms, an enumerating twin, and what must hold of any family."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from naive_twin import naive_likelihood

from dokaz.errors import BadQuestion
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
    power,
)
from dokaz.kinship.power import Mean, RelativesFound, relatives_to_find

MODEL = Mutation.alike(MutationModel(MutationKind.EQUAL, rate=0.01))
STABLE = Marker("L1", ("1", "2"), (0.3, 0.7))
MUTATING = Marker("L2", ("1", "2"), (0.2, 0.8), mutation=MODEL)
ON_X = Marker("L3", ("1", "2"), (0.4, 0.6), Chromosome.X)


def family(*markers: Marker, typed: Sequence[str] = ()) -> KinshipFamily:
    """A missing daughter with parents, a sister and her mother's mother; who is typed is 1/2, a man on X 1."""
    members = (
        Member("father", sex=Sex.MALE),
        Member("mother", None, "grandmother", Sex.FEMALE),
        Member("child", "father", "mother", Sex.FEMALE),
        Member("sister", "father", "mother", Sex.FEMALE),
        Member("grandmother", sex=Sex.FEMALE),
    )
    pedigree, of = Pedigree(members), MarkerSet(tuple(markers))
    sexes = {person: pedigree.sex_of(person) for person in typed}
    shown = {
        person: {
            m.name: ("1",) if m.chromosome is Chromosome.X and sexes[person] is Sex.MALE else ("1", "2") for m in of
        }
        for person in typed
    }
    return KinshipFamily("F", pedigree, ("child",), Profiles.of(shown, of, sexes=sexes))


def asked(of: KinshipFamily, candidates: Sequence[str], **others: object) -> dict[tuple[str, ...], RelativesFound]:
    options = {
        "at_least_log10_lr": 0.3,
        "rng": np.random.default_rng(5),
        "families": 400,
        "simulations": 4,
        "at_most": 1,
    }
    found = relatives_to_find(of, "child", candidates, **options | others)  # type: ignore[arg-type]
    return {one.relatives: one for one in found}


def assert_near(found: Mean, expected: float) -> None:
    """Within four Monte-Carlo errors, and these are not so large that anything would be."""
    assert found.error < 0.1
    assert abs(found.value - expected) <= 4 * found.error + 1e-12


# --- closed forms -------------------------------------------------------------------------------------------------------


def test_a_father_excludes_as_often_as_two_homozygotes_differ() -> None:
    # Without mutation an unrelated person is impossible where the two are 1/1 and 2/2: 2 · p² · q².
    [found] = asked(family(STABLE), ["father"]).values()
    p, q = STABLE.frequencies
    assert_near(found.exclusion_power, 2 * p**2 * q**2)


def test_both_parents_exclude_as_the_trio_formula_says() -> None:
    # Two alleles: the couple 1/1 × 1/1 leaves 1/1 alone possible, 1/1 × 2/2 leaves 1/2, 1/1 × 1/2 excludes 2/2, …
    [found] = [f for f in asked(family(STABLE), ["father", "mother"], at_most=2).values() if len(f.relatives) == 2]
    p, q = STABLE.frequencies
    genotypes = {"11": p * p, "12": 2 * p * q, "22": q * q}
    expected = 0.0
    for (one, p_one), (other, p_other) in itertools.product(genotypes.items(), repeat=2):
        possible = {"".join(sorted(a + b)) for a in one for b in other}
        expected += p_one * p_other * sum(share for g, share in genotypes.items() if g not in possible)
    assert_near(found.exclusion_power, expected)


def test_an_identical_twin_gives_the_entropy_of_a_genotype() -> None:
    members = (Member("child", sex=Sex.FEMALE), Member("twin", sex=Sex.FEMALE))
    pedigree = Pedigree(members, (frozenset({"child", "twin"}),))
    of = KinshipFamily("F", pedigree, ("child",), Profiles.of({}, MarkerSet((STABLE,))))
    [found] = asked(of, ["twin"]).values()
    p, q = STABLE.frequencies
    # LR = 1 / P(genotype), so its mean logarithm is the entropy; exclusion: another genotype.
    shares = (p * p, 2 * p * q, q * q)
    assert_near(found.log10_lr, -sum(share * math.log10(share) for share in shares))
    assert_near(found.exclusion_power, 1 - sum(share**2 for share in shares))


def test_a_father_of_a_missing_daughter_gives_his_only_x() -> None:
    [found] = asked(family(ON_X), ["father"]).values()
    p, q = ON_X.frequencies
    # He passes a (share p_a); she is a with b of her mother: LR = 1 / (p_a·(1 or 2)) … mean of log10 over all.
    expected = sum(
        share * (other * math.log10((1 if a == b else 0.5) / share))
        for a, share in (("1", p), ("2", q))
        for b, other in (("1", p), ("2", q))
    )
    assert_near(found.log10_lr, expected)
    assert_near(found.exclusion_power, p * q**2 + q * p**2)


# --- the twin -----------------------------------------------------------------------------------------------------------


def naive_set(of: KinshipFamily, relatives: Sequence[str], threshold: float, theta: float = 0.0) -> dict[str, float]:
    """Mean log10 LR, inclusion and false matches of a set of relatives, over all genotypes of everybody at each marker."""
    per_marker: list[list[tuple[float, list[tuple[float, float, float]]]]] = []
    stranger = Pedigree((*of.pedigree.members, Member("stranger", sex=of.pedigree.sex_of("child"))))
    typed = of.profiles.ids
    for column, marker in enumerate(of.profiles.markers):

        def genotypes(person: str, marker: Marker = marker) -> list[tuple[str, ...]]:
            if marker.chromosome is Chromosome.X and of.pedigree.sex_of(person) is Sex.MALE:
                return [(a,) for a in marker.alleles]
            return list(itertools.combinations_with_replacement(marker.alleles, 2))

        def chance(
            pedigree: Pedigree, shown: dict[str, tuple[str, ...]], marker: Marker = marker, column: int = column
        ) -> float:
            given = {p: of.profiles.genotype(p, marker.name) or () for p in typed}
            sexes = {p: pedigree.sex_of(p) for p in (*given, *shown)}
            cells = {p: {marker.name: g[:1] if marker.chromosome is Chromosome.X and sexes[p] is Sex.MALE else g}
                     for p, g in {**given, **shown}.items()}  # fmt: skip
            return naive_likelihood(pedigree, Profiles.of(cells, MarkerSet((marker,)), sexes=sexes), [0], theta)

        rows = []
        known = chance(of.pedigree, {})
        for drawn in itertools.product(*(genotypes(r) for r in relatives)):
            shown = dict(zip(relatives, drawn, strict=True))
            share = chance(of.pedigree, shown)
            laws = [
                (chance(of.pedigree, {**shown, "child": g}) / share, chance(stranger, {**shown, "stranger": g}) / share)
                for g in genotypes("child")
            ] if share else []  # fmt: skip
            rows.append(
                (
                    share / known,
                    [(true, false, math.log10(true / false) if true else -math.inf) for true, false in laws],
                )
            )
        per_marker.append(rows)
    mean = inclusion = false_matches = 0.0
    for families in itertools.product(*per_marker):
        weight = math.prod(share for share, _ in families)
        if not weight:
            continue
        for persons in itertools.product(*(laws for _, laws in families)):
            total = sum(log10 for _, _, log10 in persons)
            true = weight * math.prod(t for t, _, _ in persons)
            mean += true * total if true else 0.0
            if total >= threshold:
                inclusion += true
                false_matches += weight * math.prod(f for _, f, _ in persons)
    return {"mean": mean, "inclusion": inclusion, "false": false_matches}


@pytest.mark.parametrize(
    ("markers", "typed", "relatives", "theta"),
    [
        ((STABLE,), (), ("sister",), 0.0),
        ((STABLE,), (), ("mother", "grandmother"), 0.0),
        ((STABLE, MUTATING), (), ("father", "sister"), 0.0),
        ((MUTATING,), ("grandmother",), ("sister",), 0.0),
        ((ON_X,), (), ("sister", "grandmother"), 0.0),
        ((STABLE,), (), ("sister",), 0.05),
        ((STABLE,), ("mother",), ("grandmother", "sister"), 0.05),
    ],
)
def test_what_relatives_give_is_what_enumeration_gives(
    markers: tuple[Marker, ...], typed: tuple[str, ...], relatives: tuple[str, ...], theta: float
) -> None:
    of, threshold = family(*markers, typed=typed), 0.12
    found = asked(of, relatives, at_most=2, at_least_log10_lr=threshold, theta=theta)
    one = next(f for names, f in found.items() if set(names) == set(relatives))
    expected = naive_set(of, relatives, threshold, theta)
    assert_near(one.log10_lr, expected["mean"])
    assert_near(one.inclusion_power, expected["inclusion"])
    assert_near(one.false_match_rate, expected["false"])


# --- what must hold -----------------------------------------------------------------------------------------------------


def test_small_sets_come_first_and_of_one_size_the_best() -> None:
    found = relatives_to_find(
        family(*(replace(STABLE, name=f"M{k}") for k in range(6))), "child", ["grandmother", "sister", "father"],
        at_least_log10_lr=0.5, rng=np.random.default_rng(1), at_most=3, families=60, simulations=50,
    )  # fmt: skip
    assert [len(one.relatives) for one in found] == [1, 1, 1, 2, 2, 2, 3]
    assert found[2].relatives == ("grandmother",)
    assert found[5].relatives != ("father", "sister")
    powers = [one.inclusion_power.value for one in found[:3]]
    assert powers == sorted(powers, reverse=True)
    assert found[-1].relatives == ("father", "sister", "grandmother")
    assert found[-1].log10_lr.value >= max(one.log10_lr.value for one in found[:-1])


def test_somebody_who_adds_nothing_adds_exactly_nothing() -> None:
    # All sets are weighed on the same draws: a grandmother says nothing beside the mother, through whom she is related.
    found = asked(family(STABLE), ["mother", "grandmother"], at_most=2, families=40)
    assert found["mother", "grandmother"].log10_lr.value == pytest.approx(found["mother",].log10_lr.value, abs=1e-12)


def test_more_draws_have_a_smaller_error() -> None:
    few, many = (asked(family(STABLE), ["sister"], families=n)["sister",].log10_lr.error for n in (50, 800))
    assert many == pytest.approx(few / 4, rel=0.3)


def test_the_errors_are_those_that_are_made() -> None:
    found = [
        asked(family(STABLE), ["sister"], families=100, rng=np.random.default_rng(seed))["sister",]
        for seed in range(40)
    ]
    for of in ("log10_lr", "inclusion_power", "false_match_rate"):
        values = [getattr(one, of).value for one in found]
        errors = [getattr(one, of).error for one in found]
        assert 0.65 < float(np.std(values) / np.mean(errors)) < 1.5, of


def test_exclusion_is_asked_without_mutation() -> None:
    [found] = asked(family(MUTATING), ["father"]).values()
    p, q = MUTATING.frequencies
    assert_near(found.exclusion_power, 2 * p**2 * q**2)


def test_progress_is_told_set_by_set_and_too_many_sets_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    asked(
        family(STABLE), ["father", "mother", "sister"], at_most=2, families=2,
        progress=lambda done, of: told.append((done, of)),
    )  # fmt: skip
    assert told == [(done, 6) for done in range(1, 7)]
    monkeypatch.setattr(power, "MOST_SETS", 5)
    with pytest.raises(BadQuestion, match="6 sets of relatives"):
        asked(family(STABLE), ["father", "mother", "sister"], at_most=2)


def test_somebody_else_who_is_missing_cannot_be_typed() -> None:
    of = replace(family(STABLE), missing=("child", "sister"))
    with pytest.raises(BadQuestion, match="sister cannot be typed"):
        asked(of, ["father", "sister"])


def test_the_same_seed_gives_the_same_answer() -> None:
    first, again, other = (
        asked(family(STABLE), ["sister"], families=20, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize(
    ("candidates", "others", "said"),
    [
        (["nobody"], {}, "nobody cannot be typed"),
        (["child"], {}, "child cannot be typed"),
        (["mother"], {}, "mother cannot be typed"),
        (["father", "father"], {}, "father, father cannot be typed"),
        ([], {}, "nobody cannot be typed"),
        (["father"], {"at_most": 0}, "sets of 0"),
        (["father"], {"families": 1}, "1 families"),
        (["father"], {"simulations": 0}, "0 persons"),
    ],
)
def test_who_cannot_be_typed_and_too_few_draws_are_refused(
    candidates: list[str], others: dict[str, object], said: str
) -> None:
    with pytest.raises(BadQuestion, match=said):
        asked(family(STABLE, typed=["mother"]), candidates, **others)


def test_a_family_that_contradicts_itself_is_refused() -> None:
    of = family(STABLE)
    shown = {"mother": {"L1": ("1", "1")}, "sister": {"L1": ("2", "2")}}
    impossible = replace(of, profiles=Profiles.of(shown, of.profiles.markers))
    with pytest.raises(BadQuestion, match="impossible at L1"):
        asked(impossible, ["father"])
