"""The size of a population of people who differ in how they come onto lists: classes of them, as many as are needed.

Within a class lists do not depend on each other; that they do over all comes from classes (those who were known,
those held in one town). How many classes there are and who is of which is not known and is averaged over by Markov
chains. Chains that have not come to one distribution give no number: they are carried on, and in the end refused.

Source: Manrique-Vallier 2016, Biometrics 72; the priors are those of the package LCMCR (uniform for each class and
list, gamma with shape and rate 0.25 for the concentration, 1 / N for the size).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dokaz.errors import NotEstimable
from dokaz.estimate.mixing import effective_samples, split_r_hat
from dokaz.estimate.overlaps import OverlapTable

#: Samples of each chain after which it is asked whether they are enough; the first half of them is thrown away.
ROUNDS = (20_000, 40_000, 80_000, 160_000, 320_000)
CHAINS, CLASSES = 4, 10
_PRIOR = np.array([0.25, 0.25])
#: Chains agree, and their samples are enough, if these are kept.
MOST_R_HAT, FEWEST_SAMPLES = 1.05, 100.0
#: A last class that is larger on average stands for classes that were cut off.
_MOST_OF_LAST_CLASS = 0.05


@dataclass(frozen=True)
class LatentClassEstimate:
    """The posterior of the size over all classes.

    Attributes:
        n: Its median.
        low: Its 2.5 % quantile.
        high: Its 97.5 % quantile.
        error: Monte-Carlo standard error of the median.
        r_hat: How well the chains agree, of the logarithm of the size; 1 is perfect.
        effective_samples: How many independent samples theirs are worth.
        samples: How many were drawn and kept.
    """

    n: float
    low: float
    high: float
    error: float
    r_hat: float
    effective_samples: float
    samples: int


def latent_classes(
    table: OverlapTable,
    *,
    seed: int = 1,
    rounds: tuple[int, ...] = ROUNDS,
    progress: Callable[[int, int], object] | None = None,
) -> LatentClassEstimate:
    """The posterior median and 95 % interval of the size.

    Args:
        seed: Of the random numbers; the same one gives the same answer.
        rounds: Samples of each chain after which it is asked whether they are enough.
        progress: Told after every round how many samples of how many are drawn, at most.

    Raises:
        NotEstimable: the table allows no estimate; patterns are declared impossible; the chains did not agree.
    """
    table.must_be_estimable()
    if table.impossible.any():
        raise NotEstimable("classes of people are not estimated where patterns are declared impossible")
    chains = [_Chain(table, seed + 1_000_003 * k) for k in range(CHAINS)]
    with ThreadPoolExecutor() as threads:
        for samples in rounds:
            list(threads.map(_Chain.until, chains, [samples] * CHAINS))
            if progress is not None:
                progress(samples, rounds[-1])
            unseen = np.array([chain.unseen[samples // 2 :] for chain in chains])
            sizes = np.log(table.observed + unseen)
            r_hat, worth = split_r_hat(sizes), effective_samples(sizes)
            if r_hat <= MOST_R_HAT and worth >= FEWEST_SAMPLES:
                break
        else:
            medians = ", ".join(f"{table.observed + np.median(one):,.0f}" for one in unseen)
            raise NotEstimable(
                f"{CHAINS} Markov chains of {rounds[-1]:,} samples do not agree (R-hat {r_hat:.2f}, worth {worth:.0f} "
                f"independent samples): their medians are {medians}",
                "the counts allow several sizes: read the other estimates, or join lists that hardly overlap",
            )
    last = float(np.mean([chain.last_share[samples // 2 :].mean() for chain in chains]))
    if last > _MOST_OF_LAST_CLASS:
        raise NotEstimable(f"{CLASSES} classes are too few: the last one holds {last:.0%} of the people on average")
    every = np.sort(table.observed + unseen.ravel())
    low, n, high = (float(each) for each in np.quantile(every, [0.025, 0.5, 0.975]))
    # The error of a quantile: its rank varies by √(0.25 / samples) around one half.
    below, above = np.quantile(every, 0.5 + np.array([-0.5, 0.5]) / np.sqrt(worth))
    return LatentClassEstimate(n, low, high, float(above - below) / 2, r_hat, worth, len(every))


class _Chain:
    """One Markov chain: its state, and what was drawn so far."""

    def __init__(self, table: OverlapTable, seed: int) -> None:
        rng = np.random.default_rng(seed)
        patterns = np.flatnonzero(table.counts)
        self._patterns, self._counts = patterns.astype(np.int64), table.counts[patterns]
        # It begins with few large classes: with all in the last one, it would take the classes that were cut off for
        # real.
        self._stick = np.full(CLASSES, 0.5)
        self._stick[-1] = 1.0
        self._listed = rng.beta(1.0, 1.0, (CLASSES, len(table.lists)))
        self._concentration = 1.0
        self._seeds = rng
        self.unseen: NDArray[np.int64] = np.empty(0, np.int64)
        self.last_share: NDArray[np.float64] = np.empty(0)

    def until(self, samples: int) -> None:
        """Go on until so many samples were drawn."""
        from dokaz.estimate.latent_class_sampler import go_on

        unseen, last, self._concentration = go_on(
            self._patterns, self._counts, self._stick, self._listed, self._concentration, _PRIOR,
            samples - len(self.unseen), int(self._seeds.integers(2**31)),
        )  # fmt: skip
        self.unseen = np.concatenate([self.unseen, unseen])
        self.last_share = np.concatenate([self.last_share, last])
