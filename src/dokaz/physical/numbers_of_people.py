"""How many people the bones of one element come from: most and least, Lincoln index, and the most likely number."""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma, log

import numpy as np

from dokaz.errors import BadScore, NotComputable
from dokaz.physical.distributions import Array

#: How many numbers of people are looked at first, and the most that are looked at.
FIRST_LOOK, AT_MOST = 1 << 10, 1 << 22


@dataclass(frozen=True)
class PairedElement:
    """Left and right bones of one element, and how many pairs they make.

    Args:
        left, right: Bones of each side, each counted once however broken.
        pairs: Of them, a left and a right of one person.

    Assumes that pairs were recognised without error, that each bone was recovered whether or not its partner was, and
    with the same chance as the others of its side. A pair that was missed makes every number but the maximum too large.

    Raises:
        BadScore: counts that are not whole, negative, all zero, or fewer than the pairs.
    """

    left: int
    right: int
    pairs: int

    def __post_init__(self) -> None:
        for name, count in (("left", self.left), ("right", self.right), ("pairs", self.pairs)):
            if isinstance(count, bool) or not isinstance(count, int) or count < 0:
                raise BadScore(f"{name} is {count!r}", "give a whole number, zero or more")
        if self.pairs > min(self.left, self.right):
            raise BadScore(f"{self.pairs} pairs of {self.left} left and {self.right} right bones", "count again")
        if not self.left + self.right:
            raise BadScore("no bones were counted")

    @property
    def maximum(self) -> int:
        """The number of bones of the more frequent side: so many people at least, without looking at pairs.

        Source: White 1953.
        """
        return max(self.left, self.right)

    @property
    def at_least(self) -> int:
        """L + R − P: so many people at least, if the pairs are right.

        Source: Chaplin 1971.
        Example:
            >>> PairedElement(left=21, right=15, pairs=11).at_least
            25
        """
        return self.left + self.right - self.pairs

    @property
    def lincoln(self) -> float:
        """L · R / P, the Lincoln index: how many people there were, those of whom nothing was found included.

        Raises:
            NotComputable: no pair.
        """
        if not self.pairs:
            raise NotComputable(
                "without a pair the Lincoln index has no end", "give the least number of people instead"
            )
        return self.left * self.right / self.pairs

    @property
    def most_likely(self) -> int:
        """The likeliest number of people, (L + 1)(R + 1) / (P + 1) − 1, rounded down: the top of ``probabilities``.

        Source: Adams & Konigsberg 2004, American Journal of Physical Anthropology 125:138–151.
        Example:
            >>> PairedElement(left=21, right=15, pairs=11).most_likely
            28
        """
        return (self.left + 1) * (self.right + 1) // (self.pairs + 1) - 1

    def credible_set(self, level: float = 0.95) -> tuple[int, int]:
        """The fewest numbers of people that together are this probable.

        The likelihood is hypergeometric: of N people, L have their left bone found, and P of the R right bones belong to
        them. Before, N is as likely as 1 / (N + 1), so that no order of magnitude is favoured; the posterior is then
        negative hypergeometric, with mean L·R / (P − 1) − 1. Were every N as likely before, the example would end at 40.

        Raises:
            NotComputable: no pair, or a set that has no end in practice.

        Source: Adams & Konigsberg 2004, whose example this is.
        Example:
            >>> PairedElement(left=21, right=15, pairs=11).credible_set()
            (25, 39)
        """
        if not 0 < level < 1:
            raise BadScore(f"{level} is no level", "give a number between 0 and 1, such as 0.95")
        if not self.pairs:
            raise NotComputable("without a pair no number of people is too large", "give the least number instead")
        numbers = FIRST_LOOK
        while numbers <= AT_MOST:
            found = self.probabilities(numbers)
            order = np.argsort(-found, kind="stable")
            held = np.cumsum(found[order])
            inside = order[: int(np.searchsorted(held, level)) + 1]
            # Numbers further out are less likely than the last one looked at, and that one is not needed.
            if held[-1] >= level and inside.max() < numbers - 1:
                return self.at_least + int(inside.min()), self.at_least + int(inside.max())
            numbers *= 8
        raise NotComputable(
            f"{self.pairs} pair{'s' * (self.pairs != 1)} of {self.left} and {self.right} bones: numbers beyond "
            f"{AT_MOST:,} people are in the set",
            "give the least number of people instead",
        )

    def probabilities(self, numbers: int) -> Array:
        """Posterior probability of L + R − P people, of one more, and so on, shape (numbers,).

        Requires at least one pair.
        """
        n = np.arange(self.at_least, self.at_least + numbers, dtype=float)
        # p(N) from its likelihood C(L, P) · C(N − L, R − P) / C(N, R), the prior 1 / (N + 1), and their sum 1 / P.
        start = (
            _log_choose(self.left, self.pairs)
            - _log_choose(self.at_least, self.right)
            + log(self.pairs)
            - log(self.at_least + 1)
        )
        # p(N + 1) / p(N), from the same binomial coefficients.
        steps = np.log(
            (n + 1 - self.left) * (n + 1 - self.right) / ((n + 2) * (n + 1 - self.at_least))
        )[:-1]  # fmt: skip
        return np.asarray(np.exp(start + np.concatenate([[0.0], np.cumsum(steps)])))


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
