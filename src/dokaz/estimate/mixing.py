"""Whether Markov chains have come to the same distribution, and how many independent samples theirs are worth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def split_r_hat(chains: Floats) -> float:
    """By how much the spread of all samples exceeds that within halves of chains; 1 where they agree.

    Args:
        chains: Shape (chains, samples), at least four samples each.

    Returns: Infinity where no half varies, yet they differ; 1 where all samples are equal.

    Source: Vehtari et al. 2021, Rank-normalization, folding, and localization: an improved R-hat, Bayesian Analysis
        16, equation 4.
    """
    half = chains.shape[1] // 2
    halves = np.concatenate([chains[:, :half], chains[:, -half:]])
    within = halves.var(axis=1, ddof=1).mean()
    between = half * halves.mean(axis=1).var(ddof=1)
    if within == 0:
        return 1.0 if between == 0 else float("inf")
    return float(np.sqrt(((half - 1) / half * within + between / half) / within))


def effective_samples(chains: Floats) -> float:
    """How many independent samples would give means as exact as these.

    Args:
        chains: Shape (chains, samples).

    Returns: At most the number of samples; 0 where nothing varies.

    Source: Geyer 1992, Practical Markov chain Monte Carlo, Statistical Science 7, section 3.3 (initial positive
        sequence), over chains as Vehtari et al. 2021, equation 10.
    """
    many, samples = chains.shape
    centred = chains - chains.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, 2 * samples)
    products = np.fft.irfft(spectrum * np.conj(spectrum))[:, :samples] / samples
    within = products[:, 0].mean() * samples / (samples - 1)
    whole = products[:, 0].mean() + (chains.mean(axis=1).var(ddof=1) if many > 1 else 0.0)
    if whole == 0:
        return 0.0
    correlation = 1 - (within - products.mean(axis=0)) / whole
    pairs = correlation[1 : 2 * ((samples - 1) // 2) + 1].reshape(-1, 2).sum(axis=1)
    negative = np.flatnonzero(pairs < 0)
    kept = pairs[: negative[0]] if len(negative) else pairs
    return float(min(many * samples, many * samples / (1 + 2 * kept.sum())))
