"""Y haplotypes and mtDNA: evidence of a shared lineage, never multiplied over loci.

A lineage marker is inherited whole, so its loci are one observation: the strength of a match is how rare the whole
haplotype is, counted in a named database, with an upper confidence bound because most haplotypes are never seen there.
All members of a lineage match: it excludes well, and it identifies nobody on its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from dokaz.errors import BadProfile, BadQuestion

#: Alleles of each Y locus; several where the locus is duplicated (DYS385).
Haplotype = Mapping[str, Sequence[str]]
#: First and last position, both included.
Range = tuple[int, int]

#: Positions after which insertions vary within a lineage and are disregarded in a search.
LENGTH_VARIANTS = frozenset({16193, 309, 315, 455, 463, 573, 960, 5899, 8276, 8285})
#: Loci that every man has twice: one allele seen is both copies.
TWO_COPIES = frozenset({"DYS385", "DYF387S1"})
#: Length of the revised Cambridge reference sequence, a circle.
MT_LENGTH = 16569

_REPEATS = re.compile(r"([0-9]{1,3})(?:\.([0-9]))?")
_RANGE = re.compile(r"([0-9]{1,5})\s*[-–]\s*([0-9]{1,5})")
_VARIANT = re.compile(r"[ACGTacgt]?([0-9]{1,5})(\.[0-9]{1,2})?(DEL|[Dd]el|d|-|[ACGTRYSWKMBDHVNacgt])")


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
class MtSequence:
    """What was read of a mitochondrial genome, as differences from the revised Cambridge reference sequence.

    Args:
        ranges: What was read, in order, none across the end of the circle; only that is ever compared.
        variants: As "263G", "309.1C", "523DEL".
    """

    ranges: tuple[Range, ...]
    variants: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> MtSequence:
        """Ranges ("16024-16365", "16024-576" across the end) and variants, in any order.

        Raises:
            BadProfile: no range, a variant outside all of them, or a text that is neither.

        Example:
            >>> MtSequence.of(["16024-576", "A263G", "523del"]).ranges
            ((1, 576), (16024, 16569))
        """
        ranges: list[Range] = []
        variants: dict[str, int] = {}
        for text in texts:
            if found := _RANGE.fullmatch(text):
                first, last = int(found[1]), int(found[2])
                if not (1 <= first <= MT_LENGTH and 1 <= last <= MT_LENGTH):
                    raise BadProfile(f"mtDNA range {text!r}", next_step=f"give positions from 1 to {MT_LENGTH}")
                ranges += [(first, last)] if first <= last else [(first, MT_LENGTH), (1, last)]
                continue
            change = _VARIANT.fullmatch(text)
            if change is None or not 1 <= int(change[1]) <= MT_LENGTH:
                raise BadProfile(f"mtDNA variant {text!r}", next_step="write it as 263G, 309.1C or 523DEL")
            base = change[3].upper() if len(change[3]) == 1 and change[3] not in "d-" else "DEL"
            variants[f"{change[1]}{change[2] or ''}{base}"] = int(change[1])
        if not ranges:
            raise BadProfile("mtDNA without a range", next_step="state what was read, such as 16024-16365")
        for variant, position in variants.items():
            if not any(first <= position <= last for first, last in ranges):
                raise BadProfile(f"mtDNA variant {variant} lies outside what was read", next_step="correct the ranges")
        return cls(tuple(sorted(ranges)), frozenset(variants))

    def variants_within(
        self, ranges: Sequence[Range], ignored_insertions: Collection[int] = LENGTH_VARIANTS
    ) -> frozenset[str]:
        """The variants within ranges, without insertions where length varies."""
        return frozenset(
            v
            for v in self.variants
            if any(first <= _position(v) <= last for first, last in ranges)
            and not ("." in v and _position(v) in ignored_insertions)
        )

    def covers(self, ranges: Sequence[Range]) -> bool:
        """Whether all of these ranges were read."""
        return all(any(a <= first and last <= b for a, b in self.ranges) for first, last in ranges)


#: Of either lineage.
AnyHaplotype = Haplotype | MtSequence


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
    """

    kind: LineageKind
    verdict: LineageVerdict
    compared: tuple[str, ...]
    differences: tuple[str, ...]
    mutations: int
    allowed_mutations: int


@dataclass(frozen=True)
class LineageDatabase:
    """A reference database of whole haplotypes of one kind.

    Args:
        name: As cited, with its release or date.
        haplotypes: One entry a person: Y haplotypes, or mtDNA sequences.
    """

    name: str
    haplotypes: tuple[Haplotype, ...] | tuple[MtSequence, ...]

    def __post_init__(self) -> None:
        if not self.name or not self.haplotypes:
            raise BadQuestion(
                "a lineage database without a name or without haplotypes",
                next_step="name the database and its release; an empty one says nothing about rarity",
            )


