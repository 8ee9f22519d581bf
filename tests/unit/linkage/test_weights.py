"""What agreement is worth: closed forms, and settings that were tampered with."""

from __future__ import annotations

import json

import numpy as np
import pytest

from dokaz.errors import BadSettings
from dokaz.linkage import FIELDS, Weights, evaluate, probability
from dokaz.linkage.weights import LEVELS, PATTERNS, learn

M = {f: np.array([1.0, *([0.5, 0.2, 0.1, 0.1, 0.05, 0.04, 0.01])]) for f in FIELDS}
U = {f: np.array([1.0, *([0.01, 0.01, 0.02, 0.06, 0.1, 0.6, 0.2])]) for f in FIELDS}


def test_weights_are_logarithms_of_ratios_and_add_up():
    weights = Weights(M, U, 0.001)
    assert weights.of_field("surname")[:3].tolist() == pytest.approx([0.0, np.log2(50), np.log2(20)])
    pattern = 1 | 6 << 3 | 1 << 9
    assert weights.of_patterns()[pattern] == pytest.approx(2 * np.log2(50) + np.log2(0.04 / 0.6))
    assert weights.prior == pytest.approx(np.log2(1 / 999))


def test_nothing_known_changes_nothing():
    weights = Weights(M, U, 0.01)
    assert weights.of_patterns()[0] == 0.0
    assert probability(np.array([weights.prior]))[0] == pytest.approx(0.01)


def sample(number: int, share: float, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Patterns of pairs drawn from M and U, and which of them are of one person."""
    rng = np.random.default_rng(seed)
    same = rng.random(number) < share
    pattern = np.zeros(number, int)
    for at, field in enumerate(FIELDS):
        level = np.where(same, *(rng.choice(np.arange(1, LEVELS), number, p=chances[field][1:]) for chances in (M, U)))
        pattern |= level << 3 * at
    return pattern, same


def test_chances_are_found_again_without_labels():
    pattern, _ = sample(40_000, 0.1)
    of_all, _ = sample(400_000, 0.1, seed=4)
    counts, random = (np.bincount(each, minlength=PATTERNS).astype(float) for each in (pattern, of_all))
    found = learn(random, [(frozenset(), counts)], counts, 40_000)
    assert found.same_person == pytest.approx(0.1, rel=0.05)
    for field in FIELDS:
        assert np.abs(found.m[field] - M[field]).max() < 0.03
        assert np.abs(found.u[field] - U[field]).max() < 0.02


def test_probabilities_of_a_model_that_holds_are_calibrated():
    pattern, same = sample(200_000, 0.05)
    weights = Weights(M, U, 0.05)
    chance = probability(weights.of_patterns()[pattern] + weights.prior)
    found = evaluate(
        {(i, 0): c for i, c in enumerate(chance.tolist())}, [(i, 0) for i in np.flatnonzero(same).tolist()]
    )
    assert all(abs(bin_.said - bin_.right) < 4 * (0.25 / bin_.links) ** 0.5 for bin_ in found.reliability)


def test_what_a_rule_makes_agree_is_not_learnt_from_its_pairs():
    pattern, _ = sample(40_000, 0.3)
    agree = pattern & ~7 | 1  # every pair of a rule on surnames has the same one
    strangers = np.bincount(sample(100_000, 0.0, seed=4)[0], minlength=PATTERNS).astype(float)
    counts = np.bincount(agree, minlength=PATTERNS).astype(float)
    assert learn(strangers, [(frozenset({"surname"}), counts)], counts, 40_000).m["surname"][1] < 0.8
    assert learn(strangers, [(frozenset(), counts)], counts, 40_000).m["surname"][1] > 0.95


def test_settings_come_back_as_they_were():
    weights = Weights(M, U, 0.001)
    again = Weights.from_settings(json.loads(json.dumps(weights.as_settings())))
    assert again.as_settings() == weights.as_settings()


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.pop("fields"),
        lambda s: s["fields"].pop("dob"),
        lambda s: s["fields"]["dob"]["m"].pop(),
        lambda s: s["fields"]["dob"]["u"].__setitem__(0, 0.0),
        lambda s: s["fields"]["dob"]["u"].__setitem__(0, 1.5),
        lambda s: s["fields"]["dob"]["u"].__setitem__(0, float("nan")),
        lambda s: s["fields"]["dob"]["u"].__setitem__(0, "much"),
        lambda s: s.__setitem__("same_person", 0.0),
        lambda s: s.__setitem__("same_person", 1.0),
    ],
)
def test_settings_that_cannot_be_are_refused(change):
    settings = json.loads(json.dumps(Weights(M, U, 0.001).as_settings()))
    change(settings)
    with pytest.raises(BadSettings):
        Weights.from_settings(settings)


def test_evaluation_counts_what_was_never_compared():
    found = evaluate({(0, 0): 0.9, (1, 1): 0.3, (2, 2): 1.0}, [(0, 0), (1, 1), (7, 7)])
    assert (found.linked, found.right, found.true) == (2, 1, 3)
    assert (found.precision, found.recall) == (0.5, 1 / 3)
    assert [(b.links, b.right) for b in found.reliability] == [(1, 1.0), (1, 1.0), (1, 0.0)]


def test_evaluation_of_nothing_divides_by_nothing():
    assert (evaluate({}, []).precision, evaluate({}, []).recall, evaluate({}, []).f1) == (1.0, 1.0, 1.0)
    assert evaluate({(0, 1): 0.9}, [(5, 5)]).f1 == 0.0
