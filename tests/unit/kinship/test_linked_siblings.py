"""Direct matching at linked markers: as one exact question at a time, by pencil, and over simulated siblings."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from naive_twin import random_marker, random_profiles
from small_cases import run, written

from dokaz.errors import BadMarker
from dokaz.kinship import Chromosome, Marker, MarkerSet, Member, Pedigree, Profiles, Sex, likelihood_ratio
from dokaz.kinship.direct_match import Match, Relation, match_directly, pedigree_of
from dokaz.kinship.model.markers import Linked

GROUPS: dict[str, list[Linked]] = {
    "autosomal": [(("M2", "M0", "M1"), (0.1, 0.02))],
    "on X": [(("X0", "X1"), (0.2,))],
    "both": [(("X1", "X0"), (0.0,)), (("M0", "M3"), (0.3,))],
}


def one_question(match: Match, profiles: Profiles, theta: float, linked: list[Linked]) -> float:
    """The LR of siblings at the markers that the match used, by the exact engine."""
    pair = profiles.only([match.first, match.second]).renamed({match.first: "1", match.second: "2"})
    left_out = match.left_out[Relation.SIBLING]
    at = pair.at([c for c, n in enumerate(pair.markers.names) if pair.typed[:, c].all() and n not in left_out])
    groups = []
    for names, fractions in linked:
        # Two markers with an untyped one between them recombine as a chain does.
        kept: list[str] = []
        between: list[float] = []
        since = 0.0
        for name, step in zip(names, (0.0, *fractions), strict=True):
            since = since + step - 2 * since * step
            if name in at.markers:
                between += [since] if kept else []
                kept, since = [*kept, name], 0.0
        groups += [(tuple(kept), tuple(between))] if len(kept) > 1 else []
    apart = Pedigree.unrelated(dict(zip("12", pair.sexes, strict=True)))
    siblings = pedigree_of(Relation.SIBLING, *pair.sexes)
    return likelihood_ratio(siblings, apart, at, theta=theta, linked=groups).log10_lr if len(at.markers) else 0.0


@pytest.mark.parametrize("theta", [0.0, 0.04])
@pytest.mark.parametrize("kind", sorted(GROUPS))
def test_any_pair_has_the_lr_of_one_question_with_linked_markers(kind: str, theta: float) -> None:
    compared, changed = 0, 0
    for seed in range(3):
        rng = random.Random(seed)
        names = ("M0", "X0", "M1", "M2", "X1", "M3")
        markers = MarkerSet(tuple(random_marker(rng, n, x_linked=n[0] == "X", largest=2) for n in names))
        people = Pedigree(tuple(Member(f"V{i}", sex=Sex(1 + i % 2)) for i in range(5)))
        profiles = random_profiles(rng, people, markers)
        plain = {(m.first, m.second): m for m in match_directly(profiles, theta=theta, at_least_log10_lr=-50)}
        for match in match_directly(profiles, theta=theta, at_least_log10_lr=-50, linked=GROUPS[kind]):
            expected, ours = one_question(match, profiles, theta, GROUPS[kind]), match.log10_lr[Relation.SIBLING]
            assert np.isneginf(ours) == np.isneginf(expected), f"{seed} {match}"
            assert ours == pytest.approx(expected, abs=1e-8, nan_ok=True), f"{seed} {match}"
            compared += 1
            before = plain[match.first, match.second].log10_lr
            changed += abs(before[Relation.SIBLING] - match.log10_lr[Relation.SIBLING]) > 1e-6
            rest = [(match.log10_lr[r], before[r]) for r in Relation if r is not Relation.SIBLING]
            assert np.array_equal(*np.transpose(rest), equal_nan=True)
    assert compared > 5
    assert changed > 0


@pytest.mark.parametrize("relation", [Relation.SAME_PERSON, Relation.PARENT, Relation.CHILD])
def test_linkage_says_nothing_of_one_person_or_of_parent_and_child(relation: Relation) -> None:
    linked, told = [(("M0", "M1", "M2"), (0.03, 0.1))], 0
    for seed in range(12):
        rng = random.Random(seed)
        markers = MarkerSet(tuple(random_marker(rng, f"M{i}", x_linked=False, largest=3) for i in range(3)))
        pair = random_profiles(rng, Pedigree((Member("1"), Member("2"))), markers)
        apart = Pedigree.unrelated(("1", "2"))
        together = likelihood_ratio(pedigree_of(relation), apart, pair, linked=linked) if len(pair) == 2 else None
        if together is not None:
            alone = likelihood_ratio(pedigree_of(relation), apart, pair)
            assert together.log10_lr == pytest.approx(alone.log10_lr, abs=1e-9)
            told += alone.log10_lr != 0
    assert told > 2


def two(sex: Sex = Sex.UNKNOWN, chromosome: Chromosome = Chromosome.AUTOSOMAL) -> Profiles:
    markers = MarkerSet(tuple(Marker(name, ("1", "2"), (0.1, 0.9), chromosome) for name in "AB"))
    return Profiles.of(
        {v: dict.fromkeys("AB", ("1", "1")) for v in ("V1", "V2")}, markers, sexes={"V1": sex, "V2": sex}
    )


@pytest.mark.parametrize("r", [0.0, 0.1, 0.5])
def test_two_linked_markers_by_pencil(r: float) -> None:
    change = 2 * r * (1 - r)
    stay = 1 - change
    # Both 1/1, p = 0.1: an allele that is shared need be drawn once only.
    shares = {0: 1.0, 1: 10.0, 2: 100.0}
    states = [(f, m) for f in (0, 1) for m in (0, 1)]
    expected = sum(
        0.25
        * shares[sum(a)]
        * shares[sum(b)]
        * np.prod([stay if x == y else change for x, y in zip(a, b, strict=True)])
        for a in states
        for b in states
    )
    [match] = match_directly(two(), linked=[(("A", "B"), (r,))], at_least_log10_lr=-9)
    assert 10 ** match.log10_lr[Relation.SIBLING] == pytest.approx(expected, rel=1e-12)
    # Sisters always share their father's X, and their mother's copy half of the time: 100 or 10 at each marker.
    [sisters] = match_directly(two(Sex.FEMALE, Chromosome.X), linked=[(("A", "B"), (r,))], at_least_log10_lr=-9)
    mother = 0.5 * (stay * (100**2 + 10**2) + change * 2 * 100 * 10)
    assert 10 ** sisters.log10_lr[Relation.SIBLING] == pytest.approx(mother, rel=1e-12)


def test_simulated_siblings_and_strangers_have_the_lrs_that_they_should() -> None:
    """The mean LR of strangers is 1, and that of siblings is the strangers' mean of its square."""
    rng, count, r = np.random.default_rng(7), 4000, 0.05
    frequencies = np.array([0.3, 0.7])
    parents = rng.choice(2, size=(count, 2, 2, 2), p=frequencies)  # family, parent, copy, marker
    copies = rng.integers(0, 2, size=(count, 2, 2, 1))  # family, child, parent
    copies = np.concatenate([copies, copies ^ (rng.random((count, 2, 2, 1)) < r)], axis=3)
    family, parent, marker = np.ogrid[:count, :2, :2]
    children = np.stack([parents[family, parent, copies[:, c], marker] for c in (0, 1)], axis=1)
    strangers = rng.choice(2, size=(count, 2, 2, 2), p=frequencies)
    markers = MarkerSet(tuple(Marker(name, ("1", "2"), (0.3, 0.7)) for name in "AB"))

    def lrs(pairs: np.ndarray) -> np.ndarray:
        names = [f"{a}{b}" for a in range(3) for b in range(3)]
        dosages = dict(zip(names, [(a, b) for a in range(3) for b in range(3)], strict=True))
        genotype = {0: ("1", "1"), 1: ("1", "2"), 2: ("2", "2")}
        typed = Profiles.of({n: {"A": genotype[a], "B": genotype[b]} for n, (a, b) in dosages.items()}, markers)
        others = typed.renamed({n: f"o{n}" for n in names})
        rule = {"relations": [Relation.SIBLING], "at_least_log10_lr": -50}
        found = match_directly(typed, others, linked=[(("A", "B"), (r,))], **rule)
        table = {(m.first, m.second[1:]): 10 ** m.log10_lr[Relation.SIBLING] for m in found}
        dosage = pairs.sum(axis=2)  # family, child, marker
        return np.array([table["".join(map(str, one)), "".join(map(str, two_))] for one, two_ in dosage])

    of_strangers, of_siblings = lrs(strangers), lrs(children)

    def error(values: np.ndarray) -> float:
        return float(values.std() / np.sqrt(count))

    assert of_strangers.mean() == pytest.approx(1, abs=4 * error(of_strangers))
    squared = of_strangers**2
    assert of_siblings.mean() == pytest.approx(squared.mean(), abs=4 * (error(of_siblings) + error(squared)))
    assert of_siblings.mean() > 1.2


