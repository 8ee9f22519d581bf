"""The search over a real scheduler and several worker processes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from small_cases import VICTIMS, written
from test_blind_search import nuclear_search
from typer.testing import CliRunner

from dokaz.cli.kinship import app
from dokaz.errors import BadQuestion
from dokaz.kinship.blind.candidates import find_candidates

distributed = pytest.importorskip("distributed", reason="needs the extra dokaz[cluster]")


@pytest.fixture(scope="module")
def client() -> Iterator[object]:
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    )
    with cluster, distributed.Client(cluster) as connected:
        yield connected


def test_a_cluster_finds_what_one_machine_finds(client: object, tmp_path: Path) -> None:
    from dokaz.kinship.blind.cluster import find_candidates_on

    profiles, families = nuclear_search()
    alone = find_candidates(profiles, families, keep=3, at_least_log10_lr=-1.0)
    calls: list[tuple[int, int]] = []
    for folder in (None, tmp_path, tmp_path):
        found = find_candidates_on(
            client,  # type: ignore[arg-type]
            profiles,
            families,
            keep=3,
            at_least_log10_lr=-1.0,
            folder=folder,
            per_task=7,
            progress=lambda done, of: calls.append((done, of)),
        )
        np.testing.assert_array_equal(found.best.of_profile, alone.best.of_profile)
        np.testing.assert_array_equal(found.best.of_missing, alone.best.of_missing)
        # Sums over a dropout model depend in the last digit on how many families stand side by side.
        ours, theirs = found.best.of_profile_log10_lr, alone.best.of_profile_log10_lr
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    assert calls[-1] == (24, 24)
    assert len(list(tmp_path.glob("search-*/*.npz"))) >= 4


def test_a_cluster_knows_linked_markers(client: object, tmp_path: Path) -> None:
    from dokaz.kinship.blind.cluster import find_candidates_on

    profiles, families = nuclear_search(victims=12)
    linked = [(("M3", "M1"), (0.08,))]
    alone = find_candidates(profiles, families, linked=linked, keep=3)
    found = find_candidates_on(client, profiles, families, linked=linked, keep=3, folder=tmp_path)  # type: ignore[arg-type]
    assert found.markers == alone.markers == ("M0", "M3+M1", "M2", "M4")
    assert found.assumptions == alone.assumptions
    np.testing.assert_array_equal(found.best.of_profile, alone.best.of_profile)
    np.testing.assert_allclose(found.best.of_profile_log10_lr, alone.best.of_profile_log10_lr, rtol=1e-12)


def test_the_command_asks_the_workers_of_a_scheduler(client: object, tmp_path: Path) -> None:
    file = written(tmp_path, VICTIMS)
    alone = CliRunner().invoke(app, ["candidates", str(file), "--json"])
    address = client.scheduler.address  # type: ignore[attr-defined]
    spread = CliRunner().invoke(app, ["candidates", str(file), "--json", "--scheduler", address])
    assert spread.exit_code == alone.exit_code == 0, spread.output
    assert json.loads(spread.stdout) == json.loads(alone.stdout)


def test_what_cannot_be_kept_is_refused_before_any_work(client: object) -> None:
    from dokaz.kinship.blind.cluster import find_candidates_on

    profiles, families = nuclear_search()
    with pytest.raises(BadQuestion, match="keep 0"):
        find_candidates_on(client, profiles, families, keep=0)  # type: ignore[arg-type]
