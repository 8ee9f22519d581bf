"""Genotype tables: what each missing person's genotype may be, given the relatives, marker by marker."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from dokaz.kinship.arrays import AlleleArray, BoolArray, FloatArray, IntArray
from dokaz.kinship.exact.evidence import observation, whole_locus
from dokaz.kinship.exact.family_shapes import shape_of
from dokaz.kinship.exact.likelihood import Term, member_table, terms_of
from dokaz.kinship.exact.programs import (
    KNOWN,
    MAY_HIDE,
    UNCERTAIN,
    UNTYPED,
    FamilyPrograms,
    ProgramCache,
)
from dokaz.kinship.exact.theta import check_theta
from dokaz.kinship.kernels.genotype_tables import run_jobs
from dokaz.kinship.model.markers import Linked, MarkerSet
from dokaz.kinship.model.pedigree import Member, Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles


@dataclass(frozen=True, eq=False)
class Panel:
    """The markers that enter a search, as numbers.

    Genotypes of a marker are numbered b(b+1)/2 + a for alleles a ≤ b, the silent allele last.

    Args:
        markers: Where they came from.
        columns: Positions of the markers that are inherited in pedigrees, autosomal and X.
        names: Their names.
        x_linked: One flag a marker.
        sizes: Alleles, the silent one included.
        silents: Position of the silent allele; -1: none.
        frequencies, matrices: Flattened one marker after another, with their starts; mothers' matrix before fathers'.
        genotype_start: Where each marker's genotypes start in a row of all genotypes; one more than markers.
        groups: Linked markers, which are none of the columns.
        linked: What was linked.
    """

    markers: MarkerSet
    columns: tuple[int, ...]
    names: tuple[str, ...]
    x_linked: BoolArray
    sizes: IntArray
    silents: IntArray
    frequency_start: IntArray
    frequencies: FloatArray
    matrix_start: IntArray
    matrices: FloatArray
    genotype_start: IntArray
    groups: tuple[LinkedGroup, ...] = ()
    linked: tuple[Linked, ...] = ()

    @cached_property
    def alike(self) -> tuple[bool, ...]:
        """For each marker whether fathers and mothers mutate alike."""
        mutations = [self.markers.markers[column].mutation for column in self.columns]
        return tuple(mutation is None or mutation.female == mutation.male for mutation in mutations)

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the factors of an LR, markers and linked groups, in the markers' order."""
        names = (*self.names, *(group.term.name for group in self.groups))
        return tuple(names[k] for k in np.argsort(self.places))

    @property
    def places(self) -> IntArray:
        """Where each column, and then each linked group, comes among the terms."""
        first = [*self.columns, *(min(group.term.columns) for group in self.groups)]
        return np.argsort(np.argsort(np.array(first, dtype=np.int64)))

    @property
    def genotypes(self) -> int:
        """Number of genotypes over all markers."""
        return int(self.genotype_start[-1])

    @cached_property
    def drifts(self) -> BoolArray:
        """Whether mutation changes a marker's frequencies from one generation to the next."""
        found = np.zeros(len(self.columns), dtype=bool)
        for m, column in enumerate(self.columns):
            marker = self.markers.markers[column]
            if marker.matrices is not None:
                q = np.array(marker.all_frequencies)
                found[m] = any(np.abs(q @ matrix - q).max() > 1e-12 for matrix in marker.matrices)
        return found

    def arrays(self) -> tuple[npt.NDArray[np.generic], ...]:
        """In the form that the kernel takes."""
        return (
            self.sizes,
            self.frequency_start,
            self.frequencies,
            self.matrix_start,
            self.matrices,
            self.silents,
            self.genotype_start,
        )

    def hardy_weinberg(self) -> tuple[FloatArray, FloatArray]:
        """Hardy–Weinberg probabilities of all genotypes: of a person with two alleles, and of a man on X."""
        both, hemizygous = np.zeros(self.genotypes), np.zeros(self.genotypes)
        for m in range(len(self.columns)):
            size = int(self.sizes[m])
            q = self.frequencies[self.frequency_start[m] : self.frequency_start[m] + size]
            b, a = np.tril_indices(size)
            first = self.genotype_start[m]
            both[first : self.genotype_start[m + 1]] = q[a] * q[b] * np.where(a == b, 1.0, 2.0)
            hemizygous[first : self.genotype_start[m + 1]] = np.where(a == b, q[a], 0.0)
        for autosomal in np.flatnonzero(~self.x_linked):
            part = slice(self.genotype_start[autosomal], self.genotype_start[autosomal + 1])
            hemizygous[part] = both[part]
        return both, hemizygous


