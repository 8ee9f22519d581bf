"""Remains compared with the paternal and maternal lines of families, through any typed relative of the line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dokaz.errors import BadQuestion
from dokaz.kinship.haplotypes import (
    AnyHaplotype,
    DatabaseSearch,
    LineageComparison,
    LineageDatabase,
    LineageKind,
    LineageVerdict,
    Rarity,
    compare_mtdna,
    compare_y,
    rarity_of,
)
from dokaz.kinship.lineage.mtdna import LENGTH_VARIANTS, MtSequence
from dokaz.kinship.model.pedigree import Pedigree, Sex

#: More mutations than this exclude, unless the question says otherwise.
ALLOWED = {LineageKind.PATERNAL: 2, LineageKind.MATERNAL: 1}


@dataclass(frozen=True)
class LineFamily:
    """A family with its missing persons and the haplotypes of its relatives, of one kind, by id."""

    name: str
    pedigree: Pedigree
    missing: tuple[str, ...]
    haplotypes: Mapping[str, AnyHaplotype]


@dataclass(frozen=True)
class LineMatch:
    """One haplotype of remains against one relative of a missing person's line.

    Args:
        remains, family, missing, relative: Ids.
        meioses: Between the missing person and the relative, along the line.
        comparison: What the two haplotypes say.
        rarity: Of the remains' haplotype, where it matches, with or without mutations, and a database knows of it.
    """

    remains: str
    family: str
    missing: str
    relative: str
    meioses: int
    comparison: LineageComparison
    rarity: Rarity | None

    @property
    def lr(self) -> float | None:
        """LR of the same line against no relation: 0 for an exclusion, 1 / upper bound for a full match, else None.

        A match with mutations has none: it would need the probability of those mutations over these meioses. No LR of
        a line is ever multiplied with another number here.
        """
        if self.comparison.verdict is LineageVerdict.EXCLUSION:
            return 0.0
        return self.rarity.lr if self.rarity and self.comparison.verdict is LineageVerdict.MATCH else None


def in_line(pedigree: Pedigree, person: str, kind: LineageKind) -> dict[str, int]:
    """Who shares a person's line, by the pedigree alone, with the meioses between the two.

    Sons have their father's Y, all children their mother's mtDNA; identical twins have both alike. A woman has no
    paternal line; somebody of unknown sex may have one.

    Example:
        >>> family = Pedigree.of(son=("father", "mother"), uncle=("old", None), father=("old", None), old=(None, None),
        ...     mother=(None, None))
        >>> in_line(family, "son", LineageKind.PATERNAL)
        {'son': 0, 'uncle': 3, 'father': 1, 'old': 2}
        >>> in_line(family, "son", LineageKind.MATERNAL)
        {'son': 0, 'mother': 1}
    """
    own = _upwards(pedigree, person, kind)
    found = {}
    for other in pedigree.ids:
        if kind is LineageKind.PATERNAL and Sex.FEMALE in (pedigree.sex_of(person), pedigree.sex_of(other)):
            continue
        theirs = _upwards(pedigree, other, kind)
        if own[-1] == theirs[-1]:
            common = next(ancestor for ancestor in own if ancestor in theirs)
            found[other] = own.index(common) + theirs.index(common)
    return found


def _upwards(pedigree: Pedigree, person: str, kind: LineageKind) -> list[str]:
    """The person and all ancestors of the line; identical twins are one person."""
    line: list[str] = []
    at: str | None = person
    while at is not None:
        line.append(min([at, *(twin for twins in pedigree.identical_twins if at in twins for twin in twins)]))
        at = pedigree[at].father if kind is LineageKind.PATERNAL else pedigree[at].mother
    return line


def compare_lines(
    remains: Mapping[str, AnyHaplotype],
    families: Sequence[LineFamily],
    *,
    database: LineageDatabase | DatabaseSearch | None = None,
    allowed_mutations: int | None = None,
    confidence: float = 0.95,
    length_variants: Collection[int] = LENGTH_VARIANTS,
    is_paired: Callable[[str, str], bool] = lambda one, missing: True,
) -> Iterator[LineMatch]:
    """Compare remains with every typed relative who shares a missing person's line.

    Args:
        remains: Haplotypes by id, all of one kind, as those of the families.
        database: Where the haplotypes of remains that match are counted, or what it answered to a search of them.
        allowed_mutations: Exclusion needs more than this many; None: `ALLOWED`.
        length_variants: Of mtDNA, where length is disregarded; none of them to count it.
        is_paired: Which remains are compared with which missing person.

    Raises:
        BadProfile: an allele that is not a number of repeats.
        BadQuestion: haplotypes of two kinds, a database of another kind, a confidence outside 0 to 1.
    """
    counted: dict[tuple[str, tuple[str, ...]], Rarity | None] = {}
    everything = [*remains.values(), *(h for family in families for h in family.haplotypes.values())]
    kind = LineageKind.MATERNAL if any(isinstance(h, MtSequence) for h in everything) else LineageKind.PATERNAL
    allowed = ALLOWED[kind] if allowed_mutations is None else allowed_mutations
    lines = [
        (family, missing, relative, meioses)
        for family in families
        for missing in family.missing
        for relative, meioses in in_line(family.pedigree, missing, kind).items()
        if relative != missing and relative in family.haplotypes
    ]
    for one, ours in remains.items():
        for family, missing, relative, meioses in lines:
            if not is_paired(one, missing):
                continue
            found = _compared(ours, family.haplotypes[relative], allowed, length_variants)
            rarity = None
            if database and found.verdict in (LineageVerdict.MATCH, LineageVerdict.MATCH_WITH_MUTATIONS):
                key = (one, found.compared)
                if key not in counted:
                    counted[key] = (
                        database.rarity(one, found.compared, confidence=confidence)
                        if isinstance(database, DatabaseSearch)
                        else rarity_of(
                            ours, found.compared, database, confidence=confidence, length_variants=length_variants
                        )
                    )
                rarity = counted[key]
            yield LineMatch(one, family.name, missing, relative, meioses, found, rarity)


def _compared(
    ours: AnyHaplotype, theirs: AnyHaplotype, allowed: int, length_variants: Collection[int]
) -> LineageComparison:
    if isinstance(ours, MtSequence) and isinstance(theirs, MtSequence):
        return compare_mtdna(ours, theirs, allowed_mutations=allowed, length_variants=length_variants)
    if isinstance(ours, MtSequence) or isinstance(theirs, MtSequence):
        raise BadQuestion("a Y haplotype and mtDNA cannot be compared", next_step="compare one kind at a time")
    return compare_y(ours, theirs, allowed_mutations=allowed)
