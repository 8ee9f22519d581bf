"""Shipped frequency tables: what was counted, and where it was published."""

from __future__ import annotations

import hashlib

import pytest

from dokaz.errors import UnknownPopulation
from dokaz.kinship.model.published_frequencies import published, published_names


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


#: SHA-256 over the lines "locus allele frequency" of the tables that NIST published, frequencies to six digits.
AS_PUBLISHED = {
    "African American": "b28ce590e4245301c6cba134b7d0370bf8d20040109b369e69cb58edf63be0fa",
    "Asian": "7713565b683d6450dd04ee7acbff55e70b442c8bc28c163ddc1e2c703cab4d79",
    "Caucasian": "df8d1cf5901bdcc17d79d67dd278ca66e4e7fabaf34a112ae3b0a6f0dd3c14c3",
    "Hispanic": "42864e689d37ae89d58d21aa27aeac92f6df09d60bcc20164ce101252553e1ac",
}


@pytest.mark.parametrize("group", AS_PUBLISHED)
def test_every_frequency_is_the_published_one(group: str) -> None:
    frequencies = published(f"NIST 1036 {group}").frequencies
    lines = sorted(f"{m} {a} {f:.6f}\n" for m, table in frequencies.items() for a, f in table.items())
    assert hashlib.sha256("".join(lines).encode()).hexdigest() == AS_PUBLISHED[group]