@dataclass(frozen=True, eq=False)
class LinkedGroup:
    """Linked markers of a panel: one factor, and a panel of its own."""

    term: Term
    panel: Panel


def _may_be_inbred(pedigree: Pedigree, person: str) -> bool:
    """Whether a person's two alleles may descend from one, which makes homozygotes likelier than among strangers."""
    member = pedigree[person]
    if member.father is None or member.mother is None:
        return member.is_founder and member.inbreeding > 0
    return bool(_line(pedigree, member.father) & _line(pedigree, member.mother))


def _line(pedigree: Pedigree, person: str) -> set[str]:
    """A person with all ancestors, and the identical twins of each."""
    found: set[str] = set()
    ahead = [person]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            member = pedigree[name]
            ahead += [parent for parent in (member.father, member.mother) if parent is not None]
            ahead += [twin for group in pedigree.identical_twins if name in group for twin in group]
    return found


def panel_of(markers: MarkerSet, linked: Sequence[Linked] = ()) -> Panel:
    """The markers of a set that are inherited in pedigrees.

    Raises:
        BadQuestion: as `likelihood.likelihood_ratio`, of what is linked.
    """
    return _panel_of(markers, tuple((tuple(names), tuple(fractions)) for names, fractions in linked))


@lru_cache(maxsize=32)
def _panel_of(markers: MarkerSet, linked: tuple[Linked, ...]) -> Panel:
    terms = terms_of(Profiles.of({}, markers), linked).all
    single = _panel(markers, [(term.columns[0], term.x_linked) for term in terms if len(term.columns) == 1])
    groups = [
        LinkedGroup(term, _panel(markers, [(column, term.x_linked) for column in term.columns]))
        for term in terms
        if len(term.columns) > 1
    ]
    return replace(single, groups=tuple(groups), linked=linked)


