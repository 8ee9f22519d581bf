"""Allele frequencies as STRidER publishes them: one XML file of markers, each with many populations (origins).

The tables of single populations that STRidER offers as CSV are read by `frequencies`: a row an allele, a column a marker.

Source: Bodner et al. 2016, Forensic Sci Int Genet 24:97-102; the form from the database's own export.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dokaz.errors import BadFile
from dokaz.exchange.frequencies import SUM_TOLERANCE, FrequencyTable
from dokaz.exchange.genotypes import marker_named
from dokaz.exchange.xml_elements import Element, read_elements, written_elements

_ALLELE = re.compile(r"[1-9][0-9]{0,2}(?:\.[1-9])?")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
SOURCE = "STRidER (strider.online); Bodner et al. 2016, Forensic Sci Int Genet 24:97-102"


def read_strider(data: bytes, *, file: str) -> tuple[FrequencyTable, ...]:
    """Read every population of a STRidER file, in the order of their first appearance.

    Args:
        data: The whole file.
        file: Its name, for errors.

    Raises:
        BadFile: names the line and the value: not a STRidER file, an unknown element, an allele that the marker does
            not list, a frequency outside 0 to 1, a sum further than 0.01 from 1, a marker or an origin given twice.
    """
    root = read_elements(data, file=file)
    if root.name != "frequencies":
        raise _bad(file, root, "not a STRidER file: the outermost element is not <frequencies>", root.name)
    found: dict[str, dict[str, dict[str, float]]] = {}
    sizes: dict[str, dict[str, int]] = {}
    markers: dict[str, int] = {}
    for element in root.parts:
        if element.name != "marker":
            raise _bad(file, element, "an element that is not understood here", element.name)
        name, listed = _only(file, element, "name").text, _only(file, element, "alleles").text
        marker = marker_named(name) or name
        if not name or marker in markers:
            raise _bad(file, element, "a marker without a name, or given twice", name)
        markers[marker] = element.line
        alleles = {allele.strip() for allele in listed.split(",")} if listed else set()
        for origin in element.parts:
            if origin.name in {"name", "alleles"}:
                continue
            if origin.name != "origin":
                raise _bad(file, origin, "an element that is not understood here", origin.name)
            population = origin.attributes.get("name", "")
            if not population or marker in found.get(population, {}):
                raise _bad(file, origin, f"{marker}: an origin without a name, or given twice", population)
            size = origin.attributes.get("n", "")
            if not re.fullmatch(r"[1-9][0-9]{0,8}", size):
                raise _bad(file, origin, f"{marker}, {population}: n is not a number of people", size)
            found.setdefault(population, {})[marker] = _frequencies(file, origin, marker, alleles)
            sizes.setdefault(population, {})[marker] = int(size)
    if not found:
        raise BadFile("the file has no frequencies", file=file, next_step="export it again")
    stated = ", ".join(f"{key} {value}" for key, value in root.attributes.items())
    return tuple(
        FrequencyTable(
            file=file,
            population=population,
            source=f"{SOURCE}; {stated}" if stated else SOURCE,
            frequencies=table,
            sample_sizes=sizes[population],
            unknown_markers=tuple(m for m in table if not marker_named(m)),
        )
        for population, table in found.items()
    )


def _frequencies(file: str, origin: Element, marker: str, alleles: set[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in origin.parts:
        allele = row.attributes.get("allele", "")
        if row.name != "frequency" or not _ALLELE.fullmatch(allele) or allele in found:
            raise _bad(file, row, f"{marker}: not the frequency of an allele, or given twice", allele or row.name)
        if alleles and allele not in alleles:
            raise _bad(file, row, f"{marker} does not list this allele", allele)
        if not _NUMBER.fullmatch(row.text) or not 0 <= float(row.text) <= 1:
            raise _bad(file, row, f"{marker} {allele}: not a frequency from 0 to 1", row.text)
        found[allele] = float(row.text)
    total = sum(found.values())
    if abs(total - 1) > SUM_TOLERANCE:
        raise _bad(file, origin, f"{marker}: the frequencies sum to {total:.6g}, not 1")
    return dict(sorted(found.items(), key=lambda item: float(item[0])))


def _only(file: str, element: Element, name: str) -> Element:
    parts = element.named(name)
    if len(parts) != 1:
        raise _bad(file, element, f"{len(parts)} elements <{name}>, not one")
    return parts[0]


def _bad(file: str, element: Element, problem: str, value: str | None = None) -> BadFile:
    return BadFile(problem, file=file, line=element.line, value=value, next_step="export it again from STRidER")


def write_strider(tables: Sequence[FrequencyTable]) -> str:
    """Populations in STRidER's form.

    Raises:
        BadFile: two populations of one name or without one, or a marker without the number of people.
    """
    populations = [table.population for table in tables]
    root = Element("frequencies")
    for marker in dict.fromkeys(m for table in tables for m in table.frequencies):
        having = [table for table in tables if marker in table.frequencies]
        alleles = sorted({a for table in having for a in table.frequencies[marker]}, key=float)
        element = Element("marker", parts=[Element("name", text=marker), Element("alleles", text=", ".join(alleles))])
        for table in having:
            if not table.population or populations.count(table.population) > 1:
                raise _unwritable(f"a population without a name, or two of one name: {table.population!r}")
            if marker not in table.sample_sizes:
                raise _unwritable(f"{table.population}, {marker}: the number of people is not known")
            rows = [
                Element("frequency", attributes={"allele": a}, text=repr(f))
                for a, f in table.frequencies[marker].items()
            ]
            stated = {"name": table.population, "n": str(table.sample_sizes[marker])}
            element.parts.append(Element("origin", attributes=stated, parts=rows))
        root.parts.append(element)
    return written_elements(root)


def _unwritable(problem: str) -> BadFile:
    return BadFile(problem, file="STRidER", next_step="write a CSV table, or state what is missing")
