"""Allele frequencies as STRidER publishes them: one file of markers, each with many populations, as XML or as CSV.

The CSV is a block a marker: its name alone on a line; ``Allele`` and the populations; a line without an allele that holds
the numbers of people; a line an allele. A cell is empty where an allele was not seen; a marker without data has no
populations.

Source: Bodner et al. 2016, Forensic Sci Int Genet 24:97-102; the forms from the database's own exports (XML of 2015, CSV
of 2019, 2024 and 2025).
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dokaz.errors import BadFile, Sentence, sentence
from dokaz.exchange.deliveries.frequencies import SUM_TOLERANCE, FrequencyTable
from dokaz.exchange.reading.encodings import decode
from dokaz.exchange.reading.formulas import refuse_formulas
from dokaz.exchange.reading.xml_elements import XmlElement, read_elements, written_elements
from dokaz.kinship.model.marker_table import marker_named, renamed

_ALLELE = re.compile(r"[1-9][0-9]{0,2}(?:\.[1-9])?")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
SOURCE = "STRidER (strider.online); Bodner et al. 2016, Forensic Sci Int Genet 24:97-102"


def read_strider(data: bytes, *, file: str) -> tuple[FrequencyTable, ...]:
    """Read every population of a STRidER file, XML or CSV, in the order of their first appearance.

    Args:
        data: The whole file.
        file: Its name, for errors.

    Raises:
        BadFile: names the line and the value: not a STRidER file, an unknown element, an allele that the marker does
            not list, a frequency outside 0 to 1, a sum further than 0.01 from 1, a marker or an origin given twice.
    """
    is_xml = data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    return _read_xml(data, file) if is_xml else _read_csv(data, file)


def _read_xml(data: bytes, file: str) -> tuple[FrequencyTable, ...]:
    root = read_elements(data, file=file)
    if root.name != "frequencies":
        raise _bad(file, root, sentence("not a STRidER file: the outermost element is not <frequencies>"), root.name)
    found: dict[str, dict[str, dict[str, float]]] = {}
    sizes: dict[str, dict[str, int]] = {}
    markers: dict[str, int] = {}
    written: dict[str, None] = {}
    for element in root.parts:
        if element.name != "marker":
            raise _bad(file, element, sentence("an element that is not understood here"), element.name)
        name, listed = _only(file, element, "name").text, _only(file, element, "alleles").text
        marker = marker_named(name) or name
        if not name or marker in markers:
            raise _bad(file, element, sentence("a marker without a name, or given twice"), name)
        markers[marker] = element.line
        written[name] = None
        alleles = {allele.strip() for allele in listed.split(",")} if listed else set()
        for origin in element.parts:
            if origin.name in {"name", "alleles"}:
                continue
            if origin.name != "origin":
                raise _bad(file, origin, sentence("an element that is not understood here"), origin.name)
            population = origin.attributes.get("name", "")
            if not population or marker in found.get(population, {}):
                raise _bad(
                    file,
                    origin,
                    sentence("{marker}: an origin without a name, or given twice", marker=marker),
                    population,
                )
            size = origin.attributes.get("n", "")
            if not re.fullmatch(r"[1-9][0-9]{0,8}", size):
                raise _bad(
                    file,
                    origin,
                    sentence(
                        "{marker}, {population}: n is not a number of people", marker=marker, population=population
                    ),
                    size,
                )
            found.setdefault(population, {})[marker] = _frequencies(file, origin, marker, alleles)
            sizes.setdefault(population, {})[marker] = int(size)
    said = ", ".join(f"{key} {value}" for key, value in root.attributes.items())
    return _tables(found, sizes, file, said, written)


def _tables(
    found: Mapping[str, Mapping[str, Mapping[str, float]]],
    sizes: Mapping[str, Mapping[str, int]],
    file: str,
    said: str,
    written: Iterable[str],
) -> tuple[FrequencyTable, ...]:
    if not found:
        raise BadFile(sentence("the file has no frequencies"), file=file, next_step=sentence("export it again"))
    return tuple(
        FrequencyTable(
            file=file,
            population=population,
            source=f"{SOURCE}; {said}" if said else SOURCE,
            frequencies=table,
            sample_sizes=sizes[population],
            renamed=renamed(written),
        )
        for population, table in found.items()
    )


def is_csv(text: str) -> bool:
    """Whether a text begins as STRidER's CSV does: a name alone on a line, then a line that begins with ``Allele``."""
    lines = [line for line in text[:10_000].splitlines() if line.strip()][:2]
    if len(lines) < 2 or lines[1].split(",")[0].strip('"') != "Allele":
        return False
    name, *others = lines[0].split(",")
    return bool(name.strip()) and not any(others)


