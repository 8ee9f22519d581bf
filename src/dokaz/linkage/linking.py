"""Who on one list is whom on another: pairs with their probability, one to one if asked, and what blocking missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dokaz.linkage.blocking import Blocks
from dokaz.linkage.comparing import level_of, patterns
from dokaz.linkage.people import FIELDS, Ids, Lists
from dokaz.linkage.weights import PATTERNS, Counts, Weights, learn, probability

#: Pairs drawn at random to learn how often strangers agree.
RANDOM_PAIRS = 1_000_000
#: Pairs of the left list's first rows in random order that are learnt from.
TRAINING_PAIRS = 20_000_000
#: A pair under this weight in bits is of two people whatever its names are.
_HOPELESS = -12.0
#: Compared pairs that are kept in memory for the second pass.
_REMEMBERED = 10_000_000
#: Rounds in which the number of people on both lists settles, and the largest part of the shorter list that it may be.
_ROUNDS, _MOST_FOUND = 30, 0.97
#: How certain links are, how many must be, and which part of them may share a row, for a list to look free of repetitions.
_CERTAIN, _MANY, _HARDLY_ANY = 0.95, 100, 0.01
Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Linked:
    """Pairs of rows that may be one person, the likeliest first.

    Args:
        left: Rows of the left list. ``right`` likewise; of one list against itself the smaller row is the left one.
        bits: Weight of each pair, what is believed of all pairs included.
        probability: That they are one person.
        pattern: Levels of all fields.
        compared: How many pairs were compared.
    """

    left: Ids
    right: Ids
    bits: NDArray[np.float64]
    probability: NDArray[np.float64]
    pattern: NDArray[np.int64]
    compared: int

    def only(self, chosen: NDArray[np.bool_] | Ids) -> Linked:
        """Some of the pairs."""
        return Linked(
            self.left[chosen],
            self.right[chosen],
            self.bits[chosen],
            self.probability[chosen],
            self.pattern[chosen],
            self.compared,
        )


def train(lists: Lists, blocks: Blocks, *, seed: int = 1, progress: Progress = _silent) -> Weights:
    """Learn what agreements are worth in these lists."""
    random = np.random.default_rng(seed)
    strangers = _counted(patterns(lists, *_random_pairs(lists, min(RANDOM_PAIRS, 4 * lists.pairs), random)))
    by_rule = [np.zeros(PATTERNS) for _ in blocks.rules]
    together, done = np.zeros(PATTERNS), 0
    spans = list(blocks.chunks())
    used_rows = 0
    for at, (first, last) in enumerate(spans):
        left, _, rules, found = _compared(lists, blocks, first, last)
        together += _counted(found)
        for rule in range(len(blocks.rules)):
            by_rule[rule] += _counted(found[rules >> rule & 1 > 0])
        done, used_rows = done + len(left), last
        progress(at + 1, len(spans))
        if done > TRAINING_PAIRS:
            break
    whole = lists.pairs * used_rows / lists.sizes[0]
    agreed = [(rule.fields, counts) for rule, counts in zip(blocks.rules, by_rule, strict=True)]
    return learn(strangers, agreed, together, max(round(whole), 1))


def link(
    lists: Lists, blocks: Blocks, weights: Weights, *, at_least: float = 0.01, progress: Progress = _silent
) -> Linked:
    """Compare all pairs that blocking gives, and keep those with some probability."""
    of_pattern = weights.of_patterns() + weights.prior
    kept: list[tuple[NDArray[np.int64], ...]] = []
    bits_of: list[NDArray[np.float64]] = []
    compared, spans = 0, list(blocks.chunks())
    for at, (first, last) in enumerate(spans):
        left, right, _, found = _compared(lists, blocks, first, last)
        compared += len(left)
        hope = np.flatnonzero(of_pattern[found] > _HOPELESS)
        left, right, found = left[hope], right[hope], found[hope]
        bits = of_pattern[found] + rarity(lists, left, right, found)
        good = probability(bits) >= at_least
        kept.append((left[good], right[good], found[good]))
        bits_of.append(bits[good])
        progress(at + 1, len(spans))
    left, right, found = (np.concatenate([each[k] for each in kept]) for k in range(3))
    bits = np.concatenate(bits_of)
    order = np.lexsort((right, left, -bits))
    return Linked(left[order], right[order], bits[order], probability(bits[order]), found[order], compared)


def _compared(lists: Lists, blocks: Blocks, first: int, last: int) -> tuple[Ids, Ids, Ids, Ids]:
    """Pairs of some left rows, the rules that give them and their patterns; those learnt from are not compared again."""
    if (first, last) not in blocks.remembered:
        left, right, rules = blocks.pairs(first, last)
        compared = left, right, rules, patterns(lists, left, right)
        if sum(len(each[0]) for each in blocks.remembered.values()) > _REMEMBERED:
            return compared
        blocks.remembered[first, last] = compared
    return blocks.remembered[first, last]


def bits_of(lists: Lists, weights: Weights, left: Ids, right: Ids) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The weight of any pairs in bits, what is believed of all pairs included, and their levels."""
    found = patterns(lists, left, right)
    return weights.of_patterns()[found] + weights.prior + rarity(lists, left, right, found), found


