"""The best candidates of a search too large for a matrix: streamed, on all cores, resumable, in bounded memory."""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dokaz.errors import BadQuestion
from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.blind.linked import log10_lr_rows
from dokaz.kinship.blind.observations import Observations, observations
from dokaz.kinship.blind.search import targets_of
from dokaz.kinship.blind.search_folder import BestCandidates, SearchFolder
from dokaz.kinship.blind.tables import GenotypeTables, Panel, Target, genotype_tables, panel_of
from dokaz.kinship.exact.programs import ProgramCache
from dokaz.kinship.kernels.ranking import exact_totals, rank_block
from dokaz.kinship.model.families import KinshipFamily, columns_of
from dokaz.kinship.model.markers import Linked
from dokaz.kinship.model.profiles import Profiles
from dokaz.kinship.model.results import Assumptions

#: A block's float32 table should fit the second-level cache of one core.
CACHE_BYTES = 1_000_000

#: Float32 sums differ from exact ones by less than this; pairs this close to the threshold are decided exactly.
SLACK = 1e-3

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Candidates:
    """The strongest candidates of a search. A rank, never an identification.

    Args:
        profiles, missing, families: Ids: of the profiles, the missing persons, and the family of each missing person.
        markers: Names of the markers that entered.
        best: The candidates by number.
        keep: How many were kept of each profile and of each missing person.
        at_least_log10_lr: The threshold.
        assumptions: What else the numbers rest on.
    """

    profiles: tuple[str, ...]
    missing: tuple[str, ...]
    families: tuple[str, ...]
    markers: tuple[str, ...]
    best: BestCandidates
    keep: int
    at_least_log10_lr: float
    assumptions: Assumptions

    def of_profile(self, profile: str) -> list[tuple[str, float]]:
        """Missing persons for a profile with log10 LR, strongest first."""
        row = self.profiles.index(profile)
        found = zip(self.best.of_profile[row], self.best.of_profile_log10_lr[row], strict=True)
        return [(self.missing[j], float(value)) for j, value in found if j >= 0]

    def of_missing(self, person: str) -> list[tuple[str, float]]:
        """Profiles for a missing person with log10 LR, strongest first."""
        row = self.missing.index(person)
        found = zip(self.best.of_missing[row], self.best.of_missing_log10_lr[row], strict=True)
        return [(self.profiles[i], float(value)) for i, value in found if i >= 0]

    def pairs(self) -> list[Mapping[str, object]]:
        """Every pair kept for either side, strongest first; ties in order of id."""
        found: dict[tuple[int, int], float] = {}
        for i, j in np.argwhere(self.best.of_profile >= 0):
            found[int(i), int(self.best.of_profile[i, j])] = float(self.best.of_profile_log10_lr[i, j])
        for j, i in np.argwhere(self.best.of_missing >= 0):
            found[int(self.best.of_missing[j, i]), int(j)] = float(self.best.of_missing_log10_lr[j, i])
        rows = sorted(found.items(), key=lambda kv: (-kv[1], self.profiles[kv[0][0]], self.missing[kv[0][1]]))
        return [
            {
                "profile": self.profiles[i],
                "missing": self.missing[j],
                "family": self.families[j],
                "log10_lr": value,
            }
            for (i, j), value in rows
        ]


def find_candidates(
    profiles: Profiles,
    families: Sequence[KinshipFamily],
    *,
    theta: float = 0.0,
    linked: Sequence[Linked] = (),
    keep: int = 10,
    at_least_log10_lr: float = 0.0,
    folder: Path | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
) -> Candidates:
    """The strongest candidates of every profile and of every missing person.

    Persons of different known sexes are not compared. Scores are ranked in single precision and reported in double.

    Args:
        profiles: Profiles of remains.
        families: Families; their markers are matched by name.
        theta: Coancestry coefficient across all founders, the unrelated person included.
        linked: Groups of linked markers, each a term of its own, as in `likelihood_ratio`.
        keep: How many to keep for each profile, and for each missing person.
        at_least_log10_lr: Weaker pairs are not kept.
        folder: Where to keep genotype tables and finished parts, so that a search that was stopped goes on, and a
            later one over the same families does not build them again. None: nothing is written.
        progress: Called with missing persons done and in all.
        workers: Threads; None: as many as there are cores.

    Returns:
        Lists whose size does not grow with the number of pairs.

    Raises:
        BadQuestion: as `search.search`; nothing to keep.
    """
    ranking, targets, store = prepared(profiles, families, theta, linked, keep, at_least_log10_lr, folder)
    blocks = ranking.blocks(len(targets), workers or os.cpu_count() or 1)
    found = run_blocks(ranking, targets, blocks, ProgramCache(theta), store, progress, workers)
    return candidates_of(profiles, families, ranking, found)