def _panel(markers: MarkerSet, places: Sequence[tuple[int, bool]]) -> Panel:
    """Some markers of a set: position, and whether on X."""
    columns = tuple(column for column, _ in places)
    chosen = [markers.markers[column] for column in columns]
    sizes = np.array([len(marker.all_frequencies) for marker in chosen], dtype=np.int64)
    matrices = []
    for marker, size in zip(chosen, sizes, strict=True):
        pair = marker.matrices or (np.eye(size), np.eye(size))
        matrices.append(np.stack(pair).reshape(-1))
    return Panel(
        markers,
        columns,
        tuple(marker.name for marker in chosen),
        np.array([x_linked for _, x_linked in places], dtype=bool),
        sizes,
        np.array([len(m.alleles) if m.has_silent else -1 for m in chosen], dtype=np.int64),
        np.cumsum([0, *sizes]).astype(np.int64),
        np.array([f for marker in chosen for f in marker.all_frequencies], dtype=float),
        np.cumsum([0, *(matrix.size for matrix in matrices)]).astype(np.int64),
        np.concatenate([*matrices, np.zeros(1)]),
        np.cumsum([0, *(sizes * (sizes + 1) // 2)]).astype(np.int64),
    )


@dataclass(frozen=True, eq=False)
class GenotypeTables:
    """Genotype tables of several missing persons.

    Args:
        panel: The markers.
        related: Probability of each genotype of the missing person given the relatives; shape (missing, genotypes).
        unrelated: Probability of each genotype of an unrelated person (with theta: given the relatives); same shape, or
            one row for all with two alleles and one for all men.
        unrelated_row: The row of `unrelated` for each missing person.
        possible: Whether the relatives' profiles are possible; shape (missing, markers).
        informative: Whether the LR can be other than 1: a relative is typed, the marker drifts, the person is inbred.
        male: Whether the missing person is male.
    """

    panel: Panel
    related: FloatArray
    unrelated: FloatArray
    unrelated_row: IntArray
    possible: BoolArray
    informative: BoolArray
    male: BoolArray


@dataclass(frozen=True)
class Target:
    """One missing person of one family."""

    pedigree: Pedigree
    profiles: Profiles
    person: str


def informative_at(target: Target, panel: Panel) -> BoolArray:
    """At which markers the LR can be other than 1 without theta."""
    found = np.asarray(target.profiles.typed[:, list(panel.columns)].any(axis=0), dtype=bool)
    if not target.pedigree[target.person].is_founder:
        # Even with nobody typed: mutation changes what a child is expected to show.
        found |= panel.drifts
    return found | _may_be_inbred(target.pedigree, target.person)


def genotype_tables(targets: Sequence[Target], panel: Panel, cache: ProgramCache) -> GenotypeTables:
    """Build the tables of several missing persons.

    Assumes one missing person at a time: the others of the family stay unknown.

    Args:
        targets: Missing persons with their families, over the panel's markers.
        panel: The markers.
        cache: Programs planned so far; grows.

    Raises:
        NotMeaningful, TooComplex, BadQuestion: as `likelihood.likelihood_ratio`.

    Source: Lauritzen & Sheehan 2003 (elimination); Balding & Nichols 1994 (theta).
    """
    check_theta(cache.theta)
    builder = _TableBuilder(panel, cache)
    for row, target in enumerate(targets):
        builder.add(row, target)
    return builder.run(targets)


class _TableBuilder:
    """Collects jobs for the kernel; what the kernel cannot do goes to `one_marker.member_table`."""

    def __init__(self, panel: Panel, cache: ProgramCache) -> None:
        self.panel, self.cache = panel, cache
        self.columns = np.array(panel.columns, dtype=np.intp)
        self.jobs: list[IntArray] = []
        self.slots: list[IntArray] = []
        self.slots_so_far = 0
        self.tables: list[FloatArray] = []
        self.slow: list[tuple[int, int]] = []
        self.informative: list[BoolArray] = []

    def add(self, row: int, target: Target) -> None:
        """Plan all markers of one missing person."""
        panel, profiles = self.panel, target.profiles
        typed_rows = profiles.typed[:, self.columns]
        informative = informative_at(target, panel)
        self.informative.append(informative)
        anywhere = np.flatnonzero(typed_rows.any(axis=1))
        relatives = [profiles.ids[i] for i in anywhere]
        shape, people = shape_of(target.pedigree, relatives, target.person)
        row_of = profiles.rows
        rows = np.array([row_of.get(person, -1) for person in people])
        has = rows >= 0
        alleles = profiles.alleles[:, self.columns]
        codes = np.zeros((len(people), len(panel.columns)), dtype=np.uint8)
        uncertain = ~np.isnan(profiles.dropout[:, self.columns])
        ambiguous = (panel.silents >= 0) & (alleles[:, :, 0] == alleles[:, :, 1])
        code = np.where(uncertain, UNCERTAIN, np.where(ambiguous, MAY_HIDE, KNOWN))
        code = np.where(typed_rows, code, UNTYPED).astype(np.uint8)
        codes[has] = code[rows[has]]
        if self.cache.theta == 0:
            codes[codes == MAY_HIDE] = KNOWN
        kinds: dict[tuple[bytes, bool, bool], list[int]] = {}
        for m in range(len(panel.columns)):
            if informative[m] or self.cache.theta > 0:
                kind = codes[:, m].tobytes(), bool(panel.x_linked[m]), panel.alike[m]
                kinds.setdefault(kind, []).append(m)
        for (pattern, x_linked, alike), where in kinds.items():
            group = self.cache.group(shape, pattern, x_linked, alike)
            if group is None:
                self.slow += [(row, m) for m in where]
                continue
            self._add_jobs(row, group, pattern, np.array(where), rows, alleles, profiles)

    def _add_jobs(
        self,
        row: int,
        group: FamilyPrograms,
        pattern: bytes,
        where: IntArray,
        rows: npt.NDArray[np.intp],
        alleles: AlleleArray,
        profiles: Profiles,
    ) -> None:
        width = len(group.slots)
        jobs = np.empty((where.size, 4), dtype=np.int64)
        jobs[:, 0], jobs[:, 1], jobs[:, 2] = group.number, where, row
        jobs[:, 3] = self.slots_so_far + np.arange(where.size) * width
        slots = np.zeros((where.size, width, 4), dtype=np.int64)
        for s, (members, one) in enumerate(zip(group.slots, group.one_allele, strict=True)):
            slots[:, s, 3] = one
            if len(members) == 1 and pattern[members[0]] != UNCERTAIN:
                slots[:, s, 1:3] = alleles[rows[members[0]], where, :2]
                if one and (slots[:, s, 1] != slots[:, s, 2]).any():
                    # `one_marker.member_table` refuses it by person and marker.
                    self.slow += [(row, int(m)) for m in where]
                    return
            else:
                slots[:, s, 0] = 1
                samples = [(profiles, int(rows[member])) for member in members]
                for k, m in enumerate(where):
                    column = self.panel.columns[m]
                    locus = whole_locus(self.panel.markers.markers[column])
                    slots[k, s, 1] = len(self.tables)
                    self.tables.append(observation(samples, column, locus, one_allele=one).reshape(-1))
        self.jobs.append(jobs)
        self.slots.append(slots.reshape(-1, 4))
        self.slots_so_far += slots.shape[0] * width

    def run(self, targets: Sequence[Target]) -> GenotypeTables:
        """Run the jobs, then what the kernel left."""
        panel, cache = self.panel, self.cache
        count, theta = len(targets), cache.theta
        related = np.zeros((count, panel.genotypes))
        possible = np.ones((count, len(panel.columns)), dtype=bool)
        male = np.array([t.pedigree.sex_of(t.person) is Sex.MALE for t in targets], dtype=bool)
        if theta > 0:
            unrelated, unrelated_row = np.zeros((count, panel.genotypes)), np.arange(count)
        else:
            unrelated, unrelated_row = np.stack(panel.hardy_weinberg()), male.astype(np.int64)
        slots = np.concatenate([*self.slots, np.zeros((1, 4), dtype=np.int64)])
        starts = np.cumsum([0, *(table.size for table in self.tables)]).astype(np.int64)
        if self.jobs:
            run_jobs(
                *cache.arrays(),
                theta,
                np.concatenate(self.jobs),
                (
                    np.ascontiguousarray(slots[:, 0]),
                    np.ascontiguousarray(slots[:, 1]),
                    np.ascontiguousarray(slots[:, 2]),
                    np.ascontiguousarray(slots[:, 3]),
                    np.concatenate([*self.tables, np.zeros(1)]),
                    starts,
                ),
                panel.arrays(),
                related,
                unrelated,
                possible,
            )
        for row, m in self.slow:
            self._slowly(targets[row], row, m, related, unrelated, possible)
        informative = np.array(self.informative).reshape(count, len(panel.columns))
        return GenotypeTables(panel, related, unrelated, unrelated_row.astype(np.int64), possible, informative, male)

    def _slowly(
        self,
        target: Target,
        row: int,
        m: int,
        related: FloatArray,
        unrelated: FloatArray,
        possible: BoolArray,
    ) -> None:
        panel, theta = self.panel, self.cache.theta
        column = panel.columns[m]
        apart = np.ones(len(panel.markers.markers[column].alleles), dtype=bool)
        term = Term(panel.names[m], (column,), (), bool(panel.x_linked[m]))
        part = slice(panel.genotype_start[m], panel.genotype_start[m + 1])
        tables = [(related, *member_table(target.pedigree, target.profiles, term, theta, target.person, apart))]
        if theta > 0:
            stranger = Member("\0unrelated", sex=target.pedigree.sex_of(target.person))
            wider = replace(target.pedigree, members=(*target.pedigree.members, stranger))
            tables.append((unrelated, *member_table(wider, target.profiles, term, theta, stranger.id, apart)))
        for out, table, ln in tables:
            b, a = np.tril_indices(int(panel.sizes[m]))
            values = np.where(a == b, table[a, b], table[a, b] + table[b, a])
            total = float(values.sum())
            possible[row, m] &= total > 0 and ln > -math.inf
            out[row, part] = values / total if total > 0 else 0.0
