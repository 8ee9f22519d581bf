"""Searches, joint identification and direct matching: CPU seconds, and ratios to a naive twin and to recorded peers.

Run as `python bench/kinship.py`; with `--large` the caseload of all of Bosnia too (two minutes). Everything is compiled
once before it is timed.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from dokaz.exchange.programs.case_reader import read_victims
from dokaz.kinship import (
    KinshipFamily,
    Marker,
    MarkerSet,
    Member,
    Mutation,
    MutationKind,
    MutationModel,
    Pedigree,
    Profiles,
    Sex,
    find_candidates,
    identify_jointly,
    likelihood_ratio,
)
from dokaz.kinship.blind.candidates import block_ranking
from dokaz.kinship.blind.tables import Target, genotype_tables, panel_of
from dokaz.kinship.compile_ahead import joint_identification
from dokaz.kinship.direct_match import match_directly
from dokaz.kinship.exact.programs import ProgramCache

# Peers as released, CPU seconds on a two-core machine (AMD EPYC, other load), measured for this project:
DVIR_100_BY_100_S = 149.5  # dvir 3.4.2 pairwiseLR, 100 × 100, 22 markers, equal mutation
DVIR_ICMP_S = 163.6  # dvir 3.4.2 dviJoint, data set icmp, 9,847 assignments
FORREL_200_S = 302.0  # forrel 1.9.0 checkPairwise, all pairs of 200 samples
PROTOTYPE_TABLE_MS = 57.0  # a numba look-up prototype, equal mutation only, a family
PROTOTYPE_PAIRS_PER_S = 101e6  # the same, one core, 16-bit indices

#: Alleles of the 22 markers of a common kit.
ALLELES = (12, 10, 26, 23, 21, 9, 9, 19, 9, 11, 24, 12, 12, 9, 25, 17, 13, 9, 17, 9, 13, 23)
CASES = Path(os.environ.get("DOKAZ_CASES", Path(__file__).resolve().parents[2] / "shared" / "cases")) / "dna"


def markers(kind: MutationKind = MutationKind.EQUAL, silent: float | None = None) -> MarkerSet:
    """Twenty-two markers with invented frequencies."""
    rng = np.random.default_rng(22)
    model = Mutation.alike(MutationModel(kind, rate=0.001, rate2=1e-6, range=0.1))
    rows = []
    for k, size in enumerate(ALLELES):
        visible = rng.dirichlet(np.full(size, 0.8)) * (1 - (silent or 0))
        visible = np.maximum(visible, 1e-5)
        visible *= (1 - (silent or 0)) / visible.sum()
        names = tuple(str(8 + a) for a in range(size))
        rows.append(Marker(f"M{k}", names, tuple(visible), mutation=model, silent_frequency=silent))
    return MarkerSet(tuple(rows))


def profiles_of(ids: list[str], sexes: list[Sex], ladder: MarkerSet, alleles: np.ndarray) -> Profiles:  # type: ignore[type-arg]
    """Profiles from arrays."""
    shape = alleles.shape[:2]
    ordered = np.sort(alleles, axis=2).astype(np.int16)
    return Profiles(
        tuple(ids), tuple(sexes), ladder, ordered, np.ones(shape, bool), np.full(shape, np.nan), np.zeros(shape)
    )


def caseload(
    ladder: MarkerSet, families: int, profiles: int, references: float = 2.0, seed: int = 1
) -> tuple[Profiles, list[KinshipFamily]]:
    """Families of parents and siblings who miss a son; the first profiles are of the sons."""
    rng = np.random.default_rng(seed)
    count = len(ladder)
    tables = [np.array(m.frequencies) / sum(m.frequencies) for m in ladder]

    def drawn(n: int) -> np.ndarray:  # type: ignore[type-arg]
        return np.stack([rng.choice(len(q), size=(n, 2), p=q) for q in tables], axis=1)

    fathers, mothers = drawn(families), drawn(families)
    where = np.arange(count)
    sons, found = [], []
    extra = rng.random(families) < references - 2
    for f in range(families):

        def child(f: int = f) -> np.ndarray:  # type: ignore[type-arg]
            side = rng.integers(0, 2, (2, count))
            return np.stack([fathers[f, where, side[0]], mothers[f, where, side[1]]], axis=1)

        sons.append(child())
        siblings = {0: 0, 1: 1, 2: 2}[f % 3] + int(extra[f])
        typed = {0: [("F", fathers[f]), ("M", mothers[f])], 1: [("M", mothers[f])], 2: []}[f % 3]
        typed = [*typed, *((f"S{k}", child()) for k in range(siblings))]
        members = [
            Member(f"{f}F", sex=Sex.MALE),
            Member(f"{f}M", sex=Sex.FEMALE),
            Member(f"{f}X", f"{f}F", f"{f}M", Sex.MALE),
            *(Member(f"{f}S{k}", f"{f}F", f"{f}M", Sex.MALE) for k in range(siblings)),
        ]
        sexes = [Sex.FEMALE if name == "M" else Sex.MALE for name, _ in typed]
        people = profiles_of([f"{f}{name}" for name, _ in typed], sexes, ladder, np.stack([g for _, g in typed]))
        found.append(KinshipFamily(f"F{f}", Pedigree(tuple(members), name=f"F{f}"), (f"{f}X",), people))
    remains = drawn(profiles)
    same = min(families, profiles)
    remains[:same] = np.stack(sons[:same])
    return profiles_of([f"V{i}" for i in range(profiles)], [Sex.MALE] * profiles, ladder, remains), found


def written(folder: Path, profiles: Profiles, families: list[KinshipFamily]) -> Path:
    """The caseload as a victim file."""
    ladder = profiles.markers

    def genotypes(people: Profiles, person: str) -> dict[str, list[str]]:
        row = people.row_of(person)
        return {m.name: [m.alleles[a] for a in people.alleles[row, k, :2]] for k, m in enumerate(ladder)}

    model = {"model": "equal", "rate": 0.001}
    data: dict[str, Any] = {
        "case": "bench",
        "markers": [
            {"name": m.name, "alleles": m.alleles, "freqs": m.frequencies, "mutation": {"female": model, "male": model}}
            for m in ladder
        ],
        "pm": [{"id": v, "sex": 1, "genotypes": genotypes(profiles, v)} for v in profiles.ids],
        "am": [
            {
                "family": f.name,
                "components": [
                    {
                        "members": [
                            {"id": m.id, "father": m.father, "mother": m.mother, "sex": int(m.sex)} for m in f.pedigree
                        ]
                    }
                ],
                "genotypes": {p: genotypes(f.profiles, p) for p in f.profiles.ids},
            }
            for f in families
        ],
        "missing": [p for f in families for p in f.missing],
    }
    path = folder / "case.json"
    path.write_text(json.dumps(data))
    return path


def timed(work: Callable[[], object], repeat: int = 3) -> tuple[float, float]:
    """Best CPU seconds (all threads) and wall seconds."""
    best_cpu, best_wall = float("inf"), float("inf")
    for _ in range(repeat):
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        best_cpu, best_wall = min(best_cpu, time.process_time() - cpu), min(best_wall, time.perf_counter() - wall)
    return best_cpu, best_wall


def say(what: str, cpu: float, wall: float, remark: str = "") -> None:
    """One line of the report."""
    print(f"{what:<66} CPU {cpu:8.3f} s  wall {wall:8.3f} s  {remark}", flush=True)


def small_search() -> None:
    """From a file to the best candidates; and the same with every option on."""
    ladder = markers()
    profiles, families = caseload(ladder, 100, 100)
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), profiles, families)

        def from_file() -> object:
            case = read_victims(path)
            return find_candidates(
                case.victims, [KinshipFamily(f.name, f.pedigree, f.missing, f.profiles) for f in case.families]
            )

        from_file()
        cpu, wall = timed(from_file, 5)
        say(
            "100 × 100, 22 markers, equal mutation, from file to top 10",
            cpu,
            wall,
            f"{DVIR_100_BY_100_S / cpu:,.0f}× dvir",
        )
        cpu, wall = timed(lambda: read_victims(path))
        say("  of which reading the file", cpu, wall)
    plain, wall = timed(lambda: find_candidates(profiles, families))
    say("  of which search", plain, wall)
    two = likelihood_seconds(profiles, families)
    pairs = [(("M0", "M1"), (0.1,)), (("M2", "M18"), (0.3,))]
    for count in (1, 2):
        linked = pairs[:count]
        find_candidates(profiles, families, linked=linked)
        cpu, wall = timed(lambda linked=linked: find_candidates(profiles, families, linked=linked))
        say(f"  the same with {count} of the markers' pairs linked", cpu, wall, f"{(cpu - plain) * 1e3:,.0f} ms more")
    print(f"  naive twin, two exact likelihoods a pair: {two * 1e4:,.1f} s for 10,000 pairs, {two * 1e4 / plain:,.0f}×")
    hard = markers(MutationKind.STEPWISE, silent=0.005)
    profiles, families = caseload(hard, 100, 100)
    degraded = replace(profiles, dropout=np.full(profiles.typed.shape, 0.1), dropin=np.full(profiles.typed.shape, 0.02))

    def everything() -> object:
        return find_candidates(degraded, families, theta=0.01)

    cpu, wall = timed(everything, 1)
    say("100 × 100, theta, silent, dropout, stepwise; first call plans", cpu, wall)
    cpu, wall = timed(everything, 2)
    say("100 × 100, theta, silent, dropout, stepwise mutation", cpu, wall, f"{cpu / plain:,.1f}× the plain search")


def likelihood_seconds(profiles: Profiles, families: list[KinshipFamily]) -> float:
    """Seconds of one pair by two exact likelihoods."""
    pairs = 20

    def work() -> None:
        for k in range(pairs):
            family = families[k]
            one = profiles.only([f"V{k}"])
            stranger = Pedigree((*family.pedigree.members, Member(f"V{k}", sex=Sex.MALE)))
            members = tuple(replace(m, id=f"V{k}") if m.id in family.missing else m for m in family.pedigree)
            likelihood_ratio(Pedigree(members), stranger, family.profiles.joined(one))

    work()
    return timed(work, 2)[0] / pairs


def tables_and_ranks() -> None:
    """What a search consists of: tables, then look-ups."""
    for kind in (MutationKind.EQUAL, MutationKind.STEPWISE):
        ladder = markers(kind)
        profiles, families = caseload(ladder, 120, 10, references=2.5)
        panel, library = panel_of(ladder), ProgramCache(0.0)
        targets = [Target(f.pedigree, f.profiles, p) for f in families for p in f.missing]
        genotype_tables(targets, panel, library)
        cpu, wall = timed(lambda t=targets, p=panel, b=library: genotype_tables(t, p, b))
        each = cpu / len(targets) * 1e3
        say(f"tables, a family with 2–3 relatives, full ladder, {kind.value}", cpu / len(targets), wall / len(targets),
            f"{each:.2f} ms, {PROTOTYPE_TABLE_MS / each:,.0f}× the prototype")  # fmt: skip
    ladder = markers()
    profiles, families = caseload(ladder, 512, 17_509)
    part = block_ranking(profiles, 0.0, 10, 0.0)
    targets = [Target(f.pedigree, f.profiles, p) for f in families for p in f.missing]
    blocks = part.blocks(len(targets), 2)
    tables = [genotype_tables(targets[a:b], part.panel, ProgramCache(0.0)) for a, b in blocks]

    def rank() -> None:
        for (a, b), table in zip(blocks, tables, strict=True):
            part.rank(table, targets[a:b], a)

    rank()
    cpu, wall = timed(rank)
    rate = len(profiles) * len(targets) / cpu
    say("look-ups, 17,509 × 512 pairs, 22 markers, one thread", cpu, wall,
        f"{rate / 1e6:,.0f} M pairs a CPU second, {rate / PROTOTYPE_PAIRS_PER_S:.1f}× the prototype")  # fmt: skip


def caseloads(large: bool) -> None:
    """Whole countries."""
    loads = [("Srebrenica: 7,745 families, 22,300 references, 17,509 profiles", 7745, 17_509, 2.88)]
    if large:
        loads.append(("Bosnia: 24,300 families, 70,000 references, 32,295 profiles", 24_300, 32_295, 2.88))
    for name, families_count, profiles_count, references in loads:
        profiles, families = caseload(markers(MutationKind.STEPWISE), families_count, profiles_count, references)
        cpu, wall = timed(lambda p=profiles, f=families: find_candidates(p, f, at_least_log10_lr=3.0), 1)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        pairs = families_count * profiles_count
        say(name, cpu, wall, f"{pairs / wall / 1e6:,.0f} M pairs a second with tables, peak {peak:.2f} GB")


def remains() -> None:
    """All pairs of 200 samples, four relations."""
    profiles, _ = caseload(markers(MutationKind.STEPWISE), 5, 200)
    match_directly(profiles)
    cpu, wall = timed(lambda: match_directly(profiles))
    say("all pairs of 200 samples, four relations, stepwise", cpu, wall, f"{FORREL_200_S / cpu:,.0f}× forrel")


def joint() -> None:
    """The published case with 9,847 assignments."""
    path = CASES / "dvi_icmp.json"
    if not path.exists():
        print("joint icmp: no reference cases here, left out (set DOKAZ_CASES)")
        return
    case = read_victims(path)
    families = [KinshipFamily(f.name, f.pedigree, f.missing, f.profiles) for f in case.families]

    def work() -> object:
        return identify_jointly(case.victims, families, pairings=case.pairings, best=10_000)

    joint_identification()  # compiled
    cpu, wall = timed(work, 1)
    say("joint, icmp, 9,847 assignments; first call plans", cpu, wall)
    cpu, wall = timed(work, 3)
    say("joint, icmp, 9,847 assignments", cpu, wall, f"{DVIR_ICMP_S / cpu:,.0f}× dvir")


if __name__ == "__main__":
    joint()
    small_search()
    tables_and_ranks()
    remains()
    caseloads("--large" in sys.argv)
