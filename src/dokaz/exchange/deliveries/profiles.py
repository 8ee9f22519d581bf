"""Post-mortem DNA profiles, as a GeneMapper export (a row a marker) or a wide table (a row a sample)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.genotypes import (
    LONG,
    WIDE,
    GenotypeBuilder,
    Genotypes,
    marker_named,
    wide_genotypes,
    wide_markers,
)
from dokaz.exchange.reading.rows import Row
from dokaz.exchange.reading.tables import Column, Table, read_table
from dokaz.numbers import TYPES

#: A sample's own number, or that of the unit it was cut from where a laboratory received the unit whole.
SAMPLE_TYPES = ("S", *(t for t in TYPES if t not in {"A", "S"}))
_SAMPLE = {"": "sample", "sample": "sample", "зразок": "sample"}
_CONTROLS = {
    "allelic ladder": "ladder",
    "ladder": "ladder",
    "positive control": "positive control",
    "negative control": "negative control",
    "reagent blank": "negative control",
}
COLUMNS = (
    Column("sample_name", ("sample", "sample number", "назва зразка", "зразок", "номер зразка"), required=True),
    Column("sample_file", ("файл зразка",)),
    Column("sample_type", ("specimen category", "тип зразка")),
    Column("run_name", ("run",)),
    Column("panel", ("панель",)),
    Column("marker", ("locus", "маркер", "локус")),
    Column("dye"),
    Column("lab", ("laboratory", "лабораторія")),
    Column("kit", ("typing kit", "набір")),
    Column("attempt", ("attempt number", "спроба")),
    Column("date", ("typed on", "analysis date", "дата", "дата типування")),
    Column("note", ("comment", "comments", "примітка")),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """One typing of one sample. ``attempt`` counts typings of the same sample from 1."""

    sample: str
    attempt: int
    lab: str
    kit: str
    typed_on: date | None
    genotypes: Genotypes
    note: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class ProfileTable:
    """A file of profiles; ``layout`` is ``long`` or ``wide``. Controls are counted, and never searched."""

    file: str
    layout: str
    profiles: tuple[Profile, ...]
    controls: tuple[str, ...]
    unknown_markers: tuple[str, ...]
    unknown_columns: tuple[str, ...]


def read_profiles(data: bytes, *, file: str) -> ProfileTable:
    """Read post-mortem profiles.

    Args:       data: the whole file; laboratory, kit and date stand in columns or above the header (``# kit: ...``).
                file: its name, kept on every profile and named in every error.
    Returns:    profiles in the order of the file; unknown markers are named, and kept in ``Genotypes.other``.
    Raises:     BadFile: a sample name that is not a number with its check character, a sample and attempt given twice,
                    three alleles at a marker, a marker given twice, or a cell that is not an allele.
    """
    table = read_table(data, file=file, columns=COLUMNS, patterns=(LONG, WIDE))
    long = "marker" in table.known_columns
    read = _long if long else _wide
    profiles, controls = read(table)
    unknown = sorted(
        {marker for profile in profiles for marker in profile.genotypes.other}
        | {m for p in profiles for m in p.genotypes.no_result if not marker_named(m)}
    )
    return ProfileTable(
        file=file,
        layout="long" if long else "wide",
        profiles=profiles,
        controls=controls,
        unknown_markers=tuple(unknown),
        unknown_columns=table.unknown_columns,
    )


def _long(table: Table) -> tuple[tuple[Profile, ...], tuple[str, ...]]:
    alleles = _allele_columns(table)
    first: dict[tuple[str, int], Row] = {}
    builders: dict[tuple[str, int], GenotypeBuilder] = {}
    controls: dict[str, None] = {}
    for row in table:
        if _is_control(row):
            controls[row.text("sample_name", required=True)] = None
            continue
        key = (row.number("sample_name", types=SAMPLE_TYPES), row.integer("attempt", low=1, high=99) or 1)
        if key in first:
            for column in ("lab", "kit", "panel", "date", "run_name"):
                if row.text(column) != first[key].text(column):
                    raise row.bad(
                        column,
                        sentence(
                            "line {line} says {value!r} of the same typing",
                            line=first[key].line,
                            value=first[key].text(column),
                        ),
                        sentence("give another typing of the sample its own attempt number"),
                    )
        first.setdefault(key, row)
        builder = builders.setdefault(key, GenotypeBuilder())
        builder.add(row, row.text("marker", required=True), [(column, row.extra[column]) for column in alleles])
    return tuple(_profile(table, row, key, builders[key].build()) for key, row in first.items()), tuple(controls)


def _allele_columns(table: Table) -> list[str]:
    """``Allele 1``, ``Allele 2`` and any further, in the order of their figures."""
    columns = {
        int(m["which"]): column
        for column in (table.rows[0].extra if table.rows else ())
        if (m := LONG.fullmatch(column)) and m["what"].casefold() in {"allele", "алель"}
    }
    if not table.rows:
        raise BadFile(sentence("the table has no rows"), file=table.file, next_step=sentence("export it again"))
    if sorted(columns) != list(range(1, len(columns) + 1)) or len(columns) < 2:
        raise BadFile(
            sentence("the columns Allele 1 and Allele 2 are missing"),
            file=table.file,
            line=table.header_line,
            next_step=sentence("export them from GeneMapper with the genotypes table"),
        )
    return [columns[i] for i in sorted(columns)]


def _wide(table: Table) -> tuple[tuple[Profile, ...], tuple[str, ...]]:
    if not table.rows:
        raise BadFile(sentence("the table has no rows"), file=table.file, next_step=sentence("export it again"))
    markers = wide_markers(table, tuple(table.rows[0].extra))
    if not any(map(marker_named, markers)):
        raise BadFile(
            sentence("no column is a known marker"),
            file=table.file,
            line=table.header_line,
            next_step=sentence("write two columns a marker, D3S1358 1 and D3S1358 2; or Marker, a row a marker"),
        )
    profiles: dict[tuple[str, int], Profile] = {}
    controls: dict[str, None] = {}
    for row in table:
        if _is_control(row):
            controls[row.text("sample_name", required=True)] = None
            continue
        key = (row.number("sample_name", types=SAMPLE_TYPES), row.integer("attempt", low=1, high=99) or 1)
        if key in profiles:
            raise row.bad(
                "sample_name",
                sentence(
                    "attempt {attempt} of this sample is given twice: line {line}",
                    attempt=key[1],
                    line=profiles[key].line,
                ),
                sentence("give another typing of the sample its own attempt number"),
            )
        profiles[key] = _profile(table, row, key, wide_genotypes(row, markers))
    return tuple(profiles.values()), tuple(controls)


def _is_control(row: Row) -> bool:
    return row.choice("sample_type", _SAMPLE | _CONTROLS) in _CONTROLS.values()


def _profile(table: Table, row: Row, key: tuple[str, int], genotypes: Genotypes) -> Profile:
    def said(column: str, *keys: str) -> str:
        return row.text(column) or table.says(column, *keys)

    typed_on = row.day("date")
    if typed_on is None and (above := table.says("date", "typed on", "дата")):
        typed_on = Row(table.file, table.header_line, {"date": above}).day("date")
    return Profile(
        sample=key[0],
        attempt=key[1],
        lab=said("lab", "laboratory", "лабораторія"),
        kit=said("kit", "набір") or row.text("panel"),
        typed_on=typed_on,
        genotypes=genotypes,
        note=row.text("note"),
        file=table.file,
        line=row.line,
    )