def rarity(lists: Lists, left: Ids, right: Ids, pattern: NDArray[np.int64]) -> NDArray[np.float64]:
    """What an agreement is worth beyond the average because its name, day or place is rare, in bits.

    A cell that a part f of the people have is met by chance with probability f, where on average it is the sum of f²
    over all cells.
    """
    found = np.zeros(len(left))
    for field in FIELDS:
        level, cell = level_of(pattern, field), lists.left[field][left]
        of_texts = lists.dates.text_shares if field == "dob" else lists.names[field].text_shares
        same = level == 1
        found[same] += np.log2(np.sum(of_texts**2) / of_texts[cell[same]])
        if field != "dob":
            names = lists.names[field]
            form = level == 2
            _, at = np.unique(names.key_ids, return_index=True)
            found[form] += np.log2(np.sum(names.key_shares[at] ** 2) / names.key_shares[cell[form]])
    return found


def with_rivals(linked: Linked, lists: Lists, weights: Weights) -> Linked:
    """The same pairs with the probability that they have if nobody is twice on a list.

    If K of the people are on both lists of n and m, a pair of two rows whose partners are not found yet is of one
    person with prior odds K / ((n - K)(m - K)), which is more than K / nm; and of the pairs that share a row at most
    one is right. K is such that it is what the probabilities add up to.
    """
    n, m = lists.sizes
    expected = weights.same_person * lists.pairs
    odds = np.exp2(np.clip(linked.bits - weights.prior, -200, 200))
    chance = np.zeros(len(odds))
    for _ in range(_ROUNDS if len(odds) else 0):
        expected = float(np.clip(expected, 0.1, _MOST_FOUND * min(n, m)))
        scaled = odds * expected / ((n - expected) * (m - expected))
        chance = scaled / (1.0 + _sums(linked.left, scaled) + _sums(linked.right, scaled) - scaled)
        expected = float(chance.sum())
    order = np.lexsort((linked.right, linked.left, -linked.bits, -chance))
    return Linked(
        linked.left[order], linked.right[order], linked.bits[order], chance[order], linked.pattern[order], linked.compared
    )  # fmt: skip


def nobody_twice(linked: Linked, lists: Lists) -> bool:
    """Whether the lists look as if nobody were twice on one: of many certain links hardly any share a row."""
    certain = linked.probability >= _CERTAIN
    number = int(certain.sum())
    shared = 2 * number - len(np.unique(linked.left[certain])) - len(np.unique(linked.right[certain]))
    return not lists.is_one and number >= _MANY and shared <= _HARDLY_ANY * number


def one_to_one(linked: Linked, lists: Lists, weights: Weights) -> Linked:
    """At most one link a row on either side, the likeliest first; probabilities count the rivals."""
    counted = with_rivals(linked, lists, weights)
    taken_left, taken_right, chosen = set(), set(), []
    for at, (a, b) in enumerate(zip(counted.left.tolist(), counted.right.tolist(), strict=True)):
        if (
            a not in taken_left
            and b not in taken_right
            and not (lists.is_one and (b in taken_left or a in taken_right))
        ):
            taken_left.add(a)
            taken_right.add(b)
            chosen.append(at)
    return counted.only(np.array(chosen, np.int64))


@dataclass(frozen=True)
class Missed:
    """How many pairs of one person no blocking rule reaches, from a sample of them.

    Args:
        pairs: Expected number. ``at_most`` likewise, two standard errors above.
        sampled: How many unblocked pairs were looked at.
    """

    pairs: float
    at_most: float
    sampled: int


def missed(lists: Lists, blocks: Blocks, weights: Weights, *, seed: int = 1, sample: int = RANDOM_PAIRS) -> Missed:
    """Look at random pairs that share no key; a pair counts by its probability."""
    left, right = _random_pairs(lists, sample, np.random.default_rng(seed))
    apart = ~blocks.share_a_key(left, right)
    bits, _ = bits_of(lists, weights, left[apart], right[apart])
    each = np.zeros(len(left))
    each[apart] = probability(bits)
    error = float(each.std() / np.sqrt(max(len(each), 1)))
    return Missed(float(each.mean()) * lists.pairs, float(each.mean() + 2 * error) * lists.pairs, int(apart.sum()))


def _sums(rows: Ids, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each row the sum of the values of all pairs that it is in."""
    return np.asarray(np.bincount(rows, values)[rows], float)


def _random_pairs(lists: Lists, number: int, random: np.random.Generator) -> tuple[Ids, Ids]:
    a, b = lists.sizes
    left, right = random.integers(0, a, number), random.integers(0, b, number)
    keep = left != right if lists.is_one else np.ones(number, bool)
    return left[keep], right[keep]


def _counted(found: NDArray[np.int64]) -> Counts:
    return np.bincount(found, minlength=PATTERNS).astype(float)
