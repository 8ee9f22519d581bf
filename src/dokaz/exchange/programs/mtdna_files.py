"""Mitochondrial sequences in the formats of EMPOP (.emp) and HaploGrep (.hsd).

EMPOP: lines that begin with ``#`` are comments, those that begin with ``#!`` the ranges of every sequence after them; then
sample, haplogroup, number of persons and the variants, separated by tabs. HaploGrep: sample, ranges (separated by
semicolons), haplogroup, variants; a header line may stand above. The haplogroup is not used.

Source: the example of EMPOP, AUT273 (gmitirol/empophub); the page of HaploGrep on its input.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.encodings import decode

_SUFFIXES = (".emp", ".hsd")
_HEADER = frozenset({"sampleid", "sample id", "id", "sample"})


@dataclass(frozen=True)
class SequenceRow:
    """One sequence: its name, ranges and variants as written, how many persons have it, and its haplogroup."""

    id: str
    texts: tuple[str, ...]
    count: int
    line: int
    haplogroup: str = ""


def is_sequence_file(name: str) -> bool:
    """Whether a file is of one of the two formats, by its suffix."""
    return PurePath(name).suffix.lower() in _SUFFIXES


def read_sequences(data: bytes, *, file: str, is_empop: bool | None = None) -> tuple[str, tuple[SequenceRow, ...]]:
    """The title of a file (``# database: …``, else its first comment), and its sequences.

    Args:
        is_empop: Whether it is of EMPOP rather than HaploGrep; None: as the suffix says.

    Raises:
        BadFile: names the line: no range, no number of persons, fewer columns than the format has, no sequence.
    """
    if is_empop is None:
        is_empop = PurePath(file).suffix.lower() == ".emp"
    text, _ = decode(data, file=file)
    title = ""
    ranges: tuple[str, ...] = ()
    found: list[SequenceRow] = []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in line.rstrip().split("\t")]
        if line.startswith("#!"):
            ranges = tuple(re.split(r"[\s;,]+", line[2:].strip()))
        elif line.startswith("#"):
            title = title or line.lstrip("# ").removeprefix("database:").strip()
        elif line.strip() and not (number == 1 and cells[0].casefold() in _HEADER):
            found.append(_row(cells, number, ranges if is_empop else None, file))
    if not found:
        raise BadFile(sentence("the file has no sequences"), file=file, next_step=sentence("export it again"))
    return title, tuple(found)


def _row(cells: list[str], line: int, ranges: tuple[str, ...] | None, file: str) -> SequenceRow:
    if len(cells) < 3 or not cells[0]:
        raise BadFile(
            sentence("{count} columns, not three and the variants", count=len(cells)),
            file=file,
            line=line,
            next_step=sentence("separate them by tabs"),
        )
    variants = [variant for cell in cells[3:] for variant in cell.split()]
    count = cells[2] if ranges is not None else "1"
    if not re.fullmatch(r"[1-9][0-9]{0,5}", count):
        raise BadFile(sentence("not a number of persons"), file=file, line=line, value=count)
    read = ranges if ranges is not None else tuple(part for part in re.split(r"[\s;]+", cells[1]) if part)
    if not read:
        raise BadFile(
            sentence("the sequence has no range"),
            file=file,
            line=line,
            value=cells[0],
            next_step=sentence("write what was read: #! 16024-576 above the sequences"),
        )
    haplogroup = cells[1] if ranges is not None else cells[2]
    return SequenceRow(cells[0], (*read, *variants), int(count), line, haplogroup.strip("?"))
