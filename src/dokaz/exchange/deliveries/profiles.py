"""Post-mortem DNA profiles, as a GeneMapper export (a row a marker) or a wide table (a row a sample)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dokaz.errors import sentence
from dokaz.exchange.reading.faults import Faults
from dokaz.exchange.reading.genotypes import (
    CONTROLS,
    LONG,
    WIDE,
    GenotypeBuilder,
    Genotypes,
    allele_columns,
    measurements,
    remarks_on,
    wide_genotypes,
    wide_markers,
)
from dokaz.exchange.reading.remarks import Remark, remark
from dokaz.exchange.reading.rows import PlacedRow, Row
from dokaz.exchange.reading.tables import Column, Table, read_table
from dokaz.numbers import TYPES

#: A sample's own number, or that of the unit it was cut from where a laboratory received the unit whole.
SAMPLE_TYPES = ("S", *(t for t in TYPES if t not in {"A", "E", "S", "T"}))
_SAMPLE = {"": "sample", "sample": "sample", "зразок": "sample"}
_LABORATORY, _KIT, _DATE = ("laboratory", "lab", "лабораторія"), ("kit", "набір"), ("date", "typed on", "дата")
_MADE_OF = "says how the table was made, not what was seen"
COLUMNS = (
    Column(
        "sample_name",
        ("sample", "sample number", "назва зразка", "зразок", "номер зразка"),
        required=True,
        field="mortuary.Profile.sample",
    ),
    Column("sample_file", ("файл зразка",), kept=_MADE_OF),
    Column("sample_type", ("specimen category", "тип зразка"), kept="tells samples from controls"),
    Column("run_name", ("run",), kept=_MADE_OF),
    Column("panel", ("панель",), field="mortuary.Profile.kit"),
    Column("marker", ("locus", "маркер", "локус"), field="mortuary.Profile.genotypes mortuary.Profile.lineage"),
    Column("dye", kept=_MADE_OF),
    Column("laboratory", ("lab", "лабораторія"), field="mortuary.Profile.laboratory"),
    Column("kit", ("typing kit", "набір"), field="mortuary.Profile.kit"),
    Column("attempt", ("attempt number", "спроба"), field="mortuary.Profile.attempt"),
    Column(
        "typed_on",
        ("date", "typed on", "analysis date", "дата", "дата типування"),
        field="mortuary.Profile.typed_on",
    ),
    Column("note", ("comment", "comments", "примітка"), field="mortuary.Profile.note"),
)


@dataclass(frozen=True, slots=True)
class DeliveredProfile(PlacedRow):
    """One typing of one sample. ``attempt`` counts typings of the same sample from 1."""

    sample: str
    attempt: int
    laboratory: str
    kit: str
    typed_on: date | None
    genotypes: Genotypes
    note: str


@dataclass(frozen=True, slots=True)
class ProfileTable:
    """A file of profiles. Controls are named in the remarks, and never searched."""

    file: str
    profiles: tuple[DeliveredProfile, ...]
    remarks: tuple[Remark, ...]


def read_profiles(data: bytes, *, file: str) -> ProfileTable:
    """Read post-mortem profiles.

    Args:       data: the whole file; laboratory, kit and date are in columns or above the header (``# kit: ...``).
                file: its name, kept on every profile and named in every error.
    Returns:    profiles in the order of the file; unknown markers are named, and kept in ``Genotypes.other``.
    Raises:     BadFile: a sample name that is not a number with its check character, a sample and attempt given twice,
                    three alleles at a marker, a marker given twice, or a cell that is not an allele.
    """
    table = read_table(data, file=file, columns=COLUMNS, patterns=(LONG, WIDE), above=(*_LABORATORY, *_KIT, *_DATE))
    long = "marker" in table.known_columns
    read = _long if long else _wide
    profiles, controls = read(table)
    return ProfileTable(
        file=file,
        profiles=profiles,
        remarks=(
            *(remark("control", sample=sample) for sample in controls),
            *remarks_on(profile.genotypes for profile in profiles),
            *(measurements(table) if long else ()),
            *table.remarks,
        ),
    )


def _long(table: Table) -> tuple[tuple[DeliveredProfile, ...], tuple[str, ...]]:
    alleles = allele_columns(table)
    first: dict[tuple[str, int], Row] = {}
    builders: dict[tuple[str, int], GenotypeBuilder] = {}
    controls: dict[str, None] = {}
    faults = Faults()
    for given in table:
        with faults.of_row(given) as row:
            if _is_control(row):
                controls[row.text("sample_name", required=True)] = None
                continue
            key = (row.number("sample_name", types=SAMPLE_TYPES), row.integer("attempt", low=1, high=99) or 1)
            if key in first:
                for column in ("laboratory", "kit", "panel", "typed_on", "run_name", "note"):
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
            first.setdefault(key, given)
            builder = builders.setdefault(key, GenotypeBuilder())
            builder.add(row, row.text("marker", required=True), [(column, row.extra[column]) for column in alleles])
    faults.refuse()
    return tuple(_profile(table, row, key, builders[key].build()) for key, row in first.items()), tuple(controls)


def _wide(table: Table) -> tuple[tuple[DeliveredProfile, ...], tuple[str, ...]]:
    markers = wide_markers(table)
    profiles: dict[tuple[str, int], DeliveredProfile] = {}
    controls: dict[str, None] = {}
    faults = Faults()
    for given in table:
        with faults.of_row(given) as row:
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
            found = _profile(table, row, key, wide_genotypes(row, markers))
            if not row.is_faulty:
                profiles[key] = found
    faults.refuse()
    return tuple(profiles.values()), tuple(controls)


def _is_control(row: Row) -> bool:
    return row.choice("sample_type", _SAMPLE | CONTROLS) in CONTROLS.values()


def _profile(table: Table, row: Row, key: tuple[str, int], genotypes: Genotypes) -> DeliveredProfile:
    typed_on = row.day("typed_on")
    if typed_on is None and (above := table.says(*_DATE)):
        typed_on = Row(table.file, table.line_that_says(*_DATE) or 1, {"date": above}).day("date")
    return DeliveredProfile(
        sample=key[0],
        attempt=key[1],
        laboratory=row.text("laboratory") or table.says(*_LABORATORY),
        kit=row.text("kit") or table.says(*_KIT) or row.text("panel"),
        typed_on=typed_on,
        genotypes=genotypes,
        note=row.text("note"),
        file=table.file,
        line=row.line,
    )
