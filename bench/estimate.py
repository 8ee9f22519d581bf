"""How long estimates take, and how often their 95 % intervals hold the truth: `python bench/estimate.py [--coverage N]`.

Ratios: all 1,024 models of five lists against fitting them one by one; samples of latent classes a second.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from dokaz.errors import NotEstimable
from dokaz.estimate import (
    OverlapTable,
    average_over_graphs,
    average_over_models,
    chao_lower_bound,
    independence,
    latent_classes,
    loglinear_models,
    profile_interval,
)
from dokaz.estimate.hierarchical_models import design, models_of
from dokaz.estimate.latent_class_model import CLASSES
from dokaz.estimate.latent_class_sampler import go_on
from dokaz.estimate.poisson_fit import fit

Population = Callable[[np.random.Generator, int], "np.ndarray[tuple[int, int], np.dtype[np.bool_]]"]


def alike(rng: np.random.Generator, people: int) -> np.ndarray:
    """Everybody comes onto each of four lists with its own chance."""
    return rng.random((people, 4)) < np.array([0.3, 0.25, 0.35, 0.2])


def two_depend(rng: np.random.Generator, people: int) -> np.ndarray:
    """The same, and half of those on the first list are copied into the second."""
    listed = alike(rng, people)
    listed[:, 1] |= listed[:, 0] & (rng.random(people) < 0.5)
    return listed


def two_kinds(rng: np.random.Generator, people: int) -> np.ndarray:
    """A third of the people are well known, and three times as often on every list."""
    known = rng.random(people) < 1 / 3
    return rng.random((people, 4)) < np.where(known, 0.5, 0.17)[:, None]


def table_of(listed: np.ndarray) -> OverlapTable:
    lists = listed.shape[1]
    counts = np.bincount(listed @ (1 << np.arange(lists)), minlength=2**lists)
    counts[0] = 0
    return OverlapTable(tuple("ABCDEFGH"[:lists]), counts, np.zeros(2**lists, np.bool_))


def took(work: Callable[[], object]) -> float:
    """CPU seconds of the second of two runs."""
    work()
    start = time.process_time()
    work()
    return time.process_time() - start


def speed() -> None:
    five = table_of(np.random.default_rng(1).random((3_000, 5)) < 0.2)
    models = models_of(5)
    one_by_one = took(lambda: [fit(design(m.terms, 5), five.counts, five.impossible) for m in models[:100]]) / 100
    together = took(lambda: loglinear_models(five))
    print(f"1,024 log-linear models of five lists: {together:.2f} s, {one_by_one * 1024 / together:.0f} x one by one")
    patterns = np.flatnonzero(five.counts)
    stick, listed = np.full(CLASSES, 0.5), np.full((CLASSES, 5), 0.5)
    stick[-1] = 1

    def samples() -> object:
        return go_on(patterns, five.counts[patterns], stick, listed, 1.0, np.array([0.25, 0.25]), 20_000, 1)

    print(f"100,000 samples of latent classes, five lists: {5 * took(samples):.1f} s")
    print(f"average over 822 graphs of five lists: {took(lambda: average_over_graphs(five)):.2f} s")
    print(f"independence with its interval: {took(lambda: independence(five)):.3f} s")


def coverage(replicates: int, people: int = 2_000) -> None:
    """How often each interval holds the true number, and by how much its centre misses it."""

    def best(table: OverlapTable) -> tuple[float, float, float]:
        chosen = loglinear_models(table).best
        found = profile_interval(design(chosen.model.terms, len(table.lists)), table.counts, table.impossible)
        return chosen.n, found.low, found.high

    def averaged(table: OverlapTable) -> tuple[float, float, float]:
        found = average_over_models(loglinear_models(table), table.observed)
        return found.n, found.low, found.high

    def spans(of: Callable[[OverlapTable], object]) -> Callable[[OverlapTable], tuple[float, float, float]]:
        def asked(table: OverlapTable) -> tuple[float, float, float]:
            found = of(table)
            return found.n, found.low, found.high  # type: ignore[attr-defined]

        return asked

    methods = {
        "independence": spans(independence),
        "chao": spans(chao_lower_bound),
        "best_bic": best,
        "averaged": averaged,
        "lcmcr": spans(lambda table: latent_classes(table, rounds=(10_000, 20_000, 40_000, 80_000))),
        "dga": spans(average_over_graphs),
    }
    print(f"\n{replicates} populations of {people:,} each, four lists; intervals that hold it, mean estimate, refused")
    for name, population in (("alike", alike), ("two lists depend", two_depend), ("two kinds of people", two_kinds)):
        rng = np.random.default_rng(7)
        tables = [table_of(population(rng, people)) for _ in range(replicates)]
        for method, estimate in methods.items():
            held, sizes, refused = 0, [], 0
            for table in tables:
                try:
                    n, low, high = estimate(table)
                except NotEstimable:
                    refused += 1
                    continue
                held += low <= people <= high
                sizes.append(n)
            share = held / len(sizes) if sizes else float("nan")
            print(f"  {name:<20} {method:<13} {share:6.1%}  {np.mean(sizes):8,.0f}  {refused}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--coverage", type=int, default=0, help="simulated populations of each kind")
    asked = parser.parse_args()
    speed()
    if asked.coverage:
        coverage(asked.coverage)
