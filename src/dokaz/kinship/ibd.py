"""How much two people share by descent: k0, k1, k2 estimated from their profiles."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from dokaz.errors import BadQuestion
from dokaz.kinship.markers import Chromosome
from dokaz.kinship.profiles import Profiles

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sharing:
    """Probabilities of sharing 0, 1 and 2 alleles by descent that make a pair's profiles likeliest.

    Args:
        first, second: Ids of the profiles.
        markers: How many markers entered.
        k0, k1, k2: The estimate; they sum to 1.
        ln_likelihood: At the estimate, against k0 = 1.
    """

    first: str
    second: str
    markers: int
    k0: float
    k1: float
    k2: float
    ln_likelihood: float


def estimate_sharing(profiles: Profiles, first: str, second: str) -> Sharing:
    """Estimate k0, k1, k2 of a pair of persons who are not inbred.

    Assumes no mutation and no dropout; autosomal markers typed in both. A description of a pair, not evidence of one
    relationship: the LR of stated relationships is.

    Args:
        profiles: Holds both.
        first, second: Ids.

    Raises:
        BadQuestion: no marker is typed in both, or a profile is under a dropout model.

    Source: Thompson 1975, maximised by EM, whose fixed point is the maximum: the likelihood is concave in k.

    Example:
        >>> from dokaz.kinship import Marker, MarkerSet
        >>> markers = MarkerSet(tuple(Marker(f"M{i}", ("1", "2"), (0.05, 0.95)) for i in range(9)))
        >>> two = Profiles.of({p: {m.name: ("1", "1") for m in markers} for p in ("A", "B")}, markers)
        >>> round(estimate_sharing(two, "A", "B").k2, 6)
        1.0
    """
    i, j = profiles.row_of(first), profiles.row_of(second)
    rows = []
    for m, marker in enumerate(profiles.markers):
        if marker.chromosome is not Chromosome.AUTOSOMAL or not (profiles.typed[i, m] and profiles.typed[j, m]):
            continue
        if not (np.isnan(profiles.dropout[i, m]) and np.isnan(profiles.dropout[j, m])):
            raise BadQuestion(
                f"{marker.name}: sharing cannot be estimated under dropout", next_step="compare stated relationships"
            )
        a, b = profiles.alleles[i, m, :2], profiles.alleles[j, m, :2]
        rows.append(_ratios(np.array(marker.all_frequencies), sorted(map(int, a)), sorted(map(int, b))))
    if not rows:
        raise BadQuestion(f"{first} and {second} share no typed marker", next_step="type both at the same markers")
    ratios = np.array(rows)
    k, ln = _maximise(ratios, 200_000)
    return Sharing(first, second, len(rows), float(k[0]), float(k[1]), float(k[2]), float(ln))


def _ratios(q: FloatArray, g: list[int], h: list[int]) -> tuple[float, float, float]:
    """Probability of the second genotype given the first and 0, 1, 2 shared alleles, over that of 0."""
    chance = q[h[0]] * q[h[1]] * (1 if h[0] == h[1] else 2)
    one = 0.0
    for shared in g:
        if h[0] == h[1]:
            one += 0.5 * q[h[0]] * (shared == h[0])
        else:
            one += 0.5 * (q[h[1]] * (shared == h[0]) + q[h[0]] * (shared == h[1]))
    return 1.0, float(one / chance), float((g == h) / chance)


@numba.njit(cache=True, nogil=True)
def _maximise(ratios: FloatArray, most: int) -> tuple[FloatArray, float]:
    k = np.array([1 / 3, 1 / 3, 1 / 3])
    n = ratios.shape[0]
    for _ in range(most):
        after = np.zeros(3)
        for m in range(n):
            total = k[0] * ratios[m, 0] + k[1] * ratios[m, 1] + k[2] * ratios[m, 2]
            for s in range(3):
                after[s] += k[s] * ratios[m, s] / total
        after /= n
        change = np.abs(after - k).max()
        k = after
        if change < 1e-13:
            break
    ln = 0.0
    for m in range(n):
        ln += np.log(k[0] * ratios[m, 0] + k[1] * ratios[m, 1] + k[2] * ratios[m, 2])
    return k, ln
