"""Y haplotypes and mtDNA: evidence of a shared lineage, never multiplied over loci.

A lineage marker is inherited whole, so its loci are one observation: the strength of a match is how rare the whole
haplotype is, counted in a named database, with an upper confidence bound because most haplotypes are never seen there.
All members of a lineage match: it excludes well, and it identifies nobody on its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from scipy.stats import beta

from dokaz.errors import BadProfile, BadQuestion

#: Alleles of each locus; several where the locus is duplicated (DYS385).
Haplotype = Mapping[str, Sequence[str]]


#: Positions after which insertions vary within a lineage and are disregarded in a search.
LENGTH_VARIANTS = frozenset({16193, 309, 315, 455, 463, 573, 960, 5899, 8276, 8285})


class LineageKind(Enum):
    """Which lineage."""

    PATERNAL = "Y"
    MATERNAL = "mtDNA"


class LineageVerdict(Enum):
    """What the comparison says."""

    MATCH = "match"
    MATCH_WITH_MUTATIONS = "match with mutations"
    EXCLUSION = "exclusion"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True)
class LineageDatabase:
    """A reference database of whole haplotypes.

    Args:
        name: As cited, with its release or date.
        haplotypes: One entry a person.
    """

    name: str
    haplotypes: tuple[Haplotype, ...]

    def __post_init__(self) -> None:
        if not self.name or not self.haplotypes:
            raise BadQuestion(
                "a lineage database without a name or without haplotypes",
                next_step="name the database and its release; an empty one says nothing about rarity",
            )


@dataclass(frozen=True)
class LineageComparison:
    """What two lineage profiles say about a shared lineage.

    Args:
        kind: Paternal or maternal.
        verdict: Match, match with mutations (no more than allowed), exclusion, or nothing to compare.
        compared: Loci (mtDNA: ranges) typed in both.
        differences: What differs, as a person reads it.
        mutations: Mutations that the differences need at least.
        allowed_mutations: What the verdict rests on.
        count, database_size: Haplotypes in the database that equal the evidence at the compared loci, of how many.
        database: Its name.
        frequency_upper: Upper confidence bound of the haplotype's frequency.
        confidence: Of that bound, one-sided.
    """

    kind: LineageKind
    verdict: LineageVerdict
    compared: tuple[str, ...]
    differences: tuple[str, ...]
    mutations: int
    allowed_mutations: int
    count: int
    database_size: int
    database: str
    frequency_upper: float
    confidence: float

    @property
    def lr(self) -> float | None:
        """1 / upper bound of the frequency for a full match, 0 for an exclusion, else None.

        A match with mutations has no LR here: it would need the number of generations between the two.
        """
        if self.verdict is LineageVerdict.MATCH:
            return 1 / self.frequency_upper
        return 0.0 if self.verdict is LineageVerdict.EXCLUSION else None


def upper_frequency(count: int, size: int, confidence: float = 0.95) -> float:
    """Clopper–Pearson upper bound of a frequency seen `count` times among `size`, one-sided.

    Raises:
        BadQuestion: a count outside 0 to size, a confidence outside 0 to 1.

    Source: Clopper & Pearson 1934; for a count of 0 it is 1 − (1 − confidence)^(1/size).

    Example:
        >>> round(upper_frequency(0, 100), 6) == round(1 - 0.05 ** (1 / 100), 6)
        True
    """
    if not 0 <= count <= size or size < 1:
        raise BadQuestion(f"{count} of {size} haplotypes", next_step="give a count from 0 to the database's size")
    if not 0 < confidence < 1:
        raise BadQuestion(f"confidence {confidence!r}", next_step="give a value between 0 and 1, such as 0.95")
    return 1.0 if count == size else float(beta.ppf(confidence, count + 1, size - count))


def compare_y(
    evidence: Haplotype,
    reference: Haplotype,
    database: LineageDatabase,
    *,
    allowed_mutations: int = 0,
    confidence: float = 0.95,
) -> LineageComparison:
    """Compare two Y-STR haplotypes of men who would share a paternal lineage.

    A difference of k whole repeats counts as k mutations; one that is no whole number of repeats, or another number of
    copies of a duplicated locus, counts as more than any number allowed.

    Args:
        evidence, reference: Alleles by locus; loci typed in one only are left out and do not count.
        database: Where the haplotype of the evidence is counted, at the compared loci.
        allowed_mutations: Exclusion needs more than this many.
        confidence: One-sided, of the frequency's upper bound.

    Source: Roewer et al. 2020 (ISFG recommendations on Y-STR), counting method.

    Example:
        >>> base = LineageDatabase("invented 2026", ({"DYS19": ("14",)}, {"DYS19": ("15",)}))
        >>> compare_y({"DYS19": ("14",)}, {"DYS19": ("15",)}, base, allowed_mutations=1).verdict.value
        'match with mutations'
    """
    compared = tuple(locus for locus in evidence if evidence[locus] and reference.get(locus))
    differences, mutations = [], 0
    for locus in compared:
        steps = _steps(evidence[locus], reference[locus], locus)
        if steps == 0:
            continue
        differences.append(f"{locus}: {'/'.join(evidence[locus])} against {'/'.join(reference[locus])}")
        mutations = max(mutations, allowed_mutations) + 1 if steps is None else mutations + steps
    same = sum(
        all(sorted(other.get(locus, ())) == sorted(evidence[locus]) for locus in compared)
        for other in database.haplotypes
    )
    return _conclude(
        LineageKind.PATERNAL, compared, differences, mutations, allowed_mutations, same, database, confidence
    )


def compare_mtdna(
    evidence: Collection[str],
    evidence_range: tuple[int, int],
    reference: Collection[str],
    reference_range: tuple[int, int],
    database: LineageDatabase,
    *,
    allowed_mutations: int = 1,
    confidence: float = 0.95,
    ignored_insertions: Collection[int] = LENGTH_VARIANTS,
) -> LineageComparison:
    """Compare two mtDNA sequences, given as differences from the revised Cambridge reference sequence.

    Args:
        evidence, reference: Variants as "263G", "309.1C", "523DEL".
        evidence_range, reference_range: First and last position read; only the shared part is compared.
        database: Entries hold their variants under the locus "variants" and cover the compared range.
        allowed_mutations: Exclusion needs more differences than this.
        ignored_insertions: Positions whose insertions are disregarded in searches.

    Source: Parson et al. 2014 (ISFG recommendations on mtDNA).
    """
    first = max(evidence_range[0], reference_range[0])
    last = min(evidence_range[1], reference_range[1])

    def shared(variants: Collection[str]) -> set[str]:
        inside = {v.upper() for v in variants if first <= _position(v) <= last}
        return {v for v in inside if not ("." in v and _position(v) in ignored_insertions)}

    ours, theirs = shared(evidence), shared(reference)
    places = sorted({_position(v) for v in ours ^ theirs})
    differences = []
    for place in places:
        here = [" ".join(sorted(v for v in side if _position(v) == place)) or "as rCRS" for side in (ours, theirs)]
        differences.append(f"{place}: {here[0]} against {here[1]}")
    same = sum(shared(other.get("variants", ())) == ours for other in database.haplotypes)
    compared = (f"{first}-{last}",) if first <= last else ()
    return _conclude(
        LineageKind.MATERNAL, compared, differences, len(places), allowed_mutations, same, database, confidence
    )


def _conclude(
    kind: LineageKind,
    compared: tuple[str, ...],
    differences: list[str],
    mutations: int,
    allowed: int,
    count: int,
    database: LineageDatabase,
    confidence: float,
) -> LineageComparison:
    if not compared:
        verdict = LineageVerdict.NOT_COMPARABLE
    elif mutations == 0:
        verdict = LineageVerdict.MATCH
    else:
        verdict = LineageVerdict.MATCH_WITH_MUTATIONS if mutations <= allowed else LineageVerdict.EXCLUSION
    size = len(database.haplotypes)
    return LineageComparison(
        kind,
        verdict,
        compared,
        tuple(differences),
        mutations,
        allowed,
        count,
        size,
        database.name,
        upper_frequency(count, size, confidence),
        confidence,
    )


def _steps(one: Sequence[str], other: Sequence[str], locus: str) -> int | None:
    """Whole repeats between two sets of copies; None where steps cannot explain the difference."""
    if len(one) != len(other):
        return None
    total = 0
    for a, b in zip(sorted(_repeats(v, locus) for v in one), sorted(_repeats(v, locus) for v in other), strict=True):
        if (a - b) % 10:
            return None
        total += abs(a - b) // 10
    return total


def _repeats(allele: str, locus: str) -> int:
    """Repeats in tenths: "9.3" is 93."""
    try:
        value = float(allele)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadProfile(f"{locus}: allele {allele!r} is not a repeat number", next_step="check the typing")
    return round(value * 10)


def _position(variant: str) -> int:
    found = re.match(r"[ACGT-]?(\d+)", variant.upper())
    if found is None:
        raise BadProfile(f"mtDNA variant {variant!r} has no position", next_step="write it as 263G, 309.1C or 523DEL")
    return int(found.group(1))
