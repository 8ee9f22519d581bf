"""Balding–Nichols: founder alleles that may descend from the same ancestral one, across all founders of a hypothesis.

Founder alleles are drawn one after another: the next one is allele a with probability
(θ·nₐ + (1 − θ)·pₐ) / (1 + (n − 1)·θ), where nₐ of the n drawn so far are a. Two exact ways lead to the likelihood, and
`scenarios` takes the cheaper:

* sum over the ways in which founder alleles can be copies of each other (set partitions), each with its probability;
* the likelihood is a polynomial of degree N in the allele frequencies, and its Dirichlet expectation is computed exactly by
  Gauss–Laguerre quadrature with (N + 1)/2 nodes an allele.

Source: Balding & Nichols 1994; Hoppe 1984 (urn); Pitman 2006, section 3.2 (partitions); Golub & Welsch 1969.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dokaz.errors import BadQuestion, TooComplex
from dokaz.kinship.arrays import FloatArray
from dokaz.kinship.kernels.urn import draw

#: More scenarios than this are refused.
MOST_SCENARIOS = 3_000_000


@dataclass(frozen=True)
class Partition:
    """One way in which founder alleles are copies of each other: its probability, and the class of each allele."""

    weight: float
    classes: tuple[int, ...]


@dataclass(frozen=True)
class Scenario(Partition):
    """One term of the sum: its weight, which founder alleles are one, and the frequencies of the founder classes."""

    frequencies: FloatArray


def check_theta(theta: float) -> None:
    """Refuse a theta outside 0 to 1.

    Raises:
        BadQuestion: it lies outside 0 to 1.
    """
    if not 0 <= theta <= 1:
        raise BadQuestion(f"theta {theta!r} lies outside 0 to 1", next_step="give a value such as 0.01")


def further_theta(theta: float, drawn: int) -> float:
    """The theta with which founder alleles are drawn after so many known ones."""
    return theta / (1 + drawn * theta) if drawn else theta


def absorb(frequencies: FloatArray, theta: float, drawn: Sequence[int]) -> tuple[float, FloatArray, float]:
    """Draw founder alleles that are known, and say how the next ones are drawn.

    Args:
        frequencies: Population frequencies.
        theta: Coancestry coefficient.
        drawn: Known founder alleles.

    Returns:
        Natural logarithm of the probability of drawing them in this order; the frequencies and the theta for further
        draws.
    """
    ln = np.empty(1)
    known = np.array(drawn, dtype=np.int64).reshape(-1, 1)
    updated = draw(frequencies.reshape(-1, 1), known, theta, ln)
    return float(ln[0]), updated[:, 0], further_theta(theta, len(drawn))


def bell(n: int) -> int:
    """Number of partitions of n things.

    >>> [bell(n) for n in range(6)]
    [1, 1, 2, 5, 15, 52]
    """
    row = [1]
    for _ in range(n):
        row = list(itertools.accumulate([row[-1], *row]))
    return row[0]


def partitions(count: int, theta: float) -> Iterator[Partition]:
    """The ways in which founder alleles can be copies of each other, but for those of probability 0.

    Raises:
        TooComplex: there are too many.
    """
    if bell(count) > MOST_SCENARIOS:
        raise _too_many(count, bell(count))

    def grow(classes: tuple[int, ...], sizes: tuple[int, ...], weight: float) -> Iterator[Partition]:
        n = len(classes)
        if weight == 0:
            return
        if n == count:
            yield Partition(weight, classes)
            return
        below = 1 + (n - 1) * theta if n else 1.0
        for group, size in enumerate(sizes):
            larger = (*sizes[:group], size + 1, *sizes[group + 1 :])
            yield from grow((*classes, group), larger, weight * size * theta / below)
        yield from grow((*classes, len(sizes)), (*sizes, 1), weight * (1 - theta) / below if n else weight)

    yield from grow((), (), 1.0)


def scenarios(count: int, frequencies: FloatArray, theta: float) -> Iterator[Scenario]:
    """The terms whose weighted sum is the expectation over `count` founder alleles.

    Raises:
        TooComplex: there are too many of them either way.
    """
    if theta == 0 or count < 2:
        yield Scenario(1.0, tuple(range(count)), frequencies)
        return
    nodes = (count + 2) // 2
    # Partitions need a new elimination order each; a node of the quadrature only new frequencies.
    by_partition, by_node = float(bell(count)) * 3, float(nodes) ** int((frequencies > 0).sum())
    if theta == 1 or by_partition <= by_node:
        for partition in partitions(count, theta):
            yield Scenario(partition.weight, partition.classes, frequencies)
    elif by_node > MOST_SCENARIOS:
        raise _too_many(count, by_node)
    else:
        yield from _nodes(count, frequencies, theta, nodes)


def _too_many(count: int, terms: float) -> TooComplex:
    return TooComplex(
        f"theta over {count} unknown founder alleles: {terms:.2g} terms",
        next_step="use a lumpable mutation model, type a founder, or leave theta at 0",
    )


def _nodes(count: int, frequencies: FloatArray, theta: float, nodes: int) -> Iterator[Scenario]:
    concentration = (1 - theta) / theta
    # E[prod p_a^n_a] over the Dirichlet equals the same over independent gammas, divided by the rising factorial.
    scale = concentration + count
    constant = math.prod(scale / (concentration + k) for k in range(count))
    points: list[list[tuple[float, float]]] = []
    for frequency in frequencies:
        shape = concentration * float(frequency)
        if shape == 0:
            points.append([(0.0, 1.0)])
            continue
        x, w = _gamma_nodes(nodes, shape)
        points.append(list(zip(x.tolist(), w.tolist(), strict=True)))
    for choice in itertools.product(*points):
        weight = constant * math.prod(w for _, w in choice)
        yield Scenario(weight, tuple(range(count)), np.array([x for x, _ in choice]) / scale)


def _gamma_nodes(nodes: int, shape: float) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights of the Gauss quadrature of a gamma distribution; weights sum to 1 whatever the shape."""
    k = np.arange(nodes, dtype=float)
    # The Jacobi matrix is this one's square; its singular values stay exact where the shape is close to 0.
    _, roots, vectors = np.linalg.svd(np.diag(np.sqrt(k + shape)) + np.diag(np.sqrt(k[1:]), 1))
    return roots**2, vectors[:, 0] ** 2
