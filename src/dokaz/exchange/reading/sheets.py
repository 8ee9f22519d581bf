"""A delimited file cut into cells: delimiter, lines above the header, quotes, and which line each row began on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.encodings import decode
from dokaz.exchange.reading.limits import TABLE_LINES

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_STATEMENT = re.compile(r"#+\s*([^:=]{1,60}?)\s*[:=]\s*(.*)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file cut into cells, before anyone asked what its columns mean; each record carries the line it began on.

    ``above`` are the lines before the header that begin with ``#``, ``stated`` those of them that say ``key: value``.
    """

    file: str
    encoding: str
    delimiter: str
    above: tuple[tuple[int, str], ...]
    stated: Mapping[str, tuple[int, str]]
    header: tuple[str, ...]
    header_line: int
    records: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheet(
    data: bytes,
    *,
    file: str,
    is_known: Callable[[str], bool] = lambda cell: False,
    most_lines: int = TABLE_LINES,
    keeps_empty_rows: bool = False,
) -> Sheet:
    """Cut a file into cells.

    Args:       data: the whole file.
                file: its name, for errors.
                is_known: whether a header cell means something to the caller; decides between delimiters.
                most_lines: a longer file is refused.
                keeps_empty_rows: whether a row of delimiters alone is a row; a blank line never is.
    Raises:     BadFile: encoding or delimiter cannot be told, a row is ragged, a quote never ends, or no header.
    """
    text, encoding = decode(data, file=file)
    if (count := text.count("\n")) > most_lines:
        raise BadFile(
            sentence("the table has {count:,} lines; at most {most:,} are read", count=count, most=most_lines),
            file=file,
            next_step=sentence("cut it into several files"),
        )
    lines = list(io.StringIO(text, newline=""))
    stated, start = _statements(lines, file)
    if start == len(lines):
        raise BadFile(
            sentence("there is no header, only remarks or blank lines"),
            file=file,
            next_step=sentence("export the table again"),
        )
    delimiter = _delimiter(lines[start], is_known, file=file, line=start + 1)
    records = list(_records(lines[start:], delimiter, file, start + 1, keeps_empty_rows))
    if not records:
        raise BadFile(
            sentence("there is no header, only empty cells"),
            file=file,
            line=start + 1,
            next_step=sentence("export the table again"),
        )
    (header_line, header), body = records[0], records[1:]
    for line, cells in body:
        if len(cells) != len(header):
            name = header[len(cells)] if len(cells) < len(header) else str(len(header) + 1)
            raise BadFile(
                sentence("{count} cells where the header has {expected}", count=len(cells), expected=len(header)),
                file=file,
                line=line,
                column=name,
                value=delimiter.join(cells)[:120],
                next_step=sentence(
                    "quote cells that contain a {delimiter}, or add the missing cells", delimiter=DELIMITERS[delimiter]
                ),
            )
    return Sheet(
        file=file,
        encoding=encoding,
        delimiter=delimiter,
        above=_above(lines[:start]),
        stated=stated,
        header=header,
        header_line=header_line,
        records=tuple(body),
    )


def _statements(lines: list[str], file: str) -> tuple[dict[str, tuple[int, str]], int]:
    """What the ``# key: value`` lines above the header say, and the index of the header's line."""
    stated: dict[str, tuple[int, str]] = {}
    for index, line in enumerate(lines):
        if line.strip() and not line.startswith("#"):
            return stated, index
        # A spreadsheet pads such a line with delimiters up to the width of the table.
        if match := _STATEMENT.fullmatch(line.strip().rstrip(",;\t").rstrip()):
            key = match[1].casefold()
            if key in stated and stated[key][1] != match[2]:
                raise BadFile(
                    sentence("{name} is stated twice", name=match[1]),
                    file=file,
                    line=index + 1,
                    value=match[2],
                    next_step=sentence("keep one; the other says {other!r}", other=stated[key][1]),
                )
            stated[key] = index + 1, match[2]
    return stated, len(lines)


def _above(lines: list[str]) -> tuple[tuple[int, str], ...]:
    """The lines above the header that say something, numbered."""
    texts = ((number, line.strip().rstrip(",;\t").lstrip("#").strip()) for number, line in enumerate(lines, 1))
    return tuple((number, text) for number, text in texts if text)


def _delimiter(header: str, is_known: Callable[[str], bool], *, file: str, line: int) -> str:
    """The delimiter under which the header names most columns that the caller knows."""
    unquoted = re.sub(r'"[^"]*"', "", header)
    there = [d for d in DELIMITERS if d in unquoted]
    if len(there) <= 1:
        return there[0] if there else ","
    score = {d: sum(is_known(cell.strip().strip('"')) for cell in header.rstrip("\r\n").split(d)) for d in there}
    best = [d for d in there if score[d] == max(score.values())]
    if len(best) > 1:
        raise BadFile(
            sentence("the delimiter cannot be told"),
            file=file,
            line=line,
            value=header.strip()[:120],
            next_step=sentence(
                "use one of {delimiters} throughout, and quote cells that hold it",
                delimiters=", ".join(DELIMITERS.values()),
            ),
        )
    return best[0]


def _records(
    lines: list[str], delimiter: str, file: str, first_line: int, keeps_empty_rows: bool
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows that are not wholly blank, each with the line on which it began (a quoted cell may span several)."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = first_line + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger than field limit" in str(error):
                raise BadFile(
                    sentence("a cell holds more than {most:,} characters", most=csv.field_size_limit()),
                    file=file,
                    line=line,
                    next_step=sentence("look for a quote that opens and never ends, or shorten the cell"),
                ) from error
            raise BadFile(
                sentence("quotes are broken: {error}", error=error),
                file=file,
                line=line,
                value=lines[min(line - first_line, len(lines) - 1)].strip()[:120],
                next_step=sentence('double a quote within a quoted cell (""), and end every quoted cell'),
            ) from error
        if any(cell.strip() for cell in cells) or (keeps_empty_rows and len(cells) > 1):
            yield line, tuple(cells)
