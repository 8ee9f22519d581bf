"""The table of markers: their names, other names, chromosome and kits; the one place that says what a marker is.

A name is looked up without spaces, points, dashes, slashes and case, so ``Penta_E`` and ``PENTA E`` are one name. Cyrillic
letters that look like Latin ones are read as these. A marker outside the table has no chromosome until somebody states it.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from itertools import pairwise

from dokaz.errors import BadMarker
from dokaz.kinship.model.markers import Chromosome, Linked, Marker

#: Markers at this distance recombine in 32 of 100 transmissions, and are mostly taken for independent.
LINKED_CM = 50.0
#: Markers this near are mostly inherited as one haplotype: their alleles are not independent in a population either.
ONE_HAPLOTYPE_CM = 1.0
_LATIN = str.maketrans("АВСЕНІКМОРТХУ", "ABCEHIKMOPTXY")


@dataclass(frozen=True)
class KnownMarker:
    """One row of the table.

    Args:
        name: As it is called here.
        chromosome: Where it lies, as far as inheritance cares.
        place: The chromosome as the table writes it: 1 to 22, X, Y, MT, AMEL.
        cm: Position on the chromosome in centimorgan, averaged over the sexes, on X of women; None where none is published.
        aliases: Other names of the whole marker.
        copies: Names of single copies of a marker that lies on the chromosome more than once (DYS385a, DYS385b).
        kits: Kits that type it.
    """

    name: str
    chromosome: Chromosome
    place: str
    cm: float | None
    aliases: tuple[str, ...]
    copies: tuple[str, ...]
    kits: tuple[str, ...]


@cache
def known_markers() -> Mapping[str, KnownMarker]:
    """Every marker of the table, by name."""
    text = (files("dokaz.kinship") / "data" / "markers.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {
        row["name"]: KnownMarker(
            row["name"],
            Chromosome.named(row["chromosome"]),
            row["chromosome"],
            float(row["cM"]) if row["cM"] else None,
            *(tuple(row[column].split("|")) if row[column] else () for column in ("aliases", "copies", "kits")),
        )
        for row in rows
    }


def _key(text: str) -> str:
    return re.sub(r"[\s_\-./]+", "", text).upper().translate(_LATIN)


@cache
def _by_key() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for marker in known_markers().values():
        for spelling in (marker.name, *marker.aliases, *marker.copies):
            other = found.setdefault(_key(spelling), marker.name)
            if other != marker.name:
                raise ValueError(f"the table of markers calls {other} and {marker.name} {spelling}")
    return found


def marker_named(text: str) -> str:
    """The name that a marker has here, however a laboratory spells it; empty if the table does not have it.

    Example:
        >>> marker_named("VWA"), marker_named("Penta_E"), marker_named("THO1"), marker_named("D99S1")
        ('vWA', 'Penta E', 'TH01', '')
        >>> marker_named("DYS385a/b"), marker_named("DYS389.1"), marker_named("YGATA_H4.1")
        ('DYS385', 'DYS389I', 'YGATAH4')
    """
    return _by_key().get(_key(text), "")


def chromosome_of(name: str) -> Chromosome | None:
    """Where a marker lies, under any of its names; None if the table does not have it.

    Example:
        >>> chromosome_of("DXS10074"), chromosome_of("THO1"), chromosome_of("D99S1")
        (<Chromosome.X: 'X'>, <Chromosome.AUTOSOMAL: 'autosomal'>, None)
    """
    known = known_markers().get(marker_named(name))
    return known.chromosome if known else None


def is_one_copy(written: str) -> bool:
    """Whether a name means one copy only of a marker that has several: ``DYS385a``."""
    known = known_markers().get(marker_named(written))
    return known is not None and _key(written) in {_key(copy) for copy in known.copies}


def renamed(written: Iterable[str]) -> dict[str, str]:
    """The spellings that are not the name used here, each with that name."""
    return {text: name for text in written if (name := marker_named(text)) and name != text}


def placed(names: Iterable[str], stated: Mapping[str, str] | None = None) -> dict[str, Chromosome]:
    """The chromosome of every marker: from the table, else as stated.

    Args:
        names: Markers.
        stated: Chromosomes (1 to 22, autosomal, X, Y, MT) by name or pattern (``rs*``), of markers outside the table.

    Raises:
        BadMarker: a marker that is neither in the table nor stated, or one of the table that is stated otherwise.
    """
    found: dict[str, Chromosome] = {}
    unknown: dict[str, None] = {}
    asked = stated or {}
    for text in asked.values():
        Chromosome.named(text)
    for name in names:
        own = chromosome_of(name)
        said = stated_place(name, asked) if own is None or name in asked else None
        if own is not None and said is not None and said is not own:
            raise BadMarker(
                f"{name} is said to be {said.value}; the table of markers says {own.value}",
                next_step="leave it out of --chromosome, or give the marker the name that is meant",
            )
        where = own or said
        if where is None:
            unknown[name] = None
        else:
            found[name] = where
    must_be_known(unknown)
    return found


def stated_place(name: str, stated: Mapping[str, str]) -> Chromosome | None:
    """The chromosome that is stated for a name itself, else for the first pattern that it fits.

    Raises:
        BadMarker: what is stated is no chromosome.
    """
    fitting = [name] if name in stated else [pattern for pattern in stated if fnmatchcase(name, pattern)]
    return Chromosome.named(stated[fitting[0]]) if fitting else None


def must_be_known(unknown: Iterable[str]) -> None:
    """Ask for the chromosome of markers that nobody has stated.

    Raises:
        BadMarker: there is one.
    """
    listed = list(unknown)
    if listed:
        options = " ".join(f"--chromosome '{name}=…'" for name in listed[:3])
        raise BadMarker(
            f"not in the table of markers, so the chromosome is not known: {_some(listed)}",
            next_step=f"correct the name, or state the chromosome (1 to 22, X, Y, MT): {options}",
        )


def linked_groups(names: Iterable[str], within: float = LINKED_CM) -> tuple[Linked, ...]:
    """Groups of markers that lie near each other by the table, with the recombination fraction between neighbours.

    Markers without a published position are in none.

    Args:
        names: As the table has them.
        within: Neighbours further apart than so many cM are taken for independent.

    Source: Haldane 1919: (1 − exp(−2 d)) / 2 at d Morgan.

    Example:
        >>> [(names, round(fractions[0], 3)) for names, fractions in linked_groups(["D12S391", "TH01", "vWA"])]
        [(('vWA', 'D12S391'), 0.106)]
    """
    known = [m for n in names if (m := known_markers().get(n)) is not None and m.cm is not None]
    found: list[list[KnownMarker]] = []
    for marker in sorted(known, key=lambda m: (m.place, m.cm or 0.0)):
        before = found[-1][-1] if found else None
        if before and before.place == marker.place and _apart(before, marker) <= within:
            found[-1].append(marker)
        else:
            found.append([marker])
    return tuple(
        (tuple(m.name for m in group), tuple(_recombined(_apart(a, b)) for a, b in pairwise(group)))
        for group in found
        if len(group) > 1
    )


def _apart(one: KnownMarker, other: KnownMarker) -> float:
    return abs((one.cm or 0.0) - (other.cm or 0.0))


def _recombined(cm: float) -> float:
    return -math.expm1(-2 * cm / 100) / 2


def taken_as_unlinked(
    markers: Iterable[Marker], linked: Sequence[Linked]
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Markers that are multiplied as independent although they may not be.

    Args:
        linked: Groups that are computed as linked.

    Returns:
        Groups of neighbours by the table; markers on X of which the table knows no position, where others lie on X too.
    """
    free = [m for m in markers if m.alleles and not any(m.name in names for names, _ in linked)]
    on_x = [m.name for m in markers if m.alleles and m.chromosome is Chromosome.X]
    unplaced = tuple(m.name for m in free if m.name in on_x and not _has_position(m.name)) if len(on_x) > 1 else ()
    return tuple(names for names, _ in linked_groups(m.name for m in free)), unplaced


def of_one_haplotype(markers: Iterable[Marker]) -> tuple[tuple[str, ...], ...]:
    """Groups of markers so near each other that their alleles go together in a population (linkage disequilibrium).

    No likelihood here knows that: it multiplies allele frequencies, where frequencies of haplotypes are right.

    Source: Tillmar and others 2017, Forensic Sci Int Genet 29:269-275 (ISFG on X-chromosomal markers).
    """
    return tuple(names for names, _ in linked_groups((m.name for m in markers if m.alleles), ONE_HAPLOTYPE_CM))


def _has_position(name: str) -> bool:
    known = known_markers().get(name)
    return known is not None and known.cm is not None


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - 10} more" if len(listed) > 10 else ""
    return ", ".join(listed[:10]) + more
