"""Y haplotypes and mtDNA: evidence of a shared lineage, never multiplied over loci.

A lineage marker is inherited whole, so its loci are one observation: the strength of a match is how rare the whole
haplotype is, counted in a named database, with an upper confidence bound because most haplotypes are never seen there.
All members of a lineage match: it excludes well, and it identifies nobody on its own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product

import numpy as np

from dokaz.errors import BadQuestion
from dokaz.kinship.lineage import mtdna
from dokaz.kinship.lineage.mtdna import LENGTH_VARIANTS, MtSequence
from dokaz.kinship.lineage.y_str import Haplotype, copies_of, differences_of, steps_between


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
        disregarded: What differs or was not read and does not count, as a person reads it.
    """

    kind: LineageKind
    verdict: LineageVerdict
    compared: tuple[str, ...]
    differences: tuple[str, ...]
    mutations: int
    allowed_mutations: int
    disregarded: tuple[str, ...] = ()


@dataclass(frozen=True)
class LineageDatabase:
    """A reference database of whole haplotypes of one kind.

    Args:
        name: As cited, with its release or date.
        haplotypes: One entry a person: Y haplotypes, or mtDNA sequences.
        theta: Coancestry of lineages in the population, as the database states it.
    """

    name: str
    haplotypes: tuple[Haplotype, ...] | tuple[MtSequence, ...]
    theta: float = 0.0

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
        theta: As in `LineageDatabase`.
    """

    name: str
    answers: Mapping[str, tuple[tuple[tuple[str, ...], int, int], ...]]
    theta: float = 0.0

    def rarity(self, remains: str, compared: Sequence[str], *, confidence: float = 0.95) -> Rarity | None:
        """The answer over most of what was compared; None where more was searched than compared, or nothing was.

        A search over less than was compared finds the haplotype too often, so its bound holds; one over more does not.
        """
        best: tuple[int, Rarity] | None = None
        for searched, count, size in self.answers.get(remains, ()):
            if _within(searched, compared) and (best is None or len(searched) > best[0]):
                best = len(searched), Rarity(self.name, count, size, searched, confidence, self.theta)
        return best and best[1]


@dataclass(frozen=True)
class Rarity:
    """How rare a haplotype is.

    Args:
        database: Its name.
        count, size: Entries that equal the haplotype where it was counted, of those that were typed there.
        counted_over: Loci, or ranges of mtDNA.
        confidence: Of the upper bound, one-sided.
        theta: Coancestry of lineages, 0 to 1; 0 means that haplotypes of two lines are independent.
    """

    database: str
    count: int
    size: int
    counted_over: tuple[str, ...]
    confidence: float = 0.95
    theta: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.theta < 1:
            raise BadQuestion(f"theta {self.theta!r} of lineages", next_step="give a value from 0 to below 1")

    @property
    def frequency_upper(self) -> float:
        """Upper confidence bound of the haplotype's frequency; 1 where no entry was typed there."""
        return upper_frequency(self.count, self.size, self.confidence) if self.size else 1.0

    @property
    def match_probability(self) -> float:
        """Probability that somebody of another line shows the haplotype: theta + (1 − theta) times the upper bound.

        Source: Buckleton, Krawczak, Weir 2011, Forensic Sci Int Genet 5:78, equation 1.
        """
        return self.theta + (1 - self.theta) * self.frequency_upper

    @property
    def lr(self) -> float:
        """1 / match probability: the LR of a full match. It holds for every member of the line and enters no product."""
        return 1 / self.match_probability


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

    A difference of k whole repeats counts as k mutations, a copy that only one of them has (a duplication, a null allele)
    as one; a difference that is no whole number of repeats counts as more than any number allowed.

    Args:
        evidence, reference: Alleles by locus; loci typed in one only are left out and do not count.
        allowed_mutations: Exclusion needs more than this many.

    Raises:
        BadProfile: an allele that is neither a number of repeats nor null.

    Source: Roewer et al. 2020 (ISFG recommendations on Y-STR).

    Example:
        >>> compare_y({"DYS19": ("14",)}, {"DYS19": ("15",)}, allowed_mutations=1).verdict.value
        'match with mutations'
    """
    compared, differing = differences_of(evidence, reference)
    mutations = 0
    for _, steps in differing:
        mutations = max(mutations, allowed_mutations) + 1 if steps is None else mutations + steps
    return _concluded(LineageKind.PATERNAL, compared, [told for told, _ in differing], mutations, allowed_mutations)


def compare_mtdna(
    evidence: MtSequence,
    reference: MtSequence,
    *,
    allowed_mutations: int = 1,
    length_variants: Collection[int] = LENGTH_VARIANTS,
) -> LineageComparison:
    """Compare two mtDNA sequences where both were read, as the sequences that they are.

    Bases match where they have one in common; N is not read; a contiguous insertion or deletion is one mutation. How a
    sequence was written makes no difference. What is there in a part of the molecules only is read with and without.

    Args:
        allowed_mutations: Exclusion needs more differences than this.
        length_variants: Where length varies within a lineage and is disregarded; none of them to count it.

    Source: Parson et al. 2014 (ISFG recommendations on mtDNA); see docs/methods/lineage.md.

    Example:
        >>> one, other = MtSequence.of(["1-576", "146Y", "523-524del"]), MtSequence.of(["1-576", "146C", "309.1C"])
        >>> found = compare_mtdna(one, other)
        >>> found.mutations, found.differences, found.disregarded
        (1, ('523-524: 523DEL 524DEL against as rCRS',), ('length at 309: 7 against 8',))
    """
    shared = evidence.shared_with(reference)
    if not mtdna.is_read_of_both(evidence, reference, shared):
        shared = []
    pairs = [
        (mtdna.sequence_differences(one, other, shared, length_variants), one, other)
        for one, other in product(evidence.readings, reference.readings)
    ]
    differences, one, other = min(pairs, key=lambda pair: len(pair[0]))
    partial = dict.fromkeys((*evidence.partial, *reference.partial))
    return _concluded(
        LineageKind.MATERNAL,
        tuple(f"{first}-{last}" for first, last in shared),
        differences,
        len(differences),
        allowed_mutations,
        (
            *(f"{base}: read with and without" for base in partial),
            *mtdna.disregarded(one, other, shared, length_variants),
        ),
    )


def rarity_of(
    evidence: AnyHaplotype,
    compared: Sequence[str],
    database: LineageDatabase,
    *,
    confidence: float = 0.95,
    length_variants: Collection[int] = LENGTH_VARIANTS,
) -> Rarity:
    """How often a haplotype occurs in a database, at what was compared, matching as in a comparison.

    Entries that were not typed at all of it are counted neither as seen nor as searched.

    Args:
        evidence: Haplotype of the remains.
        compared: As `LineageComparison.compared`: loci, or ranges of mtDNA.
        length_variants: As in `compare_mtdna`.

    Source: Roewer et al. 2020 and Parson et al. 2014, counting method.
    """
    count = size = 0
    if isinstance(evidence, MtSequence):
        ranges = MtSequence.of(compared).ranges
        entries: Counter[MtSequence] = Counter()
        for entry in database.haplotypes:
            if not isinstance(entry, MtSequence):
                raise BadQuestion(f"{database.name} holds no mtDNA", next_step="name a database of mtDNA sequences")
            entries[entry] += 1
        for sequence, times in entries.items():
            if sequence.covers(ranges):
                size += times
                count += times * any(
                    mtdna.is_compatible(one, other, ranges, length_variants)
                    for one, other in product(evidence.readings, sequence.readings)
                )
        return Rarity(database.name, count, size, tuple(compared), confidence, database.theta)
    for entry in database.haplotypes:
        if isinstance(entry, MtSequence):
            raise BadQuestion(f"{database.name} holds no Y haplotypes", next_step="name a database of Y haplotypes")
        if all(entry.get(locus) for locus in compared):
            size += 1
            count += all(
                steps_between(copies_of(evidence[locus], locus), copies_of(entry[locus], locus)) == 0
                for locus in compared
            )
    return Rarity(database.name, count, size, tuple(compared), confidence, database.theta)


def _within(searched: Sequence[str], compared: Sequence[str]) -> bool:
    if any(map(mtdna.is_range, searched)):
        return MtSequence.of(compared).covers(MtSequence.of(searched).ranges)
    return set(searched) <= set(compared)


def _concluded(
    kind: LineageKind,
    compared: tuple[str, ...],
    differences: list[str],
    mutations: int,
    allowed: int,
    disregarded: tuple[str, ...] = (),
) -> LineageComparison:
    if not compared:
        verdict = LineageVerdict.NOT_COMPARABLE
    elif mutations == 0:
        verdict = LineageVerdict.MATCH
    else:
        verdict = LineageVerdict.MATCH_WITH_MUTATIONS if mutations <= allowed else LineageVerdict.EXCLUSION
    return LineageComparison(kind, verdict, compared, tuple(differences), mutations, allowed, disregarded)
