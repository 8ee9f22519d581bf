"""No table that leaves runs anything where somebody opens it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from dokaz.court.reading import _write_table
from dokaz.errors import BadFile
from dokaz.exchange.deliveries.frequencies import FrequencyTable, write_frequencies
from dokaz.exchange.programs.genotype_tables import TypedSample, write_genemapper, write_long
from dokaz.exchange.programs.strider import write_strider_csv
from dokaz.exchange.reading.formulas import harmless
from dokaz.kinship import Sex

HOSTILE = ["=HYPERLINK(1)", "+1+cmd|x", "-1+cmd|x", "-A1", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_cell_of_a_bundle_that_would_run_is_a_text(cell: str, tmp_path: Path) -> None:
    _write_table(tmp_path / "t.csv", [{"index": "1", "name": cell, "log10_lr": "-3.5"}])
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["name"] == f"'{cell}"
    assert row["log10_lr"] == "-3.5"


@pytest.mark.parametrize("cell", ["", "-", "-3.5", "-1e-5", "-3,5", "a=1", "Іван", "12"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def sample(name: str) -> Any:
    return TypedSample(name, {"TH01": ("6", "9.3")}, Sex.MALE, "group")


def table(marker: str = "TH01", population: str = "here") -> Any:
    frequencies = {marker: {"6": 0.5, "7": 0.5}}
    return FrequencyTable(
        file="f.csv", frequencies=frequencies, sample_sizes={marker: 10}, population=population, source=""
    )


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    "write",
    [
        lambda name: write_long([sample(name)]),
        lambda name: write_genemapper([sample(name)]),
        lambda name: write_frequencies(table(marker=name)),
        lambda name: write_strider_csv([table(population=name)]),
    ],
    ids=["long", "genemapper", "frequencies", "strider-csv"],
)
def test_a_name_that_would_run_is_not_written_for_another_program(write: Any, name: str) -> None:
    assert write("Harmless")
    with pytest.raises(BadFile, match="run this cell as a formula"):
        write(name)
