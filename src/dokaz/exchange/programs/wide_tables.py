"""Lists of remains or of missing persons with one row a person, as DIVIANA, NamUs and laboratories' sheets have them.

A marker has two columns (``D3S1358_1``, ``D3S1358_2``) or one (``15/16``, ``15, 16``). Beside the name of the person a
row may have family and sex; further columns are named as kept in the file. A list with fathers and mothers is a PED file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from dokaz.errors import BadFile, sentence
from dokaz.exchange.programs.genotype_tables import GenotypeTable, TypedSample
from dokaz.exchange.reading.formulas import refuse_formulas
from dokaz.exchange.reading.genotypes import CONTROLS, OTHER_MARKER, WIDE_OR_DOTTED, wide_genotypes, wide_markers
from dokaz.exchange.reading.remarks import in_words
from dokaz.exchange.reading.sexes import SEXES
from dokaz.exchange.reading.tables import Column, header_key, read_table
from dokaz.kinship.model.marker_table import marker_named, renamed
from dokaz.kinship.model.pedigree import Sex

#: What a column that names the person is called; of several the first in this order does, the others are kept.
_PERSON = (
    "person", "sample", "sample name", "samplename", "sample id", "remains", "id", "iid", "case", "case number", "case id",
    "namus number", "mp number", "up number", "ump number", "code", "зразок", "назва зразка", "проба", "код", "номер",
    "name", "full name", "піб",
)  # fmt: skip
_COLUMNS = (
    Column("family", ("group", "famid", "родина", "сім'я")),
    Column("sex", ("gender", "стать")),
    Column("sample_type", ("specimen category", "тип зразка")),
)


def is_wide(cells: Sequence[str]) -> bool:
    """Whether a header names persons and at least one known marker as a column."""
    halves = (WIDE_OR_DOTTED.fullmatch(cell.strip()) for cell in cells)
    names = [*cells, *(match["marker"] for match in halves if match)]
    has_marker = any(marker_named(name) or OTHER_MARKER.fullmatch(name.strip()) for name in names)
    return has_marker and any(header_key(cell) in _PERSON for cell in cells)


def read_wide(data: bytes, *, file: str) -> GenotypeTable:
    """Read a table with one row a person.

    Raises:
        BadFile: names file, line, column and value: nobody's name or one twice, a marker with one of two columns, a cell
            that is no genotype, a sex that is none.
    """
    header = read_table(data, file=file, columns=_COLUMNS, patterns=(WIDE_OR_DOTTED,))
    found_names = {header_key(column) for column in header.unknown_columns}
    name = next((each for each in _PERSON if each in found_names), "person")
    table = read_table(data, file=file, columns=(Column("person", (name,), required=True), *_COLUMNS))
    markers = wide_markers(table, takes_pairs=True)
    taken = {column for columns in markers.values() for column in columns}
    lines: dict[tuple[str, str], int] = {}
    samples, controls = [], []
    for row in table:
        person, family = row.text("person", required=True), row.text("family")
        if row.text("sample_type").casefold() in CONTROLS:
            controls.append(person)
            continue
        if (family, person) in lines:
            raise row.bad(
                "person",
                sentence("the person is there twice: line {line}", line=lines[family, person]),
                sentence("keep one row a person"),
            )
        lines[family, person] = row.line
        built = wide_genotypes(row, markers, takes_sequences=True)
        found = built.as_written
        stated = row.choice("sex", SEXES) or "unknown"
        sex = Sex[(stated if stated != "unknown" else built.sex or stated).upper()]
        order = dict.fromkeys(marker_named(marker) or marker for marker in markers)
        samples.append(
            TypedSample(person, {m: found[m] for m in order if m in found}, sex, family, no_result=built.no_result)
        )
    kept = [column for column in table.unknown_columns if column not in taken]
    return GenotypeTable(
        file,
        "wide",
        tuple(samples),
        tuple(controls),
        notes=(
            *(in_words(said) for said in table.remarks if said["code"] == "line_kept"),
            *((f"{file}: columns kept in the file only: {', '.join(kept)}",) if kept else ()),
        ),
        renamed=renamed(markers),
    )


def write_wide(samples: Sequence[TypedSample]) -> str:
    """A table with one row a person and one column a marker, which `read_wide` reads.

    Raises:
        BadFile: what a cell cannot hold: a probability of dropout, no allele or more than two, an allele with a divider.
    """
    markers = list(dict.fromkeys(marker for sample in samples for marker in sample.genotypes))
    rows: list[list[object]] = [["person", "family", "sex", *markers]]
    for sample in samples:
        if sample.dropout:
            raise _unwritable(sample.id, "", sentence("a probability of dropout has no column"))
        cells = []
        for marker in markers:
            alleles = sample.genotypes.get(marker)
            if alleles is not None and (not 1 <= len(alleles) <= 2 or any(set("/,;|\t\n") & set(a) for a in alleles)):
                raise _unwritable(
                    sample.id, marker, sentence("a cell holds one or two alleles without a divider in them")
                )
            cells.append("" if alleles is None else "/".join(alleles))
        rows.append([sample.id, sample.group, int(sample.sex), *cells])
    refuse_formulas(rows, file="a wide table")
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _unwritable(person: str, marker: str, problem: str) -> BadFile:
    return BadFile(
        sentence("{id}, {marker}: {problem}", id=person, marker=marker, problem=problem),
        file="a wide table",
        next_step=sentence("write a long table (.csv) or JSON"),
    )
