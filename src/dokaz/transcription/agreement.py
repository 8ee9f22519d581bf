"""How well two people who read the same pages blind to each other agree, field by field, and what a third changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dokaz.transcription.alignment import ReadRow, RowPair, aligned_rows
from dokaz.transcription.edit_distance import edit_distance
from dokaz.transcription.marked_text import MarkedText


@dataclass(frozen=True, slots=True)
class SettledCells:
    """What the third person made of the cells that both read and they settled.

    Args:
        cells: How many there are.
        kept: Both had read it so, and the third too.
        took_first, took_second: The two differed, and the third took one's.
        neither: The two differed, and the third read something else.
        changed: The two agreed, and the third read something else.
        first_error_rate, second_error_rate: Character error rate of each against the third: Levenshtein distances over
            the characters of the third, both summed over cells; may exceed 1. None where the third read no character.
    """

    cells: int
    kept: int
    took_first: int
    took_second: int
    neither: int
    changed: int
    first_error_rate: float | None
    second_error_rate: float | None


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """Two readings of one field, over the rows that both have.

    Args:
        cells: How many both read.
        only_first, only_second: Cells of these rows that one of them alone read.
        equal: In how many they read the same characters, whatever the marks.
        equal_with_marks: In how many they typed the same marks, too.
        kappa: Cohen's κ, or None where it is undefined; ``kappa_undefined`` says why.
        character_error_rate: Levenshtein distances over the characters of the longer reading, both summed over cells:
            0 if all are equal, 1 if nothing is; the same whoever is first. None where nobody read a character.
    """

    field: str
    cells: int
    only_first: int
    only_second: int
    equal: int
    equal_with_marks: int
    kappa: float | None
    kappa_undefined: str
    character_error_rate: float | None
    settled: SettledCells | None = None

    @property
    def share_equal(self) -> float | None:
        """Of the cells that both read; None if there are none."""
        return self.equal / self.cells if self.cells else None


@dataclass(frozen=True, slots=True)
class ReadingAgreement:
    """Two readings compared: by field, and the rows that only one of them has, which no share counts."""

    fields: tuple[FieldAgreement, ...]
    rows_paired: int
    rows_only_first: int
    rows_only_second: int
    paired: str


def agreement(
    first: Sequence[ReadRow], second: Sequence[ReadRow], settled: Sequence[ReadRow] | None = None
) -> ReadingAgreement:
    """Compare two readings, and what a third person settled.

    Texts are compared in NFC, letter for letter: capitals, apostrophes and spaces count; an illegible character is □.
    """
    pairs, how = aligned_rows(first, second)
    both = [(one, other) for one, other in pairs if one and other]
    thirds = _beside(pairs, settled) if settled is not None else {}
    keys = dict.fromkeys(key for one, other in both for row in (one, other) for key in row.values)
    fields = []
    for key in keys:
        read = [(one.values[key], other.values[key], thirds.get(id(one))) for one, other in both
                if key in one.values and key in other.values]  # fmt: skip
        alone = [sum(key in pair[at].values and key not in pair[1 - at].values for pair in both) for at in (0, 1)]
        texts = [(a.unmarked, b.unmarked) for a, b, _ in read]
        kappa, why = cohens_kappa(texts)
        fields.append(
            FieldAgreement(
                key,
                len(read),
                alone[0],
                alone[1],
                sum(a == b for a, b in texts),
                sum(a == b for a, b, _ in read),
                kappa,
                why,
                _rate([(a, b, max(len(a), len(b))) for a, b in texts]),
                _settled([(a, b, row.values[key]) for a, b, row in read if row and key in row.values])
                if settled is not None
                else None,
            )
        )
    only = [sum(pair[at] is not None and pair[1 - at] is None for pair in pairs) for at in (0, 1)]
    return ReadingAgreement(tuple(fields), len(both), only[0], only[1], how)


def cohens_kappa(pairs: Sequence[tuple[str, str]]) -> tuple[float | None, str]:
    """Cohen's κ of two readers, and why it is undefined if it is.

    κ = (p − e) / (1 − e): p is the share of cells that they read alike; e is the share that they would read alike if each
    drew at random from what they themselves read in this field. Every text that occurs is a category, so the categories
    are those of these cells: where nearly every text is another, as with surnames, e is nearly 0 and κ nearly p.

    Source:
        Cohen 1960, equation 1.

    Example:
        >>> cohens_kappa([("1", "1"), ("1", "1"), ("2", "2"), ("2", "1")])
        (0.5, '')
        >>> cohens_kappa([("1", "1"), ("1", "1")])
        (None, 'both read one and the same text everywhere: nothing is left to chance')
    """
    count = len(pairs)
    if not count:
        return None, "no cell was read by both"
    ours, theirs = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    alike = sum(a == b for a, b in pairs)
    by_chance = sum(ours[text] * theirs[text] for text in ours)
    if by_chance == count * count:
        return None, "both read one and the same text everywhere: nothing is left to chance"
    return (alike * count - by_chance) / (count * count - by_chance), ""


def _beside(pairs: Sequence[RowPair], settled: Sequence[ReadRow]) -> dict[int, ReadRow]:
    """The third's row of each row of the first, by the identity of the first's."""
    matched, _ = aligned_rows([one for one, other in pairs if one and other], settled)
    return {id(one): third for one, third in matched if one and third}


def _settled(cells: Sequence[tuple[MarkedText, MarkedText, MarkedText]]) -> SettledCells:
    counts: Counter[str] = Counter()
    for first, second, third in cells:
        a, b, c = first.unmarked, second.unmarked, third.unmarked
        if a == b:
            counts["kept" if c == a else "changed"] += 1
        else:
            counts["first" if c == a else "second" if c == b else "neither"] += 1
    rates = [
        _rate([(own.unmarked, third.unmarked, len(third.unmarked)) for own, third in pairs])
        for pairs in ([(a, c) for a, _, c in cells], [(b, c) for _, b, c in cells])
    ]
    return SettledCells(
        len(cells), counts["kept"], counts["first"], counts["second"], counts["neither"], counts["changed"], *rates
    )


def _rate(cells: Sequence[tuple[str, str, int]]) -> float | None:
    characters = sum(length for _, _, length in cells)
    return sum(edit_distance(a, b) for a, b, _ in cells) / characters if characters else None
