"""What an agreement is worth: learnt from the lists themselves, without anybody having said who is who.

For each field and level, m is its chance among pairs of one person and u among pairs of two; the weight is
log2(m / u), and weights of fields add up (Fellegi & Sunter). u is counted among random pairs. m is learnt by
expectation–maximisation among the pairs of each blocking rule, for the fields that the rule leaves open, and averaged
over rules. A rare name is worth more than a common one (Winkler).

Assumes that fields disagree independently within one person. Errors of one hand do not; so a weight far beyond 20
bits means "as good as certain", not one in a million.

Source: Fellegi & Sunter 1969, JASA 64; Dempster, Laird & Rubin 1977; Winkler 1988; the training order of Splink.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dokaz.errors import BadSettings
from dokaz.linkage.comparing import BITS, level_of
from dokaz.linkage.people import FIELDS

Chances = NDArray[np.float64]
Counts = NDArray[np.float64]
LEVELS = 1 << BITS
PATTERNS = 1 << BITS * len(FIELDS)
#: What is believed of one person's two records before anything is seen, levels 1 to 7, and how many pairs it counts for.
_BELIEF = {
    "surname": (0.72, 0.10, 0.08, 0.05, 0.01, 0.03, 0.01),
    "given": (0.66, 0.14, 0.06, 0.06, 0.05, 0.029, 0.001),
    "patronymic": (0.66, 0.14, 0.06, 0.04, 0.06, 0.039, 0.001),
    "dob": (0.72, 0.10, 0.06, 0.04, 0.03, 0.02, 0.03),
    "place": (0.66, 0.08, 0.06, 0.06, 0.001, 0.138, 0.001),
}
#: The same of two people's records.
_STRANGERS = {
    "surname": (0.003, 0.001, 0.001, 0.004, 0.002, 0.9889, 0.0001),
    "given": (0.02, 0.01, 0.002, 0.006, 0.02, 0.9417, 0.0003),
    "patronymic": (0.02, 0.01, 0.002, 0.006, 0.02, 0.9419, 0.0001),
    "dob": (0.0001, 0.002, 0.001, 0.002, 0.01, 0.25, 0.7349),
    "place": (0.04, 0.01, 0.01, 0.01, 0.0001, 0.9298, 0.0001),
}
_BELIEF_PAIRS = 20.0
_ROUNDS, _SETTLED = 200, 1e-6
#: A rule teaches only if so large a part of its pairs are of one person.
_LEAST_SHARE = 0.005
#: What was never seen among random pairs counts as half a pair, if they are many.
_NEVER, _MANY = 0.5, 10_000
_WRITE = "write them with `dokaz linkage train`"


@dataclass(frozen=True)
class Weights:
    """The chances of every level, and the part of all pairs that are of one person.

    Args:
        m: By field, chances among pairs of one person of levels 1 to 7; entry 0 is 1.
        u: The same among pairs of two.
        same_person: Part of all pairs.
    """

    m: Mapping[str, Chances]
    u: Mapping[str, Chances]
    same_person: float

    def of_field(self, field: str) -> Chances:
        """Weights of the levels of one field in bits; 0 where nothing is known."""
        return np.asarray(np.log2(self.m[field] / self.u[field]))

    def of_patterns(self) -> Chances:
        """The weight of every pattern of levels in bits, without what is believed of all pairs."""
        every = np.arange(PATTERNS)
        return np.asarray(sum(self.of_field(field)[level_of(every, field)] for field in FIELDS))

    @property
    def prior(self) -> float:
        """The weight of any pair before it is looked at, in bits."""
        return float(np.log2(self.same_person / (1 - self.same_person)))

    def as_settings(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "same_person": self.same_person,
            "fields": {f: {"m": self.m[f][1:].tolist(), "u": self.u[f][1:].tolist()} for f in FIELDS},
        }

    @classmethod
    def from_settings(cls, settings: object) -> Weights:
        """Read what `as_settings` wrote.

        Raises:
            BadSettings: of another form, or a chance that is none.
        """
        try:
            fields, share = settings["fields"], float(settings["same_person"])  # type: ignore[index]
            m, u = ({f: np.array([1.0, *map(float, fields[f][part])]) for f in FIELDS} for part in "mu")
        except (KeyError, TypeError, ValueError) as error:
            raise BadSettings(f"these settings are of another form: {error!r}", _WRITE) from None
        chances = [*m.values(), *u.values()]
        if not 0 < share < 1 or any(len(c) != LEVELS or not ((c > 0) & (c <= 1)).all() for c in chances):
            raise BadSettings("a chance is not between 0 and 1, or one is missing", _WRITE)
        return cls(m, u, share)


def probability(bits: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probability that a weight in bits stands for.

    Example: no weight leaves it open:
        >>> probability(np.array([0.0, 10.0])).round(3).tolist()
        [0.5, 0.999]
    """
    return np.asarray(1.0 / (1.0 + np.exp2(-np.clip(bits, -1000, 1000))))


