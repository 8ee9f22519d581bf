"""How fast a single exact likelihood is, beside the recorded peer figures and the textbook twin.

Usage: python bench/kinship_likelihood.py [--twin-questions 0]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "unit" / "kinship"))

from naive_twin import naive_likelihood

from dokaz.kinship import (
    Marker,
    MarkerSet,
    Member,
    Mutation,
    MutationKind,
    MutationModel,
    Pedigree,
    Profiles,
    Sex,
    likelihood_ratio,
    ln_likelihood,
)

#: pedprobr 1.1.0 `likelihood`, three siblings, 22 markers, CPU milliseconds (recorded, two-core AMD EPYC).
PEER_MS = {"none": 8.0, "equal": 12.0, "stepwise": 107.0}
#: Sizes of the allelic ladders of a common 22-marker kit.
LADDERS = (12, 10, 26, 23, 21, 9, 8, 10, 9, 10, 14, 11, 11, 8, 21, 19, 12, 17, 10, 22, 26, 9)


def main() -> None:
    """Measure everything and print a line for each."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--twin-questions", type=int, default=0, help="compare this many random questions as well")
    asked = arguments.parse_args()
    rng = random.Random(1)
    for kind in ("none", "equal", "stepwise"):
        bench_siblings(rng, kind, 3, PEER_MS[kind])
    for kind in ("none", "stepwise"):
        bench_siblings(rng, kind, 20, None)
    bench_theta(rng)
    bench_twin(rng)
    if asked.twin_questions:
        from test_naive_twin import assert_same_as_the_twin

        for seed in range(asked.twin_questions):
            assert_same_as_the_twin(seed)
        print(f"{asked.twin_questions} random questions: engine and textbook twin agree to 1e-10, zeros exactly")


def bench_siblings(rng: random.Random, kind: str, count: int, peer_ms: float | None) -> None:
    """Full siblings with untyped parents over 22 markers."""
    markers = MarkerSet(tuple(_marker(rng, f"M{i}", size, kind) for i, size in enumerate(LADDERS)))
    family, people = _siblings(rng, markers, count)
    apart = Pedigree.unrelated(dict.fromkeys(people.ids, Sex.MALE))
    likelihood_ms = 1000 * cpu_seconds(lambda: ln_likelihood(family, people))
    ratio_ms = 1000 * cpu_seconds(lambda: likelihood_ratio(family, apart, people))
    calls = 300 if count <= 3 else 1
    new = iter([people.only(people.ids) for _ in range(calls)])
    # Profiles that were never asked about before: alleles are made one, frequencies and mutation laid out.
    first_ms = 1000 * min(cpu_once(lambda: likelihood_ratio(family, apart, next(new))) for _ in range(calls))
    beside = f"; pedprobr {peer_ms:g} ms = {peer_ms / likelihood_ms:.0f} times" if peer_ms else ""
    print(
        f"{count} siblings, 22 markers, {kind}: likelihood {likelihood_ms:.3f} ms, LR with its report "
        f"{ratio_ms:.3f} ms, of new profiles {first_ms:.3f} ms CPU{beside}"
    )


def bench_theta(rng: random.Random) -> None:
    """The same with theta, which no peer computes against unrelated persons."""
    markers = MarkerSet(tuple(_marker(rng, f"M{i}", size, "equal") for i, size in enumerate(LADDERS)))
    family, people = _siblings(rng, markers, 3)
    plain = cpu_seconds(lambda: ln_likelihood(family, people))
    with_theta = cpu_seconds(lambda: ln_likelihood(family, people, theta=0.02), least_seconds=0.5)
    print(
        f"3 siblings, 22 markers, equal, theta: {1000 * with_theta:.1f} ms CPU = {with_theta / plain:.0f} times plain"
    )


def bench_twin(rng: random.Random) -> None:
    """One marker of four alleles against the enumeration of everything."""
    markers = MarkerSet((_marker(rng, "M", 4, "stepwise"),))
    family, people = _siblings(rng, markers, 2)
    ours = cpu_seconds(lambda: ln_likelihood(family, people))
    theirs = cpu_seconds(lambda: naive_likelihood(family, people, (0,)), least_seconds=0.0)
    print(f"2 siblings, 1 marker of 4 alleles: {1e6 * ours:.0f} µs CPU, textbook twin {theirs / ours:.0f} times that")


def cpu_once(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def cpu_seconds(work: Callable[[], object], least_seconds: float = 0.2) -> float:
    """CPU seconds of one call, the best of several, after a first one that compiles."""
    work()
    best, spent = float("inf"), 0.0
    while True:
        start = time.process_time()
        work()
        took = time.process_time() - start
        best, spent = min(best, took), spent + took
        if spent >= least_seconds:
            return best


def _marker(rng: random.Random, name: str, size: int, kind: str) -> Marker:
    weights = [rng.uniform(0.01, 1) for _ in range(size)]
    ladder = tuple(str(6 + i) for i in range(size))
    mutation = None
    if kind != "none":
        mutation = Mutation.alike(MutationModel(MutationKind(kind), rate=0.002, rate2=1e-5, range=0.1))
    return Marker(name, ladder, tuple(w / sum(weights) for w in weights), mutation=mutation)


def _siblings(rng: random.Random, markers: MarkerSet, count: int) -> tuple[Pedigree, Profiles]:
    children = [f"child {i}" for i in range(count)]
    members = [Member("father", sex=Sex.MALE), Member("mother", sex=Sex.FEMALE)]
    members += [Member(child, "father", "mother", Sex.MALE) for child in children]
    genotypes: dict[str, dict[str, list[str]]] = {child: {} for child in children}
    for marker in markers:
        parents = rng.choices(marker.alleles, marker.frequencies, k=4)
        for child in children:
            genotypes[child][marker.name] = [rng.choice(parents[:2]), rng.choice(parents[2:])]
    return Pedigree(tuple(members), name="siblings"), Profiles.of(genotypes, markers)


if __name__ == "__main__":
    main()
