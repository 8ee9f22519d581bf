"""Remains placed in one family: the likelihood of every possible placement of several at once."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokaz.errors import TooComplex
from dokaz.kinship.blind import Family
from dokaz.kinship.evidence import Locus, locus_of, observation, seen_alleles
from dokaz.kinship.jointkernel import run_parts
from dokaz.kinship.likelihood import _terms, ln_likelihood
from dokaz.kinship.network import lineage
from dokaz.kinship.parts import HIDING, KNOWN, NOTHING, UNSURE, Part, Shape, cut, flattened
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


#: A person with evidence: a relative's row (first False) or a profile's row (first True).
_Source = tuple[bool, int]

#: Whose evidence fills the slots of a part: the persons of each genome, and whether it shows one allele only.
_Sources = tuple[tuple[tuple[_Source, ...], bool], ...]


class _Engine:
    """Likelihoods of placements in one family; what parts of the family's network sum to is kept and shared."""

    def __init__(self, family: Family, profiles: Profiles, rows: Sequence[int], theta: float) -> None:
        self.family, self.profiles, self.theta = family, profiles, theta
        self.terms = _terms(profiles, ())
        self.columns = [term.columns[0] for term in self.terms]
        self.known: dict[Placement, float] = {}
        self.groups = interchangeable(family)
        self.shapes: dict[Shape, int] = {}
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
        silent = np.array([locus.silent >= 0 for locus in self.loci], dtype=bool)
        self.codes: dict[bool, npt.NDArray[np.uint8]] = {}
        for mine, source in ((False, family.profiles), (True, profiles)):
            typed, uncertain = source.typed[:, self.columns], ~np.isnan(source.dropout[:, self.columns])
            hiding = silent & (self.alleles[mine][..., 0] == self.alleles[mine][..., 1])
            certain = np.where(hiding, HIDING, KNOWN)
            self.codes[mine] = np.where(typed, np.where(uncertain, UNSURE, certain), NOTHING).astype(np.uint8)
        self.typed_alike: dict[tuple[int, ...], list[tuple[tuple[bytes, bytes], bool, IntArray]]] = {}
        self.cuts: dict[tuple[frozenset[tuple[str, int]], bool], tuple[float, tuple[Part, ...]]] = {}
        #: What each part sums to, at every marker; NaN: not yet known.
        self.sums: dict[tuple[int, _Sources], FloatArray] = {}
        #: The same by shape, marker and evidence, for people often show the same alleles.
        self.alike: dict[tuple[int, int, bytes], float] = {}
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
        """Sum what is not yet known of all parts of these placements, then add the parts up."""
        constants = np.zeros(len(placements))
        needed: list[list[tuple[FloatArray, IntArray]]] = []
        fresh: list[tuple[int, _Sources, FloatArray, IntArray]] = []
        for p, placement in enumerate(placements):
            used = []
            for pattern, x_linked, markers in self._typed_alike(placement):
                by_person = self._by_person(placement, pattern)
                key = (frozenset((person, code) for person, (_, code) in by_person.items()), x_linked)
                if key not in self.cuts:
                    self.cuts[key] = cut(lineage(self.family.pedigree, frozenset(by_person), x_linked), key[0])
                constant, parts = self.cuts[key]
                constants[p] += constant * markers.size
                for part in parts:
                    shape = self.shapes.setdefault(part.shape, len(self.shapes))
                    sources = tuple(
                        (tuple(by_person[person][0] for person in people), one) for people, one in part.slots
                    )
                    sums = self.sums.get((shape, sources))
                    if sums is None:
                        sums = self.sums[shape, sources] = np.full(len(self.columns), np.nan)
                    unknown = markers[np.isnan(sums[markers])]
                    if unknown.size:
                        fresh.append((shape, sources, sums, unknown))
                        sums[unknown] = 0.0  # asked for
                    used.append((sums, markers))
            needed.append(used)
        self._sum(fresh)
        return [
            float(constants[p] + math.fsum(float(sums[markers].sum()) for sums, markers in used))
            for p, used in enumerate(needed)
        ]

    def _typed_alike(self, placement: Placement) -> list[tuple[tuple[bytes, bytes], bool, IntArray]]:
        """Markers at which the same people are typed alike: what is known of relatives and profiles, X or not, which."""
        rows = tuple(row for row, _ in placement)
        if rows not in self.typed_alike:
            found: dict[tuple[tuple[bytes, bytes], bool], list[int]] = {}
            for m, term in enumerate(self.terms):
                pattern = self.codes[False][:, m].tobytes(), self.codes[True][list(rows), m].tobytes()
                found.setdefault((pattern, term.x_linked), []).append(m)
            self.typed_alike[rows] = [
                (pattern, x_linked, np.array(markers)) for (pattern, x_linked), markers in found.items()
            ]
        return self.typed_alike[rows]

    def _by_person(self, placement: Placement, pattern: tuple[bytes, bytes]) -> dict[str, tuple[_Source, int]]:
        """Where the evidence of each typed person lies, and what is known of them."""
        relatives = zip(self.family.profiles.ids, pattern[0], strict=True)
        found = {person: ((False, row), code) for row, (person, code) in enumerate(relatives) if code}
        for (row, place), code in zip(placement, pattern[1], strict=True):
            if code:
                found[self.family.missing[place]] = ((True, row), code)
        return found

    def _sum(self, fresh: Sequence[tuple[int, _Sources, FloatArray, IntArray]]) -> None:
        """Fill in what parts sum to at markers."""
        jobs: list[tuple[int, int, int]] = []
        slots: list[IntArray] = [np.zeros((1, 4), dtype=np.int64)]
        so_far = 1
        asked = []
        waiting: dict[tuple[int, int, bytes], int] = {}
        for shape, sources, _, markers in fresh:
            for m, evidence in zip(markers.tolist(), self._slots(sources, markers), strict=True):
                key = (shape, m, evidence.tobytes())
                asked.append(key)
                if key not in self.alike and key not in waiting:
                    waiting[key] = len(jobs)
                    jobs.append((shape, m, so_far))
                    slots.append(evidence)
                    so_far += len(evidence)
        all_jobs = np.array(jobs, dtype=np.int64).reshape(-1, 3)
        all_slots = np.concatenate(slots)
        slot_arrays = (
            *(np.ascontiguousarray(all_slots[:, k]) for k in range(4)),
            np.concatenate([*self.tables, np.zeros(1)]),
            np.cumsum([0, *(table.size for table in self.tables)]).astype(np.int64),
        )
        programs, markers_ = flattened(list(self.shapes)), self._marker_arrays()
        out = np.zeros(len(all_jobs))

        def work(first: int, last: int) -> None:
            run_parts(programs, all_jobs[first:last], slot_arrays, markers_, out[first:last])

        shares = min(os.cpu_count() or 1, max(1, len(all_jobs) // 512))
        bounds = [len(all_jobs) * k // shares for k in range(shares + 1)]
        if shares == 1:
            work(0, len(all_jobs))
        else:
            with ThreadPoolExecutor(shares) as pool:
                list(pool.map(work, bounds[:-1], bounds[1:]))
        self.alike.update(zip(waiting, out.tolist(), strict=True))
        found = iter(asked)
        for _, _, sums, markers in fresh:
            sums[markers] = [self.alike[next(found)] for _ in markers]

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

    def _slots(self, sources: _Sources, markers: IntArray) -> IntArray:
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
        plain = len(people) == 1 and bool(np.isin(self.codes[mine][row, markers], (KNOWN, HIDING)).all())
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
