"""Shipped frequency tables: what was counted, and where it was published."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from dokaz.errors import UnknownPopulation
from dokaz.kinship.model.published_frequencies import published, published_names

FREQUENCIES = Path(os.environ.get("DOKAZ_CASES", Path(__file__).parents[5] / "shared" / "cases")) / "freqs"


@pytest.mark.parametrize("name", published_names())
def test_every_table_has_twenty_nine_loci_and_says_where_it_is_from(name: str) -> None:
    table = published(name)
    assert len(table.counts) == 29
    assert "Hill" in table.source
    assert "Steffen" in table.source
    assert name.removeprefix("NIST 1036 ") in table.population
    assert all(ladder == sorted(ladder, key=float) for ladder in map(list, table.counts.values()))
    assert len(table.marker_set()) == 29


def test_the_men_of_all_groups_are_1036() -> None:
    assert sum(max(published(name).copies.values()) for name in published_names()) == 2 * 1036


def test_a_table_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnknownPopulation, match="NIST 1036 Hispanic"):
        published("Atlantis")


@pytest.mark.skipif(not FREQUENCIES.is_dir(), reason="no reference cases: set DOKAZ_CASES to their folder")
@pytest.mark.parametrize(
    ("group", "file"), [("African American", "AfAm"), ("Asian", "Asian"), ("Caucasian", "Cauc"), ("Hispanic", "Hisp")]
)
def test_every_frequency_is_the_published_one(group: str, file: str) -> None:
    rows = list(csv.DictReader((FREQUENCIES / f"NIST1036freqs_{file}.csv").read_text().splitlines()))
    ours = published(f"NIST 1036 {group}").frequencies
    assert {(row["locus"], row["allele"]) for row in rows} == {(m, a) for m, table in ours.items() for a in table}
    for row in rows:
        assert ours[row["locus"]][row["allele"]] == pytest.approx(float(row["freq"]), rel=1e-13)
