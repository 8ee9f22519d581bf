"""Published allele frequencies that are shipped with Dokaz, each with its citation."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dokaz.errors import UnknownPopulation
from dokaz.kinship.model.marker_table import known_markers
from dokaz.kinship.model.markers import Marker, MarkerSet
from dokaz.kinship.model.mutation import Mutation

_NIST_1036 = (
    "Hill, Duewer, Kline, Coble, Butler 2013, Forensic Sci Int Genet 7:e82-e83; as corrected in Steffen, Coble, "
    "Gettings, Vallone 2017, Forensic Sci Int Genet 31:e36-e40; NIST, public domain"
)

#: Name of each table: its file, the column in it, the population, and the citation.
_TABLES = {
    f"NIST 1036 {group}": (
        "nist1036.csv",
        group,
        f"United States, self-reported {group}, {men} unrelated men (NIST 1036)",
        _NIST_1036,
    )
    for group, men in (("African American", 342), ("Asian", 97), ("Caucasian", 361), ("Hispanic", 236))
}


@dataclass(frozen=True)
class PublishedFrequencies:
    """One population's table, as counted.

    Args:
        name: What `published` calls it.
        population: Who was sampled, and how many.
        source: Citation and licence.
        counts: Copies of each allele seen, by marker; alleles rising, none with a count of 0.
    """

    name: str
    population: str
    source: str
    counts: Mapping[str, Mapping[str, int]]

    @property
    def copies(self) -> dict[str, int]:
        """Copies counted at each marker: twice the number of people typed there."""
        return {marker: sum(alleles.values()) for marker, alleles in self.counts.items()}

    @property
    def frequencies(self) -> dict[str, dict[str, float]]:
        """Frequency of each allele by marker: its count divided by the copies counted there."""
        copies = self.copies
        return {
            marker: {allele: count / copies[marker] for allele, count in alleles.items()}
            for marker, alleles in self.counts.items()
        }

    def marker_set(self, *, mutation: Mutation | None = None) -> MarkerSet:
        """The markers as the engine takes them.

        Args:
            mutation: One model for all markers; None: no allele ever mutates.
        """
        return MarkerSet(
            tuple(
                Marker(name, tuple(table), tuple(table.values()), known_markers()[name].chromosome, mutation)
                for name, table in self.frequencies.items()
            )
        )


def published_names() -> tuple[str, ...]:
    """The tables that are shipped."""
    return tuple(_TABLES)


@cache
def published(name: str) -> PublishedFrequencies:
    """A table that is shipped.

    Assumes nothing about the people of a case: whether this population represents theirs is for the analyst to say.

    Args:
        name: One of `published_names()`.

    Raises:
        UnknownPopulation: there is no table of that name.

    Source: see `PublishedFrequencies.source` of each.

    Example:
        >>> table = published("NIST 1036 Caucasian")
        >>> table.counts["TH01"]["9.3"], table.copies["TH01"]
        (249, 722)
    """
    if name not in _TABLES:
        raise UnknownPopulation(name, published_names())
    file, column, population, source = _TABLES[name]
    text = files("dokaz.kinship").joinpath("data", file).read_text(encoding="utf-8")
    counts: dict[str, dict[str, int]] = {}
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        if row[column] != "0":
            counts.setdefault(row["marker"], {})[row["allele"]] = int(row[column])
    return PublishedFrequencies(name, population, source, counts)
