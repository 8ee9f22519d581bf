"""Likelihoods of remains placed in one family, summed in parts that many placements share."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.exact.evidence import Locus, locus_of, observation, seen_alleles
from dokaz.kinship.exact.likelihood import ln_likelihood, terms_of
from dokaz.kinship.exact.programs import KNOWN, MAY_HIDE, UNCERTAIN, UNTYPED, Program, flattened
from dokaz.kinship.exact.reduced_pedigree import ReducedPedigree, reduced_pedigree
from dokaz.kinship.joint.cut_families import cut
from dokaz.kinship.kernels.placement_sum import run_placements
from dokaz.kinship.model.families import KinshipFamily
from dokaz.kinship.model.pedigree import Sex
from dokaz.kinship.model.profiles import NO_ALLELE, Profiles

#: Remains at places in a family: (row of the profile, number of the missing person), in order of the profile.
Placement = tuple[tuple[int, int], ...]

#: Whose evidence fills a slot: their numbers among relatives and then remains; several where they are one genome.
_Sources = tuple[int, ...]

#: Numbers of a slot: whether it is a table, the table or the first allele, the second allele, whether of one allele only.
_SLOT = 4


class _TypedAlike(NamedTuple):
    """Markers at which the same people are typed alike: what is known of relatives, then of the placed remains."""

    relatives: bytes
    placed: bytes
    x_linked: bool
    alike: bool
    markers: IntArray
    where: bytes


class PlacementLikelihoods:
    """Of the relatives' profiles together with those placed; what parts sum to is kept and shared.

    Args:
        family: Relatives' profiles over the profiles' markers.
        profiles: Profiles of remains.
        rows: Which of them may be placed.
        interchangeable: Groups of missing persons (numbers) whom no profile can tell apart.
        theta: Coancestry coefficient.
    """

    def __init__(
        self,
        family: KinshipFamily,
        profiles: Profiles,
        rows: Sequence[int],
        interchangeable: Sequence[Sequence[int]],
        theta: float,
    ) -> None:
        self._family, self._profiles, self._theta = family, profiles, theta
        self._groups = interchangeable
        self._known: dict[Placement, float] = {}
        self._terms = terms_of(profiles).all
        self._evidence = _Evidence(family.profiles, profiles, rows, [term.columns[0] for term in self._terms])
        self._everybody = frozenset([*family.profiles.ids, *family.missing])
        self._typed_alike: dict[tuple[int, ...], list[_TypedAlike]] = {}
        self._trees: dict[tuple[frozenset[str], bool], ReducedPedigree] = {}
        self._programs: dict[Program, int] = {}
        self._cuts: dict[tuple[frozenset[str], bool, tuple[int, ...], bool], list[tuple[int, tuple[int, ...]]]] = {}
        #: A job is a part with evidence at one marker: (program, marker, first slot); its slots; what it sums to.
        self._jobs: list[tuple[int, int, int]] = []
        self._slots: list[bytes] = [bytes(8 * _SLOT)]
        self._slot_count = 1
        self._values = np.empty(0)
        #: By program, marker and evidence, for people often show the same alleles; and by program, people and markers.
        self._job_of: dict[tuple[int, int, bytes], int] = {}
        self._jobs_of: dict[tuple[int, tuple[_Sources, ...], bytes], IntArray] = {}

    def of(self, placements: Sequence[Placement]) -> list[float]:
        """Natural logarithm of the likelihood of each placement; -inf where impossible."""
        canonical = [self._canonical(placement) for placement in placements]
        fresh = [p for p in dict.fromkeys(canonical) if p not in self._known]
        if self._theta > 0:
            for placement in fresh:
                self._known[placement] = self._whole(placement)
        elif fresh:
            self._known.update(zip(fresh, self._in_parts(fresh), strict=True))
        return [self._known[placement] for placement in canonical]

    def _canonical(self, placement: Placement) -> Placement:
        """The same with interchangeable persons taken in order."""
        for group in self._groups:
            rows = [row for row, place in placement if place in group]
            if rows:
                rest = [pair for pair in placement if pair[1] not in group]
                placement = tuple(sorted([*rest, *zip(rows, group, strict=False)]))
        return placement

    def _whole(self, placement: Placement) -> float:
        names = {self._profiles.ids[row]: self._family.missing[place] for row, place in placement}
        placed = self._profiles.only(list(names)).renamed(names)
        together = self._family.profiles.joined(placed) if names else self._family.profiles
        return float(ln_likelihood(self._family.pedigree, together, theta=self._theta).sum())

    def _in_parts(self, placements: Sequence[Placement]) -> list[float]:
        used: list[IntArray] = []
        starts = [0]
        for placement in placements:
            count = 0
            for markers in self._markers_typed_alike(placement):
                for jobs in self._jobs_at(placement, markers):
                    used.append(jobs)
                    count += jobs.size
            starts.append(starts[-1] + count)
        sums = self._sum(np.concatenate([np.zeros(0, dtype=np.int64), *used]), np.array(starts))
        return [float(value) for value in sums]

    def _markers_typed_alike(self, placement: Placement) -> list[_TypedAlike]:
        rows = tuple(row for row, _ in placement)
        if rows not in self._typed_alike:
            self._typed_alike[rows] = self._evidence.typed_alike(rows, [term.x_linked for term in self._terms])
        return self._typed_alike[rows]

    def _jobs_at(self, placement: Placement, markers: _TypedAlike) -> list[IntArray]:
        """The parts of a placement at markers where the same people are typed alike, as jobs."""
        of_person = self._of_person(placement, markers)
        # On X only those who matter need a known sex, so nobody else may be in the tree.
        reached = frozenset(of_person) if markers.x_linked else self._everybody
        tree = self._tree(reached, markers.x_linked)
        of_genome = [[of_person[p] for p in genome.people if p in of_person] for genome in tree.genomes]
        codes = tuple([_together(found) if found else UNTYPED for found in of_genome])
        key = reached, markers.x_linked, codes, markers.alike
        if key not in self._cuts:
            parts = cut(tree, codes, markers.alike)
            self._cuts[key] = [(self._programs.setdefault(p.program, len(self._programs)), p.genomes) for p in parts]
        found = []
        for program, genomes in self._cuts[key]:
            sources = tuple([tuple([source for source, _ in of_genome[g]]) for g in genomes])
            known = self._jobs_of.get((program, sources, markers.where))
            if known is None:
                one = [tree.x_linked and tree.genomes[g].sex is Sex.MALE for g in genomes]
                known = self._new_jobs(program, self._evidence.slots(sources, one, markers), markers)
                self._jobs_of[program, sources, markers.where] = known
            found.append(known)
        return found

    def _tree(self, reached: frozenset[str], x_linked: bool) -> ReducedPedigree:
        key = reached, x_linked
        if key not in self._trees:
            self._trees[key] = reduced_pedigree(self._family.pedigree, reached, x_linked)
        return self._trees[key]

    def _of_person(self, placement: Placement, markers: _TypedAlike) -> dict[str, tuple[int, int]]:
        """The number among all evidence of each typed person, and what is known of them."""
        relatives = enumerate(zip(self._family.profiles.ids, markers.relatives, strict=True))
        found = {person: (number, code) for number, (person, code) in relatives if code}
        first = len(self._family.profiles)
        for (row, place), code in zip(placement, markers.placed, strict=True):
            if code:
                found[self._family.missing[place]] = (first + row, code)
        return found

    def _new_jobs(self, program: int, slots: IntArray, markers: _TypedAlike) -> IntArray:
        found = np.empty(markers.markers.size, dtype=np.int64)
        count = slots.shape[1]
        width = 8 * _SLOT * count
        raw = slots.tobytes()
        for i, m in enumerate(markers.markers.tolist()):
            shown = raw[i * width : (i + 1) * width]
            job = self._job_of.setdefault((program, m, shown), len(self._jobs))
            if job == len(self._jobs):
                self._jobs.append((program, m, self._slot_count))
                self._slots.append(shown)
                self._slot_count += count
            found[i] = job
        return found

    def _sum(self, used: IntArray, starts: IntArray) -> FloatArray:
        """What the jobs of each placement add up to."""
        self._values = np.concatenate([self._values, np.full(len(self._jobs) - self._values.size, np.nan)])
        jobs = np.array(self._jobs, dtype=np.int64).reshape(-1, 3)
        slots = np.frombuffer(b"".join(self._slots), dtype=np.int64).reshape(-1, _SLOT)
        tables = self._evidence.tables
        slot_arrays = (
            *(np.ascontiguousarray(slots[:, k]) for k in range(_SLOT)),
            np.concatenate([*tables, np.zeros(1)]),
            np.cumsum([0, *(table.size for table in tables)]).astype(np.int64),
        )
        programs, markers = flattened(list(self._programs)), self._evidence.marker_arrays()
        out = np.zeros(starts.size - 1)

        def work(first: int, last: int) -> None:
            part = starts[first : last + 1]
            run_placements(programs, jobs, slot_arrays, markers, used, part, self._values, out[first:last])

        # Two that need the same job at the same time both sum it, to the same value.
        shares = min(os.cpu_count() or 1, max(1, out.size // 32))
        bounds = [out.size * k // shares for k in range(shares + 1)]
        if shares == 1:
            work(0, out.size)
        else:
            with ThreadPoolExecutor(shares) as pool:
                list(pool.map(work, bounds[:-1], bounds[1:]))
        return out


def _together(found: Sequence[tuple[int, int]]) -> int:
    """What is known of a genome, given what is known of each of the people who share it."""
    codes = {code for _, code in found}
    if len(codes) == 1:
        return codes.pop()
    return MAY_HIDE if codes & {KNOWN, MAY_HIDE} else UNCERTAIN


class _Evidence:
    """What the profiles of relatives and remains show, with the alleles that nobody shows merged into one."""

    def __init__(self, relatives: Profiles, remains: Profiles, rows: Sequence[int], columns: Sequence[int]) -> None:
        self._people = [(source, row) for source in (relatives, remains) for row in range(len(source))]
        self._relatives, self._columns = len(relatives), columns
        self._loci: list[Locus] = []
        alleles: list[IntArray] = []
        for column in columns:
            seen = seen_alleles(relatives, range(len(relatives)), column) | seen_alleles(remains, rows, column)
            locus = locus_of(remains.markers.markers[column], seen)
            shown = np.concatenate([source.alleles[:, column, :2] for source in (relatives, remains)]).astype(np.int64)
            self._loci.append(locus)
            alleles.append(np.where(shown == NO_ALLELE, 0, locus.classes[shown]))
        self._alleles = np.stack(alleles, axis=1) if alleles else np.zeros((len(self._people), 0, 2), dtype=np.int64)
        typed = np.concatenate([source.typed[:, columns] for source in (relatives, remains)])
        uncertain = ~np.isnan(np.concatenate([source.dropout[:, columns] for source in (relatives, remains)]))
        silent = np.array([locus.silent >= 0 for locus in self._loci], dtype=bool)
        hiding = silent & (self._alleles[..., 0] == self._alleles[..., 1])
        certain = np.where(hiding, MAY_HIDE, KNOWN)
        self._codes = np.where(typed, np.where(uncertain, UNCERTAIN, certain), UNTYPED).astype(np.uint8)
        self._slot_of: dict[tuple[_Sources, bool, bytes], IntArray] = {}
        self._table_of: dict[tuple[_Sources, int, bool], int] = {}
        #: What an uncertain slot shows given each pair of alleles, flattened.
        self.tables: list[FloatArray] = []

    def typed_alike(self, rows: Sequence[int], x_linked: Sequence[bool]) -> list[_TypedAlike]:
        """Markers at which relatives and these remains are typed alike."""
        found: dict[tuple[bytes, bytes, bool, bool], list[int]] = {}
        placed = [self._relatives + row for row in rows]
        for m, locus in enumerate(self._loci):
            alike = bool((locus.matrices[0] == locus.matrices[1]).all())
            codes = self._codes[: self._relatives, m].tobytes(), self._codes[placed, m].tobytes()
            found.setdefault((*codes, x_linked[m], alike), []).append(m)
        return [_TypedAlike(*key, np.array(ms), np.array(ms).tobytes()) for key, ms in found.items()]

    def marker_arrays(self) -> tuple[npt.NDArray[np.generic], ...]:
        """Markers as `placement_sum.run_placements` takes them."""
        sizes = np.array([locus.size for locus in self._loci], dtype=np.int64)
        return (
            sizes,
            np.cumsum([0, *sizes]).astype(np.int64),
            np.concatenate([*(locus.frequencies for locus in self._loci), np.zeros(1)]),
            np.cumsum([0, *(2 * size * size for size in sizes)]).astype(np.int64),
            np.concatenate([*(locus.matrices.reshape(-1) for locus in self._loci), np.zeros(1)]),
            np.array([locus.silent for locus in self._loci], dtype=np.int64),
        )

    def slots(self, sources: Sequence[_Sources], one_allele: Sequence[bool], markers: _TypedAlike) -> IntArray:
        """Evidence of some people at markers: shape (markers, people, 4)."""
        slots = np.empty((markers.markers.size, len(sources), _SLOT), dtype=np.int64)
        for s, (people, one) in enumerate(zip(sources, one_allele, strict=True)):
            key = people, one, markers.where
            if key not in self._slot_of:
                self._slot_of[key] = self._slot(people, one, markers.markers)
            slots[:, s] = self._slot_of[key]
        return slots

    def _slot(self, people: _Sources, one: bool, markers: IntArray) -> IntArray:
        slot = np.zeros((markers.size, _SLOT), dtype=np.int64)
        slot[:, 3] = one
        alleles = self._alleles[people[0], markers]
        plain = len(people) == 1 and bool((self._codes[people[0], markers] != UNCERTAIN).all())
        if plain and not (one and bool((alleles[:, 0] != alleles[:, 1]).any())):
            slot[:, 1:3] = alleles
            return slot
        slot[:, 0] = 1
        slot[:, 1] = [self._table(people, int(m), one) for m in markers]
        return slot

    def _table(self, people: _Sources, m: int, one: bool) -> int:
        key = people, m, one
        if key not in self._table_of:
            locus = self._loci[m]
            product = observation([self._people[n] for n in people], self._columns[m], locus, one_allele=one)
            self._table_of[key] = len(self.tables)
            self.tables.append(product.reshape(-1))
        return self._table_of[key]