def learn(random: Counts, by_rule: Sequence[tuple[frozenset[str], Counts]], together: Counts, pairs: int) -> Weights:
    """Learn from patterns of levels.

    Args:
        random: How many random pairs have each pattern.
        by_rule: For each blocking rule the fields that it makes agree, and how many of its pairs have each pattern.
        together: How many of all pairs that were compared have each pattern.
        pairs: How many pairs the lists have at all.
    """
    seen = {field: _by_level(random, field) for field in FIELDS}
    m = {field: np.array([1.0, *_BELIEF[field]]) for field in FIELDS}
    weights = Weights(m, {f: _without_same(f, seen[f], m[f], 0.0) for f in FIELDS}, 0.0)
    for _ in range(3):
        u = {f: _without_same(f, seen[f], weights.m[f], weights.same_person) for f in FIELDS}
        weights = Weights(_averaged(by_rule, u), u, 0.5)
        weights = Weights(weights.m, u, _share_of_same(weights, together, pairs))
    return weights


def _by_level(counts: Counts, field: str) -> Counts:
    every = level_of(np.arange(PATTERNS), field)
    found = np.bincount(every, counts, minlength=LEVELS).astype(float)
    found[0] = 0.0
    return found


def _shares(counts: Counts) -> Chances:
    shares = counts / counts[1:].sum()
    shares[0] = 1.0
    return np.asarray(shares)


def _without_same(field: str, seen: Counts, m: Chances, same: float) -> Chances:
    """Chances among two persons: random pairs hold some of one person."""
    total = seen[1:].sum()
    left = np.maximum(seen - same * total * m, 0.0) + _NEVER * min(1.0, total / _MANY)
    return _shares(left + _BELIEF_PAIRS * np.array([0.0, *_STRANGERS[field]]))


def _averaged(by_rule: Sequence[tuple[frozenset[str], Counts]], u: Mapping[str, Chances]) -> dict[str, Chances]:
    """m of each field, averaged over the rules that leave it open."""
    total = {field: _BELIEF_PAIRS * np.array([0.0, *_BELIEF[field]]) for field in FIELDS}
    for agreed, counts in by_rule:
        for field, expected in _maximised(agreed, counts, u).items():
            total[field] += expected
    return {field: _shares(found) for field, found in total.items()}


def _maximised(agreed: frozenset[str], counts: Counts, u: Mapping[str, Chances]) -> dict[str, Counts]:
    """How many pairs of one person have each level, for the fields that a rule leaves open."""
    there = np.flatnonzero(counts)
    number = counts[there]
    if not len(there):
        return {}
    open_fields = [f for f in FIELDS if f not in agreed and (level_of(there, f) > 0).any()]
    levels = {f: level_of(there, f) for f in open_fields}
    m = {f: np.array([1.0, *_BELIEF[f]]) for f in open_fields}
    share, expected = 0.2, {}
    for _ in range(_ROUNDS):
        bits = np.log2(share / (1 - share)) + sum(np.log2(m[f][levels[f]] / u[f][levels[f]]) for f in open_fields)
        same = number * probability(np.asarray(bits))
        expected = {f: _counted(levels[f], same) for f in open_fields}
        m = {f: _shares(expected[f] + _BELIEF_PAIRS * np.array([0.0, *_BELIEF[f]])) for f in open_fields}
        before, share = share, float(np.clip(same.sum() / number.sum(), 1e-9, 1 - 1e-9))
        if abs(share - before) < _SETTLED:
            break
    return expected if len(open_fields) > 1 and share >= _LEAST_SHARE else {}


def _counted(levels: NDArray[np.int64], same: NDArray[np.float64]) -> Counts:
    found = np.bincount(levels, same, minlength=LEVELS).astype(float)
    found[0] = 0.0
    return found


def _share_of_same(weights: Weights, together: Counts, pairs: int) -> float:
    """The part of all pairs that are of one person, such that it is what it gives."""
    there = np.flatnonzero(together)
    bits, number = weights.of_patterns()[there], together[there]
    share = float(np.clip(number.sum() / pairs / 10, 0.1 / pairs, 0.5))
    for _ in range(_ROUNDS):
        before = share
        share = float(
            np.clip((number * probability(bits + np.log2(share / (1 - share)))).sum() / pairs, 0.1 / pairs, 0.5)
        )
        if abs(share - before) < _SETTLED * share:
            break
    return float(share)
