"""The compiled loop of the latent class estimate: one Markov chain over classes of people and the number on no list."""

from __future__ import annotations

import math

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@numba.njit(cache=True, nogil=True)
def go_on(
    patterns: Ints,
    counts: Ints,
    stick: Floats,
    listed: Floats,
    concentration: float,
    prior: Floats,
    samples: int,
    seed: int,
) -> tuple[Ints, Floats, float]:
    """Go on with a chain: draw the number of people on no list, one sample after the other.

    Args:
        patterns: Patterns that were seen, as bits of lists, shape (seen,).
        counts: People of each, shape (seen,).
        stick: Which part of what earlier classes leave each class takes, shape (classes,); the last is 1. Written to.
        listed: How often each class is on each list, shape (classes, lists). Written to.
        concentration: Of classes; the larger, the more classes.
        prior: Shape and rate of the concentration's gamma prior.
        samples: How many to draw.
        seed: Of the random numbers.

    Returns: People on no list and the share of the last class, each of shape (samples,); the concentration.

    Source: Manrique-Vallier 2016, Bayesian population size estimation using Dirichlet process mixtures, Biometrics
        72, section 3.2.
    """
    np.random.seed(seed)
    seen = len(patterns)
    observed = counts.sum()
    classes, lists = listed.shape
    share = np.empty(classes)
    _shares(stick, share)
    on_none = np.empty(samples, np.int64)
    last_share = np.empty(samples)
    in_class = np.empty(classes, np.int64)
    on_list = np.empty((classes, lists), np.int64)
    drawn = np.empty(classes, np.int64)
    weight = np.empty(classes)
    for turn in range(samples):
        in_class[:] = 0
        on_list[:] = 0
        # Those on no list: how many, then of which class.
        missed = 0.0
        for k in range(classes):
            weight[k] = share[k]
            for j in range(lists):
                weight[k] *= 1.0 - listed[k, j]
            missed += weight[k]
        missed = min(missed, 1.0 - 1e-12)
        unseen = np.random.poisson(np.random.standard_gamma(observed) * missed / (1.0 - missed))
        _share_out(unseen, weight, drawn)
        in_class += drawn
        # Those seen: to classes, pattern by pattern.
        for i in range(seen):
            for k in range(classes):
                weight[k] = share[k]
                for j in range(lists):
                    weight[k] *= listed[k, j] if patterns[i] >> j & 1 else 1.0 - listed[k, j]
            _share_out(counts[i], weight, drawn)
            for k in range(classes):
                in_class[k] += drawn[k]
                for j in range(lists):
                    if patterns[i] >> j & 1:
                        on_list[k, j] += drawn[k]
        # How often a class is on each list, how large it is, and how unequal classes are.
        for k in range(classes):
            for j in range(lists):
                listed[k, j] = np.random.beta(1.0 + on_list[k, j], 1.0 + in_class[k] - on_list[k, j])
        later = observed + unseen
        for k in range(classes - 1):
            later -= in_class[k]
            stick[k] = min(np.random.beta(1.0 + in_class[k], concentration + later), 1.0 - 1e-15)
        move_labels(stick, share, listed, in_class)
        log_left = _shares(stick, share)
        concentration = np.random.gamma(prior[0] + classes - 1.0, 1.0 / (prior[1] - log_left))
        on_none[turn] = unseen
        last_share[turn] = share[classes - 1]
    return on_none, last_share, concentration


@numba.njit(cache=True, nogil=True)
def _shares(stick: Floats, share: Floats) -> float:
    """How large each class is, from the part that it takes of what earlier ones leave.

    Returns: The logarithm of the last one's share.
    """
    log_left = 0.0
    last = len(stick) - 1
    for k in range(last):
        share[k] = stick[k] * math.exp(log_left)
        log_left += math.log1p(-stick[k])
    share[last] = math.exp(log_left)
    return log_left


@numba.njit(cache=True, nogil=True)
def move_labels(stick: Floats, share: Floats, listed: Floats, in_class: Ints) -> None:
    """Let two classes change places, by Metropolis steps; without them the largest class keeps the place where it began.

    First the people of two classes change places and shares stay, then two neighbours change places with their sticks.

    Source: Papaspiliopoulos & Roberts 2008, Retrospective Markov chain Monte Carlo methods, Biometrika 95, section 3.4.
    """
    classes = len(stick)
    _shares(stick, share)
    for _ in range(classes):
        a, b = np.random.randint(classes), np.random.randint(classes)
        if a != b and share[a] > 0.0 and share[b] > 0.0:
            log_chance = (in_class[b] - in_class[a]) * (math.log(share[a]) - math.log(share[b]))
            if math.log(1.0 - np.random.random()) < log_chance:
                _swap(listed, in_class, a, b)
        a = np.random.randint(classes - 2)
        log_chance = in_class[a] * math.log1p(-stick[a + 1]) - in_class[a + 1] * math.log1p(-stick[a])
        if math.log(1.0 - np.random.random()) < log_chance:
            _swap(listed, in_class, a, a + 1)
            stick[a], stick[a + 1] = stick[a + 1], stick[a]
            _shares(stick, share)


@numba.njit(cache=True, nogil=True)
def _swap(listed: Floats, in_class: Ints, a: int, b: int) -> None:
    for j in range(listed.shape[1]):
        listed[a, j], listed[b, j] = listed[b, j], listed[a, j]
    in_class[a], in_class[b] = in_class[b], in_class[a]


@numba.njit(cache=True, nogil=True)
def _share_out(people: int, weight: Floats, drawn: Ints) -> None:
    """Give people to classes by weight: a multinomial draw into ``drawn``."""
    total = weight.sum()
    last = len(weight) - 1
    for k in range(last):
        if people == 0 or total <= 0.0:
            drawn[k] = 0
            continue
        chance = min(1.0, weight[k] / total)
        drawn[k] = binomial(people, chance)
        people -= drawn[k]
        total -= weight[k]
    drawn[last] = people


@numba.njit(cache=True, nogil=True)
def binomial(trials: int, chance: float) -> int:
    """A binomial number, exact for any number of trials.

    The median of the uniform numbers behind the trials is drawn (a beta number), which halves them until few are left.

    Source: Devroye 1986, Non-uniform random variate generation, section X.4.3.
    """
    found = 0
    while trials > 20:
        if chance <= 0.0:
            return found
        if chance >= 1.0:
            return found + trials
        middle = 1 + trials // 2
        at = np.random.beta(float(middle), float(trials + 1 - middle))
        if at <= chance:
            found += middle
            trials -= middle
            chance = (chance - at) / (1.0 - at)
        else:
            trials = middle - 1
            chance /= at
    for _ in range(trials):
        if np.random.random() < chance:
            found += 1
    return found
