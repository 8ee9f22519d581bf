"""A table of allele frequencies by its name: one that is shipped, or one of a file."""

from __future__ import annotations

from dataclasses import replace

from dokaz.exchange.deliveries.frequencies import FrequencyTable
from dokaz.exchange.programs.conversion import one_table
from dokaz.exchange.programs.loading import Options, load_any
from dokaz.kinship.model.published_frequencies import published, published_names


def frequencies_named(name: str, data: bytes | None, population: str = "") -> FrequencyTable:
    """A frequency table: a shipped one by its name, else one of a file.

    Args:
        name: Of a shipped table, or of the file.
        data: The file; None for a shipped table.
        population: Where the file has several.

    Raises:
        BadFile: the file is no frequency table, or has several populations.
        UnknownPopulation: no table of that name is shipped.
    """
    if data is None:
        table = published(name)
        people = {marker: copies // 2 for marker, copies in table.copies.items()}
        return FrequencyTable(table.name, table.population, table.source, table.frequencies, people)
    options = Options(population=population)
    return replace(one_table(load_any(name, data, options), options), file=name)


def is_shipped(name: str) -> bool:
    """Whether a frequency table of this name is shipped."""
    return name in published_names()
