"""Remains placed in one family: the likelihood of every possible placement of several at once."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dokaz.errors import TooComplex
from dokaz.kinship.blind import Family
from dokaz.kinship.elimination import Order, _order
from dokaz.kinship.evidence import Locus, locus_of, observation, seen_alleles
from dokaz.kinship.jointkernel import run_placements
from dokaz.kinship.likelihood import _terms, ln_likelihood
from dokaz.kinship.network import Lineage, Status, lineage, network
from dokaz.kinship.pedigree import Sex
from dokaz.kinship.plans import ALLELE_VARIABLE, GENOTYPE_VARIABLE, PHASED_GENOTYPE_VARIABLE, SELECTOR, _joined, _starts
from dokaz.kinship.profiles import NO_ALLELE, Profiles

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: Remains at places in a family: (row of the profile, number of the missing person), in order of the profile.
Placement = tuple[tuple[int, int], ...]

#: More placements in one family are refused.
MOST_PLACEMENTS = 400_000


@dataclass(frozen=True)
class Choices:
    """What one family can make of the remains.

    Args:
        family: Its name.
        missing: Ids of its missing persons.
        placements: Every possible placement, the empty one first.
        log_lr: Natural logarithm of the LR of each placement against all of them being unrelated.
        impossible: Placements of possible pairs that are impossible together; whatever contains one is impossible too.
        interchangeable: Groups of missing persons (numbers) whom no profile can tell apart, such as brothers without
            children.
    """

    family: str
    missing: tuple[str, ...]
    placements: tuple[Placement, ...]
    log_lr: FloatArray
    impossible: tuple[Placement, ...]
    interchangeable: tuple[tuple[int, ...], ...]

    def log_lr_of(self, placement: Placement) -> float:
        """Of one placement; -inf where impossible."""
        return self._index.get(tuple(sorted(placement)), -math.inf)

    @property
    def _index(self) -> dict[Placement, float]:
        found: dict[Placement, float] | None = self.__dict__.get("_by_placement")
        if found is None:
            found = {p: float(v) for p, v in zip(self.placements, self.log_lr, strict=True)}
            self.__dict__["_by_placement"] = found
        return found


def choices_of(
    family: Family,
    profiles: Profiles,
    alone: FloatArray,
    allowed: Sequence[Sequence[int]],
    theta: float,
) -> Choices:
    """Every placement of remains in a family that is possible, with its LR.

    A placement that contains an impossible one is impossible, so the search adds one profile at a time.

    Args:
        family: Relatives' profiles over the profiles' markers.
        profiles: Profiles of remains.
        alone: Natural logarithm of the probability of each profile by itself.
        allowed: For each profile the numbers of the family's missing persons it may be.
        theta: Coancestry coefficient, across the founders of this family and of the remains placed in it.

    Raises:
        TooComplex: more than `MOST_PLACEMENTS`.
    """
    engine = _Engine(family, profiles, [row for row, places in enumerate(allowed) if places], theta)
    groups = interchangeable(family)
    base = engine.ln_likelihoods([()])[0]
    if base == -math.inf:
        return Choices(family.name, family.missing, ((),), np.zeros(1), (), groups)
    singles = [((row, place),) for row, places in enumerate(allowed) for place in places]
    values = engine.ln_likelihoods(singles)
    possible = {single[0] for single, value in zip(singles, values, strict=True) if value > -math.inf}
    found: dict[Placement, float] = {(): base}
    impossible: list[Placement] = []
    options = {row: sum(1 for r, _ in possible if r == row) for row, _ in possible}
    for row in sorted(options, key=lambda r: (options[r], r)):
        wider = []
        for placement in found:
            taken = {place for _, place in placement}
            for place in allowed[row]:
                if place not in taken and (row, place) in possible:
                    wider.append(tuple(sorted((*placement, (row, place)))))
        if len(found) + len(wider) > MOST_PLACEMENTS:
            raise TooComplex(
                f"{family.name}: more than {MOST_PLACEMENTS:,} placements of remains are possible",
                next_step="leave out pairings that a blind search excludes or ranks far down",
            )
        for placement, value in zip(wider, engine.ln_likelihoods(wider), strict=True):
            if value > -math.inf:
                found[placement] = value
            else:
                impossible.append(placement)
    placements = tuple(found)
    log_lr = np.array([found[p] - base - math.fsum(alone[row] for row, _ in p) for p in placements])
    return Choices(family.name, family.missing, placements, log_lr, tuple(impossible), groups)


def interchangeable(family: Family) -> tuple[tuple[int, ...], ...]:
    """Groups of missing siblings of one sex without children: nothing in DNA can tell one from another."""
    parents = {m.father for m in family.pedigree} | {m.mother for m in family.pedigree}
    twins = {person for group in family.pedigree.identical_twins for person in group}
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, person in enumerate(family.missing):
        member = family.pedigree[person]
        if person not in parents and person not in twins and not member.is_founder:
            key = (member.father, member.mother, family.pedigree.sex_of(person))
            groups.setdefault(key, []).append(number)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


_PARTS = (
    "factor_start",
    "factor_variables",
    "step_variable",
    "step_start",
    "step_factors",
    "variable_kind",
    "variable_slot",
    "seen_slot",
)


@dataclass
class _Programs:
    """Programs of one family, flattened when asked for."""

    parts: dict[str, list[npt.NDArray[np.generic]]] = field(
        default_factory=lambda: {name: [] for name in (*_PARTS, "base", "fractions")}
    )
    constants: list[float] = field(default_factory=list)

    def arrays(self) -> tuple[npt.NDArray[np.generic], ...]:
        flat: list[npt.NDArray[np.generic]] = []
        for name in _PARTS:
            flat += [_joined(self.parts[name], np.int64), _starts(self.parts[name])]
        base = np.ascontiguousarray(np.concatenate([*self.parts["base"], np.zeros((0, 6), dtype=np.int64)]))
        flat += [base, _starts(self.parts["base"])]
        flat += [_joined(self.parts["fractions"], np.float64), _starts(self.parts["fractions"])]
        flat.append(np.array([*self.constants, 0.0]))
        return tuple(flat)


@lru_cache(maxsize=20_000)
def _planned(scopes: tuple[tuple[int, ...], ...], sizes: tuple[int, ...]) -> Order:
    # One quick rule: here planning costs more than summing.
    # One quick rule: here planning costs as much as summing.
    return _order(scopes, sizes, (), "table")


#: A person with evidence: a relative's row (first False) or a profile's row (first True).
_Source = tuple[bool, int]


class _Engine:
    """Likelihoods of placements in one family; programs are shared by all markers typed alike."""

    def __init__(self, family: Family, profiles: Profiles, rows: Sequence[int], theta: float) -> None:
        self.family, self.profiles, self.theta = family, profiles, theta
        self.terms = _terms(profiles, ())
        self.columns = [term.columns[0] for term in self.terms]
        self.known: dict[Placement, float] = {}
        self.groups = interchangeable(family)
        self.programs = _Programs()
        self.program_of: dict[tuple[object, ...], tuple[int, list[tuple[tuple[_Source, ...], bool]]]] = {}
        relatives = list(range(len(family.profiles)))
        self.loci: list[Locus] = []
        lumped: dict[bool, list[IntArray]] = {False: [], True: []}
        for column in self.columns:
            seen = seen_alleles(family.profiles, relatives, column) | seen_alleles(profiles, list(rows), column)
            locus = locus_of(profiles.markers.markers[column], seen)
            self.loci.append(locus)
            for mine, source in ((False, family.profiles), (True, profiles)):
                alleles = source.alleles[:, column, :2].astype(np.int64)
                lumped[mine].append(np.where(alleles == NO_ALLELE, 0, locus.classes[alleles]))
        self.alleles = {
            mine: np.stack(parts, axis=1) if parts else np.zeros((0, 0, 2)) for mine, parts in lumped.items()
        }
        self.codes: dict[bool, npt.NDArray[np.uint8]] = {}
        for mine, source in ((False, family.profiles), (True, profiles)):
            typed, uncertain = source.typed[:, self.columns], ~np.isnan(source.dropout[:, self.columns])
            self.codes[mine] = np.where(typed, np.where(uncertain, 2, 1), 0).astype(np.uint8)
        self.relative_codes = [self.codes[False][:, m].tobytes() for m in range(len(self.columns))]
        # What is impossible shows soonest where alleles are many and even.
        homozygosity = [float((locus.frequencies**2).sum()) for locus in self.loci]
        self.marker_order = sorted(range(len(self.columns)), key=homozygosity.__getitem__)
        self.program_at: dict[tuple[object, ...], tuple[int, list[tuple[tuple[_Source, ...], bool]]]] = {}
        self.one_slot: dict[tuple[tuple[_Source, ...], bool, bytes], IntArray] = {}
        self.tables: list[FloatArray] = []
        self.table_of: dict[tuple[tuple[_Source, ...], int, bool], int] = {}

    def ln_likelihoods(self, placements: Sequence[Placement]) -> list[float]:
        """Of the relatives' profiles together with the placed ones."""
        canonical = [self._canonical(placement) for placement in placements]
        fresh = [p for p in dict.fromkeys(canonical) if p not in self.known]
        if self.theta > 0:
            for placement in fresh:
                self.known[placement] = self._slowly(placement)
        elif fresh:
            self.known.update(zip(fresh, self._run(fresh), strict=True))
        return [self.known[placement] for placement in canonical]

    def _canonical(self, placement: Placement) -> Placement:
        """The same with interchangeable persons taken in order."""
        for group in self.groups:
            rows = [row for row, place in placement if place in group]
            if rows:
                rest = [pair for pair in placement if pair[1] not in group]
                placement = tuple(sorted([*rest, *zip(rows, group, strict=False)]))
        return placement

    def _slowly(self, placement: Placement) -> float:
        names = {self.profiles.ids[row]: self.family.missing[place] for row, place in placement}
        placed = self.profiles.only(list(names)).renamed(names)
        together = self.family.profiles.joined(placed) if names else self.family.profiles
        return float(ln_likelihood(self.family.pedigree, together, theta=self.theta).sum())

    def _run(self, placements: Sequence[Placement]) -> list[float]:
        jobs: list[IntArray] = []
        counts = [0]
        slots: list[IntArray] = []
        so_far = 0
        for placement in placements:
            marker_groups: dict[tuple[bytes, bytes], list[int]] = {}
            rows = [row for row, _ in placement]
            codes = self.codes[True][rows]
            for m in self.marker_order:
                marker_groups.setdefault((self.relative_codes[m], codes[:, m].tobytes()), []).append(m)
            count = 0
            for pattern, where in marker_groups.items():
                for x_linked in (False, True):
                    markers = np.array([m for m in where if self.terms[m].x_linked is x_linked], dtype=np.int64)
                    if not markers.size:
                        continue
                    program, sources = self._program(placement, pattern, x_linked)
                    if program < 0:
                        continue
                    part = np.empty((markers.size, 3), dtype=np.int64)
                    part[:, 0], part[:, 1] = program, markers
                    part[:, 2] = so_far + np.arange(markers.size) * len(sources)
                    jobs.append(part)
                    slots.append(self._slots(sources, markers).reshape(-1, 4))
                    so_far += markers.size * len(sources)
                    count += markers.size
            counts.append(counts[-1] + count)
        out = np.zeros(len(placements))
        all_slots = np.concatenate([*slots, np.zeros((1, 4), dtype=np.int64)])
        table_start = np.cumsum([0, *(table.size for table in self.tables)]).astype(np.int64)
        slot_arrays = (
            *(np.ascontiguousarray(all_slots[:, k]) for k in range(4)),
            np.concatenate([*self.tables, np.zeros(1)]),
            table_start,
        )
        all_jobs = np.concatenate([*jobs, np.zeros((0, 3), dtype=np.int64)])
        programs, markers_ = self.programs.arrays(), self._marker_arrays()
        start = np.array(counts, dtype=np.int64)

        def work(first: int, last: int) -> None:
            run_placements(programs, all_jobs, start[first : last + 1], slot_arrays, markers_, out[first:last])

        parts = min(os.cpu_count() or 1, max(1, len(placements) // 64))
        bounds = [len(placements) * k // parts for k in range(parts + 1)]
        if parts == 1:
            work(0, len(placements))
        else:
            with ThreadPoolExecutor(parts) as pool:
                list(pool.map(work, bounds[:-1], bounds[1:]))
        return [float(value) for value in out]

    def _marker_arrays(self) -> tuple[npt.NDArray[np.generic], ...]:
        sizes = np.array([locus.size for locus in self.loci], dtype=np.int64)
        return (
            sizes,
            np.cumsum([0, *sizes]).astype(np.int64),
            np.concatenate([*(locus.frequencies for locus in self.loci), np.zeros(1)]),
            np.cumsum([0, *(2 * size * size for size in sizes)]).astype(np.int64),
            np.concatenate([*(locus.matrices.reshape(-1) for locus in self.loci), np.zeros(1)]),
            np.array([locus.silent for locus in self.loci], dtype=np.int64),
        )

    def _program(
        self, placement: Placement, pattern: tuple[bytes, bytes], x_linked: bool
    ) -> tuple[int, list[tuple[tuple[_Source, ...], bool]]]:
        """The program for these typed persons, and the sources of evidence of each slot; -1: nobody is typed."""
        places = (tuple(place for _, place in placement), pattern, x_linked)
        if places in self.program_at:
            number, order = self.program_at[places]
            rows = [row for row, _ in placement]
            # A source in the cache names a profile by its position in the placement.
            return number, [(tuple((mine, rows[k] if mine else k) for mine, k in people), one) for people, one in order]
        by_person: dict[str, tuple[_Source, int]] = {}
        for row, (person, code) in enumerate(zip(self.family.profiles.ids, pattern[0], strict=True)):
            if code:
                by_person[person] = ((False, row), code)
        for (row, place), code in zip(placement, pattern[1], strict=True):
            if code:
                by_person[self.family.missing[place]] = ((True, row), code)
        if not by_person:
            return -1, []
        key = (frozenset((person, code) for person, (_, code) in by_person.items()), x_linked)
        if key not in self.program_of:
            codes = {person: code for person, (_, code) in by_person.items()}
            tree = lineage(self.family.pedigree, frozenset(by_person), x_linked)
            self.program_of[key] = (len(self.programs.constants), [])
            self._add_program(tree, codes)
            self.trees[key] = tree
        number, _ = self.program_of[key]
        tree = self.trees[key]
        sources = []
        for genome in tree.genomes:
            found = tuple(by_person[person][0] for person in genome.people if person in by_person)
            if found:
                sources.append((found, x_linked and genome.sex is Sex.MALE))
        at = {row: k for k, (row, _) in enumerate(placement)}
        self.program_at[places] = (
            number,
            [(tuple((mine, at[row] if mine else row) for mine, row in people), one) for people, one in sources],
        )
        return number, sources

    @property
    def trees(self) -> dict[tuple[object, ...], Lineage]:
        found: dict[tuple[object, ...], Lineage] = self.__dict__.setdefault("_trees", {})
        return found

    def _add_program(self, tree: Lineage, codes: Mapping[str, int]) -> None:
        statuses: list[Status] = []
        slot_of: dict[int, int] = {}
        for number, genome in enumerate(tree.genomes):
            known = {codes[person] for person in genome.people if person in codes}
            statuses.append(Status.UNTYPED if not known else Status.EXACT if 1 in known else Status.UNCERTAIN)
            if known:
                slot_of[number] = len(slot_of)
        net = network(tree, (tuple(statuses),))
        kinds = [
            SELECTOR
            if v.selector
            else ALLELE_VARIABLE
            if v.side is not None
            else PHASED_GENOTYPE_VARIABLE
            if v.phase_fixed
            else GENOTYPE_VARIABLE
            for v in net.variables
        ]
        sizes = [10 if kind == ALLELE_VARIABLE else 1 if kind == PHASED_GENOTYPE_VARIABLE else 2 for kind in kinds]
        order = _planned(net.scopes, tuple(sizes))
        parts = self.programs.parts
        parts["base"].append(net.base)
        for name in ("factor_start", "factor_variables", "step_variable", "step_start", "step_factors"):
            parts[name].append(getattr(order, name))
        parts["variable_kind"].append(np.array(kinds, dtype=np.int64))
        parts["variable_slot"].append(np.array([slot_of.get(v.genome, -1) for v in net.variables], dtype=np.int64))
        parts["seen_slot"].append(np.array([slot_of[genome] for genome, _ in net.seen], dtype=np.int64))
        parts["fractions"].append(np.array(net.fractions, dtype=float))
        self.programs.constants.append(net.ln_constant)

    def _slots(self, sources: Sequence[tuple[tuple[_Source, ...], bool]], markers: IntArray) -> IntArray:
        slots = np.empty((markers.size, len(sources), 4), dtype=np.int64)
        where = markers.tobytes()
        for s, (people, one) in enumerate(sources):
            key = (people, one, where)
            if key not in self.one_slot:
                self.one_slot[key] = self._slot(people, one, markers)
            slots[:, s] = self.one_slot[key]
        return slots

    def _slot(self, people: tuple[_Source, ...], one: bool, markers: IntArray) -> IntArray:
        slot = np.zeros((markers.size, 4), dtype=np.int64)
        slot[:, 3] = one
        mine, row = people[0]
        alleles = self.alleles[mine][row, markers]
        plain = len(people) == 1 and bool((self.codes[mine][row, markers] == 1).all())
        if plain and not (one and bool((alleles[:, 0] != alleles[:, 1]).any())):
            slot[:, 1:3] = alleles
            return slot
        slot[:, 0] = 1
        slot[:, 1] = [self._table(people, int(m), one) for m in markers]
        return slot

    def _table(self, people: tuple[_Source, ...], m: int, one: bool) -> int:
        key = (people, m, one)
        if key not in self.table_of:
            locus = self.loci[m]
            product = np.ones((locus.size, locus.size))
            for mine, row in people:
                source = self.profiles if mine else self.family.profiles
                product = product * observation(source, row, self.columns[m], locus, one_allele=one)
            if one:
                product = np.diag(np.diag(product))
            self.table_of[key] = len(self.tables)
            self.tables.append(product.reshape(-1))
        return self.table_of[key]