def test_pairs_that_only_linkage_lifts_over_the_threshold_are_found() -> None:
    apart = match_directly(two(), relations=[Relation.SIBLING], at_least_log10_lr=-9)[0].log10_lr[Relation.SIBLING]
    linked = [(("A", "B"), (0.0,))]
    assert match_directly(two(), relations=[Relation.SIBLING], at_least_log10_lr=apart + 0.1) == []
    [match] = match_directly(two(), relations=[Relation.SIBLING], at_least_log10_lr=apart + 0.1, linked=linked)
    assert match.log10_lr[Relation.SIBLING] == pytest.approx(np.log10(2550.25))
    assert match_directly(two(), relations=[Relation.SIBLING], at_least_log10_lr=3.41, linked=linked) == []


def test_a_linked_marker_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadMarker, match="C"):
        match_directly(two(), linked=[(("A", "C"), (0.1,))])


def test_the_command_takes_linked_markers_of_the_file_or_of_the_table(tmp_path: Path) -> None:
    markers = [{"name": n, "alleles": ["1", "2"], "freqs": [0.1, 0.9]} for n in ("vWA", "D12S391")]
    remains = [{"id": v, "sex": 0, "genotypes": {n["name"]: ["1", "1"] for n in markers}} for v in ("V1", "V2")]
    case = {"markers": markers, "pm": remains, "am": [], "missing": []}
    file = written(tmp_path, case)

    def sibling(*options: object) -> float:
        return json.loads(run("match", *options, "--json", "--at-least", "0").output)["matches"][0]["log10_lr"][
            "sibling"
        ]

    apart, near = sibling(file), sibling(file, "--linked", "auto")
    assert apart == pytest.approx(2 * np.log10(30.25))
    assert near > apart + 0.1
    answer = json.loads(run("match", file, "--json", "--linked", "auto").output)
    assert answer["linked"] == [{"markers": ["vWA", "D12S391"], "recombination": [pytest.approx(0.1062, abs=1e-4)]}]
    stated = case | {"linked": [{"markers": ["vWA", "D12S391"], "rho": answer["linked"][0]["recombination"]}]}
    assert sibling(written(tmp_path, stated, "stated.json")) == pytest.approx(near)
    assert "linked: vWA, D12S391, recombination 0.106" in run("match", file, "--linked", "auto").output
    assert "near each other and taken as unlinked: vWA and D12S391" in run("match", file).output