def _read_csv(data: bytes, file: str) -> tuple[FrequencyTable, ...]:
    text, _ = decode(data, file=file)
    rows: deque[tuple[int, list[str]]] = deque()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise _bad_cell(file, reader.line_num, sentence("not a table: {error}", error=error)) from None
    found: dict[str, dict[str, dict[str, float]]] = {}
    sizes: dict[str, dict[str, int]] = {}
    seen: set[str] = set()
    written: dict[str, None] = {}
    while rows:
        line, (name, *others) = rows.popleft()
        marker = marker_named(name) or name
        if not name or any(others) or _ALLELE.fullmatch(name) or marker in seen:
            raise _bad_cell(file, line, sentence("not the name of another marker, alone on its line"), name)
        seen.add(marker)
        written[name] = None
        line, (word, *populations) = rows.popleft() if rows else (line, ["", ""])
        if word != "Allele" or (any(populations) and len(set(populations)) < len(populations)):
            raise _bad_cell(
                file, line, sentence("{marker}: not 'Allele' and the populations, each once", marker=marker), word
            )
        if not any(populations):
            continue
        line, (word, *people) = rows.popleft() if rows else (line, ["", ""])
        if word or len(people) != len(populations):
            raise _bad_cell(
                file,
                line,
                sentence("{marker}: no line with the number of people of each population", marker=marker),
                word,
            )
        block = _block(file, marker, populations, rows)
        for population, number in zip(populations, people, strict=True):
            alleles = block.get(population, {})
            if not re.fullmatch(r"[1-9][0-9]{0,8}", number) or not population:
                raise _bad_cell(
                    file, line, sentence("{marker}: n is not a number of people", marker=marker), number, population
                )
            total = sum(alleles.values())
            if abs(total - 1) > SUM_TOLERANCE:
                raise _bad_cell(
                    file,
                    line,
                    sentence("{marker}: the frequencies sum to {total:.6g}, not 1", marker=marker, total=total),
                    None,
                    population,
                )
            found.setdefault(population, {})[marker] = alleles
            sizes.setdefault(population, {})[marker] = int(number)
    return _tables(found, sizes, file, "", written)


def _block(
    file: str, marker: str, populations: Sequence[str], rows: deque[tuple[int, list[str]]]
) -> dict[str, dict[str, float]]:
    """The lines of one marker, taken from the rows, up to what is not an allele."""
    seen: set[str] = set()
    found: dict[str, dict[str, float]] = {}
    while rows and _ALLELE.fullmatch(rows[0][1][0]):
        line, (allele, *cells) = rows.popleft()
        if allele in seen or len(cells) != len(populations):
            raise _bad_cell(
                file, line, sentence("{marker}: the allele twice, or not a cell a population", marker=marker), allele
            )
        seen.add(allele)
        for population, cell in zip(populations, cells, strict=True):
            if not cell:
                continue
            if not _NUMBER.fullmatch(cell) or not 0 <= float(cell) <= 1:
                raise _bad_cell(
                    file,
                    line,
                    sentence("{marker} {allele}: not a frequency from 0 to 1", marker=marker, allele=allele),
                    cell,
                    population,
                )
            found.setdefault(population, {})[allele] = float(cell)
    return found


def _bad_cell(file: str, line: int, problem: Sentence, value: str | None = None, column: str | None = None) -> BadFile:
    step = sentence("export it again from STRidER")
    return BadFile(problem, file=file, line=line, column=column, value=value, next_step=step)


