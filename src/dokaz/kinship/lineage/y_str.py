"""Mutation steps between two Y-STR haplotypes, locus by locus.

The alleles of a locus are copies without an order. "0" or "null" is a null allele: the locus was typed and shows no
product; a locus without alleles was not typed.

Sources: Gusmão et al. 2006, Forensic Sci Int 157:187 (nomenclature; DYS389II
contains DYS389I); Roewer et al. 2020, Forensic Sci Int Genet 48:102308.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

from dokaz.errors import BadProfile
from dokaz.kinship.model.marker_table import known_markers

#: Alleles of each Y locus; several where the locus is duplicated (DYS385).
Haplotype = Mapping[str, Sequence[str]]

#: How many copies every man has of the loci that lie on the chromosome more than once.
COPIES = {m.name: n for m in known_markers().values() if (n := sum(c[-1] in "abcd" for c in m.copies)) > 1}
#: How a null allele is written.
NULL = frozenset({"0", "null"})

_REPEATS = re.compile(r"([0-9]{1,3})(?:\.([0-9]))?")
#: DYS389II is DYS389I and at least so many repeats more: fewer were written without DYS389I.
_LEAST_REMAINDER = 9
_CONTAINED, _CONTAINING = "DYS389I", "DYS389II"


def checked_y(haplotype: Haplotype) -> Haplotype:
    """A Y haplotype of which every allele is a number of repeats or a null allele.

    Raises:
        BadProfile: one is not, DYS389II does not contain DYS389I, or there is no locus.
    """
    for locus, alleles in haplotype.items():
        copies_of(alleles, locus)
    if not any(haplotype.values()):
        raise BadProfile("a Y haplotype without a locus", next_step="leave it out")
    remainder = _remainder(haplotype)
    if remainder is not None and remainder < 10 * _LEAST_REMAINDER:
        raise BadProfile(
            f"DYS389II {haplotype[_CONTAINING][0]} does not contain DYS389I {haplotype[_CONTAINED][0]}",
            next_step="write DYS389II with the repeats of DYS389I, as in 13 and 29",
        )
    return haplotype


def copies_of(alleles: Sequence[str], locus: str) -> tuple[int, ...]:
    """Repeats of each copy in tenths, rising; a null allele is a copy that is missing.

    Raises:
        BadProfile: an allele that is neither a number of repeats nor null.

    Example:
        >>> copies_of(("11",), "DYS385"), copies_of(("14", "9.3"), "DYS19"), copies_of(("0",), "DYS448")
        ((110, 110), (93, 140), ())
    """
    seen = [allele for allele in alleles if allele.casefold() not in NULL]
    found = sorted(_repeats(allele, locus) for allele in seen)
    if COPIES.get(locus) == 2 and len(found) == 1 and len(seen) == len(alleles):
        found *= 2
    return tuple(found)


def differences_of(ours: Haplotype, theirs: Haplotype) -> tuple[tuple[str, ...], list[tuple[str, int | None]]]:
    """Loci typed in both, and each that differs: in words, with its mutations, None where no steps explain it.

    Where both have one allele of DYS389I and of DYS389II, the latter is compared without the former, so one mutation in
    the part that they share is counted once.

    Raises:
        BadProfile: an allele that is neither a number of repeats nor null.

    Example:
        >>> differences_of({"DYS389I": ("13",), "DYS389II": ("29",)}, {"DYS389I": ("14",), "DYS389II": ("30",)})
        (('DYS389I', 'DYS389II'), [('DYS389I: 13 against 14', 1)])
    """
    compared = tuple(locus for locus in ours if ours[locus] and theirs.get(locus))
    a, b = _remainder(ours), _remainder(theirs)
    found: list[tuple[str, int | None]] = []
    for locus in compared:
        one, other = copies_of(ours[locus], locus), copies_of(theirs[locus], locus)
        told = f"{locus}: {'/'.join(ours[locus])} against {'/'.join(theirs[locus])}"
        if locus == _CONTAINING and a is not None and b is not None:
            one, other = (a,), (b,)
            told = f"DYS389II without DYS389I: {a / 10:g} against {b / 10:g}"
        if min(len(one), len(other)) < (COPIES.get(locus) or 0):
            # Of four copies fewer are seen where several are alike; nobody knows which.
            one, other = tuple(sorted(set(one))), tuple(sorted(set(other)))
        steps = steps_between(one, other)
        if steps != 0:
            found.append((told, steps))
    return compared, found


def steps_between(one: Sequence[int], other: Sequence[int]) -> int | None:
    """Mutations between two sets of copies: a whole repeat each, and one for each copy that one of them has more.

    Returns: None where a part of a repeat differs, which no number of steps explains.

    Example:
        >>> steps_between((110, 140), (110, 160)), steps_between((140,), (140, 150)), steps_between((140,), (142,))
        (2, 1, None)
    """
    few, many = sorted((list(one), list(other)), key=len)
    mutations = len(many) - len(few)
    for part in {repeats % 10 for repeats in few}:
        # Only copies with the same part of a repeat can be whole repeats apart; rising order pairs them best.
        ours, theirs = (sorted(r for r in copies if r % 10 == part) for copies in (few, many))
        if len(ours) > len(theirs):
            return None
        mutations += min(
            sum(abs(a - b) // 10 for a, b in zip(ours, chosen, strict=True))
            for chosen in combinations(theirs, len(ours))
        )
    return mutations


def _remainder(haplotype: Haplotype) -> int | None:
    """DYS389II without DYS389I, in tenths of a repeat; None where one is not typed, null or duplicated."""
    whole, part = (copies_of(haplotype.get(locus, ()), locus) for locus in (_CONTAINING, _CONTAINED))
    return whole[0] - part[0] if len(whole) == len(part) == 1 else None


def _repeats(allele: str, locus: str) -> int:
    """Repeats in tenths: "9.3" is 93."""
    found = _REPEATS.fullmatch(allele)
    if found is None:
        raise BadProfile(f"{locus}: allele {allele!r} is not a repeat number", next_step="check the typing")
    return int(found[1]) * 10 + int(found[2] or 0)