@dataclass(frozen=True)
class DatabaseSearch:
    """Answers of a database whose haplotypes are not at hand, such as YHRD and EMPOP.

    Args:
        name: As cited, with its release or date.
        answers: By remains: what was searched (loci, or ranges of mtDNA), how often it was found, among how many.
    """

    name: str
    answers: Mapping[str, tuple[tuple[tuple[str, ...], int, int], ...]]

    def rarity(self, remains: str, compared: Sequence[str], *, confidence: float = 0.95) -> Rarity | None:
        """The answer over most of what was compared; None where more was searched than compared, or nothing was.

        A search over less than was compared finds the haplotype too often, so its bound holds; one over more does not.
        """
        best: tuple[int, Rarity] | None = None
        for searched, count, size in self.answers.get(remains, ()):
            if _within(searched, compared) and (best is None or len(searched) > best[0]):
                best = len(searched), Rarity(self.name, count, size, searched, confidence)
        return best and best[1]


@dataclass(frozen=True)
class Rarity:
    """How rare a haplotype is.

    Args:
        database: Its name.
        count, size: Entries that equal the haplotype where it was counted, of those that were typed there.
        counted_over: Loci, or ranges of mtDNA.
        confidence: Of the upper bound, one-sided.
    """

    database: str
    count: int
    size: int
    counted_over: tuple[str, ...]
    confidence: float = 0.95

    @property
    def frequency_upper(self) -> float:
        """Upper confidence bound of the haplotype's frequency; 1 where no entry was typed there."""
        return upper_frequency(self.count, self.size, self.confidence) if self.size else 1.0

    @property
    def lr(self) -> float:
        """1 / upper bound: the LR of a full match. It holds for every member of the line and enters no product."""
        return 1 / self.frequency_upper


def upper_frequency(count: int, size: int, confidence: float = 0.95) -> float:
    """Clopper–Pearson upper bound of a frequency seen `count` times among `size`, one-sided.

    Raises:
        BadQuestion: a count outside 0 to size, a confidence outside 0 to 1.

    Source: Clopper & Pearson 1934: the frequency at which a count this low or lower has probability 1 − confidence; for
    a count of 0 it is 1 − (1 − confidence)^(1/size).

    Example:
        >>> round(upper_frequency(0, 100), 6) == round(1 - 0.05 ** (1 / 100), 6)
        True
    """
    if not 0 <= count <= size or size < 1:
        raise BadQuestion(f"{count} of {size} haplotypes", next_step="give a count from 0 to the database's size")
    if not 0 < confidence < 1:
        raise BadQuestion(f"confidence {confidence!r}", next_step="give a value between 0 and 1, such as 0.95")
    if count == size:
        return 1.0
    wanted = math.log1p(-confidence)
    down = np.arange(count, 0, -1)
    # Binomial probabilities of count, count - 1 … 0, each divided by the first, but for the odds of the frequency.
    relative = np.concatenate([[0.0], np.cumsum(np.log(down / (size - down + 1)))])
    ln_ways = float(np.log((size - down + 1) / down).sum())
    steps = np.arange(count + 1)
    low, high = -math.expm1(wanted / size), 1.0  # the bound of a count of 0, which no other is below
    while low < (middle := (low + high) / 2) < high:
        terms = relative + steps * (math.log1p(-middle) - math.log(middle))
        ln_first = ln_ways + count * math.log(middle) + (size - count) * math.log1p(-middle)
        ln_tail = ln_first + terms.max() + math.log(np.exp(terms - terms.max()).sum())
        low, high = (middle, high) if ln_tail > wanted else (low, middle)
    return high


