"""Sequence-based STR alleles: what a laboratory writes of one, which two are the same, and the length that it has.

Read are bracketed sequences (``[TCTA]1 [TCTG]3 [TCTA]12``; ``TCTA[1]TCTG[3]TCTA[12]``; ``TCTA(1)…``) and plain bases, with
the length allele before them (``CE16_…``, ``[CE 16]``, ``16 …``, ``16:…``) or not, and variants outside the repeats after
them (``_+3A>G``). Two such alleles are the same where their bases, their variants and, where both state it, their length
are: how the repeats are grouped says nothing. Short names (``16a``, LUS: ``16_12_3_1``) are a length with a label that
means something in one table of frequencies only. A plain number of repeats is a length allele.

Source: Parson et al. 2016, Forensic Sci Int Genet 22:54 (ISFG); Gettings et al. 2024, Forensic Sci Int Genet 68:102946
(ISFG); Hoogenboom et al. 2021, Forensic Sci Int Genet 52:102473 (STRNaming); Just, Irwin 2018, Forensic Sci Int Genet
34:197 (LUS).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

#: More bases than this are no allele that a kit types.
MOST_BASES = 2000
#: Longest unit that is repeated.
LONGEST_UNIT = 6
_LENGTH = r"[1-9][0-9]{0,2}(?:\.[1-9])?"
_PLAIN = re.compile(_LENGTH)
_SHORT = re.compile(rf"({_LENGTH})([a-z]{{1,2}}|(?:_[0-9]{{1,3}}){{1,4}})")
# As recommended in 2016 a name may begin with the locus and go on with the place on the reference:
# D13S317[CE 12]-Chr13-GRCh38 82148025-82148068. Neither is needed to compare.
_HEAD = re.compile(
    rf"(?:[A-Za-z0-9 ]{{1,20}}(?=\[CE))?(?:\[CE\s*({_LENGTH})\]|CE\s*({_LENGTH})|({_LENGTH})(?=[\s_:;]))[\s_:;-]*",
    re.IGNORECASE,
)
_PLACE = re.compile(r"Chr(?:[0-9]{1,2}|X|Y)[\s-]+GRCh3[78]\s+[0-9]+-[0-9]+\s*", re.IGNORECASE)
# A unit in brackets or followed by its number, N48 for bases that are not told, bare bases.
_BLOCK = re.compile(
    r"\s*(?:\[([ACGTN]+)\]\s*([0-9]{1,3})|(N)([0-9]{1,3})(?![0-9])|([ACGTN]+)(?:\[([0-9]{1,3})\]|\(([0-9]{1,3})\))?)",
    re.IGNORECASE,
)
_VARIANT = re.compile(r"_([+-]?[0-9]{1,3}(?:\.[0-9]{1,2})?[ACGT-]{1,50}>[ACGT-]{1,50})", re.IGNORECASE)
# The bases of a microhaplotype, divided by one sign.
_MICROHAPLOTYPE = re.compile(r"[ACGT](?:([|,;:/-])[ACGT])(?:\1[ACGT]){0,49}")


@dataclass(frozen=True)
class SequenceAllele:
    """One allele as it was sequenced, or under a short name.

    Args:
        length: The length allele, ``16`` or ``9.3``; empty where it is not stated.
        blocks: Repeat units with their number, in their order; none under a short name.
        variants: Differences from the reference outside the repeats.
        label: What a short name says beside the length.

    Example:
        >>> one = SequenceAllele.of("16 [TCTA]1 [TCTG]3 [TCTA]12")
        >>> other = SequenceAllele.of("CE16_TCTA[1]TCTG[1]TCTG[2]TCTA[12]")
        >>> one.is_same(other), one.text, one.length
        (True, 'CE16_TCTA[1]TCTG[3]TCTA[12]', '16')
    """

    length: str
    blocks: tuple[tuple[str, int], ...]
    variants: tuple[str, ...] = ()
    label: str = ""

    @classmethod
    def of(cls, text: str) -> SequenceAllele | None:
        """Read an allele; None where it is a length allele, or nothing that is known here."""
        return _read(text.strip())

    @property
    def bases(self) -> str:
        """The whole sequence; empty under a short name."""
        return "".join(unit * count for unit, count in self.blocks)

    @property
    def text(self) -> str:
        """The allele as it is written here: as STRNaming does; bases without a length stay bases."""
        if self.label:
            return self.length + self.label
        head = f"CE{self.length}_" if self.length else ""
        if not head and len(self.blocks) == 1 and self.blocks[0][1] == 1 and not self.variants:
            return self.blocks[0][0]
        body = "".join(f"{unit}[{count}]" for unit, count in self.blocks)
        return head + body + "".join(f"_{variant}" for variant in self.variants)

    def is_same(self, other: SequenceAllele) -> bool:
        """Whether two alleles are one, as far as both say: a length that only one states does not tell them apart."""
        lengths = not (self.length and other.length) or self.length == other.length
        return lengths and self._told == other._told

    def is_cut_from(self, other: SequenceAllele) -> bool:
        """Whether one is a part of the other although both have one length: they were read over different ranges."""
        return bool(
            self.length
            and self.length == other.length
            and self.bases
            and len(self.bases) != len(other.bases)
            and self.bases in other.bases
        )

    @property
    def _told(self) -> tuple[str, tuple[str, ...], str]:
        return self.bases, tuple(sorted(self.variants)), self.label


@lru_cache(maxsize=65_536)
def _read(text: str) -> SequenceAllele | None:
    if _PLAIN.fullmatch(text):
        return None
    if short := _SHORT.fullmatch(text):
        return SequenceAllele(short[1], (), label=short[2])
    head = _HEAD.match(text)
    length = next((part for part in head.groups() if part), "") if head else ""
    rest = text[head.end() :] if head else text
    if place := _PLACE.match(rest):
        rest = rest[place.end() :]
    blocks: list[tuple[str, int]] = []
    at, bases = 0, 0
    while found := _BLOCK.match(rest, at):
        unit = (found[1] or found[3] or found[5]).upper()
        count = int(found[2] or found[4] or found[6] or found[7] or 1)
        bases += len(unit) * count
        # TCTATCTG[3] is TCTA TCTG[3] that lost its first number: repeats of STRs have no such units.
        if not count or bases > MOST_BASES or (count > 1 and len(unit) > LONGEST_UNIT):
            return None
        is_bare = found[5] and not (found[6] or found[7])
        for one, times in _repeats_in(unit) if is_bare and length else [(unit, count)]:
            if blocks and blocks[-1][0] == one:
                times += blocks.pop()[1]
            blocks.append((one, times))
        at = found.end()
    variants = []
    while found := _VARIANT.match(rest, at):
        variants.append(found[1].upper())
        at = found.end()
    if not blocks or rest[at:].strip():
        return None
    return SequenceAllele(length, tuple(blocks), tuple(variants))


def _repeats_in(bases: str) -> list[tuple[str, int]]:
    """Bases as repeats, for the eye: from the left, the first unit of 4, 5, 3, 2 or 6 bases that follows itself."""
    found: list[tuple[str, int]] = []
    at = start = 0
    while at < len(bases):
        for size in (4, 5, 3, 2, 6):
            unit, times = bases[at : at + size], 1
            while bases.startswith(unit, at + size * times) and len(unit) == size:
                times += 1
            if times > 1:
                found += [(bases[start:at], 1)] if at > start else []
                found.append((unit, times))
                at = start = at + size * times
                break
        else:
            at += 1
    return [*found, (bases[start:], 1)] if start < len(bases) else found


def length_of(allele: str) -> str:
    """The length allele of an allele: its own text where it is one, empty where a sequence does not state it.

    Example:
        >>> length_of("CE9.3_AATG[6]ATG[1]AATG[3]"), length_of("9.3"), length_of("[AATG]6"), length_of("16b")
        ('9.3', '9.3', '', '16')
    """
    found = SequenceAllele.of(allele)
    return allele if found is None else found.length


def is_sequence(allele: str) -> bool:
    """Whether an allele says more than a length: repeats in brackets, or a short name; bare bases may be of a SNP."""
    found = SequenceAllele.of(allele)
    return found is not None and bool(found.length or found.label or "[" in found.text)


def in_one_spelling(allele: str) -> str:
    """An allele as it is written here: sequences as `SequenceAllele.text` says, microhaplotypes as bases alone.

    Example:
        >>> [in_one_spelling(text) for text in ("A|C|G", "16 [TCTA]16", "9.3", "16a")]
        ['ACG', 'CE16_TCTA[16]', '9.3', '16a']
    """
    if _MICROHAPLOTYPE.fullmatch(allele):
        return re.sub("[^ACGT]", "", allele)
    found = SequenceAllele.of(allele) if is_sequence(allele) else None
    return allele if found is None else found.text


def allele_order(allele: str) -> tuple[float, str]:
    """For sorting: lengths and sequences by their length, then bases and whatever else by letter.

    Example:
        >>> sorted(["CE16_TCTA[16]", "9.3", "A", "16", "[TCTA]9"], key=allele_order)
        ['9.3', '16', 'CE16_TCTA[16]', 'A', '[TCTA]9']
    """
    length = length_of(allele)
    return (float(length), allele) if _PLAIN.fullmatch(length) else (float("inf"), allele)
