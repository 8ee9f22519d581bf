"""Sample Details Reports of ForenSeq's Universal Analysis Software: an Excel workbook a sample, a sheet a sort of marker.

Below ``Coverage Information`` a sheet lists every sequence of every locus; read are those that the laboratory typed
(``Typed Allele?`` is Yes): of STRs the length with its sequence, of SNPs the base. Reads and what was not typed stay in the
file. Sequences are on the strand and over the range of that software: frequencies have to be too.

Source: the columns as lusSTR (bioforensics/lusSTR) reads them; no report of the software itself was to be had.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from dokaz.errors import BadFile, sentence
from dokaz.exchange.programs.genotype_tables import GenotypeTable, TypedSample
from dokaz.exchange.reading.genotypes import GenotypeBuilder
from dokaz.exchange.reading.rows import Row
from dokaz.exchange.reading.tables import header_key
from dokaz.kinship.model.marker_table import marker_named, renamed
from dokaz.kinship.model.pedigree import Sex

_COVERAGE = "coverage information"
_COLUMNS = {"locus", "allele name", "typed allele?"}
_SAMPLE = ("sample", "sample name", "sample id")
_TYPED = {"yes": True, "no": False}


def is_report(sheets: Mapping[str, bytes]) -> bool:
    """Whether a sheet of a workbook is one of such a report."""
    return any(_COVERAGE in text.decode().casefold() for text in sheets.values())


def read_report(sheets: Mapping[str, bytes], *, file: str) -> GenotypeTable:
    """The one sample of a report.

    Args:
        sheets: Each sheet as tab-delimited text.

    Raises:
        BadFile: names sheet, line and value: no name of the sample or two, a missing column, a genotype that is none.
    """
    builder = GenotypeBuilder(takes_sequences=True)
    names: dict[str, None] = {}
    written: dict[str, None] = {}
    kept = []
    untyped = 0
    for sheet, text in sheets.items():
        lines = list(enumerate(csv.reader(io.StringIO(text.decode()), delimiter="\t"), start=1))
        start = next((i for i, (_, cells) in enumerate(lines) if cells and cells[0].casefold() == _COVERAGE), None)
        if start is None:
            kept.append(sheet)
            continue
        names.update(
            dict.fromkeys(c[1] for _, c in lines[:start] if len(c) > 1 and header_key(c[0]) in _SAMPLE and c[1])
        )
        place = f"{file}, {sheet}"
        loci: dict[str, list[tuple[Row, str]]] = {}
        for row in _rows(lines[start + 1 :], place):
            is_typed = row.choice("typed allele?", {"yes": "yes", "no": "no"}, required=True)
            if not _TYPED[is_typed]:
                untyped += 1
                continue
            allele, bases = row.text("allele name", required=True), row.text("repeat sequence")
            is_length = allele[:1].isdigit() and bases
            loci.setdefault(row.text("locus", required=True), []).append(
                (row, f"{allele} {bases}" if is_length else allele)
            )
        for locus, alleles in loci.items():
            written[locus] = None
            builder.add(alleles[0][0], locus, [("allele name", allele) for _, allele in alleles])
    if len(names) != 1:
        raise BadFile(
            sentence("{count} names of the sample, not one", count=len(names)),
            file=file,
            value=", ".join(names) or None,
            next_step=sentence("export the report of one sample again"),
        )
    built = builder.build()
    found = built.as_written
    order = dict.fromkeys(marker_named(locus) or locus for locus in written)
    sample = TypedSample(
        next(iter(names)), {m: found[m] for m in order if m in found}, Sex[(built.sex or "unknown").upper()]
    )
    notes = (
        *((f"{file}: sheets kept in the file only: {', '.join(kept)}",) if kept else ()),
        f"{file}: kept in the file only: numbers of reads, and sequences that were not typed ({untyped})",
    )
    return GenotypeTable(file, "forenseq", (sample,), notes=notes, renamed=renamed(written))


def _rows(lines: list[tuple[int, list[str]]], place: str) -> list[Row]:
    """The rows under a header, each with its line."""
    full = [(number, cells) for number, cells in lines if any(cells)]
    header = [cell.casefold().strip() for cell in full[0][1]] if full else []
    if not set(header) >= _COLUMNS:
        raise BadFile(
            sentence("the column {name} is missing", name=min(_COLUMNS - set(header))),
            file=place,
            line=full[0][0] if full else None,
            next_step=sentence("export the report of one sample again"),
        )
    return [
        Row(place, number, {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name})
        for number, cells in full[1:]
    ]