def prepared(
    profiles: Profiles,
    families: Sequence[KinshipFamily],
    theta: float,
    linked: Sequence[Linked],
    keep: int,
    at_least_log10_lr: float,
    folder: Path | None,
) -> tuple[BlockRanking, list[Target], SearchFolder | None]:
    """The ranking that blocks share, the missing persons, and the folder that keeps finished work.

    Raises:
        BadQuestion: as `find_candidates`.
    """
    if keep < 1:
        raise BadQuestion(f"keep {keep!r}", next_step="keep at least one candidate")
    columns_of(families)  # refuses a missing person in two families
    targets = targets_of(families, profiles)
    ranking = block_ranking(profiles, theta, keep, at_least_log10_lr, linked)
    store = None
    if folder is not None:
        store = SearchFolder(folder, ranking.panel, profiles, targets, theta, (keep, at_least_log10_lr))
    return ranking, targets, store


def candidates_of(
    profiles: Profiles, families: Sequence[KinshipFamily], ranking: BlockRanking, found: Sequence[BestCandidates]
) -> Candidates:
    """The result of a search, from what its blocks found."""
    columns = columns_of(families)
    return Candidates(
        profiles.ids,
        tuple(person for _, person in columns),
        tuple(family.name for family, _ in columns),
        ranking.panel.terms,
        merged(found, len(profiles), len(columns), ranking.keep),
        ranking.keep,
        ranking.at_least_log10_lr,
        Assumptions(ranking.theta, ranking.panel.linked, profiles.markers.added),
    )


def block_ranking(
    profiles: Profiles, theta: float, keep: int, at_least_log10_lr: float, linked: Sequence[Linked] = ()
) -> BlockRanking:
    """What every block of a search over these profiles needs."""
    panel = panel_of(profiles.markers, linked)
    sexes = np.array([int(sex) for sex in profiles.sexes], dtype=np.int8)
    return BlockRanking(observations(profiles, panel), sexes, panel, theta, keep, at_least_log10_lr)


