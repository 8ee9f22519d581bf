"""Frequencies of SNPs with a row a marker: a column a base (``A``, ``C``, ``G``, ``T``), or numbered alleles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dokaz.errors import sentence
from dokaz.exchange.deliveries.frequencies import (
    Found,
    FrequencyTable,
    allele_of,
    frequencies_found,
    take_frequency,
)
from dokaz.exchange.reading.remarks import in_words
from dokaz.exchange.reading.rows import Row
from dokaz.exchange.reading.tables import Column, Table, header_key, read_table
from dokaz.kinship.model.marker_table import marker_named

_MARKER = Column("marker", ("snp", "rsid", "rs number", "locus", "id", "маркер", "локус"), required=True)
_BASES = ("a", "c", "g", "t")
_NUMBERED = re.compile(r"(allele|frequency|freq)[\s_.]*([1-4])", re.IGNORECASE)


def is_by_base(cells: Sequence[str]) -> bool:
    """Whether a header names markers and bases, or markers and numbered alleles with their frequencies."""
    keys = {header_key(cell) for cell in cells}
    numbered = [match for cell in cells if (match := _NUMBERED.fullmatch(cell.strip()))]
    kinds = {match[1].casefold()[:4] for match in numbered}
    has_marker = bool(keys & {header_key(name) for name in (_MARKER.name, *_MARKER.aliases)})
    return has_marker and (len(keys & set(_BASES)) >= 2 or kinds == {"alle", "freq"})


def read_by_base(data: bytes, *, file: str) -> tuple[FrequencyTable, tuple[str, ...]]:
    """The table, and notes on what stays in the file.

    Raises:
        BadFile: names line, column and value: a marker or an allele twice, no number, an allele without its frequency.
    """
    table = read_table(data, file=file, columns=(_MARKER,), patterns=(_NUMBERED,))
    found: Found = {}
    written: dict[str, None] = {}
    taken: set[str] = set()
    for row in table:
        name = row.text("marker", required=True)
        marker = marker_named(name) or name
        if marker in found:
            raise row.bad("marker", sentence("the marker is there twice"), sentence("keep one of them"))
        found[marker] = {}
        written[name] = None
        for one, columns in _alleles(row):
            taken.update(columns)
            digits = one.digits("frequency", required=True, low=0, high=1)
            take_frequency(found, one, marker, allele_of(one, False), digits)
        if not found[marker]:
            raise row.bad(
                "marker", sentence("the marker has no alleles"), sentence("give its frequencies, or leave it out")
            )
    kept = [column for column in table.unknown_columns if column not in taken]
    return (
        frequencies_found(found, file=file, written=written, column="frequency"),
        _notes(table, kept),
    )


def _alleles(row: Row) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Each allele of a row as a row of its own, with the columns that it is of."""
    numbered: dict[str, dict[str, str]] = {}
    for column, cell in row.extra.items():
        if header_key(column) in _BASES:
            if cell not in {"", "-", "NA"}:
                yield Row(row.file, row.line, {"allele": column.strip().upper(), "frequency": cell}), (column,)
        elif match := _NUMBERED.fullmatch(column):
            numbered.setdefault(match[2], {})["allele" if match[1].casefold() == "allele" else "frequency"] = column
    for columns in numbered.values():
        cells = {what: row.extra[column] for what, column in columns.items()}
        if any(cells.values()):
            yield Row(row.file, row.line, cells), tuple(columns.values())


def _notes(table: Table, kept: Sequence[str]) -> tuple[str, ...]:
    lines = tuple(in_words(said) for said in table.remarks if said["code"] == "line_kept")
    return lines + ((f"{table.file}: columns kept in the file only: {', '.join(kept)}",) if kept else ())
