"""A search spread over a Dask cluster: the same blocks and kernels, on as many machines as the scheduler has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dokaz.errors import BadQuestion
from dokaz.kinship.blind.candidates import BlockRanking, Candidates, Progress, candidates_of, prepared, run_blocks
from dokaz.kinship.blind.search_folder import BestCandidates, SearchFolder
from dokaz.kinship.blind.tables import Target
from dokaz.kinship.exact.programs import ProgramCache
from dokaz.kinship.model.families import KinshipFamily
from dokaz.kinship.model.markers import Linked
from dokaz.kinship.model.profiles import Profiles

if TYPE_CHECKING:
    from distributed import Client

#: Missing persons in one task: some seconds of work, so that a lost worker costs little.
_PER_TASK = 1024

#: Seconds to wait for a scheduler.
CONNECT_S = 20


@contextmanager
def connected(scheduler: str) -> Iterator[Client]:
    """A client of a running Dask scheduler, closed afterwards.

    Args:
        scheduler: Its address: tcp://HOST:PORT.

    Raises:
        BadQuestion: Dask is not installed, or nobody answers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise BadQuestion("Dask is not installed here", next_step="install Dokaz with its extra, cluster") from error
    try:
        client = Client(scheduler, timeout=CONNECT_S)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise BadQuestion(
            f"no Dask scheduler answers at {scheduler}", next_step="start one with dask scheduler, and name its address"
        ) from error
    try:
        yield client
    finally:
        client.close()  # type: ignore[no-untyped-call]


def find_candidates_on(
    client: Client,
    profiles: Profiles,
    families: Sequence[KinshipFamily],
    *,
    theta: float = 0.0,
    linked: Sequence[Linked] = (),
    keep: int = 10,
    at_least_log10_lr: float = 0.0,
    folder: Path | None = None,
    progress: Progress | None = None,
    per_task: int = _PER_TASK,
) -> Candidates:
    """As `candidates.find_candidates`, over the workers of a Dask client.

    Needs the extra `dokaz[cluster]`. Profiles travel to every worker once, families with their task; the scheduler
    gives the tasks of a worker that dies to the others.

    Args:
        client: Connected to a scheduler whose workers have Dokaz installed.
        profiles, families, theta, linked, keep, at_least_log10_lr: As in `find_candidates`.
        folder: As there; on storage that all workers share.
        progress: Called with missing persons done and in all.
        per_task: Missing persons in one task.

    Raises:
        BadQuestion: as in `find_candidates`.
    """
    from distributed import as_completed

    if per_task < 1:
        raise BadQuestion(f"{per_task!r} missing persons a task", next_step="give at least one")
    # The folder's names come from the whole search, so that tasks of any size find each other's work.
    ranking, targets, store = prepared(profiles, families, theta, linked, keep, at_least_log10_lr, folder)
    everywhere = client.scatter(ranking, broadcast=True, hash=False)  # type: ignore[no-untyped-call]
    sizes: dict[Any, int] = {}
    for first in range(0, len(targets), per_task):
        chunk = targets[first : first + per_task]
        future = client.submit(_work, everywhere, chunk, first, store, pure=False)
        sizes[future] = len(chunk)
    found: list[BestCandidates] = []
    done = 0
    for future in as_completed(sizes):  # type: ignore[no-untyped-call]
        found += future.result()
        done += sizes[future]
        if progress is not None:
            progress(done, len(targets))
    return candidates_of(profiles, families, ranking, found)


def _work(
    ranking: BlockRanking, targets: Sequence[Target], first: int, store: SearchFolder | None
) -> list[BestCandidates]:
    """One task: the missing persons from `first` on, on one thread."""
    blocks = [(first + a, first + b) for a, b in ranking.blocks(len(targets), 1)]
    return run_blocks(ranking, targets, blocks, ProgramCache(ranking.theta), store, None, 1, offset=first)