@dataclass(frozen=True, eq=False)
class BlockRanking:
    """What every block of a search needs: the profiles' rows, and the rules for keeping.

    Args:
        seen: The profiles' observations.
        sexes: Of the profiles.
        panel: The markers.
        theta, keep, at_least_log10_lr: As in `find_candidates`.
    """

    seen: Observations
    sexes: npt.NDArray[np.int8]
    panel: Panel
    theta: float
    keep: int
    at_least_log10_lr: float

    def blocks(self, count: int, workers: int) -> list[tuple[int, int]]:
        """Ranges of missing persons whose tables fit the cache, at least one for each worker."""
        width = max(16, int(CACHE_BYTES / (4 * max(self.seen.count, 1))) // 16 * 16)
        width = max(1, min(width, 256, -(-count // max(workers, 1))))
        return [(start, min(start + width, count)) for start in range(0, count, width)]

    def rank(self, tables: GenotypeTables, targets: Sequence[Target], first: int) -> BestCandidates:
        """The best few of one block of missing persons.

        Args:
            tables: Of the block.
            targets: The block's missing persons.
            first: Number of the first of them.
        """
        keep, count, width = self.keep, self.seen.rows.shape[0], len(targets)
        table = log10_lr_rows(self.seen, tables, targets, self.theta)
        starts = self.seen.row_start[:-1]
        rows = self._within
        theirs = np.array([int(t.pedigree.sex_of(t.person)) for t in targets], dtype=np.int8)
        profile_scores = np.full((count, keep), -np.inf, dtype=np.float32)
        profile_columns = np.full((count, keep), -1, dtype=np.int64)
        column_scores = np.full((width, keep), -np.inf, dtype=np.float32)
        column_profiles = np.full((width, keep), -1, dtype=np.int64)
        rank_block(
            np.ascontiguousarray(table, dtype=np.float32),
            rows,
            starts,
            self.sexes,
            theirs,
            self.at_least_log10_lr - SLACK,
            profile_scores,
            profile_columns,
            column_scores,
            column_profiles,
        )
        of_profile = self._exact(table, profile_columns, by_profile=True)
        of_missing = self._exact(table, column_profiles, by_profile=False)
        profile_columns[profile_columns >= 0] += first
        return BestCandidates(profile_columns, of_profile, column_profiles, of_missing, (first, first + width))

    @property
    def _within(self) -> npt.NDArray[np.uint16]:
        rows = self.__dict__.get("_rows")
        if rows is None:
            rows = (self.seen.rows - self.seen.row_start[:-1].astype(np.int32)).astype(np.uint16)
            if (np.diff(self.seen.row_start) > 65_535).any():
                raise BadQuestion(
                    "more than 65,535 different observations of one marker",
                    next_step="search the profiles in several parts",
                )
            self.__dict__["_rows"] = rows
        return np.asarray(rows, dtype=np.uint16)

    def _exact(self, table: FloatArray, names: IntArray, *, by_profile: bool) -> FloatArray:
        out = np.full(names.shape, -np.inf)
        owner, place = np.nonzero(names >= 0)
        other = names[owner, place]
        values = np.empty(owner.size)
        who, column = (owner, other) if by_profile else (other, owner)
        exact_totals(table, self._within, self.seen.row_start[:-1], who, column, values)
        values[values < self.at_least_log10_lr] = -np.inf
        names[owner[values == -np.inf], place[values == -np.inf]] = -1
        out[owner, place] = values
        return out


def run_blocks(
    ranking: BlockRanking,
    targets: Sequence[Target],
    blocks: Sequence[tuple[int, int]],
    cache: ProgramCache,
    store: SearchFolder | None,
    progress: Progress | None,
    workers: int | None,
    *,
    offset: int = 0,
) -> list[BestCandidates]:
    """Run blocks on threads.

    Args:
        ranking: What the blocks share.
        targets: Missing persons, the first of them number `offset`.
        blocks: Ranges of numbers.
        cache: Programs planned so far.
        store: Where tables and finished blocks are kept; None: nowhere.
        progress: Called with missing persons done and in all.
        workers: Threads; None: as many as there are cores.
        offset: See `targets`.
    """
    waiting: queue.SimpleQueue[tuple[int, int]] = queue.SimpleQueue()
    for block in blocks:
        waiting.put(block)
    done: queue.SimpleQueue[int] = queue.SimpleQueue()

    def work() -> list[BestCandidates]:
        mine: list[BestCandidates] = []
        while True:
            try:
                first, last = waiting.get_nowait()
            except queue.Empty:
                return mine
            found = store.finished(first, last) if store else None
            if found is None:
                mine_now = targets[first - offset : last - offset]
                if store:
                    tables = store.tables(first, last, mine_now, cache)
                else:
                    tables = genotype_tables(mine_now, ranking.panel, cache)
                found = ranking.rank(tables, mine_now, first)
                if store:
                    store.finish(found)
            mine.append(found)
            if sum(found.of_profile.shape[1] > 0 for found in mine) > 8:
                mine = _profiles_joined(mine, ranking.keep)
            done.put(last - first)

    count = max(1, min(workers or os.cpu_count() or 1, len(blocks) or 1))
    if count == 1 and progress is None:
        return work()
    results: list[BestCandidates] = []
    with ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(work) for _ in range(count)]
        ready = 0
        while progress is not None and ready < len(targets):
            try:
                ready += done.get(timeout=0.2)
            except queue.Empty:
                if all(future.done() for future in futures):
                    break
                continue
            progress(ready, len(targets))
        for future in futures:
            results += future.result()
    return results


def _profiles_joined(parts: Sequence[BestCandidates], keep: int) -> list[BestCandidates]:
    """The same parts, with the best of each profile over all of them collected in the first."""
    names = np.concatenate([p.of_profile for p in parts], axis=1)
    scores = np.concatenate([p.of_profile_log10_lr for p in parts], axis=1)
    # Equal scores in the order of the missing persons, whichever worker found them.
    order = np.lexsort((names, -scores), axis=1)[:, :keep]
    first = replace(
        parts[0],
        of_profile=np.take_along_axis(names, order, axis=1),
        of_profile_log10_lr=np.take_along_axis(scores, order, axis=1),
    )
    rest = [replace(p, of_profile=names[:, :0], of_profile_log10_lr=scores[:, :0]) for p in parts[1:]]
    return [first, *rest]


def merged(parts: Sequence[BestCandidates], profiles: int, missing: int, keep: int) -> BestCandidates:
    """All parts of a search as one, missing persons in order."""
    of_missing = np.full((missing, keep), -1, dtype=np.int64)
    of_missing_scores = np.full((missing, keep), -np.inf)
    of_profile = np.full((profiles, keep), -1, dtype=np.int64)
    of_profile_scores = np.full((profiles, keep), -np.inf)
    if parts:
        whole = _profiles_joined(parts, keep)[0]
        of_profile, of_profile_scores = whole.of_profile, whole.of_profile_log10_lr
    for part in parts:
        first, last = part.columns
        of_missing[first:last], of_missing_scores[first:last] = part.of_missing, part.of_missing_log10_lr
    # A block ranks in single precision; put its lists in exact order.
    order = np.lexsort((of_missing, -of_missing_scores), axis=1)
    return BestCandidates(
        of_profile,
        of_profile_scores,
        np.take_along_axis(of_missing, order, axis=1),
        np.take_along_axis(of_missing_scores, order, axis=1),
        (0, missing),
    )
