"""Frequencies as R's pedtools lists them: the marker on a line of its own, then a line an allele; MERLIN's form too.

A blank line may divide markers. In MERLIN's form each line begins with ``M`` (a marker), ``A`` (an allele and its
frequency) or ``F`` (frequencies of the alleles 1, 2, …).

Source: pedtools 2.8, manual page `freqDatabase`; MERLIN, "Allele frequencies".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dokaz.errors import BadFile, sentence
from dokaz.exchange.deliveries.frequencies import (
    Found,
    FrequencyTable,
    allele_of,
    frequencies_found,
    take_frequency,
)
from dokaz.exchange.reading.encodings import decode
from dokaz.exchange.reading.limits import TABLE_LINES
from dokaz.exchange.reading.rows import Row
from dokaz.kinship.model.marker_table import marker_named

_NUMBER = re.compile(r"[0-9.,]+(?:[eE][+-]?[0-9]+)?")
_MERLIN = re.compile(r"M\s+\S")


def is_listed(text: str) -> bool:
    """Whether a text begins as such a list: a name without a divider, then an allele with its frequency."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")][:2]
    if len(lines) < 2:
        return False
    first, second = lines[0].split(), lines[1].split()
    if _MERLIN.match(lines[0]):
        return second[0] in {"A", "F"}
    is_row = len(second) > 1 and _NUMBER.fullmatch(second[-1]) is not None
    return is_row and not re.search(r"[\t,;=\"]", lines[0]) and _NUMBER.fullmatch(first[-1]) is None


def read_listed(data: bytes, *, file: str) -> FrequencyTable:
    """Read frequencies from such a list.

    Raises:
        BadFile: names line and value: a frequency before any marker, a marker or an allele twice, no number.
    """
    text, _ = decode(data, file=file)
    if text.count("\n") > TABLE_LINES:
        raise BadFile(
            sentence(
                "the table has {count:,} lines; at most {most:,} are read", count=text.count("\n"), most=TABLE_LINES
            ),
            file=file,
            next_step=sentence("cut it into several files"),
        )
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), start=1) if not line.startswith("#")]
    is_merlin = any(_MERLIN.match(line) for _, line in lines[:50])
    found: Found = {}
    written: dict[str, int] = {}
    marker = ""
    for row in _merlin(lines, file) if is_merlin else _list(lines, file):
        if row.text("marker"):
            name = row.text("marker")
            marker = marker_named(name) or name
            if marker in found:
                raise row.bad(
                    "marker", sentence("{name} is there under two names", name=marker), sentence("keep one of them")
                )
            found[marker] = {}
            written[name] = row.line
            continue
        if not marker:
            raise row.bad("allele", sentence("a frequency before any marker"), sentence("name the marker above it"))
        digits = row.digits("frequency", required=True, low=0, high=1)
        take_frequency(found, row, marker, allele_of(row, True), digits)
    if empty := next((name for name, line in written.items() if not found[marker_named(name) or name]), None):
        raise BadFile(
            sentence("the marker has no alleles"),
            file=file,
            line=written[empty],
            value=empty,
            next_step=sentence("give each allele a line, with its frequency"),
        )
    if not found:
        raise BadFile(sentence("the table has no frequencies"), file=file, next_step=sentence("export it again"))
    return frequencies_found(found, file=file, written=written, column="frequency")


def _list(lines: list[tuple[int, str]], file: str) -> Iterator[Row]:
    is_first = True
    for number, line in lines:
        if not line:
            is_first = True
            continue
        cells = line.split("\t") if "\t" in line else line.rsplit(None, 1)
        if is_first or len(cells) < 2 or not _NUMBER.fullmatch(cells[-1].strip()):
            yield Row(file, number, {"marker": line})
        else:
            yield _allele_row(file, number, [cell.strip() for cell in cells])
        is_first = False


def _merlin(lines: list[tuple[int, str]], file: str) -> Iterator[Row]:
    following = 1
    for number, line in lines:
        kind, _, rest = line.partition(" ") if "\t" not in line else line.partition("\t")
        rest = rest.strip()
        if kind == "M" and rest:
            following = 1
            yield Row(file, number, {"marker": rest})
        elif kind == "A":
            yield _allele_row(file, number, rest.rsplit(None, 1))
        elif kind == "F" and rest:
            for frequency in rest.split():
                yield _allele_row(file, number, [str(following), frequency])
                following += 1
        elif line:
            raise BadFile(
                sentence("a line that begins with neither M, A nor F"),
                file=file,
                line=number,
                value=line[:80],
                next_step=sentence("write M and a marker, then A, an allele and its frequency"),
            )


def _allele_row(file: str, line: int, cells: list[str]) -> Row:
    if len(cells) != 2 or not all(cells):
        raise BadFile(
            sentence("not an allele and its frequency"),
            file=file,
            line=line,
            value=" ".join(cells)[:80],
            next_step=sentence("write two columns"),
        )
    return Row(file, line, {"allele": cells[0], "frequency": cells[1]})


def write_listed(table: FrequencyTable) -> str:
    """The list that `read_listed` and pedtools read.

    Raises:
        BadFile: a marker or an allele that would be read otherwise.
    """
    lines = []
    for marker, alleles in table.frequencies.items():
        if marker != marker.strip() or marker.startswith("#") or len(marker.splitlines()) != 1 or "\t" in marker:
            raise BadFile(sentence("the name of a marker cannot be written in a list"), file="pedtools", value=marker)
        lines += ["", marker, *(f"{allele}\t{frequency!r}" for allele, frequency in alleles.items())]
    return "\n".join(lines[1:]) + "\n"