def compare_y(evidence: Haplotype, reference: Haplotype, *, allowed_mutations: int = 2) -> LineageComparison:
    """Compare two Y-STR haplotypes of men who would share a paternal lineage.

    A difference of k whole repeats counts as k mutations; one that is no whole number of repeats, or another number of
    copies of a locus, counts as more than any number allowed.

    Args:
        evidence, reference: Alleles by locus; loci typed in one only are left out and do not count.
        allowed_mutations: Exclusion needs more than this many.

    Raises:
        BadProfile: an allele that is not a number of repeats.

    Source: Roewer et al. 2020 (ISFG recommendations on Y-STR).

    Example:
        >>> compare_y({"DYS19": ("14",)}, {"DYS19": ("15",)}, allowed_mutations=1).verdict.value
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
    return _concluded(LineageKind.PATERNAL, compared, differences, mutations, allowed_mutations)


def compare_mtdna(evidence: MtSequence, reference: MtSequence, *, allowed_mutations: int = 1) -> LineageComparison:
    """Compare two mtDNA sequences where both were read.

    Args:
        evidence, reference: Insertions where length varies within a lineage (`LENGTH_VARIANTS`) are disregarded.
        allowed_mutations: Exclusion needs more differences than this.

    Source: Parson et al. 2014 (ISFG recommendations on mtDNA).
    """
    shared = [(max(a, c), min(b, d)) for a, b in evidence.ranges for c, d in reference.ranges if max(a, c) <= min(b, d)]
    ours, theirs = evidence.variants_within(shared), reference.variants_within(shared)
    places = sorted({_position(v) for v in ours ^ theirs})
    differences = []
    for place in places:
        here = [" ".join(sorted(v for v in side if _position(v) == place)) or "as rCRS" for side in (ours, theirs)]
        differences.append(f"{place}: {here[0]} against {here[1]}")
    compared = tuple(f"{first}-{last}" for first, last in shared)
    return _concluded(LineageKind.MATERNAL, compared, differences, len(places), allowed_mutations)


def checked_y(haplotype: Haplotype) -> Haplotype:
    """A Y haplotype of which every allele is a number of repeats.

    Raises:
        BadProfile: one is not, or there is no locus.
    """
    for locus, alleles in haplotype.items():
        for allele in alleles:
            _repeats(allele, locus)
    if not any(haplotype.values()):
        raise BadProfile("a Y haplotype without a locus", next_step="leave it out")
    return haplotype


def rarity_of(
    evidence: AnyHaplotype, compared: Sequence[str], database: LineageDatabase, *, confidence: float = 0.95
) -> Rarity:
    """How often a haplotype occurs in a database, at what was compared.

    Entries that were not typed at all of it are counted neither as seen nor as searched.

    Args:
        evidence: Haplotype of the remains.
        compared: As `LineageComparison.compared`: loci, or ranges of mtDNA.

    Source: Roewer et al. 2020 and Parson et al. 2014, counting method.
    """
    count = size = 0
    for entry in database.haplotypes:
        if isinstance(evidence, MtSequence):
            if not isinstance(entry, MtSequence):
                raise BadQuestion(f"{database.name} holds no mtDNA", next_step="name a database of mtDNA sequences")
            ranges = MtSequence.of(compared).ranges
            if entry.covers(ranges):
                size += 1
                count += entry.variants_within(ranges) == evidence.variants_within(ranges)
            continue
        if isinstance(entry, MtSequence):
            raise BadQuestion(f"{database.name} holds no Y haplotypes", next_step="name a database of Y haplotypes")
        if all(entry.get(locus) for locus in compared):
            size += 1
            count += all(_steps(evidence[locus], entry[locus], locus) == 0 for locus in compared)
    return Rarity(database.name, count, size, tuple(compared), confidence)


def _within(searched: Sequence[str], compared: Sequence[str]) -> bool:
    if any(map(_RANGE.fullmatch, searched)):
        return MtSequence.of(compared).covers(MtSequence.of(searched).ranges)
    return set(searched) <= set(compared)


def _concluded(
    kind: LineageKind, compared: tuple[str, ...], differences: list[str], mutations: int, allowed: int
) -> LineageComparison:
    if not compared:
        verdict = LineageVerdict.NOT_COMPARABLE
    elif mutations == 0:
        verdict = LineageVerdict.MATCH
    else:
        verdict = LineageVerdict.MATCH_WITH_MUTATIONS if mutations <= allowed else LineageVerdict.EXCLUSION
    return LineageComparison(kind, verdict, compared, tuple(differences), mutations, allowed)


def _steps(one: Sequence[str], other: Sequence[str], locus: str) -> int | None:
    """Whole repeats between two sets of copies; None where steps cannot explain the difference."""
    ours, theirs = (sorted(_repeats(v, locus) for v in copies) for copies in (one, other))
    if locus in TWO_COPIES:
        ours, theirs = (copies * 2 if len(copies) == 1 else copies for copies in (ours, theirs))
    if len(ours) != len(theirs) or any((a - b) % 10 for a, b in zip(ours, theirs, strict=True)):
        return None
    return sum(abs(a - b) // 10 for a, b in zip(ours, theirs, strict=True))


def _repeats(allele: str, locus: str) -> int:
    """Repeats in tenths: "9.3" is 93."""
    found = _REPEATS.fullmatch(allele)
    if found is None:
        raise BadProfile(f"{locus}: allele {allele!r} is not a repeat number", next_step="check the typing")
    return int(found[1]) * 10 + int(found[2] or 0)


def _position(variant: str) -> int:
    found = re.match(r"[0-9]+", variant)
    assert found is not None
    return int(found[0])