def _frequencies(file: str, origin: XmlElement, marker: str, alleles: set[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in origin.parts:
        allele = row.attributes.get("allele", "")
        if row.name != "frequency" or not _ALLELE.fullmatch(allele) or allele in found:
            raise _bad(
                file,
                row,
                sentence("{marker}: not the frequency of an allele, or given twice", marker=marker),
                allele or row.name,
            )
        if alleles and allele not in alleles:
            raise _bad(file, row, sentence("{marker} does not list this allele", marker=marker), allele)
        if not _NUMBER.fullmatch(row.text) or not 0 <= float(row.text) <= 1:
            raise _bad(
                file,
                row,
                sentence("{marker} {allele}: not a frequency from 0 to 1", marker=marker, allele=allele),
                row.text,
            )
        found[allele] = float(row.text)
    total = sum(found.values())
    if abs(total - 1) > SUM_TOLERANCE:
        raise _bad(
            file, origin, sentence("{marker}: the frequencies sum to {total:.6g}, not 1", marker=marker, total=total)
        )
    return dict(sorted(found.items(), key=lambda item: float(item[0])))


def _only(file: str, element: XmlElement, name: str) -> XmlElement:
    parts = element.named(name)
    if len(parts) != 1:
        raise _bad(file, element, sentence("{count} elements <{name}>, not one", count=len(parts), name=name))
    return parts[0]


def _bad(file: str, element: XmlElement, problem: Sentence, value: str | None = None) -> BadFile:
    return BadFile(
        problem, file=file, line=element.line, value=value, next_step=sentence("export it again from STRidER")
    )


def write_strider(tables: Sequence[FrequencyTable]) -> str:
    """Populations in STRidER's form, XML.

    Raises:
        BadFile: two populations of one name or without one, or a marker without the number of people.
    """
    root = XmlElement("frequencies")
    for marker, having, alleles in _by_marker(tables):
        parts = [XmlElement("name", text=marker), XmlElement("alleles", text=", ".join(alleles))]
        element = XmlElement("marker", parts=parts)
        for table in having:
            rows = [
                XmlElement("frequency", attributes={"allele": a}, text=repr(f))
                for a, f in table.frequencies[marker].items()
            ]
            stated = {"name": table.population, "n": str(table.sample_sizes[marker])}
            element.parts.append(XmlElement("origin", attributes=stated, parts=rows))
        root.parts.append(element)
    return written_elements(root)


def write_strider_csv(tables: Sequence[FrequencyTable]) -> str:
    """The same as STRidER's CSV: a block a marker, a column a population, an empty cell where an allele was not seen.

    Raises:
        BadFile: as `write_strider`.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    refuse_formulas([[table.population for table in tables]], file="STRidER's CSV")
    for marker, having, alleles in _by_marker(tables):
        writer.writerow([marker, *("" for _ in having)])
        writer.writerow(["Allele", *(table.population for table in having)])
        writer.writerow(["", *(table.sample_sizes[marker] for table in having)])
        for allele in alleles:
            shown = (table.frequencies[marker].get(allele) for table in having)
            writer.writerow([allele, *("" if f is None else repr(f) for f in shown)])
    return text.getvalue()


def _by_marker(tables: Sequence[FrequencyTable]) -> Iterator[tuple[str, list[FrequencyTable], list[str]]]:
    """Every marker with the populations that have it, and their alleles in order."""
    populations = [table.population for table in tables]
    for marker in dict.fromkeys(m for table in tables for m in table.frequencies):
        having = [table for table in tables if marker in table.frequencies]
        for table in having:
            if not table.population or populations.count(table.population) > 1:
                raise _unwritable(
                    sentence(
                        "a population without a name, or two of one name: {population!r}", population=table.population
                    )
                )
            if marker not in table.sample_sizes:
                raise _unwritable(
                    sentence(
                        "{population}, {marker}: the number of people is not known",
                        population=table.population,
                        marker=marker,
                    )
                )
        yield marker, having, sorted({a for table in having for a in table.frequencies[marker]}, key=float)


def _unwritable(problem: Sentence) -> BadFile:
    return BadFile(problem, file="STRidER", next_step=sentence("write a CSV table, or state what is missing"))
